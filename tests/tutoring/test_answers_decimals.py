"""The decimal sign is that of the language, intervals hold what lies in them, and nothing ambiguous is guessed."""

from fractions import Fraction

import pytest
from babel import Locale
from hypothesis import given
from hypothesis import strategies as st

from adaptive_xblocks.tutoring.answer_checks import answer_faults, solution
from adaptive_xblocks.tutoring.answers import answer_type, numbers
from adaptive_xblocks.tutoring.answers.decimal_signs import ASK, COMMA, COMMA_LANGUAGE, POINT, decimal_sign
from adaptive_xblocks.tutoring.answers.numbers import NotRead, read_number
from adaptive_xblocks.tutoring.answers.numeric import NumericSpec
from adaptive_xblocks.tutoring.judging import judge_step
from adaptive_xblocks.tutoring.model import RIGHT, UNREAD, WRONG
from adaptive_xblocks.tutoring.parser import parse_document
from adaptive_xblocks.tutoring.variants import make_variant

NUMERIC = answer_type("numeric")
SIGNS = (ASK, POINT, COMMA, COMMA_LANGUAGE)
#: Languages of the platform's learners.
TAUGHT = """ar bg ca cs da de de_CH el en en_GB es es_419 es_AR es_ES es_MX et eu fa fi fr fr_CA gl he hi hr hu id it
    it_CH ja ka kk ko lt lv nb nl nn pl pt pt_BR ro ru sk sl sq sv th tr uk vi zh en_ZA""".split()


def document(numeric, lang="", more="", item_lang="", before=""):
    """A document with one numeric step."""
    root = f' lang="{lang}"' if lang else ""
    return parse_document(
        f'<adaptive_problem_set{root}><skill id="s" name="S"/><misconception id="m" name="M"/><item id="i"{item_lang}>'
        f'{before}<step id="t" skills="s">{numeric}{more}<hint bottom_out="true">x</hint></step></item>'
        "</adaptive_problem_set>")


def verdict(found, raw, seed=0):
    """The verdict of an answer to its step."""
    assert not found.errors, found.errors
    item = found.items["i"]
    return judge_step(make_variant(item, seed), item.steps[0], {"answer": raw})


VARIANT = make_variant(document('<numeric answer="1"/>').items["i"], 0)


@pytest.mark.parametrize("language", [lang for lang in TAUGHT if lang != "ar"])
def test_the_table_is_that_of_cldr(language):
    """A language has a comma here where Unicode says so."""
    locale = Locale.parse(language)
    sign = locale.number_symbols[locale.default_numbering_system]["decimal"]
    assert (decimal_sign(language) == COMMA_LANGUAGE) == (sign in ",٫")


@pytest.mark.parametrize("language", ["ar", "ar-EG", "AR_sa", "ar-MA"])
def test_arabic_writes_a_sign_that_is_typed_as_a_comma(language):
    """Its own decimal sign ٫ looks like a comma; its keyboards have one."""
    assert decimal_sign(language) == COMMA_LANGUAGE


@pytest.mark.parametrize("language", [None, "", "zz", "x" * 500, "e\u202es", "en-"])
def test_an_unknown_language_is_asked(language):
    """What cannot be known is not guessed."""
    assert decimal_sign(language) == ASK


ASKED, SEVERAL, GROUPS, POINTS = numbers.AMBIGUOUS_COMMA, numbers.ONE_NUMBER, numbers.NO_GROUPS, numbers.AMBIGUOUS_POINT


