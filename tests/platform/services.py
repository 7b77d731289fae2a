"""The services that blocks ask their runtime for, as the LMS and Studio give them."""

from __future__ import annotations

import json
from typing import Any

from django.core.cache import cache
from xblock.reference.user_service import UserService, XBlockUser

from adaptive_xblocks.demo.services import BundledI18nService
from tests.platform.grades import publish_score

_USER = "edx-platform."


class PlatformUserService(UserService):
    """Who is there. Of a visitor it says only that nobody is signed in."""

    def __init__(self, user: Any, course_key: Any, is_staff: bool = False, role: str = "student") -> None:
        super().__init__()
        self._django_user, self._course_key, self._is_staff, self._role = user, course_key, is_staff, role

    def get_current_user(self) -> XBlockUser:
        """The user with the optional attributes of the platform."""
        user, found = self._django_user, XBlockUser(is_current_user=True)
        if not user.is_authenticated:
            attributes = {"is_authenticated": False, "request_country_code": None}
        else:
            found.full_name, found.emails = user.get_full_name() or user.username, [user.email]
            attributes = {
                "anonymous_user_id": anonymous_id(user, self._course_key),
                "deprecated_anonymous_user_id": anonymous_id(user, None),
                "is_authenticated": True,
                "request_country_code": None,
                "user_id": user.id,
                "username": user.username,
                "user_is_beta_tester": False,
                "user_is_global_staff": False,
                "user_is_staff": self._is_staff,
                "user_role": self._role,
                "user_preferences": {},
            }
        found.opt_attrs.update({_USER + name: value for name, value in attributes.items()})
        return found


def anonymous_id(user: Any, course_key: Any) -> str:
    """A learner's id for the course, which says nothing about them."""
    return f"anonymous-{user.id}-{course_key or 'all'}"


class CacheService:
    """The site's cache: blocks can get and set, and nothing else."""

    def get(self, key, *args, **kwargs):
        """A value."""
        return cache.get(key, *args, **kwargs)

    def set(self, key, value, *args, **kwargs):
        """Keep a value."""
        return cache.set(key, value, *args, **kwargs)


class SettingsService:
    """The operator's settings."""

    def __init__(self, settings: dict[str, Any]) -> None:
        self.settings = settings

    def get_settings_bucket(self, block, default=None):
        """The settings of a block, by its `block_settings_key`, else by the name of its class."""
        key = getattr(block, "block_settings_key", block.unmixed_class.__name__)
        return self.settings.get(key, {} if default is None else default)


class ReplaceURLService:
    """Makes a course's links to its own files real."""

    def __init__(self, course_key: Any) -> None:
        self.course_key = course_key

    def replace_urls(self, text: str, static_replace_only: bool = False) -> str:
        """The text with the addresses of files in place of /static/."""
        return text.replace('"/static/', f'"/assets/courseware/{self.course_key}/')


class StudioPermissionsService:
    """May this person author?"""

    def __init__(self, is_author: bool) -> None:
        self._is_author = is_author

    def can_read(self, course_key: Any) -> bool:
        """May they look?"""
        return self._is_author

    can_write = can_read


class CompletionService:
    """Keeps how far a learner is with a block; `kept` is the site's."""

    def __init__(self, user: Any, kept: dict[Any, float]) -> None:
        self.user, self.kept = user, kept

    def completion_tracking_enabled(self) -> bool:
        """Does the site track completion?"""
        return True

    def submit_completion(self, usage: Any, completion: float) -> None:
        """Keep a share from 0 to 1; ValueError for anything else."""
        if not 0.0 <= completion <= 1.0:
            raise ValueError(f"a completion is from 0 to 1, got {completion}")
        self.kept[self.user.id, usage] = completion


class EventPublishingService:
    """Takes what blocks publish: grades and completion are acted on at once, all else is an event in the log.

    Under "view as a specific learner" nothing is acted on: all of it goes to the log.
    """

    def __init__(self, user: Any, completion: CompletionService | None, published: list[Any], acts: bool) -> None:
        self.user, self.completion, self.published, self.acts = user, completion, published, acts

    def publish(self, block: Any, name: str, data: dict[str, Any]) -> None:
        """Act on it, then note it in `published`. Data must be JSON."""
        usage, data = block.scope_ids.usage_id, json.loads(json.dumps(data))
        if self.acts and name == "grade" and not self.user.is_anonymous:
            publish_score(self.user, usage, data["value"], data["max_value"], bool(data.get("only_if_higher")))
        if self.acts and name == "completion" and self.completion:
            self.completion.submit_completion(usage, data["completion"])
        self.published.append((self.user.id, usage, name, data))


I18N = BundledI18nService()
