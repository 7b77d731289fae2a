"""Lines in order: what is right, what part of it is, and what is said of the first line that is wrong."""

import itertools
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adaptive_xblocks.tutoring.answers import answer_type
from adaptive_xblocks.tutoring.model import RIGHT, UNREAD, WRONG
from tests.tutoring.parts import VARIANT, faults_of, read, variant, wrong_with_faults

ORDER = answer_type("order")
LIFE = "<order><line>egg</line><line>caterpillar</line><line>pupa</line><line>butterfly</line></order>"
CODE = """<order indent="true" code="true"><line>for n in numbers:</line><line indent="1">total = total + n</line>
  <line any="a">x = 1</line><line any="a">y = 2</line><extra misconception="m">total = n<say>Lost.</say></extra></order>"""
TWICE = "<order><line>a</line><line>b</line><line>a</line><line>c</line></order>"


def response(source, *names, seed=VARIANT):
    """The response that puts the named lines in that order; `l2:1` is indented."""
    view = ORDER.view(read(source), seed)
    spec = read(source)
    texts = {line.id: line.text.source for line in (*spec.lines, *spec.extras)}
    shown = {}
    for line in view["lines"]:
        shown.setdefault(line["html"].removeprefix("<code>").removesuffix("</code>"), []).append(line["handle"])
    tokens = []
    for name in names:
        line, colon, level = name.partition(":")
        tokens.append(f"{shown[texts[line]].pop(0)}{colon}{level}")
    return " ".join(tokens)


def judge(source, *names):
    """The verdict of the named lines in that order."""
    return ORDER.judge(read(source), VARIANT, response(source, *names))


@pytest.mark.parametrize(("names", "credit"), [
    (("l1", "l2", "l3", "l4"), 1), (("l2", "l1", "l3", "l4"), Fraction(2, 3)), (("l2", "l3", "l4", "l1"), Fraction(2, 3)),
    (("l2", "l1", "l4", "l3"), Fraction(1, 3)), (("l4", "l3", "l2", "l1"), 0),
])  # fmt: skip
def test_credit_is_the_longest_run_in_order(names, credit):
    """Of four lines those that stand right among themselves count, less the one that always does."""
    verdict = judge(LIFE, *names)
    assert (verdict.credit, verdict.kind) == (credit, RIGHT if credit == 1 else WRONG)


@pytest.mark.parametrize(("names", "credit"), [
    (("l1", "l2:1", "l3", "l4"), 1), (("l1", "l2:1", "l4", "l3"), 1), (("l1", "l2", "l3", "l4"), Fraction(2, 3)),
    (("l1", "l2:1", "l3", "l4", "e1"), Fraction(2, 3)), (("l1", "l2:1", "l3"), Fraction(2, 3)), (("l1:1",), 0),
    (("e1",), 0), (("l3", "l1", "l2:1", "l4"), Fraction(2, 3)),
])  # fmt: skip
def test_neighbours_may_change_places_and_extras_cost(names, credit):
    """Lines with the same `any` may stand in any order; indentation counts; an extra that is used costs a line."""
    verdict = judge(CODE, *names)
    assert (verdict.credit, verdict.kind) == (credit, RIGHT if credit == 1 else WRONG)


@pytest.mark.parametrize(("names", "words", "at"), [
    (("l2:1", "l1", "l3", "l4"), "Line 1 is the first", 0), (("l1", "l2:1", "e1", "l3", "l4"), "Line 3 is the first", 2),
    (("l1", "l2:3", "l3", "l4"), "Line 2 is indented too far", 1), (("l1", "l2", "l4", "l3"), "not indented far", 1),
    (("l1", "l2:1", "l3:2", "e1"), "Line 3 is indented too far", 2), (("l1", "l2:1", "l3"), "something is left out", None),
    (("l1", "l2:1", "l3", "l4", "e1"), "Line 5 is the first", 4),
])  # fmt: skip
def test_the_first_line_that_is_wrong_is_told(names, words, at):
    """The message and the mark are about the first line that is out of place or wrongly indented, and no other."""
    verdict = judge(CODE, *names)
    handles = [token.split(":")[0] for token in response(CODE, *names).split()]
    assert words in str(verdict.message)
    assert list(verdict.parts) == ([handles[at]] if at is not None else [])


