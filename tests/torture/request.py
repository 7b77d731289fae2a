"""A request to the site as a task, and whom it met on its way."""

from __future__ import annotations

from typing import Any

from tests.torture.ledger import Place
from tests.torture.scheduler import Task


class Request(Task):
    """A request to the site for blocks of a learner (none for people who leave no trace). It is `crossed` if another
    of the same learner was on its way at the same time, and `beside_erasure` if that one, or it itself, deleted or
    reset something."""

    places: tuple[Place, ...] = ()
    is_special = is_erasure = is_crossed = is_beside_erasure = False
    skew = sent_at = 0

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self.published: list[tuple] = []

    def meets(self, other: Request) -> set[Place]:
        """Note that both are on their way; the blocks that both are for."""
        if {learner for learner, _usage in self.places} & {learner for learner, _usage in other.places}:
            for one in (self, other):
                one.is_crossed = True
                one.is_beside_erasure |= self.is_erasure or other.is_erasure
        return set(self.places) & set(other.places)

    @property
    def may_fail(self) -> bool:
        """Was something done to it that it may answer with "not now, try again"?"""
        return "refused" in self.points or self.is_beside_erasure
