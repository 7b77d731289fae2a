"""`<text answer="denominator"><accept>bottom number</accept></text>`: a word or a short phrase.

Answers are compared after Unicode NFKC with white space folded; `case="exact"` and `accents="ignore"` change
what else counts. `{@expression@}` may stand in the answers. `<accept pattern="…"/>` and `<wrong pattern="…">` look at
the folded answer as a whole (see :mod:`~adaptive_xblocks.tutoring.patterns`).
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, replace
from typing import Any

from lxml import etree

from adaptive_xblocks.tutoring.answers.base import AnswerType, right, unread, wrong
from adaptive_xblocks.tutoring.answers.numbers import EMPTY
from adaptive_xblocks.tutoring.model import InputVerdict, Message, Text, _
from adaptive_xblocks.tutoring.patterns import PatternError, compiled, fits, is_slow
from adaptive_xblocks.tutoring.reading import AT_MOST, ReadContext, shorten
from adaptive_xblocks.tutoring.variants import Variant

MAX_LENGTH = 500
MAX_ACCEPTED = 100
TRIED_PATTERNS = 100  # of a document, for being slow


TOO_LONG = _("That is longer than %(limit)s characters. Write a shorter answer.")


@dataclass(frozen=True, slots=True)
class Pattern:
    """What an answer may look like as a whole."""

    source: str


@dataclass(frozen=True, slots=True)
class TextSpec:
    """The right answers, the author's first one first, and what is ignored when comparing."""

    answers: tuple[Text, ...]
    fold_case: bool = True
    ignore_accents: bool = False
    patterns: tuple[Pattern, ...] = ()


class TextAnswer(AnswerType):
    """A literal text with accepted variants."""

    tag = "text"
    template = "answers/text.html"
    attributes = frozenset(("answer", "case", "accents"))
    takes_patterns = True

    def read(self, element: etree._Element, context: ReadContext) -> TextSpec:
        """See :meth:`AnswerType.read`."""
        main = context.literal(element, "answer")
        accepts = list(context.children(element, ("accept",)))
        accepted = [_accepted(child, context) for child in accepts if child.get("pattern") is None]
        answers = tuple(text for text in (main, *accepted) if text)
        if not answers:
            context.error(element, _("<text> has no answer."), _('Write it, e.g. <text answer="denominator"/>.'))
        if len(answers) > MAX_ACCEPTED:
            problem = Message(_("<text> accepts %(count)s answers."), {"count": len(answers)})
            context.error(element, problem, Message(AT_MOST, {"limit": MAX_ACCEPTED}))
        fold_case = context.choice(element, "case", ("fold", "exact")) == "fold"
        ignore_accents = context.choice(element, "accents", ("exact", "ignore")) == "ignore"
        spec = TextSpec(answers, fold_case, ignore_accents)
        found = [_read_pattern(child, spec, context) for child in accepts if child.get("pattern") is not None]
        return replace(spec, patterns=tuple(pattern for pattern in found if pattern))

    def read_wrong(
        self, source: str, element: etree._Element, spec: TextSpec, context: ReadContext
    ) -> Text | Pattern | None:
        """The literal text of the wrong answer, or what it looks like."""
        if element.get("pattern") is not None:
            return _read_pattern(element, spec, context)
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
        is_right = folded in self.key(spec, variant) or any(_fits(one, folded, spec) for one in spec.patterns)
        return (right if is_right else wrong)(folded)

    def matches(self, matcher: Text | Pattern, spec: TextSpec, variant: Variant, raw: object) -> bool:
        """Whether the answer, folded, equals the author's wrong text or looks as the pattern says."""
        folded = _fold(_as_text(raw), spec)
        if isinstance(matcher, Pattern):
            return _fits(matcher, folded, spec)
        return folded == _fold(variant.plain(matcher), spec)

    def solve(self, spec: TextSpec, variant: Variant) -> str:
        """The author's first answer."""
        return variant.plain(spec.answers[0])

    def example(self, matcher: Text | Pattern, spec: TextSpec, variant: Variant) -> str | None:
        """The wrong text itself; none for a pattern."""
        return None if isinstance(matcher, Pattern) else variant.plain(matcher)


def _accepted(element: etree._Element, context: ReadContext) -> Text | None:
    context.attributes(element, ())
    text = context.text(element)
    if not text:
        context.warning(element, _("<accept> is empty."), _("Write an answer into it or remove it."))
    return text or None


def _read_pattern(element: etree._Element, spec: TextSpec, context: ReadContext) -> Pattern | None:
    if element.tag == "accept":
        context.attributes(element, ("pattern",))
        if "".join(element.itertext()).strip():
            problem = _("The text in this <accept> is not used: its pattern counts.")
            context.warning(element, problem, _("Write an <accept> of its own for it."))
    source = _without_accents(element.get("pattern", ""), spec)
    shown = {"pattern": shorten(source)}
    try:
        compiled(source, spec.fold_case)
    except PatternError as error:
        problem = Message(_('pattern="%(pattern)s" cannot be used. %(reason)s'), {**shown, "reason": error.sentence})
        context.error(element, problem, _('Correct it; it is a regular expression such as pattern="colou?rs?".'))
        return None
    context.patterns.add(source)
    if len(context.patterns) <= TRIED_PATTERNS and is_slow(source, spec.fold_case):
        problem = _('pattern="%(pattern)s" takes too long for some answers, which it then does not match.')
        remedy = _("Do not repeat what is repeated already, as in (a+)+, nor choices that begin alike, as in (a|ab)*.")
        context.warning(element, Message(problem, shown), remedy)
    return Pattern(source)


def _fits(pattern: Pattern, folded: str, spec: TextSpec) -> bool:
    return fits(pattern.source, folded, spec.fold_case)


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
    return _without_accents(text, spec)


def _without_accents(text: str, spec: TextSpec) -> str:
    if spec.ignore_accents:
        text = "".join(c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c))
    return unicodedata.normalize("NFC", text)