def test_lines_that_say_the_same_stand_for_each_other():
    """It does not matter which of two equal lines comes first."""
    handles = [response(TWICE, "l1", "l2", "l3", "l4"), ORDER.solve(read(TWICE), VARIANT)]
    first, b, second, c = handles[0].split()
    for raw in (*handles, f"{second} {b} {first} {c}"):
        assert ORDER.judge(read(TWICE), VARIANT, raw).kind == RIGHT
    assert ORDER.judge(read(TWICE), VARIANT, f"{first} {second} {b} {c}").kind == WRONG


def test_an_extra_like_a_line_may_take_its_place():
    """An extra that says the same as a line with these numbers is as good as the line."""
    source = "<order><line>a</line><line>{@b@}</line><extra>3</extra></order>"
    spec = read(source)
    handles = {line["html"]: [] for line in ORDER.view(spec, VARIANT)["lines"]}
    for line in ORDER.view(spec, VARIANT)["lines"]:
        handles[line["html"]].append(line["handle"])
    for three in handles["3"]:
        assert ORDER.judge(spec, VARIANT, f"{handles['a'][0]} {three}").kind == RIGHT


SMALL = [LIFE, CODE, TWICE, "<order><line>a</line><line>b</line><extra>c</extra></order>",
         '<order><line any="x">a</line><line any="x">b</line><line>a</line></order>',
         "<order><line>a</line><line>{@b@}</line><line>3</line></order>"]


@pytest.mark.parametrize("source", SMALL)
def test_the_lines_are_never_shown_in_order(source):
    """Whatever the seed, the lines as shown, without the extras, are not right."""
    spec = read(source)
    extras = {extra.text.source for extra in spec.extras}
    for seed in range(60):
        one = variant(seed)
        shown = [line for line in ORDER.view(spec, one)["lines"]
                 if line["html"].removeprefix("<code>").removesuffix("</code>") not in extras]
        indents = {line.text.source: line.indent for line in spec.lines}
        raw = " ".join(
            f"{line['handle']}:{indents.get(line['html'].removeprefix('<code>').removesuffix('</code>'), 0)}"
            for line in shown)
        assert ORDER.judge(spec, one, raw).kind == WRONG, seed


@given(seed=st.integers(0, 5000), source=st.sampled_from(SMALL))
def test_the_solution_is_right_and_no_other_order_of_it(seed, source):
    """What `solve` gives is right; exchanging neighbours that differ and are not interchangeable makes it wrong."""
    spec, one = read(source), variant(seed)
    tokens = ORDER.solve(spec, one).split()
    assert ORDER.judge(spec, one, " ".join(tokens)).credit == 1
    key = ORDER.key(spec, one)
    for at, (first, second) in enumerate(itertools.pairwise(key)):
        if first[0] != second[0] and first[2] != second[2]:
            swapped = [*tokens[:at], tokens[at + 1], tokens[at], *tokens[at + 2:]]
            verdict = ORDER.judge(spec, one, " ".join(swapped))
            assert verdict.kind == WRONG and verdict.credit < 1


@given(st.permutations("12345"), st.lists(st.integers(0, 8), min_size=5, max_size=5), st.integers(0, 5))
def test_every_order_gets_a_verdict_with_a_small_credit(order, levels, n_used):
    """Full credit and nothing else is right, and a wrong order has a sentence."""
    raw = " ".join(f"{handle}:{level}" for handle, level in zip(order[:n_used], levels))
    verdict = ORDER.judge(read(CODE), VARIANT, raw)
    assert verdict.kind == (UNREAD if not n_used else RIGHT if verdict.credit == 1 else WRONG)
    assert verdict.credit.denominator <= 4
    assert bool(verdict.message) == (verdict.kind != RIGHT)


@pytest.mark.parametrize("raw", [
    "", " ", "1 2", "1 2 3 3", "1 2 3 4 5", "0 1 2 3", "1:0:0 2 3 4", "1:9 2 3 4", "1:-1 2 3 4", "1: 2 3 4", "l1 l2 l3 l4",
    "１ 2 3 4", "1,2,3,4", "1 2 3 4" + " " * 500, None, 4, ["1", "2", "3", "4"], {"1": 2},
])  # fmt: skip
def test_what_the_page_does_not_send_is_not_read(raw):
    """Missing, unknown and repeated lines cost nothing, and a sentence says what to do."""
    verdict = ORDER.judge(read(LIFE), VARIANT, raw)
    assert (verdict.kind, bool(str(verdict.message))) == (UNREAD, True)


