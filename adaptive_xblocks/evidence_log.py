"""A block's own evidence: an append-only log with its epoch, the truth that the learner record is the union of.

A log also keeps the facts that its block stated (`evidence_facts`), so that nothing is only in the record. Beside each
piece (`Evidence`, what the fold needs) the newest pieces keep a `Detail`: what calibration, fairness and
replay need later. When the log outgrows MOST_CHARACTERS the oldest details go first, then, because the record holds
them, the oldest pieces. A log is a value; it is stored whole, in one field, with its epoch.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from adaptive_xblocks.evidence import Evidence, StoredDataError
from adaptive_xblocks.evidence_details import MOST_ROW, Detail, Details
from adaptive_xblocks.evidence_facts import (
    Basis,
    Declaration,
    earliest,
    facts_to_json,
    read_basis,
    read_declarations,
    whole,
)
from adaptive_xblocks.evidence_pieces import Pieces

log = logging.getLogger(__name__)

#: 1: epoch, pieces and details; 2: also `declared`, `basis` and `trimmed`.
SCHEMA = 2
MOST_CHARACTERS = 128 * 1024
#: No answer takes longer than this, in ms: a page left open says nothing about thinking.
MOST_RESPONSE_TIME = 30 * 60 * 1000


@dataclass(frozen=True)
class EvidenceLog:
    """`details` maps a piece's submission digest to its detail, oldest first; `pieces` may be any collection.

    `trimmed` is the time of the last piece that left a full log. A damaged log could not be read.
    """

    epoch: int = 1
    pieces: Pieces = field(default_factory=Pieces)
    details: Mapping[int, Detail] = field(default_factory=dict)
    declarations: frozenset[Declaration] = frozenset()
    basis: Mapping[str, Basis] = field(default_factory=dict)
    trimmed: int = 0
    is_damaged: bool = False

    def __post_init__(self) -> None:
        object.__setattr__(self, "pieces", Pieces.of(self.pieces))

    def holds(self, piece: Evidence) -> bool:
        """True if the log has this piece already."""
        return any(piece.identity == one.identity for one in self.pieces.with_variant(piece.variant))

    def next_time(self, now: int) -> int:
        """The time for a new piece: the server's clock, but always after the last piece."""
        return max(now, self.pieces.last_time + 1) if self.pieces else now

    def add(self, piece: Evidence, detail: Detail | None = None) -> EvidenceLog:
        """The log with one more piece; the same log if it is there already (a receipt that was saved after all)."""
        if self.holds(piece):
            return self
        details = Details.of(self.details)
        return replace(self, pieces=self.pieces | (piece,),
                       details=details.with_detail(piece.submission, detail) if detail else details)

    def with_details(self, more: Mapping[int, Detail]) -> EvidenceLog:
        """The log with the details of pieces of which it has none."""
        details = Details.of(self.details)
        for submission, detail in more.items():
            if submission not in details:
                details = details.with_detail(submission, detail)
        return replace(self, details=details)

    def with_facts(self, declarations: Iterable[Declaration], basis: Mapping[str, Basis]) -> EvidenceLog:
        """The log with more facts; the same log if it states them already."""
        declarations, basis = self.declarations.union(declarations), earliest(self.basis, basis)
        if declarations == self.declarations and basis == self.basis:
            return self
        return replace(self, declarations=declarations, basis=basis)

    def after_floor(self, floor: int) -> EvidenceLog:
        """The log of the next epoch: what came at or before the floor is gone."""
        pieces = self.pieces.living(floor, ())
        kept = {piece.submission for piece in pieces}
        return EvidenceLog(
            self.epoch + 1, pieces, {key: detail for key, detail in self.details.items() if key in kept},
            frozenset(fact._replace(epoch=self.epoch + 1) for fact in self.declarations if fact.time > floor),
            self.basis, self.trimmed,
        )

    def to_json(self) -> dict[str, Any]:
        """The stored shape, at most MOST_CHARACTERS of JSON; `from_json` reverses it."""
        pieces, details, trimmed = self.pieces, Details.of(self.details), self.trimmed
        facts = facts_to_json(self.declarations, self.basis)
        while True:
            stored = {"schema": SCHEMA, "epoch": self.epoch, "trimmed": trimmed, **facts, **pieces.to_json(),
                      "details": details.to_json()}
            if _fits(stored) or not (details or pieces):
                return stored
            if details:
                details = details.without_oldest(len(details) // 4 + 1)
            else:
                n_gone = len(pieces) // 4 + 1
                pieces, trimmed = Pieces(pieces[n_gone:]), pieces[n_gone - 1].time

    @classmethod
    def from_json(cls, stored: Any) -> EvidenceLog | None:
        """The log in `stored` (None for None). Never raises: a log that cannot be read comes back empty and damaged,
        so that the caller refills it from the record; what an older schema did not have takes its default."""
        if stored is None:
            return None
        epoch = stored.get("epoch") if isinstance(stored, Mapping) else None
        if type(epoch) is not int or epoch < 1:
            log.warning("An evidence log cannot be read (%s): it is refilled from the record.", type(stored).__name__)
            return cls(is_damaged=True)
        try:
            return cls(epoch, Pieces.from_json(stored), Details.from_json(stored.get("details")),
                       read_declarations(stored), read_basis(stored), whole(stored.get("trimmed", 0)))
        except (StoredDataError, TypeError, ValueError, AttributeError) as error:
            log.warning("An evidence log is refilled from the record: %s", error)
            return cls(epoch, is_damaged=True)

    def __deepcopy__(self, memo: Any) -> EvidenceLog:
        return self  # XBlock copies what it has saved; a value that never changes need not be

    def __str__(self) -> str:
        return f"evidence log, epoch {self.epoch}, {len(self.pieces)} pieces"

    __repr__ = __str__


def _fits(stored: dict[str, Any]) -> bool:
    """Is it at most MOST_CHARACTERS of JSON? Rows of numbers are slow to write out, so a small log is estimated."""
    details = stored["details"]
    without_rows = len(json.dumps({**stored, "details": {**details, "rows": []}}))
    if without_rows + MOST_ROW * len(details["rows"]) <= MOST_CHARACTERS:
        return True
    return len(json.dumps(stored)) <= MOST_CHARACTERS
