"""Variants: the numbers one learner gets, the same on every request, and texts with them."""

import subprocess
import sys
from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adaptive_xblocks.tutoring.expressions import ExpressionError, parse
from adaptive_xblocks.tutoring.model import Help, Input, Item, Step, Text, Variable, WrongRule
from adaptive_xblocks.tutoring.variants import (
    VariantError,
    count_variants,
    make_variant,
    text_parts,
    variant_faults,
)


def item(*variables, where=(), prompt="", steps=(), solution=None, line=7):
    """An item with `name: values` or `name = formula` for each variable."""
    made = []
    for index, source in enumerate(variables):
        name, sign, rest = source.partition(":") if ":" in source else source.partition("=")
        drawn = sign == ":"
        made.append(
            Variable(name.strip(), rest.strip() if drawn else None, None if drawn else rest.strip(), line=10 + index)
        )
    return Item("i", "I", steps, Text(prompt), solution, variables=tuple(made), where=tuple(where), line=line)


FRACTIONS = item("b: 2..5", "d: 3, 7, 11", "n = lcm(b, d)", where=["b < d"])


@pytest.mark.parametrize(
    ("values", "possible"),
    [
        ("2..5", {2, 3, 4, 5}),
        ("3, 7, 11", {3, 7, 11}),
        ("0.5..2 step 0.5", {Fraction(1, 2), 1, Fraction(3, 2), 2}),
        ("'red', 'blue'", {"red", "blue"}),
        ("4", {4}),
        ("1..2, 9", {1, 2, 9}),
    ],
)
def test_a_variable_takes_each_of_its_values(values, possible):
    """Over many seeds every value of a range or list comes up, and no other."""
    drawn = item(f"x: {values}")
    assert {make_variant(drawn, seed).values["x"] for seed in range(100)} == possible


def test_formulas_use_earlier_variables():
    """A formula or a range of values is worked out from the variables above it."""
    variant = make_variant(item("a: 2..9", "b: 1..a - 1", "c = a * b"), 3)
    assert variant.values["b"] < variant.values["a"]
    assert variant.values["c"] == variant.values["a"] * variant.values["b"]
    assert list(variant.values) == ["a", "b", "c"]


@given(st.integers())
def test_every_variant_satisfies_its_conditions(seed):
    """No seed gives values that break a `where`."""
    values = make_variant(FRACTIONS, seed).values
    assert values["b"] < values["d"]
    assert values["n"] == parse("lcm(b, d)").evaluate(values)


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 30), st.integers(1, 30), st.integers(1, 900), st.integers(0, 10**9))
def test_a_rare_fit_is_found_for_certain(most_a, most_b, product, seed):
    """Where few combinations are to be looked at, values are found exactly if there are any."""
    rare = item(f"a: 1..{most_a}", f"b: 1..{most_b}", where=[f"a * b = {product}"])
    fits = any(a * b == product for a in range(1, most_a + 1) for b in range(1, most_b + 1))
    if fits:
        values = make_variant(rare, seed).values
        assert values["a"] * values["b"] == product
    else:
        with pytest.raises(VariantError, match="No combination"):
            make_variant(rare, seed)


GOLDEN = [(2, 3, 6), (5, 7, 35), (3, 11, 33), (2, 11, 22)]


def test_the_same_seed_gives_the_same_values_for_ever():
    """These values are stored with learners' answers; they must never change with a release."""
    drawn = [tuple(map(int, make_variant(FRACTIONS, seed).values.values())) for seed in (0, 1, 2, "s")]
    assert drawn == GOLDEN


def test_values_do_not_depend_on_the_process():
    """Another process with another hash seed draws the same."""
    code = (
        "from adaptive_xblocks.tutoring.variants import make_variant\n"
        "from adaptive_xblocks.tutoring.model import *\n"
        "i = Item('i', 'I', (), Text(''), variables=(Variable('x', '1..1000'),))\n"
        "print([int(make_variant(i, s).values['x']) for s in range(5)])"
    )
    command = [sys.executable, "-c", code]
    shown = {subprocess.run(command, env={"PYTHONHASHSEED": seed, "PYTHONPATH": ":".join(sys.path)},
                            capture_output=True, text=True, check=True).stdout for seed in ("1", "2")}  # fmt: skip
    assert shown == {str([int(make_variant(item("x: 1..1000"), seed).values["x"]) for seed in range(5)]) + "\n"}