@pytest.mark.parametrize(("source", "chance"), [
    (LIFE, 23), (TWICE, 11), ("<order><line>a</line><line>b</line><extra>c</extra></order>", 3), (CODE, 191),
    ("<order>" + "".join(f"<line>{n}</line>" for n in range(50)) + "</order>", 255),
])  # fmt: skip
def test_the_chance_counts_what_looks_different(source, chance):
    """Orders over those that are right, times what may be left out and indented, less the one that is shown."""
    assert ORDER.chance(read(source)) == chance


def test_what_is_shown_does_not_depend_on_the_right_order():
    """Whichever order the author writes, the same lines are shown in the same order, as long as it is not right."""
    texts = ["egg", "caterpillar", "pupa", "butterfly"]
    for seed in range(40):
        views = [
            [line["html"] for line in ORDER.view(read(f"<order>{''.join(f'<line>{t}</line>' for t in order)}</order>"),
                                                 variant(seed))["lines"]]
            for order in itertools.permutations(texts)
        ]
        usual = max(views, key=views.count)
        assert views.count(usual) == 23  # the last is the order whose author wrote just what is shown


def test_the_order_of_a_seed_never_changes():
    """The order is part of what was asked, so it is the same in every version of Python."""
    shown = [line["html"] for line in ORDER.view(read(LIFE), variant(7))["lines"]]
    assert shown == ["caterpillar", "pupa", "butterfly", "egg"]


def test_the_page_lays_the_lines_as_the_learner_did():
    """Order, indentation and what is left out come back; what cannot be from this page shows the lines as at first."""
    view = ORDER.view(read(CODE), VARIANT)
    laid = ORDER.laid_out(view, "3:2 1")
    assert [(line["handle"], line["level"]) for line in laid["lines"]] == [("3", 2), ("1", 0)]
    assert [line["handle"] for line in laid["out"]] == ["2", "4", "5"]
    assert laid["value"] == "3:2 1"
    for raw in ("", "9", "1 1", "x", "1" * 600):
        assert ORDER.laid_out(view, raw) == view
    plain = ORDER.view(read(LIFE), VARIANT)
    assert ORDER.laid_out(plain, "1 2") == plain


def test_indentation_is_shown_where_learners_do_not_indent():
    """With indent="false" each line stands at its own level; with "true" all begin at the margin."""
    lines = '<line>a</line><line indent="1">b</line><line indent="2">c</line>'
    shown, asked = (ORDER.view(read(f"<order{more}>{lines}</order>"), VARIANT) for more in ("", ' indent="true"'))
    assert {line["html"]: line["level"] for line in shown["lines"]} == {"a": 0, "b": 1, "c": 2}
    assert {line["level"] for line in asked["lines"]} == {0}


def test_code_is_kept_as_it_is_written():
    """White space within a line, several lines in one, and what looks like markup or a formula stay."""
    source = ('<order code="true"><line>a  =  1</line><line>if a &lt; 2:\n    b()</line>'
              "<line>c = r\"\\(x\\)\"</line></order>")
    html = {line["html"] for line in ORDER.view(read(source), VARIANT)["lines"]}
    assert html == {
        "<code>a  =  1</code>", "<code>if a &lt; 2:\n    b()</code>", '<code>c = r"\\(x\\)"</code>'}


@pytest.mark.parametrize(("line", "indent", "text"), [
    ("    x = 1", 1, "x = 1"), ("        x = 1  ", 2, "x = 1"), ("\n    if x:\n        y\n", 1, "if x:\n    y"),
])  # fmt: skip
def test_white_space_before_code_is_its_indentation(line, indent, text):
    """Four spaces at the beginning of a line of code are a level, and are not shown."""
    spec = read(f'<order code="true"><line>{line}</line><line>b</line><line>c</line></order>')
    assert (spec.lines[0].indent, spec.lines[0].text.source) == (indent, text)


