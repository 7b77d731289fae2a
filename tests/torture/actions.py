"""What can happen on the site, by the names that plans use."""

from __future__ import annotations

from collections.abc import Callable

from django.core.cache import cache
from django.db import IntegrityError, OperationalError

from tests.torture import client, oracle, visits
from tests.torture.content import document
from tests.torture.request import Request
from tests.torture.scenario import MINUTE, SECOND, SPECIAL, Action
from tests.torture.world import World

#: Actions after which everything must hold.
CHECKED = ("quiet", "upgrade", "damage", "end")
#: How often every block is visited before everything must have healed.
ROUNDS = 2
#: What may stand where evidence was.
RUBBISH = (None, "", "x", 17, [], {}, {"epoch": "?"}, {"epoch": 1, "pieces": 3})
#: What the database may refuse: an insert beside another, which the LMS takes for saved, and any statement when it is
#: in trouble.
REFUSALS = (*[("write user_state", IntegrityError)] * 3, ("write user_state", OperationalError),
            ("write user_info", OperationalError), ("write grade", OperationalError))
#: How long people wait: in six of twenty cases at most 5 s, ...
WAITS = ((0.3, 5 * SECOND), (0.6, 40 * SECOND), (0.9, 4 * MINUTE), (1.0, 120 * MINUTE))
CRAWLER = "Googlebot/2.1 (+http://www.google.com/bot.html)"
_ONLY_IN_SCHEMA_2 = ("declared", "basis", "trimmed")


def _ask(world: World, action: Action, n_copies: int = 1) -> None:
    """A learner does something in a tab; what failed before is mostly sent again first."""
    tab = world.tab(action.learner, action.place, action.device, action.tab)
    if tab.waiting:
        return
    if tab.shown is None:
        visits.view(world, [tab])
        return
    is_resend = tab.failed and action.luck < 0.9
    sent = tab.resend(world.now) if is_resend else tab.send(*tab.compose(action.wish), world.now)
    is_lost = world.rng.random() < world.plan.lossiness
    for copy in range(n_copies):
        visits.ask(world, tab, sent, is_lost or copy > 0)


def _duplicate(world: World, action: Action) -> None:
    """A request arrives twice."""
    _ask(world, action, 2)


def _visit(world: World, action: Action) -> None:
    """A page asks by itself how things stand."""
    _ask(world, action._replace(wish="state"))


def _view(world: World, action: Action) -> None:
    """A unit's page: one block, or two of the course that share the request's storage."""
    places = [action.place]
    if action.luck < 0.4 and action.place < world.plan.n_sets - 1:
        places.append(action.place + 1)
    visits.view(world, [world.tab(action.learner, place, action.device, action.tab) for place in places])


def _lose(world: World, action: Action) -> None:
    """A client loses patience: what is on its way goes on, and its reply reaches nobody."""
    waiting = [tab for tab in world.tabs.values() if tab.waiting]
    if waiting:
        tab = world.rng.choice(waiting)
        world.log(f"L{tab.browser.learner} {tab.usage.block_id}: waits no longer for {tab.waiting.handler}")
        tab.lose(tab.waiting)


def _wait(world: World, action: Action) -> None:
    longest = next(milliseconds for chance, milliseconds in WAITS if action.luck <= chance)
    milliseconds = world.rng.randint(0, longest)
    world.log(f"time goes by: {milliseconds / SECOND:.1f} s")
    world.pass_time(milliseconds)


def _kill(world: World, action: Action) -> None:
    """The process of a request dies; a lock that it held stays until its time is over."""
    if world.scheduler.in_flight:
        request = world.rng.choice(world.scheduler.in_flight)
        world.log(f"{request.name} dies at {request.where}")
        request.is_doomed = True
        locks = [f"adaptive_xblocks:{user.id}" for user in world.users]
        held = cache.get_many(locks)
        world.step(request)
        for key in held.keys() - cache.get_many(locks).keys():
            cache.set(key, held[key], 3600)


