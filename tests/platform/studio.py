"""Studio: the preview, where a learner's fields live in the author's session, and the editor, where none exist."""

from __future__ import annotations

import traceback
from typing import Any

from xblock.runtime import KvsFieldData

from tests.platform.field_data import CmsFieldData, LmsFieldData
from tests.platform.modulestore import BlockRuntime, Course
from tests.platform.services import (
    I18N,
    CacheService,
    PlatformUserService,
    ReplaceURLService,
    SettingsService,
    StudioPermissionsService,
)
from tests.platform.storage import SessionKeyValueStore
from tests.platform.visits import Site


class StudioRuntime(BlockRuntime):
    """A runtime for authors: no publishing, no completion. Blocks are bound to nobody."""

    def __init__(self, course: Course, site: Site, author: Any) -> None:
        super().__init__(course, {
            "i18n": I18N,
            "user": PlatformUserService(author, course.key),
            "settings": SettingsService(site.settings),
            "studio_user_permissions": StudioPermissionsService(author.id in site.staff),
        })
        self.site, self.author = site, author

    def publish(self, block, event_type, event_data):
        """Nothing comes of it; it is noted for tests."""
        self.site.unheard.append((block.scope_ids.usage_id, event_type, event_data))


class PreviewRuntime(StudioRuntime):
    """Blocks as a learner would see them, tried by their author."""

    is_author_mode = True

    def __init__(self, course: Course, site: Site, author: Any) -> None:
        super().__init__(course, site, author)
        self._services.update({"cache": CacheService(), "replace_urls": ReplaceURLService(course.key)})
        self.session = site.session(author)

    def get_block(self, usage_id, for_parent=None):
        """A block bound to the author and to their session."""
        block = super().get_block(usage_id, for_parent)
        joined = CmsFieldData if getattr(block, "has_author_view", False) else LmsFieldData
        student_data = KvsFieldData(SessionKeyValueStore(self.session))
        block.scope_ids = block.scope_ids._replace(user_id=self.author.id)
        block._bound_field_data = joined(block._bound_field_data, student_data)
        return block

    def handle(self, block, handler_name, request, suffix=""):
        """Call a handler and keep the session."""
        response = super().handle(block, handler_name, request, suffix)
        self.site.keep_session(self.author, self.session)
        return response

    def preview(self, usage: Any) -> tuple[str, int]:
        """The HTML of the block's view for authors; an error is shown in its place, with status 200."""
        try:
            block = self.get_block(usage)
            view = "author_view" if getattr(block, "has_author_view", False) else "student_view"
            html = self.render(block, view, {}).content
        except Exception:
            html = f"<p>Error rendering the preview</p><pre>{traceback.format_exc()}</pre>"
        self.site.keep_session(self.author, self.session)
        return html, 200
