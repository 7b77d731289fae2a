"""Take the pictures of the README: `make screenshots`.

A demo with the seeded learners is served from a folder of its own; the pictures show what a learner sees.
"""

import os
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from tests.browser.serving import CHROMIUM_FLAGS, chromium_path, served_demo

IMAGES = Path(__file__).resolve().parent / "images"
SCENARIO = "adaptive_problem_set.0"
SCALE = 2  # device pixels for each CSS pixel: pictures stay sharp on fine screens


def prepare_learners(folder: Path) -> None:
    """Seed the demo's database in `folder`, then bring Ben to a mistake that is recognised and Ada to a hint."""
    os.environ["ADAPTIVE_XBLOCKS_DEMO_DIR"] = str(folder)
    os.environ["DJANGO_SETTINGS_MODULE"] = "adaptive_xblocks.demo.settings"
    from adaptive_xblocks.demo.__main__ import parse, prepare

    prepare(parse([]))
    from django.test import Client

    from adaptive_xblocks.demo.player import Player, wrong_responses
    from adaptive_xblocks.demo.seed import most_recognised

    ben = Player(Client(), SCENARIO, "ben")
    misconception = most_recognised(ben)
    for _number in range(20):
        mistake = wrong_responses(ben.variant, ben.step, misconception) if ben.step else None
        if mistake:
            ben.answer(mistake)
            break
        ben.finish_item()
        ben.next()
    ada = Player(Client(), SCENARIO, "ada")
    if ada.step:
        ada.hint()


def take(browser: Browser, address: str, width: int, name: str) -> None:
    """Save the whole page at `width` CSS pixels."""
    page = browser.new_page(
        viewport={"width": width, "height": 760}, device_scale_factor=SCALE, reduced_motion="reduce",
    )
    page.goto(address)
    page.wait_for_load_state("networkidle")
    page.screenshot(path=IMAGES / name, full_page=True)
    page.close()
    print(f"docs/images/{name}")


def main() -> None:
    """Seed, serve, look, save."""
    path = chromium_path()
    if path is None:
        sys.exit("No Chromium was found: apt-get install chromium, or set CHROMIUM.")
    IMAGES.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        prepare_learners(Path(folder))
        with served_demo(Path(folder)) as url, sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=path, args=CHROMIUM_FLAGS)
            page = f"{url}/learn/{SCENARIO}/?student="
            take(browser, f"{page}ben", 1000, "learner-desktop.png")
            take(browser, f"{page}ada", 375, "learner-phone.png")
            browser.close()


if __name__ == "__main__":
    main()
