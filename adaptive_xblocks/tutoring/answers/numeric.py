"""`<numeric answer="3/4" tolerance="1%" form="simplified" percent="allow"/>`: one number."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from lxml import etree

from adaptive_xblocks.tutoring.answers.base import AnswerType, right, unread, wrong
from adaptive_xblocks.tutoring.answers.numbers import NotRead, Reading, read_number
from adaptive_xblocks.tutoring.model import InputVerdict, Message, _
from adaptive_xblocks.tutoring.reading import ReadContext, shorten
from adaptive_xblocks.tutoring.variants import Variant, VariantError

INEXACT_TOLERANCE = Fraction(1, 1000)  # relative, for keys such as sqrt(2) that nobody can write exactly
TOLERANCE = re.compile(r"(\d+(?:\.\d*)?|\.\d+) ?(%?)")

FORM_MESSAGES = {
    "simplified": _("The value is right. Now write it as a whole number or a fraction in lowest terms."),
    "fraction": _("The value is right. Now write it as one fraction."),
    "decimal": _("The value is right. Now write it as a decimal."),
    "integer": _("The value is right. Now write it as a whole number."),
    "mixed": _("The value is right. Now write it as a mixed number, such as 1 3/4."),
}
FORMS = ("", *FORM_MESSAGES)


@dataclass(frozen=True, slots=True)
class NumericSpec:
    """What the author wrote. `answer` is an expression; if its value is a list, each of them is right."""

    answer: str
    tolerance: Fraction = Fraction(0)
    relative: bool = False
    form: str = ""
    percent: bool = False


class NumericAnswer(AnswerType):
    """A number: exact unless the author allows a tolerance."""

    tag = "numeric"
    template = "answers/numeric.html"
    has_quantity = True
    attributes = frozenset(("answer", "tolerance", "form", "percent"))

    def read(self, element: etree._Element, context: ReadContext) -> NumericSpec:
        """See :meth:`AnswerType.read`."""
        answer = element.get("answer", "").strip()
        if answer:
            context.expression(element, answer, "answer")
        else:
            context.error(element, _("<numeric> has no answer."), _('Write it, e.g. <numeric answer="3/4"/>.'))
        tolerance, relative = _read_tolerance(element, context)
        form = context.choice(element, "form", FORMS)
        percent = context.choice(element, "percent", ("refuse", "allow")) == "allow"
        return NumericSpec(answer, tolerance, relative, form, percent)

    def read_wrong(self, source: str, element: etree._Element, spec: Any, context: ReadContext) -> str:
        """An expression; if its value is a list, each of them is recognised."""
        return context.expression(element, source, "answer")

    def key(self, spec: NumericSpec, variant: Variant) -> tuple[Fraction | float, ...]:
        """Every right value."""
        return _values(variant, spec.answer)

    def view(self, spec: NumericSpec, variant: Variant) -> dict[str, Any]:
        """`form`: the form that is asked for, `percent`: whether a percent sign may be written."""
        return {"form": spec.form, "percent": spec.percent}

    def judge(self, spec: NumericSpec, variant: Variant, raw: object) -> InputVerdict:
        """Right within the tolerance; a right value in the wrong form is not read yet."""
        text = _as_text(raw)
        try:
            reading = read_number(text, spec.percent)
        except NotRead as reason:
            return unread(reason.message, text.strip())
        value = f"{reading.value}" if reading.written != "decimal" else text.strip()
        if not any(_equal(reading.value, key, spec) for key in self.key(spec, variant)):
            return wrong(value)
        if not _has_form(reading, spec.form):
            return unread(Message(FORM_MESSAGES[spec.form]), value)
        return right(value)

    def matches(self, matcher: str, spec: NumericSpec, variant: Variant, raw: object) -> bool:
        """Whether the number read is the value of the author's wrong expression."""
        value = self.quantity(spec, variant, raw)
        return value is not None and any(_equal(value, wrong, spec) for wrong in _values(variant, matcher))

    def solve(self, spec: NumericSpec, variant: Variant) -> str:
        """The first right value in the form that is asked for."""
        return _written(self.key(spec, variant)[0], spec.form)

    def example(self, matcher: str, spec: NumericSpec, variant: Variant) -> str | None:
        """The first value that the matcher recognises."""
        return _written(_values(variant, matcher)[0], spec.form)

    def quantity(self, spec: NumericSpec, variant: Variant, raw: object) -> Fraction | None:
        """The number that was read, None if there is none."""
        try:
            return read_number(_as_text(raw), spec.percent).value
        except NotRead:
            return None


def _as_text(raw: object) -> str:
    if isinstance(raw, list | tuple) and len(raw) == 1:
        raw = raw[0]
    if isinstance(raw, str):
        return raw
    return str(raw) if isinstance(raw, int | float) and not isinstance(raw, bool) else ""


def _values(variant: Variant, source: str) -> tuple[Fraction | float, ...]:
    value = variant.value(source)
    values = value if isinstance(value, tuple) else (value,)
    if not values or not all(
        isinstance(one, Fraction | float | int) and not isinstance(one, bool) for one in values
    ):
        reason = Message(_('"%(expression)s" is not a number.'), {"expression": shorten(source)})
        raise VariantError(variant.item.id, reason)
    return values


def _equal(value: Fraction, key: Fraction | float, spec: NumericSpec) -> bool:
    if isinstance(key, float):
        if not math.isfinite(key):
            return False
        key = Fraction(key)
        if not spec.tolerance:
            return abs(value - key) <= abs(key) * INEXACT_TOLERANCE
    allowed = abs(key) * spec.tolerance if spec.relative else spec.tolerance
    return abs(value - key) <= allowed


def _has_form(reading: Reading, form: str) -> bool:
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


def _written(value: Fraction | float, form: str) -> str:
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


def _read_tolerance(element: etree._Element, context: ReadContext) -> tuple[Fraction, bool]:
    source = element.get("tolerance")
    if source is None:
        return Fraction(0), False
    match = TOLERANCE.fullmatch(source.strip())
    if match is None:
        context.error(
            element,
            Message(_('tolerance="%(value)s" is not a tolerance.'), {"value": shorten(source)}),
            _('Write an amount such as tolerance="0.01", or a share of the answer such as tolerance="1%".'),
        )
        return Fraction(0), False
    return Fraction(match[1].rstrip(".")) / (100 if match[2] else 1), bool(match[2])
