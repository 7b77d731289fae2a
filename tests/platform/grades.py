"""What the LMS does with a published grade: it goes into the learner's row of the block, at once."""

from __future__ import annotations

from contextlib import nullcontext
from typing import Any

from django.db import IntegrityError, transaction

from tests.platform import databases
from tests.platform.models import StudentModule
from tests.platform.points import named


def publish_score(user: Any, usage: Any, earned: float, possible: float, only_if_higher: bool) -> bool:
    """Store a score, with `only_if_higher` unless it is lower than the one stored; was it?

    TypeError with `only_if_higher` where the row exists and holds no grade: a block that saved its state before its
    first grade meets this on every LMS.
    """
    with named("grade"):
        if only_if_higher:
            row = StudentModule.objects.filter(
                student_id=user.id, module_state_key=usage, course_id=usage.context_key).first()
            if row and _share(earned, possible) < _share(row.grade, row.max_grade):
                return False
        set_score(user.id, usage, earned, possible)
        return True


def set_score(user_id: int, usage: Any, score: float, max_score: float) -> None:
    """Write a score and, with it, the whole row as it was read here: what others save of its state in between is
    overwritten."""
    key = {"student_id": user_id, "module_state_key": usage, "course_id": usage.context_key}
    values = {"grade": score, "max_grade": max_score}
    try:
        with _transaction():
            row, is_new = StudentModule.objects.get_or_create(
                **key, defaults={**values, "module_type": usage.block_type})
    except IntegrityError:
        row, is_new = StudentModule.objects.get(**key), False
    if not is_new:
        row.grade, row.max_grade = score, max_score
        row.save()


def _transaction() -> Any:
    """SQLite cannot write in a transaction that has read once another has written; MariaDB can, so there it is one."""
    return nullcontext() if databases.connection().vendor == "sqlite" else transaction.atomic()


def _share(earned: float | None, possible: float | None) -> float:
    return float(earned) / float(possible)
