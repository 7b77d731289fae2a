"""One learner's evidence: what a first readable answer on a step said, as plain values.

A piece of evidence is one *opportunity*: the first readable answer that a learner gave on one step of one served
item. Pieces are values that sort in canonical order (time, block, submission id), so that a set of them always
folds to the same mastery. They hold no names, no e-mail addresses and no free text. `evidence_packing` says how they
are stored, `evidence_pieces` holds a set of them.
"""

from __future__ import annotations

import hashlib
from typing import NamedTuple

MODES = ("practice", "review", "probe", "worked-example")


class StoredDataError(ValueError):
    """Stored evidence cannot be read. The message says what is wrong with it."""


class Kind(NamedTuple):
    """What a piece says, apart from who, when and where; shared by many pieces.

    `credit` and `help` are exact ratios (earned, possible) and (help seen, help there was); `options` is the number of
    equally likely answers (0: no chance to speak of); `difficulty` is in hundredths of a logit.
    """

    skills: tuple[str, ...]
    credit: tuple[int, int]
    help: tuple[int, int] = (0, 1)
    options: int = 0
    difficulty: int = 0
    mode: str = "practice"

    @property
    def is_success(self) -> bool:
        """True for full credit without any help: the only thing that counts towards declaring mastery."""
        return self.credit[0] == self.credit[1] and self.help[0] == 0


class Evidence(NamedTuple):
    """One piece. `time` in ms since 1970 (server clock); `block` is the digest of the block's usage key.

    `submission` and `variant` are 32-bit digests (see `digest32`); `variant` is of the item and its seed, so equal
    variants are the same problem with the same numbers. `serving` counts the items served in the block's epoch.
    """

    time: int
    block: str
    submission: int
    serving: int
    step: int
    variant: int
    kind: Kind

    @property
    def opportunity(self) -> tuple[str, int, int, int]:
        """What must be counted once, however many tabs answered it."""
        return self.block, self.serving, self.variant, self.step

    @property
    def identity(self) -> tuple[str, int, int]:
        """What makes two pieces the same piece: block, submission and (the collision check) the variant."""
        return self.block, self.submission, self.variant


def digest32(text: str) -> int:
    """A stable 32-bit digest of an id."""
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:4], "big")


def digest_key(text: str) -> str:
    """A stable short digest (16 hex digits) of a course or usage key: enough to tell apart, nothing to read."""
    return hashlib.sha256(text.encode()).hexdigest()[:16]
