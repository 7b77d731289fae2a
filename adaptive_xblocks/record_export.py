"""What is stored of one learner, as plain data that a file can hold and a person can read: their record in all courses,
and what the block that they ask keeps of them. docs/privacy.md explains every key.

Nothing is left out but: notes (a cache of what is here), the seed of a problem that is not finished (from it the order
in which its author wrote the options could be worked out), and, while a course withholds what was right, all that
would tell it.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from adaptive_xblocks import learner_record
from adaptive_xblocks.course_record import CourseRecord
from adaptive_xblocks.evidence import Evidence, digest_key
from adaptive_xblocks.evidence_facts import Basis, Declaration
from adaptive_xblocks.evidence_log import EvidenceLog
from adaptive_xblocks.learner_record import LearnerRecord
from adaptive_xblocks.record_resets import Resets

FORMAT, VERSION = "adaptive-xblocks-learner-record", 1
_EPOCH, _LATEST = datetime(1970, 1, 1, tzinfo=UTC), 253_402_300_799_999
#: What says nothing of right and wrong, while that is withheld.
_NEUTRAL_PRACTICE = ("schema", "round", "serving", "item", "item_version", "done", "n_done", "served", "last_items",
                     "skipped", "submissions")
_NEUTRAL_WORK = ("attempts", "responses", "shown", "help", "done")


@dataclass(frozen=True)
class Stored:
    """What one block can read of a learner: the fields that all blocks share, and its own; keys as the site has them.

    `practice` is in its stored shape; `names` gives skills their names for people.
    """

    course: str
    block: str
    record: LearnerRecord
    resets: Resets
    log: EvidenceLog | None
    practice: Mapping[str, Any]
    names: Mapping[str, str]

    @property
    def here(self) -> str:
        """The digest of the block's course."""
        return digest_key(self.course)

    def counted(self, course: str) -> CourseRecord:
        """What counts now in a course: after resets, and in this block's course with its own log."""
        known = self.record.course(course).after_floor(self.resets.floor(course))
        if course != self.here:
            return known
        return learner_record.reconcile(known, self.log, digest_key(self.block))[0]


def export(stored: Stored, now: int, withheld: bool = False) -> dict[str, Any]:
    """All of it, fit for JSON. `withheld`: the block's course does not tell this learner yet what was right."""
    others = {*stored.record.courses, *stored.resets.courses} - {stored.here}
    return _safe({
        "format": FORMAT,
        "version": VERSION,
        "made_at": iso(now),
        "withheld": withheld,
        "reset_everywhere_at": iso(stored.resets.everywhere),
        "courses": [
            _course(stored, stored.here, withheld),
            *(_course(stored, course, withheld=False) for course in sorted(others)),
        ],
        "block": _block(stored, withheld),
    })


def skills(stored: Stored, withheld: bool = False) -> list[dict[str, Any]]:
    """A row for each skill with evidence in the block's course, as in the export."""
    return _safe(_skills(stored.counted(stored.here), stored.names, withheld))


def iso(time: int) -> str | None:
    """A time in ms since 1970 as ISO 8601 in UTC; None for 0."""
    if not time:
        return None
    moment = _EPOCH + timedelta(milliseconds=min(time, _LATEST))
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _course(stored: Stored, key: str, withheld: bool) -> dict[str, Any]:
    held, counted = stored.record.course(key), stored.counted(key)
    is_here = key == stored.here
    alive = set(counted.pieces)
    return {
        "course": stored.course if is_here else None,
        "digest": key,
        "last_used_at": iso(held.used),
        "reset_at": iso(max(held.floor, stored.resets.floor(key))),
        "skills": _skills(counted, stored.names if is_here else {}, withheld),
        "evidence": [{**_piece(piece, withheld), "counts": piece in alive} for piece in held.pieces | counted.pieces],
        **_facts(held.declarations | counted.declarations, counted.basis, withheld),
        "decisions_of_staff": [_row(one) for one in sorted(held.overrides)],
        "definitions": [
            {"skill": skill, **_row(one), "parameters": dict(one.parameters)}
            for skill, one in sorted(held.definitions.items())
        ],
        "folded": _folded(held, withheld),
        "epochs": [{"block": block, **_row(epoch)} for block, epoch in sorted(held.epochs.items())],
    }


