"""Whether a learner's expression is the author's, written in another way.

Two expressions are equal if they have the same value wherever the author's has one (within the domain that the author
gives with `where`; all real numbers otherwise). So holes do not count: (x^2-1)/(x-1) is x+1. Sides do: sqrt(x^2) is
|x|, and x only where x >= 0; ln(x^2) answers 2 ln(x), not the other way round, since 2 ln(x) says nothing of x < 0.

1. Rational in the unknowns, both: modular arithmetic decides (:mod:`modular`).
2. Otherwise floats at up to 30 points look for one where they differ; a difference counts only if exact fractions or
   intervals prove it (:mod:`intervals`).
3. If none is proven, both must agree to 80 bits at several points, on each side of what bends.
"""

from __future__ import annotations

import contextlib
import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import TYPE_CHECKING

from adaptive_xblocks.tutoring.algebra import modular
from adaptive_xblocks.tutoring.algebra import sentences as say
from adaptive_xblocks.tutoring.algebra.points import Domain, Point, edges_of, points
from adaptive_xblocks.tutoring.algebra.programs import VAR, Program, bits, compiled, run_float
from adaptive_xblocks.tutoring.algebra.sentences import Unreadable
from adaptive_xblocks.tutoring.algebra.tree import Node
from adaptive_xblocks.tutoring.algebra.work import NoValueError, SpentError, UndecidedError, Work

if TYPE_CHECKING:
    from adaptive_xblocks.tutoring.algebra.intervals import Value

UNITS = 12_000  # of work: about 20 ms
PRECISIONS = (128, 320, 900)
FLOAT_TOLERANCE = 1e-7
MATCHING_BITS = 80
N_PROOFS = 4  # points at which both must agree; of those with bends and edges N_PROOFS_OF_BENT
N_PROOFS_OF_BENT = 7
MAX_SUSPECTS = 6
BESIDE = (Fraction(1, 100_003), Fraction(-1, 100_003))


def everywhere(_point: Point) -> bool:
    """The domain of all real numbers."""
    return True


@dataclass(frozen=True, slots=True)
class Key:
    """An author's expression, ready to be compared: its tree, domain, and some points where it has a value."""

    tree: Node
    program: Program
    names: frozenset[str]
    domain: Domain = field(compare=False)
    seed: str
    points: Sequence[Point] = field(compare=False)
    edges: frozenset[Fraction] = frozenset()


def key_of(tree: Node, names: frozenset[str], domain: Domain = everywhere, seed: str = "",
           edges: frozenset[Fraction] = frozenset()) -> Key:
    """The key for an author's tree; Unreadable (NO_VALUE) if no point is found where it has a value.

    `edges` are numbers at which the domain may begin or end.
    """
    program = compiled(tree)
    edges = edges | program.numbers
    found = points(names, domain, edges_of(edges), seed)
    usable = [point for point in found if _has_float(program, point)]
    usable = usable or [point for point in found[:4] if _has_value(program, point)]
    if not usable:
        raise Unreadable(say.NO_VALUE)
    return Key(tree, program, names, domain, seed, tuple(usable), edges)


def _has_float(program: Program, point: Point) -> bool:
    value = run_float(program, _floats(point))
    return value is not None and not math.isnan(value)


def _has_value(program: Program, point: Point) -> bool:
    try:
        return _exact(program, point, Work(UNITS)) is not None
    except (UndecidedError, SpentError):
        return False


def _floats(point: Point) -> dict[str, float]:
    return {name: float(value) for name, value in point.items()}


def is_equal(key: Key, tree: Node) -> bool:
    """Whether the tree has the key's value wherever the key has one.

    Unreadable if it divides by zero, has no value at all, or is too complicated to be checked.
    """
    if tree == key.tree:
        return True
    program = compiled(tree)
    if program.is_rational and key.program.is_rational:
        return _is_same_fraction(key, program)
    work = Work(UNITS)
    try:
        return _is_equal_by_points(key, program, work)
    except SpentError:
        raise Unreadable(say.TOO_MUCH) from None


