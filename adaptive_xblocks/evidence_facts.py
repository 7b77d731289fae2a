"""What evidence has established for good: mastery declared, and what a grade is measured against.

Facts are not worked out again from the pieces (parameters change), so the block that stated one keeps it in its log,
and the shared record holds the union. Both merge by rules that do not depend on the order.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from adaptive_xblocks.evidence import StoredDataError


class Declaration(NamedTuple):
    """The fact that a skill was mastered: it stays when a later answer lowers the probability ("latched").

    `placed`: a probe has shown it, and it was not practised (decision 0013).
    """

    skill: str
    time: int
    threshold: float
    parameters: str
    block: str
    epoch: int
    placed: bool = False


class Basis(NamedTuple):
    """What a skill's grade is measured against, frozen at its first answer (the earliest wins)."""

    time: int
    prior: float
    threshold: float


def earliest(ours: Mapping[str, Basis], theirs: Mapping[str, Basis]) -> dict[str, Basis]:
    """The union of two bases, by skill."""
    merged = dict(ours)
    for skill, basis in theirs.items():
        merged[skill] = min(basis, merged[skill]) if skill in merged else basis
    return merged


def facts_to_json(declarations: Iterable[Declaration], basis: Mapping[str, Basis]) -> dict[str, Any]:
    """The stored shape of both; `read_declarations` and `read_basis` reverse it."""
    return {
        "declared": sorted(list(fact if fact.placed else fact[:-1]) for fact in declarations),
        "basis": {skill: list(one) for skill, one in sorted(basis.items())},
    }


def read_declarations(stored: Mapping[str, Any]) -> frozenset[Declaration]:
    """The declarations in a stored value; raises StoredDataError, TypeError or ValueError for what are none."""
    return frozenset(
        Declaration(
            text(skill), whole(time), number(threshold), text(version), text(block), whole(epoch), placed == [True])
        for skill, time, threshold, version, block, epoch, *placed in stored.get("declared", [])
    )


def read_basis(stored: Mapping[str, Any]) -> dict[str, Basis]:
    """The grading basis in a stored value; raises as `read_declarations` does."""
    return {
        text(skill): Basis(whole(time), number(prior), number(threshold))
        for skill, (time, prior, threshold) in stored.get("basis", {}).items()
    }


def whole(value: Any) -> int:
    """A stored whole number, 0 or more."""
    if type(value) is not int or value < 0:
        raise StoredDataError(f"{value!r} stands where a whole number belongs")
    return value


def number(value: Any) -> float:
    """A stored number."""
    if type(value) not in (int, float) or not abs(value) < 1e9:
        raise StoredDataError(f"{value!r} stands where a number belongs")
    return float(value)


def text(value: Any) -> str:
    """A stored text."""
    if not isinstance(value, str):
        raise StoredDataError(f"{value!r} stands where text belongs")
    return value