def _skills(course: CourseRecord, names: Mapping[str, str], withheld: bool) -> list[dict[str, Any]]:
    return [
        {
            "skill": skill,
            "name": names.get(skill),
            "opportunities": state.opportunities,
            "p_known": None if withheld else state.p_known,
            "successes": None if withheld else state.successes,
            "mastered": None if withheld else state.mastered,
            "mastered_since": None if withheld or not state.mastered else iso(_since(course, skill)),
        }
        for skill, state in sorted(course.fold().items())
    ]


def _since(course: CourseRecord, skill: str) -> int:
    decisions = [(one.kind, one.time) for one in course.overrides if one.skill == skill]
    undone = max((time for kind, time in decisions if kind == "undo-mastery"), default=0)
    declared = [fact.time for fact in course.declarations if fact.skill == skill and fact.time > undone]
    return min([*declared, *(time for kind, time in decisions if kind == "exempt")], default=0)


def _facts(declarations: Iterable[Declaration], basis: Mapping[str, Basis], withheld: bool) -> dict[str, Any]:
    return {
        "declarations": None if withheld else [_row(fact) for fact in sorted(declarations)],
        "grading_basis": [{"skill": skill, **_row(one)} for skill, one in sorted(basis.items())],
    }


def _folded(course: CourseRecord, withheld: bool) -> dict[str, Any] | None:
    if withheld or not course.folded.until:
        return None
    keys = ("skill", "p_known", "opportunities", "successes", "parameters")
    return {"until": iso(course.folded.until), "skills": [dict(zip(keys, row)) for row in course.folded.skills]}


def _block(stored: Stored, withheld: bool) -> dict[str, Any]:
    log, practice = stored.log or EvidenceLog(), stored.practice
    unfinished = None if practice.get("done") else practice.get("serving")

    def detail(piece: Evidence) -> dict[str, Any] | None:
        found = log.details.get(piece.submission)
        if found is None:
            return None
        hidden = ("misconception", "error", "seed") if withheld else ("seed",) if piece.serving == unfinished else ()
        return {**_row(found), **dict.fromkeys(hidden)}

    return {
        "block": stored.block,
        "digest": digest_key(stored.block),
        "epoch": log.epoch,
        "evidence": [{**_piece(piece, withheld), "detail": detail(piece)} for piece in log.pieces],
        "trimmed_until": iso(log.trimmed),
        **_facts(log.declarations, log.basis, withheld),
        "practice": _practice(practice, withheld),
    }


def _piece(piece: Evidence, withheld: bool) -> dict[str, Any]:
    """A piece of evidence; its kind is written out."""
    values = _row(piece)
    kind = _row(values.pop("kind"))
    return {**values, **kind, "credit": None if withheld else kind["credit"]}


def _practice(practice: Mapping[str, Any], withheld: bool) -> dict[str, Any]:
    if not withheld:
        return {key: value for key, value in practice.items() if key != "seed" or practice.get("done")}
    return {
        **{key: practice[key] for key in _NEUTRAL_PRACTICE if key in practice},
        "steps": {
            step: {key: work[key] for key in _NEUTRAL_WORK if key in work}
            for step, work in practice.get("steps", {}).items()
        },
    }


def _row(values: Any) -> dict[str, Any]:
    """A named tuple by its names, its time in words."""
    row = values._asdict()
    return {**row, "time": iso(row["time"])} if "time" in row else row


def _safe(value: Any) -> Any:
    """The same as JSON knows it, whatever storage held: text as keys, lists, no number that is none."""
    if isinstance(value, Mapping):
        return {str(key): _safe(one) for key, one in value.items()}
    if isinstance(value, Iterable) and not isinstance(value, str):
        return [_safe(one) for one in value]
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value if value is None or isinstance(value, (str, int, float)) else str(value)
