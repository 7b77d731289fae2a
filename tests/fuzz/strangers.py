"""Strangers who call every handler of every block with whatever they like, over storage that takes JSON only.

`Site` holds the blocks of one type with several people's state; `Stranger` makes requests from a seed. After each one
the state must still be loadable, and no reply may be a server error or take over a second.
"""

from __future__ import annotations

import json
import random
import string
import time
from collections.abc import Iterator
from typing import Any

from opaque_keys.edx.keys import CourseKey
from webob import Request
from xblock.core import XBlock
from xblock.fields import ScopeIds, UserScope
from xblock.reference.user_service import UserService, XBlockUser
from xblock.runtime import DictKeyValueStore, KvsFieldData, NullI18nService, Runtime

from adaptive_xblocks.tutoring.answer_checks import solution
from adaptive_xblocks.tutoring.policies import BUILT_IN
from adaptive_xblocks.tutoring.practising import SKIP_REASONS
from adaptive_xblocks.tutoring.variants import make_variant
from tests.fuzz.documents import RICH

PACKAGE = "adaptive_xblocks"
PEOPLE = ("ada", "ben", "staff", "anonymous")
METHODS = ("POST",) * 16 + ("GET", "HEAD", "PUT", "DELETE")
#: Handlers that lead on: called more often than the others.
OFTEN = ("answer", "next", "answer")
SLOW = 1.0  # seconds of CPU time, which a busy machine does not stretch
WORDS = ("", "x", "3", "1/2", "é½", "\u202e\u0000", "٣", "<script>", "\\frac{1}{2}", "9" * 400, "a" * 5000, "\ud800",
         "1 2 3", "3:1 1:0 2:8", "1:99", "1=1 2=2", "2=1 1=2 3=3", "1=1 1=2", "1 1", "−3 cm", "１", "\u200f1\u2066 2",
         "x\ty\n", "9^9^9^9", "x^(10^10)", "(" * 200, "√(" * 60, "x^2 + 2xy", "5 m**999999", "kg " * 160, "é" * 500,
         "1 " * 250, "1=" * 250)
SCALARS = (None, True, False, 0, -1, 1, 7, 2**31, 2**64, -(10**40), 0.5, 1e308, float("inf"), float("nan"))


def block_types() -> dict[str, type]:
    """The blocks of the suite by entry point; later ones join by themselves."""
    return {name: one for name, one in XBlock.load_classes() if one.__module__.startswith(PACKAGE)}


def handlers_of(block_class: type) -> list[str]:
    """The names of all handlers."""
    return sorted(name for name in dir(block_class)
                  if getattr(getattr(block_class, name, None), "_is_xblock_handler", False))


class JsonStore(DictKeyValueStore):
    """Holds JSON texts in UTF-8, as a database does: what cannot be one raises."""

    def get(self, key: Any) -> Any:
        """What was stored."""
        return json.loads(super().get(key))

    def set(self, key: Any, value: Any) -> None:
        """Store, as text."""
        super().set(key, json.dumps(value, ensure_ascii=False, allow_nan=False).encode("utf-8").decode())

    def set_many(self, update_dict: Any) -> None:
        """Store one after the other."""
        for key, value in update_dict.items():
            self.set(key, value)


