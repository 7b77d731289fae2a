"""Three kinds of learners, as minds: what they do next with the step in hand. Seeded, so that a lesson repeats.

A mind is told the variant and the step by the test process, which reads them beside the server; the page is only
looked at and worked by hands (`hands.py`).
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Mapping
from typing import NamedTuple

from adaptive_xblocks.demo.player import right_responses, wrong_responses
from adaptive_xblocks.tutoring.answers.registry import answer_type
from adaptive_xblocks.tutoring.model import Input, Step
from adaptive_xblocks.tutoring.practice import StepWork
from adaptive_xblocks.tutoring.variants import Variant

ANSWER, HINT, SKIP = "answer", "hint", "skip"
WORDS = ("numerator", "denominator", "thirds", "quarters", "sixth", "part")


class Act(NamedTuple):
    """One thing a learner does: answer with `responses` (by input id), take the next hint, or skip for a `reason`."""

    kind: str
    responses: Mapping[str, str] = {}
    reason: str = ""


class Strong:
    """Knows it: the right answer, at once."""

    def __init__(self, seed: int) -> None:
        self.rng = random.Random(seed)

    def act(self, variant: Variant, step: Step, work: StepWork) -> Act:
        """Answer rightly."""
        return Act(ANSWER, right_responses(variant, step))


class Weak:
    """Learns by doing: right more often the more was practised; else a misconception, then hints, then copying."""

    START, GROWTH, MOST, HELPED = 0.2, 0.05, 0.9, 0.25

    def __init__(self, seed: int) -> None:
        self.rng = random.Random(seed)
        self.practised: Counter[str] = Counter()

    def act(self, variant: Variant, step: Step, work: StepWork) -> Act:
        """Answer as well as practice allows; after a mistake read a hint, after the last one type what it says."""
        told_all = len(work.shown) == len(step.help)
        if work.attempts > len(work.shown) and not told_all:
            return Act(HINT)
        if not work.attempts:
            self.practised.update(step.skills)
        practice = min(self.practised[skill] for skill in step.skills)
        chance = min(self.MOST, self.START + self.GROWTH * practice + self.HELPED * len(work.shown))
        if told_all or self.rng.random() < chance:
            return Act(ANSWER, right_responses(variant, step))
        return Act(ANSWER, self._mistake(variant, step))

    def _mistake(self, variant: Variant, step: Step) -> Mapping[str, str]:
        beliefs = sorted({rule.misconception for rule in step.wrongs if rule.misconception})
        if beliefs:
            mistake = wrong_responses(variant, step, self.rng.choice(beliefs))
            if mistake:
                return mistake
        return guessed(variant, step, self.rng)


class Guessing:
    """Does not read: tries something that looks like an answer, then has the answer shown, or skips."""

    TRIES, LAID_ASIDE = 1, 0.8

    def __init__(self, seed: int) -> None:
        self.rng = random.Random(seed)

    def act(self, variant: Variant, step: Step, work: StepWork) -> Act:
        """Guess once; when that was wrong mostly skip, else click through the help and copy."""
        if work.attempts < self.TRIES:
            return Act(ANSWER, guessed(variant, step, self.rng))
        if not work.shown and self.rng.random() < self.LAID_ASIDE:
            return Act(SKIP, reason="too-hard")
        if len(work.shown) < len(step.help):
            return Act(HINT)
        return Act(ANSWER, right_responses(variant, step))


MINDS = {"strong": Strong, "weak": Weak, "guessing": Guessing}


def guessed(variant: Variant, step: Step, rng: random.Random) -> dict[str, str]:
    """Something readable for every input, without a thought."""
    return {one.id: _guess(variant, one, rng) for one in step.inputs}


def _guess(variant: Variant, one: Input, rng: random.Random) -> str:
    if one.type == "choice":
        return rng.choice([option["handle"] for option in answer_type(one.type).view(one.spec, variant)["options"]])
    if one.type in ("choices", "order", "match"):
        return _mixed(answer_type(one.type).solve(one.spec, variant), rng)
    if one.type == "text":
        return rng.choice(WORDS)
    return str(rng.randint(1, 12)) if rng.random() < 0.5 else f"{rng.randint(1, 9)}/{rng.randint(2, 12)}"


def _mixed(solution: str, rng: random.Random) -> str:
    """The parts of a right answer, their right sides and their places mixed up."""
    tokens = [token.partition("=") for token in solution.split()]
    rights = [right for _left, _equals, right in tokens]
    rng.shuffle(rights)
    mixed = [f"{left}{equals}{right}" for (left, equals, _right), right in zip(tokens, rights)]
    rng.shuffle(mixed)
    return " ".join(mixed)
