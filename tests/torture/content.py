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

#: The set that begins with a probe (its skills build on each other), and the one in which learners choose.
PROBED, CHOOSING = 1, 2

#: Two right answers master a skill: many runs come that far.
_SETTINGS = ' threshold="0.85" min_evidence="2"'
_ONE = """<item id="{id}" title="({id})" difficulty="{difficulty}"><variable name="n" values="2..90"/>
<prompt><p>Copy{edition}.</p></prompt><step id="s1" skills="{skill}"><prompt>Type {{@n@}}.</prompt><numeric answer="n"/>
<hint>Look.</hint><hint bottom_out="true">It is {{@n@}}.</hint></step></item>"""
_TWO = """<item id="{id}" title="({id})"><variable name="n" values="2..90"/>
<prompt><p>Copy twice{edition}.</p></prompt><step id="s1" skills="{skill}"><prompt>Type {{@n@}}.</prompt>
<numeric answer="n"/></step>
<step id="s2" skills="{both}"><prompt>Type {{@n + 1@}}.</prompt><numeric answer="n + 1"/></step></item>"""
_ORDER = """<item id="{id}" title="({id})"><variable name="n" values="2..90"/>
<prompt><p>Put in order{edition}.</p></prompt><step id="s1" skills="{skill}"><prompt>From the smallest on.</prompt>
<order>{lines}</order><hint>Look.</hint><hint bottom_out="true">Count on from {{@n@}}.</hint></step></item>"""
_MATCH = """<item id="{id}" title="({id})"><variable name="n" values="2..90"/>
<prompt><p>Find the same{edition}.</p></prompt><step id="s1" skills="{skill}"><prompt>What is the same?</prompt>
<match>{pairs}</match></step></item>"""
_LINES = "".join(f"<line>{{@n + {k}@}}</line>" for k in range(5))
_PAIRS = "".join(f"<pair><left>{{@n + {k}@}}</left><right>{{@n + {k}@}}</right></pair>" for k in range(4))


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
        settings += f' requires="{chr(ord(skill) - 1)}"' if number == PROBED and skill > "a" else ""
        parts.append(f'<skill id="{skill}" name="Skill {skill}"{settings}/>')
    joint = " ".join(skill for skill in skills if skill != DEFINED)
    for skill in skills:
        parts += [_ONE.format(id=f"{skill}-{n}", skill=skill, difficulty=(n - 1) / 5, edition=words) for n in (1, 2)]
        parts.append(_TWO.format(id=f"{skill}-3", skill=skill, both=skill if skill == DEFINED else joint,
                                 edition=words))
        parts.append(_ORDER.format(id=f"{skill}-4", skill=skill, lines=_LINES, edition=words))
        parts.append(_MATCH.format(id=f"{skill}-5", skill=skill, pairs=_PAIRS, edition=words))
    edited = " edited=\"2026-11-01\"" if number == 0 else ""  # so that its definitions are the later ones
    policy = {PROBED: ' policy="accelerate"', CHOOSING: ' policy="choice"'}.get(number, "")
    return f'<adaptive_problem_set schema="1" display_name="Set {number}"{_SETTINGS}{edited}{policy}>' + (
        "".join(parts) + "</adaptive_problem_set>")


class Shown(NamedTuple):
    """What a page shows: the item and step in hand, what to answer and what would be wrong, which buttons there are,
    what may be chosen instead, and which help may be rated. `shown` is what the page wants sent back as the name of
    what it shows."""

    serving: int | None
    shown: str
    item: str
    step: str
    right: str
    wrong: str
    buttons: frozenset[str]
    choices: tuple[str, ...] = ()
    rated: tuple[str, ...] = ()
    end: str = ""

    @classmethod
    def read(cls, html: str) -> Shown:
        """Read a page or a part of one."""
        def first(pattern: str) -> str:
            found = re.search(pattern, html, re.DOTALL)
            return found.group(1) if found else ""

        right, wrong = _answers(first(r"(data-ax-form.*?</form>)"))
        return cls(
            serving=int(first(r'data-serving="(\d+)"') or 0) or None,
            shown=first(r'data-serving="\d+"[^>]*data-item="([^"]*)"'),
            item=first(r"\(([abc]-\d)\)"),
            step=first(r'data-ax-form data-step="(\w+)"'),
            right=right,
            wrong=wrong,
            buttons=frozenset(re.findall(r'data-ax-act="(\w+)"', html)) | (
                {"confirm"} if "data-confirm" in html else set()),
            choices=tuple(re.findall(r'data-ax-act="choose"[^>]*data-item="([^"]*)"', html)),
            end=first(r'ax-end" data-kind="([^"]*)"'),
            rated=tuple(re.findall(r'data-ax-act="rate"[^>]*data-help="(\w+)"', html)),
        )


def _answers(form: str) -> tuple[str, str]:
    """The right answer to a form, and a wrong one."""
    if 'data-type="order"' in form:
        lines = re.findall(r'data-part="(\d+)".*?ax-line-text[^>]*>\D*?(\d+)', form, re.DOTALL)
        handles = [handle for handle, number in sorted(lines, key=lambda line: int(line[1]))]
        return " ".join(handles), " ".join(reversed(handles))
    if 'data-type="match"' in form:
        rows = re.findall(r'<label for="[^"]*//row(\d+)"><span[^>]*>\D*?(\d+)', form, re.DOTALL)
        options = {number: handle for handle, number in re.findall(r'<option value="(\d+)"[^>]*>(\d+)', form)}
        right = [options[number] for _row, number in rows]
        return tuple(" ".join(f"{row}={handle}" for (row, _number), handle in zip(rows, handles))
                     for handles in (right, right[1:] + right[:1]))
    found = re.search(r"Type (\d+)", form)
    return (found.group(1), f"-{found.group(1)}") if found else ("", "-")
