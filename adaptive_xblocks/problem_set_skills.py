"""The learner's skills on the page of a problem set: a meter and a few words each.

Their rows are filled in here and not in the template: with twenty skills its loops took more than half of the time of a
whole page. Every value is escaped, as in a template.
"""

from __future__ import annotations

from html import escape
from typing import Any

from django.utils.safestring import SafeString, mark_safe

from adaptive_xblocks.problem_set_comfort import shows_pictures
from adaptive_xblocks.problem_set_run import Run
from adaptive_xblocks.tutoring.model import Message
from adaptive_xblocks.tutoring.progress import METER


def _(text: str) -> str:
    return text


_DIPPED = _("Worth another look")
_PERCENT = _("%(percent)s %%")
_NOW = _("now")
_ROW = """<li class="ax-skill" data-skill="{id}" data-state="{state}"{mark}>
<span class="ax-skill-name"><span dir="auto">{name}</span>{now}<span class="ax-sr">: </span></span>
{picture}
<span class="ax-skill-words">{words}</span>
</li>
"""
_METER = '<span class="ax-meter" aria-hidden="true"><i data-p="{level}"></i></span>'
_PLANT = '<span class="ax-plants" aria-hidden="true" data-p="{level}">{plant}</span>'


def skill_list(run: Run) -> list[dict[str, Any]]:
    """How each skill with items stands, in the learner's language; `percent` is "" without evidence."""
    translate, states = run.block.translate, run.session.states
    now = run.practice.choice.get("skill") if run.practice.item and not run.practice.end else None
    shown = []
    for view in run.skill_views:
        state = states.get(view.skill)
        level = 10 if view.state == "mastered" else run.practice.meters.get(view.skill, 0)
        has_dipped = view.meter < level and view.state != "review"
        shown.append({
            "id": view.skill,
            "name": run.document.name_of(view.skill),
            "state": "later" if view.state == "waiting" else view.state,
            "level": level,
            "words": translate(_DIPPED if has_dipped else view.words),
            "next_words": translate(view.next_words) if view.next_words else "",
            "percent": translate(Message(_PERCENT, {"percent": str(round(100 * state.p_known))}))
            if state and state.opportunities else "",
            "now": view.skill == now,
        })
    return shown


def skill_rows(run: Run, skills: list[dict[str, Any]]) -> SafeString:
    """The items of the list of skills, as HTML."""
    now = f' <span class="ax-now">{escape(run.block.translate(_NOW))}</span>'
    tick = run.block.icon("tick")
    picture, drawn = (_PLANT, plants(run.block)) if shows_pictures(run) else (_METER, [""] * (METER + 1))
    rows = []
    for skill in skills:
        level = int(skill["level"])
        words = escape(skill["words"])
        if skill["next_words"]:
            words += f'<span class="ax-sr">, </span><span class="ax-next-words">{escape(skill["next_words"])}</span>'
        rows.append(_ROW.format(
            id=escape(skill["id"]), state=escape(skill["state"]), name=escape(skill["name"]),
            picture=picture.format(level=level, plant=drawn[level]),
            mark=" data-now" if skill["now"] else "", now=now if skill["now"] else "",
            words=tick + words if skill["state"] == "mastered" else words))
    return mark_safe("".join(rows))  # noqa: S308  every value was escaped above


def plants(block: Any) -> list[str]:
    """A plant for each level of a meter: a seed without evidence, a flower once mastered, three stages between."""
    stages = [block.render_part("problem_set/plant.html", {"stage": stage}) for stage in range(5)]
    return [stages[-1] if level == METER else stages[(level + 2) // 3] for level in range(METER + 1)]


def number_rows(skills: list[dict[str, Any]]) -> SafeString:
    """The items of the list of probabilities, as HTML; empty if there is no evidence."""
    return mark_safe("".join(  # noqa: S308  every value is escaped
        f'<li><span>{escape(skill["name"])}</span> <b>{escape(skill["percent"])}</b></li>'
        for skill in skills if skill["percent"]))