def test_extras_with_feedback_are_recognised():
    """A learner who uses an extra shows its misconception and is told what the author wrote."""
    spec = read(CODE)
    ((matcher, misconception, say, name),) = ORDER.own_wrongs(spec)
    assert (misconception, say.source, name) == ("m", "Lost.", "extra:e1")
    assert ORDER.matches(matcher, spec, VARIANT, response(CODE, "l1", "e1"))
    assert not ORDER.matches(matcher, spec, VARIANT, response(CODE, "l1", "l2"))
    assert ORDER.judge(spec, VARIANT, ORDER.example(matcher, spec, VARIANT)).kind == WRONG


@pytest.mark.parametrize("answer", ["l3 l1", "l4 l2", "l2 l1"])
def test_a_wrong_answer_names_lines_in_their_order(answer):
    """`<wrong answer="l3 l1">` is met where line 3 stands before line 1, wherever that is; its example shows it."""
    matcher, faults = wrong_with_faults(LIFE, answer)
    spec = read(LIFE)
    example = ORDER.example(matcher, spec, VARIANT)
    assert not faults
    assert ORDER.matches(matcher, spec, VARIANT, example)
    assert ORDER.judge(spec, VARIANT, example).kind == WRONG
    assert not ORDER.matches(matcher, spec, VARIANT, ORDER.solve(spec, VARIANT))


@pytest.mark.parametrize(("answer", "words"), [("l9", 'no line "l9"'), ("l1 l3", "in the right answer too"), ("l2", "too")])
def test_a_wrong_answer_must_be_wrong(answer, words):
    """Unknown lines, and lines named as they are right, are faults."""
    _matcher, faults = wrong_with_faults(LIFE, answer)
    assert words in str(faults[0].problem)


def test_a_finished_step_shows_the_lines_as_they_were_put():
    """The lines in the learner's order, with their indentation."""
    said = ORDER.said(read(CODE), VARIANT, response(CODE, "l1", "l2:1"))
    assert said.index("for n") < said.index("total = total")
    assert 'data-level="1"' in said and 'dir="ltr"' in said
    assert ORDER.said(read(CODE), VARIANT, "zz") == '<ol class="ax-said ax-rows" dir="ltr" data-code=""></ol>'


LINES = "".join(f"<line>{n}</line>" for n in range(51))


@pytest.mark.parametrize(("source", "words"), [
    ("<order><line>a</line><line>b</line></order>", "2 lines"), (f"<order>{LINES}</order>", "51 lines"),
    ("<order><line>a</line><extra>b</extra><extra>c</extra></order>", "1 lines"),
    ("<order><line>a</line><line/><line>b</line></order>", "empty"),
    ('<order><line any="x">a</line><line any="x">b</line><line any="x">c</line></order>', "Every order"),
    ("<order><line>a</line><line>a</line><line>a</line></order>", "Every order"),
    ('<order><line id="x">a</line><line id="x">b</line><line>c</line></order>', 'id "x"'),
    ('<order><line any="x">a</line><line>b</line><line any="x">c</line></order>', "do not stand together"),
    ("<order><line>a</line><line>b</line><extra>a</extra></order>", "same text as a line"),
    ('<order indent="true"><line>a</line><line>b</line><line>c</line></order>', "none is to be indented"),
    ('<order><line indent="9">a</line><line>b</line><line>c</line></order>', "indent"),
    ('<order><line indent="1.5">a</line><line>b</line><line>c</line></order>', "whole number"),
    ('<order code="true"><line>\tx</line><line>b</line><line>c</line></order>', "tab"),
    ('<order code="true"><line>x\t= 1</line><line>b</line><line>c</line></order>', "tab"),
    ('<order code="true"><line>   x</line><line>b</line><line>c</line></order>', "3 spaces"),
    ('<order code="maybe"><line>a</line><line>b</line><line>c</line></order>', "maybe"),
    ("<order><line>a</line>b<line>b</line><line>c</line></order>", "stands directly"),
    ('<order><line misconception="m">a</line><line>b</line><line>c</line></order>', "no attribute"),
])  # fmt: skip
def test_authors_are_told(source, words):
    """Every fault says what is wrong, where, and what to do."""
    assert any(words in str(fault.problem) and fault.line and str(fault.remedy) for fault in faults_of(source))
