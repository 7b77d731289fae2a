"""A set of evidence that is read only when it is asked for: most requests only pass it on, or add one piece."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Set
from typing import Any

from adaptive_xblocks.evidence import Evidence
from adaptive_xblocks.evidence_packing import SUBMISSION, VARIANT, Columns

#: Goes up with every change of the packed format: a sum of another version does not vouch for this one.
_VERSION = 1


class Pieces(Set):
    """Pieces of evidence: a set that iterates in canonical order, never changed in place.

    Of pieces with one identity (a submission that two servers took at once) the earliest is in it. It holds the
    pieces, or the columns they are stored in, or the packed text, and makes one from the other when it is needed.
    Equal to any set or sequence in canonical order with the same pieces.
    """

    __slots__ = ("_all", "_columns", "_stored")

    def __init__(self, pieces: Iterable[Evidence] = ()) -> None:
        latest_first = sorted(pieces, reverse=True)
        self._all: tuple[Evidence, ...] | None = tuple(sorted({one.identity: one for one in latest_first}.values()))
        self._columns: Columns | None = None
        self._stored: dict[str, Any] | None = None

    @classmethod
    def of(cls, pieces: Iterable[Evidence]) -> Pieces:
        """The pieces as one of these."""
        return pieces if isinstance(pieces, Pieces) else cls(pieces)

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Pieces:
        """The set in `stored`; raises StoredDataError for what is not one.

        A value with its own sum is what `to_json` wrote and is read later; any other one is read now, as a whole.
        """
        if "pieces" not in stored:
            return cls()
        packed = {key: stored.get(key) for key in ("blocks", "skills", "pieces")}
        total = _sum(packed)
        if total is None or stored.get("sum") != total:
            return cls(Columns.read(packed).pieces())
        return cls._made(stored={**packed, "sum": total})

    @classmethod
    def _made(cls, columns: Columns | None = None, stored: dict[str, Any] | None = None) -> Pieces:
        made = cls.__new__(cls)
        made._all, made._columns, made._stored = None, columns, stored
        return made

    def to_json(self) -> dict[str, Any]:
        """The stored shape: what `Columns.pack` gives, and a sum of it."""
        if self._stored is None:
            packed = self.columns.pack()
            self._stored = {**packed, "sum": _sum(packed)}
        return dict(self._stored)

    @property
    def sum(self) -> str:
        """A digest of the set: equal digests, equal sets."""
        return self.to_json()["sum"]

    @property
    def columns(self) -> Columns:
        """The set as columns."""
        if self._columns is None:
            self._columns = Columns.read(self._stored) if self._all is None else Columns.of(self._all)
        return self._columns

    @property
    def first_time(self) -> int:
        """When the first piece was collected; 0 if there is none."""
        times = self.columns.rows[0]
        return times[0] if times else 0

    @property
    def last_time(self) -> int:
        """When the last piece was collected; 0 if there is none."""
        return sum(self.columns.rows[0])

    def with_variant(self, variant: int) -> list[Evidence]:
        """The pieces on one variant, in canonical order."""
        return self.columns.where(VARIANT, variant)

    def with_submission(self, submission: int) -> list[Evidence]:
        """The pieces of one submission, in canonical order."""
        return self.columns.where(SUBMISSION, submission)

    def living(self, floor: int, stale: Collection[str]) -> Pieces:
        """The pieces after a time and of other blocks than the stale ones."""
        if not self or not stale and (not floor or self.first_time > floor):
            return self
        return Pieces(piece for piece in self if piece.block not in stale and piece.time > floor)

    def __len__(self) -> int:
        return len(self._all) if self._all is not None else len(self.columns.rows[0])

    def __bool__(self) -> bool:
        return bool(self._stored["blocks"] if self._all is None and self._stored else len(self))

    def __iter__(self) -> Iterator[Evidence]:
        if self._all is None:
            self._all = self.columns.pieces()
        return iter(self._all)

    def __getitem__(self, index: int | slice) -> Any:
        return tuple(self)[index]

    def __contains__(self, piece: object) -> bool:
        return isinstance(piece, Evidence) and piece in self.with_variant(piece.variant)

    def __or__(self, other: Iterable[Evidence]) -> Pieces:
        other = Pieces.of(other)
        if not self or not other:
            return self or other
        if len(other) == 1 and other.first_time > self.last_time:
            piece, = other
            if not any(piece.identity == one.identity for one in self.with_submission(piece.submission)):
                return self._made(self.columns.with_later(piece))
        return Pieces((*self, *other))

    def __le__(self, other: Any) -> bool:
        return frozenset(self) <= frozenset(other) if isinstance(other, Set) else NotImplemented

    def __eq__(self, other: object) -> bool:
        if isinstance(other, Pieces) and (self is other or self._stored and self._stored == other._stored):
            return True
        if isinstance(other, (Set, tuple, list)):
            return len(self) == len(other) and tuple(self) == tuple(sorted(other) if isinstance(other, Set) else other)
        return NotImplemented

    __hash__ = None

    def __repr__(self) -> str:
        return f"Pieces({list(self)})"


def _sum(packed: Mapping[str, Any]) -> str | None:
    """A digest of what a packed set holds; None for what cannot be one."""
    if not isinstance(packed["pieces"], str):
        return None
    names = json.dumps([_VERSION, packed["blocks"], packed["skills"]])
    return hashlib.sha256(f"{names}{packed['pieces']}".encode(errors="replace")).hexdigest()[:16]
