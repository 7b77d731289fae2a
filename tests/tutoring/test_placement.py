"""The probe: what is believed, what is asked next, when it is over, and what it places."""

from copy import deepcopy
from dataclasses import replace
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adaptive_xblocks.evidence import Kind
from adaptive_xblocks.mastery import SkillState
from adaptive_xblocks.tutoring.bank import Bank
from adaptive_xblocks.tutoring.history import History
from adaptive_xblocks.tutoring.knowledge import Answer, believe
from adaptive_xblocks.tutoring.placement import MOST_GROUPS, SURE, answers_in, is_on, is_settled, next_probe, placed
from adaptive_xblocks.tutoring.policies import BUILT_IN
from adaptive_xblocks.tutoring.practice import Practice
from tests.tutoring.banks import MASTERED, document, item, names, situations, skill

ACCELERATE = BUILT_IN["accelerate"]
answers = st.lists(
    st.builds(
        Answer,
        st.lists(st.sampled_from([*names, "elsewhere"]), min_size=1, max_size=3, unique=True).map(tuple),
        st.sampled_from([0.0, 0.25, 1.0]),
        st.sampled_from([0.0, 0.25, 0.5, 1.0]),
        st.sampled_from([-9.0, -1.0, 0.0, 2.5]),
    ),
    max_size=12,
)


def chain(n_skills, n_items=3):
    """Skills one after the other, each with items of its own."""
    skills = [skill(f"s{n:02}", *([f"s{n - 1:02}"] if n else [])) for n in range(n_skills)]
    items = [item(f"s{n:02}-{number}", f"s{n:02}", difficulty=float(number - 1))
             for n in range(n_skills) for number in range(n_items)]
    return document(items, skills)


def probe(content, knows, record=None, seed=1):
    """A whole probe of a learner who answers by `knows(skill)`: the items asked, and the answers."""
    bank, history, given_, asked = Bank.of(content), History(), [], []
    while True:
        choice = next_probe(bank, record or {}, history, given_, len(asked), ACCELERATE, Random(seed + len(asked)))
        if choice is None:
            return asked, given_
        asked.append(choice.item_id)
        one = bank.items[choice.item_id]
        given_.append(Answer(one.skills, float(all(map(knows, one.skills))), 0.0, one.difficulty))
        history = replace(history, served={**history.served, one.id: (1, len(asked))}, serving=len(asked))


@given(situation=situations(), given_=answers)
def test_every_probability_is_one(situation, given_):
    """Whatever is answered, on whatever skills, weights sum to their total and each probability is in [0, 1]."""
    content, record, _served = situation
    belief = believe(Bank.of(content), record, given_)
    assert sum(states.bit_count() * weight for states, weight, _ in belief.parts) == pytest.approx(belief.total)
    assert all(0.0 <= p_known <= 1.0 for p_known in belief.p_known().values())
    assert set(belief.p_known()) == set(Bank.of(content).skills)


@given(situation=situations(), given_=answers, n_asked=st.integers(0, 12), seed=st.integers(0, 99))
def test_the_same_answers_lead_to_the_same_question(situation, given_, n_asked, seed):
    """The choice can be replayed, is fresh, is none after the policy's number of items, and changes no argument."""
    content, record, served = situation
    bank, history = Bank.of(content), History(served, len(served))
    before = deepcopy((record, served, given_))
    choices = [next_probe(Bank(content), record, history, given_, n_asked, ACCELERATE, Random(seed)) for _ in range(2)]
    assert choices[0] == choices[1] and (record, served, given_) == before
    if choices[0] is not None:
        assert n_asked < ACCELERATE.probe and choices[0].item_id in bank.items.keys() - served.keys()
        assert choices[0].rule == "probe" and 0 < choices[0].propensity <= 1 and choices[0].reason["worth"] > 0


@given(situation=situations(), truth=st.integers(0, 15), seed=st.integers(0, 99))
def test_a_probe_is_short_and_repeats_nothing(situation, truth, seed):
    """At most eight items, none twice, and only what an answer has shown is placed."""
    content, record, _served = situation
    asked, given_ = probe(content, lambda one: truth >> names.index(one) & 1, record, seed)
    assert len(asked) <= 8 and len({*asked}) == len(asked)
    bank = Bank.of(content)
    right = {one for answer in given_ if answer.credit == 1 for one in answer.skills}
    for one in placed(bank, record, given_):
        assert believe(bank, record, given_).p_known()[one] >= SURE
        assert right


