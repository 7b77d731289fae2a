"""From evidence to mastery: the fold over a learner's pieces, which one more piece can continue."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from adaptive_xblocks.evidence import Evidence
from adaptive_xblocks.evidence_pieces import Pieces
from adaptive_xblocks.mastery import BktParameters, SkillState
from adaptive_xblocks.mastery.tally import Tallies, Tally

#: Where a skill's fold stands: skill, p_known, opportunities, successes, the last opportunities as "1" and "0", and the
#: weights of `mastery.luck`.
Row = tuple[str, float, int, int, str, tuple[float, float]]


class Fold:
    """Mastery while pieces are counted in canonical order.

    `parameters` gives those in force for a skill. `start` holds (skill, p_known, opportunities, successes) of what was
    folded before; pieces up to the time `until` are in it and are not counted again. With `counted`, `start` holds the
    `rows` of a fold in which these pieces were counted, and only later ones can be added.
    """

    def __init__(
        self, parameters: Callable[[str], BktParameters], start: Iterable[tuple[str, float, int, int] | Row],
        until: int, counted: Pieces | None = None,
    ) -> None:
        self._parameters, self._until, self._counted = parameters, until, counted
        self._seen: set[tuple[str, int, int, int]] = set()
        self._last: tuple = ()
        self._work = Tallies(parameters)
        self._work.update((skill, Tally(parameters(skill), *state)) for skill, *state in start)

    def add(self, pieces: Iterable[Evidence]) -> bool:
        """Count more pieces; False (and nothing counted) if one belongs before a piece that was counted."""
        ordered = sorted(pieces)
        if ordered and self._is_too_early(ordered[0]):
            return False
        for variant in {piece.variant for piece in ordered} if self._counted else ():
            self._recall(variant)
        self._count(ordered)
        self._last = ordered[-1] if ordered else self._last
        return True

    def states(self, mastered: set[str]) -> dict[str, SkillState]:
        """Mastery per skill that has evidence, or that is in `mastered`, the skills declared so."""
        states = {skill: state.freeze(skill in mastered) for skill, state in self._work.items()}
        for skill in mastered - states.keys():
            states[skill] = SkillState(self._parameters(skill).prior, mastered=True)
        return states

    def rows(self) -> tuple[Row, ...]:
        """Where the fold stands, for another one to go on from."""
        return tuple((skill, *state.row()) for skill, state in self._work.items())

    def _is_too_early(self, piece: Evidence) -> bool:
        if not self._last and self._counted:
            return piece.time <= self._counted.last_time
        return piece < self._last

    def _recall(self, variant: int) -> None:
        """Note again what was counted on a variant before this fold went on: no more of the past can matter to it."""
        for piece in self._counted.with_variant(variant):
            if piece.time <= self._until or piece.opportunity in self._seen:
                continue
            self._seen.add(piece.opportunity)
            if piece.kind.is_success:
                for skill in piece.kind.skills:
                    self._work[skill].variants.add(variant)

    def _count(self, pieces: list[Evidence]) -> None:
        work, seen, until = self._work, self._seen, self._until
        for time, block, _submission, serving, step, variant, kind in pieces:
            opportunity = block, serving, variant, step
            if time <= until or opportunity in seen:
                continue
            seen.add(opportunity)
            skills, (earned, possible), (shown, there), options, difficulty, _mode = kind
            work.count(skills, earned / possible, shown / there, 1 / options if options else 0.0, difficulty / 100,
                       variant if earned == possible and not shown else None)
