"""Finding a newcomer's place: a few problems first, chosen so that their answers tell most about all skills at once.

What is believed of a learner is in `knowledge`. A skill is *placed* where it is believed to be known with `SURE` and an
answer supports that: a right one on the skill or on one that builds on it, which is no likely luck (`TELLING`).

The next problem is the one that is worth most: the bits that its answers are expected to tell of the state (mutual
information), and the number of skills that it is expected to place, which is the probability of a right answer for each
skill that one would place. So a probe first looks around and then makes sure, by a problem that is just hard enough to
be no luck. Both are summed over the steps and divided by the root of their number: a longer problem must be worth more,
but not as many times more as it has steps. The probe ends when every skill is placed or believed to be known with
`UNSURE` at most, when no problem is worth `LEAST_WORTH`, or after the policy's number of problems.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from math import log2, sqrt
from random import Random
from typing import Any, Protocol

from adaptive_xblocks.tutoring.bank import Bank, Group
from adaptive_xblocks.tutoring.history import Choice, History
from adaptive_xblocks.tutoring.judging import step_options
from adaptive_xblocks.tutoring.knowledge import Answer, Record, believe, known_before, step_guess_and_slip
from adaptive_xblocks.tutoring.model import Item
from adaptive_xblocks.tutoring.policies import ADAPTIVE, Policy
from adaptive_xblocks.tutoring.practice import Practice
from adaptive_xblocks.tutoring.ranking import Learner, make_choice

PROBE = "probe"
#: A skill believed to be known at least so surely is placed, if an answer supports it.
SURE = 0.975
#: A right answer supports it that is so many times likelier of those who know than of those who do not.
TELLING = 4.0
#: A skill believed to be known at most so surely is not asked for any more.
UNSURE = 0.05
#: A problem that is worth less is not asked.
LEAST_WORTH = 0.03
#: Of items that need the same skills, so many are weighed, spread over their difficulties.
MOST_WEIGHED = 24
#: Of sets of skills that items need together, so many are weighed, spread over the document.
MOST_GROUPS = 1000


class Said(Protocol):
    """What an answer has said: a piece of evidence, or an opportunity that becomes one."""

    skills: tuple[str, ...]
    credit: tuple[int, int]
    help: tuple[int, int]
    options: int
    difficulty: int


def is_on(practice: Practice, policy: Policy) -> bool:
    """True while a newcomer's place is looked for."""
    return policy.probe > 0 and not practice.placed and (practice.probed > 0 or practice.serving == 0)


def answers_in(said: Iterable[Said]) -> list[Answer]:
    """What was answered without help."""
    return [
        Answer(one.skills, one.credit[0] / one.credit[1], 1 / one.options if one.options else 0.0, one.difficulty / 100)
        for one in said if not one.help[0]
    ]


def next_probe(
    bank: Bank, record: Record, history: History, answers: Sequence[Answer], n_asked: int,
    policy: Policy = ADAPTIVE, rng: Random | None = None,
) -> Choice | None:
    """The next problem of a probe; None when it is over. The same arguments and generator state give the same.

    Prerequisites close nothing here. What a learner has laid aside as too hard is not asked again, nor what needs it.
    """
    standing = _Standing(bank, record, answers)
    if n_asked >= policy.probe or standing.is_settled():
        return None
    hard = {skill for item_id in history.too_hard if item_id in bank.items for skill in bank.items[item_id].skills}
    closed = hard.union(*(_dependents(bank, skill) for skill in hard))
    worth: dict[str, float] = {}
    for group in _thinned(bank.groups, MOST_GROUPS):
        if closed.isdisjoint(group.skills):
            for item_id in _spread(group, history):
                worth[item_id] = round(standing.worth(bank.items[item_id]), 9)
    most = max(worth.values(), default=0.0)
    if most < LEAST_WORTH:
        return None
    equals = [item_id for item_id, each in worth.items() if each == most]
    item_id = (rng or Random(history.serving)).choice(equals)
    skill = min(bank.items[item_id].skills, key=lambda each: abs(standing.p_known(each) - 0.5))
    learner = Learner(bank, record, history, policy, {}, frozenset(bank.skills))
    choice = make_choice(learner, item_id, skill, PROBE, len(worth), 1 / len(equals))
    return replace(choice, reason={**choice.reason, "worth": most})


def placed(bank: Bank, record: Record, answers: Sequence[Answer]) -> tuple[str, ...]:
    """The skills that a finished probe has shown to be mastered, in the document's order: sure, and with a right answer
    on the skill itself or on one that depends on it."""
    standing = _Standing(bank, record, answers)
    return tuple(skill for skill in bank.skills if standing.is_placed(skill))


