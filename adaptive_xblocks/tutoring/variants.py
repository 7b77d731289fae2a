r"""An item with numbers for one learner: values of its variables from a seed, and its texts with them.

The same item id and seed give the same values in every process and Python version. The item's version is
not in it, so that mending a sentence changes nobody's numbers; values change only where the author
changes variables or conditions (see :mod:`~adaptive_xblocks.tutoring.draws`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from functools import lru_cache
from html import escape, unescape

from adaptive_xblocks.tutoring.draws import count_values, draw_values, drawing, failed_draws
from adaptive_xblocks.tutoring.expressions import Budget, Expression, ExpressionError, Value, format_value, parse
from adaptive_xblocks.tutoring.model import ERROR, WARNING, Fault, Item, Message, Step, Text, _, as_message
from adaptive_xblocks.tutoring.rich_text import (
    has_blocks,
    join_formulas,
    plain_text,
    render_html,
    split_formulas,
)

#: Characters of one text with its values: beyond that nobody reads it, and a list in it could repeat without end.
MAX_TEXT = 50_000
#: Steps for trying all texts and answers of an item with the numbers of one seed.
TRYING_WORK = 20_000
_WORK_OF_AN_EVALUATION = 5  # beside its own steps
_SHOWN_FOR_A_STEP = 10  # characters
_PLACEHOLDER = re.compile(r"\{\{@|\{@(.*?)@\}|\{@", re.DOTALL)
_LANGUAGE = re.compile(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*")
_DIRECTIONS = ("ltr", "rtl", "auto")


class VariantError(ValueError):
    """An item that has no values for a seed, or a text or expression of it that has no value with them."""

    def __init__(self, item_id: str, reason: Message | str) -> None:
        super().__init__(item_id, reason)
        self.item_id = item_id
        self.reason = as_message(reason)

    @property
    def sentence(self) -> Message:
        """The reason, for where the item is named already."""
        return self.reason

    def __str__(self) -> str:
        return f"Item “{self.item_id}”: {self.reason}"


@dataclass(frozen=True, slots=True)
class Variant:
    """An item with values for its variables, as one learner gets it. Built by :func:`make_variant`.

    With a `budget` all evaluations together may take no more than it holds; else each has one of its own.
    """

    item: Item
    seed: int | str
    values: Mapping[str, Value]
    budget: Budget | None = field(default=None, compare=False, repr=False)

    def __hash__(self) -> int:
        return hash((self.item.id, self.item.version, self.seed))

    def value(self, source: str | Expression) -> Value:
        """What an expression comes to with the variant's values; VariantError if it has no value."""
        return self._value(source, self.budget or Budget())

    def _value(self, source: str | Expression, budget: Budget) -> Value:
        try:
            expression = parse(source) if isinstance(source, str) else source
            budget.spend(_WORK_OF_AN_EVALUATION)
            return expression.evaluate(self.values, budget)
        except ExpressionError as error:
            shown = source if isinstance(source, str) else source.source
            params = {"problem": error.sentence, "expression": shown, "values": _shown(self.values)}
            reason = Message(_("%(problem)s In “%(expression)s” with %(values)s."), params)
            raise VariantError(self.item.id, reason) from error

    def number(self, source: str | Expression) -> Fraction | float:
        """The value of an expression that must be a number; VariantError if it is not."""
        value = self.value(source)
        if isinstance(value, Fraction | float):
            return value
        shown = source if isinstance(source, str) else source.source
        params = {"expression": shown, "values": _shown(self.values)}
        raise VariantError(self.item.id, Message(_("“%(expression)s” is not a number with %(values)s."), params))

    def substituted(self, source: str) -> str:
        """The source of a text with its `{@expressions@}` replaced by their values, escaped; not yet safe.

        VariantError if one has no value, or if the text takes too much work or becomes longer than MAX_TEXT.
        """
        parts, length, budget = [], 0, self.budget or Budget()
        for part in self._parts(source):
            parts.append(part if isinstance(part, str) else escape(self._written(part, budget)))
            length += len(parts[-1])
            if length > MAX_TEXT:
                params = {"limit": f"{MAX_TEXT:,}", "text": source[:80]}
                reason = Message(_("The text “%(text)s” is too long: at most %(limit)s characters are shown."), params)
                raise VariantError(self.item.id, reason)
        if "\\" in source:
            self._pay(length // 2)
        return "".join(parts)

    def _pay(self, steps: int) -> None:
        """Take from the budget, if there is one, what it takes to typeset formulas."""
        try:
            if self.budget is not None:
                self.budget.spend(steps)
        except ExpressionError as error:
            raise VariantError(self.item.id, error.sentence) from error

    def _written(self, expression: Expression, budget: Budget) -> str:
        shown = format_value(self._value(expression, budget))
        budget.steps -= len(shown) // _SHOWN_FOR_A_STEP
        return shown

    def text(self, text: Text) -> str:
        """A text as safe HTML with formulas; in a `<div>` or `<span>` if it has a language or direction."""
        html = render_html(self.substituted(text.source))
        attributes = ""
        if text.lang and _LANGUAGE.fullmatch(text.lang):
            attributes += f' lang="{text.lang}"'
        if text.direction in _DIRECTIONS:
            attributes += f' dir="{text.direction}"'
        if not attributes:
            return html
        tag = "div" if has_blocks(html) else "span"
        return f"<{tag}{attributes}>{html}</{tag}>"

    def plain(self, text: Text) -> str:
        """A text as plain words on one line, for announcements and labels; escape it in a page."""
        html = self.substituted(text.source)
        if "\\" in html:
            self._pay(5 * len(html))
        return plain_text(render_html(html))

    def _parts(self, source: str) -> tuple[str | Expression, ...]:
        try:
            return text_parts(source)
        except ExpressionError as error:
            params = {"problem": error.sentence, "text": source[:80]}
            raise VariantError(self.item.id, Message(_("%(problem)s In the text “%(text)s”."), params)) from error


def _shown(values: Mapping[str, Value]) -> str | Message:
    shown = ", ".join(f"{name} = {format_value(value)[:40]}" for name, value in values.items())
    return shown or Message(_("no variables"))


@lru_cache(maxsize=4096)
def text_parts(source: str) -> tuple[str | Expression, ...]:
    r"""A text cut into what stands as it is and the expressions of its `{@…@}`, which may hold `&lt;`.

    `{{@` is a literal `{@`; but in a formula, where `{…}` are TeX's own braces, `\frac{{@a@}}{2}` means
    the value in braces. ExpressionError names an expression that cannot be read or has no closing `@}`.

    >>> text_parts("{@a@} and {{@")
    (Expression(source='a', names=frozenset({'a'})), ' and {@')
    """
    if "{@" not in source:
        return (source,)
    marked = join_formulas(
        (kind, part if kind == "text" else part.replace("{{@", "{ {@")) for kind, part in split_formulas(source)
    )
    return tuple(_cut(marked))


def _cut(source: str) -> Iterator[str | Expression]:
    position = 0
    for found in _PLACEHOLDER.finditer(source):
        before = source[position : found.start()]
        position = found.end()
        if found[0] == "{{@":
            yield before + "{@"
            continue
        if found[1] is None:
            key = _("“%(text)s” has no closing “@}”.")
            raise ExpressionError(Message(key, {"text": source[found.start() : found.start() + 20]}))
        if before:
            yield before
        yield parse(unescape(found[1]).strip())
    if position < len(source):
        yield source[position:]


def make_variant(item: Item, seed: int | str, budget: Budget | None = None) -> Variant:
    """The item's variant of that seed. VariantError if no values satisfy its conditions.

    Values are drawn variable by variable; a draw that breaks a `where` or has no value (division by zero)
    is drawn again, 200 times at most. Where up to 5,000 combinations have to be looked at, one that fits
    is then found for certain. The values are cached, by what they depend on; a `budget` is for what the variant
    works out with them.
    """
    try:
        return Variant(item, seed, draw_values(item.id, item.variables, item.where, seed), budget)
    except ExpressionError as error:
        raise VariantError(item.id, error.sentence) from error


def work_of_drawing(item: Item, seed: int | str) -> int:
    """The steps that the values of that seed took, or that it took to find that there are none."""
    return drawing(item.id, item.variables, item.where, seed).work


def drawing_succeeds(item: Item, seed: int | str) -> bool:
    """Whether there are values of that seed."""
    return drawing(item.id, item.variables, item.where, seed).values is not None


def count_variants(item: Item) -> int | None:
    """How many different sets of values the item has; None if too many combinations to count (over 5,000)."""
    try:
        return count_values(item.variables, item.where)
    except ExpressionError:
        return 0


def variant_faults(item: Item, seeds: Iterable[int | str] = range(50)) -> list[Fault]:
    """What goes wrong with the item's values in these seeds, each thing once, with values that show it.

    Errors: a seed without values, a text that has no value. Warnings: draws that had to be dropped because
    something had no value. Expressions of answers are left to their answer types.
    """
    return distinct(fault for seed in seeds for fault in faults_of_seed(item, seed, None))


def distinct(faults: Iterable[Fault]) -> list[Fault]:
    """The faults, each thing once, with the first values that show it."""
    found: dict[tuple[str, int, Message], Fault] = {}
    for fault in faults:
        found.setdefault((fault.element, fault.line, _whatever_the_values(fault.problem)), fault)
    return list(found.values())


def _whatever_the_values(problem: Message) -> Message:
    return Message(problem.key, {name: value for name, value in problem.params.items() if name != "values"})


def faults_of_seed(item: Item, seed: int | str, budget: Budget | None) -> Iterator[Fault]:
    """As `variant_faults`, with the numbers of one seed and all texts within the budget."""
    try:
        variant = make_variant(item, seed, budget)
    except VariantError as error:
        remedy = _("Widen the variables' values or relax the conditions.")
        yield Fault(ERROR, item.line, "item", error.reason, Message(remedy), item.id)
        return
    lines = {variable.name: variable.line for variable in item.variables}
    has_failed = drawing(item.id, item.variables, item.where, seed).has_failed
    failed_ones = failed_draws(item.id, item.variables, item.where, seed) if has_failed else ()
    for failed in failed_ones:
        params = {"problem": failed.sentence, "values": _shown(failed.values)}
        remedy = _("Leave out such values by a <where> before “%(name)s” is worked out, or by other values.")
        yield Fault(
            WARNING, lines[failed.variable], "variable", Message(_("With %(values)s: %(problem)s"), params),
            Message(remedy, {"name": failed.variable}), item.id,
        )
    for element, line, text in _texts(item):
        try:
            variant.substituted(text.source)
        except VariantError as error:
            remedy = _("Correct the expression between {@ and @}.")
            yield Fault(ERROR, line, element, error.reason, Message(remedy), item.id)


def _texts(item: Item) -> Iterator[tuple[str, int, Text]]:
    """Every text of an item that a learner may get, with its element and line."""
    yield "item", item.line, Text(escape(item.title, quote=False))
    yield "prompt", item.line, item.prompt
    if item.solution is not None:
        yield "solution", item.line, item.solution
    for step in item.steps:
        yield from _texts_of_step(step)


def _texts_of_step(step: Step) -> Iterator[tuple[str, int, Text]]:
    yield "prompt", step.line, step.prompt
    for answer_input in step.inputs:
        if answer_input.label is not None:
            yield answer_input.type, step.line, answer_input.label
    for wrong in step.wrongs:
        if wrong.say is not None:
            yield "wrong", wrong.line, wrong.say
    for piece in step.help:
        yield piece.kind, piece.line, piece.text
        if piece.title is not None:
            yield piece.kind, piece.line, piece.title
        if piece.step is not None:
            yield from _texts_of_step(piece.step)
