"""Attacks in every place of a problem set, played through: nothing on any page of it runs, loads or redirects."""

import json
import logging
from html import escape
from types import SimpleNamespace

import pytest

from adaptive_xblocks.demo.player import right_responses, wrong_responses
from adaptive_xblocks.problem_set_run import Run
from adaptive_xblocks.tutoring.history import Choice
from adaptive_xblocks.tutoring.parser import parse_document
from adaptive_xblocks.tutoring.practising import serve
from tests.blocks.conftest import post
from tests.fuzz.hostile_pages import HINTS, faulty_parts, places, problem_set, structured
from tests.fuzz.page_dangers import dangers_of
from tests.tutoring.xss_vectors import ALL

TOGETHER = HINTS  # attacks in one lesson
GROUPS = [ALL[at:at + TOGETHER] for at in range(0, len(ALL), TOGETHER)]


@pytest.fixture(autouse=True)
def _quiet(caplog):
    caplog.set_level(logging.ERROR)


def html_of(reply):
    """The page part in a handler's reply; it must have worked."""
    assert reply.status_code == 200, reply.content[:300]
    return reply.json()["html"]


def everything_said(player, vector):
    """Every page and part that a learner meets on the way through the item."""
    block = player.block
    yield block.student_view(None).content
    step = {"serving": 1, "step": "s"}
    for _piece in range(TOGETHER + 2):
        yield html_of(post(player, "hint", {**step, "confirm": True}))
    wrong = next(handle for handle, shown in enumerate_options(player) if "wrong" in shown)
    right = next(handle for handle, shown in enumerate_options(player) if "right" in shown)
    for number, responses in enumerate((
        {"c": wrong, "t": vector}, {"c": wrong, "t": vector}, {"c": right, "t": ""}, {"c": right, "t": vector or "a"},
    )):
        yield html_of(post(player, "answer", {**step, "submission": f"submission-{number}", "responses": responses}))
    yield html_of(post(player, "record", {}))
    yield html_of(post(player, "record_reset", {"scope": "course"}))
    yield html_of(post(player, "next", {"serving": 1}))


def enumerate_options(player):
    """The options of the item in hand, by handle."""
    from adaptive_xblocks.tutoring.answers import answer_type

    choice = player.step.input("c")
    return [(one["handle"], one["html"]) for one in answer_type("choice").view(choice.spec, player.variant)["options"]]


@pytest.mark.parametrize("vectors", GROUPS, ids=range(len(GROUPS)))
def test_no_page_of_a_lesson_runs_what_an_author_or_a_learner_wrote(play, vectors):
    """Markup, text, values and answers, in titles, prompts, options, help, feedback and settings."""
    player = play(problem_set(places("", *vectors), vectors[0]))
    player.open()
    assert player.practice.item == "i"
    for html in everything_said(player, " ".join(vectors)):
        assert dangers_of(html, player.block.prefix) == []


PRESETS = ('policy="accelerate"', 'policy="choice" progress="pictures" pause="1"')
SOME = [ALL[at:at + 4] for at in range(0, len(ALL), 4)]


@pytest.mark.parametrize(("vectors", "settings"), [
    *((vectors, "") for vectors in SOME), *((SOME[0], settings) for settings in PRESETS)])
def test_no_answer_of_parts_runs_what_an_author_or_a_learner_wrote(play, vectors, settings):
    """Options, lines, sides, groups, what is said of them, forgiven spellings, units, maths read back: in every state
    of a step, in every preset that shows more, beside what was typed."""
    parts = places("", "x") + structured("", " ".join(vectors))
    player = play(f'<adaptive_problem_set schema="1" {settings}>{parts}</adaptive_problem_set>')
    player.open()
    block = player.block
    item = block.document.items.get("p")
    assert item, [str(fault.problem) for fault in block.document.errors]
    rule = "probe" if "accelerate" in settings else "x"
    block.practice = serve(block.practice, item, 7, Choice("p", "k", rule, {}, (("i", "", 0.0),), 1.0), "x")
    block.save()
    for html in _every_state(player, "".join(vectors)[:480]):
        assert dangers_of(html, player.block.prefix) == []


def _every_state(player, vector):
    """The page of each step of the item before and after something typed, a wrong and a right answer."""
    yield player.block.student_view(None).content
    for step in player.variant.item.steps:
        responses = [{"c": vector}, right_responses(player.variant, step)]
        for rule in step.wrongs[:1]:
            mistake = wrong_responses(player.variant, step, rule.misconception) if rule.misconception else None
            responses[1:1] = [mistake] if mistake else []
        for typed in responses:
            reply = player.answer(typed)
            yield reply["html"]
            yield f"<p>{escape(reply['announce'])}</p>"
            if player.step != step:
                break
        assert player.step != step
    yield player.block.student_view(None).content


def test_the_link_to_a_person_is_an_address_or_none():
    """Whatever an author gives as the way to reach a person, it leads to a page or a mailbox."""
    for vector in [*ALL, "https://x", "mailto:a@b", "/help"]:
        block = SimpleNamespace(translate=str, runtime=SimpleNamespace(service=lambda *_: None))
        run = SimpleNamespace(block=block, document=parse_document(problem_set("", vector)))
        person = Run.person(run)
        if person:
            assert dangers_of(f'<a href="{escape(person["href"])}">x</a>', "ax") == []
            assert person["href"].startswith(("https://", "http://", "mailto:", "/"))


@pytest.mark.parametrize("vectors", GROUPS, ids=range(len(GROUPS)))
def test_no_page_for_staff_runs_what_the_faults_quote(play, vectors):
    """Faults, left-out problems and the Source editor show an attack as the text it is."""
    vector = "".join(vectors)
    faulty = "".join(map(faulty_parts, vectors))
    player = play(problem_set(places("", *vectors) + faulty, vectors[-1]), student="staff")
    block = player.block
    assert dangers_of(block.student_view(None).content, block.prefix) == []
    assert dangers_of(block.studio_view(None).content, block.prefix) == []
    reply = post(player, "save_source", {"content": vector, "settings": {"display_name": vector, "weight": vector}})
    assert reply.status_code == 200
    assert dangers_of(player.block.studio_view(None).content, block.prefix) == []
    assert "</script" not in json.dumps(player.block.studio_view(None).json_init_args)


@pytest.mark.parametrize(("html", "dangers"), [
    ("<script>1</script>", 1), ("<p onclick=x>a</p>", 1), ("<p id=body>a</p>", 1), ("<img src='data:x'>", 1),
    ("<form action=x></form>", 2), ("<svg onload=1></svg>", 2), ("<p style='color:red'>a</p>", 1),
    ("<a href=' \x01java\tscript:1'>a</a>", 1), ("<a href='java script:1'>a</a>", 0),
    ("<p>alert(1) &lt;script&gt; javascript:</p><a href='https://x'>a</a><p id=ax-1>b</p>", 0), ("<!-- a -->", 1),
])  # fmt: skip
def test_the_check_sees_what_is_dangerous(html, dangers):
    """Elements, handlers, styles, foreign ids and addresses are found; words are harmless."""
    assert len(dangers_of(html, "ax")) == dangers
