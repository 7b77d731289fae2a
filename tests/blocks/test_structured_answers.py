"""Answers of several parts on the page that the server renders: what they show, and what they must not."""

import re

import pytest

from adaptive_xblocks.demo.player import right_responses
from adaptive_xblocks.tutoring.answers import answer_type
from tests.blocks.conftest import post
from tests.fuzz.page_dangers import dangers_of
from tests.tutoring.xss_vectors import ALL, as_text, as_xml

SET = """<adaptive_problem_set><skill id="s" name="S"/><misconception id="m" name="M" skills="s"><say>LADDER</say>
</misconception><item id="i" title="T"><step id="s" skills="s"><prompt>P</prompt>{answer}<hint>h</hint>
<hint bottom_out="true">b</hint></step></item></adaptive_problem_set>"""
CHOICES = """<choices><option correct="true">a<say>SAY-A</say></option><option correct="true">b</option>
  <option>c<say>SAY-C</say></option><option misconception="m">d</option></choices>"""
ORDER = """<order code="true" indent="true"><line>if x:</line><line indent="1">y</line><line>z</line>
  <extra misconception="m">w<say>SAY-W</say></extra></order>"""
MATCH = """<match><pair><left>a</left><right>x</right></pair><pair><left>b</left><right>y</right></pair>
  <pair><left>c</left><right>z</right></pair><extra>w<say>SAY-W</say></extra></match>"""
#: The same with another key: what the learner sees must not change.
TWINS = {
    CHOICES: CHOICES.replace('<option correct="true">b', "<option>b").replace("<option>c", '<option correct="true">c')
    .replace("SAY-A", "OTHER").replace(' misconception="m"', ""),
    ORDER: """<order code="true" indent="true"><line>z</line><line>y</line><line indent="1">w</line>
      <extra>if x:<say>OTHER</say></extra></order>""",
    MATCH: """<match><pair><left>a</left><right>w</right></pair><pair><left>b</left><right>x</right></pair>
      <pair><left>c</left><right>y</right></pair><extra misconception="m">z</extra></match>""",
}


@pytest.fixture
def learner():
    """The same learner with the same numbers everywhere, for pages that are compared."""
    return "parts"


def opened(play, answer):
    """A player with the item in hand."""
    player = play(SET.format(answer=answer))
    player.open()
    return player


def page(player):
    """The page without what tells two blocks apart."""
    html = player.block.student_view(None).content
    return html.replace(player.block.prefix, "ID").replace(player.usage_id, "USAGE")


@pytest.mark.parametrize("answer", TWINS, ids=["choices", "order", "match"])
def test_the_page_does_not_depend_on_the_key(play, answer, monkeypatch):
    """Page and first state are the same bytes whatever is right, however its feedback reads."""
    monkeypatch.setattr("adaptive_xblocks.problem_set_serving.keyed_number", lambda *_: 14)
    one, other = opened(play, answer), opened(play, TWINS[answer])
    assert page(one) == page(other)
    assert not re.search("SAY|OTHER|LADDER|correct|misconception", page(one))


def test_chosen_options_are_told_and_others_are_not(play):
    """After a wrong answer each chosen option has a mark and its words; the page is silent about the others."""
    player = opened(play, CHOICES)
    wrong = handles(player, "a", "c")
    reply = player.answer({"answer": wrong})
    verdicts = re.findall(r'class="ax-option" data-verdict="(\w+)"', reply["html"])
    assert sorted(verdicts) == ["right", "wrong"]
    assert reply["html"].count("SAY-A") == reply["html"].count("SAY-C") == 1
    assert "LADDER" not in reply["html"]
    assert "SAY-A" in reply["announce"] and "SAY-C" in reply["announce"]
    assert player.block.evidence_log.pieces[0].kind.credit == (0, 1)


def handles(player, *texts):
    """The handles of options with those texts."""
    step = player.step
    kind = answer_type(step.inputs[0].type)
    shown = kind.view(step.inputs[0].spec, player.variant)["options"]
    return " ".join(one["handle"] for one in shown if one["html"] in texts)


def test_a_misconception_of_an_option_is_told(play):
    """A chosen option that names a misconception shows its words in the verdict."""
    player = opened(play, CHOICES)
    reply = player.answer({"answer": handles(player, "a", "d")})
    assert "LADDER" in reply["html"]


