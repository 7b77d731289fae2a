"""The same set open twice: in two tabs of a browser that tell each other, or on two devices that cannot.

Wherever the learner goes on, the other page says so once, keeps what was typed, and nothing is lost or counted twice.
"""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.hands import Keyboard, Mouse, look_at, look_away

TILES, EGGS = "meaning-tiles", "meaning-eggs"  # a number; two steps
WENT_ON = "You went on in another tab or on another device. Here is where you are now."
NOT_OPEN = "nothing was counted twice"
REST = 5000  # ms between two quiet questions
HEARD = """() => {
  window.heard = [];
  const live = document.querySelector("[data-ax-live]");
  new MutationObserver(() => { if (live.textContent) window.heard.push(live.textContent); })
    .observe(live, { childList: true });
}"""


def field(page: Page):
    """The first text field."""
    return page.locator("[data-ax-form] input[type=text]").first


def told(page: Page):
    """The sentence about what happened elsewhere, or about the request."""
    return page.locator("[data-ax-net-text]")


def title(page: Page) -> str:
    """The title of the problem on the page."""
    return page.locator(".ax-item h3").inner_text()


def answer(page: Page, responses: dict) -> None:
    """Answer the open step."""
    Mouse(page).answer(responses)


def typed(page: Page, text: str) -> None:
    """Type and send."""
    field(page).fill(text)
    field(page).press("Enter")


def asked(page: Page) -> list[str]:
    """The names of the handlers that the page asks from now on."""
    names = []
    page.on("request", lambda request: "/handler/" in request.url and names.append(
        re.search(r"/handler/[^/]+/(\w+)", request.url)[1]))
    return names


@pytest.fixture
def two_tabs(open_at, another_tab):
    """`two_tabs(item)`: two tabs of one browser, both with that item in hand."""
    def two_tabs(item: str = TILES):
        first = open_at(item)
        second = another_tab(first)
        second.wait_for_selector("[data-ready]")
        second.evaluate(HEARD)
        return first, second

    return two_tabs


@pytest.fixture
def two_devices(open_at, open_page):
    """`two_devices(item)`: a laptop and a phone, both with that item in hand."""
    def two_devices(item: str = TILES):
        return open_at(item), open_page(375)

    return two_devices


def test_an_answer_in_one_tab_shows_in_the_other(two_tabs, answer_keys, learner, counted_once):
    """The other tab shows where the learner is now and says it once, in words; its focus stays where it was."""
    first, second = two_tabs()
    answer(first, answer_keys.right(learner))
    expect(told(second)).to_have_text(WENT_ON)
    expect(second.get_by_role("button", name="Next problem")).to_be_visible()
    assert second.evaluate("() => document.activeElement === document.body")
    second.wait_for_timeout(300)
    assert second.evaluate("() => window.heard") == [WENT_ON]
    assert counted_once(first, second) == 1


def test_going_on_in_one_tab_moves_the_other(two_tabs, answer_keys, learner, counted_once):
    """After “Next problem” in one tab the other shows the next problem, and takes its answer."""
    first, second = two_tabs()
    answer(first, answer_keys.right(learner))
    expect(told(second)).to_have_text(WENT_ON)
    Mouse(first).next()
    expect(second.locator("[data-serving]")).to_have_attribute(
        "data-serving", first.locator("[data-serving]").get_attribute("data-serving"), timeout=2 * REST)
    assert title(second) == title(first) != "Blue tiles, white tiles"
    answer(second, answer_keys.right(learner))
    expect(second.locator(".ax-say")).to_contain_text("Yes, that is right")
    assert counted_once(first, second) == 2


