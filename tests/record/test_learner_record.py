"""The record over courses: it reads anything, stays small, and comes together with a block's own state."""

import json
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adaptive_xblocks import learner_record
from adaptive_xblocks.course_record import CourseRecord, Epoch, Override
from adaptive_xblocks.evidence_log import Detail, EvidenceLog
from adaptive_xblocks.learner_record import LearnerRecord, reconcile, with_answers
from tests.record.busy import busy_course, many
from tests.record.strategies import pieces
from tests.record.test_course_record import answers, course

DETAIL = Detail("item", "s1", "abcd", 1, "numeric")
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(
        st.sampled_from(["schema", "courses", "pieces", "epoch", "details", "c", "blocks"]), inner, max_size=4),
    max_leaves=20,
)


@given(json_values)
def test_reading_a_record_never_raises(stored):
    """Whatever storage holds, there is a record, and every course in it can be asked for."""
    record = LearnerRecord.from_json(stored)
    for key in [*record.courses, "c"]:
        assert isinstance(record.course(key), CourseRecord)
    json.dumps(record.with_course("c", CourseRecord()).to_json())


@given(json_values)
def test_reading_a_log_never_raises(stored):
    """Whatever storage holds, there is a log (or none); what cannot be read is marked as damaged."""
    log = EvidenceLog.from_json(stored)
    assert log is None or isinstance(log, EvidenceLog)
    assert stored is not None or log is None


def test_a_record_survives_storage():
    """What is stored as JSON is what is read."""
    record = LearnerRecord().with_course("c", course(*answers(1, 0, 1)))
    again = LearnerRecord.from_json(json.loads(json.dumps(record.to_json())))
    assert again == record
    assert again.course("c") == course(*answers(1, 0, 1))


def test_merging_records_merges_their_courses():
    """Evidence of two courses does not mix; evidence of one course does."""
    one = LearnerRecord().with_course("c", course(*answers(1)))
    other = LearnerRecord().with_course("c", course(*answers(0, block="b2"))).with_course("d", course(*answers(1)))
    merged = one.merge(other)
    assert len(merged.course("c").pieces) == 2
    assert merged.course("d") == course(*answers(1))


def test_a_busy_learner_fits_into_64_kilobytes():
    """10 courses of 40 skills with 200 answers each stay under 64 KB of JSON, with notes on the one in hand."""
    rng = random.Random(1)
    record = LearnerRecord()
    for number in range(10):
        one = busy_course(rng)
        logs = dict.fromkeys(one.epochs, "0123456789abcdef")
        record = record.with_course(f"{number:016x}", one.noted(one.begin_fold(), one, logs))
    assert len(json.dumps(record.to_json())) < 64 * 1024


def test_a_course_that_is_not_in_hand_says_the_same():
    """Courses are zipped while the learner works in another one: nothing of them is lost but the notes."""
    one = busy_course(random.Random(2))
    record = LearnerRecord().with_course("a", one).with_course("b", CourseRecord(used=5))
    again = LearnerRecord.from_json(json.loads(json.dumps(record.to_json())))
    assert set(again.courses["a"]) == {"used", "zip"}
    assert again.course("a") == one


def test_the_course_in_hand_is_never_zipped(monkeypatch):
    """What is about to be replaced costs no work; the other courses are zipped once."""
    one, zipped = busy_course(random.Random(2)), []
    record = LearnerRecord().with_course("a", one).with_course("b", one)
    real = learner_record.base64.b85encode
    monkeypatch.setattr(learner_record.base64, "b85encode", lambda raw: zipped.append(1) or real(raw))
    record = record.with_course("b", CourseRecord(used=5)).with_course("b", one)
    n_in_hand = len(zipped)
    record.with_course("a", one)
    assert (n_in_hand, len(zipped)) == (0, 1)


@pytest.mark.parametrize("zipped", [None, 7, "", "AAAA", "eJwDAAAAAAE=", "eJyLBgABFQC5", "é"])
def test_a_zipped_course_that_cannot_be_read_counts_as_empty(zipped, caplog):
    """Damage in one course is told and does not reach the others."""
    record = LearnerRecord({"a": {"used": 1, "zip": zipped}})
    assert record.course("a") == CourseRecord() and "cannot be read" in caplog.text


def test_a_record_never_outgrows_its_bound():
    """Above the bound the course that was not used for longest is folded, its mastery kept."""
    rng = random.Random(2)
    record = LearnerRecord()
    for number in range(6):
        record = record.with_course(f"c{number}", course(*many(rng, 3000), used=number + 1))
    assert len(json.dumps(record.to_json())) <= learner_record.MOST_CHARACTERS
    assert record.course("c0").pieces == frozenset()
    assert len(record.course("c0").fold()) == 40
    assert len(record.course("c5").pieces) == 3000


def test_many_courses_stay_within_the_bound_whatever_they_hold():
    """When even folding does not do, old courses keep only what staff decided, and the one in hand lives on."""
    rng = random.Random(5)
    override = Override(5, "o1", "add", "exempt")
    record = LearnerRecord()
    for number in range(40):
        busy = course(*many(rng, 900, skills=900, start=1_700_000_000_000 + number), used=number + 1)
        record = record.with_course(f"c{number}", busy.merge(CourseRecord(overrides=frozenset([override]))))
    assert len(json.dumps(record.to_json())) <= learner_record.MOST_CHARACTERS
    assert all(record.course(f"c{number}").overrides == {override} for number in range(40))
    assert record.course("c39").fold().keys() > {"add"}


def test_even_one_course_stays_within_the_bound():
    """A single course that is too large is folded too."""
    record = LearnerRecord().with_course("c", course(*many(random.Random(3), 20_000)))
    assert len(json.dumps(record.to_json())) <= learner_record.MOST_CHARACTERS


