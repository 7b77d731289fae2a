"""What the platform mixes into every block: fields that a course hands down, and methods that blocks may count on."""

from __future__ import annotations

from typing import Any

from web_fragments.fragment import Fragment
from xblock.core import XBlock, XBlockMixin
from xblock.fields import Boolean, Date, Dict, Integer, Scope, String, Timedelta


class InheritanceMixin(XBlockMixin):
    """Fields that may be set on the course, a section or a unit, and then hold for the blocks in it."""

    graded = Boolean(scope=Scope.settings, default=False)
    start = Date(scope=Scope.settings, default=None)
    due = Date(scope=Scope.settings)
    graceperiod = Timedelta(scope=Scope.settings)
    show_correctness = String(scope=Scope.settings, default="always")
    showanswer = String(scope=Scope.settings, default="finished")
    max_attempts = Integer(scope=Scope.settings)
    visible_to_staff_only = Boolean(scope=Scope.settings, default=False)
    self_paced = Boolean(scope=Scope.settings, default=False)
    edxnotes_visibility = Boolean(scope=Scope.user_info, default=True)


@XBlock.needs("i18n")
@XBlock.wants("completion")
class LmsBlockMixin(XBlockMixin):
    """Fields of the LMS's own."""

    hide_from_toc = Boolean(scope=Scope.settings, default=False)
    format = String(scope=Scope.settings)
    group_access = Dict(scope=Scope.settings, default={})


class XModuleMixin(XBlockMixin):
    """Defaults and short names."""

    display_name = String(scope=Scope.settings, default=None)
    has_score = False
    show_in_read_only_mode = False

    @property
    def location(self) -> Any:
        """The usage key."""
        return self.scope_ids.usage_id

    @property
    def course_id(self) -> Any:
        """The key of the course."""
        return self.location.course_key

    @property
    def category(self) -> str:
        """The block type."""
        return self.scope_ids.block_type

    def get_required_block_descriptors(self) -> list[Any]:
        """Blocks beside the children whose fields are to be read with this block's."""
        return []

    def max_score(self) -> float | None:
        """Nothing, unless the block has a score."""
        return None

    def public_view(self, _context: Any = None) -> Fragment:
        """What a block without a public view shows to visitors."""
        return Fragment("<p>This content is only accessible to enrolled learners.</p>")


MIXINS = (LmsBlockMixin, InheritanceMixin, XModuleMixin)
INHERITABLE = frozenset(
    name for name, field in InheritanceMixin.fields.items() if field.scope == Scope.settings
)
