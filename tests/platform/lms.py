"""The stand-in as tests use it: courses, people, requests, and what is stored afterwards.

    with use_database("mariadb_rc"):
        lms = Lms()
        usage = lms.add("adaptive_problem_set", "set1")
        reply = lms.handle(lms.user("ada"), usage, "state", {})

Everything may be called from many threads; each has a database connection of its own, which `databases.in_threads`
closes. `point(where)` is called on the request's thread right before every read and write of learners' rows, and when
a handler or view begins and ends. A BaseException that is no Exception, raised in it, ends the request there and
leaves `handle`; what Python itself does on the way out (`finally`) still happens.
"""

from __future__ import annotations

import copy
import json
import sys
import threading
import traceback
import types
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

from django.contrib.auth.models import AnonymousUser, User
from django.db.models import Max
from opaque_keys.edx.keys import CourseKey
from webob import Request
from xblock.exceptions import NoSuchHandlerError

from tests.platform import instructors, models, studio
from tests.platform.models import StudentModule, XModuleStudentInfoField
from tests.platform.modulestore import BlockRuntime, Course, ItemNotFoundError, authored_json, write_olx
from tests.platform.points import Watch, watching
from tests.platform.visits import LmsRuntime, Site, Visitor

_new_user = threading.Lock()


@dataclass(frozen=True)
class Reply:
    """A handler's answer. `json` is None unless it is JSON; `text` is the traceback for a 500. `queries` names the
    reads and writes of learners' rows, in order."""

    status: int
    json: Any
    text: str
    queries: tuple[str, ...] = ()


@dataclass(frozen=True)
class Page:
    """A view's HTML, a traceback for a 500. `staff_debug` is what the LMS shows to course staff beside it."""

    html: str
    status: int
    queries: tuple[str, ...] = ()
    staff_debug: str = ""


