"""Bayesian knowledge tracing, one observation at a time, in plain floats.

The model (Corbett & Anderson 1995, "Knowledge tracing", UMUAI 4): a skill is known or not; an answer is right
with probability 1 - slip if it is known and guess if not; after the answer an unknown skill becomes known
with probability learn, a known one is lost with probability forget.

An update has three parts, in this order:

1. help, a share h in [0, 1]: the odds of knowing are multiplied by `help_odds ** h` (asking tells something),
   then the guess becomes `g + h * (1 - s - g)`, so that a fully helped answer tells nothing more;
2. the answer: Bayes' rule; partial credit c gives `c * posterior(right) + (1 - c) * posterior(wrong)`. An
   answer that the model holds to be impossible leaves the estimate as it is;
3. the transition: `p * (1 - forget) + (1 - p) * learn`.

The item shifts the guess and the slip: difficulty d in logits (0 = the skill's average, positive = harder)
gives `logit(g) - d` and `logit(s) + d` (d counts as at most 10 either way), which keeps g + s below 1 and
leaves a guess or slip of 0 at 0. The answer type's chance (1 / options) is a floor of the shifted guess: no
difficulty makes a coin fall less often. Where that floor and the slip come to more than 1 the slip is cut to
1 - g, and the answer tells nothing.

Several skills on one step answer as a noisy AND (conjunctive model with one guess and slip per step: DINA,
Junker & Sijtsma 2001, "Cognitive assessment models with few assumptions", Applied Psychological Measurement
25): with all of them known it is right with 1 - slip, else with guess, where guess is the lowest and slip the
highest of the skills'. With w the posterior that all are known, each skill gets its marginal
`w + (1 - w) * (p - p_all) / (1 - p_all)`, then the transition with
`1 - (1 - learn) ** (1 / k)`: one answer is one opportunity, shared by its k skills.

Inputs are never changed. A probability, credit or share outside [0, 1] or NaN is a ValueError, something that
is no number a TypeError. `correct` may be a bool or any real number, `fractions.Fraction` included.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from math import exp, inf, prod
from typing import TYPE_CHECKING

from adaptive_xblocks.mastery.parameters import BktParameters

if TYPE_CHECKING:
    import numpy as np

MOST_DIFFICULT = 10.0  # logits


def predict_correct(
    p_known: float, parameters: BktParameters, chance: float = 0.0, difficulty: float = 0.0
) -> float:
    """Probability in [0, 1] that the next answer, given without help, is right.

    >>> round(predict_correct(0.3, BktParameters()), 6)
    0.41
    """
    if not 0.0 <= p_known <= 1.0:
        raise _out_of_range("p_known", p_known)
    guess, slip = guess_and_slip(parameters.guess, parameters.slip, chance, difficulty)
    return p_known * (1.0 - slip) + (1.0 - p_known) * guess


def observe(
    p_known: float,
    correct: float,
    parameters: BktParameters,
    help: float = 0.0,
    chance: float = 0.0,
    difficulty: float = 0.0,
) -> float:
    """Probability in [0, 1] that the skill is known after one answer.

    `correct` is the credit in [0, 1] (1 right, 0 wrong), `help` the share of help seen before the answer,
    `chance` the success of blind guessing at this answer type, `difficulty` the item's in logits.

    >>> round(observe(0.3, 1, BktParameters()), 6)
    0.692683
    """
    if not 0.0 <= p_known <= 1.0:
        raise _out_of_range("p_known", p_known)
    guess = parameters.guess
    slip = parameters.slip
    if chance or difficulty:
        guess, slip = guess_and_slip(guess, slip, chance, difficulty)
    if help:
        p_known = _after_asking(p_known, parameters.help_odds, help)
        guess, no_guess = _helped(guess, slip, help)
    else:
        no_guess = 1.0 - guess
    if correct == 1:
        known = p_known * (1.0 - slip)
        total = known + (1.0 - p_known) * guess
    elif correct == 0:
        known = p_known * slip
        total = known + (1.0 - p_known) * no_guess
    else:
        known = _all_known(p_known, correct, guess, no_guess, slip)
        total = 1.0
    if total > 0.0:
        p_known = known / total
    return p_known * (1.0 - parameters.forget) + (1.0 - p_known) * parameters.learn


def predict_correct_jointly(
    p_knowns: Sequence[float],
    parameters_list: Sequence[BktParameters],
    chance: float = 0.0,
    difficulty: float = 0.0,
) -> float:
    """Probability in [0, 1] that a step which needs all these skills is answered rightly without help.

    The order of the skills does not matter. ValueError if there is none or the lengths differ.
    """
    guess, slip = _joint_guess_and_slip(p_knowns, parameters_list, chance, difficulty)
    p_all = _product(p_knowns)
    return p_all * (1.0 - slip) + (1.0 - p_all) * guess


def observe_jointly(
    p_knowns: Sequence[float],
    correct: float,
    parameters_list: Sequence[BktParameters],
    help: float = 0.0,
    chance: float = 0.0,
    difficulty: float = 0.0,
) -> tuple[float, ...]:
    """Probabilities that each skill is known after one answer on a step that needs all of them.

    For a single skill this is `observe`, to the last bit. ValueError if there is no skill or the lengths
    differ.
    """
    guess, slip = _joint_guess_and_slip(p_knowns, parameters_list, chance, difficulty)
    if len(p_knowns) == 1:
        return (observe(p_knowns[0], correct, parameters_list[0], help, chance, difficulty),)
    if help:
        pairs = zip(p_knowns, parameters_list, strict=True)
        p_knowns = [_after_asking(p_known, skill.help_odds, help) for p_known, skill in pairs]
        guess, no_guess = _helped(guess, slip, help)
    else:
        no_guess = 1.0 - guess
    p_all = _product(p_knowns)
    all_known = _all_known(p_all, correct, guess, no_guess, slip)
    share = 1.0 / len(p_knowns)
    after = []
    for p_known, skill in zip(p_knowns, parameters_list, strict=True):
        # If not all are known the answer does not tell which one is missing.
        among_missing = (p_known - p_all) / (1.0 - p_all) if p_all < 1.0 else 1.0
        p = all_known + (1.0 - all_known) * among_missing
        learn = 1.0 - (1.0 - skill.learn) ** share
        after.append(p * (1.0 - skill.forget) + (1.0 - p) * learn)
    return tuple(after)


def trace(correct: Sequence[float], parameters: BktParameters) -> np.ndarray:
    """Probabilities of knowing before the first and after each of n unaided answers: shape (n + 1,).

    >>> trace([1, 0], BktParameters()).round(6).tolist()
    [0.3, 0.692683, 0.297833]
    """
    import numpy as np

    p_known = float(parameters.prior)
    values = [p_known]
    for credit in correct:
        p_known = observe(p_known, credit, parameters)
        values.append(p_known)
    return np.array(values)


def recall(p_known: float, days: float, half_life: float) -> float:
    """Mastery as it may have faded: `p_known * 2 ** (-days / half_life)`, both in days.

    Exponential forgetting with a half-life (Settles & Meeder 2016, "A trainable spaced repetition model"). A
    negative time (a clock that was set back) fades nothing. ValueError unless the half-life is above 0. For
    review only; it is never stored.
    """
    if not 0.0 <= p_known <= 1.0:
        raise _out_of_range("p_known", p_known)
    if not half_life > 0.0:
        raise ValueError(f"half_life must be above 0 days, got {half_life}: give e.g. 30")
    if days != days:
        raise ValueError("days must be a number, got NaN: pass the days since the last answer")
    if days == inf:
        return 0.0 if half_life < inf else p_known
    return p_known * 2.0 ** (-max(days, 0.0) / half_life)


@lru_cache(maxsize=4096)
def guess_and_slip(guess: float, slip: float, chance: float, difficulty: float) -> tuple[float, float]:
    """The guess and slip in force on an item; see the module's text. Their sum is at most 1."""
    if difficulty:
        guess, slip = _shifted(guess, -difficulty), _shifted(slip, difficulty)
    if chance:
        if not 0.0 <= chance <= 1.0:
            raise _out_of_range("chance", chance)
        guess = max(guess, chance)
    return guess, min(slip, 1.0 - guess)


