"""`<numeric answer="3/4" tolerance="1%" form="simplified" percent="allow"/>`: one number.

With `unit="cm"` a number with a unit, judged by value (`units="optional"`: the unit may be left out); with
`between="[2, 3)"` instead of an answer any number in the interval. `decimal` says which decimal sign is meant where
both are possible; by default the language of the element, the item or the document does.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from lxml import etree

from adaptive_xblocks.tutoring.answers.base import AnswerType, right, typed_of, unread, wrong
from adaptive_xblocks.tutoring.answers.decimal_signs import ASK, COMMA, COMMA_LANGUAGE, POINT, decimal_sign
from adaptive_xblocks.tutoring.answers.intervals import Interval, read_interval
from adaptive_xblocks.tutoring.answers.measures import Measure, read_measure
from adaptive_xblocks.tutoring.answers.number_forms import FORM_MESSAGES, FORMS, has_form, written
from adaptive_xblocks.tutoring.answers.numbers import NotRead, read_number
from adaptive_xblocks.tutoring.answers.units import NotAUnit, Unit, author_unit, describe
from adaptive_xblocks.tutoring.model import InputVerdict, Message, _
from adaptive_xblocks.tutoring.reading import ReadContext, shorten
from adaptive_xblocks.tutoring.variants import Variant, VariantError
from adaptive_xblocks.tutoring.xml_source import XML_LANG

INEXACT_TOLERANCE = Fraction(1, 1000)  # relative, for keys such as sqrt(2) that nobody can write exactly
TOLERANCE = re.compile(r"(\d+(?:\.\d*)?|\.\d+) ?(%?)")


@dataclass(frozen=True, slots=True)
class NumericSpec:
    """What the author wrote. `answer` is an expression; if its value is a list, each of them is right.

    With `between` there is no answer. Values are in the unit, if there is one; `decimal` as in `decimal_signs`.
    """

    answer: str = ""
    tolerance: Fraction = Fraction(0)
    relative: bool = False
    form: str = ""
    percent: bool = False
    between: Interval | None = None
    unit: Unit | None = None
    needs_unit: bool = True
    decimal: str = ASK


class NumericAnswer(AnswerType):
    """A number: exact unless the author allows a tolerance."""

    tag = "numeric"
    template = "answers/numeric.html"
    has_quantity = True
    attributes = frozenset(("answer", "between", "tolerance", "form", "percent", "unit", "units", "decimal"))
    wrong_attributes = frozenset(("answer", "between"))

    def read(self, element: etree._Element, context: ReadContext) -> NumericSpec:
        """See :meth:`AnswerType.read`."""
        answer, between = element.get("answer", "").strip(), element.get("between")
        if answer:
            context.expression(element, answer, "answer")
        if bool(answer) == (between is not None):
            problem = _("<numeric> has an answer and an interval.") if answer else _("<numeric> has no answer.")
            remedy = _('Write one of them, e.g. <numeric answer="3/4"/> or <numeric between="[2, 3)"/>.')
            context.error(element, problem, remedy)
        tolerance, relative = _read_tolerance(element, context)
        if between is not None and tolerance:
            problem = _("A tolerance does nothing beside an interval.")
            context.warning(element, problem, _("Widen the interval, or write an answer instead of it."))
        form = context.choice(element, "form", FORMS)
        percent = context.choice(element, "percent", ("refuse", "allow")) == "allow"
        unit, needs_unit = _read_unit(element, context)
        decimal = context.choice(element, "decimal", ("auto", POINT, COMMA))
        return NumericSpec(
            answer, tolerance, relative, form, percent,
            None if between is None else read_interval(between, element, context), unit, needs_unit,
            decimal_sign(_language(element)) if decimal == "auto" else decimal,
        )

    def read_wrong(
        self, source: str, element: etree._Element, spec: NumericSpec, context: ReadContext
    ) -> str | Interval | None:
        """An interval, or an expression; if its value is a list, each of them is recognised."""
        if element.get("between") is not None:
            return read_interval(source, element, context)
        return context.expression(element, source, "answer")

    def key(self, spec: NumericSpec, variant: Variant) -> tuple[Fraction | float | None, ...]:
        """Every right value; the ends of an interval."""
        return spec.between.bounds(variant) if spec.between else _values(variant, spec.answer)

    def view(self, spec: NumericSpec, variant: Variant) -> dict[str, Any]:
        """`form`: the form that is asked for, `percent`: whether a percent sign may be written, `units`: "required",
        "optional" or nothing."""
        units = "" if spec.unit is None else "required" if spec.needs_unit else "optional"
        return {"form": spec.form, "percent": spec.percent, "units": units}

    def judge(self, spec: NumericSpec, variant: Variant, raw: object) -> InputVerdict:
        """Right within the tolerance; a right value in the wrong form is not read yet."""
        text = typed_of(raw, int | float)
        try:
            read = _read(text, spec)
        except NotRead as reason:
            return unread(reason.message, text.strip())
        by_value = spec.unit is None and read.reading.written != "decimal"
        value = f"{read.reading.value}" if by_value else text.strip()
        if read.value is None or not _is_right(read, spec, variant):
            return wrong(value, read.message)
        if not has_form(read.reading, spec.form):
            return unread(Message(FORM_MESSAGES[spec.form]), value)
        return right(value)

    def matches(self, matcher: str | Interval, spec: NumericSpec, variant: Variant, raw: object) -> bool:
        """Whether the number read is the value of the author's wrong expression, or lies in the wrong interval."""
        try:
            read = _read(typed_of(raw, int | float), spec)
        except NotRead:
            return False
        if read.value is None:
            return False
        if isinstance(matcher, Interval):
            return matcher.contains(read.value, variant)
        return any(_equal(read, wrong, spec) for wrong in _values(variant, matcher))

    def solve(self, spec: NumericSpec, variant: Variant) -> str:
        """The first right value in the form that is asked for, with the unit."""
        return _written(spec.between.inside(variant) if spec.between else self.key(spec, variant)[0], spec)

    def example(self, matcher: str | Interval, spec: NumericSpec, variant: Variant) -> str | None:
        """The first value that the matcher recognises."""
        is_interval = isinstance(matcher, Interval)
        return _written(matcher.inside(variant) if is_interval else _values(variant, matcher)[0], spec)

    def quantity(self, spec: NumericSpec, variant: Variant, raw: object) -> Fraction | None:
        """The number that was read, in the unit that is asked for; None if there is none."""
        try:
            return _read(typed_of(raw, int | float), spec).value
        except NotRead:
            return None


