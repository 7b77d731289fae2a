"""What the problem set's templates show, as plain data: no key, no unearned help, no matching rule is ever in it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from html import escape
from typing import Any

from adaptive_xblocks import platform_services
from adaptive_xblocks.problem_set_comfort import pause, rating, shows_pictures
from adaptive_xblocks.problem_set_offers import choice_rows
from adaptive_xblocks.problem_set_placement import probe_notice
from adaptive_xblocks.problem_set_run import Run
from adaptive_xblocks.problem_set_skills import number_rows, skill_list, skill_rows
from adaptive_xblocks.tutoring import progress
from adaptive_xblocks.tutoring.answers.registry import answer_type
from adaptive_xblocks.tutoring.answers.typing_help import rows_for
from adaptive_xblocks.tutoring.help import help_state
from adaptive_xblocks.tutoring.model import (
    RIGHT,
    UNREAD,
    WARNING,
    Fault,
    Help,
    Input,
    InputVerdict,
    Message,
    PartVerdict,
    Say,
    Step,
    StepVerdict,
    Text,
)
from adaptive_xblocks.tutoring.practice import RECORDED, StepWork
from adaptive_xblocks.tutoring.rich_text import has_blocks, plain_text

#: How many faults, and items left out, staff are shown; a broken import can have thousands.
MOST_FAULTS = 50
_PLACE = re.compile(r"\[\[input:([\w.-]+)\]\]")


def _(text: str) -> str:
    return text


#: What the client says by itself, with the names it knows them by (static/public/js/problem_set.js).
CLIENT_MESSAGES = {
    "checking": _("Checking…"),
    "loading": _("One moment…"),
    "retrying": _("The connection is slow or cut. What you typed is kept; trying again in {seconds} s."),
    "gave_up": _("We could not reach the site. What you typed is kept and nothing was counted twice."),
    "signed_out": _("You seem to be signed out. Sign in again in another tab, then try again. What you typed is kept."),
    "refused": _("That did not work. What you typed is kept; try again, or reload the page."),
    "empty": _("Type or choose an answer first."),
    "elsewhere": _("You went on in another tab or on another device. Here is where you are now."),
    "had_typed": _("What you had typed: {answer}"),
}
#: What static/public/js/answer_parts.js says of lines that move; sent where a document has such.
LINE_MESSAGES = {
    "line_at": _("Line {place} of {count}"),
    "line_level": _("Line {place} of {count}, indented {level}"),
    "line_out": _("Left out"),
    "line_up": _("Move “{line}” up, to line {place}"),
    "line_down": _("Move “{line}” down, to line {place}"),
    "line_in": _("Indent “{line}” to level {level}"),
    "line_back": _("Outdent “{line}” to level {level}"),
    "line_leave": _("Leave “{line}” out"),
    "line_use": _("Put “{line}” back, as line {place}"),
}
_UNSAVED = {
    "masquerade": _("You are viewing this as a learner. Your progress is not saved in this view."),
    "preview": _("This is a preview. Your progress is not saved in this view."),
}
_VERDICTS = {RIGHT: ("right", _("Yes, that is right")), UNREAD: ("unread", _("Not read yet"))}
_NOT_YET = ("not-yet", _("Not yet"))
_NOTED = _("Thank you. We will come back to this.")
_NO_RULE = _("Have another look at it. A hint may help.")
_PARTLY = _("Part of it is right. Have another look at the rest.")


def page_context(run: Run, notice: str = "") -> dict[str, Any]:
    """The whole context of `problem_set/page.html` and its parts."""
    practice, viewer = run.practice, run.session.viewer
    shows_progress = not run.withheld and viewer.unsaved != "anonymous"
    unsaved = _UNSAVED.get(viewer.unsaved)
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
        "item": _item(run) if practice.item and not end else None,
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


def announcement(run: Run, step: Step) -> str:
    """What a screen reader is told after an answer: the verdict in words, what is said of it, what was mastered."""
    translate, work = run.block.translate, run.practice.step(step.id)
    if work.verdict == RECORDED:
        return translate(_("Your answer is recorded."))
    verdict = run.judged(step, work.responses)
    shown = _verdict(run, work, verdict)
    is_said = verdict.kind == RIGHT  # by `_said` already
    notes = [translate(one.message) for one in verdict.inputs.values() if one.message and not is_said]
    names = {skill.id: skill.name for skill in run.document.skills.values()}
    mastered = [
        translate(Message(_("You have mastered “%(skill)s”."), {"skill": names.get(skill, skill)}))
        for skill in run.newly_mastered
    ]
    says = [part.say for one in verdict.inputs.values() for part in one.parts.values() if part.say]
    notes += [plain_text(_html(run, say)) for say in says]
    placed = probe_notice(run) if run.practice.placed else ""
    parts = [shown["title"], plain_text(shown["html"]), *notes, *mastered, placed]
    return ". ".join(part.rstrip(".") for part in parts if part)


def _stuck(run: Run) -> str:
    """A word about skills that have ended without mastery while practice goes on with others."""
    if not run.finished or run.practice.end or run.practice.choice.get("skill") in run.finished:
        return ""
    names = {skill.id: skill.name for skill in run.document.skills.values()}
    stuck = ", ".join(f"“{names.get(skill, skill)}”" for skill in run.bank.skills if skill in run.finished)
    return run.block.translate(Message(
        _("You have worked hard on %(skills)s. A person can help you with that now; "
          "here we go on with something else."),
        {"skills": stuck}))


def _item(run: Run) -> dict[str, Any]:
    item, variant = run.variant.item, run.variant
    hand = run.practice.open_step(item)
    steps = []
    for number, step in enumerate(item.steps, 1):
        work = run.practice.step(step.id)
        state = "done" if work.done else "open" if step is hand else "ahead"
        steps.append({"id": step.id, "at": f"{run.block.prefix}/{step.id}", "number": number, "of": len(item.steps),
                      "state": state, **(_step(run, step, work) if state != "ahead" else {})})
    is_over = run.practice.done and not run.withheld and run.practice.item not in run.practice.skipped
    return {
        "serving": run.practice.serving,
        "shown": run.shown,
        "title": variant.plain(Text(escape(item.title, quote=False))),
        "prompt_html": _html(run, item.prompt),
        "lang": item.lang,
        "dir": item.direction,
        "steps": steps,
        "done": run.practice.done,
        "solution_html": _html(run, item.solution) if is_over and item.solution else "",
        "recorded_only": run.withheld,
    }


def _html(run: Run, text: Text) -> str:
    return platform_services.replace_urls(run.block, run.variant.text(text))


def _step(run: Run, step: Step, work: StepWork) -> dict[str, Any]:
    verdict = run.judged(step, work.responses) if work.verdict and work.verdict != RECORDED else None
    helped = help_state(step, work.shown)
    limit = 0 if run.in_probe else run.block.max_attempts or 0
    return {
        "prompt": _prompt(run, step, work, verdict),
        "verdict": _verdict(run, work, verdict) if verdict else None,
        "answer_html": _answered(run, step, work) if work.done and work.verdict != RECORDED else "",
        "help": [
            {**_help(run, piece, number, len(step.help)), "rating": rating(run, step.id, piece.id)}
            for number, piece in enumerate(_in_order(step, work), 1)
        ],
        "help_left": helped.n_left,
        "next_shows_answer": helped.next_is_bottom_out,
        "opens_help": run.opens_help and not work.shown,
        "can_hint": bool(helped.next) and not work.done and run.can_answer and not run.withheld,
        "typing": [
            {"name": run.block.translate(row.name), "keys": row.keys, "html": row.html}
            for row in (() if work.done else rows_for(one.type for one in step.inputs))
        ],
        "attempts_left": max(0, limit - work.attempts) if limit and not work.done else None,
    }


def _in_order(step: Step, work: StepWork) -> list[Help]:
    pieces = {piece.id: piece for piece in step.help}
    return [pieces[shown] for shown in work.shown if shown in pieces]


def _prompt(run: Run, step: Step, work: StepWork, verdict: StepVerdict | None) -> list[dict[str, Any]]:
    """The prompt in pieces, its inputs where the author placed them; inputs without a place come last."""
    inputs = {one.id: one for one in step.inputs}
    pieces: list[dict[str, Any]] = []
    for index, part in enumerate(_PLACE.split(_html(run, step.prompt))):
        if index % 2 == 0:
            if part.strip():
                pieces.append({"html": part})
        elif part in inputs:
            pieces.append({"input": _input(run, step, inputs.pop(part), work, verdict)})
    return pieces + [{"input": _input(run, step, one, work, verdict)} for one in inputs.values()]


def _input(run: Run, step: Step, one: Input, work: StepWork, verdict: StepVerdict | None) -> dict[str, Any]:
    kind = answer_type(one.type)
    judged = verdict.inputs.get(one.id) if verdict else None
    if one.label:
        label = run.variant.plain(one.label)
    elif len(step.inputs) == 1:
        label = run.block.translate(_("Your answer"))
    else:
        label = run.block.translate(Message(
            _("Answer %(number)d of %(count)d"), {"number": step.inputs.index(one) + 1, "count": len(step.inputs)}))
    return {
        "id": one.id,
        "at": f"{run.block.prefix}/{step.id}/{one.id}",
        "type": one.type,
        "template": kind.template,
        "name": f"{run.block.prefix}-{step.id}-{one.id}",
        "label": label,
        "value": work.responses.get(one.id, ""),
        "verdict": judged.kind if judged else "",
        "message": run.block.translate(judged.message) if judged and judged.message else "",
        "view": _told(run, kind.laid_out(kind.view(one.spec, run.variant), work.responses.get(one.id, "")), judged),
    }


def _told(run: Run, view: dict[str, Any], judged: InputVerdict | None) -> dict[str, Any]:
    """The view with what is to be said of each part of the answer beside it, by handle."""
    parts = judged.parts if judged else {}
    return {
        name: [_told_part(run, one, parts) for one in value] if isinstance(value, list) else value
        for name, value in view.items()
    }


def _told_part(run: Run, part: Any, parts: Mapping[str, PartVerdict]) -> Any:
    if not isinstance(part, dict):
        return part
    verdict = parts.get(part.get("handle", ""))
    html = {"html": platform_services.replace_urls(run.block, part["html"])} if "html" in part else {}
    told = {"verdict": verdict.kind, "say": _html(run, verdict.say) if verdict.say else ""} if verdict else {}
    return {**part, **html, **told}


def _verdict(run: Run, work: StepWork, verdict: StepVerdict) -> dict[str, Any]:
    if run.in_probe and verdict.kind not in _VERDICTS:
        return {"kind": "not-yet", "title": run.block.translate(_NOTED), "html": ""}
    kind, title = _VERDICTS.get(verdict.kind, _NOT_YET)
    return {"kind": kind, "title": run.block.translate(title), "html": _said(run, work, verdict)}


def _said(run: Run, work: StepWork, verdict: StepVerdict) -> str:
    """The message that fits this error: the rule's own words (they name the learner's numbers), and the
    misconception's for this repetition: the first only where the rule has no words of its own. Of a right answer: what
    the author says to it, and what the learner should know of it, which no input shows any more."""
    if verdict.kind == UNREAD:
        return ""
    if verdict.kind == RIGHT:
        return "".join(_right_said(run, one) for one in verdict.inputs.values())
    misconception = run.document.misconceptions.get(verdict.misconception or "")
    said = [verdict.say] if verdict.say else []
    if misconception and (not said or work.repeat > 1):
        said += [say.text for say in _rung(misconception.says, work.repeat) if not said or say.repeat > 1]
    if said:
        return "".join(f"<div>{_html(run, text)}</div>" for text in said)
    if any(one.message for one in verdict.inputs.values()):
        return ""
    return run.block.translate(_PARTLY if verdict.credit else _NO_RULE)


def _right_said(run: Run, one: InputVerdict) -> str:
    note = f"<div>{escape(run.block.translate(one.message))}</div>" if one.message else ""
    return (f"<div>{_html(run, one.say)}</div>" if one.say else "") + note


def _rung(says: tuple[Say, ...], repeat: int) -> list[Say]:
    """The rung of a ladder for the `repeat`-th time: the highest that is reached, else the lowest; none if empty."""
    reached = [say for say in says if say.repeat <= max(1, repeat)]
    return [max(reached, key=lambda say: say.repeat)] if reached else sorted(says, key=lambda say: say.repeat)[:1]


def _answered(run: Run, step: Step, work: StepWork) -> str:
    """What the learner answered on a finished step, input by input, as HTML."""
    said = [
        answer_type(one.type).said(one.spec, run.variant, work.responses.get(one.id, "")) for one in step.inputs]
    return platform_services.replace_urls(run.block, ("" if any(map(has_blocks, said)) else ", ").join(said))


def _help(run: Run, piece: Help, number: int, of: int) -> dict[str, Any]:
    return {
        "id": piece.id,
        "kind": piece.kind,
        "number": number,
        "of": of,
        "title": run.variant.plain(piece.title) if piece.title else "",
        "html": _PLACE.sub("…", _html(run, piece.text)),
        "bottom_out": piece.bottom_out,
    }


def _why(run: Run) -> str:
    """The honest sentence, once the item is answered, unless correctness is withheld."""
    if not run.practice.done or run.withheld or not run.practice.choice or run.practice.end:
        return ""
    names = {skill.id: skill.name for skill in run.document.skills.values()}
    return run.block.translate(progress.reason_sentence(run.last_choice, names))


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
    names = {skill.id: skill.name for skill in run.document.skills.values()}
    return [
        run.block.translate(Message(sentence, {"skill": names.get(view.skill, view.skill)}))
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
