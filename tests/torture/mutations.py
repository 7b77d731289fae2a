"""The guards of the learner record, each with a way to take it away: the torture must notice every one that is gone.

A guard that can be taken away unnoticed is not needed, or not tortured enough. `disable` patches the code under test
for as long as its context lasts; a guard is tried in the weather that it is for, so that few seeds are enough.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, replace
from typing import Any
from unittest import mock

from adaptive_xblocks import (
    course_record,
    evidence_fold,
    learner_record,
    learner_session,
    platform_services,
    problem_set,
    record_resets,
)
from adaptive_xblocks.evidence_log import EvidenceLog
from adaptive_xblocks.learner_record import LearnerRecord
from adaptive_xblocks.learner_session import LearnerSession
from tests.torture import client
from tests.torture.play import play
from tests.torture.scenario import Plan, make_plan
from tests.torture.scheduler import Threads
from tests.torture.stories import tell_story

BLOCK = problem_set.AdaptiveProblemSetBlock
#: The weather of what chance does not come by.
STORY = "story"
Disable = Callable[[], AbstractContextManager]


@dataclass(frozen=True)
class Guard:
    """A guard: what it is, against what, and how to take it away."""

    name: str
    against: str
    disable: Disable
    weather: str = "crowd"
    more: str = ""

    def plan(self, seed: int) -> Plan:
        """A seed's plan in the weather that the guard is for, with one action in eight replaced by `more`."""
        plan = make_plan(seed, self.weather)
        actions = tuple(one._replace(kind=self.more) if n % 8 == 7 else one for n, one in enumerate(plan.actions))
        return replace(plan, actions=actions) if self.more else plan


def _instead(target: Any, name: str, value: Any) -> Disable:
    return lambda: mock.patch.object(target, name, value)


def _around(target: Any, name: str, make: Callable[[Any], Any]) -> Disable:
    """Replace a function by what `make` makes of it."""
    return lambda: mock.patch.object(target, name, make(getattr(target, name)))


def _never(*args: Any, **kwargs: Any) -> None:
    """Does nothing."""


def _without_pieces(said_by: Any) -> Any:
    return lambda own, block, confirmed: replace(said_by(own, block, confirmed), pieces=())


def _reconciled_without(case: Callable[[Any, Any], bool], instead: Callable[..., Any]) -> Disable:
    """`reconcile` that does something else where a case is met: (what the record knows of the epoch, the log)."""
    def make(reconcile: Any) -> Any:
        def changed(course: Any, own: Any, block: str) -> Any:
            if case(course.epochs.get(block), own):
                return instead(course, own, block)
            return reconcile(course, own, block)
        return changed
    return _around(learner_record, "reconcile", make)


@contextmanager
def _record_saved_first() -> Iterator[None]:
    real = LearnerSession.save

    def save(self: Any) -> None:
        if not self.viewer.unsaved and self.course != self.stored_course:
            self.block.adaptive_xblocks_record = self.record.with_course(self.course_key, self.course)
            learner_session._is_saved(self.block, "shared record")
        real(self)

    with mock.patch.object(LearnerSession, "save", save):
        yield


@contextmanager
def _dirty_fields_kept() -> Iterator[None]:
    """The record stays among the dirty fields after its save has failed: the runtime saves it again."""
    real = LearnerSession.save

    def save(self: Any) -> None:
        dirty = {}
        with mock.patch.object(self.block, "save", lambda save=self.block.save: (
                dirty.update(self.block._dirty_fields), save())):
            real(self)
        record = self.block.fields["adaptive_xblocks_record"]
        if record in dirty and self.block._field_data_cache:
            self.block._dirty_fields.update({one: dirty[one] for one in dirty if one is record})

    with mock.patch.object(LearnerSession, "save", save):
        yield


def _only_confirms(take: Any) -> Any:
    def changed(self: Any, submission: str, received: Any) -> None:
        log, course = self.log, self.course
        take(self, submission, received)
        self.log, self.course = log, course
        self._forget_fold()
    return changed


def _not_renewed(take: Any) -> Any:
    def changed(self: Any, submission: str, received: Any) -> None:
        with mock.patch.object(self, "renew_receipt", _never):
            take(self, submission, received)
    return changed


def _later_receipts_gone(take: Any) -> Any:
    def changed(self: Any, offered: Any) -> None:
        stored = self.log.epoch
        read = learner_session.receipts.read
        with mock.patch.object(learner_session.receipts, "read", lambda *args: [
                (submission, one) for submission, one in read(*args) if one.epoch <= stored]):
            take(self, offered)
    return changed


