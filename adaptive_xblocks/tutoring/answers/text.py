"""`<text answer="denominator"><accept>bottom number</accept></text>`: a word or a short phrase.

Answers are compared after Unicode NFKC with white space folded; `case="exact"` and `accents="ignore"` change
what else counts. `{@expression@}` may stand in the answers.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from typing import Any

from lxml import etree

from adaptive_xblocks.tutoring.answers.base import AnswerType, right, unread, wrong
from adaptive_xblocks.tutoring.answers.numbers import EMPTY
from adaptive_xblocks.tutoring.model import InputVerdict, Message, Text, _
from adaptive_xblocks.tutoring.reading import AT_MOST, ReadContext
from adaptive_xblocks.tutoring.variants import Variant

MAX_LENGTH = 500
MAX_ACCEPTED = 100


TOO_LONG = _("That is longer than %(limit)s characters. Write a shorter answer.")


@dataclass(frozen=True, slots=True)
class TextSpec:
    """The right answers, the author's first one first, and what is ignored when comparing."""

    answers: tuple[Text, ...]
    fold_case: bool = True
    ignore_accents: bool = False


class TextAnswer(AnswerType):
    """A literal text with accepted variants."""

    tag = "text"
    template = "answers/text.html"
    attributes = frozenset(("answer", "case", "accents"))

    def read(self, element: etree._Element, context: ReadContext) -> TextSpec:
        """See :meth:`AnswerType.read`."""
        main = context.literal(element, "answer")
        accepted = [_accepted(child, context) for child in context.children(element, ("accept",))]
        answers = tuple(text for text in (main, *accepted) if text)
        if not answers:
            context.error(element, _("<text> has no answer."), _('Write it, e.g. <text answer="denominator"/>.'))
        if len(answers) > MAX_ACCEPTED:
            problem = Message(_("<text> accepts %(count)s answers."), {"count": len(answers)})
            context.error(element, problem, Message(AT_MOST, {"limit": MAX_ACCEPTED}))
        fold_case = context.choice(element, "case", ("fold", "exact")) == "fold"
        return TextSpec(
            answers, fold_case, context.choice(element, "accents", ("exact", "ignore")) == "ignore"
        )

    def read_wrong(
        self, source: str, element: etree._Element, spec: Any, context: ReadContext
    ) -> Text | None:
        """The literal text of the wrong answer."""
        return context.literal(element, "answer")

    def key(self, spec: TextSpec, variant: Variant) -> tuple[str, ...]:
        """Every right answer, folded."""
        return tuple(_fold(variant.plain(text), spec) for text in spec.answers)

    def view(self, spec: TextSpec, variant: Variant) -> dict[str, Any]:
        """Nothing: a text input shows nothing of its spec."""
        return {}

    def judge(self, spec: TextSpec, variant: Variant, raw: object) -> InputVerdict:
        """Right if it equals one of the answers after folding."""
        text = _as_text(raw)
        if len(text) > MAX_LENGTH:
            return unread(Message(TOO_LONG, {"limit": MAX_LENGTH}), text)
        folded = _fold(text, spec)
        if not folded:
            return unread(Message(EMPTY))
        return (right if folded in self.key(spec, variant) else wrong)(folded)

    def matches(self, matcher: Text, spec: TextSpec, variant: Variant, raw: object) -> bool:
        """Whether the answer equals the author's wrong text after folding."""
        return _fold(_as_text(raw), spec) == _fold(variant.plain(matcher), spec)

    def solve(self, spec: TextSpec, variant: Variant) -> str:
        """The author's first answer."""
        return variant.plain(spec.answers[0])

    def example(self, matcher: Text, spec: TextSpec, variant: Variant) -> str | None:
        """The wrong text itself."""
        return variant.plain(matcher)


def _accepted(element: etree._Element, context: ReadContext) -> Text | None:
    context.attributes(element, ())
    text = context.text(element)
    if not text:
        context.warning(element, _("<accept> is empty."), _("Write an answer into it or remove it."))
    return text or None


def _as_text(raw: object) -> str:
    if isinstance(raw, list | tuple) and len(raw) == 1:
        raw = raw[0]
    return raw if isinstance(raw, str) else ""


def _fold(text: str, spec: TextSpec) -> str:
    """`text` as it is compared: NFKC, without invisible signs, white space folded, as the author wishes."""
    text = unicodedata.normalize("NFKC", text)
    text = " ".join("".join(c for c in text if unicodedata.category(c) != "Cf").split())
    if spec.fold_case:
        text = text.casefold()
    if spec.ignore_accents:
        text = "".join(c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c))
    return unicodedata.normalize("NFC", text)
