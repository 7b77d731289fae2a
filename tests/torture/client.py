"""A model of the browser's side: tabs, submission ids, resends, and receipts that are held until it is safe.

Tabs of one browser share its receipts (local storage); devices share nothing. A tab knows only the page it was given.
"""

from __future__ import annotations

import json
import random
from dataclasses import dataclass, field, replace
from typing import Any

from tests.torture.content import Shown

#: A receipt is dropped when a reply confirms it to a request that was sent so many ms after the receipt came.
HOLD = 120_000
MOST_RECEIPTS = 50
REASONS = ("too-hard", "too-easy", "not-now", "broken")


@dataclass
class Receipt:
    """What a reply gave out for an answer; `at` is the browser's clock then."""

    token: str
    at: int


@dataclass
class Browser:
    """One device of a learner; `offset` is how far its clock is off, in ms. `trusts` throws receipts away at once."""

    learner: int
    number: int
    offset: int = 0
    trusts: bool = False
    receipts: dict[str, dict[str, Receipt]] = field(default_factory=dict)

    def held(self, usage: str) -> dict[str, Receipt]:
        """The receipts of a block."""
        return self.receipts.setdefault(usage, {})

    def settle(self, usage: str, sent: Sent, reply: dict[str, Any], now: int) -> list[str]:
        """Keep what came, drop what is safe; the ids of what was dropped."""
        held, hold = self.held(usage), HOLD
        for receipt in held.values():  # of before the clock was set back
            receipt.at = min(receipt.at, now + self.offset)
        for one in reply.get("receipts", ()):
            if not self.trusts:
                held.pop(one["id"], None)
                held[one["id"]] = Receipt(one["token"], now + self.offset)
        dropped = [one for one in reply.get("confirmed", ()) if one in held and sent.at - held[one].at >= hold]
        for one in dropped:
            del held[one]
        for one in list(held)[:-MOST_RECEIPTS]:
            del held[one]
        return dropped


@dataclass
class Sent:
    """A request as it left the tab; `at` is the browser's clock then."""

    handler: str
    body: dict[str, Any]
    at: int
    content: str = ""
    page: Shown | None = None


class Tab:
    """One page with one block on it. A tab waits for one request at a time."""

    def __init__(self, browser: Browser, usage: Any, rng: random.Random) -> None:
        self.browser, self.usage, self.rng = browser, usage, rng
        self.shown: Shown | None = None
        self.waiting: Sent | None = None
        self.failed: Sent | None = None
        self._ids: dict[str, str] = {}

    def compose(self, wish: str) -> tuple[str, dict[str, Any]]:
        """The handler and what the learner asks of it: the wish if the page has a button for it, else what is next."""
        shown = self.shown
        can = shown.buttons | ({"right", "wrong", "unread", "work"} if shown.step else {"work"}) | {"state"}
        if wish not in can or wish == "work":
            ways = ("right",) if shown.step else ("next", "restart")
            wish = next((way for way in ways if way in can), "state")
        place = {"serving": shown.serving, "shown": shown.shown}
        if wish in ("right", "wrong", "unread"):
            typed = {"right": shown.right, "wrong": shown.wrong, "unread": "what?"}[wish]
            return "answer", {**place, "step": shown.step, "responses": {"answer": typed}}
        if wish == "hint":
            return "hint", {**place, "step": shown.step, "confirm": "confirm" in shown.buttons}
        if wish == "skip":
            return "skip", {**place, "reason": self.rng.choice(REASONS)}
        if wish == "choose":
            return "next", {**place, "item": self.rng.choice(shown.choices)}
        if wish == "rate":
            return "rate", {**place, **self._rating(shown)}
        return wish, place if wish == "next" else {}

    def _rating(self, shown: Shown) -> dict[str, Any]:
        """What is said of the help on the page, or of its end."""
        piece = shown.rated[-1] if shown.rated else ""
        about = {"step": shown.step, "help": piece} if piece else {"end": shown.end}
        return {**about, "helpful": self.rng.random() < 0.5}

    def send(self, handler: str, asked: dict[str, Any], now: int) -> Sent:
        """The request as it goes out: with its submission id and every receipt that is held."""
        content = json.dumps([handler, asked], sort_keys=True)
        body = {**asked, "receipts": [one.token for one in self.browser.held(str(self.usage)).values()]}
        if handler in ("answer", "hint", "restart"):
            body["submission"] = self._ids.setdefault(content, f"{self.rng.getrandbits(128):032x}")
        if handler == "answer":
            body["seconds"] = 5
        self.waiting = Sent(handler, body, now + self.browser.offset, content, self.shown)
        self.failed = None
        return self.waiting

    def resend(self, now: int) -> Sent:
        """The very same request again, after its reply was lost."""
        self.waiting, self.failed = replace(self.failed, at=now + self.browser.offset), None
        return self.waiting

    def lose(self, sent: Sent) -> None:
        """The reply does not come, or is an error that may pass."""
        if self.waiting is sent:
            self.waiting, self.failed = None, sent

    def take(self, sent: Sent, reply: dict[str, Any], now: int) -> list[str]:
        """A reply came: show it; the ids of the receipts that it let the browser drop."""
        if self.waiting is sent:
            self.waiting = None
        self._ids.pop(sent.content, None)
        if "html" in reply:
            self.shown = Shown.read(reply["html"])
        return self.browser.settle(str(self.usage), sent, reply, now)
