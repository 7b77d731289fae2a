"""What an operator calls when a person leaves the site and their data have to go.

PURPOSE: remove what the blocks keep of a learner for all courses at once. It is in rows of the LMS that the platform's
own retirement does not know.
"""

from __future__ import annotations

from xblock.fields import Field, Scope

from adaptive_xblocks.block_support import AdaptiveBlockMixin

#: The fields that the blocks share over all courses, each a row of the learner.
SHARED_FIELDS = tuple(sorted(
    name for name, field in vars(AdaptiveBlockMixin).items()
    if isinstance(field, Field) and field.scope == Scope.user_info
))


def remove_shared_record(user_id: int) -> int:
    """Delete a learner's record in all courses; returns how many rows went. Doing it again does nothing.

    `user_id` is the number of the user, who no longer uses the account: a block that is opened afterwards would tell
    its evidence again. Call it in the LMS, by hand (`manage.py lms shell`) or from a receiver of the platform's signal
    `USER_RETIRE_LMS_MISC`. Raises TypeError for what is no number, and RuntimeError where the LMS's tables are not.

    It does not delete the evidence that each block keeps in its own `user_state` (LMS rows in
    `courseware_studentmodule`, which also hold grades): no name is in it, and the retired account is all that it leads
    to. docs/privacy.md says how to remove those rows too, and what else remains.
    """
    if type(user_id) is not int:
        raise TypeError(f"the user's number is needed, e.g. 1042; got {user_id!r}")
    try:
        from lms.djangoapps.courseware.models import XModuleStudentInfoField
    except (ImportError, RuntimeError) as error:  # RuntimeError: there, but not installed in this process
        raise RuntimeError("the LMS's tables are not here: call this in the LMS (manage.py lms shell)") from error
    rows = XModuleStudentInfoField.objects.filter(student_id=user_id, field_name__in=SHARED_FIELDS)
    n_deleted, _by_model = rows.delete()
    return n_deleted
