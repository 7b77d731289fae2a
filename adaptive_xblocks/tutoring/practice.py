"""A learner's way through a problem set, as a value: which item is in hand, what was done on it, what came before.

`Practice` is what a block stores beside its evidence; every function here takes one and returns the next. Nothing here
knows storage, time or the page. What an answer says about mastery leaves as an `Opportunity`.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from typing import Any, NamedTuple

from adaptive_xblocks.tutoring import help as help_graph
from adaptive_xblocks.tutoring import stored_values as stored
from adaptive_xblocks.tutoring.history import Choice, History
from adaptive_xblocks.tutoring.judging import judge_step, step_options
from adaptive_xblocks.tutoring.model import RIGHT, UNREAD, WRONG, Document, Item, Step, StepVerdict
from adaptive_xblocks.tutoring.variants import Variant

log = logging.getLogger(__name__)

SCHEMA = 1
#: How many items and submissions are remembered for choosing and for resends.
RECENT_ITEMS = 8
RECENT_SUBMISSIONS = 24
#: An answer longer than this is not read by any answer type; what is kept of it for the page ends here.
MOST_KEPT = 500
WORKED_EXAMPLE = "worked-example"
RECORDED = "recorded"  # answered while the platform withholds what was right
#: Ends that fresh problems do not undo; a new round goes on after them.
LASTING_ENDS = ("mastered", "needs_a_person")
SKIP_REASONS = ("too-easy", "too-hard", "not-now", "broken")


class Opportunity(NamedTuple):
    """What the first readable answer on a step said: everything that evidence needs beside who and when.

    `credit` and `help` are exact ratios of small whole numbers, `options` as in `judging.step_options`, `difficulty`
    in hundredths of a logit.
    """

    step: str
    step_index: int
    skills: tuple[str, ...]
    credit: tuple[int, int]
    help: tuple[int, int]
    options: int
    difficulty: int
    answer_type: str
    hint_first: bool
    misconception: str
    error: str
    mode: str


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

    @property
    def in_probe(self) -> bool:
        """True if the item in hand is one of those that find a newcomer's place."""
        return self.choice.get("rule") == "probe"

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


def serve(practice: Practice, item: Item, seed: int, choice: Choice, policy: str) -> Practice:
    """Put an item in the learner's hand."""
    serving = practice.serving + 1
    times = practice.served.get(item.id, (0, 0))[0]
    return replace(
        practice,
        serving=serving,
        item=item.id,
        item_version=item.version,
        seed=seed,
        choice={
            "skill": choice.skill, "rule": choice.rule, "reason": dict(choice.reason), "policy": policy,
            "propensity": choice.propensity, "runners_up": [runner[0] for runner in choice.runners_up],
        },
        steps={},
        done=not item.steps,
        served={**practice.served, item.id: (times + 1, serving)},
        last_items=(*practice.last_items, item.id)[-RECENT_ITEMS:],
        last_skills=(*practice.last_skills, choice.skill or "")[-RECENT_ITEMS:],
        last_misconception="",
        probed=practice.probed + (choice.rule == "probe"),
        skip_reason="",
        end="",
        rated={},
    )


def answer(
    practice: Practice, variant: Variant, step: Step, responses: Mapping[str, str],
    submission: str, *, withheld: bool = False, most_attempts: int = 0,
) -> tuple[Practice, StepVerdict, Opportunity | None]:
    """Judge an answer on the step in hand.

    Returns the practice after it, the verdict, and the opportunity if this was the step's first readable answer.
    `withheld`: the platform does not let the learner know what is right, so one answer ends the step.
    `most_attempts`: after so many readable answers the step ends (0: no limit).
    """
    verdict = judge_step(variant, step, responses)
    before = practice.step(step.id)
    kept = {key: str(value)[:MOST_KEPT] for key, value in responses.items()}
    if verdict.kind == UNREAD:
        work = replace(before, verdict=UNREAD, responses=kept, misconception="", repeat=0)
        return replace(practice, steps={**practice.steps, step.id: work}), verdict, None
    opportunity = None
    if before.credit is None:
        opportunity = _opportunity(
            variant.item, step, verdict, before.shown, _MODES.get(str(practice.choice.get("rule")), "practice"))
    counts = dict(practice.misconceptions)
    met = verdict.misconception or ""
    is_repeated_answer = before.verdict == WRONG and before.responses == kept
    if met and not is_repeated_answer:
        counts[met] = counts.get(met, 0) + 1
    attempts = before.attempts + 1
    is_over = withheld or verdict.kind == RIGHT or 0 < most_attempts <= attempts
    work = replace(
        before,
        attempts=attempts,
        verdict=RECORDED if withheld else verdict.kind,
        responses=kept,
        credit=before.credit or opportunity.credit,
        help=before.help if before.credit else opportunity.help,
        misconception=met,
        repeat=counts.get(met, 0),
        done=is_over,
    )
    practice = replace(
        practice,
        steps={**practice.steps, step.id: work},
        submissions=(*practice.submissions, submission)[-RECENT_SUBMISSIONS:],
        misconceptions=counts,
        last_misconception=met or practice.last_misconception,
    )
    return (finish(practice, variant.item) if is_over else practice), verdict, opportunity


