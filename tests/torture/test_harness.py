"""The torture itself: it plays the same twice, sees what is planted, and its client keeps to the client's rules."""

import random
from contextlib import contextmanager
from dataclasses import replace
from unittest import mock

import pytest

from adaptive_xblocks.problem_set import AdaptiveProblemSetBlock
from tests.platform.databases import READ_COMMITTED, SQLITE, use_database
from tests.torture import oracle, visits
from tests.torture.actions import ACTIONS
from tests.torture.client import HOLD, MOST_RECEIPTS, Browser, Sent, Tab
from tests.torture.content import Shown
from tests.torture.play import play
from tests.torture.properties import check
from tests.torture.scenario import Action, make_plan
from tests.torture.scheduler import Killed, Scheduler, Task
from tests.torture.world import World

QUIET = Action("quiet")


@contextmanager
def answered(threads):
    """A site where one learner has answered once, and everything is quiet."""
    plan = replace(make_plan(1, "crowd"), n_sets=1, skews=(0,), actions=())
    with use_database(SQLITE):
        world = World(plan, threads, lambda line: None)
        with world.in_force():
            tab = world.tab(0, 0)
            world.run(visits.view(world, [tab]))
            world.run(visits.ask(world, tab, tab.send(*tab.compose("right"), world.now)))
            ACTIONS["quiet"](world, QUIET)
            yield world


def broken(world):
    """The names of the properties that do not hold."""
    return {one.property for one in check(world)}


@pytest.mark.parametrize("database", [SQLITE, READ_COMMITTED])
def test_a_seed_plays_the_same_on_every_database(database, threads):
    """The log of a run, turn by turn, depends on its seed alone."""
    plan = make_plan(7)
    assert play(plan, database, threads).lines == play(plan, SQLITE, threads).lines


def test_what_is_sound_is_left_alone(threads):
    """A site on which nothing went wrong breaks no property."""
    with answered(threads) as world:
        assert broken(world) == set()


def test_a_planted_loss_is_found(threads):
    """An answer that was acknowledged and is in no row any more is missed, also by the record."""
    with answered(threads) as world:
        world.rewrite(0, world.sets[0][1], oracle.LOG, lambda log: {"schema": 2, "epoch": log["epoch"]})
        assert {"nothing acknowledged is missing", "the record is the union of the blocks' evidence"} <= broken(world)


def test_a_planted_double_count_is_found(threads):
    """Mastery that counts an opportunity twice is not the oracle's."""
    with answered(threads) as world:
        usage = world.sets[0][1]
        reported = world.reported[0, usage]
        skill, state = next(iter(reported.items()))
        reported[skill] = replace(state, opportunities=state.opportunities + 1)
        assert broken(world) == {"mastery is the oracle's"}


def test_a_planted_second_piece_is_found(threads):
    """A submission that stands in the rows twice is found, and so is an answer that nobody gave."""
    with answered(threads) as world:
        usage = world.sets[0][1]
        piece = next(iter(world.log_of((0, usage)).pieces))
        twice = [piece, piece._replace(variant=piece.variant + 1), piece._replace(submission=1)]
        world.rewrite(0, usage, oracle.LOG, lambda log: {**log, **oracle.Pieces(twice).to_json()})
        assert {"a submission is there at most once", "evidence says what was done"} <= broken(world)


def test_a_planted_error_is_found(threads):
    """A request that ends in an error is a fault, whatever is stored."""
    with answered(threads) as world, mock.patch.object(AdaptiveProblemSetBlock, "document", None):
        ACTIONS["quiet"](world, QUIET)
        assert "no request ends in an error" in broken(world)


def test_a_planted_trace_is_found(threads):
    """Somebody special who writes to a learner's rows is noticed."""
    with answered(threads) as world:
        lms, usage = world.sets[0]
        body = {"receipts": [], "serving": 1}
        for handler in ("next", "answer"):
            world.run(world.launch("not special at all", lambda handler=handler: lms.handle(
                world.users[0], usage, handler, {**body, "submission": "12345678", "responses": {}}),
                world.has_failed, is_special=True))
        assert "special viewers leave no trace" in broken(world)


def test_a_task_dies_where_it_stands(threads):
    """A task that is killed at a point does nothing after it, and the others go on."""
    done = []
    scheduler = Scheduler(threads, random.Random(1), lambda seconds: None)

    def work(name):
        scheduler.point("write user_state")
        done.append(name)

    first, second = (scheduler.start(Task(name, lambda name=name: work(name))) for name in ("first", "second"))
    scheduler.resume(first)
    first.is_doomed = True
    while scheduler.in_flight:
        scheduler.resume(scheduler.pick())
    assert done == ["second"] and isinstance(first.error, Killed) and second.error is None


def test_a_sleeper_waits_for_who_is_awake(threads):
    """Somebody who sleeps gets a turn only when nobody else can go on."""
    scheduler = Scheduler(threads, random.Random(1), lambda seconds: None)
    order = []

    def sleeper():
        scheduler.sleep(1)
        order.append("sleeper")

    def walker():
        for _step in range(5):
            scheduler.point("read user_state")
        order.append("walker")

    scheduler.resume(scheduler.start(Task("sleeper", sleeper)))
    scheduler.start(Task("walker", walker))
    while scheduler.in_flight:
        scheduler.resume(scheduler.pick())
    assert order == ["walker", "sleeper"]


def receipt(n):
    """What a reply gives out."""
    return {"id": f"id{n}", "token": f"token{n}"}


def test_receipts_are_held():
    """A receipt goes when a reply confirms it to a request that was sent long enough after it came, not before."""
    browser = Browser(0, 0)
    browser.settle("b", Sent("answer", {}, 0), {"receipts": [receipt(1)]}, 10)
    assert browser.settle("b", Sent("state", {}, HOLD + 9), {"confirmed": ["id1"]}, HOLD + 20) == []
    assert browser.settle("b", Sent("state", {}, HOLD + 10), {"confirmed": ["id1"]}, HOLD + 20) == ["id1"]
    assert not browser.held("b")


def test_the_oldest_receipts_go_first():
    """A browser holds so many receipts and no more."""
    browser = Browser(0, 0)
    for n in range(MOST_RECEIPTS + 2):
        browser.settle("b", Sent("answer", {}, n), {"receipts": [receipt(n)]}, n)
    assert list(browser.held("b")) == [f"id{n}" for n in range(2, MOST_RECEIPTS + 2)]


def test_a_resend_is_the_same_request():
    """What failed is sent again as it was, with its id; the same answer pressed anew keeps the id until it settles."""
    tab = Tab(Browser(0, 0), "b", random.Random(1))
    tab.shown = Shown(1, "a-1/x", "a-1", "s1", "17", "-17", frozenset())
    sent = tab.send(*tab.compose("right"), 0)
    tab.lose(sent)
    again = tab.resend(5)
    assert again.body is sent.body and again.at == 5
    tab.lose(again)
    assert tab.send(*tab.compose("right"), 9).body["submission"] == sent.body["submission"]
    tab.take(again, {}, 9)
    assert tab.send(*tab.compose("right"), 10).body["submission"] != sent.body["submission"]
