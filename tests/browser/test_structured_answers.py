"""Answers of several parts on the page: chosen, paired and put in order by mouse, finger and keyboard."""

import itertools

import pytest
from playwright.sync_api import expect

from adaptive_xblocks.demo.player import Player, right_responses
from tests.browser.hands import Finger, Keyboard, Mouse, line_of, lines_in
from tests.browser.structured import ITEMS, olx
from tests.browser.test_page_looks import SMALL_TARGETS, STICKING_OUT, TARGET

_numbers = itertools.count()
TOUCH = {"has_touch": True, "is_mobile": True}
HANDS = {"mouse": (Mouse, {}), "keyboard": (Keyboard, {}), "finger": (Finger, TOUCH)}


@pytest.fixture
def parts(local_site, open_page, client):
    """`parts(kind, width, …)`: a page with that item in a new learner's hand, and the learner as a Player."""
    def parts(kind: str, width: int = 1200, look: str = "", **options):
        name = f"parts-{next(_numbers)}"
        page = open_page(width, address=local_site(name, name, olx(kind)) + look, **options)
        page.wait_for_selector("[data-ready]")
        return page, Player(client, name, "local")

    return parts


def field_of(page):
    """The field that is answered."""
    return page.locator("[data-ax-form] [data-ax-input]")


@pytest.mark.parametrize("device", HANDS)
@pytest.mark.parametrize("kind", ITEMS)
def test_each_type_is_played_by_each_device(parts, axe, kind, device, width):
    """A wrong answer is told part by part and stays, the right one ends the problem; axe finds nothing on the way."""
    hands, context = HANDS[device]
    page, player = parts(kind, width, context=context)
    hand = hands(page)
    right = right_responses(player.variant, player.step)["answer"]
    axe(page)
    hand.answer({"answer": wrong_one(kind, right)})
    expect(page.locator(".ax-say")).to_contain_text("Not yet")
    assert page.locator("[data-ax-form] fieldset [data-verdict]").count()
    assert page.evaluate(STICKING_OUT) == []
    axe(page)
    hand.answer({"answer": right})
    expect(page.locator(".ax-say")).to_contain_text("Yes, that is right")
    assert page.evaluate(STICKING_OUT) == []
    axe(page)


def wrong_one(kind: str, right: str) -> str:
    """An answer that is wrong in some of its parts."""
    tokens = right.split()
    if kind == "choices":
        return " ".join([*tokens[:2], next(handle for handle in "12345" if handle not in tokens)])
    if kind in ("match", "groups"):
        (first, one), (second, _other) = (token.split("=") for token in tokens[:2])
        spare = next(handle for handle in "12" if handle != one)
        return " ".join([f"{first}={spare}", f"{second}={spare}", *tokens[2:]])
    return " ".join([tokens[1], tokens[0], *tokens[2:]])


@pytest.mark.parametrize("kind", ITEMS)
def test_everything_to_press_is_large_enough(parts, kind, width):
    """Boxes, lists and the buttons of a line are at least 44 px in both directions."""
    page, _player = parts(kind, width)
    assert page.evaluate(SMALL_TARGETS.replace("summary,", "select, summary,"), TARGET) == []


@pytest.mark.parametrize("look", [{"color_scheme": "dark"}, {"forced_colors": "active"}])
@pytest.mark.parametrize("kind", ["choices", "match", "code"])
def test_dark_and_high_contrast_can_be_read(parts, axe, kind, look):
    """With verdicts on parts everything keeps its contrast on a dark page and with the system's own colours."""
    page, player = parts(kind, context=look)
    if "color_scheme" in look:
        page.evaluate("() => { document.body.style.background = '#16191f'; document.body.style.color = '#eee'; }")
        expect(page.locator("[data-ax-root]")).to_have_attribute("data-theme", "dark")
    Mouse(page).answer({"answer": wrong_one(kind, right_responses(player.variant, player.step)["answer"])})
    axe(page)


