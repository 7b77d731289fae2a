"""One learner's evidence in one course, as a mergeable set, and the fold that turns it into mastery.

`CourseRecord` is a value; `merge` is set union with three rules that are themselves unions (maximum or minimum):
a later epoch of a block drops its older pieces, a later floor drops evidence and declarations at or before it, and the
grading basis is the earliest one, whatever the floor (else grouping would matter). So merge is commutative,
associative and idempotent, whatever the order of requests.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, NamedTuple

from adaptive_xblocks.evidence import Evidence, StoredDataError, digest32
from adaptive_xblocks.evidence_facts import (
    Basis,
    Declaration,
    earliest,
    facts_to_json,
    number,
    read_basis,
    read_declarations,
    text,
    whole,
)
from adaptive_xblocks.evidence_fold import Fold
from adaptive_xblocks.evidence_notes import Notes
from adaptive_xblocks.evidence_pieces import Pieces
from adaptive_xblocks.mastery import BktParameters, SkillState

_DEFAULTS = BktParameters()


class Epoch(NamedTuple):
    """How often a block's state began anew; confirmed once a later request has read it back from that state."""

    number: int = 1
    confirmed: bool = False


class Override(NamedTuple):
    """A decision of staff: `undo-mastery` or `exempt`, later ones over earlier ones."""

    time: int
    id: str
    skill: str
    kind: str


class Definition(NamedTuple):
    """Skill parameters that an OLX document defines; the last (edited, block) wins. Holds what is not default."""

    edited: str
    block: str
    parameters: tuple[tuple[str, float], ...]


class Folded(NamedTuple):
    """A whole course folded up to a time, to keep the record small.

    A row a skill: (skill, p_known, opportunities, successes, version of the parameters it was folded with).
    """

    until: int = 0
    skills: tuple[tuple[str, float, int, int, str], ...] = ()


