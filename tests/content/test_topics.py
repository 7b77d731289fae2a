"""Every topic of the package, as its authors promise it to a class; what only one of them promises has its own file."""

from __future__ import annotations

import re
from collections import Counter, defaultdict

import pytest

from adaptive_xblocks.tutoring.judging import step_options
from adaptive_xblocks.tutoring.parser import check_document
from tests.content import playing

#: What has a page for teachers; the other scenarios show what can be built.
TOPICS = sorted(path.stem.replace("-", "_") for path in (playing.PACKAGE.parent / "docs" / "topics").glob("*.md"))
DOCUMENTS = {topic: playing.document(f"workbench_scenarios/{topic}.xml") for topic in TOPICS}
OTHER_FORMATS = ("worked-example", "tutor")

every_topic = pytest.mark.parametrize("topic", TOPICS)
every_item = pytest.mark.parametrize("topic, item", [
    pytest.param(topic, item, id=f"{topic}:{item.id}")
    for topic, document in DOCUMENTS.items() for item in document.items.values()
])
every_skill = pytest.mark.parametrize("topic, skill", [
    pytest.param(topic, skill, id=skill) for topic, document in DOCUMENTS.items() for skill in document.skills
])


@every_topic
def test_no_faults(topic):
    """The checker finds neither errors nor weaknesses, and no item is left out."""
    assert check_document(playing.read(f"workbench_scenarios/{topic}.xml")) == ()
    assert DOCUMENTS[topic].left_out == ()


@every_item
def test_right_answers(topic, item):
    """Whatever the numbers and words, the right answer to every step is judged right."""
    assert playing.unread_right_answers(item) == []


@every_item
def test_mistakes(topic, item):
    """Whatever the numbers and words, each foreseen mistake is told from the right answer and from the other ones."""
    assert playing.confused_mistakes(item) == []


@every_item
def test_texts(topic, item):
    """Every text renders with its numbers and formulas, in words that do not discourage."""
    assert playing.badly_rendered(item, DOCUMENTS[topic]) == []


@every_item
def test_numbers_vary(topic, item):
    """Practising an item again brings new numbers or words: at least seven different sets."""
    assert len(list(playing.variants(item, playing.SEEDS))) >= 7


@every_item
def test_help(topic, item):
    """Each step has two hints or more before the one that explains the answer, and the item has a solution."""
    for step in item.steps:
        assert [piece.bottom_out for piece in step.help].index(True) == len(step.help) - 1 >= 2
        assert len(step.help[-1].text.source) > 60  # a reason, not a bare answer
    assert item.solution


@every_item
def test_licence(topic, item):
    """Every item says under which licence others may use it."""
    assert item.licence == "CC BY 4.0"


@every_topic
def test_skills_build_on_each_other(topic):
    """Every skill but the first rests on one that comes before it in the document."""
    skills = list(DOCUMENTS[topic].skills.values())
    assert skills[0].requires == ()
    for number, skill in enumerate(skills[1:], 1):
        assert skill.requires and set(skill.requires) <= {one.id for one in skills[:number]}


def items_of(topic, skill):
    """The items that practise a skill before all others: its name begins their ids."""
    name = skill.partition(".")[2]
    return [item for item in DOCUMENTS[topic].items.values() if item.id.startswith(f"{name}-")]


@every_skill
def test_items_of_a_skill(topic, skill):
    """A skill has six problems or more from gentle to demanding, each of which practises it."""
    items = items_of(topic, skill)
    assert all(skill in item.skills for item in items)
    problems = [item for item in items if item.format == "problem"]
    assert len({item.difficulty for item in problems}) >= 6
    assert min(item.difficulty for item in problems) <= -0.8
    assert max(item.difficulty for item in problems) >= 1.1


@every_skill
def test_a_skill_cannot_be_guessed(topic, skill):
    """A skill has four problems or more in which a guess is right less than once in twenty times."""
    problems = [item for item in items_of(topic, skill) if item.format == "problem"]
    safe = [item for item in problems if all(step_options(step) == 0 or step_options(step) > 20 for step in item.steps)]
    assert len(safe) >= 4


@every_topic
def test_most_steps_practise_one_skill(topic):
    """Evidence says most where a step needs one skill: nine of ten do."""
    steps = [step for item in DOCUMENTS[topic].items.values() for step in item.steps]
    assert sum(len(step.skills) == 1 for step in steps) >= 0.9 * len(steps)


def items_by_misconception(topic):
    """The ids of the items that recognise each misconception."""
    found = defaultdict(set)
    for item in DOCUMENTS[topic].items.values():
        for step in item.steps:
            for rule in step.wrongs:
                found[rule.misconception].add(item.id)
    return found


@every_topic
def test_misconceptions_come_back(topic):
    """At least eight misconceptions, each recognised on two items or more, with a second message ready."""
    found = items_by_misconception(topic)
    assert len(DOCUMENTS[topic].misconceptions) >= 8
    for misconception in DOCUMENTS[topic].misconceptions.values():
        assert len(found[misconception.id]) >= 2, misconception.id
        assert [say.repeat for say in misconception.says] == [1, 2]


@every_topic
def test_remediation_works_on_the_misconception(topic):
    """Each misconception leads to an item in which that very mistake would be recognised, in one of its skills."""
    document = DOCUMENTS[topic]
    for misconception in document.misconceptions.values():
        item = document.items[misconception.remediation.removeprefix("item:")]
        recognised = {rule.misconception for step in item.steps for rule in step.wrongs}
        assert misconception.id in recognised, misconception.id
        assert set(misconception.skills) & set(item.skills), misconception.id


@every_item
def test_a_misconception_belongs_to_the_skills_in_which_it_shows(topic, item):
    """Where a step recognises a misconception, one of its skills is among those of the step, or comes before them."""
    document = DOCUMENTS[topic]
    for step in item.steps:
        rests_on = set(step.skills)
        for skill in reversed(list(document.skills.values())):
            rests_on |= set(skill.requires) if skill.id in rests_on else set()
        for rule in step.wrongs:
            if rule.misconception:
                assert rests_on & set(document.misconceptions[rule.misconception].skills), rule.misconception


@every_topic
def test_easier_items_are_easier(topic):
    """An item's easier relative practises one of its skills and is less difficult."""
    items = DOCUMENTS[topic].items
    for item in items.values():
        if item.easier:
            relative = items[item.easier]
            assert relative.difficulty < item.difficulty, item.id
            assert set(relative.skills) & set(item.skills), item.id


@every_topic
def test_the_page_about_the_topic(topic):
    """The page for teachers counts the problems as they are and names the remediation by its title."""
    document = DOCUMENTS[topic]
    name = f"{topic.replace('_', '-')}.md"
    page = (playing.PACKAGE.parent / "docs" / "topics" / name).read_text(encoding="utf-8")
    found = items_by_misconception(topic)
    counts = Counter({skill: len(items_of(topic, skill)) for skill in document.skills})
    assert f"has {len(document.items)} problems" in page and counts.total() == len(document.items)
    for skill, count in counts.items():
        assert re.search(rf"`{re.escape(skill)}` .*\| {count} \|", page), skill
    for misconception in document.misconceptions.values():
        title = document.items[misconception.remediation.removeprefix("item:")].title
        count = len(found[misconception.id])
        line = rf"`{misconception.id}` .*\| {count}( problems)? \|.*\| {re.escape(title)} \|"
        assert re.search(line, page), (misconception.id, count, title)
