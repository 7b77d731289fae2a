"""What an instructor's buttons do: "reset attempts" and "delete state". Neither touches any scope but `user_state`."""

from __future__ import annotations

import json
from typing import Any

from tests.platform.models import StudentModule
from tests.platform.modulestore import BlockRuntime, Course
from tests.platform.services import anonymous_id
from tests.platform.visits import Site

_EMPTIED = ("score_history", "correct_map_history", "student_answers_history")


def reset_student_attempts(course: Course, site: Site, user: Any, usage: Any, is_deletion: bool) -> bool:
    """Reset or delete a learner's state of a block, of its children first; False if the block itself has none.

    A block that defines `clear_student_state` is told of a deletion instead of the grade book. It is bound to nobody.
    """
    block = BlockRuntime(course).get_block(usage)
    for child in block.children if block.has_children else ():
        reset_student_attempts(course, site, user, child, is_deletion)
    clear = getattr(block, "clear_student_state", None)
    if is_deletion and callable(clear):
        clear(user_id=anonymous_id(user, course.key), course_id=str(course.key), item_id=str(usage),
              requesting_user_id="anonymous-instructor")
    row = StudentModule.objects.filter(student_id=user.id, course_id=course.key, module_state_key=usage).first()
    if row is None:
        return False
    if not is_deletion:
        _reset(row)
        return True
    row.delete()
    site.published.append((user.id, usage, "edx.grades.problem.state_deleted", {}))
    if not callable(clear) and block.has_score and block.max_score() is not None:
        site.score_signals.append(
            {"user_id": user.id, "usage": usage, "earned": 0, "possible": block.max_score(), "score_deleted": True})
    return True


def _reset(row: StudentModule) -> None:
    """Empty what problems of the platform keep of attempts, in whatever block; all else stays."""
    state = {**json.loads(row.state), "attempts": 0, **{name: [] for name in _EMPTIED}}
    row.state = json.dumps(state)
    row.save()
