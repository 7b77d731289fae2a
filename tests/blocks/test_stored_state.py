"""State of any age and in any condition still loads; what an instructor, an author or a race does is survived."""

import json
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from workbench.models import XBlockState
from xblock.exceptions import XBlockSaveError

from adaptive_xblocks.demo.player import right_responses
from adaptive_xblocks.problem_set_run import Run
from adaptive_xblocks.tutoring.practice import Practice
from tests.blocks.conftest import post, problem_set


def rewrite(player, **fields):
    """Put raw JSON into a learner's stored fields, as an older version or a half-done write would have left it."""
    for row in XBlockState.objects.filter(user_id=player.student_id):
        state = json.loads(row.state)
        for name, value in fields.items():
            if name in state:
                state[name] = value
        row.state = json.dumps(state)
        row.save()


def delete_state(player):
    """What an instructor's "delete state" does: the block's own row goes, the shared record stays."""
    XBlockState.objects.filter(user_id=player.student_id, scope="usage").delete()


def p_known(player, skill="count"):
    """Mastery of a skill as the block folds it now."""
    state = Run(player.block).session.states.get(skill)
    return state and state.p_known


@pytest.fixture
def practised(play):
    """A learner in the middle of a problem, with evidence."""
    player = play()
    player.open()
    player.finish_item()
    player.next()
    player.answer({"answer": "100"})
    return player


BROKEN = [None, 7, "text", [], {}, {"schema": 99}, {"epoch": "x"}, {"epoch": 1, "pieces": "AAAA"}, [[1]]]


@pytest.mark.parametrize("value", BROKEN)
@pytest.mark.parametrize("name", ["evidence_log", "adaptive_xblocks_record", "practice"])
def test_a_broken_field_is_survived_and_healed(practised, name, value):
    """Whatever one field holds, the learner goes on, and no evidence is lost: the other field refills it."""
    player = practised
    pieces, before = player.block.evidence_log.pieces, p_known(player)
    rewrite(player, **{name: value})
    player.open()
    if name != "practice":
        assert player.block.evidence_log.pieces == pieces
    player.finish_item()
    player.next()
    assert p_known(player) is not None and before is not None
    assert len(player.block.evidence_log.pieces) >= len(pieces)


def test_a_half_written_practice_starts_the_problem_anew(practised):
    """Without its item a place in the set is no place: the learner gets a problem, and evidence is untouched."""
    player = practised
    pieces = player.block.evidence_log.pieces
    rewrite(player, practice={"schema": 1, "item": "count-1", "steps": {"s1": {"done": "yes"}}})
    player.open()
    assert player.practice.item
    assert player.block.evidence_log.pieces == pieces


def test_state_of_an_older_schema_loads(practised):
    """Parts that an older version did not store take their defaults."""
    player = practised
    stored = player.block.practice.to_json()
    rewrite(player, practice={key: stored[key] for key in ("serving", "item", "item_version", "seed")})
    player.open()
    assert (player.practice.item, player.practice.serving) == (stored["item"], stored["serving"])


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(
        st.sampled_from(["item", "steps", "s1", "served", "choice", "shown", "credit", "serving", "end"]), inner),
    max_leaves=10,
)


@settings(max_examples=300, suppress_health_check=[HealthCheck.too_slow])
@given(json_values)
def test_reading_a_practice_never_raises(stored):
    """Any JSON reads as a practice that stores and reads back the same."""
    practice = Practice.from_json(stored)
    assert Practice.from_json(practice.to_json()) == practice


def test_deleted_state_starts_anew(practised):
    """After an instructor's delete the block's old evidence stops counting, also in the shared record."""
    player = practised
    player.open()  # a later request has read the state back: its epoch is confirmed
    delete_state(player)
    player.open()
    assert player.block.evidence_log.epoch == 2
    assert p_known(player) is None
    player.answer(right_responses(player.variant, player.step))
    assert len(Run(player.block).session.course.pieces) == 1


def test_a_lost_first_save_is_healed(play):
    """Evidence of a first answer whose state was never stored comes back from the record."""
    player = play()
    player.open()
    player.answer(right_responses(player.variant, player.step))
    pieces = player.block.evidence_log.pieces
    delete_state(player)
    player.open()
    assert (player.block.evidence_log.epoch, player.block.evidence_log.pieces) == (1, pieces)


def test_a_record_that_cannot_be_saved_does_not_stop_the_answer(practised, monkeypatch, caplog):
    """The race that the platform answers with an error is logged, and the next request heals the record."""
    player = practised
    player.finish_item()
    player.next()
    save, n_saves = type(player.block).save, []

    def failing(self):
        n_saves.append(1)
        if len(n_saves) == 2:
            raise XBlockSaveError([], [self.fields["adaptive_xblocks_record"]])
        return save(self)

    monkeypatch.setattr(type(player.block), "save", failing)
    reply = player.answer(right_responses(player.variant, player.step))
    assert reply["state"]["done"]
    assert "shared record was not saved" in caplog.text
    monkeypatch.undo()
    block = player.block
    assert set(block.evidence_log.pieces) > block.adaptive_xblocks_record.course(Run(block).session.course_key).pieces
    player.next()
    block = player.block
    assert block.adaptive_xblocks_record.course(Run(block).session.course_key).pieces == set(block.evidence_log.pieces)


