"""“Your learning record” on the platform's storage: who gets it, what it writes, what a reset leaves."""

import json
import uuid

import pytest

from tests.platform.databases import READ_COMMITTED, SQLITE, use_database
from tests.platform.lms import Lms

CONTENT = """<adaptive_problem_set threshold="0.6" min_evidence="1"><skill id="add" name="Adding" prior="0.5"/>
  <item id="a"><variable name="n" values="2..9"/><step id="s" skills="add">
  <prompt>1 + 1</prompt><numeric answer="2"/></step></item></adaptive_problem_set>"""
YES = {"scope": "course", "confirm": True}


def answer(lms, user, usage, response="2"):
    """Answer the problem in hand."""
    serving = lms.handle(user, usage, "state").json["state"]["serving"]
    return lms.handle(user, usage, "answer", {
        "submission": uuid.uuid4().hex, "serving": serving, "step": "s", "responses": {"answer": response}})


def file(lms, user, usage, **how):
    """The reply to the plain link."""
    return lms.handle(user, usage, "record_file", method="GET", **how)


@pytest.fixture(params=[(SQLITE, False), (READ_COMMITTED, True)], ids=["bare", "locked"])
def lms(request):
    """A site with two sets on one skill; Ada has answered both, wrongly; once with the LMS's tables at hand."""
    database, lock = request.param
    with use_database(database):
        site = Lms(lock=lock)
        site.ada, site.teacher = site.user("ada"), site.user("teacher", staff=True)
        site.one, site.two = (site.add("adaptive_problem_set", name, olx=CONTENT) for name in ("one", "two"))
        for usage in (site.one, site.two):
            assert answer(site, site.ada, usage, "3").status == 200
        yield site
    Lms(lock=False)


def test_the_file_holds_both_blocks_pieces(lms):
    """The record's part has the pieces of both blocks, the block's part its own; the course has its name."""
    found = file(lms, lms.ada, lms.one).json
    course = found["courses"][0]
    assert course["course"] == "course-v1:Demo+Adaptive+2026" and len(course["evidence"]) == 2
    assert [row["block"] for row in found["block"]["evidence"]] == [found["block"]["digest"]]
    assert found["block"]["block"] == str(lms.one)


def test_looking_writes_nothing(lms):
    """The panel, the question and the file read what is stored and write no row."""
    for reply in (file(lms, lms.ada, lms.one), lms.handle(lms.ada, lms.one, "record"),
                  lms.handle(lms.ada, lms.one, "record_reset", {"scope": "everywhere"})):
        assert reply.status == 200
        assert not [query for query in reply.queries if query.startswith("write")]


def test_nobody_else_gets_it(lms):
    """Visitors, staff who look as that learner, and crawlers are refused, by the platform or by us."""
    viewers = [(lms.anonymous, {}), (lms.teacher, {"masquerade": lms.ada}), (lms.ada, {"user_agent": "Googlebot/2.1"})]
    before = lms.info(lms.ada), lms.state(lms.ada, lms.one)
    for user, how in viewers:
        assert file(lms, user, lms.one, **how).status == 403
        for handler, body in (("record", {}), ("record_reset", YES)):
            assert lms.handle(user, lms.one, handler, body, **how).status == 403
        assert "data-ax-record" not in lms.render(user, lms.one, **how).html
    assert (lms.info(lms.ada), lms.state(lms.ada, lms.one)) == before


def test_staff_get_their_own(lms):
    """Staff who ask as themselves or as a learner in general get their own record, which is empty here."""
    for how in ({}, {"masquerade": "learner"}):
        assert file(lms, lms.teacher, lms.one, **how).json["courses"][0]["evidence"] == []


def test_studios_preview_has_none(lms):
    """In Studio there is no learner, so there is no panel and no record."""
    assert "data-ax-record" not in lms.studio_preview(lms.teacher, lms.one).html
    assert lms.studio_preview(lms.teacher, lms.one, "record_reset", YES).status == 403


def test_a_reset_reaches_the_other_block_and_keeps_the_grade(lms):
    """Nothing from before counts in either block; the grade that was reached stays, also after the next answer."""
    for _problem in range(4):
        assert answer(lms, lms.ada, lms.one).status == 200
        lms.handle(lms.ada, lms.one, "next")
    reached = lms.grade(lms.ada, lms.one)
    assert reached > 0
    assert lms.handle(lms.ada, lms.one, "record_reset", YES).status == 200
    assert "Nothing yet" in lms.handle(lms.ada, lms.two, "record").json["html"]
    answer(lms, lms.ada, lms.two, "3")
    found = file(lms, lms.ada, lms.two).json["courses"][0]
    assert [row["opportunities"] for row in found["skills"]] == [1]
    answer(lms, lms.ada, lms.one, "3")
    assert lms.grade(lms.ada, lms.one) == reached


def test_other_runs_keep_theirs_unless_all_is_reset(lms):
    """A reset of one run leaves the other alone; one of everything does not."""
    other = lms.rerun("course-v1:Demo+Adaptive+2027")
    there = next(usage for usage in other.course.fields if usage.block_id == "one")
    answer(other, lms.ada, there, "3")
    lms.handle(lms.ada, lms.one, "record_reset", YES)
    assert "1 answer counted" in other.handle(lms.ada, there, "record").json["html"]
    lms.handle(lms.ada, lms.one, "record_reset", {"scope": "everywhere", "confirm": True})
    assert "Nothing yet" in other.handle(lms.ada, there, "record").json["html"]
    assert json.dumps(file(other, lms.ada, there).json).count(str(lms.one)) == 0


def test_learners_do_not_see_each_other(lms):
    """Another learner's file and reset have nothing of Ada's."""
    ben = lms.user("ben")
    before = lms.info(lms.ada), lms.state(lms.ada, lms.one)
    assert file(lms, ben, lms.one).json["courses"][0]["evidence"] == []
    lms.handle(ben, lms.one, "record_reset", {"scope": "everywhere", "confirm": True})
    assert (lms.info(lms.ada), lms.state(lms.ada, lms.one)) == before
