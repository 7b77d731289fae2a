"""Take the pictures of README and docs: `make screenshots`.

A demo with seeded learners is served from this process, on a folder of its own; the pictures show what its people see.
"""

import os
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from tests.browser.serving import CHROMIUM_FLAGS, chromium_path, served_here

IMAGES = Path(__file__).resolve().parent / "images"
TOPIC = Path(__file__).resolve().parent.parent / "adaptive_xblocks" / "workbench_scenarios" / "adding_fractions.xml"
SCENARIO = "adaptive_problem_set.0"
MISTYPED = "mistyped"  # the same topic with a slip of its author in two problems
SCALE = 1.5  # device pixels for each CSS pixel: pictures stay sharp on fine screens and small in the repository
MOST_BYTES = 200 * 1024
MOST_BYTES_OF_A_PART = 60 * 1024
MARGIN = 12  # CSS pixels


def prepare_learners(folder: Path) -> None:
    """Seed the demo's database in `folder` and bring learners to what the pictures show."""
    os.environ["ADAPTIVE_XBLOCKS_DEMO_DIR"] = str(folder)
    os.environ["DJANGO_SETTINGS_MODULE"] = "adaptive_xblocks.demo.settings"
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"  # Playwright keeps an event loop running in this thread
    from adaptive_xblocks.demo.__main__ import parse, prepare

    prepare(parse([]))
    from django.test import Client

    from adaptive_xblocks.demo.player import Player
    from adaptive_xblocks.demo.seed import far_along, most_recognised

    ben = Player(Client(), SCENARIO, "ben")
    make_mistake(ben, most_recognised(ben))
    ada = Player(Client(), SCENARIO, "ada")
    ada.hint()
    for name, at_a_mistake in (("hana", True), ("zaynab", True), ("omar", False)):
        one = Player(Client(), SCENARIO, name)
        one.open()
        if at_a_mistake:
            far_along(one)
            make_mistake(one)
            one.hint()
        while not at_a_mistake and not one.practice.end:
            one.finish_item()
            one.next()


def add_mistyped_topic() -> None:
    """The topic as it looks to staff when its author mistyped something."""
    from workbench.scenarios import add_xml_scenario

    topic = TOPIC.read_text(encoding="utf-8")
    for right, slip in (("a * m", "a *"), ("k/n", "k/m")):
        topic = topic.replace(f'<numeric answer="{right}"/>', f'<numeric answer="{slip}"/>', 1)
    add_xml_scenario(MISTYPED, "Adding fractions, mistyped", topic)


def make_mistake(player, misconception: str | None = None) -> None:
    """Go on rightly until a step can show the misconception (None: any), then answer as it would have it."""
    from adaptive_xblocks.demo.player import wrong_responses

    for _number in range(20):
        step = player.step
        beliefs = [misconception] if misconception else [one.misconception for one in step.wrongs if one.misconception]
        mistake = wrong_responses(player.variant, step, beliefs[0]) if beliefs else None
        if mistake:
            player.answer(mistake)
            return
        player.finish_item()
        player.next()


def take(browser: Browser, address: str, width: int, name: str, prepare: Callable[[Page], None] | None = None) -> None:
    """Save the whole page at `width` CSS pixels, after `prepare` has been done with it."""
    page = browser.new_page(
        viewport={"width": width, "height": 400}, device_scale_factor=SCALE, reduced_motion="reduce",
    )
    page.goto(address)
    page.wait_for_load_state("networkidle")
    if prepare:
        prepare(page)
    page.screenshot(path=IMAGES / name, full_page=True)
    page.close()
    check_size(name, MOST_BYTES)


def save_part(page: Page, selector: str, name: str) -> None:
    """Save what the selector finds on the page, with a margin around it."""
    page.evaluate("scrollTo(0, 0)")
    box = page.locator(selector).bounding_box()
    clip = {"x": box["x"] - MARGIN, "y": max(0, box["y"] - MARGIN),
            "width": box["width"] + 2 * MARGIN, "height": box["height"] + 2 * MARGIN}
    page.screenshot(path=IMAGES / name, full_page=True, clip=clip)
    check_size(name, MOST_BYTES_OF_A_PART)


def check_size(name: str, most: int) -> None:
    """Say how large a picture is; stop if it is larger than `most` bytes."""
    size = (IMAGES / name).stat().st_size
    print(f"docs/images/{name}: {size / 1024:.0f} KB")
    if size > most:
        sys.exit(f"docs/images/{name} is larger than {most / 1024:.0f} KB")


def open_staff_part(page: Page) -> None:
    """Open what only staff see."""
    page.locator(".ax-staff summary").click()


def take_all(browser: Browser, url: str) -> None:
    """Every picture."""
    page = f"{url}/learn/{SCENARIO}/?student="
    take(browser, f"{page}ben", 1200, "learner-desktop.png")
    take(browser, f"{page}ada", 375, "learner-phone.png")
    take(browser, f"{page}hana", 800, "learner-hint.png")
    take(browser, f"{page}omar", 800, "learner-end.png")
    take(browser, f"{page}zaynab&language=ar", 800, "learner-rtl.png")
    take(browser, f"{url}/learn/{MISTYPED}/?student=staff", 800, "staff.png", open_staff_part)


def main() -> None:
    """Seed, serve, look, save."""
    path = chromium_path()
    if path is None:
        sys.exit("No Chromium was found: apt-get install chromium, or set CHROMIUM.")
    (IMAGES / "answer-types").mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        prepare_learners(Path(folder))
        add_mistyped_topic()
        from docs.take_answer_pictures import add_scenarios, take_answer_pictures  # once Django is set up

        add_scenarios()
        with served_here() as url, sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=path, args=CHROMIUM_FLAGS)
            take_all(browser, url)
            take_answer_pictures(browser, url, save_part)
            browser.close()


if __name__ == "__main__":
    main()
