"""The site that is tortured: learners with their browsers, servers with their clocks, requests that cross.

`World` puts requests in flight and lets them go on. What they are is in `visits` and `actions`, what must hold in
`properties`.
"""

from __future__ import annotations

import json
import logging
import random
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any
from unittest import mock

from django.core.cache import cache
from django.db import DatabaseError

from adaptive_xblocks import platform_services, problem_set
from adaptive_xblocks.block_support import AdaptiveBlockMixin
from adaptive_xblocks.problem_set_page import page_context
from tests.platform.lms import Lms
from tests.platform.models import StudentModule, XModuleStudentInfoField
from tests.torture.client import Browser, Sent, Tab
from tests.torture.content import Shown, document
from tests.torture.ledger import Ledger, Place
from tests.torture.oracle import Log
from tests.torture.request import Request
from tests.torture.scenario import SECOND, Plan
from tests.torture.scheduler import Killed, Scheduler, Threads

COURSES = ("course-v1:Torture+Main+1", "course-v1:Torture+Other+1")
#: A request is on its way for at most so long (of true time); HOLD of the client is longer.
LONGEST_FLIGHT = 60 * SECOND
#: Some requests get stuck at one of their points: many others begin and end while they are on their way.
SLOW_FROM = (*[None] * 20, *range(2, 10))
TOLD_ONCE = {f"edx.adaptive_xblocks.{verb}" for verb in ("skill.mastered", "skill.placed", "help.rated")}
_SORRY = "cannot be shown right now"


