"""Golden figures of the design and what observe, trace and recall promise."""

import math
import subprocess
import sys
from fractions import Fraction

import numpy as np
import pytest

from adaptive_xblocks.mastery import (
    BktParameters,
    observe,
    observe_jointly,
    predict_correct,
    predict_correct_jointly,
    recall,
    trace,
)

SKILL = BktParameters()


def near(expected):
    """Equal to the six decimals that the design prints."""
    return pytest.approx(expected, abs=5.1e-7)


def test_golden_trace():
    """The trace of the design's answers is the design's, to six decimals."""
    expected = [0.3, 0.692683, 0.297833, 0.690587, 0.918505, 0.982598]
    assert list(trace([1, 0, 1, 1, 1], SKILL)) == near(expected)


@pytest.mark.parametrize(("help", "expected"), [(0, 0.692683), (0.5, 0.398353), (1, 0.258824)])
def test_golden_right_answers(help, expected):
    """A right answer counts for less the more help was seen."""
    assert observe(0.3, 1, SKILL, help=help) == near(expected)


@pytest.mark.parametrize(("help", "expected"), [(0, 0.145763), (0.5, 0.156785), (1, 0.258824)])
def test_golden_wrong_answers(help, expected):
    """A wrong answer counts for less the more help was seen."""
    assert observe(0.3, 0, SKILL, help=help) == near(expected)


def test_golden_partial_credit():
    """Half the credit is half way between a right and a wrong answer."""
    assert observe(0.3, Fraction(1, 2), SKILL) == near(0.419223)
    assert observe(0.3, 0.5, SKILL) == pytest.approx((observe(0.3, 1, SKILL) + observe(0.3, 0, SKILL)) / 2)


@pytest.mark.parametrize("start", [0.0, 0.3, 0.9, 0.999])
def test_copying_every_bottom_out_settles_low(start):
    """Whoever copies every bottom-out ends at learn / (1 - help_odds), far from mastery."""
    p_known = start
    for _ in range(200):
        p_known = observe(p_known, 1, SKILL, help=1)
    assert p_known == pytest.approx(0.2, abs=1e-9)


def test_golden_joint_figures():
    """A step with two skills is predicted and observed as the design prints."""
    both = [SKILL, SKILL]
    assert predict_correct_jointly([0.6, 0.3], both) == near(0.326)
    assert observe_jointly([0.6, 0.3], 1, both) == near((0.767194, 0.592590))
    assert observe_jointly([0.6, 0.3], 0, both) == near((0.549587, 0.211776))


def test_joint_posterior_is_that_of_the_whole_table():
    """Marginals equal those of summing over every combination of known and unknown skills."""
    p_knowns, help = (0.6, 0.3, 0.8), 0.4
    skills = (SKILL, BktParameters(slip=0.2, help_odds=0.7), BktParameters(guess=0.1, learn=0.3, forget=0.05))
    asked = [p / (1 - p) * skill.help_odds**help for p, skill in zip(p_knowns, skills, strict=True)]
    asked = [odds / (1 + odds) for odds in asked]
    guess = 0.1 + help * (1 - 0.2 - 0.1)
    total, known = 0.0, [0.0] * 3
    for states in np.ndindex(2, 2, 2):
        mass = math.prod(p if state else 1 - p for p, state in zip(asked, states, strict=True))
        mass *= (1 - 0.2) if all(states) else guess
        total += mass
        known = [k + mass * state for k, state in zip(known, states, strict=True)]
    for after, k, skill in zip(observe_jointly(p_knowns, 1, skills, help), known, skills, strict=True):
        p, learn = k / total, 1 - (1 - skill.learn) ** (1 / 3)
        assert after == pytest.approx(p * (1 - skill.forget) + (1 - p) * learn)


def test_chance_is_the_floor_of_the_guess():
    """A choice of two is guessed half the time, however rarely the skill is guessed otherwise."""
    assert predict_correct(0.0, SKILL, chance=0.5) == 0.5
    assert predict_correct(0.0, SKILL, chance=0.1) == 0.2
    assert predict_correct(0.0, SKILL, chance=0.5, difficulty=3) == 0.5


