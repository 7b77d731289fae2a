"""The item in hand as the templates show it: its steps, inputs, verdicts and the help that was earned, as plain data.

No key, no unearned help, no matching rule is ever in it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from html import escape
from typing import Any

from adaptive_xblocks import platform_services
from adaptive_xblocks.problem_set_comfort import rating
from adaptive_xblocks.problem_set_placement import probe_notice
from adaptive_xblocks.problem_set_run import Run
from adaptive_xblocks.tutoring.answers.registry import answer_type
from adaptive_xblocks.tutoring.answers.typing_help import rows_for
from adaptive_xblocks.tutoring.help import help_state
from adaptive_xblocks.tutoring.model import (
    RIGHT,
    UNREAD,
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

_PLACE = re.compile(r"\[\[input:([\w.-]+)\]\]")


def _(text: str) -> str:
    return text


_VERDICTS = {RIGHT: ("right", _("Yes, that is right")), UNREAD: ("unread", _("Not read yet"))}
_NOT_YET = ("not-yet", _("Not yet"))
_NOTED = _("Thank you. We will come back to this.")
_NO_RULE = _("Have another look at it. A hint may help.")
_PARTLY = _("Part of it is right. Have another look at the rest.")


def item_view(run: Run) -> dict[str, Any]:
    """The item in hand; of a step that the learner has not come to only that there is one."""
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
        "answer_html": _answered(run, step, work, verdict) if work.done and verdict else "",
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
    if _is_missed(run, verdict):
        return {"kind": "not-yet", "title": run.block.translate(_NOTED), "html": ""}
    kind, title = _VERDICTS.get(verdict.kind, _NOT_YET)
    return {"kind": kind, "title": run.block.translate(title), "html": _said(run, work, verdict)}


def _is_missed(run: Run, verdict: StepVerdict) -> bool:
    """True for a wrong answer of a probe, of which nothing is told."""
    return run.in_probe and verdict.kind not in _VERDICTS


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


def _answered(run: Run, step: Step, work: StepWork, verdict: StepVerdict) -> str:
    """What the learner answered on a finished step, input by input, as HTML."""
    said = []
    for one in step.inputs:
        kind = answer_type(one.type)
        spec = kind.silent(one.spec) if _is_missed(run, verdict) else one.spec
        said.append(kind.said(spec, run.variant, work.responses.get(one.id, "")))
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


def announcement(run: Run, step: Step) -> str:
    """What a screen reader is told after an answer: the verdict in words, what is said of it, what was mastered."""
    translate, work = run.block.translate, run.practice.step(step.id)
    if work.verdict == RECORDED:
        return translate(_("Your answer is recorded."))
    verdict = run.judged(step, work.responses)
    shown = _verdict(run, work, verdict)
    told = () if _is_missed(run, verdict) else verdict.inputs.values()
    is_said = verdict.kind == RIGHT  # then `_verdict` has said it
    notes = [translate(one.message) for one in told if one.message and not is_said]
    mastered = [
        translate(Message(_("You have mastered “%(skill)s”."), {"skill": run.document.name_of(skill)}))
        for skill in run.newly_mastered
    ]
    says = [part.say for one in told for part in one.parts.values() if part.say]
    notes += [plain_text(_html(run, say)) for say in says]
    placed = probe_notice(run) if run.practice.placed else ""
    parts = [shown["title"], plain_text(shown["html"]), *notes, *mastered, placed]
    return ". ".join(part.rstrip(".") for part in parts if part)
