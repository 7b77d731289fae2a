"""How fields are stored: which overwrite each other, which are merged, and what is left after a failure."""

import pytest

from tests.platform.databases import connection, in_threads
from tests.platform.interleaving import Between, Meeting
from tests.platform.models import XModuleStudentInfoField
from tests.platform.scripted import Scripted


@pytest.fixture
def block(everywhere):
    """A scripted block on the site."""
    return everywhere.add(Scripted, "block")


@pytest.fixture
def ada(everywhere):
    """A learner."""
    return everywhere.user("ada")


def test_an_update_of_user_info_is_lost_to_another(everywhere, block, ada, run):
    """Two requests add to a value that both read before: one of the sums is gone."""
    run(everywhere, ada, block, ["set", "shared", 100])
    everywhere.point = Meeting("write user_info")
    replies = in_threads(*[lambda: run(everywhere, ada, block, ["add", "shared", 1])] * 2)
    assert [reply.status for reply in replies] == [200, 200]
    assert everywhere.info(ada) == {"shared": 101}


def test_an_update_of_one_field_of_user_state_is_lost_to_another(everywhere, block, ada, run):
    """The value was computed from what the request read at its start."""
    run(everywhere, ada, block, ["set", "a", 100])
    everywhere.point = Between("read user_state", lambda: run(everywhere, ada, block, ["add", "a", 5]), nth=2)
    run(everywhere, ada, block, ["add", "a", 1])
    assert everywhere.state(ada, block) == {"a": 101}


def test_different_fields_of_user_state_are_merged(everywhere, block, ada, run):
    """Only the fields that a request changed are laid over what is stored."""
    run(everywhere, ada, block, ["set", "a", 1], ["set", "b", 1])
    everywhere.point = Between("read user_state", lambda: run(everywhere, ada, block, ["set", "b", 2]), nth=2)
    run(everywhere, ada, block, ["set", "a", 2])
    assert everywhere.state(ada, block) == {"a": 2, "b": 2}


def test_different_fields_are_not_merged_between_the_last_read_and_the_write(everywhere, block, ada, run):
    """There is a short window in which the whole row is overwritten."""
    run(everywhere, ada, block, ["set", "a", 1], ["set", "b", 1])
    everywhere.point = Between("write user_state", lambda: run(everywhere, ada, block, ["set", "b", 2]))
    run(everywhere, ada, block, ["set", "a", 2])
    assert everywhere.state(ada, block) == {"a": 2, "b": 1}


def test_the_grade_in_the_row_is_written_as_it_was_just_read(everywhere, block, ada, run):
    """Saving state keeps a grade that came before its last read, and undoes one that came after."""
    graded = ["publish", "grade", {"value": 1.0, "max_value": 1.0}]
    run(everywhere, ada, block, ["set", "a", 1])
    everywhere.point = Between("read user_state", lambda: run(everywhere, ada, block, graded), nth=2)
    run(everywhere, ada, block, ["set", "a", 2])
    assert everywhere.grade(ada, block) == 1.0
    late = ["publish", "grade", {"value": 0.5, "max_value": 1.0}]
    everywhere.point = Between("write user_state", lambda: run(everywhere, ada, block, late))
    run(everywhere, ada, block, ["set", "a", 3])
    assert everywhere.grade(ada, block) == 1.0


def test_after_a_save_in_mid_request_fields_that_were_not_read_look_empty(lms, scripted, run):
    """What a request knows of a block is then what it has just saved."""
    ada = lms.user("ada")
    run(lms, ada, scripted, ["set", "a", 1], ["set", "b", 2])
    assert run(lms, ada, scripted, ["set", "a", 3], ["save"], ["get", "b"]).json == [0]
    assert run(lms, ada, scripted, ["get", "b"], ["set", "a", 4], ["save"], ["get", "b"]).json == [2, 2]
    assert lms.state(ada, scripted) == {"a": 4, "b": 2}


def test_scopes_are_saved_one_after_the_other_in_the_order_of_the_changes(lms, scripted, run):
    """There is no transaction around them."""
    reply = run(lms, lms.user("ada"), scripted, ["set", "shared", 1], ["set", "a", 1], ["set", "liked", 1])
    assert [where for where in reply.queries if where.startswith("write")] == [
        "write user_info", "write user_state", "write preferences"]


