"""A site to work on: on SQLite, or on each database in turn."""

import pytest

from tests.platform.databases import ALIASES, READ_COMMITTED, REPEATABLE_READ, SQLITE, use_database
from tests.platform.learner import Learner
from tests.platform.lms import Lms, offer_tables
from tests.platform.scripted import Scripted


@pytest.fixture(autouse=True)
def no_lms_afterwards():
    """A test that had the LMS's tables leaves none behind."""
    yield
    offer_tables(False)


@pytest.fixture(params=ALIASES)
def database(request):
    """Each database in turn, with empty tables; its alias."""
    with use_database(request.param):
        yield request.param


@pytest.fixture(params=[READ_COMMITTED, REPEATABLE_READ])
def mariadb(request):
    """MariaDB at each isolation level, with empty tables; its alias."""
    with use_database(request.param):
        yield request.param


@pytest.fixture
def sqlite():
    """SQLite with empty tables, where the database makes no difference."""
    with use_database(SQLITE):
        yield SQLITE


@pytest.fixture
def lms(sqlite):
    """A site on SQLite."""
    return Lms()


@pytest.fixture
def everywhere(database):
    """A site on each database in turn."""
    return Lms()


@pytest.fixture
def problem_set(everywhere):
    """A learner in front of the default problem set, on each database in turn; nothing has been asked for yet."""
    usage = everywhere.add("adaptive_problem_set", "set1")
    return Learner(everywhere, everywhere.user("ada"), usage)


@pytest.fixture
def run():
    """run(lms, user, usage, *steps) has a scripted block do steps in a handler."""
    def do(lms, user, usage, *steps, **how):
        return lms.handle(user, usage, "do", list(steps), **how)

    return do


@pytest.fixture
def scripted(lms):
    """A scripted block on the site on SQLite."""
    return lms.add(Scripted, "block")


@pytest.fixture
def on_mariadb(mariadb):
    """A site on MariaDB, at each isolation level."""
    return Lms()


@pytest.fixture
def two_sets(everywhere):
    """One learner in two problem sets of a course, each with an item in hand."""
    ada = everywhere.user("ada")
    learners = [Learner(everywhere, ada, everywhere.add("adaptive_problem_set", name)) for name in ("set1", "set2")]
    for learner in learners:
        learner.open()
    return learners


@pytest.fixture
def ada(lms):
    """A learner in front of a problem set on SQLite, with an item in hand."""
    learner = Learner(lms, lms.user("ada"), lms.add("adaptive_problem_set", "set1"))
    learner.open()
    return learner
