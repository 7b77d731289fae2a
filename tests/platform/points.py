"""What a request does to the database, seen from outside: each read and write is named before it happens."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from tests.platform import databases

_SCOPES = {
    "courseware_studentmodule": "user_state",
    "courseware_xmoduleuserstatesummaryfield": "user_state_summary",
    "courseware_xmodulestudentprefsfield": "preferences",
    "courseware_xmodulestudentinfofield": "user_info",
}
_TABLE = re.compile("|".join(sorted(_SCOPES, key=len, reverse=True)))
_here = threading.local()


class Watch:
    """Calls `point(where)` before each read and write of learners' rows on this thread, and keeps the names.

    Nobody is stopped while a transaction holds a lock: whoever decides who goes on could wait for a request that
    waits for that lock.
    """

    def __init__(self, point: Callable[[str], Any] | None = None) -> None:
        self.point = point or (lambda where: None)
        self.queries: list[str] = []
        self._locked: Any = None

    def __call__(self, execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        """Django's hook around the execution of a statement."""
        table = _TABLE.search(sql)
        if table:
            is_read = sql.startswith("SELECT")
            where = f"{'read' if is_read else 'write'} {getattr(_here, 'name', '') or _SCOPES[table[0]]}"
            self.queries.append(where)
            transaction = next(iter(context["connection"].atomic_blocks), None)
            if transaction is None or transaction is not self._locked:
                self.point(where)
            if not is_read:
                self._locked = transaction
        return execute(sql, params, many, context)


@contextmanager
def watching(watch: Watch) -> Iterator[None]:
    """Have `watch` see what this thread does to the database in use."""
    with databases.connection().execute_wrapper(watch):
        yield


@contextmanager
def named(name: str) -> Iterator[None]:
    """Call what happens here by another name than the table's: the grade lies in the row of `user_state`."""
    _here.name = name
    try:
        yield
    finally:
        _here.name = ""
