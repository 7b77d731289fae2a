"""Authors' expressions: exact, readable errors, and bounded whatever is thrown at them."""

import math
import operator
import pickle
import time
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adaptive_xblocks.tutoring.expressions import (
    FUNCTIONS,
    RESERVED,
    ExpressionError,
    format_value,
    is_variable_name,
    parse,
)

LATE = 4  # seconds: nothing hangs; what it takes is measured elsewhere, a busy test run also collects garbage
VALUES = {"a": Fraction(3), "b": Fraction(-1, 2), "n": 12, "s": "red", "l": (Fraction(2), Fraction(5))}


def shown(source, **values):
    """The formatted value of a source, given the variables."""
    return format_value(parse(source).evaluate({**VALUES, **values}))


def error_of(source):
    """The error that reading and evaluating a source raises."""
    with pytest.raises(ExpressionError) as caught:
        parse(source).evaluate(VALUES)
    return caught.value


@pytest.mark.parametrize(
    ("source", "value"),
    [
        ("2 + 3 * 4", "14"),
        ("(2 + 3) * 4", "20"),
        ("7 - 2 - 1", "4"),
        ("24 / 4 / 2", "3"),
        ("-2 ^ 2", "-4"),
        ("2 ^ -1", "1/2"),
        ("2 ^ 3 ^ 2", "512"),
        ("+5", "5"),
        ("6 − 2 × 3 · 2 ÷ 4", "3"),
        (".5 + 0.25", "3/4"),
        ("3/4", "3/4"),
        ("-b", "1/2"),
        ("n / 8", "3/2"),
    ],
)
def test_arithmetic_follows_school_precedence(source, value):
    """Operators bind as at school, powers from the right, and typographic signs are read."""
    assert shown(source) == value


def test_decimals_are_exact():
    """A tenth is exactly a tenth."""
    assert parse("0.1 + 0.2").evaluate({}) == Fraction(3, 10)


@pytest.mark.parametrize(
    ("source", "value"),
    [
        ("0 < 1 < 2", True),
        ("0 < 2 < 1", False),
        ("1 ≤ 1 ≠ 2 ≥ 2", True),
        ("1 = 1 and 2 == 2 and 3 != 4", True),
        ("not 1 = 2 and 2 = 2", True),
        ("not (1 = 1 or 1/0 = 1)", False),
        ("1 = 2 and 1/0 = 1", False),
        ("'red' = s", True),
        ("'a' = 1", False),
        ("[1, 2] = [1, 2]", True),
        ("[1, 2] = [1, 2, 3]", False),
        ("sqrt(2) ^ 2 = 2", True),
        ("sqrt(2) ^ 2 < 2 or sqrt(2) ^ 2 > 2", False),
        ("true and not false", True),
        ("contains(l, 5) and not contains(l, 3)", True),
    ],
)
def test_conditions(source, value):
    """Comparisons chain, `and` and `or` stop early, floats are equal within a small tolerance."""
    assert parse(source).evaluate(VALUES) is value


@pytest.mark.parametrize(
    ("source", "value"),
    [
        ("2..5", "2, 3, 4, 5"),
        ("2..10 step 4", "2, 6, 10"),
        ("0.5..2 step 0.5", "1/2, 1, 3/2, 2"),
        ("3..1 step -1", "3, 2, 1"),
        ("5..2", ""),
        ("3, 7, 11", "3, 7, 11"),
        ("1..3, 10", "1, 2, 3, 10"),
        ("[1..3]", "1, 2, 3"),
        ("'red', \"blue\"", "red, blue"),
        ("1..n - 9", "1, 2, 3"),
    ],
)
def test_lists_and_ranges(source, value):
    """Ranges include both ends; a range in a list gives its numbers."""
    assert shown(source) == value


