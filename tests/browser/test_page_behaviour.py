"""What the page does with a learner's hands, eyes and ears: focus, words, kept answers, help that asks, endings."""

import json
import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.hands import Keyboard, Mouse
from tests.browser.scripted_learners import ANSWER, Act, Strong

TILES, BREAD, EGGS = "meaning-tiles", "meaning-flatbread", "meaning-eggs"  # a number, a choice, two steps
IN_FOCUS = "() => { const at = document.activeElement; return at === document.body ? '' : at.id || at.name; }"


def focused(page: Page) -> Locator:
    """What has the focus."""
    return page.locator(":focus")


def live(page: Page) -> Locator:
    """The region that a screen reader listens to."""
    return page.locator("[data-ax-live]")


def field(page: Page) -> Locator:
    """The first text field."""
    return page.locator("[data-ax-form] input[type=text]").first


def type_in(page: Page, text: str) -> None:
    """Type an answer as a learner would and press Enter."""
    hands = Keyboard(page)
    hands.fill(field(page), text)
    hands.awaiting(hands.submit)


def test_looking_takes_no_focus(open_at):
    """When the page has loaded the focus is where the browser left it."""
    page = open_at(TILES)
    page.wait_for_selector("[data-ready]")
    assert page.evaluate(IN_FOCUS) == ""


def test_a_wrong_answer_stays_and_is_spoken_of(open_at, answer_keys, learner):
    """After a known mistake: what was typed and the focus stay, the message fits, and a screen reader hears it."""
    page = open_at(TILES)
    (mistake,) = answer_keys.wrong(learner, "part-to-part").values()
    type_in(page, mistake)
    expect(focused(page)).to_have_value(mistake)
    expect(focused(page)).to_have_attribute("aria-invalid", "true")
    expect(page.locator(".ax-say")).to_contain_text("You compared")
    expect(live(page)).to_contain_text("Not yet")
    expect(live(page)).to_contain_text("You compared")
    told = focused(page).get_attribute("aria-describedby").split()
    assert "You compared" in "".join(page.locator(f'[id="{one}"]').inner_text() for one in told)


def test_a_mark_goes_when_the_answer_changes(open_at):
    """The mark on a field is about what stood there: typing takes it off."""
    page = open_at(TILES)
    type_in(page, "1/1")
    page.keyboard.type("1")
    expect(focused(page)).not_to_have_attribute("aria-invalid", "true")


def test_a_right_answer_leads_on(open_at, answer_keys, learner):
    """After a right answer the focus is on “Next problem”; Enter goes on, to the heading of the next one."""
    page = open_at(TILES)
    type_in(page, *answer_keys.right(learner).values())
    expect(focused(page)).to_have_text("Next problem")
    expect(live(page)).to_contain_text("Yes, that is right")
    page.keyboard.press("Enter")
    expect(focused(page)).to_have_attribute("id", page.locator(".ax-item h3").get_attribute("id"))
    assert answer_keys.practice(learner).item != TILES


def test_the_next_step_takes_the_focus(open_at, answer_keys, learner):
    """Where a problem has more steps the focus moves to the one that has opened."""
    page = open_at(EGGS)
    expect(page.locator('[data-state="ahead"]')).to_contain_text("Step 2 opens")
    type_in(page, *answer_keys.right(learner).values())
    expect(focused(page)).to_have_attribute("aria-label", "Step 2 of 2")


def test_what_cannot_be_read_costs_nothing(open_at, answer_keys, learner):
    """“Not read yet” says why, keeps what was typed, and is no evidence."""
    page = open_at(TILES)
    type_in(page, "some tiles")
    expect(page.locator(".ax-say")).to_contain_text("Not read yet")
    expect(focused(page)).to_have_value("some tiles")
    assert not answer_keys.evidence(learner)


def test_an_empty_answer_is_not_sent(open_at):
    """Enter in an empty field asks for an answer first and sends nothing."""
    page, sent = open_at(TILES), []
    page.on("request", lambda request: sent.append(request.url))
    field(page).focus()
    page.keyboard.press("Enter")
    expect(page.locator("[data-ax-net-text]")).to_have_text("Type or choose an answer first.")
    expect(live(page)).to_have_text("Type or choose an answer first.")
    assert not sent


