"""`<text answer="canté" accents="warn" typos="1"><accept>yo canté<say>…</say></accept></text>`: a text.

Answers are compared folded (see :mod:`~adaptive_xblocks.tutoring.answers.text_folding`); `case="exact"` lets capitals
and a full stop count. `accents`: "exact" (an answer without them is wrong, and told to look at them), "warn" (right,
with the spelling) or "ignore". `typos`: so many slips are forgiven, with the spelling; see `n_slips` for where none is.
`{@expression@}` may stand in the answers. `<accept pattern="…"/>` and `<wrong pattern="…">` look at the folded answer
as a whole (see :mod:`~adaptive_xblocks.tutoring.patterns`).
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from lxml import etree

from adaptive_xblocks.tutoring.answers.base import AnswerType, response_of, right, say_of, unread, wrong
from adaptive_xblocks.tutoring.answers.numbers import EMPTY
from adaptive_xblocks.tutoring.answers.spelling import ONE_SLIP, n_slips
from adaptive_xblocks.tutoring.answers.text_folding import fold, without_accents, without_calls
from adaptive_xblocks.tutoring.model import InputVerdict, Message, Text, _
from adaptive_xblocks.tutoring.patterns import PatternError, compiled, fits, is_slow
from adaptive_xblocks.tutoring.reading import AT_MOST, ReadContext, shorten
from adaptive_xblocks.tutoring.rich_text import plain_text, render_html
from adaptive_xblocks.tutoring.variants import Variant

MAX_LENGTH = 500
MAX_ACCEPTED = 100
TRIED_PATTERNS = 100  # of a document, for being slow

_PLAIN_QUOTES = str.maketrans({**dict.fromkeys("‘’", "'"), **dict.fromkeys("“”", '"')})

EXACT, WARN, IGNORE = "exact", "warn", "ignore"

TOO_LONG = _("That is longer than %(limit)s characters. Write a shorter answer.")
LOOK_AT_ACCENTS = _("Look at the accents.")
ACCENTED = _("With its accents it is written “%(spelling)s”.")
SPELLED = _("It is spelled “%(spelling)s”.")


@dataclass(frozen=True, slots=True)
class Pattern:
    """What an answer may look like as a whole, and what is said of it."""

    source: str
    say: Text | None = None


@dataclass(frozen=True, slots=True)
class TextSpec:
    """The right answers, the author's first one first, what is ignored or forgiven when comparing, and what the author
    says of the answers (in their order, as far as there is anything)."""

    answers: tuple[Text, ...]
    fold_case: bool = True
    accents: str = EXACT
    patterns: tuple[Pattern, ...] = ()
    typos: int = 0
    says: tuple[Text | None, ...] = ()


@dataclass(frozen=True, slots=True)
class _Key:
    plain: str
    folded: str
    say: Text | None = None


class TextAnswer(AnswerType):
    """A literal text with accepted variants."""

    tag = "text"
    template = "answers/text.html"
    attributes = frozenset(("answer", "case", "accents", "typos"))
    wrong_attributes = frozenset(("answer", "pattern"))

    def read(self, element: etree._Element, context: ReadContext) -> TextSpec:
        """See :meth:`AnswerType.read`."""
        main = context.literal(element, "answer")
        accepts = list(context.children(element, ("accept",)))
        accepted = [_accepted(child, context) for child in accepts if child.get("pattern") is None]
        found = [(text, say) for text, say in ((main, None), *accepted) if text]
        if not found:
            context.error(element, _("<text> has no answer."), _('Write it, e.g. <text answer="denominator"/>.'))
        if len(found) > MAX_ACCEPTED:
            problem = Message(_("<text> accepts %(count)s answers."), {"count": len(found)})
            context.error(element, problem, Message(AT_MOST, {"limit": MAX_ACCEPTED}))
        spec = TextSpec(
            tuple(text for text, _say in found),
            context.choice(element, "case", ("fold", "exact")) == "fold",
            context.choice(element, "accents", (EXACT, WARN, IGNORE)),
            typos=int(context.choice(element, "typos", ("0", "1", "2"))),
            says=tuple(say for _text, say in found) if any(say for _text, say in found) else (),
        )
        _check_typos(spec, element, context)
        patterns = [_read_pattern(child, spec, context) for child in accepts if child.get("pattern") is not None]
        return replace(spec, patterns=tuple(pattern for pattern in patterns if pattern))

    def read_wrong(
        self, source: str, element: etree._Element, spec: TextSpec, context: ReadContext
    ) -> Text | Pattern | None:
        """The literal text of the wrong answer, or what it looks like."""
        if element.get("pattern") is not None:
            return _read_pattern(element, spec, context)
        return context.plain(element, source)

    def key(self, spec: TextSpec, variant: Variant) -> tuple[str, ...]:
        """Every right answer, folded."""
        return tuple(key.folded for key in _keys(spec, variant))

    def view(self, spec: TextSpec, variant: Variant) -> dict[str, Any]:
        """Nothing: a text input shows nothing of its spec."""
        return {}

    def strict(self, spec: TextSpec) -> TextSpec:
        """Without forgiven slips, and with accents that count."""
        accents = EXACT if spec.accents == WARN else spec.accents
        return replace(spec, typos=0, accents=accents) if spec.typos or accents != spec.accents else spec

    def judge(self, spec: TextSpec, variant: Variant, raw: object) -> InputVerdict:
        """Right if it equals one of the answers after folding, or looks as a pattern says; right with a message for
        what is forgiven."""
        text = response_of(raw)
        if len(text) > MAX_LENGTH:
            return unread(Message(TOO_LONG, {"limit": MAX_LENGTH}), text)
        folded = fold(text, spec.fold_case)
        if not folded:
            return unread(Message(EMPTY))
        keys = _keys(spec, variant)
        spellings = {folded, without_calls(folded)}
        for key in keys:
            if key.folded in spellings:
                return right(folded, None, key.say)
        for pattern in spec.patterns:
            if _fits(pattern, text, spec):
                return right(folded, None, pattern.say)
        return _forgiven(spec, keys, spellings, folded) or wrong(folded, _advice(spec, keys, spellings))

    def matches(self, matcher: Text | Pattern, spec: TextSpec, variant: Variant, raw: object) -> bool:
        """Whether the answer, folded, equals the author's wrong text or looks as the pattern says.

        Accents count as the author says; with "warn" only where they make the difference to a right answer."""
        text = response_of(raw)
        if isinstance(matcher, Pattern):
            return len(text) <= MAX_LENGTH and _fits(matcher, text, spec)
        folded = fold(text[: MAX_LENGTH + 1], spec.fold_case)
        key = _key_of(matcher, spec, variant)
        if key.folded in (folded, without_calls(folded)):
            return True
        bare = without_accents(key.folded)
        tells = spec.accents == EXACT or spec.accents == WARN and bare in map(without_accents, self.key(spec, variant))
        return not tells and bare in (without_accents(folded), without_accents(without_calls(folded)))

    def solve(self, spec: TextSpec, variant: Variant) -> str:
        """The author's first answer."""
        return variant.plain(spec.answers[0])

    def example(self, matcher: Text | Pattern, spec: TextSpec, variant: Variant) -> str | None:
        """The wrong text itself; none for a pattern."""
        return None if isinstance(matcher, Pattern) else variant.plain(matcher)