class People(UserService):
    """Says who is there, as on the LMS."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.name = name

    def get_current_user(self) -> XBlockUser:
        """The person."""
        user = XBlockUser(is_current_user=True)
        user.opt_attrs.update({
            "edx-platform.is_authenticated": self.name != "anonymous",
            "edx-platform.user_is_staff": self.name == "staff",
        })
        return user


class SiteRuntime(Runtime):
    """A runtime for one request."""

    def get_block(self, usage_id: Any) -> Any:
        """There are no other blocks."""
        raise NotImplementedError

    def handler_url(self, block: Any, handler_name: str, *args: Any, **kwargs: Any) -> str:
        """Some address."""
        return f"/{handler_name}"

    def local_resource_url(self, block: Any, uri: str) -> str:
        """Some address."""
        return f"/{uri}"

    resource_url = local_resource_url

    def publish(self, block: Any, event_type: str, event_data: Any) -> None:
        """What is published must be JSON."""
        json.dumps(event_data, allow_nan=False).encode("utf-8")


class Site:
    """Blocks of one type, and everybody's state in them: as they come, and where they choose, one of each preset with
    problems of all answer types."""

    def __init__(self, name: str, block_class: type) -> None:
        self.name, self.block_class, self.values = name, block_class, {}
        course = CourseKey.from_string("course-v1:Strange+Site+1")
        documents = [RICH.replace(' choice="true"', f' policy="{policy}"') for policy in BUILT_IN]
        documents = documents if "practice" in block_class.fields else [""]
        self.usages = [course.make_usage_key(name, f"block{number}") for number in range(1 + len(documents))]
        for number, document in enumerate(documents, 1):
            if document:
                block = self.block("staff", number)
                block.content = document
                block.save()

    def block(self, person: str, number: int) -> Any:
        """A block as it is stored now, for one person's request."""
        services = {"user": People(person), "i18n": NullI18nService(), "field-data": KvsFieldData(
            JsonStore(self.values))}
        runtime = SiteRuntime(id_reader=None, id_generator=None, services=services)
        ids = ScopeIds(person, self.name, self.usages[number], self.usages[number])
        return runtime.construct_xblock_from_class(self.block_class, ids)

    def spoil(self, rng: random.Random) -> None:
        """Damage one stored value of a learner, as a bug or a hand in the database would."""
        users = [key for key in self.values if key.scope.user is not UserScope.NONE]
        if users:
            self.values[rng.choice(sorted(users, key=str))] = json.dumps(anything(rng, 2))

    def contents(self) -> list[str]:
        """The documents as they are stored."""
        return [self.block("ada", number).content for number in range(len(self.usages))]


