"""The page of answer types, docs/answer-types.md, as data: its items and presets, and what it says of typed answers.

The page is the only source. The browser plays its items, its pictures are taken of them, and its tables are checked
against the judge.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import NamedTuple

from adaptive_xblocks.demo.player import recognised, right_responses
from adaptive_xblocks.tutoring.model import Step
from adaptive_xblocks.tutoring.variants import Variant

PAGE = Path(__file__).resolve().parent.parent.parent / "docs" / "answer-types.md"
_SECTION = re.compile(r"^### (?P<title>.+)\n(?P<text>(?:(?!^##).*\n?)*)", re.MULTILINE)
_OLX = re.compile(r"^```xml\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_PICTURE = re.compile(r"^!\[(?P<alt>[^\]]+)\]\(images/answer-types/(?P<name>[\w-]+)\.png\)$", re.MULTILINE)
_ROW = re.compile(
    r"^\| (?P<typed>(?:`[^`]+` ?)+) \| (?P<kind>right|not yet|not read yet)\b(?P<rest>.*) \|$", re.MULTILINE)
_POLICY = re.compile(r'policy="([\w-]+)"')
KINDS = {"right": "right", "not yet": "wrong", "not read yet": "unread"}


class Typed(NamedTuple):
    """A row of a table: what is typed into the inputs in order, how it is judged, and words that the learner reads."""

    texts: tuple[str, ...]
    kind: str
    says: tuple[str, ...]


class Shown(NamedTuple):
    """A section of the page: its picture's name and words, a whole document, its policy ("" for an answer type)."""

    name: str
    alt: str
    olx: str
    policy: str
    rows: tuple[Typed, ...]

    def typed(self, step: Step, kind: str) -> dict[str, str] | None:
        """The first responses of the table that are judged so, by input id."""
        row = next((row for row in self.rows if row.kind == kind), None)
        return row and responses(step, row.texts)


@cache
def sections() -> Mapping[str, Shown]:
    """The sections of the page that have a source, by the name of their picture; answer types first."""
    found: dict[str, Shown] = {}
    for section in _SECTION.finditer(PAGE.read_text(encoding="utf-8")):
        (source,), (picture,) = _OLX.findall(section["text"]), _PICTURE.finditer(section["text"])
        policy = _POLICY.search(source) if source.startswith("<adaptive_problem_set") else None
        if policy and "policy-standard" in found:
            source = _with_top(found["policy-standard"].olx, source)
        olx = source if policy else _set_of(source)
        found[picture["name"]] = Shown(
            picture["name"], picture["alt"], olx, policy[1] if policy else "", tuple(_rows(section["text"])))
    return found


def types() -> list[str]:
    """The names of the answer types shown."""
    return [name for name, shown in sections().items() if not shown.policy]


def presets() -> list[str]:
    """The names of the presets shown."""
    return [name for name, shown in sections().items() if shown.policy]


def responses(step: Step, texts: Sequence[str]) -> dict[str, str]:
    """Texts, typed into the inputs of the step in order."""
    return {one.id: text for one, text in zip(step.inputs, texts, strict=True)}


def mistake(variant: Variant, step: Step) -> dict[str, str]:
    """Responses that the first `<wrong>` of the step recognises for which there are some."""
    return next(found for rule in step.wrongs if (found := recognised(variant, step, rule)))


def first_try(shown: Shown, variant: Variant, step: Step, unread: bool) -> tuple[str, dict[str, str]]:
    """Kind and responses of what a learner tries first: a mistake, or what is not read yet if the page has such."""
    typed = shown.typed(step, "unread") if unread else None
    return ("unread", typed) if typed else ("wrong", mistake(variant, step))


def solution(variant: Variant, step: Step) -> dict[str, str]:
    """Responses that are right."""
    return right_responses(variant, step)


def _rows(text: str) -> list[Typed]:
    return [
        Typed(tuple(re.findall(r"`([^`]+)`", row["typed"])), KINDS[row["kind"]],
              tuple(re.findall(r"\*([^*]+)\*", row["rest"])))
        for row in _ROW.finditer(text)
    ]


def _set_of(item: str) -> str:
    """A document of one item, with the skill that the item names."""
    skill = re.search(r'skills="([^"]+)"', item)[1]
    title = re.search(r'title="([^"]+)"', item)[1]
    return (f'<adaptive_problem_set schema="1" display_name="{title}"><skill id="{skill}" name="{title}"/>\n'
            f"{item}</adaptive_problem_set>\n")


def _with_top(olx: str, top: str) -> str:
    """A document with another opening tag."""
    return top.strip() + olx[olx.index(">") + 1:]
