"""The form that a number is asked for in: whether a reading has it, and how a value is written in it."""

from __future__ import annotations

import math
from fractions import Fraction

from adaptive_xblocks.tutoring.answers.numbers import Reading
from adaptive_xblocks.tutoring.model import _

FORM_MESSAGES = {
    "simplified": _("The value is right. Now write it as a whole number or a fraction in lowest terms."),
    "fraction": _("The value is right. Now write it as one fraction."),
    "decimal": _("The value is right. Now write it as a decimal."),
    "integer": _("The value is right. Now write it as a whole number."),
    "mixed": _("The value is right. Now write it as a mixed number, such as 1 3/4."),
}
FORMS = ("", *FORM_MESSAGES)


def has_form(reading: Reading, form: str) -> bool:
    """Whether the number was written in the form; any form will do where none is asked for."""
    if not form or form == reading.written:
        return form != "mixed" or reading.numerator < reading.denominator
    whole = reading.written == "integer"
    if form in ("fraction", "decimal"):
        return whole and reading.value.denominator == 1
    lowest = math.gcd(reading.numerator, reading.denominator) == 1
    if form == "simplified":
        proper = reading.numerator < reading.denominator
        as_fraction = reading.written == "fraction" and reading.denominator > 1
        return whole or lowest and (as_fraction or reading.written == "mixed" and proper)
    return form == "mixed" and (whole or reading.written == "fraction" and abs(reading.value) < 1)


def written(value: Fraction | float, form: str) -> str:
    """The value in the form that is asked for."""
    if isinstance(value, float):
        return repr(value)
    if form == "decimal":
        digits = _places(value.denominator)
        return (
            str(value) if digits is None else f"{value.numerator * 10**digits // value.denominator}e-{digits}"
        )
    if form == "mixed" and value.denominator > 1 and abs(value) > 1:
        whole, above = divmod(abs(value.numerator), value.denominator)
        return f"{'-' if value < 0 else ''}{whole} {above}/{value.denominator}"
    return str(value)


def _places(denominator: int) -> int | None:
    """How many decimal places 1/denominator has, None if it does not end within 60."""
    return next((digits for digits in range(61) if 10**digits % denominator == 0), None)
