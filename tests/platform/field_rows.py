"""The other scopes: one row for a field, written whole."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterable, Mapping
from typing import Any

from django.db import DatabaseError
from opaque_keys.edx.block_types import BlockTypeKeyV1
from xblock.exceptions import KeyValueMultiSaveError

from tests.platform.models import XModuleStudentInfoField, XModuleStudentPrefsField, XModuleUserStateSummaryField

log = logging.getLogger(__name__)


class DjangoOrmFieldCache:
    """What one request has read of a scope. A field that was not read is taken to have no row, and is inserted."""

    def __init__(self, user: Any = None) -> None:
        self.user = user
        self._cache: dict[Any, Any] = {}

    def cache_fields(self, fields: Iterable[Any], blocks: Iterable[Any]) -> None:
        """Read the rows of these fields of these blocks with one query."""
        for row in self._rows({field.name for field in fields}, blocks):
            self._cache[self._key_of_row(row)] = row

    def get(self, key: Any) -> Any:
        """The value that was read; KeyError if none was."""
        if self._key(key) not in self._cache:
            raise KeyError(key.field_name)
        return json.loads(self._cache[self._key(key)].value)

    def has(self, key: Any) -> bool:
        """Was a row read?"""
        return self._key(key) in self._cache

    def set_many(self, values: Mapping[Any, Any]) -> None:
        """Save field after field. After a KeyValueMultiSaveError the field that failed counts as saved, as on the LMS,
        where the list of the saved grows by it while the error is on its way."""
        saved: list[str] = []
        for key, value in sorted(values.items()):
            saved.append(key.field_name)
            try:
                self._save(key, json.dumps(value))
            except DatabaseError as error:
                log.warning("Field %s was not saved", key.field_name, exc_info=True)
                raise KeyValueMultiSaveError(saved) from error

    def delete(self, key: Any) -> None:
        """Delete a field's row; KeyError if it was not read."""
        self._cache.pop(self._key(key)).delete()

    def _save(self, key: Any, value: str) -> None:
        row = self._cache.get(self._key(key))
        if row is None:
            row = self._new(key, value)
            row.save(force_insert=True)
            self._cache[self._key(key)] = row
        else:
            row.value = value
            row.save(force_update=True)


class UserInfoCache(DjangoOrmFieldCache):
    """`user_info`: the bare name of the field is the key, over all blocks and courses."""

    def _rows(self, names: set[str], blocks: Iterable[Any]) -> Iterable[Any]:
        return XModuleStudentInfoField.objects.filter(student=self.user.pk, field_name__in=names)

    def _new(self, key: Any, value: str) -> Any:
        return XModuleStudentInfoField(field_name=key.field_name, student_id=key.user_id, value=value)

    def _key_of_row(self, row: Any) -> Any:
        return row.field_name

    def _key(self, key: Any) -> Any:
        return key.field_name


class PreferencesCache(DjangoOrmFieldCache):
    """`preferences`: the key is the type of the block and the name of the field."""

    def _rows(self, names: set[str], blocks: Iterable[Any]) -> Iterable[Any]:
        types = {BlockTypeKeyV1(block.entry_point, block.scope_ids.block_type) for block in blocks}
        return XModuleStudentPrefsField.objects.filter(
            module_type__in=types, student=self.user.pk, field_name__in=names)

    def _new(self, key: Any, value: str) -> Any:
        return XModuleStudentPrefsField(
            field_name=key.field_name, module_type=self._key(key)[0], student_id=key.user_id, value=value)

    def _key_of_row(self, row: Any) -> Any:
        return row.module_type, row.field_name

    def _key(self, key: Any) -> Any:
        return BlockTypeKeyV1(key.block_family, key.block_scope_id), key.field_name


class UserStateSummaryCache(DjangoOrmFieldCache):
    """`user_state_summary`: the key is the block and the name of the field; all learners share it."""

    def _rows(self, names: set[str], blocks: Iterable[Any]) -> Iterable[Any]:
        return XModuleUserStateSummaryField.objects.filter(
            usage_id__in={block.scope_ids.usage_id for block in blocks}, field_name__in=names)

    def _new(self, key: Any, value: str) -> Any:
        return XModuleUserStateSummaryField(field_name=key.field_name, usage_id=key.block_scope_id, value=value)

    def _key_of_row(self, row: Any) -> Any:
        return row.usage_id, row.field_name

    def _key(self, key: Any) -> Any:
        return key.block_scope_id, key.field_name
