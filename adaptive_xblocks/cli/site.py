"""What of a site can be seen through Django's settings: static files, our own settings, cache, database.

Everything is only read. The settings are imported as the site imports them; its applications are not started.
"""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Iterator, Mapping
from importlib.resources import files
from pathlib import Path
from typing import Any

from adaptive_xblocks.cli.findings import OK, PROBLEM, WARNING, Finding, guarded, told, within
from adaptive_xblocks.cli.place import LMS, SETTINGS, WORKBENCH, Place, told_os

BUCKET = "adaptive_xblocks"
KNOWN_SETTINGS = ("lock", "person")
LINKS = ("https://", "http://", "mailto:", "/")
#: Where collectstatic puts what the blocks publish.
COLLECTED = Path("xblock", "resources", "adaptive_xblocks")
PATIENCE = 10.0
_EXAMPLE = 'XBLOCK_SETTINGS["adaptive_xblocks"] = {"person": "https://example.org/help"}'
_KEEPS_NOTHING, _KEEPS_TO_ITSELF = "DummyCache", "LocMemCache"


def site_findings(place: Place, environ: Mapping[str, str], folder: Path | None = None) -> list[Finding]:
    """Everything that the settings tell; one line if there are none."""
    settings, findings = read_settings(place, environ, folder or Path.cwd())
    if settings is None:
        return findings
    return [
        *findings,
        *guarded("Secret key", secret_findings, settings),
        *guarded("Static files", static_findings, place, settings),
        *guarded("Operator settings", bucket_findings, place, settings),
        *guarded("Cache", cache_findings, place, settings),
        *guarded("Database", database_findings, place, settings),
    ]


def read_settings(place: Place, environ: Mapping[str, str], folder: Path) -> tuple[Any, list[Finding]]:
    """Django's settings, None if there are none or they cannot be imported, and what is to be said of that."""
    try:
        from django.conf import settings
    except ImportError:
        return None, []  # the requirements have told that Django is missing
    if not settings.configured and not environ.get(SETTINGS):
        if place.is_site:
            return None, [Finding(WARNING, "Settings", f"{SETTINGS} is not set: static files, settings, cache and "
                                  "database were not looked at.", place.again())]
        return None, [Finding(OK, "Settings", f"{SETTINGS} is not set: no site was looked at.")]
    if (folder / "manage.py").is_file() and str(folder) not in sys.path:
        sys.path.append(str(folder))  # as manage.py itself has it
    try:
        with contextlib.redirect_stdout(sys.stderr):  # what settings print is no finding
            settings.DEBUG  # noqa: B018  (the first attribute imports the module)
    except (Exception, SystemExit) as error:
        return None, [Finding(PROBLEM, "Settings", f"Django's settings cannot be imported ({told(error)}).",
                              (f"python -c 'import {environ.get(SETTINGS, '')}'",))]
    return settings, [Finding(OK, "Settings", f"{environ.get(SETTINGS) or 'Django’s settings'} can be imported.")]


def secret_findings(settings: Any) -> Iterator[Finding]:
    """Is there a key to sign receipts with? It is not looked at any closer."""
    try:
        has_key = bool(settings.SECRET_KEY)
    except Exception:  # Django raises where it is empty
        has_key = False
    if has_key:
        yield Finding(OK, "Secret key", "It is set; receipts of answers are signed with it.")
    else:
        yield Finding(PROBLEM, "Secret key", "SECRET_KEY is empty: no answer can be taken.",
                      ("python -c 'import secrets; print(secrets.token_urlsafe(50))'",))


def static_findings(place: Place, settings: Any) -> Iterator[Finding]:
    """Have the blocks' scripts and styles been collected, and since the last upgrade?"""
    root, subject = getattr(settings, "STATIC_ROOT", None), "Static files"
    if not root or settings.DEBUG:
        why = "DEBUG is on" if root else "STATIC_ROOT is not set"
        yield Finding(OK, subject, f"{why}: they are served from the package.")
        return
    missing, older = [], []
    for name, content in public_files():
        try:
            if Path(root, COLLECTED, name).read_bytes() != content:
                older.append(name)
        except FileNotFoundError:
            missing.append(name)
        except OSError as error:
            yield Finding(WARNING, subject, f"{Path(root, COLLECTED)} cannot be read ({told_os(error)}).")
            return
    if missing:
        yield Finding(PROBLEM, subject, f"{len(missing)} of the blocks' files are not in STATIC_ROOT: pages come "
                      "without their scripts and styles.", place.collect())
    elif older:
        yield Finding(PROBLEM, subject, f"{len(older)} of the blocks' files in STATIC_ROOT are those of another "
                      "version.", place.collect())
    else:
        yield Finding(OK, subject, "All of the blocks' files have been collected.")


