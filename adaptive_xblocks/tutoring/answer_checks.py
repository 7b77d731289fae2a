"""Trying an item's answers with real numbers: can each be computed, read, and told from the wrong ones?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace

from adaptive_xblocks.tutoring.answers.registry import answer_type
from adaptive_xblocks.tutoring.expressions import Budget
from adaptive_xblocks.tutoring.judging import judge_step
from adaptive_xblocks.tutoring.model import (
    ERROR,
    RIGHT,
    WARNING,
    Fault,
    Item,
    Message,
    Step,
    WrongRule,
    _,
    sentence_of,
)
from adaptive_xblocks.tutoring.variants import (
    TRYING_WORK,
    Variant,
    VariantError,
    distinct,
    drawing_succeeds,
    faults_of_seed,
    make_variant,
    work_of_drawing,
)

_NOT_COMPUTED = (
    _('The answer of step "%(step)s" cannot be computed when %(values)s: %(reason)s'),
    _('The answer of step "%(step)s" cannot be computed: %(reason)s'),
)
_NOT_ACCEPTED = (
    _('The answer of step "%(step)s" is not accepted as right when %(values)s: %(reason)s'),
    _('The answer of step "%(step)s" is not accepted as right: %(reason)s'),
)
_WRONG_IS_RIGHT = (
    _("This wrong answer is right when %(values)s; it is then judged right."),
    _("This wrong answer is right; it is then judged right."),
)
_WRONG_NOT_COMPUTED = (
    _("This wrong answer cannot be computed when %(values)s: %(reason)s"),
    _("This wrong answer cannot be computed: %(reason)s"),
)
TRIED_SEEDS = 8  # before an item counts as one that no numbers can save


def item_faults(item: Item, seeds: Iterable[int | str], work: Budget) -> list[Fault]:
    """What goes wrong with the item's values, texts and answers with some of the seeds, as long as there is work left
    to spend on it."""
    values: list[Fault] = []
    answers: list[Fault] = []
    for seed in seeds:
        if work.is_spent:
            break
        with _spending(work, item, seed) as budget:
            values += faults_of_seed(item, seed, budget)
            answers += _answer_faults(item, seed, budget)
    return distinct(values) + _first_of_each_line(answers)


def lasting_faults(item: Item, work: Budget) -> list[Fault]:
    """The faults that a page would meet: errors if none of a few seeds gives sound numbers, else warnings."""
    first: list[Fault] = []
    for seed in range(TRIED_SEEDS if item.is_drawn else 1):
        with _spending(work, item, seed) as budget:
            found = _blocking_faults(item, seed, budget)
        if not any(fault.level == ERROR for fault in found):
            return [replace(fault, level=WARNING) for fault in first] or found
        first = first or found
        if budget.is_spent or not drawing_succeeds(item, seed):  # as good as certain to go so with other seeds too
            break
    return first


def is_playable(item: Item, seed: int | str) -> bool:
    """Whether these numbers can be shown and judged; those that cannot are passed over for another seed."""
    return not any(fault.level == ERROR for fault in _blocking_faults(item, seed, Budget(TRYING_WORK)))


@contextmanager
def _spending(work: Budget, item: Item, seed: int | str) -> Iterator[Budget]:
    """A budget for trying one seed; what is spent of it, and on the values, is taken from the work left in all."""
    budget = Budget(TRYING_WORK)
    yield budget
    work.steps -= TRYING_WORK - budget.steps + work_of_drawing(item, seed)


def _blocking_faults(item: Item, seed: int | str, budget: Budget) -> list[Fault]:
    faults = distinct(faults_of_seed(item, seed, budget))
    if any(fault.element == "item" for fault in faults):
        return faults
    variant = make_variant(item, seed, budget)
    return faults + [fault for step in all_steps(item.steps) for fault in _answer_fault(item, step, variant)]


def answer_faults(item: Item, seeds: Iterable[int | str]) -> list[Fault]:
    """What goes wrong with the item's answers with some of the seeds, each fault once with an example."""
    return _first_of_each_line(fault for seed in seeds for fault in _answer_faults(item, seed, None))