def test_a_hint_takes_the_focus(open_at):
    """A hint is shown in place and takes the focus, so that a screen reader says which one it is and what it says; the
    button says how many are left."""
    page = open_at(TILES)
    expect(page.locator(".ax-hint-button")).to_contain_text("3 left, the last one shows the answer")
    Keyboard(page).hint()
    hint = page.get_by_role("group", name="Hint 1 of 3")
    expect(hint).to_be_focused()
    expect(hint).to_have_accessible_description(re.compile(r"\w{3}"))
    expect(page.locator(".ax-hint-button")).to_contain_text("2 left")


def test_the_answer_is_shown_after_a_question_only(open_at, learner, answer_keys):
    """The last piece of help asks first; Escape and “No” go back to the button, “Yes” shows the answer."""
    page = open_at(TILES)
    hands = Keyboard(page)
    hands.hint(), hands.hint()
    button = page.locator(".ax-hint-button")
    expect(button).to_contain_text("Show the answer")
    hands.click(button)
    expect(focused(page)).to_have_text("Yes, show the answer")
    page.keyboard.press("Escape")
    expect(button).to_be_focused()
    hands.click(button)
    hands.click(page.get_by_role("button", name="No, I will try first"))
    expect(button).to_be_focused()
    assert len(answer_keys.practice(learner).step("blue").shown) == 2
    hands.hint()
    expect(focused(page)).to_contain_text("The answer, step by step")


@pytest.mark.parametrize("hands", [Mouse, Keyboard])
def test_a_choice_is_marked_in_words_too(open_at, answer_keys, learner, hands):
    """A wrong option stays chosen, carries a mark and a sentence; the right one is never marked beside it."""
    page = open_at(BREAD)
    hands(page).answer(answer_keys.wrong(learner, "bigger-bottom-bigger"))
    expect(page.locator(".ax-option:has(:checked)")).to_have_attribute("data-verdict", "wrong")
    assert page.locator(".ax-option[data-verdict]").count() == 1
    expect(page.locator(".ax-say")).to_contain_text("larger number below the line")


def test_skipping_asks_why_and_is_not_punished(open_at, answer_keys, learner):
    """Skip asks for a reason, says that it does not count, and leaves no evidence."""
    page = open_at(TILES)
    page.get_by_role("button", name="Skip for now").click()
    expect(page.get_by_role("group", name="Why skip it?")).to_contain_text("does not count against you")
    Mouse(page).press(page.get_by_role("button", name="Too easy"))
    expect(focused(page)).to_have_attribute("id", page.locator(".ax-item h3").get_attribute("id"))
    assert not answer_keys.evidence(learner)


def test_numbers_are_one_tap_away_and_stay_open(open_at):
    """“In numbers” is closed at first, and stays as the learner left it when the page moves on."""
    page = open_at(TILES)
    type_in(page, "1/1")
    expect(page.locator(".ax-numbers ul")).to_be_hidden()
    page.locator(".ax-numbers summary").click()
    expect(page.locator(".ax-numbers ul")).to_contain_text("What a fraction means")
    Mouse(page).hint()
    expect(page.locator(".ax-numbers ul")).to_be_visible()


def test_why_this_problem_comes_after_the_answer(open_at, answer_keys, learner):
    """The reason is told when the problem is done, not before, and without numbers of chance."""
    page = open_at(TILES)
    assert not page.get_by_text("Why this problem?").count()
    type_in(page, *answer_keys.right(learner).values())
    page.get_by_text("Why this problem?").click()
    why = page.locator("details:has-text('Why this problem?') .ax-aside").inner_text()
    assert why.endswith(".") and "%" not in why and "0." not in why


def test_an_end_offers_ways_on(open_page, answer_keys, learner):
    """At the end the focus is on its heading; one button goes on, another starts again, and a reload stays there."""
    page = open_page()
    hands, mind = Mouse(page), Strong(seed=1)
    while not page.locator(".ax-end").count():
        variant, step = answer_keys.in_hand(learner)
        hands.do(mind.act(variant, step, None)) if step else hands.next()
    expect(focused(page)).to_have_text("You have mastered this topic")
    page.reload()
    expect(page.get_by_role("button", name="Start again from the beginning")).to_be_visible()
    hands.press(page.get_by_role("button", name="Keep practising"))
    expect(focused(page)).to_have_attribute("id", page.locator(".ax-item h3").get_attribute("id"))
    page.reload()
    expect(page.locator(".ax-item")).to_be_visible()


