"""The workbench as a measuring bench: a store that notes what a request reads and writes, a block that only stores.

Import this first: it chooses Django's settings, with all data in a folder that goes with the process.
"""

from __future__ import annotations

import atexit
import json
import os
import shutil
import statistics
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

_FOLDER = tempfile.mkdtemp(prefix="adaptive-xblocks-benchmark-")
atexit.register(shutil.rmtree, _FOLDER, ignore_errors=True)
os.environ["ADAPTIVE_XBLOCKS_DEMO_DIR"] = _FOLDER
os.environ["DJANGO_SETTINGS_MODULE"] = "adaptive_xblocks.demo.settings"

import django  # noqa: E402

django.setup()

from django.conf import settings  # noqa: E402
from django.core.management import call_command  # noqa: E402
from web_fragments.fragment import Fragment  # noqa: E402
from webob import Request, Response  # noqa: E402
from workbench import runtime as workbench_runtime  # noqa: E402
from xblock.core import XBlock  # noqa: E402
from xblock.fields import Integer, JSONField, Scope, String  # noqa: E402
from xblock.runtime import DictKeyValueStore, KvsFieldData, Runtime  # noqa: E402


class NotingStore(workbench_runtime.WorkbenchDjangoKeyValueStore):
    """The workbench's own store; `reads` and `writes` say what was asked of it, by field name."""

    def __init__(self) -> None:
        self.reads: dict[str, None] = {}
        self.writes: list[tuple[str, Any]] = []

    def forget(self) -> None:
        """Begin a new note."""
        self.reads, self.writes = {}, []

    def get(self, key):
        self.reads[key.field_name] = None
        return super().get(key)

    def has(self, key):
        self.reads[key.field_name] = None
        return super().has(key)

    def set(self, key, value):
        self.writes.append((key.field_name, value))
        super().set(key, value)


class _RawField(JSONField):
    """A value as it is stored, neither copied nor compared."""

    MUTABLE = False


@dataclass
class Script:
    """What the null block does in a request: read these fields, store these values, return this."""

    reads: tuple[str, ...] = ()
    writes: list[tuple[str, Any]] = field(default_factory=list)
    reply: bytes = b""
    fragment: dict[str, Any] = field(default_factory=dict)


class NullBlock(XBlock):
    """Has the fields of an adaptive problem set and no thought: each request follows `script`."""

    script = Script()
    display_name = String(scope=Scope.settings, default="")
    max_attempts = Integer(scope=Scope.settings, default=None)
    weight = Integer(scope=Scope.settings, default=1)
    schema = Integer(scope=Scope.settings, default=1)
    content = String(scope=Scope.content, default="")
    practice = _RawField(scope=Scope.user_state, default=None)
    evidence_log = _RawField(scope=Scope.user_state, default=None)
    adaptive_xblocks_record = _RawField(scope=Scope.user_info, default=None)
    adaptive_xblocks_resets = _RawField(scope=Scope.user_info, default=None)

    def _follow(self) -> None:
        for name in self.script.reads:
            getattr(self, name)
        for name, value in self.script.writes:
            setattr(self, name, value)
        self.save()

    def student_view(self, context: Any = None) -> Fragment:
        """Read, store, and return as much as the block beside it."""
        self._follow()
        return Fragment.from_dict(self.script.fragment)

    @XBlock.handler
    def answer(self, request: Request, suffix: str = "") -> Response:
        """Read, store, and return as much as the block beside it."""
        json.loads(request.body)
        self._follow()
        return Response(self.script.reply, content_type="application/json", charset="utf-8")


def prepare() -> NotingStore:
    """An empty database behind the workbench, and the store in front of it."""
    settings.LOGGING["loggers"]["workbench"] = {"level": "WARNING"}
    call_command("migrate", run_syncdb=True, verbosity=0)
    store = workbench_runtime.WORKBENCH_KVS = NotingStore()
    return store


def with_null_block(program: Callable[[], None]) -> None:
    """Run a program while `<null_block/>` is an installed block."""
    XBlock.register_temp_plugin(NullBlock, "null_block")(program)()


def put(runtime: Runtime, usage: str, values: dict[str, Any]) -> None:
    """Store raw values in fields of a block for the runtime's learner."""
    block = runtime.get_block(usage)
    for name, value in values.items():
        setattr(block, name, block.fields[name].from_json(value))
    block.save()


def memory_runtime(learner: str) -> tuple[Runtime, dict]:
    """A runtime whose storage is a dictionary, which is returned too."""
    runtime, values = workbench_runtime.WorkbenchRuntime(learner), {}
    runtime._services["field-data"] = KvsFieldData(DictKeyValueStore(values))
    return runtime, values


def request_for(data: dict[str, Any]) -> Request:
    """A POST of JSON, as a block's handler gets it."""
    return Request.blank("/", method="POST", body=json.dumps(data).encode(), content_type="application/json")


def milliseconds(call: Callable[[], Any], clock: Callable[[], float] = time.perf_counter) -> tuple[float, Any]:
    """How long a call took, and what it returned."""
    start = clock()
    result = call()
    return (clock() - start) * 1000, result


def median(times: list[float]) -> float:
    """The middle one."""
    return statistics.median(times)
