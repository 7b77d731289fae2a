"""The learner record under torture (decision 0009): the short version of `python -m tools.torture`."""

from functools import partial

import pytest

from tests.platform.databases import ALIASES, SQLITE
from tests.torture.mutations import FAST, GUARDS, first_seed
from tests.torture.play import play
from tests.torture.report import shorten, tell
from tests.torture.scenario import WEATHERS, make_plan
from tests.torture.stories import tell_story

SEEDS = range(1, 21)


@pytest.mark.parametrize("database", ALIASES)
def test_the_record_survives(database, threads):
    """Whatever crosses, dies, is deleted, reset, edited or refused: at every quiet point every property holds."""
    for seed in SEEDS:
        outcome = play(make_plan(seed), database, threads)
        if outcome.violations:
            pytest.fail(tell(shorten(outcome, partial(play, database=database, threads=threads)), database))


def test_every_weather_is_among_the_seeds():
    """The seeds that are played here see every kind of day."""
    assert {make_plan(seed).weather for seed in SEEDS} == set(WEATHERS)


def test_an_answer_that_was_put_back_late_is_held_as_long_again(threads):
    """A request that had read the state without the answer may still overwrite it: the receipt is not let go."""
    assert tell_story(SQLITE, threads).violations == []


@pytest.mark.parametrize("guard", [guard for guard in GUARDS if guard.name in FAST], ids=lambda guard: guard.name)
def test_a_guard_that_is_gone_is_missed(guard, threads):
    """Without this guard the torture finds a broken property within a few seeds."""
    seed, _violation = first_seed(guard, range(1, 11), SQLITE, threads)
    assert seed is not None, f"nothing fails without: {guard.name} (against {guard.against})"