def _is_same_fraction(key: Key, program: Program) -> bool:
    found = modular.values(program, key.names, key.seed)
    if found is None:
        raise Unreadable(say.DIVIDES_BY_ZERO)
    return found == modular.values(key.program, key.names, key.seed)


def _is_equal_by_points(key: Key, program: Program, work: Work) -> bool:
    is_number = _is_number(program) and _is_number(key.program)
    compared = key.points[:1] if is_number else [*key.points, *_own_points(key, program)]
    suspects, others = [], []
    for point in compared:
        (suspects if _looks_different(key.program, program, point) else others).append(point)
    for point in suspects[:MAX_SUSPECTS]:
        if _agreement(key.program, program, point, work) is False:
            _check_value(program, key, work)
            return False
    needed = N_PROOFS if program.is_smooth and key.program.is_smooth else N_PROOFS_OF_BENT
    agreed = 0
    for point in [*others, *suspects]:
        found = _agreement(key.program, program, point, work)
        if found is False:
            return False
        agreed += bool(found)
        if agreed >= needed:
            return True
    if not agreed:
        raise Unreadable(say.TOO_MUCH)
    return True


def _is_number(program: Program) -> bool:
    return not any(operation == VAR for operation, _value in program.steps)


def _own_points(key: Key, program: Program) -> list[Point]:
    """Points near the numbers that only the learner's expression has, where it may bend."""
    own = edges_of(program.numbers - key.edges)
    if not own or not key.names or program.is_smooth:
        return []
    found = []
    for edge in own[:4]:
        for value in (edge * Fraction(1013, 1009), edge * Fraction(991, 1009)):
            for sign in (1, -1):
                point = dict.fromkeys(key.names, sign * value)
                if key.domain(point):
                    found.append(point)
    return found


def _looks_different(key: Program, other: Program, point: Point) -> bool:
    floats = _floats(point)
    expected = run_float(key, floats)
    if expected is None or math.isnan(expected):
        return False
    found = run_float(other, floats)
    if found is None:
        return True
    return not math.isnan(found) and abs(found - expected) > FLOAT_TOLERANCE * max(abs(found), abs(expected))


def _agreement(key: Program, other: Program, point: Point, work: Work) -> bool | None:
    """Whether the two agree at a point; None where the key has no value, or nothing can be said."""
    from adaptive_xblocks.tutoring.algebra import intervals

    extra = _extra_bits(key, other)
    for precision in (base + extra for base in PRECISIONS):
        try:
            expected = intervals.run(key, point, precision, work)
        except NoValueError:
            return None
        except UndecidedError:
            continue
        try:
            found = intervals.run(other, point, precision, work)
            return intervals.agree(expected, found, precision, MATCHING_BITS + extra)
        except NoValueError:
            return None if _is_hole(other, point) else False
        except UndecidedError:
            continue
    return None


def _is_hole(program: Program, point: Point) -> bool:
    """Whether a program without a value at a point has one right beside it."""
    beside = ({name: value + step * max(abs(value), 1) for name, value in point.items()} for step in BESIDE)
    return not _is_number(program) and any(run_float(program, _floats(one)) is not None for one in beside)


def _extra_bits(key: Program, other: Program) -> int:
    """The bits of the longest number in them, by which a difference may be smaller than what stands beside it."""
    return max((bits(value) for value in key.numbers | other.numbers), default=0)


def _check_value(program: Program, key: Key, work: Work) -> None:
    """Unreadable if a number without unknowns has no value: it is mistyped rather than wrong."""
    if not _is_number(program):
        return
    with contextlib.suppress(UndecidedError):
        if _exact(program, key.points[0], work) is None:
            raise Unreadable(say.NO_VALUE)


def _exact(program: Program, point: Point, work: Work) -> Value | None:
    from adaptive_xblocks.tutoring.algebra import intervals

    for precision in PRECISIONS:
        try:
            return intervals.run(program, point, precision, work)
        except NoValueError:
            return None
        except UndecidedError:
            continue
    raise UndecidedError
