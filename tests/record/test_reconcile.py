"""A block's own state against the shared record: what each gives back to the other, whatever a race has left."""

import json
from pathlib import Path

import pytest

from adaptive_xblocks.course_record import Basis, CourseRecord, Declaration, Epoch
from adaptive_xblocks.evidence import Evidence, Kind
from adaptive_xblocks.evidence_log import EvidenceLog
from adaptive_xblocks.learner_record import LearnerRecord, begin_epoch, reconcile, with_answers
from adaptive_xblocks.record_resets import Resets

STORED = Path(__file__).parent / "stored"
MASTERED = Declaration("add", 2000, 0.95, "0f3a77c1", "b1", 1)
BASIS = {"add": Basis(1000, 0.3, 0.95)}


def answers(n, block="b1"):
    """n right answers on different variants, a second apart."""
    return tuple(Evidence(1000 * (i + 1), block, i, i, 0, i, Kind(("add",), (1, 1))) for i in range(n))


def record_of(own, confirmed=True):
    """A record in which a block's log was merged."""
    course = with_answers(CourseRecord(), own, "b1", 9000, own.pieces)
    return course.merge(CourseRecord(epochs={"b1": Epoch(own.epoch, confirmed)}))


def test_a_log_takes_back_what_another_tab_overwrote():
    """Pieces and facts of the same epoch that only the record still has return to the log."""
    whole = EvidenceLog(1, answers(4)).with_facts([MASTERED], BASIS)
    _course, own = reconcile(record_of(whole), EvidenceLog(1, answers(4)[:2]), "b1")
    assert (own.pieces, own.declarations, own.basis) == (whole.pieces, whole.declarations, whole.basis)


def test_a_record_takes_back_the_facts_of_a_block():
    """Declarations and basis that a race took out of the record return with the block's next request."""
    own = EvidenceLog(1, answers(4)).with_facts([MASTERED], BASIS)
    course, _own = reconcile(CourseRecord(), own, "b1")
    assert course.mastered() == {"add"} and course.basis == BASIS


def test_a_log_of_a_later_epoch_does_not_take_back_older_evidence():
    """A record that went back behind a deletion gives nothing of the deleted evidence to the block."""
    course, own = reconcile(record_of(EvidenceLog(1, answers(3))), EvidenceLog(2), "b1")
    assert not own.pieces and not course.pieces and course.epochs["b1"].number == 2


def test_what_left_a_full_log_does_not_come_back():
    """A log that dropped its oldest pieces for space is not filled up again with every request."""
    own = EvidenceLog(1, answers(5)[2:], trimmed=2000)
    _course, again = reconcile(record_of(EvidenceLog(1, answers(5))), own, "b1")
    assert again.pieces == own.pieces


def test_a_block_that_was_only_looked_at_leaves_no_trace():
    """A log without evidence changes nothing in the record."""
    assert reconcile(CourseRecord(), EvidenceLog(1), "b1")[0] == CourseRecord()


def test_a_new_epoch_takes_the_declarations_of_the_old_with_it():
    """What a deleted state declared is no longer declared."""
    course, _own = begin_epoch(record_of(EvidenceLog(1, answers(3)).with_facts([MASTERED], {})), "b1", EvidenceLog(2))
    assert not course.declarations and not course.pieces


def test_facts_after_a_floor_go_on_in_the_next_epoch():
    """A declaration that came after the reset stays, as one of the new epoch."""
    own = EvidenceLog(1, answers(3)).with_facts([MASTERED, MASTERED._replace(skill="mixed", time=1000)], {})
    assert own.after_floor(1500).declarations == {MASTERED._replace(epoch=2)}


def test_a_log_keeps_its_facts_through_storage():
    """Facts are stored beside the pieces."""
    own = EvidenceLog(1, answers(2)).with_facts([MASTERED], BASIS)
    again = EvidenceLog.from_json(json.loads(json.dumps(own.to_json())))
    assert again == own


def test_the_trimmed_time_is_stored(monkeypatch):
    """A log that outgrew its bound says up to when pieces are gone."""
    monkeypatch.setattr("adaptive_xblocks.evidence_log.MOST_CHARACTERS", 900)
    whole = EvidenceLog(1, tuple(piece._replace(submission=piece.submission * 7919) for piece in answers(60)))
    again = EvidenceLog.from_json(whole.to_json())
    assert again.pieces and again.trimmed == again.pieces.first_time - 1000


def test_state_of_the_first_schema_says_the_same_today():
    """Log and record as version 0.1 wrote them before its logs held facts: the same evidence, the same mastery."""
    stored = json.loads((STORED / "schema_1.json").read_text(encoding="utf-8"))
    own = EvidenceLog.from_json(stored["evidence_log"])
    (course,) = (LearnerRecord.from_json(stored["record"]).course(key) for key in stored["record"]["courses"])
    assert len(own.pieces) == len(own.details) == stored["n_pieces"] and not own.is_damaged
    course, own = reconcile(course, own, "8f3a0c1122334455")
    for skill, (p_known, *counts, mastered) in stored["states"].items():
        state = course.fold()[skill]
        assert state.p_known == pytest.approx(p_known, abs=1e-12)
        assert [state.opportunities, state.successes] == counts and state.mastered == mastered
    assert own.basis or course.basis


def test_a_floor_only_rises():
    """A reset with an earlier clock does not bring evidence back."""
    resets = Resets().with_floor(500, "c1").with_floor(400, "c1")
    assert (resets.floor("c1"), resets.floor("c2")) == (500, 0)
    assert resets.with_floor(450).floor("c1") == 500
    assert resets.with_floor(600) == Resets(600)


@pytest.mark.parametrize("stored", [7, "x", [], {"courses": 7}, {"everywhere": -1}, {"courses": {"c1": "x"}}])
def test_reading_resets_never_raises(stored, caplog):
    """Whatever is stored, what is no time counts as no reset, and the log says so."""
    assert Resets.from_json(stored) == Resets()
    assert caplog.text or stored == {"courses": 7}


def test_resets_survive_storage():
    """What was stored is what is read."""
    resets = Resets(300, {"c1": 500})
    assert Resets.from_json(json.loads(json.dumps(resets.to_json()))) == resets
