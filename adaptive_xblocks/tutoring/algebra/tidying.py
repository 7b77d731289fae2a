"""Numbers in the place of an item's variables, and what people would then no longer write: 1x, x + 0, x + -3."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from adaptive_xblocks.tutoring.algebra.polynomials import number
from adaptive_xblocks.tutoring.algebra.programs import rational
from adaptive_xblocks.tutoring.algebra.tree import (
    Call,
    Negative,
    Node,
    Power,
    Product,
    Quotient,
    Sum,
    Unknown,
    negated,
    whole,
)


def with_values(tree: Node, values: Mapping[str, Fraction]) -> Node:
    """The tree with these names replaced by their values, tidied wherever one was replaced.

    >>> from adaptive_xblocks.tutoring.algebra.reading import read
    >>> from adaptive_xblocks.tutoring.algebra.writing import typed
    >>> tree = read("(x + a)(b x + a)^2", frozenset("xab"))
    >>> typed(with_values(tree, {"a": Fraction(-3), "b": Fraction(1)}))
    '(x - 3)*(x - 3)^2'
    """
    if isinstance(tree, Unknown):
        return number(values[tree.name]) if tree.name in values else tree
    if not tree.parts:
        return tree
    parts = tuple(with_values(part, values) for part in tree.parts)
    if parts == tree.parts:
        return tree
    return _tidied(_rebuilt(tree, parts))


def _rebuilt(node: Node, parts: tuple[Node, ...]) -> Node:
    if isinstance(node, Sum | Product):
        return type(node)(parts)
    if isinstance(node, Call):
        return Call(node.name, parts[0], node.index)
    return type(node)(*parts)


def _tidied(node: Node) -> Node:
    value = rational(node)
    if value is not None:
        return number(value)
    if isinstance(node, Sum):
        return _tidied_sum(node)
    if isinstance(node, Product):
        return _tidied_product(node)
    if isinstance(node, Quotient):
        return _tidied_quotient(node)
    if isinstance(node, Power):
        return {0: whole(1), 1: node.base}.get(rational(node.exponent), node)
    if isinstance(node, Negative):
        return negated(node.operand)
    return node


def _tidied_sum(node: Sum) -> Node:
    terms: list[Node] = []
    constant = Fraction(0)
    place = len(node.terms)
    for term in node.terms:
        value = rational(term)
        if value is None:
            terms.append(term)
        else:
            constant += value
            place = min(place, len(terms))
    if constant:
        terms.insert(place, number(constant))
    return terms[0] if len(terms) == 1 else Sum(tuple(terms))


def _tidied_product(node: Product) -> Node:
    coefficient, rest = Fraction(1), []
    for factor in node.factors:
        inner = factor.operand if isinstance(factor, Negative) else factor
        coefficient *= -1 if inner is not factor else 1
        value = rational(inner)
        if value is None:
            rest.append(inner)
        else:
            coefficient *= value
    if not coefficient:
        return whole(0)
    size = abs(coefficient)
    factors = rest if size == 1 else [number(size), *rest]
    result = factors[0] if len(factors) == 1 else Product(tuple(factors))
    return Negative(result) if coefficient < 0 else result


def _tidied_quotient(node: Quotient) -> Node:
    above, below = node.above, node.below
    minus = isinstance(above, Negative) is not isinstance(below, Negative)
    above = above.operand if isinstance(above, Negative) else above
    below = below.operand if isinstance(below, Negative) else below
    if rational(above) == 0:
        return whole(0)
    result = above if rational(below) == 1 else Quotient(above, below)
    return Negative(result) if minus else result
