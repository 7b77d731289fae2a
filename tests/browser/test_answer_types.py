"""Every answer type and preset of docs/answer-types.md, played as a learner does: by mouse, keyboard and touch, in
English and from right to left, on a desktop and a phone."""

from itertools import count, product

import pytest
from playwright.sync_api import expect

from adaptive_xblocks.demo.player import Player
from tests.browser.answer_types import first_try, presets, sections, solution, types
from tests.browser.hands import Finger, Keyboard, Mouse
from tests.browser.serving import served_here
from tests.browser.test_page_looks import STICKING_OUT

HANDS = {"mouse": Mouse, "keyboard": Keyboard, "touch": Finger}
TOUCH = {"has_touch": True, "is_mobile": True}
LANGUAGES, WIDTHS = ("en", "rtl"), (1200, 375)
#: Two devices, languages and widths each meet: what is shared by all presets is played with every type above.
PAIRS = [
    ("mouse", "en", 1200), ("mouse", "rtl", 375), ("keyboard", "en", 375), ("keyboard", "rtl", 1200),
    ("touch", "en", 375), ("touch", "rtl", 1200),
]
#: What axe sees does not depend on the device that was used, so one device of three calls it, each in its turn.
AXE_TURNS = {(one, language, width): list(HANDS)[(index + turn) % 3]
             for turn, one in enumerate(types())
             for index, (language, width) in enumerate(product(LANGUAGES, WIDTHS))}
SAYS_OF = {"wrong": "Not yet", "unread": "Not read yet", "right": "Yes, that is right"}
_numbers = count()


@pytest.fixture(scope="module")
def site(workbench):
    """The address of a demo in this process that has each section of the page as a scenario."""
    from workbench.scenarios import add_xml_scenario, remove_scenario

    with served_here() as url:
        for name, shown in sections().items():
            add_xml_scenario(f"shown-{name}", name, shown.olx)
        yield url
        for name in sections():
            remove_scenario(f"shown-{name}")


@pytest.fixture(scope="module")
def tabs(browser):
    """`tabs(device, width)`: a tab for a device, one for all tests, so that its styles and scripts are read once; and
    the list of errors on its console."""
    contexts, opened = [], {}

    def tabs(device: str, width: int):
        key = (device == "touch", width)
        if key not in opened:
            contexts.append(browser.new_context(
                viewport={"width": width, "height": 900}, reduced_motion="reduce", **(TOUCH if key[0] else {})))
            page, errors = contexts[-1].new_page(), []
            page.set_default_timeout(10_000)
            page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
            page.on("pageerror", lambda error: errors.append(str(error)))
            opened[key] = page, errors
        return opened[key]

    yield tabs
    for context in contexts:
        context.close()


@pytest.fixture
def opened(site, tabs, client):
    """`opened(name, device, language, width)`: hands on a new learner's page, and the learner as a Player."""
    errors = []

    def opened(name: str, device: str, language: str, width: int):
        nonlocal errors
        page, errors = tabs(device, width)
        errors.clear()
        learner = f"{device}-{next(_numbers)}"
        page.goto(f"{site}/learn/shown-{name}/?student={learner}&language={language}")
        page.wait_for_selector("[data-ready]")
        assert page.locator("html").get_attribute("dir") == ("rtl" if language == "rtl" else "ltr")
        return HANDS[device](page), Player(client, f"shown-{name}", learner)

    yield opened
    assert not errors


def sent_by(page) -> dict[str, str]:
    """What the open step would send."""
    return page.evaluate("() => AdaptiveXBlocks.collect(document.querySelector('[data-ax-form]'))")