@pytest.mark.parametrize(("kind", "direction"), [("arabic", "rtl"), ("code", "ltr")])
def test_right_to_left_code_keeps_its_direction(parts, axe, kind, direction):
    """Arabic lines run from right to left and are indented from there, code does not; both can be put in order."""
    page, player = parts(kind, 375, "&language=ar")
    expect(page.locator("[data-lines]")).to_have_css("direction", direction)
    Keyboard(page).answer(right_responses(player.variant, player.step))
    expect(page.locator('[data-state="done"]')).to_be_visible()
    axe(page)


def test_an_untouched_list_is_not_sent(parts):
    """Check on lines that nobody moved asks to put them in order, and sends nothing."""
    page, _player = parts("order")
    sent = []
    page.on("request", lambda request: sent.append(request.url))
    page.locator(".ax-check").click()
    expect(page.locator("[data-ax-net-text]")).to_have_text("Put the lines in order first.")
    expect(page.locator(".ax-pick").first).to_be_focused()
    assert not sent


def test_a_moved_line_keeps_the_focus_and_is_spoken_of(parts):
    """The button stays in focus on its line, names what it would do next, and the place is announced."""
    page, _player = parts("order")
    line = line_of(field_of(page), lines_in(field_of(page), "[data-lines]")[0])
    down = line.locator('[data-move="down"]')
    name = line.locator(".ax-line-text").inner_text()
    expect(down).to_have_attribute("aria-label", f"Move “{name}” down, to line 2")
    Keyboard(page).click(down)
    expect(down).to_be_focused()
    expect(page.locator("[data-ax-live]")).to_have_text("Line 2 of 4")
    expect(down).to_have_attribute("aria-label", f"Move “{name}” down, to line 3")
    expect(line.locator("[data-place]")).to_have_text("Line 2 of 4: ")


def test_the_end_of_the_list_is_an_end(parts):
    """A button that leads nowhere says so and does nothing, without losing the focus."""
    page, _player = parts("order")
    before = lines_in(field_of(page), "[data-lines]")
    up = page.locator("[data-move=up]").first
    up.click(force=True)
    expect(up).to_have_attribute("aria-disabled", "true")
    assert lines_in(field_of(page), "[data-lines]") == before
    assert field_of(page).locator("input").input_value() == ""


def test_lines_are_left_out_and_put_back(parts):
    """What is left out stands below, can be put back as the last line, and the focus goes with it."""
    page, _player = parts("code")
    field = field_of(page)
    part = lines_in(field, "[data-lines]")[0]
    line = line_of(field, part)
    Keyboard(page).click(line.locator('[data-move="leave"]'))
    assert lines_in(field, "[data-out]") == [part]
    expect(line.locator(":focus")).to_be_visible()
    expect(page.locator("[data-ax-live]")).to_have_text("Left out")
    line.locator('[data-move="use"]').click()
    assert lines_in(field, "[data-lines]")[-1] == part


def drag(page, grip, x: float, y: float) -> None:
    """Drag by mouse from the middle of a grip to a place beside it."""
    box = grip.bounding_box()
    page.mouse.move(box["x"] + 5, box["y"] + box["height"] / 2)
    page.mouse.down()
    page.mouse.move(box["x"] + 5 + x / 2, box["y"] + y / 2, steps=4)
    page.mouse.move(box["x"] + 5 + x, box["y"] + box["height"] / 2 + y, steps=4)
    page.mouse.up()


def test_lines_are_dragged_and_indented(parts, answer_log):
    """Dragging down moves a line, dragging sideways indents it, and what is sent says so."""
    page, _player = parts("code")
    field = field_of(page)
    first, second, *_others = lines_in(field, "[data-lines]")
    height = line_of(field, first).bounding_box()["height"]
    drag(page, line_of(field, first).locator(".ax-grip"), 50, height + 8)
    assert lines_in(field, "[data-lines]")[:2] == [second, first]
    assert line_of(field, first).get_attribute("data-level") == "2"
    assert answer_log(field).startswith(f"{second}:0 {first}:2 ")


@pytest.fixture
def answer_log():
    """What a field of lines would send."""
    return lambda field: field.locator("input[type=hidden]").input_value()


