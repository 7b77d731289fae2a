"""Hands that work the page: by mouse, or by keyboard alone. Both wait until the server's reply is on the page."""

from __future__ import annotations

import time
from collections.abc import Mapping

from playwright.sync_api import Locator, Page

from tests.browser.scripted_learners import HINT, SKIP, Act

IS_CALM = "() => !document.querySelector('[data-ax-part][aria-busy]')"
#: Where the focus is as seen from the target: 0 there (or in the same group of radio buttons), 1 before it, -1 after.
DIRECTION = """target => {
  const at = document.activeElement;
  if (at === target || (target.type === "radio" && at.type === "radio" && at.name === target.name)) return 0;
  return at.compareDocumentPosition(target) & Node.DOCUMENT_POSITION_PRECEDING ? -1 : 1;
}"""
MOST_TABS = 60
#: Keys that move a line, and what they do where a page runs from right to left.
KEYS = {"up": "ArrowUp", "down": "ArrowDown", "in": "ArrowRight", "back": "ArrowLeft"}
MIRRORED = {"in": "back", "back": "in"}
#: Headless Chromium shows all tabs at once: whether anybody looks at one has to be told to it.
LOOK = """isHidden => {
  Object.defineProperty(document, "hidden", { configurable: true, get: () => isHidden });
  document.dispatchEvent(new Event("visibilitychange"));
}"""


def look_away(page: Page) -> None:
    """Go to another tab or program, or close the laptop."""
    page.evaluate(LOOK, True)


def look_at(page: Page) -> None:
    """Come back to the tab."""
    page.evaluate(LOOK, False)


class Hands:
    """What a learner can do on the page; `click`, `fill`, `choose` and `submit` say by which device."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.replies: list[float] = []  # seconds from press to reply on the page

    def do(self, act: Act) -> None:
        """Carry out what a mind decided on."""
        if act.kind == HINT:
            self.hint()
        elif act.kind == SKIP:
            self.click(self.page.locator('[data-opens$="-reasons"]'))
            self.press(self.page.locator(f'[data-reason="{act.reason}"]'))
        else:
            self.answer(act.responses)

    def answer(self, responses: Mapping[str, str]) -> None:
        """Type or choose a response for each input of the open step and check it."""
        self.type_in(responses)
        self.awaiting(self.submit)

    def type_in(self, responses: Mapping[str, str]) -> None:
        """Type or choose a response for each input of the open step."""
        for input_id, response in responses.items():
            field = self.page.locator(f'[data-ax-form] [data-ax-input="{input_id}"]')
            answers = {"choice": self.choose_one, "choices": self.choose_all, "match": self.pair, "order": self.arrange}
            answers.get(field.get_attribute("data-type"), self.fill)(field, response)

    def choose_one(self, field: Locator, response: str) -> None:
        """Choose an option by its handle."""
        self.choose(field.locator(f'input[value="{response}"]'))

    def choose_all(self, field: Locator, response: str) -> None:
        """Choose just the options that the response names: `1 3`."""
        for box in field.locator("input").all():
            if box.is_checked() != (box.input_value() in response.split()):
                self.toggle(box)

    def pair(self, field: Locator, response: str) -> None:
        """Choose a right side for each left side: `1=2 2=1`."""
        for left, right in (token.split("=") for token in response.split()):
            self.pick(field.locator(f'select[data-part="{left}"]'), right)

    def arrange(self, field: Locator, response: str) -> None:
        """Move lines until they stand, and are indented, as the response says: `3 1:1`."""
        wanted = [token.partition(":")[::2] for token in response.split()]
        for part in lines_in(field, "[data-lines]"):
            if part not in dict(wanted):
                self.shift(line_of(field, part), "leave")
        for part in lines_in(field, "[data-out]"):
            if part in dict(wanted):
                self.shift(line_of(field, part), "use")
        for at, (part, level) in enumerate(wanted):
            line = line_of(field, part)
            while (now := lines_in(field, "[data-lines]").index(part)) != at:
                self.shift(line, "up" if now > at else "down")
            while (now := int(line.get_attribute("data-level"))) != int(level or now):
                self.shift(line, "back" if now > int(level) else "in")
        if not field.locator("input").input_value():  # they stood so from the first: an untouched list is not sent
            self.shift(line, "up")
            self.shift(line, "down")

    def hint(self) -> None:
        """Take the next hint; say yes where the page asks whether the answer shall be shown."""
        button = self.page.locator(".ax-hint-button")
        if button.get_attribute("data-ax-act") == "hint":
            self.press(button)
        else:
            self.click(button)
            self.press(self.page.locator("[data-confirm]"))

    def next(self) -> None:
        """Go on to the next problem."""
        self.press(self.page.locator('[data-ax-act="next"]').first)

    def press(self, button: Locator) -> None:
        """Press a button that asks the server."""
        self.awaiting(lambda: self.click(button))

    def awaiting(self, deed) -> None:
        """Do it and wait until the page is calm again."""
        begun = time.monotonic()
        with self.page.expect_response(lambda response: "/handler/" in response.url):
            deed()
        self.page.wait_for_function(IS_CALM)
        self.replies.append(time.monotonic() - begun)

    def click(self, target: Locator) -> None:
        """Press a button."""
        raise NotImplementedError

    def fill(self, field: Locator, text: str) -> None:
        """Replace what is in a field."""
        raise NotImplementedError

    def choose(self, radio: Locator) -> None:
        """Choose a radio button."""
        raise NotImplementedError

    def toggle(self, box: Locator) -> None:
        """Check or uncheck a box."""
        raise NotImplementedError

    def pick(self, select: Locator, value: str) -> None:
        """Choose an option of a list that opens."""
        raise NotImplementedError

    def shift(self, line: Locator, move: str) -> None:
        """Move a line one step: up, down, in, back, leave, use."""
        raise NotImplementedError

    def submit(self) -> None:
        """Check the answer."""
        raise NotImplementedError


def lines_in(field: Locator, where: str) -> list[str]:
    """The handles of the lines in one of a field's lists, in order."""
    return [line.get_attribute("data-part") for line in field.locator(f"{where} > li").all()]