def _refuse(world: World, action: Action) -> None:
    """The database is in trouble: it refuses a statement of each of the next requests for a block; a grade once, for
    without the lock the grade of an end is sent twice and no more."""
    place, (where, error) = (action.learner, world.sets[action.place][1]), world.rng.choice(REFUSALS)
    world.refusals[place] = [(where, error)] * (1 if where == "write grade" else world.rng.randint(1, 3))
    world.log(f"the next {len(world.refusals[place])} requests for {place[1].block_id} of L{action.learner} will be "
              f"refused to {where} ({error.__name__})")


def _delete(world: World, action: Action) -> None:
    """An instructor deletes the learner's state of a block. Where the record knows that the state had been read back,
    and nothing else was on its way, its evidence must be gone for good."""
    lms, usage = world.sets[action.place]
    place, user = (action.learner, usage), world.users[action.learner]
    log = world.log_of(place)
    epochs = oracle.Course.read(world.info(action.learner), usage.course_key).epochs
    is_confirmed = epochs.get(oracle.key_of(usage)) == [log.epoch, 1]

    def deleted(request: Request) -> None:
        world.rough.add(place)  # a state that was never read back is made good from the record
        world.forget(place, request)
        if is_confirmed and not request.error and not request.is_crossed:
            world.ledger.erase("state deleted", place, log.pieces)

    world.launch(f"state of {usage.block_id} of L{action.learner} is deleted", lambda: lms.delete_state(user, usage),
                 deleted, (place,), is_erasure=True)


def _attempts(world: World, action: Action) -> None:
    """An instructor resets the learner's attempts, which means nothing to our blocks."""
    lms, usage = world.sets[action.place]
    user = world.users[action.learner]
    world.launch(f"attempts in {usage.block_id} of L{action.learner} are reset",
                 lambda: lms.reset_attempts(user, usage), lambda request: None, ((action.learner, usage),))


def _reset(world: World, action: Action) -> None:
    """The learner resets the own record, in the course or everywhere."""
    tab = world.tab(action.learner, action.place, action.device, action.tab)
    if tab.shown is not None and not tab.waiting:
        visits.reset(world, tab, everywhere=action.luck < 0.4)


def _edit(world: World, action: Action) -> None:
    """The author changes texts and parameters of a set."""
    lms, usage = world.sets[action.place]
    world.log(f"{usage.block_id} is edited")
    world.editions[usage] = world.tick
    lms.author(usage, content=document(0 if lms is not world.lms else action.place, world.tick))


def _special(world: World, action: Action) -> None:
    """Somebody looks, or tries to answer, who must leave no trace."""
    lms, usage = world.sets[action.place]
    learner, staff, kind = world.users[action.learner], world.staff, world.rng.choice(SPECIAL)
    tab = world.tab(action.learner, action.place)
    _handler, asked = tab.compose("right") if tab.shown else ("", {"serving": 1})
    body = {"step": "s1", "responses": {"answer": "1"}, **asked, "submission": f"special-{world.tick}",
            "receipts": [one.token for one in tab.browser.held(str(usage)).values()]}
    handler = "state" if action.luck < 0.3 else "answer"
    works: dict[str, Callable[[], object]] = {
        "masquerade": lambda: lms.render(staff, usage, masquerade=learner),
        "masquerade-answer": lambda: lms.handle(staff, usage, handler, body, masquerade=learner),
        "preview": lambda: lms.studio_preview(staff, usage),
        "preview-answer": lambda: lms.studio_preview(staff, usage, handler, body),
        "crawler": lambda: lms.render(learner, usage, user_agent=CRAWLER),
        "crawler-answer": lambda: lms.handle(learner, usage, handler, body, user_agent=CRAWLER),
        "anonymous": lambda: lms.render(lms.anonymous, usage, view="public_view"),
        "anonymous-answer": lambda: lms.handle(lms.anonymous, usage, handler, body),
    }
    world.launch(f"{kind} at {usage.block_id} of L{action.learner}", works[kind], world.has_failed, is_special=True)


