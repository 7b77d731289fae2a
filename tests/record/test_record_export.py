"""What a learner takes home: everything that is stored of them, readable, and nothing that they have not earned."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adaptive_xblocks.course_record import CourseRecord, Epoch, Override
from adaptive_xblocks.evidence import Evidence, Kind, digest_key
from adaptive_xblocks.evidence_facts import Declaration
from adaptive_xblocks.evidence_log import Detail, EvidenceLog
from adaptive_xblocks.learner_record import LearnerRecord
from adaptive_xblocks.record_export import Stored, export, iso, skills
from adaptive_xblocks.record_resets import Resets
from tests.record.strategies import pieces, records, times

COURSE, BLOCK = "course-v1:Demo+Adaptive+2026", "block-v1:Demo+Adaptive+2026+type@adaptive_problem_set+block@one"
HERE, KEY = digest_key(COURSE), digest_key(BLOCK)
NOON = 1_800_000_000_000
RIGHT = Kind(("add",), (1, 1))


def a_piece(number, kind=RIGHT, block=KEY, time=NOON):
    """A piece of the block, one of many."""
    return Evidence(time + number, block, number, number, 0, 1000 + number, kind)


def a_detail(number, **changes):
    """Its detail."""
    return Detail(**{"item": f"item-{number}", "step": "s1", "item_version": "0f", "seed": 77, "answer_type": "numeric",
                     "misconception": "adds", "error": "adds", "response_time": 1500, "policy": "adaptive",
                     "propensity": 0.5, **changes})


def stored(course=None, log=None, practice=None, resets=None, others=None):
    """What a block has stored."""
    record = LearnerRecord()
    for key, one in {**(others or {}), **({HERE: course} if course else {})}.items():
        record = record.with_course(key, one)
    return Stored(COURSE, BLOCK, record, resets or Resets(), log, practice or {"schema": 1}, {"add": "Adding up"})


def taken(*arguments, **options):
    """The export, once through a strict JSON."""
    return json.loads(json.dumps(export(*arguments, **options), allow_nan=False))


def identities(rows):
    """Which pieces the rows of an export are."""
    return {(row["block"], row["submission"], row["variant"], row["time"]) for row in rows}


@given(records, st.lists(pieces.map(lambda one: one._replace(block=KEY)), max_size=6), records, times)
def test_every_stored_piece_is_in_the_file(course, own, other, floor):
    """Whatever is stored, in this course and in others, before or after a reset: each piece is there, once."""
    log = EvidenceLog(2, own, {own[0].submission: a_detail(1)} if own else {})
    held = stored(course, log, others={"0123456789abcdef": other}, resets=Resets(floor))
    file = taken(held, NOON)
    here, elsewhere = file["courses"]
    for rows, expected in ((here["evidence"], course.pieces), (elsewhere["evidence"], other.pieces),
                           (file["block"]["evidence"], log.pieces)):
        wanted = {(one.block, one.submission, one.variant, iso(one.time)) for one in expected}
        assert wanted <= identities(rows)
        assert len(rows) == len({json.dumps(row) for row in rows})


@given(records)
def test_facts_and_decisions_are_in_the_file(course):
    """Declarations, grading basis, decisions of staff, definitions, epochs and a folded course are there."""
    row = taken(stored(course), NOON)["courses"][0]
    assert {(one["skill"], one["block"], one["epoch"]) for one in row["declarations"]} == {
        (fact.skill, fact.block, fact.epoch) for fact in course.declarations}
    assert {one["skill"] for one in row["grading_basis"]} == set(course.basis)
    assert len(row["decisions_of_staff"]) == len(course.overrides)
    assert {one["skill"]: one["parameters"] for one in row["definitions"]} == {
        skill: dict(one.parameters) for skill, one in course.definitions.items()}
    assert {one["block"]: one["number"] for one in row["epochs"]} == {
        block: epoch.number for block, epoch in course.epochs.items()}
    assert (row["folded"] is None) == (course.folded.until == 0)


def test_a_skill_says_what_is_known_and_since_when():
    """Probability, counts and the time of mastery are those of the fold; the name is that of the block's document."""
    own = [a_piece(number) for number in range(4)]
    fact = Declaration("add", NOON + 2, 0.95, "v", KEY, 1)
    course = CourseRecord(epochs={KEY: Epoch(1, True)}, pieces=own, declarations=frozenset([fact]))
    (row,) = skills(stored(course, EvidenceLog(1, own)))
    state = course.fold()["add"]
    assert row == {"skill": "add", "name": "Adding up", "opportunities": 4, "p_known": state.p_known, "successes": 4,
                   "mastered": True, "mastered_since": "2027-01-15T08:00:00.002Z"}


def test_mastery_that_staff_took_back_has_no_since():
    """A declaration that was undone does not say since when; a later one, and an exemption, do."""
    fact = Declaration("add", NOON, 0.95, "v", KEY, 1)
    undone = Override(NOON + 5, "1", "add", "undo-mastery")
    course = CourseRecord(epochs={KEY: Epoch(1)}, pieces=[a_piece(1)], declarations=frozenset([fact]),
                          overrides=frozenset([undone]))
    (row,) = skills(stored(course))
    assert (row["mastered"], row["mastered_since"]) == (False, None)
    again = CourseRecord(epochs={KEY: Epoch(1)}, declarations=frozenset([fact._replace(time=NOON + 7)]))
    (row,) = skills(stored(course.merge(again)))
    assert (row["mastered"], row["mastered_since"]) == (True, iso(NOON + 7))
    exempt = Override(NOON + 9, "2", "add", "exempt")
    (row,) = skills(stored(CourseRecord(pieces=[a_piece(1)], overrides=frozenset([undone, exempt]))))
    assert (row["mastered"], row["mastered_since"]) == (True, iso(NOON + 9))


