"""“Your learning record” in a real browser: opened, read, taken home, reset; by mouse and by keyboard."""

import json

import pytest
from playwright.sync_api import expect

from tests.browser.hands import Keyboard, Mouse
from tests.browser.test_page_looks import SMALL_TARGETS, STICKING_OUT, TARGET

TILES = "meaning-tiles"
OPEN = ".ax-record > summary"


@pytest.fixture
def open_panel(open_at, answer_keys, learner):
    """`open_panel(…)`: the page of a learner with one answer, the panel open and loaded; options as for `open_at`."""
    def open_panel(width=1200, **options):
        page = open_at(TILES, width, **options)
        Mouse(page).answer(answer_keys.right(learner))
        page.locator(OPEN).click()
        expect(page.locator(".ax-known")).to_be_visible()
        return page

    return open_panel


def ask(page, hands=Mouse):
    """Press “Start over…” and wait for the question."""
    hands(page).click(page.locator('[data-ax-record-act="ask"]').first)
    expect(page.locator("[data-ax-record-ask]")).to_be_focused()


def test_it_is_loaded_when_it_is_opened(open_at, answer_keys, learner):
    """Closed it asks for nothing; each opening shows how things stand now."""
    page, sent = open_at(TILES), []
    page.on("request", lambda request: "/record" in request.url and sent.append(request.method))
    Mouse(page).answer(answer_keys.right(learner))
    assert sent == []
    panel = page.locator(".ax-record")
    panel.locator("summary").click()
    expect(panel).to_contain_text("What a fraction means")
    expect(panel).to_contain_text("1 answer counted")
    panel.locator("summary").click()
    Mouse(page).next()
    Mouse(page).answer(answer_keys.right(learner))
    panel.locator("summary").click()
    expect(panel).to_contain_text("2 answers counted")
    assert sent == ["POST", "POST"]


def test_it_leaves_the_problem_alone(open_at):
    """Opening the panel and pressing its buttons moves nothing of the problem and keeps what was typed."""
    page = open_at(TILES)
    page.locator("[data-ax-form] input[type=text]").fill("3/")
    page.locator(OPEN).click()
    ask(page)
    page.keyboard.press("Escape")
    expect(page.locator("[data-ax-form] input[type=text]")).to_have_value("3/")
    expect(page.locator("[data-ax-net]")).to_be_hidden()


def test_everything_is_a_download(open_panel, tmp_path):
    """The link saves a file of JSON and the page stays where it is."""
    page = open_panel()
    address = page.url
    with page.expect_download() as download:
        page.get_by_role("link", name="Download everything (JSON)").click()
    download.value.save_as(tmp_path / "file")
    file = json.loads((tmp_path / "file").read_text(encoding="utf-8"))
    assert download.value.suggested_filename == "learning-record.json"
    assert len(file["block"]["evidence"]) == 1
    assert page.url == address


def test_without_javascript_the_file_is_there_too(open_at, tmp_path):
    """With scripts blocked the panel opens, says what is kept, and its link saves the file; no dead button is shown."""
    page = open_at(TILES, context={"java_script_enabled": False})
    page.locator(OPEN).click()
    expect(page.get_by_text("other learners cannot")).to_be_visible()
    assert page.locator(".ax-record button:visible").count() == 0
    with page.expect_download() as download:
        page.get_by_role("link", name="Download everything (JSON)").click()
    download.value.save_as(tmp_path / "file")
    assert json.loads((tmp_path / "file").read_text(encoding="utf-8"))["version"] == 1


@pytest.mark.parametrize("hands", [Mouse, Keyboard])
def test_starting_over_asks_and_can_be_called_off(open_panel, answer_keys, learner, hands):
    """The question takes the focus; “No” and Escape take it away and go back to the button; nothing has changed."""
    page = open_panel()
    button = page.locator('[data-ax-record-act="ask"]').first
    ask(page, hands)
    expect(page.get_by_role("group", name="Start over in this course?")).to_contain_text("cannot be undone")
    hands(page).click(page.get_by_role("button", name="No, keep my record"))
    expect(button).to_be_focused()
    ask(page, hands)
    page.keyboard.press("Escape")
    expect(button).to_be_focused()
    assert page.locator("[data-ax-record-ask]").count() == 0
    assert len(answer_keys.evidence(learner)) == 1


