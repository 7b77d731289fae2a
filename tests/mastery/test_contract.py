"""What every public update function must keep, for any input."""

import copy

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from adaptive_xblocks.mastery import (
    BktParameters,
    observe,
    observe_jointly,
    predict_correct,
    predict_correct_jointly,
    trace,
)
from tests.mastery.strategies import TOLERANCE, chances, difficulties, parameters, probabilities


def single(p_knowns, correct, skills, **kinds):
    """`observe` seen as an update of many skills: the first alone."""
    return (observe(p_knowns[0], correct, skills[0], **kinds),)


UPDATES = pytest.mark.parametrize("update", [single, observe_jointly], ids=["observe", "observe_jointly"])
learners = st.lists(st.tuples(probabilities, parameters()), min_size=1, max_size=4)
uncertain = st.lists(st.floats(0.01, 0.99), min_size=1, max_size=4)
shifts_in_order = st.tuples(difficulties, difficulties).map(sorted)
kinds = st.fixed_dictionaries({"chance": chances, "difficulty": difficulties})


@UPDATES
@given(learner=learners, correct=probabilities, help=probabilities, kind=kinds)
def test_results_are_probabilities(update, learner, correct, help, kind):
    """Every update gives values in [0, 1]."""
    p_knowns, skills = zip(*learner, strict=True)
    assert all(0.0 <= p <= 1.0 for p in update(p_knowns, correct, skills, help=help, **kind))


@UPDATES
@example(
    learner=[(0.5, BktParameters(slip=0.25))] * 2,
    credits=(0.0, 1.0),
    help=0.0,
    kind={"chance": 0.0, "difficulty": 40.0},
)
@example(
    learner=[(0.3, BktParameters(guess=5e-324)), (0.0, BktParameters(guess=5e-324))],
    credits=(0.0, 1.0),
    help=0.0,
    kind={"chance": 0.0, "difficulty": 0.0},
)
@given(learner=learners, credits=st.tuples(probabilities, probabilities), help=probabilities, kind=kinds)
def test_more_credit_never_lowers_mastery(update, learner, credits, help, kind):
    """A better answer leaves mastery at least as high: right above partly right above wrong."""
    p_knowns, skills = zip(*learner, strict=True)
    worse, better = (update(p_knowns, credit, skills, help=help, **kind) for credit in sorted(credits))
    assert all(b >= w - TOLERANCE for b, w in zip(better, worse, strict=True))


@UPDATES
@given(learner=learners, helps=st.tuples(probabilities, probabilities), kind=kinds)
def test_more_help_makes_a_right_answer_count_less(update, learner, helps, kind):
    """After a right answer, more help seen never means more mastery."""
    p_knowns, skills = zip(*learner, strict=True)
    less, more = (update(p_knowns, 1, skills, help=help, **kind) for help in sorted(helps))
    assert all(m <= n + TOLERANCE for m, n in zip(more, less, strict=True))


@UPDATES
@given(p_knowns=uncertain, slip=st.floats(0.01, 0.5), chance=chances)
def test_a_fully_helped_answer_says_nothing(update, p_knowns, slip, chance):
    """After all help, right and wrong leave the same mastery."""
    skills = [BktParameters(slip=slip)] * len(p_knowns)
    right, wrong = (update(p_knowns, credit, skills, help=1, chance=chance) for credit in (1, 0))
    assert right == pytest.approx(wrong, abs=TOLERANCE)


@UPDATES
@given(learner=learners, correct=probabilities, help=probabilities, kind=kinds)
def test_inputs_are_unchanged(update, learner, correct, help, kind):
    """An update changes nothing it was given."""
    p_knowns, skills = list(next(zip(*learner, strict=True))), [skill for _, skill in learner]
    before = copy.deepcopy((p_knowns, skills))
    update(p_knowns, correct, skills, help=help, **kind)
    assert (p_knowns, skills) == before


@given(learner=learners, correct=probabilities, help=probabilities, kind=kinds, data=st.data())
def test_order_of_skills_does_not_matter(learner, correct, help, kind, data):
    """Permuted skills give the permuted result, to the last bit."""
    order = data.draw(st.permutations(range(len(learner))))
    p_knowns, skills = zip(*learner, strict=True)
    after = observe_jointly(p_knowns, correct, skills, help, **kind)
    permuted = [p_knowns[i] for i in order], [skills[i] for i in order]
    assert observe_jointly(permuted[0], correct, permuted[1], help, **kind) == tuple(after[i] for i in order)
    assert predict_correct_jointly(*permuted, **kind) == predict_correct_jointly(p_knowns, skills, **kind)


@given(p_known=probabilities, skill=parameters(), correct=probabilities, help=probabilities, kind=kinds)
def test_one_skill_jointly_is_one_skill(p_known, skill, correct, help, kind):
    """A joint update or prediction of a single skill is the plain one, exactly."""
    alone = observe(p_known, correct, skill, help, **kind)
    assert observe_jointly([p_known], correct, [skill], help, **kind) == (alone,)
    assert predict_correct_jointly([p_known], [skill], **kind) == predict_correct(p_known, skill, **kind)


@given(p_knowns=st.tuples(probabilities, probabilities), skill=parameters(), kind=kinds)
def test_predictions_are_probabilities_that_rise_with_knowing(p_knowns, skill, kind):
    """Whoever knows more is expected to answer at least as well; a prediction is in [0, 1]."""
    low, high = (predict_correct(p, skill, **kind) for p in sorted(p_knowns))
    assert 0.0 <= low <= high + TOLERANCE <= 1.0 + TOLERANCE


@given(p_known=probabilities, skill=parameters(), shifts=shifts_in_order, chance=chances)
def test_harder_items_are_predicted_to_go_worse(p_known, skill, shifts, chance):
    """A harder item is never expected to go better."""
    easier, harder = (predict_correct(p_known, skill, chance, shift) for shift in shifts)
    assert harder <= easier + TOLERANCE


@given(answers=st.lists(probabilities, max_size=20), skill=parameters())
def test_a_trace_is_the_fold_of_observations(answers, skill):
    """A trace holds the prior and then each observation's result, n + 1 values in all."""
    values = trace(answers, skill)
    assert values.shape == (len(answers) + 1,) and values[0] == skill.prior
    steps = zip(values, answers, values[1:], strict=False)
    assert all(observe(float(before), answer, skill) == after for before, answer, after in steps)
