"""What the record says about one learner and one skill."""

from __future__ import annotations

from dataclasses import dataclass
from math import inf

RECENT = 10  # opportunities that `SkillState.recent` remembers


@dataclass(frozen=True, slots=True)
class SkillState:
    """The fold of a learner's evidence on one skill.

    * `p_known`: probability in [0, 1] that the skill is known now;
    * `opportunities`: number of pieces of evidence, helped or not;
    * `successes`: unassisted successes on different variants, that is, distinct (item, seed);
    * `recent`: the last ten opportunities, oldest first, 1.0 an unassisted success and 0.0 anything else;
    * `mastered`: mastery was declared (latched: a later dip does not take it back);
    * `learnt`, `unlearnt`: the two parts of `against_luck` (see `luck`); a state that was not counted from answers has
      nothing to prove.
    """

    p_known: float
    opportunities: int = 0
    successes: int = 0
    recent: tuple[float, ...] = ()
    mastered: bool = False
    learnt: float = inf
    unlearnt: float = 0.0

    @property
    def against_luck(self) -> float:
        """How many times likelier the answers are for a learner who follows the model than by luck alone."""
        return self.learnt + self.unlearnt
