"""Who looks decides what is shown, saved and published: staff, masquerade, preview, due dates, withheld answers."""

import datetime

import pytest
from workbench.models import XBlockState
from workbench.runtime import WorkbenchRuntime
from xblock.fields import DateTime, Scope, String
from xblock.runtime import KeyValueStore, Mixologist

from adaptive_xblocks.demo.player import right_responses
from tests.blocks.conftest import post, problem_set

BROKEN_ITEM = '<item id="bad"><step id="s1" skills="count"><numeric answer="1 +"/></step></item>'


class Inherited:
    """The fields that the LMS mixes into every block."""

    due = DateTime(scope=Scope.settings, default=None)
    show_correctness = String(scope=Scope.settings, default="always")


@pytest.fixture
def inherits(monkeypatch):
    """inherits(due=…, show_correctness=…) gives every block the platform's inherited settings."""
    monkeypatch.setattr(WorkbenchRuntime, "_patch_xblock", lambda self, block: None)
    real = WorkbenchRuntime.__init__

    def with_mixin(self, user_id=None):
        real(self, user_id)
        self.mixologist = Mixologist((Inherited,))

    monkeypatch.setattr(WorkbenchRuntime, "__init__", with_mixin)

    def give(due=None, show_correctness="always"):
        monkeypatch.setattr(Inherited.due, "_default", due)
        monkeypatch.setattr(Inherited.show_correctness, "_default", show_correctness)

    return give


def rows(player):
    """How much is stored for a learner."""
    return {
        (row.scope, row.scope_id): row.state
        for row in XBlockState.objects.filter(user_id=player.student_id) if row.state != "{}"
    }


def view(player, name="student_view"):
    """A view's HTML: the block's own part of the workbench's page, which beside it shows the source."""
    page = player.client.get(f"/scenario/{player.scenario_id}/{name}/?student={player.student_id}").content.decode()
    return page[page.index('<section class="ax'):page.index('<script type="json/xblock-args"')]


@pytest.mark.parametrize("name", ["student_view", "author_view"])
def test_staff_see_what_was_left_out_and_why(play, name):
    """The broken problem, its line and what to do are on the page for staff."""
    player = play(problem_set(extra=BROKEN_ITEM), student="staff")
    page = view(player, name)
    assert "1 problem left out" in page
    assert "bad" in page and "line" in page


def test_learners_do_not_see_what_was_left_out(play):
    """The part for staff is not in a learner's page, and the rest of the bank lives."""
    player = play(problem_set(extra=BROKEN_ITEM))
    page = view(player)
    assert "For course staff" not in page
    assert "apples" in page


def test_nothing_is_saved_when_staff_view_as_a_learner(play, published, monkeypatch):
    """Under "view as a specific learner" the page says so; answers are refused, nothing is stored or published."""
    player = play()
    player.open()
    before = rows(player)

    class MasqueradingKeyValueStore(KeyValueStore):
        """Named as the LMS's store is; passes everything on, as that does for reading."""

        def __init__(self, inner):
            self.inner = inner

        def get(self, key):
            return self.inner.get(key)

        def set(self, key, value):
            self.inner.set(key, value)

        def delete(self, key):
            self.inner.delete(key)

        def has(self, key):
            return self.inner.has(key)

    real = WorkbenchRuntime.__init__

    def masquerading(self, user_id=None):
        real(self, user_id)
        data = self._services["field-data"]
        data._kvs = MasqueradingKeyValueStore(data._kvs)

    monkeypatch.setattr(WorkbenchRuntime, "__init__", masquerading)
    published.clear()
    assert "Your progress is not saved in this view" in view(player)
    reply = post(player, "answer", {"submission": "submission-1", "serving": 1, "step": "s1", "responses": {}})
    assert reply.status_code == 403
    assert rows(player) == before
    assert published == []


def test_nothing_is_saved_in_studios_preview(play, published, monkeypatch):
    """The author can try a problem in the preview; nothing is stored or published, and the page says so."""
    player = play()
    monkeypatch.setattr(WorkbenchRuntime, "is_author_mode", True, raising=False)
    assert "This is a preview" in view(player, "author_view")
    reply = post(player, "answer", {
        "submission": "submission-1", "serving": 1, "step": "s1", "responses": {"answer": "100"}})
    assert "Not yet" in reply.json()["announce"]
    assert rows(player) == {}
    assert published == []


