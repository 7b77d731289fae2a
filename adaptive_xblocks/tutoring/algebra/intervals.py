"""Values that cannot lie: a program run with exact fractions where it can be, else with intervals that hold the value.

The arithmetic of intervals with outward rounding is mpmath's (libmp.libmpi). Where an interval still holds zero at the
edge of a domain (a root, a logarithm, a division) although it is as narrow as the precision allows, it counts as zero.

mpmath takes as long to load as some hundred answers take to judge: who needs this module imports it where it is used.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from functools import lru_cache

from mpmath.libmp import (
    from_int,
    from_rational,
    fzero,
    libmpi,
    mpf_abs,
    mpf_le,
    mpf_lt,
    mpf_sub,
    round_ceiling,
    round_floor,
)

from adaptive_xblocks.tutoring.algebra.programs import (
    ADD,
    CALL,
    CONST,
    DIV,
    MAX_BITS,
    MUL,
    NEG,
    NUM,
    POW,
    VAR,
    Program,
    bits,
    exact_root,
)
from adaptive_xblocks.tutoring.algebra.work import NoValueError, UndecidedError, Work

Interval = tuple[tuple, tuple]
Value = Fraction | Interval

MAX_MAGNITUDE = 1 << 14  # bits before the point of what goes into sin or comes out of a power
COST_OF_CALL = 20
COST_OF_STEP = 2


def run(program: Program, point: Mapping[str, Fraction], precision: int, work: Work) -> Value:
    """The value at a point: exact, or an interval that holds it; NoValueError, UndecidedError, SpentError."""
    machine = _Machine(precision)
    stack: list[Value] = []
    weight = 1 + (precision // 256) ** 2 // 3 + precision // 512
    for operation, value in program.steps:
        work.spend((COST_OF_CALL if operation in (CALL, POW) else COST_OF_STEP) * weight)
        if operation == NUM:
            stack.append(value)
        elif operation == VAR:
            stack.append(point[value])
        elif operation == CONST:
            stack.append(_constant(value, precision))
        elif operation == NEG:
            stack.append(machine.negative(stack.pop()))
        elif operation == POW:
            stack.append(machine.power(stack.pop(), value))
        elif operation == CALL:
            stack.append(machine.call(value, stack.pop()))
        elif operation in (ADD, MUL):
            parts = stack[-value:]
            del stack[-value:]
            stack.append(machine.joined(parts, operation == ADD))
        else:
            other = stack.pop()
            base = stack.pop()
            stack.append(machine.divide(base, other) if operation == DIV else machine.free_power(base, other))
    return stack[0]


@lru_cache(maxsize=64)
def _constant(name: str, precision: int) -> Interval:
    return libmpi.mpi_pi(precision) if name == "pi" else libmpi.mpi_exp(libmpi.mpi_one, precision)


@lru_cache(maxsize=64)
def _ln10(precision: int) -> Interval:
    return libmpi.mpi_log((from_int(10), from_int(10)), precision)


class _Machine:
    """The operations at one precision, in bits."""

    def __init__(self, precision: int) -> None:
        self.precision = precision

    def interval(self, value: Value) -> Interval:
        """The value as an interval; UndecidedError if it is without bounds."""
        if isinstance(value, Fraction):
            above, below = value.numerator, value.denominator
            if below == 1 and above.bit_length() < self.precision:
                exact = from_int(above)
                return exact, exact
            return (from_rational(above, below, self.precision, round_floor),
                    from_rational(above, below, self.precision, round_ceiling))
        return value

    def checked(self, value: Interval) -> Interval:
        """The interval, if it has bounds that are numbers."""
        for bound in value:
            if not bound[1] and bound != fzero:  # infinite, or not a number
                raise UndecidedError
            if bound[2] + bound[3] > 8 * MAX_MAGNITUDE:
                raise UndecidedError
        return value

    def sign(self, value: Value) -> int:
        """-1, 0 or 1; an interval around zero counts as zero if it is narrow, else UndecidedError."""
        if isinstance(value, Fraction):
            return (value > 0) - (value < 0)
        low, high = value
        if mpf_lt(fzero, low):
            return 1
        if mpf_lt(high, fzero):
            return -1
        if self._is_narrow(value):
            return 0
        raise UndecidedError

    def _is_narrow(self, value: Interval) -> bool:
        low, high = value
        width = mpf_sub(high, low, 20, round_ceiling)
        return width == fzero or width[2] + width[3] < -self.precision // 2

    def negative(self, value: Value) -> Value:
        """The value with the other sign."""
        return -value if isinstance(value, Fraction) else libmpi.mpi_neg(value)

    def joined(self, parts: list[Value], is_sum: bool) -> Value:
        """The sum or the product: of the exact parts exactly, then of the others."""
        exact = Fraction(0 if is_sum else 1)
        others = []
        for part in parts:
            if isinstance(part, Fraction):
                exact = exact + part if is_sum else exact * part
            else:
                others.append(part)
        if not others or (not is_sum and not exact):
            return exact if bits(exact) <= MAX_BITS else self.interval(exact)
        join = libmpi.mpi_add if is_sum else libmpi.mpi_mul
        result = others[0]
        for part in others[1:]:
            result = join(result, part, self.precision)
        if exact != (0 if is_sum else 1):
            result = join(result, self.interval(exact), self.precision)
        return self.checked(result)

    def divide(self, above: Value, below: Value) -> Value:
        """The quotient; NoValueError for what is or counts as zero below."""
        if not self.sign(below):
            raise NoValueError
        if isinstance(above, Fraction) and isinstance(below, Fraction):
            return self.joined([above / below], True)
        return self.checked(libmpi.mpi_div(self.interval(above), self.interval(below), self.precision))

    def power(self, base: Value, exponent: Fraction) -> Value:
        """A power with a fixed exponent."""
        sign = self.sign(base) if exponent <= 0 or exponent.denominator > 1 else 1
        if not sign and exponent <= 0:
            raise NoValueError
        if not sign:
            return Fraction(0)
        if exponent.denominator == 1:
            return self.whole_power(base, exponent.numerator)
        if sign < 0:
            if exponent.denominator % 2 == 0:
                raise NoValueError
            size = self.power(self.negative(base), exponent)
            return self.negative(size) if exponent.numerator % 2 else size
        return self._root_power(base, exponent)

    def _root_power(self, base: Value, exponent: Fraction) -> Value:
        index = exponent.denominator
        if isinstance(base, Fraction):
            root = exact_root(base, index)
            if root is not None:
                return self.whole_power(root, exponent.numerator)
        if index == 2:
            return self.whole_power(libmpi.mpi_sqrt(self.interval(base), self.precision), exponent.numerator)
        return self.exp(self.joined([self.ln(base), exponent], False))

    def whole_power(self, base: Value, exponent: int) -> Value:
        """A power with a whole exponent; the base is not zero if that is negative."""
        if isinstance(base, Fraction) and bits(base) * abs(exponent) <= MAX_BITS:
            return base**exponent
        base = self.interval(base)
        if exponent < 0:
            one = Fraction(1)
            return self.divide(one, self.whole_power(base, -exponent))
        size = max(abs(bound[2] + bound[3]) for bound in base)
        if size * exponent > MAX_MAGNITUDE:
            raise UndecidedError
        return self.checked(libmpi.mpi_pow_int(base, exponent, self.precision))

    def free_power(self, base: Value, exponent: Value) -> Value:
        """A power with any exponent."""
        sign = self.sign(base)
        if not sign:
            if self.sign(exponent) <= 0:
                raise NoValueError
            return Fraction(0)
        if isinstance(exponent, Fraction) and exponent.denominator == 1 and abs(exponent) <= MAX_MAGNITUDE:
            return self.whole_power(base, exponent.numerator)
        if sign < 0:
            raise NoValueError
        return self.exp(self.joined([self.ln(base), exponent], False))

    def exp(self, value: Value) -> Value:
        """e to the power of the value."""
        if value == 0:
            return Fraction(1)
        value = self.interval(value)
        self._bounded(value, 13)
        return self.checked(libmpi.mpi_exp(value, self.precision))

    def _bounded(self, value: Interval, magnitude: int) -> None:
        """UndecidedError if the value is larger than 2 to the power of `magnitude`."""
        if any(bound[1] and bound[2] + bound[3] > magnitude for bound in value):
            raise UndecidedError

    def ln(self, value: Value) -> Value:
        """The natural logarithm."""
        if self.sign(value) <= 0:
            raise NoValueError
        if value == 1:
            return Fraction(0)
        return self.checked(libmpi.mpi_log(self.interval(value), self.precision))

    def call(self, name: str, value: Value) -> Value:
        """A function of one argument."""
        if name == "abs":
            return abs(value) if isinstance(value, Fraction) else libmpi.mpi_abs(value, self.precision)
        if name in ("exp", "ln"):
            return getattr(self, name)(value)
        if name == "log":
            found = self.ln(value)
            return found if found == 0 else self.checked(libmpi.mpi_div(found, _ln10(self.precision), self.precision))
        if name in ("asin", "acos", "atan"):
            return self._inverse(name, value)
        if name in ("sinh", "cosh", "tanh"):
            return self._hyperbolic(name, value)
        return self._trigonometric(name, value)

    def _trigonometric(self, name: str, value: Value) -> Value:
        if value == 0:
            cosine, sine = Fraction(1), Fraction(0)
        else:
            value = self.interval(value)
            self._bounded(value, 400)
            cosine, sine = map(self.checked, libmpi.mpi_cos_sin(value, self.precision))
        one = Fraction(1)
        above, below = {"sin": (sine, one), "cos": (cosine, one), "tan": (sine, cosine), "sec": (one, cosine),
                        "csc": (one, sine), "cot": (cosine, sine)}[name]  # fmt: skip
        return above if below is one else self.divide(above, below)

    def _hyperbolic(self, name: str, value: Value) -> Value:
        grown, shrunk = self.exp(value), self.exp(self.negative(value))
        sine = self.joined([grown, self.negative(shrunk)], True)
        cosine = self.joined([grown, shrunk], True)
        if name == "tanh":
            return self.divide(sine, cosine)
        return self.divide(sine if name == "sinh" else cosine, Fraction(2))

    def _inverse(self, name: str, value: Value) -> Value:
        if name == "atan":
            return value if value == 0 else self.checked(libmpi.mpi_atan(self.interval(value), self.precision))
        rest = self.joined([Fraction(1), self.negative(self.joined([value, value], False))], True)
        sign = self.sign(rest)
        if sign < 0:
            raise NoValueError
        root = self.power(rest, Fraction(1, 2)) if sign else Fraction(0)
        pair = (value, root) if name == "asin" else (root, value)
        if pair[0] == 0 and self.sign(pair[1]) > 0:
            return Fraction(0)
        return self.checked(libmpi.mpi_atan2(self.interval(pair[0]), self.interval(pair[1]), self.precision))


def agree(first: Value, second: Value, precision: int, matching: int) -> bool:
    """Whether two values are the same as far as they are known, to so many bits; False is certain.

    UndecidedError if they are not known well enough.
    """
    if isinstance(first, Fraction) and isinstance(second, Fraction):
        return first == second
    machine = _Machine(precision)
    one, other = machine.interval(first), machine.interval(second)
    if mpf_lt(one[1], other[0]) or mpf_lt(other[1], one[0]):
        return False
    low = one[0] if mpf_le(one[0], other[0]) else other[0]
    high = one[1] if mpf_le(other[1], one[1]) else other[1]
    width = mpf_sub(high, low, 20, round_ceiling)
    if width == fzero:
        return True
    size = max((mpf_abs(low), mpf_abs(high)), key=_exponent)
    if _exponent(width) < max(_exponent(size) - matching, -(precision * 5 // 8)):
        return True
    raise UndecidedError


def _exponent(value: tuple) -> int:
    return value[2] + value[3] if value[1] else -(1 << 40)