@pytest.mark.parametrize(("text", "readings"), [
    # what it is when nothing is known, with a decimal point, with a decimal comma, in a language with a comma
    ("1,234", (ASKED, 1234, "1.234", "1.234")), ("1.234", ("1.234", "1.234", 1234, POINTS)),
    ("1,5", ("1.5",) * 4), ("1.5", ("1.5",) * 4), ("0,125", ("0.125",) * 4), ("0.125", ("0.125",) * 4),
    ("1.234,5", (GROUPS, GROUPS, "1234.5", "1234.5")), ("1,234.5", (GROUPS, "1234.5", GROUPS, GROUPS)),
    ("1.234.567", (GROUPS, GROUPS, 1234567, 1234567)), ("1,234,567", (GROUPS, 1234567, GROUPS, GROUPS)),
    ("1 234,5", (GROUPS, "1234.5", "1234.5", "1234.5")), ("10\u00a0000", (GROUPS, 10000, 10000, 10000)),
    ("1\u202f234\u202f567", (GROUPS, 1234567, 1234567, 1234567)), ("1'234", (GROUPS, 1234, 1234, 1234)),
    ("٠٫٥", ("0.5",) * 4), ("١٫٢٣٤", ("1.234",) * 4), ("١٬٢٣٤", (GROUPS, 1234, 1234, 1234)),
    ("3, 4", (SEVERAL,) * 4), ("3; 4", (SEVERAL,) * 4), ("1 3/4", ("1.75",) * 4),
    ("-1.234,5", (GROUPS, GROUPS, "-1234.5", "-1234.5")),
    ("1.234,5/2", (SEVERAL, SEVERAL, "617.25", "617.25")), ("1,2345", ("1.2345",) * 4),
    ("3 × 10^8", (300000000,) * 4), ("3·10⁻²", ("0.03",) * 4), ("2,5x10^3", (2500,) * 4),
    (r"3\times 10^{8}", (300000000,) * 4), ("2{,}5", ("2.5",) * 4), (r"1\,234", (GROUPS, 1234, 1234, 1234)),
])  # fmt: skip
def test_what_the_signs_mean(text, readings):
    """The same text by what is known of the decimal sign; what can mean one thing only is read everywhere."""
    for sign, expected in zip(SIGNS, readings):
        try:
            found = read_number(text, decimal=sign).value
        except NotRead as refusal:
            found = refusal.message.key
        assert found == (expected if isinstance(expected, str) and " " in expected else Fraction(expected)), sign


def test_the_learners_own_digits_are_offered():
    """Where a point may group thousands, both readings are shown as the language writes them."""
    with pytest.raises(NotRead) as refusal:
        read_number("1.234", decimal=COMMA_LANGUAGE)
    assert str(refusal.value.message) == "The point can be read in two ways. Write 1234 or 1,234."


@pytest.mark.parametrize(("lang", "item_lang", "own", "kind"), [
    ("", "", "", UNREAD), ("en", "", "", UNREAD), ("es", "", "", RIGHT), ("en", ' lang="fr"', "", RIGHT),
    ("es", ' lang="en"', "", UNREAD), ("en", "", ' lang="de"', RIGHT), ("en", "", ' decimal="comma"', RIGHT),
    ("es", "", ' decimal="point"', WRONG), ("es-MX", "", "", UNREAD),
])  # fmt: skip
def test_the_nearest_language_decides(lang, item_lang, own, kind):
    """That of the input, else of the item, else of the document; the author's word before all."""
    assert verdict(document(f'<numeric answer="1.234"{own}/>', lang, item_lang=item_lang), "1,234").kind == kind


@given(value=st.decimals(-99999, 99999, places=3), sign=st.sampled_from(SIGNS))
def test_solutions_are_read_as_they_are_meant(value, sign):
    """Whatever is known of the sign, what `solve` writes is right."""
    spec = NumericSpec(str(value), decimal=sign)
    assert NUMERIC.judge(spec, VARIANT, NUMERIC.solve(spec, VARIANT)).kind == RIGHT
    rooted = NumericSpec(f"sqrt({abs(value)} + 2)", decimal=sign)
    assert NUMERIC.judge(rooted, VARIANT, NUMERIC.solve(rooted, VARIANT)).kind == RIGHT


@pytest.mark.parametrize(("between", "inside", "outside"), [
    ("[2, 3)", ["2", "2.5", "5/2", "2 1/2", "2.999"], ["1.99", "3", "-2"]), ("(2, 3]", ["3", "2.001"], ["2", "3.001"]),
    ("]2, 3[", ["2.5"], ["2", "3"]), ("[b, 2*b]", ["4", "8", "5"], ["3", "9"]), ("[2; 3]", ["2,5"], ["4"]),
    ("(0, inf)", ["0.001", "1000"], ["0", "-1"]), ("[, 5]", ["-100", "5"], ["5.1"]),
    ("[sqrt(2), 2]", ["1.42"], ["1.41"]),
    ("[2, 2]", ["2"], ["2.1"]), ("[gcd(4, 6), max(3, 4)]", ["2", "4"], ["5"]),
])  # fmt: skip
def test_any_value_of_an_interval_is_right(between, inside, outside):
    """Ends are expressions, closed by square brackets, open by round ones, and may be missing."""
    found = document(f'<numeric between="{between}"/>', before='<variable name="b" is="4"/>')
    assert [verdict(found, raw).kind for raw in inside] == [RIGHT] * len(inside)
    assert [verdict(found, raw).kind for raw in outside] == [WRONG] * len(outside)
    item = found.items["i"]
    assert verdict(found, solution(make_variant(item, 0), item.steps[0])["answer"]).kind == RIGHT


