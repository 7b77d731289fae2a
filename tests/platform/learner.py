"""A learner's browser in front of a problem set: answers, and keeps receipts as the page's script does."""

from __future__ import annotations

import itertools
from typing import Any

from adaptive_xblocks.demo.player import right_responses
from adaptive_xblocks.evidence import digest32, digest_key
from adaptive_xblocks.evidence_log import EvidenceLog
from adaptive_xblocks.learner_record import LearnerRecord
from adaptive_xblocks.learner_session import RECORD
from adaptive_xblocks.tutoring.model import Step
from adaptive_xblocks.tutoring.parser import load
from adaptive_xblocks.tutoring.practice import Practice
from adaptive_xblocks.tutoring.variants import Variant, make_variant
from tests.platform.lms import Lms, Page, Reply
from tests.platform.modulestore import BlockRuntime

_numbers = itertools.count(1)


class Learner:
    """One tab of one learner. Knows the right answers from what is stored."""

    def __init__(self, lms: Lms, user: Any, usage: Any, **how: Any) -> None:
        self.lms, self.user, self.usage, self.how = lms, user, usage, how
        self.receipts: list[str] = []

    def open(self) -> Page:
        """Look at the page, which serves the first item."""
        return self.lms.render(self.user, self.usage, **self.how)

    def send(self, handler: str, **body: Any) -> Reply:
        """Send a request with all receipts; take those of the reply."""
        reply = self.lms.handle(self.user, self.usage, handler, {**body, "receipts": self.receipts}, **self.how)
        if reply.status == 200:
            self.receipts += [one["token"] for one in reply.json["receipts"]]
        return reply

    def request(self, is_right: bool = True) -> dict[str, Any]:
        """The body of an answer to the step in hand, of the next item where this one is done."""
        if self.practice.done:
            self.go_on()
        practice, variant, step = self.practice, self.variant, self.step
        right = right_responses(variant, step)
        return {
            "submission": f"submission-{next(_numbers)}", "serving": practice.serving, "step": step.id,
            "responses": right if is_right else dict.fromkeys(right, "99999"), "seconds": 5,
        }

    def answer(self, is_right: bool = True) -> Reply:
        """Answer the step in hand."""
        return self.send("answer", **self.request(is_right))

    def go_on(self) -> Reply:
        """Ask for the next item."""
        return self.send("next", serving=self.practice.serving)

    def work(self, n: int) -> None:
        """Answer n steps rightly."""
        for _number in range(n):
            reply = self.answer()
            assert reply.status == 200, reply.text

    @property
    def practice(self) -> Practice:
        """Where the learner is."""
        return Practice.from_json((self.lms.state(self.user, self.usage) or {}).get("practice"))

    @property
    def log(self) -> EvidenceLog:
        """The evidence in the block's own state."""
        return EvidenceLog.from_json((self.lms.state(self.user, self.usage) or {}).get("evidence_log")) or EvidenceLog()

    @property
    def variant(self) -> Variant:
        """The item in hand with its numbers."""
        practice, document = self.practice, load(BlockRuntime(self.lms.course).get_block(self.usage).content)
        return make_variant(document.items[practice.item], practice.seed)

    @property
    def step(self) -> Step | None:
        """The step in hand."""
        return self.practice.open_step(self.variant.item)

    @property
    def known(self) -> set[tuple[str, int]]:
        """Which block has told the shared record of this course which answer, as it is stored."""
        record = LearnerRecord.from_json(self.lms.info(self.user).get(RECORD))
        pieces = record.course(digest_key(str(self.usage.context_key))).pieces
        return {(piece.block, piece.submission) for piece in pieces}

    def told(self, *requests: dict[str, Any]) -> set[tuple[str, int]]:
        """What the record should hold of these answers in this block."""
        return {(digest_key(str(self.usage)), digest32(request["submission"])) for request in requests}
