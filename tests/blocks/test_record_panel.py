"""“Your learning record”: what learners see of it, how they start over, and who may."""

import json
import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from workbench.runtime import WorkbenchRuntime

from adaptive_xblocks import events
from adaptive_xblocks.demo.player import right_responses
from adaptive_xblocks.mastery import SkillState
from adaptive_xblocks.platform_services import Viewer
from adaptive_xblocks.tutoring import progress
from adaptive_xblocks.tutoring.bank import Bank
from adaptive_xblocks.tutoring.history import History
from adaptive_xblocks.tutoring.parser import load
from tests.blocks.conftest import post, problem_set
from tests.blocks.records import fetch, practised, seen

RESET = f"{events.PREFIX}.record.reset"


@pytest.fixture
def looks_as(monkeypatch):
    """looks_as(reason): from now on nothing may be stored for whoever looks."""
    def look(unsaved):
        monkeypatch.setattr("adaptive_xblocks.platform_services.viewer", lambda block: Viewer(unsaved=unsaved))

    return look


# What is seen

def test_the_page_carries_the_closed_panel(play):
    """It is at the foot of the block, outside the part that is swapped; nothing of the learner is in it yet."""
    player = play()
    player.open()
    page = player.client.get(f"/learn/{player.scenario_id}/", {"student": player.student_id}).content.decode()
    part, _net, foot = page.partition("data-ax-net ")
    assert "ax-record" not in part and "ax-record" not in player.send("state")["html"]
    panel = foot[foot.index("<details"):foot.index("</details>")]
    assert "Your learning record" in panel and " open" not in panel.partition(">")[0]
    assert "answers counted" not in panel and "Start over" not in panel
    assert f'href="/handler/{player.usage_id}/record_file' in panel


@pytest.mark.parametrize("unsaved", ["anonymous", "masquerade", "preview", "crawler"])
def test_nobody_else_gets_a_panel(play, looks_as, unsaved):
    """Visitors, staff who look as a learner, Studio's preview and crawlers see no panel."""
    player = play()
    looks_as(unsaved)
    page = player.client.get(f"/learn/{player.scenario_id}/", {"student": player.student_id}).content.decode()
    assert "apples" in page and "data-ax-record" not in page


def test_the_panel_tells_skills_in_words(play):
    """Each skill with evidence: its name, how it stands in the words of the page, how many answers count."""
    player = practised(play)
    html = seen(player)
    n = len(player.block.evidence_log.pieces)
    assert re.search(rf"Counting.*<b>.*</b>.*{n} answers counted", html)
    assert "Adding up" not in html
    assert "%" not in html and not re.search(r"0\.\d", html)


def test_one_answer_is_counted_as_one(play):
    """The count agrees with its noun."""
    player = play()
    player.open()
    player.answer(right_responses(player.variant, player.step))
    assert "1 answer counted" in seen(player)


def test_a_newcomer_is_told_that_there_is_nothing(play):
    """Before the first answer the panel says so."""
    assert "Nothing yet. It begins with your first answer." in seen(play())


@pytest.mark.parametrize("p_known, mastered", [(0.05, False), (0.5, False), (0.9, False), (0.97, True), (0.6, True)])
def test_the_words_are_those_of_the_page(play, p_known, mastered):
    """A skill's words in the panel are those above the problem."""
    block = play().block
    bank = Bank.of(load(problem_set()))
    state = SkillState(p_known, opportunities=3, successes=1, mastered=mastered)
    view = progress.skill_view(bank, "count", {"count": state}, History())
    row = {"skill": "count", "p_known": p_known, "opportunities": 3, "successes": 1, "mastered": mastered}
    assert block._in_words(row) == {"state": view.state, "words": block.translate(view.words)}


