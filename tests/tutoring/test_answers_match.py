"""What belongs together: each row is told, and nothing is shown of what belongs where."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adaptive_xblocks.tutoring.answers import answer_type
from adaptive_xblocks.tutoring.answers.match_reading import Pairing
from adaptive_xblocks.tutoring.model import RIGHT, UNREAD, WRONG
from tests.tutoring.parts import VARIANT, faults_of, read, variant, wrong_with_faults

MATCH = answer_type("match")
VERBS = """<match><pair id="ser"><left>ser</left><right>fui</right></pair><pair id="ir"><left>ir</left><right>fui</right>
  </pair><pair id="ver"><left>ver</left><right>vi</right></pair><extra misconception="m">comí<say>To eat.</say></extra>
  </match>"""
GROUPS = """<match><group id="reg" name="Regular"><member>hablé</member><member>comí</member></group>
  <group name="Irregular"><member>fui</member></group></match>"""


def response(source, **pairs):
    """The response that pairs left texts with right texts."""
    view = MATCH.view(read(source), VARIANT)
    rows = {row["html"]: row["handle"] for row in view["rows"]}
    options = {option["text"]: option["handle"] for option in view["options"]}
    return " ".join(f"{rows[left]}={options[right]}" for left, right in pairs.items())


def judge(source, **pairs):
    """The verdict of left texts with right texts."""
    return MATCH.judge(read(source), VARIANT, response(source, **pairs))


@pytest.mark.parametrize(("pairs", "n_right"), [
    ({"ser": "fui", "ir": "fui", "ver": "vi"}, 3), ({"ser": "fui", "ir": "vi", "ver": "vi"}, 2),
    ({"ser": "vi", "ir": "comí", "ver": "vi"}, 1), ({"ser": "vi", "ir": "vi", "ver": "fui"}, 0),
])  # fmt: skip
def test_credit_is_the_share_of_rows(pairs, n_right):
    """Each row counts alike and is told; right sides with the same text are one."""
    verdict = judge(VERBS, **pairs)
    assert verdict.credit == Fraction(n_right, 3)
    assert verdict.kind == (RIGHT if n_right == 3 else WRONG)
    assert sum(part.kind == RIGHT for part in verdict.parts.values()) == n_right
    assert len(verdict.parts) == 3
    assert verdict.message is None or str(verdict.message) == f"Right so far: {n_right} of 3."


def test_members_go_to_their_groups():
    """Groups are judged as pairs are, member by member; they stand as the author wrote them."""
    assert judge(GROUPS, hablé="Regular", comí="Regular", fui="Irregular").kind == RIGHT
    assert judge(GROUPS, hablé="Regular", comí="Irregular", fui="Irregular").credit == Fraction(2, 3)
    assert [one["text"] for one in MATCH.view(read(GROUPS), VARIANT)["options"]] == ["Regular", "Irregular"]


def test_left_sides_that_look_alike_take_either_right_side():
    """With numbers that make two left sides equal, each takes what belongs to one of them."""
    source = ("<match><pair><left>{@b@}</left><right>p</right></pair><pair><left>3</left><right>q</right></pair></match>")
    spec = read(source)
    assert [MATCH.judge(spec, VARIANT, raw).kind for raw in ("1=1 2=2", "1=2 2=1")] == [RIGHT, RIGHT]
    assert {MATCH.judge(spec, variant(b=4), raw).kind for raw in ("1=1 2=2", "1=2 2=1")} == {RIGHT, WRONG}


@pytest.mark.parametrize("raw", [
    "", " ", "1=1", "1=1 2=2", "1=1 1=2 2=1 3=1", "1=1 2=2 3=9", "0=1 2=2 3=1", "1=1 2=2 3=", "1 2 3", "1=1=1 2=2 3=1",
    "ser=fui", "1=１ 2=2 3=1", "1=1 2=2 3=1" + " " * 500, None, 1, ["1=1", "2=2"], {"1": "1"},
])  # fmt: skip
def test_what_the_page_does_not_send_is_not_read(raw):
    """Missing rows, unknown handles and one twice cost nothing, and a sentence says what to do."""
    verdict = MATCH.judge(read(VERBS), VARIANT, raw)
    assert (verdict.kind, bool(str(verdict.message))) == (UNREAD, True)


def test_what_is_missing_is_counted():
    """A learner who left rows open is told how many."""
    assert "Still missing: 2" in str(MATCH.judge(read(VERBS), VARIANT, "1=1").message)


@given(seed=st.integers(0, 5000), source=st.sampled_from([VERBS, GROUPS]))
def test_the_solution_is_right_for_every_seed(seed, source):
    """What `solve` gives is right, and one row changed is not."""
    spec, one = read(source), variant(seed)
    tokens = MATCH.solve(spec, one).split()
    assert MATCH.judge(spec, one, " ".join(tokens)).credit == 1
    left, right = tokens[0].split("=")
    options = [option["handle"] for option in MATCH.view(spec, one)["options"]]
    other = next(handle for handle in options if handle != right)
    assert MATCH.judge(spec, one, " ".join([f"{left}={other}", *tokens[1:]])).kind == WRONG


@given(st.integers(0, 5000))
def test_the_view_does_not_depend_on_what_belongs_together(seed):
    """Pairs with other partners look the same."""
    def source(*rights):
        pairs = zip(("a", "b", "c"), rights)
        return f"<match>{''.join(f'<pair><left>{x}</left><right>{y}</right></pair>' for x, y in pairs)}</match>"

    views = {str(MATCH.view(read(source(*rights)), variant(seed))) for rights in ("xyz", "yzx", "zxy")}
    assert len(views) == 1


def test_every_row_comes_at_every_position_alike():
    """Over many seeds no left side stands beside its right side more often than another."""
    source = "<match>" + "".join(f"<pair><left>l{n}</left><right>r{n}</right></pair>" for n in range(4)) + "</match>"
    n_beside = sum(
        len({f"{n}={n}" for n in range(1, 5)} & {*MATCH.solve(read(source), variant(seed)).split()})
        for seed in range(600))
    assert 500 < n_beside < 700


def test_an_author_keeps_the_order_of_the_rows():
    """With keep_order the left sides stand as written; the right sides are shuffled all the same."""
    source = VERBS.replace("<match>", '<match keep_order="true">')
    shown = {tuple(row["html"] for row in MATCH.view(read(source), variant(seed))["rows"]) for seed in range(20)}
    rights = {tuple(one["text"] for one in MATCH.view(read(source), variant(seed))["options"]) for seed in range(20)}
    assert shown == {("ser", "ir", "ver")}
    assert len(rights) > 3


@pytest.mark.parametrize(("source", "chance"), [
    (VERBS, 12), (GROUPS, 8), ("<match><pair><left>a</left><right>x</right></pair><pair><left>b</left><right>y</right>"
                               "</pair></match>", 2),
    ("<match>" + "".join(f"<pair><left>{n}</left><right>r{n}</right></pair>" for n in range(50)) + "</match>", 255),
])  # fmt: skip
def test_the_chance_counts_the_ways_to_choose(source, chance):
    """Each right side once, equal ones alike; each member in each group; up to a byte."""
    assert MATCH.chance(read(source)) == chance


@pytest.mark.parametrize(("answer", "pairing"), [
    ("ser=vi", Pairing("ser", "ver")), ("ver=comí", Pairing("ver", "e1")), ("ir = e1", Pairing("ir", "e1")),
])  # fmt: skip
def test_a_wrong_answer_names_a_pair(answer, pairing):
    """By ids or texts; its example has that pair and all others right."""
    matcher, faults = wrong_with_faults(VERBS, answer)
    spec = read(VERBS)
    example = MATCH.example(matcher, spec, VARIANT)
    assert (matcher, faults) == (pairing, [])
    assert MATCH.matches(matcher, spec, VARIANT, example)
    assert MATCH.judge(spec, VARIANT, example).credit == Fraction(2, 3)
    assert not MATCH.matches(matcher, spec, VARIANT, MATCH.solve(spec, VARIANT))


@pytest.mark.parametrize(("answer", "words"), [
    ("ser", "no left side"), ("ser=nada", "no left side"), ("zz=fui", "no left side"), ("ir=fui", "it is right"),
    ("ser=ir", "it is right"),
])  # fmt: skip
def test_a_wrong_answer_must_be_a_wrong_pair(answer, words):
    """Unknown names, and pairs that belong together, are faults."""
    _matcher, faults = wrong_with_faults(VERBS, answer)
    assert words in str(faults[0].problem)


def test_extras_with_feedback_are_recognised():
    """A learner who chooses an extra anywhere shows its misconception."""
    spec = read(VERBS)
    ((matcher, misconception, say, name),) = MATCH.own_wrongs(spec)
    assert (misconception, say.source, name) == ("m", "To eat.", "extra:e1")
    assert MATCH.matches(matcher, spec, VARIANT, response(VERBS, ser="fui", ir="comí", ver="vi"))
    assert not MATCH.matches(matcher, spec, VARIANT, response(VERBS, ser="fui", ir="vi", ver="vi"))


def test_the_page_keeps_what_was_paired():
    """Laid out again each row has what was chosen for it."""
    view = MATCH.view(read(VERBS), VARIANT)
    for raw, chosen in (("1=2 3=1", ["2", "", "1"]), ("", ["", "", ""]), ("1=9", ["", "", ""]), ("x" * 600, ["", "", ""])):
        assert [row["chosen"] for row in MATCH.laid_out(view, raw)["rows"]] == chosen


def test_a_finished_step_shows_the_pairs():
    """Each left side with what was chosen for it, escaped."""
    source = VERBS.replace("comí", "a &lt; b")
    said = MATCH.said(read(source), VARIANT, response(source, ser="a < b", ir="fui", ver="vi"))
    assert "a &lt; b" in said and said.count("<li>") == 3


def test_the_value_names_pairs_as_written():
    """What is kept for staff are ids, in the author's order."""
    assert judge(VERBS, ver="vi", ser="comí", ir="fui").value in ("ser=e1 ir=ser ver=ver", "ser=e1 ir=ir ver=ver")


