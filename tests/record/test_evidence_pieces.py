"""A set of pieces behaves like a set, whatever it holds at the moment, and is stored the same however it grew."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adaptive_xblocks.evidence import Evidence, Kind, StoredDataError
from adaptive_xblocks.evidence_packing import Columns
from adaptive_xblocks.evidence_pieces import Pieces
from tests.record.strategies import pieces

ONE = Evidence(1_700_000_000_000, "b1", 7, 1, 0, 9, Kind(("add",), (1, 1)))
sets = st.frozensets(pieces, max_size=8)


def stored(some):
    """A set of pieces as a request reads it from storage."""
    return Pieces.from_json(json.loads(json.dumps(Pieces(some).to_json())))


@given(st.sets(pieces, min_size=1, max_size=12))
def test_one_by_one_gives_the_same_columns_as_all_at_once(some):
    """A set that grew by later pieces is stored byte for byte as one that was packed whole."""
    by_time = {piece.time: piece for piece in some}
    first, *later = [by_time[time] for time in sorted(by_time)]
    columns = Columns.of([first])
    for piece in later:
        columns = columns.with_later(piece)
    assert columns.pack() == Columns.of(by_time.values()).pack()


@given(sets)
def test_what_is_read_later_is_what_was_stored(some):
    """A set from storage is equal to the set before it, counts the same, and iterates in canonical order."""
    again = stored(some)
    assert (bool(again), len(again), list(again)) == (bool(some), len(some), sorted(some))
    assert stored(some) == Pieces(some) == some
    assert stored(some).sum == Pieces(some).sum


@given(sets, sets)
def test_it_compares_and_unites_like_a_set(one, other):
    """Equality, order and union are those of sets, between any two of them."""
    assert (stored(one) == stored(other)) == (one == other)
    assert (stored(one) <= stored(other)) == (one <= other)
    assert stored(one) | stored(other) == one | other == stored(other) | stored(one)


@given(sets, pieces)
def test_membership_and_search_read_no_more_than_they_need(some, piece):
    """A piece is found by its variant, without the others."""
    assert (piece in stored(some)) == (piece in some)
    held = stored(some | {piece})
    assert piece in held
    assert held.with_variant(piece.variant) == sorted(one for one in held if one.variant == piece.variant)
    assert ONE.submission not in held


@given(sets, st.integers(0, 2**44), st.sets(st.sampled_from(("b1", "b2", "b3"))))
def test_what_lives_is_after_the_floor_and_of_no_stale_block(some, floor, stale):
    """Nothing else leaves the set; times of the first and last piece are known without reading it."""
    alive = stored(some).living(floor, stale)
    assert alive == frozenset(piece for piece in some if piece.time > floor and piece.block not in stale)
    times = [piece.time for piece in alive] or [0]
    assert (alive.first_time, alive.last_time) == (min(times), max(times))


@pytest.mark.parametrize("change", [
    {"pieces": Pieces([ONE, ONE._replace(time=1)]).to_json()["pieces"][:-8]}, {"blocks": []}, {"skills": []},
    {"pieces": "x"}, {"pieces": None}, {"pieces": "\ud800"},
])
def test_a_value_without_its_own_sum_is_read_at_once(change):
    """Damage shows when a value is read, not in the middle of a request."""
    with pytest.raises(StoredDataError):
        Pieces.from_json({**Pieces([ONE]).to_json(), **change})


def test_a_value_without_a_sum_is_evidence_all_the_same():
    """What an older version packed is read, and stored with a sum from then on."""
    packed = {key: value for key, value in Pieces([ONE]).to_json().items() if key != "sum"}
    assert Pieces.from_json(packed).to_json() == Pieces([ONE]).to_json()


def test_a_number_that_no_column_holds_is_refused():
    """Nothing is cut short silently."""
    with pytest.raises(StoredDataError, match="64 bits"):
        Columns.of([ONE._replace(variant=2**64)])


def test_a_submission_that_was_taken_twice_is_one_piece():
    """Two servers that took one submission at once wrote it with two times: the earlier stays, in whatever order."""
    first = Evidence(1000, "b1", 7, 1, 0, 5, Kind(("add",), (1, 1)))
    again, other = first._replace(time=1003), first._replace(time=1002, submission=8)
    for order in ((first, again, other), (again, other, first), (other, first, again)):
        union = Pieces()
        for piece in order:
            union |= Pieces([piece])
        assert union == (first, other)
