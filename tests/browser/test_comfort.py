"""Reading aloud, larger type, plants, a pause, and "was this helpful?", with a learner's hands.

Headless browsers have no voices: the page's `speechSynthesis` is replaced by one that notes what it is told to say, in
which language, and says a part whenever the test lets it. What a voice makes of it, nobody hears here.
"""

import json
from importlib.resources import files
from itertools import count

import pytest
from django.test import Client
from playwright.sync_api import Page, expect

from adaptive_xblocks.demo.player import Player, right_responses
from tests.browser.hands import Keyboard, Mouse, look_at, look_away
from tests.browser.test_page_looks import SMALL_TARGETS, STICKING_OUT, TARGET
from tools.translations import mirrored

TOPIC = (files("adaptive_xblocks") / "workbench_scenarios" / "adding_fractions.xml").read_text(encoding="utf-8")

TILES, BREAD, EGGS = "meaning-tiles", "meaning-flatbread", "meaning-eggs"  # a number, a choice, two steps
VOICES = """voices => {
  const queue = [];
  window.said = [];
  window.cancelled = 0;
  window.SpeechSynthesisUtterance = function (text) { this.text = text; };
  window.hear = () => { const one = queue.shift(); one.onend(); if (queue[0]) queue[0].onstart(); };
  const speechSynthesis = {
    getVoices: () => voices.map(([lang, localService]) => ({ lang, localService, name: lang })),
    speak(one) {
      window.said.push([one.text.replace(/\\s+/g, " ").trim(), one.lang]);
      if (queue.push(one) === 1) setTimeout(() => queue[0]?.onstart());
    },
    cancel() { window.cancelled += 1; queue.length = 0; },
    addEventListener(name, listener) { window.onVoices = listener; },
  };
  Object.defineProperty(window, "speechSynthesis", { value: speechSynthesis, configurable: true });
}"""
_numbers = count()
SIZE, ALOUD = "[data-ax-size]", ".ax-aloud"
DARK = "addEventListener('DOMContentLoaded', () => { document.body.style.background = '#16191f'; })"


def with_voices(*voices: tuple[str, bool]):
    """`prepare` of a page whose device has these voices, (language, on the device itself)."""
    return lambda page: page.add_init_script(f"({VOICES})({json.dumps(voices or [('en-US', True)])})")


def said(page: Page) -> list[str]:
    """What the voice was told to say."""
    return [text for text, _language in page.evaluate("said")]


@pytest.fixture
def topic_with(local_site):
    """`topic_with(settings)`: the address of the topic with settings of its own."""
    def topic_with(settings: str) -> str:
        name = f"comfort-{next(_numbers)}"
        return local_site(name, name, TOPIC.replace("<adaptive_problem_set ", f"<adaptive_problem_set {settings} ", 1))

    return topic_with


def test_a_problem_is_read_aloud(open_at):
    """Title, problem and question, formulas in words; the part being read is marked; a second press ends it."""
    page = open_at(EGGS, prepare=with_voices())
    assert said(page) == []
    button = page.locator(ALOUD)
    expect(button).to_have_text("Read aloud", use_inner_text=True)
    button.click()
    text = " ".join(said(page))
    assert page.locator("[data-ax-part] h3").inner_text() in text and " over " in text
    assert page.evaluate("new Set(said.map(([, language]) => language)).size") == 1
    assert not [one for one in said(page) if "Skip" in one or "Check" in one]
    expect(button).to_have_text("Stop reading", use_inner_text=True)
    expect(page.locator("[data-reading]")).to_have_count(1)
    first = page.locator("[data-reading]").inner_text()
    page.evaluate("hear()")
    assert page.locator("[data-reading]").inner_text() != first
    button.click()
    expect(button).to_have_text("Read aloud", use_inner_text=True)
    expect(page.locator("[data-reading]")).to_have_count(0)
    assert page.evaluate("cancelled") == 1


def test_reading_ends_by_itself(open_at):
    """After the last part the button is as before, and nothing is marked."""
    page = open_at(TILES, prepare=with_voices())
    page.locator(ALOUD).click()
    expect(page.locator("[data-reading]")).to_have_count(1)
    for _part in said(page):
        page.evaluate("hear()")
    expect(page.locator(ALOUD)).to_have_text("Read aloud", use_inner_text=True)
    expect(page.locator("[data-reading]")).to_have_count(0)


def test_options_are_read_and_an_empty_place_is_named(open_at):
    """A choice is read with its options; a field to fill in is said to be blank until something stands there."""
    page = open_at(BREAD, prepare=with_voices())
    page.locator(ALOUD).click()
    assert {"Option 1:", "Option 2:"} <= set(said(page))
    page = open_at(TILES, prepare=with_voices())
    page.locator(ALOUD).click()
    assert said(page)[-1] == "blank"
    page.locator(ALOUD).click()
    page.locator("[data-ax-form] input[type=text]").fill("12")
    page.locator(ALOUD).click()
    assert said(page)[-1] == "12"