def test_a_dip_is_said_as_on_the_page(play):
    """Where the page shows “Worth another look” because the meter never goes back, so does the panel."""
    player = practised(play)
    block = player.block
    block.practice = block.practice.__class__(**{**vars(block.practice), "meters": {"count": 9}})
    row = {"skill": "count", "p_known": 0.3, "opportunities": 3, "successes": 1, "mastered": False}
    assert block._in_words(row)["words"] == "Worth another look"


def test_a_skill_of_another_block_is_told_by_its_id(play, monkeypatch):
    """What this block's document does not name is told by its id, after what it names."""
    monkeypatch.setattr("adaptive_xblocks.platform_services.course_key", lambda block: "one-course")
    practised(play)
    other = play('<adaptive_problem_set><skill id="own" name="Own skill"/><item id="a"><step id="s" skills="own">'
                 '<prompt>?</prompt><numeric answer="4711"/></step></item></adaptive_problem_set>')
    other.open()
    other.answer({"answer": "4711"})
    html = seen(other)
    assert html.index("Own skill") < html.index(">count<")


def test_what_the_document_says_is_escaped(play):
    """A skill's name is text, not HTML."""
    player = play(problem_set().replace('name="Counting"', 'name="&lt;b onclick=x&gt;Counting"'))
    player.open()
    player.answer({"answer": "100"})
    assert "<b onclick" not in seen(player) and "&lt;b onclick=x&gt;Counting" in seen(player)


# Starting over

@pytest.mark.parametrize("scope, question", [
    ("course", "Start over in this course?"), ("everywhere", "Start over in all your courses on this site?")])
@pytest.mark.parametrize("confirm", [None, False, "true", 1])
def test_a_reset_asks_first(play, scope, question, confirm):
    """Without a plain yes it asks, says what follows, and does nothing."""
    player = practised(play)
    reply = player.send("record_reset", scope=scope, confirm=confirm)
    assert question in reply["html"]
    assert "The grade that you have reached stays" in reply["html"] and "cannot be undone" in reply["html"]
    assert f'id="{reply["focus"]}"' in reply["html"]
    assert len(player.block.evidence_log.pieces) == 2


@pytest.mark.parametrize("scope", ["course", "everywhere"])
def test_a_confirmed_reset_begins_anew(play, published, scope):
    """Evidence, mastery and place are gone, the page starts at the first problem, and the reset is published once."""
    player = practised(play)
    published.clear()
    reply = player.send("record_reset", scope=scope, confirm=True)
    assert "Nothing yet" in reply["html"] and reply["announce"] in reply["html"]
    assert (RESET, {"schema_version": 1, "scope": scope}) in published and len(published) == 1
    assert player.block.evidence_log.pieces == () and player.practice.n_done == 0
    state = player.send("state")
    assert "0 of 2 skills mastered" in state["html"] and state["state"]["n_done"] == 0
    file = fetch(player).json()
    assert file["courses"][0]["skills"] == [] and file["block"]["evidence"] == []
    assert (file["reset_everywhere_at"] is None) == (scope == "course")


def test_practice_goes_on_after_a_reset(play):
    """The next answer counts from the beginning."""
    player = practised(play)
    player.send("record_reset", scope="course", confirm=True)
    player.open()
    player.answer(right_responses(player.variant, player.step))
    assert "1 answer counted" in seen(player)


def test_a_reset_reaches_other_courses_only_when_asked(play):
    """A reset of one course leaves the other alone; one of all does not."""
    here, there = practised(play), practised(play)
    here.send("record_reset", scope="course", confirm=True)
    assert "answers counted" in seen(there)
    here.send("record_reset", scope="everywhere", confirm=True)
    assert "Nothing yet" in seen(there)


def test_a_reset_reaches_the_courses_other_blocks(play, monkeypatch):
    """Evidence of another block of the course counts no more, before that block is opened and after."""
    monkeypatch.setattr("adaptive_xblocks.platform_services.course_key", lambda block: "one-course")
    one, other = practised(play), practised(play)
    one.send("record_reset", scope="course", confirm=True)
    assert "Nothing yet" in seen(one) and "Nothing yet" in seen(other)
    other.open()
    assert "Nothing yet" in seen(one)
    assert other.block.evidence_log.pieces == ()


