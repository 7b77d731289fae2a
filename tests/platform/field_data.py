"""How the LMS and Studio join what authors wrote and what learners did, under the platform's names."""

from __future__ import annotations

from typing import Any

from xblock.exceptions import InvalidScopeError
from xblock.field_data import ReadOnlyFieldData, SplitFieldData
from xblock.fields import Scope
from xblock.runtime import KeyValueStore, KvsFieldData

from tests.platform.storage import LEARNER_SCOPES

AUTHORED_SCOPES = (Scope.content, Scope.settings, Scope.parent, Scope.children)


class LmsFieldData(SplitFieldData):
    """What authors wrote, to be read only, and a learner's fields."""

    def __init__(self, authored_data: Any, student_data: Any) -> None:
        self._authored_data, self._student_data = ReadOnlyFieldData(authored_data), student_data
        super().__init__(_by_scope(self._authored_data, student_data))


class CmsFieldData(SplitFieldData):
    """What authors write, and a learner's fields in the author's session."""

    def __init__(self, authored_data: Any, student_data: Any) -> None:
        self._authored_data, self._student_data = authored_data, student_data
        super().__init__(_by_scope(authored_data, student_data))


def _by_scope(authored: Any, student: Any) -> dict[Any, Any]:
    return {**dict.fromkeys(AUTHORED_SCOPES, authored), **dict.fromkeys(LEARNER_SCOPES, student)}


class AuthoredStore(KeyValueStore):
    """The authored fields of one block. Learners' fields are not in it: they look unset, and writing them fails."""

    def __init__(self, fields: dict[str, Any]) -> None:
        self.fields = fields

    def get(self, key):
        """The value; KeyError if it is not set."""
        self._check(key)
        return self.fields[key.field_name]

    def set(self, key, value):
        """Set it, in this request only until Studio stores the block."""
        self._check(key)
        self.fields[key.field_name] = value

    def delete(self, key):
        """Have it unset."""
        self._check(key)
        del self.fields[key.field_name]

    def has(self, key):
        """Is it set on the block itself?"""
        return key.scope in AUTHORED_SCOPES and key.field_name in self.fields

    def _check(self, key: Any) -> None:
        if key.scope not in AUTHORED_SCOPES:
            raise InvalidScopeError(key, AUTHORED_SCOPES)


class InheritingFieldData(KvsFieldData):
    """Authored fields of a block; what it does not set itself it may inherit from above (`inherited`, by name)."""

    def __init__(self, fields: dict[str, Any], inherited: dict[str, Any]) -> None:
        super().__init__(kvs=AuthoredStore(fields))
        self.inherited = inherited

    def default(self, block, name):
        """The inherited value; KeyError where the field's own default holds."""
        return self.inherited[name]