@pytest.mark.parametrize(
    ("source", "value"),
    [
        ("abs(b)", "1/2"),
        ("sign(b)", "-1"),
        ("sqrt(4/9)", "2/3"),
        ("sqrt(2)", "1.414213562"),
        ("root(27, 3)", "3"),
        ("(-8) ^ (1/3)", "-2"),
        ("gcd(12, 18)", "6"),
        ("gcd(0, 0)", "0"),
        ("lcm([4, 6, 10])", "60"),
        ("min(3, a, b)", "-1/2"),
        ("max(l)", "5"),
        ("round(5/2)", "3"),
        ("round(-5/2)", "-3"),
        ("round(2.675, 2)", "67/25"),
        ("round(sqrt(2), 2)", "141/100"),
        ("floor(b)", "-1"),
        ("ceil(b)", "0"),
        ("mod(-1, 3)", "2"),
        ("is_integer(n / 4) and not is_integer(b)", "true"),
        ("numerator(6/8) + denominator(6/8)", "7"),
        ("factorial(5)", "120"),
        ("sin(0) + cos(0) + tan(0)", "1"),
        ("asin(0) + atan(0)", "0"),
        ("round(acos(-1) - pi, 9)", "0"),
        ("exp(0) + ln(1) + log(1000)", "4"),
        ("len(l) + len('abc')", "5"),
        ("sum(1..100)", "5050"),
        ("sum(1, 2, 3)", "6"),
        ("sum([]) + product([])", "1"),
        ("product(1..5)", "120"),
        ("pick(l, 2)", "5"),
        ("join(l, ' and ')", "2 and 5"),
        ("join(l)", "2, 5"),
        ("if(a > 2, 'big', 1/0)", "big"),
        ("decimal(3/4)", "0.75"),
        ("decimal(7)", "7"),
        ("decimal(2/3, 2)", "0.67"),
        ("decimal(-1/200, 2)", "-0.01"),
        ("decimal(5, 2)", "5.00"),
        ("frac(6/8)", r"\frac{3}{4}"),
        ("frac(-3/4)", r"-\frac{3}{4}"),
        ("frac(4/2)", "2"),
        ("mixed(7/4)", r"1\frac{3}{4}"),
        ("mixed(-7/4)", r"-1\frac{3}{4}"),
        ("mixed(3/4)", r"\frac{3}{4}"),
        ("mixed(2)", "2"),
        ("signed(b)", "- 1/2"),
        ("signed(3)", "+ 3"),
        ("join([coefficient(1), coefficient(-1), coefficient(3)], '|')", "|-|3"),
    ],
)
def test_functions(source, value):
    """Each function of the table gives what its line of help says."""
    assert shown(source) == value


def test_every_function_has_a_line_of_help():
    """The help of a function begins with the form that an author writes."""
    assert [name for name, function in FUNCTIONS.items() if not function.help.startswith(f"{name}(")] == []


@pytest.mark.parametrize(
    ("source", "message", "position"),
    [
        ("", "The expression is empty.", 0),
        ("2 +", "A number or a name is expected here, not the end.", 3),
        ("2b", "“b” is not expected here; write 2 * b to multiply.", 1),
        ("(2 + 3", "“)” is expected here, not the end.", 0),
        ("2 b)", "“b” is not expected here; write 2 * b to multiply.", 2),
        ("a(3)", "There is no function “a”; to multiply, write a * ( … ).", 0),
        ("1 + sqr(4)", "There is no function “sqr”; did you mean “sqrt”?", 4),
        ("mod(3)", "mod takes 2 arguments, not 1.", 0),
        ("and 2", "A condition is missing before “and”.", 0),
        ("1 $ 2", "“$” means nothing here.", 2),
        ("'abc", "The text has no closing quote.", 0),
        ("1 + 2 / (a - 3)", "Division by zero.", 6),
        ("0 ^ -1", "Division by zero: 0 has no negative power.", 2),
        ("mod(1, 0)", "Division by zero in mod.", 0),
        ("sqrt(-4)", "The square root of the negative number -4.", 0),
        ("(-4) ^ (1/2)", "A negative number has no such root.", 5),
        ("ln(0)", "ln(0) has no value.", 0),
        ("1 + s", "A number is needed here, not a text.", 2),
        ("sqrt(2) ^ l", "A number is needed here, not a list.", 8),
        ("1 and 2", "A condition such as a < b is needed here, not a number.", 2),
        ("gcd(1/2, 3)", "A whole number is needed here, not 1/2.", 0),
        ("numerator(sqrt(2))", "1.414213562 is not an exact fraction; use round(x, places) first.", 0),
        ("decimal(1/3)", "1/3 has no short decimal; write decimal(x, places).", 0),
        ("pick(l, 3)", "The list has 2 elements and no element 3.", 0),
        ("min([])", "The list is empty.", 0),
        ("1 < 'a'", "A number is needed here, not a text.", 2),
        ("1..5 step 0", "The step of a range must not be 0.", 1),
        ("sqrt(2)..5", "A range needs exact numbers.", 7),
        ("len(3)", "A list is needed here, not a number.", 0),
        ("join(l, 3)", "A text in quotes is needed here, not a number.", 0),
        ("round(1, 99)", "The number of decimals is from 0 to 30, not 99.", 0),
    ],
)
def test_errors_tell_an_author_what_to_do(source, message, position):
    """An error is a sentence about the author's text, with the place it is about."""
    error = error_of(source)
    assert (str(error.message), error.position) == (message, position)


