"""Django settings of the demo: the workbench's own, with data and logs under one folder, and more languages.

The folder is `ADAPTIVE_XBLOCKS_DEMO_DIR`, by default `var` in the current directory.
"""

import os
import warnings
from pathlib import Path

# Said once per start by a dependency of the workbench; the extra `demo` holds setuptools where it still works.
warnings.filterwarnings("ignore", message="pkg_resources is deprecated")
os.environ.setdefault("EXCLUDE_SAMPLE_XBLOCKS", "yes")

from workbench.settings import *  # noqa: F403
from workbench.settings import INSTALLED_APPS as WORKBENCH_APPS
from workbench.settings import MIDDLEWARE as WORKBENCH_MIDDLEWARE
from workbench.settings import WORKBENCH as WORKBENCH_OPTIONS

DEMO_DIR = Path(os.environ.get("ADAPTIVE_XBLOCKS_DEMO_DIR") or "var").resolve()

ALLOWED_HOSTS = ["127.0.0.1", "localhost", "[::1]", "testserver"]
ROOT_URLCONF = "adaptive_xblocks.demo.urls"
INSTALLED_APPS = [*WORKBENCH_APPS, "adaptive_xblocks.demo"]
SILENCED_SYSTEM_CHECKS = ["models.W042"]

DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": DEMO_DIR / "demo.sqlite3",
        "OPTIONS": {"timeout": 20},
    },
}
# xblock-sdk 0.14 ships without its migrations: its one table is made by `migrate --run-syncdb` instead.
MIGRATION_MODULES = {"workbench": None}
DJFS = {"type": "osfs", "directory_root": str(DEMO_DIR / "djpyfs"), "url_root": "/static/djpyfs"}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"console": {"class": "logging.StreamHandler"}},
    "loggers": {
        "django.server": {"level": os.environ.get("ADAPTIVE_XBLOCKS_DEMO_LOG", "WARNING")},
        "adaptive_xblocks": {"handlers": ["console"], "level": "INFO"},
    },
}

# What an operator may set: whom a learner who is stuck can ask.
XBLOCK_SETTINGS = {"adaptive_xblocks": {"person": "mailto:course-team@example.org"}}

# As on the LMS, which takes large uploads: our handlers have bounds of their own.
DATA_UPLOAD_MAX_MEMORY_SIZE = None

TIME_ZONE = "UTC"
LANGUAGE_CODE = "en"
LANGUAGES = [
    ("en", "English"),
    ("es-419", "Español (Latinoamérica)"),
    ("fr", "Français"),
    ("ar", "العربية"),
    ("eo", "Dummy language (every translated string is marked)"),
    ("rtl", "Dummy language, right to left"),
]
LANGUAGES_BIDI = ["ar", "rtl"]
LOCALE_PATHS = [DEMO_DIR / "locale"]  # made when the demo starts (languages.py)
_after_sessions = WORKBENCH_MIDDLEWARE.index("django.contrib.sessions.middleware.SessionMiddleware") + 1
MIDDLEWARE = [
    *WORKBENCH_MIDDLEWARE[:_after_sessions],
    "django.middleware.locale.LocaleMiddleware",
    *WORKBENCH_MIDDLEWARE[_after_sessions:],
]

WORKBENCH = {
    **WORKBENCH_OPTIONS,
    "services": {
        **WORKBENCH_OPTIONS["services"],
        "i18n": "adaptive_xblocks.demo.services.BundledI18nService",
        "user": "adaptive_xblocks.demo.services.DemoUserService",
    },
}