def test_without_javascript_it_can_be_read(open_at):
    """With scripts blocked the problem is there to read, a line says what answering needs, and nothing moves."""
    page = open_at(TILES, context={"java_script_enabled": False})
    expect(page.locator(".ax-prompt")).to_contain_text("tiles on the wall")
    expect(page.get_by_text("Answering needs JavaScript")).to_be_visible()
    assert page.locator("[data-ax-net]").is_hidden()


def test_a_cut_network_loses_nothing(open_at, answer_keys, learner, expected_errors):
    """A request that never arrives is sent again with the same id; the page says so and keeps what was typed."""
    expected_errors.append("ERR_FAILED|ERR_INTERNET")
    page, sent = open_at(TILES), []
    (right,) = answer_keys.right(learner).values()
    page.on("request", lambda request: "/answer" in request.url and sent.append(json.loads(request.post_data)))
    page.route("**/handler/**", lambda route: route.abort())
    hands = Keyboard(page)
    hands.fill(field(page), right)
    hands.submit()
    expect(page.locator("[data-ax-net]")).to_contain_text("What you typed is kept; trying again in")
    expect(live(page)).to_contain_text("trying again")
    expect(field(page)).to_have_value(right)
    assert not answer_keys.evidence(learner)
    page.unroute("**/handler/**")
    expect(focused(page)).to_have_text("Next problem")
    expect(page.locator("[data-ax-net]")).to_be_hidden()
    assert len({one["submission"] for one in sent}) == 1 < len(sent)
    assert len(answer_keys.evidence(learner)) == 1


def test_a_lost_reply_counts_once(open_at, answer_keys, learner, expected_errors):
    """A reply that is lost on its way back: the answer is sent again, gets the first result, and counts once."""
    expected_errors.append("ERR_FAILED")
    page, n_lost = open_at(TILES), []

    def lose_first(route):
        if n_lost:
            route.fallback()
            return
        n_lost.append(route.fetch().status)
        route.abort()

    page.route("**/handler/**", lose_first)
    type_wrong = Keyboard(page)
    type_wrong.fill(field(page), "1/1")
    type_wrong.submit()
    expect(page.locator(".ax-say")).to_contain_text("Not yet")
    expect(field(page)).to_have_value("1/1")
    assert n_lost == [200]
    assert answer_keys.practice(learner).step("blue").attempts == len(answer_keys.evidence(learner)) == 1


def test_a_slow_network_is_said_to_be_slow(open_at):
    """After 300 ms the button says “Checking…”, keeps the focus, and a second press sends nothing more."""
    page, held = open_at(TILES), []
    page.route("**/handler/**", lambda route: held.append(route))
    field(page).fill("1/1")
    button = page.locator(".ax-check")
    button.click()
    page.wait_for_timeout(120)
    expect(button).to_have_text("Check")
    expect(button).to_have_text("Checking…", timeout=2000)
    expect(button).to_have_attribute("aria-disabled", "true")
    expect(button).to_be_focused()
    button.click(force=True)
    assert len(held) == 1
    held[0].continue_()
    expect(page.locator(".ax-say")).to_be_visible()
    expect(page.locator(".ax-check")).to_have_text("Check")


def test_two_tabs_do_not_count_twice(open_at, open_page, answer_keys, learner):
    """An answer in a tab that was overtaken is told where the learner is now, and nothing is counted twice."""
    first, second = open_at(TILES), open_page()
    (right,) = answer_keys.right(learner).values()
    type_in(first, right)
    type_in(second, right)
    expect(focused(second)).to_contain_text("nothing was counted twice")
    assert len(answer_keys.evidence(learner)) == 1


def test_strong_answers_by_mouse_leave_no_error(open_at, answer_keys, learner):
    """A choice answered by clicking its words, not the small circle."""
    page = open_at(BREAD)
    Mouse(page).do(Act(ANSWER, answer_keys.right(learner)))
    expect(page.locator(".ax-say")).to_contain_text("Yes, that is right")
