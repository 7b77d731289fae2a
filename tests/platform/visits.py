"""One request to the LMS: who is there, what they may, and the blocks bound to them."""

from __future__ import annotations

import pickle
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from web_fragments.fragment import Fragment
from xblock.runtime import KvsFieldData

from tests.platform.field_data import LmsFieldData
from tests.platform.modulestore import BlockRuntime, Course
from tests.platform.services import (
    I18N,
    CacheService,
    CompletionService,
    EventPublishingService,
    PlatformUserService,
    ReplaceURLService,
    SettingsService,
)
from tests.platform.storage import DjangoKeyValueStore, FieldDataCache, MasqueradingKeyValueStore

#: How the user agents of crawlers begin, as an operator lists them.
CRAWLERS = ("edX-downloader", "Googlebot")


@dataclass
class Site:
    """What all courses of a site share. Sessions are kept as the platform keeps them, pickled."""

    settings: dict[str, Any] = field(default_factory=dict)
    staff: set[int] = field(default_factory=set)
    published: list[tuple[int | None, Any, str, dict[str, Any]]] = field(default_factory=list)
    #: What Studio's preview let blocks publish, to nobody.
    unheard: list[tuple[Any, str, dict[str, Any]]] = field(default_factory=list)
    score_signals: list[dict[str, Any]] = field(default_factory=list)
    completions: dict[tuple[int, Any], float] = field(default_factory=dict)
    sessions: dict[int | None, bytes] = field(default_factory=dict)

    def session(self, user: Any) -> dict[str, Any]:
        """A user's session, to be kept by `keep_session`."""
        return pickle.loads(self.sessions.get(user.id, pickle.dumps({})))

    def keep_session(self, user: Any, session: dict[str, Any]) -> None:
        """Store a session; a request that ended in an error stores none."""
        if session or user.id in self.sessions:
            self.sessions[user.id] = pickle.dumps(session)


@dataclass(frozen=True)
class Visitor:
    """Who sent a request. `masquerade` is "learner" (or a group's name), the learner as whom staff view, or None."""

    user: Any
    is_staff: bool = False
    masquerade: Any = None
    user_agent: str = ""

    def __post_init__(self) -> None:
        if self.masquerade is not None and not self.is_staff:
            raise ValueError("only course staff can view the course as somebody else")

    @property
    def is_specific(self) -> bool:
        """Do they view as one specific learner?"""
        return self.masquerade is not None and not isinstance(self.masquerade, str)

    @property
    def seen_as(self) -> Any:
        """The user whose rows are read and whom blocks meet."""
        return self.masquerade if self.is_specific else self.user

    @property
    def is_crawler(self) -> bool:
        """Is it a program that fetches pages?"""
        return self.user_agent.startswith(CRAWLERS)


class LmsRuntime(BlockRuntime):
    """A runtime prepared for one visitor: every block that it makes is bound to them.

    Fields are read for `usages` and what is below them, now; other blocks look as if the learner had no state.
    """

    def __init__(self, course: Course, site: Site, visitor: Visitor, session: dict[str, Any], usages: Iterable[Any]
                 ) -> None:
        super().__init__(course)
        self.visitor = visitor
        unbound = BlockRuntime(course)
        cache = FieldDataCache(map(unbound.get_block, usages), visitor.seen_as, visitor.is_crawler)
        store = DjangoKeyValueStore(cache)
        self._student_data = KvsFieldData(MasqueradingKeyValueStore(store, session) if visitor.is_specific else store)
        self._services.update(self._lms_services(site))

    def get_block(self, usage_id, for_parent=None):
        """A block bound to the visitor; nothing is read for it."""
        block = super().get_block(usage_id, for_parent)
        block.scope_ids = block.scope_ids._replace(user_id=self.visitor.seen_as.id)
        block._bound_field_data = LmsFieldData(block._bound_field_data, self._student_data)
        return block

    def publish(self, block, event_type, event_data):
        """Hand it to the LMS's publishing service."""
        self._services["publish"].publish(block, event_type, event_data)

    def wrap_xblock(self, block, view, frag, context):
        """The block in its element; a placeholder where it must not be shown as a specific learner sees it."""
        if self.visitor.is_specific and not block.show_in_read_only_mode:
            frag = Fragment("This type of component cannot be shown while viewing the course as a specific student.")
        return super().wrap_xblock(block, view, frag, context)

    def _lms_services(self, site: Site) -> dict[str, Any]:
        user, course_key = self.visitor.seen_as, self.course.key
        is_staff = self.visitor.is_staff and self.visitor.masquerade is None
        completion = CompletionService(user, site.completions) if user.is_authenticated else None
        acts = not self.visitor.is_specific
        return {
            "i18n": I18N,
            "user": PlatformUserService(user, course_key, is_staff, "staff" if is_staff else "student"),
            "settings": SettingsService(site.settings),
            "cache": CacheService(),
            "replace_urls": ReplaceURLService(course_key),
            "completion": completion,
            "publish": EventPublishingService(user, completion, site.published, acts),
        }
