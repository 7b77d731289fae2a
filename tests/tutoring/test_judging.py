"""One verdict per step, feedback per input, recognised wrong answers, and never an exception."""

import logging
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adaptive_xblocks.tutoring import judging
from adaptive_xblocks.tutoring.judging import judge_step, step_options
from adaptive_xblocks.tutoring.model import RIGHT, UNREAD, WRONG, Item, Step, Text
from adaptive_xblocks.tutoring.parser import parse_document
from adaptive_xblocks.tutoring.variants import make_variant

RATIO = (
    '<numeric id="num" answer="1"/><numeric id="den" answer="2"/>'
    '<answer form="equivalent-ratio" inputs="num den"/>'
)
CHOICE = (
    '<choice id="{}"><option correct="true">a</option>'
    '<option misconception="m">b<say>Hm.</say></option></choice>'
)


def item_of(step: str, before: str = "") -> Item:
    """The item with that one step."""
    text = (
        '<adaptive_problem_set><skill id="s" name="S"/><misconception id="m" name="M"/>'
        f'<item id="i">{before}<step id="t" skills="s">{step}</step></item></adaptive_problem_set>'
    )
    document = parse_document(text)
    assert not document.errors, document.errors
    return document.items["i"]


def judged(step: str, before: str = "", seed: int = 0, **responses):
    """The verdict of responses to a step."""
    item = item_of(step, before)
    return judge_step(make_variant(item, seed), item.steps[0], responses)


def test_a_right_answer_has_full_credit():
    """A single right input makes the step right."""
    verdict = judged('<numeric answer="1/2"/>', answer="0.5")
    assert (verdict.kind, verdict.credit, verdict.matched) == (RIGHT, 1, None)


def test_credit_is_the_share_of_right_inputs():
    """A step is right only if all inputs are; the credit is an exact share."""
    step = '<numeric id="a" answer="1"/><numeric id="b" answer="2"/><numeric id="c" answer="3"/>'
    verdict = judged(step, a="1", b="2", c="2")
    assert (verdict.kind, verdict.credit) == (WRONG, Fraction(2, 3))
    assert [verdict.inputs[name].kind for name in "abc"] == [RIGHT, RIGHT, WRONG]


@pytest.mark.parametrize("responses", [{"a": "1"}, {"a": "1", "b": "x"}, {}, {"b": "2", "zz": "1"}])
def test_one_unread_input_makes_the_step_unread(responses):
    """Nothing is counted while an input is empty or unreadable; it says what to do."""
    verdict = judged('<numeric id="a" answer="1"/><numeric id="b" answer="2"/>', **responses)
    assert (verdict.kind, verdict.credit) == (UNREAD, 0)
    assert all(one.message for one in verdict.inputs.values() if one.kind == UNREAD)


@pytest.mark.parametrize(("num", "den", "kind"), [
    ("1", "2", RIGHT), ("2", "4", RIGHT), ("-3", "-6", RIGHT), ("0.5", "1", RIGHT),
    ("2", "2", WRONG), ("1", "4", WRONG),
    ("0", "0", WRONG), ("1", "0", WRONG), ("", "2", UNREAD),
])  # fmt: skip
def test_equivalent_ratios_are_judged_together(num, den, kind):
    """Numerator and denominator are right together in any equal ratio; a zero below is wrong, not a crash."""
    verdict = judged(RATIO, num=num, den=den)
    assert verdict.kind == kind
    assert kind == UNREAD or {one.kind for one in verdict.inputs.values()} == {kind}


def test_a_ratio_of_zero_has_any_denominator():
    """Where the key is 0 over 2, 0 over 5 is right and 0 over 0 is not."""
    step = RATIO.replace('answer="1"', 'answer="0"')
    assert (judged(step, num="0", den="5").kind, judged(step, num="0", den="0").kind) == (RIGHT, WRONG)


def test_the_first_matching_wrong_rule_is_reported():
    """Rules are tried in order; the match gives its name, misconception and feedback."""
    wrongs = '<wrong answer="[2, 3]" name="off">Off.</wrong><wrong answer="3" misconception="m"/>'
    step = f'<numeric answer="1"/>{wrongs}'
    verdict = judged(step, answer="3")
    assert (verdict.matched, verdict.misconception, verdict.say.source) == ("off", None, "Off.")


def test_a_wrong_rule_may_need_several_inputs():
    """A rule over two inputs matches only if both do."""
    step = RATIO + '<wrong inputs="num den" answer="gcd(2, 4), 5" misconception="m"/>'
    assert judged(step, num="2", den="5").misconception == "m"
    assert judged(step, num="2", den="7").misconception is None


