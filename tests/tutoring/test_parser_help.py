"""Whatever graph an author draws, the help that lives can be shown to its end."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adaptive_xblocks.tutoring.help import help_state
from adaptive_xblocks.tutoring.model import Step
from adaptive_xblocks.tutoring.parser import parse_document
from adaptive_xblocks.tutoring.reading import split_list

SCAFFOLD = '<scaffold id="{}" {}><prompt>?</prompt><numeric answer="1"/></scaffold>'


def step_with(help_source: str) -> Step | None:
    """The step with that help; None if the item was left out."""
    text = (
        '<hint_tutor><skill id="s" name="S"/><item id="i"><step id="t" skills="s"><numeric answer="1"/>'
        f"{help_source}</step></item></hint_tutor>"
    )
    item = parse_document(text).items.get("i")
    return item.steps[0] if item else None


def shown_in_order(step: Step) -> list[str]:
    """The ids of the help in the order in which a learner who asks on and on gets it."""
    shown: list[str] = []
    while piece := help_state(step, shown).next:
        shown.append(piece.id)
    return shown


def test_help_without_after_comes_as_written():
    """Document order is the order of release; ids are numbered."""
    assert shown_in_order(step_with("<hint>a</hint><hint>b</hint><hint>c</hint>")) == ["h1", "h2", "h3"]


def test_several_forerunners_are_waited_for():
    """A piece that names two others comes after both."""
    step = step_with('<hint id="c" after="a, b">c</hint><hint id="a">a</hint><hint id="b">b</hint>')
    assert shown_in_order(step) == ["a", "b", "c"]


def test_scaffolds_stand_in_the_same_order():
    """A scaffold takes its place among the hints."""
    step = step_with('<hint id="a">a</hint>' + SCAFFOLD.format("q", 'after="a"') + '<hint id="b">b</hint>')
    assert [(piece.id, piece.kind) for piece in step.help] == [
        ("a", "hint"),
        ("q", "scaffold"),
        ("b", "hint"),
    ]


def test_the_bottom_out_is_moved_to_the_end():
    """Help after the bottom-out is given before it, even if it waits for it."""
    step = step_with('<hint id="z" bottom_out="true">z</hint><hint id="a" after="z">a</hint>')
    assert shown_in_order(step) == ["a", "z"]
    assert [piece.bottom_out for piece in step.help] == [False, True]


def test_scaffolds_inside_hints_come_after_them():
    """Help below a hint may ask, and may hold help of its own below."""
    inner = SCAFFOLD.format("q", "")
    step = step_with(f'<hint id="a">a{inner}<hint id="b">b<hint id="c">c</hint></hint></hint>')
    assert [(piece.id, piece.after) for piece in step.help] == [
        ("a", ()),
        ("q", ("a",)),
        ("b", ("a",)),
        ("c", ("b",)),
    ]
    assert step.help[2].text.source == "b"


@given(st.lists(st.tuples(st.lists(st.integers(0, 6), max_size=2), st.booleans()), min_size=1, max_size=6))
def test_living_help_respects_every_forerunner(graph):
    """A graph with a cycle leaves the item out; in every other each piece comes after those that it names."""
    hint = '<hint id="p{}" after="{}" bottom_out="{}">x</hint>'
    step = step_with(
        "".join(
            hint.format(n, " ".join(f"p{other}" for other in after), str(last).lower())
            for n, (after, last) in enumerate(graph)
        )
    )
    if step is None:
        return
    order = shown_in_order(step)
    assert sorted(order) == [f"p{n}" for n in range(len(graph))]
    assert all(order.index(name) < order.index(piece.id) for piece in step.help for name in piece.after)
    assert [piece.bottom_out for piece in step.help][:-1] == [False] * (len(graph) - 1)


@pytest.mark.parametrize(("source", "parts"), [
    ("1, 2", ["1", "2"]), ("gcd(a, b), 3", ["gcd(a, b)", "3"]), ("[1, 2], 3", ["[1, 2]", "3"]), ("1", ["1"]),
    ("'a, b', \"c, d\"", ["'a, b'", '"c, d"']), ("1,", ["1", ""]), ("", [""]), (")a,b(", [")a,b("]),
])  # fmt: skip
def test_lists_are_cut_at_their_own_commas(source, parts):
    """Commas inside brackets and quotation marks belong to the part that they stand in."""
    assert split_list(source) == parts
