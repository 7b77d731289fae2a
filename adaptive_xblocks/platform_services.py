"""What the blocks need of the platform they run on, and what holds where a service is missing.

PURPOSE: the only module that knows how the LMS, Studio, the libraries' runtime and the workbench differ. Everything
here is optional on some platform, so everything has a fallback; nothing here imports platform code.
"""

from __future__ import annotations

import datetime
import json
import logging
import sys
import time
import uuid
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.core.cache import cache

log = logging.getLogger(__name__)

#: The learner's lock, in seconds: how long a request waits for it, how often it looks, how long it can be held.
LOCK_WAIT, LOCK_LOOK, LOCK_HELD = 2.0, 0.01, 10
_USER = "edx-platform."


@dataclass(frozen=True)
class Viewer:
    """Who looks at a block. `unsaved` says why nothing may be stored or published ("" if it may):
    `anonymous`, `masquerade` (staff look at a specific learner's state), `crawler` or `preview` (Studio)."""

    role: str = "learner"
    is_staff: bool = False
    unsaved: str = ""


def viewer(block: Any) -> Viewer:
    """The current viewer of a block. Without a user service everybody is a learner who is signed in."""
    attributes = _attributes(block)
    is_staff = bool(attributes.get(_USER + "user_is_staff"))
    if getattr(block.runtime, "is_author_mode", False):
        unsaved = "preview"
    elif attributes.get(_USER + "is_authenticated") is False:
        unsaved = "anonymous"
    else:
        unsaved = _why_the_store_forgets(block)
    is_staff = is_staff or unsaved == "preview"
    return Viewer("staff" if is_staff else "learner", is_staff, unsaved)


def _why_the_store_forgets(block: Any) -> str:
    """`masquerade` under "view as a specific student", where the LMS swaps the learner's store for one that writes to
    the staff member's session; `crawler` where it drops all writes; else "". Both are recognised by the objects that
    the LMS reads fields through, wherever the runtime has wrapped them."""
    todo, seen = [block._field_data], set()  # pylint: disable=protected-access
    while todo:
        data = todo.pop()
        if id(data) in seen or data is None:
            continue
        seen.add(id(data))
        if type(data).__name__ == "MasqueradingKeyValueStore":
            return "masquerade"
        inner = vars(data) if hasattr(data, "__dict__") else {}
        if getattr(inner.get("_field_data_cache"), "read_only", False):
            return "crawler"
        for name in ("_kvs", "kvs", "_authored_data", "_student_data", "source", "_field_data", "_scope_mappings"):
            value = inner.get(name)
            todo.extend(value.values() if isinstance(value, dict) else [value])
    return ""


def can_author(block: Any) -> bool:
    """May the current user change the block's content? Studio asks its permission service. Where there is none, staff
    may, and so may everybody on a runtime that does not say who is signed in: the bare workbench."""
    permissions = block.runtime.service(block, "studio_user_permissions")
    if permissions is not None:
        return bool(permissions.can_write(course_key(block)))
    attributes = _attributes(block)
    return bool(attributes.get(_USER + "user_is_staff")) or _USER + "is_authenticated" not in attributes


def publish(block: Any, name: str, data: Mapping[str, Any]) -> None:
    """Publish an event, a grade or completion.

    A grade that is only to rise is compared with the stored one, and the LMS cannot compare where the learner's row has
    none yet (TypeError): then it is the first.
    """
    try:
        block.runtime.publish(block, name, dict(data))
    except TypeError:
        if not data.get("only_if_higher"):
            raise
        block.runtime.publish(block, name, {**data, "only_if_higher": False})


@contextmanager
def learner_lock(block: Any) -> Iterator[None]:
    """Let one request of a learner through at a time, where a request can read again what others saved meanwhile.

    A request that waits for LOCK_WAIT goes on without, and so does every one where the site's cache fails: evidence
    is safe without the lock (decision 0002), which only spares learners the traces of a lost race.
    """
    key, token = f"adaptive_xblocks:{block.scope_ids.user_id}", uuid.uuid4().hex
    is_held = _learner_tables(block) is not None and _take_lock(key, token)
    try:
        yield
    finally:
        if is_held:
            _free_lock(key, token)


class Stored(NamedTuple):
    """What the database holds of a learner in a block: fields as JSON values, and the grade, None without one."""

    fields: Mapping[str, Any]
    grade: float | None


