"""The platform's known traps, one test for each that concerns our blocks: they stand in it and do not fall.

| trap | why there is no test here |
|---|---|
| 5: in a child's handler parent and siblings look empty | our blocks have no children and read no other block's state |
| 9: a parent that changes a child has to save it | the same |
| 10: a scored container with scored children counts twice | the same |
| 20: legacy hooks, package data missing from the wheel | none is used; `tests/test_packaging.py` installs the wheel |

One more, which no list had: a grade that must not fall meets a row that has none yet.
"""

import re
from importlib.resources import files
from pathlib import Path

import pytest
from django.db import transaction

from adaptive_xblocks.evidence import digest32
from adaptive_xblocks.learner_session import RECORD
from tests.platform.databases import in_threads
from tests.platform.interleaving import Between, Death, Died, Meeting
from tests.platform.learner import Learner
from tests.platform.modulestore import BlockRuntime
from tests.platform.visits import LmsRuntime, Visitor


def test_trap_01_a_copy_of_a_course_starts_with_nothing_known(ada):
    """`user_info` is carried over; what was known in the old course does not count in the new one."""
    ada.work(3)
    old, other = ada.known, ada.lms.rerun("course-v1:Demo+Adaptive+2027")
    again = Learner(other, ada.user, ada.usage.map_into_course(other.course.key))
    again.open()
    request = again.request()
    again.send("answer", **request)
    assert again.known == again.told(request)
    assert ada.known == old != set()


def test_trap_02_an_answer_that_another_tab_overwrote_comes_back(problem_set):
    """Two tabs of one block answer at once and one overwrites the other's log and record; its receipt mends both."""
    first, second = problem_set, Learner(problem_set.lms, problem_set.user, problem_set.usage)
    first.open()
    requests = first.request(is_right=False), second.request(is_right=False)
    first.lms.point = Between("read user_state", lambda: second.send("answer", **requests[1]), nth=2)
    assert first.send("answer", **requests[0]).status == 200
    assert len(first.log.pieces) == 1
    second.send("state")
    assert {piece.submission for piece in first.log.pieces} == {digest32(one["submission"]) for one in requests}
    assert first.known == first.told(*requests)


def test_trap_02_a_record_that_another_block_overwrote_heals(two_sets):
    """Two blocks save the shared record at once and one update is lost; the block's next use brings it back."""
    lms = two_sets[0].lms
    for learner in two_sets:
        learner.work(1)
    before = two_sets[0].known
    requests = [learner.request() for learner in two_sets]
    lms.point = Meeting("write user_info")
    replies = in_threads(*[lambda n=n: two_sets[n].send("answer", **requests[n]) for n in (0, 1)])
    assert [reply.status for reply in replies] == [200, 200]
    everything = before | two_sets[0].told(requests[0]) | two_sets[1].told(requests[1])
    assert len(two_sets[0].known) == len(everything) - 1
    for learner in two_sets:
        learner.send("state")
    assert two_sets[0].known == everything


def test_trap_03_two_first_saves_of_the_record_are_no_error(two_sets):
    """Both inserts meet; the learner sees two good replies, and the record has both answers after the next use."""
    lms, requests = two_sets[0].lms, [learner.request() for learner in two_sets]
    lms.point = Meeting("write user_info")
    replies = in_threads(*[lambda n=n: two_sets[n].send("answer", **requests[n]) for n in (0, 1)])
    assert [reply.status for reply in replies] == [200, 200]
    for learner in two_sets:
        learner.send("state")
    assert two_sets[0].known == two_sets[0].told(requests[0]) | two_sets[1].told(requests[1])


def test_trap_04_a_state_that_was_dropped_is_no_dead_end(on_mariadb, mariadb):
    """The very first save is dropped with status 200; the learner answers what is on the page or is told the place."""
    lms = on_mariadb
    ada, usage = lms.user("ada"), lms.add("adaptive_problem_set", "set1")
    dropped, other = Learner(lms, ada, usage), Learner(lms, ada, usage)
    lms.point = Between("write user_state", other.open)

    def request():
        with transaction.atomic(mariadb):
            return dropped.send("state")

    [reply] = in_threads(request)
    assert reply.status == 200
    assert dropped.answer().status == 200
    assert len(dropped.log.pieces) == 1


def test_trap_04_a_resend_counts_nothing_twice(problem_set):
    """The same submission again gets the first result and its receipt, and adds nothing."""
    problem_set.open()
    request = problem_set.request()
    first, again = (problem_set.send("answer", **request) for _time in "12")
    assert [one["id"] for one in again.json["receipts"]] == [request["submission"]]
    assert first.json["state"] == again.json["state"]
    assert len(problem_set.log.pieces) == 1


def test_trap_06_the_answer_is_stored_before_its_grade(problem_set):
    """A grade never stands without the evidence behind it: the block saves first, then publishes."""
    problem_set.open()
    request = problem_set.request()
    problem_set.lms.point = Between("write grade", lambda: problem_set.log.pieces)
    problem_set.send("answer", **request)
    assert [piece.submission for piece in problem_set.lms.point.result] == [digest32(request["submission"])]


