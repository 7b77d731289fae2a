"""Several right options: what is chosen is told, what is not chosen is not."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adaptive_xblocks.tutoring.answers import answer_type
from adaptive_xblocks.tutoring.answers.choice import ChoiceSpec, Option
from adaptive_xblocks.tutoring.model import RIGHT, UNREAD, WRONG, Text
from tests.tutoring.parts import VARIANT, faults_of, read, variant

CHOICES = answer_type("choices")
THREE = """<choices keep_order="true"><option correct="true">2<say>Even.</say></option><option>9<say>3 x 3.</say></option>
  <option correct="true">13</option><option misconception="one">1</option><option correct="true">29</option></choices>"""


def judge(raw, source=THREE):
    """The verdict of a response to choices."""
    return CHOICES.judge(read(source), VARIANT, raw)


def kinds(raw):
    """What is told of each part."""
    return {handle: part.kind for handle, part in judge(raw).parts.items()}


@pytest.mark.parametrize(("raw", "credit"), [
    ("1 3 5", 1), ("5 3 1", 1), ("1 3", Fraction(2, 3)), ("1", Fraction(1, 3)), ("1 3 5 2", Fraction(2, 3)),
    ("1 3 5 2 4", Fraction(1, 3)), ("1 2", 0), ("2", 0), ("2 4", 0), ("1 2 4", 0),
])  # fmt: skip
def test_credit_is_right_less_wrong_of_what_is_right(raw, credit):
    """Choosing everything or guessing pays little; exactly the right ones pay in full."""
    verdict = judge(raw)
    assert (verdict.credit, verdict.kind) == (credit, RIGHT if credit == 1 else WRONG)


@given(st.sets(st.sampled_from("12345"), min_size=1))
def test_only_chosen_options_are_told(chosen):
    """Each chosen option has its verdict, no other is spoken of, and full credit means right."""
    verdict = judge(" ".join(chosen))
    assert verdict.parts.keys() == chosen
    assert {handle for handle in chosen if verdict.parts[handle].kind == RIGHT} == chosen & {"1", "3", "5"}
    assert (verdict.credit == 1) == (verdict.kind == RIGHT) == (chosen == {"1", "3", "5"})


def test_each_chosen_option_says_what_the_author_wrote():
    """Feedback stands beside right and wrong options that were chosen."""
    parts = judge("1 2 3").parts
    assert [parts[handle].say.source if parts[handle].say else None for handle in "123"] == ["Even.", "3 x 3.", None]


@pytest.mark.parametrize(("raw", "words"), [
    ("1 3", "Still missing: 1"), ("1", "Still missing: 2"), ("1 2 3 5", "something that is not"),
    ("1 2", "something right is missing"),
])  # fmt: skip
def test_a_sentence_says_what_is_the_matter(raw, words):
    """How many are missing, or that something chosen is not right; never which one is missing."""
    assert words in str(judge(raw).message)


@pytest.mark.parametrize("raw", ["", " ", "0", "6", "1 1", "o1", "1,2", "1" * 501, "１", None, 1, ["1", "3"], {"1": 1}])
def test_only_handles_choose(raw):
    """Nothing, unknown handles and one twice are not read, and a sentence says what to do."""
    verdict = judge(raw)
    assert (verdict.kind, bool(str(verdict.message)), verdict.credit) == (UNREAD, True, 0)


def test_the_value_names_options_as_written():
    """What is kept for staff are the options' ids, in the author's order."""
    assert judge("5 1").value == "o1 o5"


def test_misconceptions_of_options_are_recognised():
    """A wrong option with a misconception or feedback is a known mistake; its feedback is not said twice."""
    spec = read(THREE)
    assert CHOICES.own_wrongs(spec) == [
        (("o2",), None, None, "option:o2"), (("o4",), "one", None, "option:o4")]
    assert CHOICES.matches(("o4",), spec, VARIANT, "1 4")
    assert not CHOICES.matches(("o4",), spec, VARIANT, "1 3")


def test_a_wrong_answer_may_name_several_options():
    """`<wrong answer="o2 o4">` is met where both are chosen."""
    spec = read(THREE)
    assert CHOICES.matches(("o2", "o4"), spec, VARIANT, "4 2 1")
    assert not CHOICES.matches(("o2", "o4"), spec, VARIANT, "2 1")


def test_options_that_look_alike_are_one():
    """Options that say the same with these numbers are shown once, and right if either is."""
    options = (Option("a", Text("{@b@}")), Option("b", Text("3"), correct=True), Option("c", Text("4")))
    spec = ChoiceSpec(options, True, "p")
    assert len(CHOICES.view(spec, variant(b=3))["options"]) == 2
    assert CHOICES.judge(spec, variant(b=3), "1").kind == RIGHT


@given(seed=st.integers(0, 999), correct=st.sets(st.integers(0, 4), min_size=1), others=st.sets(st.integers(0, 4)))
def test_the_view_does_not_depend_on_the_key(seed, correct, others):
    """Two choices that differ in what is right look the same."""
    views = [
        CHOICES.view(ChoiceSpec(tuple(
            Option(f"o{n}", Text(f"option {n}"), correct=n in key) for n in range(5)), False, "i"), variant(seed=seed))
        for key in (correct, others)
    ]
    assert views[0] == views[1]


def test_the_page_keeps_what_was_chosen():
    """Laid out again, what was chosen is chosen."""
    view = CHOICES.view(read(THREE), VARIANT)
    for raw, chosen in (("1 4", "14"), ("", ""), ("zz 1", "1"), ("1" * 600, "")):
        laid = CHOICES.laid_out(view, raw)["options"]
        assert "".join(one["handle"] for one in laid if one["chosen"]) == chosen


def test_a_finished_step_tells_what_was_chosen():
    """The options chosen, with what the author says of them."""
    said = CHOICES.said(read(THREE), VARIANT, "1 3")
    assert "Even." in said and "13" in said and "29" not in said


@pytest.mark.parametrize(("count", "chance"), [(2, 3), (3, 7), (7, 127), (8, 255), (50, 255)])
def test_the_chance_counts_every_choice(count, chance):
    """Some of n options: 2 ** n - 1 ways, up to a byte."""
    spec = ChoiceSpec(tuple(Option(f"o{n}", Text(str(n)), correct=n == 1) for n in range(count)), False, "p")
    assert CHOICES.chance(spec) == chance


@pytest.mark.parametrize(("source", "words"), [
    ('<choices><option correct="true">a</option></choices>', "1 options"),
    ("<choices><option>a</option><option>b</option></choices>", "No option is correct"),
    ('<choices><option correct="true">a</option><option correct="true">b</option></choices>', "Every option"),
    ('<choices><option correct="true">a</option><option/></choices>', "empty"),
    ('<choices><option id="x" correct="true">a</option><option id="x">b</option></choices>', 'id "x"'),
    ('<choices><option correct="true">a</option><option>a</option></choices>', "same text"),
    ('<choices><option correct="true" misconception="m">a</option><option>b</option></choices>', "no misconception"),
    ('<choices><option correct="yes">a</option><option>b</option></choices>', "yes"),
    ("<choices><option correct='true'>a</option>"
     f"{''.join(f'<option>{n}</option>' for n in range(50))}</choices>", "51 options"),
])  # fmt: skip
def test_authors_are_told(source, words):
    """Every fault says what is wrong, where, and what to do."""
    assert any(words in str(fault.problem) and fault.line and str(fault.remedy) for fault in faults_of(source))
