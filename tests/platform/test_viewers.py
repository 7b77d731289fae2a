"""Who looks: staff as somebody else, visitors, crawlers, and authors in Studio."""

import pytest

from adaptive_xblocks import platform_services
from tests.platform.modulestore import BlockRuntime
from tests.platform.scripted import Scripted
from tests.platform.visits import LmsRuntime, Visitor

GRADE = ["publish", "grade", {"value": 1.0, "max_value": 1.0}]


class Seen(Scripted):
    """A block that may be shown as a specific learner sees it, and that authors see in a view of its own."""

    show_in_read_only_mode = True
    has_author_view = True
    author_view = Scripted.student_view


class Publishing(Scripted):
    """A block that publishes when it is shown."""

    def student_view(self, context=None):
        """Publish, and answer as usual."""
        self.runtime.publish(self, "my.event", {})
        return super().student_view(context)


@pytest.fixture
def ada(lms):
    """A learner."""
    return lms.user("ada")


@pytest.fixture
def staff(lms):
    """A member of the course's staff."""
    return lms.user("staff", staff=True)


def attributes(lms, usage, user, **how):
    """What the user service says in a request, without its prefix, and the id that the block meets."""
    visitor = Visitor(user, user.id in lms.site.staff, **how)
    block = LmsRuntime(lms.course, lms.site, visitor, {}, [usage]).get_block(usage)
    current = block.runtime._services["user"].get_current_user().opt_attrs
    return {key.removeprefix("edx-platform."): value for key, value in current.items()}, block.scope_ids.user_id


def test_the_user_service_tells_staff_from_learners(lms, scripted, ada, staff):
    """Role, id and the staff flag are told."""
    of_ada, met = attributes(lms, scripted, ada)
    assert (of_ada["user_id"], of_ada["user_is_staff"], of_ada["user_role"], met) == (ada.id, False, "student", ada.id)
    of_staff, _met = attributes(lms, scripted, staff)
    assert (of_staff["user_is_staff"], of_staff["user_role"], of_staff["is_authenticated"]) == (True, "staff", True)


def test_only_staff_can_view_as_somebody_else(lms, scripted, ada, run):
    """A learner who tries is a mistake of the test."""
    with pytest.raises(ValueError, match="only course staff"):
        run(lms, ada, scripted, masquerade="learner")


def test_staff_who_view_as_a_learner_work_on_their_own_rows(lms, scripted, staff, run):
    """They look like a learner, and what they do is stored and graded, as theirs."""
    seen, met = attributes(lms, scripted, staff, masquerade="learner")
    assert (seen["user_is_staff"], seen["user_role"], met) == (False, "student", staff.id)
    run(lms, staff, scripted, ["set", "a", 1], GRADE, masquerade="learner")
    assert (lms.state(staff, scripted), lms.grade(staff, scripted)) == ({"a": 1}, 1.0)


def test_staff_who_view_as_somebody_read_their_rows_and_write_to_the_session(lms, scripted, ada, staff, run):
    """Later requests of the staff member see what was written; the learner does not."""
    run(lms, ada, scripted, ["set", "a", 1], ["set", "shared", 5])
    steps = ["add", "a", 10], ["add", "shared", 10], ["get", "a"], ["get", "shared"]
    assert [run(lms, staff, scripted, *steps, masquerade=ada).json for _time in "12"] == [[11, 15], [21, 25]]
    assert (lms.state(ada, scripted), lms.info(ada)) == ({"a": 1}, {"shared": 5})
    assert (lms.state(staff, scripted), lms.info(staff)) == (None, {})


def test_a_request_that_fails_does_not_change_the_session(lms, scripted, ada, staff, run):
    """The platform stores no session with an error."""
    run(lms, staff, scripted, ["set", "a", 1], ["save"], ["raise"], masquerade=ada)
    assert run(lms, staff, scripted, ["get", "a"], masquerade=ada).json == [0]


def test_a_field_can_look_deleted_in_a_session(lms, scripted, ada, staff, run):
    """Deleting hides the learner's value from the staff member only."""
    run(lms, ada, scripted, ["set", "a", 1])
    assert run(lms, staff, scripted, ["drop", "a"], ["get", "a"], masquerade=ada).json == [0]
    assert run(lms, staff, scripted, ["get", "a"], masquerade=ada).json == [0]
    assert lms.state(ada, scripted) == {"a": 1}


def test_viewing_as_somebody_grades_and_completes_nothing(lms, scripted, ada, staff, run):
    """What is published goes to the log alone, in the learner's name."""
    run(lms, staff, scripted, GRADE, ["publish", "completion", {"completion": 1.0}], masquerade=ada)
    assert (lms.grade(ada, scripted), lms.completion(ada, scripted)) == (None, None)
    assert [(user, name) for user, _usage, name, _data in lms.published] == [(ada.id, "grade"), (ada.id, "completion")]


def test_as_somebody_only_blocks_that_allow_it_are_shown(lms, scripted, ada, staff):
    """The others have a placeholder in their place."""
    for usage, is_shown in ((scripted, False), (lms.add(Seen, "seen"), True)):
        lms.author(usage, script=[["get", "a"]])
        page = lms.render(staff, usage, masquerade=ada)
        assert ("[0]" in page.html, "cannot be shown" in page.html) == (is_shown, not is_shown)


def test_staff_see_every_field_of_a_block_beside_it(lms, scripted, ada, staff):
    """The debug panel prints all scopes; learners have none, nor have staff who view as a learner."""
    lms.author(scripted, script=[["set", "shared", 1234]])
    assert "shared = 1234" in lms.render(staff, scripted).staff_debug
    assert lms.render(ada, scripted).staff_debug == lms.render(staff, scripted, masquerade="learner").staff_debug == ""