def test_both_tabs_answer_at_once(two_tabs, answer_keys, learner, counted_once):
    """Two answers on their way at the same time: each tab says what came of it, and the step counts once. Where one has
    overwritten the other, its receipt brings it back with the next request."""
    first, second = two_tabs()
    (right,) = answer_keys.right(learner).values()
    held = []
    for page in (first, second):
        page.route("**/answer/**", lambda route: held.append(route))
        typed(page, right)
    first.wait_for_timeout(200)
    assert len(held) == 2
    for route in held:
        route.continue_()
    for page in (first, second):
        expect(page.locator("[data-ax-part]")).to_contain_text(re.compile(f"Yes, that is right|{NOT_OPEN}"))
        expect(page.get_by_role("button", name="Next problem")).to_be_visible()
    Mouse(first).next()
    assert counted_once(first, second) == 1


def test_an_answer_to_a_problem_of_before_is_not_lost_from_sight(
        two_tabs, answer_keys, learner, counted_once, expected_errors):
    """A tab that could not notice answers what is not in hand any more: it says so and shows what was typed."""
    expected_errors.append("ERR_FAILED")
    first, second = two_tabs()
    second.route("**/state/**", lambda route: route.abort())
    answer(first, answer_keys.right(learner))
    Mouse(first).next()
    typed(second, "17/23")
    expect(second.locator(".ax-notice").first).to_contain_text(NOT_OPEN)
    expect(told(second)).to_have_text("What you had typed: \u206817/23\u2069")
    expect(second.locator("[data-ax-live]")).to_contain_text("17/23")
    assert title(second) == title(first)
    second.locator("[data-ax-input]").first.dispatch_event("input", {"bubbles": True})
    expect(told(second)).to_be_visible()
    assert counted_once(first, second) == 1


def test_next_in_both_tabs_is_no_conflict(two_tabs, answer_keys, learner, counted_once, expected_errors):
    """“Next problem” in the second tab leads to where the first has gone, as was wanted, without a warning."""
    expected_errors.append("ERR_FAILED")
    first, second = two_tabs()
    answer(first, answer_keys.right(learner))
    expect(told(second)).to_have_text(WENT_ON)
    second.route("**/state/**", lambda route: route.abort(), times=1)
    Mouse(first).next()
    second.get_by_role("button", name="Next problem").click()
    expect(second.locator(".ax-item h3")).to_be_focused()
    assert title(second) == title(first)
    assert NOT_OPEN not in second.locator("[data-ax-root]").inner_text()
    assert told(second).is_hidden()
    assert counted_once(first, second) == 1


def test_a_hint_elsewhere_shows_without_a_word(two_tabs):
    """A hint that was taken in another tab appears; the problem is the same, so nothing is said and no focus moves."""
    first, second = two_tabs()
    second.get_by_role("button", name="Skip for now").focus()
    Mouse(first).hint()
    expect(second.locator(".ax-hint")).to_be_visible()
    expect(second.get_by_role("button", name="Skip for now")).to_be_focused()
    assert told(second).is_hidden() and second.evaluate("() => window.heard") == []


def test_typing_is_not_disturbed(two_tabs, answer_keys, learner):
    """While something unsent stands in a field of the problem in hand, news of the other tab leaves the page alone."""
    first, second = two_tabs()
    (right,) = answer_keys.right(learner).values()
    field(second).focus()
    second.keyboard.type(right[:1])
    with second.expect_response("**/state/**"):
        Mouse(first).hint()
    second.wait_for_timeout(200)
    second.keyboard.type(right[1:])
    expect(field(second)).to_have_value(right)
    assert second.locator(".ax-hint").count() == 0
    second.keyboard.press("Enter")
    expect(second.locator(".ax-say")).to_contain_text("Yes, that is right")


def test_what_was_typed_is_shown_when_its_problem_is_gone(two_tabs, answer_keys, learner, axe):
    """Going on elsewhere while something unsent stands here: the new problem, the sentence, and what was typed."""
    first, second = two_tabs()
    field(second).fill("3/4 I think")
    answer(first, answer_keys.right(learner))
    Mouse(first).next()
    expect(told(second)).to_have_text(f"{WENT_ON} What you had typed: \u20683/4 I think\u2069", timeout=2 * REST)
    assert title(second) == title(first)
    select = second.evaluate("() => getSelection().selectAllChildren(document.querySelector('[data-ax-net-text]'))"
                             " || getSelection().toString()")
    assert "3/4 I think" in select
    axe(second)


