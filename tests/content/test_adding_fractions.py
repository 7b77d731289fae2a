"""The topic "Adding fractions", as its author promises it to a class."""

from __future__ import annotations

from collections import Counter

import pytest

from adaptive_xblocks.tutoring.judging import judge_step
from adaptive_xblocks.tutoring.model import RIGHT, UNREAD
from adaptive_xblocks.tutoring.variants import make_variant
from tests.content import playing

NAME = "workbench_scenarios/adding_fractions.xml"
DOCUMENT = playing.document(NAME)
SKILLS = ["meaning", "equivalent", "denominator", "add", "mixed"]


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
