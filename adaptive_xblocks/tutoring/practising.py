"""What a learner does in a problem set, as functions from one `Practice` to the next.

What an answer says about mastery leaves as an `Opportunity`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import NamedTuple

from adaptive_xblocks.tutoring import help as help_graph
from adaptive_xblocks.tutoring.history import Choice
from adaptive_xblocks.tutoring.judging import judge_step, step_options
from adaptive_xblocks.tutoring.model import RIGHT, UNREAD, WRONG, Document, Item, Step, StepVerdict
from adaptive_xblocks.tutoring.practice import RECORDED, Practice
from adaptive_xblocks.tutoring.variants import Variant

#: How many items and submissions are remembered for choosing and for resends.
RECENT_ITEMS = 8
RECENT_SUBMISSIONS = 24
#: An answer longer than this is not read by any answer type; what is kept of it for the page ends here.
MOST_KEPT = 500
WORKED_EXAMPLE = "worked-example"
#: Ends that fresh problems do not undo; a new round goes on after them.
LASTING_ENDS = ("mastered", "needs_a_person")
SKIP_REASONS = ("too-easy", "too-hard", "not-now", "broken")
#: What evidence is collected for, by the rule that chose the item.
_MODES = {"review": "review", "probe": "probe"}
#: What a new round forgets.
_BEGUN_ANEW = ("item", "item_version", "seed", "choice", "steps", "done", "served", "last_items", "last_skills",
               "failures", "last_failed", "failed_skills", "last_misconception", "skipped", "skip_reason", "too_hard",
               "end", "rated")


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


def finish(practice: Practice, item: Item) -> Practice:
    """Once the last step is done the item is: successes and failures are noted for the next choice.

    What was missed in a probe is no failure; a worked example that went well does not undo the failures before it.
    """
    if any(not practice.step(step.id).done for step in item.steps):
        return practice
    works = [practice.step(step.id) for step in item.steps]
    is_clean = all(work.is_clean for work in works) or practice.choice.get("rule") == "probe"
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
    new = Practice()
    return replace(
        practice,
        **{name: getattr(new, name) for name in _BEGUN_ANEW},
        round=practice.round + 1,
        continuing=practice.end if practice.end in LASTING_ENDS else "",
    )


def is_changed(practice: Practice, document: Document) -> bool:
    """True if the author changed or removed the item in hand since it was served."""
    item = document.items.get(practice.item)
    return bool(practice.item) and (item is None or item.version != practice.item_version)
