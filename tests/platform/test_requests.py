"""Requests: what is answered, what inherits, where a request can be stopped, and what is left when it dies there."""

import datetime
import sys

import pytest
from django.db import transaction

from tests.platform.databases import in_threads
from tests.platform.interleaving import Death, Died
from tests.platform.lms import Lms
from tests.platform.models import StudentModule
from tests.platform.modulestore import BlockRuntime
from tests.platform.points import Watch, watching
from tests.platform.scripted import Container, Scripted
from tests.platform.visits import LmsRuntime, Visitor


@pytest.fixture
def ada(lms):
    """A learner."""
    return lms.user("ada")


def bound(lms, usage, user):
    """A block as a learner's request has it."""
    return LmsRuntime(lms.course, lms.site, Visitor(user), {}, [usage]).get_block(usage)


def test_what_is_not_there_is_not_found(lms, scripted, ada):
    """An unknown block and an unknown handler answer 404."""
    assert lms.handle(ada, scripted, "nothing").status == 404
    assert lms.handle(ada, lms.course.key.make_usage_key("scripted", "gone"), "do").status == 404
    assert lms.render(ada, lms.course.key.make_usage_key("scripted", "gone")).status == 404


def test_an_exception_is_a_500_with_its_traceback(lms, scripted, ada, run):
    """Also in a view, where it takes the whole page along."""
    reply = run(lms, ada, scripted, ["raise"])
    assert (reply.status, "RuntimeError: a step of the script says so" in reply.text) == (500, True)
    lms.author(scripted, script=[["raise"]])
    page = lms.render(ada, lms.add(Scripted, "other"), scripted)
    assert (page.status, "RuntimeError" in page.html) == (500, True)


def test_nobody_asks_whether_a_learner_is_enrolled(lms, scripted, run):
    """Everybody who is signed in and knows the address may call a handler."""
    assert run(lms, lms.user("stranger"), scripted, ["get", "a"]).status == 200


def test_a_body_is_sent_as_it_is_if_it_is_text(lms, scripted, ada):
    """Else as JSON."""
    assert lms.handle(ada, scripted, "do", '[["get", "a"]]').json == [0]
    assert lms.handle(ada, scripted, "do", "no json").status == 400


def test_a_block_can_be_read_from_olx(lms, ada):
    """Attributes and content are those of the document."""
    usage = lms.add("adaptive_problem_set", "set1", olx='<adaptive_problem_set weight="2" display_name="A">'
                    '<![CDATA[<adaptive_problem_set schema="1"/>]]></adaptive_problem_set>')
    block = bound(lms, usage, ada)
    assert (block.weight, block.display_name, block.content) == (2.0, "A", '<adaptive_problem_set schema="1"/>')


def test_blocks_inherit_from_the_course_and_from_what_is_above_them(lms, ada):
    """Due dates and the like hold for all blocks below; each is a field of every block."""
    due = datetime.datetime(2027, 1, 1, tzinfo=datetime.UTC)
    child = lms.add(Scripted, "child")
    lms.add(Container, "parent", children=(child,), fields={"show_correctness": "never"})
    lms.author(lms.course.key, due=due, graceperiod=datetime.timedelta(hours=1), show_correctness="always")
    block = bound(lms, child, ada)
    assert {"due", "graceperiod", "show_correctness", "graded", "start"} <= set(block.fields)
    assert (block.due, block.graceperiod, block.show_correctness) == (due, datetime.timedelta(hours=1), "never")
    lms.author(child, show_correctness="past_due")
    assert bound(lms, child, ada).show_correctness == "past_due"


def test_a_course_hands_its_most_attempts_down_to_every_block(lms, ada):
    """`max_attempts` is such a field: what the course says holds for blocks that have a field of that name."""
    usage = lms.add("adaptive_problem_set", "set1")
    lms.author(lms.course.key, max_attempts=3)
    assert bound(lms, usage, ada).max_attempts == 3


def test_only_authored_fields_can_be_authored(lms, scripted):
    """A learner's field among them is a mistake of the test."""
    with pytest.raises(ValueError, match="not a field that authors write"):
        lms.author(scripted, a=1)


def test_a_request_goes_on_with_the_content_that_it_found(lms, scripted, ada):
    """What the author changes meanwhile holds from the next request on."""
    lms.author(scripted, script=[["get", "a"]])
    block = bound(lms, scripted, ada)
    lms.author(scripted, script=[])
    assert (block.script, bound(lms, scripted, ada).script) == ([["get", "a"]], [])


