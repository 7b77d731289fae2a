"""The topic played to its end by a strong, a weak and a guessing learner; the page is held against a ledger of its own.

Between them the lessons cover mouse and keyboard, a desktop and a phone.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import combinations
from typing import NamedTuple

import pytest
from playwright.sync_api import Page

from tests.browser.answer_keys import AnswerKeys
from tests.browser.hands import Hands, Keyboard, Mouse
from tests.browser.ledger import Ledger
from tests.browser.scripted_learners import ANSWER, HINT, MINDS, Act
from tests.content.playing import PACKAGE

TOPIC = PACKAGE / "workbench_scenarios" / "adding_fractions.xml"
MOST_ACTS = 700
JUDGED = """step => {
  const section = document.querySelector(`[data-ax-root] .ax-step[id$="/${step}"]`);
  const inputs = Array.from(section ? section.querySelectorAll(".ax-note") : []);
  return {
    kind: section ? (section.querySelector(".ax-say") || {dataset: {}}).dataset.verdict || "" : "gone",
    inputs: inputs.map((note) => note.dataset.verdict),
  };
}"""
SHOWN = """() => ({
  words: Object.fromEntries(Array.from(document.querySelectorAll("[data-skill]"), (skill) =>
    [skill.dataset.skill, skill.querySelector(".ax-skill-words").textContent.trim().split(",")[0]])),
  percents: Object.fromEntries(Array.from(document.querySelectorAll(".ax-numbers li"), (line) =>
    [line.querySelector("span").textContent, parseInt(line.querySelector("b").textContent, 10)])),
})"""


class Lesson(NamedTuple):
    """Who plays, by which device, how wide the page is in px, and the ends that are right for them."""

    mind: str
    hands: type[Hands]
    width: int
    ends: tuple[str, ...]

    @property
    def learner(self) -> str:
        """The learner's id; the server draws numbers by it, so that a lesson repeats."""
        return f"{self.mind}-{self.hands.__name__.lower()}-{self.width}"


LESSONS = (
    Lesson("strong", Mouse, 1200, ("mastered",)),
    Lesson("weak", Keyboard, 375, ("mastered", "exhausted")),
    Lesson("guessing", Mouse, 375, ("needs_a_person", "exhausted")),
    Lesson("strong", Keyboard, 1200, ("mastered",)),
)


@dataclass
class Story:
    """What came of a lesson."""

    ledger: Ledger
    items: list[str] = field(default_factory=list)
    acts: list[str] = field(default_factory=list)
    end: str = ""


@pytest.fixture(scope="module")
def told() -> dict[Lesson, Story | None]:
    """Lessons that were played already; None if one broke off."""
    return {}


@pytest.fixture
def play(told, open_page, answer_keys, axe):
    """`play(lesson)`: the story of a lesson; it is played once."""
    def play(lesson: Lesson) -> Story:
        if lesson not in told:
            told[lesson] = None
            page = open_page(lesson.width, student=lesson.learner)
            told[lesson] = Player(lesson, page, answer_keys, axe).play()
        if told[lesson] is None:
            pytest.fail(f"the lesson of {lesson.learner} did not come to its end")
        return told[lesson]

    return play


class Player:
    """Plays a lesson on the page and notes it down."""

    def __init__(self, lesson: Lesson, page: Page, keys: AnswerKeys, axe) -> None:
        self.lesson, self.page, self.keys, self.axe = lesson, page, keys, axe
        self.mind, self.hands = MINDS[lesson.mind](seed=1), lesson.hands(page)
        self.story = Story(Ledger(TOPIC.read_bytes()))
        self.has_checked_help = False

    def play(self) -> Story:
        """From the first problem to an end state."""
        self.axe(self.page)
        while not self.page.locator(".ax-end").count():
            assert len(self.story.acts) < MOST_ACTS, f"no end after {MOST_ACTS} acts"
            self.take_turn()
        self.story.end = self.page.locator(".ax-end").get_attribute("data-kind")
        self.check_progress()
        self.axe(self.page)
        return self.story

    def take_turn(self) -> None:
        """Do the next thing: on the step in hand, or go on where the problem is done."""
        variant, step = self.keys.in_hand(self.lesson.learner)
        practice = self.keys.practice(self.lesson.learner)
        if not self.story.items or self.page.locator("[data-serving]").get_attribute("data-serving") != self.serving:
            self.serving = self.page.locator("[data-serving]").get_attribute("data-serving")
            self.story.items.append(practice.item)
        if step is None:
            self.story.acts.append("next")
            self.story.ledger.finish()
            self.check_progress()
            self.hands.next()
            if isinstance(self.hands, Keyboard):
                assert self.hands.tabs[-1] == 0, "after the last answer the focus was not on “Next problem”"
            return
        work = practice.step(step.id)
        act = self.mind.act(variant, step, work)
        self.story.acts.append(act.kind)
        n_hints = self.page.locator(".ax-step[data-state=open] .ax-hint").count()
        told = bool(self.page.locator(".ax-step[data-state=open] [data-bottom-out]").count())
        self.hands.do(act)
        if act.kind == ANSWER:
            place = (practice.serving, (practice.item, practice.seed), step.id)
            self.note(act, place, n_hints, told)
        elif act.kind == HINT and work.attempts and not self.has_checked_help:
            self.has_checked_help = True
            self.axe(self.page)

    def note(self, act: Act, place: tuple, n_hints: int, told: bool) -> None:
        """Write down what the page says of an answer."""
        judged = self.page.evaluate(JUDGED, place[2])
        assert judged["kind"] in ("right", "not-yet"), f"{dict(act.responses)} at {place} was not read: {judged}"
        right = len(act.responses) if judged["kind"] == "right" else judged["inputs"].count("right")
        self.story.ledger.note(*place, right / len(act.responses), n_hints, told)

    def check_progress(self) -> None:
        """Skill words and percents on the page are those of the ledger."""
        shown, ledger = self.page.evaluate(SHOWN), self.story.ledger
        assert shown["percents"] == ledger.percents()
        expected = ledger.words()
        assert {skill: words for skill, words in shown["words"].items() if skill in expected} == expected


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda lesson: lesson.learner)
def test_a_lesson_reaches_its_end(play, lesson):
    """From the first problem to an end that fits the learner; axe is clean at the start, with help, and at the end."""
    story = play(lesson)
    print(f"{lesson.learner}: {story.end} after {len(story.items)} problems and {len(story.acts)} acts")
    assert story.end in lesson.ends


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda lesson: lesson.learner)
def test_the_record_equals_arithmetic_of_its_own(play, answer_keys, lesson):
    """Mastery folded from the stored evidence equals the ledger's to 1e-9, and every opportunity is there once."""
    ledger, states = play(lesson).ledger, answer_keys.states(lesson.learner)
    assert {skill: state.p_known for skill, state in states.items()} == pytest.approx(
        {skill: p_known for skill, p_known in ledger.known.items() if ledger.counts[skill]}, abs=1e-9)
    assert {skill: state.opportunities for skill, state in states.items()} == {
        skill: n for skill, n in ledger.counts.items() if n}
    assert {skill for skill, state in states.items() if state.mastered} == ledger.mastered


def test_the_three_see_different_lessons(play):
    """A strong, a weak and a guessing learner meet different items, and not one end for all."""
    stories = [play(lesson) for lesson in LESSONS[:3]]
    for one, other in combinations(stories, 2):
        assert one.items != other.items
    assert len({story.end for story in stories}) > 1
