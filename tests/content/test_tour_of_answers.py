"""The tour of all kinds of answers: nothing is missing in it, and what it shows is sound."""

import pytest

from adaptive_xblocks.tutoring.answers.registry import BUILT_IN
from adaptive_xblocks.tutoring.parser import check_document
from tests.content import playing

NAME = "workbench_scenarios/tour_of_answers.xml"
DOCUMENT = playing.document(NAME)

every_item = pytest.mark.parametrize("item", DOCUMENT.items.values(), ids=lambda item: item.id)


def test_every_kind_of_answer_occurs():
    """A newcomer meets each answer type that the package has, several inputs in one question and several steps."""
    steps = [step for item in DOCUMENT.items.values() for step in item.steps]
    assert {part.type for step in steps for part in step.inputs} == set(BUILT_IN)
    assert any(len(step.inputs) > 1 for step in steps)
    assert any(len(item.steps) > 1 for item in DOCUMENT.items.values())


def test_no_faults():
    """The checker finds neither errors nor weaknesses."""
    assert check_document(playing.read(NAME)) == () and DOCUMENT.left_out == ()


@every_item
def test_answers_and_texts(item):
    """Right answers are judged right, foreseen mistakes are told apart, and every text renders in kind words."""
    assert playing.unread_right_answers(item) == []
    assert playing.confused_mistakes(item) == []
    assert playing.badly_rendered(item, DOCUMENT) == []