@pytest.mark.parametrize("hands", [Mouse, Keyboard])
@pytest.mark.parametrize("scope", ["course", "everywhere"])
def test_a_reset_begins_the_page_anew(open_panel, answer_keys, learner, hands, scope):
    """After “Yes” the panel says what was done, a screen reader hears it, and the page begins at the first problem."""
    page = open_panel()
    page.evaluate("() => document.addEventListener('ax-record-reset', e => { window.told = e.detail.scope; })")
    ask(page, hands)
    if scope == "everywhere":
        hands(page).click(page.get_by_role("button", name="All my courses…"))
        expect(page.get_by_role("group", name="Start over in all your courses on this site?")).to_be_focused()
    hands(page).click(page.get_by_role("button", name="Yes, start over"))
    expect(page.locator(".ax-record .ax-notice")).to_contain_text("starts anew now")
    expect(page.locator("[data-ax-record-live]")).to_contain_text("starts anew now")
    expect(page.locator(OPEN)).to_be_focused()
    expect(page.locator(".ax-head")).to_contain_text("0 of 5 skills mastered")
    expect(page.locator(".ax-item [data-ax-form]")).to_be_visible()
    assert page.evaluate("() => window.told") == scope
    assert not answer_keys.evidence(learner)


def test_a_cut_network_is_said_and_tried_again(open_panel, answer_keys, learner, expected_errors):
    """A request that does not arrive is said to have failed; “Try again” sends it once more."""
    expected_errors.append("ERR_FAILED")
    page = open_panel()
    ask(page)
    page.route("**/record_reset/**", lambda route: route.abort())
    page.get_by_role("button", name="Yes, start over").click()
    fault = page.locator("[data-ax-record-fault]")
    expect(fault).to_contain_text("That did not work. Please try again.")
    expect(page.locator("[data-ax-record-live]")).to_contain_text("That did not work")
    assert len(answer_keys.evidence(learner)) == 1
    page.unroute("**/record_reset/**")
    fault.get_by_role("button", name="Try again").click()
    expect(page.locator(".ax-record .ax-notice")).to_contain_text("starts anew now")
    expect(fault).to_be_hidden()


def test_an_overtaken_reply_is_not_shown(open_panel):
    """A slow look at the record that comes back after the question does not take the question away."""
    page, held = open_panel(), []
    page.route("**/record/**", lambda route: held.append(route))
    page.locator(OPEN).click()
    page.locator(OPEN).click()
    expect(page.locator("[data-ax-record-body]")).to_have_attribute("aria-busy", "true")
    ask(page)
    with page.expect_response("**/record/**"):
        held[0].continue_()
    page.wait_for_timeout(200)
    expect(page.locator("[data-ax-record-ask]")).to_be_visible()


def test_two_blocks_have_a_panel_each(open_page, local_site):
    """On a page with two blocks each panel shows its own block's record and asks for it alone."""
    block = """<adaptive_problem_set><skill id="{0}" name="Skill {0}"/><item id="a"><step id="s" skills="{0}">
      <prompt>1 + 1</prompt><numeric answer="2"/></step></item></adaptive_problem_set>"""
    page = open_page(address=local_site(
        "two-records", "Two records", f"<vertical_demo>{block.format('one')}{block.format('two')}</vertical_demo>"))
    for root in page.locator("[data-ax-root]").all():
        root.locator("input[type=text]").fill("2")
        root.locator("input[type=text]").press("Enter")
        expect(root.locator(".ax-say")).to_be_visible()
    second = page.locator("[data-ax-root]").nth(1)
    second.locator(OPEN).click()
    expect(second.locator(".ax-known li").first).to_contain_text("Skill two")
    assert page.locator(".ax-known").count() == 1


@pytest.mark.parametrize("look", [
    {}, {"language": "ar"}, {"context": {"color_scheme": "dark"}}, {"context": {"forced_colors": "active"}},
], ids=["plain", "rtl", "dark", "forced"])
def test_it_can_be_read_and_pressed(open_panel, axe, width, look):
    """On a desktop and a phone, from right to left, dark and in high contrast: WCAG 2.2 AA, fits, large enough."""
    page = open_panel(width, **look)
    if look.get("context", {}).get("color_scheme"):
        page.evaluate("() => { document.body.style.background = '#16191f'; document.body.style.color = '#eee'; }")
    ask(page)
    axe(page)
    assert page.evaluate(STICKING_OUT) == []
    assert page.evaluate(SMALL_TARGETS, TARGET) == []
