"""From a seed to a plan: who is there, what happens in which order, how bad the weather is.

A plan is data: `replace(plan, actions=...)` plays a part of it (that is how a failure is shortened).
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import Any, NamedTuple

SECOND = 1000
MINUTE = 60 * SECOND

#: What happens, and how often.
_KINDS = {
    "ask": 60, "view": 6, "duplicate": 4, "lose": 4, "wait": 9, "kill": 5, "refuse": 4, "delete": 3, "attempts": 1,
    "edit": 2, "reset": 2, "special": 4, "clock": 2, "clear": 1, "visit": 2,
}
#: What a learner wants to do; `work` is what the page suggests: answer rightly, go on.
_WISHES = {
    "work": 60, "right": 10, "wrong": 8, "unread": 3, "hint": 9, "next": 6, "skip": 3, "restart": 2, "state": 5,
    "rate": 9, "choose": 9,
}
SPECIAL = ("masquerade", "masquerade-answer", "preview", "preview-answer", "crawler", "crawler-answer", "anonymous",
           "anonymous-answer")


class Action(NamedTuple):
    """One thing that happens; `luck` decides the rest where it is carried out."""

    kind: str
    learner: int = 0
    place: int = 0
    device: int = 0
    tab: int = 0
    wish: str = "work"
    luck: float = 0.0


@dataclass(frozen=True)
class Plan:
    """Everything about a run that is decided before it begins.

    `eagerness` is the chance that a request in flight goes on instead of something new beginning; `skews` are how far
    the servers' clocks are off, in ms; `trusts_lock`: clients throw receipts away, the lock alone must do.
    """

    seed: int
    weather: str
    n_learners: int
    n_sets: int
    n_devices: int
    concurrency: int
    eagerness: float
    lossiness: float
    has_lock: bool
    has_kills: bool
    trusts_lock: bool
    skews: tuple[int, ...]
    actions: tuple[Action, ...]

    @property
    def title(self) -> str:
        """The plan in a line."""
        words = [self.weather, f"{self.n_learners} learners", f"{self.n_sets} + 1 sets", f"{self.n_devices} devices",
                 f"{self.concurrency} at once", "lock" if self.has_lock else "no lock"]
        words += ["kills"] * self.has_kills + ["receipts thrown away"] * self.trusts_lock
        return ", ".join(words)


class Weather(NamedTuple):
    """What kind of day it is: how often things happen (beside `ask`), in which sets (9: the one of the other course),
    what is fixed in the plan, and what learners want."""

    kinds: dict[str, int] = _KINDS
    places: tuple[int, ...] = (0, 0, 0, 1, 1, 2, 9)
    fixed: dict[str, Any] = {}
    wishes: dict[str, int] = _WISHES


_ALONE = {"n_learners": 1, "n_devices": 2, "concurrency": 4, "eagerness": 0.9, "lossiness": 0.0}
_UNLOCKED = {**_ALONE, "has_lock": False}
_LOCKED = {**_ALONE, "has_lock": True, "has_kills": False, "trusts_lock": True}
WEATHERS = {
    "mixed": Weather(),
    "crowd": Weather({"ask": 60, "visit": 12, "wait": 9, "view": 3}, (0, 0, 0, 0, 1), _UNLOCKED),
    "deletions": Weather({"ask": 60, "visit": 9, "delete": 8, "kill": 6, "wait": 4}, (0, 0, 0, 0, 1),
                         {**_UNLOCKED, "has_kills": True}),
    "resets": Weather({"ask": 60, "visit": 9, "reset": 6, "wait": 6, "kill": 2}, (0, 0, 1), _UNLOCKED),
    "refusals": Weather({"ask": 60, "view": 9, "refuse": 40, "wait": 4}, (0, 1, 2, 9), _UNLOCKED),
    "deaths": Weather({"ask": 60, "kill": 20, "view": 4, "lose": 4}, (0, 1, 2, 9), {**_UNLOCKED, "has_kills": True}),
    "presets": Weather({"ask": 60, "visit": 6, "wait": 6, "view": 3, "duplicate": 3, "kill": 2}, (1, 1, 1, 2, 2, 0),
                       {**_UNLOCKED, "n_sets": 3}, {**_WISHES, "choose": 25}),
    "ratings": Weather({"ask": 60, "duplicate": 20, "visit": 4, "wait": 4}, (0, 0, 1, 2), _LOCKED,
                       {**_WISHES, "hint": 30, "rate": 60}),
    "lock": Weather({"ask": 60, "visit": 9, "wait": 9, "view": 3, "duplicate": 6}, (0, 0, 1, 1, 2), _LOCKED),
}


def make_plan(seed: int, name: str = "", n_actions: int = 60) -> Plan:
    """The plan of a seed; in the weather of that name, else `mixed` for even seeds and the others in turn."""
    rng = random.Random(f"plan {seed}")
    others = [one for one in WEATHERS if one != "mixed"]
    name = name or (others[seed // 2 % len(others)] if seed % 2 else "mixed")
    weather = WEATHERS[name]
    has_lock, has_kills = rng.random() < 0.5, rng.random() < 0.5
    values = {
        "n_learners": rng.choice((1, 1, 1, 2)), "n_sets": rng.randint(2, 3), "n_devices": rng.choice((1, 2, 2)),
        "concurrency": rng.choice((1, 2, 2, 3, 4)), "eagerness": rng.choice((0.6, 0.8, 0.9, 0.95)),
        "lossiness": rng.choice((0.0, 0.1, 0.3)), "has_lock": has_lock, "has_kills": has_kills,
        "trusts_lock": has_lock and not has_kills and rng.random() < 0.6,
        "skews": tuple(rng.randint(-10, 10) * MINUTE for _server in range(3)) if rng.random() < 0.6 else (0,),
        **weather.fixed,
    }
    values["trusts_lock"] = values["trusts_lock"] and values["has_lock"] and not values["has_kills"]
    absent = {"kill"} if not values["has_kills"] else set()
    if weather.kinds is _KINDS and rng.random() < 0.4:
        absent |= {"delete", "reset"}
    kinds = {kind: often for kind, often in weather.kinds.items() if kind not in absent}
    actions = [_action(kind, values, weather, rng)
               for kind in rng.choices(list(kinds), list(kinds.values()), k=n_actions)]
    for share in (0.35, 0.7):
        if rng.random() < 0.6:
            kind = rng.choice(("quiet", "quiet", "upgrade", "damage"))
            actions.insert(int(n_actions * share), _action(kind, values, weather, rng))
    return Plan(seed=seed, weather=name, actions=tuple(actions), **values)


def _action(kind: str, values: dict[str, Any], weather: Weather, rng: random.Random) -> Action:
    return Action(
        kind, rng.randrange(values["n_learners"]), min(rng.choice(weather.places), values["n_sets"]),
        rng.randrange(values["n_devices"]), rng.choice((0, 0, 0, 1)),
        rng.choices(list(weather.wishes), list(weather.wishes.values()))[0], rng.random())
