"""`<match>`: what belongs together, as pairs of a left and a right side or as members of groups.

Every left side (or member) gets one of the right sides (or groups); right sides with the same text are one, and a
right side may be chosen more than once. Credit: the share of left sides that are right. Learners are told of each.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from fractions import Fraction
from html import escape
from math import factorial, perm, prod
from typing import Any

from lxml import etree

from adaptive_xblocks.tutoring.answers.base import AnswerType, OwnWrong, unread
from adaptive_xblocks.tutoring.answers.match_reading import MatchSpec, Pairing, Side, read_match, read_pairing
from adaptive_xblocks.tutoring.answers.parts import (
    MOST_ANSWERS,
    alike,
    by_handle,
    check_says,
    judged,
    shown_text,
    shuffled,
    tokens_of,
)
from adaptive_xblocks.tutoring.model import RIGHT, WRONG, InputVerdict, Message, PartVerdict, _
from adaptive_xblocks.tutoring.reading import ReadContext
from adaptive_xblocks.tutoring.variants import Variant

NOTHING_CHOSEN = _("Choose what belongs together first.")
UNREADABLE = _("Your choice could not be read. Please choose again.")
INCOMPLETE = _("Choose something for each. Still missing: %(count)s.")
SOME_RIGHT = _("Right so far: %(right)s of %(count)s.")


class MatchAnswer(AnswerType):
    """What belongs together."""

    tag = "match"
    template = "answers/match.html"
    attributes = frozenset(("keep_order",))

    def read(self, element: etree._Element, context: ReadContext) -> MatchSpec:
        """See :meth:`AnswerType.read`."""
        return read_match(element, context)

    def read_wrong(self, source: str, element: etree._Element, spec: MatchSpec, context: ReadContext) -> Pairing | None:
        """A left side with a right side that it does not belong to, `left=right`, by ids or texts."""
        return read_pairing(source, element, spec, context)

    def own_wrongs(self, spec: MatchSpec) -> Sequence[OwnWrong]:
        """The extras that carry feedback or a misconception, wherever they are chosen."""
        return [
            (Pairing(None, right.id), right.misconception, right.say, f"extra:{right.id}")
            for right in spec.rights
            if right.misconception or right.say
        ]

    def chance(self, spec: MatchSpec) -> int:
        """Ways to choose, counted up to MOST_ANSWERS: in pairs each right side once."""
        if spec.grouped:
            return min(len(spec.rights) ** len(spec.rows), MOST_ANSWERS)
        texts = {right.id: right.text.source for right in spec.rights}
        same = Counter(texts[row.right] for row in spec.rows)
        ways = perm(len(spec.rights), len(spec.rows)) // prod(map(factorial, same.values()))
        return max(2, min(ways, MOST_ANSWERS))

    def key(self, spec: MatchSpec, variant: Variant) -> dict[str, frozenset[str]]:
        """The handles that are right for each row's handle."""
        return _key(_rows(spec, variant), _rights(spec, variant), variant)

    def view(self, spec: MatchSpec, variant: Variant) -> dict[str, Any]:
        """`rows`: handle, html, lang and dir of each left side; `options`: handle, text, lang and dir of the right."""
        return {
            "rows": [{"handle": handle, **shown_text(row.text, variant)}
                     for handle, row in _rows(spec, variant).items()],
            "options": [
                {"handle": handle, "text": variant.plain(same[0].text), "lang": same[0].text.lang,
                 "dir": same[0].text.direction}
                for handle, same in _rights(spec, variant).items()
            ],
            "grouped": spec.grouped,
        }

    def judge(self, spec: MatchSpec, variant: Variant, raw: object) -> InputVerdict:
        """Right if every left side has what it belongs to; each has a verdict of its own."""
        check_says(spec.rights, variant)
        rows, rights = _rows(spec, variant), _rights(spec, variant)
        chosen = _chosen(raw, rows.keys(), rights.keys())
        if not chosen:
            return unread(Message(NOTHING_CHOSEN if chosen is not None else UNREADABLE))
        if len(chosen) < len(rows):
            return unread(Message(INCOMPLETE, {"count": len(rows) - len(chosen)}))
        key = _key(rows, rights, variant)
        parts = {handle: PartVerdict(RIGHT if chosen[handle] in key[handle] else WRONG) for handle in rows}
        n_right = sum(part.kind == RIGHT for part in parts.values())
        ids = {row.id: rights[chosen[handle]][0].id for handle, row in rows.items()}
        value = " ".join(f"{row.id}={ids[row.id]}" for row in spec.rows)
        message = Message(SOME_RIGHT, {"right": n_right, "count": len(rows)})
        return judged(value, Fraction(n_right, len(rows)), message, parts)

    def matches(self, matcher: Pairing | None, spec: MatchSpec, variant: Variant, raw: object) -> bool:
        """Whether that left side (where none is named, any) has that right side, or one that looks the same."""
        rows, rights = _rows(spec, variant), _rights(spec, variant)
        chosen = _chosen(raw, rows.keys(), rights.keys()) or {}
        return matcher is not None and any(
            (matcher.row is None or rows[left].id == matcher.row)
            and any(one.id == matcher.right for one in rights[right])
            for left, right in chosen.items())

    def solve(self, spec: MatchSpec, variant: Variant) -> str:
        """Each row's handle with the first that is right for it."""
        return _response({left: min(right, key=int) for left, right in self.key(spec, variant).items()})

    def example(self, matcher: Pairing | None, spec: MatchSpec, variant: Variant) -> str | None:
        """All right but that pair."""
        rows, rights = _rows(spec, variant), _rights(spec, variant)
        pairs = {left: min(right, key=int) for left, right in _key(rows, rights, variant).items()}
        if matcher is None:
            return None
        left = next(handle for handle, row in rows.items() if matcher.row in (None, row.id))
        right = next(handle for handle, same in rights.items() if any(one.id == matcher.right for one in same))
        return _response({**pairs, left: right})

    def laid_out(self, view: dict[str, Any], raw: str) -> dict[str, Any]:
        """The rows with the handle `chosen` for each."""
        chosen = _chosen(raw, {row["handle"] for row in view["rows"]}, {one["handle"] for one in view["options"]}) or {}
        return {**view, "rows": [{**row, "chosen": chosen.get(row["handle"], "")} for row in view["rows"]]}

    def said(self, spec: MatchSpec, variant: Variant, raw: str) -> str:
        """Each left side with what was chosen for it."""
        rows, rights = _rows(spec, variant), _rights(spec, variant)
        chosen = _chosen(raw, rows.keys(), rights.keys()) or {}
        items = "".join(
            f'<li><span dir="auto">{variant.text(row.text)}</span> <span class="ax-to" aria-hidden="true"></span> '
            f'<span dir="auto">{escape(variant.plain(rights[chosen[handle]][0].text))}</span></li>'
            for handle, row in rows.items() if handle in chosen)
        return f'<ul class="ax-said ax-pairs">{items}</ul>'


