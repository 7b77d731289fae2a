"""The target band as a range of positions in a sorted list, some of which are taken.

`taken` are sorted positions; a free position is one that is not taken.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from functools import lru_cache
from math import inf, log, sqrt

FAR = 0.5  # predicted success this far from the band has the lowest preference

Band = tuple[float, float]


@lru_cache(maxsize=4096)
def difficulty_at(success: float, p_all: float, guess: float, slip: float) -> float:
    """The difficulty in logits at which success is predicted, for p_all = P(all skills known).

    With x = exp(-d), G and S the odds of guess and slip, predicted success is p_all * x / (x + S) +
    (1 - p_all) * G * x / (1 + G * x): a quadratic in x. -inf where no item is easy enough, inf where none is
    too hard.
    """
    g, s = guess / (1.0 - guess), slip / (1.0 - slip)
    a = g * (1.0 - success)
    b = p_all + (1.0 - p_all) * g * s - success * (1.0 + g * s)
    c = success * s
    if a == 0.0:
        x = c / b if b > 0.0 else inf
        # Nothing to guess and nothing to slip: success does not depend on difficulty.
        if c == 0.0:
            return inf if b >= 0.0 else -inf
    else:
        root = sqrt(b * b + 4.0 * a * c)
        # The form without cancellation for either sign of b.
        x = (root - b) / (2.0 * a) if b <= 0.0 else 2.0 * c / (root + b)
    if x == 0.0:
        return inf
    return -log(x) if x < inf else -inf


def preference(predicted: float, band: tuple[float, float], off_band: float) -> float:
    """1 at the band's edge, falling evenly to `off_band` at a distance of 0.5 and beyond."""
    distance = max(band[0] - predicted, predicted - band[1], 0.0)
    return 1.0 - (1.0 - off_band) * min(1.0, distance / FAR)


def band_positions(
    difficulties: Sequence[float], end: int, band: Band, p_all: float, guess: float, slip: float
) -> tuple[int, int]:
    """Positions low <= i < high, below `end`, of the rising difficulties at which success is predicted in the
    band."""
    low = bisect_left(difficulties, difficulty_at(band[1], p_all, guess, slip), hi=end)
    high = bisect_right(difficulties, difficulty_at(band[0], p_all, guess, slip), hi=end)
    return low, max(low, high)


def n_free(taken: Sequence[int], low: int, high: int) -> int:
    """How many positions low <= i < high are free."""
    return high - low - (bisect_left(taken, high) - bisect_left(taken, low)) if taken else high - low


def free_below(taken: Sequence[int], position: int) -> int | None:
    """The highest free position below that one."""
    position -= 1
    index = bisect_right(taken, position) - 1
    while index >= 0 and taken[index] == position:
        position, index = position - 1, index - 1
    return position if position >= 0 else None


def free_above(taken: Sequence[int], position: int, end: int) -> int | None:
    """The lowest free position from that one on, below `end`."""
    index = bisect_left(taken, position)
    while index < len(taken) and taken[index] == position:
        position, index = position + 1, index + 1
    return position if position < end else None


def nth_free(taken: Sequence[int], ranges: tuple[tuple[int, int], ...], number: int) -> int:
    """The position of that free one (0-based), counted through the ranges."""
    for low, high in ranges:
        n = n_free(taken, low, high)
        if number < n:
            position = low + number
            for other in taken[bisect_left(taken, low) :]:
                if other > position:
                    break
                position += 1
            return position
        number -= n
    raise IndexError(f"there are fewer free positions than {number}")
