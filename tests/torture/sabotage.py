"""How the guards of the learner record are taken away: patches of the code under test, one for each kind of guard.

A `Disable` makes a context in which the guard is gone. A function named for what is left (`only_confirms`, ...) takes
the real thing and gives the one without the guard, for `around`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from typing import Any
from unittest import mock

from adaptive_xblocks import learner_record, learner_session, platform_services
from adaptive_xblocks.evidence_log import EvidenceLog
from adaptive_xblocks.learner_session import LearnerSession

Disable = Callable[[], AbstractContextManager]


def instead(target: Any, name: str, value: Any) -> Disable:
    """Put something in a thing's place."""
    return lambda: mock.patch.object(target, name, value)


def around(target: Any, name: str, make: Callable[[Any], Any]) -> Disable:
    """Put in a function's place what `make` makes of it."""
    return lambda: mock.patch.object(target, name, make(getattr(target, name)))


def never(*args: Any, **kwargs: Any) -> None:
    """Do nothing."""


def without_pieces(said_by: Any) -> Any:
    """What a log says, but for its evidence."""
    return lambda own, block, confirmed: replace(said_by(own, block, confirmed), pieces=())


def not_refilled(course: Any, block: str, own: EvidenceLog) -> EvidenceLog:
    """A log as it is, whatever the record still has of it."""
    return replace(own, is_damaged=False)


def reconciled(case: Callable[[Any, Any], Any], otherwise: Callable[..., Any]) -> Disable:
    """Another way of bringing log and record together where a case is met: what the record knows, and the log."""
    def make(reconcile: Any) -> Any:
        def changed(course: Any, own: Any, block: str) -> Any:
            is_met = case(course.epochs.get(block), own)
            return (otherwise if is_met else reconcile)(course, own, block)
        return changed
    return around(learner_record, "reconcile", make)


def goes_on(course: Any, own: Any, block: str) -> Any:
    """No state, yet the epoch goes on with what the record has."""
    return course, learner_record._refilled(course, block, EvidenceLog(course.epochs[block].number))


def begins_anew(course: Any, own: Any, block: str) -> Any:
    """No state, and the next epoch begins."""
    return learner_record.begin_epoch(course, block, EvidenceLog(course.epochs[block].number + 1))


def is_believed(course: Any, own: Any, block: str) -> Any:
    """A log counts, however old its epoch."""
    return course.merge(learner_record._said_by(own, block, True)), own


@contextmanager
def record_saved_first() -> Iterator[None]:
    """The record is saved before the block's own state."""
    real = LearnerSession.save

    def save(self: Any) -> None:
        if not self.viewer.unsaved and self.course != self.stored_course:
            self.block.adaptive_xblocks_record = self.record.with_course(self.course_key, self.course)
            learner_session._is_saved(self.block, "shared record")
        real(self)

    with mock.patch.object(LearnerSession, "save", save):
        yield


@contextmanager
def dirty_fields_kept() -> Iterator[None]:
    """A record that could not be saved stays among the dirty fields: the runtime saves it again."""
    real = LearnerSession.save

    def save(self: Any) -> None:
        dirty = {}
        with mock.patch.object(self.block, "save", lambda save=self.block.save: (
                dirty.update(self.block._dirty_fields), save())):
            real(self)
        record = self.block.fields[learner_session.RECORD]
        if record in dirty:
            self.block._dirty_fields[record] = dirty[record]

    with mock.patch.object(LearnerSession, "save", save):
        yield


def saves_before_reading(init: Any) -> Any:
    """A session that saves the block before it has read everything."""
    def changed(self: Any, block: Any, *args: Any) -> None:
        if block.practice.serving and not platform_services.viewer(block).unsaved:
            block.force_save_fields([learner_session.PRACTICE])
        init(self, block, *args)
    return changed


def only_confirms(take: Any) -> Any:
    """A session that confirms receipts and never puts one back."""
    def changed(self: Any, submission: str, received: Any) -> None:
        log, course = self.log, self.course
        take(self, submission, received)
        self.log, self.course = log, course
        self._forget_fold()
    return changed


def not_renewed(take: Any) -> Any:
    """A session that puts receipts back and does not give them out again."""
    def changed(self: Any, submission: str, received: Any) -> None:
        with mock.patch.object(self, "renew_receipt", never):
            take(self, submission, received)
    return changed


def later_unread(take: Any) -> Any:
    """A session that does not read receipts of a later epoch than its log's."""
    def changed(self: Any, offered: Any) -> None:
        read, epoch = learner_session.receipts.read, self.log.epoch
        with mock.patch.object(learner_session.receipts, "read", lambda *args: [
                (submission, one) for submission, one in read(*args) if one.epoch <= epoch]):
            take(self, offered)
    return changed


def raises_if(is_bad: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """A reader that raises for what is bad."""
    def make(read: Any) -> Any:
        def changed(stored: Any) -> Any:
            value = read(stored)
            if is_bad(value):
                raise ValueError("cannot be read")
            return value
        return changed
    return make


def unmarked(to_json: Any) -> Any:
    """A record that does not keep of a declaration that a probe has shown it."""
    return lambda declarations, basis: to_json([fact._replace(placed=False) for fact in declarations], basis)


def rated_again(rate: Any) -> Any:
    """A rating that is new each time it is sent."""
    return lambda practice, key, helpful: rate(replace(practice, rated={}), key, helpful)


class Forgetful(set):
    """A set that knows nothing."""

    def __contains__(self, one: object) -> bool:
        return False


def counts_everything(init: Any) -> Any:
    """A fold that does not know what it has counted."""
    def changed(self: Any, *args: Any, **kwargs: Any) -> None:
        init(self, *args, **kwargs)
        self._seen = Forgetful()
    return changed


def sees_no(special: str) -> Disable:
    """Special viewers of a kind pass for plain learners."""
    def make(viewer: Any) -> Any:
        def changed(block: Any) -> Any:
            seen = viewer(block)
            return replace(seen, unsaved="") if seen.unsaved == special else seen
        return changed
    return around(platform_services, "viewer", make)
