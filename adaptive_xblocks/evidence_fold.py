"""From evidence to mastery: the fold over a learner's pieces, which one more piece can continue."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from adaptive_xblocks.evidence import Evidence
from adaptive_xblocks.mastery import BktParameters, SkillState, observe, observe_jointly

#: How many of the last opportunities a SkillState remembers.
RECENT = 10


class Fold:
    """Mastery while pieces are counted in canonical order.

    `parameters` gives those in force for a skill. `start` holds (skill, p_known, opportunities, successes) of what was
    folded before; pieces up to the time `until` are in it and are not counted again.
    """

    def __init__(
        self, parameters: Callable[[str], BktParameters], start: Iterable[tuple[str, float, int, int]], until: int
    ) -> None:
        self._parameters, self._until = parameters, until
        self._seen: set[tuple[str, int, int, int]] = set()
        self._last: tuple = ()
        self._work = {skill: _Working(parameters(skill), *state) for skill, *state in start}

    def add(self, pieces: Iterable[Evidence]) -> bool:
        """Count more pieces; False (and nothing counted) if one belongs before a piece that was counted."""
        ordered = sorted(pieces)
        if ordered and ordered[0] < self._last:
            return False
        self._count(ordered)
        self._last = ordered[-1] if ordered else self._last
        return True

    def states(self, mastered: set[str]) -> dict[str, SkillState]:
        """Mastery per skill that has evidence, or that is in `mastered`, the skills declared so."""
        states = {skill: state.freeze(skill in mastered) for skill, state in self._work.items()}
        for skill in mastered - states.keys():
            states[skill] = SkillState(self._parameters(skill).prior, mastered=True)
        return states

    def _count(self, pieces: list[Evidence]) -> None:
        work, seen, until = self._work, self._seen, self._until
        for time, block, _submission, serving, step, variant, kind in pieces:
            opportunity = block, serving, variant, step
            if time <= until or opportunity in seen:
                continue
            seen.add(opportunity)
            skills, (earned, possible), (shown, there), options, difficulty, _mode = kind
            solved = variant if earned == possible and not shown else None
            chance = 1 / options if options else 0.0
            if len(skills) == 1:
                state = work.get(skills[0]) or self._begin(skills[0])
                state.take(observe(state.p_known, earned / possible, state.parameters, shown / there, chance,
                                   difficulty / 100), solved)
                continue
            states = [work.get(skill) or self._begin(skill) for skill in skills]
            after = observe_jointly([state.p_known for state in states], earned / possible,
                                    [state.parameters for state in states], shown / there, chance, difficulty / 100)
            for state, p_known in zip(states, after):
                state.take(p_known, solved)

    def _begin(self, skill: str) -> _Working:
        parameters = self._parameters(skill)
        self._work[skill] = state = _Working(parameters, parameters.prior)
        return state


class _Working:
    """A skill's state while the fold runs over it."""

    __slots__ = ("opportunities", "p_known", "parameters", "recent", "successes", "variants")

    def __init__(self, parameters: BktParameters, p_known: float, opportunities: int = 0, successes: int = 0) -> None:
        self.parameters, self.p_known = parameters, p_known
        self.opportunities, self.successes = opportunities, successes
        self.variants: set[int] = set()
        self.recent: list[float] = []

    def take(self, p_known: float, solved_variant: int | None) -> None:
        self.p_known = p_known
        self.opportunities += 1
        if solved_variant is None:
            self.recent.append(0.0)
        else:
            self.recent.append(1.0)
            self.variants.add(solved_variant)

    def freeze(self, mastered: bool) -> SkillState:
        return SkillState(
            p_known=self.p_known,
            opportunities=self.opportunities,
            successes=self.successes + len(self.variants),
            recent=tuple(self.recent[-RECENT:]),
            mastered=mastered,
        )