def _shifted(probability: float, logits: float) -> float:
    """The probability moved by that many logits; 0 and 1 stay where they are."""
    if logits != logits:
        raise ValueError("difficulty must be a number of logits, got NaN: write e.g. 0.4")
    if not 0.0 < probability < 1.0:
        return probability
    # Further out 1 - slip would round to 0 while the guess does not: a right answer would speak against it.
    logits = max(-MOST_DIFFICULT, min(MOST_DIFFICULT, logits))
    return 1.0 / (1.0 + exp(-logits) * (1.0 - probability) / probability)


def _after_asking(p_known: float, help_odds: float, help: float) -> float:
    """The probability of knowing once it is seen that the learner took that share of help."""
    if not 0.0 <= help <= 1.0:
        raise _out_of_range("help", help)
    asked = p_known * help_odds**help
    return asked / (asked + (1.0 - p_known))


def _helped(guess: float, slip: float, help: float) -> tuple[float, float]:
    """The guess after that share of help and its complement, which must not round to 0 before the slip."""
    unhelped = 1.0 - help
    return guess * unhelped + (1.0 - slip) * help, (1.0 - guess) * unhelped + slip * help


def _all_known(p_all: float, correct: float, guess: float, no_guess: float, slip: float) -> float:
    """Posterior that all skills of a step are known, after an answer of that credit."""
    if not 0.0 <= correct <= 1.0:
        raise _out_of_range("correct", correct)
    right = wrong = p_all
    p_right = p_all * (1.0 - slip) + (1.0 - p_all) * guess
    p_wrong = p_all * slip + (1.0 - p_all) * no_guess
    if p_right > 0.0:
        right = p_all * (1.0 - slip) / p_right
    if p_wrong > 0.0:
        wrong = p_all * slip / p_wrong
    return correct * right + (1 - correct) * wrong


def _joint_guess_and_slip(
    p_knowns: Sequence[float], parameters_list: Sequence[BktParameters], chance: float, difficulty: float
) -> tuple[float, float]:
    """The step's guess (lowest) and slip (highest of its skills) in force, after the inputs were checked."""
    if not p_knowns or len(p_knowns) != len(parameters_list):
        raise ValueError(
            f"a step needs one p_known and one BktParameters per skill and at least one skill, "
            f"got {len(p_knowns)} and {len(parameters_list)}"
        )
    for p_known in p_knowns:
        if not 0.0 <= p_known <= 1.0:
            raise _out_of_range("p_known", p_known)
    guess = min(skill.guess for skill in parameters_list)
    slip = max(skill.slip for skill in parameters_list)
    return guess_and_slip(guess, slip, chance, difficulty)


def _product(p_knowns: Sequence[float]) -> float:
    """Probability that all are known. Sorted, so that rounding does not depend on the order of the skills."""
    return prod(sorted(p_knowns))


def _out_of_range(name: str, value: object) -> ValueError:
    return ValueError(f"{name} must be between 0 and 1, got {value}: pass a probability or a share")
