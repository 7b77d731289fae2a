"""The seeded learners: made by real requests, at different points, and only once."""

import pytest
from django.test import Client

from adaptive_xblocks.demo import seed as seeding
from adaptive_xblocks.demo.player import HandlerRefused, Player, right_responses, wrong_responses
from adaptive_xblocks.demo.views import adapts, our_scenarios
from adaptive_xblocks.tutoring.judging import judge_step

SCENARIO = "adaptive_problem_set.0"


@pytest.fixture(scope="module")
def seeded(workbench):
    """The three learners of every topic after the demo's seeding: by the topic's title, by their ids."""
    seeding.seed()
    return {title: {name: Player(Client(), scenario_id, name) for name in ("ada", "ben", "chi")}
            for scenario_id, title in our_scenarios() if adapts(scenario_id)}


@pytest.fixture
def player(client, learner):
    """Somebody who has opened the first problem."""
    player = Player(client, SCENARIO, learner)
    player.open()
    return player


def test_every_topic_is_seeded(seeded):
    """All topics of the package have learners with a past; the tour, the same for everybody, has none."""
    assert set(seeded) == {"Adding fractions", "Reading Python", "Spanish past tense"}
    (tour,) = [scenario_id for scenario_id, _title in our_scenarios() if not adapts(scenario_id)]
    assert not Player(Client(), tour, "ada").practice.serving


def test_three_learners_stand_at_different_points(seeded):
    """In every topic Ada has mastered most, Ben something, Chi nothing yet."""
    for learners in seeded.values():
        ada, ben, chi = (learners[name].share_mastered for name in ("ada", "ben", "chi"))
        assert chi < ben < ada < 1


def test_ben_has_shown_his_misconception(seeded):
    """Ben's record of each topic holds a misconception that the demo speaks of, more than once."""
    for learners in seeded.values():
        misconception = seeding.most_recognised(learners["ben"])
        assert learners["ben"].practice.misconceptions[misconception] >= seeding.TIMES_SHOWN


def test_seeding_again_changes_nothing(seeded):
    """A demo that is started a second time keeps what was answered."""
    players = [player for learners in seeded.values() for player in learners.values()]
    before = [player.practice for player in players]
    seeding.seed()
    assert [player.practice for player in players] == before


def test_a_player_knows_what_is_right(player):
    """The answers that a player gives for right are judged right."""
    assert judge_step(player.variant, player.step, right_responses(player.variant, player.step)).kind == "right"


def test_a_player_can_make_a_known_mistake(seeded):
    """The answers for a misconception are recognised as it, wherever a step has a rule for it."""
    for ben in (learners["ben"] for learners in seeded.values()):
        for misconception in {rule.misconception for rule in ben.step.wrongs if rule.misconception}:
            responses = wrong_responses(ben.variant, ben.step, misconception)
            assert judge_step(ben.variant, ben.step, responses).kind == "wrong"
        assert wrong_responses(ben.variant, ben.step, "nobody-has-this") is None


def test_a_refused_request_is_told(player):
    """A handler that refuses stops the script with its own words."""
    with pytest.raises(HandlerRefused, match="answered 4"):
        player.send("answer", submission="?")
