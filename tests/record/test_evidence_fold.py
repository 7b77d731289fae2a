"""A fold that goes on with later pieces ends where a fold of all of them does."""

from hypothesis import given
from hypothesis import strategies as st

from adaptive_xblocks.course_record import CourseRecord
from tests.record.strategies import pieces


@given(st.lists(pieces, min_size=1, max_size=12), st.integers(0, 12))
def test_a_continued_fold_equals_one_of_everything(some, at):
    """An answer continues the fold of its request; mastery is what a fold from the start gives, to the last bit."""
    ordered = sorted(set(some))
    fold = CourseRecord(pieces=frozenset(ordered[:at])).begin_fold()
    fold.states(set())
    for piece in ordered[at:]:
        assert fold.add([piece])
    assert fold.states(set()) == CourseRecord(pieces=frozenset(ordered)).fold()


@given(st.sets(pieces, min_size=2, max_size=6))
def test_an_earlier_piece_is_refused(some):
    """A piece that belongs before one that was counted changes nothing: the caller folds anew."""
    first, *later = sorted(some)
    fold = CourseRecord(pieces=frozenset(later)).begin_fold()
    before = fold.states(set())
    assert not fold.add([first])
    assert fold.states(set()) == before


def test_declared_skills_without_evidence_have_their_prior():
    """What staff exempted or another block declared shows as mastered although nothing was counted for it."""
    state = CourseRecord().begin_fold().states({"add"})["add"]
    assert state.mastered
    assert (state.p_known, state.opportunities) == (0.3, 0)
