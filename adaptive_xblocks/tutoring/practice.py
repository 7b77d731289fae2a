"""A learner's way through a problem set, as a value: which item is in hand, what was done on it, what came before.

`Practice` is what a block stores beside its evidence; `practising` makes the next one of it. Nothing here knows
storage, time or the page.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from typing import Any

from adaptive_xblocks.tutoring import stored_values as stored
from adaptive_xblocks.tutoring.history import History
from adaptive_xblocks.tutoring.model import Item, Step

log = logging.getLogger(__name__)

SCHEMA = 1
RECORDED = "recorded"  # answered while the platform withholds what was right


@dataclass(frozen=True)
class StepWork:
    """What was done on one step. `responses` are the last ones, `repeat` how often the misconception has been met."""

    attempts: int = 0
    verdict: str = ""
    responses: Mapping[str, str] = field(default_factory=dict)
    shown: tuple[str, ...] = ()
    credit: tuple[int, int] | None = None
    help: tuple[int, int] = (0, 1)
    misconception: str = ""
    repeat: int = 0
    done: bool = False

    @property
    def is_right(self) -> bool:
        """Right at the first readable answer."""
        return self.credit is not None and self.credit[0] == self.credit[1]

    @property
    def is_clean(self) -> bool:
        """Right at the first readable answer, without help."""
        return self.is_right and self.help[0] == 0


@dataclass(frozen=True)
class Practice:
    """Where the learner is. `serving` counts served items and never starts again within an epoch; `choice` is the
    data of why the item in hand was chosen; `meters` are the highest that the learner has seen of each skill (they
    never visibly go back); `end` names an end state, `continuing` the one that the learner chose to go on after;
    `graded` is the highest grade that was sent to the grade book, `owes_grade` says that the last one may be missing.
    `skip_reason` is why the item before was laid aside, `too_hard` are those that were too hard; `probed` counts the
    items of the probe, `placed` says that it is over; `rated` is what the learner said of the help shown on the item in
    hand, and of the end, by `rating_key`.
    """

    round: int = 1
    serving: int = 0
    item: str = ""
    item_version: str = ""
    seed: int = 0
    choice: Mapping[str, Any] = field(default_factory=dict)
    steps: Mapping[str, StepWork] = field(default_factory=dict)
    done: bool = False
    n_done: int = 0
    served: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    solved: tuple[str, ...] = ()
    last_items: tuple[str, ...] = ()
    last_skills: tuple[str, ...] = ()
    failures: int = 0
    last_failed: str = ""
    failed_skills: tuple[str, ...] = ()
    last_misconception: str = ""
    misconceptions: Mapping[str, int] = field(default_factory=dict)
    meters: Mapping[str, int] = field(default_factory=dict)
    opened: tuple[str, ...] = ()
    skipped: tuple[str, ...] = ()
    submissions: tuple[str, ...] = ()
    end: str = ""
    continuing: str = ""
    is_complete: bool = False
    graded: float = 0.0
    owes_grade: bool = False
    skip_reason: str = ""
    too_hard: tuple[str, ...] = ()
    probed: int = 0
    placed: bool = False
    rated: Mapping[str, bool] = field(default_factory=dict)

    def __deepcopy__(self, memo: Any) -> Practice:
        return self  # XBlock copies what it has saved; a value that never changes need not be

    def step(self, step_id: str) -> StepWork:
        """The work on a step, empty before it is begun."""
        return self.steps.get(step_id) or StepWork()

    def open_step(self, item: Item) -> Step | None:
        """The step in hand: the first that is not done; None when all are."""
        return next((step for step in item.steps if not self.step(step.id).done), None)

    def history(self, finished: frozenset[str] = frozenset()) -> History:
        """What the choice of the next item may look at; `finished` are the skills that ended without mastery."""
        return History(
            served=self.served,
            serving=self.serving,
            last_items=self.last_items,
            last_skills=self.last_skills,
            failures=self.failures,
            last_failed=self.last_failed or None,
            failed_skills=self.failed_skills,
            misconception=self.last_misconception or None,
            opened=frozenset(self.opened),
            skipped=frozenset(self.skipped),
            just_skipped=(self.skipped[-1], self.skip_reason) if self.skip_reason and self.skipped else ("", ""),
            too_hard=frozenset(self.too_hard),
            finished=finished,
        )

    def to_json(self) -> dict[str, Any]:
        """The stored shape: only what differs from a new practice."""
        values = {
            one.name: getattr(self, one.name) for one in fields(self) if getattr(self, one.name) != _NEW[one.name]
        }
        values["steps"] = {step: _differing(work) for step, work in self.steps.items()}
        return {"schema": SCHEMA, **values}

    @classmethod
    def from_json(cls, value: Any) -> Practice:
        """The practice in a stored value. Never raises: parts that cannot be read start anew, which is logged; evidence
        is not in here, so nothing that counts is lost."""
        if value is None:
            return cls()
        if not isinstance(value, Mapping):
            log.warning("A place in a problem set cannot be read (%s): it starts anew.", type(value).__name__)
            return cls()
        values: dict[str, Any] = {}
        for one in fields(cls):
            if one.name in value:
                try:
                    values[one.name] = _READERS[one.name](value[one.name])
                except (TypeError, ValueError, KeyError, AttributeError) as error:
                    log.warning("%s of a learner's place in a problem set starts anew: %s", one.name, error)
        practice = cls(**values)
        return practice if {"item", "serving", "seed", "item_version"} <= values.keys() or not practice.item else (
            replace(practice, item="", steps={}))


def _differing(work: StepWork) -> dict[str, Any]:
    return {key: value for key, value in asdict(work).items() if value != _NEW_WORK[key]}


def _work(value: Any) -> StepWork:
    return StepWork(**{key: _WORK_READERS[key](one) for key, one in value.items() if key in _WORK_READERS})


_WORK_READERS = {
    "attempts": stored.whole, "verdict": stored.text, "responses": stored.texts_by_key, "shown": stored.texts,
    "credit": stored.pair, "help": stored.pair, "misconception": stored.text, "repeat": stored.whole,
    "done": stored.flag,
}
_READERS = {
    **dict.fromkeys(("round", "serving", "seed", "n_done", "failures", "probed"), stored.whole),
    **dict.fromkeys(("item", "item_version", "last_failed", "last_misconception", "end", "continuing",
                     "skip_reason"), stored.text),
    **dict.fromkeys(("done", "is_complete", "owes_grade", "placed"), stored.flag),
    **dict.fromkeys(
        ("solved", "last_items", "last_skills", "failed_skills", "opened", "skipped", "submissions", "too_hard"),
        stored.texts),
    "choice": dict,
    "graded": stored.share,
    "steps": lambda value: {stored.text(step): _work(work) for step, work in value.items()},
    "served": lambda value: {stored.text(item): stored.pair(times) for item, times in value.items()},
    "rated": lambda value: {stored.text(key): stored.flag(helpful) for key, helpful in value.items()},
    **dict.fromkeys(
        ("misconceptions", "meters"),
        lambda value: {stored.text(key): stored.whole(n) for key, n in value.items()}),
}
_NEW = {one.name: getattr(Practice(), one.name) for one in fields(Practice)}
_NEW_WORK = asdict(StepWork())