class Lms:
    """A site with one course run. With `lock` the LMS's tables can be imported under their own name, process-wide."""

    anonymous = AnonymousUser()

    def __init__(self, course: str = "course-v1:Demo+Adaptive+2026", point: Callable[[str], Any] | None = None,
                 lock: bool = False, settings: dict[str, Any] | None = None) -> None:
        self.course, self.point = Course(CourseKey.from_string(course)), point
        self.site = Site(settings={"adaptive_xblocks": settings or {}})
        offer_tables(lock)

    @property
    def published(self) -> list[tuple[int | None, Any, str, dict[str, Any]]]:
        """What blocks published on the site: (user id, usage, name, data); what failed is not in it."""
        return self.site.published

    # People and content

    def user(self, name: str, staff: bool = False) -> User:
        """The user of that name, made at the first call; `staff` is staff of all courses of the site."""
        with _new_user:
            user = User.objects.filter(username=name).first()
            if user is None:
                number = (User.objects.aggregate(last=Max("id"))["last"] or 0) + 1
                user = User.objects.create(id=number, username=name, email=f"{name}@example.org")
        if staff:
            self.site.staff.add(user.id)
        return user

    def add(self, block_type: Any, name: str, olx: str = "", fields: dict[str, Any] | None = None,
            children: tuple[Any, ...] = ()) -> Any:
        """Put a block into the course, from OLX or from values of its fields; its usage key. `block_type` may be a
        class, `children` are usage keys."""
        usage = self.course.usage(block_type, name)
        self.course.fields[usage] = {}
        if olx:
            write_olx(BlockRuntime(self.course), usage, olx)
        if children:
            self.course.fields[usage]["children"] = list(children)
        for child in children:
            self.course.fields[child] = {**self.course.fields[child], "parent": usage}
        self.author(usage, **(fields or {}))
        return usage

    def author(self, usage: Any, **fields: Any) -> None:
        """The author changes fields of a block, or, with the course's key, what all its blocks inherit."""
        if usage == self.course.key:
            anywhere = next(iter(self.course.fields))
            self.course.settings.update(authored_json(BlockRuntime(self.course), anywhere, fields))
        else:
            values = authored_json(BlockRuntime(self.course), usage, fields)
            self.course.fields[usage] = {**self.course.fields[usage], **values}

    def rerun(self, course: str) -> Lms:
        """Another run of the course on the same site: the same content and people under another key."""
        other = copy.copy(self)
        other.course = self.course.rerun(CourseKey.from_string(course))
        return other

    # Requests

    def handle(self, user: Any, usage: Any, handler: str, body: Any = None, method: str = "POST",
               masquerade: Any = None, user_agent: str = "") -> Reply:
        """Call a handler. `body` is sent as JSON unless it is text; cross-site tokens are not modelled."""
        if method != "GET" and not user.is_authenticated:
            return Reply(403, None, "Unauthenticated")
        visitor = Visitor(user, user.id in self.site.staff, masquerade, user_agent)

        def answer() -> Reply:
            session = self.site.session(user)
            runtime = LmsRuntime(self.course, self.site, visitor, session, [usage])
            reply = handled(runtime, runtime.get_block(usage), handler, body, method)
            self.site.keep_session(user, session)
            return reply

        return self._answered("handler", answer)

    def render(self, user: Any, *usages: Any, view: str = "student_view", masquerade: Any = None,
               user_agent: str = "") -> Page:
        """Show blocks on one page, as in a unit: their fields are read together."""
        visitor = Visitor(user, user.id in self.site.staff, masquerade, user_agent)

        def show() -> Page:
            session = self.site.session(user)
            runtime = LmsRuntime(self.course, self.site, visitor, session, usages)
            blocks = [runtime.get_block(usage) for usage in usages]
            html = "".join(runtime.render(block, view, {}).content for block in blocks)
            debug = "".join(map(_staff_debug, blocks)) if visitor.is_staff and masquerade is None else ""
            self.site.keep_session(user, session)
            return Page(html, 200, staff_debug=debug)

        return self._answered("view", show)

    def studio_preview(self, author: Any, usage: Any, handler: str | None = None, body: Any = None) -> Page | Reply:
        """The block on Studio's unit page, or one of its handlers called there."""
        runtime = studio.PreviewRuntime(self.course, self.site, author)
        if handler is None:
            return Page(*runtime.preview(usage))
        return self._answered("handler", lambda: handled(runtime, runtime.get_block(usage), handler, body, "POST"))

    def studio_view(self, author: Any, usage: Any) -> Page:
        """The block's editor in Studio."""
        runtime = studio.StudioRuntime(self.course, self.site, author)
        return self._answered("view", lambda: Page(runtime.render(
            runtime.get_block(usage), "studio_view", {}).content, 200))

    def studio_handle(self, author: Any, usage: Any, handler: str, body: Any = None) -> Reply:
        """A handler of the editor; what it wrote is stored if the caller may author."""
        runtime = studio.StudioRuntime(self.course, self.site, author)

        def answer() -> Reply:
            block = runtime.get_block(usage)
            reply = handled(runtime, block, handler, body, "POST")
            if author.id in self.site.staff:
                runtime.store(block)
            return reply

        return self._answered("handler", answer)

    # What instructors do

    def delete_state(self, user: Any, usage: Any) -> bool:
        """An instructor deletes a learner's state of a block; False if there was none."""
        with self._watched():
            return instructors.reset_student_attempts(self.course, self.site, user, usage, is_deletion=True)

    def reset_attempts(self, user: Any, usage: Any) -> bool:
        """An instructor resets a learner's attempts; False if there was no state."""
        with self._watched():
            return instructors.reset_student_attempts(self.course, self.site, user, usage, is_deletion=False)

    # What is stored

    def state(self, user: Any, usage: Any) -> dict[str, Any] | None:
        """A learner's `user_state` of a block as it is in the database; None where there is no row or no state."""
        row = self._row(user, usage)
        return json.loads(row.state) if row and row.state is not None else None

    def info(self, user: Any) -> dict[str, Any]:
        """A learner's `user_info` fields as they are in the database."""
        rows = XModuleStudentInfoField.objects.filter(student_id=user.id)
        return {name: json.loads(value) for name, value in rows.values_list("field_name", "value")}

    def grade(self, user: Any, usage: Any) -> float | None:
        """A learner's grade in a block; None where there is none."""
        row = self._row(user, usage)
        return row.grade if row else None

    def completion(self, user: Any, usage: Any) -> float | None:
        """How far a learner is with a block; None where nothing was said."""
        return self.site.completions.get((user.id, usage))

    def _row(self, user: Any, usage: Any) -> StudentModule | None:
        return StudentModule.objects.filter(
            student_id=user.id, course_id=usage.context_key, module_state_key=usage).first()

    @contextmanager
    def _watched(self) -> Iterator[Watch]:
        watch = Watch(self.point)
        with watching(watch):
            yield watch

    def _answered(self, kind: str, answer: Callable[[], Any]) -> Any:
        """What a request gets: its answer, 404 for what is not there, 500 for an exception that nobody caught."""
        page = kind == "view"
        with self._watched() as watch:
            try:
                watch.point(f"begin {kind}")
                found = answer()
                watch.point(f"end {kind}")
            except (ItemNotFoundError, NoSuchHandlerError) as error:
                found = Page(str(error), 404) if page else Reply(404, None, str(error))
            except Exception:
                text = traceback.format_exc()
                found = Page(text, 500) if page else Reply(500, None, text)
        return replace(found, queries=tuple(watch.queries))


def handled(runtime: BlockRuntime, block: Any, handler: str, body: Any, method: str) -> Reply:
    """Call a handler of a block and have its fields saved."""
    content = body if isinstance(body, (str, bytes)) else json.dumps({} if body is None else body)
    request = Request.blank(f"/{handler}", method=method, content_type="application/json")
    request.body = content if isinstance(content, bytes) else content.encode()
    response = runtime.handle(block, handler, request)
    is_json = response.content_type == "application/json"
    return Reply(response.status_int, json.loads(response.body) if is_json else None, response.text)


def _staff_debug(block: Any) -> str:
    """The LMS's debug panel: every field of the block, whatever its scope."""
    return "".join(f"{name} = {field.read_from(block)}\n" for name, field in block.fields.items())


def offer_tables(is_there: bool) -> None:
    """Have `lms.djangoapps.courseware.models` be there or not."""
    names = ("lms", "lms.djangoapps", "lms.djangoapps.courseware")
    if is_there:
        for name in names:
            sys.modules[name] = types.ModuleType(name)
            sys.modules[name].__path__ = []
        sys.modules[names[-1] + ".models"] = models
    else:
        for name in (*names, names[-1] + ".models"):
            sys.modules.pop(name, None)
