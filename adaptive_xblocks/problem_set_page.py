"""What the problem set's templates show, as plain data: no key, no unearned help, no matching rule is ever in it."""

from __future__ import annotations

from typing import Any

from adaptive_xblocks.problem_set_comfort import pause, rating, shows_pictures
from adaptive_xblocks.problem_set_item import item_view
from adaptive_xblocks.problem_set_offers import choice_rows
from adaptive_xblocks.problem_set_placement import probe_notice
from adaptive_xblocks.problem_set_run import Run
from adaptive_xblocks.problem_set_skills import number_rows, skill_list, skill_rows
from adaptive_xblocks.tutoring import progress
from adaptive_xblocks.tutoring.model import WARNING, Fault, Message, Step

#: How many faults, and items left out, staff are shown; a broken import can have thousands.
MOST_FAULTS = 50


def _(text: str) -> str:
    return text


UNSAVED = {
    "masquerade": _("You are viewing this as a learner. Your progress is not saved in this view."),
    "preview": _("This is a preview. Your progress is not saved in this view."),
}


def page_context(run: Run, notice: str = "") -> dict[str, Any]:
    """The whole context of `problem_set/page.html` and its parts."""
    practice, viewer = run.practice, run.session.viewer
    shows_progress = not run.withheld and viewer.unsaved != "anonymous"
    unsaved = UNSAVED.get(viewer.unsaved)
    told = (probe_notice(run) or _stuck(run)) if shows_progress else ""
    notice = notice or (run.block.translate(unsaved) if unsaved else told)
    skills = skill_list(run) if shows_progress else []
    end = _end(run) if practice.end else None
    return {
        "prefix": run.block.prefix,
        "title": run.block.title,
        "lang": run.document.settings.get("lang", ""),
        "dir": run.document.settings.get("dir", ""),
        "skills": skills,
        "n_skills": len(skills),
        "skill_rows": skill_rows(run, skills) if skills else "",
        "number_rows": "" if shows_pictures(run) else number_rows(skills),
        "pause": pause(run),
        "n_mastered": sum(skill["state"] in ("mastered", "review") for skill in skills),
        "n_problems": practice.n_done if viewer.unsaved != "anonymous" else 0,
        "notice": {"kind": "info", "text": notice} if notice else None,
        "person": run.person() if run.finished and shows_progress and not end else None,
        "item": item_view(run) if practice.item and not end else None,
        "why": _why(run),
        "choices": choice_rows(run),
        "chooses": run.rules.offers and practice.done,
        "end": end,
        "can": {
            "answer": run.can_answer,
            "next": practice.done and not practice.end and not viewer.unsaved and not run.closed,
            "skip": run.can_answer and not practice.done and not viewer.unsaved,
            "restart": False,
        },
        "closed": run.block.translate(run.closed) if run.closed and viewer.unsaved != "anonymous" else "",
        "public": viewer.unsaved == "anonymous",
        "staff": _staff(run) if viewer.is_staff else None,
    }


def focus_of(run: Run, step: Step | None = None, start: bool = False) -> str:
    """The id that takes the focus: the place of the next thing to do.

    Ids of the page's own parts follow a "-", those made of the author's ids a "/", which no author's id can hold.
    """
    prefix, practice = run.block.prefix, run.practice
    if practice.end:
        return f"{prefix}-end"
    if start or not practice.item:
        return f"{prefix}-problem"
    hand = practice.open_step(run.variant.item)
    if practice.done or hand is None:
        return f"{prefix}-next"
    if practice.step(hand.id).verdict:
        return f"{prefix}/{hand.id}/{hand.inputs[0].id}"
    return f"{prefix}/{hand.id}"


def _stuck(run: Run) -> str:
    """A word about skills that have ended without mastery while practice goes on with others."""
    if not run.finished or run.practice.end or run.practice.choice.get("skill") in run.finished:
        return ""
    stuck = ", ".join(f"“{run.document.name_of(skill)}”" for skill in run.bank.skills if skill in run.finished)
    return run.block.translate(Message(
        _("You have worked hard on %(skills)s. A person can help you with that now; "
          "here we go on with something else."),
        {"skills": stuck}))


def _why(run: Run) -> str:
    """The honest sentence, once the item is answered, unless correctness is withheld."""
    if not run.practice.done or run.withheld or not run.practice.choice or run.practice.end:
        return ""
    return run.block.translate(progress.reason_sentence(run.last_choice, run.document.skill_names))


_ENDS = {
    "mastered": (_("You have mastered this topic"), _("Every skill here is yours now: your answers show it.")),
    "needs_a_person": (
        _("Time to talk to a person"),
        _("You have put in a lot of work, and a person can now help you more than another problem would."),
    ),
    "exhausted": (
        _("You have been through every problem"),
        _("There are no fresh problems left that fit. You can go through them again with new numbers."),
    ),
    "finished": (_("All answers are recorded"), _("You have answered every problem. Thank you.")),
    "empty": (_("Nothing to practise here yet"), _("This problem set has no problem that can be shown.")),
}


def _end(run: Run) -> dict[str, Any]:
    translate = run.block.translate
    kind = run.practice.end
    title, text = _ENDS[kind]
    return {
        "kind": kind,
        "title": translate(title),
        "text": translate(text),
        "items": _to_do(run),
        "person": run.person() if kind == "needs_a_person" else None,
        "rating": rating(run, end=kind),
        "can_continue": kind not in ("finished", "empty") and not run.closed and not run.session.viewer.unsaved,
        "can_restart": kind != "empty" and not run.closed and not run.session.viewer.unsaved,
    }


def _to_do(run: Run) -> list[str]:
    """What is left, a line each."""
    sentences = {
        "mastered": (_("Worth another look: “%(skill)s”."), {"review"}),
        "needs_a_person": (_("Ask about “%(skill)s”."), {"started", "halfway", "almost"}),
        "exhausted": (_("Not mastered yet: “%(skill)s”."), {"new", "started", "halfway", "almost", "waiting"}),
    }
    sentence, states = sentences.get(run.practice.end, ("", set()))
    return [
        run.block.translate(Message(sentence, {"skill": run.document.name_of(view.skill)}))
        for view in run.skill_views if view.state in states
    ]


def _staff(run: Run) -> dict[str, Any]:
    document = run.document
    left_out = {fault for left in document.left_out for fault in left.faults}
    faults = [fault for fault in document.faults if fault not in left_out] + _conflicts(run)
    view = run.block.fault_view
    return {
        "n_items": len(document.items),
        "n_left_out": len(document.left_out),
        "left_out": [
            {"id": left.id, "line": left.line, "faults": list(map(view, left.faults[:MOST_FAULTS]))}
            for left in document.left_out[:MOST_FAULTS]
        ],
        "faults": list(map(view, faults[:MOST_FAULTS])),
        "n_untold": max(0, len(document.left_out) - MOST_FAULTS) + max(0, len(faults) - MOST_FAULTS),
    }


def _conflicts(run: Run) -> list[Fault]:
    """A warning for each skill whose parameters here do not count, because another block's do."""
    problem = _("Another block of this course gives “%(skill)s” other values; the one edited last counts.")
    remedy = Message(_("Write the same values in every block that declares this skill."))
    return [
        Fault(WARNING, run.document.skills[skill].line, "skill", Message(problem, {"skill": skill}), remedy)
        for skill in run.session.conflicting_skills
    ]
