"""Options to choose from, for one or several right ones: how they are written, checked, shuffled and shown."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from lxml import etree

from adaptive_xblocks.tutoring.answers.base import say_of
from adaptive_xblocks.tutoring.answers.parts import (
    MAX_PARTS,
    alike,
    by_handle,
    check_ids,
    part_id,
    permutation,
    shown_text,
)
from adaptive_xblocks.tutoring.model import Message, Text, _
from adaptive_xblocks.tutoring.reading import ReadContext, shorten
from adaptive_xblocks.tutoring.variants import Variant

MAX_OPTIONS = MAX_PARTS


@dataclass(frozen=True, slots=True)
class Option:
    """One option; `say` answers a learner who chooses it, `misconception` is why it is chosen wrongly."""

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


def read_options(element: etree._Element, context: ReadContext) -> ChoiceSpec:
    """The options in an element; faults go to `context`."""
    found = list(context.children(element, ("option",)))
    options = tuple(
        _read_option(child, f"o{number}", context) for number, child in enumerate(found[:MAX_OPTIONS], 1)
    )
    _check_options(options, len(found), element, context)
    return ChoiceSpec(options, context.flag(element, "keep_order"), context.path)


def check_option(source: str, element: etree._Element, spec: ChoiceSpec, context: ReadContext) -> None:
    """An error if no option has the id `source`."""
    if source not in {option.id for option in spec.options}:
        known = ", ".join(option.id for option in spec.options)
        context.error(
            element,
            Message(_('There is no option "%(option)s" to recognise.'), {"option": shorten(source)}),
            Message(_("Name one of: %(known)s."), {"known": known}),
        )


def shown_options(spec: ChoiceSpec, variant: Variant) -> dict[str, tuple[Option, ...]]:
    """Options by handle, in the order shown; options that say the same with these numbers are shown once."""
    def look(option: Option) -> tuple[str, str | None, str | None]:
        return variant.substituted(option.text.source), option.text.lang, option.text.direction

    return by_handle(alike(_ordered(spec, variant.seed), look))


def option_views(spec: ChoiceSpec, variant: Variant) -> list[dict[str, Any]]:
    """Handle, html, lang and dir of each option, in the order in which they are shown."""
    return [
        {"handle": handle, **shown_text(same[0].text, variant)} for handle, same in shown_options(spec, variant).items()
    ]


def is_correct(same: Sequence[Option]) -> bool:
    """Whether options that are shown as one are right: one of them is enough."""
    return any(option.correct for option in same)


def _ordered(spec: ChoiceSpec, seed: int | str) -> Sequence[Option]:
    if spec.keep_order:
        return spec.options
    return [spec.options[place] for place in permutation(len(spec.options), seed, spec.path)]


def _read_option(element: etree._Element, number: str, context: ReadContext) -> Option:
    context.attributes(element, ("id", "correct", "misconception", "lang", "dir"))
    option_id = part_id(element, number, context)
    correct = context.flag(element, "correct")
    misconception = context.misconception(element)
    if correct and misconception:
        context.warning(
            element,
            _("A correct option shows no misconception."),
            _("Remove misconception, or correct."),
        )
    text = context.text(element, skip=("say",))
    if not text:
        context.error(element, _("An option is empty."), _("Write what learners can choose."))
    return Option(option_id, text, correct, misconception, say_of(element, context))


def _check_options(
    options: tuple[Option, ...], count: int, element: etree._Element, context: ReadContext
) -> None:
    correct = sum(option.correct for option in options)
    if not 2 <= count <= MAX_OPTIONS:
        problem = Message(_("<%(tag)s> has %(count)s options."), {"tag": element.tag, "count": count})
        remedy = Message(_("Write 2 to %(limit)s <option> elements."), {"limit": MAX_OPTIONS})
        context.error(element, problem, remedy)
    elif not correct:
        context.error(element, _("No option is correct."), _('Mark the right one: <option correct="true">.'))
    elif correct == len(options):
        context.error(element, _("Every option is correct."), _("Add an option that is wrong."))
    check_ids([option.id for option in options], element, context)
    if len({option.text.source for option in options}) < len(options):
        problem = _("Two options have the same text; learners see it once.")
        context.warning(element, problem, _("Change or remove one."))
