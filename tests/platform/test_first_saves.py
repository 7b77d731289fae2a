"""Two first saves at once: what ends in an error, what is merged, and what is dropped without a word."""

import pytest
from django.db import transaction

from tests.platform.databases import in_threads
from tests.platform.interleaving import Between, Meeting
from tests.platform.scripted import Scripted
from tests.platform.user_state import write_states


@pytest.mark.parametrize("field, where", [("shared", "user_info"), ("liked", "preferences")])
def test_of_two_first_saves_of_a_shared_field_one_ends_in_an_error(everywhere, run, field, where):
    """Neither request has read a row, so both insert one."""
    usage, ada = everywhere.add(Scripted, "block"), everywhere.user("ada")
    everywhere.point = Meeting(f"write {where}")
    replies = in_threads(*[lambda: run(everywhere, ada, usage, ["add", field, 1])] * 2)
    assert sorted(reply.status for reply in replies) == [200, 500]
    assert run(everywhere, ada, usage, ["get", field]).json == [1]


def test_the_class_has_only_one_summary(everywhere, run):
    """Of two learners' first saves at once one fails; later ones overwrite each other."""
    usage, point = everywhere.add(Scripted, "block"), Meeting("write user_state_summary")
    users = everywhere.user("ada"), everywhere.user("ben")
    everywhere.point = point
    replies = in_threads(*[lambda user=user: run(everywhere, user, usage, ["add", "counted", 1]) for user in users])
    assert sorted(reply.status for reply in replies) == [200, 500]


def test_of_two_first_saves_of_user_state_the_later_is_merged(everywhere, run):
    """The row that came in between is read again, and the fields are laid over it."""
    usage, ada = everywhere.add(Scripted, "block"), everywhere.user("ada")
    everywhere.point = Meeting("write user_state")
    replies = in_threads(*[lambda name=name: run(everywhere, ada, usage, ["set", name, 1]) for name in "ab"])
    assert [reply.status for reply in replies] == [200, 200]
    assert everywhere.state(ada, usage) == {"a": 1, "b": 1}


def save_in_a_transaction(lms, run, alias):
    """Ada's first save, in a transaction that has read before another of her requests inserted the row."""
    usage, ada = lms.add(Scripted, "block"), lms.user("ada")
    lms.point = Between("write user_state", lambda: run(lms, ada, usage, ["set", "a", 1]))

    def request():
        with transaction.atomic(alias):
            return run(lms, ada, usage, ["set", "b", 2], ["set", "shared", 3])

    [reply] = in_threads(request)
    return reply, lms.state(ada, usage), lms.info(ada)


def test_a_row_that_stays_invisible_drops_the_state_without_a_word(mariadb, on_mariadb, run):
    """Under REPEATABLE READ, in an open transaction, the state is lost, what follows is saved, the reply is 200; under
    READ COMMITTED the row is seen, and merged."""
    reply, state, info = save_in_a_transaction(on_mariadb, run, mariadb)
    kept = {"a": 1} if mariadb == "mariadb_rr" else {"a": 1, "b": 2}
    assert (reply.status, state, info) == (200, kept, {"shared": 3})


def test_a_dropped_block_takes_all_blocks_after_it_along(on_mariadb, mariadb):
    """The call ends at the first row that stays invisible."""
    lms = on_mariadb
    ada, usages = lms.user("ada"), [lms.add(Scripted, name) for name in ("one", "two")]

    def request():
        with transaction.atomic(mariadb):
            assert lms.state(ada, usages[0]) is None
            in_threads(lambda: write_states(ada, {usages[0]: {"a": 1}}))
            write_states(ada, {usage: {"b": 2} for usage in usages})

    assert in_threads(request) == [None]
    states = [lms.state(ada, usage) for usage in usages]
    assert states == ([{"a": 1}, None] if mariadb == "mariadb_rr" else [{"a": 1, "b": 2}, {"b": 2}])


def test_many_requests_at_once_leave_one_whole_row(everywhere, run):
    """Eight threads that save at will lose updates, and never break the row or fail."""
    usage, ada = everywhere.add(Scripted, "block"), everywhere.user("ada")
    run(everywhere, ada, usage, ["set", "shared", 0])

    def work(number):
        return [run(everywhere, ada, usage, ["set", "ab"[number % 2], n], ["add", "shared", 1]).status
                for n in range(10)]

    assert in_threads(*[lambda number=number: work(number) for number in range(8)]) == [[200] * 10] * 8
    state = everywhere.state(ada, usage)
    assert set(state) == {"a", "b"}
    assert set(state.values()) <= set(range(10))
    assert 1 <= everywhere.info(ada)["shared"] <= 80