def _read(text: str, spec: NumericSpec) -> Measure:
    if spec.unit is not None:
        return read_measure(text, spec.unit, spec.needs_unit, spec.percent, spec.decimal)
    reading = read_number(text, spec.percent, spec.decimal)
    return Measure(reading, reading.value)


def _is_right(read: Measure, spec: NumericSpec, variant: Variant) -> bool:
    if spec.between:
        return spec.between.contains(read.value, variant)
    return any(_equal(read, key, spec) for key in _values(variant, spec.answer))


def _written(value: Fraction | float, spec: NumericSpec) -> str:
    """A value as `_read` reads it: floats have a decimal sign that could mean another thing."""
    number = written(value, spec.form)
    if spec.decimal in (COMMA, COMMA_LANGUAGE):
        number = number.replace(".", ",")
    return f"{number} {spec.unit.source}" if spec.unit else number


def _values(variant: Variant, source: str) -> tuple[Fraction | float, ...]:
    value = variant.value(source)
    values = value if isinstance(value, tuple) else (value,)
    if not values or not all(
        isinstance(one, Fraction | float | int) and not isinstance(one, bool) for one in values
    ):
        reason = Message(_('"%(expression)s" is not a number.'), {"expression": shorten(source)})
        raise VariantError(variant.item.id, reason)
    return values


def _equal(read: Measure, key: Fraction | float, spec: NumericSpec) -> bool:
    value = read.value
    if isinstance(key, float) and not math.isfinite(key):
        return False
    if not spec.tolerance and (isinstance(key, float) or not read.is_exact):
        return abs(value - Fraction(key)) <= abs(Fraction(key)) * INEXACT_TOLERANCE
    allowed = abs(Fraction(key)) * spec.tolerance if spec.relative else spec.tolerance
    return abs(value - Fraction(key)) <= allowed


def _language(element: etree._Element) -> str | None:
    """The language of the nearest element that says one: the input itself, its step, item or document."""
    owners = (element, *element.iterancestors())
    return next((lang for one in owners if (lang := one.get("lang") or one.get(XML_LANG))), None)


def _read_unit(element: etree._Element, context: ReadContext) -> tuple[Unit | None, bool]:
    source, needs = element.get("unit", "").strip(), context.choice(element, "units", ("required", "optional"))
    if not source:
        if element.get("units") is not None:
            problem = _("units=… does nothing without a unit.")
            context.warning(element, problem, _('Write e.g. unit="cm", or remove it.'))
        return None, True
    try:
        unit = author_unit(source)
    except NotAUnit as error:
        problem = Message(_('unit="%(unit)s" cannot be used. %(reason)s'),
                          {"unit": shorten(source), "reason": error.message})
        context.error(element, problem, _('Write e.g. unit="cm", unit="m^2", unit="km/h" or unit="degC".'))
        return None, True
    describe(unit)
    return unit, needs == "required"


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
