"""What the learner record takes: its size, reading, folding and merging, beside the JSON of the same evidence.

Run: python benchmarks/bench_record.py. Medians of interleaved rounds, in milliseconds, and the ratio to `json.loads` of
the same record with every piece written out as a list.
"""

import json
import random
import statistics
import sys
import timeit
from collections.abc import Callable
from pathlib import Path

from adaptive_xblocks.course_record import CourseRecord
from adaptive_xblocks.evidence_pieces import Pieces
from adaptive_xblocks.learner_record import LearnerRecord

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from tests.record.busy import busy_course

ROUNDS, CALLS = 15, 5


def record_of(n_courses: int, n_answers: int) -> LearnerRecord:
    """A learner's record after that much practice, the last course in hand."""
    rng = random.Random(7)
    record = LearnerRecord()
    for number in range(n_courses):
        course = busy_course(rng, n_answers)
        noted = course.noted(course.begin_fold(), course, {})
        record = record.with_course(f"{number:016x}", noted)
    return record


def calls_on(record: LearnerRecord, rng: random.Random) -> dict[str, Callable[[], object]]:
    """What requests do with a stored record, by name."""
    key = list(record.courses)[-1]
    stored = json.dumps(record.to_json())
    course = LearnerRecord.from_json(json.loads(stored)).course(key)
    without_notes = {name: value for name, value in course.to_json().items() if name != "notes"}
    plain = json.dumps([[list(piece) for piece in record.course(one).pieces] for one in record.courses])
    piece = max(course.pieces)._replace(time=course.last_time + 1, submission=rng.getrandbits(32))
    one_more = CourseRecord(used=piece.time, pieces=Pieces([piece]))
    other = busy_course(rng, len(course.pieces))

    def read() -> CourseRecord:
        return LearnerRecord.from_json(json.loads(stored)).course(key)

    return {
        "json.loads, all written out": lambda: json.loads(plain),
        "read, fold noted": lambda: read().fold(),
        "read, fold from the start": lambda: CourseRecord.from_json(without_notes).fold(),
        "merge one answer": lambda: read_merge(read(), one_more),
        "merge all of another tab": lambda: course.merge(other),
        "write": lambda: record.with_course(key, course).to_json(),
    }


def read_merge(course: CourseRecord, more: CourseRecord) -> CourseRecord:
    """A merge into a course that was just read."""
    return course.merge(more)


def main() -> None:
    """Print size and times for ten busy courses, and for one course as large as they are together."""
    for n_courses, n_answers in ((10, 200), (1, 3200)):
        record, rng = record_of(n_courses, n_answers), random.Random(8)
        size = len(json.dumps(record.to_json())) / 1024
        print(f"{n_courses} courses, {n_answers} answers each: {size:.1f} KB")
        calls = calls_on(record, rng)
        times: dict[str, list[float]] = {name: [] for name in calls}
        for _round in range(ROUNDS):
            for name, call in calls.items():
                times[name].append(timeit.timeit(call, number=CALLS) / CALLS * 1e3)
        peer = statistics.median(times["json.loads, all written out"])
        for name, measured in times.items():
            print(f"  {name:30} {statistics.median(measured):7.3f} ms {statistics.median(measured) / peer:6.2f} x")


if __name__ == "__main__":
    main()