def read_again(block: Any, names: Iterable[str]) -> Stored | None:
    """The learner's fields of this block and of those names shared by all blocks, as they are stored now; None where
    that cannot be read. The LMS itself reads them once, when a request begins."""
    tables = _learner_tables(block)
    if tables is None:
        return None
    learner, usage = block.scope_ids.user_id, block.scope_ids.usage_id
    states, shared = tables
    try:
        state = states.objects.filter(student_id=learner, course_id=usage.context_key, module_state_key=usage)
        rows = shared.objects.filter(student_id=learner, field_name__in=list(names))
        own, grade = next(iter(state.values_list("state", "grade")), (None, None))
        return Stored({**json.loads(own or "{}"),
                       **{name: json.loads(value) for name, value in rows.values_list("field_name", "value")}}, grade)
    except Exception:  # whatever a platform of another age does here, the request goes on with what it has read
        log.warning("What is stored for %s could not be read again", usage, exc_info=True)
        return None


def sleep(seconds: float) -> None:
    """Wait."""
    time.sleep(seconds)


def _learner_tables(block: Any) -> tuple[Any, Any] | None:
    """The LMS's tables of `user_state` and `user_info`, where they are there, may be used, and hold this viewer.

    Its process has loaded them long before a block is shown; elsewhere they are not looked for.
    """
    models = sys.modules.get("lms.djangoapps.courseware.models")
    if models is None or not setting(block, "lock", True) or viewer(block).unsaved:
        return None
    return models.StudentModule, models.XModuleStudentInfoField


def _take_lock(key: str, token: str) -> bool:
    try:
        for _look in range(round(LOCK_WAIT / LOCK_LOOK)):
            if cache.add(key, token, LOCK_HELD):
                return True
            sleep(LOCK_LOOK)
    except Exception:  # the cache is down: its errors are those of the site's own backend
        log.warning("The site's cache gives no lock; the request goes on without.", exc_info=True)
    return False


def _free_lock(key: str, token: str) -> None:
    try:
        if cache.get(key) == token:  # else it was held too long, and is another request's now
            cache.delete(key)
    except Exception:
        log.warning("The site's cache did not take a lock back; it ends by itself.", exc_info=True)


def _attributes(block: Any) -> Mapping[str, Any]:
    """What the user service says of the current user; nothing where there is no such service."""
    service = block.runtime.service(block, "user")
    return service.get_current_user().opt_attrs if service else {}


def course_key(block: Any) -> Any:
    """The key of the course (or library) that the block is in. The workbench has none: there its scenario is one."""
    usage = block.scope_ids.usage_id
    key = getattr(usage, "context_key", None) or getattr(usage, "course_key", None)
    return key if key is not None else str(usage).split(".", maxsplit=1)[0]


def inherited(block: Any, name: str, default: Any = None) -> Any:
    """A setting that the platform mixes in as a field (due, graceperiod, show_correctness), if it does.

    A mere attribute does not count: the workbench sets `due` to the present moment on every block.
    """
    return getattr(block, name) if name in block.fields else default


def is_past_due(block: Any, now: int) -> bool:
    """True once the due date and the grace period are over; `now` in ms since 1970."""
    due = inherited(block, "due")
    if due is None:
        return False
    due += inherited(block, "graceperiod") or datetime.timedelta()
    if due.tzinfo is None:
        due = due.replace(tzinfo=datetime.UTC)
    return now / 1000 > due.timestamp()


def correctness_available(block: Any, is_staff: bool, now: int) -> bool:
    """May the viewer know what was right? The platform's `show_correctness`: always, never, past_due,
    never_but_include_grade; staff always may."""
    policy = inherited(block, "show_correctness") or "always"
    if is_staff or policy not in ("never", "past_due", "never_but_include_grade"):
        return True
    return policy == "past_due" and is_past_due(block, now)


def replace_urls(block: Any, html: str) -> str:
    """HTML with the course's own links (/static/…, jump_to) made real."""
    service = block.runtime.service(block, "replace_urls")
    return service.replace_urls(html) if service else html


def setting(block: Any, name: str, default: Any = None) -> Any:
    """An operator's setting from XBLOCK_SETTINGS["adaptive_xblocks"]."""
    service = block.runtime.service(block, "settings")
    bucket = service.get_settings_bucket(block) if service else None
    return (bucket or {}).get(name, default)
