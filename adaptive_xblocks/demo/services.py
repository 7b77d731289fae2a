"""The two services that the demo replaces, so that the blocks meet what the LMS gives them.

The workbench makes a service without arguments and sets its `runtime` afterwards.
"""

from functools import lru_cache
from gettext import NullTranslations, translation
from importlib.resources import files

from django.utils import translation as django_translation
from xblock.reference.user_service import UserService, XBlockUser
from xblock.runtime import NullI18nService

STAFF = "staff"
ANONYMOUS = "anonymous"


@lru_cache(maxsize=32)
def bundled_catalogue(language: str) -> NullTranslations:
    """The package's own translations into a Django language code; without a catalogue, the English as it is."""
    folder = str(files("adaptive_xblocks") / "translations")
    return translation("text", folder, [django_translation.to_locale(language)], fallback=True)


class BundledI18nService(NullI18nService):
    """Finds the bundled catalogue `translations/<locale>/LC_MESSAGES/text.mo` as the LMS's service does."""

    def __getattr__(self, name):
        catalogue = bundled_catalogue(django_translation.get_language() or "en")
        try:
            return getattr(catalogue, name)
        except AttributeError:
            return getattr(django_translation, name)


class DemoUserService(UserService):
    """Everybody is a learner, but `?student=staff` is course staff and `?student=anonymous` not signed in."""

    def get_current_user(self) -> XBlockUser:
        """The person named in the address, with the optional attributes that the LMS sets."""
        name = str(self.runtime.user_id)
        is_anonymous = name == ANONYMOUS
        user = XBlockUser(is_current_user=True, full_name=None if is_anonymous else name.title())
        user.opt_attrs.update({
            "edx-platform.is_authenticated": not is_anonymous,
            "edx-platform.user_id": None if is_anonymous else name,
            "edx-platform.username": None if is_anonymous else name,
            "edx-platform.anonymous_user_id": None if is_anonymous else f"anonymous-{name}",
            "edx-platform.user_is_staff": name == STAFF,
            "edx-platform.user_role": "staff" if name == STAFF else "student",
        })
        return user