def test_a_skill_speaks_of_what_comes_before_and_after_it():
    """A right answer makes prerequisites likelier known, a wrong one makes what builds on the skill less likely."""
    bank = Bank.of(chain(3))
    before = believe(bank, {}).p_known()
    right = believe(bank, {}, [Answer(("s02",), 1.0)]).p_known()
    wrong = believe(bank, {}, [Answer(("s00",), 0.0)]).p_known()
    assert before["s00"] > before["s01"] > before["s02"]
    assert right["s00"] > before["s00"] and right["s01"] > before["s01"]
    assert wrong["s01"] < before["s01"] and wrong["s02"] < before["s02"]


def test_a_lucky_guess_says_little():
    """The answer type's chance is a floor of the guess: a coin tells less than a typed answer."""
    bank = Bank.of(chain(1))
    typed, coin = (believe(bank, {}, [Answer(("s00",), 1.0, chance)]).p_known()["s00"] for chance in (0.0, 0.5))
    assert believe(bank, {}).p_known()["s00"] < coin < typed


def test_half_an_answer_is_not_right():
    """Partial credit says what no credit says: half of an answer is often had for nothing."""
    bank = Bank.of(chain(2))
    assert believe(bank, {}, [Answer(("s01",), 0.75)]) == believe(bank, {}, [Answer(("s01",), 0.0)])


def test_who_knows_everything_is_placed_everywhere():
    """Right answers place every skill of a topic within eight items, those included that were not asked directly."""
    content = chain(5)
    asked, given_ = probe(content, lambda one: True)
    assert placed(Bank.of(content), {}, given_) == ("s00", "s01", "s02", "s03", "s04") and len(asked) <= 8


def test_who_knows_the_first_half_is_placed_there():
    """Known and unknown skills are told apart, and what is placed is known."""
    content = chain(4)
    _asked, given_ = probe(content, lambda one: one < "s02")
    known = believe(Bank.of(content), {}, given_).p_known()
    assert min(known["s00"], known["s01"]) > 0.9 and max(known["s02"], known["s03"]) < 0.2
    found = {*placed(Bank.of(content), {}, given_)}
    assert found and found <= {"s00", "s01"}


def test_who_knows_nothing_is_asked_little():
    """Wrong answers on the first skills end the probe early, and nothing is placed."""
    content = chain(6)
    asked, given_ = probe(content, lambda one: False)
    assert len(asked) < 8 and placed(Bank.of(content), {}, given_) == ()


def test_one_lucky_answer_places_nothing():
    """However the rest goes, a skill with a wrong and a lucky answer is not placed, nor one that was not shown."""
    bank = Bank.of(chain(4))
    others = [Answer((one,), 1.0, 0.0, 1.0) for one in ("s00", "s02", "s03", "s00", "s02", "s03")]
    assert "s01" not in placed(bank, {}, [*others, Answer(("s01",), 0.0), Answer(("s01",), 1.0)])
    assert placed(bank, {}, [Answer((one,), 0.5) for one in bank.skills] * 3) == ()


def test_what_is_likely_known_is_asked_by_a_problem_that_would_place_it():
    """Of a skill that is likely known the probe asks something hard enough to be no luck, not something easier; a right
    answer to what is easy places nothing."""
    bank = Bank.of(chain(3, 4))
    right = [Answer((one,), 1.0, 0.0, 1.0) for one in ("s00", "s01", "s00", "s01")]
    assert next_probe(bank, {}, History(), right, 4, ACCELERATE).item_id in ("s02-1", "s02-2", "s02-3")
    assert placed(bank, {}, [Answer(("s02",), 1.0, 0.0, -1.0)] * 8) == ()


def test_the_order_of_answers_does_not_matter():
    """Answers come in canonical order from the log, whatever order they were given in by two tabs."""
    bank = Bank.of(chain(5))
    some = [Answer(("s01",), 1.0), Answer(("s03", "s02"), 0.25, 0.25), Answer(("s04",), 0.0, 0.0, 1.0)]
    for other in ([some[2], some[0], some[1]], some[::-1]):
        assert believe(bank, {}, other).p_known() == pytest.approx(believe(bank, {}, some).p_known())


