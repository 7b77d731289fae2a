"""A crowd at once: many learners answer in many blocks, on real threads and connections, and nothing may be missing.

    python -m tools.crowd --database mariadb_rc --threads 8 --learners 200 --blocks 20 --answers 20000

Threads do as they please: no order is imposed (tests/torture does that), so that the database's own races happen. Each
learner has one browser, whose tabs share receipts. Exit 1 if an acknowledged answer is missing or counts twice, or if a
request ended in 500.
"""

from __future__ import annotations

import argparse
import json
import logging
import os
import random
import re
import sys
import threading
import time
import uuid
from collections import Counter
from typing import Any

PLACE = re.compile(r'data-serving="(\d+)" data-item="([^"]+)"')
ITEM = '<item id="i{n}"><prompt>Say 7 ({n}).</prompt><step id="s" skills="s{skill}"><numeric answer="7"/></step></item>'


def content(n_items: int = 24, n_skills: int = 4) -> str:
    """A problem set whose every answer is 7."""
    skills = "".join(f'<skill id="s{number}" name="Skill {number}"/>' for number in range(n_skills))
    items = "".join(ITEM.format(n=number, skill=number % n_skills) for number in range(n_items))
    return f'<adaptive_problem_set schema="1">{skills}{items}</adaptive_problem_set>'


class Crowd:
    """The learners' browsers, and what the site told them."""

    def __init__(self, lms: Any, n_learners: int, n_blocks: int, keeps_receipts: bool = True) -> None:
        self.lms, self.keeps_receipts = lms, keeps_receipts
        self.learners = [lms.user(f"learner-{number}") for number in range(n_learners)]
        self.blocks = [
            lms.add("adaptive_problem_set", f"set-{number}", fields={"content": content()})
            for number in range(n_blocks)
        ]
        self.receipts: dict[tuple[int, Any], dict[str, str]] = {}
        self.acknowledged: list[tuple[int, Any, str]] = []
        self.statuses: Counter[int] = Counter()
        self.guard = threading.Lock()

    def send(self, learner: Any, block: Any, handler: str, **body: Any) -> dict[str, Any] | None:
        """One request with the receipts that the learner's browser holds; its JSON if it was answered."""
        place = learner.id, block
        with self.guard:
            held = list(self.receipts.get(place, {}).values())[-50:]
        reply = self.lms.handle(learner, block, handler, {**body, "receipts": held})
        with self.guard:
            self.statuses[reply.status] += 1
            if reply.status == 500 and self.statuses[500] < 4:
                print(reply.text, file=sys.stderr)
            if reply.status != 200:
                return None
            if self.keeps_receipts:
                self.receipts.setdefault(place, {}).update(
                    {one["id"]: one["token"] for one in reply.json["receipts"]})
            if handler == "answer" and body["submission"] in {one["id"] for one in reply.json["receipts"]}:
                self.acknowledged.append((*place, body["submission"]))
        return reply.json

    def practise(self, rng: random.Random, n_answers: int) -> None:
        """Answer until the crowd has been acknowledged so many answers: a few in one block, then somewhere else."""
        while len(self.acknowledged) < n_answers:
            busy = self.learners[:1 + int(rng.random() ** 2 * len(self.learners))]  # some meet themselves more often
            learner, block = rng.choice(busy), rng.choice(self.blocks)
            reply = self.send(learner, block, "state")
            for _turn in range(rng.randrange(2, 9)):
                reply = self.step(rng, learner, block, reply)

    def step(self, rng: random.Random, learner: Any, block: Any, reply: dict[str, Any] | None) -> dict[str, Any] | None:
        """Do the next thing that the page offers."""
        if reply is None:
            return self.send(learner, block, "state")
        if reply["state"]["end"] or reply["state"]["done"]:
            reply = self.send(learner, block, "next", serving=reply["state"]["serving"]) or reply
        found = PLACE.search(reply["html"])
        if not found:
            return None
        return self.send(
            learner, block, "answer", submission=uuid.UUID(int=rng.getrandbits(128)).hex, serving=int(found[1]),
            shown=found[2], step="s", responses={"answer": "7" if rng.random() < 0.6 else "8"}, seconds=3)

    def faults(self) -> list[str]:
        """Visit every block with the receipts that are left; what is then missing, or there twice."""
        from adaptive_xblocks.evidence import digest32, digest_key
        from adaptive_xblocks.evidence_log import EvidenceLog
        from adaptive_xblocks.learner_record import LearnerRecord

        told: dict[tuple[int, Any], list[int]] = {}
        for learner, block, submission in self.acknowledged:
            told.setdefault((learner, block), []).append(digest32(submission))
        by_id = {learner.id: learner for learner in self.learners}
        for (learner, block) in told:
            self.send(by_id[learner], block, "state")
        found = []
        course, stored = digest_key(str(self.lms.course.key)), "adaptive_xblocks_record"
        records = {
            learner: LearnerRecord.from_json(self.lms.info(by_id[learner]).get(stored)).course(course)
            for learner in {learner for learner, _block in told}
        }
        for (learner, block), submissions in told.items():
            log = EvidenceLog.from_json(self.lms.state(by_id[learner], block)["evidence_log"])
            for name, pieces in (("log", log.pieces), ("record", records[learner].of_block(digest_key(str(block))))):
                times = Counter(piece.submission for piece in pieces)
                found += [f"{submission} of learner {learner} in {block} is {times[submission]} times in the {name}"
                          for submission in submissions if times[submission] != 1]
        for learner, record in records.items():
            n_counted = sum(state.opportunities for state in record.fold().values())
            n_served = len({piece.opportunity for piece in record.pieces})
            if n_counted != n_served:
                found.append(f"of {n_served} opportunities of learner {learner} {n_counted} count")
        return found