def test_difficulty_shifts_guess_and_slip_by_logits():
    """An item harder by one logit is guessed less and slipped more, by one logit each."""
    guess = 1 / (1 + math.exp(-(math.log(0.2 / 0.8) - 1)))
    slip = 1 / (1 + math.exp(-(math.log(0.1 / 0.9) + 1)))
    assert predict_correct(0.0, SKILL, difficulty=1) == pytest.approx(guess)
    assert predict_correct(1.0, SKILL, difficulty=1) == pytest.approx(1 - slip)


def test_an_answer_that_nothing_distinguishes_tells_nothing():
    """Where chance and slip leave no room, right and wrong move the estimate alike."""
    right, wrong = (observe(0.3, c, SKILL, chance=0.95) for c in (1, 0))
    assert right == pytest.approx(wrong)


@pytest.mark.parametrize("p_known", [0.0, 1.0])
@pytest.mark.parametrize("correct", [0, 1, 0.5])
def test_an_impossible_answer_only_makes_the_transition(p_known, correct):
    """With guess and slip of 0 certainty is not divided by zero: it stays, and the transition follows."""
    certain = BktParameters(guess=0, slip=0, forget=0.05)
    assert observe(p_known, correct, certain) == pytest.approx(p_known * 0.95 + (1 - p_known) * 0.1)


@pytest.mark.parametrize(
    "change",
    [{"p_known": 1.1}, {"p_known": math.nan}, {"correct": 2}, {"correct": math.nan}, {"correct": -0.1},
     {"help": 1.5}, {"help": math.nan}, {"chance": 2.0}, {"chance": math.nan}, {"difficulty": math.nan}],
)  # fmt: skip
def test_values_out_of_range_are_refused(change):
    """A probability, credit or share outside [0, 1], or NaN, is an error and never a figure."""
    values = {"p_known": 0.3, "correct": 1, "parameters": SKILL} | change
    with pytest.raises(ValueError, match="must be"):
        observe(**values)
    joint = values | {"p_knowns": [values.pop("p_known"), 0.5], "parameters_list": [SKILL, SKILL]}
    joint = {name: value for name, value in joint.items() if name not in ("p_known", "parameters")}
    with pytest.raises(ValueError, match="must be"):
        observe_jointly(**joint)


@pytest.mark.parametrize("change", [{"correct": "1"}, {"correct": None}, {"p_known": "0.3"}, {"help": "1"}])
def test_what_is_no_number_is_refused(change):
    """Text and None are type errors."""
    with pytest.raises(TypeError):
        observe(**({"p_known": 0.3, "correct": 1, "parameters": SKILL} | change))


def test_joint_calls_need_skills_in_pairs():
    """No skill, or fewer parameters than probabilities, is an error that says what was got."""
    with pytest.raises(ValueError, match="at least one skill, got 0 and 0"):
        predict_correct_jointly([], [])
    with pytest.raises(ValueError, match="got 2 and 1"):
        observe_jointly([0.3, 0.4], 1, [SKILL])


def test_trace_of_nothing_is_the_prior():
    """Without answers a trace holds the prior alone."""
    assert trace([], BktParameters(prior=0.4)).tolist() == [0.4]


def test_recall_halves_by_the_half_life():
    """Mastery fades to half in one half-life, not at all at once or with a clock set back."""
    assert recall(0.8, 30, 30) == pytest.approx(0.4)
    assert recall(0.8, 0, 30) == recall(0.8, -5, 30) == recall(0.8, math.inf, math.inf) == 0.8
    assert recall(0.8, math.inf, 30) == 0.0


@pytest.mark.parametrize(("p_known", "days", "half_life"), [(0.5, 1, 0), (0.5, math.nan, 1), (2, 1, 1)])
def test_recall_refuses_nonsense(p_known, days, half_life):
    """A half-life of 0, a time that is no number and a probability above 1 are errors."""
    with pytest.raises(ValueError, match="must be"):
        recall(p_known, days, half_life)


def test_answering_does_not_load_numpy():
    """Importing the house and observing an answer leaves numpy out of the process."""
    program = (
        "import sys; from adaptive_xblocks import mastery as m; p = m.BktParameters(); m.observe(0.3, 1, p);"
        "m.observe_jointly([0.3, 0.5], 1, [p, p], 0.5); m.percentile_of_opportunities(p);"
        "sys.exit('numpy' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
