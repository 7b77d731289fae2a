"""The guards of the learner record, each with a way to take it away: the torture must notice every one that is gone.

A guard that can be taken away unnoticed is not needed, or not tortured enough. A guard is tried in the weather that it
is for, so that few seeds are enough.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from adaptive_xblocks import (
    course_record,
    evidence_fold,
    evidence_notes,
    learner_record,
    learner_session,
    platform_services,
    problem_set,
    problem_set_run,
    record_resets,
)
from adaptive_xblocks.evidence_log import EvidenceLog
from adaptive_xblocks.learner_record import LearnerRecord
from adaptive_xblocks.learner_session import LearnerSession
from adaptive_xblocks.tutoring import practising
from tests.torture import client, sabotage
from tests.torture.play import play
from tests.torture.properties import Violation
from tests.torture.sabotage import Disable, around, instead, never, reconciled, sees_no
from tests.torture.scenario import Plan, make_plan
from tests.torture.scheduler import Threads
from tests.torture.stories import tell_story

#: The weather of what chance does not come by.
STORY = "story"
_BLOCK = problem_set.AdaptiveProblemSetBlock


@dataclass(frozen=True)
class Guard:
    """A guard: what it is, against what, how to take it away, and in which weather that is noticed."""

    name: str
    against: str
    disable: Disable
    weather: str = "crowd"
    more: str = ""

    def plan(self, seed: int) -> Plan:
        """A seed's plan in the guard's weather, with one action in eight replaced by `more`."""
        plan = make_plan(seed, self.weather)
        actions = tuple(one._replace(kind=self.more) if n % 8 == 7 else one for n, one in enumerate(plan.actions))
        return replace(plan, actions=actions) if self.more else plan


def first_seed(guard: Guard, seeds: Iterable[int], database: str, threads: Threads
               ) -> tuple[int | None, Violation | None]:
    """The first seed that fails while the guard is gone, and only then, with the violation; (None, None) without."""
    if guard.weather == STORY:
        with guard.disable():
            violations = tell_story(database, threads).violations
        return (0, violations[0]) if violations else (None, None)
    for seed in seeds:
        with guard.disable():
            outcome = play(guard.plan(seed), database, threads)
        if outcome.violations and not play(guard.plan(seed), database, threads).violations:
            return seed, outcome.violations[0]
    return None, None


def _any_step(block: Any, run: Any, data: dict) -> Any:
    """The step in hand, whatever the page shows."""
    practice = run.practice
    return practice.open_step(run.variant.item) if practice.item and not practice.end else None


GUARDS = [
    Guard("receipts", "a log overwritten as a whole by another tab",
          around(LearnerSession, "_take_receipt", sabotage.only_confirms)),
    Guard("a receipt put back is held as long again", "a request that had read the state without it",
          around(LearnerSession, "_take_receipt", sabotage.not_renewed), STORY),
    Guard("the client holds receipts", "a slow request that overwrites what was confirmed", instead(client, "HOLD", 0)),
    Guard("own pieces into the record", "a record overwritten by another block's request",
          around(learner_record, "_said_by", sabotage.without_pieces)),
    Guard("record's pieces into the log", "a log overwritten while the record was not",
          instead(learner_record, "_refilled", sabotage.not_refilled)),
    Guard("declarations in the log", "a record that lost them",
          instead(EvidenceLog, "with_facts", lambda self, declarations, basis: self)),
    Guard("what was placed is marked so", "a page that counts it as practised",
          around(course_record, "facts_to_json", sabotage.unmarked), "presets"),
    Guard("a rating that was kept is not told again", "a request that arrives twice",
          around(practising, "rate", sabotage.rated_again), "ratings"),
    Guard("definitions go into the record", "blocks that fold with other parameters",
          instead(learner_session, "_with_definitions", lambda course, document, block: course)),
    Guard("everything is read before the first save", "what the platform forgets of a block that was saved",
          around(LearnerSession, "__init__", sabotage.saves_before_reading)),
    Guard("state before record", "a request that dies between its two saves", sabotage.record_saved_first, "deaths"),
    Guard("a lost save of the record is no error", "two first saves of one learner at once",
          instead(learner_session, "XBlockSaveError", ZeroDivisionError), "mixed"),
    Guard("what could not be saved is dropped", "the runtime's own save after the handler",
          sabotage.dirty_fields_kept, "mixed"),
    Guard("a deletion begins an epoch", "deleted evidence that comes back from the record",
          reconciled(lambda known, own: own is None and known and known.confirmed, sabotage.goes_on), "deletions"),
    Guard("an unconfirmed epoch goes on", "a first save of the state that was lost",
          reconciled(lambda known, own: own is None and known and not known.confirmed, sabotage.begins_anew),
          "refusals"),
    Guard("an older log is not believed", "a request from before a deletion that saves after it",
          reconciled(lambda known, own: own and known and known.number > own.epoch, sabotage.is_believed),
          "deletions"),
    Guard("receipts of a later epoch", "a request from before a deletion that overwrites the epoch after it",
          around(LearnerSession, "_take_receipts", sabotage.later_unread), "deletions"),
    Guard("floors", "evidence from before a reset",
          instead(record_resets.Resets, "floor", lambda self, course: 0), "resets"),
    Guard("a new piece is later than floor and log", "servers whose clocks differ",
          instead(LearnerSession, "_next_time", lambda self: self.now), "resets"),
    Guard("an opportunity counts once", "two tabs that answer the same step",
          around(evidence_fold.Fold, "__init__", sabotage.counts_everything)),
    Guard("a piece is known by its identity", "a receipt of what is stored",
          instead(EvidenceLog, "holds", lambda self, piece: False)),
    Guard("submissions are remembered", "a resend after a lost reply",
          instead(_BLOCK, "_repeat", lambda self, run, data, submission: self._reply(run)), "mixed"),
    Guard("the page says what it shows", "a page of before another tab went on",
          instead(_BLOCK, "_step_in_hand", _any_step)),
    Guard("the place is recovered", "a place that a late request has overwritten",
          instead(problem_set_run.Run, "_recover", never)),
    Guard("a grade is owed", "a request that ends before its grade is stored",
          instead(LearnerSession, "owes_grade", False), "refusals"),
    Guard("a log that cannot be read does not raise", "a damaged field",
          around(EvidenceLog, "from_json", sabotage.raises_if(lambda log: log and log.is_damaged)), "crowd", "damage"),
    Guard("a record that cannot be read does not raise", "a damaged field",
          instead(LearnerRecord, "from_json", lambda stored: LearnerRecord(stored["courses"] if stored else {})),
          "crowd", "damage"),
    Guard("notes are checked", "a cache of the fold that is not of this set",
          instead(evidence_notes.Notes, "hold", lambda self, made_from: True), "mixed", "edit"),
    Guard("masquerade leaves no trace", "staff who look at a learner", sees_no("masquerade"), "mixed", "special"),
    Guard("preview leaves no trace", "authors who try a set in Studio", sees_no("preview"), "mixed", "special"),
    Guard("crawlers leave no trace", "search engines", sees_no("crawler"), "mixed", "special"),
    Guard("anonymous leaves no trace", "people who are not signed in", sees_no("anonymous"), "mixed", "special"),
    Guard("the lock", "two requests at once",
          instead(platform_services, "_take_lock", lambda key, token: False), "lock"),
    Guard("the lock reads again", "what a request had read before it waited",
          instead(platform_services, "read_again", never), "lock"),
]
#: Those whose loss costs most.
FAST = ("receipts", "own pieces into the record", "a deletion begins an epoch", "an opportunity counts once",
        "a lost save of the record is no error", "declarations in the log")
