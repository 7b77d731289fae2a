"""Interleavings told step by step, where chance would take too many seeds to come by them."""

from __future__ import annotations

from dataclasses import replace

from tests.platform.databases import use_database
from tests.torture import visits
from tests.torture.actions import ACTIONS
from tests.torture.client import Tab
from tests.torture.play import Outcome
from tests.torture.properties import check
from tests.torture.request import Request
from tests.torture.scenario import SECOND, Action, make_plan
from tests.torture.scheduler import Threads
from tests.torture.world import World


def tell_story(database: str, threads: Threads) -> Outcome:
    """An answer is lost to a slow request, put back much later, and read back by a request that is sent while another
    one is on its way which had read the state without it: the receipt must still be there when that one has saved."""
    plan = replace(make_plan(1, "crowd"), n_sets=1, skews=(0,), actions=())
    outcome = Outcome(plan)
    with use_database(database):
        world = World(plan, threads, outcome.lines.append)
        with world.in_force():
            _lost_and_put_back_late(world)
            ACTIONS["quiet"](world, Action("quiet"))
            outcome.violations = check(world)
    return outcome


def _lost_and_put_back_late(world: World) -> None:
    phone, laptop = world.tab(0, 0, 0), world.tab(0, 0, 1)
    for tab in (phone, laptop):
        world.run(visits.view(world, [tab]))
    slow = _begin(world, laptop, "right")
    world.run(_send(world, phone, "right"))
    world.pass_time(50 * SECOND)
    world.run(slow)  # and the phone's answer is gone
    world.pass_time(1000 * SECOND)
    world.run(_send(world, laptop, "next"))
    slow = _begin(world, laptop, "right")
    world.run(_send(world, phone, "state"))  # puts it back
    world.run(_send(world, phone, "state"))  # reads it back, long after the receipt came
    world.pass_time(50 * SECOND)
    world.run(slow)


def _send(world: World, tab: Tab, wish: str) -> Request:
    return visits.ask(world, tab, tab.send(*tab.compose(wish), world.now))


def _begin(world: World, tab: Tab, wish: str) -> Request:
    """Send a request and let it read everything that is stored."""
    request = _send(world, tab, wish)
    while {"read user_state", "read user_info"} - set(request.points[:-1]):
        world.step(request)
    return request
