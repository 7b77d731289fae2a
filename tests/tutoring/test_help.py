"""Help comes one piece at a time, in an order that respects what each piece waits for."""

from hypothesis import given
from hypothesis import strategies as st

from adaptive_xblocks.tutoring.help import help_state, share
from adaptive_xblocks.tutoring.model import Help, Step, Text


def step_of(*pieces: Help) -> Step:
    """A step with that help."""
    return Step("t", (), Text(""), (), help=pieces)


def hint(piece_id: str, *after: str, bottom_out: bool = False) -> Help:
    """A hint."""
    return Help(piece_id, "hint", Text(piece_id), after, bottom_out)


LADDER = step_of(hint("a"), hint("b", "c"), hint("c"), hint("z", bottom_out=True))


def test_pieces_come_in_an_order_that_respects_after():
    """The next piece is the first in the document whose forerunners were shown."""
    shown = []
    while (state := help_state(LADDER, shown)).next:
        shown.append(state.next.id)
    assert shown == ["a", "c", "b", "z"]


def test_the_state_says_how_much_is_left():
    """The count includes the next piece, and the bottom-out is announced before it is shown."""
    state = help_state(LADDER, ["a", "b", "c"])
    assert (state.n_left, state.next_is_bottom_out) == (1, True)
    assert help_state(LADDER, ["a"]).next_is_bottom_out is False


def test_a_step_without_help_has_none():
    """No help is no crash."""
    assert help_state(step_of(), ["a"]).next is None
    assert share(["a"], step_of()) == (0, 0)


def test_pieces_that_wait_for_nothing_real_are_given_in_the_end():
    """A learner is never left without the help that exists."""
    assert help_state(step_of(hint("a", "zz")), []).next.id == "a"


def test_the_share_counts_what_was_seen():
    """The share is exact, and ids that the step does not know are not counted."""
    assert share(["a", "b", "other"], LADDER) == (2, 4)


def test_the_bottom_out_tells_all():
    """After the bottom-out the share is one, whatever else was skipped."""
    assert share(["z"], LADDER) == (1, 1)


@given(st.lists(st.lists(st.integers(0, 7), max_size=3), min_size=1, max_size=8))
def test_every_piece_is_shown_once_whatever_the_graph(graph):
    """Asking again and again shows each piece exactly once, even if they wait for each other."""
    step = step_of(*(hint(f"h{n}", *(f"h{other}" for other in after)) for n, after in enumerate(graph)))
    shown = []
    for left in range(len(graph), 0, -1):
        state = help_state(step, shown)
        assert state.n_left == left
        shown.append(state.next.id)
    assert sorted(shown) == [piece.id for piece in step.help]
    assert help_state(step, shown).next is None
