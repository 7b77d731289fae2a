"""Notes on a course spare work; whether they are there, stale or forged makes no difference to what the course says."""

import json
from dataclasses import replace

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from adaptive_xblocks import evidence_notes
from adaptive_xblocks.course_record import CourseRecord, Definition, Epoch
from adaptive_xblocks.evidence_log import EvidenceLog
from adaptive_xblocks.evidence_packing import Columns
from adaptive_xblocks.learner_record import reconcile
from tests.record.strategies import pieces, records
from tests.record.test_course_record import answers, course

#: Few variants, servings and steps, so that the same opportunity and the same variant come again and again.
repetitive = st.builds(
    lambda piece, block, variant, serving, step: piece._replace(
        block=block, variant=variant, serving=serving, step=step),
    pieces, st.sampled_from(("b1", "b2")), st.integers(0, 2), st.integers(0, 1), st.integers(0, 1))


def noted(some, **logs):
    """The course with notes on it, as the next request reads it."""
    stored = some.noted(some.begin_fold(), some, logs).to_json()
    return CourseRecord.from_json(json.loads(json.dumps(stored)))


def plain(some):
    """The course as if nobody had ever made a note."""
    return replace(some, notes=None)


@given(records, st.lists(st.tuples(repetitive, st.integers(1, 10_000)), max_size=8))
def test_a_fold_that_goes_on_from_notes_is_the_fold_of_everything(record, later):
    """Answer after answer, each request starting from the last one's notes: equal to the last bit. A fold
    that was given what the set has no place for is not gone on with, as in `LearnerSession`."""
    current, time = noted(record), max(record.pieces.last_time, record.floor)
    for piece, delay in later:
        time += delay
        fold, n_before = current.begin_fold(), len(current.pieces)
        assert fold.add([piece._replace(time=time)])
        current = current.merge(CourseRecord(pieces=[piece._replace(time=time)]))
        if len(current.pieces) == n_before:
            fold = current.begin_fold()
        assert fold.states(current.mastered()) == plain(current).fold()
        current = noted(current)
        assert current._notes_hold
        assert current.fold() == plain(current).fold()


def test_what_one_submission_says_again_of_another_step_has_no_place_in_the_set():
    """A submission answers one step: of two pieces with one identity the set keeps the first, while a fold that was
    given both has counted both. So whoever goes on with a fold compares the set's length, or folds anew."""
    first, = answers(1)
    again = first._replace(time=first.time + 1, step=first.step + 1)
    assert again.identity == first.identity and again.opportunity != first.opportunity
    before = noted(course(first))
    fold, after = before.begin_fold(), before.merge(course(again))
    assert fold.add([again]) and [*after.pieces] == [first]
    assert fold.states(set())["add"].opportunities == 2
    assert after.begin_fold().states(set()) == plain(after).fold() == before.fold()


@given(records, st.lists(repetitive, max_size=8, unique_by=lambda piece: piece.time), repetitive)
def test_notes_do_not_hide_an_earlier_piece(record, some, piece):
    """A piece at or before the last one is refused, so that the caller folds anew."""
    whole = replace(record, pieces=[*record.pieces, *some, piece])
    assume(piece in whole.pieces)  # and not another one of the same submission, which may be earlier
    current = noted(whole)
    fold = current.begin_fold()
    assert not fold.add([piece])
    assert fold.states(current.mastered()) == plain(current).fold()


@given(records, records)
def test_stale_notes_are_ignored(record, other):
    """Notes on one set do not count for another one, nor under other parameters, nor after a floor."""
    stale = replace(record, notes=noted(other, b1="x").notes)
    assert stale.fold() == plain(record).fold()
    moved = replace(noted(record), floor=record.floor + 1)
    assert moved.fold() == plain(moved).fold()
    other_parameters = replace(noted(record), definitions={"add": Definition("z", "b1", (("prior", 0.9),))})
    assert other_parameters.fold() == plain(other_parameters).fold()


@given(records, records)
def test_notes_take_no_part_in_merging_and_equality(record, other):
    """A record with notes is the record without them."""
    assert noted(record) == record
    merged = noted(record).merge(noted(other))
    assert merged == record.merge(other)
    assert merged.fold() == plain(merged).fold()


@pytest.mark.parametrize("forge", [
    lambda notes: [notes[0], [["add", 0.99, 9, 9, "1"]], notes[2]],
    lambda notes: [notes[0], notes[1], {"b1": "0" * 16}],
    lambda notes: ["0" * 16, notes[1], notes[2]],
    lambda notes: [notes[0], "x", notes[2]],
    lambda notes: [notes[0], notes[1]],
    lambda notes: None, lambda notes: 7, lambda notes: {}, lambda notes: [None, [[]], []],
])
def test_forged_notes_are_ignored(forge):
    """Whatever stands where notes belong, the course is read, and says what its evidence says."""
    whole = course(*answers(1, 0, 1))
    stored = json.loads(json.dumps(noted(whole, b1="a" * 16).to_json()))
    again = CourseRecord.from_json({**stored, "notes": forge(stored["notes"])})
    assert again == whole
    assert again.fold() == whole.fold()
    assert not again._notes_hold


def test_another_model_makes_notes_stale(monkeypatch):
    """A release that folds otherwise folds everything anew."""
    before = noted(course(*answers(1, 0, 1)))
    assert before._notes_hold
    monkeypatch.setattr(evidence_notes, "_model", lambda: "another")
    assert not CourseRecord.from_json(before.to_json())._notes_hold


def test_a_log_that_was_noted_is_not_compared(monkeypatch):
    """The usual request unpacks neither the record nor the log."""
    own = EvidenceLog(1, answers(1, 0, 1))
    known = noted(course(*own.pieces, epochs={"b1": Epoch(1, True)}), b1=own.pieces.sum)
    monkeypatch.setattr(Columns, "read", None)
    monkeypatch.setattr(Columns, "pieces", None)
    same, log = reconcile(known, EvidenceLog.from_json(own.to_json()), "b1")
    assert same is known
    assert log.epoch == 1
    assert same.fold()["add"].opportunities == 3


def test_a_log_that_is_not_the_noted_one_is_compared():
    """A note on another log, or on another set, costs a comparison and never a piece."""
    own, shorter = EvidenceLog(1, answers(1, 0, 1)), EvidenceLog(1, answers(1, 0))
    epochs = {"b1": Epoch(1, True)}
    of_another_log = noted(course(*shorter.pieces, epochs=epochs), b1=shorter.pieces.sum)
    of_another_set = replace(course(*shorter.pieces, epochs=epochs), notes=noted(course(), b1=own.pieces.sum).notes)
    for known in (of_another_log, of_another_set):
        healed, _log = reconcile(known, own, "b1")
        assert healed.pieces == own.pieces


def test_notes_on_other_blocks_logs_stay_while_their_pieces_do():
    """An answer in one block does not make the next request in another one compare; a reset or a new floor does."""
    before = noted(course(*answers(1), *answers(1, block="b2"), epochs={"b1": Epoch(), "b2": Epoch()}), b1="x", b2="y")
    grown = before.merge(course(*answers(1, start=9000)))
    reset = before.merge(CourseRecord(epochs={"b2": Epoch(2)}))
    for after, kept in ((grown, {"b1": "z", "b2": "y"}), (reset, {"b1": "z"}), (replace(before, floor=5), {"b1": "z"})):
        assert after.noted(after.begin_fold(), before, {"b1": "z"}).notes.logs == kept
