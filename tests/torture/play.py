"""Carrying out a plan: action after action, requests crossing between them, quiet points, and what was found."""

from __future__ import annotations

from dataclasses import dataclass, field

from tests.platform.databases import use_database
from tests.torture.actions import ACTIONS, CHECKED
from tests.torture.properties import Violation, check
from tests.torture.scenario import Action, Plan
from tests.torture.scheduler import Threads
from tests.torture.world import World


@dataclass
class Outcome:
    """What a run left: the log of everything, line by line, and the violations of the quiet point that found any."""

    plan: Plan
    lines: list[str] = field(default_factory=list)
    violations: list[Violation] = field(default_factory=list)


def play(plan: Plan, database: str, threads: Threads) -> Outcome:
    """Carry out a plan until its end or the first quiet point at which a property does not hold."""
    outcome = Outcome(plan)
    with use_database(database):
        world = World(plan, threads, outcome.lines.append)
        with world.in_force():
            _carry_out(world, outcome)
    return outcome


def _carry_out(world: World, outcome: Outcome) -> None:
    for action in (*world.plan.actions, Action("quiet"), Action("end")):
        _meanwhile(world)
        ACTIONS[action.kind](world, action)
        if action.kind in CHECKED and (found := check(world)):
            outcome.violations = found
            break


def _meanwhile(world: World) -> None:
    """What is in flight goes on for a while; what is stuck goes on only when there is no room left."""
    flights = world.scheduler.in_flight
    while flights and (len(flights) >= world.plan.concurrency or world.rng.random() < world.plan.eagerness):
        request = world.scheduler.pick()
        if len(flights) >= world.plan.concurrency or world.rng.random() < request.pace:
            world.step(request)
