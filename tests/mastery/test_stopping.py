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
from adaptive_xblocks.mastery.stopping import MAX_OPPORTUNITIES, refutes_luck
from adaptive_xblocks.mastery.tally import Tallies

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
    rng, tallies = random.Random(seed), Tallies({"a": SKILL}.__getitem__)
    for n in range(1, 121):
        right = rng.random() < success(n)
        tallies.count(["a"], float(right), float(helped), chance, 0.0, n if right and not helped else None)
        state = tallies["a"].freeze(False)
        if meets_mastery(state) and not helped:
            return "mastered"
        if is_stuck(state, SKILL):
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


@pytest.mark.parametrize(("options", "most"), [(0, 0.02), (5, 0.02), (4, 0.02), (3, 0.02), (2, 0.04)])
def test_hardly_anybody_who_guesses_is_mastered(options, most):
    """Luck is told from knowledge with any number of options; with two of them six right ones running may be luck."""
    chance = 1 / options if options else 0.0
    endings = [practise(lambda n: chance or SKILL.guess, seed, chance=chance) for seed in range(600)]
    assert share("mastered", endings) <= most
    assert share("stuck", endings) >= 0.95


@pytest.mark.parametrize("chance", [0.0, 0.25, 0.5])
def test_whoever_learns_as_the_model_says_is_not_stuck(chance):
    """Of learners who follow the default parameters at most one in a hundred is sent to a person."""
    endings = []
    for seed in range(600):
        rng = random.Random(seed)
        learnt_at = 0 if rng.random() < SKILL.prior else next(n for n in range(1, 999) if rng.random() < SKILL.learn)
        guess = max(chance, SKILL.guess)
        endings.append(practise(lambda n, at=learnt_at, g=guess: 1 - SKILL.slip if n > at else g, -seed, chance=chance))
    assert share("stuck", endings) <= 0.01 and share("mastered", endings) >= 0.99


@pytest.mark.parametrize(("options", "needed"), [(0, 4), (5, 4), (4, 5), (3, 6), (2, 6)])
def test_a_knower_is_mastered_within_six_answers(options, needed):
    """Right from the first answer on, four typed answers are enough, and six choices of whatever kind."""
    tallies = Tallies({"a": SKILL}.__getitem__)
    for n in range(needed):
        assert not meets_mastery(tallies["a"].freeze(False))
        tallies.count(["a"], 1.0, 0.0, 1 / options if options else 0.0, 0.0, n)
    assert meets_mastery(tallies["a"].freeze(False))


@pytest.mark.parametrize(
    ("learn", "lacks_basis", "opportunities"),
    [(0.1, False, 55), (0.1, True, 27), (0.2, False, 27), (0.4, False, 13), (0.6, False, 10), (0.0, False, 100)],
)
def test_being_stuck_shows_sooner_where_learning_is_quick(learn, lacks_basis, opportunities):
    """Without any success a skill ends once its learners would have learnt it, four hundred to one; sooner where
    they are stuck on what it rests on."""
    skill, n = BktParameters(learn=learn), 0
    tallies = Tallies({"a": skill}.__getitem__)
    while not n or not is_stuck(tallies["a"].freeze(False), skill, lacks_basis=lacks_basis):
        tallies.count(["a"], 0.0, 0.0, 0.0, 0.0, None)
        n += 1
    assert n == opportunities


def test_more_must_be_shown_after_failures():
    """After twenty failures a run of right answers that would do at the beginning may be luck, a longer one is not."""
    tallies = Tallies({"a": SKILL}.__getitem__)
    for _n in range(20):
        tallies.count(["a"], 0.0, 0.0, 0.0, 0.0, None)
    n_right = 0
    while not meets_mastery(tallies["a"].freeze(False)):
        tallies.count(["a"], 1.0, 0.0, 0.0, 0.0, n_right)
        n_right += 1
    assert n_right == 6


def test_the_threshold_says_how_much_luck_may_pass():
    """A hundred to one at 0.95; at 0.5 nothing has to be shown; six right ones running always do."""
    assert refutes_luck(SkillState(0.96, 9, 5, learnt=99.9, unlearnt=0.1), 0.95)
    assert not refutes_luck(SkillState(0.96, 9, 5, learnt=98.0, unlearnt=0.1), 0.95)
    assert refutes_luck(SkillState(0.96, 9, 5, learnt=0.9, unlearnt=0.1), 0.5)
    assert refutes_luck(SkillState(0.96, 6, 6, learnt=5.0, unlearnt=0.1), 0.99)
    assert not refutes_luck(SkillState(0.96, 7, 6, learnt=5.0, unlearnt=0.1), 0.99)


def test_a_slow_learner_who_improves_is_not_stuck():
    """Whoever gets it after forty opportunities' worth of trying is left to go on from there."""
    late = SkillState(0.3, 50, 6, (0.0, 0.0, 0.0, 1.0, 0.0, 1.0, 0.0, 1.0, 1.0, 1.0))
    assert not is_stuck(late, SKILL)


def test_good_learners_are_hardly_ever_stuck():
    """Nobody who is right nine times in ten, from the first or from the tenth problem on, is stuck."""
    assert share("mastered", [practise(lambda n: 0.9, seed) for seed in range(200)]) == 1.0
    assert share("mastered", [practise(lambda n: 0.9 if n > 9 else 0.2, seed) for seed in range(200)]) == 1.0


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        (SkillState(0.1, 70, 0), True),
        (SkillState(0.1, 40, 0), False),
        (SkillState(0.6, 70, 0), False),
        (SkillState(0.1, 70, 9, mastered=True), False),
        (SkillState(0.1, 30, 2, learnt=0.0010, unlearnt=0.0014), True),
        (SkillState(0.1, 30, 2, learnt=0.0012, unlearnt=0.0014), False),
        (SkillState(0.1, 9, 0, learnt=0.0, unlearnt=0.0001), False),
    ],
)
def test_stuck_needs_every_condition(state, expected):
    """Stuck means: learning refuted four hundred to one, thought not known, and never declared mastered."""
    assert is_stuck(state, SKILL) is expected


def test_nobody_is_kept_for_ever():
    """After the most opportunities anybody is asked for a skill ends, even half way up."""
    state = SkillState(p_known=0.7, opportunities=100, successes=40, recent=(1.0, 0.0) * 5)
    assert is_stuck(state, BktParameters())
    assert not is_stuck(SkillState(p_known=0.7, opportunities=99, successes=40, recent=(1.0, 0.0) * 5), BktParameters())
