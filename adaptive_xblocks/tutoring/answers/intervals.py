"""Intervals that authors write, e.g. `[2, 3)`: square brackets hold the end, round ones leave it out.

An end is an expression; `inf`, `-inf` or nothing at all leaves that side open.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from fractions import Fraction

from lxml import etree

from adaptive_xblocks.tutoring.model import Message, _
from adaptive_xblocks.tutoring.reading import ReadContext, shorten, split_list
from adaptive_xblocks.tutoring.variants import Variant, VariantError

MAX_PLACES = 12  # decimal places of a value inside
_BRACKETS = re.compile(r"([\[(\]])(.*)([\])\[])", re.DOTALL)
_ENDLESS = frozenset(("", "inf", "+inf", "-inf", "∞", "+∞", "-∞"))

Number = Fraction | float


@dataclass(frozen=True, slots=True)
class Interval:
    """Two ends as expressions (None: no end on that side) and whether each belongs to it."""

    low: str | None
    high: str | None
    has_low: bool = True
    has_high: bool = True

    def bounds(self, variant: Variant) -> tuple[Number | None, Number | None]:
        """The ends with the variant's numbers; VariantError if nothing lies between them."""
        low, high = (None if end is None else variant.number(end) for end in (self.low, self.high))
        is_empty = low is not None and high is not None and (
            low > high or low == high and not (self.has_low and self.has_high))
        if is_empty or any(isinstance(end, float) and not math.isfinite(end) for end in (low, high)):
            params = {"low": shorten(str(self.low)), "high": shorten(str(self.high))}
            reason = Message(_("There is no number between %(low)s and %(high)s."), params)
            raise VariantError(variant.item.id, reason)
        return low, high

    def contains(self, value: Number, variant: Variant) -> bool:
        """Whether the value lies in it."""
        return self._holds(value, *self.bounds(variant))

    def inside(self, variant: Variant) -> Fraction:
        """A value in it with as few decimal places as there are, near the middle."""
        low, high = self.bounds(variant)
        middle = _middle(low, high)
        for places in range(MAX_PLACES + 1):
            value = Fraction(math.floor(middle * 10**places + Fraction(1, 2)), 10**places)
            if self._holds(value, low, high):
                return value
        return middle

    def _holds(self, value: Number, low: Number | None, high: Number | None) -> bool:
        is_above = low is None or value > low or self.has_low and value == low
        return is_above and (high is None or value < high or self.has_high and value == high)


def _middle(low: Number | None, high: Number | None) -> Fraction:
    if low is None or high is None:
        return Fraction(high) - 1 if high is not None else Fraction(low) + 1 if low is not None else Fraction(0)
    return (Fraction(low) + Fraction(high)) / 2


def read_interval(source: str, element: etree._Element, context: ReadContext) -> Interval | None:
    """The interval that an author wrote; None, with an error, if it is none."""
    match = _BRACKETS.fullmatch(source.strip())
    inner = match[2] if match else ""
    ends = split_list(inner) if ";" not in inner else [end.strip() for end in inner.split(";")]
    is_sound = len(ends) == 2 and not (ends[0] in _ENDLESS and ends[1] in _ENDLESS)
    if match is None or not is_sound or ends[0] in ("inf", "+inf", "∞") or ends[1] in ("-inf", "-∞"):
        problem = Message(_('between="%(value)s" is not an interval.'), {"value": shorten(source)})
        context.error(element, problem, _('Write both ends, e.g. between="[2, 3)": with 2, without 3.'))
        return None
    low, high = (None if end in _ENDLESS else context.expression(element, end, "between") for end in ends)
    return Interval(low, high, match[1] == "[", match[3] == "]")