class World:
    """One run's state. `faults` are what must never happen, as (property, text); `sets` are pairs of course run and
    usage key, the last one in another course; `grades` are the best published; `reported` is mastery as blocks say;
    `pages` are what
    learners saw last; `rough` are the places whose state may have lost what only it had; `refusals` the database's."""

    def __init__(self, plan: Plan, threads: Threads, log: Callable[[str], None]) -> None:
        self.plan, self.log = plan, log
        self.rng = random.Random(f"play {plan.seed}")
        self.now, self.tick, self.is_over = 1_790_000_000_000, 0, False
        self.scheduler = Scheduler(threads, self.rng, self._slept)
        self.ledger, self.faults = Ledger(), []
        self.reported: dict[Place, dict[str, Any]] = {}
        self.pages: dict[Place, Shown] = {}
        self.grades: dict[Place, float] = {}
        self.rough: set[Place] = set()
        self.refusals: dict[Place, list[tuple[str, type[Exception]]]] = {}
        self.sent: dict[Place, dict[str, Sent]] = {}
        self._build()

    def _build(self) -> None:
        plan = self.plan
        self.lms = Lms(COURSES[0], self.scheduler.point, plan.has_lock, {"lock": plan.has_lock})
        self.sets = [(self.lms, self.lms.add("adaptive_problem_set", f"set{n}", fields={"content": document(n)}))
                     for n in range(plan.n_sets)]
        other = self.lms.rerun(COURSES[1])
        self.sets.append((other, other.add("adaptive_problem_set", "set9", fields={"content": document(0)})))
        self.editions = {usage: 0 for _lms, usage in self.sets}
        self.users = [self.lms.user(f"learner{n}") for n in range(plan.n_learners)]
        self.staff = self.lms.user("staff", staff=True)
        self.browsers = [
            [Browser(learner, n, self.rng.randint(-100, 100) * SECOND, plan.trusts_lock)
             for n in range(plan.n_devices)] for learner in range(plan.n_learners)
        ]
        self.tabs: dict[tuple[int, int, int, int], Tab] = {}

    def tab(self, learner: int, place: int, device: int = 0, number: int = 0) -> Tab:
        """A learner's tab; it is there once somebody asks for it."""
        key = learner, place, device, number
        if key not in self.tabs:
            self.tabs[key] = Tab(self.browsers[learner][device], self.sets[place][1], self.rng)
        return self.tabs[key]

    def lms_of(self, usage: Any) -> Lms:
        """The course run that a block is in."""
        return next(lms for lms, one in self.sets if one == usage)

    # Requests

    def launch(self, label: str, work: Callable[[], Any], on_end: Callable[[Request], None],
               places: tuple[Place, ...] = (), is_special: bool = False, is_erasure: bool = False) -> Request:
        """Put a request in flight on a server."""
        self.tick += 1
        request = Request(f"#{self.tick} {label}", work, self.tick, self.rng.choice(SLOW_FROM))
        request.places, request.is_special, request.is_erasure = places, is_special, is_erasure
        request.skew, request.sent_at, request.on_end = self.rng.choice(self.plan.skews), self.now, on_end
        for other in self.scheduler.in_flight:
            self.rough |= request.meets(other)
        for place in places:
            if self.refusals.get(place):
                request.refusal = self.refusals[place].pop()
                self.rough.add(place)
        self.log(f"{self.now / SECOND % 100_000:.1f} {request.label}")
        self.scheduler.start(request)
        return request

    def step(self, request: Request | None = None) -> None:
        """Let one request run to its next point; bring its reply home if that was its end."""
        request = request or self.scheduler.pick()
        self.tick += 1
        before, unheard = len(self.lms.published), self.lms.site.unheard
        self.scheduler.resume(request)
        request.published += self.lms.published[before:]
        request.published += [(None, usage, name, data) for usage, name, data in unheard if name != "grade"]
        unheard.clear()
        self.log(f"    {request.name} {'ends' if request.is_over else request.where}")
        if request.is_over:
            if request.error is not None and not isinstance(request.error, (Killed, DatabaseError)):
                raise request.error
            self._note_published(request)
            request.on_end(request)

    def run(self, request: Request) -> None:
        """Let one request run to its end."""
        while not request.is_over:
            self.step(request)

    def drain(self) -> None:
        """Let all requests end."""
        while self.scheduler.in_flight:
            self.step()

    def has_failed(self, request: Request) -> bool:
        """Did a request that ended give no answer? Notes it as a fault where that must not be."""
        if request.error:
            return True
        text = request.result.text if hasattr(request.result, "text") else request.result.html
        is_failed = request.result.status >= 500 or _SORRY in text
        if is_failed and not (request.may_fail and request.result.status in (200, 503)):
            what = f"{request.label}: {request.result.status} {text[-600:]}"
            self.faults.append(("no request ends in an error", what))
        return is_failed

    def _note_published(self, request: Request) -> None:
        writes = [where for where in request.points if where.startswith("write")]
        if request.is_special and (writes or request.published):
            self.faults.append(("special viewers leave no trace", f"{request.label}: {writes} {request.published}"))
        for user, usage, name, data in request.published:
            if name in TOLD_ONCE and self.plan.trusts_lock and not request.is_beside_erasure:
                place = next((n for n, one in enumerate(self.users) if one.id == user), None), usage
                if not self.ledger.is_news(place, name, data):
                    self.faults.append(("what is declared or rated is told once", f"{request.label}: {name} {data}"))
            if name != "grade":
                continue
            if not 0 <= data["value"] <= 1:
                self.faults.append(("a grade is a number from 0 to 1", f"{request.label}: {data}"))
            place = next((n for n, one in enumerate(self.users) if one.id == user), None), usage
            self.grades[place] = max(data["value"], self.grades.get(place, 0.0))

    def forget(self, place: Place, erasure: Request) -> None:
        """A learner's state of a block was deleted or reset until now, or perhaps not: then no grade can be asked."""
        self.ledger.forget(place, self.tick)
        self.grades[place] = 1.0 if erasure.error or erasure.is_crossed else 0.0

    # Time

    def pass_time(self, milliseconds: int) -> None:
        """Time goes by; no request stays on its way for longer than LONGEST_FLIGHT, nor at all where only the lock
        protects (which is held for seconds)."""
        longest = 0 if self.plan.trusts_lock else LONGEST_FLIGHT
        while late := [one for one in self.scheduler.in_flight if self.now + milliseconds - one.sent_at > longest]:
            self.step(self.rng.choice([one for one in late if not one.is_asleep] or self.scheduler.in_flight))
        self.now += milliseconds
        if milliseconds >= 10 * SECOND:
            cache.clear()  # the lock of a request that died has ended by itself

    def server_now(self) -> int:
        """The clock of the server that the request in hand is on."""
        return self.now + (self.scheduler.current.skew if self.scheduler.current else 0)

    def _slept(self, seconds: float) -> None:
        self.now += int(seconds * SECOND)

    # What is stored

    def state(self, place: Place) -> dict[str, Any] | None:
        """A learner's row of a block."""
        return self.lms_of(place[1]).state(self.users[place[0]], place[1])

    def log_of(self, place: Place) -> Log:
        """The evidence in it."""
        return Log.read(self.state(place))

    def info(self, learner: int) -> dict[str, Any]:
        """A learner's rows that all blocks share."""
        return self.lms.info(self.users[learner])

    def rewrite(self, learner: int, usage: Any, field: str, change: Callable[[Any], Any]) -> None:
        """Change what is stored in a field behind everybody's back; of a block's state if `usage` is given."""
        user = self.users[learner]
        if usage is None:
            for row in XModuleStudentInfoField.objects.filter(student_id=user.id, field_name=field):
                row.value = json.dumps(change(json.loads(row.value)))
                row.save()
            return
        for row in StudentModule.objects.filter(student_id=user.id, module_state_key=usage):
            state = json.loads(row.state)
            row.state = json.dumps({**state, field: change(state[field])} if field in state else state)
            row.save()

    @contextmanager
    def in_force(self) -> Iterator[None]:
        """Our clocks, our sleep, and an ear for the mastery that blocks report."""
        def reporting(run: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
            ids = run.block.scope_ids
            for learner, user in enumerate(self.users):
                if user.id == ids.user_id and not run.session.viewer.unsaved:
                    self.reported[learner, ids.usage_id] = dict(run.session.states)
            return page_context(run, *args, **kwargs)

        cache.clear()
        logging.disable(logging.CRITICAL)
        with ExitStack() as stack:
            stack.callback(logging.disable, logging.NOTSET)
            stack.callback(self._end_all)
            for target, name, value in (
                (AdaptiveBlockMixin, "now", staticmethod(self.server_now)),
                (platform_services, "sleep", self.scheduler.sleep),
                (problem_set, "page_context", reporting),
            ):
                stack.enter_context(mock.patch.object(target, name, value))
            yield

    def _end_all(self) -> None:
        for request in list(self.scheduler.in_flight):
            request.is_doomed = True
            while not request.is_over:
                self.scheduler.resume(request)
