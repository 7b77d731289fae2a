"""Is it knowledge or luck? A sequential test of a learner's answers on one skill.

Two stories are told of the same answers (Wald 1945, "Sequential tests of statistical hypotheses", Annals of
Mathematical Statistics 16). *Learning*: the learner follows the skill's parameters, knows it from the start with
probability `prior` or comes to know it after an answer with probability `learn`, and from then on is right with
1 - slip. *Luck*: the learner never knows it and is right with the guess in force. `against_luck`, the likelihood of
the first story in units of the second, is kept as two parts: `learnt`, of the ways in which the skill is known by now,
and `unlearnt`, of the one in which it is not yet.

* For somebody who only guesses it reaches a bound A at any time, however long they go on, with probability at most
  1 / A (Ville's inequality); where it does, luck is refuted. `meets_mastery` asks for that.
* For somebody who does follow the parameters it falls to 1 / B at any time with probability at most 1 / B; where it
  does, learning is refuted. `is_stuck` asks for that.

Only full credit counts as right here, since half of an answer is often had for nothing. Asking for help multiplies
`learnt` as it does the odds of knowing. The luck is never less than the skill's guess, nor than LEAST_LUCK: an item's
difficulty can make it easier to be right without knowing, but no blind guess worse. On a step with several skills the
others count as known with the probability that they are.
"""

from __future__ import annotations

from functools import lru_cache

from adaptive_xblocks.mastery.parameters import BktParameters
from adaptive_xblocks.mastery.tracing import guess_and_slip

LEAST_LUCK = 0.05
_PARTS = 1e6  # finer than that the weights are not kept, so that they are short to store
_MOST = 1e9  # what is sure need not become surer, and must not become infinite

#: `learnt` and `unlearnt`; see the module's text.
Weights = tuple[float, float]


@lru_cache(maxsize=4096)
def luck_and_slip(guess: float, slip: float, chance: float, difficulty: float) -> tuple[float, float]:
    """The luck and the slip in force on an item; see the module's text. Their sum is at most 1."""
    in_force, slip = guess_and_slip(guess, slip, chance, difficulty)
    luck = max(in_force, guess, LEAST_LUCK)
    return luck, min(slip, 1.0 - luck)


def weigh(
    weights: Weights, is_right: bool, luck: float, slip: float, learn: float, asked: float = 1.0, help: float = 0.0,
    others: float = 1.0,
) -> Weights:
    """The weights after one answer.

    `luck` and `slip` are those in force, `asked` is what the odds of knowing are multiplied by for the share `help` of
    help that was seen, `others` the probability in [0, 1] that the step's other skills are known.

    >>> weigh((0.25, 0.75), True, 0.25, 0.0, 0.5)
    (1.375, 0.375)
    """
    learnt, unlearnt = weights
    if help:
        learnt *= asked
        luck = luck * (1.0 - help) + (1.0 - slip) * help
    right = others * (1.0 - slip) + (1.0 - others) * luck
    if is_right:
        learnt *= right / luck
    elif luck < 1.0:
        learnt *= (1.0 - right) / (1.0 - luck)
    moved = unlearnt * learn
    learnt = min(learnt + moved, _MOST)
    return int(learnt * _PARTS + 0.5) / _PARTS, int((unlearnt - moved) * _PARTS + 0.5) / _PARTS


def weights_of(p_known: float, opportunities: int, parameters: BktParameters) -> Weights:
    """The weights where only an estimate is left of the answers: what they would be had each been on a step of this
    skill alone, of average difficulty, with full or no credit."""
    unlearnt = (1.0 - parameters.prior) * (1.0 - parameters.learn) ** opportunities
    return min(unlearnt * p_known / max(1.0 - p_known, 1e-9), _MOST), unlearnt
