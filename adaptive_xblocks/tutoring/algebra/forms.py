"""The forms that an answer may be asked for, defined on how it is written (brackets apart), not on its value.

**expanded**: a sum of terms, or one. Of each term: no sum, power of a product or of a sum with a whole exponent, or
minus sign is among its factors above the line; at most one factor is a number; no base comes twice. No two terms are
alike (differ by a number only). What stands below a line, under a root, in an exponent or a function is not looked
at.

**factored**: a product, a power or a quotient, with at least as many factors (x^3 has three, numbers none, those
below the line count negative) as the author's answer; no sum among the factors has a number or an unknown in common
that could be taken out. Signs and a number before it are free.

**simplified**, everywhere in it: numbers are worked out (fractions in lowest terms, no sqrt(8), no sin(0)); no two
terms of a sum are alike, no term is 0; a product has at most one number, which is not 1, no base twice, no minus sign
and no fraction with unknowns among its factors; a quotient has no quotient above or below, no minus below, and no
common factor; no power of a power, no exponent 0 or 1. Besides, no unknown is in it that its value does not depend
on, and it is at most twice as long as the author's. Expanded or factored is both fine; so is a root below the line.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from fractions import Fraction

from adaptive_xblocks.tutoring.algebra import modular, polynomials
from adaptive_xblocks.tutoring.algebra.programs import compiled, rational
from adaptive_xblocks.tutoring.algebra.tree import (
    Call,
    Constant,
    Negative,
    Node,
    Number,
    Power,
    Product,
    Quotient,
    Sum,
    Unknown,
    unknowns,
    walk,
)
from adaptive_xblocks.tutoring.algebra.work import NoValueError, SpentError, UndecidedError, Work

Factor = tuple[Node, Fraction]  # base and exponent


def _terms(node: Node) -> Iterator[Node]:
    """The terms of a sum, those of sums among them too, without their signs; a node that is none is its own term."""
    if isinstance(node, Sum):
        for term in node.terms:
            yield from _terms(term)
    elif isinstance(node, Negative) and not isinstance(node.operand, Sum):
        yield node.operand
    else:
        yield node


def _factors(node: Node, exponent: int = 1) -> Iterator[Factor]:
    """The factors of a product or quotient with their exponents, those below the line negative."""
    if isinstance(node, Product):
        for factor in node.factors:
            yield from _factors(factor, exponent)
    elif isinstance(node, Quotient) and rational(node) is None:
        yield from _factors(node.above, exponent)
        yield from _factors(node.below, -exponent)
    elif isinstance(node, Power) and rational(node) is None and rational(node.exponent) is not None:
        yield node.base, exponent * rational(node.exponent)
    else:
        yield node, Fraction(exponent)


def _bases(term: Node) -> dict[Node, Fraction] | None:
    """The factors of a term that are no numbers; None if one comes twice above or twice below the line."""
    found: dict[Node, Fraction] = {}
    for base, exponent in _factors(term):
        if rational(base) is None:
            if base in found:
                return None
            found[base] = exponent
    return found


def _are_unlike(terms: list[Node]) -> bool:
    """Whether no two of the terms differ only by a number."""
    kinds = [frozenset((_bases(term) or {term: Fraction(1)}).items()) if rational(term) is None else None
             for term in terms]
    return len(set(kinds)) == len(kinds)


def is_expanded(tree: Node, _key: Node) -> bool:
    """See the module."""
    terms = list(_terms(tree))
    return all(map(_is_expanded_term, terms)) and _are_unlike(terms)


def _is_expanded_term(term: Node) -> bool:
    value = rational(term)
    if value is not None:
        return isinstance(term, Number) or _is_written_fraction(term)
    factors = list(_factors(term))
    above = [base for base, exponent in factors if exponent > 0]
    if any(isinstance(base, Negative) for base in above) or _bases(term) is None:
        return False
    if sum(rational(base) is not None for base, _exponent in factors) > 1 + isinstance(term, Quotient):
        return False
    return not any(
        isinstance(base, Sum | Product | Quotient) and rational(base) is None and exponent.denominator == 1
        for base, exponent in factors
        if exponent > 0
    )


def is_factored(tree: Node, key: Node) -> bool:
    """See the module."""
    inner = tree.operand if isinstance(tree, Negative) else tree
    if not isinstance(inner, Product | Power | Quotient) and not isinstance(key, Number | Unknown):
        return False
    if _n_factors(tree) < _n_factors(key):
        return False
    return not any(_has_more_to_take_out(base) for base, _exponent in _factors(inner) if isinstance(base, Sum))


def _n_factors(node: Node) -> Fraction:
    if isinstance(node, Negative):
        return _n_factors(node.operand)
    if not unknowns(node):
        return Fraction(0)
    if isinstance(node, Product):
        return sum(map(_n_factors, node.factors), Fraction(0))
    if isinstance(node, Quotient):
        return _n_factors(node.above) - _n_factors(node.below)
    if isinstance(node, Power) and rational(node.exponent) is not None:
        return rational(node.exponent) * _n_factors(node.base)
    return Fraction(0 if _is_constant(node) else 1)


def _has_more_to_take_out(node: Node) -> bool:
    names = sorted(unknowns(node))
    polynomial = polynomials.expanded(node, names)
    if not polynomial:
        return False
    return polynomials.content(polynomial) > 1 or polynomials.has_common_unknown(polynomial)


def _is_constant(node: Node) -> bool:
    """Whether a node with unknowns has one value for all of them; False where no prime can decide that."""
    program = compiled(node)
    if not program.is_rational:
        return False
    values = {modular.values(program, unknowns(node), seed) for seed in ("one", "other")}
    return len(values) == 1


def is_simplified(tree: Node, key: Node) -> bool:
    """See the module."""
    if _size(tree) > 2 * _size(key) + 2 or not unknowns(tree) <= _needed(key):
        return False
    return _is_simple(tree)


def _needed(key: Node) -> frozenset[str]:
    return unknowns(key) if not unknowns(key) or not _is_constant(key) else frozenset()


def _size(tree: Node) -> int:
    return sum(isinstance(part, Number | Unknown | Constant | Call) for part in walk(tree))


def _is_simple(node: Node) -> bool:
    if rational(node) is not None:
        return _is_simple_number(node)
    if not unknowns(node) and not isinstance(node, Constant) and _is_exact(node):
        return False
    check = _CHECKS.get(type(node))
    if check is not None and not check(node):
        return False
    return all(_is_simple(part) for part in node.parts)


def _is_exact(node: Node) -> bool:
    """Whether what is written with roots or functions is a fraction all the same."""
    from adaptive_xblocks.tutoring.algebra.intervals import run

    try:
        return isinstance(run(compiled(node), {}, 128, Work(2_000)), Fraction)
    except (NoValueError, UndecidedError, SpentError):
        return False


def _is_simple_number(node: Node) -> bool:
    if isinstance(node, Negative):
        return not isinstance(node.operand, Negative) and _is_simple_number(node.operand)
    return isinstance(node, Number) or _is_written_fraction(node)


def _is_written_fraction(node: Node) -> bool:
    """Whether a fraction of whole numbers is in lowest terms and none itself."""
    if not isinstance(node, Quotient):
        return False
    above, below = node.above, node.below
    if not isinstance(above, Number) or not isinstance(below, Number) or above.is_decimal or below.is_decimal:
        return False
    return below.value > 1 and math.gcd(above.value.numerator, below.value.numerator) == 1


def _is_simple_sum(node: Sum) -> bool:
    terms = list(_terms(node))
    brackets = any(isinstance(term, Sum) or (isinstance(term, Negative) and isinstance(term.operand, Sum))
                   for term in node.terms)
    return not brackets and _are_unlike(terms) and not any(rational(term) == 0 for term in terms)


def _is_simple_product(node: Product) -> bool:
    numbers = [factor for factor in node.factors if rational(factor) is not None]
    if len(numbers) > 1 or any(rational(number) in (0, 1) for number in numbers):
        return False
    if any(isinstance(factor, Negative | Product) for factor in node.factors):
        return False
    if any(isinstance(factor, Quotient) and rational(factor) is None for factor in node.factors):
        return False
    return _bases(node) is not None


def _is_simple_quotient(node: Quotient) -> bool:
    for part in (node.above, node.below):
        inner = part.operand if isinstance(part, Negative) else part
        pieces = inner.factors if isinstance(inner, Product) else (inner,)
        if any(isinstance(piece, Quotient) for piece in pieces):
            return False
    if isinstance(node.below, Negative) or rational(node.below) in (0, 1):
        return False
    above, below = (dict(_factors(part)) for part in (_unsigned(node.above), _unsigned(node.below)))
    if any(base in below for base in above if rational(base) is None):
        return False
    names = sorted(unknowns(node))
    contents = [_content_of(part, names) for part in (node.above, node.below)]
    return math.gcd(*contents) == 1 and not polynomials.have_common_factor(node.above, node.below)


def _unsigned(node: Node) -> Node:
    return node.operand if isinstance(node, Negative) else node


def _content_of(node: Node, names: list[str]) -> int:
    polynomial = polynomials.expanded(node, names)
    if polynomial:
        return polynomials.content(polynomial)
    numbers = [rational(base) for base, _exponent in _factors(_unsigned(node))]
    return math.prod(int(value) for value in numbers if value is not None and value.denominator == 1) or 1


def _is_simple_negative(node: Negative) -> bool:
    return not isinstance(node.operand, Negative)


def _is_simple_power(node: Power) -> bool:
    if rational(node.exponent) in (0, 1):
        return False
    return not isinstance(node.base, Power) or rational(node.exponent) is None


def _is_simple_call(node: Call) -> bool:
    """A root of a whole number has no factor that comes out of it."""
    value = rational(node.argument)
    if node.name != "root" or value is None or value.denominator != 1 or not 1 < value < 10**8:
        return True
    return not any(value % base**node.index == 0 for base in range(2, _MOST_BASE.get(node.index, 100) + 1)
                   if base**node.index <= value)


_MOST_BASE = {2: 10_000, 3: 500}
_CHECKS: dict[type, Callable] = {
    Sum: _is_simple_sum, Product: _is_simple_product, Quotient: _is_simple_quotient, Negative: _is_simple_negative,
    Power: _is_simple_power, Call: _is_simple_call,
}  # fmt: skip
FORMS: dict[str, Callable[[Node, Node], bool]] = {
    "expanded": is_expanded, "factored": is_factored, "simplified": is_simplified,
}  # fmt: skip


def has_form(tree: Node, form: str, key: Node) -> bool:
    """Whether a tree with the value of the author's tree `key` has the form; any has the form ""."""
    return not form or FORMS[form](tree, key)
