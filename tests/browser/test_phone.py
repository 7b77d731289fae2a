"""A lesson on a phone of 375 px, by finger, on a network that is slow and comes and goes."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.hands import IS_CALM, Finger
from tests.browser.stored import receipts

PHONE = {"has_touch": True, "is_mobile": True, "device_scale_factor": 2}
SLOW = {"latency": 400, "downloadThroughput": 50_000, "uploadThroughput": 20_000}  # ms, bytes/s: a weak 3G
N_PROBLEMS = 6


class Network:
    """The phone's connection, through the browser's own debugger."""

    def __init__(self, page: Page) -> None:
        self.page, self.session = page, page.context.new_cdp_session(page)
        self.session.send("Network.enable")

    def slow(self, **changed: int) -> None:
        """A connection that is weak, but there."""
        self.session.send("Network.emulateNetworkConditions", {"offline": False, **SLOW, **changed})

    def gone(self) -> None:
        """No connection."""
        self.session.send("Network.emulateNetworkConditions", {"offline": True, **SLOW})


@pytest.fixture
def phone(open_page, expected_errors):
    """A page on a phone, and its connection."""
    expected_errors.append("ERR_INTERNET_DISCONNECTED|ERR_FAILED")
    page = open_page(375, context=PHONE)
    network = Network(page)
    network.slow()
    return page, network


def wait_until_calm(page: Page) -> None:
    """Wait until nothing is under way any more, however slow it is."""
    page.wait_for_function(IS_CALM, timeout=60_000)


def test_a_lesson_on_a_flapping_network(phone, answer_keys, learner, counted_once):
    """Every second request meets a dead network, every third loses its reply: the lesson goes on, each answer counts
    once, and each step is told with a verdict."""
    page, network = phone
    finger, n_steps, losses = Finger(page), 0, []

    def lose(route):
        losses.append(route.fetch().status)
        route.abort()

    def press(deed, number):
        if number % 3 == 2:
            page.route("**/handler/**", lose, times=1)
        if number % 2:
            network.gone()
        deed()
        if number % 2:
            expect(page.locator("[data-ax-net]")).to_contain_text("trying again in")
            network.slow()
        wait_until_calm(page)

    for number in range(N_PROBLEMS):
        while (responses := step_in_hand(answer_keys, learner)) is not None:
            finger.type_in(responses)
            press(finger.submit, n_steps)
            expect(page.locator(".ax-say").last).to_contain_text("Yes, that is right")
            n_steps += 1
        if page.locator(".ax-end").count():
            break
        press(lambda: page.locator('[data-ax-act="next"]').tap(), number + 1)
        expect(page.locator("[data-ax-net]")).to_be_hidden()
    assert losses and set(losses) == {200}
    assert counted_once(page) == n_steps == len(receipts(page))


def step_in_hand(answer_keys, learner) -> dict | None:
    """What is right for the step in hand, None when the problem is done."""
    return answer_keys.right(learner) if answer_keys.in_hand(learner)[1] else None


def test_a_slow_phone_says_that_it_works(phone, answer_keys, learner):
    """On a weak connection the button says “Checking…” under the finger, and a second tap sends nothing more."""
    page, network = phone
    network.slow(latency=2000)
    finger, sent = Finger(page), []
    page.on("request", lambda request: "/answer" in request.url and sent.append(request.url))
    finger.type_in(answer_keys.right(learner))
    finger.submit()
    expect(page.locator(".ax-check")).to_have_text("Checking…")
    page.locator(".ax-check").tap(force=True)
    wait_until_calm(page)
    assert len(sent) == 1


def test_an_answer_does_not_wait_long_for_a_quiet_question(phone, answer_keys, learner, counted_once):
    """Back from another app, on a connection that swallows everything: the answer is sent after five seconds."""
    page, _network = phone
    finger = Finger(page)
    swallowed = []
    page.route("**/state/**", lambda route: swallowed.append(route))
    page.evaluate("() => document.dispatchEvent(new Event('visibilitychange'))")
    page.wait_for_timeout(100)
    finger.type_in(answer_keys.right(learner))
    finger.submit()
    expect(page.locator(".ax-check")).to_have_text("Checking…")
    expect(page.locator(".ax-say").last).to_contain_text("Yes, that is right", timeout=12_000)
    assert len(swallowed) == 1 and counted_once(page) == 1