def test_unknown_variables_are_named():
    """A variable that is nowhere defined is named, with the nearest one that is."""
    with pytest.raises(ExpressionError, match="There is no variable “lenght”; did you mean “length”"):
        parse("lenght + 1").evaluate({"length": 3})


@pytest.mark.parametrize(
    "source",
    [
        "9^9^9",
        "10^10000",
        "10^61",
        "(1/10)^61",
        "1.5^999999999999",
        "2^(10^50)",
        "sqrt(2)^(10^9)",
        "exp(10^9)",
        "1" * 61,
        "factorial(48)",
        "lcm(2..997)",
        "1..10^9",
        "[1..1000, 1]",
        "[[[[[1]]]]]",
        "[" * 61 + "]" * 61,
        "(" * 61 + "1" + ")" * 61,
        "-" * 70 + "1",
        "2^" * 70 + "2",
        "not " * 70 + "true",
        "+".join(["sum(1..1000)"] * 150),
        "join([join(1..999, '" + "x" * 900 + "')])",
        "'" + "x" * 1001 + "'",
        "x" * 65,
        "1+" * 1000 + "1",
        "len([" + ",".join(["1..1000"] * 240) + "])",
    ],
)
def test_nothing_grows_or_runs_without_end(source):
    """Towers of powers, long lists and deep nesting are refused at once."""
    begin = time.process_time()
    error_of(source)
    assert time.process_time() - begin < LATE


@pytest.mark.parametrize(
    "source", ["1^(10^50)", "(-1)^(10^50 + 1)", "0^(10^50)", "1+" * 999 + "1", "(" * 59 + "1" + ")" * 59]
)
def test_large_but_harmless_sources_have_a_value(source):
    """Bounds forbid large results, not large exponents of one or long sums."""
    assert abs(parse(source).evaluate({})) <= 1000


def test_nested_lists_of_variables_stay_bounded():
    """A list of lists cannot be blown up through variables."""
    values = {"a": tuple(map(Fraction, range(1000)))}
    with pytest.raises(ExpressionError, match="The list is too long"):
        parse("[a, a]").evaluate(values)


WORDS = """1 0 2.5 9 99999 a b n s l pi 'x' " ' ( ) [ ] , .. step + - * / ^ ^9 = != < >= and or not − × { @ \\ \0 é ٣"""
TOKENS = st.sampled_from([*WORDS.split(" "), *(f"{name}(" for name in [*FUNCTIONS, "if"])])


@settings(max_examples=1500, deadline=None)
@given(st.one_of(st.text(max_size=200), st.lists(TOKENS, max_size=60).map(" ".join)))
def test_any_text_gives_a_value_or_an_expression_error_in_time(source):
    """Whatever is written, nothing but ExpressionError is raised, and not late."""
    begin = time.process_time()
    try:
        format_value(parse(source).evaluate(VALUES))
        position = 0
    except ExpressionError as error:
        position = error.position or 0
    assert 0 <= position <= len(source)
    assert time.process_time() - begin < LATE


LEAVES = st.sampled_from(
    ["1", "9", "0.5", "-1", "10^59", "a", "b", "l", "s", "f", "q", "1..1000", "7..9", "'q'", "[]", "true"]
)
CALLS = st.sampled_from([(f.name, f.least, f.most or 4) for f in FUNCTIONS.values()] + [("if", 3, 3)])
SIGNS = st.sampled_from("+ - * / ^ = != < >= .. and or".split())
WELL_FORMED = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        st.tuples(inner, SIGNS, inner).map(lambda t: f"({' '.join(t)})"),
        st.lists(inner, max_size=4).map(lambda parts: f"[{', '.join(parts)}]"),
        st.tuples(CALLS, st.lists(inner, min_size=4, max_size=4)).map(
            lambda t: f"{t[0][0]}({', '.join(t[1][: t[0][2]])})"
        ),
    ),
    max_leaves=12,
)


