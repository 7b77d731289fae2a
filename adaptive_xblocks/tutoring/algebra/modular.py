"""Whether two rational expressions are the same, decided in the arithmetic of large primes.

A polynomial that is not zero has at most as many roots as its degree (Schwartz, "Fast probabilistic algorithms for
verification of polynomial identities", 1980; Zippel, 1979): at a random point modulo a prime of 127 bits two
different expressions of degree up to 200,000 agree with a chance below 10^-32. Coefficients of any size are exact in
it; that they are no multiples of one prime is looked at with a second.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Mapping

from adaptive_xblocks.tutoring.algebra.programs import ADD, DIV, MUL, NEG, NUM, POW, VAR, Program

PRIMES = (2**127 - 1, 2**107 - 1)


class NoInverseError(ArithmeticError):
    """A division by what is zero at this point."""


def run(program: Program, point: Mapping[str, int], prime: int) -> int:
    """The value of a rational program modulo a prime; NoInverseError where it divides by zero."""
    stack: list[int] = []
    for operation, value in program.steps:
        if operation == NUM:
            stack.append(value.numerator * _inverse(value.denominator, prime) % prime)
        elif operation == VAR:
            stack.append(point[value])
        elif operation == NEG:
            stack.append(-stack.pop() % prime)
        elif operation == POW:
            stack.append(_power(stack.pop(), value.numerator, prime))
        elif operation == DIV:
            below = stack.pop()
            stack.append(stack.pop() * _inverse(below, prime) % prime)
        elif operation in (ADD, MUL):
            parts = stack[-value:]
            del stack[-value:]
            stack.append(sum(parts) % prime if operation == ADD else _product(parts, prime))
    return stack[0]


def _product(parts: Iterable[int], prime: int) -> int:
    result = 1
    for part in parts:
        result = result * part % prime
    return result


def _inverse(value: int, prime: int) -> int:
    if value == 1:
        return 1
    if not value % prime:
        raise NoInverseError
    return pow(value, -1, prime)


def _power(base: int, exponent: int, prime: int) -> int:
    if not base and exponent <= 0:
        raise NoInverseError
    return pow(base, exponent, prime)


def values(program: Program, names: Iterable[str], seed: str) -> tuple[int, ...] | None:
    """Its values at random points modulo each prime, the same for the same seed; None if it divides by zero there."""
    found = []
    for prime in PRIMES:
        value = _value(program, sorted(names), f"{seed}/{prime}", prime)
        if value is None:
            return None
        found.append(value)
    return tuple(found)


def _value(program: Program, names: list[str], seed: str, prime: int) -> int | None:
    """At a random point: a division by zero there is one everywhere, but for a chance of 10^-27."""
    rng = random.Random(seed)
    try:
        return run(program, {name: rng.randrange(prime) for name in names}, prime)
    except NoInverseError:
        return None
