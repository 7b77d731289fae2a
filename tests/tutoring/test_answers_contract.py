"""What every answer type must do, run against each registered one."""

import json
import pickle
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from adaptive_xblocks.tutoring.answers import AnswerType, BrokenAnswerType, answer_type, known_tags, registry
from adaptive_xblocks.tutoring.faults import Faults
from adaptive_xblocks.tutoring.model import RIGHT, UNREAD, WRONG, Item, Text, Variable
from adaptive_xblocks.tutoring.reading import ReadContext
from adaptive_xblocks.tutoring.variants import make_variant

EXAMPLES = {
    "choice": (
        '<choice><option correct="true">{@b@}</option><option>x</option><option>y</option></choice>',
        "o2",
    ),
    "choices": (
        '<choices><option correct="true">{@b@}</option><option correct="true">x</option><option>y</option></choices>',
        "o3",
    ),
    "order": ("<order><line>{@b@}</line><line>x</line><line>y</line><extra>z</extra></order>", "l1 e1"),
    "match": (
        "<match><pair><left>x</left><right>{@b@}</right></pair><pair><left>y</left><right>z</right></pair></match>",
        "y={@b@}",
    ),
    "expression": ('<expression answer="b*x/4" variables="x"/>', "b*x"),
    "numeric": ('<numeric answer="b / 4"/>', "b"),
    "text": ('<text answer="the {@b@}"/>', "a half"),
}
CHANCES = {"choice": 3, "choices": 7, "order": 11, "match": 2}
ITEM = Item("i", "", (), Text(""), variables=(Variable("b", values="2..5"),))
ANYTHING = st.one_of(
    st.text(max_size=300), st.none(), st.booleans(), st.integers(), st.floats(),
    st.lists(st.text(max_size=5), max_size=3),
    st.dictionaries(st.text(max_size=2), st.integers(), max_size=2), st.from_regex(r"[0-9.,/ %eE+\-]{0,30}"),
    st.text("0123456789,;.' /-+\\{}frac", max_size=200), st.from_regex(r"([1-5](:[0-9]|=[1-5])? ){0,5}"),
)  # fmt: skip


def element_of(tag: str) -> etree._Element:
    """The example element; a wrong answer of it is its second part."""
    return etree.fromstring(EXAMPLES[tag][0])


def read(tag: str):
    """The type, its example's spec, and a matcher for the example's wrong answer."""
    context = ReadContext(Faults(), names={"b"}, path="i/s/answer")
    kind, element = answer_type(tag), element_of(tag)
    spec = kind.read(element, context)
    wrong = etree.Element("wrong", answer=EXAMPLES[tag][1])
    matcher = kind.read_wrong(EXAMPLES[tag][1], wrong, spec, context)
    assert not context.faults.found
    return kind, spec, matcher


@pytest.fixture(params=sorted(known_tags()))
def tag(request):
    """Each registered tag."""
    return request.param


@pytest.fixture(params=range(3))
def variant(request):
    """An item's variants with different numbers."""
    return make_variant(ITEM, request.param)


def test_every_type_has_an_example_here(tag):
    """A type that is added must be added to this contract."""
    assert tag in EXAMPLES
    assert isinstance(answer_type(tag), AnswerType)
    assert (answer_type(tag).tag, answer_type(tag).template) == (tag, f"answers/{tag}.html")


def test_the_solution_is_right(tag, variant):
    """What `solve` gives is judged right, with full credit."""
    kind, spec, _matcher = read(tag)
    verdict = kind.judge(spec, variant, kind.solve(spec, variant))
    assert (verdict.kind, verdict.credit) == (RIGHT, 1)


def test_the_example_of_a_wrong_answer_is_wrong_and_recognised(tag, variant):
    """A matcher's example is judged wrong and matches."""
    kind, spec, matcher = read(tag)
    example = kind.example(matcher, spec, variant)
    assert kind.judge(spec, variant, example).kind == WRONG
    assert kind.matches(matcher, spec, variant, example)
    assert not kind.matches(matcher, spec, variant, kind.solve(spec, variant))


