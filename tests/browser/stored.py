"""What the server has stored of a learner, held against what the learner's browsers were told.

A browser keeps the receipt of each answer that was acknowledged to it for two minutes, so that within a test they are
all there to be compared.
"""

from __future__ import annotations

import sqlite3
from pathlib import Path

from playwright.sync_api import Page

from adaptive_xblocks.evidence import digest32
from tests.browser.answer_keys import AnswerKeys

RECEIPTS = """() => Object.keys(localStorage).filter((key) => key.startsWith("adaptive-xblocks:"))
  .flatMap((key) => JSON.parse(localStorage.getItem(key)))"""
ROWS = "SELECT id, state FROM workbench_xblockstate WHERE user_id = ?"


def receipts(page: Page) -> list[dict]:
    """The receipts that a browser holds, of all blocks."""
    return page.evaluate(RECEIPTS)


def check_counted_once(keys: AnswerKeys, learner: str, *pages: Page) -> int:
    """Every answer acknowledged to one of the pages is evidence, and the record counts each step once, also where two
    tabs answered it at the same time. Gives the number of steps."""
    pieces = keys.evidence(learner)
    acknowledged = [digest32(receipt["id"]) for page in pages for receipt in receipts(page)]
    assert set(acknowledged) <= {piece.submission for piece in pieces}, "an acknowledged answer is missing"
    assert len({piece.submission for piece in pieces}) == len(pieces), "an answer is there twice"
    steps = {(piece.serving, piece.step): piece.kind.skills for piece in pieces}
    counted = sum(state.opportunities for state in keys.states(learner).values()) if pieces else 0
    assert counted == sum(map(len, steps.values())), "a step was counted twice, or not at all"
    return len(steps)


def rows(database: Path, learner: str) -> list[tuple[int, str]]:
    """All that is stored of a learner now, to be put back later."""
    connection = sqlite3.connect(database, timeout=20)
    try:
        return connection.execute(ROWS, (learner,)).fetchall()
    finally:
        connection.close()


def put_back(database: Path, stored: list[tuple[int, str]]) -> None:
    """Overwrite a learner's rows with what they held before, as a slow request does that had read them then."""
    connection = sqlite3.connect(database, timeout=20)
    with connection:
        connection.executemany("UPDATE workbench_xblockstate SET state = ? WHERE id = ?",
                               [(state, key) for key, state in stored])
    connection.close()