def test_no_rule_is_tried_on_a_right_answer():
    """A wrong rule that happens to equal the key does not spoil a right answer."""
    verdict = judged('<numeric answer="1"/><wrong answer="1" misconception="m"/>', answer="1")
    assert (verdict.kind, verdict.misconception) == (RIGHT, None)


def test_a_wrong_option_brings_its_feedback():
    """A chosen option's misconception and words are reported."""
    item = item_of(CHOICE.format("c"))
    variant = make_variant(item, 0)
    verdicts = [judge_step(variant, item.steps[0], {"c": handle}) for handle in "12"]
    wrong = next(verdict for verdict in verdicts if verdict.kind == WRONG)
    assert (wrong.matched, wrong.misconception, wrong.say.source) == ("option:o2", "m", "Hm.")


def test_numbers_of_the_variant_are_the_key():
    """The same response is right or wrong by the learner's own numbers."""
    before = '<variable name="b" values="2..3"/>'
    kinds = {judged('<numeric answer="b"/>', before, seed, answer="2").kind for seed in range(10)}
    assert kinds == {RIGHT, WRONG}


@pytest.mark.parametrize(("step", "options"), [
    (CHOICE.format("c"), 2), (CHOICE.format("c") + CHOICE.format("d"), 4), ('<numeric answer="1"/>', 0),
    (CHOICE.format("c") + '<numeric id="n" answer="1"/>', 0),
])  # fmt: skip
def test_options_multiply_only_where_all_can_be_guessed(step, options):
    """The chance of a step is that of all its inputs together, and none if one cannot be guessed."""
    assert step_options(item_of(step).steps[0]) == options


def test_a_step_without_inputs_has_no_chance_and_is_unread():
    """A step that asks nothing counts for nothing."""
    step = Step("t", (), Text(""), ())
    variant = make_variant(Item("i", "", (step,), Text("")), 0)
    assert (step_options(step), judge_step(variant, step, {}).kind) == (0, UNREAD)


def test_an_answer_without_a_value_does_not_count(caplog):
    """If the key divides by zero with these numbers, the learner may go on and the log names the item."""
    item = item_of('<numeric answer="1/b"/>', '<variable name="b" values="0..1"/>')
    broken = next(variant for seed in range(50) if not (variant := make_variant(item, seed)).values["b"])
    with caplog.at_level(logging.ERROR):
        verdict = judge_step(broken, item.steps[0], {"answer": "1"})
    assert (verdict.kind, verdict.inputs["answer"].message.key) == (UNREAD, judging.CANNOT_JUDGE)
    assert "item i" in caplog.text


def test_a_wrong_rule_without_a_value_is_passed_over():
    """A rule that divides by zero matches nothing; the next is tried."""
    before = '<variable name="b" values="0"/>'
    step = '<numeric answer="1"/><wrong answer="1/b">x</wrong><wrong answer="2" misconception="m"/>'
    assert judged(step, before, answer="2").misconception == "m"


def test_a_rule_that_crashes_leaves_the_inputs_verdicts(monkeypatch):
    """Where a form cannot be judged, its inputs must be right one by one."""
    monkeypatch.setitem(judging.TOGETHER, "equivalent-ratio", lambda *_: 1 / 0)
    assert (judged(RATIO, num="1", den="2").kind, judged(RATIO, num="2", den="4").kind) == (RIGHT, WRONG)


def test_no_message_tells_the_key():
    """What is said of an input never holds the right value."""
    for raw in ("", "x", "1,234", "62/2", "31.0"):
        message = judged('<numeric answer="31" form="integer"/>', answer=raw).inputs["answer"].message
        assert "31" not in str(message)


MIXED_STEP = item_of(
    RATIO
    + CHOICE.format("c")
    + '<text id="w" answer="half"/><wrong inputs="num w" answer="2, third">x</wrong>'
)
RAW = st.one_of(st.text(max_size=250), st.sampled_from(["1", "2", "4", "0", "half", "third"]), st.none(),
                st.lists(st.text(max_size=3), max_size=2), st.integers(), st.floats())  # fmt: skip


@given(st.dictionaries(st.sampled_from(["num", "den", "c", "w", "zz"]), RAW))
def test_any_responses_get_a_verdict(responses):
    """Whatever is sent, the step has a verdict, a credit in [0, 1], and a verdict for each input."""
    step = MIXED_STEP.steps[0]
    verdict = judge_step(make_variant(MIXED_STEP, 1), step, responses)
    assert verdict.kind in (RIGHT, WRONG, UNREAD)
    assert 0 <= verdict.credit <= 1
    assert (verdict.credit == 1) == (verdict.kind == RIGHT)
    assert list(verdict.inputs) == ["num", "den", "c", "w"]