def _keys(spec: TextSpec, variant: Variant) -> list[_Key]:
    says = spec.says or (None,) * len(spec.answers)
    return [_key_of(text, spec, variant, say) for text, say in zip(spec.answers, says)]


def _key_of(text: Text, spec: TextSpec, variant: Variant, say: Text | None = None) -> _Key:
    if "{@" not in text.source:
        return _constant(text.source, spec.fold_case, say)
    plain = variant.plain(text)
    return _Key(plain, fold(plain, spec.fold_case), say)


@lru_cache(maxsize=4096)
def _constant(source: str, fold_case: bool, say: Text | None) -> _Key:
    """As `_key_of` where no number stands in the text."""
    plain = plain_text(render_html(source))
    return _Key(plain, fold(plain, fold_case), say)


def _forgiven(spec: TextSpec, keys: list[_Key], spellings: set[str], folded: str) -> InputVerdict | None:
    """The verdict of an answer that lacks accents or has slips in its spelling, None if it has more than that."""
    if spec.accents != EXACT:
        for key in keys:
            if without_accents(key.folded) in map(without_accents, spellings):
                message = Message(ACCENTED, {"spelling": key.plain}) if spec.accents == WARN else None
                return right(folded, message, key.say)
    near = [(slips, key) for key in keys if spec.typos and (slips := min(_slips(spec, key, spellings))) <= spec.typos]
    if not near:
        return None
    slips, best = min(near, key=lambda pair: pair[0])
    says = {key.say for other, key in near if other == slips}
    return right(folded, Message(SPELLED, {"spelling": best.plain}), best.say if len(says) == 1 else None)


