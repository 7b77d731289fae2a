"""What an answer costs the database: no more than what the simplest block that keeps and grades answers costs."""

from collections import Counter

import pytest

from tests.platform.learner import Learner
from tests.platform.lms import Lms
from tests.platform.scripted import Null


def counts(reply):
    """How often a request did what; it must have succeeded."""
    assert reply.status == 200, reply.text
    return Counter(reply.queries)


@pytest.fixture
def least(everywhere):
    """What the simplest block needs for its second answer."""
    ada, usage = everywhere.user("ada"), everywhere.add(Null, "null")
    counts(everywhere.handle(ada, usage, "answer"))
    return counts(everywhere.handle(ada, usage, "answer"))


def second_answer(lms):
    """The queries of a learner's second answer in a problem set."""
    learner = Learner(lms, lms.user("ada"), lms.add("adaptive_problem_set", "set1"))
    learner.open()
    learner.work(1)
    return counts(learner.answer())


def writes(queries):
    """What was written."""
    return {where: n for where, n in queries.items() if where.startswith("write")}


def test_the_simplest_block_writes_three_times(least):
    """State, shared value and grade."""
    assert writes(least) == {"write user_state": 1, "write user_info": 1, "write grade": 1}


def test_an_answer_costs_what_it_costs_the_simplest_block(everywhere, least):
    """The same writes and no more reads, on every database."""
    queries = second_answer(everywhere)
    assert writes(queries) == writes(least)
    assert not queries - least


def test_with_the_lock_two_rows_are_read_again(database, everywhere, least):
    """The learner's state and the shared record, once each, and nothing more."""
    assert second_answer(Lms(lock=True)) - least == Counter({"read user_state": 1, "read user_info": 1})


@pytest.mark.parametrize("has_lock, n_reads", [(False, 2), (True, 4)])
def test_looking_again_writes_nothing(database, has_lock, n_reads):
    """A page or a question that changes nothing only reads."""
    lms = Lms(lock=has_lock)
    learner = Learner(lms, lms.user("ada"), lms.add("adaptive_problem_set", "set1"))
    learner.open()
    learner.work(1)
    learner.send("state")
    for again in (learner.open(), learner.send("state")):
        assert sorted(again.queries) == ["read user_info"] * (n_reads // 2) + ["read user_state"] * (n_reads // 2)
