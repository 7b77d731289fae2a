"""Courses in memory: which blocks there are, and what their authors wrote. Shared by all requests."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

from lxml import etree
from opaque_keys.edx.keys import CourseKey
from xblock.core import XBlock
from xblock.fields import ScopeIds
from xblock.runtime import MemoryIdManager, Runtime

from tests.platform.field_data import AUTHORED_SCOPES, InheritingFieldData
from tests.platform.mixins import INHERITABLE, MIXINS


class ItemNotFoundError(KeyError):
    """There is no such block."""


@dataclass(frozen=True)
class Course:
    """A course run. `fields` holds each block's authored fields as JSON values; values are replaced, never changed,
    so that a request goes on with what it found. `settings` hold for all blocks that do not set them."""

    key: CourseKey
    fields: dict[Any, dict[str, Any]] = field(default_factory=dict)
    classes: dict[str, type[XBlock]] = field(default_factory=dict)
    settings: dict[str, Any] = field(default_factory=dict)

    def usage(self, block_type: str | type[XBlock], name: str) -> Any:
        """The key of a block. A class that is no plugin is known by its name in lower case."""
        if not isinstance(block_type, str):
            self.classes[block_type.__name__.lower()] = block_type
            block_type = block_type.__name__.lower()
        return self.key.make_usage_key(block_type, name)

    def inherited(self, usage: Any) -> dict[str, Any]:
        """What the course and the blocks above hand down to a block."""
        parent = self.fields[usage].get("parent")
        if parent is None:
            return dict(self.settings)
        above = {name: value for name, value in self.fields[parent].items() if name in INHERITABLE}
        return {**self.inherited(parent), **above}

    def rerun(self, key: CourseKey) -> Course:
        """The same content under another key."""
        def moved(value: Any) -> Any:
            if isinstance(value, list):
                return [moved(one) for one in value]
            return value.map_into_course(key) if hasattr(value, "map_into_course") else value

        fields = {
            moved(usage): {name: moved(value) for name, value in values.items()}
            for usage, values in self.fields.items()
        }
        return replace(self, key=key, fields=fields, settings=dict(self.settings))


class BlockRuntime(Runtime):
    """Makes a course's blocks. They are bound to nobody: learners' fields look unset."""

    def __init__(self, course: Course, services: dict[str, Any] | None = None) -> None:
        ids = MemoryIdManager()
        super().__init__(id_reader=ids, id_generator=ids, mixins=MIXINS, services=services)
        self.course = course

    def get_block(self, usage_id, for_parent=None):
        """A block by its key; ItemNotFoundError if there is none."""
        if usage_id not in self.course.fields:
            raise ItemNotFoundError(usage_id)
        block_type = usage_id.block_type
        found = self.course.classes.get(block_type) or self.load_block_type(block_type)
        block = self.construct_xblock_from_class(
            found, ScopeIds(None, block_type, usage_id, usage_id), for_parent=for_parent)
        block._bound_field_data = InheritingFieldData(
            dict(self.course.fields[usage_id]), self.course.inherited(usage_id))
        return block

    def store(self, block: Any) -> None:
        """Keep what was written into the authored fields of a block that is bound to nobody."""
        block.save()
        self.course.fields[block.scope_ids.usage_id] = dict(block._bound_field_data._kvs.fields)

    def service(self, block, service_name):
        """A service of the runtime; one that can be called is made for the block."""
        if service_name == "field-data":
            return block._bound_field_data
        service = super().service(block, service_name)
        return service(block) if callable(service) else service

    def handler_url(self, block, handler_name, suffix="", query="", thirdparty=False):
        """The address of a handler."""
        usage = block.scope_ids.usage_id
        return f"/courses/{usage.course_key}/xblock/{usage}/handler/{handler_name}/{suffix}"

    def resource_url(self, resource):
        """The address of a file of the platform's."""
        return f"/static/{resource}"

    def local_resource_url(self, block, uri):
        """The address of a file of the block's."""
        package = block.unmixed_class.__module__.rsplit(".", 1)[0]
        return f"/static/xblock/resources/{package}/{uri}"

    def publish(self, block, event_type, event_data):
        """Nobody listens here."""


def write_olx(runtime: BlockRuntime, usage: Any, olx: str) -> None:
    """Have a block hold what its OLX says."""
    node = etree.fromstring(olx)
    keys = ScopeIds(None, usage.block_type, usage, usage)
    runtime.course.fields.setdefault(usage, {})
    importing = _ImportRuntime(runtime.course)
    block = importing.load_class(usage).parse_xml(node, importing, keys)
    runtime.store(block)


class _ImportRuntime(BlockRuntime):
    """Blocks that are being read from OLX."""

    def load_class(self, usage: Any) -> type[XBlock]:
        """The class of a block, with the platform's mixins."""
        found = self.course.classes.get(usage.block_type) or self.load_block_type(usage.block_type)
        return self.mixologist.mix(found)

    def construct_xblock_from_class(self, cls, scope_ids, field_data=None, *args, **kwargs):
        """A block whose fields can be written."""
        block = super().construct_xblock_from_class(cls, scope_ids, field_data, *args, **kwargs)
        block._bound_field_data = InheritingFieldData({}, self.course.settings)
        return block


def authored_json(runtime: BlockRuntime, usage: Any, values: dict[str, Any]) -> dict[str, Any]:
    """Values of authored fields as they are stored."""
    fields = runtime.get_block(usage).fields
    for name in values:
        if fields[name].scope not in AUTHORED_SCOPES:
            raise ValueError(f"{name} is not a field that authors write")
    return {name: fields[name].to_json(value) for name, value in values.items()}