def told(page, kind: str, language: str) -> None:
    """The step's verdict is said in words of the page's language, and nothing sticks out sideways."""
    verdict = page.locator(f'.ax-say[data-verdict="{"not-yet" if kind == "wrong" else kind}"] b')
    expect(verdict).to_have_count(1)
    expect(verdict).not_to_have_text("")
    assert (verdict.inner_text() == SAYS_OF[kind]) is (language == "en")
    assert page.evaluate(STICKING_OUT) == []


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("device", HANDS)
@pytest.mark.parametrize("name", types())
def test_each_type_is_played(opened, axe, name, device, language, width):
    """What is tried first is judged beside its input and stays there; the right answer ends the problem. Half of the
    plays try what cannot be read, where the type has that."""
    hands, player = opened(name, device, language, width)
    page, calls_axe = hands.page, AXE_TURNS[name, language, width] == device
    variant, step = player.variant, player.step
    assert page.evaluate(STICKING_OUT) == []
    if calls_axe:
        axe(page)
    kind, responses = first_try(sections()[name], variant, step, unread=(language == "rtl") == (width == 375))
    hands.answer(responses)
    told(page, kind, language)
    marked = f'[data-ax-form] :is(.ax-note, .ax-option, .ax-pair, .ax-line)[data-verdict="{kind}"]'
    expect(page.locator(marked).first).to_be_visible()
    assert {key: sorted(value.split()) for key, value in sent_by(page).items()} == {
        key: sorted(value.split()) for key, value in responses.items()}
    if calls_axe:
        axe(page)
    hands.answer(solution(variant, step))
    told(page, "right", language)
    expect(page.locator('[data-state="done"]')).to_be_visible()
    if calls_axe:
        axe(page)


@pytest.mark.parametrize(("device", "language", "width"), PAIRS)
@pytest.mark.parametrize("name", presets())
def test_each_preset_is_played(opened, axe, name, device, language, width):
    """From the first problem to the next one, with what the preset adds to the page."""
    hands, player = opened(name, device, language, width)
    page, preset = hands.page, PRESETS[sections()[name].policy](hands, player)
    next(preset)
    axe(page)
    while player.step and not player.practice.done:
        hands.answer(solution(player.variant, player.step))
    next(preset)
    assert page.evaluate(STICKING_OUT) == []
    axe(page)
    first = player.practice.serving
    for _ in preset:
        pass
    assert player.practice.serving != first
    expect(page.locator("[data-ax-form]")).to_be_visible()
    assert page.evaluate(STICKING_OUT) == []


def play_standard(hands, player):
    """Once it is solved, the page tells why the problem came."""
    yield
    hands.click(hands.page.locator(".ax-extras summary").last)
    expect(hands.page.locator(".ax-extras .ax-aside").last).to_be_visible()
    yield
    hands.next()


def play_support(hands, player):
    """The easier problem comes first, and help is offered with each before it is answered."""
    assert player.practice.item in ("two", "right")
    expect(hands.page.locator(".ax-open-help")).to_be_visible()
    yield
    yield
    hands.next()
    expect(hands.page.locator(".ax-open-help")).to_be_visible()


def play_accelerate(hands, player):
    """A notice tells of the few problems that find a place; one wrong answer ends one of them and is not called so."""
    expect(hands.page.locator(".ax-notice").first).to_be_visible()
    assert player.block.practice.placed is False
    hands.answer({one.id: "1" for one in player.step.inputs})
    assert player.practice.done
    expect(hands.page.locator('[data-state="done"] .ax-say')).to_be_visible()
    yield
    yield
    hands.next()
    expect(hands.page.locator(".ax-notice").first).to_be_visible()


def play_choice(hands, player):
    """Others may be chosen before the first and after it; the one that is chosen comes."""
    expect(hands.page.locator('.ax-extras [data-ax-act="choose"]').first).to_be_attached()
    yield
    other = hands.page.locator('[data-ax-act="choose"]').first
    expect(other).to_be_visible()
    wanted = other.get_attribute("data-item")
    yield
    hands.press(other)
    assert player.practice.item == wanted


def play_fixed_order(hands, player):
    """The first problem, then the second, as they are written."""
    assert player.practice.item == "two"
    yield
    yield
    hands.next()
    assert player.practice.item == "three"


PRESETS = {
    "standard": play_standard, "support": play_support, "accelerate": play_accelerate, "choice": play_choice,
    "fixed-order": play_fixed_order,
}
