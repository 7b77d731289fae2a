"""Field types for what we store: reading them never raises, and the platform's field dumps show a size, not a life."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from xblock.fields import JSONField, String

from adaptive_xblocks.evidence_log import EvidenceLog
from adaptive_xblocks.learner_record import LearnerRecord
from adaptive_xblocks.tutoring.practice import Practice

_STRING = String()


@lru_cache(maxsize=64)
def _without_control_characters(text: str) -> str:
    return _STRING._sanitize(text)


class ContentField(String):
    """Holds OLX as text. XBlock searches a String for control characters at every access, which takes longer than all
    the rest of a request once the bank is large; here each text is searched once per process."""

    def _sanitize(self, value: Any) -> Any:
        return _without_control_characters(value) if isinstance(value, str) else super()._sanitize(value)


class LearnerRecordField(JSONField):
    """Holds a LearnerRecord (immutable, so the runtime need not copy and compare it)."""

    MUTABLE = False

    def from_json(self, value: Any) -> LearnerRecord:
        """The record in storage; never raises."""
        return value if isinstance(value, LearnerRecord) else LearnerRecord.from_json(value)

    def to_json(self, value: LearnerRecord | None) -> dict[str, Any] | None:
        """The stored shape."""
        return None if value is None else value.to_json()

    enforce_type = from_json


class EvidenceLogField(JSONField):
    """Holds a block's own EvidenceLog, None while the block has no state."""

    MUTABLE = False

    def from_json(self, value: Any) -> EvidenceLog | None:
        """The log in storage; never raises."""
        return value if isinstance(value, EvidenceLog) else EvidenceLog.from_json(value)

    def to_json(self, value: EvidenceLog | None) -> dict[str, Any] | None:
        """The stored shape."""
        return None if value is None else value.to_json()

    enforce_type = from_json


class PracticeField(JSONField):
    """Holds where the learner is in a problem set."""

    MUTABLE = False

    def from_json(self, value: Any) -> Practice:
        """The practice in storage; never raises."""
        return value if isinstance(value, Practice) else Practice.from_json(value)

    def to_json(self, value: Practice | None) -> dict[str, Any] | None:
        """The stored shape."""
        return None if value is None else value.to_json()

    enforce_type = from_json
