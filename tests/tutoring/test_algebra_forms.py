"""The forms that an answer may be asked for: what has them, and what is equal but has not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adaptive_xblocks.tutoring.algebra import FORMS, as_tree, expanded, has_form, read, typed, unknowns, with_values

NAMES = frozenset("xyab")


@pytest.mark.parametrize(("form", "key", "having", "lacking"), [
    ("expanded", "x^2+2x+1", ["1+2x+x²", "x*x+2x+1", "x^2+(2x+1)", "-(-1)*x^2+2x+1"][:1],
     ["(x+1)^2", "x^2+x+x+1", "x(x+2)+1", "x^2+2*1*x+1", "x^2-(-2x-1)", "x*x+2x+1"]),
    ("expanded", "6x", ["6x", "x*6"], ["2*3*x", "2(3x)", "5x+x", "3(x+x)"]),
    ("expanded", "4x^2y^2", ["4x^2y^2", "4y^2x^2"], ["(2x y)^2", "4(x y)^2", "2x*2x*y^2"]),
    ("expanded", "x/2+1/2", ["x/2+1/2", "0.5x+0.5", "(1/2)x+1/2"], ["(x+1)/2", "(1/2)(x+1)"]),
    ("expanded", "sin(2(x+1))+1/(x+1)", ["1/(x+1)+sin(2(x+1))"], ["(1+(x+1)sin(2(x+1)))/(x+1)"]),
    ("factored", "(x-2)(x+3)", ["(x+3)(x-2)", "-(2-x)(x+3)", "1(x-2)(x+3)", "-(x-2)(-x-3)"],
     ["x^2+x-6", "x(x+1)-6", "(x^2+x-6)*1", "(x^2+x-6)x/x", "(x^2+x-6)(x-x+1)", "(x^2+x-6)^1",
      "((x^2+x-6)^2)/(x^2+x-6)"]),
    ("factored", "2(x+2)(x-1)", ["2(x-1)(x+2)", "(x-1)*2(x+2)"], ["(2x+4)(x-1)", "2(x^2+x-2)", "2x^2+2x-4"]),
    ("factored", "3x(x+1)", ["x*3(x+1)"], ["x(3x+3)", "3(x^2+x)", "3x^2+3x"]),
    ("factored", "(x+1)^3", ["(x+1)(x+1)^2", "(1+x)^3"], ["(x+1)(x^2+2x+1)", "(x+1)^2*x+(x+1)^2"]),
    ("factored", "(x-y)(x+y)", ["(y+x)(x-y)"], ["x^2-y^2", "(x^2-y^2)*1"]),
    ("factored", "2(x+1)", ["2(1+x)"], ["2x+2"]),
    ("simplified", "x+1", ["1+x", "x+1"], ["(x^2-1)/(x-1)", "x+2-1", "x+1+0", "1*x+1", "x*x/x+1", "(x+1)^1",
                                          "x+(1)^2"]),
    ("simplified", "2sqrt(2)", ["sqrt(2)*2"], ["sqrt(8)", "sqrt(2)+sqrt(2)", "2*2^(1/2)*1"]),
    ("simplified", "3x", ["3x", "x*3"], ["x+2x", "6x/2", "x*3*1", "3x+y-y", "3x/1"]),
    ("simplified", "x/2", ["x/2", "(1/2)x", "0.5x"], ["2x/4", "x/2+0", "(x/4)*2", "x/(4/2)"]),
    ("simplified", "1/(x+1)", ["1/(1+x)"], ["(x-1)/(x^2-1)", "2/(2x+2)", "(1/2)/((x+1)/2)", "-1/-(x+1)"]),
    ("simplified", "5", ["5", "5.0"], ["5+x-x", "sqrt(25)", "10/2", "2+3", "5^1", "--5+0", "sin(x)^2+cos(x)^2+4"]),
    ("simplified", "3/4", ["3/4", "0.75"], ["6/8", "1.5/2", "1-1/4", "3*(1/4)"]),
    ("simplified", "x^6", ["x^6"], ["(x^2)^3", "x^2x^4"]),
    ("simplified", "(x+y)/(x-y)", ["(y+x)/(x-y)"], ["(x+y)^2/((x-y)(x+y))", "(x^2+2x y+y^2)/(x^2-y^2)"]),
    ("simplified", "sin(x)", ["sin x"], ["sin(2x/2)", "sin(x)(sin(x)^2+cos(x)^2)", "sin(x)+sin(0)"]),
])  # fmt: skip
def test_a_form_is_told_from_its_neighbours(form, key, having, lacking):
    """What is written in the form has it; what has the same value in another shape has not."""
    tree = read(key, NAMES)
    assert has_form(tree, form, tree)
    assert [text for text in having if not has_form(read(text, NAMES), form, tree)] == []
    assert [text for text in lacking if has_form(read(text, NAMES), form, tree)] == []


FACTORS = st.lists(st.tuples(st.integers(1, 4), st.integers(-9, 9)), min_size=2, max_size=4)


@given(FACTORS)
def test_what_is_multiplied_out_is_expanded_and_not_factored(factors):
    """The product of linear factors is factored where no number can be taken out, its polynomial is expanded."""
    text = "*".join(f"({above}x+({below}))" for above, below in factors)
    names = ["x"]
    tree = as_tree(expanded(read(text, frozenset("x")), names), names)
    assert has_form(tree, "expanded", tree)
    again = read(typed(tree), frozenset("x"))
    assert has_form(again, "expanded", tree)
    assert not has_form(again, "factored", read(text, frozenset("x"))) or len(tree.parts) < 2 or "+" not in typed(tree)


@pytest.mark.parametrize("form", sorted(FORMS))
@pytest.mark.parametrize("text", [
    "0", "-x", "1/(x-x)", "(x+y)^40", "x^0", "(1/3)^9*x", "|x|/sqrt(x)", "((x+1)^30)^30", "x^(1/2)",
])  # fmt: skip
def test_any_tree_has_a_form_or_not(form, text):
    """No tree raises, however large it would become multiplied out."""
    tree = read(text, NAMES)
    assert has_form(tree, form, tree) in (True, False)


@pytest.mark.parametrize(("text", "a", "b", "tidied"), [
    ("a*x + b", 1, -3, "x - 3"), ("a*x + b", -1, 0, "-x"), ("a*x + b", 0, 2, "2"),
    ("(x - a)*(x - b)", -2, 3, "(x + 2)*(x - 3)"),
    ("x^a/b", 2, 1, "x^2"), ("x^a/b", 1, -2, "-x/2"), ("a/b*x", 3, 4, "(3/4)*x"),
    ("x^2 + 2*a*x + a^2", 3, 1, "x^2 + 6*x + 9"),
    ("sqrt(a*x) - a", -4, 1, "sqrt(-4*x) + 4"), ("x - a + b", 2, 2, "x"), ("6/4*x", 1, 1, "(6/4)*x"),
    ("-(a*x)", -2, 1, "2*x"),
])  # fmt: skip
def test_values_in_the_place_of_variables_are_tidied(text, a, b, tidied):
    """What nobody would write any more (1x, + 0, + -3) goes; what the author wrote stays."""
    tree = with_values(read(text, NAMES), {"a": a, "b": b})
    assert typed(tree) == tidied
    assert unknowns(tree) <= {"x"}
