"""The probe of a problem set: which answers it goes by, what it asks next, and what it declares in the end (0013).

What was answered is read from the block's log, and what is sure is worked out from it anew each time: a request that
was lost is made up for by the next one.
"""

from __future__ import annotations

from dataclasses import replace
from random import Random
from typing import TYPE_CHECKING

from adaptive_xblocks.mastery import SkillState
from adaptive_xblocks.tutoring import placement
from adaptive_xblocks.tutoring.history import Choice
from adaptive_xblocks.tutoring.model import Message
from adaptive_xblocks.tutoring.placement import Answer

if TYPE_CHECKING:
    from adaptive_xblocks.learner_session import LearnerSession
    from adaptive_xblocks.problem_set_run import Run

PROBE = "probe"


def _(text: str) -> str:
    return text


_IN_PROBE = _("A few problems to find your place. One answer to each is enough; skip what you have not met yet.")
_PLACED = _("Your place is found. You know already: %(skills)s.")
_BEGIN = _("Your place is found, and from here on you practise.")


def is_on(run: Run) -> bool:
    """True while a newcomer's place is looked for."""
    practice = run.practice
    return bool(run.rules.probe) and not practice.placed and (practice.probed > 0 or practice.serving == 0)


def next_choice(run: Run, rng: Random, unservable: set[str]) -> Choice | None:
    """The next item of the probe; None if there is none to be, and then the learner has been placed."""
    if not is_on(run):
        return None
    answers, history = answered(run.session), run.history
    history = replace(history, skipped=history.skipped | unservable)
    choice = placement.next_probe(
        run.bank, _known_without(run.session), history, answers, run.practice.probed, run.rules, rng)
    if choice is None:
        _place(run, answers)
    return choice


def settle(run: Run, submission: str) -> None:
    """Place the learner if the item just done was the last that was needed; the answer's receipt tells of it."""
    if not is_on(run):
        return
    answers, record = answered(run.session), _known_without(run.session)
    if placement.is_settled(run.bank, record, answers, run.practice.probed, run.rules):
        _place(run, answers, submission)


def answered(session: LearnerSession) -> list[Answer]:
    """What was answered in the probe without help, each step once."""
    first = {}
    for piece in session.log.pieces:
        if piece.kind.mode == PROBE:
            first.setdefault(piece.opportunity, piece.kind)
    return [
        Answer(kind.skills, kind.credit[0] / kind.credit[1], 1 / kind.options if kind.options else 0.0,
               kind.difficulty / 100)
        for kind in first.values() if not kind.help[0]
    ]


def probe_notice(run: Run) -> str:
    """What the page says above a problem of the probe, and once when the probe is over; "" elsewhere."""
    if run.newly_placed:
        skills = ", ".join(f"“{run.document.name_of(skill)}”" for skill in run.newly_placed)
        return run.block.translate(Message(_PLACED, {"skills": skills}))
    if run.practice.end:
        return ""
    if run.practice.placed:
        is_new = run.practice.probed > 0 and not run.session.stored_practice.placed
        return run.block.translate(_BEGIN) if is_new else ""
    return run.block.translate(_IN_PROBE) if run.in_probe else ""


def _known_without(session: LearnerSession) -> dict[str, SkillState]:
    """What is known of the learner from elsewhere."""
    course = session.course
    others = [piece for piece in course.pieces if piece.block != session.key or piece.kind.mode != PROBE]
    return replace(course, pieces=others, notes=None).fold()


def _place(run: Run, answers: list[Answer], submission: str = "") -> None:
    run.session.place(placement.placed(run.bank, _known_without(run.session), answers), submission)
    run.practice = replace(run.practice, placed=True)
    run.refresh()
