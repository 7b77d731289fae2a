"""Does the probe find a learner's place? Simulated learners work through each topic with and without it.

Printed per topic: how many items a strong learner needs to master it, by `standard` and by `accelerate`, and which
share of the skills that the probe declared mastered was not known. Exit status 1 if the probe saves a strong learner
less than 40 % of the items, or more than 3 % of what it declares is wrong.

The mixture, in equal shares; a learner *knows* a skill or not, and answers by the parameters of the document:

* novice: knows nothing, or the first skill; average: the first half, one more or one less; strong: everything, or all
  but the last skill; missing: everything but one skill, others that depend on it included; guesser: knows nothing,
  learns nothing, and answers by chance.

Learning between answers is as the model has it, for a skill whose prerequisites are known.
"""

from __future__ import annotations

import argparse
import random
import sys
from collections import Counter
from dataclasses import dataclass, field, replace
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from _topics import topics

from adaptive_xblocks.mastery import SkillState, meets_mastery, observe_jointly
from adaptive_xblocks.mastery.tracing import guess_and_slip
from adaptive_xblocks.tutoring import placement
from adaptive_xblocks.tutoring.bank import Bank
from adaptive_xblocks.tutoring.history import History
from adaptive_xblocks.tutoring.judging import step_options
from adaptive_xblocks.tutoring.model import Item
from adaptive_xblocks.tutoring.parser import load
from adaptive_xblocks.tutoring.policies import BUILT_IN, Policy
from adaptive_xblocks.tutoring.selection import select

KINDS = ("novice", "average", "strong", "missing", "guesser")
MOST_ITEMS = 150
LEAST_SAVED, MOST_WRONG = 0.40, 0.03


@dataclass
class Learner:
    """A simulated learner: what is known, and what the blocks would know of it."""

    bank: Bank
    kind: str
    rng: random.Random
    known: set[str]
    states: dict[str, SkillState] = field(default_factory=dict)
    history: History = field(default_factory=History)
    answers: list[placement.Answer] = field(default_factory=list)
    n_probed: int = 0
    wrongly: int = 0
    declared: int = 0

    def do(self, item: Item, skill: str, probing: bool) -> None:
        """Answer every step of an item once."""
        failed = []
        for step in item.steps:
            options = step_options(step)
            chance = 1 / options if options else 0.0
            parameters = [self.bank.parameters[one] for one in step.skills]
            guess, slip = guess_and_slip(
                min(one.guess for one in parameters), max(one.slip for one in parameters), chance, item.difficulty)
            if self.kind == "guesser":
                guess = max(chance, 0.02)
            is_right = self.rng.random() < (1 - slip if self.known.issuperset(step.skills) else guess)
            failed += [] if is_right else step.skills
            if probing:
                self.answers.append(placement.Answer(step.skills, float(is_right), chance, item.difficulty))
            self._learn(step.skills, parameters, is_right, chance, item.difficulty)
        serving = self.history.serving + 1
        times = self.history.served.get(item.id, (0, 0))[0]
        has_failed = bool(failed) and not probing
        self.history = replace(
            self.history, served={**self.history.served, item.id: (times + 1, serving)}, serving=serving,
            last_items=(item.id,), last_skills=(skill,), failures=self.history.failures + 1 if has_failed else 0,
            last_failed=item.id if has_failed else None,
            failed_skills=(*self.history.failed_skills, *sorted({*failed}))[-8:] if has_failed else ())

    def _learn(
        self, skills: tuple[str, ...], parameters: list, is_right: bool, chance: float, difficulty: float
    ) -> None:
        before = [self.states.get(one) or SkillState(self.bank.parameters[one].prior) for one in skills]
        after = observe_jointly([one.p_known for one in before], is_right, parameters, 0.0, chance, difficulty)
        for skill, state, p_known in zip(skills, before, after):
            state = SkillState(p_known, state.opportunities + 1, state.successes + is_right, mastered=state.mastered)
            meets = is_right and meets_mastery(state, self.bank.thresholds[skill], 3)
            self.states[skill] = replace(state, mastered=state.mastered or meets)
            is_open = self.known.issuperset(self.bank.requires[skill])
            if self.kind != "guesser" and is_open and self.rng.random() < self.bank.parameters[skill].learn:
                self.known.add(skill)

    def place(self) -> None:
        """Declare what the probe has shown."""
        for skill in placement.placed(self.bank, {}, self.answers):
            state = self.states.get(skill) or SkillState(self.bank.parameters[skill].prior)
            self.states[skill] = replace(state, mastered=True)
            self.declared += 1
            self.wrongly += skill not in self.known