@pytest.mark.parametrize("agent", ["edX-downloader/1.0", "Googlebot/2.1"])
def test_what_a_crawler_writes_is_dropped(lms, scripted, ada, run, agent):
    """It reads; its writes vanish without an error, but what it publishes is published."""
    run(lms, ada, scripted, ["set", "a", 1])
    reply = run(lms, ada, scripted, ["add", "a", 1], ["set", "shared", 1], ["get", "a"],
                ["publish", "my.event", {}], user_agent=agent)
    assert (reply.status, reply.json) == (200, [2])
    assert not [where for where in reply.queries if where.startswith("write")]
    assert (lms.state(ada, scripted), lms.info(ada), len(lms.published)) == ({"a": 1}, {}, 1)


def test_a_visitor_reads_defaults_and_nothing_is_asked_of_the_database(lms, scripted):
    """Nobody is signed in: the service says so and no more."""
    lms.author(scripted, script=[["get", "a"], ["get", "shared"]])
    page = lms.render(lms.anonymous, scripted, view="public_view")
    assert (page.status, page.queries, "[0, 0]" in page.html) == (200, (), True)
    of_visitor, met = attributes(lms, scripted, lms.anonymous)
    assert (of_visitor, met) == ({"is_authenticated": False, "request_country_code": None}, None)


def test_a_visitors_state_is_dropped_and_the_rest_ends_in_an_error(lms, scripted):
    """`user_state` returns silently; `user_info` and `preferences` need a learner."""
    for field, status in (("a", 200), ("shared", 500), ("liked", 500), ("counted", 200)):
        lms.author(scripted, script=[["set", field, 1]])
        assert lms.render(lms.anonymous, scripted, view="public_view").status == status


def test_a_visitor_can_only_get(lms, scripted):
    """Anything but GET is refused before the block sees it."""
    assert lms.handle(lms.anonymous, scripted, "do", []).status == 403
    assert lms.handle(lms.anonymous, scripted, "do", method="GET").status == 405


def test_a_visitor_has_no_grade_and_no_completion(lms):
    """Published grades of nobody are dropped."""
    usage = lms.add(Publishing, "publishing", fields={"script": [GRADE]})
    assert lms.render(lms.anonymous, usage).status == 200
    assert [name for _user, _usage, name, _data in lms.published] == ["my.event", "grade"]
    assert lms.completion(lms.anonymous, usage) is None


def test_studios_preview_keeps_fields_in_the_authors_session(lms, scripted, staff, ada):
    """No row is written; the author finds the value again, other authors do not."""
    steps = [["add", "a", 1], ["add", "shared", 1], ["get", "a"]]
    assert [lms.studio_preview(staff, scripted, "do", steps).json for _time in "12"] == [[1], [2]]
    assert lms.studio_preview(ada, scripted, "do", steps).json == [1]
    assert (lms.state(staff, scripted), lms.info(staff)) == (None, {})


def test_studios_preview_publishes_to_nobody(lms, staff):
    """What a block publishes there has no effect at all."""
    usage = lms.add(Publishing, "publishing", fields={"script": [GRADE]})
    assert lms.studio_preview(staff, usage).status == 200
    assert (lms.published, lms.grade(staff, usage)) == ([], None)
    assert [name for _usage, name, _data in lms.site.unheard] == ["my.event", "grade"]


def test_studios_preview_shows_the_view_for_authors(lms, staff):
    """`author_view` where the block has one; an error is shown in the page."""
    usage = lms.add(Seen, "seen", fields={"script": [["get", "b"]]})
    assert "v1-author_view" in lms.studio_preview(staff, usage).html
    lms.author(usage, script=[["raise"]])
    page = lms.studio_preview(staff, usage)
    assert (page.status, "a step of the script says so" in page.html) == (200, True)


def test_studio_knows_no_learner(lms, scripted, staff):
    """In the editor's handlers learners' fields look unset, and writing them is an error."""
    assert lms.studio_handle(staff, scripted, "do", [["get", "a"], ["get", "shared"]]).json == [0, 0]
    assert lms.studio_handle(staff, scripted, "do", [["set", "a", 1]]).status == 500


def test_studio_stores_what_authors_write_and_nobody_else(lms, scripted, staff, ada):
    """A handler of the editor may be called by anybody who is signed in; only authors' changes are stored."""
    for user, script in ((ada, []), (staff, [["get", "a"]])):
        assert lms.studio_handle(user, scripted, "do", [["set", "script", [["get", "a"]]]]).status == 200
        assert BlockRuntime(lms.course).get_block(scripted).script == script


def test_learners_cannot_change_what_authors_wrote(lms, scripted, ada, run):
    """In the LMS authored fields are read-only."""
    assert run(lms, ada, scripted, ["set", "script", [["get", "a"]]]).status == 500


@pytest.mark.parametrize("how, unsaved", [
    ({}, ""), ({"masquerade": "learner"}, ""), ({"masquerade": "ada"}, "masquerade"),
    ({"user_agent": "Googlebot"}, "crawler"),
])
def test_our_platform_services_recognise_the_viewer(lms, ada, staff, how, unsaved):
    """The names of classes and attributes by which our blocks know where they are exist here as on the LMS."""
    how = {name: ada if value == "ada" else value for name, value in how.items()}
    usage = lms.add("adaptive_problem_set", "set1")
    runtime = LmsRuntime(lms.course, lms.site, Visitor(staff, True, **how), {}, [usage])
    assert platform_services.viewer(runtime.get_block(usage)).unsaved == unsaved