@pytest.mark.parametrize("where", ["write user_state", "write user_info", "write grade", "end handler"])
def test_trap_07_a_request_that_dies_between_its_writes_is_mended_by_a_resend(problem_set, where):
    """There is no transaction; wherever the server stops, sending the same again leaves one answer in both places."""
    problem_set.open()
    request = problem_set.request()
    problem_set.lms.point = Death(where)
    with pytest.raises(Died):
        problem_set.send("answer", **request)
    problem_set.lms.point = None
    assert problem_set.send("answer", **request).status == 200
    assert [piece.submission for piece in problem_set.log.pieces] == [digest32(request["submission"])]
    assert problem_set.known == problem_set.told(request)


def test_trap_08_a_save_in_mid_request_does_not_hide_what_was_there(lms):
    """A view that saves the learner's place still has the evidence: the debug panel shows it after the save."""
    staff = Learner(lms, lms.user("staff", staff=True), lms.add("adaptive_problem_set", "set1"))
    staff.open()
    staff.work(2)
    content = BlockRuntime(lms.course).get_block(staff.usage).content
    lms.author(staff.usage, content=content.replace(f'<item id="{staff.practice.item}"', '<item id="another"', 1))
    page = staff.open()
    assert "write user_state" in page.queries
    assert "evidence_log = evidence log, epoch 1, 2 pieces" in page.staff_debug


def test_trap_11_the_most_points_are_known_without_a_learner(lms):
    """The grade book asks a block that is bound to nobody; nothing is read for it."""
    block = BlockRuntime(lms.course).get_block(lms.add("adaptive_problem_set", "set1"))
    assert (block.max_score(), block.has_score, block.scope_ids.user_id) == (1.0, True, None)
    assert not hasattr(block, "student_view_data")


def test_trap_12_a_set_completes_at_its_end(ada):
    """Completion is the block's own and reaches 1 however many items the learner was given."""
    for _step in range(200):
        if ada.practice.end:
            break
        ada.work(1)
        if ada.practice.done:
            ada.go_on()
    assert ada.practice.end == "mastered"
    assert (ada.lms.completion(ada.user, ada.usage), ada.lms.grade(ada.user, ada.usage)) == (1.0, 1.0)


def test_trap_13_a_deleted_state_is_gone_from_the_record_at_the_next_visit(two_sets):
    """The grade book is told; the other block's evidence stays, the deleted block's does not come back."""
    first, second = two_sets
    requests = [learner.request() for learner in two_sets]
    for learner, request in zip(two_sets, requests, strict=True):
        learner.send("answer", **request)
        learner.send("state")
    assert first.lms.delete_state(first.user, first.usage)
    assert [signal["score_deleted"] for signal in first.lms.site.score_signals] == [True]
    first.send("state")
    second.send("state")
    assert first.known == second.told(requests[1])
    assert len(first.log.pieces) == 0


def test_trap_13_resetting_attempts_leaves_the_set_as_it_was(ada):
    """The button is made for other problems: it adds their fields to our row, which changes nothing."""
    ada.work(2)
    before = ada.send("state").json["state"], len(ada.log.pieces)
    assert ada.lms.reset_attempts(ada.user, ada.usage)
    ada.open()
    assert (ada.send("state").json["state"], len(ada.log.pieces)) == before


@pytest.mark.parametrize("how", ["preview", "specific learner", "crawler", "visitor"])
def test_trap_14_who_only_looks_leaves_no_trace(ada, how):
    """Nothing is written or published; where somebody reads the page, it says so."""
    lms, usage = ada.lms, ada.usage
    ada.work(1)
    staff = lms.user("staff", staff=True)
    request = ada.request()
    before = lms.state(ada.user, usage), lms.info(ada.user), len(lms.published)
    if how == "preview":
        page, reply = lms.studio_preview(staff, usage), lms.studio_preview(staff, usage, "answer", request)
        says = "This is a preview"
    elif how == "specific learner":
        page = lms.render(staff, usage, masquerade=ada.user)
        reply = lms.handle(staff, usage, "answer", request, masquerade=ada.user)
        says = "Your progress is not saved in this view"
    elif how == "crawler":
        page = lms.render(ada.user, usage, user_agent="Googlebot/2.1")
        reply = lms.handle(ada.user, usage, "answer", request, user_agent="Googlebot/2.1")
        says = ""
    else:
        page, reply = lms.render(lms.anonymous, usage, view="public_view"), lms.handle(
            lms.anonymous, usage, "answer", request)
        says = "Sign in to answer"
    assert (page.status, says in page.html) == (200, True)
    assert reply.status in (200, 403)
    assert not [where for where in (*page.queries, *reply.queries) if where.startswith("write")]
    assert (lms.state(ada.user, usage), lms.info(ada.user), len(lms.published)) == before
    assert (lms.state(staff, usage), lms.info(staff), lms.site.unheard) == (None, {}, [])


