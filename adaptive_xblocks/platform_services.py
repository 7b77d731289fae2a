"""What the blocks need of the platform they run on, and what holds where a service is missing.

PURPOSE: the only module that knows how the LMS, Studio, the libraries' runtime and the workbench differ. Everything
here is optional on some platform, so everything has a fallback; nothing here imports platform code.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

_USER = "edx-platform."


@dataclass(frozen=True)
class Viewer:
    """Who looks at a block. `unsaved` says why nothing may be stored or published ("" if it may):
    `anonymous`, `masquerade` (staff look at a specific learner's state) or `preview` (Studio)."""

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
    elif _is_masquerading(block):
        unsaved = "masquerade"
    else:
        unsaved = ""
    is_staff = is_staff or unsaved == "preview"
    return Viewer("staff" if is_staff else "learner", is_staff, unsaved)


def _is_masquerading(block: Any) -> bool:
    """True under "view as a specific student": there the LMS swaps the learner's store for one that writes to the
    staff member's session. It is recognised by the name of that store's class, wherever the runtime has wrapped it."""
    todo, seen = [block._field_data], set()  # pylint: disable=protected-access
    while todo:
        data = todo.pop()
        if id(data) in seen or data is None:
            continue
        seen.add(id(data))
        if type(data).__name__ == "MasqueradingKeyValueStore":
            return True
        inner = vars(data) if hasattr(data, "__dict__") else {}
        for name in ("_kvs", "kvs", "_authored_data", "_student_data", "source", "_field_data", "_scope_mappings"):
            value = inner.get(name)
            todo.extend(value.values() if isinstance(value, dict) else [value])
    return False


def can_author(block: Any) -> bool:
    """May the current user change the block's content? Studio asks its permission service. Where there is none, staff
    may, and so may everybody on a runtime that does not say who is signed in: the bare workbench."""
    permissions = block.runtime.service(block, "studio_user_permissions")
    if permissions is not None:
        return bool(permissions.can_write(course_key(block)))
    attributes = _attributes(block)
    return bool(attributes.get(_USER + "user_is_staff")) or _USER + "is_authenticated" not in attributes


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
