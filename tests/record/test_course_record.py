"""A course's record is a set: it merges like one, and mastery is folded from it in one way only."""

import json
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adaptive_xblocks.course_record import Basis, CourseRecord, Declaration, Definition, Epoch, Override
from adaptive_xblocks.evidence import Evidence, Kind, StoredDataError
from tests.record.oracle import luck_after, mastery_after
from tests.record.strategies import kinds, pieces, records


def answers(*credits, block="b1", skill="add", start=1000, help_seen=(0, 3)):
    """One piece per credit, on different variants, a second apart."""
    return [
        Evidence(start + 1000 * index, block, index, start + index, 0, 50 + index,
                 Kind((skill,), (credit, 1), help_seen))
        for index, credit in enumerate(credits)
    ]


def course(*some, **parts):
    """A record of those pieces."""
    return CourseRecord(pieces=frozenset(some), **parts)


@given(records, records)
def test_merging_is_commutative(one, other):
    """Who merges whom makes no difference."""
    assert one.merge(other) == other.merge(one)


@given(records, records, records)
def test_merging_is_associative(one, two, three):
    """The order in which updates arrive makes no difference."""
    assert one.merge(two).merge(three) == one.merge(two.merge(three))


@given(records, records)
def test_merging_is_idempotent(one, other):
    """Merging again adds nothing."""
    merged = one.merge(other)
    assert merged.merge(one) == merged.merge(other) == merged.merge(merged) == merged


@given(records)
def test_a_record_survives_storage(one):
    """What is stored as JSON is what is read."""
    assert CourseRecord.from_json(json.loads(json.dumps(one.to_json()))) == one


@given(st.lists(pieces, max_size=12, unique_by=lambda piece: piece.opportunity))
def test_mastery_equals_an_independent_oracle(some):
    """The fold agrees to 1e-9 with arithmetic that shares no code with it."""
    expected, lucky = {}, {}
    for piece in sorted(some):
        answer = {
            "skills": piece.kind.skills,
            "credit": piece.kind.credit[0] / piece.kind.credit[1],
            "help": piece.kind.help[0] / piece.kind.help[1],
            "chance": 1 / piece.kind.options if piece.kind.options else 0,
            "difficulty": piece.kind.difficulty / 100,
        }
        lucky = luck_after(lucky, expected, answer)
        expected = mastery_after(expected, [answer])
    states = course(*some).fold()
    assert states.keys() == expected.keys()
    for skill, p_known in expected.items():
        assert states[skill].p_known == pytest.approx(p_known, abs=1e-9)
        assert states[skill].against_luck == pytest.approx(sum(lucky[skill]), rel=0.02, abs=1e-4)


def test_the_golden_sequence():
    """Right, wrong, right, right, right on one skill gives the figures of the design."""
    state = course(*answers(1, 0, 1, 1, 1)).fold()["add"]
    assert state.p_known == pytest.approx(0.982598, abs=5e-7)
    assert (state.opportunities, state.successes, state.recent) == (5, 4, (1.0, 0.0, 1.0, 1.0, 1.0))


def test_the_order_of_arrival_does_not_matter():
    """Evidence folds by time, whoever saved first."""
    some = answers(1, 0, 0, 1, 1, 0)
    shuffled = some[:]
    random.Random(4).shuffle(shuffled)
    folded = CourseRecord()
    for piece in shuffled:
        folded = folded.merge(course(piece))
    assert folded.fold() == course(*some).fold()


def test_one_opportunity_counts_once():
    """Two tabs that answered the same step of the same serving are one opportunity: the earlier answer."""
    first, = answers(0)
    second = first._replace(time=first.time + 1, submission=99, kind=Kind(("add",), (1, 1), (0, 3)))
    assert course(first, second).fold() == course(first).fold()


def test_the_same_variant_twice_is_one_success():
    """Solving the same problem with the same numbers again is no further evidence for declaring mastery."""
    first, second = answers(1, 1)
    assert course(first, second._replace(variant=first.variant)).fold()["add"].successes == 1


def test_a_declaration_latches():
    """A later dip does not take mastery back."""
    fact = Declaration("add", 5000, 0.95, "v", "b1", 1)
    state = course(*answers(1, 1, 1, 0, 0, 0), declarations=frozenset({fact})).fold()["add"]
    assert state.mastered
    assert state.p_known < 0.95


def test_staff_can_undo_and_exempt():
    """An override after a declaration undoes it; an exemption stands for mastery."""
    fact = Declaration("add", 5000, 0.95, "v", "b1", 1)
    undone = course(declarations=frozenset({fact}), overrides=frozenset({Override(6000, "o", "add", "undo-mastery")}))
    exempt = course(overrides=frozenset({Override(1, "o", "mixed", "exempt")}))
    assert undone.mastered() == set()
    assert exempt.mastered() == {"mixed"}
    assert exempt.fold()["mixed"].mastered


