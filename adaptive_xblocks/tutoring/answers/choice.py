"""`<choice><option correct="true">…</option><option misconception="…">…<say>…</say></option></choice>`.

Options are shown in an order drawn from the variant's seed (`keep_order="true"`: as written). The browser
knows an option only by its position in that order, so neither order nor handle says which is right.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from lxml import etree

from adaptive_xblocks.tutoring.answers.base import AnswerType, OwnWrong, response_of, right, unread, wrong
from adaptive_xblocks.tutoring.answers.options import (
    ChoiceSpec,
    Option,
    check_option,
    is_correct,
    option_views,
    read_options,
    shown_options,
)
from adaptive_xblocks.tutoring.answers.parts import check_says
from adaptive_xblocks.tutoring.model import InputVerdict, Message, _
from adaptive_xblocks.tutoring.reading import ReadContext
from adaptive_xblocks.tutoring.variants import Variant

__all__ = ["ChoiceAnswer", "ChoiceSpec", "Option"]

NOTHING_CHOSEN = _("Choose one of the answers first.")


class ChoiceAnswer(AnswerType):
    """One option out of several."""

    tag = "choice"
    template = "answers/choice.html"
    attributes = frozenset(("keep_order",))

    def read(self, element: etree._Element, context: ReadContext) -> ChoiceSpec:
        """See :meth:`AnswerType.read`."""
        return read_options(element, context)

    def read_wrong(self, source: str, element: etree._Element, spec: ChoiceSpec, context: ReadContext) -> str:
        """The id of an option (o1, o2, … as written, where it has none of its own)."""
        check_option(source, element, spec, context)
        return source

    def own_wrongs(self, spec: ChoiceSpec) -> Sequence[OwnWrong]:
        """The wrong options that carry feedback or a misconception."""
        return [
            (option.id, option.misconception, option.say, f"option:{option.id}")
            for option in spec.options
            if not option.correct and (option.misconception or option.say)
        ]

    def chance(self, spec: ChoiceSpec) -> int:
        """Options per right option, rounded down so that guessing is not underrated; at least two."""
        return max(2, len(spec.options) // max(1, sum(option.correct for option in spec.options)))

    def key(self, spec: ChoiceSpec, variant: Variant) -> frozenset[str]:
        """The handles that are right."""
        return frozenset(handle for handle, same in shown_options(spec, variant).items() if is_correct(same))

    def view(self, spec: ChoiceSpec, variant: Variant) -> dict[str, Any]:
        """`options`: handle, html, lang and dir of each, in the order in which they are shown."""
        return {"options": option_views(spec, variant)}

    def judge(self, spec: ChoiceSpec, variant: Variant, raw: object) -> InputVerdict:
        """Right if the handle is that of a correct option, with what the author says of it; the value is its id."""
        check_says(spec.options, variant)
        same = shown_options(spec, variant).get(response_of(raw))
        if same is None:
            return unread(Message(NOTHING_CHOSEN))
        if is_correct(same):
            return right(same[0].id, say=next((one.say for one in same if one.correct and one.say), None))
        return wrong(same[0].id)

    def matches(self, matcher: str, spec: ChoiceSpec, variant: Variant, raw: object) -> bool:
        """Whether that option was chosen."""
        return any(option.id == matcher for option in shown_options(spec, variant).get(response_of(raw), ()))

    def solve(self, spec: ChoiceSpec, variant: Variant) -> str:
        """The handle of a correct option."""
        return min(self.key(spec, variant), key=int)

    def example(self, matcher: str, spec: ChoiceSpec, variant: Variant) -> str | None:
        """The handle of that option."""
        shown = shown_options(spec, variant)
        return next(
            (handle for handle, same in shown.items() if any(option.id == matcher for option in same)), None
        )

    def said(self, spec: ChoiceSpec, variant: Variant, raw: str) -> str:
        """The text of the option chosen."""
        same = shown_options(spec, variant).get(response_of(raw))
        return variant.text(same[0].text) if same else ""
