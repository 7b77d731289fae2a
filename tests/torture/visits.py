"""What learners' browsers send, and what becomes of the replies: shown, settled, entered into the ledger."""

from __future__ import annotations

from typing import Any

from tests.torture import oracle
from tests.torture.client import Sent, Tab
from tests.torture.content import Shown
from tests.torture.request import Request
from tests.torture.world import World

PLACED = "edx.adaptive_xblocks.skill.placed"
MASTERED = {"edx.adaptive_xblocks.skill.mastered", PLACED}
_NOT_SHOWN = ("receipts", "seconds")


def ask(world: World, tab: Tab, sent: Sent, is_lost: bool = False) -> Request:
    """Send a tab's request to its handler; with `is_lost` its reply reaches nobody."""
    place = learner, usage = tab.browser.learner, tab.usage
    has_to_remember = _is_stored(world, tab, sent)
    if sent.handler == "answer":
        world.sent.setdefault(place, {})[sent.body["submission"]] = sent

    def replied(request: Request) -> None:
        if world.has_failed(request):
            tab.lose(sent)
            return
        if has_to_remember and not request.is_crossed:
            _check_resend(world, request, sent)
        if is_lost or tab.waiting is not sent:
            tab.lose(sent)
        else:
            _take(world, request, tab, sent)

    asked = " ".join(f"{key}={value}" for key, value in sent.body.items() if key not in _NOT_SHOWN)
    return world.launch(
        f"L{learner} device {tab.browser.number} {usage.block_id} {sent.handler} {asked}, "
        f"{len(sent.body['receipts'])} receipts{', reply will be lost' * is_lost}",
        lambda: world.lms_of(usage).handle(world.users[learner], usage, sent.handler, sent.body), replied, (place,))


def view(world: World, tabs: list[Tab]) -> Request:
    """Load a page with the tabs' blocks on it; a browser that holds receipts offers them at once."""
    learner, usages = tabs[0].browser.learner, [tab.usage for tab in tabs]

    def loaded(request: Request) -> None:
        if world.has_failed(request):
            return
        for tab, part in zip(tabs, request.result.html.split("data-ax-root")[1:], strict=True):
            tab.shown, tab.failed = Shown.read(part), None
            if tab.browser.held(str(tab.usage)) and not tab.waiting:
                ask(world, tab, tab.send("state", {}, world.now))

    return world.launch(
        f"L{learner} views {' '.join(usage.block_id for usage in usages)}",
        lambda: world.lms_of(usages[0]).render(world.users[learner], *usages), loaded,
        tuple((learner, usage) for usage in usages))


def reset(world: World, tab: Tab, everywhere: bool) -> Request:
    """The learner resets the own record from a tab; its page then drops the block's receipts and asks anew."""
    learner, usage = tab.browser.learner, tab.usage
    lost = _known(world, learner, usage, everywhere)
    body = {"scope": "everywhere" if everywhere else "course", "confirm": True}

    def done(request: Request) -> None:
        if world.has_failed(request) and not request.error:
            return
        for place, pieces in lost.items():
            world.forget(place, request)
            if not request.error and not request.is_crossed:
                world.ledger.erase("record reset", place, pieces)
        if not request.error:
            tab.browser.receipts.pop(str(usage), None)
            if not tab.waiting:
                ask(world, tab, tab.send("state", {}, world.now))

    return world.launch(
        f"L{learner} resets the record ({body['scope']}) in {usage.block_id}",
        lambda: world.lms_of(usage).handle(world.users[learner], usage, "record_reset", body), done, tuple(lost),
        is_erasure=True)


def _known(world: World, learner: int, usage: Any, everywhere: bool) -> dict[Any, frozenset]:
    """What a reset in a block knows of, by place: its own evidence, and of all others what the record has."""
    info = world.info(learner)
    return {
        (learner, one): world.log_of((learner, one)).pieces if one == usage else frozenset(
            piece for piece in oracle.Course.read(info, one.course_key).pieces if piece.block == oracle.key_of(one))
        for _lms, one in world.sets if everywhere or one.course_key == usage.course_key
    }


def _is_stored(world: World, tab: Tab, sent: Sent) -> bool:
    """Is this the resend of an answer that the block's state holds, and that no reset has taken away?"""
    place = learner, usage = tab.browser.learner, tab.usage
    if sent.body.get("submission") not in world.sent.get(place, {}):
        return False
    floor = oracle.floor_of(world.info(learner), usage.course_key)
    stored = {piece.submission for piece in world.log_of(place).pieces if piece.time > floor}
    return oracle.number_of(sent.body["submission"]) in stored


def _check_resend(world: World, request: Request, sent: Sent) -> None:
    reply = request.result
    if reply.status == 200 and sent.body["submission"] not in {one["id"] for one in reply.json["receipts"]}:
        world.faults.append(("a resend gets its receipt again", request.label))


def _take(world: World, request: Request, tab: Tab, sent: Sent) -> None:
    """The reply arrived: what it promised and told is entered."""
    reply, place = request.result, (tab.browser.learner, tab.usage)
    dropped = tab.take(sent, reply.json or {}, world.now)
    if reply.status != 200:
        return
    epoch = world.ledger.promise(place, request.begun, reply.json["receipts"], not tab.browser.trusts)
    world.ledger.confirm(place, dropped)
    for _user, _usage, name, data in request.published:
        if name in MASTERED:
            world.ledger.tell(place, request.begun, epoch, data["skill"], name == PLACED)
    body = sent.body
    if sent.handler == "rate" and body.get("help") and not reply.json["announce"].startswith("That problem"):
        world.ledger.rate(place, request.begun, body["serving"], f"{body['step']}/{body['help']}")
