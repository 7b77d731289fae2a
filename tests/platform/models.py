"""The tables in which the LMS keeps learners' fields, with its columns, names and unique keys."""

from django.contrib.auth.models import User
from django.db import models
from opaque_keys.edx.django.models import BlockTypeKeyField, LearningContextKeyField, UsageKeyField


class StudentModule(models.Model):
    """All `user_state` of one learner in one block, as one JSON object, and the grade beside it."""

    module_type = models.CharField(max_length=32, db_index=True)
    module_state_key = UsageKeyField(max_length=255, db_column="module_id")
    student = models.ForeignKey(User, db_constraint=False, on_delete=models.CASCADE)
    course_id = LearningContextKeyField(max_length=255, db_index=True)
    state = models.TextField(null=True, blank=True)
    grade = models.FloatField(null=True, blank=True, db_index=True)
    max_grade = models.FloatField(null=True, blank=True)
    done = models.CharField(max_length=8, default="na")
    created = models.DateTimeField(auto_now_add=True, db_index=True)
    modified = models.DateTimeField(auto_now=True, db_index=True)

    class Meta:  # noqa: D106
        db_table = "courseware_studentmodule"
        unique_together = (("student", "module_state_key", "course_id"),)
        indexes = [models.Index(fields=["module_state_key", "grade", "student"], name="courseware_stats")]


class FieldRow(models.Model):
    """One row for each field of the other scopes."""

    field_name = models.CharField(max_length=64, db_index=True)
    value = models.TextField(default="null")
    created = models.DateTimeField(auto_now_add=True, db_index=True)
    modified = models.DateTimeField(auto_now=True, db_index=True)

    class Meta:  # noqa: D106
        abstract = True


class XModuleUserStateSummaryField(FieldRow):
    """`user_state_summary`: one value for all learners of a block."""

    usage_id = UsageKeyField(max_length=255, db_index=True)

    class Meta:  # noqa: D106
        db_table = "courseware_xmoduleuserstatesummaryfield"
        unique_together = (("usage_id", "field_name"),)


class XModuleStudentPrefsField(FieldRow):
    """`preferences`: one value for a learner in all blocks of a type."""

    module_type = BlockTypeKeyField(max_length=64, db_index=True)
    student = models.ForeignKey(User, on_delete=models.CASCADE)

    class Meta:  # noqa: D106
        db_table = "courseware_xmodulestudentprefsfield"
        unique_together = (("student", "module_type", "field_name"),)


class XModuleStudentInfoField(FieldRow):
    """`user_info`: one value for a learner in all blocks of all courses."""

    student = models.ForeignKey(User, on_delete=models.CASCADE)

    class Meta:  # noqa: D106
        db_table = "courseware_xmodulestudentinfofield"
        unique_together = (("student", "field_name"),)
