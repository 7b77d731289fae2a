"""The functions that authors may use in expressions: one fixed table, `FUNCTIONS`.

Each takes values and gives a value; its docstring begins with the form an author writes, and is what
documentation and messages show. `if` is not here: the grammar evaluates only the branch that is taken.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from functools import reduce

from adaptive_xblocks.tutoring.expression_values import (
    ExpressionError,
    Value,
    checked,
    describe,
    divide,
    equal,
    format_value,
    integer,
    items_of,
    less,
    number,
    power,
    text,
)
from adaptive_xblocks.tutoring.expression_values import add as _add
from adaptive_xblocks.tutoring.expression_values import multiply as _multiply
from adaptive_xblocks.tutoring.model import Message, _

_MAX_PLACES = 30
_MAX_FACTORIAL = 47


@dataclass(frozen=True, slots=True)
class Function:
    """An entry of the table: how many arguments it takes (`most` None: any number) and what it does."""

    name: str
    least: int
    most: int | None
    apply: Callable[..., Value]

    @property
    def help(self) -> str:
        """One line for authors: the form and what it gives."""
        return (self.apply.__doc__ or "").strip().splitlines()[0]


FUNCTIONS: dict[str, Function] = {}


def _function(name: str, least: int, most: int | None) -> Callable[[Callable], Callable]:
    def register(apply: Callable) -> Callable:
        FUNCTIONS[name] = Function(name, least, most, apply)
        return apply

    return register


def _refused(key: str, **params: str | int) -> ExpressionError:
    return ExpressionError(Message(key, params))


def _spread(arguments: tuple) -> tuple:
    """The elements of the only argument if it is a list, else the arguments; never empty."""
    values = arguments[0] if len(arguments) == 1 and isinstance(arguments[0], tuple) else arguments
    if not values:
        raise ExpressionError(_("The list is empty."))
    return values


def _exact(value: Value) -> Fraction:
    """A number as a Fraction; a float by its shortest decimal, so that 2.675 rounds as it is written."""
    return Fraction(repr(number(value))) if isinstance(value, float) else number(value)


@_function("abs", 1, 1)
def _abs(x: Value) -> Value:
    """abs(x): the number without its sign."""
    return abs(number(x))


@_function("sign", 1, 1)
def _sign(x: Value) -> Value:
    """sign(x): -1, 0 or 1."""
    return Fraction((number(x) > 0) - (x < 0))


@_function("sqrt", 1, 1)
def _sqrt(x: Value) -> Value:
    """sqrt(x): the square root, exact where there is one."""
    if number(x) < 0:
        raise _refused(_("The square root of the negative number %(value)s."), value=describe(x))
    return power(x, Fraction(1, 2))


@_function("root", 2, 2)
def _root(x: Value, n: Value) -> Value:
    """root(x, n): the n-th root, exact where there is one."""
    return power(x, divide(Fraction(1), n))


@_function("gcd", 1, None)
def _gcd(*numbers: Value) -> Value:
    """gcd(a, b, ...): the greatest common divisor of whole numbers or of a list."""
    return Fraction(math.gcd(*map(integer, _spread(numbers))))


@_function("lcm", 1, None)
def _lcm(*numbers: Value) -> Value:
    """lcm(a, b, ...): the least common multiple of whole numbers or of a list."""
    return reduce(lambda a, b: checked(Fraction(math.lcm(integer(a), integer(b)))), _spread(numbers), Fraction(1))


@_function("min", 1, None)
def _min(*values: Value) -> Value:
    """min(a, b, ...): the least of the values or of a list."""
    return reduce(lambda a, b: b if less(b, a) else a, _spread(values))


@_function("max", 1, None)
def _max(*values: Value) -> Value:
    """max(a, b, ...): the greatest of the values or of a list."""
    return reduce(lambda a, b: b if less(a, b) else a, _spread(values))


@_function("round", 1, 2)
def _round(x: Value, places: Value = Fraction(0)) -> Value:
    """round(x, places): the nearest number with so many decimals, halves away from zero."""
    scale = 10 ** _places(places)
    scaled = abs(_exact(x)) * scale
    nearest = Fraction(math.floor(scaled + Fraction(1, 2)), scale)
    return checked(-nearest if x < 0 else nearest)


def _places(places: Value) -> int:
    count = integer(places)
    if not 0 <= count <= _MAX_PLACES:
        key = _("The number of decimals is from 0 to %(limit)s, not %(count)s.")
        raise _refused(key, limit=_MAX_PLACES, count=count)
    return count


@_function("floor", 1, 1)
def _floor(x: Value) -> Value:
    """floor(x): the whole number at or below x."""
    return Fraction(math.floor(number(x)))


@_function("ceil", 1, 1)
def _ceil(x: Value) -> Value:
    """ceil(x): the whole number at or above x."""
    return Fraction(math.ceil(number(x)))


@_function("mod", 2, 2)
def _mod(a: Value, b: Value) -> Value:
    """mod(a, b): what is left of a divided by b, with the sign of b."""
    number(a)
    if number(b) == 0:
        raise ExpressionError(_("Division by zero in mod."))
    return checked(a % b)


@_function("is_integer", 1, 1)
def _is_integer(x: Value) -> Value:
    """is_integer(x): whether x is a whole exact number."""
    return isinstance(number(x), Fraction) and x.denominator == 1


@_function("numerator", 1, 1)
def _numerator(x: Value) -> Value:
    """numerator(x): the numerator of x in lowest terms."""
    return Fraction(_fraction(x).numerator)


@_function("denominator", 1, 1)
def _denominator(x: Value) -> Value:
    """denominator(x): the denominator of x in lowest terms."""
    return Fraction(_fraction(x).denominator)


def _fraction(x: Value) -> Fraction:
    if isinstance(number(x), float):
        raise _refused(_("%(value)s is not an exact fraction; use round(x, places) first."), value=describe(x))
    return x


@_function("factorial", 1, 1)
def _factorial(n: Value) -> Value:
    """factorial(n): 1 * 2 * ... * n, for n up to 47."""
    count = integer(n)
    if not 0 <= count <= _MAX_FACTORIAL:
        key = _("factorial takes whole numbers from 0 to %(limit)s, not %(value)s.")
        raise _refused(key, limit=_MAX_FACTORIAL, value=describe(n))
    return Fraction(math.factorial(count))


def _register_real(name: str, apply: Callable[[float], float], doc: str) -> None:
    def real(x: Value) -> Value:
        try:
            return checked(apply(float(number(x))))
        except (ValueError, OverflowError):
            raise _refused(_("%(function)s(%(value)s) has no value."), function=name, value=describe(x)) from None

    real.__doc__ = doc
    FUNCTIONS[name] = Function(name, 1, 1, real)


_register_real("sin", math.sin, "sin(x): the sine of x in radians.")
_register_real("cos", math.cos, "cos(x): the cosine of x in radians.")
_register_real("tan", math.tan, "tan(x): the tangent of x in radians.")
_register_real("asin", math.asin, "asin(x): the angle in radians whose sine is x.")
_register_real("acos", math.acos, "acos(x): the angle in radians whose cosine is x.")
_register_real("atan", math.atan, "atan(x): the angle in radians whose tangent is x.")
_register_real("exp", math.exp, "exp(x): e to the power x.")
_register_real("ln", math.log, "ln(x): the natural logarithm.")
_register_real("log", math.log10, "log(x): the logarithm to base 10.")


@_function("len", 1, 1)
def _len(values: Value) -> Value:
    """len(x): the number of elements of a list or characters of a text."""
    return Fraction(len(values if isinstance(values, str) else items_of(values)))


@_function("sum", 1, None)
def _sum(*values: Value) -> Value:
    """sum(list): the sum of a list or of the values."""
    return reduce(_add, values[0] if values[0] == () else _spread(values), Fraction(0))


@_function("product", 1, None)
def _product(*values: Value) -> Value:
    """product(list): the product of a list or of the values."""
    return reduce(_multiply, values[0] if values[0] == () else _spread(values), Fraction(1))


@_function("pick", 2, 2)
def _pick(values: Value, position: Value) -> Value:
    """pick(list, i): the i-th element, counted from 1."""
    elements, index = items_of(values), integer(position)
    if not 1 <= index <= len(elements):
        key = _("The list has %(count)s elements and no element %(position)s.")
        raise _refused(key, count=len(elements), position=describe(position))
    return elements[index - 1]


@_function("contains", 2, 2)
def _contains(values: Value, value: Value) -> Value:
    """contains(list, x): whether x is in the list."""
    return any(equal(element, value) for element in items_of(values))


@_function("join", 1, 2)
def _join(values: Value, separator: Value = ", ") -> Value:
    """join(list, separator): the elements as one text, with ", " between them if no separator is given."""
    return checked(text(separator).join(map(format_value, items_of(values))))


@_function("decimal", 1, 2)
def _decimal(x: Value, places: Value | None = None) -> Value:
    """decimal(x, places): x as a decimal, with exactly so many places; without places it must end."""
    exact = _exact(x)
    if places is None:
        count = next((n for n in range(_MAX_PLACES + 1) if 10**n % exact.denominator == 0), None)
        if count is None:
            raise _refused(_("%(value)s has no short decimal; write decimal(x, places)."), value=describe(x))
    else:
        count = _places(places)
    nearest = _round(exact, Fraction(count))
    digits = str(abs(nearest) * 10**count).rjust(count + 1, "0")
    whole, rest = digits[: len(digits) - count], digits[len(digits) - count :]
    return checked(("-" if nearest < 0 else "") + whole + (f".{rest}" if rest else ""))


@_function("frac", 1, 1)
def _frac(x: Value) -> Value:
    r"""frac(x): the TeX of x as a fraction, e.g. -\frac{3}{4}; a whole number stays as it is."""
    exact = _fraction(x)
    return _signed_tex(exact, "") if exact.denominator > 1 else format_value(exact)


@_function("mixed", 1, 1)
def _mixed(x: Value) -> Value:
    r"""mixed(x): the TeX of x as a mixed number, e.g. 1\frac{3}{4}."""
    whole, rest = divmod(abs(_fraction(x)), 1)
    if not rest or not whole:
        return _frac(x)
    return _signed_tex(rest if x > 0 else -rest, str(whole))


def _signed_tex(x: Fraction, whole: str) -> str:
    return f"{'-' if x < 0 else ''}{whole}\\frac{{{abs(x.numerator)}}}{{{x.denominator}}}"


@_function("signed", 1, 1)
def _signed(x: Value) -> Value:
    """signed(x): x after a sign, for sums: "+ 3" or "- 3"."""
    return f"{'-' if number(x) < 0 else '+'} {format_value(abs(x))}"


@_function("coefficient", 1, 1)
def _coefficient(x: Value) -> Value:
    """coefficient(x): x before a letter: nothing for 1, "-" for -1, else the number."""
    return {1: "", -1: "-"}.get(number(x), format_value(x))
