"""The values of authors' expressions and their arithmetic: exact where possible, bounded always.

A value is a `Fraction` (every integer, decimal and quotient), a `float` (what has no exact value, such
as the square root of 2), a `str`, a `bool` or a `tuple` of values (a list). Each operation raises
:class:`ExpressionError` with a sentence for an author; none can take long or grow without end.
"""

from __future__ import annotations

import math
from fractions import Fraction

from adaptive_xblocks.tutoring.model import Message, _, as_message

Value = Fraction | float | str | bool | tuple

LIMIT = 10**60
MAX_LIST = 1_000
MAX_STRING = 1_000
MAX_STEPS = 10_000
_MAX_LIST_DEPTH = 4
_MAX_EXPONENT = 1_000_000
_MAX_ROOT = 64
_LIMIT_BITS = LIMIT.bit_length()
_TOLERANCE = 1e-9
NUMBER_TOO_LARGE = _("The number is too large; numbers have at most 60 digits.")
TEXT_TOO_LONG = Message(_("The text is too long; texts have at most %(limit)s characters."), {"limit": MAX_STRING})
_LIST_TOO_LONG = Message(_("The list is too long; lists have at most %(limit)s elements."), {"limit": MAX_LIST})
_POWER_TOO_LARGE = _("The power is too large; numbers have at most 60 digits.")


class ExpressionError(ValueError):
    """An expression that cannot be read or worked out.

    `message` is a sentence for the author; `position` the 0-based character it is about, None if unknown.
    """

    def __init__(self, message: Message | str, position: int | None = None) -> None:
        super().__init__(message, position)
        self.message = as_message(message)
        self.position = position

    @property
    def sentence(self) -> Message:
        """The message with its place, characters counted from 1."""
        if self.position is None:
            return self.message
        params = {"problem": self.message, "number": self.position + 1}
        return Message(_("At character %(number)s: %(problem)s"), params)

    def __str__(self) -> str:
        return str(self.sentence)


class TooMuchWorkError(ExpressionError):
    """The budget of an evaluation, or of the search for values, is used up."""


class Budget:
    """The work that one evaluation may still do, in list elements and operations."""

    __slots__ = ("steps",)

    def __init__(self, steps: int = MAX_STEPS) -> None:
        self.steps = steps

    @property
    def is_spent(self) -> bool:
        """True once more was asked of it than there was."""
        return self.steps < 0

    def spend(self, steps: int) -> None:
        """Count `steps`; TooMuchWorkError once they are used up."""
        self.steps -= steps
        if self.steps < 0:
            raise TooMuchWorkError(_("This takes too much work; use shorter lists or fewer operations."))


def kind_of(value: Value) -> Message:
    """What an author would call the value: "a number", "a text", "true or false" or "a list"."""
    if isinstance(value, bool):
        return Message(_("true or false"))
    return Message({str: _("a text"), tuple: _("a list")}.get(type(value), _("a number")))


def number(value: Value) -> Fraction | float:
    """The value itself if it is a number, else ExpressionError."""
    if type(value) is Fraction or type(value) is float:
        return value
    raise ExpressionError(Message(_("A number is needed here, not %(kind)s."), {"kind": kind_of(value)}))


def integer(value: Value) -> int:
    """The value as int if it is a whole exact number, else ExpressionError."""
    if type(value) is Fraction and value.denominator == 1:
        return value.numerator
    raise ExpressionError(Message(_("A whole number is needed here, not %(value)s."), {"value": describe(value)}))


def truth(value: Value) -> bool:
    """The value itself if it is true or false, else ExpressionError."""
    if isinstance(value, bool):
        return value
    key = _("A condition such as a < b is needed here, not %(kind)s.")
    raise ExpressionError(Message(key, {"kind": kind_of(value)}))


def text(value: Value) -> str:
    """The value itself if it is a text, else ExpressionError."""
    if isinstance(value, str):
        return value
    raise ExpressionError(Message(_("A text in quotes is needed here, not %(kind)s."), {"kind": kind_of(value)}))


def items_of(value: Value) -> tuple:
    """The value itself if it is a list, else ExpressionError."""
    if isinstance(value, tuple):
        return value
    raise ExpressionError(Message(_("A list is needed here, not %(kind)s."), {"kind": kind_of(value)}))


def checked(value: Value) -> Value:
    """The value if it is within all bounds, else ExpressionError, also for infinite and undefined floats."""
    if type(value) is Fraction:
        if abs(value.numerator) > LIMIT or value.denominator > LIMIT:
            raise ExpressionError(NUMBER_TOO_LARGE)
    elif type(value) is float:
        if not abs(value) <= LIMIT:
            raise ExpressionError(NUMBER_TOO_LARGE)
    elif type(value) is str:
        if len(value) > MAX_STRING:
            raise ExpressionError(TEXT_TOO_LONG)
    elif type(value) is tuple:
        _check_list(value)
    return value


def _check_list(value: tuple, depth: int = 1) -> int:
    if depth > _MAX_LIST_DEPTH:
        raise ExpressionError(Message(_("Lists may be nested at most %(depth)s deep."), {"depth": _MAX_LIST_DEPTH}))
    if len(value) > MAX_LIST:
        raise ExpressionError(_LIST_TOO_LONG)
    size = len(value)
    for element in value:
        if type(element) is tuple:
            size += _check_list(element, depth + 1)
            if size > MAX_LIST:
                raise ExpressionError(_LIST_TOO_LONG)
    return size


def size(value: Value) -> int:
    """The number of elements in a value, nested ones counted; 1 for what is not a list."""
    return 1 + sum(map(size, value)) if type(value) is tuple else 1


