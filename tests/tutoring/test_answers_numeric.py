"""Numbers as people write them: what is read, what is refused with a sentence, and what counts as equal."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adaptive_xblocks.tutoring.answers import answer_type, numbers
from adaptive_xblocks.tutoring.answers.numbers import NotRead, read_number
from adaptive_xblocks.tutoring.answers.numeric import NumericSpec
from adaptive_xblocks.tutoring.model import RIGHT, UNREAD, WRONG, Item, Text
from adaptive_xblocks.tutoring.variants import make_variant

NUMERIC = answer_type("numeric")
VARIANT = make_variant(Item("i", "", (), Text("")), 0)
HALF, THREE_QUARTERS, MIXED = Fraction(1, 2), Fraction(3, 4), Fraction(7, 4)


def judged(answer: str, raw: object, **spec) -> str:
    """The kind of verdict of one answer."""
    return NUMERIC.judge(NumericSpec(answer, **spec), VARIANT, raw).kind


@pytest.mark.parametrize(("text", "value"), [
    ("7", 7), (" 7 ", 7), ("+7", 7), ("-7", -7), ("\u22127", -7), ("\u20137", -7), ("- 7", -7), ("007", 7),
    ("0.5", HALF), (".5", HALF), ("0,5", HALF), (",5", HALF), ("1.", 1), ("-.5", -HALF),
    ("1.234", Fraction("1.234")),
    ("0,125", Fraction(1, 8)), ("12,5", Fraction(25, 2)), ("1234,5", Fraction("1234.5")),
    ("1,2345", Fraction("1.2345")),
    ("3/4", THREE_QUARTERS), ("3 / 4", THREE_QUARTERS), ("-3/4", -THREE_QUARTERS), ("3/-4", -THREE_QUARTERS),
    ("-3/-4", THREE_QUARTERS), ("3\u20444", THREE_QUARTERS), ("3\u22154", THREE_QUARTERS),
    ("1.5/2", THREE_QUARTERS),
    ("¾", THREE_QUARTERS), ("1¾", MIXED), ("1 ¾", MIXED), ("1 3/4", MIXED), ("-1 3/4", -MIXED),
    ("1 + 3/4", MIXED),
    ("٣", 3), ("٠٫٥", HALF), ("\u200f٣\u200e", 3), ("७", 7), ("７／８", Fraction(7, 8)), ("\u00a07\u202f", 7),
    ("١ ٣/٤", MIXED), ("\u200f١\u00a0٣⁄٤", MIXED), ("\u22121 3/4", -MIXED), ("１ ３／４", MIXED), (r"1\tfrac34", MIXED),
    ("-¾", -THREE_QUARTERS), (r"-\frac{3}{4}", -THREE_QUARTERS), ("\t3/4\n", THREE_QUARTERS),
    ("3×10⁻¹", Fraction(3, 10)),
    (r"\frac{3}{4}", THREE_QUARTERS), (r"$\dfrac{3}{4}$", THREE_QUARTERS), (r"\(1\frac{3}{4}\)", MIXED),
    ("x = 5", 5), ("n=-2", -2), ("1e3", 1000), ("2.5E-1", Fraction(1, 4)), ("$1.79", Fraction("1.79")),
])  # fmt: skip
def test_numbers_are_read_in_every_hand(text, value):
    """Scripts, signs, commas, fractions and simple LaTeX all give the exact value."""
    assert read_number(text).value == value


@pytest.mark.parametrize(("text", "key"), [
    ("", numbers.EMPTY), ("  ", numbers.EMPTY), ("\u200b", numbers.EMPTY), ("seven", numbers.NOT_A_NUMBER),
    ("7 apples", numbers.NOT_A_NUMBER), ("3²", numbers.NOT_A_NUMBER), ("1+1", numbers.NOT_A_NUMBER),
    ("--7", numbers.NOT_A_NUMBER), ("1/2/3", numbers.NOT_A_NUMBER), ("∞", numbers.NOT_A_NUMBER),
    ("nan", numbers.NOT_A_NUMBER), ("1_000", numbers.NOT_A_NUMBER), ("0x10", numbers.NOT_A_NUMBER),
    ("1,234", numbers.AMBIGUOUS_COMMA), ("-12,345", numbers.AMBIGUOUS_COMMA),
    ("1,234,567", numbers.NO_GROUPS),
    ("1 234", numbers.NO_GROUPS), ("1.234.567", numbers.NO_GROUPS), ("1,234.5", numbers.NO_GROUPS),
    ("1.234,5", numbers.NO_GROUPS), ("1’234", numbers.NO_GROUPS), ("3; 4", numbers.ONE_NUMBER),
    ("3, 4", numbers.ONE_NUMBER), ("1/0", numbers.NO_ZERO_BELOW), ("1 1/0", numbers.NO_ZERO_BELOW),
    ("50%", numbers.NO_PERCENT), ("50 ٪", numbers.NO_PERCENT), (r"\sqrt{2}", numbers.NO_LATEX),
    ("1" * 201, numbers.TOO_LONG), ("1e99", numbers.TOO_LARGE),
])  # fmt: skip
def test_what_is_no_number_yet_gets_its_own_sentence(text, key):
    """The sentence says what to write instead, and the answer costs nothing."""
    with pytest.raises(NotRead) as refusal:
        read_number(text)
    assert refusal.value.message.key == key
    assert str(refusal.value.message)


def test_an_ambiguous_comma_offers_both_readings():
    """Where a comma may group thousands, the sentence shows the learner's own digits both ways."""
    message = NUMERIC.judge(NumericSpec("5"), VARIANT, "1,234").message
    assert str(message) == "The comma can be read in two ways. Write 1234 or 1.234."


