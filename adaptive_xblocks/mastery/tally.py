"""Counting a learner's answers, one by one, until they are a `SkillState` per skill.

The one place where an answer becomes mastery: the learner record folds its evidence with it, and simulated learners
are judged by it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import prod

from adaptive_xblocks.mastery.luck import Weights, luck_and_slip, weigh, weights_of
from adaptive_xblocks.mastery.parameters import BktParameters
from adaptive_xblocks.mastery.skill_state import RECENT, SkillState
from adaptive_xblocks.mastery.tracing import observe, observe_jointly


class Tally:
    """A skill's state while answers are counted. `variants` are those with an unassisted success."""

    __slots__ = ("opportunities", "p_known", "parameters", "recent", "successes", "variants", "weights")

    def __init__(
        self, parameters: BktParameters, p_known: float, opportunities: int = 0, successes: int = 0, recent: str = "",
        weights: Weights | None = None,
    ) -> None:
        self.parameters, self.p_known = parameters, p_known
        self.weights = weights_of(p_known, opportunities, parameters) if weights is None else tuple(weights)
        self.opportunities, self.successes = opportunities, successes
        self.variants: set[int] = set()
        self.recent = list(map(float, recent))

    def take(self, p_known: float, weights: Weights, solved_variant: int | None) -> None:
        """Count one opportunity; `solved_variant` is the variant of an unassisted success, else None."""
        self.p_known, self.weights = p_known, weights
        self.opportunities += 1
        if solved_variant is None:
            self.recent.append(0.0)
        else:
            self.recent.append(1.0)
            if solved_variant not in self.variants:
                self.variants.add(solved_variant)
                self.successes += 1

    def row(self) -> tuple[float, int, int, str, Weights]:
        """The state as plain values, which make the same tally again but for its variants."""
        recent = "".join("1" if one else "0" for one in self.recent[-RECENT:])
        return self.p_known, self.opportunities, self.successes, recent, self.weights

    def freeze(self, mastered: bool) -> SkillState:
        """The state as a value."""
        return SkillState(
            p_known=self.p_known,
            opportunities=self.opportunities,
            successes=self.successes,
            recent=tuple(self.recent[-RECENT:]),
            mastered=mastered,
            learnt=self.weights[0],
            unlearnt=self.weights[1],
        )


class Tallies(dict[str, Tally]):
    """Tallies by skill, begun as skills are met; `parameters` gives those in force for a skill."""

    def __init__(self, parameters: Callable[[str], BktParameters]) -> None:
        super().__init__()
        self._parameters = parameters

    def __missing__(self, skill: str) -> Tally:
        parameters = self._parameters(skill)
        self[skill] = tally = Tally(parameters, parameters.prior)
        return tally

    def count(
        self, skills: Sequence[str], credit: float, help: float, chance: float, difficulty: float,
        solved_variant: int | None,
    ) -> None:
        """Count an answer on a step that needs these skills; the other arguments as in `observe` and `Tally.take`."""
        if len(skills) == 1:
            tally = self[skills[0]]
            skill = tally.parameters
            luck, slip = luck_and_slip(skill.guess, skill.slip, chance, difficulty)
            asked = skill.help_odds**help if help else 1.0
            tally.take(
                observe(tally.p_known, credit, skill, help, chance, difficulty),
                weigh(tally.weights, credit == 1, luck, slip, skill.learn, asked, help), solved_variant)
        else:
            self._count_jointly([self[skill] for skill in skills], credit, help, chance, difficulty, solved_variant)

    def _count_jointly(
        self, tallies: list[Tally], credit: float, help: float, chance: float, difficulty: float,
        solved_variant: int | None,
    ) -> None:
        known, parameters = [tally.p_known for tally in tallies], [tally.parameters for tally in tallies]
        after = observe_jointly(known, credit, parameters, help, chance, difficulty)
        luck, slip = luck_and_slip(
            min(skill.guess for skill in parameters), max(skill.slip for skill in parameters), chance, difficulty)
        for place, (tally, skill, p_known) in enumerate(zip(tallies, parameters, after)):
            others = prod(known[:place] + known[place + 1:])
            learn = 1.0 - (1.0 - skill.learn) ** (1.0 / len(tallies))
            weights = weigh(tally.weights, credit == 1, luck, slip, learn, skill.help_odds**help, help, others)
            tally.take(p_known, weights, solved_variant)
