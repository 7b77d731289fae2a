"""What a block's log says about a piece beyond mastery: kept as rows of numbers, read only when asked for."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from itertools import groupby
from typing import Any, NamedTuple

from adaptive_xblocks.evidence import StoredDataError

log = logging.getLogger(__name__)

SCHEMA = 1
#: No row has more characters of JSON: 14 whole numbers and a probability.
MOST_ROW = 200


class Detail(NamedTuple):
    """What one piece says beyond mastery. No free text: `error` is a class of wrong answers, never the answer.

    `response_time` is active time in ms (0: unknown); `role` is learner or staff; `propensity` is the probability with
    which `policy` chose the item; `parameters` is the version of the parameters that were in force.
    """

    item: str
    step: str
    item_version: str
    seed: int
    answer_type: str
    hint_first: bool = False
    misconception: str = ""
    error: str = ""
    response_time: int = 0
    role: str = "learner"
    policy: str = ""
    propensity: float = 1.0
    parameters: str = ""
    schema: int = SCHEMA


class Details(Mapping[int, Detail]):
    """Details by the submission digest of their piece, oldest first; never changed in place.

    Stored as rows of numbers beside one table of the texts in them.
    """

    def __init__(self, texts: list[str], rows: list[list[Any]]) -> None:
        self._texts, self._rows = texts, rows
        self._read: dict[int, Detail] | None = None

    @classmethod
    def of(cls, details: Mapping[int, Detail]) -> Details:
        """The details as one of these."""
        if isinstance(details, Details):
            return details
        texts: dict[str, int] = {}
        rows = [_row(texts, submission, detail) for submission, detail in details.items()]
        return cls(list(texts), rows)

    @classmethod
    def from_json(cls, stored: Any) -> Details:
        """The details in `stored` (none for None); raises StoredDataError for what is not rows beside texts."""
        if stored is None:
            return cls([], [])
        try:
            texts, rows = stored["texts"], stored["rows"]
            if type(texts) is type(rows) is list and {*map(type, rows)} <= {list} and {*map(type, texts)} <= {str}:
                return cls(texts, rows)
        except (KeyError, IndexError, TypeError) as error:
            raise StoredDataError(f"the details cannot be read: {error}") from error
        raise StoredDataError("the details are not rows of numbers beside texts")

    def to_json(self) -> dict[str, Any]:
        """The stored shape."""
        return {"texts": list(self._texts), "rows": list(self._rows)}

    def with_detail(self, submission: int, detail: Detail) -> Details:
        """One more, the newest."""
        texts = {text: place for place, text in enumerate(self._texts)}
        row = _row(texts, submission, detail)
        return Details(list(texts), [*self._rows, row])

    def without_oldest(self, n: int) -> Details:
        """Without that many of the oldest."""
        return Details.of(dict(list(self.items())[n:]))

    def newest(self, submission: int) -> Detail | None:
        """The detail of a submission, read alone where it is the newest; None if there is none."""
        if self._rows and self._rows[-1] and self._rows[-1][0] == submission:
            return _read(self._texts, self._rows[-1:]).get(submission)
        return self.get(submission)

    def __eq__(self, other: object) -> bool:
        if isinstance(other, Details) and self._texts == other._texts and self._rows == other._rows:
            return True
        return super().__eq__(other)

    __hash__ = None

    def _all(self) -> dict[int, Detail]:
        if self._read is None:
            self._read = _read(self._texts, self._rows)
        return self._read

    def __getitem__(self, submission: int) -> Detail:
        return self._all()[submission]

    def __iter__(self) -> Iterator[int]:
        return iter(self._all())

    def __len__(self) -> int:
        return len(self._all())


def _row(texts: dict[str, int], submission: int, detail: Detail) -> list[Any]:
    """The numbers of one detail; texts that are new are put into the table."""
    return [submission, *(
        texts.setdefault(value, len(texts)) if kind is str else int(value) if kind is bool else value
        for kind, value in zip(_TYPES, detail)
    )]


def _read(texts: list[str], rows: list[list[Any]]) -> dict[int, Detail]:
    """Details back from their rows; rows of an older schema are shorter, their missing ends take defaults."""
    details: dict[int, Detail] = {}
    try:
        for _length, alike in groupby(rows, key=len):
            columns = [
                map(texts.__getitem__, column) if kind is str else map(kind, column)
                for kind, column in zip((int, *_TYPES), zip(*alike))
            ]
            details.update((key, Detail(*values)) for key, *values in zip(*columns))
    except (IndexError, TypeError, ValueError) as error:
        log.warning("Details of a block's evidence cannot be read and are left out: %s", error)
    return details


_TYPES = (str, str, str, int, str, bool, str, str, int, str, str, float, str, int)
