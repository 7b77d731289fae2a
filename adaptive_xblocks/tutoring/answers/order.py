"""`<order><line>…</line><line>…</line><extra>…</extra></order>`: lines to be put in order; extras must be left out.

The lines as written are in the right order; neighbours with the same `any` may stand in any order among themselves,
and lines with the same text stand for each other. `indent="true"`: learners indent the lines too, else each is shown
at its own `indent`. `code="true"`: a fixed-width type, white space kept, left to right.

The lines are never shown in the right order. Credit: (k - 1 - extras used) / (n - 1), at least 0, where k of the n
lines stand in the right order among themselves (the longest such run) and at the right indentation; one line alone
is always in order and earns nothing.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from math import factorial, prod
from typing import Any

from lxml import etree

from adaptive_xblocks.tutoring.answers.base import AnswerType, OwnWrong, unread
from adaptive_xblocks.tutoring.answers.order_reading import (
    EXTRA,
    MAX_INDENT,
    Line,
    OrderSpec,
    read_named,
    read_order,
)
from adaptive_xblocks.tutoring.answers.parts import (
    MOST_ANSWERS,
    by_handle,
    check_says,
    judged,
    shown_text,
    shuffled,
    tokens_of,
)
from adaptive_xblocks.tutoring.model import WRONG, InputVerdict, Message, PartVerdict, Text, _
from adaptive_xblocks.tutoring.reading import ReadContext
from adaptive_xblocks.tutoring.variants import Variant

NOT_MOVED = _("Put the lines in order first.")
UNREADABLE = _("The order of the lines could not be read. Please move them again.")
INCOMPLETE = _("Give every line its place. Still missing: %(count)s.")
OUT_OF_PLACE = _("Line %(line)s is the first that is not in its place.")
TOO_FAR = _("Line %(line)s is indented too far.")
NOT_FAR_ENOUGH = _("Line %(line)s is not indented far enough.")
TOO_FEW = _("These lines are in their places, but something is left out.")


@dataclass(frozen=True, slots=True)
class Used:
    """A line where the learner put it; `place` is its place in the right order, None for what has none."""

    handle: str
    line: Line
    indent: int
    place: int | None = None


class OrderAnswer(AnswerType):
    """Lines in the right order, and at the right indentation where that is asked."""

    tag = "order"
    template = "answers/order.html"
    attributes = frozenset(("indent", "code"))

    def read(self, element: etree._Element, context: ReadContext) -> OrderSpec:
        """See :meth:`AnswerType.read`."""
        return read_order(element, context)

    def read_wrong(
        self, source: str, element: etree._Element, spec: OrderSpec, context: ReadContext
    ) -> tuple[str, ...]:
        """Ids of lines and extras (l1, l2, …, e1, … as written) that are all used, in this order."""
        return read_named(source, element, spec, context)

    def own_wrongs(self, spec: OrderSpec) -> Sequence[OwnWrong]:
        """The extras that carry feedback or a misconception."""
        return [
            ((extra.id,), extra.misconception, extra.say, f"extra:{extra.id}")
            for extra in spec.extras
            if extra.misconception or extra.say
        ]

    def chance(self, spec: OrderSpec) -> int:
        """Orders that look different, times what may be left out, times the indentations; less the one shown."""
        said = Counter(line.text.source for line in spec.lines)
        orders = factorial(len(spec.lines)) // prod(map(factorial, said.values()))
        for block in {line.block for line in spec.lines}:
            alike = Counter(line.text.source for line in spec.lines if line.block == block)
            orders //= factorial(alike.total()) // prod(map(factorial, alike.values()))
        orders *= 2 ** len(spec.extras)
        if spec.indent:
            orders *= (1 + max((line.indent for line in spec.lines), default=0)) ** max(0, len(spec.lines) - 1)
        return max(2, min(orders - 1, MOST_ANSWERS))

    def key(self, spec: OrderSpec, variant: Variant) -> tuple[tuple[str, int, int], ...]:
        """What each line says, its indentation and the number of its block, in the right order."""
        return tuple((_said(line, variant), line.indent, line.block) for line in spec.lines)

    def view(self, spec: OrderSpec, variant: Variant) -> dict[str, Any]:
        """`lines`: handle, html, lang, dir and level of each, in the order shown; `out`: those left out."""
        lines = [_line_view(handle, line, spec, variant) for handle, line in _shown(spec, variant).items()]
        return {
            "lines": lines, "out": [], "value": "", "code": spec.code, "indent": spec.indent,
            "extras": bool(spec.extras),
        }

    def judge(self, spec: OrderSpec, variant: Variant, raw: object) -> InputVerdict:
        """Right if the lines stand as written, extras left out; else told is the first line that does not."""
        check_says(spec.extras, variant)
        shown = _shown(spec, variant)
        used = _read(raw, shown, spec)
        n_missing = len(shown) - len(used or ())
        if not used:
            return unread(Message(NOT_MOVED if used is not None else UNREADABLE))
        if n_missing and not spec.extras:
            return unread(Message(INCOMPLETE, {"count": n_missing}))
        used = _placed(used, spec, variant)
        message, at_fault = _first_fault(used, spec)
        value = " ".join(f"{one.line.id}:{one.indent}" if spec.indent else one.line.id for one in used)
        parts = {at_fault: PartVerdict(WRONG)} if at_fault else {}
        return judged(value, _credit(used, spec) if message else Fraction(1), message, parts)

    def matches(self, matcher: tuple[str, ...], spec: OrderSpec, variant: Variant, raw: object) -> bool:
        """Whether all those parts are used, in that order; what says the same stands for each other."""
        said = {line.id: _said(line, variant) for line in (*spec.lines, *spec.extras)}
        used = iter([said[one.line.id] for one in _read(raw, _shown(spec, variant), spec) or ()])
        return bool(matcher) and all(said.get(name) in used for name in matcher)

    def solve(self, spec: OrderSpec, variant: Variant) -> str:
        """The handles of the lines as written."""
        return _response([line.id for line in spec.lines], spec, variant)

    def example(self, matcher: tuple[str, ...], spec: OrderSpec, variant: Variant) -> str | None:
        """The right order, in which the named lines have changed places; extras follow the part named before them."""
        lines = [line.id for line in spec.lines]
        named = iter([name for name in matcher if name in lines])
        order = [next(named) if name in matcher else name for name in lines]
        for at, name in enumerate(matcher):
            if name not in lines:
                order.insert(order.index(matcher[at - 1]) + 1 if at else 0, name)
        return _response(order, spec, variant)

    def laid_out(self, view: dict[str, Any], raw: str) -> dict[str, Any]:
        """The lines where the learner put them; as at first if they cannot have come from this page."""
        lines = {line["handle"]: line for line in view["lines"]}
        order = _tokens(raw)
        if not order or not lines.keys() >= {*order} or (len(order) < len(lines) and not view["extras"]):
            return view
        used = [{**lines[handle], "level": level} if view["indent"] else lines[handle]
                for handle, level in order.items()]
        out = [line for handle, line in lines.items() if handle not in order]
        return {**view, "lines": used, "out": out, "value": raw}

    def said(self, spec: OrderSpec, variant: Variant, raw: str) -> str:
        """The lines in the learner's order."""
        used = _read(raw, _shown(spec, variant), spec) or ()
        items = "".join(
            f'<li data-level="{one.indent if spec.indent else one.line.indent}">'
            f'<span class="ax-tabs"></span><div>{variant.text(_written(one.line, spec))}</div></li>' for one in used)
        as_code = ' dir="ltr" data-code=""' if spec.code else ""
        return f'<ol class="ax-said ax-rows"{as_code}>{items}</ol>'


