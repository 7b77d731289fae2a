"""Lost requests and replies, reloads in the middle, and the back button: no evidence goes, none counts twice."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.hands import Keyboard, Mouse
from tests.browser.stored import put_back, rows

TILES = "meaning-tiles"  # a number
NOT_OPEN = "nothing was counted twice"
RETRYING = "trying again in"
GO_BACK = "() => history.back()"


def field(page: Page):
    """The first text field."""
    return page.locator("[data-ax-form] input[type=text]").first


def send(page: Page, text: str) -> None:
    """Type and press Enter, without waiting for what comes of it."""
    field(page).fill(text)
    field(page).press("Enter")


def lose_replies(page: Page, name: str, n_times: int = 1) -> list[int]:
    """Let the server do what it is asked, and lose its replies on the way back; their statuses as they go."""
    lost = []

    def lose(route):
        if len(lost) == n_times:
            route.fallback()
            return
        lost.append(route.fetch().status)
        route.abort()

    page.route(f"**/handler/*/{name}/**", lose)
    return lost


@pytest.fixture(autouse=True)
def cut(expected_errors):
    """The browser says on its console that a request was cut."""
    expected_errors.append("ERR_FAILED|ERR_INTERNET|ERR_ABORTED")


def test_a_lost_reply_to_next_is_no_conflict(open_at, answer_keys, learner, counted_once):
    """“Next problem” arrived and its reply did not: the page lands on that next problem and warns of nothing."""
    page = open_at(TILES)
    Mouse(page).answer(answer_keys.right(learner))
    lost = lose_replies(page, "next")
    page.get_by_role("button", name="Next problem").click()
    expect(page.locator(".ax-item h3")).to_be_focused()
    assert lost == [200] and answer_keys.practice(learner).serving == int(
        page.locator("[data-serving]").get_attribute("data-serving"))
    assert page.locator("[data-ax-net]").is_hidden()
    assert NOT_OPEN not in page.locator("[data-ax-root]").inner_text()
    assert counted_once(page) == 1


def test_a_lost_reply_to_skip_skips_once(open_at, answer_keys, learner):
    """A skip whose reply was lost lays one problem aside, not two, and warns of nothing."""
    page = open_at(TILES)
    serving = answer_keys.practice(learner).serving
    lose_replies(page, "skip")
    page.get_by_role("button", name="Skip for now").click()
    page.get_by_role("button", name="Not now").click()
    expect(page.locator("[data-serving]")).to_have_attribute("data-serving", str(serving + 1))
    expect(page.locator(".ax-item h3")).to_be_focused()
    assert answer_keys.practice(learner).serving == serving + 1
    assert NOT_OPEN not in page.locator("[data-ax-root]").inner_text()


def test_a_lost_reply_to_a_hint_shows_one_hint(open_at, answer_keys, learner):
    """Help whose reply was lost is taken once: the hint after it stays unseen."""
    page = open_at(TILES)
    lose_replies(page, "hint")
    page.locator(".ax-hint-button").click()
    expect(page.locator(".ax-hint").first).to_be_visible()
    assert len(answer_keys.practice(learner).step("blue").shown) == 1


SOON_MASTERED = """<adaptive_problem_set threshold="0.5" min_evidence="1"><skill id="sum" name="Sums"/>
  <item id="a"><step id="s" skills="sum"><prompt>What is 1 + 1?</prompt><numeric answer="2"/><hint>Count.</hint>
  <hint bottom_out="true">It is 2.</hint></step></item></adaptive_problem_set>"""


def test_a_lost_reply_at_the_end_does_not_skip_the_end(open_page, local_site):
    """The request that led to the end lost its reply: the end is shown all the same, not what comes after it."""
    page = open_page(address=local_site("soon-mastered", "Soon mastered", SOON_MASTERED))
    Mouse(page).answer({"answer": "2"})
    lost = lose_replies(page, "next")
    page.get_by_role("button", name="Next problem").click()
    expect(page.locator(".ax-end")).to_contain_text("You have mastered this topic")
    assert lost == [200]


def test_a_reload_while_the_reply_is_lost(open_at, answer_keys, learner, counted_once):
    """The answer arrived, its replies do not, the learner reloads: the page shows the answer as done, counted once."""
    page = open_at(TILES)
    lose_replies(page, "answer", n_times=9)
    send(page, *answer_keys.right(learner).values())
    expect(page.locator("[data-ax-net]")).to_contain_text(RETRYING)
    page.unroute_all()
    page.reload()
    expect(page.get_by_role("button", name="Next problem")).to_be_visible()
    assert counted_once(page) == 1


def test_a_reload_while_nothing_arrives(open_at, answer_keys, learner, counted_once):
    """The answer never arrived, the learner reloads: the problem is open as before, and the next try counts once."""
    page = open_at(TILES)
    page.route("**/handler/**", lambda route: route.abort())
    send(page, "1/1")
    expect(page.locator("[data-ax-net]")).to_contain_text(RETRYING)
    page.unroute_all()
    page.reload()
    assert counted_once(page) == 0
    Mouse(page).answer(answer_keys.right(learner))
    expect(page.locator(".ax-say")).to_contain_text("Yes, that is right")
    assert counted_once(page) == 1


def test_receipts_survive_a_reload(open_at, answer_keys, learner, counted_once, demo_folder):
    """A slow request overwrites an acknowledged answer, the learner reloads: the browser's receipt brings it back."""
    page = open_at(TILES)
    before = rows(demo_folder / "demo.sqlite3", learner)
    Mouse(page).answer(answer_keys.right(learner))
    put_back(demo_folder / "demo.sqlite3", before)
    with page.expect_response("**/state/**"):
        page.reload()
    expect(page.get_by_role("button", name="Next problem")).to_be_visible()
    assert counted_once(page) == 1