def is_settled(bank: Bank, record: Record, answers: Sequence[Answer], n_asked: int, policy: Policy) -> bool:
    """Whether a probe is over, whatever problems are left: enough were asked, or nothing is open."""
    return n_asked >= policy.probe or _Standing(bank, record, answers).is_settled()


class _Standing:
    """Where a probe stands after its answers: what is believed of each skill, worked out when it is asked for."""

    def __init__(self, bank: Bank, record: Record, answers: Sequence[Answer]) -> None:
        self._bank, self._belief = bank, believe(bank, record, answers)
        self._sure = 1.0 - self._belief.doubt
        self._known_before = {skill for skill in bank.skills if (known_before(record, skill) or 0.0) >= SURE}
        self._shown = _shown(bank, answers)
        self._p_all: dict[tuple[str, ...], float] = {}
        self._placed: dict[str, bool] = {}

    def p_all(self, skills: tuple[str, ...]) -> float:
        """Probability in [0, 1] that all these skills are known; those without problems count as known."""
        if skills not in self._p_all:
            states = self._belief.states(skills)
            self._p_all[skills] = 1.0 if states is None else self._belief.p(states)
        return self._p_all[skills]

    def p_known(self, skill: str) -> float:
        """Probability in [0, 1] that a skill is known, the sample's doubt taken off."""
        return self.p_all((skill,)) * self._sure

    def is_placed(self, skill: str) -> bool:
        """Sure, and an answer supports it."""
        if skill not in self._placed:
            self._placed[skill] = skill in self._shown and self._is_likely(skill, SURE)
        return self._placed[skill]

    def is_settled(self) -> bool:
        """Whether each skill is placed, sure from elsewhere, or believed to be unknown."""
        return not any(self._is_open(skill) and self._is_likely(skill, UNSURE) for skill in self._belief.knowing)

    def _is_open(self, skill: str) -> bool:
        """Whether a skill is there to be placed."""
        return skill in self._belief.knowing and skill not in self._known_before and not self.is_placed(skill)

    def _is_likely(self, skill: str, p: float) -> bool:
        return self._belief.is_at_least(self._belief.knowing[skill], p / self._sure)

    def worth(self, item: Item) -> float:
        """What an item's answers are expected to tell of the state, in bits, and how many skills they are expected to
        place, its length taken into account."""
        asked = [(step.skills, step_options(step)) for step in item.steps if step.skills] or [(item.skills, 0)]
        asked = [(skills, options) for skills, options in asked if self._belief.states(skills) is not None]
        total = 0.0
        for skills, options in asked:
            guess, slip = step_guess_and_slip(self._bank, skills, 1 / options if options else 0.0, item.difficulty)
            p_all = self.p_all(skills)
            p_right = p_all * (1.0 - slip) + (1.0 - p_all) * guess
            total += _entropy(p_right) - p_all * _entropy(slip) - (1.0 - p_all) * _entropy(guess)
            total += p_right * sum(self._would_place(skill, p_all, guess, slip) for skill in skills)
        return total / sqrt(len(asked)) if asked else 0.0

    def _would_place(self, skill: str, p_all: float, guess: float, slip: float) -> bool:
        """Whether a right answer on a step would place one of its skills."""
        if not self._is_open(skill) or (skill not in self._shown and not _is_telling(guess, slip)):
            return False
        p_known = self.p_all((skill,))
        right = p_all * (1.0 - slip) + (p_known - p_all) * guess
        total = p_all * (1.0 - slip) + (1.0 - p_all) * guess
        return right * self._sure >= SURE * total > 0.0


def _entropy(p: float) -> float:
    return -p * log2(p) - (1.0 - p) * log2(1.0 - p) if 0.0 < p < 1.0 else 0.0


def _shown(bank: Bank, answers: Iterable[Answer]) -> set[str]:
    """The skills with a right answer that tells something, and what they build on, directly or not."""
    waiting = [
        skill for answer in answers if answer.credit == 1 and not bank.parameters.keys().isdisjoint(answer.skills)
        for skill in answer.skills
        if _is_telling(*step_guess_and_slip(bank, answer.skills, answer.chance, answer.difficulty))
    ]
    found: set[str] = set()
    while waiting:
        skill = waiting.pop()
        if skill not in found:
            found.add(skill)
            waiting += bank.requires.get(skill, ())
    return found


def _is_telling(guess: float, slip: float) -> bool:
    return 1.0 - slip >= TELLING * guess


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