class Stranger:
    """Requests from a seed: plausible ones, plausible ones with a part replaced, and junk."""

    def __init__(self, site: Site, seed: Any) -> None:
        self.site, self.rng = site, random.Random(seed)
        self.handlers = handlers_of(site.block_class)
        self.seen: list[dict[str, Any]] = []
        self.receipts: list[str] = []
        self.slowest = 0.0

    def requests(self, n: int) -> Iterator[str]:
        """Make so many; yield a sentence for each that went wrong."""
        for number in range(n):
            if number % 60 == 0:
                self.site.spoil(self.rng)
            if number % 25 == 0:
                yield from self.look()
            yield from self.send()

    def look(self) -> Iterator[str]:
        """Open the page of somebody: it is there, and can be encoded."""
        person, number = self.rng.choice(PEOPLE), self.rng.randrange(len(self.site.usages))
        block = self.site.block(person, number)
        try:
            html = block.runtime.render(block, "student_view", {}).content
            html.encode("utf-8")
        except Exception as error:
            yield f"the page of {person} raised {error!r}"
            return
        if 'data-ax-root' not in html:
            yield f"the page of {person} cannot be shown: {html[:200]}"

    def send(self) -> Iterator[str]:
        """One request."""
        rng = self.rng
        person, number = rng.choice(PEOPLE[:3] * 3 + PEOPLE), rng.randrange(len(self.site.usages))
        handler = rng.choice(self.handlers + [name for name in OFTEN if name in self.handlers])
        if person == "staff" and handler == "save_source":
            person = "ada"  # staff may change the document; strangers try to
        method, body = rng.choice(METHODS), self.body(person, number)
        begun = time.process_time()
        block = self.site.block(person, number)
        what = f"{method} {handler} by {person} with {body[:300]!r}"
        try:
            response = block.runtime.handle(block, handler, Request.blank(
                "/", method=method, body=body, content_type="application/json"))
        except Exception as error:
            yield f"{what} raised {error!r}"
            return
        taken = time.process_time() - begun
        self.slowest = max(self.slowest, taken)
        if response.status_int >= 500:
            yield f"{what} was answered with {response.status_int}: {response.text[:200]}"
        if taken > SLOW:
            yield f"{what} took {taken:.1f} s"
        self.learn(response)

    def learn(self, response: Any) -> None:
        """Keep what a reply tells, to use it elsewhere."""
        if response.status_int == 200 and response.content_type == "application/json" and response.body:
            reply = json.loads(response.body)
            self.receipts = (self.receipts + [one["token"] for one in reply.get("receipts", [])])[-30:]
        elif response.status_int == 200:
            json.loads(response.body or b"{}")

    def body(self, person: str, number: int) -> bytes:
        """What a request sends."""
        rng, kind = self.rng, self.rng.randrange(10)
        if kind == 0:
            return bytes(rng.randrange(256) for _byte in range(rng.randrange(60)))
        if kind == 1:
            return json.dumps(anything(rng, 4)).encode()
        data = self.plausible(person, number)
        if kind < 6:
            for _part in range(rng.randrange(1, 3)):
                data[rng.choice([*data, "more"])] = anything(rng, 3)
        if self.seen and kind == 6:
            data = {**rng.choice(self.seen), rng.choice(["responses", "step", "serving"]): anything(rng, 1)}
        self.seen = [*self.seen[-20:], data]
        return json.dumps(data).encode()

    def plausible(self, person: str, number: int) -> dict[str, Any]:
        """What the page itself could send now."""
        rng, block = self.rng, self.site.block(person, number)
        practice = block.practice
        item = block.document.items.get(practice.item)
        steps = item.steps if item else ()
        step = practice.open_step(item) if item and rng.random() < 0.7 else rng.choice(steps) if steps else None
        responses = {one.id: rng.choice(WORDS) for one in step.inputs} if step else {"answer": "1"}
        if step and rng.random() < 0.5:  # half of them know the answer, so that they come far
            responses = solution(make_variant(item, practice.seed), step)
        known = tuple(map(str, practice.choice.get("runners_up", ()))) if practice.item else ()
        shown = practice.step(step.id).shown if step else ()
        submission = "".join(rng.choices(string.hexdigits, k=32)) if rng.random() < 0.8 else "one-and-the-same"
        return {
            "submission": submission, "serving": practice.serving, "step": step.id if step else "s1",
            "responses": responses, "seconds": rng.choice((1, 40, -5, 1e9)),
            "confirm": rng.random() < 0.3, "reason": rng.choice(SKIP_REASONS), "scope": "course",
            **({"item": rng.choice(known)} if known and rng.random() < 0.3 else {}),
            "help": rng.choice(shown or ("h1",)), "helpful": rng.random() < 0.5,
            **({"end": practice.end} if rng.random() < 0.3 else {}),
            "receipts": [self.tampered(one) for one in rng.sample(self.receipts, min(3, len(self.receipts)))],
        }

    def tampered(self, token: str) -> str:
        """A receipt, somebody's, one time in three altered."""
        at = self.rng.randrange(len(token))
        return token[:at] + self.rng.choice("aZ:.") + token[at + 1:] if self.rng.random() < 0.3 else token


def anything(rng: random.Random, depth: int) -> Any:
    """A random JSON value."""
    kind = rng.randrange(4 if depth else 2)
    if kind == 0:
        return rng.choice(SCALARS)
    if kind == 1:
        return rng.choice(WORDS)
    if kind == 2:
        return [anything(rng, depth - 1) for _one in range(rng.randrange(4))]
    keys = ("schema", "epoch", "pieces", "item", "steps", "serving", "answer", "courses", "receipts", "served", "x")
    return {rng.choice(keys): anything(rng, depth - 1) for _one in range(rng.randrange(4))}
