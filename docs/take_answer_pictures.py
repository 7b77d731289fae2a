"""Take the pictures of docs/answer-types.md: each item of the page as a learner sees it after a first try.

What is shown is what a learner would remember: an answer that is not read yet or not right, with what is said of it;
of a preset, what it adds to the page.
"""

from __future__ import annotations

from collections.abc import Callable

from django.test import Client
from playwright.sync_api import Browser, Page
from workbench.scenarios import add_xml_scenario

from adaptive_xblocks.demo.player import Player
from tests.browser.answer_types import Shown, first_try, sections, solution
from tests.browser.hands import Mouse

WIDTH, SCALE = 700, 1
#: These show an answer that is not read yet; the others a mistake.
UNREAD = ("unit", "form")
LEARNER = "pictures"


def add_scenarios() -> None:
    """Each section of the page as a scenario of the workbench."""
    for name, shown in sections().items():
        add_xml_scenario(f"shown-{name}", name, shown.olx)


def take_answer_pictures(browser: Browser, url: str, save: Callable[[Page, str, str], None]) -> None:
    """Every picture of the page; `save(page, selector, name)` keeps what the selector finds."""
    for name, shown in sections().items():
        page = browser.new_page(
            viewport={"width": WIDTH, "height": 400}, device_scale_factor=SCALE, reduced_motion="reduce")
        page.goto(f"{url}/learn/shown-{name}/?student={LEARNER}")
        page.wait_for_selector("[data-ready]")
        (_play_preset if shown.policy else _try)(Mouse(page), shown)
        page.evaluate("document.activeElement.blur()")
        page.mouse.move(0, 0)
        save(page, "[data-ax-root]" if shown.policy else ".ax-item", f"answer-types/{name}.png")
        page.close()


def _player(shown: Shown) -> Player:
    return Player(Client(), f"shown-{shown.name}", LEARNER)


def _try(hands: Mouse, shown: Shown) -> None:
    player = _player(shown)
    _kind, responses = first_try(shown, player.variant, player.step, unread=shown.name in UNREAD)
    hands.answer(responses)


def _play_preset(hands: Mouse, shown: Shown) -> None:
    player = _player(shown)
    if shown.policy == "standard":
        hands.answer(solution(player.variant, player.step))
    if shown.policy in ("standard", "choice"):
        hands.click(hands.page.locator(".ax-extras summary").last)