@dataclass(frozen=True)
class CourseRecord:
    """The set. Mappings and sets are never changed in place; `used` is when the learner last practised here.

    `pieces` may be given as any collection. `notes` spare work and are no part of what the record says.
    """

    used: int = 0
    floor: int = 0
    epochs: Mapping[str, Epoch] = field(default_factory=dict)
    pieces: Pieces = field(default_factory=Pieces)
    declarations: frozenset[Declaration] = frozenset()
    basis: Mapping[str, Basis] = field(default_factory=dict)
    overrides: frozenset[Override] = frozenset()
    definitions: Mapping[str, Definition] = field(default_factory=dict)
    folded: Folded = Folded()
    notes: Notes | None = field(default=None, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "pieces", Pieces.of(self.pieces))

    def merge(self, other: CourseRecord) -> CourseRecord:
        """The union of both."""
        epochs = _largest(self.epochs, other.epochs)
        floor, folded = max(self.floor, other.floor), max(self.folded, other.folded)

        def living(one: CourseRecord) -> Pieces:
            stale = {block for block, epoch in one.epochs.items() if epoch.number < epochs[block].number}
            return one.pieces.living(max(floor, folded.until), stale)

        return CourseRecord(
            used=max(self.used, other.used),
            floor=floor,
            epochs=epochs,
            pieces=living(self) | living(other),
            declarations=frozenset(
                fact for fact in self.declarations | other.declarations
                if fact.time > floor and fact.epoch >= epochs.get(fact.block, Epoch(0)).number
            ),
            basis=earliest(self.basis, other.basis),
            overrides=self.overrides | other.overrides,
            definitions=_largest(self.definitions, other.definitions),
            folded=folded,
        )

    def of_block(self, block: str) -> list[Evidence]:
        """The pieces that one block collected, in canonical order."""
        return [piece for piece in self.pieces if piece.block == block]

    def after_floor(self, floor: int) -> CourseRecord:
        """The record without what was collected at or before a time."""
        return self if floor <= self.floor else self.merge(CourseRecord(floor=floor))

    @property
    def last_time(self) -> int:
        """The time of the last evidence that it knows of; 0 if there is none."""
        return max(self.pieces.last_time, self.folded.until, *(fact.time for fact in self.declarations), 0)

    def parameters(self, skill: str) -> BktParameters:
        """The parameters in force for a skill: its definition in the record, over the defaults."""
        definition = self.definitions.get(skill)
        return BktParameters(**dict(definition.parameters)) if definition else _DEFAULTS

    def fold(self) -> dict[str, SkillState]:
        """Mastery per skill that has evidence or a declaration.

        Pieces count in canonical order, each opportunity once (the earliest of competing answers), those at or before
        `folded.until` not again.
        """
        return self.begin_fold().states(self.mastered())

    def begin_fold(self) -> Fold:
        """A fold in which all pieces are counted; it can take later ones too."""
        if self._notes_hold:
            return Fold(self.parameters, self.notes.fold, self.folded.until, self.pieces)
        known = [row[:4] for row in self.folded.skills] if self._folded_counts() else ()
        fold = Fold(self.parameters, known, self.folded.until)
        fold.add(self.pieces)
        return fold

    def is_noted(self, pieces: Pieces, block: str) -> bool:
        """True if a request has noted that the block's log, with just these pieces, was brought together with it."""
        return self._notes_hold and self.notes.logs.get(block) == pieces.sum

    def noted(self, fold: Fold, before: CourseRecord, logs: Mapping[str, str]) -> CourseRecord:
        """The course with notes on it: its fold, and the sums of logs of which it has every piece, by block.

        It keeps what was noted of other blocks `before` if it has come from there without losing their pieces.
        """
        kept = before.notes.logs if before._notes_hold and before.floor == self.floor else {}
        kept = {block: log for block, log in kept.items() if self.epochs.get(block) == before.epochs.get(block)}
        return replace(self, notes=Notes.of(self._noted_on, fold.rows(), {**kept, **logs}))

    @cached_property
    def _notes_hold(self) -> bool:
        return self.notes is not None and self.notes.hold(self._noted_on)

    @property
    def _noted_on(self) -> list[Any]:
        return [self.pieces.sum, self.floor, self.folded, self.definitions]

    def mastered(self) -> set[str]:
        """Skills declared mastered and not undone since."""
        undone = {}
        for override in self.overrides:
            if override.kind == "undo-mastery":
                undone[override.skill] = max(override.time, undone.get(override.skill, 0))
        exempt = {override.skill for override in self.overrides if override.kind == "exempt"}
        return exempt | {fact.skill for fact in self.declarations if fact.time > undone.get(fact.skill, 0)}

    def placed(self) -> set[str]:
        """Skills that are mastered by what a probe has shown alone."""
        practised = {fact.skill for fact in self.declarations if not fact.placed}
        return (self.mastered() & {fact.skill for fact in self.declarations}) - practised

    def to_folded(self) -> CourseRecord:
        """The same mastery without the evidence: what is kept of a course that was not used for longest."""
        until = self.pieces.last_time or self.folded.until
        skills = tuple(sorted(
            (skill, state.p_known, state.opportunities, state.successes, parameter_version(self.parameters(skill)))
            for skill, state in self.fold().items()
        ))
        return replace(self, pieces=Pieces(), folded=Folded(until, skills))

    def to_decisions(self) -> CourseRecord:
        """Only what no block could say again: when it was reset, and what staff decided."""
        return CourseRecord(self.used, self.floor, overrides=self.overrides)

    def _folded_counts(self) -> bool:
        return self.folded.until > self.floor

    def to_json(self) -> dict[str, Any]:
        """The stored shape; `from_json` reverses it."""
        return {
            "used": self.used,
            "floor": self.floor,
            "epochs": {block: [epoch.number, int(epoch.confirmed)] for block, epoch in sorted(self.epochs.items())},
            **facts_to_json(self.declarations, self.basis),
            "overrides": sorted(map(list, self.overrides)),
            "definitions": {
                skill: [one.edited, one.block, dict(one.parameters)]
                for skill, one in sorted(self.definitions.items())
            },
            "folded": [self.folded.until, [list(row) for row in self.folded.skills]],
            **self.pieces.to_json(),
            **({"notes": self.notes} if self.notes else {}),
        }

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> CourseRecord:
        """A course as stored; what an older schema did not have takes its default. Raises StoredDataError."""
        try:
            folded = stored.get("folded", [0, []])
            return cls(
                used=whole(stored.get("used", 0)),
                floor=whole(stored.get("floor", 0)),
                epochs={
                    text(block): Epoch(whole(number), bool(confirmed))
                    for block, (number, confirmed) in stored.get("epochs", {}).items()
                },
                pieces=Pieces.from_json(stored),
                notes=Notes.from_json(stored.get("notes")),
                declarations=read_declarations(stored),
                basis=read_basis(stored),
                overrides=frozenset(
                    Override(whole(time), text(id_), text(skill), text(kind))
                    for time, id_, skill, kind in stored.get("overrides", [])
                ),
                definitions={
                    text(skill): _definition(edited, block, parameters)
                    for skill, (edited, block, parameters) in stored.get("definitions", {}).items()
                },
                folded=Folded(whole(folded[0]), tuple(
                    (text(skill), _probability(p_known), whole(opportunities), whole(successes), text(version))
                    for skill, p_known, opportunities, successes, version in folded[1]
                )),
            )
        except StoredDataError:
            raise
        except (KeyError, IndexError, TypeError, ValueError, AttributeError) as error:
            raise StoredDataError(f"a course of the record cannot be read: {error}") from error


def _largest(ours: Mapping[str, Any], theirs: Mapping[str, Any]) -> dict[str, Any]:
    merged = dict(ours)
    for key, value in theirs.items():
        merged[key] = max(value, merged[key]) if key in merged else value
    return merged


def _definition(edited: Any, block: Any, parameters: Mapping[str, Any]) -> Definition:
    BktParameters(**parameters)  # raises ValueError or TypeError for values that no document could have defined
    return Definition(text(edited), text(block), tuple(sorted(parameters.items())))


def _probability(value: Any) -> float:
    if not 0 <= number(value) <= 1:
        raise StoredDataError(f"{value!r} stands where a probability belongs")
    return float(value)


def parameter_version(parameters: BktParameters) -> str:
    """A short name for a set of parameter values, so that evidence says under which ones it was collected."""
    return f"{digest32(repr(parameters)):08x}"
