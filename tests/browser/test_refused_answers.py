"""Answers that the server does not take: the page says why, keeps what was typed, and offers its receipts still."""

import datetime

import pytest
from django.test import Client
from playwright.sync_api import Page, expect
from workbench.runtime import WorkbenchRuntime

from adaptive_xblocks.demo.player import Player
from tests.blocks.test_viewers import inherits  # noqa: F401  (a fixture)
from tests.browser.hands import look_at, look_away
from tests.browser.stored import receipts

ITEM = """<item id="{name}" title="{title}"><step id="s" skills="sum"><prompt>What is 1 + {n}?</prompt>
  <numeric answer="1 + {n}"/><hint>Count.</hint><hint bottom_out="true">One more than {n}.</hint></step>
  <step id="t" skills="sum"><prompt>And twice that?</prompt><numeric answer="2 + 2*{n}"/><hint>Double it.</hint>
  <hint bottom_out="true">Two times it.</hint></step></item>"""
SET = '<adaptive_problem_set policy="fixed-order"><skill id="sum" name="Sums"/>{items}</adaptive_problem_set>'
FIRST, SECOND = (ITEM.format(name=name, title=title, n=n) for name, title, n in (
    ("one", "The first", 1), ("two", "The second", 2)))
PAST_DUE = "This is past its due date. You can look at it, but answers are no longer taken."
SIGNED_OUT = "You seem to be signed out"


@pytest.fixture
def site(local_site):
    """The address of two small problems, and their learner as seen from the server."""
    address = local_site("refusals", "Two small problems", SET.format(items=FIRST + SECOND))
    return address, Player(Client(), "refusals", "local")


@pytest.fixture
def page(open_page, site):
    """The first of the two problems, open in a browser."""
    page = open_page(address=site[0])
    page.wait_for_selector("[data-ready]")
    return page


@pytest.fixture
def due(inherits):  # noqa: F811
    """`due(hours)`: from now on the set is due in so many hours, which may be past."""
    return lambda hours: inherits(due=datetime.datetime.now(datetime.UTC) + datetime.timedelta(hours=hours))


def send(page: Page, text: str) -> None:
    """Type and press Enter."""
    page.locator("[data-ax-form] input[type=text]").fill(text)
    page.locator("[data-ax-form] input[type=text]").press("Enter")


def net(page: Page):
    """The sentence about the request."""
    return page.locator("[data-ax-net-text]")


def test_asleep_over_the_due_date(due, site, page, expected_errors):
    """Answered too late: the page says so, what was typed stays to be read and copied, and counts nothing."""
    expected_errors.append("403")
    due(-1)
    send(page, "2")
    expect(net(page)).to_have_text(PAST_DUE)
    expect(page.locator("[data-ax-live]")).to_have_text(PAST_DUE)
    field = page.locator("[data-ax-form] input[type=text]")
    expect(field).to_have_value("2")
    expect(field).to_be_enabled()
    assert field.evaluate("node => { node.select(); return getSelection().toString(); }") == "2"
    assert page.get_by_role("button", name="Try again").is_hidden()
    assert len(site[1].block.evidence_log.pieces) == 0


def test_waking_up_after_the_due_date_does_not_wipe_what_was_typed(due, page):
    """The laptop wakes up with something typed: nothing moves, and nobody is said to have gone on elsewhere."""
    page.locator("[data-ax-form] input[type=text]").fill("2")
    look_away(page)
    due(-1)
    with page.expect_response("**/state/**"):
        look_at(page)
    page.wait_for_timeout(200)
    expect(page.locator("[data-ax-form] input[type=text]")).to_have_value("2")
    assert net(page).is_hidden()


def test_waking_up_after_the_due_date_says_that_it_is_past(due, page):
    """The laptop wakes up with nothing typed: the page says that answers are not taken any more."""
    look_away(page)
    due(-1)
    look_at(page)
    expect(page.locator(".ax-notice")).to_have_text(PAST_DUE)
    expect(page.locator("[data-ax-form] input[type=text]")).to_be_disabled()
    assert net(page).is_hidden()


