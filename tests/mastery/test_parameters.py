"""Parameters of a skill: their defaults, their faults, what is stored of them."""

import math
from dataclasses import FrozenInstanceError

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adaptive_xblocks.mastery import BktParameters
from tests.mastery.strategies import parameters


def test_defaults_are_the_designs():
    """A skill of which nothing is said has the defaults of the design."""
    assert BktParameters() == BktParameters(0.3, 0.1, 0.2, 0.1, 0.0, 0.5)


def test_every_fault_is_reported_at_once():
    """All faulty values are named in one error, each with its value and its bound."""
    with pytest.raises(ValueError) as caught:
        BktParameters(prior=1.5, learn=-0.1, guess=0.6, slip=0.5, forget=math.nan)
    message = str(caught.value)
    parts = ("prior must be between 0 and 1, got 1.5", "learn", "got -0.1", "forget", "nan", "got 0.6 + 0.5")
    for part in parts:
        assert part in message


@pytest.mark.parametrize("value", ["0.2", None, True, 1j, math.inf, [0.2]])
def test_what_is_no_probability_is_refused(value):
    """Text, nothing, a yes, complex numbers and infinity are no probabilities."""
    with pytest.raises(ValueError, match="guess must be"):
        BktParameters(guess=value)


@pytest.mark.parametrize(("guess", "slip"), [(0.5, 0.5), (0.9, 0.1), (0.7, 0.3), (1, 0)])
def test_guess_and_slip_stay_below_one(guess, slip):
    """Guess and slip of 1 together are refused, also where floats add up to a little less."""
    with pytest.raises(ValueError, match=r"guess \+ slip must be below 1"):
        BktParameters(guess=guess, slip=slip)


def test_learn_and_forget_may_reach_one_but_not_more():
    """A transition that turned knowing into not knowing and back is refused."""
    assert BktParameters(learn=0.3, forget=0.7).forget == 0.7
    with pytest.raises(ValueError, match=r"learn \+ forget must be at most 1"):
        BktParameters(learn=0.8, forget=0.3)


def test_help_odds_of_zero_are_refused():
    """Help that made knowing impossible is refused with what to write instead."""
    with pytest.raises(ValueError, match="help_odds must be above 0, got 0: write"):
        BktParameters(help_odds=0)


def test_parameters_cannot_be_changed():
    """Parameters are a frozen, hashable value."""
    skill = BktParameters()
    with pytest.raises(FrozenInstanceError):
        skill.guess = 0.9
    assert {skill: 1}[BktParameters()] == 1


@given(parameters())
def test_differences_rebuild_the_parameters(skill):
    """What differs from the defaults is enough to build the same parameters again."""
    assert BktParameters(**skill.differences()) == skill


@given(st.floats(0.01, 0.99))
def test_differences_hold_only_what_differs(prior):
    """A value equal to its default is not among the differences."""
    expected = {} if prior == 0.3 else {"prior": prior}
    assert BktParameters(prior=prior).differences() == expected