def test_trap_14_staff_who_view_as_a_learner_keep_their_own_progress(lms):
    """The platform stores what they do in their own rows; so do we, as anybody's."""
    staff = Learner(lms, lms.user("staff", staff=True), lms.add("adaptive_problem_set", "set1"), masquerade="learner")
    assert "For course staff" not in staff.open().html
    staff.work(1)
    assert len(staff.log.pieces) == 1


def test_trap_15_only_scripts_styles_and_pictures_are_published(lms):
    """What the site collects as static files of our package holds no template, scenario or answer."""
    block = BlockRuntime(lms.course).get_block(lms.add("adaptive_problem_set", "set1"))
    folder = Path(str(files("adaptive_xblocks"))) / block.resources_dir
    kinds = {path.suffix for path in folder.rglob("*") if path.is_file()}
    assert {".css", ".js"} <= kinds <= {".css", ".js", ".svg", ".png", ".woff2"}


def test_trap_16_learners_pages_use_nothing_that_only_studio_has(ada):
    """Neither `notify` nor `refreshXBlock` is in a script of the learner's page."""
    block = LmsRuntime(ada.lms.course, ada.lms.site, Visitor(ada.user), {}, [ada.usage]).get_block(ada.usage)
    scripts = [one.data for one in block.student_view().resources if one.mimetype == "application/javascript"]
    assert scripts
    for address in scripts:
        path = Path(str(files("adaptive_xblocks"))) / "static" / address.split("/adaptive_xblocks/")[1]
        assert not re.search(r"\bnotify\(|refreshXBlock", path.read_text(encoding="utf-8")), address


def test_trap_16_two_sets_on_a_page_keep_their_ids_apart(two_sets):
    """No id is there twice."""
    page = two_sets[0].lms.render(two_sets[0].user, *(learner.usage for learner in two_sets))
    ids = re.findall(r'\sid="([^"]+)"', page.html)
    assert len(ids) == len(set(ids)) > 0


def test_trap_17_only_authors_can_change_the_content(lms):
    """Every handler can be called by everybody who is signed in; this one asks who that is, in both places."""
    usage, ada, staff = lms.add("adaptive_problem_set", "set1"), lms.user("ada"), lms.user("staff", staff=True)
    before = BlockRuntime(lms.course).get_block(usage).content
    change = {"content": '<adaptive_problem_set schema="1"/>', "settings": {}}
    assert lms.handle(ada, usage, "save_source", change).status == 403
    assert lms.studio_handle(ada, usage, "save_source", change).status == 403
    assert BlockRuntime(lms.course).get_block(usage).content == before
    reply = lms.studio_handle(staff, usage, "save_source", {"content": before + "<!-- seen -->", "settings": {}})
    assert (reply.status, reply.json["live"]) == (200, True)
    assert BlockRuntime(lms.course).get_block(usage).content.endswith("<!-- seen -->")


def test_trap_18_the_debug_panel_shows_sizes_and_no_life(lms):
    """Staff tools dump every field, over all courses: ours print as a size."""
    staff = Learner(lms, lms.user("staff", staff=True), lms.add("adaptive_problem_set", "set1"))
    staff.open()
    staff.work(2)
    debug = staff.open().staff_debug
    assert re.search(rf"^{RECORD} = learner record, \d+ KB$", debug, re.MULTILINE)
    assert re.search(r"^evidence_log = evidence log, epoch 1, 2 pieces$", debug, re.MULTILINE)


def test_trap_19_only_translation_is_needed(ada):
    """With every optional service gone the page is there, and Studio's editor with its few services too."""
    runtime = LmsRuntime(ada.lms.course, ada.lms.site, Visitor(ada.user), {}, [ada.usage])
    runtime._services = {"i18n": runtime._services["i18n"]}
    runtime.publish = lambda block, name, data: None
    html = runtime.render(runtime.get_block(ada.usage), "student_view", {}).content
    assert "data-ax-root" in html
    assert ada.lms.studio_view(ada.lms.user("staff", staff=True), ada.usage).status == 200


def test_trap_21_the_first_grade_of_a_learner_is_stored(problem_set):
    """The page has made a row with a state and without a grade; the first answer's grade reaches it all the same."""
    problem_set.open()
    assert problem_set.lms.grade(problem_set.user, problem_set.usage) is None
    assert problem_set.answer().status == 200
    assert problem_set.lms.grade(problem_set.user, problem_set.usage) is not None


def test_trap_21_a_grade_never_falls(ada):
    """Wrong answers after right ones leave the grade where it was."""
    ada.work(3)
    best = ada.lms.grade(ada.user, ada.usage)
    for _step in range(3):
        ada.answer(is_right=False)
        ada.work(1)
        assert ada.lms.grade(ada.user, ada.usage) >= best
    assert best > 0
