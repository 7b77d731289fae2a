"""What evidence still knows of the problem in hand when a late request has overwritten the learner's place in it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import NamedTuple

from adaptive_xblocks.tutoring.answer_checks import solution
from adaptive_xblocks.tutoring.model import RIGHT
from adaptive_xblocks.tutoring.practice import RECORDED, Practice, StepWork
from adaptive_xblocks.tutoring.practising import finish
from adaptive_xblocks.tutoring.variants import Variant


class Answered(NamedTuple):
    """What was said first on a step, as exact ratios: the credit it earned, the help seen before."""

    credit: tuple[int, int]
    help: tuple[int, int]


def recovered(
    practice: Practice, variant: Variant, answered: Mapping[int, Answered], *,
    withheld: bool = False, most_attempts: int = 0,
) -> Practice:
    """The practice with the steps that were `answered` (by their place in the item) and that it does not know of.

    A step that was right is done, with the answer that it asks for; of a wrong one the first try is spent.
    """
    steps = dict(practice.steps)
    for place, step in enumerate(variant.item.steps):
        known, work = answered.get(place), practice.step(step.id)
        if known is None or work.credit is not None:
            continue
        is_right = known.credit[0] == known.credit[1]
        steps[step.id] = replace(
            work if not work.done else StepWork(shown=work.shown),
            attempts=max(1, work.attempts),
            credit=known.credit,
            help=known.help,
            verdict=RECORDED if withheld else RIGHT if is_right else "",
            responses=solution(variant, step) if is_right and not withheld else {},
            done=is_right or withheld or most_attempts == 1,
        )
    return practice if steps == practice.steps else finish(replace(practice, steps=steps), variant.item)
