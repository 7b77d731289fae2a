"""What must be so, worked out from the stored rows by code of its own.

Only unpacking is borrowed (`EvidenceLog`, `LearnerRecord`, `Pieces`); digests, union, the order of counting, what
counts once, and mastery are not the package's.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from adaptive_xblocks.evidence import Evidence
from adaptive_xblocks.evidence_log import EvidenceLog
from adaptive_xblocks.evidence_pieces import Pieces
from adaptive_xblocks.learner_record import LearnerRecord
from tests.record.oracle import luck_after, mastery_after

#: Bound now, so that nobody who takes a guard of the package away (`mutations`) takes it away from here.
_read_log, _read_record, _read_pieces = EvidenceLog.from_json, LearnerRecord.from_json, Pieces.from_json
RECORD, RESETS, LOG = "adaptive_xblocks_record", "adaptive_xblocks_resets", "evidence_log"


def key_of(name: Any) -> str:
    """How courses and blocks are named in stored evidence."""
    return hashlib.sha256(str(name).encode()).hexdigest()[:16]


def number_of(submission: str) -> int:
    """How submissions are named in stored evidence."""
    return int(hashlib.sha256(submission.encode()).hexdigest()[:8], 16)


def floor_of(info: Mapping[str, Any], course: Any) -> int:
    """The time of the last reset that holds for a course."""
    resets = info.get(RESETS) or {}
    return max(resets.get("everywhere", 0), resets.get("courses", {}).get(key_of(course), 0))


@dataclass
class Log:
    """A block's stored evidence; epoch 0 if there is none, -1 if it cannot be read. `detailed` are submissions."""

    epoch: int = 0
    pieces: frozenset[Evidence] = frozenset()
    detailed: frozenset[int] = frozenset()

    @classmethod
    def read(cls, state: Mapping[str, Any] | None) -> Log:
        """From the block's row."""
        stored = (state or {}).get(LOG)
        if stored is None:
            return cls()
        log = _read_log(stored)
        return cls(-1) if log.is_damaged else cls(log.epoch, frozenset(log.pieces), frozenset(log.details))


@dataclass
class Course:
    """A course in the stored record. `epochs` by block key: [number, confirmed]; `mastered` as declared, `placed` those
    of them that a probe has shown; `definitions` by skill: [edited, block key, parameters]."""

    pieces: frozenset[Evidence] = frozenset()
    epochs: Mapping[str, list[int]] = field(default_factory=dict)
    mastered: frozenset[str] = frozenset()
    definitions: Mapping[str, list[Any]] = field(default_factory=dict)
    placed: frozenset[str] = frozenset()

    @classmethod
    def read(cls, info: Mapping[str, Any], course: Any) -> Course:
        """From the learner's rows; what cannot be read is empty."""
        stored = _read_record(info.get(RECORD)).course(key_of(course)).to_json()
        return cls(frozenset(_read_pieces(stored)), stored["epochs"],
                   frozenset(row[0] for row in stored["declared"]), stored["definitions"],
                   frozenset(row[0] for row in stored["declared"] if row[6:] == [True]))


def in_order(pieces: Iterable[Evidence]) -> list[Evidence]:
    """Canonical order."""
    return sorted(pieces, key=lambda one: (one.time, one.block, one.submission))


def counted(pieces: Iterable[Evidence]) -> list[Evidence]:
    """The pieces that count: of several on the same problem and step the earliest."""
    first: dict[tuple, Evidence] = {}
    for one in in_order(pieces):
        first.setdefault((one.block, one.serving, one.variant, one.step), one)
    return list(first.values())


@dataclass
class Known:
    """What is known of a skill."""

    p_known: float
    opportunities: int
    successes: int
    against_luck: float


def mastery(course: Course) -> dict[str, Known]:
    """Mastery by skill, folded by the arithmetic of the oracle with the parameters that the record defines."""
    known: dict[str, float] = {}
    lucky: dict[str, tuple[float, float]] = {}
    opportunities: Counter[str] = Counter()
    solved: dict[str, set[int]] = {}
    for one in counted(course.pieces):
        kind = one.kind
        values = course.definitions.get(kind.skills[0], ["", "", {}])[2]
        answer = {
            "skills": kind.skills, "credit": kind.credit[0] / kind.credit[1], "help": kind.help[0] / kind.help[1],
            "chance": 1 / kind.options if kind.options else 0, "difficulty": kind.difficulty / 100,
        }
        lucky = luck_after(lucky, known, answer, **values)
        known = mastery_after(known, [answer], **values)
        opportunities.update(kind.skills)
        for skill in kind.skills:
            solved.setdefault(skill, set())
            if kind.credit[0] == kind.credit[1] and not kind.help[0]:
                solved[skill].add(one.variant)
    return {skill: Known(p, opportunities[skill], len(solved[skill]), sum(lucky[skill])) for skill, p in known.items()}
