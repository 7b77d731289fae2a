"""docs/answer-types.md is true: its sources have no fault, its tables say what the judge says, nothing is left out."""

import re

import pytest

from adaptive_xblocks.tutoring.answer_rules import ANY_ORDER, TOGETHER, WHERE
from adaptive_xblocks.tutoring.answers.registry import BUILT_IN
from adaptive_xblocks.tutoring.judging import judge_step, step_options
from adaptive_xblocks.tutoring.parser import check_document, parse_document
from adaptive_xblocks.tutoring.policies import BUILT_IN as POLICIES
from adaptive_xblocks.tutoring.rich_text import plain_text
from adaptive_xblocks.tutoring.variants import make_variant
from tests.browser.answer_types import PAGE, mistake, responses, sections, solution, types

SHOWN = sections()
RULES = {ANY_ORDER, *TOGETHER}
MOST_BYTES = 60 * 1024
#: A row's words are looked for in the English texts of a verdict.
ROWS = [pytest.param(name, row, id=f"{name}: {' '.join(row.texts)}") for name in types() for row in SHOWN[name].rows]


def one_step(name):
    """The variant and the step of a type's item."""
    (item,) = parse_document(SHOWN[name].olx).items.values()
    (step,) = item.steps
    return make_variant(item, 7), step


def said(variant, verdict):
    """What the learner is told, in English."""
    messages = [one.message for one in verdict.inputs.values() if one.message]
    texts = [verdict.say, *(one.say for one in verdict.inputs.values())]
    texts += [part.say for one in verdict.inputs.values() for part in one.parts.values()]
    return " ".join([*(filled(one) for one in messages), *(plain_text(variant.text(one)) for one in texts if one)])


def filled(message):
    """A message with its parameters, which may be messages."""
    params = {key: filled(value) if hasattr(value, "key") else value for key, value in message.params.items()}
    return message.key % params if params else message.key


@pytest.mark.parametrize("name", SHOWN)
def test_every_source_goes_live_as_it_stands(name):
    """No error and no warning, with every seed that an editor tries; the item has the name of its picture."""
    document = parse_document(SHOWN[name].olx)
    assert (check_document(SHOWN[name].olx), document.left_out) == ((), ())
    assert SHOWN[name].policy or list(document.items) == [name]


@pytest.mark.parametrize(("name", "row"), ROWS)
def test_the_tables_say_what_the_judge_says(name, row):
    """What the page says of a typed answer is how it is judged, in the words that the page quotes."""
    variant, step = one_step(name)
    verdict = judge_step(variant, step, responses(step, row.texts))
    assert verdict.kind == row.kind
    told = said(variant, verdict)
    assert [words for words in row.says if words not in told] == []


@pytest.mark.parametrize("name", types())
def test_every_item_is_answered_rightly_and_wrongly(name):
    """The item has an answer that is right and a mistake that it recognises and speaks of."""
    variant, step = one_step(name)
    assert judge_step(variant, step, solution(variant, step)).kind == "right"
    verdict = judge_step(variant, step, mistake(variant, step))
    assert verdict.kind == "wrong"
    assert said(variant, verdict)


def test_the_chances_of_a_guess_are_those_that_the_tutor_counts_with():
    """What the table of the page says of guessing holds for its items."""
    options = {name: step_options(one_step(name)[1]) for name in types()}
    guessed = {name: number for name, number in options.items() if number}
    assert guessed == {"choice": 3, "choices": 31, "sentence": 119, "code": 255, "pairs": 24, "groups": 16}
    table = PAGE.read_text(encoding="utf-8").partition("## The answer types")[0]
    assert sorted(map(int, re.findall(r"1 in (\d+)", table))) == [16, 24, 31, 119]


def test_every_type_and_policy_is_on_the_page():
    """Each built-in answer type and policy has a section, and every table row was understood."""
    olx = "".join(one.olx for one in SHOWN.values())
    assert {kind.tag for kind in BUILT_IN.values()} <= set(re.findall(r"<(\w+)", olx))
    assert {one.policy for one in SHOWN.values()} - {""} == set(POLICIES) - {"adaptive"}
    page = PAGE.read_text(encoding="utf-8")
    assert len(re.findall(r"^\| `[^<]", page, re.MULTILINE)) == len(ROWS)
    assert page.count("```xml") == len(SHOWN)
    assert all(f'form="{rule}"' in page for rule in RULES - {WHERE}) and "<answer where=" in page


@pytest.mark.parametrize("name", SHOWN)
def test_every_picture_is_small(name):
    """The picture of each section is there and has at most 60 KB; what it shows is told in words."""
    picture = PAGE.parent / "images" / "answer-types" / f"{name}.png"
    assert picture.stat().st_size <= MOST_BYTES
    assert len(SHOWN[name].alt) >= 30
