"""Reading stored values: each function gives the value back or raises TypeError or ValueError for what is none."""

from __future__ import annotations

from typing import Any


def text(value: Any) -> str:
    """A stored text."""
    if not isinstance(value, str):
        raise TypeError(f"{value!r} is no text")
    return value


def whole(value: Any) -> int:
    """A stored whole number, 0 or more."""
    if type(value) is not int or value < 0:
        raise TypeError(f"{value!r} is no whole number")
    return value


def flag(value: Any) -> bool:
    """A stored true or false."""
    if type(value) is not bool:
        raise TypeError(f"{value!r} is neither true nor false")
    return value


def share(value: Any) -> float:
    """A stored number in [0, 1]."""
    if type(value) not in (int, float) or not 0 <= value <= 1:
        raise TypeError(f"{value!r} is no share")
    return float(value)


def texts(value: Any) -> tuple[str, ...]:
    """A stored list of texts."""
    return tuple(text(one) for one in value)


def pair(value: Any) -> tuple[int, int] | None:
    """Two stored whole numbers, or nothing."""
    if value is None:
        return None
    first, second = value
    return whole(first), whole(second)


def texts_by_key(value: Any) -> dict[str, str]:
    """Stored texts by their keys."""
    return {text(key): text(one) for key, one in value.items()}
