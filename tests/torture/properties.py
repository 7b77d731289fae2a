"""What must hold at every quiet point, when all requests have ended and every learner has visited every block.

Judged from the stored rows, the replies (`Ledger`) and the oracle. Each check yields sentences; none means it holds.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from math import isclose
from typing import Any, NamedTuple

from tests.torture import oracle
from tests.torture.content import DEFINED, SKILLS, parameters
from tests.torture.world import World

MOST_CHARACTERS = 256 * 1024
STEPS = ("s1", "s2")


class Violation(NamedTuple):
    """A property that does not hold, for whom, and what was seen."""

    property: str
    learner: int | None
    text: str


class Seen:
    """The stored rows of one learner at a quiet point, by course."""

    def __init__(self, world: World, learner: int) -> None:
        self.world, self.learner = world, learner
        self.info = world.info(learner)
        self.logs = {usage: world.log_of((learner, usage)) for _lms, usage in world.sets}
        self.usages: dict[Any, list[Any]] = {}
        for _lms, usage in world.sets:
            self.usages.setdefault(usage.course_key, []).append(usage)
        self.courses = {course: oracle.Course.read(self.info, course) for course in self.usages}

    def name(self, pieces: Any) -> str:
        """Pieces in words, for a person who reads a failure."""
        blocks = {oracle.key_of(usage): usage.block_id for usage in self.logs}
        ids = {oracle.number_of(one): one[:6] for place in self.world.sent.values() for one in place}
        return ", ".join(
            f"{blocks.get(one.block)} serving {one.serving} step {one.step} {'+'.join(one.kind.skills)} "
            f"id {ids.get(one.submission, one.submission)} at {one.time}" for one in oracle.in_order(pieces)
        ) or "nothing"


def check(world: World) -> list[Violation]:
    """Every violation now, the ones noted on the way first."""
    found = [Violation(name, None, text) for name, text in world.faults]
    for learner in range(world.plan.n_learners):
        seen = Seen(world, learner)
        for name, holds in CHECKS.items():
            found += [Violation(name, learner, text) for text in holds(seen)]
    return found


def _is_union(seen: Seen) -> Iterator[str]:
    for course, usages in seen.usages.items():
        union = frozenset().union(*(seen.logs[usage].pieces for usage in usages))
        record = seen.courses[course].pieces
        if union != record:
            yield (f"{course}: only in the blocks: {seen.name(union - record)}; "
                   f"only in the record: {seen.name(record - union)}")


def _epochs_agree(seen: Seen) -> Iterator[str]:
    for course, usages in seen.usages.items():
        for usage in usages:
            known, log = seen.courses[course].epochs.get(oracle.key_of(usage)), seen.logs[usage]
            if known and known[0] != log.epoch:
                yield f"{usage.block_id}: epoch {log.epoch} in its state, {known[0]} in the record"


def _once(seen: Seen) -> Iterator[str]:
    for course, usages in seen.usages.items():
        everything = seen.courses[course].pieces.union(*(seen.logs[usage].pieces for usage in usages))
        counts = Counter((one.block, one.submission) for one in everything)
        twice = [one for one in everything if counts[one.block, one.submission] > 1]
        if twice:
            yield f"{course}: {seen.name(twice)}"


def _is_what_was_done(seen: Seen) -> Iterator[str]:
    for usage, log in seen.logs.items():
        sent = {oracle.number_of(one): what for one, what in seen.world.sent.get((seen.learner, usage), {}).items()}
        for one in log.pieces:
            what = sent.get(one.submission)
            if not what:
                yield f"{usage.block_id}: nobody ever answered {seen.name([one])}"
                continue
            page, was_right = what.page, what.body["responses"]["answer"] == what.page.right
            skills = one.kind.skills if page.step == "s2" else (page.item[0],)
            done = page.serving, STEPS.index(page.step), skills, was_right
            if done != (one.serving, one.step, one.kind.skills, one.kind.credit == (1, 1)):
                yield (f"{usage.block_id}: {seen.name([one])} with credit {one.kind.credit} is no answer of "
                       f"{what.body['responses']} to {page}")


def _nothing_is_missing(seen: Seen) -> Iterator[str]:
    world = seen.world
    for usage, log in seen.logs.items():
        stored = {one.submission for one in log.pieces}
        record = {one.submission for one in seen.courses[usage.course_key].pieces
                  if one.block == oracle.key_of(usage)}
        for submission, one in world.ledger.binding(
                (seen.learner, usage), log.epoch, world.plan.trusts_lock).items():
            places = [place for place, ids in (("block", stored), ("record", record))
                      if oracle.number_of(submission) not in ids]
            if places:
                what = "confirmed" if one.is_confirmed else "acknowledged"
                yield (f"{usage.block_id}: answer {submission[:6]}, {what} in a request begun at tick {one.begun}, "
                       f"epoch {one.epoch}, is not in the {' and not in the '.join(places)} (epoch {log.epoch})")


def _is_defined(seen: Seen) -> Iterator[str]:
    for course, usages in seen.usages.items():
        known = seen.courses[course].definitions.get(DEFINED)
        defined = parameters(seen.world.editions[usages[0]])
        if not known or known[1:] != [oracle.key_of(usages[0]), defined]:
            yield f"{course}: {usages[0].block_id} says {defined}, the record {known}"


def _receipts_let_go(seen: Seen) -> Iterator[str]:
    if seen.world.is_over:
        for browser in seen.world.browsers[seen.learner]:
            held = {usage: list(ids) for usage, ids in browser.receipts.items() if ids}
            if held:
                yield f"device {browser.number} still holds {held}"


def _is_not_asked_again(seen: Seen) -> Iterator[str]:
    """Where several answers compete for a step, the page may go by any of them."""
    for usage, log in seen.logs.items():
        page = seen.world.pages[seen.learner, usage]
        on_page = [
            one for one in log.pieces if page.step and one.serving == page.serving
            and one.step == STEPS.index(page.step) and page.shown.endswith(f"/{one.variant:08x}")]
        if len(on_page) == 1 and on_page[0].kind.credit == (1, 1):
            yield f"{usage.block_id}: {seen.name(on_page)} was right, and is asked again: {page}"


def _details_are_kept(seen: Seen) -> Iterator[str]:
    for usage, log in seen.logs.items():
        bare = [one for one in log.pieces if one.submission not in log.detailed]
        if bare and (seen.learner, usage) not in seen.world.rough:
            yield f"{usage.block_id}: without details: {seen.name(bare)}"


def _mastery_is_right(seen: Seen) -> Iterator[str]:
    for course, usages in seen.usages.items():
        expected = oracle.mastery(seen.courses[course])
        for usage in usages:
            reported = seen.world.reported.get((seen.learner, usage), {})
            for skill in expected.keys() | reported.keys():
                state, known = reported.get(skill), expected.get(skill)
                if state and not known and state.mastered and not state.opportunities:
                    continue  # declared, and what it was declared on is gone
                if not state or not known or abs(state.p_known - known.p_known) > 1e-9 or (
                        state.opportunities, state.successes) != (known.opportunities, known.successes) or (
                        not isclose(state.against_luck, known.against_luck, rel_tol=0.02, abs_tol=1e-4)):
                    yield f"{usage.block_id} says of {skill}: {state}; it is {known}"


def _mastered_stays(seen: Seen) -> Iterator[str]:
    for usage, log in seen.logs.items():
        course = usage.course_key
        for skill in seen.world.ledger.binding_skills((seen.learner, usage), log.epoch):
            states = {one.block_id: seen.world.reported.get((seen.learner, one), {}).get(skill)
                      for one in seen.usages[course]}
            forgot = [block for block, state in states.items() if not (state and state.mastered)]
            if skill not in seen.courses[course].mastered or forgot:
                yield f"{usage.block_id} told that {skill} is mastered; {forgot or 'the record'} does not know"


def _placed_stays(seen: Seen) -> Iterator[str]:
    for usage, log in seen.logs.items():
        for skill in seen.world.ledger.binding_skills((seen.learner, usage), log.epoch, placed=True):
            if skill not in seen.courses[usage.course_key].placed:
                yield f"{usage.block_id} told that {skill} is known from the start; the record does not say so"


def _rating_is_kept(seen: Seen) -> Iterator[str]:
    """Where the lock is on and nobody dies; elsewhere a late request may set the page back."""
    for usage in seen.logs:
        practice = (seen.world.state((seen.learner, usage)) or {}).get("practice") or {}
        serving, key = seen.world.ledger.rated.get((seen.learner, usage), (None, ""))
        is_in_hand = seen.world.plan.trusts_lock and practice.get("serving") == serving and practice.get("item")
        if is_in_hand and key not in practice.get("rated", {}):
            yield f"{usage.block_id}: {key} of serving {serving} was rated; what is kept: {practice.get('rated')}"


def _erased_is_gone(seen: Seen) -> Iterator[str]:
    for why, (learner, usage), pieces in seen.world.ledger.erased:
        if learner == seen.learner:
            left = pieces & (seen.logs[usage].pieces | seen.courses[usage.course_key].pieces)
            if left:
                yield f"{usage.block_id}, {why}: still there: {seen.name(left)}"


def _reset_counts(seen: Seen) -> Iterator[str]:
    for course, usages in seen.usages.items():
        floor = oracle.floor_of(seen.info, course)
        for where, pieces in [("the record", seen.courses[course].pieces),
                              *((usage.block_id, seen.logs[usage].pieces) for usage in usages)]:
            early = [one for one in pieces if one.time <= floor]
            if early:
                yield f"{where}: reset at {floor}, still there: {seen.name(early)}"


def _grade_is_earned(seen: Seen) -> Iterator[str]:
    for number, (_lms, usage) in enumerate(seen.world.sets):
        state = seen.world.state((seen.learner, usage)) or {}
        if (state.get("practice") or {}).get("end") != "mastered":
            continue
        skills = SKILLS[0] if usage.block_id == "set9" else SKILLS[number]
        grade = seen.world.grades.get((seen.learner, usage))
        if set(skills) <= seen.courses[usage.course_key].mastered and (grade is None or grade < 1):
            yield f"{usage.block_id} ended with every skill mastered; the best grade published is {grade}"


def _is_small(seen: Seen) -> Iterator[str]:
    size = len(json.dumps(seen.info.get(oracle.RECORD)))
    if size > MOST_CHARACTERS:
        yield f"{size} characters"


CHECKS = {
    "the record is the union of the blocks' evidence": _is_union,
    "blocks and record agree on epochs": _epochs_agree,
    "a submission is there at most once": _once,
    "evidence says what was done": _is_what_was_done,
    "nothing acknowledged is missing": _nothing_is_missing,
    "what was deleted or reset is gone": _erased_is_gone,
    "nothing counts from before a reset": _reset_counts,
    "what was right is not asked again": _is_not_asked_again,
    "details are kept where nothing crossed": _details_are_kept,
    "parameters are the author's": _is_defined,
    "receipts are let go at last": _receipts_let_go,
    "mastery is the oracle's": _mastery_is_right,
    "mastered stays mastered": _mastered_stays,
    "what was placed stays so": _placed_stays,
    "a rating is kept": _rating_is_kept,
    "the grade is what mastery earned": _grade_is_earned,
    "the record is small": _is_small,
}
