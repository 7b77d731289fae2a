"""Simulated learners: ends are honest in every topic of the package and where luck has the best chances."""

from dataclasses import replace
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adaptive_xblocks.tutoring.judging import judge_step
from adaptive_xblocks.tutoring.model import RIGHT, WRONG
from adaptive_xblocks.tutoring.parser import load
from adaptive_xblocks.tutoring.simulated_answers import answers_to
from adaptive_xblocks.tutoring.simulation import PROFILES, Learner, Topic, simulate, summarised
from adaptive_xblocks.tutoring.variants import make_variant
from benchmarks._choices import choices_only
from benchmarks._random_topics import random_topic
from benchmarks._topics import documents
from benchmarks.simulate_placement import measured, wrong_share

TOPICS = {
    **{file.stem: Topic(load(file.read_text(encoding="utf-8"))) for file in documents()},
    **{f"choices of {n}": Topic(load(choices_only(n))) for n in (2, 4)},
}
LEARNERS = 12


def played(topic, profile, learners=LEARNERS):
    """The figures of a few learners of a profile."""
    outcomes = [simulate(topic, PROFILES[profile], Random(f"{profile} {number}")) for number in range(learners)]
    return summarised(topic, outcomes)


@pytest.mark.parametrize("profile", PROFILES)
@pytest.mark.parametrize("topic", TOPICS)
def test_practice_ends_honestly(topic, profile):
    """Every learner comes to an end with a name, nothing comes again while something fresh is fit, and the end is true:
    who knows is mastered within six answers on each skill, who guesses or copies needs a person."""
    found = played(TOPICS[topic], profile)
    assert found.ends.keys() <= {"mastered", "needs_a_person", "exhausted"} and found.repeated == 0
    if profile == "knower":
        assert found.mastered_within(6) == 1.0 and found.grades(0.0) == 1.0
    elif profile == "strong":
        assert found.ends["mastered"] == LEARNERS
    elif profile == "average":
        assert found.ends["mastered"] >= LEARNERS - 1
    elif profile == "guesser":
        assert found.stuck == 1.0 and found.declared <= 0.05 and found.grades(0.5) < 0.5
    elif profile == "copier":
        assert found.stuck == 1.0 and found.any_declared == 0.0 and found.grades(1.0) < 0.5


def test_the_same_generator_gives_the_same_practice():
    """An outcome can be played again from its seed."""
    topic = TOPICS["adding_fractions"]
    assert simulate(topic, PROFILES["novice"], Random(3)) == simulate(topic, PROFILES["novice"], Random(3))


def test_a_missing_prerequisite_is_found():
    """Who lacks the first skill and cannot learn it needs a person, and is not declared to have mastered it."""
    found = played(TOPICS["adding_fractions"], "missing-prerequisite")
    assert found.stuck == 1.0
    assert all("fractions.meaning" in outcome.stuck for outcome in found.outcomes)


def test_nobody_practises_for_ever():
    """Practice without an end is told as such."""
    assert simulate(TOPICS["choices of 2"], PROFILES["guesser"], Random(1), most_items=5).end == ""


@settings(max_examples=25, deadline=None)
@given(
    prior=st.floats(0, 1), learn=st.floats(0, 1), luck=st.floats(0, 1), slip=st.floats(0, 1), asks=st.floats(0, 1),
    copies=st.booleans(), lacks=st.booleans(), seed=st.integers(0, 99),
)
def test_whoever_they_are_practice_ends_by_name(prior, learn, luck, slip, asks, copies, lacks, seed):
    """No kind of learner gets an error, a needless repetition or no end; the grade is a share."""
    profile = replace(PROFILES["average"], prior=prior, learn=learn, luck=luck, slip=slip, asks=asks, copies=copies,
                      lacks=lacks)
    outcome = simulate(TOPICS["default_content"], profile, Random(seed))
    assert outcome.end in ("mastered", "needs_a_person", "exhausted") and outcome.repeated == 0
    assert 0.0 <= outcome.grade <= 1.0 and (outcome.grade == 1.0) is (outcome.end == "mastered")
    assert not outcome.stuck & outcome.declared.keys()


@pytest.mark.parametrize("topic", TOPICS)
def test_what_simulated_learners_answer_is_what_it_is_meant_to_be(topic):
    """Right answers are judged right, mistakes and guesses wrong, and every step has some of each."""
    for item in TOPICS[topic].document.items.values():
        for step in item.steps:
            variant = make_variant(item, 7)
            answers = answers_to(variant, step)
            assert judge_step(variant, step, answers.right).kind == RIGHT
            assert {judge_step(variant, step, one).kind for one in answers.mistakes + answers.guesses} == {WRONG}


@pytest.mark.parametrize("topic", ["adding_fractions", "reading_python", "spanish_past"])
def test_a_probe_saves_much_and_is_seldom_wrong(topic):
    """A strong learner is saved a good third of the items and more, and of what the probes of all kinds of learners
    declare few are not known. `benchmarks/simulate_placement.py` has narrower bounds, for more learners."""
    source = next(file for file in documents() if file.stem == topic).read_text(encoding="utf-8")
    kinds = ("average", "strong", "missing", "harsh", "guesser", "copier")
    found = {kind: measured(source, kind, 30) for kind in kinds}
    assert found["strong"].saved >= 0.35 and wrong_share(found) <= 0.05
    assert found["guesser"].declared <= 2 and found["copier"].declared == 0


def test_a_probe_is_part_of_the_way():
    """Its answers count for mastery, its items for the items to the end; what it placed was declared."""
    topic = Topic(TOPICS["adding_fractions"].document, "accelerate")
    outcome = simulate(topic, PROFILES["knower"], Random(2))
    assert outcome.end == "mastered" and outcome.rules["probe"] == outcome.probed <= topic.rules.probe
    assert outcome.placed.items() <= outcome.declared.items() and all(outcome.placed.values()) and outcome.placed
    assert simulate(TOPICS["adding_fractions"], PROFILES["knower"], Random(2)).probed == 0


def test_known_skills_are_what_was_said():
    """Whoever is said to know a skill knows it whatever it builds on, and nothing else at first."""
    topic = Topic(TOPICS["adding_fractions"].document)
    learner = Learner(topic, PROFILES["average"], Random(1), {"fractions.add"})
    assert [skill for skill in topic.bank.skills if learner.truth.knows((skill,))] == ["fractions.add"]


@pytest.mark.parametrize("seed", range(3))
def test_a_topic_made_by_chance_can_be_played(seed):
    """What the benchmark makes up is a sound document of four to twelve skills."""
    topic = Topic(load(random_topic(seed)), "accelerate")
    assert 4 <= len(topic.bank.skills) <= 12
    assert simulate(topic, PROFILES["strong"], Random(seed)).end == "mastered"
