"""Reading typed maths: what is read and how, and the sentence for everything that cannot be read yet."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adaptive_xblocks.tutoring.algebra import Unreadable, read, tex, typed
from adaptive_xblocks.tutoring.algebra import sentences as say
from adaptive_xblocks.tutoring.algebra.tree import (
    Call,
    Constant,
    Negative,
    Node,
    Power,
    Product,
    Quotient,
    Sum,
    Unknown,
    whole,
)

XY = frozenset("xy")


@pytest.mark.parametrize(("text", "plain"), [
    ("2x", "2*x"), ("3(x+1)", "3*(x + 1)"), ("x y", "x*y"), ("xy", "x*y"), ("(x+1)(x-1)", "(x + 1)*(x - 1)"),
    ("2sqrt(x)", "2*sqrt(x)"), ("sinx", "sin(x)"), ("sin x", "sin(x)"), ("sin 2x", "sin(2*x)"),
    ("sin xy", "sin(x*y)"),
    ("sin^2 x", "sin(x)^2"), ("sin²x", "sin(x)^2"), ("sin^-1 x", "asin(x)"), ("arctan(x)", "atan(x)"),
    ("sin x cos y", "sin(x)*cos(y)"), ("x sin x", "x*sin(x)"), ("ln|x|", "ln(abs(x))"), ("ln sin x", "ln(sin(x))"),
    ("|x|", "abs(x)"), ("||x|-1|", "abs(abs(x) - 1)"), ("2|x|y", "2*abs(x)*y"), ("|x||y|", "abs(x)*abs(y)"),
    ("x^2", "x^2"), ("x**2", "x^2"), ("x²", "x^2"), ("x²³", "x^23"), ("x⁻²", "x^(-2)"), ("x^2y", "x^2*y"),
    ("2^3^x", "2^(3^x)"), ("-x^2", "-x^2"), ("2^-x", "2^(-x)"), ("e^x y", "e^x*y"), ("--x", "x"),
    ("√x", "sqrt(x)"), ("√(x+1)", "sqrt(x + 1)"), ("∛x", "cbrt(x)"), ("2√3", "2*sqrt(3)"),
    ("root(x, 5)", "root(x, 5)"),
    ("root(8,3)", "cbrt(8)"), ("root(8;3)", "cbrt(8)"),
    ("root( x ,3)", "cbrt(x)"), ("sqrt x", "sqrt(x)"),
    ("½x", "(1/2)*x"), ("1½", "1 + 1/2"), ("0.5x", "0.5*x"), ("0,5x", "0.5*x"), (".5", "0.5"), ("1,25", "1.25"),
    ("٣x", "3*x"), ("x−1", "x - 1"), ("x×y", "x*y"), ("x·y", "x*y"), ("x÷2", "x/2"), ("6:2", "6/2"),
    ("\u200f\u202bx\u202c + 1", "x + 1"), ("x\u00a0+\u20091", "x + 1"), ("X + 1", "x + 1"), ("𝑥 + 1", "x + 1"),
    ("ｘ＋１", "x + 1"), ("SIN(x)", "sin(x)"), ("π", "pi"), ("2πx", "2*pi*x"), ("pi x", "pi*x"),
    ("[x+1]^2", "(x + 1)^2"),
    (r"\frac{1}{2}x", "(1/2)*x"), (r"\frac12 x", "(1/2)*x"), (r"\sqrt{x}", "sqrt(x)"), (r"\sqrt[3]{x}", "cbrt(x)"),
    (r"\left(x+1\right)\cdot y", "(x + 1)*y"), (r"$x^{2y}$", "x^(2*y)"), (r"\sin\left(x\right)", "sin(x)"),
    (r"\pi\,x", "pi*x"), ("y = 2x", "2*x"), ("f(x) = 2x", "2*x"), ("x + 1.", "x + 1"), ("log_2(8)", "ln(8)/ln(2)"),
    ("1/2*x", "(1/2)*x"), ("x^(1/2)", "x^(1/2)"), ("x^2/3", "x^2/3"),
])  # fmt: skip
def test_what_people_type_is_read(text, plain):
    """Products without signs, every hand's signs, functions without brackets, simple LaTeX: as one would read them."""
    assert typed(read(text, XY)) == plain