def test_mending_a_text_changes_no_numbers():
    """A new version of the item with the same variables keeps each learner's values."""
    mended = replace(FRACTIONS, version="2", prompt=Text("new"), title="new")
    assert make_variant(mended, 5).values == make_variant(FRACTIONS, 5).values
    assert make_variant(mended, 5).item is mended


def test_values_cannot_be_changed():
    """A variant is shared by requests and therefore read-only."""
    with pytest.raises(TypeError):
        make_variant(FRACTIONS, 1).values["b"] = 1


def test_variants_can_be_compared_and_hashed():
    """Variants of one item and seed are one variant."""
    assert len({make_variant(FRACTIONS, 1), make_variant(FRACTIONS, 1), make_variant(FRACTIONS, 2)}) == 2


def test_a_draw_without_a_value_is_drawn_again():
    """Division by zero in one draw rejects that draw only."""
    divided = item("d: 0..3", "q = 6 / d")
    assert {make_variant(divided, seed).values["d"] for seed in range(50)} == {1, 2, 3}
    assert count_variants(divided) == 3


@pytest.mark.parametrize(
    ("broken", "reason"),
    [
        (item("a: 1..3", where=["a > 3"]), "No combination of the variables' values satisfies the conditions."),
        (item("a: 1..200", "b: 1..200", where=["a < 0 * b"]), "None of 200 draws"),
        (item("a = 1/0"), "the last one failed: At character 2: Division by zero."),
        (item("a = b + 1"), "There is no variable “b”"),
        (item("a: 1 +"), "A number or a name is expected here, not the end."),
        (item("a: 1..3", where=["a"]), "“a” is not a condition such as a < b."),
        (item("a: 3..1"), "There is no value for “a”"),
        (item("a: 1..1000", "b: 1..1000", where=["sum(1..1000) < 0"]), "This takes too much work"),
    ],
)
def test_items_without_values_say_why(broken, reason):
    """An item that can have no values raises with its id and the reason."""
    with pytest.raises(VariantError) as caught:
        make_variant(broken, 1)
    assert caught.value.item_id == "i"
    assert reason in str(caught.value.reason)
    assert str(caught.value).startswith("Item “i”: ")


@pytest.mark.parametrize(
    ("counted", "number"),
    [
        (item(), 1),
        (FRACTIONS, 9),
        (item("a: 1, 1, 2"), 2),
        (item("a: 1..3", where=["a > 3"]), 0),
        (item("a: 1 +"), 0),
        (item("a: 1..100", "b: 1..100"), None),
    ],
)
def test_variants_are_counted(counted, number):
    """The number of different variants is exact, or unknown where there are too many to look at."""
    assert count_variants(counted) == number


def test_a_text_shows_its_values():
    """Expressions in HTML and in formulas are replaced; `&lt;` in them is less-than."""
    variant = make_variant(item("b: 4", "d: 6"), 1)
    assert (
        variant.text(Text("<p>{@b@} and {@ lcm(b, d) @}: {@ if(b &lt; d, 'yes', 'no') @}</p>"))
        == "<p>4 and 12: yes</p>"
    )
    assert 'data-tex="\\frac{1}{ 4 }"' in variant.text(Text(r"\(\frac{1}{ {@b@} }\)"))


def test_braces_around_a_value_in_a_formula_are_tex():
    r"""`\frac{{@b@}}{{@d@}}` is a fraction of two values, as any author would write it."""
    variant = make_variant(item("b: 4", "d: 6"), 1)
    assert variant.plain(Text(r"\(\frac{{@b@}}{{@d@}}\)")) == "4/6"


def test_a_literal_brace_and_at_sign_can_be_written():
    """Outside formulas `{{@` is `{@` and no expression."""
    assert make_variant(item("b: 4"), 1).text(Text("{{@b@} {@b@}")) == "{@b@} 4"


