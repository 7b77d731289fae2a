"""Nothing is in a learner's page or in a reply before it is earned: answer keys, hints, solutions, rules for mistakes.

Two proofs over every item of the topic. A *twin* of the topic has other answers, hints, solutions and rules under the
same problems: as long as nothing is earned its pages must be the same to the byte. And no sentence that has to be
earned is found in a page as text.
"""

from __future__ import annotations

import html
import json
import re
from importlib.resources import files

import pytest
from lxml import etree
from workbench.scenarios import add_xml_scenario, get_scenarios, remove_scenario

from adaptive_xblocks.demo.player import Player, right_responses
from adaptive_xblocks.evidence_log import EvidenceLog
from adaptive_xblocks.problem_set import AdaptiveProblemSetBlock
from adaptive_xblocks.tutoring.history import Choice
from adaptive_xblocks.tutoring.parser import load
from adaptive_xblocks.tutoring.practice import Practice
from adaptive_xblocks.tutoring.practising import serve
from adaptive_xblocks.tutoring.rich_text import plain_text
from tests.content.playing import PACKAGE

TOPIC = (PACKAGE / "workbench_scenarios" / "adding_fractions.xml").read_text(encoding="utf-8")
ITEMS = tuple(load(TOPIC).items)
NOBODY_ANSWERS_THIS = ("7919/7907", "1/7901")
MARKS = re.compile(r"\bcorrect\b|misconception|tolerance|data-(answer|key|right)|bottom_out|remediation|matcher")
HANDLERS = sorted(
    name for name in dir(AdaptiveProblemSetBlock)
    if getattr(getattr(AdaptiveProblemSetBlock, name), "_is_xblock_handler", False)
)


def twin(topic: str, n_hints_kept: int) -> str:
    """The topic with everything that has to be earned replaced, but the first hints of each step."""
    root = etree.fromstring(topic.encode())
    for step in root.iter("step"):
        for answer in step.iter("numeric"):
            answer.set("answer", "424242")
        for answer in step.iter("text"):
            answer.set("answer", "something else entirely")
        for wrong in step.findall("wrong"):
            step.remove(wrong)
        for options in step.iter("choice"):
            _move_right_option(options)
        for hint in step.findall("hint")[n_hints_kept:]:
            _reword(hint)
    for solution in root.iter("solution"):
        _reword(solution)
    return etree.tostring(root, encoding="unicode")


def _move_right_option(options: etree._Element) -> None:
    right = next(option for option in options if option.get("correct") == "true")
    other = next(option for option in options if option is not right)
    del right.attrib["correct"]
    other.set("correct", "true")
    for option in options:
        option.attrib.pop("misconception", None)
        for say in option.findall("say"):
            option.text = (option.text or "") + (say.tail or "").strip()
            option.remove(say)


def _reword(element: etree._Element) -> None:
    for child in list(element):
        element.remove(child)
    element.text = "These are other words."


class Site:
    """A scenario in the workbench, with a learner for each item."""

    def __init__(self, client, name: str, topic: str, learner: str) -> None:
        add_xml_scenario(name, name, topic)
        self.client, self.name, self.learner, self.player = client, name, learner, Player(client, name, learner)
        self.document = self.player.block.document
        assert tuple(self.document.items) == ITEMS, [fault.problem for fault in self.document.errors]

    def put_in_hand(self, item_id: str) -> None:
        """Serve an item to a learner who never did anything else."""
        self.player = Player(self.client, self.name, f"{self.learner}-{item_id}")
        item = self.document.items[item_id]
        choice = Choice(item_id, item.skills[0] if item.skills else None)
        block = self.player.block
        block.practice, block.evidence_log = serve(Practice(), item, 7, choice, "adaptive"), EvidenceLog()
        block.save()

    def page(self) -> str:
        """The whole page of the learner."""
        query = {"student": self.player.student_id}
        return self.client.get(f"/learn/{self.name}/", query).content.decode()

    def seen(self) -> str:
        """Page and state, as far as two scenarios can be alike: without their names."""
        return self.nameless(self.page() + json.dumps(self.player.send("state")))

    def nameless(self, text: str) -> str:
        """Text without what tells two scenarios apart: their ids, and tokens."""
        text = text.replace(self.player.block.prefix, "PREFIX").replace(self.player.usage_id, "USAGE")
        text = re.sub(r'"token": "[^"]*"', '"token": ""', text.replace(self.name, "NAME"))
        return re.sub(r'data-request-token="[^"]*"|xblock-\w{32}', "", text)


@pytest.fixture
def site(client, learner):
    """`site(name, topic)`: a scenario; removed after the test."""
    names = []

    def site(name: str, topic: str) -> Site:
        names.append(name)
        return Site(client, name, topic, learner)

    yield site
    for name in names:
        remove_scenario(name)


def to_earn(document, variant) -> list[str]:
    """Every sentence about an item that has to be earned, as plain text."""
    item = variant.item
    texts = [item.solution] if item.solution else []
    for step in item.steps:
        texts += [piece.text for piece in step.help] + [rule.say for rule in step.wrongs if rule.say]
    texts += [say.text for one in document.misconceptions.values() for say in one.says]
    return [readable(variant.text(text)) for text in texts]