# Who may, and with what

@pytest.mark.parametrize("unsaved", ["anonymous", "masquerade", "preview", "crawler"])
def test_nobody_else_can_see_take_or_reset(play, looks_as, unsaved):
    """Anybody but the learner on their own page is refused with a sentence, and nothing changes."""
    player = practised(play)
    looks_as(unsaved)
    replies = [fetch(player), post(player, "record", {}),
               post(player, "record_reset", {"scope": "course", "confirm": True})]
    assert [reply.status_code for reply in replies] == [403, 403, 403]
    assert {reply.json()["error"] for reply in replies} == {
        "A learning record is shown to the learner whose it is, signed in and on their own page."}
    assert "Content-Disposition" not in replies[0]
    assert len(player.block.evidence_log.pieces) == 2


def test_visitors_are_refused_by_the_user_service(play):
    """The same with the demo's real visitor."""
    player = play(student="anonymous")
    assert fetch(player).status_code == post(player, "record", {}).status_code == 403


@pytest.mark.parametrize("body", [{}, *({"scope": scope} for scope in (None, 7, "", "all", [], {}, "COURSE"))])
def test_a_reset_of_what_there_is_not_is_refused(play, body):
    """Only `course` and `everywhere` can be reset, and which one has to be said."""
    player = practised(play)
    reply = post(player, "record_reset", {**body, "confirm": True})
    assert reply.status_code == 400
    assert len(player.block.evidence_log.pieces) == 2


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=9) | st.sampled_from(["course", "everywhere"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3), max_leaves=6)


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(st.sampled_from(["record", "record_reset"]),
       st.dictionaries(st.sampled_from(["scope", "confirm", "receipts", "x"]), values))
def test_no_request_ends_in_a_server_error(play, handler, body):
    """Whatever JSON object comes, the answer is a page part or a sentence."""
    reply = post(play(), handler, body)
    assert reply.status_code in (200, 400)
    assert ("html" in reply.json()) == (reply.status_code == 200)


@pytest.mark.parametrize("stored", ['"x"', "[]", '{"courses": 7}', '{"courses": {"a": {"pieces": 1}}}', "7"])
def test_damaged_storage_is_shown_as_what_is_left(play, stored):
    """Whatever stands in the shared fields, panel and file come."""
    from workbench.models import XBlockState

    player = practised(play)
    row = XBlockState.objects.get(scope="all", user_id=player.student_id)
    state = json.loads(row.state)
    row.state = json.dumps({name: json.loads(stored) for name in state})
    row.save()
    assert "answers counted" in seen(player)
    assert len(fetch(player).json()["block"]["evidence"]) == 2


def test_withheld_correctness_is_not_told(play, monkeypatch):
    """While the course does not tell what was right, the panel counts answers and says no more."""
    monkeypatch.setattr("adaptive_xblocks.platform_services.correctness_available", lambda block, staff, now: staff)
    player = play()
    player.open()
    player.answer({"answer": "100"})
    html = seen(player)
    assert "1 answer counted" in html and "does not tell yet what was right" in html
    assert "Started" not in html and "<b>" not in html


def test_the_panel_speaks_the_learners_language(play, monkeypatch):
    """Sentences of the panel go through the block's translations."""
    player = practised(play)
    real = WorkbenchRuntime.service

    class Shouting:
        """A language of capitals."""

        def gettext(self, text):
            return text.upper()

        def ngettext(self, one, many, n):
            return (one if n == 1 else many).replace("answers counted", "ANSWERS COUNTED")

    monkeypatch.setattr(
        WorkbenchRuntime, "service",
        lambda self, block, name: Shouting() if name == "i18n" else real(self, block, name))
    html = seen(player)
    assert "WHAT IS KEPT, AND WHO CAN SEE IT" in html and "START OVER" in html and "2 ANSWERS COUNTED" in html
