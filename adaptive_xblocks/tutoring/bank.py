"""The items of a document, indexed for choosing: built once per document, shared by all learners."""

from __future__ import annotations

import weakref
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from adaptive_xblocks.mastery import BktParameters, SkillState
from adaptive_xblocks.tutoring.document_settings import threshold
from adaptive_xblocks.tutoring.history import History
from adaptive_xblocks.tutoring.judging import step_options
from adaptive_xblocks.tutoring.model import Document, Item

#: Formats that come by rule, after failures.
WORKED_EXAMPLE, TUTOR = "worked-example", "tutor"

_banks: dict[int, Bank] = {}


@dataclass(frozen=True, slots=True)
class Group:
    """Items that need exactly the same skills, easiest first. Within a group success falls as difficulty
    rises."""

    skills: tuple[str, ...]
    item_ids: tuple[str, ...]
    positions: Mapping[str, int]
    difficulties: tuple[float, ...]
    recyclable: tuple[str, ...]  # items with variables: they can come again with new numbers
    guess: float
    slip: float


class Bank:
    """Items by skill. Use `Bank.of(document)`, which builds it at most once for a document that lives.

    `skills` are those with items, in the document's order; `groups` the problems by their skills;
    `groups_of[skill]` the indexes of the groups that practise it.
    `chances[skill]` is the largest success in [0, 1) of blind guessing at its steps.
    Worked examples are in `examples[skill]`, guided items in `guided[skill]`: they come by rule, not by gain; a guided
    item is a problem as well where nothing else practises one of its skills.
    """

    def __init__(self, document: Document, parameters: Mapping[str, BktParameters] | None = None) -> None:
        self.items: Mapping[str, Item] = document.items
        self.misconceptions = document.misconceptions
        problems = _problems(document.items.values())
        self.skills = _in_order(document.skills, problems)
        self.requires = {skill: _requires(document, skill, set(self.skills)) for skill in self.skills}
        self.parameters = {
            skill: _parameters(document, skill, parameters or {}) for skill in _mentioned(document)
        }
        self.chances = _chances(problems)
        self.thresholds = {skill: threshold(document, skill) for skill in self.skills}
        self.groups = tuple(self._grouped(problems))
        self.groups_of = _groups_of(self.groups, self.skills)
        self.examples = _of_format(document.items.values(), WORKED_EXAMPLE)
        self.guided = _of_format(document.items.values(), TUTOR)

    @classmethod
    def of(cls, document: Document) -> Bank:
        """The document's bank, built at the first call and dropped with the document."""
        key = id(document)
        bank = _banks.get(key)
        if bank is None:
            bank = _banks[key] = cls(document)
            weakref.finalize(document, _banks.pop, key, None)
        return bank

    def p_known(self, skill: str, record: Mapping[str, SkillState]) -> float:
        """Mastery of a skill, its prior where the record says nothing."""
        state = record.get(skill)
        return self.parameters[skill].prior if state is None else state.p_known

    def active_skills(self, record: Mapping[str, SkillState], history: History) -> list[str]:
        """Skills with items that are neither mastered nor finished, in the document's order."""
        finished = history.finished
        return [
            skill
            for skill in self.skills
            if skill not in finished and not ((state := record.get(skill)) is not None and state.mastered)
        ]

    def open_skills(self, record: Mapping[str, SkillState], history: History) -> frozenset[str]:
        """Skills in reach: opened before, or every prerequisite with items is mastered or finished."""
        done = {skill for skill, state in record.items() if state.mastered}
        done |= history.finished
        opened = history.opened
        return frozenset(
            skill for skill in self.skills if skill in opened or done.issuperset(self.requires[skill])
        )

    def _grouped(self, problems: list[Item]) -> Iterable[Group]:
        by_skills: dict[tuple[str, ...], list[Item]] = {}
        for item in problems:
            by_skills.setdefault(tuple(sorted(set(item.skills))), []).append(item)
        for skills, items in by_skills.items():
            # A stable sort: equally difficult items stay in the author's order.
            items.sort(key=lambda item: item.difficulty)
            yield Group(
                skills=skills,
                item_ids=tuple(item.id for item in items),
                positions={item.id: position for position, item in enumerate(items)},
                difficulties=tuple(float(item.difficulty) for item in items),
                recyclable=tuple(item.id for item in items if item.variables),
                guess=min(self.parameters[skill].guess for skill in skills),
                slip=max(self.parameters[skill].slip for skill in skills),
            )


def _mentioned(document: Document) -> dict[str, None]:
    """Every skill that the document defines or an item names."""
    named = dict.fromkeys(document.skills)
    for item in document.items.values():
        named.update(dict.fromkeys(item.skills))
    return named


def _in_order(defined: Iterable[str], problems: list[Item]) -> tuple[str, ...]:
    """Skills that have problems: the defined ones in the author's order, then those that items alone name."""
    practised = dict.fromkeys(skill for item in problems for skill in item.skills)
    known = set(defined)
    return tuple([skill for skill in defined if skill in practised] + [s for s in practised if s not in known])


def _requires(document: Document, skill: str, practised: set[str]) -> tuple[str, ...]:
    """Prerequisites that can be met here: one without items only advises."""
    known = document.skills.get(skill)
    return tuple(other for other in known.requires if other in practised and other != skill) if known else ()


def _parameters(document: Document, skill: str, given: Mapping[str, BktParameters]) -> BktParameters:
    if skill in given:
        return given[skill]
    known = document.skills.get(skill)
    try:
        return BktParameters(**known.parameters) if known else BktParameters()
    except (TypeError, ValueError):
        # The parser has told the author; learners go on with the defaults.
        return BktParameters()


def _groups_of(groups: tuple[Group, ...], skills: tuple[str, ...]) -> dict[str, tuple[int, ...]]:
    found: dict[str, list[int]] = {skill: [] for skill in skills}
    for index, group in enumerate(groups):
        for skill in group.skills:
            found[skill].append(index)
    return {skill: tuple(indexes) for skill, indexes in found.items()}


def _chances(problems: Iterable[Item]) -> dict[str, float]:
    found: dict[str, float] = {}
    for item in problems:
        for step in item.steps:
            options = step_options(step)
            for skill in step.skills:
                found[skill] = max(found.get(skill, 0.0), 1 / options if options else 0.0)
    return found


def _problems(items: Iterable[Item]) -> list[Item]:
    """What comes by gain: neither worked examples nor, where there is anything else, guided items."""
    practising = [item for item in items if item.skills and item.format != WORKED_EXAMPLE]
    covered = {skill for item in practising if item.format != TUTOR for skill in item.skills}
    return [item for item in practising if item.format != TUTOR or not covered.issuperset(item.skills)]


def _of_format(items: Iterable[Item], form: str) -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for item in items:
        if item.format == form:
            for skill in item.skills:
                found.setdefault(skill, []).append(item.id)
    return {skill: tuple(ids) for skill, ids in found.items()}