def test_a_hint_and_a_verdict_have_their_own_button_once_it_was_used(open_at, answer_keys, learner):
    """Who never listens sees no more than one button; after the first time, also on later pages, each hint and verdict
    can be read by itself."""
    page = open_at(TILES, prepare=with_voices())
    hands = Mouse(page)
    hands.answer(answer_keys.wrong(learner, "part-to-part"))
    hands.hint()
    assert not page.locator(".ax-voice").first.is_visible()
    page.locator(ALOUD).click()
    page.reload()
    hint, verdict = page.locator(".ax-hint .ax-voice"), page.locator(".ax-say .ax-voice")
    hint.click()
    assert said(page)[0] == "Hint 1 of 3"
    assert page.locator(".ax-hint > div").first.inner_text()[:12] in " ".join(said(page))
    verdict.click()
    assert "Not yet" in said(page) and page.evaluate("cancelled") == 1
    expect(hint).to_have_text("Read this aloud", use_inner_text=True)
    expect(verdict).to_have_text("Stop reading", use_inner_text=True)


@pytest.mark.parametrize("leave", [
    lambda page: Mouse(page).hint(),
    lambda page: page.keyboard.press("Escape"),
    look_away,
    lambda page: page.evaluate("dispatchEvent(new Event('pagehide'))"),
], ids=["another part", "Escape", "another tab", "another page"])
def test_reading_stops_when_the_learner_goes_on(open_at, leave):
    """A new part of the page, Escape, another tab, another page: the voice is silent."""
    page = open_at(TILES, prepare=with_voices())
    page.locator(ALOUD).click()
    leave(page)
    assert page.evaluate("cancelled") >= 1
    expect(page.locator(ALOUD)).to_have_text("Read aloud", use_inner_text=True)
    expect(page.locator("[data-reading]")).to_have_count(0)


@pytest.mark.parametrize("voices", [[("xx", True)], [("en-US", False)]], ids=["another language", "elsewhere"])
def test_without_a_voice_there_is_no_button(open_at, voices):
    """No voice of the page's language on the device itself: nothing is offered. One that turns up late is."""
    page = open_at(TILES, prepare=with_voices(*voices))
    expect(page.locator(SIZE)).to_be_visible()
    expect(page.locator(ALOUD)).to_be_hidden()
    page.evaluate("() => { speechSynthesis.getVoices = () => [{ lang: 'en-GB', localService: true }]; onVoices(); }")
    expect(page.locator(ALOUD)).to_be_visible()


def test_a_browser_without_speech_shows_no_button(open_at):
    """The rest of the page works as ever."""
    page = open_at(TILES, prepare=lambda page: page.add_init_script(
        "Object.defineProperty(window, 'speechSynthesis', { value: undefined })"))
    expect(page.locator(SIZE)).to_be_visible()
    expect(page.locator(ALOUD)).to_be_hidden()


def test_each_part_is_read_in_its_language(open_page, local_site):
    """An author's Spanish is read by a Spanish voice, the page's own words by one of the page's language, and signs in
    words only where the words are of the language that is read."""
    address = local_site("bilingual", "Bilingual", """<adaptive_problem_set><skill id="s" name="S"/>
      <item id="i" lang="es" title="Suma"><prompt><p>Calcula \\(\\frac{1}{2}\\).
      <i lang="en">Half \\(\\frac{1}{2}\\)</i></p></prompt>
      <step id="a" skills="s"><prompt>¿Cuánto es?</prompt><numeric answer="1/2"/></step></item>
      </adaptive_problem_set>""")
    page = open_page(address=address, prepare=with_voices(("en-US", True), ("es-ES", True)))
    page.locator(ALOUD).click()
    assert page.evaluate("said") == [
        ["Suma", "es-ES"], ["Calcula 1/2 .", "es-ES"], ["Half 1 over 2", "en-US"], ["¿Cuánto es?", "es-ES"],
        ["Your answer", "en-US"], ["blank", "es-ES"]]


def test_a_language_without_a_voice_is_read_by_the_pages(open_page, local_site):
    """Where the device has no voice for a part's language, the page's own voice does what it can."""
    address = local_site("foreign", "Foreign", """<adaptive_problem_set><skill id="s" name="S"/>
      <item id="i" lang="tlh" title="mI'"><step id="a" skills="s"><prompt>nuq 'oH?</prompt><numeric answer="1"/>
      <hint>HISlaH</hint><hint bottom_out="true">wa'</hint></step></item></adaptive_problem_set>""")
    page = open_page(address=address, prepare=with_voices())
    page.locator(ALOUD).click()
    Mouse(page).hint()
    page.locator(".ax-hint .ax-voice").click()
    assert page.evaluate("said")[-1] == ["HISlaH", "en-US"]


