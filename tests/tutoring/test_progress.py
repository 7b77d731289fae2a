"""What a learner reads of skills, ends, grade and reasons."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adaptive_xblocks.mastery import BktParameters, SkillState, meets_mastery, observe
from adaptive_xblocks.mastery.tally import Tallies
from adaptive_xblocks.tutoring.history import RULES, Choice, History
from adaptive_xblocks.tutoring.progress import (
    MOST_IN_A_ROW,
    end_state,
    grade,
    in_a_row,
    meter_of,
    reason_sentence,
    skill_view,
    stuck_skills,
)
from adaptive_xblocks.tutoring.selection import Bank, select
from tests.tutoring.banks import MASTERED, NUMBERS, document, item, names, situations, skill

CHAIN = document([item("i1", "a"), item("i2", "b", variables=NUMBERS)], [skill("a"), skill("b", "a")])


def view(state=None, skill_id="a", **history):
    """The view of a skill of the chain with that state."""
    record = {} if state is None else {skill_id: state}
    return skill_view(Bank.of(CHAIN), skill_id, record, History(**history), names={"a": "Adding"})


def ending(record, content=CHAIN, policy="adaptive", **history):
    """The end state of a learner in a document."""
    return end_state(Bank.of(content), record, History(**history), policy)


@pytest.mark.parametrize(
    ("state", "words", "meter"),
    [
        (None, "Not started", 0),
        (SkillState(0.3), "Not started", 0),
        (SkillState(0.05, 1), "Started", 1),
        (SkillState(0.3, 1), "Started", 3),
        (SkillState(0.5, 3, 2), "Getting there", 5),
        (SkillState(0.9, 4, 3), "Almost there", 9),
        (SkillState(0.99, 4, 2), "Almost there", 9),
        (MASTERED, "Mastered", 10),
        (SkillState(0.6, 9, 5, mastered=True), "Worth another look", 10),
    ],
)
def test_words_and_meter_follow_the_state(state, words, meter):
    """A skill reads from "Not started" to "Mastered"; without evidence the meter is empty."""
    seen = view(state)
    assert (str(seen.words), seen.meter) == (words, meter)


def test_a_closed_skill_says_what_it_waits_for():
    """A skill behind a gate names the prerequisite; once open it does not."""
    assert str(view(skill_id="b").words) == "After “Adding”"
    assert view(skill_id="b", opened=frozenset({"b"})).state == "new"
    assert view(skill_id="b", finished=frozenset({"a"})).state == "new"


@given(p_knowns=st.tuples(st.floats(0, 1), st.floats(0, 1)), threshold=st.floats(0.5, 0.99))
def test_the_meter_rises_with_mastery(p_knowns, threshold):
    """A better known skill never shows a lower meter; it is full only when mastery is declared."""
    low, high = (meter_of(SkillState(p, 3, 1), threshold) for p in sorted(p_knowns))
    assert 1 <= low <= high <= 9


@given(
    credits=st.lists(st.sampled_from([0.0, 1.0]), max_size=15), min_evidence=st.integers(0, 5),
    chance=st.sampled_from([0.0, 0.2, 0.25, 0.5]),
)
def test_so_many_in_a_row_is_what_it_takes(credits, min_evidence, chance):
    """Answering rightly as often as promised declares mastery, and not one answer sooner."""
    tallies = Tallies({"a": BktParameters()}.__getitem__)
    for number, credit in enumerate(credits):
        tallies.count(["a"], credit, 0.0, chance, 0.0, number if credit else None)
    n = in_a_row(tallies["a"].freeze(False), BktParameters(), 0.95, min_evidence, chance)
    for number in range(1, (n or MOST_IN_A_ROW) + 1):
        tallies.count(["a"], 1.0, 0.0, chance, 0.0, 99 + number)
        assert meets_mastery(tallies["a"].freeze(False), 0.95, min_evidence) is (number == n)


def test_what_is_missing_is_said_in_words():
    """The view says how many more right answers are needed, one by its own words, far too many not at all."""
    assert str(view(SkillState(0.3, 2)).next_words) == "3 more in a row like this"
    assert str(view(SkillState(0.94, 2, 2)).next_words) == "One more like this"
    assert view(MASTERED).next_words is None
    assert in_a_row(SkillState(0.1), BktParameters(learn=0, guess=0.5, slip=0.45)) is None


def test_mastered_comes_before_the_other_ends():
    """With every skill mastered that is the end, though one was stuck before or nothing is left."""
    everything = {"a": MASTERED, "b": MASTERED}
    assert ending(everything) == "mastered"
    assert ending(everything, finished=frozenset({"a"}), served={"i1": (1, 1), "i2": (1, 2)}) == "mastered"


def test_a_stuck_skill_needs_a_person_once_the_others_are_done():
    """Practice goes on with the other skills; then the stuck one is named as needing a person."""
    assert ending({}, finished=frozenset({"a"})) is None
    assert ending({"b": MASTERED}, finished=frozenset({"a"})) == "needs_a_person"


def test_what_rests_on_a_stuck_skill_is_given_up_sooner():
    """Thirty failures end a skill that requires a stuck one, and no other, whatever the order of the skills."""
    skills = [skill("c", "b"), skill("b", "a"), skill("a"), skill("d")]
    bank = Bank.of(document([item(f"i-{one.id}", one.id) for one in skills], skills))
    failed = {one: SkillState(0.1, 30, 0) for one in "bcd"}
    assert stuck_skills(bank, {**failed, "a": SkillState(0.1, 70, 0)}, bank.parameters.get) == {"a", "b", "c"}
    assert stuck_skills(bank, {**failed, "a": SkillState(0.96, 5, 5, mastered=True)}, bank.parameters.get) == set()


def test_exhausted_is_the_last_of_the_ends():
    """Nothing fresh and nothing to recycle is exhausted, unless a stuck skill needs a person."""
    content = document([item("i1", "a"), item("i2", "b")])
    served = {"i1": (1, 1), "i2": (1, 2)}
    assert ending({}, content, served=served) == "exhausted"
    assert ending({}, content, served=served, finished=frozenset({"b"})) == "needs_a_person"
    assert ending({}, content, served=served, skipped=frozenset({"i1"})) is None
    assert ending({}, document([])) == "exhausted"


def test_items_with_variables_do_not_run_out():
    """A bank that can come again with new numbers is not exhausted."""
    assert ending({"a": MASTERED}, served={"i1": (1, 1), "i2": (9, 10)}) is None


def test_the_fixed_order_ends_with_the_last_item():
    """In fixed order nothing ends early, and everything ends when all was served."""
    assert ending({"a": MASTERED, "b": MASTERED}, policy="fixed-order") is None
    assert ending({}, policy="fixed-order", served={"i1": (1, 1), "i2": (1, 2)}) == "exhausted"


@given(situation=situations(), finished=st.sets(st.sampled_from(names)))
def test_there_is_an_item_exactly_while_there_is_no_end(situation, finished):
    """Whenever no end is reached an item is chosen, and never after an end: no dead end in between."""
    content, record, served = situation
    history = History(served, finished=frozenset(finished))
    choice = select(Bank.of(content), record, history, rng=random.Random(1))
    assert (choice.item_id is None) is (end_state(Bank.of(content), record, history) is not None)


states = st.builds(
    SkillState, st.floats(0, 1), st.integers(0, 40), st.integers(0, 40), mastered=st.booleans()
)
records = st.dictionaries(st.sampled_from(names), states)
bases = st.dictionaries(st.sampled_from(names), st.tuples(st.floats(0, 1), st.floats(0, 1)))


@given(record=records, basis=bases, min_evidence=st.integers(0, 5))
def test_the_grade_is_a_share(record, basis, min_evidence):
    """Whatever the record and the basis, the grade is in [0, 1]."""
    assert 0.0 <= grade(names, record, basis, min_evidence) <= 1.0


@given(skills=st.sets(st.sampled_from(names), min_size=1), basis=bases)
def test_everything_mastered_is_full_marks(skills, basis):
    """With every skill mastered the grade is 1, whatever the basis."""
    assert grade(skills, dict.fromkeys(names, MASTERED), basis) == 1.0


@given(record=records, basis=bases)
def test_short_of_mastery_a_skill_earns_at_most_half(record, basis):
    """The grade is at most the mastered share plus half of the rest."""
    n_mastered = sum(state.mastered for state in record.values())
    assert grade(names, record, basis) <= (n_mastered + 0.5 * (len(names) - n_mastered)) / len(names) + 1e-12


def test_the_grade_follows_the_designs_formula():
    """Half way up with two of three successes earns a sixth; the mean goes over all skills with items."""
    record = {"a": SkillState(0.6, 5, 2), "b": MASTERED}
    assert grade(["a"], record, {"a": (0.25, 0.95)}) == pytest.approx(0.5 * 0.5 * 2 / 3)
    assert grade(["a", "b", "c"], record, {"a": (0.25, 0.95)}) == pytest.approx((0.5 * 0.5 * 2 / 3 + 1) / 3)


@pytest.mark.parametrize("basis", [{}, {"a": (0.95, 0.95)}, {"a": (0.99, 0.95)}])
def test_without_a_way_to_go_nothing_is_earned_before_mastery(basis):
    """No basis, or a prior at or above the threshold, counts 0 until mastery is declared."""
    assert grade(["a"], {"a": SkillState(0.99, 3, 2)}, basis) == 0.0
    assert grade([], {}, {}) == 0.0


def test_guessing_earns_little():
    """Ten blind guesses among four options on each of ten skills earn less than a tenth on average."""
    rng, grades = random.Random(4), []
    for _ in range(200):
        record = {}
        for number in range(10):
            p_known, successes = 0.3, 0
            for _ in range(10):
                right = rng.random() < 0.25
                p_known, successes = observe(p_known, right, BktParameters(), chance=0.25), successes + right
            record[f"s{number}"] = SkillState(
                p_known, 10, successes, mastered=p_known >= 0.95 and successes >= 3
            )
        grades.append(grade(record, record, dict.fromkeys(record, (0.3, 0.95))))
    assert sum(grades) / len(grades) < 0.1


@pytest.mark.parametrize("rule", RULES)
def test_every_rule_has_a_sentence_without_numbers(rule):
    """Each rule of choosing is told in one sentence of its own, without chances in numbers."""
    sentence = str(reason_sentence(Choice("i1", "a", rule), {"a": "Adding"}))
    assert sentence.endswith(".") and sentence.count(". ") == 0
    assert not any(letter.isdigit() or letter == "%" for letter in sentence)
    assert sentence != "It is the next problem for you."


def test_the_sentence_names_the_skill_and_the_way_it_differs():
    """The largest gain is told with the skill's name, and with easier or harder where that is so."""
    sentences = {
        str(reason_sentence(Choice("i1", "a", reason={"relation": relation}), {"a": "Adding"}))
        for relation in ("easier", "harder", "similar", None)
    }
    assert len(sentences) == 3 and all("“Adding”" in sentence for sentence in sentences)


def test_an_unknown_rule_or_skill_still_has_a_sentence():
    """A policy of another package that brings its own rule gets a sentence that claims nothing."""
    assert str(reason_sentence(Choice("i1", None, "oracle"))) == "It is the next problem for you."
    assert str(reason_sentence(Choice("i1", None, "largest-gain"))) == "It is the next problem for you."
