"""A block's own evidence: an append-only log with its epoch, the truth that the learner record is the union of.

Beside each piece (`Evidence`, what the fold needs) the newest pieces keep a `Detail`: what calibration, fairness and
replay need later. When the log outgrows MOST_CHARACTERS the oldest details go first, then, because the record holds
them, the oldest pieces. A log is a value; it is stored whole, in one field, with its epoch.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from itertools import groupby
from typing import Any, NamedTuple

from adaptive_xblocks.evidence import Evidence, StoredDataError, pack, unpack

log = logging.getLogger(__name__)

SCHEMA = 1
MOST_CHARACTERS = 128 * 1024
#: No row of a packed detail has more characters of JSON: 14 whole numbers and a probability.
MOST_ROW = 200
#: No answer takes longer than this, in ms: a page left open says nothing about thinking.
MOST_RESPONSE_TIME = 30 * 60 * 1000


class Detail(NamedTuple):
    """What one piece says beyond mastery. No free text: `error` is a class of wrong answers, never the answer.

    `response_time` is active time in ms (0: unknown); `role` is learner or staff; `propensity` is the probability with
    which `policy` chose the item; `parameters` is the version of the parameters that were in force.
    """

    item: str
    step: str
    item_version: str
    seed: int
    answer_type: str
    hint_first: bool = False
    misconception: str = ""
    error: str = ""
    response_time: int = 0
    role: str = "learner"
    policy: str = ""
    propensity: float = 1.0
    parameters: str = ""
    schema: int = SCHEMA


@dataclass(frozen=True)
class EvidenceLog:
    """`pieces` are in canonical order; `details` maps a piece's submission digest to its detail, oldest first."""

    epoch: int = 1
    pieces: tuple[Evidence, ...] = ()
    details: Mapping[int, Detail] = field(default_factory=dict)
    is_damaged: bool = False

    def holds(self, piece: Evidence) -> bool:
        """True if the log has this piece already."""
        return any(piece.identity == one.identity for one in self.pieces)

    def next_time(self, now: int) -> int:
        """The time for a new piece: the server's clock, but always after the last piece."""
        return max(now, self.pieces[-1].time + 1) if self.pieces else now

    def add(self, piece: Evidence, detail: Detail) -> EvidenceLog:
        """The log with one more piece; the same log if it is there already (a receipt that was saved after all)."""
        if self.holds(piece):
            return self
        return replace(
            self,
            pieces=tuple(sorted((*self.pieces, piece))),
            details={**self.details, piece.submission: detail},
        )

    def after_floor(self, floor: int) -> EvidenceLog:
        """The log of the next epoch: what came at or before the floor is gone."""
        pieces = tuple(piece for piece in self.pieces if piece.time > floor)
        kept = {piece.submission for piece in pieces}
        return EvidenceLog(
            self.epoch + 1, pieces, {key: detail for key, detail in self.details.items() if key in kept}
        )

    def to_json(self) -> dict[str, Any]:
        """The stored shape, at most MOST_CHARACTERS of JSON; `from_json` reverses it."""
        pieces, details = self.pieces, list(self.details.items())
        while True:
            stored = {"schema": SCHEMA, "epoch": self.epoch, **pack(pieces), "details": _pack_details(details)}
            if _fits(stored):
                return stored
            if details:
                details = details[len(details) // 4 + 1:]
            else:
                pieces = pieces[len(pieces) // 4 + 1:]

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
            return cls(epoch, unpack(stored) if "pieces" in stored else (), _unpack_details(stored.get("details")))
        except StoredDataError as error:
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


def _pack_details(details: list[tuple[int, Detail]]) -> dict[str, Any]:
    """Rows of numbers beside one table of the texts in them."""
    texts: dict[str, int] = {}
    columns = [
        [texts.setdefault(value, len(texts)) for value in column] if kind is str else
        list(map(int, column)) if kind is bool else column
        for kind, column in zip(_DETAIL_TYPES, zip(*(detail for _, detail in details)))
    ]
    return {"texts": list(texts), "rows": [list(row) for row in zip((key for key, _ in details), *columns)]}


def _unpack_details(stored: Any) -> dict[int, Detail]:
    """Details back from `_pack_details`; rows of an older schema are shorter, their missing ends take defaults."""
    if stored is None:
        return {}
    try:
        texts, details = stored["texts"], {}
        for _length, rows in groupby(stored["rows"], key=len):
            columns = [
                map(texts.__getitem__, column) if kind is str else map(kind, column)
                for kind, column in zip((int, *_DETAIL_TYPES), zip(*rows))
            ]
            details.update((key, Detail(*values)) for key, *values in zip(*columns))
        return details
    except (KeyError, IndexError, TypeError, ValueError) as error:
        raise StoredDataError(f"the details cannot be read: {error}") from error


_DETAIL_TYPES = (str, str, str, int, str, bool, str, str, int, str, str, float, str, int)
