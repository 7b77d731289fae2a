"""Notes on a course's evidence: what a request found out about a set, so that the next one need not.

Notes are a cache that can be thrown away, never truth: they take no part in merging or equality, and they count only
for exactly the set, the parameters and the model that they were made from. `Notes.hold` says whether they do.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from functools import lru_cache
from typing import Any, NamedTuple

from adaptive_xblocks.evidence import Evidence, Kind
from adaptive_xblocks.evidence_fold import Fold, Row
from adaptive_xblocks.mastery import BktParameters


class Notes(NamedTuple):
    """`fold` is where the fold of the set ended (`Fold.rows`); `logs` says by block the sum of a log of which the set
    has every piece; `key` is a digest of both and of what they were made from."""

    key: str
    fold: tuple[Row, ...]
    logs: Mapping[str, str]

    @classmethod
    def of(cls, made_from: Any, fold: tuple[Row, ...], logs: Mapping[str, str]) -> Notes:
        """Notes on what can be said in JSON: the set's sum and all else that the fold depends on."""
        return cls(_key(made_from, fold, logs), fold, logs)

    @classmethod
    def from_json(cls, stored: Any) -> Notes | None:
        """The notes in `stored`; None for what has not their shape. Never raises."""
        try:
            key, fold, logs = stored
            return cls(key, tuple(map(tuple, fold)), dict(logs))
        except (TypeError, ValueError):
            return None

    def hold(self, made_from: Any) -> bool:
        """Are these notes on exactly this, and as they were written?"""
        return self.key == _key(made_from, self.fold, self.logs)


def _key(made_from: Any, fold: tuple[Row, ...], logs: Mapping[str, str]) -> str:
    text = json.dumps([_model(), made_from, fold, logs], sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


@lru_cache(maxsize=1)
def _model() -> str:
    """What the fold makes of a sample: a release that changes the model makes all notes stale by itself."""
    parameters = {"a": BktParameters(), "b": BktParameters(0.2, 0.15, 0.25, 0.05, 0.01, 0.4)}
    kinds = (Kind(("a",), (1, 1)), Kind(("b",), (0, 1), (1, 3), 4, 50), Kind(("a", "b"), (1, 1)),
             Kind(("b", "a"), (1, 2), (0, 3), 2, -80), Kind(("b",), (1, 1), (0, 2), 0, 30), Kind(("a",), (0, 1)))
    fold = Fold(parameters.__getitem__, (), 0)
    fold.add(Evidence(place + 1, "", place, place, 0, place // 2, kind) for place, kind in enumerate(kinds))
    return repr((parameters, fold.rows()))
