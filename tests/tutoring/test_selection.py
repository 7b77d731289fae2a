"""Choosing the next item: against a slow scan, rule by rule, and at the ends."""

import gc
from importlib.metadata import EntryPoint
from itertools import pairwise
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adaptive_xblocks.mastery import BktParameters, SkillState, predict_correct
from adaptive_xblocks.tutoring import bank as bank_module
from adaptive_xblocks.tutoring import policies
from adaptive_xblocks.tutoring.banding import difficulty_at, preference
from adaptive_xblocks.tutoring.policies import ADAPTIVE, BUILT_IN, find_policy, policy_names
from adaptive_xblocks.tutoring.selection import RULES, Bank, Choice, History, Policy, next_review, select
from tests.tutoring.banks import (
    MASTERED,
    NUMBERS,
    document,
    item,
    misconception,
    names,
    scan,
    situations,
    skill,
)


def choose(items, record=None, skills=(), policy="adaptive", misconceptions=(), **history):
    """The choice from a bank of these items."""
    content = document(items, skills, misconceptions)
    return select(Bank.of(content), record or {}, History(**history), policy, Random(1))


@given(situation=situations(), last=st.sampled_from(names), name=st.sampled_from(["adaptive", "support"]))
def test_the_choice_is_that_of_scoring_every_item(situation, last, name):
    """The chosen item is among the best of a scan, with the scan's number of equals as its propensity."""
    content, record, served = situation
    bank, history = Bank.of(content), History(served, len(served), last_skills=(last,))
    expected = scan(bank, record, history, BUILT_IN[name])
    choice = select(bank, record, history, name, Random(5))
    if expected is None:
        assert choice.rule in ("mastered", "exhausted") and choice.item_id is None
    else:
        _, equals, practised = expected
        assert choice.item_id in equals and choice.skill == practised
        assert choice.propensity == pytest.approx(1 / len(equals))


@given(situation=situations(), seed=st.integers(0, 9))
def test_the_same_evidence_gives_the_same_choice(situation, seed):
    """A choice can be replayed from its arguments and the generator's seed, which change nothing else."""
    content, record, served = situation
    before = dict(record), dict(served)
    choices = [select(Bank(content), record, History(served), ADAPTIVE, Random(seed)) for _ in range(2)]
    assert choices[0] == choices[1]
    assert (record, served) == before


@given(situation=situations())
def test_runners_up_are_other_fresh_items_in_falling_order(situation):
    """Runners-up are distinct, fresh, not the chosen one, best first and never better than it."""
    content, record, served = situation
    choice = select(Bank.of(content), record, History(served), ADAPTIVE, Random(5))
    ids = [item_id for item_id, _, _ in choice.runners_up]
    scores = [score for _, _, score in choice.runners_up]
    assert len({*ids, choice.item_id}) == len(ids) + 1 or choice.item_id is None
    assert len(ids) <= 3 and not {*ids} & {*served}
    assert scores == sorted(scores, reverse=True)


def test_runners_up_are_the_next_best():
    """With one skill the runners-up are the items whose prediction is nearest to the band, in order."""
    items = [item(f"i{n}", "a", difficulty=d) for n, d in enumerate([3.0, -1.5, 1.0, 2.0, 0.5])]
    choice = choose(items)
    assert choice.item_id == "i1"
    assert [item_id for item_id, _, _ in choice.runners_up] == ["i4", "i2", "i3"]


@given(equals=st.integers(2, 9), seed=st.integers(0, 99))
def test_equal_items_are_drawn_evenly_by_the_generator(equals, seed):
    """Each of n equal items has the propensity 1 / n; the generator decides."""
    content = document([item(f"i{number}", "a") for number in range(equals)])
    choice = select(Bank.of(content), {}, History(), ADAPTIVE, Random(seed))
    assert choice.propensity == 1 / equals
    assert choice.item_id == f"i{Random(seed).randrange(equals)}"


def test_the_least_known_skill_comes_first():
    """Of two skills the one with more to gain is practised."""
    record = {"a": SkillState(0.9), "b": SkillState(0.2)}
    assert choose([item("i1", "a"), item("i2", "b")], record).skill == "b"


def test_a_skill_that_is_learnt_faster_comes_first():
    """Gain is need times learn: of two equally unknown skills the quicker one is practised."""
    skills = [skill("a", learn=0.05), skill("b", learn=0.4)]
    assert choose([item("i1", "a"), item("i2", "b")], skills=skills).skill == "b"


def test_skills_alternate():
    """After an item on one skill the next is on another that gains as much."""
    items = [item("i1", "a"), item("i2", "a"), item("i3", "b")]
    assert choose(items, served={"i1": (1, 1)}, last_skills=("a",), last_items=("i1",)).skill == "b"