PAIR = "<pair><left>{0}</left><right>{1}</right></pair>"


@pytest.mark.parametrize(("source", "words"), [
    ("<match/>", "0 pairs"), (f"<match>{PAIR.format('a', 'x')}</match>", "1 pairs"),
    (f"<match>{''.join(PAIR.format(n, n) for n in range(51))}</match>", "51 pairs"),
    (f"<match>{PAIR.format('a', 'x')}{PAIR.format('b', 'x')}</match>", "only one right side"),
    (f"<match>{PAIR.format('a', 'x')}{PAIR.format('a', 'y')}</match>", "Two left sides"),
    (f"<match>{PAIR.format('a', 'x')}{PAIR.format('b', '')}</match>", "empty"),
    (f"<match>{PAIR.format('a', 'x')}<pair><left>b</left></pair></match>", "one left and one right"),
    (f"<match>{PAIR.format('a', 'x')}{PAIR.format('b', 'y')}<extra>x</extra></match>", "same text as a right side"),
    (f"<match>{PAIR.format('a', 'x')}{PAIR.format('b', 'y')}<extra/></match>", "empty"),
    (f'<match>{PAIR.format("a", "x")}<group name="g"><member>m</member></group></match>', "groups and pairs"),
    ('<match><group name="g"><member>m</member></group><group name="h"/></match>', "no members"),
    ("<match><group><member>m</member></group><group name='h'><member>n</member></group></match>", "no name"),
    ('<match><group name="g"><member>m</member><member>n</member></group></match>', "1 groups"),
    ('<match><group name="g"><member>m</member></group><group name="g"><member>n</member></group></match>', "one right"),
    ('<match><group id="g" name="g"><member>m</member></group><group id="g" name="h"><member>n</member></group></match>',
     'id "g"'),
    (f'<match><pair id="a b"><left>a</left><right>b</right></pair>{PAIR.format("c", "d")}</match>', "cannot be an id"),
])  # fmt: skip
def test_authors_are_told(source, words):
    """Every fault says what is wrong, where, and what to do."""
    assert any(words in str(fault.problem) and fault.line and str(fault.remedy) for fault in faults_of(source))