@settings(max_examples=1000, deadline=None)
@given(WELL_FORMED)
def test_any_operation_on_any_kind_of_value_gives_a_value_or_an_error(source):
    """Well-formed nonsense (a list to the power of a text) is refused in words, whatever the order."""
    values = {**VALUES, "l": (Fraction(2), "x", (True,)), "f": math.pi, "q": Fraction(10**59 + 7, 10**59 + 9)}
    begin = time.process_time()
    try:
        shown_value = format_value(parse(source).evaluate(values))
    except ExpressionError as error:
        shown_value = str(error)
    assert isinstance(shown_value, str)
    assert time.process_time() - begin < LATE


OPERATIONS = {"+": operator.add, "-": operator.sub, "*": operator.mul, "/": operator.truediv}
NUMBERS = st.one_of(
    st.integers(0, 99).map(lambda n: (str(n), Fraction(n))),
    st.decimals(0, 99, places=2).map(lambda d: (str(d), Fraction(str(d)))),
)
TREES = st.recursive(
    NUMBERS,
    lambda inner: st.one_of(
        inner.map(lambda x: (f"(-{x[0]})", None if x[1] is None else -x[1])),
        st.tuples(inner, st.sampled_from(sorted(OPERATIONS)), inner).map(lambda t: combined(*t)),
    ),
    max_leaves=12,
)


def combined(left, sign, right):
    """The source and the value (None: division by zero) of an operation on two such pairs."""
    source = f"({left[0]} {sign} {right[0]})"
    if left[1] is None or right[1] is None or (sign == "/" and right[1] == 0):
        return source, None
    return source, OPERATIONS[sign](left[1], right[1])


@settings(max_examples=300, deadline=None)
@given(TREES)
def test_arithmetic_agrees_with_fractions(tree):
    """Generated expressions come to exactly what Python's Fraction says."""
    source, expected = tree
    if expected is None:
        with pytest.raises(ExpressionError):
            parse(source).evaluate({})
    else:
        assert parse(source).evaluate({}) == expected


@given(st.fractions(max_denominator=10**9))
def test_formatted_numbers_read_back_as_themselves(value):
    """What is written by format_value is the same number when parsed."""
    assert parse(format_value(value)).evaluate({}) == value


@given(st.floats(-1e50, 1e50, allow_nan=False).filter(lambda x: abs(x) > 1e-40))
def test_formatted_floats_read_back_to_ten_digits(value):
    """A float is written so that the language itself can read it again."""
    assert math.isclose(parse(format_value(value)).evaluate({}), value, rel_tol=1e-9)


@given(st.integers(0, 10**12), st.integers(2, 6))
def test_exact_powers_have_exact_roots(base, degree):
    """The n-th root of an n-th power is the exact base, however large."""
    if base**degree <= 10**60:
        assert parse(f"root({base}^{degree}, {degree})").evaluate({}) == Fraction(base)


@given(st.fractions(-1000, 1000, max_denominator=999), st.integers(0, 6))
def test_rounding_is_the_nearest_with_halves_away_from_zero(value, places):
    """round() is within half a unit of the last place, and decimal() writes the same number."""
    rounded = parse(f"round(x, {places})").evaluate({"x": value})
    assert abs(rounded - value) <= Fraction(1, 2 * 10**places)
    assert Fraction(parse(f"decimal(x, {places})").evaluate({"x": value})) == rounded


def test_names_are_the_variables_used():
    """Functions, constants and words of the grammar are not variables."""
    assert parse("lcm(b, d) > pi and not x_1 = true").names == {"b", "d", "x_1"}


def test_expressions_are_cached_and_can_be_pickled():
    """The same source is read once, and an expression survives pickling."""
    expression = parse("a + 1")
    assert parse("a + 1") is expression
    assert pickle.loads(pickle.dumps(expression)).evaluate({"a": 1}) == 2


@pytest.mark.parametrize("name", ["b", "n_1", "Total", "step", "_x"])
def test_variable_names(name):
    """Letters, digits and underscores make a name."""
    assert is_variable_name(name)


@pytest.mark.parametrize("name", ["", "2b", "é", "a b", "a-b", "x" * 65, *sorted(RESERVED)])
def test_words_that_cannot_be_variables(name):
    """Functions, constants, operators and other alphabets are not names of variables."""
    assert not is_variable_name(name)