def knows(kind: str, bank: Bank, rng: random.Random) -> set[str]:
    """The skills that a learner of a kind knows at first."""
    skills = bank.skills
    if kind == "guesser":
        return set()
    if kind == "novice":
        return set(skills[:rng.randint(0, 1)])
    if kind == "average":
        return set(skills[:min(len(skills), max(0, len(skills) // 2 + rng.randint(-1, 1)))])
    if kind == "strong":
        return set(skills[:len(skills) - rng.randint(0, 1)])
    return {*skills} - {rng.choice(skills[:-1])}


def play(bank: Bank, kind: str, policy: Policy, seed: int) -> tuple[int, Learner]:
    """How many items a learner needed (MOST_ITEMS if that was not enough), and the learner."""
    rng = random.Random(seed)
    learner = Learner(bank, kind, rng, knows(kind, bank, rng))
    probing = policy.probe > 0
    for number in range(MOST_ITEMS):
        choice = None
        if probing:
            choice = placement.next_probe(bank, {}, learner.history, learner.answers, learner.n_probed, policy, rng)
            learner.n_probed += choice is not None
            if choice is None:
                probing = False
                learner.place()
        choice = choice or select(bank, learner.states, learner.history, policy, rng)
        if choice.item_id is None:
            return number, learner
        learner.do(bank.items[choice.item_id], choice.skill or "", probing)
    return MOST_ITEMS, learner


def measure(path: Path, n_learners: int) -> bool:
    """Print the figures of a topic; True if they hold."""
    bank = Bank.of(document := load(path.read_text(encoding="utf-8")))
    n_items: Counter[tuple[str, str]] = Counter()
    declared, wrongly, probed = Counter(), Counter(), Counter()
    for kind in KINDS:
        for seed in range(n_learners):
            for name in ("standard", "accelerate"):
                if name == "standard" and kind != "strong":
                    continue
                number, learner = play(bank, kind, BUILT_IN[name], seed)
                n_items[kind, name] += number
            declared[kind] += learner.declared
            wrongly[kind] += learner.wrongly
            probed[kind] += learner.n_probed
    saved = 1 - n_items["strong", "accelerate"] / n_items["strong", "standard"]
    wrong = wrongly.total() / max(1, declared.total())
    print(f"{path.stem}: {len(bank.skills)} skills, {len(document.items)} items, {n_learners} learners of each kind")
    print(f"  strong: {n_items['strong', 'standard'] / n_learners:.1f} items by standard, "
          f"{n_items['strong', 'accelerate'] / n_learners:.1f} by accelerate: {saved:.0%} saved")
    for kind in KINDS:
        share = wrongly[kind] / max(1, declared[kind])
        print(f"  {kind:9} {probed[kind] / n_learners:4.1f} items in the probe, "
              f"{declared[kind] / n_learners:4.2f} skills declared, {share:.1%} of them not known")
    print(f"  all: {declared.total()} skills declared, {wrong:.2%} of them not known")
    return saved >= LEAST_SAVED and wrong <= MOST_WRONG


def main() -> int:
    """Measure every topic of the package."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--learners", type=int, default=400, help="of each kind and topic")
    number = parser.parse_args().learners
    holds = [measure(path, number) for path in topics()]
    return 0 if all(holds) else 1


if __name__ == "__main__":
    sys.exit(main())
