"""Learners who have practised a lot; for tests of size, and for benchmarks/bench_record.py."""

from adaptive_xblocks.course_record import CourseRecord, Epoch
from adaptive_xblocks.evidence import Evidence, Kind
from adaptive_xblocks.evidence_facts import Basis, Declaration


def many(rng, n, block="b1", start=1_700_000_000_000, skills=40):
    """n pieces of evidence as a busy learner leaves them."""
    return [
        Evidence(start + index * 30_000 + rng.randrange(20_000), block, rng.getrandbits(32), index + 1, 0,
                 rng.getrandbits(32), Kind((f"topic.skill-{rng.randrange(skills)}",), (rng.randrange(2), 1),
                                           (rng.randrange(2), 3), rng.choice((0, 4)), rng.choice((-50, 0, 40))))
        for index in range(n)
    ]


def busy_course(rng, n=200):
    """A course of 40 skills in five blocks with n answers: all skills have a basis, thirty were declared."""
    blocks = [f"{rng.getrandbits(64):016x}" for _block in range(5)]
    pieces = [piece._replace(block=rng.choice(blocks)) for piece in many(rng, n)]
    first = {}
    for piece in pieces:
        first.setdefault(piece.kind.skills[0], piece.time)
    return CourseRecord(
        pieces=frozenset(pieces),
        epochs={block: Epoch(1, True) for block in blocks},
        declarations=frozenset(
            Declaration(skill, rng.choice(pieces).time, 0.95, "0f3a77c1", rng.choice(blocks), 1)
            for skill in sorted(first)[:30]),
        basis={skill: Basis(time, 0.3, 0.95) for skill, time in first.items()})