def test_a_scope_that_fails_leaves_those_before_it_saved(everywhere, block, ada, run):
    """The state is stored although the request ends in an error."""
    everywhere.point = Between("write user_info", lambda: run(everywhere, ada, block, ["set", "shared", 1]))
    reply = run(everywhere, ada, block, ["set", "a", 1], ["set", "shared", 2])
    assert (reply.status, "XBlockSaveError" in reply.text) == (500, True)
    assert everywhere.state(ada, block) == {"a": 1}
    assert everywhere.info(ada) == {"shared": 1}


def test_a_field_that_failed_counts_as_saved(everywhere, block, ada, run):
    """After the error the field is clean, so that the runtime's own save passes and the reply is 200."""
    everywhere.point = Between("write user_info", lambda: run(everywhere, ada, block, ["set", "shared", 1]))
    reply = run(everywhere, ada, block, ["set", "shared", 2], ["swallow"])
    assert (reply.status, reply.json) == (200, ["XBlockSaveError"])
    assert everywhere.info(ada) == {"shared": 1}


def test_a_row_that_was_deleted_meanwhile_makes_the_save_fail(everywhere, block, ada, run):
    """An update that finds no row is an error, of `user_state` as of `user_info`."""
    run(everywhere, ada, block, ["set", "a", 1], ["set", "shared", 1])
    everywhere.point = Between("write user_state", lambda: everywhere.delete_state(ada, block))
    assert run(everywhere, ada, block, ["set", "a", 2]).status == 500
    everywhere.point = Between("write user_info", XModuleStudentInfoField.objects.all().delete)
    assert run(everywhere, ada, block, ["set", "shared", 2]).status == 500


def test_nothing_is_saved_after_an_exception(lms, scripted, run):
    """Fields that were changed and not saved are lost with the request."""
    ada = lms.user("ada")
    assert run(lms, ada, scripted, ["set", "a", 1], ["raise"]).status == 500
    assert lms.state(ada, scripted) is None


def test_nothing_is_undone_by_an_exception(lms, scripted, run):
    """What was saved before stays: handlers run outside of any transaction."""
    ada = lms.user("ada")
    run(lms, ada, scripted, ["set", "a", 1], ["save"], ["set", "b", 1], ["raise"])
    assert lms.state(ada, scripted) == {"a": 1}
    assert not connection().in_atomic_block


def test_a_view_saves_too(lms, scripted):
    """What a block changes while it is shown is stored."""
    lms.author(scripted, script=[["add", "a", 1]])
    lms.render(lms.user("ada"), scripted)
    assert lms.state(lms.user("ada"), scripted) == {"a": 1}


def test_a_field_that_is_deleted_leaves_the_row(lms, scripted, run):
    """A field goes back to its default at once, the others stay."""
    ada = lms.user("ada")
    run(lms, ada, scripted, ["set", "a", 1], ["set", "b", 2], ["set", "shared", 3])
    run(lms, ada, scripted, ["drop", "a"], ["drop", "shared"])
    assert lms.state(ada, scripted) == {"b": 2}
    assert lms.info(ada) == {}


@pytest.mark.parametrize("value, stored", [
    ({"1": [1, 2]}, {"1": [1, 2]}), ("é😀", "é😀"), (None, None), (0.1, 0.1),
])
def test_values_are_json(everywhere, block, ada, run, value, stored):
    """What JSON can hold comes back as it was, emoji too."""
    run(everywhere, ada, block, ["set", "anything", value])
    assert everywhere.state(ada, block) == {"anything": stored}


def test_a_value_that_is_no_json_fails(lms, scripted, run, monkeypatch):
    """A set cannot be stored; the request ends in an error."""
    monkeypatch.setattr(Scripted, "_set", lambda self, found, field, value: setattr(self, field, {1, 2}))
    assert run(lms, lms.user("ada"), scripted, ["set", "anything", 0]).status == 500
    assert lms.state(lms.user("ada"), scripted) is None