def test_the_number_of_skills_or_steps_makes_no_item_weaker():
    """An item with several skills is not preferred for the product of their masteries alone."""
    record = {name: SkillState(0.6) for name in names}
    choice = choose([item("long", *names), item("short", "a")], record)
    assert choice.item_id == "short"


def test_closed_gates_keep_items_out_of_reach():
    """An item is eligible only when the prerequisites of all its skills are mastered."""
    skills = [skill("a"), skill("b", "a")]
    items = [item("both", "a", "b"), item("one", "a")]
    assert choose(items, skills=skills).item_id == "one"
    assert choose(items, {"a": MASTERED}, skills, served={"one": (1, 1)}).item_id == "both"


def test_a_gate_once_open_stays_open():
    """A skill that was opened is in reach though its prerequisite's mastery was taken back."""
    skills = [skill("a"), skill("b", "a")]
    record = {"a": SkillState(0.9), "b": SkillState(0.2)}
    assert choose([item("i1", "a"), item("i2", "b")], record, skills, opened=frozenset({"b"})).skill == "b"


def test_a_stuck_prerequisite_opens_what_depends_on_it():
    """A skill that finished without mastery lets its dependants begin."""
    skills = [skill("a"), skill("b", "a")]
    assert choose([item("i1", "a"), item("i2", "b")], skills=skills, finished=frozenset({"a"})).skill == "b"


def test_a_prerequisite_without_items_only_advises():
    """What cannot be practised here does not close a gate here."""
    assert choose([item("i1", "b")], skills=[skill("a"), skill("b", "a")]).item_id == "i1"


def test_prerequisites_in_a_circle_are_no_dead_end():
    """If every gate waits for another, all are treated as open."""
    skills = [skill("a", "b"), skill("b", "a")]
    assert choose([item("i1", "a"), item("i2", "b")], skills=skills).item_id == "i1"


@pytest.mark.parametrize("p_known", [0.01, 0.5, 0.9499, 0.99])
def test_the_band_strands_nobody(p_known):
    """A learner far from the band on every item gets the nearest one."""
    items = [item("easy", "a", difficulty=-2.0), item("easier", "a", difficulty=-6.0)]
    assert choose(items, {"a": SkillState(p_known)}).item_id in ("easy", "easier")


def test_fresh_items_come_before_any_repeat():
    """While a fresh fit item exists none is served again, even if its skill gains little."""
    record = {"a": SkillState(0.1), "b": SkillState(0.94)}
    items = [item("i1", "a", variables=NUMBERS), item("i2", "b")]
    assert choose(items, record, served={"i1": (1, 1)}).item_id == "i2"


def test_without_fresh_items_the_least_recent_comes_with_new_numbers():
    """When all was served, items with variables come again, the one seen longest ago first."""
    items = [item("i1", "a", variables=NUMBERS), item("i2", "a", variables=NUMBERS), item("i3", "a")]
    served = {"i1": (1, 3), "i2": (1, 2), "i3": (1, 1)}
    choice = choose(items, served=served, last_items=("i3", "i2", "i1"))
    assert (choice.item_id, choice.rule) == ("i2", "recycle")


def test_a_skipped_item_comes_back_only_at_the_end():
    """What was laid aside is offered again once nothing fresh is left, without variables too."""
    items = [item("i1", "a"), item("i2", "a")]
    skipped = frozenset({"i1"})
    assert choose(items, served={"i1": (1, 1)}, skipped=skipped).item_id == "i2"
    assert choose(items, served={"i1": (1, 1), "i2": (1, 2)}, skipped=skipped).item_id == "i1"


def test_an_exhausted_bank_says_for_which_skills():
    """Without fresh items and without variables the choice is empty and names what is missing."""
    choice = choose([item("i1", "a")], served={"i1": (1, 1)})
    assert (choice.item_id, choice.rule, choice.reason["skills"]) == (None, "exhausted", ["a"])


def test_the_ends_are_told_apart():
    """All mastered, some finished without mastery, and nothing to practise are three things."""
    items = [item("i1", "a"), item("i2", "b")]
    assert choose(items, {"a": MASTERED, "b": MASTERED}).rule == "mastered"
    assert choose(items, {"a": MASTERED}, finished=frozenset({"b"})).rule == "finished"
    assert choose([]).rule == "empty"


guesses, slips = st.floats(0.01, 0.5), st.floats(0.01, 0.4)
FAILED = {
    "served": {"i1": (1, 1)},
    "serving": 1,
    "last_items": ("i1",),
    "last_skills": ("a",),
    "last_failed": "i1",
}


def test_after_an_error_the_misconceptions_remedy_comes_first():
    """The remediation of the misconception just shown is served, once."""
    items = [item("i1", "a"), item("i2", "a"), item("remedy", "b")]
    remedies = [misconception("item:remedy")]
    choice = choose(items, misconceptions=remedies, misconception="adds", failures=1, **FAILED)
    assert (choice.item_id, choice.rule) == ("remedy", "remediation")
    again = {**FAILED, "served": {"i1": (1, 1), "remedy": (1, 2)}}
    assert (
        choose(items, misconceptions=remedies, misconception="adds", failures=1, **again).rule
        != "remediation"
    )