def test_formulas_are_read_also_where_mathjax_has_set_them(open_at):
    """MathJax replaces the formula's markup; what is said of it stays."""
    page = open_at(EGGS, prepare=with_voices())
    page.evaluate("""() => { window.MathJax = { typesetPromise: async () => {} };
      AdaptiveXBlocks.typeset(document.querySelector("[data-ax-part]")); }""")
    assert page.locator(".ax-math math").count() == 0
    page.locator(ALOUD).click()
    assert " over " in " ".join(said(page)) and "frac" not in " ".join(said(page))


def test_type_grows_and_stays_so(open_at):
    """Three sizes in turn; told, remembered by the browser, in force on the next page; our block only."""
    page = open_at(TILES)
    heading, button = page.locator("[data-ax-part] h3"), page.locator(SIZE)
    usual = heading.bounding_box()["height"]
    button.click()
    expect(button).to_have_attribute("title", "Text size: 125 %")
    expect(page.locator("[data-ax-live]")).to_have_text("Text size: 125 %")
    assert heading.bounding_box()["height"] == pytest.approx(usual * 1.25, abs=2)
    button.click()
    page.reload()
    assert heading.bounding_box()["height"] == pytest.approx(usual * 1.5, abs=2)
    assert page.evaluate("getComputedStyle(document.body).zoom") == "1"
    button.click()
    assert heading.bounding_box()["height"] == pytest.approx(usual, abs=2)


def test_a_size_is_in_force_before_the_page_works(open_at, expected_errors):
    """With every script of ours but the first one empty, the size that was chosen before holds."""
    expected_errors.append("reading 'length'")  # the workbench misses the block's function
    page = open_at(TILES)
    page.locator(SIZE).click()
    for name in ("adaptive_xblocks", "problem_set", "record_panel", "outbox"):
        page.route(f"**/{name}.js", lambda route: route.fulfill(body="", content_type="text/javascript"))
    page.reload()
    expect(page.locator("[data-ax-root]")).to_have_attribute("data-size", "125")


def test_blocked_storage_is_survived(open_at):
    """Where the browser keeps nothing, sizes and voice work all the same, for this page."""
    blocked = "() => { throw new DOMException('no', 'SecurityError'); }"

    def prepare(page):
        with_voices()(page)
        for name in ("localStorage", "sessionStorage"):
            page.add_init_script(f"Object.defineProperty(window, '{name}', {{ get: {blocked} }})")

    page = open_at(TILES, prepare=prepare)
    page.locator(SIZE).click()
    expect(page.locator("[data-ax-root]")).to_have_attribute("data-size", "125")
    page.locator(ALOUD).click()
    assert said(page)


@pytest.mark.parametrize("language", ["en", "rtl"])
@pytest.mark.parametrize("look", ["light", "dark", "forced"])
def test_all_of_it_can_be_read_and_reached(
        open_at, answer_keys, learner, axe, width, language, look):
    """On a desktop and a phone, in both directions, light, dark and high contrast, at the largest type: axe finds
    nothing, nothing sticks out, everything is large enough for a finger."""
    def prepare(page):
        with_voices(("en-US", True), ("ar", True))(page)
        if look == "dark":
            page.add_init_script(DARK)

    context = {"forced_colors": "active"} if look == "forced" else {}
    page = open_at(TILES, width, prepare=prepare, language=language, context=context)
    hands = Mouse(page)
    hands.answer(answer_keys.wrong(learner, "part-to-part"))
    hands.hint()
    page.locator(ALOUD).click()
    expect(page.locator("[data-reading]")).to_have_count(1)
    axe(page)
    assert page.evaluate(SMALL_TARGETS, TARGET) == []
    page.locator(SIZE).click()
    page.locator(SIZE).click()
    assert page.evaluate(STICKING_OUT) == []
    if language == "rtl":
        tools, title = page.locator(".ax-tools").bounding_box(), page.locator("[data-ax-part] h2").bounding_box()
        assert tools["x"] < title["x"]
        expect(page.locator(".ax-rate")).to_contain_text(mirrored("Was this helpful?"))


