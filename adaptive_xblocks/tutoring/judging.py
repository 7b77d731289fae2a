"""Judging one step: a verdict per step, feedback per input, recognised wrong answers."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction

from adaptive_xblocks.tutoring.answers.base import AnswerType, unread
from adaptive_xblocks.tutoring.answers.registry import answer_type
from adaptive_xblocks.tutoring.model import (
    RIGHT,
    UNREAD,
    WRONG,
    AnswerRule,
    Input,
    InputVerdict,
    Message,
    Step,
    StepVerdict,
    WrongRule,
    _,
)
from adaptive_xblocks.tutoring.variants import Variant

log = logging.getLogger(__name__)

Responses = Mapping[str, object]
FormRule = Callable[[Variant, Sequence[Input], Responses], bool]
#: Evidence is stored as small whole numbers: shares of fifty inputs of fifty parts are exact, others nearly so.
MOST_CREDIT = 10_000
#: More equally likely answers are no chance to speak of, and this is one byte.
MOST_OPTIONS = 255


CANNOT_JUDGE = _("This cannot be judged right now, and it does not count. Please go on to another problem.")


def judge_step(variant: Variant, step: Step, responses: Responses) -> StepVerdict:
    """The verdict of the responses (by input id) to a step; never raises, whatever was sent.

    While one input cannot be read, the whole step is not read yet. `credit` is the share of right inputs, and
    the step is right only if all are. After a wrong verdict the first matching `<wrong>` is reported.
    """
    verdicts = {part.id: _judge_input(variant, part, responses.get(part.id)) for part in step.inputs}
    if any(verdict.kind == UNREAD for verdict in verdicts.values()) or not verdicts:
        return StepVerdict(UNREAD, Fraction(0), verdicts)
    for rule in step.answers:
        verdicts.update(_judge_together(variant, step, rule, responses, verdicts))
    credit = sum((verdict.credit for verdict in verdicts.values()), Fraction(0)) / len(verdicts)
    if all(verdict.kind == RIGHT for verdict in verdicts.values()):
        return StepVerdict(RIGHT, credit, verdicts)
    credit = min(credit.limit_denominator(MOST_CREDIT), Fraction(MOST_CREDIT - 1, MOST_CREDIT))
    rule = next((rule for rule in step.wrongs if _matches(variant, step, rule, responses)), None)
    if rule is None:
        return StepVerdict(WRONG, credit, verdicts)
    return StepVerdict(WRONG, credit, verdicts, rule.misconception, rule.say, rule.name)


def step_options(step: Step) -> int:
    """Among how many equally likely answers a guess at the step picks; 0 if guessing is no use.

    Where every input can be guessed the options multiply; one that cannot makes the step unguessable.
    """
    options = 1 if step.inputs else 0
    for part in step.inputs:
        options = min(options * answer_type(part.type).chance(part.spec), MOST_OPTIONS)
    return options


def _judge_input(variant: Variant, part: Input, raw: object) -> InputVerdict:
    try:
        return answer_type(part.type).judge(part.spec, variant, raw)
    except (
        Exception
    ):  # an answer that cannot be computed with these numbers, or another package's answer type
        log.exception(
            "Input %s of item %s cannot be judged with seed %s", part.id, variant.item.id, variant.seed
        )
        return unread(Message(CANNOT_JUDGE))


def _judge_together(
    variant: Variant, step: Step, rule: AnswerRule, responses: Responses, verdicts: Mapping[str, InputVerdict]
) -> dict[str, InputVerdict]:
    """The same verdict for every input of the rule: none of them is right or wrong by itself."""
    parts = [step.input(input_id) for input_id in rule.inputs]
    try:
        holds = FORMS[rule.form](variant, parts, responses)
    except Exception:
        log.exception(
            "Rule %s of item %s cannot be judged with seed %s", rule.form, variant.item.id, variant.seed
        )
        holds = all(verdicts[part.id].kind == RIGHT for part in parts)
    kind, credit = (RIGHT, Fraction(1)) if holds else (WRONG, Fraction(0))
    return {part.id: InputVerdict(kind, credit, None, verdicts[part.id].value) for part in parts}


def _matches(variant: Variant, step: Step, rule: WrongRule, responses: Responses) -> bool:
    try:
        return bool(rule.matchers) and all(
            _type_of(step, input_id).matches(
                matcher, step.input(input_id).spec, variant, responses.get(input_id)
            )
            for input_id, matcher in rule.matchers
        )
    except Exception:
        log.exception("Rule at line %s cannot be tried with seed %s", rule.line, variant.seed)
        return False


def _type_of(step: Step, input_id: str) -> AnswerType:
    return answer_type(step.input(input_id).type)


def equivalent_ratio(variant: Variant, parts: Sequence[Input], responses: Responses) -> bool:
    """Whether two inputs stand in the ratio of their keys: 2 over 4 where the key is 1 over 2."""
    types = [answer_type(part.type) for part in parts]
    above, below = (
        kind.quantity(part.spec, variant, responses.get(part.id))
        for kind, part in zip(types, parts, strict=True)
    )
    key_above, key_below = (
        kind.quantity(part.spec, variant, kind.solve(part.spec, variant))
        for kind, part in zip(types, parts, strict=True)
    )
    if not below or not key_below or above is None or key_above is None:
        return False
    return above * key_below == key_above * below


FORMS: dict[str, FormRule] = {"equivalent-ratio": equivalent_ratio}
FORM_INPUTS = {"equivalent-ratio": 2}
