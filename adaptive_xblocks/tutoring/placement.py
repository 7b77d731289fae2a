"""Finding a newcomer's place: a few problems first, chosen so that their answers tell most about all skills at once.

What is believed is a distribution over *knowledge states*, that is, over which skills are known together (the idea of
knowledge spaces: Doignon & Falmagne 1985, "Spaces for the assessment of knowledge"). A skill is likely known only where
its prerequisites are, so one answer speaks of what comes before and after it too. Nothing is certain: a learner may
know a skill and lack what it builds on (`AGAINST_ORDER`), may slip and may guess.

An answer without help moves the belief by Bayes' rule: right with 1 - slip where all skills of the step are known, else
with the guess, which is at least the answer type's chance (several skills on a step: a noisy AND, as in
`mastery.tracing`; difficulty shifts both). Helped answers say nothing here. Nothing is learned on the way: a probe is
short, and an answer is given once.

The next problem is the one whose answers are expected to tell most (mutual information of an answer and the state, in
bits, summed over its steps and divided by the root of their number: a longer problem must tell more, but not as many
times more as it has steps). The probe ends when every skill is *sure* (known with `SURE` or unknown with 1 - `UNSURE`),
when no problem would tell `LEAST_BITS`, or after the policy's number of problems.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from math import log2, sqrt
from random import Random
from typing import Any, NamedTuple

from adaptive_xblocks.mastery import SkillState
from adaptive_xblocks.mastery.tracing import guess_and_slip
from adaptive_xblocks.tutoring.bank import Bank, Group
from adaptive_xblocks.tutoring.history import Choice, History
from adaptive_xblocks.tutoring.judging import step_options
from adaptive_xblocks.tutoring.model import Item
from adaptive_xblocks.tutoring.policies import ADAPTIVE, Policy
from adaptive_xblocks.tutoring.ranking import Learner, make_choice

#: A skill believed to be known at least so surely is placed, if an answer supports it.
SURE = 0.97
#: A skill believed to be known at most so surely is not asked for any more.
UNSURE = 0.05
#: A problem that would tell less is not asked.
LEAST_BITS = 0.03
#: Before the first answer: known if all prerequisites are; known although one of them is not.
IN_ORDER, AGAINST_ORDER = 0.75, 0.1
#: More states than that are sampled, so many of them.
MOST_STATES = 2048
#: Of items that need the same skills, so many are weighed, spread over their difficulties.
MOST_WEIGHED = 24
#: Of sets of skills that items need together, so many are weighed, spread over the document.
MOST_GROUPS = 1000

Record = Mapping[str, SkillState]


class Answer(NamedTuple):
    """A probe's answer on a step, given without help. `credit` and `chance` in [0, 1], `difficulty` in logits."""

    skills: tuple[str, ...]
    credit: float
    chance: float = 0.0
    difficulty: float = 0.0


class Belief(NamedTuple):
    """Weights of knowledge states, summing to 1. A state is a set of bits, one for each of `skills` that is known."""

    skills: tuple[str, ...]
    states: tuple[int, ...]
    weights: tuple[float, ...]
    is_sampled: bool = False

    def mask(self, skills: Iterable[str]) -> int:
        """The bits of those skills; others than `skills` have none."""
        return sum(1 << self.skills.index(skill) for skill in set(skills) if skill in self.skills)

    def p_all(self, mask: int) -> float:
        """Probability in [0, 1] that all skills of a mask are known."""
        known = sum(weight for state, weight in zip(self.states, self.weights) if state & mask == mask)
        return min(1.0, known)

    def p_known(self) -> dict[str, float]:
        """Probability in [0, 1] that each skill is known. Of sampled states one state's worth of doubt is taken off."""
        doubt = sum(weight * weight for weight in self.weights) if self.is_sampled else 0.0
        return {skill: self.p_all(1 << place) * (1.0 - doubt) for place, skill in enumerate(self.skills)}


def believe(bank: Bank, record: Record, answers: Iterable[Answer] = ()) -> Belief:
    """What is believed after a probe's answers. `record`: what is known of the learner without them; where it has
    evidence of a skill, its own figure counts, and a mastered skill is known."""
    belief = _begin(bank, record)
    for answer in answers:
        belief = _update(bank, belief, answer)
    return belief


