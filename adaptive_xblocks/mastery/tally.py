"""Counting a learner's answers, one by one, until they are a `SkillState` per skill.

The one place where an answer becomes mastery: the learner record folds its evidence with it, and simulated learners
are judged by it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from adaptive_xblocks.mastery.parameters import BktParameters
from adaptive_xblocks.mastery.skill_state import RECENT, SkillState
from adaptive_xblocks.mastery.tracing import observe, observe_jointly


class Tally:
    """A skill's state while answers are counted. `variants` are those with an unassisted success."""

    __slots__ = ("opportunities", "p_known", "parameters", "recent", "successes", "variants")

    def __init__(
        self, parameters: BktParameters, p_known: float, opportunities: int = 0, successes: int = 0, recent: str = ""
    ) -> None:
        self.parameters, self.p_known = parameters, p_known
        self.opportunities, self.successes = opportunities, successes
        self.variants: set[int] = set()
        self.recent = list(map(float, recent))

    def take(self, p_known: float, solved_variant: int | None) -> None:
        """Count one opportunity; `solved_variant` is the variant of an unassisted success, else None."""
        self.p_known = p_known
        self.opportunities += 1
        if solved_variant is None:
            self.recent.append(0.0)
        else:
            self.recent.append(1.0)
            if solved_variant not in self.variants:
                self.variants.add(solved_variant)
                self.successes += 1

    def row(self) -> tuple[float, int, int, str]:
        """The state as plain values, which make the same tally again but for its variants."""
        recent = "".join("1" if one else "0" for one in self.recent[-RECENT:])
        return self.p_known, self.opportunities, self.successes, recent

    def freeze(self, mastered: bool) -> SkillState:
        """The state as a value."""
        return SkillState(
            p_known=self.p_known,
            opportunities=self.opportunities,
            successes=self.successes,
            recent=tuple(self.recent[-RECENT:]),
            mastered=mastered,
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
            tally.take(observe(tally.p_known, credit, tally.parameters, help, chance, difficulty), solved_variant)
            return
        tallies = [self[skill] for skill in skills]
        after = observe_jointly([tally.p_known for tally in tallies], credit, [tally.parameters for tally in tallies],
                                help, chance, difficulty)
        for tally, p_known in zip(tallies, after):
            tally.take(p_known, solved_variant)