def reveal(practice: Practice, step: Step, submission: str = "") -> tuple[Practice, help_graph.HelpState]:
    """Show the next piece of help on a step; the same practice if none is left. Returns the state before it.

    `submission` is remembered, so that a resend of the request shows no more."""
    work = practice.step(step.id)
    state = help_graph.help_state(step, work.shown)
    if state.next is None:
        return practice, state
    work = replace(work, shown=(*work.shown, state.next.id))
    known = (*practice.submissions, submission)[-RECENT_SUBMISSIONS:] if submission else practice.submissions
    return replace(practice, steps={**practice.steps, step.id: work}, submissions=known), state


def rating_key(step: str = "", piece: str = "", end: str = "") -> str:
    """Under what a rating is kept: a piece of help on a step of the item in hand, or an end."""
    return f"{step}/{piece or end}"


def rate(practice: Practice, key: str, helpful: bool) -> Practice:
    """Keep what the learner said of a piece of help or of an end; the same practice if they said it before. The
    caller makes sure that it was shown: so there are never more than the item has help, and one for each end."""
    if practice.rated.get(key) is helpful:
        return practice
    return replace(practice, rated={**practice.rated, key: helpful})


def skip(practice: Practice, reason: str = "not-now") -> Practice:
    """Lay the item in hand aside, unpunished: no evidence, no failure, not served again while a fresh one is fit."""
    too_hard = (*practice.too_hard, practice.item) if reason == "too-hard" else practice.too_hard
    return replace(practice, done=True, skipped=(*practice.skipped, practice.item)[-RECENT_ITEMS:], last_failed="",
                   skip_reason=reason, too_hard=too_hard[-RECENT_ITEMS:])


def put_back(practice: Practice) -> Practice:
    """Put an item that was not begun back, as fresh as it was, because the learner chose another one."""
    times, serving = practice.served.get(practice.item, (1, 0))
    others = {item: when for item, when in practice.served.items() if item != practice.item}
    return replace(
        practice, done=True, served={**others, practice.item: (times - 1, serving)} if times > 1 else others,
        last_items=practice.last_items[:-1], last_skills=practice.last_skills[:-1])


def restart(practice: Practice) -> Practice:
    """Begin a new round: all items are fresh again; evidence, mastery and the numbering of servings stay."""
    return replace(
        practice,
        **{name: _NEW[name] for name in _BEGUN_ANEW},
        round=practice.round + 1,
        continuing=practice.end if practice.end in LASTING_ENDS else "",
    )


def is_changed(practice: Practice, document: Document) -> bool:
    """True if the author changed or removed the item in hand since it was served."""
    item = document.items.get(practice.item)
    return bool(practice.item) and (item is None or item.version != practice.item_version)


def _opportunity(
    item: Item, step: Step, verdict: StepVerdict, shown: tuple[str, ...], mode: str
) -> Opportunity:
    return Opportunity(
        step=step.id,
        step_index=item.steps.index(step),
        skills=step.skills,
        credit=(verdict.credit.numerator, verdict.credit.denominator),
        help=help_graph.share(shown, step) if step.help else (0, 1),
        options=step_options(step),
        difficulty=round(item.difficulty * 100),
        answer_type="+".join(sorted({one.type for one in step.inputs})),
        hint_first=bool(shown),
        misconception=verdict.misconception or "",
        error=verdict.matched or ("" if verdict.kind == RIGHT else "unmatched"),
        mode=WORKED_EXAMPLE if item.format == WORKED_EXAMPLE else mode,
    )


def finish(practice: Practice, item: Item) -> Practice:
    """Once the last step is done the item is: successes and failures are noted for the next choice.

    What was missed in a probe is no failure; a worked example that went well does not undo the failures before it.
    """
    if any(not practice.step(step.id).done for step in item.steps):
        return practice
    works = [practice.step(step.id) for step in item.steps]
    is_clean = all(work.is_clean for work in works) or practice.in_probe
    keeps_failures = is_clean and item.format == WORKED_EXAMPLE
    failed = {skill for step, work in zip(item.steps, works) if not work.is_clean for skill in step.skills}
    is_solved = all(work.verdict == RIGHT or (work.verdict == RECORDED and work.is_right) for work in works)
    return replace(
        practice,
        done=True,
        n_done=practice.n_done + 1,
        failures=practice.failures + 1 if not is_clean else practice.failures if keeps_failures else 0,
        last_failed="" if is_clean else item.id,
        failed_skills=(*practice.failed_skills, *sorted(failed))[-RECENT_ITEMS:] if not is_clean else (
            practice.failed_skills if keeps_failures else ()),
        last_misconception="" if is_clean else practice.last_misconception,
        solved=practice.solved if item.id in practice.solved or not is_solved else (*practice.solved, item.id),
    )


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
#: What evidence is collected for, by the rule that chose the item.
_MODES = {"review": "review", "probe": "probe"}
_NEW = {one.name: getattr(Practice(), one.name) for one in fields(Practice)}
_NEW_WORK = asdict(StepWork())
_BEGUN_ANEW = ("item", "item_version", "seed", "choice", "steps", "done", "served", "last_items", "last_skills",
               "failures", "last_failed", "failed_skills", "last_misconception", "skipped", "skip_reason", "too_hard",
               "end", "rated")