def _clock(world: World, action: Action) -> None:
    """A device's clock is set: back at any time; ahead only while nothing is on its way, since HOLD is measured by
    that clock and no client can know better."""
    browser = world.browsers[action.learner][action.device]
    change = world.rng.randint(-10, 0 if world.scheduler.in_flight else 10) * MINUTE
    world.log(f"L{action.learner} device {action.device}: clock set by {change // MINUTE} min")
    browser.offset += change


def _clear(world: World, action: Action) -> None:
    """A browser's storage is cleared: what it held can no longer be offered."""
    browser = world.browsers[action.learner][action.device]
    for _lms, usage in world.sets:
        world.ledger.throw_away((action.learner, usage), browser.held(str(usage)))
    browser.receipts.clear()
    world.log(f"L{action.learner} device {action.device}: storage cleared")


def _quiet(world: World, action: Action) -> None:
    """All requests end; then every learner's devices visit every block, offering what they hold, ROUNDS times."""
    world.drain()
    world.refusals.clear()
    for number in range(ROUNDS):
        for learner, browsers in enumerate(world.browsers):
            for place, (_lms, usage) in enumerate(world.sets):
                visitors = [one for one in browsers if one.held(str(usage))] or browsers[:1]
                for browser in visitors if number == 0 else visitors[:1]:
                    tab = world.tab(learner, place, browser.number)
                    world.run(visits.ask(world, tab, tab.send("state", {}, world.now)))
                world.pages[learner, usage] = tab.shown


def _end(world: World, action: Action) -> None:
    """Everybody comes back later and later: every receipt can be let go, and what must hold then holds without."""
    for _time in range(3):
        world.pass_time(client.HOLD + SECOND)
        _quiet(world, action)
    world.is_over = True


def _upgrade(world: World, action: Action) -> None:
    """A release is installed: what is stored has the shape that the release before this one wrote."""
    def as_schema_1(log: dict | None) -> dict | None:
        if not isinstance(log, dict):
            return log
        return {**{key: value for key, value in log.items() if key not in _ONLY_IN_SCHEMA_2}, "schema": 1}

    _quiet(world, action)
    for learner in range(world.plan.n_learners):
        for _lms, usage in world.sets:
            world.rewrite(learner, usage, oracle.LOG, as_schema_1)
    world.log("what is stored is of schema 1 now")
    _quiet(world, action)


def _damage(world: World, action: Action) -> None:
    """One of a learner's stored values cannot be read any more; the others say what was in it."""
    _quiet(world, action)
    usage = world.rng.choice([None, *(usage for _lms, usage in world.sets)])
    rubbish = world.rng.choice(RUBBISH)

    def damaged(value: object) -> object:
        if action.luck < 0.5 or not isinstance(value, dict):
            return rubbish
        return {**value, "pieces": rubbish} if usage else {"courses": dict.fromkeys(value.get("courses", ()), rubbish)}

    world.rewrite(action.learner, usage, oracle.LOG if usage else oracle.RECORD, damaged)
    world.rough.add((action.learner, usage))
    for _lms, one in world.sets:
        world.ledger.lose_track((action.learner, one))
    world.log(f"{usage.block_id if usage else 'the record'} of L{action.learner} is damaged")
    _quiet(world, action)


ACTIONS: dict[str, Callable[[World, Action], object]] = {
    "ask": _ask, "duplicate": _duplicate, "visit": _visit, "view": _view, "lose": _lose, "wait": _wait, "kill": _kill,
    "refuse": _refuse, "delete": _delete, "attempts": _attempts, "reset": _reset, "edit": _edit, "special": _special,
    "clock": _clock, "clear": _clear, "quiet": _quiet, "upgrade": _upgrade, "damage": _damage, "end": _end,
}