def test_a_problem_that_its_author_changed_is_served_anew(practised):
    """The learner gets a fresh copy of what is there now; evidence stays as it was collected."""
    player = practised
    block = player.block
    pieces = block.evidence_log.pieces
    block.content = problem_set().replace("How many apples?", "How many red apples?")
    block.save()
    player.open()
    assert player.block.evidence_log.pieces == pieces
    assert player.practice.step("s1").attempts == 0
    player.finish_item()


def test_a_problem_that_its_author_removed_is_gone(practised):
    """Without the item in hand another one is served."""
    player = practised
    block = player.block
    block.content = problem_set(n_count=0)
    block.save()
    player.open()
    assert player.practice.item.startswith("sum-")


def test_content_without_any_problem_is_an_end_of_its_own(practised):
    """An emptied set says so, and goes on when problems are there again."""
    player = practised
    block = player.block
    content = block.content
    block.content = problem_set(0, 0)
    block.save()
    assert "Nothing to practise here yet" in player.send("state")["html"]
    block = player.block
    block.content = content
    block.save()
    player.open()
    assert player.practice.item


def test_resetting_the_record_takes_effect_in_the_block(practised):
    """A floor in the record ends the evidence before it, and the block starts a new epoch."""
    player = practised
    block = player.block
    key = Run(block).session.course_key
    record = block.adaptive_xblocks_record
    course = replace(record.course(key), floor=block.now() + 1000)
    block.adaptive_xblocks_record = record.with_course(key, course)
    block.save()
    player.open()
    assert player.block.evidence_log.epoch == 2
    assert player.block.evidence_log.pieces == ()


def test_two_tabs_answering_the_same_step_count_once(play):
    """Both tabs' answers arrive, one is overwritten and its receipt offered: one opportunity, the earlier answer."""
    player = play()
    player.open()
    block = player.block
    before = block.evidence_log, block.practice, block.adaptive_xblocks_record
    first = player.answer({"answer": "100"})["receipts"][0]["token"]
    block = player.block
    block.evidence_log, block.practice, block.adaptive_xblocks_record = before
    block.save()
    player.answer(right_responses(player.variant, player.step))
    player.send("state", receipts=[first])
    states = Run(player.block).session.states
    assert len(player.block.evidence_log.pieces) == 2
    assert states["count"].opportunities == 1
    assert states["count"].recent == (0.0,)


def test_prerequisites_opened_stay_open(practised):
    """A gate that has opened does not close when the author adds a requirement."""
    player = practised
    while "sum" not in player.practice.opened:
        player.finish_item()
        player.next()
    block = player.block
    block.content = problem_set().replace(
        '<skill id="sum"', '<skill id="new" name="New"/><skill id="sum"').replace(
        'requires="count"', 'requires="count new"')
    block.save()
    player.open()
    assert "sum" in player.practice.opened


def test_a_view_that_fails_leaves_the_unit_alive(play, monkeypatch):
    """Whatever goes wrong, the learner reads a sentence instead of an error page, and the fault is logged."""
    player = play()
    player.open()

    def fail(*_args):
        raise RuntimeError("planted")

    monkeypatch.setattr("adaptive_xblocks.problem_set.page_context", fail)
    page = player.client.get(f"/scenario/{player.scenario_id}/?student={player.student_id}")
    assert page.status_code == 200
    assert "cannot be shown right now" in page.content.decode()


def test_a_state_that_cannot_be_saved_is_tried_again(practised, monkeypatch):
    """A row that an instructor deletes while it is being saved is inserted anew."""
    save, n_saves = type(practised.block).save, []

    def failing(self):
        n_saves.append(1)
        if len(n_saves) == 1:
            raise XBlockSaveError([], [self.fields["practice"]])
        return save(self)

    monkeypatch.setattr(type(practised.block), "save", failing)
    practised.answer(right_responses(practised.variant, practised.step))
    assert len(practised.block.evidence_log.pieces) == 2


def test_a_site_that_cannot_save_says_so(practised, monkeypatch):
    """Without a working database the answer is not acknowledged, and the page keeps what was typed and tries again."""
    def failing(self):
        if self._dirty_fields:
            raise XBlockSaveError([], [self.fields["practice"]])

    body = {"submission": "not-saved-0001", "serving": practised.practice.serving, "step": "s1",
            "responses": right_responses(practised.variant, practised.step)}
    with monkeypatch.context() as broken:
        broken.setattr(type(practised.block), "save", failing)
        reply = post(practised, "answer", body)
    assert reply.status_code == 503 and "could not be saved" in reply.json()["error"]
    assert practised.send("answer", **body)["state"]["done"]


def test_a_grade_that_could_not_be_published_is_with_the_resend(practised, monkeypatch, published):
    """Where the grade book raises, the answer is stored, the page sends it again, and the grade goes out then."""
    from workbench.runtime import WorkbenchRuntime

    def failing(self, block, name, data):
        raise RuntimeError("no grade book")

    body = {"submission": "no-grade-0001", "serving": practised.practice.serving, "step": "s1",
            "responses": right_responses(practised.variant, practised.step)}
    with monkeypatch.context() as broken:
        broken.setattr(WorkbenchRuntime, "publish", failing)
        assert post(practised, "answer", body).status_code == 503
    n_pieces = len(practised.block.evidence_log.pieces)
    practised.send("answer", **body)
    assert [name for name, _data in published] == ["grade", "completion"]
    assert len(practised.block.evidence_log.pieces) == n_pieces