def test_a_late_click_is_answered_once(due, page, expected_errors):
    """“Hint” after the due date: the page turns into one to look at, with the sentence on it once."""
    expected_errors.append("403")
    due(-1)
    page.locator(".ax-hint-button").click()
    expect(page.locator("[data-ax-form] input[type=text]")).to_be_disabled()
    expect(page.locator(".ax-notice")).to_have_text(PAST_DUE)
    assert net(page).is_hidden()
    expect(page.locator("[data-ax-live]")).to_have_text(PAST_DUE)


def test_receipts_are_taken_in_past_the_due_date(due, site, page, expected_errors):
    """An answer in time was overwritten; the next one comes too late, is refused, and the receipt still counts."""
    expected_errors.append("403")
    block = site[1].block
    log, practice, record = block.evidence_log, block.practice, block.adaptive_xblocks_record
    send(page, "2")
    expect(page.locator('[data-state="open"]')).to_have_attribute("aria-label", "Step 2 of 2")
    block = site[1].block
    block.evidence_log, block.practice, block.adaptive_xblocks_record = log, practice, record
    block.save()
    assert not site[1].block.evidence_log.pieces
    due(-1)
    with page.expect_response("**/state/**"):
        send(page, "4")
    expect(net(page)).to_have_text(PAST_DUE)
    expect(page.locator("[data-ax-form] input[type=text]")).to_have_value("4")
    assert [piece.step for piece in site[1].block.evidence_log.pieces] == [0]
    assert len(receipts(page)) == 1


@pytest.mark.parametrize("reply", [
    {"status": 403, "body": "Unauthenticated", "content_type": "text/plain"},
    {"status": 403, "body": "<h1>CSRF verification failed.</h1>", "content_type": "text/html"},
    {"status": 200, "body": "<html><form>Sign in</form></html>", "content_type": "text/html"},
], ids=["unauthenticated", "CSRF", "log-in page"])
def test_signed_out_meanwhile(site, page, reply, expected_errors):
    """Signed out in another tab: the page says so, keeps what was typed, and “Try again” works after signing in."""
    expected_errors.append("403")
    page.route("**/handler/**", lambda route: route.fulfill(**reply))
    send(page, "2")
    expect(net(page)).to_contain_text(SIGNED_OUT)
    expect(page.locator("[data-ax-live]")).to_contain_text(SIGNED_OUT)
    expect(page.locator("[data-ax-form] input[type=text]")).to_have_value("2")
    page.unroute_all()
    page.get_by_role("button", name="Try again").click()
    expect(page.locator('[data-state="open"]')).to_have_attribute("aria-label", "Step 2 of 2")
    assert net(page).is_hidden()
    assert len(site[1].block.evidence_log.pieces) == 1


def take_out_first(player: Player) -> None:
    """The author removes the first problem."""
    block = WorkbenchRuntime(player.student_id).get_block(player.usage_id)
    block.content = SET.format(items=SECOND)
    block.save()


def test_a_removed_problem(site, page):
    """The author took the problem out: the page shows another, says why, and what was typed can still be read."""
    take_out_first(site[1])
    send(page, "2")
    expect(page.locator(".ax-item h3")).to_have_text("The second")
    expect(page.locator(".ax-notice").first).to_be_focused()
    expect(net(page)).to_have_text("What you had typed: \u20682\u2069")
    assert not site[1].block.evidence_log.pieces


def test_a_removed_problem_that_was_not_answered_yet(site, page):
    """Coming back to a problem that the author took out meanwhile: another one is there, with a sentence."""
    look_away(page)
    take_out_first(site[1])
    look_at(page)
    expect(page.locator(".ax-item h3")).to_have_text("The second")
    expect(page.locator("[data-ax-live]")).not_to_be_empty()
