"""Several inputs in one step: in any order, in one direction, on a curve; and none of it raises."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adaptive_xblocks.tutoring.answer_checks import answer_faults, is_playable, solution
from adaptive_xblocks.tutoring.answer_rules import TWICE
from adaptive_xblocks.tutoring.judging import judge_step, step_options
from adaptive_xblocks.tutoring.model import RIGHT, UNREAD, WRONG
from adaptive_xblocks.tutoring.parser import parse_document
from adaptive_xblocks.tutoring.variants import make_variant

ROOTS = '<numeric id="a" answer="-2"/><numeric id="b" answer="3"/><answer form="any-order" inputs="a b"/>'
POINT = '<numeric id="x" answer="0"/><numeric id="y" answer="1"/><answer where="y = 2*x + 1" inputs="x y"/>'
VECTOR = ('<numeric id="a" answer="2"/><numeric id="b" answer="-4"/><numeric id="c" answer="0"/>'
          '<answer form="proportional" inputs="a b c"/>')


def document(step, before=""):
    """A document with that one step."""
    return parse_document(
        '<adaptive_problem_set><skill id="s" name="S"/><misconception id="m" name="M"/>'
        f'<item id="i">{before}<step id="t" skills="s">{step}<hint bottom_out="true">x</hint></step></item>'
        "</adaptive_problem_set>")


def judged(step, *answers, before="", seed=0):
    """The verdict of the answers, input by input."""
    found = document(step, before)
    assert not found.errors, found.errors
    item = found.items["i"]
    responses = {part.id: raw for part, raw in zip(item.steps[0].inputs, answers)}
    return judge_step(make_variant(item, seed), item.steps[0], responses)


def kinds(verdict):
    """The kinds of the inputs' verdicts."""
    return [one.kind for one in verdict.inputs.values()]


@pytest.mark.parametrize(("answers", "expected", "credit"), [
    (("-2", "3"), [RIGHT, RIGHT], 1), (("3", "-2"), [RIGHT, RIGHT], 1), (("3", "3"), [WRONG, RIGHT], Fraction(1, 2)),
    (("3", "7"), [RIGHT, WRONG], Fraction(1, 2)), (("7", "-2"), [WRONG, RIGHT], Fraction(1, 2)),
    (("7", "8"), [WRONG, WRONG], 0),
    (("-2", "-2"), [RIGHT, WRONG], Fraction(1, 2)),
])  # fmt: skip
def test_each_key_is_answered_once_in_any_order(answers, expected, credit):
    """The same root twice is right once; credit is by input."""
    verdict = judged(ROOTS, *answers)
    assert (kinds(verdict), verdict.credit) == (expected, credit)


def test_what_is_there_already_is_told():
    """The learner reads that the second is the first again."""
    verdict = judged(ROOTS, "3", "3")
    assert verdict.inputs["a"].message.key == TWICE
    assert judged(ROOTS, "3", "7").inputs["b"].message is None


def test_a_form_counts_in_any_order_too():
    """A right value in the wrong form, in whichever place, is not read yet."""
    step = ('<numeric id="a" answer="1/2" form="fraction"/><numeric id="b" answer="3" form="integer"/>'
            '<answer form="any-order" inputs="a b"/>')
    assert judged(step, "3", "1/2").kind == RIGHT
    verdict = judged(step, "3", "0.5")
    assert (verdict.kind, kinds(verdict)) == (UNREAD, [RIGHT, UNREAD])
    assert judged(step, "6/2", "1/2").kind == UNREAD
    assert judged(step, "", "1/2").kind == UNREAD


def test_texts_may_stand_in_any_order_with_their_feedback():
    """The feedback of the word goes where the word is."""
    step = ('<text id="a" answer="sine" typos="1"/><text id="b" answer="cosine">'
            '<accept>cos<say>Short!</say></accept></text>'
            '<answer form="any-order" inputs="a b"/>')
    verdict = judged(step, "cos", "sine")
    assert (verdict.kind, verdict.inputs["a"].say.source, verdict.inputs["b"].say) == (RIGHT, "Short!", None)


@pytest.mark.parametrize("answers", [("5", "-2"), ("-2", "5"), ("5", "9")])
def test_a_wrong_rule_finds_its_answer_in_any_place(answers):
    """Where order does not matter, an answer is recognised wherever it stands."""
    step = ROOTS + '<wrong inputs="a" answer="5" misconception="m"/>'
    assert judged(step, *answers).misconception == "m"