@pytest.mark.parametrize("remediation", [None, "item:gone", "https://example.org/", "item:i1"])
def test_a_remedy_that_cannot_be_served_is_passed_over(remediation):
    """A remedy that is missing, elsewhere or already seen leaves the choice to the other rules."""
    items = [item("i1", "a"), item("i2", "a", difficulty=-1.0)]
    choice = choose(
        items, misconceptions=[misconception(remediation)], misconception="adds", failures=1, **FAILED
    )
    assert (choice.item_id, choice.rule) == ("i2", "easier-after-error")


def test_after_an_error_the_authors_easier_item_comes():
    """The item that the author named as easier is preferred to any other easier one."""
    items = [
        item("i1", "a", easier="simple"),
        item("i2", "a", difficulty=-1.0),
        item("simple", "a", difficulty=1.0),
    ]
    choice = choose(items, failures=1, **FAILED)
    assert (choice.item_id, choice.rule) == ("simple", "easier-after-error")


def test_after_an_error_an_easier_item_of_the_same_skill_comes():
    """Without a named one an easier item of the failed skill comes, though another skill would gain more."""
    items = [
        item("i1", "a"),
        item("i2", "a", difficulty=-0.5),
        item("i3", "b"),
        item("i4", "a", difficulty=1.0),
    ]
    choice = choose(items, {"a": SkillState(0.6), "b": SkillState(0.1)}, failures=1, **FAILED)
    assert (choice.item_id, choice.rule, choice.reason["relation"]) == ("i2", "easier-after-error", "easier")


def test_without_an_easier_item_the_usual_rule_goes_on():
    """If nothing easier is left after an error, the next item is chosen as always."""
    assert (
        choose([item("i1", "a"), item("i2", "a", difficulty=1.0)], failures=1, **FAILED).rule
        == "largest-gain"
    )


def test_after_a_second_failure_another_format_comes():
    """Two failures on a skill bring its worked example; a single one does not."""
    items = [item("i1", "a"), item("i2", "a"), item("shown", "a", format="worked-example")]
    choice = choose(items, failures=2, failed_skills=("a", "a"), **FAILED)
    assert (choice.item_id, choice.rule) == ("shown", "other-format")
    assert choose(items, failures=1, failed_skills=("a",), **FAILED).item_id == "i2"


def test_a_streak_of_failures_lowers_difficulty_and_opens_help():
    """After three failures in a row an easier item than usual comes, with help."""
    items = [item("i1", "a"), *[item(f"e{n}", "a", difficulty=float(-n)) for n in range(1, 6)]]
    record = {"a": SkillState(0.3)}
    usual = choose(items, record, **{**FAILED, "last_failed": None})
    choice = choose(items, record, failures=3, failed_skills=("b",), **FAILED)
    assert choice.rule == "streak-easier" and choice.reason["opens_help"]
    assert choice.reason["predicted"] > usual.reason["predicted"]


def test_the_fixed_order_looks_at_nothing_but_what_was_served():
    """In fixed order the author's first unserved item comes, whatever is known."""
    items = [item("i1", "a"), item("i2", "b"), item("i3", "a")]
    served = {"i1": (1, 1)}
    choice = choose(items, {"b": MASTERED}, policy="fixed-order", served=served)
    assert (choice.item_id, choice.rule, choice.reason) == ("i2", "fixed-order", {"rule": "fixed-order"})
    everything = {one.id: (1, 1) for one in items}
    assert choose(items, policy="fixed-order", served=everything).rule == "all-served"


def test_the_reason_is_data():
    """A choice says which skill, how well known, which success was predicted, from how many items."""
    choice = choose([item("i1", "a", difficulty=-1.0)], {"a": SkillState(0.5)})
    assert choice.reason["predicted"] == predict_correct(0.5, BktParameters(), difficulty=-1.0)
    assert choice.reason["p_known"] == 0.5 and choice.reason["n_candidates"] == 1
    assert choice.rule in RULES and choice.reason["band"] == [0.6, 0.85]


def test_review_never_ends():
    """Practice goes on after everything is mastered, with every item, none twice running."""
    content = document([item("i1", "a"), item("i2", "a"), item("i3", "b")])
    bank, record, history = Bank.of(content), {"a": SkillState(0.96), "b": SkillState(0.99)}, History()
    seen = []
    for number in range(1, 7):
        choice = next_review(bank, record, history)
        seen.append(choice.item_id)
        served = {**history.served, choice.item_id: (1, number)}
        history = History(served, number, (choice.item_id,), (choice.skill,))
    assert {*seen} == {"i1", "i2", "i3"} and choice.rule == "review"
    assert all(first != second for first, second in pairwise(seen))


