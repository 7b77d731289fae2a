"""The learner's skills on the page of a problem set: a meter and a few words each.

Their rows are filled in here and not in the template: with twenty skills its loops took more than half of the time of a
whole page. Every value is escaped, as in a template.
"""

from __future__ import annotations

from html import escape
from typing import Any

from django.utils.safestring import SafeString, mark_safe

from adaptive_xblocks.problem_set_run import Run
from adaptive_xblocks.tutoring.model import Message


def _(text: str) -> str:
    return text


_DIPPED = _("Worth another look")
_PERCENT = _("%(percent)s %%")
_NOW = _("now")
_ROW = """<li class="ax-skill" data-skill="{id}" data-state="{state}"{mark}>
<span class="ax-skill-name"><span dir="auto">{name}</span>{now}<span class="ax-sr">: </span></span>
<span class="ax-meter" aria-hidden="true"><i data-p="{level}"></i></span>
<span class="ax-skill-words">{words}</span>
</li>
"""


def skill_list(run: Run) -> list[dict[str, Any]]:
    """How each skill with items stands, in the learner's language; `percent` is "" without evidence."""
    translate, states, skills = run.block.translate, run.session.states, run.document.skills
    now = run.practice.choice.get("skill") if run.practice.item and not run.practice.end else None
    shown = []
    for view in run.skill_views:
        state = states.get(view.skill)
        level = 10 if view.state == "mastered" else run.practice.meters.get(view.skill, 0)
        has_dipped = view.meter < level and view.state != "review"
        shown.append({
            "id": view.skill,
            "name": skills[view.skill].name if view.skill in skills else view.skill,
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
    rows = []
    for skill in skills:
        words = escape(skill["words"])
        if skill["next_words"]:
            words += f'<span class="ax-sr">, </span><span class="ax-next-words">{escape(skill["next_words"])}</span>'
        rows.append(_ROW.format(
            id=escape(skill["id"]), state=escape(skill["state"]), name=escape(skill["name"]), level=int(skill["level"]),
            mark=" data-now" if skill["now"] else "", now=now if skill["now"] else "",
            words=tick + words if skill["state"] == "mastered" else words))
    return mark_safe("".join(rows))  # noqa: S308  every value was escaped above


def number_rows(skills: list[dict[str, Any]]) -> SafeString:
    """The items of the list of probabilities, as HTML; empty if there is no evidence."""
    return mark_safe("".join(  # noqa: S308  every value is escaped
        f'<li><span>{escape(skill["name"])}</span> <b>{escape(skill["percent"])}</b></li>'
        for skill in skills if skill["percent"]))
