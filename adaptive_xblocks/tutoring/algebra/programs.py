"""A tree as a list of steps for a stack, run in floats here; exact and modular runs are in their own modules.

A power whose exponent is a fixed fraction p/q is real: with an odd q it has a value for negative bases too
(x^(1/3) is the cube root everywhere), with an even one it has none. Other powers need a positive base, or a
whole exponent.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache

from adaptive_xblocks.tutoring.algebra import sentences as say
from adaptive_xblocks.tutoring.algebra.sentences import Unreadable
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
    walk,
)

MAX_EXPONENT = 1000
MAX_DEGREE = 100_000
MAX_BITS = 4000
MAX_CALLS = 60

NUM, VAR, CONST, NEG, ADD, MUL, DIV, POW, POWER, CALL = range(10)
Step = tuple[int, object]

FLOAT_CALLS: Mapping[str, Callable[[float], float]] = {
    "exp": math.exp, "ln": math.log, "log": math.log10, "abs": abs, "sin": math.sin, "cos": math.cos, "tan": math.tan,
    "asin": math.asin, "acos": math.acos, "atan": math.atan, "sinh": math.sinh, "cosh": math.cosh, "tanh": math.tanh,
    "sec": lambda x: 1 / math.cos(x), "csc": lambda x: 1 / math.sin(x), "cot": lambda x: 1 / math.tan(x),
}  # fmt: skip
_FLOAT_CONSTANTS = {"pi": math.pi, "e": math.e}


@dataclass(frozen=True, slots=True)
class Program:
    """The steps of a tree; whether it is rational in its unknowns, and whether smooth (no bars, no roots)."""

    steps: tuple[Step, ...]
    is_rational: bool
    is_smooth: bool
    numbers: frozenset[Fraction]


@lru_cache(maxsize=2048)
def compiled(tree: Node) -> Program:
    """The program of a tree (cached); Unreadable if an exponent is too large, or if there are too many functions."""
    if sum(isinstance(part, Call) for part in walk(tree)) > MAX_CALLS:
        raise Unreadable(say.TOO_MUCH)
    steps: list[Step] = []
    if _compile(tree, steps) > MAX_DEGREE:
        raise Unreadable(say.TOO_MUCH)
    numbers = {abs(value) for operation, value in steps if operation == NUM and value}
    is_rational = all(
        operation not in (CONST, CALL, POWER) and (operation != POW or value.denominator == 1)
        for operation, value in steps
    )
    kinks = any(
        (operation == POW and value.denominator > 1) or operation == POWER or (operation == CALL and value == "abs")
        for operation, value in steps
    )
    return Program(tuple(steps), is_rational, not kinks, frozenset(numbers))


def _compile(node: Node, steps: list[Step]) -> int:
    """Append the steps of a node; returns a bound of its degree."""
    value = rational(node)
    if value is not None:
        steps.append((NUM, value))
        return 0
    if isinstance(node, Unknown):
        steps.append((VAR, node.name))
        return 1
    if isinstance(node, Number):
        steps.append((NUM, node.value))
        return 0
    if isinstance(node, Constant):
        steps.append((CONST, node.name))
        return 0
    if isinstance(node, Power):
        return _compile_power(node, steps)
    degree = sum(_compile(part, steps) for part in node.parts)
    if isinstance(node, Sum | Product):
        steps.append((ADD if isinstance(node, Sum) else MUL, len(node.parts)))
    elif isinstance(node, Call) and node.name == "root":
        steps.append((POW, Fraction(1, node.index)))
    elif isinstance(node, Call):
        steps.append((CALL, node.name))
    else:
        steps.append((NEG if isinstance(node, Negative) else DIV, 0))
    return degree


def _compile_power(node: Power, steps: list[Step]) -> int:
    degree = _compile(node.base, steps)
    exponent = rational(node.exponent)
    if exponent is None:
        degree += _compile(node.exponent, steps)
        steps.append((POWER, 0))
        return degree
    if max(abs(exponent.numerator), exponent.denominator) > MAX_EXPONENT:
        raise Unreadable(say.TOO_LARGE, number=_shown(exponent), limit=MAX_EXPONENT)
    steps.append((POW, exponent))
    return degree * math.ceil(abs(exponent))


def _shown(value: Fraction) -> str:
    """A number for a sentence; a very long one by how large it is."""
    if bits(value) < 60:
        return str(value)
    return f"{'-' if value < 0 else ''}2^{value.numerator.bit_length() - value.denominator.bit_length()}"


@lru_cache(maxsize=4096)
def rational(node: Node) -> Fraction | None:
    """The value of a node that has no unknowns, functions and roots, None for others and for very long ones.

    Unreadable if it divides by zero.
    """
    if isinstance(node, Number):
        return node.value
    if isinstance(node, Unknown | Constant | Call):
        return None
    values = [rational(part) for part in node.parts]
    if any(value is None for value in values):
        return None
    result = _folded(node, values)
    return result if result is not None and bits(result) <= MAX_BITS else None


def _folded(node: Node, values: list[Fraction]) -> Fraction | None:
    if isinstance(node, Negative):
        return -values[0]
    if isinstance(node, Sum):
        return sum(values, Fraction(0))
    if isinstance(node, Product):
        return math.prod(values, start=Fraction(1))
    base, other = values
    if isinstance(node, Quotient):
        if not other:
            raise Unreadable(say.DIVIDES_BY_ZERO)
        return base / other
    return _rational_power(base, other)


def _rational_power(base: Fraction, exponent: Fraction) -> Fraction | None:
    if exponent.denominator != 1 or (not base and exponent <= 0):
        return None
    if max(bits(base), 1) * abs(exponent) > 2 * MAX_BITS:
        return None
    return base**exponent.numerator


def bits(value: Fraction) -> int:
    """How many bits the longer of numerator and denominator has."""
    return max(value.numerator.bit_length(), value.denominator.bit_length())


def exact_root(value: Fraction, index: int) -> Fraction | None:
    """The positive root of a positive fraction if it is one."""
    above, below = _whole_root(value.numerator, index), _whole_root(value.denominator, index)
    return None if above is None or below is None else Fraction(above, below)


@lru_cache(maxsize=4096)
def _whole_root(value: int, index: int) -> int | None:
    if value == 1:
        return 1
    if index == 2:
        root = math.isqrt(value)
        return root if root * root == value else None
    if value.bit_length() < index or value.bit_length() > 256:
        return None
    low, high = 1, 1 << (value.bit_length() // index + 1)
    while low < high:
        middle = (low + high + 1) // 2
        if middle**index <= value:
            low = middle
        else:
            high = middle - 1
    return low if low**index == value else None


def run_float(program: Program, point: Mapping[str, float]) -> float | None:
    """The value in floats; None where it has none, nan where it is too large to say.

    >>> from adaptive_xblocks.tutoring.algebra.reading import read
    >>> run_float(compiled(read("sqrt(x) + 1/x", frozenset("x"))), {"x": 4.0})
    2.25
    """
    try:
        return _run(program.steps, point)
    except (ValueError, ZeroDivisionError):
        return None
    except OverflowError:
        return math.nan


def _run(steps: tuple[Step, ...], point: Mapping[str, float]) -> float:
    stack: list[float] = []
    for operation, value in steps:
        if operation == NUM:
            stack.append(float(value))
        elif operation == VAR:
            stack.append(point[value])
        elif operation == CONST:
            stack.append(_FLOAT_CONSTANTS[value])
        elif operation == NEG:
            stack.append(-stack.pop())
        elif operation == POW:
            stack.append(_float_power(stack.pop(), value))
        elif operation == CALL:
            stack.append(FLOAT_CALLS[value](stack.pop()))
        elif operation in (ADD, MUL):
            parts = stack[-value:]
            del stack[-value:]
            stack.append(sum(parts) if operation == ADD else math.prod(parts))
        else:
            other = stack.pop()
            base = stack.pop()
            stack.append(base / other if operation == DIV else _free_power(base, other))
        if not -math.inf < stack[-1] < math.inf:
            raise OverflowError
    return stack[0]


def _float_power(base: float, exponent: Fraction) -> float:
    if not exponent and not base:
        raise ValueError
    if base < 0 and exponent.denominator > 1:
        if exponent.denominator % 2 == 0:
            raise ValueError
        size = math.pow(-base, exponent)
        return -size if exponent.numerator % 2 else size
    return math.pow(base, exponent)


def _free_power(base: float, exponent: float) -> float:
    if not base and exponent <= 0:
        raise ValueError
    return math.pow(base, exponent)