def test_partial_credit_is_evidence(play):
    """Part of an answer counts as part of it, as a ratio of small numbers, with the chance of a guess."""
    player = opened(play, MATCH)
    tokens = right_responses(player.variant, player.step)["answer"].split()
    rights = [token.split("=")[1] for token in tokens]
    player.answer({"answer": f"1={rights[1]} 2={rights[0]} 3={rights[2]}"})
    (piece,) = player.block.evidence_log.pieces
    assert (piece.kind.credit, piece.kind.options) == ((1, 3), 24)


@pytest.mark.parametrize("answer", [CHOICES, ORDER, MATCH], ids=["choices", "order", "match"])
@pytest.mark.parametrize("raw", [
    "", "zz", "1 1 1", "9" * 9000, "<b>1</b>", "1=1:1", "\u202e1 2", "1:8 2:8 3:8 4:8 5:8",
])  # fmt: skip
def test_nothing_that_is_sent_breaks_the_page(play, answer, raw):
    """What no page sends is not read, counts for nothing, and the page comes back as it was, ready for an answer."""
    player = opened(play, answer)
    reply = player.answer({"answer": raw})
    assert "Not read yet" in reply["html"]
    assert player.block.evidence_log.pieces == ()
    assert dangers_of(reply["html"], player.block.prefix) == []
    assert player.answer(right_responses(player.variant, player.step))["state"]["done"]


@pytest.mark.parametrize(("answer", "moves"), [(CHOICES, False), (MATCH, False), (ORDER, True)])
def test_the_script_for_lines_comes_only_with_lines(play, answer, moves):
    """A page without lines to order does not load what moves them, nor its words."""
    fragment = opened(play, answer).block.student_view(None)
    assert any("answer_parts" in resource.data for resource in fragment.resources) is moves
    assert ("line_at" in fragment.json_init_args["messages"]) is moves


def test_withheld_answers_are_not_told_part_by_part(play, monkeypatch):
    """While the platform withholds correctness no part has a mark and no option its words."""
    monkeypatch.setattr("adaptive_xblocks.platform_services.correctness_available", lambda *_: False)
    player = opened(play, CHOICES)
    html = player.answer({"answer": handles(player, "a", "c")})["html"]
    assert not re.search("SAY|data-verdict|LADDER", html)


TOGETHER = 4
GROUPS = [ALL[at:at + TOGETHER] for at in range(0, len(ALL), TOGETHER)]
HOSTILE = """<choices id="c" label="{text}"><option correct="true">right {both}<say>{both}</say></option>
    <option>wrong {both}<say lang="{text}" dir="{text}">{both}</say></option></choices>
  <order id="o" label="{text}" code="{code}" indent="true"><line lang="{text}">1 {both}</line><line>2 {both}</line>
    <line indent="1">3</line><extra>4 {both}<say>{both}</say></extra></order>
  <match id="m" label="{text}"><pair><left>l {both}</left><right lang="{text}">r {both}</right></pair>
    <pair><left>k</left><right>s</right></pair><extra>{both}<say>{both}</say></extra></match>
  <match id="g"><group name="a {text}"><member>{both} x</member></group>
    <group name="b"><member>y</member></group></match>"""


@pytest.mark.parametrize(("number", "vectors"), [*enumerate(GROUPS)], ids=range(len(GROUPS)))
def test_no_part_runs_what_an_author_wrote(play, number, vectors):
    """Attacks in options, lines, sides, groups and what is said of them are shown as text or left out."""
    text = as_text(" ".join(vectors))
    both = f"{''.join(map(as_xml, vectors))}{text}"
    player = opened(play, HOSTILE.format(text=text, both=both, code=("true", "false")[number % 2]))
    assert player.practice.item == "i"
    prefix = player.block.prefix
    assert dangers_of(player.block.student_view(None).content, prefix) == []
    right = right_responses(player.variant, player.step)
    wrong = {**right, "c": "1 2", "o": "1:3 2 3 4", "m": "1=1 2=1"}
    for number, responses in enumerate((wrong, {**right, "c": "1 2"}, right)):
        body = {"serving": 1, "step": "s", "submission": f"submission-{number}", "responses": responses}
        reply = post(player, "answer", body).json()
        assert dangers_of(reply["html"], prefix) == []
    assert reply["state"]["done"]