def test_escape_puts_a_dragged_line_back(parts):
    """Escape while dragging leaves everything as it was, and the answer untouched."""
    page, _player = parts("order")
    field = field_of(page)
    before = lines_in(field, "[data-lines]")
    box = page.locator(".ax-grip").first.bounding_box()
    page.mouse.move(box["x"] + 5, box["y"] + 5)
    page.mouse.down()
    page.mouse.move(box["x"] + 5, box["y"] + 140, steps=6)
    assert lines_in(field, "[data-lines]") != before
    page.keyboard.press("Escape")
    page.mouse.up()
    assert lines_in(field, "[data-lines]") == before
    assert field.locator("input").input_value() == ""


def test_lines_are_dragged_by_finger(parts):
    """A finger on the grip drags the line; a finger on its text scrolls the page instead."""
    page, _player = parts("order", 375, context=TOUCH)
    field = field_of(page)
    before = lines_in(field, "[data-lines]")
    session = page.context.new_cdp_session(page)

    def touch(kind: str, *points: dict) -> None:
        session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    page.locator(".ax-line").last.scroll_into_view_if_needed()
    for start, moves in ((page.locator(".ax-line-text").first, False), (page.locator(".ax-grip").first, True)):
        box = start.bounding_box()
        x, y = box["x"] + 8, box["y"] + box["height"] / 2
        touch("touchStart", {"x": x, "y": y})
        for step in range(1, 9):
            touch("touchMove", {"x": x, "y": y + step * 22})
        touch("touchEnd")
        assert (lines_in(field, "[data-lines]") != before) is moves


@pytest.mark.parametrize("kind", ITEMS)
def test_what_was_done_survives_a_hint(parts, kind):
    """Asking for a hint swaps the page's part; what was chosen, paired or moved and not sent stays."""
    page, player = parts(kind)
    hand = Mouse(page)
    wrong = wrong_one(kind, right_responses(player.variant, player.step)["answer"])
    hand.type_in({"answer": wrong})
    before = page.evaluate("() => AdaptiveXBlocks.collect(document.querySelector('[data-ax-form]')).answer")
    assert sorted(before.split()) == sorted(wrong.split())
    hand.hint()
    after = page.evaluate("() => AdaptiveXBlocks.collect(document.querySelector('[data-ax-form]')).answer")
    assert after == before
    assert page.evaluate("() => AdaptiveXBlocks.isUnsent(document.querySelector('[data-ax-input]'))")
    hand.type_in({"answer": right_responses(player.variant, player.step)["answer"]})
    hand.awaiting(hand.submit)
    expect(page.locator(".ax-say")).to_contain_text("Yes, that is right")


@pytest.mark.parametrize("kind", ["order", "code"])
def test_a_wrong_order_is_there_after_a_reload(parts, kind):
    """Lines stand where the learner put them when the page is loaded again, and that is not "unsent"."""
    page, player = parts(kind)
    wrong = wrong_one(kind, right_responses(player.variant, player.step)["answer"])
    Mouse(page).answer({"answer": wrong})
    page.reload()
    page.wait_for_selector("[data-ready]")
    assert lines_in(field_of(page), "[data-lines]") == [token.split(":")[0] for token in wrong.split()]
    assert not page.evaluate("() => AdaptiveXBlocks.isUnsent(document.querySelector('[data-ax-input]'))")


def test_a_mark_goes_with_the_part_that_changes(parts):
    """Choosing another right side takes the mark off that row only."""
    page, player = parts("match")
    Mouse(page).answer({"answer": wrong_one("match", right_responses(player.variant, player.step)["answer"])})
    select = page.locator(".ax-pair select").first
    select.select_option(index=1 if select.input_value() != "1" else 2)
    assert page.locator(".ax-pair[data-verdict]").count() == 2
    expect(select).not_to_have_attribute("aria-invalid", "true")


@pytest.mark.parametrize("kind", ITEMS)
def test_without_javascript_it_can_be_read(parts, open_page, local_site, kind):
    """With scripts blocked all parts are there to read."""
    page = open_page(address=local_site(f"bare-{kind}", "x", olx(kind)), context={"java_script_enabled": False})
    expect(page.locator("[data-ax-input]")).to_be_visible()
    assert page.evaluate(STICKING_OUT) == []