def test_a_later_epoch_drops_a_blocks_older_evidence():
    """After an instructor deleted a block's state, what it had said is gone, and other blocks' evidence stays."""
    fact = Declaration("add", 3000, 0.95, "v", "b1", 1)
    before = course(*answers(1, 1), *answers(0, block="b2"), epochs={"b1": Epoch(1, True)},
                    declarations=frozenset({fact}))
    after = before.merge(CourseRecord(epochs={"b1": Epoch(2)}))
    assert {piece.block for piece in after.pieces} == {"b2"}
    assert after.declarations == frozenset()


def test_a_floor_drops_everything_before_it():
    """Resetting the record takes out evidence and declarations up to that time; grades are measured as before."""
    fact = Declaration("add", 2000, 0.95, "v", "b1", 1)
    before = course(*answers(1, 1, 1), declarations=frozenset({fact}), basis={"add": Basis(1000, 0.3, 0.95)})
    after = before.merge(CourseRecord(floor=2000))
    assert [piece.time for piece in after.pieces] == [3000]
    assert after.declarations == frozenset()
    assert after.basis == before.basis


def test_the_first_grading_basis_wins():
    """Prior and threshold for grading are those of the first answer."""
    early, late = Basis(10, 0.3, 0.95), Basis(20, 0.5, 0.8)
    assert CourseRecord(basis={"add": late}).merge(CourseRecord(basis={"add": early})).basis == {"add": early}


def test_defined_parameters_are_in_force():
    """A definition in the record changes the fold for every block."""
    known = course(*answers(1), definitions={"add": Definition("2026", "b1", (("prior", 0.8),))}).fold()["add"]
    assert known.p_known > course(*answers(1)).fold()["add"].p_known


def test_the_latest_definition_wins():
    """Of two definitions the one with the later stamp is in force, whatever the order."""
    old, new = Definition("2025", "b2", (("prior", 0.1),)), Definition("2026", "b1", (("prior", 0.8),))
    one, other = CourseRecord(definitions={"add": old}), CourseRecord(definitions={"add": new})
    assert one.merge(other).parameters("add").prior == other.merge(one).parameters("add").prior == 0.8


def test_folding_a_course_keeps_its_mastery():
    """What is kept of a course that was not used for long says the same, and is not counted again."""
    whole = course(*answers(1, 0, 1, 1, 1))
    folded = whole.to_folded()
    assert folded.pieces == frozenset()
    assert [len(row) for row in folded.folded.skills] == [5]
    for one in (folded, folded.merge(whole)):
        assert one.fold()["add"].p_known == pytest.approx(whole.fold()["add"].p_known, abs=1e-12)


def test_new_evidence_counts_on_top_of_a_folded_course():
    """A learner who comes back to an old course goes on from where it ended."""
    whole = course(*answers(1, 0, 1, 1, 1))
    later = [piece._replace(submission=99) for piece in answers(1, start=50_000)]
    folded = whole.to_folded().merge(course(*later))
    assert folded.fold()["add"].p_known == pytest.approx(course(*whole.pieces, *later).fold()["add"].p_known, abs=1e-12)


def test_a_reset_also_empties_a_folded_course():
    """A floor after the folded evidence takes it out."""
    assert course(*answers(1)).to_folded().merge(CourseRecord(floor=10_000)).fold() == {}


@pytest.mark.parametrize("key, value", [
    ("epochs", {"b1": [0.5, 1]}), ("epochs", 7), ("declared", [["add"]]), ("basis", {"add": [1, "x", 2]}),
    ("overrides", [[1, 2, 3, 4]]), ("definitions", {"add": ["", "", {"guess": 7}]}), ("folded", []), ("folded", None),
    ("floor", -1), ("used", float("nan")), ("pieces", "x"), ("folded", [1, [["add", float("nan"), 1, 1, "v"]]]),
    ("definitions", {"add": ["", "", {"nonsense": 0.1}]}),
])
def test_a_damaged_course_is_refused_as_a_whole(key, value):
    """Any part of the wrong shape is one kind of error; nothing half-read gets through."""
    with pytest.raises(StoredDataError):
        CourseRecord.from_json({**course(*answers(1)).to_json(), key: value})


def test_a_course_of_an_older_schema_takes_defaults():
    """Parts that an older version did not store are empty."""
    assert CourseRecord.from_json({}) == CourseRecord()


@given(kinds)
def test_kinds_are_values(kind):
    """Equal kinds are stored once."""
    assert len({kind, Kind(*kind)}) == 1