def test_text_with_a_language_is_marked():
    """Language and direction go on a span, or on a div where the text has blocks."""
    variant = make_variant(item(), 1)
    assert variant.text(Text("a", lang="ar", direction="rtl")) == '<span lang="ar" dir="rtl">a</span>'
    assert variant.text(Text("<p>a</p>", lang="pt-BR")) == '<div lang="pt-BR"><p>a</p></div>'


def test_plain_text_for_announcements():
    """The plain form has words and formulas without markup."""
    variant = make_variant(item("b: 3"), 1)
    assert variant.plain(Text(r"<p>Work <b>out</b> \(\frac{1}{ {@b@} }\)</p>")) == "Work out 1/3"


def test_values_of_expressions():
    """A variant works out expressions of answers, as sources or already read."""
    variant = make_variant(item("b: 3"), 1)
    assert variant.value("b + 1") == variant.number(parse("b + 1")) == 4
    assert variant.value("[b, 'x']") == (3, "x")


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("<p>{@1/(b - 3)@}</p>", "At character 2: Division by zero. In “1/(b - 3)” with b = 3."),
        ("{@c@}", "There is no variable “c”"),
        ("{@b +@}", "In the text “{@b +@}”."),
        ("{@b", "“{@b” has no closing “@}”."),
    ],
)
def test_a_text_without_a_value_names_item_expression_and_values(source, reason):
    """A failing text raises with everything an author needs to find it."""
    with pytest.raises(VariantError) as caught:
        make_variant(item("b: 3"), 1).text(Text(source))
    assert reason in str(caught.value.reason)


def test_a_text_where_a_number_is_needed_is_refused():
    """number() tells when an expression is not a number."""
    with pytest.raises(VariantError, match="“'x'” is not a number with no variables"):
        make_variant(item(), 1).number("'x'")


def test_parts_of_a_text_name_its_variables():
    """Whoever checks a document can ask a text for its expressions."""
    names = [part.names for part in text_parts(r"a {@b@} \({@c + d@}\)") if not isinstance(part, str)]
    assert names == [{"b"}, {"c", "d"}]
    with pytest.raises(ExpressionError):
        text_parts("{@1 +@}")


def test_faults_of_an_item_are_found_by_trying_it():
    """Each text that fails in some variant is reported once, with its element and line and an example."""
    scaffold = Step("q", (), Text("{@1/(b - 1)@}"), (), line=33)
    step = Step(
        "s", (), Text("{@b@}"), (Input("n", "numeric", None, Text("{@x@}")),), line=30,
        wrongs=(WrongRule((), say=Text("{@y@}"), line=31),),
        help=(Help("h", "hint", Text("{@1/b@}"), line=32), Help("c", "scaffold", Text("ok"), step=scaffold, line=33)),
    )  # fmt: skip
    faults = variant_faults(item("b: 0..3", steps=(step,), prompt="{@b", solution=Text("{@z@}")))
    places = sorted((fault.level, fault.element, fault.line) for fault in faults)
    assert places == [
        ("error", "hint", 32),
        ("error", "numeric", 30),
        ("error", "prompt", 7),
        ("error", "prompt", 33),
        ("error", "solution", 7),
        ("error", "wrong", 31),
    ]
    hint = next(fault for fault in faults if fault.element == "hint")
    assert "Division by zero" in str(hint.problem)
    assert "b = 0" in str(hint.problem)
    assert hint.item == "i"


def test_rejected_draws_are_a_warning():
    """A draw that had to be dropped is told with the values that cause it."""
    (fault,) = variant_faults(item("d: 0..3", "q = 1 / d"))
    assert (fault.level, fault.element, fault.line) == ("warning", "variable", 11)
    assert str(fault.problem) == "With d = 0: At character 3: Division by zero."


def test_an_item_without_values_is_one_error():
    """An impossible condition is told once, at the item."""
    (fault,) = variant_faults(item("a: 1..3", where=["a > 3"]))
    assert (fault.level, fault.element, fault.line) == ("error", "item", 7)


def test_a_sound_item_has_no_faults():
    """Nothing is reported of an item that works."""
    sound = replace(FRACTIONS, prompt=Text(r"\(\frac{1}{ {@b@} }\)"), solution=Text("{@n@}"))
    assert variant_faults(sound) == []
