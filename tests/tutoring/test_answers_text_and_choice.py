"""Texts are compared as people mean them; choices betray nothing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adaptive_xblocks.tutoring.answers import answer_type
from adaptive_xblocks.tutoring.answers.choice import ChoiceSpec, Option
from adaptive_xblocks.tutoring.answers.text import TextSpec
from adaptive_xblocks.tutoring.model import RIGHT, UNREAD, WRONG, Item, Text, Variable
from adaptive_xblocks.tutoring.variants import make_variant

CHOICE, TEXT = answer_type("choice"), answer_type("text")
ITEM = Item("i", "", (), Text(""), variables=(Variable("b", values="3"),))
VARIANT = make_variant(ITEM, 0)


def choice_of(correct: int, count: int = 4, path: str = "i/s/a", keep_order: bool = False) -> ChoiceSpec:
    """A choice of `count` options, of which one is correct."""
    options = tuple(Option(f"o{n}", Text(f"option {n}"), correct=n == correct) for n in range(1, count + 1))
    return ChoiceSpec(options, keep_order, path)


@pytest.mark.parametrize(("raw", "kind"), [
    ("denominator", RIGHT), (" Denominator ", RIGHT), ("DENOMINATOR", RIGHT),
    ("the  bottom\u00a0number", RIGHT),
    ("deno\u00adminator", RIGHT),
    ("ｄｅｎｏｍｉｎａｔｏｒ", RIGHT), ("numerator", WRONG), ("denominators", WRONG),
])  # fmt: skip
def test_case_space_and_width_do_not_matter(raw, kind):
    """Any accepted text counts after folding."""
    spec = TextSpec((Text("denominator"), Text("the bottom number")))
    assert TEXT.judge(spec, VARIANT, raw).kind == kind


@pytest.mark.parametrize(("spec", "raw", "kind"), [
    (TextSpec((Text("Nenner"),), fold_case=False), "nenner", WRONG),
    (TextSpec((Text("Nenner"),), fold_case=False), "Nenner", RIGHT),
    (TextSpec((Text("café"),)), "cafe", WRONG), (TextSpec((Text("café"),)), "cafe\u0301", RIGHT),
    (TextSpec((Text("café"),), accents="ignore"), "CAFE", RIGHT),
    (TextSpec((Text("{@b@} parts"),)), "3 parts", RIGHT), (TextSpec((Text("$1.79"),)), "$1.79", RIGHT),
    (TextSpec((Text("50%"),)), "50%", RIGHT), (TextSpec((Text("a &lt; b"),)), "a < b", RIGHT),
    (TextSpec((Text("straße"),)), "STRASSE", RIGHT),
])  # fmt: skip
def test_authors_say_what_else_is_ignored(spec, raw, kind):
    """Case and accents count as the author says; expressions and signs stand for themselves."""
    assert TEXT.judge(spec, VARIANT, raw).kind == kind


def test_a_very_long_text_is_not_read():
    """More than five hundred characters are no answer, and the sentence says so."""
    verdict = TEXT.judge(TextSpec((Text("a"),)), VARIANT, "a" * 501)
    assert (verdict.kind, "500" in str(verdict.message)) == (UNREAD, True)


@given(seed=st.integers(0, 10_000), correct=st.integers(1, 4), other=st.integers(1, 4))
def test_the_view_does_not_depend_on_the_key(seed, correct, other):
    """Two choices that differ only in which option is correct look the same."""
    variant = make_variant(ITEM, seed)
    assert CHOICE.view(choice_of(correct), variant) == CHOICE.view(choice_of(other), variant)


def test_the_right_option_comes_at_every_position_alike():
    """Over many seeds no position is the better guess."""
    positions = [CHOICE.solve(choice_of(1), make_variant(ITEM, seed)) for seed in range(800)]
    assert all(160 < positions.count(handle) < 240 for handle in "1234")


def test_two_choices_of_one_step_have_orders_of_their_own():
    """The order of one choice says nothing about that of another."""
    orders = {
        (CHOICE.solve(choice_of(1), make_variant(ITEM, seed)),
         CHOICE.solve(choice_of(1, path="i/s/b"), make_variant(ITEM, seed)))
        for seed in range(200)
    }  # fmt: skip
    assert len(orders) == 16


def test_an_author_keeps_the_order():
    """With keep_order the options stand as written."""
    view = CHOICE.view(choice_of(2, keep_order=True), VARIANT)
    assert [option["html"] for option in view["options"]] == [f"option {n}" for n in range(1, 5)]


def test_the_order_of_a_seed_never_changes():
    """The order is part of what was asked, so it is the same in every version of Python."""
    view = CHOICE.view(choice_of(1), make_variant(ITEM, 7))
    assert [option["html"][-1] for option in view["options"]] == ["3", "4", "2", "1"]


def test_options_that_look_alike_are_shown_once():
    """With numbers that make two options equal, the learner sees one, and it is right if either is."""
    options = (Option("a", Text("{@b@}")), Option("b", Text("3"), correct=True), Option("c", Text("4")))
    spec = ChoiceSpec(options, True, "p")
    assert len(CHOICE.view(spec, VARIANT)["options"]) == 2
    assert CHOICE.judge(spec, VARIANT, "1").kind == RIGHT


@pytest.mark.parametrize("raw", ["0", "5", "o1", "option 1", " 1", "１", 1, -1])
def test_only_a_handle_chooses(raw):
    """What is no position of an option is not read."""
    assert CHOICE.judge(choice_of(1), VARIANT, raw).kind == UNREAD


def test_the_value_is_the_option_for_staff():
    """What is kept of a choice is the option's id, whatever its position was."""
    spec = choice_of(2)
    assert CHOICE.judge(spec, VARIANT, CHOICE.solve(spec, VARIANT)).value == "o2"


@pytest.mark.parametrize(("correct", "chance"), [(1, 5), (2, 2), (3, 2)])
def test_several_right_options_raise_the_chance(correct, chance):
    """Five options of which two are right count as one in two, and no choice as a certainty."""
    options = tuple(Option(f"o{n}", Text(f"{n}"), correct=n <= correct) for n in range(1, 6))
    assert CHOICE.chance(ChoiceSpec(options, False, "p")) == chance
