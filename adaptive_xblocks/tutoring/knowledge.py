"""What an answer lets one believe of a learner: which skills are known, and together with which others.

What is believed is a distribution over *knowledge states*, that is, over which skills are known together (the idea of
knowledge spaces: Doignon & Falmagne 1985, "Spaces for the assessment of knowledge"). A skill is likely known only where
its prerequisites are, so one answer speaks of what comes before and after it too; and learners differ in how much they
bring (`LEVELS`), so one answer also speaks of how much else is known. Nothing is certain: a learner may know a skill
and lack what it builds on, may slip and may guess.

An answer without help moves the belief by Bayes' rule: right with 1 - slip where all skills of the step are known, else
with the guess, which is at least the answer type's chance (several skills on a step: a noisy AND, as in
`mastery.tracing`; difficulty shifts both). Only full credit is right here, since half of an answer is often had for
nothing. Helped answers say nothing here. Nothing is learned on the way: a probe is short, and an answer is given once.

States are a fixed sample, and a set of them is the bits of one whole number: those in which a skill is known, or all
skills of a step. Answers divide the sample into at most 2 ** n parts, in each of which all states weigh the same, so
that a probability is a handful of counted bits, however many skills there are.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache, reduce
from operator import and_, attrgetter
from random import Random
from typing import NamedTuple

from adaptive_xblocks.mastery import SkillState
from adaptive_xblocks.mastery.tracing import guess_and_slip
from adaptive_xblocks.tutoring.bank import Bank

#: Learners who bring little, a good deal, nearly all, and much with gaps anywhere, equally many: how likely each knows
#: a skill before the first answer, if all its prerequisites are known, and although one of them is not.
LEVELS = ((0.2, 0.05), (0.6, 0.1), (0.95, 0.3), (0.85, 0.85))
#: So many states are drawn for each level.
DRAWN = 2048
#: Sets of states that are less likely are left out.
DUST = 1e-6

_share_of = attrgetter("share")

Record = Mapping[str, SkillState]


class Answer(NamedTuple):
    """A probe's answer on a step, given without help. `credit` and `chance` in [0, 1], `difficulty` in logits."""

    skills: tuple[str, ...]
    credit: float
    chance: float = 0.0
    difficulty: float = 0.0


class Part(NamedTuple):
    """States of the sample, as bits, that all have the same weight; `share` is their weight together."""

    states: int
    weight: float
    share: float


class Belief(NamedTuple):
    """Weights of sampled knowledge states. `knowing` has for each skill the states in which it is known; `parts` hold
    the states that are left, the likeliest first, and `total` is their weight together."""

    knowing: Mapping[str, int]
    parts: tuple[Part, ...]
    total: float

    def states(self, skills: Iterable[str]) -> int | None:
        """The states in which all these skills are known; None if none of them has problems."""
        columns = [self.knowing[skill] for skill in skills if skill in self.knowing]
        return reduce(and_, columns) if columns else None

    def p(self, states: int) -> float:
        """Probability in [0, 1] of a set of states."""
        return min(1.0, sum((part & states).bit_count() * weight for part, weight, _share in self.parts) / self.total)

    def is_at_least(self, states: int, p: float) -> bool:
        """Whether a set of states has at least that probability: looks no further than that is clear."""
        spare, left = (1.0 - p) * self.total, self.total
        for part, weight, share in self.parts:
            spare -= share - (part & states).bit_count() * weight
            left -= share
            if spare < 0.0 or spare >= left:
                break
        return spare >= 0.0

    @property
    def doubt(self) -> float:
        """One state's share, which no probability can be surer than."""
        return sum(weight * share for _states, weight, share in self.parts) / (self.total * self.total)

    def p_known(self) -> dict[str, float]:
        """Probability in [0, 1] that each skill is known, `doubt` taken off."""
        sure = 1.0 - self.doubt
        return {skill: self.p(states) * sure for skill, states in self.knowing.items()}


def believe(bank: Bank, record: Record, answers: Iterable[Answer] = ()) -> Belief:
    """What is believed after a probe's answers. `record`: what is known of the learner without them; where it has
    evidence of a skill, its own figure counts, and a mastered skill is known."""
    belief = _begin(bank, record)
    for answer in answers:
        belief = _update(bank, belief, answer)
    return belief


