"""The example in a freshly dropped block: short, sound, and showing what an author can do."""

from __future__ import annotations

import pytest

from adaptive_xblocks.tutoring.parser import check_document
from tests.content import playing

NAME = "templates/default_content.xml"
DOCUMENT = playing.document(NAME)

every_item = pytest.mark.parametrize("item", DOCUMENT.items.values(), ids=lambda item: item.id)


def test_no_faults():
    """An author's first look at the checker finds it content."""
    assert check_document(playing.read(NAME)) == ()


def test_short_and_varied():
    """Two skills and six items show every answer type, several inputs, several steps and a misconception."""
    steps = [step for item in DOCUMENT.items.values() for step in item.steps]
    assert (len(DOCUMENT.skills), len(DOCUMENT.items)) == (2, 6)
    assert {part.type for step in steps for part in step.inputs} == {"choice", "numeric", "text"}
    assert max(len(step.inputs) for step in steps) == max(len(item.steps) for item in DOCUMENT.items.values()) == 2
    assert {rule.misconception for step in steps for rule in step.wrongs} >= set(DOCUMENT.misconceptions)


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
def test_help_and_licence(item):
    """Each step has two hints and an explained answer; the item has a solution and a licence."""
    for step in item.steps:
        assert [piece.bottom_out for piece in step.help] == [False, False, True]
    assert item.solution and item.licence
