"""A grade whose request ended before it arrived is sent again by the next request that can see so."""

import pytest

from tests.platform.interleaving import Death, Died
from tests.platform.learner import Learner
from tests.platform.lms import Lms


@pytest.fixture
def learner(database):
    """A learner on a site whose tables can be read again, with an item in hand."""
    lms = Lms(lock=True)
    learner = Learner(lms, lms.user("ada"), lms.add("adaptive_problem_set", "set1"))
    learner.open()
    return learner


def die_before_the_grade(learner):
    """An answer is stored, and its process ends."""
    learner.lms.point = Death("write grade")
    with pytest.raises(Died):
        learner.answer()
    learner.lms.point = None


def test_a_grade_that_did_not_arrive_is_sent_again(learner):
    """Looking at the page is enough."""
    die_before_the_grade(learner)
    assert not learner.lms.grade(learner.user, learner.usage)
    learner.open()
    assert learner.lms.grade(learner.user, learner.usage) == learner.practice.graded > 0


def test_a_grade_that_arrived_is_not_sent_again(learner):
    """Every grade makes the platform work out a course grade: one that is there is left alone."""
    learner.answer()
    learner.lms.published.clear()
    learner.open()
    assert not learner.lms.published


def test_what_an_instructor_deleted_is_not_owed(learner):
    """With its state the block forgets what it sent."""
    learner.answer()
    learner.open()
    learner.lms.delete_state(learner.user, learner.usage)
    learner.open()
    assert not learner.lms.grade(learner.user, learner.usage)