def test_a_rerun_has_the_content_and_no_state(lms, scripted, ada, run):
    """The new course key makes new rows; `user_info` is carried over; content changes apart."""
    lms.add(Container, "parent", children=(scripted,))
    run(lms, ada, scripted, ["set", "a", 1], ["set", "shared", 2])
    other = lms.rerun("course-v1:Demo+Adaptive+2027")
    usage = scripted.map_into_course(other.course.key)
    assert run(other, ada, usage, ["get", "a"], ["get", "shared"]).json == [0, 2]
    parent = BlockRuntime(other.course).get_block(other.course.key.make_usage_key("container", "parent"))
    assert parent.children == [usage]
    other.author(usage, script=[["get", "a"]])
    assert bound(lms, scripted, ada).script == []


def test_points_come_before_each_query_and_around_the_handler(lms, scripted, ada, run):
    """They name what is about to happen, in order, on the request's thread."""
    seen = []
    lms.point = seen.append
    reply = run(lms, ada, scripted, ["set", "a", 1])
    assert (seen[0], seen[-1]) == ("begin handler", "end handler")
    assert tuple(seen[1:-1]) == reply.queries
    assert seen[-3:-1] == ["read user_state", "write user_state"]


def test_nobody_is_stopped_while_a_transaction_holds_a_lock(everywhere, database, run):
    """A query after a write in the same transaction is counted, and is no point: others would wait for its lock."""
    usage, ada = everywhere.add(Scripted, "block"), everywhere.user("ada")
    run(everywhere, ada, usage, ["set", "a", 1])
    seen = []
    watch = Watch(seen.append)
    with watching(watch):
        for _transaction in range(2):
            with transaction.atomic(database):
                StudentModule.objects.update(grade=1.0)
                StudentModule.objects.first()
        StudentModule.objects.first()
    assert watch.queries == ["write user_state", "read user_state"] * 2 + ["read user_state"]
    assert seen == ["write user_state"] * 2 + ["read user_state"]


@pytest.mark.parametrize("where, nth, state, info", [
    ("begin handler", 1, None, {}),
    ("write user_state", 1, None, {}),
    ("write user_info", 1, {"a": 1}, {}),
    ("end handler", 1, {"a": 1}, {"shared": 1}),
])
def test_a_request_that_dies_leaves_what_it_had_written(everywhere, run, where, nth, state, info):
    """Nothing is written on the way out, and the next request finds a sound database."""
    usage, ada = everywhere.add(Scripted, "block"), everywhere.user("ada")
    everywhere.point = Death(where, nth)
    with pytest.raises(Died):
        run(everywhere, ada, usage, ["set", "a", 1], ["set", "shared", 1])
    assert (everywhere.state(ada, usage), everywhere.info(ada)) == (state, info)
    everywhere.point = None
    assert run(everywhere, ada, usage, ["set", "a", 2]).status == 200


def test_many_threads_may_make_the_same_user(everywhere):
    """A name is one person."""
    users = in_threads(*[lambda: everywhere.user("ada")] * 4)
    assert {user.id for user in users} == {1}


def test_the_lms_tables_can_be_imported_only_with_the_lock(sqlite):
    """A site without them looks like any runtime that is not the LMS."""
    Lms(lock=True)
    from lms.djangoapps.courseware.models import StudentModule, XModuleStudentInfoField

    assert StudentModule._meta.db_table == "courseware_studentmodule"
    assert XModuleStudentInfoField.objects.count() == 0
    Lms()
    assert "lms.djangoapps.courseware.models" not in sys.modules


def test_the_sites_cache_can_get_and_set_and_nothing_else(lms, scripted, ada):
    """In particular a block cannot take a lock through the service."""
    cache = bound(lms, scripted, ada).runtime._services["cache"]
    cache.set("stand-in", 1)
    assert cache.get("stand-in") == 1
    assert not hasattr(cache, "add")


def test_settings_and_links_are_there(sqlite):
    """The operator's bucket of our blocks, and addresses of the course's files."""
    lms = Lms(settings={"person": "mailto:a@example.org"})
    usage = lms.add("adaptive_problem_set", "set1")
    services = bound(lms, usage, lms.user("ada")).runtime._services
    bucket = services["settings"].get_settings_bucket(BlockRuntime(lms.course).get_block(usage))
    assert bucket == {"person": "mailto:a@example.org"}
    assert services["replace_urls"].replace_urls('<img src="/static/a.png">') == (
        '<img src="/assets/courseware/course-v1:Demo+Adaptive+2026/a.png">')
