"""The topic "Adding fractions", as its author promises it to a class."""

from __future__ import annotations

import re
from collections import Counter, defaultdict

import pytest

from adaptive_xblocks.tutoring.judging import judge_step
from adaptive_xblocks.tutoring.model import RIGHT, UNREAD
from adaptive_xblocks.tutoring.parser import check_document
from adaptive_xblocks.tutoring.variants import make_variant
from tests.content import playing

NAME = "workbench_scenarios/adding_fractions.xml"
DOCUMENT = playing.document(NAME)
SKILLS = ["meaning", "equivalent", "denominator", "add", "mixed"]

every_item = pytest.mark.parametrize("item", DOCUMENT.items.values(), ids=lambda item: item.id)


def test_no_faults():
    """The checker finds neither errors nor weaknesses, and no item is left out."""
    assert check_document(playing.read(NAME)) == ()
    assert DOCUMENT.left_out == ()


@every_item
def test_right_answers(item):
    """Whatever the numbers, the right answer to every step is judged right."""
    assert playing.unread_right_answers(item) == []


@every_item
def test_mistakes(item):
    """Whatever the numbers, each foreseen mistake is told from the right answer and from the other mistakes."""
    assert playing.confused_mistakes(item) == []


@every_item
def test_texts(item):
    """Every text renders with its numbers and formulas, in words that do not discourage."""
    assert playing.badly_rendered(item, DOCUMENT) == []


@every_item
def test_numbers_vary(item):
    """Practising an item again brings new numbers: at least seven different sets."""
    assert len(list(playing.variants(item, playing.SEEDS))) >= 7


@every_item
def test_help(item):
    """Each step has two hints or more before the one that explains the answer, and the item has a solution."""
    for step in item.steps:
        assert [piece.bottom_out for piece in step.help].index(True) == len(step.help) - 1 >= 2
        assert len(step.help[-1].text.source) > 60  # a reason, not a bare number
    assert item.solution


@every_item
def test_licence(item):
    """Every item says under which licence others may use it."""
    assert item.licence == "CC BY 4.0"


def test_skills_build_on_each_other():
    """There are five skills, each requiring the one before it."""
    chain = [f"fractions.{name}" for name in SKILLS]
    assert list(DOCUMENT.skills) == chain
    assert [DOCUMENT.skills[skill].requires for skill in chain] == [(), *((skill,) for skill in chain[:-1])]


@pytest.mark.parametrize("name", SKILLS)
def test_items_of_a_skill(name):
    """A skill has eight items or more from gentle to demanding, and a worked example."""
    items = [item for item in DOCUMENT.items.values() if item.id.startswith(f"{name}-")]
    assert all(f"fractions.{name}" in item.skills for item in items)
    assert len(items) >= 8
    assert min(item.difficulty for item in items) <= -0.8
    assert max(item.difficulty for item in items) >= 1.1
    assert [item.format for item in items].count("worked-example") == 1


def test_kinds_of_items():
    """Steps with one and with several inputs, items of several steps and all three answer types occur."""
    steps = [step for item in DOCUMENT.items.values() for step in item.steps]
    kinds = Counter(part.type for step in steps for part in step.inputs)
    assert set(kinds) == {"choice", "numeric", "text"}
    assert sum(len(item.steps) > 1 for item in DOCUMENT.items.values()) >= 5
    assert sum(len(step.inputs) > 1 for step in steps) >= 5
    assert sum(bool(step.answers) for step in steps) >= 2


def items_by_misconception():
    """The ids of the items that recognise each misconception."""
    items_of = defaultdict(set)
    for item in DOCUMENT.items.values():
        for step in item.steps:
            for rule in step.wrongs:
                items_of[rule.misconception].add(item.id)
    return items_of


def test_misconceptions_come_back():
    """At least eight misconceptions, each recognised on three items or more, with a second message ready."""
    items_of = items_by_misconception()
    assert len(DOCUMENT.misconceptions) >= 8
    for misconception in DOCUMENT.misconceptions.values():
        assert len(items_of[misconception.id]) >= 3
        assert [say.repeat for say in misconception.says] == [1, 2]


def test_remediation_works_on_the_misconception():
    """Each misconception leads to an item in which that very mistake would be recognised or rebuilt."""
    for misconception in DOCUMENT.misconceptions.values():
        item = DOCUMENT.items[misconception.remediation.removeprefix("item:")]
        assert misconception.id in {rule.misconception for step in item.steps for rule in step.wrongs}
        assert set(misconception.skills) & set(item.skills)


def test_easier_items_are_easier():
    """An item's easier relative practises one of its skills and is less difficult."""
    for item in DOCUMENT.items.values():
        if item.easier:
            relative = DOCUMENT.items[item.easier]
            assert relative.difficulty < item.difficulty
            assert set(relative.skills) & set(item.skills)


@pytest.mark.parametrize("written", ["3/6", "0.5", "2 / 4"])
def test_simplest_form_is_asked_for_only_where_it_is_the_point(written):
    """One half may be written in any way, unless the item is about simplest form."""
    sums, simplest = DOCUMENT.items["add-one-changes"], DOCUMENT.items["equivalent-simplest"]
    half = next(v for v in playing.variants(sums, range(500)) if _sum(v) == 1 / 2)
    assert judge_step(half, sums.steps[0], {"answer": written}).kind == RIGHT
    variant = make_variant(simplest, 1)
    unsimplified = f"{variant.number('a * k')}/{variant.number('b * k')}"
    assert judge_step(variant, simplest.steps[0], {"answer": unsimplified}).kind == UNREAD


def _sum(variant):
    return variant.number("a/b + c/d")


def test_any_form_of_the_sum():
    """A sum over another common denominator is as right as the one the author had in mind."""
    item = DOCUMENT.items["add-two-units"]
    variant = make_variant(item, 3)
    above, below = variant.number("3 * (b + d)"), variant.number("3 * b * d")
    assert judge_step(variant, item.steps[0], {"num": f"{above}", "den": f"{below}"}).kind == RIGHT


def test_any_common_denominator():
    """Where any common denominator is asked for, every multiple is right."""
    item = DOCUMENT.items["denominator-any"]
    variant = make_variant(item, 5)
    for factor in (1, 2, 7):
        response = {"answer": f"{variant.number('n') * factor}"}
        assert judge_step(variant, item.steps[0], response).kind == RIGHT


def test_the_page_about_the_topic():
    """The page for teachers counts the problems as they are and names the remediation by its title."""
    page = (playing.PACKAGE.parent / "docs" / "topics" / "adding-fractions.md").read_text(encoding="utf-8")
    items_of = items_by_misconception()
    counts = Counter(item.id.split("-")[0] for item in DOCUMENT.items.values())
    assert f"has {len(DOCUMENT.items)} problems" in page
    for name in SKILLS:
        assert re.search(rf"`fractions.{name}` .*\| {counts[name]} \|", page)
    for misconception in DOCUMENT.misconceptions.values():
        title = DOCUMENT.items[misconception.remediation.removeprefix("item:")].title
        count = len(items_of[misconception.id])
        assert re.search(rf"`{misconception.id}` .*\| {count}( problems)? \|.*\| {re.escape(title)} \|", page)
