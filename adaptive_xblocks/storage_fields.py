"""Field types for what we store: reading them never raises, and the platform's field dumps show a size, not a life."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from xblock.fields import JSONField, String

from adaptive_xblocks.evidence_log import EvidenceLog
from adaptive_xblocks.learner_record import LearnerRecord
from adaptive_xblocks.record_resets import Resets
from adaptive_xblocks.tutoring.practice import Practice

_STRING = String()


@lru_cache(maxsize=16)
def _without_control_characters(text: str) -> str:
    return _STRING._sanitize(text)


class ContentField(String):
    """Holds OLX as text. XBlock searches a String for control characters at every access, which takes longer than all
    the rest of a request once the bank is large; here each text is searched once per process."""

    def _sanitize(self, value: Any) -> Any:
        return _without_control_characters(value) if isinstance(value, str) else super()._sanitize(value)


class ValueField(JSONField):
    """Holds an immutable value of type `VALUE`, which knows its own JSON; the runtime need not copy and compare it."""

    MUTABLE = False
    VALUE: type

    def from_json(self, value: Any) -> Any:
        """The value in storage; never raises."""
        return value if isinstance(value, self.VALUE) else self.VALUE.from_json(value)

    def to_json(self, value: Any) -> dict[str, Any] | None:
        """The stored shape."""
        return None if value is None else value.to_json()

    enforce_type = from_json


class LearnerRecordField(ValueField):
    """Holds the learner record."""

    VALUE = LearnerRecord


class ResetsField(ValueField):
    """Holds from when evidence counts."""

    VALUE = Resets


class EvidenceLogField(ValueField):
    """Holds a block's own evidence, None while the block has no state."""

    VALUE = EvidenceLog


class PracticeField(ValueField):
    """Holds where the learner is in a problem set."""

    VALUE = Practice
