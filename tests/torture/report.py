"""A failure for people: as few actions as still fail, what happened around them, and how to play it again."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace

from tests.torture.play import Outcome
from tests.torture.scenario import Plan

#: Lines of the log that are shown, the last ones.
MOST_LINES = 60


def shorten(outcome: Outcome, run: Callable[[Plan], Outcome], seconds: float = 20) -> Outcome:
    """The outcome of the shortest plan found within so many seconds that breaks the same property."""
    until, broken = time.monotonic() + seconds, outcome.violations[0].property
    size = len(outcome.plan.actions) // 2
    while size and time.monotonic() < until:
        start = 0
        while start < len(outcome.plan.actions) and time.monotonic() < until:
            actions = outcome.plan.actions
            shorter = run(replace(outcome.plan, actions=actions[:start] + actions[start + size:]))
            if shorter.violations and shorter.violations[0].property == broken:
                outcome = shorter
            else:
                start += size
        size //= 2
    return outcome


def tell(outcome: Outcome, database: str, is_verbose: bool = False) -> str:
    """The failure in words."""
    plan, first = outcome.plan, outcome.violations[0]
    lines = [line for line in outcome.lines if is_verbose or line[0] != " "]
    who = "" if first.learner is None else f" (learner {first.learner})"
    return "\n".join([
        f"seed {plan.seed} on {database}: {plan.title}",
        f"BROKEN: {first.property}{who}: {first.text}",
        *(f"    also: {one.property}: {one.text}" for one in outcome.violations[1:4]),
        f"what happened, {len(plan.actions)} actions:",
        *(f"    {line}" for line in (lines if is_verbose else lines[-MOST_LINES:])),
        f"again: python -m tools.torture --seed {plan.seed} --databases {database} --verbose",
    ])
