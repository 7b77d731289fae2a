"""`user_state`: all fields of a block in one JSON object in one row of a learner."""

from __future__ import annotations

import itertools
import logging
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import simplejson
from django.db import DatabaseError, IntegrityError, transaction
from xblock.exceptions import KeyValueMultiSaveError

from tests.platform.models import StudentModule

log = logging.getLogger(__name__)

#: How many keys are asked for in one query.
CHUNK = 500


def read_rows(user: Any, usages: Iterable[Any]) -> Iterator[StudentModule]:
    """A learner's rows of these blocks, one query for a course and CHUNK blocks."""
    ordered = sorted(usages, key=lambda usage: str(usage.context_key))
    for course, group in itertools.groupby(ordered, lambda usage: usage.context_key):
        keys = list(group)
        for start in range(0, len(keys), CHUNK):
            yield from StudentModule.objects.filter(
                student__username=user.username, course_id=course, module_state_key__in=keys[start:start + CHUNK])


def write_states(user: Any, states: Mapping[Any, Mapping[str, Any]]) -> None:
    """Lay fields over what each block's row holds now. Writes nothing for a visitor.

    A row that another request inserted and that stays invisible here ends the whole call without an error: this block
    and all after it are not saved.
    """
    if user.is_anonymous:
        return
    for usage, fields in states.items():
        try:
            row, is_new = StudentModule.objects.get_or_create(
                student=user, course_id=usage.context_key, module_state_key=usage,
                defaults={"state": simplejson.dumps(fields), "module_type": usage.block_type})
        except IntegrityError:
            log.warning("The state of %s in %s was dropped: its row was inserted meanwhile", user, usage)
            return
        if not is_new:
            _update(row, fields)


def delete_fields(user: Any, usage: Any, names: Iterable[str]) -> None:
    """Take fields out of a block's row."""
    for row in read_rows(user, [usage]):
        state = simplejson.loads(row.state)
        for name in names:
            state.pop(name, None)
        row.state = simplejson.dumps(state)
        row.save(force_update=True)


def _update(row: StudentModule, fields: Mapping[str, Any]) -> None:
    """Write the whole row with these fields changed: its grade as it was read a moment ago."""
    state = {} if row.state is None else simplejson.loads(row.state)
    state.update(fields)
    row.state = simplejson.dumps(state)
    try:
        with transaction.atomic():
            row.save(force_update=True)
    except IntegrityError:
        log.warning("The state in row %s was dropped", row.pk)


class UserStateCache:
    """What one request has read of `user_state`, by block."""

    def __init__(self, user: Any) -> None:
        self.user = user
        self._cache: dict[Any, dict[str, Any]] = defaultdict(dict)

    def cache_fields(self, fields: Any, blocks: Iterable[Any]) -> None:
        """Read the rows of these blocks; one without a state, or with an empty one, counts as none."""
        for row in read_rows(self.user, {block.scope_ids.usage_id for block in blocks}):
            state = row.state and simplejson.loads(row.state)
            if state:
                self._cache[row.module_state_key.map_into_course(row.course_id)] = state

    def get(self, key: Any) -> Any:
        """The value that was read; KeyError if none was."""
        if key.block_scope_id not in self._cache:
            raise KeyError(key.field_name)
        return self._cache[key.block_scope_id][key.field_name]

    def has(self, key: Any) -> bool:
        """Was a value read?"""
        return key.field_name in self._cache.get(key.block_scope_id, {})

    def set_many(self, values: Mapping[Any, Any]) -> None:
        """Save. Whatever comes of it, what this request knows of a block is then these fields and no others."""
        states: dict[Any, dict[str, Any]] = defaultdict(dict)
        for key, value in values.items():
            states[key.block_scope_id][key.field_name] = value
        try:
            write_states(self.user, states)
        except DatabaseError as error:
            log.warning("The state of %s was not saved", self.user, exc_info=True)
            raise KeyValueMultiSaveError([]) from error
        finally:
            self._cache.update(states)

    def delete(self, key: Any) -> None:
        """Delete one field; KeyError if it was not read."""
        if not self.has(key):
            raise KeyError(key.field_name)
        delete_fields(self.user, key.block_scope_id, [key.field_name])
        del self._cache[key.block_scope_id][key.field_name]