def run(database: str, n_threads: int, n_learners: int, n_blocks: int, n_answers: int, *, has_lock: bool = True,
        keeps_receipts: bool = True, seed: int = 1) -> tuple[Crowd, list[str]]:
    """Play a crowd on a database; the crowd and what is wrong afterwards."""
    from tests.platform.databases import in_threads, use_database
    from tests.platform.lms import Lms

    logging.disable(logging.CRITICAL)  # lost races are told at length
    with use_database(database):
        crowd = Crowd(Lms(lock=has_lock, settings={"lock": has_lock}), n_learners, n_blocks, keeps_receipts)
        try:
            raised = in_threads(*(
                lambda number=number: crowd.practise(random.Random(f"{seed}:{number}"), n_answers)
                for number in range(n_threads)), within=24 * 3600)
        finally:
            Lms(lock=False)
            logging.disable(logging.NOTSET)
        return crowd, [repr(one) for one in raised if one is not None] + crowd.faults()


def main() -> int:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--database", default="mariadb_rc", choices=("stand_in_sqlite", "mariadb_rc", "mariadb_rr"))
    parser.add_argument("--threads", type=int, default=8)
    parser.add_argument("--learners", type=int, default=200)
    parser.add_argument("--blocks", type=int, default=20)
    parser.add_argument("--answers", type=int, default=20_000)
    parser.add_argument("--no-lock", action="store_true", help="without the per-learner lock")
    parser.add_argument("--seed", type=int, default=1)
    chosen = parser.parse_args()
    started = time.monotonic()
    crowd, faults = run(chosen.database, chosen.threads, chosen.learners, chosen.blocks, chosen.answers,
                        has_lock=not chosen.no_lock, seed=chosen.seed)
    n_server_errors = crowd.statuses[500]
    print(json.dumps({
        "database": chosen.database, "lock": not chosen.no_lock, "acknowledged": len(crowd.acknowledged),
        "requests": sum(crowd.statuses.values()), "statuses": crowd.statuses, "faults": len(faults),
        "seconds": round(time.monotonic() - started, 1),
    }))
    for fault in faults[:20]:
        print(fault)
    return 1 if faults or n_server_errors else 0


if __name__ == "__main__":
    import tests.conftest  # noqa: F401  Django's settings, in a folder of their own

    code = main()
    sys.stdout.flush()
    os._exit(code)
