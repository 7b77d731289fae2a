"""A learner's lesson as an observer would note it down, with mastery by arithmetic of its own.

The topic's XML is read here directly and folded by tests/record/oracle.py: nothing of the package's parser, evidence or
tracing is used.
"""

from __future__ import annotations

from collections import defaultdict
from typing import Any, NamedTuple

from lxml import etree

from tests.record.oracle import luck_after, mastery_after


class Noted(NamedTuple):
    """What the topic's author wrote about a step."""

    skills: tuple[str, ...]
    n_hints: int
    n_options: int  # 0: nothing to choose from
    difficulty: float


class Ledger:
    """What was answered first on each step, and what it makes of each skill."""

    def __init__(self, topic: bytes) -> None:
        root = etree.fromstring(topic)
        self.threshold, self.successes_needed = float(root.get("threshold", 0.95)), int(root.get("min_evidence", 3))
        self.names = {skill.get("id"): skill.get("name") for skill in root.iter("skill")}
        self.known = {skill.get("id"): float(skill.get("prior", 0.3)) for skill in root.iter("skill")}
        self.steps = {
            (item.get("id"), step.get("id")): _noted(item, step)
            for item in root.iter("item") for step in item.iter("step")
        }
        self.answers: list[dict[str, Any]] = []
        self.counts: dict[str, int] = defaultdict(int)
        self.clean: dict[str, set] = defaultdict(set)
        self.lucky: dict[str, tuple[float, float]] = {}
        self.mastered: set[str] = set()
        self.seen: set[tuple[int, str]] = set()
        self.highest: dict[str, int] = defaultdict(int)

    def note(self, serving: int, variant: tuple[str, int], step: str, credit: float, n_hints: int, told: bool) -> None:
        """A readable answer; only the first on a step of a serving counts. `told`: its answer had been shown."""
        if (serving, step) in self.seen:
            return
        self.seen.add((serving, step))
        noted = self.steps[variant[0], step]
        answer = {
            "skills": noted.skills, "credit": credit, "help": 1.0 if told else n_hints / noted.n_hints,
            "chance": 1 / noted.n_options if noted.n_options else 0.0, "difficulty": noted.difficulty,
        }
        self.answers.append(answer)
        self.lucky = luck_after(self.lucky, self.known, answer)
        self.known = mastery_after(self.known, [answer])
        for skill in noted.skills:
            self.counts[skill] += 1
            if credit == 1 and not n_hints:
                self.clean[skill].add(variant)
            n_clean = len(self.clean[skill])
            odds = sum(self.lucky[skill])
            beyond_luck = odds * (2 - 2 * self.threshold) ** 2 >= 1 or 6 <= n_clean == self.counts[skill]
            if self.known[skill] >= self.threshold and n_clean >= self.successes_needed and beyond_luck:
                self.mastered.add(skill)

    def finish(self) -> None:
        """A problem is done: now the meters move, and never back."""
        for skill in self.counts:
            self.highest[skill] = max(self.highest[skill], self._meter(skill))

    def percents(self) -> dict[str, int]:
        """What "In numbers" has to say: rounded percent by the skill's name, where there is evidence."""
        return {self.names[skill]: round(100 * self.known[skill]) for skill, n in self.counts.items() if n}

    def words(self) -> dict[str, str]:
        """What a skill's label begins with, by skill, where there is evidence."""
        return {skill: self._word(skill) for skill, n in self.counts.items() if n}

    def _meter(self, skill: str) -> int:
        """Tenths of the way to the threshold: one at the first evidence, ten when mastered."""
        return 10 if skill in self.mastered else max(1, min(9, int(10 * self.known[skill] / self.threshold)))

    def _word(self, skill: str) -> str:
        if skill in self.mastered:
            return "Mastered" if self.known[skill] >= self.threshold else "Worth another look"
        meter = self._meter(skill)
        if meter < self.highest[skill]:
            return "Worth another look"
        return "Almost there" if meter >= 9 else "Getting there" if meter >= 5 else "Started"


def _noted(item: etree._Element, step: etree._Element) -> Noted:
    options = len(step.findall("choice/option"))
    return Noted(
        tuple(step.get("skills").split()), len(step.findall("hint")), options, float(item.get("difficulty", 0)))