@pytest.mark.parametrize(("form", "between"), [
    ("integer", "[2/3, 7/3]"), ("decimal", "(1/3, 1/2)"), ("fraction", "[1/3, 1/3]"), ("mixed", "(7/3, 5/2)"),
    ("simplified", "(0, 1)"),
])  # fmt: skip
def test_a_value_inside_is_written_in_the_form(form, between):
    """`solve` finds a value of the interval in the form that is asked for."""
    found = document(f'<numeric between="{between}" form="{form}"/>')
    item = found.items["i"]
    assert answer_faults(item, [0]) == []


@pytest.mark.parametrize("between", [
    "", "2, 3", "[2, 3", "[2]", "[1, 2, 3]", "[,]", "(inf, 3)", "[2, -inf)", "[2, x]", "{2, 3}",
])  # fmt: skip
def test_what_is_no_interval_is_told(between):
    """Authors read how one is written."""
    assert document(f'<numeric between="{between}"/>').errors


def test_an_empty_interval_is_told():
    """Ends the wrong way round have no value between them."""
    (fault,) = document('<numeric between="[3, 2]"/>').errors
    assert "There is no number between 3 and 2." in str(fault.problem)


def test_an_answer_or_an_interval():
    """Both, or neither, is a fault; a tolerance beside an interval does nothing."""
    assert "and an interval" in str(document('<numeric answer="1" between="[1, 2]"/>').errors[0].problem)
    assert "has no answer" in str(document("<numeric/>").errors[0].problem)
    assert "does nothing" in str(document('<numeric between="[1, 2]" tolerance="1"/>').faults[0].problem)


@pytest.mark.parametrize(("rule", "matching", "other"), [
    ('between="[0, 1)"', ["0", "0.5", "1/3"], ["1", "-1"]), ('answer="[1, 2, 3]"', ["1", "2", "3"], ["4"]),
    ('between="(5, inf)"', ["6", "5.01"], ["5", "4"]),
])  # fmt: skip
def test_wrong_answers_are_recognised_by_set_and_interval(rule, matching, other):
    """A list is a set of values; an interval has open and closed ends."""
    found = document('<numeric answer="10"/>', more=f'<wrong {rule} misconception="m"/>')
    assert all(verdict(found, raw).misconception == "m" for raw in matching)
    assert not any(verdict(found, raw).misconception for raw in other)


@pytest.mark.parametrize("rule", [
    'between="[0, 1)" answer="2"', 'between="nonsense"', 'between="[0, 1)" pattern="a"', 'pattern="a"',
    'inputs="zz" between="[0, 1]"',
])  # fmt: skip
def test_a_wrong_rule_says_its_answer_in_one_way(rule):
    """Two ways at once, one that the type does not know, or no interval: an error."""
    assert document('<numeric answer="10"/>', more=f"<wrong {rule}>x</wrong>").errors


def test_an_interval_around_the_right_answer_is_warned_of():
    """The value shown for the interval would be judged right."""
    item = document('<numeric between="[9, 11]"/>', more='<wrong between="[9, 11]">x</wrong>').items["i"]
    assert any("it is then judged right" in str(fault.problem) for fault in answer_faults(item, [0]))


@pytest.mark.parametrize(("one", "same"), [
    ('answer="2"', 'answer="2"'), ('between="[0, 1]"', 'between="[ 0, 1 ]"'), ('answer="2 + 1"', 'answer="2+1"'),
])  # fmt: skip
def test_a_rule_that_never_counts_is_warned_of(one, same):
    """The second of two rules that recognise the same is told, with the line of the first."""
    found = document('<numeric answer="10"/>', more=f"<wrong {one}>a</wrong>\n<wrong {same}>b</wrong>")
    assert any("never counts" in str(fault.problem) for fault in found.faults)
    assert len(found.items["i"].steps[0].wrongs) == 1
