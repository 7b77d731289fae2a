"""Which piece of help comes next, and how much of it a learner has seen."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from adaptive_xblocks.tutoring.model import Help, Step


@dataclass(frozen=True, slots=True)
class HelpState:
    """`next`: the piece to release on request, if any; `n_left`: the pieces not shown yet, it included."""

    next: Help | None
    n_left: int
    next_is_bottom_out: bool


def help_state(step: Step, shown: Collection[str]) -> HelpState:
    """What help the step still has after the pieces whose ids are in `shown` (others are ignored).

    Pieces come in document order, each after those that its `after` names. One that waits for what can never
    be shown is given rather than withheld.
    """
    left = [piece for piece in step.help if piece.id not in shown]
    ready = (piece for piece in left if all(needed in shown for needed in piece.after))
    piece = next(ready, left[0] if left else None)
    return HelpState(piece, len(left), piece is not None and piece.bottom_out)


def share(shown: Collection[str], step: Step) -> tuple[int, int]:
    """The help seen as (seen, total); (1, 1) once the bottom-out told all, (0, 0) where there is none."""
    if any(piece.bottom_out and piece.id in shown for piece in step.help):
        return 1, 1
    return sum(piece.id in shown for piece in step.help), len(step.help)
