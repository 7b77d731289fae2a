"""When practice of a skill ends: mastery, and being stuck."""

import random

import pytest

from adaptive_xblocks.mastery import (
    BktParameters,
    SkillState,
    is_stuck,
    meets_mastery,
    observe,
    percentile_of_opportunities,
)
from adaptive_xblocks.mastery.stopping import MAX_OPPORTUNITIES

SKILL = BktParameters()


def simulated_percentile(skill, min_evidence=3, learners=4000):
    """The 95th percentile by simulating learners who follow the model: independent of the grid."""
    rng, needed = random.Random(7), []
    for _ in range(learners):
        known, p_known, successes, n = rng.random() < skill.prior, skill.prior, 0, 0
        while n < MAX_OPPORTUNITIES and not (p_known >= 0.95 and successes >= min_evidence):
            right = rng.random() < (1 - skill.slip if known else skill.guess)
            known = rng.random() >= skill.forget if known else rng.random() < skill.learn
            p_known, successes, n = observe(p_known, right, skill), successes + right, n + 1
        needed.append(n)
    return sorted(needed)[int(0.95 * learners)]


def practise(success, seed, helped=False, chance=0.0):
    """How practice ends for a learner whose n-th answer is right with probability success(n)."""
    rng, p_known, successes, recent = random.Random(seed), SKILL.prior, 0, ()
    for n in range(1, 121):
        right = rng.random() < success(n)
        p_known = observe(p_known, right, SKILL, float(helped), chance)
        successes += right and not helped
        recent = (*recent, float(right and not helped))[-10:]
        state = SkillState(p_known, n, successes, recent)
        if meets_mastery(state) and not helped:
            return "mastered"
        if is_stuck(state, SKILL, chance=chance):
            return "stuck"
    return "still practising"


def share(ending, endings):
    """The share of practices that ended so."""
    return endings.count(ending) / len(endings)


def test_mastery_needs_both_certainty_and_evidence():
    """A high estimate alone, or many successes alone, is not mastery."""
    assert meets_mastery(SkillState(0.95, 3, 3))
    assert not meets_mastery(SkillState(0.9499, 9, 9))
    assert not meets_mastery(SkillState(0.9999, 9, 2))


@pytest.mark.parametrize(
    "skill",
    [
        SKILL,
        BktParameters(guess=0.5),
        BktParameters(learn=0.3),
        BktParameters(prior=0.96),
        BktParameters(guess=0.3, slip=0.3),
        BktParameters(guess=0.0, slip=0.0),
    ],
    ids=str,
)
def test_percentile_is_that_of_simulated_learners(skill):
    """The percentile agrees with a simulation of thousands of learners, to two opportunities."""
    assert percentile_of_opportunities(skill) == pytest.approx(simulated_percentile(skill), abs=2)


def test_percentile_is_bounded_where_nobody_learns():
    """A skill that cannot be learnt gives the bound instead of running for ever."""
    assert percentile_of_opportunities(BktParameters(learn=0)) == MAX_OPPORTUNITIES


def test_percentile_grows_with_what_is_asked():
    """More evidence or a higher threshold never takes fewer opportunities."""
    assert percentile_of_opportunities(SKILL, min_evidence=8) >= percentile_of_opportunities(SKILL)
    assert percentile_of_opportunities(SKILL, threshold=0.99) >= percentile_of_opportunities(SKILL)
    assert percentile_of_opportunities(BktParameters(prior=1.0), min_evidence=0) == 0


@pytest.mark.parametrize("kind", ["guesses", "copies"])
def test_who_never_learns_ends_stuck(kind):
    """A learner who writes anything, or who copies every bottom-out, is sent to a person."""
    success = 0.02 if kind == "guesses" else 1.0
    assert {practise(lambda n: success, seed, helped=kind == "copies") for seed in range(50)} == {"stuck"}


def test_most_who_guess_among_four_end_stuck():
    """Blind guessing among four options ends stuck far more often than mastered."""
    endings = [practise(lambda n: 0.25, seed, chance=0.25) for seed in range(300)]
    assert share("stuck", endings) > 0.8 and share("mastered", endings) < 0.2


def test_a_slow_learner_who_improves_is_not_stuck():
    """Whoever gets it after forty opportunities' worth of trying is left to go on from there."""
    late = SkillState(0.3, 60, 6, (0.0, 0.0, 0.0, 1.0, 0.0, 1.0, 0.0, 1.0, 1.0, 1.0))
    assert not is_stuck(late, SKILL)


def test_good_learners_are_hardly_ever_stuck():
    """Nobody who is right nine times in ten, from the first or from the tenth problem on, is stuck."""
    assert share("mastered", [practise(lambda n: 0.9, seed) for seed in range(200)]) == 1.0
    assert share("mastered", [practise(lambda n: 0.9 if n > 9 else 0.2, seed) for seed in range(200)]) == 1.0


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        (SkillState(0.1, 60, 0, (0.0,) * 10), True),
        (SkillState(0.1, 28, 0, (0.0,) * 10), False),
        (SkillState(0.1, 60, 0, (0.0,) * 9), False),
        (SkillState(0.6, 60, 0, (0.0,) * 10), False),
        (SkillState(0.1, 60, 9, (0.0,) * 10, mastered=True), False),
        (SkillState(0.1, 60, 9, (1.0, 0.0) * 5), False),
    ],
)
def test_stuck_needs_every_condition(state, expected):
    """Stuck means: late, a full window near chance, thought not known, and never declared mastered."""
    assert is_stuck(state, SKILL) is expected


def test_near_chance_depends_on_the_answer_type():
    """Half right is near chance for a choice of two, well above it for a number."""
    half = SkillState(0.1, 60, 9, (1.0, 0.0) * 5)
    assert is_stuck(half, SKILL, chance=0.5)
    assert not is_stuck(half, SKILL)
    assert not is_stuck(half, SKILL, chance=1.0)


def test_nobody_is_kept_for_ever():
    """After the most opportunities anybody is asked for a skill ends, even half way up."""
    state = SkillState(p_known=0.7, opportunities=100, successes=40, recent=(1.0, 0.0) * 5)
    assert is_stuck(state, BktParameters())
    assert not is_stuck(SkillState(p_known=0.7, opportunities=99, successes=40, recent=(1.0, 0.0) * 5), BktParameters())