@pytest.mark.parametrize(("text", "key"), [
    ("", say.EMPTY), ("  \u200f", say.EMPTY), ("x" * 501, say.TOO_LONG), ("z + 1", say.UNKNOWN_LETTER),
    ("2ax", say.UNKNOWN_LETTER), ("three apples", say.NO_WORDS), ("x_1", say.UNKNOWN_LETTER),
    ("(x", say.NOT_CLOSED), ("[x)", say.NOT_CLOSED), ("x)", say.NOT_OPENED), ("()", say.EMPTY_BRACKETS),
    ("|x", say.BAR_NOT_CLOSED), ("x +", say.ENDS), ("(x + )", say.ENDS), ("x^", say.ENDS),
    ("* x", say.MISSING), ("x + * y", say.MISSING), ("x = y = 2", say.NO_EQUATION), ("x < 2", say.NO_EQUATION),
    ("2x = y", say.NO_EQUATION), ("x ≥ 2", say.NO_EQUATION), ("2 3", say.TWO_NUMBERS), ("1 3/4", say.TWO_NUMBERS),
    ("x2", say.NUMBER_AFTER), ("(x+1)2", say.NUMBER_AFTER), ("1,234", say.AMBIGUOUS_COMMA), ("x, y", say.SEVERAL),
    ("(1,2)", say.SEVERAL), ("(x; y)", say.SEVERAL), ("2e3", say.AMBIGUOUS_E), ("1/2x", say.AMBIGUOUS_LINE),
    ("x/2(x+1)", say.AMBIGUOUS_LINE), ("e^2x", say.AMBIGUOUS_POWER), ("x^1/2", say.AMBIGUOUS_POWER),
    ("2^xy", say.AMBIGUOUS_POWER), ("√2x", say.AMBIGUOUS_ROOT), ("sqrt 2x", say.AMBIGUOUS_ROOT),
    ("√x^2", say.AMBIGUOUS_ROOT),
    ("sin x/2", say.AMBIGUOUS_ARGUMENT), ("sin x (x+1)", say.AMBIGUOUS_ARGUMENT),
    ("sin 2*x", say.AMBIGUOUS_ARGUMENT),
    ("log2(8)", say.AMBIGUOUS_ARGUMENT), ("sin", say.NEEDS_ARGUMENT), ("sin -x", say.NEEDS_ARGUMENT),
    ("abs x", say.NEEDS_ARGUMENT), ("sin(x, y)", say.ONE_ARGUMENT), ("sqrt(x, 3)", say.ONE_ARGUMENT),
    ("root(x)", say.ROOT_ARGUMENTS), ("root(x, y)", say.ROOT_ARGUMENTS), ("root( ,5)", say.MISSING),
    ("root(√,5)", say.MISSING), ("root(x, 1.5)", say.ROOT_ARGUMENTS),
    ("log_x(8)", say.LOG_BASE), ("x%", say.NO_PERCENT), ("x!", say.NO_FACTORIAL), ("90°", say.NO_DEGREES),
    ("±x", say.ONE_OF_TWO), (r"\int x", say.NO_LATEX), (r"\frac{1}x", say.NO_LATEX), ("x@y", say.UNKNOWN_SIGN),
    ("x\\", say.NO_LATEX), ("∞", say.UNKNOWN_SIGN), ("9" * 41, say.TOO_MANY_DIGITS),
    ("(" * 60 + "x" + ")" * 60, say.TOO_DEEP),
    ("^".join("x" * 60), say.TOO_DEEP), ("sin " * 60 + "x", say.TOO_DEEP), ("|" * 400, say.TOO_DEEP),
    ("⧸1/0⧹", say.DIVIDES_BY_ZERO), ("x_2y", say.UNKNOWN_LETTER),
])  # fmt: skip
def test_what_cannot_be_read_yet_gets_its_own_sentence(text, key):
    """The sentence says how to write it."""
    with pytest.raises(Unreadable) as refusal:
        read(text, XY)
    assert refusal.value.message.key == key
    assert str(refusal.value.message)


def test_an_unknown_letter_is_told_with_those_that_there_are():
    """The learner sees the letter typed and the letters that can be."""
    with pytest.raises(Unreadable) as refusal:
        read("2x + z", XY)
    assert str(refusal.value.message) == "There is no z here; use x, y."


@pytest.mark.parametrize(("text", "names", "plain"), [
    ("v0 t", "v_0 t", "v_0*t"), ("v₀t", "v_0 t", "v_0*t"), ("v_{0}t", "v_0 t", "v_0*t"),
    ("θ/2", "theta", "theta/2"),
    (r"\theta", "theta", "theta"), ("theta", "θ", "θ"), ("speed*2", "speed", "speed*2"), ("2e", "e", "2*e"),
    ("ab", "a b", "a*b"),
    ("ab", "ab a b", "ab"), ("Ab", "A b", "A*b"), ("xX", "x X", "x*X"), ("λ", "lambda", "lambda"),
    ("pi", "p i", "pi"),
])  # fmt: skip
def test_names_are_read_as_they_are_known(text, names, plain):
    """Indices with and without a line, Greek letters by sign or name, the longest name first, case where it matters."""
    assert typed(read(text, frozenset(names.split()))) == plain


def test_e_is_a_number_unless_it_is_an_unknown():
    """Euler's number where no unknown is called e."""
    assert read("e", XY) == Constant("e")
    assert read("e", frozenset("e")) == Unknown("e")


NUMBERS = st.integers(0, 99).map(whole)
LEAVES = st.one_of(NUMBERS, st.sampled_from([Unknown("x"), Unknown("y"), Constant("pi"), Constant("e")]))


def grown(parts):
    """Trees one level taller, as the reader makes them."""
    def flat(kind):
        return st.lists(parts, min_size=2, max_size=3).map(lambda found: kind(tuple(found)))

    return st.one_of(
        flat(Sum), flat(Product), st.builds(Quotient, parts, parts), st.builds(Power, parts, parts),
        parts.filter(lambda node: not isinstance(node, Negative)).map(Negative),
        st.builds(Call, st.sampled_from(["sin", "ln", "abs", "exp"]), parts),
        st.builds(lambda part, index: Call("root", part, index), parts, st.integers(2, 9)),
    )


def merged(node: Node) -> Node:
    """The tree as it is after the signs of what is written without brackets have been drawn together."""
    return read(typed(node), XY)


@given(st.recursive(LEAVES, grown, max_leaves=12))
def test_what_is_written_is_read_again(tree):
    """Writing a tree and reading it gives a tree that is written alike; TeX of it can be made."""
    text = typed(tree)
    if len(text) <= 500:
        assert typed(merged(tree)) == text or merged(merged(tree)) == merged(tree)
        assert tex(tree)


@given(st.one_of(st.text(max_size=60), st.text("xy0123456789+-*/^()|[]{}\\., √²½sincoltanqrtep_=", max_size=60)))
def test_any_text_is_read_or_refused_with_a_sentence(text):
    """Whatever is typed gives a tree or a sentence, nothing else."""
    try:
        found = read(text, XY)
    except Unreadable as refusal:
        found = str(refusal.message)
    assert found
    assert isinstance(found, Node | str)