def line_of(field: Locator, part: str) -> Locator:
    """A line by its handle."""
    return field.locator(f'li[data-part="{part}"]')


class Mouse(Hands):
    """Points and clicks; Playwright refuses to click what is covered or does not stand still."""

    def click(self, target: Locator) -> None:
        """See Hands."""
        target.click()

    def fill(self, field: Locator, text: str) -> None:
        """See Hands."""
        field.click()
        field.fill(text)

    def choose(self, radio: Locator) -> None:
        """See Hands."""
        radio.locator("xpath=ancestor::label").click()

    def toggle(self, box: Locator) -> None:
        """See Hands."""
        self.choose(box)

    def pick(self, select: Locator, value: str) -> None:
        """See Hands; the list that opens is the system's own, which no test can point at."""
        self.click(select)
        self.page.keyboard.press("Escape")
        select.select_option(value)

    def shift(self, line: Locator, move: str) -> None:
        """See Hands."""
        self.click(line.locator(".ax-pick"))
        self.click(line.locator(f'[data-move="{move}"]'))

    def submit(self) -> None:
        """See Hands."""
        self.click(self.page.locator('[data-ax-form] [type="submit"]'))


class Finger(Mouse):
    """Taps on a touch screen."""

    def click(self, target: Locator) -> None:
        """See Hands."""
        target.tap()

    def fill(self, field: Locator, text: str) -> None:
        """See Hands."""
        field.tap()
        field.fill(text)

    def choose(self, radio: Locator) -> None:
        """See Hands."""
        radio.locator("xpath=ancestor::label").tap()


class Keyboard(Hands):
    """Tab, arrows, Enter and letters; `tabs` holds how many Tabs each way took."""

    def __init__(self, page: Page) -> None:
        super().__init__(page)
        self.tabs: list[int] = []

    def click(self, target: Locator) -> None:
        """See Hands."""
        self.go(target)
        self.page.keyboard.press("Enter")

    def fill(self, field: Locator, text: str) -> None:
        """See Hands."""
        self.go(field)
        self.page.keyboard.press("Control+A")
        self.page.keyboard.type(text)

    def choose(self, radio: Locator) -> None:
        """See Hands."""
        self.go(radio)
        self.page.keyboard.press("Space")
        for _number in range(MOST_TABS):
            if radio.is_checked():
                return
            self.page.keyboard.press("ArrowDown")
        raise AssertionError("the arrow keys do not reach the option")

    def toggle(self, box: Locator) -> None:
        """See Hands."""
        self.go(box)
        self.page.keyboard.press("Space")

    def pick(self, select: Locator, value: str) -> None:
        """See Hands."""
        self.go(select)
        self.page.keyboard.press("Home")
        for _number in range(MOST_TABS):
            if select.input_value() == value:
                return
            self.page.keyboard.press("ArrowDown")
        raise AssertionError("the arrow keys do not reach the option")

    def shift(self, line: Locator, move: str) -> None:
        """See Hands; by the arrow keys where they do it, else by the button."""
        if move in KEYS:
            self.go(line.locator(".ax-pick"))
            is_mirrored = line.evaluate("line => getComputedStyle(line).direction === 'rtl'")
            self.page.keyboard.press(KEYS[MIRRORED.get(move, move) if is_mirrored else move])
        else:
            self.go(line.locator(".ax-pick"))
            self.click(line.locator(f'[data-move="{move}"]'))

    def submit(self) -> None:
        """See Hands; from a field of several parts the button has to be reached first."""
        if self.page.evaluate("() => !document.activeElement.matches('input')"):
            self.go(self.page.locator('[data-ax-form] [type="submit"]'))
        self.page.keyboard.press("Enter")

    def go(self, target: Locator) -> None:
        """Move the focus to the target with Tab or Shift+Tab only."""
        for number in range(MOST_TABS):
            direction = target.evaluate(DIRECTION)
            if not direction:
                self.tabs.append(number)
                return
            self.page.keyboard.press("Tab" if direction > 0 else "Shift+Tab")
        raise AssertionError(f"{MOST_TABS} Tabs do not reach {target}")
