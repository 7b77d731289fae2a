"""Where two expressions are compared: points of the domain, the same for the same texts, on each side of what bends."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Iterator, Mapping
from fractions import Fraction
from itertools import chain

Point = Mapping[str, Fraction]
Domain = Callable[[Point], bool]

N_POINTS = 32
MAX_DRAWN = 160
MAX_EDGES = 10
#: Both signs, small and large, and no common fractions, at which functions meet by chance.
GENERIC = tuple(
    Fraction(above, 1009)
    for above in (373, -617, 1439, -2293, 3719, -5303, 83, -29, 12689, -33107, 907, -1213, 151303, -1007701, 7919)
)
WHOLE = tuple(map(Fraction, (2, 3, -1, 5, 1, -2, 4, 8, 0)))


def edges_of(numbers: Iterable[Fraction]) -> tuple[Fraction, ...]:
    """The numbers near which an expression may bend or begin: those written in it, the smallest ones."""
    return tuple(sorted({value for value in numbers if value < 10**9})[:MAX_EDGES])


def points(names: Iterable[str], domain: Domain, edges: Iterable[Fraction], seed: str) -> list[Point]:
    """Up to N_POINTS points of the domain, the same for the same seed; less generic ones come last.

    Empty if hardly any point that is drawn lies in the domain. Without names it is the one point there is.
    """
    names = sorted(names)
    if not names:
        return [{}]
    rng = random.Random(seed)
    found: list[Point] = []
    for drawn, point in enumerate(_drawn(names, tuple(edges), rng)):
        if drawn >= MAX_DRAWN or len(found) >= N_POINTS:
            break
        if domain(point):
            found.append(point)
    return found


def _drawn(names: list[str], edges: tuple[Fraction, ...], rng: random.Random) -> Iterator[Point]:
    jitter = [value * Fraction(rng.randrange(880, 1120), 997) for value in GENERIC]
    around = list(_around(edges, rng))
    if len(names) == 1:
        for value in chain(jitter[:11], around[:12], jitter[11:], WHOLE, around[12:], _between(edges, rng)):
            yield {names[0]: value}
        return
    for signs in range(min(2 ** len(names), 8)):  # every side of every axis
        yield {
            name: abs(rng.choice(jitter)) * (-1 if signs >> place & 1 else 1) for place, name in enumerate(names)
        }
    pool = (*jitter, *around, *WHOLE)
    between = _between(edges, rng)
    for turn in range(MAX_DRAWN):
        kind = turn % 3
        if kind == 1 and around:
            yield {name: rng.choice(around if place == turn // 3 % len(names) else jitter)
                   for place, name in enumerate(names)}
        elif kind == 2:
            yield {name: next(between) for name in names}
        else:
            yield {name: rng.choice(pool) for name in names}


def _around(edges: tuple[Fraction, ...], rng: random.Random) -> Iterator[Fraction]:
    """Both sides of each edge and of its opposite."""
    for edge in edges:
        step = Fraction(rng.randrange(50, 150), 997) * min(edge, 1)
        yield from (edge + step, edge - step, -edge + step, -edge - step)


def _between(edges: tuple[Fraction, ...], rng: random.Random) -> Iterator[Fraction]:
    """Values between neighbouring edges, without end, for domains that are narrow."""
    marks = sorted({Fraction(0), *edges, *(-edge for edge in edges), Fraction(1)})
    while True:
        place = rng.randrange(len(marks) - 1)
        yield marks[place] + (marks[place + 1] - marks[place]) * Fraction(rng.randrange(1, 997), 997)