def next_probe(
    bank: Bank, record: Record, history: History, answers: Sequence[Answer], n_asked: int,
    policy: Policy = ADAPTIVE, rng: Random | None = None,
) -> Choice | None:
    """The next problem of a probe; None when it is over. The same arguments and generator state give the same.

    Prerequisites close nothing here. What a learner has laid aside as too hard is not asked again, nor what needs it.
    """
    belief = believe(bank, record, answers)
    if n_asked >= policy.probe or _all_sure(belief):
        return None
    hard = {skill for item_id in history.too_hard if item_id in bank.items for skill in bank.items[item_id].skills}
    closed = hard.union(*(_dependents(bank, skill) for skill in hard))
    bits: dict[str, float] = {}
    believed: dict[int, float] = {}  # by mask, so that items with the same skills ask once
    for group in _thinned(bank.groups, MOST_GROUPS):
        if closed.isdisjoint(group.skills):
            for item_id in _spread(group, history):
                bits[item_id] = round(_bits(bank, belief, bank.items[item_id], believed), 9)
    most = max(bits.values(), default=0.0)
    if most < LEAST_BITS:
        return None
    equals = [item_id for item_id, each in bits.items() if each == most]
    item_id = (rng or Random(history.serving)).choice(equals)
    known = belief.p_known()
    skill = min(bank.items[item_id].skills, key=lambda each: abs(known.get(each, 1.0) - 0.5))
    learner = Learner(bank, record, history, policy, {}, frozenset(bank.skills))
    choice = make_choice(learner, item_id, skill, "probe", len(bits), 1 / len(equals))
    return replace(choice, reason={**choice.reason, "bits": most})


def placed(bank: Bank, record: Record, answers: Sequence[Answer]) -> tuple[str, ...]:
    """The skills that a finished probe has shown to be mastered, in the document's order: sure, and with a right answer
    on the skill itself or on one that depends on it."""
    shown = {skill for answer in answers if answer.credit == 1 for skill in answer.skills}
    known = believe(bank, record, answers).p_known() if shown else {}
    return tuple(
        skill for skill in bank.skills
        if known.get(skill, 0.0) >= SURE and not shown.isdisjoint({skill, *_dependents(bank, skill)})
    )


def is_settled(bank: Bank, record: Record, answers: Sequence[Answer], n_asked: int, policy: Policy) -> bool:
    """Whether a probe is over, whatever problems are left: enough were asked, or every skill is sure."""
    return n_asked >= policy.probe or _all_sure(believe(bank, record, answers))


def _begin(bank: Bank, record: Record) -> Belief:
    """The belief before any answer."""
    order = tuple(_in_order(bank))
    places = {skill: place for place, skill in enumerate(order)}
    needs = tuple(
        sum(1 << places[one] for one in bank.requires[skill] if places[one] < place) for skill, place in places.items())
    return _prior(order, tuple(_chances(bank, record, skill) for skill in order), needs)


@lru_cache(maxsize=16)
def _prior(skills: tuple[str, ...], chances: tuple[tuple[float, float], ...], needs: tuple[int, ...]) -> Belief:
    """Every state with its weight, or a sample of them where there are too many. `needs` are each skill's
    prerequisites, `chances` how likely it is known with and without them."""
    states = [(0, 1.0)]
    for place, (if_met, if_not) in enumerate(chances):
        if len(states) * 2 > MOST_STATES:
            return _sampled(skills, chances, needs)
        bit, need, grown = 1 << place, needs[place], []
        for state, weight in states:
            p_known = if_met if state & need == need else if_not
            grown += [(state | bit, weight * p_known)] if p_known else []
            grown += [(state, weight * (1.0 - p_known))] if p_known < 1.0 else []
        states = grown
    return Belief(skills, tuple(state for state, _ in states), tuple(weight for _, weight in states))