def test_a_hint_is_rated_by_keyboard(open_at, answer_keys, learner, axe):
    """Was this helpful? Not really: thanked for, kept after a reload, changeable; what was typed stays."""
    page = open_at(TILES)
    keyboard = Keyboard(page)
    page.locator("[data-ax-form] input[type=text]").fill("7")
    keyboard.hint()
    keyboard.press(page.get_by_role("button", name="Not really"))
    expect(page.locator(":focus")).to_have_text("Not really")
    expect(page.locator(":focus")).to_have_attribute("aria-pressed", "true")
    expect(page.locator("[data-ax-live]")).to_contain_text("Thank you.")
    expect(page.locator("[data-ax-form] input[type=text]")).to_have_value("7")
    page.reload()
    expect(page.locator(".ax-rate")).to_contain_text("Thank you.")
    axe(page)
    keyboard.press(page.get_by_role("button", name="Yes", exact=True))
    expect(page.get_by_role("button", name="Yes", exact=True)).to_have_attribute("aria-pressed", "true")
    expect(page.get_by_role("button", name="Not really")).to_have_attribute("aria-pressed", "false")


def test_plants_grow_and_fit(open_page, topic_with, axe, width):
    """With pictures each skill shows its plant and its words; one grows when a problem ends; no figures anywhere."""
    page = open_page(width, address=topic_with('progress="pictures"'))
    expect(page.locator("[data-now] .ax-plant")).to_be_visible()
    assert page.locator(".ax-meter, .ax-numbers").count() == 0
    assert page.locator("[data-now] [data-p]").get_attribute("data-p") == "0"
    axe(page)
    assert page.evaluate(STICKING_OUT) == []


MINUTE = 60_000  # ms


def work_for(page: Page, minutes: float) -> None:
    """So many minutes of work: a sign of life every half minute."""
    for _half in range(round(2 * minutes)):
        page.clock.fast_forward(MINUTE // 2)
        page.locator("[data-ax-root]").dispatch_event("pointermove")


@pytest.fixture
def pausing(open_page, topic_with):
    """`pausing(width=1200)`: a page whose author offers a pause after three minutes, its clock in the test's hands."""
    address = topic_with('pause="3"')
    return lambda width=1200: open_page(width, address=address, prepare=lambda page: page.clock.install())


def finish(page: Page) -> None:
    """Work the problem in hand to its end."""
    hands = Mouse(page)
    while page.locator("[data-ax-form]").count():
        player = Player(Client(), page.url.split("/learn/")[1].split("/")[0], "local")
        hands.answer(right_responses(player.variant, player.step))


def test_a_pause_is_offered_between_problems(pausing, axe, width):
    """After three minutes of work nothing happens until a problem is finished and the learner goes on; then a calm card
    tells what was done, and leads to the very problem that was to come."""
    page = pausing(width)
    card = page.locator(".ax-pause")
    work_for(page, 4)
    expect(card).to_be_hidden()
    finish(page)
    expect(card).to_be_hidden()
    page.locator('[data-ax-act="next"]').click()
    expect(card).to_be_visible()
    expect(page.locator(":focus")).to_have_text("Time for a short pause")
    expect(card).to_contain_text("1 problem so far")
    expect(page.locator("[data-ax-part]")).to_be_hidden()
    axe(page)
    assert page.evaluate(STICKING_OUT) == [] and page.evaluate(SMALL_TARGETS, TARGET) == []
    Keyboard(page).press(page.get_by_role("button", name="Go on"))
    expect(card).to_be_hidden()
    expect(page.locator("[data-ax-form]")).to_be_visible()
    finish(page)
    Mouse(page).next()
    expect(card).to_be_hidden()


def test_a_pause_loses_nothing(pausing):
    """Who reloads the page instead of going on is where they were."""
    page = pausing()
    work_for(page, 4)
    finish(page)
    page.locator('[data-ax-act="next"]').click()
    expect(page.locator(".ax-pause")).to_be_visible()
    page.reload()
    expect(page.locator(".ax-pause")).to_be_hidden()
    expect(page.locator('[data-ax-act="next"]')).to_be_visible()
    expect(page.locator(".ax-head")).to_contain_text("1 problem so far")


@pytest.mark.parametrize("rest", ["idle", "hidden"])
def test_only_work_counts_towards_a_pause(pausing, rest):
    """An hour without a sign of life is a minute of thinking; an hour in another tab is nothing. Work before a reload
    counts."""
    page = pausing()
    work_for(page, 1)
    if rest == "hidden":
        look_away(page)
    page.clock.fast_forward(60 * MINUTE)
    if rest == "hidden":
        look_at(page)
    finish(page)
    Mouse(page).next()
    expect(page.locator(".ax-pause")).to_be_hidden()
    page.reload()
    work_for(page, 2)
    finish(page)
    page.locator('[data-ax-act="next"]').click()
    expect(page.locator(".ax-pause")).to_be_visible()
