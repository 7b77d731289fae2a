"""What the learners were told, and what was taken away since: the promises that the stored rows are held against."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from django.core import signing

from adaptive_xblocks.evidence import Evidence

Place = tuple[int, Any]  # learner, usage key


@dataclass
class Promise:
    """An answer that a reply acknowledged. `begun` is the tick at which its request began, `epoch` that of its
    receipt; `is_kept` while the browser holds the receipt, `is_confirmed` once it was allowed to drop it."""

    begun: int
    epoch: int
    is_kept: bool = True
    is_confirmed: bool = False


class Told(NamedTuple):
    """A skill was said to be mastered in a reply that arrived."""

    begun: int
    epoch: int


class Erased(NamedTuple):
    """Pieces that a deletion or a reset took away for good."""

    why: str
    place: Place
    pieces: frozenset[Evidence]


def epoch_of(token: str) -> int:
    """The epoch in a receipt."""
    return signing.loads(token, salt="adaptive_xblocks.receipt")[2]["epoch"]


@dataclass
class Ledger:
    """Promises by place and submission id, mastery told by place and skill, erasures that must have taken effect.

    `placed`: skills told to be known from the start; `declared`: those that events said to be mastered; `rated`: the
    serving and the piece of help that was rated last there; `last_rated`: what events said of each."""

    promises: dict[Place, dict[str, Promise]] = field(default_factory=dict)
    told: dict[Place, dict[str, Told]] = field(default_factory=dict)
    erased: list[Erased] = field(default_factory=list)
    forgotten: dict[Place, int] = field(default_factory=dict)
    placed: dict[Place, dict[str, Told]] = field(default_factory=dict)
    declared: dict[Place, set[str]] = field(default_factory=dict)
    rated: dict[Place, tuple[int, str]] = field(default_factory=dict)
    last_rated: dict[tuple[Any, ...], bool] = field(default_factory=dict)

    def promise(self, place: Place, begun: int, receipts: Iterable[dict[str, str]], is_kept: bool) -> int:
        """A reply gave receipts out; the highest of their epochs."""
        highest = 0
        for one in receipts:
            highest = max(highest, epoch_of(one["token"]))
            if begun > self.forgotten.get(place, -1):
                self.promises.setdefault(place, {})[one["id"]] = Promise(begun, epoch_of(one["token"]), is_kept)
        return highest

    def confirm(self, place: Place, submissions: Iterable[str]) -> None:
        """The browser dropped receipts because a reply confirmed them."""
        for one in submissions:
            if promise := self.promises.get(place, {}).get(one):
                promise.is_confirmed = True

    def throw_away(self, place: Place, submissions: Iterable[str]) -> None:
        """A browser's storage was cleared: receipts that it still held can no longer be offered."""
        for one in submissions:
            if promise := self.promises.get(place, {}).get(one):
                promise.is_kept = False

    def tell(self, place: Place, begun: int, epoch: int, skill: str, is_placed: bool = False) -> None:
        """A reply that arrived came with the news that a skill is mastered."""
        if begun > self.forgotten.get(place, -1):
            for told in (self.told, self.placed) if is_placed else (self.told,):
                told.setdefault(place, {})[skill] = Told(begun, epoch)

    def rate(self, place: Place, begun: int, serving: int, key: str) -> None:
        """A reply thanked for what was said of a piece of help."""
        if begun > self.forgotten.get(place, -1):
            self.rated[place] = serving, key

    def is_news(self, place: Place, name: str, data: dict[str, Any]) -> bool:
        """Enter what an event says of a skill or a rating; False if one said so before."""
        if name.endswith(".help.rated"):
            about = (place, *(data[key] for key in ("serving", "step", "help", "end", "round")))
            before, self.last_rated[about] = self.last_rated.get(about), data["helpful"]
            return before is not data["helpful"]
        known = self.declared.setdefault(place, set())
        is_new = data["skill"] not in known
        known.add(data["skill"])
        return is_new

    def forget(self, place: Place, tick: int) -> None:
        """The state was deleted or reset up to this tick: what was said of it until then, also by requests that were
        on their way, need not hold any more."""
        self.forgotten[place] = tick
        self.promises.pop(place, None)
        self.told.pop(place, None)
        self.placed.pop(place, None)
        self.lose_track(place)

    def lose_track(self, place: Place) -> None:
        """What was stored of a place may have gone back: it may be said again, and what was rated is not asked for."""
        self.declared.pop(place, None)
        self.rated.pop(place, None)
        self.last_rated = {about: said for about, said in self.last_rated.items() if about[0] != place}

    def erase(self, why: str, place: Place, pieces: frozenset[Evidence]) -> None:
        """These pieces must be gone after the next visit."""
        if pieces:
            self.erased.append(Erased(why, place, pieces))

    def binding(self, place: Place, epoch: int, trusts_lock: bool) -> dict[str, Promise]:
        """The promises that must hold while the block's stored epoch is `epoch`.

        Where something was ever deleted or reset here, promises of earlier epochs may have gone with it: requests
        that were on their way then can make the deletion felt later.
        """
        was_erased = place in self.forgotten
        return {
            submission: one for submission, one in self.promises.get(place, {}).items()
            if (one.is_kept or one.is_confirmed or trusts_lock) and not (was_erased and one.epoch < epoch)
        }

    def binding_skills(self, place: Place, epoch: int, placed: bool = False) -> list[str]:
        """The skills that must be mastered, or must count as known from the start, likewise."""
        was_erased, told = place in self.forgotten, self.placed if placed else self.told
        return [skill for skill, one in told.get(place, {}).items()
                if not (was_erased and one.epoch < epoch)]
