"""A lesson made of all attacks, in a real browser: nothing runs, nothing opens, nobody else is called."""

import re

import pytest

from tests.browser.hands import Mouse
from tests.fuzz.hostile_pages import places, problem_set
from tests.tutoring.xss_vectors import ALL

TOGETHER = 18  # attacks in one problem; what a problem may hold is bounded
GROUPS = [ALL[at:at + TOGETHER] for at in range(0, len(ALL), TOGETHER)]


def armed(vector):
    """The attack, which leaves a second sign of its success on the page."""
    return vector.replace("alert(1)", "(window.pwned=1,alert(1))")


@pytest.fixture
def watched(browser):
    """`watched(address)`: a page, and what it did that no lesson does; asked again at the end."""
    context = browser.new_context(viewport={"width": 1200, "height": 900}, reduced_motion="reduce")
    page, seen = context.new_page(), []
    page.set_default_timeout(10_000)
    page.on("dialog", lambda dialog: (seen.append(f"dialog {dialog.message}"), dialog.dismiss()))
    page.on("popup", lambda other: seen.append(f"window {other.url}"))
    page.on("pageerror", lambda error: seen.append(f"error {error}"))

    def open_page(address):
        site = re.match(r"https?://[^/]+/", address)[0]
        page.on("request", lambda sent: sent.url.startswith(site) or seen.append(f"request {sent.method} {sent.url}"))
        page.on("framenavigated", lambda frame: frame.url.startswith(site) or seen.append(f"navigation {frame.url}"))
        page.goto(address)
        return page

    yield open_page, seen
    context.close()


def option(page, word):
    """The handle of the option that begins with the word."""
    return page.locator("label.ax-option", has_text=word).first.locator("input").get_attribute("value")


def play(page, typed):
    """Work the problem in hand through: every hint, a wrong answer, a right one, the solution, the reasons."""
    hands = Mouse(page)
    while page.locator(".ax-hint-button").count():
        hands.hint()
    hands.answer({"c": option(page, "wrong"), "t": typed})
    hands.answer({"c": option(page, "right"), "t": typed})
    page.evaluate("() => document.querySelectorAll('details').forEach((one) => { one.open = true; })")


def act_on(page):
    """What a learner's hands touch by chance: the pointer over everything, the focus through everything."""
    page.evaluate("""() => {
      for (const one of document.querySelectorAll("[data-ax-root] *")) {
        for (const name of ["mouseover", "mouseenter", "pointerenter", "focus", "load", "error", "toggle"])
          one.dispatchEvent(new Event(name, { bubbles: false }));
      }
    }""")


def test_a_lesson_of_all_attacks_is_harmless_in_a_browser(watched, local_site):
    """Played to its end: no dialog, no window, no foreign request or navigation, no error, and nothing has run."""
    open_page, seen = watched
    groups = [list(map(armed, group)) for group in GROUPS]
    olx = problem_set("".join(places(number, *group, n_hints=1) for number, group in enumerate(groups)), armed(ALL[0]))
    page = open_page(local_site("attacks", "Attacks", olx))
    for number, group in enumerate(groups):
        assert page.locator("[data-ax-form]").count(), f"problem {number} is not there"
        play(page, "".join(group)[:480])
        act_on(page)
        if page.locator('[data-ax-act="next"]').count():
            Mouse(page).next()
    assert page.evaluate("() => window.pwned") is None
    assert page.locator("[data-ax-root] :is(script, iframe, object, embed, base, meta, link, style)").count() == 0
    assert seen == []


def test_the_watch_sees_an_attack_that_succeeds(watched, local_site):
    """What a believed attack would do is noticed: a dialog, a request abroad, a mark on the page."""
    open_page, seen = watched
    page = open_page(local_site("attacks", "Attacks", problem_set(places("", "x"))))
    page.evaluate("""() => {
      const part = document.querySelector("[data-ax-part]");
      part.insertAdjacentHTML("beforeend", "<img src=x onerror='window.pwned=1,alert(1)'>");
      part.insertAdjacentHTML("beforeend", "<img src='https://evil.invalid/x'>");
    }""")
    page.wait_for_function("() => window.pwned")
    assert any(one.startswith("dialog") for one in seen)
    assert any("evil.invalid" in one for one in seen)