def test_after_the_due_date_answers_are_refused(play, inherits):
    """Past due the page can be read and the answer is refused with the reason."""
    player = play()
    player.open()
    inherits(due=datetime.datetime.now(datetime.UTC) - datetime.timedelta(hours=1))
    assert "past its due date" in view(player)
    for handler in ("answer", "hint", "next", "skip", "rate", "restart"):
        reply = post(player, handler, {"submission": "submission-1", "serving": 1, "step": "s1", "responses": {}})
        assert reply.status_code == 403
        assert "past its due date" in reply.json()["error"]
    assert player.block.evidence_log.pieces == ()


def test_before_the_due_date_answers_are_taken(play, inherits):
    """A due date in the future changes nothing."""
    inherits(due=datetime.datetime.now(datetime.UTC) + datetime.timedelta(hours=1))
    player = play()
    player.open()
    assert player.answer({"answer": "100"})["state"]


@pytest.mark.parametrize("policy", ["never", "past_due", "never_but_include_grade"])
def test_withheld_correctness_shows_nothing_derived_from_it(play, inherits, policy):
    """The order is fixed, one answer ends a step, evidence is kept; no verdict, meter, hint, reason or solution."""
    inherits(show_correctness=policy, due=datetime.datetime.now(datetime.UTC) + datetime.timedelta(hours=1))
    player = play(problem_set(3, 1))
    player.open()
    pages = [view(player)]
    served = []
    while not player.practice.end:
        served.append(player.practice.item)
        step = player.step
        wrong = len(served) % 2
        responses = right_responses(player.variant, step)
        reply = player.answer(dict.fromkeys(responses, "100") if wrong else responses)
        pages.append(reply["html"])
        assert reply["announce"] == "Your answer is recorded."
        if player.practice.done:
            pages.append(player.next()["html"])
    assert list(dict.fromkeys(served)) == ["count-1", "count-2", "count-3", "sum-1"]
    assert player.practice.end == "finished"
    assert len(player.block.evidence_log.pieces) == 5
    pages.append(view(player))
    for page in pages:
        for secret in ("Not yet", "that is right", "ax-skill", "SOLUTION", "HINT-", "Why this problem", "mastered",
                       "data-verdict"):
            assert secret not in page


def test_help_is_not_given_while_correctness_is_withheld(play, inherits):
    """The bottom-out would tell the answer, so there is no help at all."""
    inherits(show_correctness="never")
    player = play()
    player.open()
    assert "HINT-" not in post(player, "hint", {"serving": 1, "step": "s1", "confirm": True}).json()["html"]


def test_staff_see_correctness_all_the_same(play, inherits):
    """Withholding is for learners."""
    inherits(show_correctness="never")
    player = play(student="staff")
    player.open()
    assert "Not yet" in player.answer({"answer": "100"})["announce"]


def test_without_a_user_service_everybody_is_a_learner(play, monkeypatch):
    """On a runtime that does not say who is there, practice works and staff parts stay away."""
    player = play(problem_set(extra=BROKEN_ITEM))
    real = WorkbenchRuntime.service

    def no_user(self, block, name):
        return None if name == "user" else real(self, block, name)

    monkeypatch.setattr(WorkbenchRuntime, "service", no_user)
    player.open()
    assert player.answer({"answer": "100"})["state"]["item"]
    assert "For course staff" not in view(player)


def test_practice_goes_on_adaptively_once_correctness_is_told(play, inherits):
    """A set that was gone through while answers were withheld is no dead end afterwards."""
    inherits(show_correctness="never")
    player = play(problem_set(3, 1))
    player.open()
    while not player.practice.end:
        player.answer(dict.fromkeys(right_responses(player.variant, player.step), "100"))
        if player.practice.done:
            player.next()
    assert player.practice.end == "finished"
    inherits(show_correctness="always")
    player.open()
    assert not player.practice.end
    assert "Not yet" in player.answer({"answer": "100"})["announce"]
