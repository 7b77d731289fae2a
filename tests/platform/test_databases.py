"""The databases of the stand-in: three, empty at the start, one connection for each thread, and nobody else's."""

import os

import pytest
from django.contrib.auth.models import User
from django.db import connections, transaction

from tests.platform.databases import ALIASES, Router, connection, drop_leftovers, in_threads, use_database
from tests.platform.lms import Lms
from tests.platform.models import StudentModule
from tests.platform.scripted import Scripted


def query(text):
    """The first row of a query's result."""
    with connection().cursor() as cursor:
        cursor.execute(text)
        return cursor.fetchone()


def test_mariadb_runs_at_the_level_of_its_alias_in_a_database_of_this_process(mariadb):
    """The alias says how strictly transactions are kept apart; the name of the database holds the process id."""
    level = {"mariadb_rc": "READ-COMMITTED", "mariadb_rr": "REPEATABLE-READ"}[mariadb]
    assert query("SELECT @@tx_isolation, DATABASE(), @@character_set_connection") == (
        level, f"stand_in_{os.getpid()}", "utf8mb4")


def test_the_database_of_a_process_that_was_killed_goes_with_the_next_process(mariadb):
    """One whose process is gone is dropped, this process's own stays."""
    with connection().cursor() as cursor:
        cursor.execute("CREATE DATABASE IF NOT EXISTS stand_in_999999999")
        drop_leftovers(cursor)
        cursor.execute("SHOW DATABASES")
        names = {name for (name,) in cursor.fetchall()}
    assert "stand_in_999999999" not in names
    assert f"stand_in_{os.getpid()}" in names


def test_sqlite_lets_readers_read_while_one_writes(sqlite):
    """The journal is written ahead."""
    assert query("PRAGMA journal_mode") == ("wal",)


def test_tables_are_empty_at_the_start(database):
    """What was stored before is gone, users too."""
    Lms().user("somebody")
    with use_database(database):
        assert not User.objects.exists()
        assert Lms().user("ada").id == 1


def test_everything_is_stored_in_the_database_in_use(everywhere, database, run):
    """A handled request leaves its rows there and in no other database."""
    run(everywhere, everywhere.user("ada"), everywhere.add(Scripted, "block"), ["set", "a", 1])
    assert StudentModule.objects.using(database).count() == 1
    assert User.objects.using(database).count() == 1
    assert User.objects.db == database


def test_outside_the_stand_in_users_are_where_they_were():
    """The workbench's own users are not sent anywhere."""
    assert User.objects.db == "default"


@pytest.mark.parametrize("alias", ["default", *ALIASES])
def test_no_migration_makes_the_stand_ins_tables(alias):
    """`migrate` leaves our tables to `use_database`, and our databases alone."""
    assert Router().allow_migrate(alias, "stand_in") is False
    assert Router().allow_migrate(alias, "auth") is (False if alias in ALIASES else None)


def test_threads_have_connections_of_their_own_that_are_closed(database):
    """Two threads talk to the server on two connections, and leave none behind."""
    seen = in_threads(*[lambda: connections[database]] * 2)
    assert seen[0] is not seen[1]
    assert [one.connection for one in seen] == [None, None]


def test_what_a_thread_raises_is_handed_over():
    """`in_threads` returns exceptions in the place of results."""
    results = in_threads(lambda: 1, lambda: 1 / 0)
    assert results[0] == 1
    assert isinstance(results[1], ZeroDivisionError)


def test_a_learners_row_is_unique(database):
    """One row for a learner and a block: the database itself refuses a second."""
    lms = Lms()
    usage, ada = lms.add(Scripted, "block"), lms.user("ada")
    key = {"student": ada, "course_id": usage.context_key, "module_state_key": usage, "module_type": "x"}
    StudentModule.objects.create(**key)
    with pytest.raises(Exception, match=r"(?i)unique|duplicate"), transaction.atomic(database):
        StudentModule.objects.create(**key)


def test_a_block_type_of_more_than_32_characters_cannot_be_stored(mariadb, run):
    """The LMS's column for the block type is short: such a block ends in an error at its first save."""
    lms = Lms()
    long_name = type("Scripted" + "x" * 30, (Scripted,), {})
    reply = run(lms, lms.user("ada"), lms.add(long_name, "block"), ["set", "a", 1])
    assert (reply.status, "XBlockSaveError" in reply.text) == (500, True)
