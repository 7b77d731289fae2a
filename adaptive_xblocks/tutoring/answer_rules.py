"""Rules over several inputs of a step: in any order, in the same ratio, on a curve.

Under a rule of `TOGETHER` no input is right by itself: all are, or none is. Under "any-order" each input has its own
verdict, by the key that it answers.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from functools import cache
from itertools import combinations
from math import factorial

from adaptive_xblocks.tutoring.answers.registry import answer_type
from adaptive_xblocks.tutoring.model import RIGHT, UNREAD, WRONG, AnswerRule, Input, InputVerdict, Message, _
from adaptive_xblocks.tutoring.variants import Variant, VariantError

Responses = Mapping[str, object]
TogetherRule = Callable[[Variant, Sequence[Input], Responses, AnswerRule], bool]

ANY_ORDER, WHERE = "any-order", "where"
MAX_IN_ANY_ORDER = 8
#: Keys with more digits below the line are roots and the like, which nobody can write exactly.
EXACT_DENOMINATOR = 10**9
INEXACT = Fraction(1, 1000)

TWICE = _("You have that one already. Another one is asked for.")


def equivalent_ratio(variant: Variant, parts: Sequence[Input], responses: Responses, rule: AnswerRule) -> bool:
    """Whether two inputs stand in the ratio of their keys: 2 over 4 where the key is 1 over 2."""
    return bool(_quantity(variant, parts[1], responses)) and proportional(variant, parts, responses, rule)


def proportional(variant: Variant, parts: Sequence[Input], responses: Responses, rule: AnswerRule) -> bool:
    """Whether the inputs are the keys times one number that is not 0: a direction, a row of a matrix."""
    given = [_quantity(variant, part, responses) for part in parts]
    keys = [answer_type(part.type).quantity(part.spec, variant, _solution(variant, part)) for part in parts]
    if None in given or None in keys or not any(given) or not any(keys):
        return False
    inexact = any(Fraction(key).denominator > EXACT_DENOMINATOR for key in keys)
    return all(
        abs(a * key_b - b * key_a) <= (INEXACT * max(abs(a * key_b), abs(b * key_a)) if inexact else 0)
        for (a, key_a), (b, key_b) in combinations(zip(given, keys, strict=True), 2)
    )


def where(variant: Variant, parts: Sequence[Input], responses: Responses, rule: AnswerRule) -> bool:
    """Whether the author's condition holds for the values; False where it has none, as 1/x for 0."""
    given = {part.id: _quantity(variant, part, responses) for part in parts}
    if None in given.values():
        return False
    try:
        return _holds(variant, rule, given)
    except VariantError:
        own = {part.id: _solution(variant, part) for part in parts}
        _holds(variant, rule, {part.id: _quantity(variant, part, own) for part in parts})
        return False  # it can be worked out for the author's own answers, so it is the learner's that are none


def _holds(variant: Variant, rule: AnswerRule, given: Mapping[str, Fraction | None]) -> bool:
    return Variant(variant.item, variant.seed, {**variant.values, **given}).value(rule.where) is True


TOGETHER: dict[str, TogetherRule] = {
    "equivalent-ratio": equivalent_ratio, "proportional": proportional, WHERE: where,
}  # fmt: skip
#: How many inputs a form takes, at least and at most.
FORM_INPUTS = {"equivalent-ratio": (2, 2), "proportional": (2, 50), WHERE: (1, 50), ANY_ORDER: (2, MAX_IN_ANY_ORDER)}


def in_any_order(
    variant: Variant, parts: Sequence[Input], responses: Responses, verdicts: Mapping[str, InputVerdict]
) -> dict[str, InputVerdict]:
    """A verdict for each input: right if it answers a key that no other input has answered.

    What is right in its own place is so first. What would be right but for its form is not read yet.
    """
    inputs = {part.id: part for part in parts}

    @cache
    def judged(one: str, key: str) -> InputVerdict:
        asked = inputs[key]
        return verdicts[one] if one == key else (
            answer_type(asked.type).judge(asked.spec, variant, responses.get(one)))

    ordered = sorted(inputs, key=lambda one: verdicts[one].kind != RIGHT)
    right = matched(ordered, ordered, lambda one, key: judged(one, key).kind == RIGHT)
    left = [key for key in ordered if key not in right.values()]
    found = {one: judged(one, key) for one, key in right.items()}
    for one in ordered:
        if one not in found:
            others = [judged(one, key) for key in left if judged(one, key).kind == UNREAD]
            is_twice = any(judged(one, key).kind == RIGHT for key in right.values())
            own = verdicts[one]
            said = Message(TWICE) if is_twice else own.message
            found[one] = own if own.kind == UNREAD else others[0] if others else InputVerdict(
                WRONG, Fraction(0), said, own.value)  # fmt: skip
    return found


def matched(ones: Sequence[str], keys: Sequence[str], fits: Callable[[str, str], bool]) -> dict[str, str]:
    """As many of the ones as can have a key of their own, each with it (augmenting paths)."""
    owner: dict[str, str] = {}

    def place(one: str, tried: set[str]) -> bool:
        for key in keys:
            if key not in tried and fits(one, key):
                tried.add(key)
                if key not in owner or place(owner[key], tried):
                    owner[key] = one
                    return True
        return False

    for one in ones:
        place(one, set())
    return {one: key for key, one in owner.items()}


def orders(rules: Sequence[AnswerRule]) -> int:
    """In how many orders the same answers are right."""
    found = 1
    for rule in rules:
        found *= factorial(len(rule.inputs)) if rule.form == ANY_ORDER else 1
    return found


def _quantity(variant: Variant, part: Input, responses: Responses) -> Fraction | None:
    found = answer_type(part.type).quantity(part.spec, variant, responses.get(part.id))
    return None if found is None else Fraction(found)


def _solution(variant: Variant, part: Input) -> str:
    return answer_type(part.type).solve(part.spec, variant)