def _rows(spec: MatchSpec, variant: Variant) -> dict[str, Side]:
    """Left sides by handle, in the order shown."""
    return by_handle(spec.rows if spec.keep_order else shuffled(spec.rows, variant.seed, f"{spec.path}/left"))


def _rights(spec: MatchSpec, variant: Variant) -> dict[str, tuple[Side, ...]]:
    """Right sides by handle, in the order shown; those that say the same with these numbers are shown once."""
    rights = spec.rights if spec.grouped else shuffled(spec.rights, variant.seed, f"{spec.path}/right")
    return by_handle(alike(rights, lambda right: variant.substituted(right.text.source)))


def _key(rows: dict[str, Side], rights: dict[str, tuple[Side, ...]], variant: Variant) -> dict[str, frozenset[str]]:
    """The handles that are right for each row's handle: what belongs to any left side that says the same."""
    said = {handle: variant.substituted(row.text.source) for handle, row in rows.items()}
    belonging: dict[str, set[str]] = {}
    for handle, row in rows.items():
        belonging.setdefault(said[handle], set()).add(row.right)
    handles = {one.id: handle for handle, same in rights.items() for one in same}
    return {handle: frozenset(handles[right] for right in belonging[said[handle]]) for handle in rows}


def _chosen(raw: object, rows: Any, rights: Any) -> dict[str, str] | None:
    """The right side's handle by the left side's; None for what no page of ours sends."""
    chosen: dict[str, str] = {}
    for token in tokens_of(raw) or ():
        left, _equals, right = token.partition("=")
        if left not in rows or right not in rights or left in chosen:
            return None
        chosen[left] = right
    return None if tokens_of(raw) is None else chosen


def _response(chosen: dict[str, str]) -> str:
    return " ".join(f"{left}={right}" for left, right in sorted(chosen.items(), key=lambda pair: int(pair[0])))
