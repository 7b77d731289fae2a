"""Judging one step: a verdict per step, feedback per input, recognised wrong answers."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from fractions import Fraction

from adaptive_xblocks.tutoring.answer_rules import ANY_ORDER, TOGETHER, Responses, in_any_order, matched, orders
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
    verdicts = {part.id: _judge_input(variant, step, part, responses) for part in step.inputs}
    for rule in step.answers:
        if rule.form == ANY_ORDER:
            verdicts.update(_judge_in_any_order(variant, step, rule, responses, verdicts))
    if any(verdict.kind == UNREAD for verdict in verdicts.values()) or not verdicts:
        return StepVerdict(UNREAD, Fraction(0), verdicts)
    _judge_together(variant, step, responses, verdicts)
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

    Where every input can be guessed the options multiply; one that cannot makes the step unguessable. Answers that
    may stand in any order are guessed the more easily.
    """
    options = 1 if step.inputs else 0
    for part in step.inputs:
        options *= answer_type(part.type).chance(part.spec)
    return min(max(2, options // orders(step.answers)), MOST_OPTIONS) if options else 0


def _judge_input(variant: Variant, step: Step, part: Input, responses: Responses) -> InputVerdict:
    raw = responses.get(part.id)
    try:
        kind = answer_type(part.type)
        verdict = kind.judge(part.spec, variant, raw)
        if verdict.kind == RIGHT and verdict.message and _is_known_wrong(variant, step, part, responses):
            return kind.judge(kind.strict(part.spec), variant, raw)
        return verdict
    except (
        Exception
    ):  # an answer that cannot be computed with these numbers, or another package's answer type
        log.exception(
            "Input %s of item %s cannot be judged with seed %s", part.id, variant.item.id, variant.seed
        )
        return unread(Message(CANNOT_JUDGE))


def _is_known_wrong(variant: Variant, step: Step, part: Input, responses: Responses) -> bool:
    """Whether an answer that is right by leniency is one that the author recognises as wrong."""
    rules = (rule for rule in step.wrongs if part.id in dict(rule.matchers))
    return any(_matches(variant, step, rule, responses) for rule in rules)


def _judge_in_any_order(
    variant: Variant, step: Step, rule: AnswerRule, responses: Responses, verdicts: Mapping[str, InputVerdict]
) -> Mapping[str, InputVerdict]:
    try:
        return in_any_order(variant, [step.input(input_id) for input_id in rule.inputs], responses, verdicts)
    except Exception:
        _log_rule(variant, rule)
        return {}


def _judge_together(
    variant: Variant, step: Step, responses: Responses, verdicts: dict[str, InputVerdict]
) -> None:
    """Change the verdicts of inputs that rules judge together: none of them is right or wrong by itself.

    An input under several rules is right if all of them hold.
    """
    broken: set[str] = set()
    for rule in step.answers:
        if rule.form == ANY_ORDER:
            continue
        parts = [step.input(input_id) for input_id in rule.inputs]
        try:
            holds = TOGETHER[rule.form](variant, parts, responses, rule)
        except Exception:
            _log_rule(variant, rule)
            holds = all(verdicts[part.id].kind == RIGHT for part in parts)
        broken.update(() if holds else rule.inputs)
        for part in parts:
            kind, credit = (WRONG, Fraction(0)) if part.id in broken else (RIGHT, Fraction(1))
            verdicts[part.id] = InputVerdict(kind, credit, None, verdicts[part.id].value)


def _log_rule(variant: Variant, rule: AnswerRule) -> None:
    log.exception("Rule %s of item %s cannot be judged with seed %s", rule.form, variant.item.id, variant.seed)


def _matches(variant: Variant, step: Step, rule: WrongRule, responses: Responses) -> bool:
    """Whether every answer that the rule names was given; where order does not matter, to whichever input."""
    alike = {one: answer.inputs for answer in step.answers if answer.form == ANY_ORDER for one in answer.inputs}
    matchers = dict(rule.matchers)

    def fits(named: str, given: str) -> bool:
        return given in alike.get(named, (named,)) and _type_of(step, named).matches(
            matchers[named], step.input(named).spec, variant, responses.get(given))

    try:
        if not alike:
            return bool(matchers) and all(fits(named, named) for named in matchers)
        places = [part.id for part in step.inputs]
        return bool(matchers) and len(matched(list(matchers), places, fits)) == len(matchers)
    except Exception:
        log.exception("Rule at line %s cannot be tried with seed %s", rule.line, variant.seed)
        return False


def _type_of(step: Step, input_id: str) -> AnswerType:
    return answer_type(step.input(input_id).type)