def _advice(spec: TextSpec, keys: list[_Key], spellings: set[str]) -> Message | None:
    """What may be told of a wrong answer: that only its accents are wrong."""
    bare = set(map(without_accents, spellings))
    only_accents = spec.accents == EXACT and any(without_accents(key.folded) in bare for key in keys)
    return Message(LOOK_AT_ACCENTS) if only_accents else None


def _slips(spec: TextSpec, key: _Key, spellings: set[str]) -> Iterator[int]:
    for spelling in spellings:
        yield n_slips(spelling, key.folded, spec.typos, spec.accents == EXACT)


def _check_typos(spec: TextSpec, element: etree._Element, context: ReadContext) -> None:
    shortest = all("{@" not in text.source and len(text.source) < ONE_SLIP for text in spec.answers)
    if spec.typos and spec.answers and shortest:
        problem = Message(_("No answer is long enough for typos: they are forgiven from %(count)s letters on."),
                          {"count": ONE_SLIP})
        context.warning(element, problem, _("Remove typos=…, or accept the misspelling by an <accept>."))


def _accepted(element: etree._Element, context: ReadContext) -> tuple[Text | None, Text | None]:
    """What an <accept> accepts, and what it says to it."""
    context.attributes(element, ())
    text = context.text(element, skip=("say",))
    if not text:
        context.warning(element, _("<accept> is empty."), _("Write an answer into it or remove it."))
    return text or None, say_of(element, context)


def _read_pattern(element: etree._Element, spec: TextSpec, context: ReadContext) -> Pattern | None:
    say = None
    if element.tag == "accept":
        context.attributes(element, ("pattern",))
        say = say_of(element, context)
        if "".join([element.text or "", *(child.tail or "" for child in element)]).strip():
            problem = _("The text in this <accept> is not used: its pattern counts.")
            context.warning(element, problem, _("Write an <accept> of its own for it."))
    source = _folded_pattern(element.get("pattern", ""), spec)
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
    return Pattern(source, say)


def _folded_pattern(source: str, spec: TextSpec) -> str:
    """The pattern as folded answers are written: with plain quotation marks, and without accents where they do not
    count."""
    source = unicodedata.normalize("NFC", source.translate(_PLAIN_QUOTES))
    return without_accents(source) if spec.accents == IGNORE else source


def _fits(pattern: Pattern, text: str, spec: TextSpec) -> bool:
    """Whether the whole answer is as the pattern says, with the full stop at its end or without."""
    plain = fold(text, fold_case=False)
    tried = dict.fromkeys((plain.casefold(), fold(text)) if spec.fold_case else (plain,))
    bare = without_accents if spec.accents == IGNORE else str
    return any(fits(pattern.source, bare(one), spec.fold_case) for one in tried)
