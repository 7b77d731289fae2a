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

from django.core import signing
from xblock.exceptions import XBlockSaveError

from adaptive_xblocks import events, learner_record, platform_services
from adaptive_xblocks.course_record import Basis, CourseRecord, Declaration, Definition, parameter_version
from adaptive_xblocks.evidence import Evidence, Kind, digest32, digest_key
from adaptive_xblocks.evidence_fold import Fold
from adaptive_xblocks.evidence_log import MOST_RESPONSE_TIME, Detail, EvidenceLog
from adaptive_xblocks.mastery import BktParameters, SkillState, meets_mastery
from adaptive_xblocks.tutoring.document_settings import min_evidence, threshold
from adaptive_xblocks.tutoring.model import Document, Skill
from adaptive_xblocks.tutoring.practice import Opportunity, Practice

log = logging.getLogger(__name__)

RECEIPT_SALT = "adaptive_xblocks.receipt"
#: Receipts in one request, and characters in one of them: more is not ours.
MOST_RECEIPTS = 50
MOST_RECEIPT = 4000
_DEFAULTS = BktParameters()


class LearnerSession:
    """A learner at work in a block.

    Reads the record, the block's log and its practice once, brings them together (`learner_record.reconcile`), and
    takes in the receipts that the client offers. `practice` may be replaced; `learn` adds evidence; `save` stores.
    """

    def __init__(self, block: Any, document: Document, now: int, receipts: Iterable[Any] = ()) -> None:
        self.block, self.document, self.now = block, document, now
        self.viewer = platform_services.viewer(block)
        self.record = block.adaptive_xblocks_record
        self.stored_log = block.evidence_log
        self.stored_practice = block.practice
        self.key = digest_key(str(block.scope_ids.usage_id))
        self.course_key = digest_key(str(platform_services.course_key(block)))
        self.stored_course = self.record.course(self.course_key)
        own = self.stored_log
        if own is None and self.stored_practice.serving:
            own = EvidenceLog(is_damaged=True)  # a deletion takes both fields; one alone is damage
        self.course, self.log = learner_record.reconcile(self.stored_course, own, self.key)
        self.practice: Practice = self.stored_practice
        self.receipts: list[dict[str, str]] = []
        self.confirmed: list[str] = []
        self.events: list[tuple[str, dict[str, Any]]] = []
        self.course = _with_definitions(self.course, document, self.key)
        if self.stored_log is not None and self.log.epoch != self.stored_log.epoch:
            self.practice = Practice()
        self._take_receipts(receipts)

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

    def learn(self, opportunity: Opportunity, submission: str, seconds: float) -> None:
        """Take in what a first readable answer said: one piece of evidence, and mastery declared if it is reached."""
        if self.viewer.unsaved or not opportunity.skills:
            return
        practice = self.practice
        piece = Evidence(
            time=self.log.next_time(self.now),
            block=self.key,
            submission=digest32(submission),
            serving=practice.serving,
            step=min(opportunity.step_index, 255),
            variant=digest32(f"{practice.item}:{practice.seed}"),
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
        self.log = self.log.add(piece, detail)
        self.receipts.append({"id": submission, "token": self._sign(submission, piece, detail)})
        self._freeze_basis(opportunity.skills, piece.time)
        self._merge_own(piece)
        if piece.kind.is_success:
            self._declare(opportunity.skills, piece.time)

    def renew_receipt(self, submission: str) -> None:
        """Give the receipt of an earlier answer out again, for a client whose first reply was lost."""
        known = digest32(submission)
        for piece in self.log.pieces:
            if piece.submission == known and known in self.log.details:
                token = self._sign(submission, piece, self.log.details[known])
                self.receipts.append({"id": submission, "token": token})

    def publish(self, name: str, data: dict[str, Any]) -> None:
        """Have an event published once everything is saved."""
        self.events.append((name, data))

    def save(self) -> None:
        """Store what changed, the block's own state first, and publish. Nothing is stored for special viewers."""
        if self.viewer.unsaved:
            return
        block = self.block
        if self.practice != self.stored_practice:
            block.practice = self.practice
        if self.log != self.stored_log:
            block.evidence_log = self.log
        block.save()
        if self.course != self.stored_course:
            course = self.course.noted(self._fold, self.stored_course, {self.key: self.log.pieces.sum})
            block.adaptive_xblocks_record = self.record.with_course(self.course_key, course)
            try:
                block.save()
            except XBlockSaveError:
                log.warning("The learner record of %s was not saved; its next use heals it.", block.scope_ids.usage_id,
                            exc_info=True)
                block._dirty_fields.clear()  # pylint: disable=protected-access  # the runtime saves again after us
        for name, data in self.events:
            block.runtime.publish(block, name, data)

    def _merge_own(self, *new: Evidence) -> None:
        n_pieces = len(self.course.pieces) + len(new)
        is_counted = self._fold.add(new)
        self.course = learner_record.with_answers(self.course, self.log, self.key, self.now, new)
        self.__dict__.pop("states", None)
        if not is_counted or len(self.course.pieces) != n_pieces:
            self.__dict__.pop("_fold", None)

    def _freeze_basis(self, skills: Iterable[str], time: int) -> None:
        basis = dict(self.course.basis)
        for skill in skills:
            basis.setdefault(skill, Basis(time, self.parameters(skill).prior, self.threshold(skill)))
        self.course = replace(self.course, basis=basis)

    def _declare(self, skills: Iterable[str], time: int) -> None:
        """Declare mastery where it is reached; asked only after unassisted successes."""
        states, declared = self.states, set()
        for skill in skills:
            needed = self.threshold(skill)
            if not states[skill].mastered and meets_mastery(states[skill], needed, min_evidence(self.document)):
                version = parameter_version(self.parameters(skill))
                declared.add(Declaration(skill, time, needed, version, self.key, self.log.epoch))
        if declared:
            self.course = self.course.merge(CourseRecord(declarations=frozenset(declared)))
            self.__dict__.pop("states", None)
            for fact in sorted(declared):
                name = f"{events.PREFIX}.skill.mastered"
                self.publish(name, events.payload(
                    name, skill=fact.skill, threshold=fact.threshold,
                    opportunities=states[fact.skill].opportunities))

    def _sign(self, submission: str, piece: Evidence, detail: Detail) -> str:
        one = EvidenceLog(self.log.epoch, (piece,), {piece.submission: detail})
        return signing.dumps([self._signer(), submission, one.to_json()], salt=RECEIPT_SALT, compress=True)

    def _signer(self) -> str:
        return digest_key(f"{self.block.scope_ids.user_id}:{self.block.scope_ids.usage_id}")

    def _take_receipts(self, receipts: Iterable[Any]) -> None:
        """Evidence that an earlier answer was given although this block's state has lost it (two tabs)."""
        if self.viewer.unsaved or not isinstance(receipts, list):
            return
        stored = self.log
        for token in receipts[:MOST_RECEIPTS]:
            submission, received = self._read_receipt(token)
            if received is None:
                continue
            for piece in received.pieces:
                if received.epoch != stored.epoch or piece.time <= self.course.floor or stored.holds(piece):
                    self.confirmed.append(submission)
                else:
                    self.log = self.log.add(piece, received.details[piece.submission])
        if self.log is not stored:
            new = [piece for piece in self.log.pieces if not stored.holds(piece)]
            self._freeze_basis({skill for piece in new for skill in piece.kind.skills}, self.now)
            self._merge_own(*new)
            self._declare({skill for piece in new if piece.kind.is_success for skill in piece.kind.skills}, self.now)

    def _read_receipt(self, token: Any) -> tuple[str, EvidenceLog | None]:
        """The submission id of a receipt and the one piece it holds as a log; ("", None) if it is not ours."""
        if not isinstance(token, str) or len(token) > MOST_RECEIPT:
            return "", None
        try:
            signer, submission, stored = signing.loads(token, salt=RECEIPT_SALT)
        except (signing.BadSignature, ValueError, TypeError):
            return "", None
        received = EvidenceLog.from_json(stored)
        is_ours = signer == self._signer() and isinstance(submission, str)
        if not is_ours or received is None or received.is_damaged:
            return "", None
        if any(piece.block != self.key or piece.submission not in received.details for piece in received.pieces):
            return "", None
        return submission, received


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
        if own == known or (known is None and not own.parameters):
            continue
        if known is None or known.block == block or (own.edited, own.block) > (known.edited, known.block):
            changed[skill.id] = own
    return replace(course, definitions={**definitions, **changed}) if changed else course