@given(st.fractions())
def test_every_fraction_is_read_as_it_is_printed(value):
    """Reading undoes printing."""
    if len(str(value)) <= 200:
        assert read_number(str(value)).value == value


@pytest.mark.parametrize(("answer", "raw", "kind"), [
    ("3/4", "0.75", RIGHT), ("3/4", "6/8", RIGHT), ("3/4", "0.7500001", WRONG), ("1/3", "0.333", WRONG),
    ("2", 2, RIGHT), ("2", 2.0, RIGHT), ("2", True, UNREAD), ("2", ["2"], RIGHT), ("2", ["2", "3"], UNREAD),
    ("[1, -1]", "-1", RIGHT), ("[1, -1]", "0", WRONG), ("sqrt(2)", "1.414", RIGHT), ("sqrt(2)", "1.4", WRONG),
])  # fmt: skip
def test_values_are_compared_exactly(answer, raw, kind):
    """Without a tolerance only the value itself counts; roots within a thousandth; of a list each value."""
    assert judged(answer, raw) == kind


@pytest.mark.parametrize(("raw", "tolerance", "relative", "kind"), [
    ("10.1", "0.1", False, RIGHT), ("10.11", "0.1", False, WRONG), ("9.9", "0.1", False, RIGHT),
    ("10.1", "0.01", True, RIGHT), ("10.11", "0.01", True, WRONG),
])  # fmt: skip
def test_a_tolerance_is_exact_at_its_edge(raw, tolerance, relative, kind):
    """The edge of the tolerance is still right, a hair beyond is wrong."""
    assert judged("10", raw, tolerance=Fraction(tolerance), relative=relative) == kind


@pytest.mark.parametrize(("form", "answer", "accepted", "not_yet"), [
    ("simplified", "3/4", ["3/4", "¾", "-3/-4"], ["6/8", "0.75", "1.5/2"]),
    ("simplified", "7/4", ["7/4", "1 3/4"], ["14/8", "1 6/8", "1.75", "0 7/4"]),
    ("simplified", "2", ["2"], ["2/1", "4/2", "2.0"]),
    ("fraction", "7/4", ["7/4", "14/8"], ["1 3/4", "1.75"]),
    ("fraction", "2", ["2", "4/2"], ["2.0"]),
    ("decimal", "3/4", ["0.75", "0,75", ".750"], ["3/4"]),
    ("decimal", "2", ["2", "2.0"], ["4/2"]),
    ("integer", "2", ["2", "02"], ["2.0", "4/2"]),
    ("mixed", "7/4", ["1 3/4", "1 6/8"], ["7/4", "1.75", "0 7/4"]),
    ("mixed", "3/4", ["3/4"], ["0.75"]),
    ("mixed", "2", ["2"], ["4/2", "1 2/2"]),
])  # fmt: skip
def test_a_right_value_in_another_form_is_not_read_yet(form, answer, accepted, not_yet):
    """The form that is asked for is right; the same value in another form costs nothing."""
    assert [judged(answer, raw, form=form) for raw in accepted] == [RIGHT] * len(accepted)
    assert [judged(answer, raw, form=form) for raw in not_yet] == [UNREAD] * len(not_yet)


def test_a_wrong_value_in_another_form_is_wrong():
    """The form is asked for only once the value is right."""
    assert judged("3/4", "0.7", form="simplified") == WRONG


@pytest.mark.parametrize("raw", [
    "25%", "25 %", "0.25", "1/4", "۲۵٪", r"25\%", "25 ％", "\u200f٢٥\u200e٪", "25,0 %", "$25\\,\\%$", "50/2 %",
    "24 2/2 %",
])
def test_percentages_are_read_where_they_are_allowed(raw):
    """With percent="allow" a percentage is the number that it says."""
    assert judged("1/4", raw, percent=True) == RIGHT


@pytest.mark.parametrize("form", ["", "decimal", "fraction", "mixed", "simplified"])
@given(numerator=st.integers(-500, 500), denominator=st.sampled_from([1, 2, 4, 5, 8, 10, 25]))
def test_solutions_have_the_form_that_is_asked_for(form, numerator, denominator):
    """`solve` writes every key so that it is judged right."""
    spec = NumericSpec(f"{numerator}/{denominator}", form=form)
    assert NUMERIC.judge(spec, VARIANT, NUMERIC.solve(spec, VARIANT)).kind == RIGHT