def known_before(record: Record, skill: str) -> float | None:
    """How likely a skill is known by what the record says of it; None if that is nothing."""
    state = record.get(skill)
    if state is None or not (state.mastered or state.opportunities):
        return None
    return 1.0 if state.mastered else state.p_known


def step_guess_and_slip(bank: Bank, skills: Sequence[str], chance: float, difficulty: float) -> tuple[float, float]:
    """The guess and the slip in force on a step with these skills, some of which the bank knows."""
    known = [bank.parameters[skill] for skill in skills if skill in bank.parameters]
    return guess_and_slip(min(one.guess for one in known), max(one.slip for one in known), chance, difficulty)


def _begin(bank: Bank, record: Record) -> Belief:
    """The belief before any answer."""
    order = tuple(_in_order(bank))
    needs = tuple(
        tuple(one for one in bank.requires[skill] if one in order[:place]) for place, skill in enumerate(order))
    return _prior(order, needs, tuple(known_before(record, skill) for skill in order))


@lru_cache(maxsize=16)
def _prior(skills: tuple[str, ...], needs: tuple[tuple[str, ...], ...], chances: tuple[float | None, ...]) -> Belief:
    """A sample of states, always the same. `needs` are each skill's prerequisites, `chances` what is known of it from
    elsewhere (None: nothing)."""
    rng, every = Random(0), (1 << DRAWN) - 1
    knowing = dict.fromkeys(skills, 0)
    for level, (if_met, if_not) in enumerate(LEVELS):
        drawn: dict[str, int] = {}
        for skill, needed, chance in zip(skills, needs, chances):
            met = reduce(and_, (drawn[one] for one in needed), every)
            with_them = _draw(rng, if_met if chance is None else chance)
            without = _draw(rng, if_not) if needed and chance is None else with_them
            drawn[skill] = met & with_them | ~met & without
            knowing[skill] |= drawn[skill] << level * DRAWN
    n_states = DRAWN * len(LEVELS)
    return Belief(knowing, (Part((1 << n_states) - 1, 1.0, float(n_states)),), float(n_states))


def _draw(rng: Random, p: float) -> int:
    """DRAWN bits, each 1 with probability p, which is rounded to 1024ths: digit by digit, from the last one."""
    digits = round(p * 1024)
    if digits >= 1024:
        return (1 << DRAWN) - 1
    bits = 0
    for place in range(10):
        bits = bits | rng.getrandbits(DRAWN) if digits >> place & 1 else bits & rng.getrandbits(DRAWN)
    return bits


def _in_order(bank: Bank) -> list[str]:
    """Skills with problems, prerequisites first; in a circle of prerequisites the document's order breaks it."""
    order: dict[str, None] = {}
    on_the_way: set[str] = set()

    def put(first: str) -> None:
        waiting = [first]
        while waiting:
            skill = waiting[-1]
            on_the_way.add(skill)
            missing = [one for one in bank.requires[skill] if one not in order and one not in on_the_way]
            if missing:
                waiting.append(missing[0])
            else:
                order[waiting.pop()] = None

    for skill in bank.skills:
        if skill not in order:
            put(skill)
    return list(order)


def _update(bank: Bank, belief: Belief, answer: Answer) -> Belief:
    """The belief after an answer; the same if the answer is impossible in it, or is on skills without problems."""
    knowing = belief.states(answer.skills)
    if knowing is None:
        return belief
    guess, slip = step_guess_and_slip(bank, answer.skills, answer.chance, answer.difficulty)
    if_known, if_not = (1.0 - slip, guess) if answer.credit == 1 else (slip, 1.0 - guess)
    parts = []
    for states, weight, _share in belief.parts:
        known = states & knowing
        for some, each in ((known, weight * if_known), (states ^ known, weight * if_not)):
            if some:
                parts.append(Part(some, each, some.bit_count() * each))
    least = DUST * sum(part.share for part in parts)
    if least <= 0.0:
        return belief
    parts = sorted((part for part in parts if part.share > least), key=_share_of, reverse=True)
    return Belief(belief.knowing, tuple(parts), sum(map(_share_of, parts)))
