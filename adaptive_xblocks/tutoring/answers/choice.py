"""`<choice><option correct="true">…</option><option misconception="…">…<say>…</say></option></choice>`.

Options are shown in an order drawn from the variant's seed (`keep_order="true"`: as written). The browser
knows an option only by its position in that order, so neither order nor handle says which is right.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from lxml import etree

from adaptive_xblocks.tutoring.answers.base import AnswerType, OwnWrong, right, unread, wrong
from adaptive_xblocks.tutoring.model import InputVerdict, Message, Text, _
from adaptive_xblocks.tutoring.reading import ReadContext, shorten
from adaptive_xblocks.tutoring.variants import Variant

MAX_OPTIONS = 50


NOTHING_CHOSEN = _("Choose one of the answers first.")


@dataclass(frozen=True, slots=True)
class Option:
    """One option; `misconception` and `say` answer a learner who chooses it wrongly."""

    id: str
    text: Text
    correct: bool = False
    misconception: str | None = None
    say: Text | None = None


@dataclass(frozen=True, slots=True)
class ChoiceSpec:
    """The options as written; `path` makes the order of each choice its own."""

    options: tuple[Option, ...]
    keep_order: bool
    path: str


class ChoiceAnswer(AnswerType):
    """One option out of several."""

    tag = "choice"
    template = "answers/choice.html"
    attributes = frozenset(("keep_order",))

    def read(self, element: etree._Element, context: ReadContext) -> ChoiceSpec:
        """See :meth:`AnswerType.read`."""
        found = list(context.children(element, ("option",)))
        options = tuple(
            _read_option(child, f"o{number}", context) for number, child in enumerate(found[:MAX_OPTIONS], 1)
        )
        _check_options(options, len(found), element, context)
        return ChoiceSpec(options, context.flag(element, "keep_order"), context.path)

    def read_wrong(self, source: str, element: etree._Element, spec: ChoiceSpec, context: ReadContext) -> str:
        """The id of an option (o1, o2, … as written, where it has none of its own)."""
        if source not in {option.id for option in spec.options}:
            known = ", ".join(option.id for option in spec.options)
            context.error(
                element,
                Message(_('There is no option "%(option)s" to recognise.'), {"option": shorten(source)}),
                Message(_("Name one of: %(known)s."), {"known": known}),
            )
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
        shown = _shown(spec, variant)
        return frozenset(handle for handle, same in shown.items() if any(option.correct for option in same))

    def view(self, spec: ChoiceSpec, variant: Variant) -> dict[str, Any]:
        """`options`: handle, html, lang and dir of each, in the order in which they are shown."""
        return {
            "options": [
                {
                    "handle": handle,
                    "html": variant.text(same[0].text),
                    "lang": same[0].text.lang,
                    "dir": same[0].text.direction,
                }
                for handle, same in _shown(spec, variant).items()
            ]
        }

    def judge(self, spec: ChoiceSpec, variant: Variant, raw: object) -> InputVerdict:
        """Right if the handle is that of a correct option; the value is the option's id."""
        same = _shown(spec, variant).get(_handle(raw))
        if same is None:
            return unread(Message(NOTHING_CHOSEN))
        return (right if any(option.correct for option in same) else wrong)(same[0].id)

    def matches(self, matcher: str, spec: ChoiceSpec, variant: Variant, raw: object) -> bool:
        """Whether that option was chosen."""
        return any(option.id == matcher for option in _shown(spec, variant).get(_handle(raw), ()))

    def solve(self, spec: ChoiceSpec, variant: Variant) -> str:
        """The handle of a correct option."""
        return min(self.key(spec, variant), key=int)

    def example(self, matcher: str, spec: ChoiceSpec, variant: Variant) -> str | None:
        """The handle of that option."""
        shown = _shown(spec, variant)
        return next(
            (handle for handle, same in shown.items() if any(option.id == matcher for option in same)), None
        )

    def said(self, spec: ChoiceSpec, variant: Variant, raw: str) -> str:
        """The text of the option chosen."""
        same = _shown(spec, variant).get(_handle(raw))
        return variant.text(same[0].text) if same else ""


def _handle(raw: object) -> str:
    if isinstance(raw, list | tuple) and len(raw) == 1:
        raw = raw[0]
    return raw if isinstance(raw, str) else ""


def _shown(spec: ChoiceSpec, variant: Variant) -> dict[str, tuple[Option, ...]]:
    """Options by handle, in the order shown; options that say the same with these numbers are shown once."""
    alike: dict[tuple, tuple[Option, ...]] = {}
    for option in _ordered(spec, variant.seed):
        said = variant.substituted(option.text.source), option.text.lang, option.text.direction
        alike[said] = (*alike.get(said, ()), option)
    return {str(position): same for position, same in enumerate(alike.values(), 1)}


def _ordered(spec: ChoiceSpec, seed: int) -> Sequence[Option]:
    """A permutation by digests, which stays the same in every version of Python."""
    if spec.keep_order:
        return spec.options
    salt = f"{seed}/{spec.path}/".encode()
    numbered = list(enumerate(spec.options))
    numbered.sort(key=lambda pair: hashlib.blake2b(salt + str(pair[0]).encode(), digest_size=8).digest())
    return [option for _number, option in numbered]


def _read_option(element: etree._Element, number: str, context: ReadContext) -> Option:
    context.attributes(element, ("id", "correct", "misconception", "lang", "dir"))
    option_id = element.get("id", number)
    context.check_identifier(element, option_id)
    says = [context.text(say) for say in element.iterchildren("say")]
    correct = context.flag(element, "correct")
    misconception = context.misconception(element)
    if correct and (says or misconception):
        context.warning(
            element,
            _("The feedback of a correct option is never shown."),
            _("Put it into <solution>, or remove it."),
        )
    text = context.text(element, skip=("say",))
    if not text:
        context.error(element, _("An option is empty."), _("Write what learners can choose."))
    return Option(option_id, text, correct, misconception, says[0] if says else None)


def _check_options(
    options: tuple[Option, ...], count: int, element: etree._Element, context: ReadContext
) -> None:
    correct = sum(option.correct for option in options)
    if not 2 <= count <= MAX_OPTIONS:
        problem = Message(_("<choice> has %(count)s options."), {"count": count})
        remedy = Message(_("Write 2 to %(limit)s <option> elements."), {"limit": MAX_OPTIONS})
        context.error(element, problem, remedy)
    elif not correct:
        context.error(element, _("No option is correct."), _('Mark the right one: <option correct="true">.'))
    elif correct == len(options):
        context.error(element, _("Every option is correct."), _("Add an option that is wrong."))
    if len({option.id for option in options}) < len(options):
        context.error(element, _("Two options have the same id."), _("Give each option an id of its own, or none."))
    if len({option.text.source for option in options}) < len(options):
        problem = _("Two options have the same text; learners see it once.")
        context.warning(element, problem, _("Change or remove one."))