@given(situation=situations(), given_=answers, least=st.floats(0.01, 0.99))
def test_a_bound_is_looked_for_no_further_than_it_is_clear(situation, given_, least):
    """`is_at_least` says what the whole sum says."""
    belief = believe(Bank.of(situation[0]), situation[1], given_)
    for states in belief.knowing.values():
        p_known = belief.p(states)
        assert belief.is_at_least(states, least) is (p_known >= least) or p_known == pytest.approx(least)


def test_a_probe_is_for_newcomers():
    """It begins with the first item only, goes on until the place is found, and is none without the policy's word."""
    assert is_on(Practice(), ACCELERATE) and is_on(Practice(serving=2, probed=2), ACCELERATE)
    assert not is_on(Practice(serving=1), ACCELERATE) and not is_on(Practice(placed=True), ACCELERATE)
    assert not is_on(Practice(), BUILT_IN["standard"])


def test_helped_answers_say_nothing():
    """What was answered with help is left out; the rest is read as the log has it."""
    said = [Kind(("a",), (1, 2), (0, 3), 4, 50), Kind(("a",), (1, 1), (1, 3), 0, 0)]
    assert answers_in(said) == [Answer(("a",), 0.5, 0.25, 0.5)]


def test_nothing_is_placed_without_an_answer():
    """However sure the record makes it, a skill is placed only on an answer of the probe."""
    bank = Bank.of(chain(2))
    record = {"s00": SkillState(0.99, 9, 9), "s01": SkillState(0.99, 9, 9)}
    assert placed(bank, record, []) == () and is_settled(bank, record, [], 0, ACCELERATE)
    assert next_probe(bank, record, History(), [], 0, ACCELERATE) is None


def test_what_is_sure_from_elsewhere_is_not_asked():
    """A skill mastered in another block is known: only the others are asked."""
    asked, _answers = probe(chain(3), lambda one: True, {"s00": MASTERED, "s01": MASTERED})
    assert asked and all(one.startswith("s02") for one in asked)


def test_what_was_too_hard_closes_what_builds_on_it():
    """After "too hard" neither the skill nor a dependent one is asked."""
    bank = Bank.of(chain(4))
    history = History({"s01-0": (1, 1)}, 1, skipped=frozenset({"s01-0"}), too_hard=frozenset({"s01-0"}))
    choice = next_probe(bank, {}, history, [], 1, ACCELERATE)
    assert choice.item_id.startswith("s00")


def test_worked_examples_are_no_questions():
    """A bank of worked examples has nothing to ask."""
    bank = Bank.of(document([item("shown", "a", format="worked-example")]))
    assert next_probe(bank, {}, History(), [], 0, ACCELERATE) is None


def test_many_skills_cost_no_more_states():
    """The sample is as large for thirty skills, is always the same one, and leaves a doubt: no probability is 1."""
    content = chain(30)
    belief = believe(Bank.of(content), {})
    assert belief == believe(Bank(content), {}) and belief.total == believe(Bank.of(chain(1)), {}).total
    asked, given_ = probe(content, lambda one: True)
    assert len(asked) <= 8
    known = believe(Bank.of(content), {}, given_)
    assert 0.9 < max(known.p_known().values()) <= 1 - known.doubt < 1


def test_prerequisites_in_a_circle_are_no_trap():
    """A circle of prerequisites is broken somewhere; the probe goes on."""
    content = document([item("i1", "a"), item("i2", "b")], [skill("a", "b"), skill("b", "a")])
    asked, given_ = probe(content, lambda one: True)
    known = believe(Bank.of(content), {}, given_).p_known()
    assert {*asked} == {"i1", "i2"} and all(0 <= p <= 1 for p in known.values())


def test_a_long_bank_is_weighed_by_a_few():
    """Of a thousand items of one skill a few dozen are looked at, from the easiest to the hardest."""
    content = document([item(f"i{n:04}", "a", difficulty=n / 250 - 2) for n in range(1000)])
    choice = next_probe(Bank.of(content), {}, History(), [], 0, ACCELERATE, Random(1))
    assert choice.reason["n_candidates"] == 24


def test_a_probe_weighs_so_many_sets_of_skills_and_no_more():
    """However many sets of skills a document has problems for, choosing the next one of a probe takes no longer."""
    known = [f"s{n}" for n in range(50)]
    items = [item(f"{one}-{other}", one, other) for n, one in enumerate(known) for other in known[:n]]
    bank = Bank.of(document(items, [skill(one) for one in known]))
    assert len(bank.groups) == 1225
    assert next_probe(bank, {}, History(), [], 0, ACCELERATE).reason["n_candidates"] == MOST_GROUPS
