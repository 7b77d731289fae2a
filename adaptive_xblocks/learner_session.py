"""One request's view of a learner in one block: read everything first, learn, then store in the order that is safe.

A session is opened on a block, is told of opportunities, and is saved once. It is the only place where evidence,
receipts, declarations and the learner record meet storage (decision 0002).
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import cached_property
from typing import Any

from django.utils.crypto import salted_hmac
from xblock.exceptions import XBlockSaveError

from adaptive_xblocks import events, learner_record, platform_services, receipts
from adaptive_xblocks.course_record import CourseRecord, Definition, parameter_version
from adaptive_xblocks.evidence import Evidence, Kind, digest32, digest_key
from adaptive_xblocks.evidence_facts import Basis, Declaration
from adaptive_xblocks.evidence_fold import Fold
from adaptive_xblocks.evidence_log import MOST_RESPONSE_TIME, Detail, EvidenceLog
from adaptive_xblocks.handlers import Refused
from adaptive_xblocks.mastery import BktParameters, SkillState, meets_mastery
from adaptive_xblocks.tutoring.document_settings import min_evidence, threshold
from adaptive_xblocks.tutoring.model import Document, Skill
from adaptive_xblocks.tutoring.practice import Practice
from adaptive_xblocks.tutoring.practising import Opportunity

log = logging.getLogger(__name__)

RECORD, RESETS, LOG, PRACTICE = "adaptive_xblocks_record", "adaptive_xblocks_resets", "evidence_log", "practice"


def _(text: str) -> str:
    return text


NOT_SAVED = _("This could not be saved just now. What you typed is kept. Please try again.")
NOT_RESET = _("Your record could not be reset just now. Nothing was changed. Please try again.")


class LearnerSession:
    """A learner at work in a block.

    Reads the record, the block's log and its practice once, brings them together (`learner_record.reconcile`), and
    takes in the receipts that the client offers. `practice` may be replaced; `learn` adds evidence; `save` stores.
    """

    def __init__(self, block: Any, document: Document, now: int, offered: Any = ()) -> None:
        self.block, self.document, self.now = block, document, now
        self.viewer = platform_services.viewer(block)
        again = platform_services.read_again(block, (RECORD, RESETS))
        stored, self._stored_again = again and again.fields, again
        self.record, self.resets = _field(block, RECORD, stored), _field(block, RESETS, stored)
        self.stored_log, self.stored_practice = _own_field(block, LOG, stored), _own_field(block, PRACTICE, stored)
        self.key = digest_key(str(block.scope_ids.usage_id))
        self.course_key = digest_key(str(platform_services.course_key(block)))
        self.stored_course = self.record.course(self.course_key)
        own = self.stored_log
        if own is None and (block.fields[LOG].is_set_on(block) if stored is None else LOG in stored):
            own = EvidenceLog(is_damaged=True)  # a deletion takes the field; an empty one is damage
        course = self.stored_course.after_floor(self.resets.floor(self.course_key))
        self.course, self.log = learner_record.reconcile(course, own, self.key)
        goes_on = own is not None and (own.is_damaged or own.epoch == self.log.epoch)
        self.practice: Practice = self.stored_practice if goes_on else Practice()
        self.receipts: list[dict[str, str]] = []
        self.confirmed: list[str] = []
        self.events: list[tuple[str, dict[str, Any]]] = []
        self.course = _with_definitions(self.course, document, self.key)
        self._take_receipts(offered)

    @cached_property
    def states(self) -> dict[str, SkillState]:
        """Mastery per skill, folded from the course's evidence; made anew after `learn`."""
        return self._fold.states(self.course.mastered())

    @cached_property
    def _fold(self) -> Fold:
        return self.course.begin_fold()

    def parameters(self, skill: str) -> BktParameters:
        """The parameters in force for a skill."""
        return self.course.parameters(skill)

    def threshold(self, skill: str) -> float:
        """The mastery threshold of a skill: its own, else the document's, else 0.95."""
        return threshold(self.document, skill)

    @property
    def conflicting_skills(self) -> tuple[str, ...]:
        """The document's skills that another block of the course, edited later, gives other parameters."""
        definitions = self.course.definitions
        return tuple(
            skill.id for skill in self.document.skills.values()
            if skill.id in definitions and definitions[skill.id].block != self.key
            and definitions[skill.id].parameters != _parameters(skill)
        )

    @property
    def variant(self) -> int:
        """The digest of the item in hand with its numbers."""
        return keyed_number("variant", f"{self.practice.item}:{self.practice.seed}")

    def in_hand(self) -> list[Evidence]:
        """The pieces on the item in hand as it was served last, in canonical order."""
        serving = self.practice.serving
        return [one for one in self.log.pieces.with_variant(self.variant) if one.serving == serving]

    def learn(self, opportunity: Opportunity, submission: str, seconds: float) -> None:
        """Take in what a first readable answer said: one piece of evidence, and mastery declared if it is reached."""
        if self.viewer.unsaved or not opportunity.skills:
            return
        practice = self.practice
        piece = Evidence(
            time=self._next_time(),
            block=self.key,
            submission=digest32(submission),
            serving=practice.serving,
            step=min(opportunity.step_index, 255),
            variant=self.variant,
            kind=Kind(opportunity.skills, opportunity.credit, opportunity.help, opportunity.options,
                      opportunity.difficulty, opportunity.mode),
        )
        detail = Detail(
            item=practice.item, step=opportunity.step, item_version=practice.item_version, seed=practice.seed,
            answer_type=opportunity.answer_type, hint_first=opportunity.hint_first,
            misconception=opportunity.misconception, error=opportunity.error,
            response_time=min(int(seconds * 1000), MOST_RESPONSE_TIME), role=self.viewer.role,
            policy=str(practice.choice.get("policy", "")), propensity=float(practice.choice.get("propensity", 1.0)),
            parameters=parameter_version(self.parameters(opportunity.skills[0])),
        )
        if not self.log.holds(piece):
            self.log = self.log.add(piece, detail)
            self._merge_own([piece])
            self._state_facts([piece])
        self.renew_receipt(submission)

    def knows(self, submission: str) -> bool:
        """True if the log holds what a submission said."""
        return bool(self.log.pieces.with_submission(digest32(submission)))

    def renew_receipt(self, submission: str) -> None:
        """Give out the receipt of an answer, again for a client whose first reply was lost."""
        token = receipts.issue(self.block.scope_ids, submission, self.log)
        if token:
            others = [one for one in self.receipts if one["id"] != submission]
            self.receipts = [*others, {"id": submission, "token": token}]

    def place(self, skills: Iterable[str], submission: str = "") -> None:
        """Declare mastered what a probe has shown, as of its last answer, that of `submission` if that is given."""
        time = self.log.pieces.last_time
        facts = [self._declaration(skill, time)._replace(placed=True) for skill in skills
                 if skill not in self.course.mastered()]
        if self.viewer.unsaved or not facts:
            return
        self._take_facts(facts, {})
        if submission:
            self.renew_receipt(submission)

    def reset(self, everywhere: bool) -> None:
        """Forget what this learner's answers said, in this course or in all. Takes effect in other blocks as each is
        used next. Raises Refused if it could not be stored: then nothing has changed."""
        courses = self.known_courses() if everywhere else {self.course_key: self.course}
        floor = max(self.now, self.log.pieces.last_time, *(course.last_time for course in courses.values()))
        self.resets = self.resets.with_floor(floor, "" if everywhere else self.course_key)
        if not self.viewer.unsaved:
            self.block.adaptive_xblocks_resets = self.resets
            if not _is_saved(self.block, "reset"):
                raise Refused(503, NOT_RESET)
        for key, course in courses.items():
            self.record = self.record.with_course(key, course.after_floor(floor))
        self.course, self.log = learner_record.begin_epoch(
            self.course.after_floor(floor), self.key, self.log.after_floor(floor))
        self.practice = Practice()
        self._forget_fold()

    def known_courses(self) -> dict[str, CourseRecord]:
        """All that is known of the learner, by course digest; this course as it stands now."""
        others = {key: self.record.course(key).after_floor(self.resets.floor(key)) for key in self.record.courses}
        return {**others, self.course_key: self.course}

    @property
    def owes_grade(self) -> bool:
        """True if the grade that was sent last is not in the grade book, its request having ended before; where that
        cannot be read, if it was the grade of an end, after which no answer sends it again."""
        again, before = self._stored_again, self.stored_practice
        if again is None:
            return before.owes_grade and not self.viewer.unsaved
        return before.graded > (again.grade or 0) + 1e-9

    def publish(self, name: str, data: dict[str, Any]) -> None:
        """Have an event published once everything is saved."""
        self.events.append((name, data))

    def save(self) -> None:
        """Store what changed, the block's own state first, and publish. Nothing is stored for special viewers.

        Raises Refused (503) where the site could not do it now: the same request can be sent again.
        """
        if self.viewer.unsaved:
            return
        block = self.block
        if self.practice != self.stored_practice:
            block.practice = self.practice
        if self.log != self.stored_log:
            block.evidence_log = self.log
        if not _is_saved(block, "state", tries=2):  # a row that was deleted meanwhile is inserted again
            raise Refused(503, NOT_SAVED)
        if self.course != self.stored_course:
            course = self.course.noted(self._fold, self.stored_course, {self.key: self.log.pieces.sum})
            block.adaptive_xblocks_record = self.record.with_course(self.course_key, course)
            _is_saved(block, "shared record")  # if not, the block's next use heals it
        for name, data in self.events:
            try:
                platform_services.publish(block, name, data)
            except Exception as error:  # the platform's receivers run inside: whatever they raise
                log.exception("%s of %s was not published", name, block.scope_ids.usage_id)
                raise Refused(503, NOT_SAVED) from error

    def _next_time(self) -> int:
        """A time for a new piece: later than all in the log, and than any floor, whatever the servers' clocks say."""
        return max(self.log.next_time(self.now), self.course.floor + 1, self.course.folded.until + 1)

    def _merge_own(self, new: list[Evidence]) -> None:
        """Have new pieces of the log count."""
        n_pieces = len(self.course.pieces) + len(new)
        is_counted = self._fold.add(new)
        self.course = learner_record.with_answers(self.course, self.log, self.key, self.now, new)
        self.__dict__.pop("states", None)
        if not is_counted or len(self.course.pieces) != n_pieces:
            self._forget_fold()

    def _forget_fold(self) -> None:
        for name in ("states", "_fold"):
            self.__dict__.pop(name, None)

    def _state_facts(self, new: list[Evidence]) -> None:
        """Freeze what grades are measured against, and declare mastery where new pieces have reached it."""
        time = max(piece.time for piece in new)
        basis = {
            skill: Basis(time, self.parameters(skill).prior, self.threshold(skill))
            for piece in new for skill in piece.kind.skills if skill not in self.course.basis
        }
        declared = self._declarations({skill for one in new if one.kind.is_success for skill in one.kind.skills}, time)
        if basis or declared:
            self._take_facts(declared, basis)

    def _take_facts(self, declared: Iterable[Declaration], basis: Mapping[str, Basis]) -> None:
        """Have facts count, and tell of what was declared."""
        self.log = self.log.with_facts(declared, basis)
        self.course = self.course.merge(CourseRecord(declarations=frozenset(declared), basis=basis))
        self.__dict__.pop("states", None)
        for fact in sorted(declared):
            name = f"{events.PREFIX}.skill.{'placed' if fact.placed else 'mastered'}"
            self.publish(name, events.payload(
                name, skill=fact.skill, threshold=fact.threshold,
                opportunities=self.states[fact.skill].opportunities))

    def _declarations(self, skills: Iterable[str], time: int) -> list[Declaration]:
        """The skills whose mastery is reached and was not declared; asked only after unassisted successes."""
        return [
            self._declaration(skill, time)
            for skill in sorted(skills) if not self.states[skill].mastered
            and meets_mastery(self.states[skill], self.threshold(skill), min_evidence(self.document))
        ]

    def _declaration(self, skill: str, time: int) -> Declaration:
        version = parameter_version(self.parameters(skill))
        return Declaration(skill, time, self.threshold(skill), version, self.key, self.log.epoch)

    def _take_receipts(self, offered: Any) -> None:
        """Evidence that an earlier answer was given although this block's state has lost it (two tabs)."""
        if self.viewer.unsaved:
            return
        for submission, received in receipts.read(self.block.scope_ids, offered):
            if received.epoch > self.log.epoch:  # the state went back behind an epoch that had begun
                self.course, self.log = learner_record.begin_epoch(self.course, self.key, EvidenceLog(received.epoch))
                self.practice = Practice()
                self._forget_fold()
            self._take_receipt(submission, received)

    def _take_receipt(self, submission: str, received: EvidenceLog) -> None:
        piece = received.pieces[0]
        stored = self.stored_log
        is_read_back = stored is not None and stored.epoch == received.epoch and stored.holds(piece)
        if is_read_back or received.epoch < self.log.epoch or piece.time <= self.course.floor:
            self.confirmed.append(submission)
        elif self.log.holds(piece):  # it came back from the record, which has no details
            self.log = self.log.with_details(received.details)
        else:
            self.log = self.log.add(piece, received.details.get(piece.submission)).with_facts(
                received.declarations, received.basis)
            self._merge_own([piece])
            self._state_facts([piece])
            self.renew_receipt(submission)  # the client keeps it for as long again


