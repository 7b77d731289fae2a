"""How the page fits: narrow screens, large type, fingers, dark and high contrast, right-to-left, two blocks at once."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.hands import Mouse

TILES, BREAD = "meaning-tiles", "meaning-flatbread"
TARGET = 44  # CSS px a finger needs
SMALL_TARGETS = """least => Array.from(document.querySelectorAll(
  "[data-ax-root] :is(button, summary, a, input[type=text], label.ax-option)"))
  .filter((node) => node.checkVisibility() && node.getBoundingClientRect().width)
  .map((node) => [node.textContent.trim() || node.id, node.getBoundingClientRect()])
  .filter(([, box]) => box.height < least - 0.5 || box.width < least - 0.5)
  .map(([name, box]) => `${name}: ${box.width} x ${box.height}`)"""
STICKING_OUT = """() => {
  const width = document.documentElement.clientWidth;
  return document.documentElement.scrollWidth <= width ? [] :
    Array.from(document.querySelectorAll("[data-ax-root] *"))
      .filter((node) => node.getBoundingClientRect().right > width + 1)
      .map((node) => node.outerHTML.slice(0, 120));
}"""


def with_everything_open(page, answer_keys, learner) -> None:
    """A wrong answer with its message, two hints, the question before the answer, the numbers."""
    hands = Mouse(page)
    hands.answer(answer_keys.wrong(learner, "part-to-part"))
    hands.hint(), hands.hint()
    hands.click(page.locator(".ax-hint-button"))
    page.locator(".ax-numbers summary").click()
    hands.click(page.get_by_role("button", name=re.compile("Skip for now|تخط")))


def test_every_problem_fits_320_px(open_at, answer_keys, learner):
    """At 320 px (a phone, or 400 % zoom) no problem of the topic scrolls sideways, with all its help open."""
    page = open_at(TILES, 320)
    for item in answer_keys.document().items:
        answer_keys.put_in_hand(learner, item, all_help=True)
        page.reload()
        assert page.locator(".ax-hint").count() >= 2
        assert page.evaluate(STICKING_OUT) == [], item


def test_zoomed_to_200_percent_it_fits(open_at, answer_keys, learner):
    """A desktop of 1200 px at 200 % zoom: nothing scrolls sideways with everything open."""
    page = open_at(TILES, 600, context={"device_scale_factor": 2})
    with_everything_open(page, answer_keys, learner)
    assert page.evaluate(STICKING_OUT) == []


@pytest.mark.parametrize("item", [TILES, BREAD])
def test_everything_to_press_is_large_enough(open_at, item, width):
    """Buttons, fields and options are at least 44 px in both directions, on a desktop and on a phone."""
    page = open_at(item, width)
    hands = Mouse(page)
    hands.hint(), hands.hint()
    hands.click(page.locator(".ax-hint-button"))
    hands.click(page.get_by_role("button", name="Skip for now"))
    assert page.evaluate(SMALL_TARGETS, TARGET) == []


def test_right_to_left_is_mirrored(open_at, answer_keys, learner, axe):
    """In Arabic the page runs from right to left: meters fill from the right, formulas stay as they are written."""
    page = open_at(TILES, 375, language="ar")
    assert page.locator("html").get_attribute("dir") == "rtl"
    with_everything_open(page, answer_keys, learner)
    axe(page)
    assert page.evaluate(STICKING_OUT) == []
    Mouse(page).answer(answer_keys.right(learner))
    meter, bar = (page.locator(where).first.bounding_box() for where in (".ax-meter", ".ax-meter > i"))
    assert bar["width"] > 0 and abs(bar["x"] + bar["width"] - meter["x"] - meter["width"]) < 1
    assert page.locator(".ax-math").first.evaluate("node => getComputedStyle(node).direction") == "ltr"


@pytest.mark.parametrize("look", [{"color_scheme": "dark"}, {"forced_colors": "active"}])
def test_dark_and_high_contrast_can_be_read(open_at, answer_keys, learner, axe, look):
    """On a dark page, and with the system's own colours, everything keeps its contrast."""
    page = open_at(TILES, context=look)
    if "color_scheme" in look:
        page.evaluate("() => { document.body.style.background = '#16191f'; document.body.style.color = '#eee'; }")
        expect(page.locator("[data-ax-root]")).to_have_attribute("data-theme", "dark")
    with_everything_open(page, answer_keys, learner)
    axe(page)


