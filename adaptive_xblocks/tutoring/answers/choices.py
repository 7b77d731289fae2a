"""`<choices><option correct="true">…<say>…</say></option><option>…</option></choices>`: several options are right.

All that are right and no other must be chosen. Credit: the right options chosen less the wrong ones chosen, as a share
of those that are right, never below 0. Learners are told of each option that they chose whether it is right; of those
that they did not choose they are told only how many are still missing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Any

from lxml import etree

from adaptive_xblocks.tutoring.answers.base import AnswerType, OwnWrong, unread
from adaptive_xblocks.tutoring.answers.options import (
    ChoiceSpec,
    Option,
    check_option,
    is_correct,
    option_views,
    read_options,
    shown_options,
)
from adaptive_xblocks.tutoring.answers.parts import MOST_ANSWERS, check_says, judged, tokens_of
from adaptive_xblocks.tutoring.model import RIGHT, WRONG, InputVerdict, Message, PartVerdict, _
from adaptive_xblocks.tutoring.reading import ReadContext, words
from adaptive_xblocks.tutoring.variants import Variant

NOTHING_CHOSEN = _("Choose all the answers that are right first.")
UNREADABLE = _("Your choice could not be read. Please choose again.")
STILL_MISSING = _("Right so far. Still missing: %(count)s.")
TOO_MANY = _("All that is right is chosen, and something that is not.")
BOTH = _("Not all that you chose is right, and something right is missing.")

Shown = dict[str, tuple[Option, ...]]


class ChoicesAnswer(AnswerType):
    """All the right options out of several."""

    tag = "choices"
    template = "answers/choices.html"
    attributes = frozenset(("keep_order",))

    def read(self, element: etree._Element, context: ReadContext) -> ChoiceSpec:
        """See :meth:`AnswerType.read`."""
        return read_options(element, context)

    def read_wrong(
        self, source: str, element: etree._Element, spec: ChoiceSpec, context: ReadContext
    ) -> tuple[str, ...]:
        """The ids of the options (o1, o2, … as written) that are all chosen, whatever else is."""
        named = words(source)
        for option_id in named:
            check_option(option_id, element, spec, context)
        return named

    def own_wrongs(self, spec: ChoiceSpec) -> Sequence[OwnWrong]:
        """The wrong options that carry feedback or a misconception; their feedback is shown beside them."""
        return [
            ((option.id,), option.misconception, None, f"option:{option.id}")
            for option in spec.options
            if not option.correct and (option.misconception or option.say)
        ]

    def chance(self, spec: ChoiceSpec) -> int:
        """Every choice of some of the options, counted up to MOST_ANSWERS."""
        return min(2 ** len(spec.options) - 1, MOST_ANSWERS)

    def key(self, spec: ChoiceSpec, variant: Variant) -> frozenset[str]:
        """The handles that are right."""
        return _key(shown_options(spec, variant))

    def view(self, spec: ChoiceSpec, variant: Variant) -> dict[str, Any]:
        """`options`: handle, html, lang and dir of each, in the order in which they are shown."""
        return {"options": option_views(spec, variant)}

    def judge(self, spec: ChoiceSpec, variant: Variant, raw: object) -> InputVerdict:
        """Right if exactly the right options are chosen; each that is chosen has a verdict of its own."""
        check_says(spec.options, variant)
        shown = shown_options(spec, variant)
        chosen = _chosen(raw, shown)
        if not chosen:
            return unread(Message(NOTHING_CHOSEN if chosen is not None else UNREADABLE))
        key = _key(shown)
        n_right, n_wrong = len(chosen & key), len(chosen - key)
        credit = Fraction(max(0, n_right - n_wrong), len(key) or 1)
        parts = {handle: _part(shown[handle]) for handle in shown if handle in chosen}
        ids = {option.id for handle in chosen for option in shown[handle][:1]}
        value = " ".join(option.id for option in spec.options if option.id in ids)
        return judged(value, credit, _message(len(key) - n_right, n_wrong), parts)

    def matches(self, matcher: tuple[str, ...], spec: ChoiceSpec, variant: Variant, raw: object) -> bool:
        """Whether all those options were chosen."""
        shown = shown_options(spec, variant)
        chosen = _chosen(raw, shown) or ()
        return {*matcher} <= {option.id for handle in chosen for option in shown[handle]}

    def solve(self, spec: ChoiceSpec, variant: Variant) -> str:
        """The handles of all right options."""
        return _response(self.key(spec, variant))

    def example(self, matcher: tuple[str, ...], spec: ChoiceSpec, variant: Variant) -> str | None:
        """Just the handles of those options."""
        shown = shown_options(spec, variant)
        return _response(
            handle for handle, same in shown.items() if any(option.id in matcher for option in same))

    def laid_out(self, view: dict[str, Any], raw: str) -> dict[str, Any]:
        """The options with `chosen` beside those that were."""
        chosen = tokens_of(raw) or ()
        return {**view, "options": [{**one, "chosen": one["handle"] in chosen} for one in view["options"]]}

    def silent(self, spec: ChoiceSpec) -> ChoiceSpec:
        """Without what the author says of the options."""
        return replace(spec, options=tuple(replace(option, say=None) for option in spec.options))

    def said(self, spec: ChoiceSpec, variant: Variant, raw: str) -> str:
        """The options that were chosen, with what the author says of them."""
        shown = shown_options(spec, variant)
        chosen = _chosen(raw, shown) or ()
        items = (_said(same, variant) for handle, same in shown.items() if handle in chosen)
        return f'<ul class="ax-said">{"".join(items)}</ul>'


def _chosen(raw: object, shown: Shown) -> frozenset[str] | None:
    """The handles chosen, none if nothing is; None for what no page of ours sends."""
    tokens = tokens_of(raw)
    if tokens is None or len({*tokens}) < len(tokens) or not shown.keys() >= {*tokens}:
        return None
    return frozenset(tokens)


def _key(shown: Shown) -> frozenset[str]:
    return frozenset(handle for handle, same in shown.items() if is_correct(same))


def _part(same: tuple[Option, ...]) -> PartVerdict:
    is_right = is_correct(same)
    say = next((option.say for option in same if option.say and option.correct == is_right), None)
    return PartVerdict(RIGHT if is_right else WRONG, say)


def _message(n_missing: int, n_wrong: int) -> Message:
    if not n_wrong:
        return Message(STILL_MISSING, {"count": n_missing})
    return Message(BOTH if n_missing else TOO_MANY)


def _response(handles: Any) -> str:
    return " ".join(sorted(handles, key=int))


def _said(same: tuple[Option, ...], variant: Variant) -> str:
    say = _part(same).say
    told = f'<div class="ax-soft">{variant.text(say)}</div>' if say else ""
    return f'<li dir="auto">{variant.text(same[0].text)}{told}</li>'