@pytest.mark.parametrize("raw", ["", "   ", None, [], {}, "\u200f\u00a0"])
def test_nothing_is_not_read_yet(tag, variant, raw):
    """An empty answer costs nothing and is told so."""
    kind, spec, _matcher = read(tag)
    verdict = kind.judge(spec, variant, raw)
    assert verdict.kind == UNREAD
    assert verdict.message.key


def test_the_view_is_json_without_the_key(tag, variant):
    """The view can be sent to a page and holds no element of the spec."""
    kind, spec, _matcher = read(tag)
    view = json.dumps(kind.view(spec, variant))
    assert "correct" not in view
    assert "answer" not in view


def test_specs_are_shared_values(tag):
    """A spec is hashable, can be pickled, and is the same when read again."""
    _kind, spec, matcher = read(tag)
    assert {spec: 1}[read(tag)[1]] == 1
    assert pickle.loads(pickle.dumps((spec, matcher))) == (spec, matcher)


def test_the_strict_spec_has_the_same_solution(tag, variant):
    """Without leniency the solution is still right, and nothing is left to be strict about."""
    kind, spec, _matcher = read(tag)
    strict = kind.strict(spec)
    assert kind.judge(strict, variant, kind.solve(spec, variant)).kind == RIGHT
    assert kind.strict(strict) == strict


def test_a_wrong_answer_can_be_written(tag):
    """Every type reads `<wrong answer="…">`."""
    assert "answer" in answer_type(tag).wrong_attributes


def test_the_chance_is_a_count_of_answers(tag):
    """The chance is 0 or at least two equally likely answers."""
    kind, spec, _matcher = read(tag)
    assert kind.chance(spec) == CHANCES.get(tag, 0)


@pytest.mark.parametrize("tag", sorted(known_tags()))
@given(raw=ANYTHING)
def test_any_input_gets_a_verdict(tag, raw):
    """Whatever a browser sends is right, wrong or unread, with a short value and never an exception."""
    kind, spec, matcher = read(tag)
    variant = make_variant(ITEM, 1)
    verdict = kind.judge(spec, variant, raw)
    assert verdict.kind in (RIGHT, WRONG, UNREAD)
    assert 0 <= verdict.credit <= 1
    assert len(verdict.value) <= 80
    assert verdict.message or verdict.kind != UNREAD
    assert kind.judge(kind.strict(spec), variant, raw).kind in (verdict.kind, WRONG)
    assert isinstance(kind.matches(matcher, spec, variant, raw), bool)


@pytest.mark.parametrize(
    "raw", ["1" * 1_000_000, "1,1," * 49, "1'" * 99, "\\frac{" * 33, "9e999999", "a" * 499]
)
def test_no_input_takes_long(tag, raw):
    """A megabyte or a text made to be slow is judged at once."""
    kind, spec, _matcher = read(tag)
    start = time.process_time()
    kind.judge(spec, make_variant(ITEM, 1), raw)
    assert time.process_time() - start < 3


class FakePoint:
    """An entry point of another package."""

    value = "other.package:Type"

    def __init__(self, loaded):
        self.loaded = loaded

    def load(self):
        """The object, or what importing it raises."""
        if isinstance(self.loaded, Exception):
            raise self.loaded
        return self.loaded


@pytest.mark.parametrize("loaded", [ImportError("no such module"), dict, ValueError("x")])
def test_a_broken_plugin_is_an_error_with_a_sentence(monkeypatch, loaded):
    """A type of another package that cannot be loaded names the package."""
    monkeypatch.setattr(registry, "_plugins", lambda: {"sketch": FakePoint(loaded)})
    registry._load.cache_clear()
    with pytest.raises(BrokenAnswerType, match=r"other\.package"):
        answer_type("sketch")


def test_another_package_adds_a_type(monkeypatch):
    """A type behind an entry point is found by its tag."""
    sketch = type("Sketch", (type(answer_type("text")),), {"tag": "sketch"})
    monkeypatch.setattr(registry, "_plugins", lambda: {"sketch": FakePoint(sketch)})
    registry._load.cache_clear()
    assert answer_type("sketch").tag == "sketch"
    registry._load.cache_clear()


def test_an_unknown_type_names_the_known_ones():
    """The error says which types there are."""
    with pytest.raises(BrokenAnswerType, match="choice, choices, expression, match, numeric, order, text"):
        answer_type("nonsense")
