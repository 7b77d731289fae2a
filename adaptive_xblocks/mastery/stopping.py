"""When to stop practising a skill: mastered, or stuck."""

from __future__ import annotations

from functools import lru_cache
from math import exp, inf, log

from adaptive_xblocks.mastery.luck import weights_of
from adaptive_xblocks.mastery.parameters import BktParameters
from adaptive_xblocks.mastery.skill_state import RECENT, SkillState
from adaptive_xblocks.mastery.tracing import observe, predict_correct

MAX_OPPORTUNITIES = 100  # nobody is asked for more before a person is called
#: Right this often running, from the first answer on, is enough whatever the chance of it.
STRAIGHT = 6
#: One in so many of the learners who follow a skill's parameters may be called stuck on it.
RARELY = 400.0
#: The same where a skill that comes first is stuck: what rests on it is not learnt without it.
SELDOM = 20.0
_MOST_DOUBT = 1e8  # odds against luck that a threshold of nearly 1 asks for
_TOP = 100  # places of the belief below the threshold
_LAST = 140  # the highest place: sure, but short of successes
_EDGE = 5.0  # logits; the places start at -_EDGE
_DUST = 1e-7  # probability not worth following


def meets_mastery(state: SkillState, threshold: float = 0.95, min_evidence: int = 3) -> bool:
    """Whether the skill counts as mastered: sure enough, shown on enough different variants without help, and not to
    be explained by luck (`refutes_luck`).

    The caller asks this only after an unassisted piece of evidence: an assisted step never declares mastery.
    """
    return state.p_known >= threshold and state.successes >= min_evidence and refutes_luck(state, threshold)


def refutes_luck(state: SkillState, threshold: float = 0.95) -> bool:
    """Whether the answers speak against luck as strongly as the threshold asks for.

    Of those who only guess, however long they do, at most (2 * (1 - threshold)) ** 2 may pass: 1 % at 0.95, everybody
    at 0.5, where knowing need only be as likely as not. Whoever was right on STRAIGHT different variants running, from
    the first answer on and without help, passes too: with two options that is the luck of one in 64.
    """
    if state.successes >= STRAIGHT and state.successes == state.opportunities:
        return True
    passes = 2.0 * (1.0 - threshold)
    return state.against_luck * passes * passes >= 1.0 or state.against_luck >= _MOST_DOUBT


def is_stuck(
    state: SkillState, parameters: BktParameters, threshold: float = 0.95, min_evidence: int = 3,
    lacks_basis: bool = False,
) -> bool:
    """Whether more of the same is unlikely to help ("wheel-spinning", Beck & Gong 2013).

    True after MAX_OPPORTUNITIES in any case; before, when all hold: not mastered; at least as many opportunities as a
    state remembers; an estimate that, before the last chance to learn, was not more likely "known" than "not known", so
    that a learner who has just begun to succeed is left to go on; and answers that luck explains RARELY times better
    than learning does, or SELDOM times where the learner `lacks_basis`: is stuck on a skill that this one requires. Of
    the learners who follow the parameters at most one in RARELY ever gets there, those who never learn do: with the
    defaults after some 55 opportunities, 27 without a basis, sooner where the skill is quickly learnt.
    """
    if state.mastered or meets_mastery(state, threshold, min_evidence):
        return False
    if state.opportunities >= MAX_OPPORTUNITIES:
        return True
    as_likely_as_not = (1.0 - parameters.forget + parameters.learn) / 2.0  # before the last chance to learn
    if state.opportunities < RECENT or state.p_known > as_likely_as_not:
        return False
    weights = state.learnt, state.unlearnt
    if state.learnt == inf:
        weights = weights_of(state.p_known, state.opportunities, parameters)
    return sum(weights) * (SELDOM if lacks_basis else RARELY) <= 1.0


@lru_cache(maxsize=512)
def percentile_of_opportunities(
    parameters: BktParameters, threshold: float = 0.95, min_evidence: int = 3, quantile: float = 0.95
) -> int:
    """Opportunities after which that share of the learners who follow the model has met the mastery rule but for luck.

    Deterministic. The belief of such learners is a Markov chain: from p it moves to observe(p, 1) with
    probability predict_correct(p), else to observe(p, 0). Its distribution is followed on evenly spaced
    log-odds, with mass divided between neighbours, for each count of successes up to `min_evidence`; every
    success counts as a new variant. At most `MAX_OPPORTUNITIES` (also where that share never gets there, e.g.
    learn = 0).
    """
    moves = _moves(parameters, threshold)
    start = dict(_places(parameters.prior, threshold))
    levels = [start] + [{} for _ in range(min_evidence)]
    mastered = _take_mastered(levels[-1])
    for opportunity in range(MAX_OPPORTUNITIES):
        if mastered >= quantile:
            return opportunity
        levels, arrived = _next_levels(levels, moves)
        mastered += arrived
    return MAX_OPPORTUNITIES


def _logit(p: float) -> float:
    p = min(max(p, 1e-9), 1.0 - 1e-9)
    return log(p / (1.0 - p))


def _step_width(threshold: float) -> float:
    """Logits between two places; place i is at i widths above -_EDGE, place _TOP at the threshold."""
    return max(_logit(threshold) + _EDGE, 0.5) / _TOP


def _places(p: float, threshold: float) -> tuple[tuple[int, float], ...]:
    """A belief as weights on the two places beside it; rounding never carries it over the threshold."""
    lowest, highest = (_TOP, _LAST) if p >= threshold else (0, _TOP - 1)
    position = min(max((_logit(p) + _EDGE) / _step_width(threshold), float(lowest)), float(highest))
    low = min(int(position), highest - 1)
    weight = position - low
    return ((low, 1.0 - weight), (low + 1, weight))


def _moves(parameters: BktParameters, threshold: float) -> list[tuple[tuple, tuple]]:
    """For each place: where a right and where a wrong answer lead, as (place, probability) pairs."""
    width = _step_width(threshold)
    moves = []
    for place in range(_LAST + 1):
        p_known = 1.0 / (1.0 + exp(_EDGE - place * width))
        p_right = predict_correct(p_known, parameters)
        outcomes = []
        for credit, p_outcome in ((1, p_right), (0, 1.0 - p_right)):
            places = _places(observe(p_known, credit, parameters), threshold)
            outcomes.append(tuple((to, weight * p_outcome) for to, weight in places))
        moves.append(tuple(outcomes))
    return moves


def _next_levels(levels: list[dict[int, float]], moves: list) -> tuple[list[dict[int, float]], float]:
    """One opportunity later: mass per count of successes and place, and the mass that has met the rule."""
    last = len(levels) - 1
    after: list[dict[int, float]] = [{} for _ in levels]
    for level, masses in enumerate(levels):
        goes_to = (after[min(level + 1, last)], after[level])
        for place, mass in masses.items():
            if mass < _DUST:
                continue
            for target, outcome in zip(goes_to, moves[place], strict=True):
                for to, weight in outcome:
                    target[to] = target.get(to, 0.0) + mass * weight
    return after, _take_mastered(after[last])


def _take_mastered(masses: dict[int, float]) -> float:
    """Removes and sums the mass at or above the threshold."""
    return sum(masses.pop(place) for place in [place for place in masses if place >= _TOP])
