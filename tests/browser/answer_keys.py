"""What the server knows and the browser does not: which item a learner has in hand, and what answers it.

Read from the demo's database and from the stored content, beside the running server.
"""

import json
import sqlite3
from dataclasses import replace
from pathlib import Path

from adaptive_xblocks.demo.player import right_responses, wrong_responses
from adaptive_xblocks.evidence import Evidence
from adaptive_xblocks.evidence_log import EvidenceLog
from adaptive_xblocks.learner_record import LearnerRecord
from adaptive_xblocks.mastery import SkillState
from adaptive_xblocks.tutoring.history import Choice
from adaptive_xblocks.tutoring.model import Document, Step
from adaptive_xblocks.tutoring.parser import load
from adaptive_xblocks.tutoring.practice import Practice, StepWork
from adaptive_xblocks.tutoring.practising import serve
from adaptive_xblocks.tutoring.variants import Variant, make_variant

STATE_OF_LEARNER = "SELECT state FROM workbench_xblockstate WHERE scope = 'usage' AND user_id = ? AND tag = ?"
ROW_OF_LEARNER = STATE_OF_LEARNER.replace("SELECT state", "SELECT id, state")
RECORD_OF_LEARNER = "SELECT state FROM workbench_xblockstate WHERE scope = 'all' AND user_id = ?"
STORED_CONTENT = "SELECT state FROM workbench_xblockstate WHERE scope = 'definition' AND user_id IS NULL AND tag = ?"


class AnswerKeys:
    """The state of one block type in a workbench database, which may be served by another process."""

    def __init__(self, database: Path, block_type: str = "adaptive_problem_set") -> None:
        self.database, self.block_type = database, block_type

    def practice(self, learner: str) -> Practice:
        """Where a learner is; a new practice for somebody who has not begun."""
        stored = self._states(STATE_OF_LEARNER, learner, self.block_type)
        return Practice.from_json(stored[0].get("practice") if stored else None)

    def evidence(self, learner: str) -> tuple[Evidence, ...]:
        """The evidence that the block keeps of a learner."""
        stored = self._states(STATE_OF_LEARNER, learner, self.block_type)
        log = EvidenceLog.from_json(stored[0].get("evidence_log") if stored else None)
        return log.pieces if log else ()

    def states(self, learner: str) -> dict[str, SkillState]:
        """A learner's mastery as the package folds it from the learner record; from the one course that is there."""
        stored = self._states(RECORD_OF_LEARNER, learner)[0]
        record = LearnerRecord.from_json(stored["adaptive_xblocks_record"])
        (course,) = record.courses
        return record.course(course).fold()

    def document(self) -> Document:
        """The content of the first scenario of the block type."""
        return load(self._states(STORED_CONTENT, self.block_type)[0]["content"])

    def in_hand(self, learner: str) -> tuple[Variant, Step | None]:
        """The item in a learner's hand with its numbers, and the step to be answered (None when all are done)."""
        practice = self.practice(learner)
        item = self.document().items[practice.item]
        return make_variant(item, practice.seed), practice.open_step(item)

    def put_in_hand(self, learner: str, item_id: str, seed: int = 7, all_help: bool = False) -> None:
        """Serve an item to a learner who has opened the page before, past the choice of the policy.

        `all_help`: as if all help on its first step had been asked for.
        """
        item = self.document().items[item_id]
        choice = Choice(item_id, item.skills[0], "largest-gain", {}, (), 1.0)
        practice = serve(self.practice(learner), item, seed, choice, "adaptive")
        if all_help:
            work = StepWork(shown=tuple(piece.id for piece in item.steps[0].help))
            practice = replace(practice, steps={item.steps[0].id: work})
        connection = sqlite3.connect(self.database, timeout=20)
        with connection:
            ((key, state),) = connection.execute(ROW_OF_LEARNER, (learner, self.block_type)).fetchall()
            state = json.dumps({**json.loads(state), "practice": practice.to_json()})
            connection.execute("UPDATE workbench_xblockstate SET state = ? WHERE id = ?", (state, key))
        connection.close()

    def right(self, learner: str) -> dict[str, str]:
        """Right responses, by input id, to the step in a learner's hand."""
        return right_responses(*self.in_hand(learner))

    def wrong(self, learner: str, misconception: str) -> dict[str, str] | None:
        """Responses that show the misconception, None where the step in hand cannot show it."""
        return wrong_responses(*self.in_hand(learner), misconception)

    def _states(self, query: str, *values: str) -> list[dict]:
        connection = sqlite3.connect(f"file:{self.database}?mode=ro", uri=True, timeout=20)
        try:
            return [json.loads(state) for (state,) in connection.execute(query, values)]
        finally:
            connection.close()
