"""Does the probe find a learner's place? Simulated learners work through topics with and without it.

Run: python benchmarks/simulate_placement.py [--learners 1000] [--random 10] [--processes 2].

Printed per topic: how many items a strong learner needs to the end, by `standard` and by `accelerate`, the probe's own
included, and which share of the skills that the probe declared mastered was not known when it did. Exit status 1 if in
one of the package's topics the probe saves a strong learner less than 40 % of the items, or more than 3 % of what it
declares is wrong. Of topics made by chance (`--random` says how many) the median and the worst are printed.

The learners are those of `tutoring.simulation`, in equal shares; `--learners` is for all kinds of a topic together:

* novice: knows nothing, or the first skill; average: the first half, one more or one less; strong: everything, or all
  but the last skill;
* missing: lacks one skill on which others rest, and all of those; harsh: lacks that one skill only. Both are average
  learners otherwise;
* guesser: knows nothing, learns nothing, and answers by luck; copier: looks at all help before every answer.
"""

from __future__ import annotations

import argparse
import sys
from dataclasses import dataclass
from multiprocessing import Pool
from pathlib import Path
from random import Random
from statistics import median

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from adaptive_xblocks.tutoring.bank import Bank
from adaptive_xblocks.tutoring.parser import load
from adaptive_xblocks.tutoring.simulation import PROFILES, Learner, Topic, simulate
from benchmarks._random_topics import random_topic
from benchmarks._topics import topics

#: The profile of each kind of learner.
KINDS = {
    "novice": "novice", "average": "average", "strong": "strong", "missing": "average", "harsh": "average",
    "guesser": "guesser", "copier": "copier",
}
LEAST_SAVED, MOST_WRONG = 0.40, 0.03
MOST_IN_PROBE = 50  # more would be no probe


@dataclass(frozen=True)
class Figures:
    """What was found of one kind of learner in a topic; sums over `learners`."""

    learners: int
    probed: int
    declared: int
    wrongly: int
    standard: int = 0
    accelerate: int = 0

    @property
    def saved(self) -> float:
        """The share of the items that the probe has saved."""
        return 1 - self.accelerate / self.standard if self.standard else 0.0


def known_at_first(kind: str, bank: Bank, rng: Random) -> set[str]:
    """The skills that a learner of a kind knows at first."""
    skills = bank.skills
    if kind == "novice":
        return set(skills[:rng.randint(0, 1)])
    if kind == "average":
        return set(skills[:max(0, len(skills) // 2 + rng.randint(-1, 1))])
    if kind == "strong":
        return set(skills[:len(skills) - rng.randint(0, 1)])
    if kind in ("missing", "harsh"):
        one = rng.choice([skill for skill in skills if _rest_on(bank, skill)] or skills)
        return set(skills) - {one} - (_rest_on(bank, one) if kind == "missing" else set())
    return set()


def _rest_on(bank: Bank, skill: str) -> set[str]:
    """The skills that a skill is a prerequisite of, directly or not."""
    found = {skill}
    while more := {one for one in bank.skills if one not in found and not found.isdisjoint(bank.requires[one])}:
        found |= more
    return found - {skill}


def measured(source: str, kind: str, n_learners: int, seed: int = 1) -> Figures:
    """The figures of learners of a kind in the topic of an OLX text. Only strong ones go on to the end."""
    document = load(source)
    accelerate, standard = Topic(document, "accelerate"), Topic(document, "standard")
    sums = dict.fromkeys(("probed", "declared", "wrongly", "standard", "accelerate"), 0)
    for number in range(n_learners):
        name = f"{seed}:{kind}:{number}"
        known = known_at_first(kind, accelerate.bank, Random(name))
        learner = Learner(accelerate, PROFILES[KINDS[kind]], Random(name), known)
        while not learner.practice.placed and learner.practice.serving < MOST_IN_PROBE:
            learner.go_on()
        sums["probed"] += learner.practice.probed
        sums["declared"] += len(learner.placed)
        sums["wrongly"] += [*learner.placed.values()].count(False)
        if kind == "strong":
            while learner.go_on() is None:
                pass
            sums["accelerate"] += learner.practice.serving
            sums["standard"] += simulate(standard, PROFILES[KINDS[kind]], Random(name), known=known).items
    return Figures(n_learners, **sums)


def wrong_share(found: dict[str, Figures]) -> float:
    """Of all that was declared, what was not known."""
    return sum(one.wrongly for one in found.values()) / max(1, sum(one.declared for one in found.values()))


def measure(pool: Pool, name: str, source: str, n_learners: int, seed: int) -> tuple[float, float]:
    """Print the figures of a topic; what was saved, and what was wrong."""
    each = max(1, n_learners // len(KINDS))
    tasks = [(source, kind, each, seed) for kind in KINDS]
    found = dict(zip(KINDS, pool.starmap(measured, tasks, chunksize=1)))
    strong, wrong = found["strong"], wrong_share(found)
    print(f"{name}: {len(Bank.of(load(source)).skills)} skills, {each} learners of each kind")
    print(f"  strong: {strong.standard / each:.1f} items by standard, {strong.accelerate / each:.1f} by accelerate: "
          f"{strong.saved:.1%} saved")
    for kind, one in found.items():
        print(f"  {kind:8} {one.probed / each:4.1f} items in the probe, {one.declared / each:5.2f} skills declared, "
              f"{one.wrongly / max(1, one.declared):.1%} of them not known")
    print(f"  all: {sum(one.declared for one in found.values())} skills declared, {wrong:.2%} of them not known",
          flush=True)
    return strong.saved, wrong


def main() -> int:
    """Measure every topic of the package, and some made by chance."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--learners", type=int, default=1000, help="for each topic, all kinds together")
    parser.add_argument("--random", type=int, default=0, help="how many topics made by chance")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--processes", type=int, default=2)
    options = parser.parse_args()
    with Pool(options.processes) as pool:
        found = [measure(pool, file.stem, file.read_text(encoding="utf-8"), options.learners, options.seed)
                 for file in topics()]
        made = [measure(pool, f"random {number}", random_topic(number), options.learners, options.seed)
                for number in range(options.random)]
    if made:
        saved, wrong = zip(*made)
        print(f"{len(made)} topics made by chance: {median(saved):.1%} saved, at worst {min(saved):.1%}; "
              f"{median(wrong):.2%} of the declared not known, at worst {max(wrong):.2%}")
    return 0 if all(saved >= LEAST_SAVED and wrong <= MOST_WRONG for saved, wrong in found) else 1


if __name__ == "__main__":
    sys.exit(main())
