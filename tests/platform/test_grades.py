"""Grades and completion: acted on at once, before the block's fields are saved, in the row that holds its state."""

import pytest

from tests.platform.databases import in_threads
from tests.platform.interleaving import Between, Meeting
from tests.platform.models import StudentModule
from tests.platform.scripted import Scripted


def graded(value, **how):
    """A step that publishes a grade."""
    return ["publish", "grade", {"value": value, "max_value": 1.0, **how}]


@pytest.fixture
def ada(lms):
    """A learner."""
    return lms.user("ada")


def test_a_grade_is_stored_before_the_fields(lms, scripted, ada, run):
    """The runtime saves after the handler; publishing writes at once, and makes a row without a state."""
    lms.point = Between("read user_state", lambda: list(StudentModule.objects.values_list("state", "grade")), nth=2)
    reply = run(lms, ada, scripted, ["set", "a", 1], graded(0.5))
    assert lms.point.result == [(None, 0.5)]
    writes = [where for where in reply.queries if where.startswith("write")]
    assert writes == ["write grade", "write user_state"]
    assert (lms.grade(ada, scripted), lms.state(ada, scripted)) == (0.5, {"a": 1})


def test_a_row_without_a_state_counts_as_no_state(lms, scripted, ada, run):
    """A grade alone leaves every field at its default."""
    run(lms, ada, scripted, graded(0.5))
    assert lms.state(ada, scripted) is None
    assert run(lms, ada, scripted, ["get", "a"]).json == [0]


def test_a_handler_that_fails_afterwards_leaves_the_grade(lms, scripted, ada, run):
    """Grade without state."""
    assert run(lms, ada, scripted, ["set", "a", 1], graded(0.5), ["raise"]).status == 500
    assert (lms.grade(ada, scripted), lms.state(ada, scripted)) == (0.5, None)


def test_storing_a_grade_overwrites_a_state_that_was_saved_meanwhile(everywhere, run):
    """The row is written whole, as it was when the grade was about to be stored."""
    usage, ada = everywhere.add(Scripted, "block"), everywhere.user("ada")
    run(everywhere, ada, usage, ["set", "a", 1])
    everywhere.point = Between("write grade", lambda: run(everywhere, ada, usage, ["set", "a", 2], ["set", "b", 2]))
    run(everywhere, ada, usage, graded(1.0))
    assert everywhere.state(ada, usage) == {"a": 1}
    assert everywhere.grade(ada, usage) == 1.0


def test_a_grade_may_fall_unless_it_is_said_that_it_must_not(lms, scripted, ada, run):
    """`only_if_higher` keeps the better one; an equal one is written."""
    for grade, how, stored in [(0.5, {}, 0.5), (0.2, {}, 0.2), (0.1, {"only_if_higher": True}, 0.2),
                               (0.3, {"only_if_higher": True}, 0.3), (0.3, {"only_if_higher": True}, 0.3)]:
        reply = run(lms, ada, scripted, graded(grade, **how))
        assert reply.status == 200
        assert lms.grade(ada, scripted) == stored
        assert ("write grade" in reply.queries) is (grade == stored)


def test_two_first_grades_at_once_are_both_stored(everywhere, run):
    """The one that comes second finds the row of the first; neither fails."""
    usage, ada = everywhere.add(Scripted, "block"), everywhere.user("ada")
    everywhere.point = Meeting("write grade")
    replies = in_threads(*[lambda value=value: run(everywhere, ada, usage, graded(value)) for value in (0.5, 1.0)])
    assert [reply.status for reply in replies] == [200, 200]
    assert everywhere.grade(ada, usage) in (0.5, 1.0)


def test_only_if_higher_fails_where_the_row_has_a_state_and_no_grade(lms, scripted, ada, run):
    """The LMS compares with a grade that is not there: the request ends in an error, however often it is tried."""
    run(lms, ada, scripted, ["set", "a", 1])
    for _try in range(2):
        reply = run(lms, ada, scripted, graded(0.5, only_if_higher=True))
        assert (reply.status, "TypeError" in reply.text) == (500, True)
    assert lms.grade(ada, scripted) is None
    assert lms.published == []


def test_only_if_higher_passes_where_there_is_no_row(lms, scripted, ada, run):
    """Without a row there is nothing to compare with."""
    assert run(lms, ada, scripted, graded(0.5, only_if_higher=True)).status == 200
    assert lms.grade(ada, scripted) == 0.5


def test_completion_is_kept(lms, scripted, ada, run):
    """The last share that was published counts, also a lower one; one above 1 is refused."""
    for share in (1.0, 0.25):
        run(lms, ada, scripted, ["publish", "completion", {"completion": share}])
    assert run(lms, ada, scripted, ["publish", "completion", {"completion": 1.5}]).status == 500
    assert lms.completion(ada, scripted) == 0.25


def test_everything_else_is_an_event(lms, scripted, ada, run):
    """It is noted in order, with who and where, as JSON."""
    run(lms, ada, scripted, ["publish", "my.event", {"n": [1, 2]}], graded(0.5))
    assert lms.published == [
        (ada.id, scripted, "my.event", {"n": [1, 2]}),
        (ada.id, scripted, "grade", {"value": 0.5, "max_value": 1.0}),
    ]
