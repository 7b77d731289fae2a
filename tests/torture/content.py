"""What the tortured learners practise, and how a browser reads its page.

The prompts say what to type, so that a client needs nothing but the page: it is as blind as a browser.
"""

from __future__ import annotations

import re
from typing import NamedTuple

#: The skill with parameters of its own. The first set of a course alone defines them: the others must hear of them
#: through the record. It never shares a step with another skill.
DEFINED = "b"
#: The skills of each set of the course, by its number.
SKILLS = (("a", "b"), ("a", "b", "c"), ("b", "c"), ("a", "c"))

#: The set that begins with a probe.
PROBED = 1

#: Two right answers master a skill: many runs come that far.
_SETTINGS = ' threshold="0.85" min_evidence="2"'
_ONE = """<item id="{id}" title="({id})" difficulty="{difficulty}"><variable name="n" values="2..90"/>
<prompt><p>Copy{edition}.</p></prompt><step id="s1" skills="{skill}"><prompt>Type {{@n@}}.</prompt><numeric answer="n"/>
<hint>Look.</hint><hint bottom_out="true">It is {{@n@}}.</hint></step></item>"""
_TWO = """<item id="{id}" title="({id})"><variable name="n" values="2..90"/>
<prompt><p>Copy twice{edition}.</p></prompt><step id="s1" skills="{skill}"><prompt>Type {{@n@}}.</prompt>
<numeric answer="n"/></step>
<step id="s2" skills="{both}"><prompt>Type {{@n + 1@}}.</prompt><numeric answer="n + 1"/></step></item>"""


def parameters(edition: int) -> dict[str, float]:
    """The parameters of the skill that is DEFINED, as the first set's author has them in an edition."""
    return {"prior": 0.2, "learn": 0.15 + edition % 7 / 100}


def document(number: int, edition: int = 0) -> str:
    """The OLX of a set; another `edition` changes the problems' texts, and with them their versions."""
    skills = SKILLS[number % len(SKILLS)]
    words = f", edition {edition}" if edition else ""
    parts = []
    for skill in skills:
        values = parameters(edition) if number == 0 and skill == DEFINED else {}
        settings = "".join(f' {name}="{value}"' for name, value in values.items())
        parts.append(f'<skill id="{skill}" name="Skill {skill}"{settings}/>')
    joint = " ".join(skill for skill in skills if skill != DEFINED)
    for skill in skills:
        parts += [_ONE.format(id=f"{skill}-{n}", skill=skill, difficulty=(n - 1) / 5, edition=words) for n in (1, 2)]
        parts.append(_TWO.format(id=f"{skill}-3", skill=skill, both=skill if skill == DEFINED else joint,
                                 edition=words))
    edited = " edited=\"2026-11-01\"" if number == 0 else ""  # so that its definitions are the later ones
    policy = ' policy="accelerate"' if number == PROBED else ""
    return f'<adaptive_problem_set schema="1" display_name="Set {number}"{_SETTINGS}{edited}{policy}>' + (
        "".join(parts) + "</adaptive_problem_set>")


class Shown(NamedTuple):
    """What a page shows: the item and step in hand, the number to type, and which buttons there are. `shown` is what
    the page wants sent back as the name of what it shows."""

    serving: int | None
    shown: str
    item: str
    step: str
    right: str
    buttons: frozenset[str]

    @classmethod
    def read(cls, html: str) -> Shown:
        """Read a page or a part of one."""
        def first(pattern: str) -> str:
            found = re.search(pattern, html, re.DOTALL)
            return found.group(1) if found else ""

        return cls(
            serving=int(first(r'data-serving="(\d+)"') or 0) or None,
            shown=first(r'data-serving="\d+"[^>]*data-item="([^"]*)"'),
            item=first(r"\(([abc]-\d)\)"),
            step=first(r'data-ax-form data-step="(\w+)"'),
            right=first(r'data-ax-form.*?Type (\d+)'),
            buttons=frozenset(re.findall(r'data-ax-act="(\w+)"', html)) | (
                {"confirm"} if "data-confirm" in html else set()),
        )