def test_a_wrong_rule_over_both_needs_both():
    """Two answers are recognised the other way round, but one answer is not taken for two."""
    step = ROOTS + '<wrong inputs="a b" answer="2, -3" misconception="m"/>'
    assert [judged(step, *pair).misconception for pair in (("2", "-3"), ("-3", "2"), ("2", "2"))] == ["m", "m", None]


def test_any_order_is_guessed_more_easily():
    """Two choices of three in any order are one in four, not one in nine."""
    options = '<option correct="true">a</option><option>b</option><option>c</option>'
    step = f'<choice id="a">{options}</choice><choice id="b">{options}</choice>'
    plain = document(step).items["i"].steps[0]
    free = document(step + '<answer form="any-order" inputs="a b"/>').items["i"].steps[0]
    assert (step_options(plain), step_options(free)) == (9, 4)


@given(keys=st.lists(st.integers(0, 3), min_size=2, max_size=5), data=st.data())
def test_any_permutation_of_the_keys_is_right(keys, data):
    """Equal keys included; and as many are right as can be matched."""
    inputs = "".join(f'<numeric id="i{n}" answer="{key}"/>' for n, key in enumerate(keys))
    step = f'{inputs}<answer form="any-order" inputs="{" ".join(f"i{n}" for n in range(len(keys)))}"/>'
    assert judged(step, *map(str, data.draw(st.permutations(keys)))).kind == RIGHT
    given_ = data.draw(st.lists(st.integers(0, 4), min_size=len(keys), max_size=len(keys)))
    common = sum(min(keys.count(one), given_.count(one)) for one in set(keys))
    assert judged(step, *map(str, given_)).credit == Fraction(common, len(keys))


@pytest.mark.parametrize(("answers", "kind"), [
    (("2", "-4", "0"), RIGHT), (("1", "-2", "0"), RIGHT), (("-1/2", "1", "0"), RIGHT), (("0.5", "-1", "0"), RIGHT),
    (("0", "0", "0"), WRONG), (("1", "2", "0"), WRONG), (("2", "-4", "1"), WRONG), (("", "1", "1"), UNREAD),
])  # fmt: skip
def test_a_direction_is_right_at_any_length(answers, kind):
    """Any multiple but zero; no input is right by itself."""
    verdict = judged(VECTOR, *answers)
    assert verdict.kind == kind
    assert kind == UNREAD or len(set(kinds(verdict))) == 1


def test_a_direction_with_roots_is_right_within_a_thousandth():
    """What nobody can write exactly need not be."""
    step = '<numeric id="a" answer="1"/><numeric id="b" answer="sqrt(2)"/><answer form="proportional" inputs="a b"/>'
    assert [judged(step, "2", raw).kind for raw in ("2.828", "2.9")] == [RIGHT, WRONG]


@pytest.mark.parametrize(("answers", "kind"), [
    (("0", "1"), RIGHT), (("3", "7"), RIGHT), (("1/2", "2"), RIGHT), (("-1", "-1"), RIGHT), (("3", "8"), WRONG),
    (("1", "0"), WRONG),
    (("1", ""), UNREAD), (("1e60", "2e60"), WRONG), (("9" * 200, "1"), WRONG),
])  # fmt: skip
def test_any_point_on_the_line_is_right(answers, kind):
    """The condition decides, not the author's example; what is too large is wrong."""
    assert judged(POINT, *answers).kind == kind


def test_a_condition_knows_the_items_variables():
    """The learner's own numbers are in it; the example is what checks and hints use."""
    step = ('<numeric id="x" answer="0"/><numeric id="y" answer="b"/>'
            '<answer where="y = a*x + b and x &gt;= 0" inputs="x y"/>')
    before = '<variable name="a" values="2..9"/><variable name="b" values="1..9"/>'
    item = document(step, before).items["i"]
    for seed in range(5):
        variant = make_variant(item, seed)
        a, b = variant.values["a"], variant.values["b"]
        assert judge_step(variant, item.steps[0], {"x": "2", "y": str(2 * a + b)}).kind == RIGHT
        assert judge_step(variant, item.steps[0], {"x": "-1", "y": str(b - a)}).kind == WRONG
        assert judge_step(variant, item.steps[0], solution(variant, item.steps[0])).kind == RIGHT
    assert is_playable(item, 1)