def readable(source: str) -> str:
    """HTML as words, one space between them."""
    return " ".join(plain_text(source).split())


def test_pages_do_not_depend_on_what_is_to_be_earned(site):
    """For every item: page and state are the same bytes whatever the key, the hints, the rules and the solution are."""
    topic, other = site("leaks-topic", TOPIC), site("leaks-twin", twin(TOPIC, n_hints_kept=0))
    for item in ITEMS:
        topic.put_in_hand(item), other.put_in_hand(item)
        assert topic.seen() == other.seen(), item


def test_a_wrong_answer_and_a_hint_tell_no_more_than_they_should(site):
    """For every item: after a strange answer and the first hint the replies of topic and twin are the same bytes."""
    topic, other = site("leaks-topic", TOPIC), site("leaks-twin", twin(TOPIC, n_hints_kept=1))
    for item in ITEMS:
        replies = []
        for one in (topic, other):
            one.put_in_hand(item)
            step = one.player.step
            answers = []
            if all(part.type == "numeric" for part in step.inputs):
                strange = {part.id: text for part, text in zip(step.inputs, NOBODY_ANSWERS_THIS)}
                answers.append(one.player.answer(strange))
            replies.append(one.nameless(json.dumps([answers, one.player.hint(), one.page()])))
        assert _settled(replies[0]) == _settled(replies[1]), item


def _settled(reply: str) -> str:
    """Without the submission's own id, which is drawn anew for each."""
    return re.sub(r'\{"id": "\w{32}", "token": ""\}', "{}", reply)


def test_no_sentence_is_told_early(site):
    """For every item: no hint, solution or message for a mistake is in the page, nor a mark of what is right."""
    topic = site("leaks-topic", TOPIC)
    for item in ITEMS:
        topic.put_in_hand(item)
        source = topic.page() + topic.player.send("state")["html"]
        words = readable(html.unescape(source))
        early = [sentence for sentence in to_earn(topic.document, topic.player.variant) if sentence in words]
        assert not early, (item, early)
        assert not MARKS.search(source), (item, MARKS.search(source))


def test_a_solved_problem_keeps_its_unseen_hints(site):
    """For every item: once it is solved its solution is there, but none of the hints that nobody asked for."""
    topic = site("leaks-topic", TOPIC)
    for item in ITEMS:
        topic.put_in_hand(item)
        variant = topic.player.variant
        while (step := topic.player.step) is not None:
            topic.player.answer(right_responses(variant, step))
        words = readable(html.unescape(topic.page()))
        hints = [readable(variant.text(piece.text)) for step in variant.item.steps for piece in step.help]
        solution = readable(variant.text(variant.item.solution))
        assert solution in words, item
        assert not [hint for hint in hints if hint in words.replace(solution, "")], item


@pytest.mark.parametrize("handler", HANDLERS)
def test_no_handler_tells_a_learner_more(site, handler):
    """No handler, called by a learner with nothing or with nonsense, answers with anything that has to be earned."""
    topic = site("leaks-topic", TOPIC)
    topic.put_in_hand("meaning-tiles")
    for body in ({}, {"serving": 1, "step": "blue", "confirm": True, "content": TOPIC[:200]}):
        reply = topic.client.post(
            f"/handler/{topic.player.usage_id}/{handler}/?student={topic.player.student_id}", json.dumps(body),
            "application/json")
        shown = topic.player.practice.step("blue").shown
        step = topic.player.variant.item.steps[0]
        earned = {readable(topic.player.variant.text(piece.text)) for piece in step.help if piece.id in shown}
        words = readable(html.unescape(json.dumps(reply.content.decode(), ensure_ascii=False)))
        early = [one for one in to_earn(topic.document, topic.player.variant) if one in words and one not in earned]
        assert not early and 'correct="true"' not in reply.content.decode()


def test_only_the_public_folder_is_served(client, workbench):
    """Scripts and styles are reachable as resources; templates, scenarios, content and code are not."""
    served = "/resource/adaptive_problem_set/"
    assert client.get(served + "public/css/adaptive_xblocks.css").status_code == 200
    package = files("adaptive_xblocks")
    folders = ("templates", "workbench_scenarios", "translations")
    inside = [path for folder in folders for path in _below(package, folder)]
    for path in (*inside, "problem_set.py", "static/public/css/adaptive_xblocks.css"):
        for start in ("", "public/../", "public/../../", "static/../", "public/..%2f..%2f", "../"):
            response = client.get(served + start + path)
            assert response.status_code in (400, 403, 404), start + path


def _below(package, folder: str) -> list[str]:
    root = package / folder
    return [f"{folder}/{path.relative_to(root)}" for path in root.rglob("*") if path.is_file()]


def test_the_part_for_staff_is_for_staff(client, workbench, learner):
    """Learners and visitors get no staff part; staff do."""
    scenario = next(name for name in get_scenarios() if name.startswith("adaptive_problem_set."))
    pages = {who: client.get(f"/learn/{scenario}/", {"student": who}).content.decode()
             for who in (learner, "anonymous", "staff")}
    assert {who: "ax-staff" in page for who, page in pages.items()} == {
        learner: False, "anonymous": False, "staff": True}