def keyed_number(purpose: str, text: str) -> int:
    """A stable 32-bit number that nobody can work out without the site's secret key."""
    return int.from_bytes(salted_hmac(f"adaptive_xblocks.{purpose}", text).digest()[:4], "big")


def _is_saved(block: Any, what: str, tries: int = 1) -> bool:
    """Save what is set; False if the platform could not, and then nothing is left for the runtime to try again."""
    for _try in range(tries):
        try:
            block.save()
        except XBlockSaveError:
            log.warning("%s: the learner's %s was not saved", block.scope_ids.usage_id, what, exc_info=True)
        else:
            return True
    block._dirty_fields.clear()  # pylint: disable=protected-access
    return False


def _field(block: Any, name: str, stored: Mapping[str, Any] | None) -> Any:
    """The value of a field: as it is stored now, where that could be read, else as the request has read it."""
    if stored is None:
        return getattr(block, name)
    return block.fields[name].from_json(stored[name]) if name in stored else block.fields[name].default


def _own_field(block: Any, name: str, stored: Mapping[str, Any] | None) -> Any:
    """The same for the block's own state, which is then written over what the request has read."""
    value = _field(block, name, stored)
    if value != getattr(block, name):
        setattr(block, name, value)
    return value


def _parameters(skill: Skill) -> tuple[tuple[str, float], ...]:
    return tuple(sorted(skill.parameters.items()))


def _with_definitions(course: CourseRecord, document: Document, block: str) -> CourseRecord:
    """The course with the skill parameters that this block's document defines, unless a later document did."""
    edited = document.settings.get("edited", "")
    definitions: Mapping[str, Definition] = course.definitions
    changed = {}
    for skill in document.skills.values():
        known = definitions.get(skill.id)
        own = Definition(edited, block, _parameters(skill))
        is_own = known is not None and known.block == block
        if own == known or not (own.parameters or is_own):
            continue  # a document that only names a skill leaves its parameters to the others
        if known is None or is_own or (own.edited, own.block) > (known.edited, known.block):
            changed[skill.id] = own
    return replace(course, definitions={**definitions, **changed}) if changed else course