def test_the_meter_moves_when_the_problem_ends(open_at, answer_keys, learner):
    """The meter is empty before there is evidence and has moved once the problem is done."""
    page = open_at(TILES)
    bar = page.locator("[data-now] .ax-meter > i")
    expect(bar).to_have_attribute("data-p", "0")
    Mouse(page).answer(answer_keys.right(learner))
    assert int(bar.get_attribute("data-p")) > 0


@pytest.fixture
def two_blocks(local_site):
    """The address of a page with the topic twice, in this process."""
    block = """<adaptive_problem_set><skill id="sum" name="Sums"/><item id="a"><step id="next" skills="sum">
      <prompt>1 + {second}</prompt><numeric answer="1 + {second}"/><hint>Count.</hint>
      <hint bottom_out="true">One more than {second}.</hint></step></item></adaptive_problem_set>"""
    both = block.format(second=1) + block.format(second=2)
    return local_site("two-sets", "Two sets", f"<vertical_demo>{both}</vertical_demo>")


def test_two_blocks_share_a_page(open_page, two_blocks, axe):
    """Two problem sets on one page: every id is there once, and each answers for itself."""
    page = open_page(address=two_blocks)
    blocks = page.locator("[data-ax-root]")
    assert blocks.count() == 2
    second = blocks.nth(1)
    second.locator("input[type=text]").fill("3")
    second.locator("input[type=text]").press("Enter")
    expect(second.locator(".ax-say")).to_contain_text("Yes, that is right")
    expect(second.get_by_role("button", name="Next problem")).to_be_focused()
    assert blocks.nth(0).locator(".ax-say").count() == 0
    ids = page.evaluate("() => Array.from(document.querySelectorAll('[id]'), (node) => node.id)")
    assert len(ids) == len(set(ids))
    axe(page)


def test_the_button_stays_beside_the_field(open_at, width):
    """What is said of the only field stands below it: neither the field nor the button moves."""
    page = open_at("add-three-moves", width)
    field, button = page.locator("[data-ax-form] input[type=text]"), page.locator("[data-ax-form] [type=submit]")
    before = [field.bounding_box(), button.bounding_box()]
    Mouse(page).answer({field.get_attribute("data-ax-input"): "eight or so"})
    expect(page.locator(".ax-note")).to_be_visible()
    after = [field.bounding_box(), button.bounding_box()]
    assert [box["x"] for box in after[:1]] == [box["x"] for box in before[:1]]
    middles = [box["y"] + box["height"] / 2 for box in after]
    assert abs(middles[0] - middles[1]) < 2
    assert page.locator(".ax-note").bounding_box()["y"] >= after[0]["y"] + after[0]["height"]


def test_only_the_next_of_the_closed_steps_is_named(open_at):
    """A guided problem says how many steps there are and what opens next, once."""
    page = open_at("add-three-moves")
    expect(page.locator('.ax-step[data-state="ahead"]:visible')).to_have_count(1)
    expect(page.get_by_role("heading", name="Step 1 of 3")).to_be_visible()


def test_six_skills_make_two_even_rows(open_page, page_address):
    """No skill is left alone in a row."""
    page = open_page(address=page_address("adaptive_problem_set.1"))
    tops = [meter.bounding_box()["y"] for meter in page.locator(".ax-skills .ax-meter").all()]
    assert len(set(tops[:3])) == len(set(tops[3:])) == 1 and len(set(tops)) == 2 and len(tops) == 6