def public_files() -> Iterator[tuple[str, bytes]]:
    """What the blocks publish: `(path below the published folder, content)`."""
    waiting = [("public", files("adaptive_xblocks") / "static" / "public")]
    while waiting:
        name, entry = waiting.pop()
        if entry.is_dir():
            waiting.extend((f"{name}/{child.name}", child) for child in entry.iterdir())
        else:
            yield name, entry.read_bytes()


def bucket_findings(place: Place, settings: Any) -> Iterator[Finding]:
    """Is what the operator has set for us readable? Values are not shown."""
    subject, all_blocks = "Operator settings", getattr(settings, "XBLOCK_SETTINGS", {})
    bucket = all_blocks.get(BUCKET, {}) if isinstance(all_blocks, Mapping) else None
    if not isinstance(bucket, Mapping):
        name = "XBLOCK_SETTINGS" if bucket is None else f'XBLOCK_SETTINGS["{BUCKET}"]'
        yield Finding(PROBLEM, subject, f"{name} is no dictionary.", place.set(_EXAMPLE))
        return
    unknown = sorted(str(name)[:40] for name in set(bucket) - set(KNOWN_SETTINGS))
    if unknown:
        yield Finding(WARNING, subject, f"Not known and not used: {', '.join(unknown)}. There are "
                      f"{' and '.join(KNOWN_SETTINGS)}.")
    person, lock = bucket.get("person"), bucket.get("lock", True)
    if person and not str(person).startswith(LINKS):
        yield Finding(WARNING, "person", f"It is not used: a link begins with one of {', '.join(LINKS)}.",
                      place.set(_EXAMPLE))
    elif person:
        yield Finding(OK, "person", "Learners who are stuck get a link to a person.")
    else:
        yield Finding(OK, "person", "It is not set: learners who are stuck get a link to a person only where the "
                      "author gives one.", place.set(_EXAMPLE) if place.is_site else ())
    if not isinstance(lock, bool):
        yield Finding(WARNING, "lock", "It is neither True nor False.",
                      place.set('XBLOCK_SETTINGS["adaptive_xblocks"] = {"lock": True}'))
    elif not lock:
        yield Finding(OK, "lock", "It is switched off; answers are safe without it.")


def cache_findings(place: Place, settings: Any) -> Iterator[Finding]:
    """Can the cache hold the short lock per learner? It is asked for a key, and not written to."""
    from django.core.cache import cache

    backend = settings.CACHES.get("default", {}).get("BACKEND", "").rpartition(".")[2]
    try:
        within(PATIENCE, lambda: (cache.get("adaptive_xblocks:doctor"),))
    except Exception as error:  # those of the site's own backend
        yield Finding(PROBLEM if place.service == LMS else WARNING, "Cache", f"The default cache ({backend}) does not "
                      f"answer ({told(error)}): requests go on without the lock, and the site suffers elsewhere.",
                      ("tutor local start -d redis",) if place.in_tutor else ())
        return
    if place.service != LMS:
        yield Finding(OK, "Cache", f"{backend} answers; only the LMS uses it for the lock.")
    elif backend in (_KEEPS_NOTHING, _KEEPS_TO_ITSELF):
        yield Finding(WARNING, "Cache", f"{backend} is not shared by the site's processes: the lock cannot hold. "
                      "Answers are safe without it; name Redis or memcached in CACHES.",
                      ("tutor local start -d redis",) if place.in_tutor else ())
    else:
        yield Finding(OK, "Cache", f"{backend} answers and can hold the lock.")


def database_findings(place: Place, settings: Any) -> Iterator[Finding]:
    """Does the default database answer a query?"""
    from django.db import connections

    configured = settings.DATABASES.get("default") or {}
    engine, name = str(configured.get("ENGINE", "")).rpartition(".")[2], str(configured.get("NAME", ""))
    if not engine or engine == "dummy":
        yield Finding(WARNING, "Database", "No database is set.")
        return
    if engine == "sqlite3" and ":memory:" not in name and "mode=memory" not in name and not os.path.exists(name):
        command = "adaptive-xblocks demo" if place.service == WORKBENCH else "python manage.py migrate"
        yield Finding(WARNING, "Database", "The SQLite file does not exist yet.", (command,))
        return

    def ask() -> tuple:
        connection = connections["default"]  # of this thread, which ends with it
        try:
            with connection.cursor() as cursor:
                cursor.execute("SELECT 1")
                return cursor.fetchone()
        finally:
            connection.close()

    try:
        within(PATIENCE, ask)
    except Exception as error:  # those of the database's own driver
        yield Finding(PROBLEM, "Database", f"{engine} does not answer ({told(error)}).",
                      ("python manage.py check --database default",))
    else:
        yield Finding(OK, "Database", f"{engine} answers. The blocks need no table of their own.")