def _raises_if(is_bad: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """A reader that raises for what is bad."""
    def make(read: Any) -> Any:
        def changed(stored: Any) -> Any:
            value = read(stored)
            if is_bad(value):
                raise ValueError("cannot be read")
            return value
        return changed
    return make


class _Forgetful(set):
    """A set that knows nothing."""

    def __contains__(self, one: object) -> bool:
        return False


def _counts_everything(init: Any) -> Any:
    def changed(self: Any, *args: Any, **kwargs: Any) -> None:
        init(self, *args, **kwargs)
        self._seen = _Forgetful()
    return changed


def _sees(*unsaved: str) -> Callable[[Any], Any]:
    """A viewer service that takes these special viewers for plain learners."""
    def make(viewer: Any) -> Any:
        def changed(block: Any) -> Any:
            seen = viewer(block)
            return replace(seen, unsaved="") if seen.unsaved in unsaved else seen
        return changed
    return make


GUARDS = [
    Guard("receipts", "a log overwritten as a whole by another tab",
          _around(LearnerSession, "_take_receipt", _only_confirms)),
    Guard("own pieces into the record", "a record overwritten by another block's request",
          _around(learner_record, "_said_by", _without_pieces)),
    Guard("record's pieces into the log", "a log overwritten while the record was not",
          _instead(learner_record, "_refilled", lambda course, block, own: replace(own, is_damaged=False)),
          "crowd"),
    Guard("state before record", "a request that dies between its two saves", _record_saved_first, "deaths"),
    Guard("a lost save of the record is no error", "two first saves of one learner at once",
          _instead(learner_session, "XBlockSaveError", ZeroDivisionError),
          "mixed"),
    Guard("what could not be saved is dropped", "the runtime's own save after the handler", _dirty_fields_kept,
          "mixed"),
    Guard("a deletion begins an epoch", "deleted evidence that comes back from the record",
          _reconciled_without(lambda known, own: own is None and known and known.confirmed,
                              lambda course, own, block: (course, learner_record._refilled(
                                  course, block, EvidenceLog(course.epochs[block].number)))), "deletions"),
    Guard("an unconfirmed epoch goes on", "a first save of the state that was lost",
          _reconciled_without(lambda known, own: own is None and known and not known.confirmed,
                              lambda course, own, block: learner_record.begin_epoch(
                                  course, block, EvidenceLog(course.epochs[block].number + 1))), "refusals"),
    Guard("an older log is not believed", "a request from before a deletion that saves after it",
          _reconciled_without(lambda known, own: own and known and known.number > own.epoch,
                              lambda course, own, block: (
                                  course.merge(learner_record._said_by(own, block, True)), own)),
          "deletions"),
    Guard("a receipt put back is held as long again", "a request that had read the state without it",
          _around(LearnerSession, "_take_receipt", _not_renewed), STORY),
    Guard("receipts of a later epoch", "a request from before a deletion that overwrites the epoch after it",
          _around(LearnerSession, "_take_receipts", _later_receipts_gone), "deletions"),
    Guard("floors", "evidence from before a reset",
          _instead(record_resets.Resets, "floor", lambda self, course: 0), "resets"),
    Guard("a new piece is later than floor and log", "servers whose clocks differ",
          _instead(LearnerSession, "_next_time", lambda self: self.now), "resets"),
    Guard("an opportunity counts once", "two tabs that answer the same step",
          _around(evidence_fold.Fold, "__init__", _counts_everything)),
    Guard("a piece is known by its identity", "a receipt of what is stored",
          _instead(EvidenceLog, "holds", lambda self, piece: False)),
    Guard("submissions are remembered", "a resend after a lost reply",
          _instead(BLOCK, "_repeat", BLOCK._reply), "mixed"),
    Guard("declarations in the log", "a record that lost them",
          _instead(EvidenceLog, "with_facts", lambda self, *_: self)),
    Guard("a log that cannot be read does not raise", "a damaged field",
          _around(EvidenceLog, "from_json", _raises_if(lambda log: log and log.is_damaged)), "crowd", "damage"),
    Guard("a record that cannot be read does not raise", "a damaged field",
          _instead(LearnerRecord, "from_json", lambda stored: LearnerRecord(stored["courses"] if stored else {})),
          "crowd", "damage"),
    Guard("the page says what it shows", "a page of before another tab went on",
          _instead(BLOCK, "_step_in_hand", lambda self, run, data: (
              run.practice.open_step(run.variant.item) if run.practice.item and not run.practice.end else None))),
    Guard("notes are checked", "a cache of the fold that is not of this set",
          _instead(course_record.Notes, "hold", lambda self, made_from: True), "mixed", "edit"),
    Guard("the client holds receipts", "a slow request that overwrites what was confirmed",
          _instead(client, "HOLD", 0)),
    Guard("masquerade leaves no trace", "staff who look at a learner",
          _around(platform_services, "viewer", _sees("masquerade")), "mixed", "special"),
    Guard("preview leaves no trace", "authors who try a set in Studio",
          _around(platform_services, "viewer", _sees("preview")), "mixed", "special"),
    Guard("crawlers leave no trace", "search engines",
          _around(platform_services, "viewer", _sees("crawler")), "mixed", "special"),
    Guard("anonymous leaves no trace", "visitors who are not signed in",
          _around(platform_services, "viewer", _sees("anonymous")), "mixed", "special"),
    Guard("the lock reads again", "what the request had read before it waited",
          _instead(platform_services, "read_again", _never), "lock"),
    Guard("the lock", "two requests at once", _instead(platform_services, "_take_lock", lambda key, token: False),
          "lock"),
]
FAST = ("receipts", "own pieces into the record", "a deletion begins an epoch", "an opportunity counts once",
        "a lost save of the record is no error", "declarations in the log")


def first_seed(guard: Guard, seeds: Iterable[int], database: str, threads: Threads) -> tuple[int | None, Any]:
    """The first seed that fails while the guard is gone, and only then, with the violation; (None, None) without."""
    if guard.weather == STORY:
        with guard.disable():
            violations = tell_story(database, threads).violations
        return (0, violations[0]) if violations else (None, None)
    for seed in seeds:
        plan = guard.plan(seed)
        with guard.disable():
            outcome = play(plan, database, threads)
        if outcome.violations and not play(plan, database, threads).violations:
            return seed, outcome.violations[0]
    return None, None
