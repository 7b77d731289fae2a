"""What simulated learners answer: response strings of every answer type, right and wrong, found once per variant."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from random import Random
from typing import Any

from adaptive_xblocks.tutoring.answer_checks import solution, wrong_examples
from adaptive_xblocks.tutoring.answers.registry import answer_type
from adaptive_xblocks.tutoring.judging import judge_step, step_options
from adaptive_xblocks.tutoring.model import RIGHT, WRONG, Input, Step
from adaptive_xblocks.tutoring.variants import Variant

#: What somebody types who has no idea; whichever of it is readable and wrong is used.
NONSENSE = ("0", "1", "-7", "1234567", "1/97", "[0, 1)", "x", "7*x + 13", "zzz", "?")
MOST_WRONG = 8


@dataclass(frozen=True, slots=True)
class Answers:
    """Responses by input id: the right ones; the `mistakes` that the author recognises; the `guesses` of somebody who
    has no idea, every input wrong where that can be. `options` as in `judging.step_options`."""

    right: Mapping[str, str]
    mistakes: tuple[Mapping[str, str], ...]
    guesses: tuple[Mapping[str, str], ...]
    options: int

    def some_mistake(self, rng: Random) -> Mapping[str, str]:
        """A wrong answer of somebody who tries."""
        return rng.choice(self.mistakes or self.guesses)

    def some_guess(self, rng: Random) -> Mapping[str, str]:
        """A wrong answer of somebody who does not."""
        return rng.choice(self.guesses or self.mistakes)


def answers_to(variant: Variant, step: Step) -> Answers | None:
    """What can be answered to a step; None if no right or no wrong answer to it was found."""
    right = solution(variant, step)
    mistakes = _wrong_ones(variant, step, (right | example for example in wrong_examples(variant, step)))
    guesses = _wrong_ones(variant, step, _guesses(variant, step, right))
    if judge_step(variant, step, right).kind != RIGHT or not (mistakes or guesses):
        return None
    return Answers(right, mistakes, guesses, step_options(step))


def _wrong_ones(variant: Variant, step: Step, tried: Iterator[dict[str, str]]) -> tuple[dict[str, str], ...]:
    found: list[dict[str, str]] = []
    for responses in tried:
        if responses not in found and judge_step(variant, step, responses).kind == WRONG:
            found.append(responses)
        if len(found) == MOST_WRONG:
            break
    return tuple(found)


def _guesses(variant: Variant, step: Step, right: Mapping[str, str]) -> Iterator[dict[str, str]]:
    """Every input with something that is not its right answer; the longest list of an input says how many."""
    tried = {part.id: list(_other_responses(variant, part, right[part.id])) for part in step.inputs}
    for place in range(max(map(len, tried.values()), default=0)):
        yield {input_id: others[place % len(others)] for input_id, others in tried.items() if others}


def _other_responses(variant: Variant, part: Input, right: str) -> Iterator[str]:
    """Responses to one input that differ from the right one: what the page offers, its parts in another order, or what
    somebody types who has no idea."""
    handles = list(_handles(answer_type(part.type).view(part.spec, variant)))
    tokens = right.split()
    for other in (*handles, " ".join(tokens[::-1]), " ".join(tokens[1:]), " ".join(handles), *_crossed(tokens)):
        if other and other != right:
            yield other
    if not handles:
        yield from (typed for typed in NONSENSE if typed != right)


def _crossed(tokens: list[str]) -> Iterator[str]:
    """Pairs `left=right` with their right sides moved on by one place or more."""
    pairs = [token.split("=", 1) for token in tokens if "=" in token]
    for moved in range(1, min(len(pairs), 4)):
        yield " ".join(f"{left}={pairs[(place + moved) % len(pairs)][1]}" for place, (left, _right) in enumerate(pairs))


def _handles(view: Any) -> Iterator[str]:
    """Every handle that the page knows, wherever it stands in what the template needs."""
    if isinstance(view, Mapping):
        if isinstance(view.get("handle"), str):
            yield view["handle"]
        view = view.values()
    elif not isinstance(view, list | tuple):
        return
    for one in view:
        yield from _handles(one)
