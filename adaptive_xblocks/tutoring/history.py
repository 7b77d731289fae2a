"""What the choice of the next item looks at, and what it gives back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class History:
    """A learner's way so far.

    `served` says of each item how often and at which serving (1-based) it was served last; `serving` is the
    number of servings so far; `last_items`, `last_skills` the latest, oldest first; `failures` the items
    failed in a row; `last_failed` the item just failed; `failed_skills` the skills failed in that row,
    repeats kept; `misconception` the one just shown; `opened` the skills whose gate has opened (it never
    closes); `skipped` the items laid aside; `just_skipped` the last one and the learner's reason, until another item is
    served; `too_hard` those skipped for that reason; `finished` the skills that end without mastery (stuck, exempt).
    """

    served: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    serving: int = 0
    last_items: tuple[str, ...] = ()
    last_skills: tuple[str, ...] = ()
    failures: int = 0
    last_failed: str | None = None
    failed_skills: tuple[str, ...] = ()
    misconception: str | None = None
    opened: frozenset[str] = frozenset()
    skipped: frozenset[str] = frozenset()
    just_skipped: tuple[str, str] = ("", "")
    too_hard: frozenset[str] = frozenset()
    finished: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Choice:
    """The next item, or None with the rule that says why there is none.

    `rule` is one of `RULES`; `reason` its data, fit for JSON; `runners_up` are up to three (item, skill,
    score); `propensity` the probability in (0, 1] with which this item was chosen among its equals.
    """

    item_id: str | None
    skill: str | None = None
    rule: str = "largest-gain"
    reason: Mapping[str, Any] = field(default_factory=dict)
    runners_up: tuple[tuple[str, str, float], ...] = ()
    propensity: float = 1.0


RULES = (
    "largest-gain",
    "probe",
    "remediation",
    "other-format",
    "guided",
    "streak-easier",
    "easier-after-error",
    "easier-after-skip",
    "harder-after-skip",
    "smaller-step",
    "recycle",
    "review",
    "own-choice",
    "fixed-order",
    "mastered",
    "finished",
    "exhausted",
    "all-served",
    "empty",
)