def add(left: Value, right: Value) -> Value:
    """The sum of two numbers."""
    return checked(number(left) + number(right))


def subtract(left: Value, right: Value) -> Value:
    """The difference of two numbers."""
    return checked(number(left) - number(right))


def multiply(left: Value, right: Value) -> Value:
    """The product of two numbers."""
    return checked(number(left) * number(right))


def divide(left: Value, right: Value) -> Value:
    """The quotient of two numbers, exact for exact ones."""
    number(left)
    if number(right) == 0:
        raise ExpressionError(_("Division by zero."))
    return checked(left / right)


def negate(value: Value) -> Value:
    """The number with the other sign."""
    return -number(value)


def power(base: Value, exponent: Value) -> Value:
    """`base` to the `exponent`: exact for whole exponents and exact roots, else a float.

    >>> power(Fraction(4, 9), Fraction(1, 2))
    Fraction(2, 3)
    """
    if float in (type(number(base)), type(number(exponent))):
        return _float_power(base, exponent)
    if base == 0 and exponent < 0:
        raise ExpressionError(_("Division by zero: 0 has no negative power."))
    if exponent.denominator == 1:
        return _whole_power(base, exponent.numerator)
    if base < 0:
        if exponent.denominator % 2 == 0:
            raise ExpressionError(_("A negative number has no such root."))
        root = power(-base, exponent)
        return -root if exponent.numerator % 2 else root
    root = _exact_root(base, exponent.denominator)
    return _float_power(base, exponent) if root is None else _whole_power(root, exponent.numerator)


def _whole_power(base: Fraction, exponent: int) -> Fraction:
    if abs(base.numerator) > 1 or base.denominator > 1:
        bits = max(abs(base.numerator).bit_length(), base.denominator.bit_length())
        # A number of b bits to the n has more than (b - 1) n bits: refuse before working it out.
        if abs(exponent) > _MAX_EXPONENT or (bits - 1) * abs(exponent) > _LIMIT_BITS:
            raise ExpressionError(_POWER_TOO_LARGE)
    elif abs(base.numerator) == 1:
        return base if exponent % 2 else Fraction(1)
    return checked(base**exponent)


def _float_power(base: Value, exponent: Value) -> float:
    try:
        return checked(math.pow(base, exponent))
    except OverflowError:
        raise ExpressionError(_POWER_TOO_LARGE) from None
    except ValueError:
        raise ExpressionError(_("This power has no value among the real numbers.")) from None


def _exact_root(base: Fraction, degree: int) -> Fraction | None:
    if degree > _MAX_ROOT:
        return None
    top, bottom = _integer_root(base.numerator, degree), _integer_root(base.denominator, degree)
    return Fraction(top, bottom) if top**degree == base.numerator and bottom**degree == base.denominator else None


def _integer_root(value: int, degree: int) -> int:
    low, high = 0, 1 << (value.bit_length() // degree + 1)
    while low < high - 1:
        middle = (low + high) // 2
        low, high = (middle, high) if middle**degree <= value else (low, middle)
    return low


def equal(left: Value, right: Value) -> bool:
    """Whether two values are the same; floats within a relative 1e-9, values of different kinds never."""
    if type(left) is float or type(right) is float:
        if isinstance(left, float | Fraction) and isinstance(right, float | Fraction):
            return math.isclose(left, right, rel_tol=_TOLERANCE, abs_tol=_TOLERANCE**2)
        return False
    if type(left) is not type(right):
        return False
    if type(left) is tuple:
        return len(left) == len(right) and all(map(equal, left, right))
    return left == right


def less(left: Value, right: Value) -> bool:
    """Whether a number is less, or a text earlier by code points, than another; equal floats are not less."""
    if isinstance(left, str) and isinstance(right, str):
        return left < right
    if type(number(left)) is type(number(right)) is Fraction:
        return left < right
    return left < right and not equal(left, right)


def span(first: Value, last: Value, step: Value, budget: Budget) -> tuple[Fraction, ...]:
    """The numbers from `first` to at most `last`, `step` apart; exact numbers only, at most 1,000."""
    for bound in (first, last, step):
        if type(number(bound)) is float:
            raise ExpressionError(_("A range needs exact numbers."))
    if step == 0:
        raise ExpressionError(_("The step of a range must not be 0."))
    count = max(0, math.floor((last - first) / step) + 1)
    if count > MAX_LIST:
        limit = {"limit": MAX_LIST}
        raise ExpressionError(Message(_("The range is too long; lists have at most %(limit)s elements."), limit))
    budget.spend(count)
    return tuple(first + index * step for index in range(count))


def format_value(value: Value) -> str:
    """The value as `{@ @}` writes it; numbers so that they can be read back.

    >>> [format_value(v) for v in (Fraction(7), Fraction(-3, 4), 2.5, True, (Fraction(1), "a"))]
    ['7', '-3/4', '2.5', 'true', '1, a']
    """
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, tuple):
        return ", ".join(map(format_value, value))
    if isinstance(value, float):
        return _format_float(value)
    return str(value)


def _format_float(value: float) -> str:
    shown = f"{value:.10g}"
    if "e" not in shown:
        return "0" if shown == "-0" else shown
    mantissa, exponent = shown.split("e")
    return f"{mantissa}*10^{int(exponent)}"


def describe(value: Value) -> str:
    """The value for an error message: its formatted form, cut at 40 characters; texts in quotes."""
    shown = f"'{value}'" if isinstance(value, str) else format_value(value)
    return shown if len(shown) <= 40 else f"{shown[:39]}…"