def test_a_condition_that_has_no_value_for_an_answer_is_not_met(caplog):
    """Dividing by the learner's zero is wrong, not a crash, and nothing is logged."""
    step = '<numeric id="x" answer="1"/><numeric id="y" answer="1"/><answer where="y = 1/x" inputs="x y"/>'
    assert [judged(step, x, y).kind for x, y in (("2", "0.5"), ("0", "1"))] == [RIGHT, WRONG]
    assert not caplog.records


def test_two_conditions_must_both_hold():
    """An input under two rules is right if both are met, in whichever order they stand."""
    rules = ['<answer where="x + y = 10" inputs="x y"/>', '<answer where="x &lt; y" inputs="x y"/>']
    for order in (rules, rules[::-1]):
        step = '<numeric id="x" answer="4"/><numeric id="y" answer="6"/>' + "".join(order)
        assert [judged(step, *pair).kind for pair in (("1", "9"), ("9", "1"), ("1", "2"))] == [RIGHT, WRONG, WRONG]


@pytest.mark.parametrize("rule", [
    '<answer form="any-order" inputs="a"/>', '<answer form="any-order" inputs="a zz"/>',
    '<answer form="any-order" inputs="a t"/>',
    '<answer form="proportional" inputs="a"/>', '<answer form="proportional" inputs="a t"/>',
    '<answer form="where" inputs="a b"/>',
    '<answer form="nonsense" inputs="a b"/>', '<answer inputs="a b"/>', '<answer where="a +" inputs="a b"/>',
    '<answer where="a = q" inputs="a b"/>',
    '<answer where="a = b" form="any-order" inputs="a b"/>', '<answer where="a = b"/>',
    '<answer where="n = b" inputs="n b"/>',
    '<answer where="a = b" inputs="a-b"/>',
    '<answer form="any-order" inputs="a b"/><answer where="a &lt; b" inputs="a b"/>',
])  # fmt: skip
def test_a_rule_that_cannot_be_used_is_an_error(rule):
    """Too few inputs, none of that name, texts among numbers, no such form, a condition that cannot be read."""
    numbers = "".join(f'<numeric id="{name}" answer="1"/>' for name in ("a", "b", "n", "a-b"))
    step = f'{numbers}<text id="t" answer="x"/>'
    assert document(step + rule, '<variable name="n" is="1"/>').errors


def test_an_example_that_does_not_fit_the_condition_is_an_error():
    """The author's own answers must be right."""
    found = document(POINT.replace('answer="1"', 'answer="5"'))
    assert "not accepted as right" in str(found.errors[0].problem)


def test_a_cloze_has_texts_and_choices_in_a_sentence():
    """Each gap is judged by itself and earns its share."""
    step = ('<prompt>Ayer yo [[input:v]] con [[input:w]] al [[input:p]].</prompt><text id="v" answer="fui"/>'
            '<choice id="w" keep_order="true"><option correct="true">ella</option><option>la</option></choice>'
            '<text id="p" answer="cine"/>'
            '<wrong inputs="v p" answer="era, sine" misconception="m"/>')
    verdict = judged(step, "fui", "2", "Cine")
    assert (verdict.kind, kinds(verdict), verdict.credit) == (WRONG, [RIGHT, WRONG, RIGHT], Fraction(2, 3))
    assert judged(step, "fui", "1", "cine").kind == RIGHT
    assert judged(step, "era", "1", "sine").misconception == "m"


@given(st.dictionaries(st.sampled_from("abc"), st.one_of(st.text(max_size=250), st.none(), st.integers(), st.floats())))
def test_any_responses_get_a_verdict(responses):
    """Whatever is sent under any rule."""
    for rule in ('<answer form="any-order" inputs="a b c"/>', '<answer form="proportional" inputs="a b c"/>',
                 '<answer where="a^2 + b^2 = c^b" inputs="a b c"/>'):
        step = '<numeric id="a" answer="0"/><numeric id="b" answer="1"/><numeric id="c" answer="1"/>' + rule
        item = document(step).items["i"]
        assert judge_step(make_variant(item, 0), item.steps[0], responses).kind in (RIGHT, WRONG, UNREAD)


def test_rules_are_tried_before_learners_meet_them():
    """Sound ones have no faults."""
    for step in (ROOTS, POINT, VECTOR):
        assert answer_faults(document(step).items["i"], range(3)) == []
