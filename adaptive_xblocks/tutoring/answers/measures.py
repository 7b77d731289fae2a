"""A number with a unit after it, as a learner wrote it.

>>> from adaptive_xblocks.tutoring.answers.units import author_unit
>>> cm = author_unit("cm")
>>> [read_measure(text, cm).value for text in ("5 cm", "0,05 m", "50mm", "1/20 m")]
[Fraction(5, 1), Fraction(5, 1), Fraction(5, 1), Fraction(5, 1)]
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache

from adaptive_xblocks.tutoring.answers.decimal_signs import ASK
from adaptive_xblocks.tutoring.answers.numbers import MAX_LENGTH, TOO_LONG, NotRead, Reading, plain_signs, read_number
from adaptive_xblocks.tutoring.answers.units import NotAUnit, Unit, describe, read_unit, strip_tex
from adaptive_xblocks.tutoring.model import Message, _

WRITE_THE_UNIT = _("Write the unit too, for example 5 cm or 5 kg.")
OTHER_DIMENSION = _("That is %(one)s; the question asks for %(other)s.")
OTHER_KIND = _("That unit does not measure what the question asks for.")
#: Conversions by numbers of that many digits (degrees into radians) are not exact.
EXACT_DENOMINATOR = 10**15

_NUMBER = re.compile(r"(?:[\d.,+\-/% ]|(?<=[\d.,])[eE](?=[+-]?\d)|'(?=\d))*")


@dataclass(frozen=True, slots=True)
class Measure:
    """What was read: the number, its value in the unit that is asked for, None with a message if it has another
    dimension. `is_exact` says that no rounded factor is in it."""

    reading: Reading
    value: Fraction | None
    message: Message | None = None
    is_exact: bool = True


@lru_cache(maxsize=4096)
def read_measure(text: str, asked: Unit, needs_unit: bool = True, percent: bool = False, decimal: str = ASK) -> Measure:
    """The number and unit that the text says; NotRead, with a sentence on how to write it, if it says none."""
    if len(text) > MAX_LENGTH:
        raise NotRead(TOO_LONG, limit=MAX_LENGTH)
    plain = plain_signs(strip_tex(text), decimal)
    number = _NUMBER.match(plain)[0]
    unit = plain[len(number) :].strip().removeprefix("*")
    if number.rstrip().endswith("/"):
        number, unit = number.rstrip()[:-1], f"/{unit}"
    reading = read_number(number, percent, decimal)
    if not unit:
        if needs_unit:
            raise NotRead(WRITE_THE_UNIT)
        return Measure(reading, reading.value)
    try:
        found = read_unit(unit, asked)
    except NotAUnit as error:
        raise NotRead(error.message.key, **error.message.params) from error
    if found.dimension != asked.dimension:
        one, other = describe(found), describe(asked)
        params = {"one": one, "other": other}
        return Measure(reading, None, Message(OTHER_DIMENSION, params) if one and other else Message(OTHER_KIND))
    factor = found.factor / asked.factor
    return Measure(reading, found.to(asked, reading.value), None, factor.denominator < EXACT_DENOMINATOR)