def _said(line: Line, variant: Variant) -> str:
    return variant.substituted(line.text.source)


def _written(line: Line, spec: OrderSpec) -> Text:
    """A line's text as it is shown: code as such, so that its white space is kept and nothing in it is a formula."""
    return Text(f"<code>{line.text.source}</code>") if spec.code else line.text


def _line_view(handle: str, line: Line, spec: OrderSpec, variant: Variant) -> dict[str, Any]:
    level = 0 if spec.indent else line.indent
    return {"handle": handle, **shown_text(_written(line, spec), variant), "level": level}


def _shown(spec: OrderSpec, variant: Variant) -> dict[str, Line]:
    """Lines and extras by handle: shuffled, the lines among them not in the right order."""
    parts = shuffled((*spec.lines, *spec.extras), variant.seed, spec.path)
    places = [at for at, part in enumerate(parts) if part.block != EXTRA]
    among_them = [Used("", parts[at], 0) for at in places]
    if _out_of_place(_placed(among_them, spec, variant), spec) is None:
        for at, line in zip(places, _nearly_right(spec, variant)):
            parts[at] = line
    return by_handle(parts)


def _nearly_right(spec: OrderSpec, variant: Variant) -> list[Line]:
    """The lines as written but for two neighbours whose change of places is wrong."""
    lines = list(spec.lines)
    for at, (one, other) in enumerate(pairwise(spec.lines)):
        if one.block != other.block and _said(one, variant) != _said(other, variant):
            lines[at:at + 2] = other, one
            break
    return lines