def test_giving_up_keeps_what_was_typed(open_at, answer_keys, learner, counted_once):
    """After two minutes without a network the page says so; “Try again” sends the same answer, which counts once."""
    page = open_at(TILES, prepare=lambda page: page.clock.install())
    (right,) = answer_keys.right(learner).values()
    page.route("**/handler/**", lambda route: route.abort())
    send(page, right)
    expect(page.locator("[data-ax-net]")).to_contain_text(RETRYING)
    for _minute in range(4):
        page.clock.run_for(60_000)
    expect(page.locator("[data-ax-net]")).to_contain_text("We could not reach the site")
    expect(field(page)).to_have_value(right)
    page.unroute_all()
    Mouse(page).press(page.get_by_role("button", name="Try again"))
    expect(page.locator(".ax-say")).to_contain_text("Yes, that is right")
    assert counted_once(page) == 1


def test_back_to_a_page_that_the_browser_kept(
        open_at, another_tab, answer_keys, learner, counted_once, demo_url):
    """Gone on in another tab meanwhile: the page that comes back as it was left asks, and shows where one is."""
    page = open_at(TILES)
    page.wait_for_selector("[data-ready]")
    page.evaluate("() => { window.kept = true; }")
    other = another_tab(page)
    page.goto(demo_url)
    Mouse(other).answer(answer_keys.right(learner))
    Mouse(other).next()
    page.evaluate(GO_BACK)
    page.wait_for_url("**/learn/**", wait_until="commit")
    expect(page.locator("[data-ax-net-text]")).to_have_text(
        "You went on in another tab or on another device. Here is where you are now.")
    assert page.evaluate("() => window.kept"), "the browser did not keep the page"
    assert page.locator(".ax-item h3").inner_text() == other.locator(".ax-item h3").inner_text()
    assert counted_once(page, other) == 1


def test_back_to_a_page_that_the_browser_shows_from_its_cache(
        open_at, answer_keys, learner, counted_once, demo_url):
    """Back to the page as it was first sent: it asks where the learner is, and what was answered stays answered."""
    page = open_at(TILES)
    page.add_init_script("window.addEventListener('unload', () => {});")  # no browser keeps such a page as it is
    page.reload()
    Mouse(page).answer(answer_keys.right(learner))
    Mouse(page).next()
    title = page.locator(".ax-item h3").inner_text()
    page.goto(demo_url)
    page.evaluate(GO_BACK)
    page.wait_for_url("**/learn/**")
    assert page.evaluate("() => performance.getEntriesByType('navigation')[0].transferSize") == 0
    expect(page.locator(".ax-item h3")).to_have_text(title)
    assert page.locator("[data-ax-net]").is_hidden()
    Mouse(page).hint()
    expect(page.locator(".ax-hint")).to_be_visible()
    assert NOT_OPEN not in page.locator("[data-ax-root]").inner_text()
    assert counted_once(page) == 1


def test_a_keyboard_goes_on_after_the_cut(open_at, answer_keys, learner, counted_once):
    """By keyboard alone: cut, answered, back again; the focus is where the lesson goes on."""
    page = open_at(TILES)
    (right,) = answer_keys.right(learner).values()
    page.context.set_offline(True)
    hands = Keyboard(page)
    hands.fill(field(page), right)
    hands.submit()
    expect(page.locator("[data-ax-net]")).to_contain_text(RETRYING)
    page.context.set_offline(False)
    expect(page.get_by_role("button", name="Next problem")).to_be_focused()
    assert counted_once(page) == 1
