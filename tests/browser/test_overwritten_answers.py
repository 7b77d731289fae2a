"""Answers that a slow request overwrote, and receipts, with which the browser brings them back."""

import json

import pytest
from playwright.sync_api import Page, expect

from tests.browser.hands import Mouse, look_at, look_away
from tests.browser.stored import put_back, receipts, rows

TILES, EGGS = "meaning-tiles", "meaning-eggs"  # a number; two steps
NOT_OPEN = "nothing was counted twice"


def told(page: Page):
    """The sentence about what happened elsewhere, or about the request."""
    return page.locator("[data-ax-net-text]")


def title(page: Page) -> str:
    """The title of the problem on the page."""
    return page.locator(".ax-item h3").inner_text()


def answer(page: Page, responses: dict) -> None:
    """Answer the open step."""
    Mouse(page).answer(responses)


@pytest.fixture
def database(demo_folder):
    """Where the demo keeps what it knows."""
    return demo_folder / "demo.sqlite3"


def test_an_answer_that_a_slow_request_overwrote_comes_back(
        open_at, another_tab, answer_keys, learner, counted_once, database):
    """All that was stored is set back to before the answer: the browser's receipt restores it, from any tab."""
    first = open_at(TILES)
    second = another_tab(first)
    before = rows(database, learner)
    answer(first, answer_keys.right(learner))
    expect(second.get_by_role("button", name="Next problem")).to_be_visible()
    put_back(database, before)
    assert not answer_keys.evidence(learner)
    second.reload()
    expect(second.get_by_role("button", name="Next problem")).to_be_visible()
    assert counted_once(first, second) == 1


@pytest.mark.parametrize("act", ["answer", "look"])
def test_being_set_back_by_a_slow_request_goes_unnoticed(
        open_at, answer_keys, learner, counted_once, database, act):
    """All that was stored is set back to the problem before: the page goes on with the one it shows, without a word,
    whether it is answered or only looked at again."""
    page = open_at(TILES)
    answer(page, answer_keys.right(learner))
    before = rows(database, learner)
    Mouse(page).next()
    shown, right = title(page), answer_keys.right(learner)
    put_back(database, before)
    if act == "look":
        look_away(page)
        with page.expect_response("**/state/**"):
            look_at(page)
        page.wait_for_timeout(300)
        assert title(page) == shown and told(page).is_hidden()
    answer(page, right)
    expect(page.locator(".ax-say")).to_contain_text("Yes, that is right")
    assert title(page) == shown and NOT_OPEN not in page.locator("[data-ax-root]").inner_text()
    assert counted_once(page) == 2


def test_receipts_are_held_for_two_minutes(open_at, answer_keys, learner):
    """A confirmed receipt is dropped by the first request that is sent two minutes after it came, not sooner."""
    page = open_at(EGGS, prepare=lambda page: page.clock.install())
    answer(page, answer_keys.right(learner))
    (receipt,) = receipts(page)
    Mouse(page).hint()
    assert receipts(page) == [receipt]
    page.clock.fast_forward(120_000)
    Mouse(page).hint()
    assert receipts(page) == []


def test_a_reset_drops_receipts_and_begins_anew(open_at, answer_keys, learner, database):
    """After the learner reset the record the page drops its receipts, asks where the learner is, and shows it."""
    page = open_at(TILES)
    before = rows(database, learner)
    answer(page, answer_keys.right(learner))
    put_back(database, before)
    sent = []
    page.on("request", lambda request: "/state" in request.url and sent.append(json.loads(request.post_data)))
    page.locator("[data-ax-part]").dispatch_event("ax-record-reset", {"bubbles": True})
    expect(page.locator("[data-ax-form]")).to_be_visible()
    assert [one["receipts"] for one in sent] == [[]] and receipts(page) == []
    assert told(page).is_hidden() and not answer_keys.evidence(learner)
