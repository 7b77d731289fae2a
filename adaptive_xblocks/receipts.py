"""Receipts: what the browser keeps of an answer until it is known to be stored for good (decision 0002).

A receipt is one piece of evidence with what was stated of it, signed for one learner and one block: nobody can make
one, change one or use another's. What is not a receipt of ours is not read.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.core import signing

from adaptive_xblocks.evidence import digest32, digest_key
from adaptive_xblocks.evidence_details import Details
from adaptive_xblocks.evidence_log import EvidenceLog

SALT = "adaptive_xblocks.receipt"
#: Receipts in one request, and characters in one of them: more is not ours.
MOST_RECEIPTS = 50
MOST_CHARACTERS = 4000


def issue(scope_ids: Any, submission: str, log: EvidenceLog) -> str:
    """The receipt of a submission in a block's log; "" if the log does not know it.

    A receipt can be read by whoever holds it: it does not tell the seed, from which the order of options follows.
    """
    known = digest32(submission)
    piece = next(iter(log.pieces.with_submission(known)), None)
    if piece is None:
        return ""
    skills, detail = set(piece.kind.skills), Details.of(log.details).newest(known)
    details = {known: detail._replace(seed=0)} if detail else {}  # none if the piece came back from the record
    one = EvidenceLog(
        log.epoch, (piece,), details,
        frozenset(fact for fact in log.declarations if fact.time == piece.time),
        {skill: basis for skill, basis in log.basis.items() if skill in skills})
    return signing.dumps([signer(scope_ids), submission, one.to_json()], salt=SALT, compress=True)


def read(scope_ids: Any, offered: Any) -> Iterator[tuple[str, EvidenceLog]]:
    """The submissions in what a client offers as receipts, each with its piece as a log."""
    for token in offered[:MOST_RECEIPTS] if isinstance(offered, list) else ():
        if isinstance(token, str) and len(token) <= MOST_CHARACTERS:
            yield from _read_one(scope_ids, token)


def _read_one(scope_ids: Any, token: str) -> Iterator[tuple[str, EvidenceLog]]:
    try:
        who, submission, stored = signing.loads(token, salt=SALT)
    except (signing.BadSignature, ValueError, TypeError):
        return
    received = EvidenceLog.from_json(stored)
    is_ours = who == signer(scope_ids) and isinstance(submission, str)
    if not is_ours or received is None or received.is_damaged or len(received.pieces) != 1:
        return
    if received.pieces[0].block == digest_key(str(scope_ids.usage_id)):
        yield submission, received


def signer(scope_ids: Any) -> str:
    """Whom a receipt is for: a digest of the learner and the block."""
    return digest_key(f"{scope_ids.user_id}:{scope_ids.usage_id}")
