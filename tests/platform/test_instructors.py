"""Instructors' buttons: what "reset attempts" and "delete state" take away, and what they leave."""

import pytest

from tests.platform.scripted import Clearing, Container, Scripted


@pytest.fixture
def ada(lms):
    """A learner."""
    return lms.user("ada")


def test_deleting_takes_the_row_and_nothing_else(everywhere, run):
    """State and grade go; `user_info`, `preferences` and completion stay."""
    usage, ada = everywhere.add(Scripted, "block"), everywhere.user("ada")
    run(everywhere, ada, usage, ["set", "a", 1], ["set", "shared", 2], ["set", "liked", 3],
        ["publish", "grade", {"value": 1.0, "max_value": 1.0}], ["publish", "completion", {"completion": 1.0}])
    assert everywhere.delete_state(ada, usage)
    assert (everywhere.state(ada, usage), everywhere.grade(ada, usage)) == (None, None)
    assert (everywhere.info(ada), everywhere.completion(ada, usage)) == ({"shared": 2}, 1.0)
    assert run(everywhere, ada, usage, ["get", "liked"]).json == [3]


def test_deleting_tells_the_grade_book(lms, scripted, ada, run):
    """A score of 0 is signalled, and the deletion is an event."""
    run(lms, ada, scripted, ["set", "a", 1])
    lms.delete_state(ada, scripted)
    assert lms.site.score_signals == [
        {"user_id": ada.id, "usage": scripted, "earned": 0, "possible": 1.0, "score_deleted": True}]
    assert lms.published[-1][2] == "edx.grades.problem.state_deleted"


def test_a_block_that_clears_its_state_itself_keeps_the_grade_book_from_being_told(lms, ada, run, monkeypatch):
    """Who defines `clear_student_state` is called with anonymous ids, and has to send the signal."""
    monkeypatch.setattr(Clearing, "cleared", [])
    usage = lms.add(Clearing, "clearing")
    run(lms, ada, usage, ["set", "a", 1])
    assert lms.delete_state(ada, usage)
    assert [set(one) for one in Clearing.cleared] == [{"user_id", "course_id", "item_id", "requesting_user_id"}]
    assert Clearing.cleared[0]["user_id"].startswith("anonymous-")
    assert (lms.site.score_signals, lms.state(ada, usage)) == ([], None)


def test_there_is_nothing_to_delete_for_who_never_came(lms, scripted, ada):
    """The instructor is told so; no signal is sent."""
    assert not lms.delete_state(ada, scripted)
    assert not lms.reset_attempts(ada, scripted)
    assert lms.site.score_signals == []


def test_children_go_first(lms, ada, run):
    """A container without a row of its own loses its children's state all the same."""
    child = lms.add(Scripted, "child")
    parent = lms.add(Container, "parent", children=(child,))
    run(lms, ada, child, ["set", "a", 1])
    assert not lms.delete_state(ada, parent)
    assert lms.state(ada, child) is None


def test_resetting_attempts_empties_a_problems_histories_in_any_block(lms, scripted, ada, run):
    """All else in the state stays, and the grade too."""
    run(lms, ada, scripted, ["set", "a", 1], ["publish", "grade", {"value": 1.0, "max_value": 1.0}])
    assert lms.reset_attempts(ada, scripted)
    assert lms.state(ada, scripted) == {
        "a": 1, "attempts": 0, "score_history": [], "correct_map_history": [], "student_answers_history": []}
    assert lms.grade(ada, scripted) == 1.0