def test_review_of_one_item_and_of_none():
    """A bank of one item repeats it; an empty bank says so."""
    content = document([item("i1", "a")])
    assert next_review(Bank.of(content), {}, History(last_items=("i1",))).item_id == "i1"
    assert next_review(Bank.of(document([])), {}, History()).rule == "empty"


def test_a_bank_is_built_once_and_goes_with_its_document():
    """The same document gives the same bank; with the document the bank is dropped."""
    content = document([item("i1", "a")])
    key = id(content)
    assert Bank.of(content) is Bank.of(content) and key in bank_module._banks
    del content
    gc.collect()
    assert key not in bank_module._banks


def test_faulty_parameters_and_thresholds_fall_back():
    """A skill or a setting whose numbers are impossible gets the defaults instead of an error."""
    faulty = document([item("i1", "a")], [skill("a", guess=0.9, slip=0.5)], settings={"threshold": "much"})
    assert Bank.of(faulty).parameters["a"] == BktParameters()
    assert Bank.of(faulty).thresholds["a"] == 0.95
    assert Bank.of(document([item("i1", "a")], settings={"threshold": "0.9"})).thresholds["a"] == 0.9


@given(
    success=st.floats(0.05, 0.95),
    p_all=st.floats(0, 1),
    guess=st.floats(0.01, 0.5),
    slip=st.floats(0.01, 0.4),
)
def test_the_difficulty_of_a_success_gives_that_success(success, p_all, guess, slip):
    """An item of the computed difficulty is predicted to go as asked."""
    difficulty = difficulty_at(success, p_all, guess, slip)
    assert predict_correct(
        p_all, BktParameters(guess=guess, slip=slip), difficulty=difficulty
    ) == pytest.approx(success)


@pytest.mark.parametrize(
    ("p_all", "guess", "slip", "expected"),
    [
        (0.9, 0, 0, float("inf")),
        (0.1, 0, 0, float("-inf")),
        (0.3, 0, 0.1, float("-inf")),
        (0.9, 0.2, 0, float("inf")),
    ],
)
def test_without_guess_or_slip_some_successes_are_out_of_reach(p_all, guess, slip, expected):
    """Where no difficulty leads to the success, the band begins or ends at infinity."""
    assert difficulty_at(0.6, p_all, guess, slip) == expected


def test_the_preference_is_bounded():
    """Inside the band the preference is 1, far away 0.7, in between evenly falling."""
    assert [round(preference(p, (0.6, 0.85), 0.7), 6) for p in (0.6, 0.7, 0.85, 0.35, 0.1, 0.0)] == [
        1,
        1,
        1,
        0.85,
        0.7,
        0.7,
    ]


class Plugins:
    """Entry points of another package."""

    first_policy = Policy(name="first", band=(0.1, 0.2))

    @staticmethod
    def last_item(bank, record, history, rng):
        """The last item of the bank."""
        return Choice(list(bank.items)[-1], rule="largest-gain")

    @staticmethod
    def broken(bank, record, history, rng):
        """Fails."""
        raise RuntimeError("no service")

    @staticmethod
    def nonsense(bank, record, history, rng):
        """Names an item that does not exist."""
        return Choice("gone")

    number = 7


@pytest.fixture
def plugins(monkeypatch):
    """Four policies and one import error registered by another package."""
    points = [
        EntryPoint(n, f"tests.tutoring.test_selection:Plugins.{n}", policies.GROUP) for n in vars(Plugins)
    ]
    points.append(EntryPoint("missing", "no_such_package_anywhere:policy", policies.GROUP))
    monkeypatch.setattr(policies, "entry_points", lambda group: points if group == policies.GROUP else [])
    find_policy.cache_clear()
    yield
    find_policy.cache_clear()


@pytest.mark.usefixtures("plugins")
def test_another_package_can_add_a_policy():
    """A registered function or Policy is used and listed after the built-in names."""
    assert choose([item("i1", "a"), item("i2", "a")], policy="last_item").item_id == "i2"
    assert choose([item("i1", "a")], policy="first_policy").reason["band"] == [0.1, 0.2]
    assert policy_names()[: len(BUILT_IN)] == tuple(BUILT_IN) and "last_item" in policy_names()


@pytest.mark.usefixtures("plugins")
@pytest.mark.parametrize("name", ["broken", "nonsense", "missing", "number", "unknown"])
def test_a_broken_policy_is_replaced_and_named(name):
    """A policy that fails, chooses nonsense or is missing gives the adaptive choice and says so."""
    choice = choose([item("i1", "a")], policy=name)
    assert choice.item_id == "i1" and choice.rule == "largest-gain"
    assert choice.reason["policy_fault"]