def test_a_tab_that_nobody_looks_at_asks_when_somebody_does(two_tabs, answer_keys, learner):
    """A hidden tab asks nothing, however often the other goes on; looked at again it asks once."""
    first, second = two_tabs()
    look_away(second)
    names = asked(second)
    answer(first, answer_keys.right(learner))
    Mouse(first).next()
    Mouse(first).hint()
    assert names == []
    look_at(second)
    expect(told(second)).to_have_text(WENT_ON)
    assert title(second) == title(first) and second.locator(".ax-hint").count() == 1
    assert names == ["state"]


def test_looking_here_and_there_asks_seldom(two_tabs):
    """Someone who goes to and fro between tabs makes a question every five seconds at most."""
    _first, second = two_tabs()
    names = asked(second)
    for _time in range(8):
        look_away(second), look_at(second)
        second.wait_for_timeout(100)
    assert names == ["state"]
    second.wait_for_timeout(REST)
    assert names == ["state", "state"]


def test_no_quiet_question_beside_a_request(two_tabs):
    """As long as an answer is on its way, coming back to the tab asks nothing."""
    _first, second = two_tabs()
    held, names = [], asked(second)
    second.route("**/answer/**", lambda route: held.append(route))
    typed(second, "1/1")
    look_away(second), look_at(second)
    second.wait_for_timeout(300)
    assert names == ["answer"]
    held[0].continue_()
    expect(second.locator(".ax-say")).to_contain_text("Not yet")
    assert names == ["answer"]


def test_a_page_at_which_nothing_can_be_done_asks_nothing(open_page):
    """A visitor's page, which is there to be read, makes no requests when it is looked at again."""
    page = open_page(student="anonymous")
    page.wait_for_selector("[data-ready]")
    names = asked(page)
    look_away(page), look_at(page)
    page.wait_for_timeout(300)
    assert names == []


def test_two_devices_meet(two_devices, answer_keys, learner, counted_once):
    """What was done on the phone is on the laptop as soon as it is looked at, and the laptop goes on from there."""
    laptop, phone = two_devices(EGGS)
    look_away(laptop)
    answer(phone, answer_keys.right(learner))
    look_at(laptop)
    expect(told(laptop)).to_have_text(WENT_ON)
    expect(laptop.locator('[data-state="open"]')).to_have_attribute("aria-label", "Step 2 of 2")
    answer(laptop, answer_keys.right(learner))
    expect(laptop.get_by_role("button", name="Next problem")).to_be_visible()
    assert counted_once(laptop, phone) == 2


def test_two_devices_answer_the_same_step(two_devices, answer_keys, learner, counted_once):
    """The second device's answer to a step that is done elsewhere counts nothing and says where the learner is."""
    laptop, phone = two_devices()
    answer(phone, answer_keys.right(learner))
    typed(laptop, "1/1")
    expect(laptop.locator(".ax-notice").first).to_contain_text(NOT_OPEN)
    expect(told(laptop)).to_have_text("What you had typed: \u20681/1\u2069")
    expect(laptop.get_by_role("button", name="Next problem")).to_be_visible()
    assert counted_once(laptop, phone) == 1


def test_a_keyboard_that_lost_its_place_finds_the_heading(two_tabs, answer_keys, learner):
    """Where the focus stood on something that is gone with its problem it goes to the new problem's heading."""
    first, second = two_tabs()
    answer(first, answer_keys.right(learner))
    expect(told(second)).to_have_text(WENT_ON)
    Keyboard(second).go(second.get_by_role("button", name="Next problem"))
    Mouse(first).next()
    expect(second.locator(".ax-item h3")).to_be_focused(timeout=2 * REST)
