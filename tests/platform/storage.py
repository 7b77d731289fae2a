"""A request's view of a learner's fields, read once when it begins, and the key-value stores that blocks see it by.

Classes and private attributes carry the LMS's names: blocks recognise their platform by them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from xblock.exceptions import InvalidScopeError, KeyValueMultiSaveError
from xblock.fields import Scope, UserScope
from xblock.runtime import KeyValueStore

from tests.platform.field_rows import PreferencesCache, UserInfoCache, UserStateSummaryCache
from tests.platform.user_state import UserStateCache

LEARNER_SCOPES = (Scope.user_state, Scope.user_info, Scope.preferences, Scope.user_state_summary)
_DELETED = "deleted"


class FieldDataCache:
    """The fields of some blocks and of all below them, read with one query a scope; nothing is read afterwards.

    A visitor has none. With `read_only` every write is dropped without a word: the LMS does so for crawlers.
    """

    def __init__(self, blocks: Iterable[Any], user: Any, read_only: bool = False) -> None:
        self.user, self.read_only = user, read_only
        self.cache = {
            Scope.user_state: UserStateCache(user),
            Scope.user_info: UserInfoCache(user),
            Scope.preferences: PreferencesCache(user),
            Scope.user_state_summary: UserStateSummaryCache(),
        }
        if user.is_authenticated:
            self._read([below for block in blocks for below in _with_descendants(block)])

    def get(self, key: Any) -> Any:
        """The value that was read; KeyError if none was."""
        self._check(key)
        return self.cache[key.scope].get(key)

    def has(self, key: Any) -> bool:
        """Was a value read?"""
        self._check(key)
        return self.cache[key.scope].has(key)

    def set_many(self, values: Mapping[Any, Any]) -> None:
        """Save scope after scope; one that fails leaves those before it saved."""
        if self.read_only:
            return
        by_scope: dict[Any, dict[Any, Any]] = defaultdict(dict)
        for key, value in values.items():
            self._check(key)
            by_scope[key.scope][key] = value
        saved: list[str] = []
        for scope, part in by_scope.items():
            try:
                self.cache[scope].set_many(part)
            except KeyValueMultiSaveError as error:
                raise KeyValueMultiSaveError(saved + error.saved_field_names) from error
            saved += [key.field_name for key in part]

    def delete(self, key: Any) -> None:
        """Delete a field; KeyError if it was not read."""
        if not self.read_only:
            self._check(key)
            self.cache[key.scope].delete(key)

    def _read(self, blocks: list[Any]) -> None:
        declared = defaultdict(set)
        for block in blocks:
            for field in block.fields.values():
                declared[field.scope].add(field)
        for scope, fields in declared.items():
            if scope in self.cache:
                self.cache[scope].cache_fields(fields, blocks)

    def _check(self, key: Any) -> None:
        """A request holds the fields of one learner."""
        if key.scope.user == UserScope.ONE and not self.user.is_anonymous and key.user_id != self.user.id:
            raise AssertionError(f"{key} is of another learner than {self.user.id}")


def _with_descendants(block: Any) -> list[Any]:
    found = [block]
    for child in block.get_children() + block.get_required_block_descriptors():
        found += _with_descendants(child)
    return found


class DjangoKeyValueStore(KeyValueStore):
    """A learner's fields as blocks read and write them."""

    def __init__(self, field_data_cache: FieldDataCache) -> None:
        self._field_data_cache = field_data_cache

    def get(self, key):
        """The value that was read; KeyError if none was."""
        return self._cache(key).get(key)

    def set(self, key, value):
        """Save one field."""
        self.set_many({key: value})

    def set_many(self, update_dict):
        """Save many fields."""
        for key in update_dict:
            self._cache(key)
        self._field_data_cache.set_many(update_dict)

    def delete(self, key):
        """Delete one field."""
        self._cache(key).delete(key)

    def has(self, key):
        """Was a value read?"""
        return self._cache(key).has(key)

    def _cache(self, key: Any) -> FieldDataCache:
        if key.scope not in LEARNER_SCOPES:
            raise InvalidScopeError(key, LEARNER_SCOPES)
        return self._field_data_cache


class MasqueradingKeyValueStore(KeyValueStore):
    """Staff view as a specific learner: reads the learner's fields, writes to the staff member's session."""

    def __init__(self, kvs: KeyValueStore, session: dict[str, Any]) -> None:
        self.kvs, self.session = kvs, session
        self.session_data = session.setdefault("masquerade_data", {})

    def get(self, key):
        """What was written in this session, else what the learner has."""
        name = repr(tuple(key))
        if name not in self.session_data:
            return self.kvs.get(key)
        return self._written(name)

    def set(self, key, value):
        """Keep in the session."""
        self.session_data[repr(tuple(key))] = (value,)

    def delete(self, key):
        """Have it look deleted in this session."""
        self.session_data[repr(tuple(key))] = _DELETED

    def has(self, key):
        """Is there a value in this session or of the learner?"""
        name = repr(tuple(key))
        return self.session_data[name] != _DELETED if name in self.session_data else self.kvs.has(key)

    def _written(self, name: str) -> Any:
        if self.session_data[name] == _DELETED:
            raise KeyError(name)
        return self.session_data[name][0]


class SessionKeyValueStore(KeyValueStore):
    """Studio's preview: a learner's fields live in the author's session."""

    def __init__(self, session: dict[str, Any]) -> None:
        self._session = session

    def get(self, key):
        """The value in the session; KeyError if there is none."""
        return self._session[repr(tuple(key))]

    def set(self, key, value):
        """Keep in the session."""
        self._session[repr(tuple(key))] = value

    def delete(self, key):
        """Forget."""
        del self._session[repr(tuple(key))]

    def has(self, key):
        """Is it in the session?"""
        return repr(tuple(key)) in self._session