def _answer_faults(item: Item, seed: int | str, budget: Budget | None) -> Iterator[Fault]:
    try:
        variant = make_variant(item, seed, budget)
    except VariantError:
        return  # told by faults_of_seed
    for step in all_steps(item.steps):
        yield from _answer_fault(item, step, variant)
        yield from _wrong_faults(item, step, variant)


def _first_of_each_line(faults: Iterable[Fault]) -> list[Fault]:
    found: dict[tuple[int, str], Fault] = {}
    for fault in faults:
        found.setdefault((fault.line, fault.element), fault)
    return list(found.values())


def all_steps(steps: Iterable[Step]) -> Iterator[Step]:
    """The steps and, after each, the questions of its scaffolds."""
    for step in steps:
        yield step
        yield from all_steps(piece.step for piece in step.help if piece.step)


def _answer_fault(item: Item, step: Step, variant: Variant) -> Iterator[Fault]:
    try:
        verdict = judge_step(variant, step, solution(variant, step))
    except Exception as error:  # an expression that has no value, or another package's answer type
        problem = _with_example(_NOT_COMPUTED, variant, step=step.id, reason=sentence_of(error))
        remedy = Message(_("Correct the answer, or exclude these values by <where>."))
        yield Fault(ERROR, step.line, "step", problem, remedy, item.id)
        return
    if verdict.kind != RIGHT:
        messages = (one.message for one in verdict.inputs.values() if one.message)
        reason = next(messages, Message(_("it is judged wrong.")))
        problem = _with_example(_NOT_ACCEPTED, variant, step=step.id, reason=reason)
        remedy = Message(_("Change the answer or what is asked of it (form, percent, rules)."))
        yield Fault(ERROR, step.line, "step", problem, remedy, item.id)


def solution(variant: Variant, step: Step) -> dict[str, str]:
    """Responses by input id that are right. They must never leave the server."""
    return {part.id: answer_type(part.type).solve(part.spec, variant) for part in step.inputs}


def wrong_examples(variant: Variant, step: Step) -> Iterator[dict[str, str]]:
    """For each recognised wrong answer of a step responses by input id that show it, where its type can give some."""
    for rule in step.wrongs:
        example = None
        with suppress(Exception):  # told by answer_faults
            example = _example_of(variant, step, rule)
        if example:
            yield example


def _wrong_faults(item: Item, step: Step, variant: Variant) -> Iterator[Fault]:
    for rule in step.wrongs:
        if variant.budget is not None and variant.budget.is_spent:
            return
        try:
            example = _example_of(variant, step, rule)
            if not example:
                continue
            responses = solution(variant, step) | example
            is_right = judge_step(variant, step, responses).kind == RIGHT
            problem = _with_example(_WRONG_IS_RIGHT, variant)
        except Exception as error:  # as above
            is_right, problem = True, _with_example(_WRONG_NOT_COMPUTED, variant, reason=sentence_of(error))
        if is_right:
            remedy = Message(_("Exclude these values by <where>, or change the wrong answer."))
            yield Fault(WARNING, rule.line or step.line, "wrong", problem, remedy, item.id)


def _example_of(variant: Variant, step: Step, rule: WrongRule) -> dict[str, str]:
    found = {}
    for input_id, matcher in rule.matchers:
        part = step.input(input_id)
        example = answer_type(part.type).example(matcher, part.spec, variant)
        if example is not None:
            found[input_id] = example
    return found


def _with_example(keys: tuple[str, str], variant: Variant, **params: str | Message) -> Message:
    """The first sentence with the numbers of the variant ("b = 2, d = 3"), the second where an item has none."""
    shown = ", ".join(f"{name} = {value}" for name, value in list(variant.values.items())[:6])
    return Message(keys[0], {**params, "values": shown}) if shown else Message(keys[1], params)