def _tokens(raw: object) -> dict[str, int] | None:
    """Indentation by handle, in the learner's order; None for what no page of ours sends."""
    tokens = tokens_of(raw)
    if tokens is None:
        return None
    order: dict[str, int] = {}
    for token in tokens:
        handle, colon, indent = token.partition(":")
        if handle in order or (colon and indent not in _INDENTS):
            return None
        order[handle] = int(indent or 0)
    return order


_INDENTS = frozenset(map(str, range(MAX_INDENT + 1)))


def _read(raw: object, shown: dict[str, Line], spec: OrderSpec) -> list[Used] | None:
    """The lines that the learner used, in their order; None for what no page of ours sends."""
    order = _tokens(raw)
    if order is None or not shown.keys() >= {*order}:
        return None
    return [Used(handle, shown[handle], indent if spec.indent else shown[handle].indent)
            for handle, indent in order.items()]


def _placed(used: Sequence[Used], spec: OrderSpec, variant: Variant) -> list[Used]:
    """The lines with their places in the right order. Of places that say the same the first free one is taken, and of
    those in its block one with the same indentation."""
    free: dict[str, list[int]] = {}
    for place, line in enumerate(spec.lines):
        free.setdefault(_said(line, variant), []).append(place)
    placed = []
    for one in used:
        places = free.get(_said(one.line, variant)) or []
        block = [place for place in places if spec.lines[place].block == spec.lines[places[0]].block]
        place = next((place for place in block if spec.lines[place].indent == one.indent), block[0] if block else None)
        if place is not None:
            places.remove(place)
        placed.append(Used(one.handle, one.line, one.indent, place))
    return placed


def _out_of_place(used: Sequence[Used], spec: OrderSpec) -> int | None:
    """Where the first line stands that does not belong there, None if all stand where they may."""
    for at, one in enumerate(used):
        if one.place is None or at >= len(spec.lines) or spec.lines[one.place].block != spec.lines[at].block:
            return at
    return None


def _first_fault(used: Sequence[Used], spec: OrderSpec) -> tuple[Message | None, str]:
    """What is to be said of the first line that is wrong, and its handle; nothing if all is right."""
    wrong = _out_of_place(used, spec)
    for at, one in enumerate(used[:wrong]):
        asked = spec.lines[one.place or 0].indent
        if spec.indent and one.indent != asked:
            return Message(TOO_FAR if one.indent > asked else NOT_FAR_ENOUGH, {"line": at + 1}), one.handle
    if wrong is not None:
        return Message(OUT_OF_PLACE, {"line": wrong + 1}), used[wrong].handle
    return (Message(TOO_FEW), "") if len(used) < len(spec.lines) else (None, "")


def _credit(used: Sequence[Used], spec: OrderSpec) -> Fraction:
    ends: list[int] = []  # the lowest block in which a run of each length can end
    for one in used:
        if one.place is None or (spec.indent and spec.lines[one.place].indent != one.indent):
            continue
        block = spec.lines[one.place].block
        at = bisect_right(ends, block)
        ends[at:at + 1] = [block]
    n_extras = sum(one.place is None for one in used)
    return Fraction(max(0, len(ends) - 1 - n_extras), max(1, len(spec.lines) - 1))


def _response(names: Sequence[str], spec: OrderSpec, variant: Variant) -> str:
    handles = {line.id: (handle, line) for handle, line in _shown(spec, variant).items()}
    return " ".join(
        f"{handle}:{line.indent}" if spec.indent else handle for handle, line in (handles[name] for name in names))
