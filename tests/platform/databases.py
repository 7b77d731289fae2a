"""The databases that the stand-in runs on: a file of SQLite, and MariaDB at both of its usual isolation levels.

`with use_database(alias)` makes one of them the stand-in's, with empty tables. MariaDB gets a database of this
process's own, named after its id, which goes when the process ends. Where the server is not on 127.0.0.1:3306 or wants
a password, MARIADB_HOST, MARIADB_PORT, MARIADB_USER and MARIADB_PASSWORD say so.

SQLite writes ahead (WAL) and without waiting for the disk; a transaction takes its lock at its first write, as
MariaDB's do, and a writer waits 30 s for another.
"""

from __future__ import annotations

import atexit
import os
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from django.apps import apps
from django.db import connections, transaction
from django.db.backends.signals import connection_created

SQLITE, READ_COMMITTED, REPEATABLE_READ = "stand_in_sqlite", "mariadb_rc", "mariadb_rr"
ALIASES = (SQLITE, READ_COMMITTED, REPEATABLE_READ)
#: Emptied in this order: rows that point at others first.
OURS = ("StudentModule", "XModuleUserStateSummaryField", "XModuleStudentPrefsField", "XModuleStudentInfoField")
SHARED_APPS = ("contenttypes", "auth")
_MARIADB = {
    "HOST": os.environ.get("MARIADB_HOST", "127.0.0.1"),
    "PORT": int(os.environ.get("MARIADB_PORT", "3306")),
    "USER": os.environ.get("MARIADB_USER", "root"),
    "PASSWORD": os.environ.get("MARIADB_PASSWORD", ""),
}

_in_use = SQLITE
_is_in_use = False
_made: set[str] = set()


def configured(folder: Path) -> dict[str, dict[str, Any]]:
    """Settings of the databases; SQLite's file lies in `folder`."""
    mariadb = {"ENGINE": "django.db.backends.mysql", "NAME": f"stand_in_{os.getpid()}", **_MARIADB}
    return {
        SQLITE: {
            "ENGINE": "django.db.backends.sqlite3", "NAME": folder / "stand_in.sqlite3", "OPTIONS": {"timeout": 30},
        },
        READ_COMMITTED: {**mariadb, "OPTIONS": {"charset": "utf8mb4", "isolation_level": "read committed"}},
        REPEATABLE_READ: {**mariadb, "OPTIONS": {"charset": "utf8mb4", "isolation_level": "repeatable read"}},
    }


class Router:
    """Sends the stand-in's tables, and while it is in use the users, to the database in use."""

    def db_for_read(self, model: Any, **hints: Any) -> str | None:
        """The alias for a model, None where the stand-in has no say."""
        label = model._meta.app_label
        return _in_use if label == "stand_in" or (_is_in_use and label in SHARED_APPS) else None

    db_for_write = db_for_read

    def allow_relation(self, one: Any, other: Any, **hints: Any) -> bool | None:
        """Rows of the stand-in belong together."""
        return True if "stand_in" in (one._meta.app_label, other._meta.app_label) else None

    def allow_migrate(self, db: str, app_label: str, **hints: Any) -> bool | None:
        """Our tables are made by `use_database` alone, and no migration touches our databases."""
        return False if db in ALIASES or app_label == "stand_in" else None


def connection() -> Any:
    """This thread's connection to the database in use."""
    return connections[_in_use]


@contextmanager
def use_database(alias: str) -> Iterator[None]:
    """Have the stand-in use this database; its tables exist and are empty. Skips (`missing_part`) without MariaDB."""
    global _in_use, _is_in_use
    before = _in_use, _is_in_use
    _make(alias)
    _in_use, _is_in_use = alias, True
    try:
        _empty(alias)
        yield
    finally:
        _in_use, _is_in_use = before


def in_threads(*calls: Callable[[], Any], within: float = 60) -> list[Any]:
    """Run calls at the same time, each on a thread and a connection of its own; what they return, or raise."""
    results: list[Any] = [None] * len(calls)

    def run(number: int, call: Callable[[], Any]) -> None:
        try:
            results[number] = call()
        except BaseException as error:  # handed on to the caller
            results[number] = error
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=one, daemon=True) for one in enumerate(calls)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(within)
    if any(thread.is_alive() for thread in threads):
        raise TimeoutError(f"a request neither ended nor failed within {within} s: two wait for each other")
    return results


def _models() -> list[Any]:
    shared = [apps.get_model("contenttypes", "ContentType"),
              *(apps.get_model("auth", name) for name in ("Permission", "Group", "User"))]
    return shared + [apps.get_model("stand_in", name) for name in OURS]


def _make(alias: str) -> None:
    if alias in _made:
        return
    if alias != SQLITE and not _made - {SQLITE}:
        _make_mariadb(connections[alias].settings_dict["NAME"])
    if alias == SQLITE or not _made - {SQLITE}:  # both isolation levels share the tables
        with connections[alias].schema_editor() as editor:
            for model in _models():
                editor.create_model(model)
    _made.add(alias)


def _empty(alias: str) -> None:
    """Delete all rows of learners, in one transaction."""
    with transaction.atomic(alias), connections[alias].cursor() as cursor:
        for name in OURS:
            cursor.execute(f"DELETE FROM {apps.get_model('stand_in', name)._meta.db_table}")
        cursor.execute("DELETE FROM auth_user")


def _make_mariadb(name: str) -> None:
    try:
        server = _server()
    except Exception as error:  # whatever is wrong with it, it is not there
        from tests.conftest import missing_part

        missing_part(f"MariaDB is not at {_MARIADB['HOST']}:{_MARIADB['PORT']} ({error})")
    with closing(server), server.cursor() as cursor:
        drop_leftovers(cursor)
        cursor.execute(f"DROP DATABASE IF EXISTS {name}")
        cursor.execute(f"CREATE DATABASE {name} CHARACTER SET utf8mb4")
    atexit.register(_drop_mariadb, name, os.getpid())


def drop_leftovers(cursor: Any) -> None:
    """Remove the databases of processes that were killed; only where the server's processes are those of this machine
    and can be looked up."""
    if _MARIADB["HOST"] not in ("127.0.0.1", "localhost") or not Path("/proc/self").exists():
        return
    cursor.execute(r"SHOW DATABASES LIKE 'stand\_in\_%'")
    for (name,) in cursor.fetchall():
        if not Path("/proc", name.rpartition("_")[2]).exists():
            cursor.execute(f"DROP DATABASE IF EXISTS {name}")


def _drop_mariadb(name: str, owner: int) -> None:
    """Remove this process's database; a process forked from it leaves it alone."""
    if os.getpid() == owner:
        with closing(_server()) as server, server.cursor() as cursor:
            cursor.execute(f"DROP DATABASE IF EXISTS {name}")


def _server() -> Any:
    import pymysql

    return pymysql.connect(host=_MARIADB["HOST"], port=_MARIADB["PORT"], user=_MARIADB["USER"],
                           password=_MARIADB["PASSWORD"], connect_timeout=5)


def _prepare_sqlite(connection: Any, **_kwargs: Any) -> None:
    if connection.alias == SQLITE:
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA journal_mode = WAL")
            cursor.execute("PRAGMA synchronous = OFF")


connection_created.connect(_prepare_sqlite, dispatch_uid="stand_in_sqlite")
