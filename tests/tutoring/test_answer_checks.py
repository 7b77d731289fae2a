"""Answers are tried with real numbers before a learner meets them."""

from adaptive_xblocks.tutoring.answer_checks import answer_faults, is_playable, lasting_faults, solution
from adaptive_xblocks.tutoring.answers.numeric import NumericSpec
from adaptive_xblocks.tutoring.expressions import Budget
from adaptive_xblocks.tutoring.judging import judge_step
from adaptive_xblocks.tutoring.model import (
    ERROR,
    RIGHT,
    WARNING,
    Input,
    Item,
    Step,
    Text,
    Variable,
    WrongRule,
)
from adaptive_xblocks.tutoring.variants import make_variant


def item_of(answer: str, values: str = "0..3", wrongs: tuple[WrongRule, ...] = ()) -> Item:
    """An item with one numeric input and a variable b."""
    step = Step("t", (), Text(""), (Input("answer", "numeric", NumericSpec(answer)),), wrongs=wrongs)
    return Item("i", "", (step,), Text(""), variables=(Variable("b", values=values),))


def test_a_sound_item_has_no_faults():
    """Every seed of it is playable."""
    item = item_of("b + 1")
    assert answer_faults(item, range(20)) == []
    assert lasting_faults(item, Budget(10**6)) == []
    assert all(is_playable(item, seed) for seed in range(20))


def test_numbers_that_cannot_be_judged_are_passed_over():
    """An item that divides by zero for some numbers is playable with the others, and only warned of."""
    item = item_of("1/b")
    playable = {bool(make_variant(item, seed).values["b"]): is_playable(item, seed) for seed in range(30)}
    assert playable == {True: True, False: False}
    assert {fault.level for fault in lasting_faults(item, Budget(10**6))} <= {WARNING}


def test_an_item_that_no_numbers_save_has_an_error():
    """If none of a few seeds can be judged, the item must not live."""
    assert [fault.level for fault in lasting_faults(item_of("1/0"), Budget(10**6))] == [ERROR]


def test_an_item_without_values_has_an_error():
    """Variables without a value are an error of the item."""
    assert lasting_faults(item_of("b", values="[]"), Budget(10**6))[0].level == ERROR


def test_a_wrong_answer_without_a_value_is_told():
    """A wrong rule that divides by zero is a warning with the numbers that show it."""
    [fault] = answer_faults(item_of("b", wrongs=(WrongRule((("answer", "1/b"),), line=7),)), range(30))
    assert (fault.level, fault.line, "b = 0" in str(fault.problem)) == (WARNING, 7, True)


def test_solutions_are_judged_right():
    """What simulated learners send is right."""
    item = item_of("b / 7")
    variant = make_variant(item, 3)
    assert judge_step(variant, item.steps[0], solution(variant, item.steps[0])).kind == RIGHT