def _sampled(skills: tuple[str, ...], chances: Sequence[tuple[float, float]], needs: Sequence[int]) -> Belief:
    """The same drawn, always alike."""
    rng, states = Random(0), []
    for _number in range(MOST_STATES):
        state = 0
        for place, (if_met, if_not) in enumerate(chances):
            if rng.random() < (if_met if state & needs[place] == needs[place] else if_not):
                state |= 1 << place
        states.append(state)
    return Belief(skills, tuple(states), (1.0 / MOST_STATES,) * MOST_STATES, is_sampled=True)


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


def _chances(bank: Bank, record: Record, skill: str) -> tuple[float, float]:
    """How likely a skill is known at first: where its prerequisites are, and where one is not."""
    state = record.get(skill)
    if state is not None and state.mastered:
        return 1.0, 1.0
    if state is not None and state.opportunities:
        return state.p_known, state.p_known
    return IN_ORDER, AGAINST_ORDER


def _update(bank: Bank, belief: Belief, answer: Answer) -> Belief:
    """The belief after an answer; the same if the answer is impossible in it, or is on skills without problems."""
    mask = belief.mask(answer.skills)
    if not mask:
        return belief
    guess, slip = _guess_and_slip(bank, answer.skills, answer.chance, answer.difficulty)
    factors = [0.0, 0.0]  # what a state's weight is multiplied by: not all skills known, all known
    p_all = belief.p_all(mask)
    for credit, known, unknown in ((answer.credit, 1.0 - slip, guess), (1.0 - answer.credit, slip, 1.0 - guess)):
        total = p_all * known + (1.0 - p_all) * unknown
        if credit and total > 0.0:
            factors[1] += credit * known / total
            factors[0] += credit * unknown / total
    weights = [
        weight * factors[state & mask == mask] for state, weight in zip(belief.states, belief.weights)]
    total = sum(weights)
    return belief._replace(weights=tuple(weight / total for weight in weights)) if total > 0.0 else belief


def _bits(bank: Bank, belief: Belief, item: Item, believed: dict[int, float]) -> float:
    """What an item's answers are expected to tell of the state, in bits, its length taken into account."""
    asked = [(step.skills, step_options(step)) for step in item.steps if step.skills] or [(item.skills, 0)]
    total = 0.0
    for skills, options in asked:
        mask = belief.mask(skills)
        if not mask:
            continue
        guess, slip = _guess_and_slip(bank, skills, 1 / options if options else 0.0, item.difficulty)
        p_all = believed[mask] if mask in believed else believed.setdefault(mask, belief.p_all(mask))
        p_right = p_all * (1.0 - slip) + (1.0 - p_all) * guess
        total += _entropy(p_right) - p_all * _entropy(slip) - (1.0 - p_all) * _entropy(guess)
    return total / sqrt(len(asked))


def _entropy(p: float) -> float:
    return -p * log2(p) - (1.0 - p) * log2(1.0 - p) if 0.0 < p < 1.0 else 0.0


def _guess_and_slip(bank: Bank, skills: Sequence[str], chance: float, difficulty: float) -> tuple[float, float]:
    known = [bank.parameters[skill] for skill in skills if skill in bank.parameters]
    return guess_and_slip(min(one.guess for one in known), max(one.slip for one in known), chance, difficulty)


def _all_sure(belief: Belief) -> bool:
    return all(p_known >= SURE or p_known <= UNSURE for p_known in belief.p_known().values())


def _dependents(bank: Bank, skill: str) -> set[str]:
    """The skills that need a skill, directly or not."""
    found: set[str] = set()
    waiting = [skill]
    while waiting:
        needed = waiting.pop()
        more = {one for one, requires in bank.requires.items() if needed in requires} - found
        found |= more
        waiting += more
    return found


def _spread(group: Group, history: History) -> Sequence[str]:
    """Fresh items of a group, at most MOST_WEIGHED, from the easiest to the hardest."""
    fresh = [one for one in group.item_ids if one not in history.served and one not in history.skipped]
    return _thinned(fresh, MOST_WEIGHED)


def _thinned(all_of_them: Sequence[Any], most: int) -> Sequence[Any]:
    """All of them, or so many at equal distances, the first and the last among them."""
    if len(all_of_them) <= most:
        return all_of_them
    return [all_of_them[place * (len(all_of_them) - 1) // (most - 1)] for place in range(most)]