def test_what_the_record_has_not_heard_of_yet_counts():
    """A piece that only the block's own log has is in the course too, and in what is known."""
    file = taken(stored(CourseRecord(), EvidenceLog(1, [a_piece(1)])), NOON)
    here = file["courses"][0]
    assert [row["counts"] for row in here["evidence"]] == [True]
    assert here["skills"][0]["opportunities"] == 1


@pytest.mark.parametrize("resets", [Resets(NOON + 1), Resets(0, {HERE: NOON + 1})])
def test_what_a_reset_took_out_of_force_is_marked(resets):
    """Evidence from before a reset that is still stored is told, as what counts no longer."""
    own = [a_piece(1), a_piece(2)]
    course = CourseRecord(epochs={KEY: Epoch(1, True)}, pieces=own)
    file = taken(stored(course, EvidenceLog(1, own), resets=resets), NOON)
    here = file["courses"][0]
    assert [row["counts"] for row in here["evidence"]] == [False, True]
    assert here["reset_at"] == iso(NOON + 1)
    assert here["skills"][0]["opportunities"] == 1
    assert len(file["block"]["evidence"]) == 2


def test_this_course_is_named_and_others_are_not():
    """The course asked from comes first, by its key; of others there is only the digest that is stored."""
    file = taken(stored(CourseRecord(), others={"0123456789abcdef": CourseRecord()}), NOON)
    assert [(one["course"], one["digest"]) for one in file["courses"]] == [(COURSE, HERE), (None, "0123456789abcdef")]


def test_the_blocks_own_pieces_come_in_full():
    """Each piece of the block has its detail: item, version, numbers, class of error, time, policy, parameters."""
    detail = a_detail(1, parameters="p1")
    log = EvidenceLog(1, [a_piece(1), a_piece(2)], {1: detail})
    first, second = taken(stored(log=log), NOON)["block"]["evidence"]
    assert first["detail"] == detail._asdict()
    assert second["detail"] is None


def test_the_seed_of_an_unfinished_problem_is_kept_back():
    """From the seed the author's order of options could be worked out: it is told once the problem is done."""
    log = EvidenceLog(1, [a_piece(1), a_piece(2)], {1: a_detail(1), 2: a_detail(2)})
    practice = {"serving": 2, "item": "item-2", "seed": 77}
    block = taken(stored(log=log, practice=practice), NOON)["block"]
    assert [row["detail"]["seed"] for row in block["evidence"]] == [77, None]
    assert "seed" not in block["practice"]
    block = taken(stored(log=log, practice={**practice, "done": True}), NOON)["block"]
    assert [row["detail"]["seed"] for row in block["evidence"]] == [77, 77]
    assert block["practice"]["seed"] == 77


def test_nothing_tells_right_from_wrong_while_that_is_withheld():
    """Two learners, one right and one wrong, have the same file while the course withholds which is which."""
    def file(credit, verdict):
        piece = a_piece(1, Kind(("add",), credit))
        fact = Declaration("add", NOON, 0.95, "v", KEY, 1)
        is_right = credit == (1, 1)
        course = CourseRecord(epochs={KEY: Epoch(1)}, pieces=[piece], declarations=frozenset([fact] * is_right))
        log = EvidenceLog(1, [piece], {1: a_detail(1, error="" if is_right else "adds")}, course.declarations)
        practice = {
            "serving": 1, "item": "item-1", "seed": 77, "done": True, "solved": ["item-1"] * is_right,
            "steps": {"s1": {"responses": {"answer": "3"}, "credit": credit, "verdict": verdict, "done": True}},
            "meters": {"add": 9 if is_right else 1}, "failures": 0 if is_right else 1,
        }
        return taken(stored(course, log, practice), NOON, withheld=True)

    right = file((1, 1), "recorded")
    assert right == file((0, 1), "wrong")
    assert right["withheld"] is True
    assert right["block"]["practice"]["steps"] == {"s1": {"responses": {"answer": "3"}, "done": True}}


def test_other_courses_are_told_while_this_one_withholds():
    """What one course keeps back is no secret of another."""
    other = CourseRecord(epochs={"b": Epoch(1)}, pieces=[a_piece(1, block="b")])
    row = taken(stored(CourseRecord(), others={"0123456789abcdef": other}), NOON, withheld=True)["courses"][1]
    assert row["evidence"][0]["credit"] == [1, 1]
    assert row["skills"][0]["p_known"] > 0.5


@pytest.mark.parametrize("practice", [
    {"choice": {"propensity": float("nan"), "reason": {"p": float("inf"), 3: (1, 2)}}}, {"odd": object()},
])
def test_whatever_was_stored_the_file_is_json(practice):
    """Numbers that are none, keys that are no text, values of no JSON type: a strict reader takes the file."""
    file = taken(stored(practice=practice), NOON)
    assert set(file["block"]["practice"]) == set(practice)


@pytest.mark.parametrize("time, text", [
    (0, None), (1, "1970-01-01T00:00:00.001Z"), (NOON, "2027-01-15T08:00:00.000Z"),
    (10**30, "9999-12-31T23:59:59.999Z"),
])
def test_times_are_written_in_utc(time, text):
    """Milliseconds since 1970 read as ISO 8601; no time is null, and one beyond the calendar ends with it."""
    assert iso(time) == text


def test_a_learner_without_a_past_has_a_file_too():
    """Nothing stored: the course is named, and holds nothing."""
    file = taken(stored(), NOON)
    assert [len(one["evidence"]) for one in file["courses"]] == [0]
    assert file["block"]["evidence"] == [] and file["courses"][0]["skills"] == []
