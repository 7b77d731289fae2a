"""Polynomials with exact coefficients, for the forms that an answer may be asked for; none grows beyond its bounds."""

from __future__ import annotations

import math
import random
from collections.abc import Sequence
from fractions import Fraction

from adaptive_xblocks.tutoring.algebra.programs import bits, rational
from adaptive_xblocks.tutoring.algebra.tree import (
    Negative,
    Node,
    Number,
    Power,
    Product,
    Quotient,
    Sum,
    Unknown,
    unknowns,
    whole,
)

MAX_TERMS = 120
MAX_POWER = 40
_PRIME = 2**61 - 1

Polynomial = dict[tuple[int, ...], Fraction]


class _TooLargeError(ArithmeticError):
    """It is no polynomial, or one with too many terms."""


def expanded(tree: Node, names: Sequence[str]) -> Polynomial | None:
    """The polynomial by exponents of the names; None if it is none, or a large one."""
    try:
        return _expanded(tree, names)
    except _TooLargeError:
        return None


def _expanded(node: Node, names: Sequence[str]) -> Polynomial:
    value = rational(node)
    if value is not None:
        return {(0,) * len(names): value} if value else {}
    if isinstance(node, Unknown):
        return {tuple(int(name == node.name) for name in names): Fraction(1)}
    if isinstance(node, Negative):
        return {powers: -value for powers, value in _expanded(node.operand, names).items()}
    if isinstance(node, Sum):
        total: Polynomial = {}
        for term in node.terms:
            total = _added(total, _expanded(term, names))
        return total
    if isinstance(node, Product):
        return _multiplied([_expanded(factor, names) for factor in node.factors])
    if isinstance(node, Quotient) and rational(node.below):
        factor = 1 / rational(node.below)
        return {powers: value * factor for powers, value in _expanded(node.above, names).items()}
    if isinstance(node, Power):
        exponent = rational(node.exponent)
        if exponent is not None and exponent.denominator == 1 and 0 <= exponent <= MAX_POWER:
            return _multiplied([_expanded(node.base, names)] * int(exponent), len(names))
    raise _TooLargeError


def _added(one: Polynomial, other: Polynomial) -> Polynomial:
    result = dict(one)
    for powers, value in other.items():
        result[powers] = result.get(powers, Fraction(0)) + value
        if not result[powers]:
            del result[powers]
    return result


def _multiplied(factors: list[Polynomial], n_names: int = 0) -> Polynomial:
    result = factors[0] if factors else {(0,) * n_names: Fraction(1)}
    for factor in factors[1:]:
        product: Polynomial = {}
        for powers, value in result.items():
            product = _added(product, {
                tuple(map(sum, zip(powers, others, strict=True))): value * other for others, other in factor.items()
            })
        too_long = any(bits(value) > 400 for value in product.values())
        if len(product) > MAX_TERMS or too_long:
            raise _TooLargeError
        result = product
    return result


def as_tree(polynomial: Polynomial, names: Sequence[str]) -> Node:
    """The polynomial as a sum of terms, the highest powers first."""
    ordered = sorted(polynomial.items(), key=lambda term: (-sum(term[0]), tuple(-power for power in term[0])))
    terms = [_term(powers, value, names) for powers, value in ordered]
    return Sum(tuple(terms)) if len(terms) > 1 else terms[0] if terms else whole(0)


def _term(powers: tuple[int, ...], value: Fraction, names: Sequence[str]) -> Node:
    factors: list[Node] = []
    for name, power in zip(names, powers, strict=True):
        if power:
            factors.append(Unknown(name) if power == 1 else Power(Unknown(name), whole(power)))
    size = number(abs(value))
    if abs(value) != 1 or not factors:
        factors.insert(0, size)
    node = factors[0] if len(factors) == 1 else Product(tuple(factors))
    return Negative(node) if value < 0 else node


def number(value: Fraction) -> Node:
    """A number as it is written in lowest terms."""
    if value < 0:
        return Negative(number(-value))
    if value.denominator == 1:
        return Number(value)
    return Quotient(whole(value.numerator), whole(value.denominator))


def content(polynomial: Polynomial) -> int:
    """The largest whole number that divides every coefficient; 1 if one is no whole number."""
    if any(value.denominator != 1 for value in polynomial.values()):
        return 1
    return math.gcd(*(value.numerator for value in polynomial.values())) if polynomial else 1


def has_common_unknown(polynomial: Polynomial) -> bool:
    """Whether one unknown divides every term."""
    return bool(polynomial) and any(min(powers) > 0 for powers in zip(*polynomial, strict=True))


def have_common_factor(one: Node, other: Node) -> bool:
    """Whether two polynomials share a factor that is no number, by Euclid's algorithm modulo a prime in each unknown,
    with random values for the others; False for what is no polynomial, or a large one."""
    names = sorted(unknowns(one) | unknowns(other))
    first, second = expanded(one, names), expanded(other, names)
    if not first or not second:
        return False
    rng = random.Random(len(names))
    at = [rng.randrange(2, _PRIME) for _name in names]
    return any(
        len(_common(_in_one(first, place, at), _in_one(second, place, at))) > 1 for place in range(len(names))
    )


def _in_one(polynomial: Polynomial, place: int, at: Sequence[int]) -> list[int]:
    """Coefficients modulo the prime by powers of the unknown at `place`, the highest last."""
    found = [0] * (max(powers[place] for powers in polynomial) + 1)
    for powers, value in polynomial.items():
        term = value.numerator * pow(value.denominator, -1, _PRIME)
        for other, power in enumerate(powers):
            if other != place:
                term = term * pow(at[other], power, _PRIME) % _PRIME
        found[powers[place]] = (found[powers[place]] + term) % _PRIME
    return _trimmed(found)


def _trimmed(coefficients: list[int]) -> list[int]:
    while coefficients and not coefficients[-1]:
        coefficients.pop()
    return coefficients


def _common(one: list[int], other: list[int]) -> list[int]:
    while other:
        inverse = pow(other[-1], -1, _PRIME)
        rest = list(one)
        while len(rest) >= len(other):
            factor, shift = rest[-1] * inverse % _PRIME, len(rest) - len(other)
            for place, value in enumerate(other):
                rest[place + shift] = (rest[place + shift] - factor * value) % _PRIME
            rest = _trimmed(rest)
        one, other = other, rest
    return one