def test_a_record_prints_as_its_size():
    """Field dumps for staff do not show a learner's answers across courses."""
    assert str(LearnerRecord().with_course("c", course(*many(random.Random(1), 300)))) == "learner record, 7 KB"


def test_the_log_survives_storage():
    """Evidence and details come back as they were."""
    first, second = answers(1, 0)
    log = EvidenceLog(3).add(second, DETAIL).add(first, DETAIL._replace(hint_first=True, misconception="½"))
    assert EvidenceLog.from_json(json.loads(json.dumps(log.to_json()))) == log
    assert log.pieces == (first, second)


@given(pieces)
def test_the_log_takes_a_piece_once(piece):
    """A resend adds nothing."""
    log = EvidenceLog().add(piece, DETAIL)
    assert log.add(piece, DETAIL) is log


def test_the_log_keeps_within_its_bound_and_drops_details_first():
    """A long log keeps its evidence and lets the oldest details go."""
    some = many(random.Random(4), 4000)
    log = EvidenceLog(1, tuple(some), {piece.submission: DETAIL for piece in some})
    stored = log.to_json()
    again = EvidenceLog.from_json(stored)
    assert len(json.dumps(stored)) <= 128 * 1024
    assert again.pieces == log.pieces
    assert some[-1].submission in again.details
    assert some[0].submission not in again.details


def test_time_in_a_log_never_goes_back():
    """A server whose clock is behind still puts its piece after the last one."""
    log = EvidenceLog(1, tuple(answers(1, 1)))
    assert log.next_time(5) == 2001
    assert log.next_time(9_000) == 9_000


def test_details_of_an_older_schema_take_defaults():
    """Rows that end early are filled up."""
    stored = EvidenceLog().add(answers(1)[0], DETAIL).to_json()
    stored["details"]["rows"] = [row[:6] for row in stored["details"]["rows"]]
    assert EvidenceLog.from_json(stored).details == {0: DETAIL}


def saved(course_record, own, now=9000):
    """What a request leaves behind in the record."""
    return with_answers(course_record, own, "b1", now, own.pieces)


def test_a_new_learner_starts_with_the_first_epoch():
    """Nothing stored anywhere is a new learner, and nothing need be written."""
    assert reconcile(CourseRecord(), None, "b1") == (CourseRecord(), EvidenceLog(1))


def test_state_that_is_read_back_confirms_its_epoch():
    """The second request that sees a block's state marks its epoch as confirmed."""
    own = EvidenceLog(1, tuple(answers(1)))
    known = saved(CourseRecord(), own)
    assert known.epochs["b1"] == Epoch(1, False)
    confirmed, _ = reconcile(known, own, "b1")
    assert confirmed.epochs["b1"] == Epoch(1, True)


def test_deleted_state_begins_a_new_epoch():
    """No state after a confirmed epoch is an instructor's delete: the next save takes the old evidence out."""
    own = EvidenceLog(1, tuple(answers(1, 1)))
    known, _ = reconcile(saved(CourseRecord(), own), own, "b1")
    known, fresh = reconcile(known, None, "b1")
    assert fresh == EvidenceLog(2)
    assert saved(known, fresh).pieces == frozenset()


def test_a_lost_first_save_is_taken_up_again():
    """No state after an unconfirmed epoch is a lost insert: the evidence that the record has goes on counting."""
    own = EvidenceLog(1, tuple(answers(1, 1)))
    _, healed = reconcile(saved(CourseRecord(), own), None, "b1")
    assert (healed.epoch, healed.pieces) == (1, own.pieces)


def test_a_lost_update_of_the_record_heals():
    """Evidence that a race took out of the record comes back the next time the block is used."""
    own = EvidenceLog(1, tuple(answers(1, 1, 0)))
    stale = saved(CourseRecord(), EvidenceLog(1, own.pieces[:1]))
    healed, _ = reconcile(stale, own, "b1")
    assert healed.pieces == set(own.pieces)


def test_a_damaged_log_is_refilled_from_the_record():
    """A block's state that cannot be read gets its evidence back from the record."""
    known = saved(CourseRecord(), EvidenceLog(2, tuple(answers(1, 0))))
    damaged = EvidenceLog.from_json({"epoch": 2, "pieces": "x"})
    assert damaged.is_damaged
    _, healed = reconcile(known, damaged, "b1")
    assert (healed.epoch, healed.pieces, healed.is_damaged) == (2, tuple(answers(1, 0)), False)


def test_a_late_save_of_an_older_epoch_does_not_bring_it_back():
    """A tab that writes its old log after a delete does not resurrect deleted evidence."""
    known = saved(CourseRecord(epochs={"b1": Epoch(2, True)}), EvidenceLog(2))
    _, own = reconcile(known, EvidenceLog(1, tuple(answers(1))), "b1")
    assert own == EvidenceLog(2)


def test_a_floor_begins_a_new_epoch():
    """A block that sees that the learner's record was reset starts anew with what came after."""
    own = EvidenceLog(1, tuple(answers(1, 1, 0)), {0: DETAIL, 2: DETAIL})
    known = saved(CourseRecord(), own).merge(CourseRecord(floor=2000))
    _, fresh = reconcile(known, own, "b1")
    assert fresh == EvidenceLog(2, own.pieces[2:], {2: DETAIL})


@pytest.mark.parametrize("stored", [[], "text", {"courses": [1]}, 7])
def test_a_record_that_cannot_be_read_is_told_in_the_log(stored, caplog):
    """Nothing is lost silently."""
    assert LearnerRecord.from_json(stored) == LearnerRecord()
    assert "cannot be read" in caplog.text
