"""From when a learner's evidence counts: what "reset my record" leaves behind, one floor per course and one for all.

Kept apart from the record because every answer rewrites that one, whole: a reset in it could be lost to an answer that
began before it (decision 0002). Floors are ms since 1970; a floor only rises. Evidence at or before it counts nowhere.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

log = logging.getLogger(__name__)

SCHEMA = 1


@dataclass(frozen=True)
class Resets:
    """The floors: `everywhere` holds in all courses, `courses` by course digest."""

    everywhere: int = 0
    courses: Mapping[str, int] = field(default_factory=dict)

    def floor(self, course: str) -> int:
        """The time at or before which evidence of a course does not count; 0 if it was never reset."""
        return max(self.everywhere, self.courses.get(course, 0))

    def with_floor(self, time: int, course: str = "") -> Resets:
        """The floors after a reset of one course, or of all without one."""
        if course:
            return replace(self, courses={**self.courses, course: max(time, self.courses.get(course, 0))})
        everywhere = max(time, self.everywhere)
        return Resets(everywhere, {key: floor for key, floor in self.courses.items() if floor > everywhere})

    def to_json(self) -> dict[str, Any]:
        """The stored shape; `from_json` reverses it."""
        return {"schema": SCHEMA, "everywhere": self.everywhere, "courses": dict(self.courses)}

    @classmethod
    def from_json(cls, stored: Any) -> Resets:
        """The floors in `stored`. Never raises: what is no time is left out, which is logged."""
        if stored is None:
            return cls()
        if not isinstance(stored, Mapping):
            log.warning("A learner's resets cannot be read (%s): they count as none.", type(stored).__name__)
            return cls()
        courses = stored.get("courses")
        return cls(_time(stored.get("everywhere", 0)), {
            key: floor for key, value in (courses.items() if isinstance(courses, Mapping) else ())
            if (floor := _time(value))
        })

    def __deepcopy__(self, memo: Any) -> Resets:
        return self  # XBlock copies what it has saved; a value that never changes need not be

    def __str__(self) -> str:
        return f"resets of {len(self.courses) + bool(self.everywhere)} records"

    __repr__ = __str__


def _time(value: Any) -> int:
    if type(value) is int and value >= 0:
        return value
    log.warning("A reset of a learner's record has no time and is left out: %.80r", value)
    return 0
