"""The grade of a problem set and how much of it is complete, as the site's grade book gets them."""

from __future__ import annotations

from dataclasses import replace

from adaptive_xblocks.tutoring import progress
from adaptive_xblocks.tutoring.document_settings import min_evidence


class RunGradeMixin:
    """The part of `problem_set_run.Run` that grades."""

    def publish_grade(self) -> None:
        """Publish grade and completion: on every answer, and where an end is found."""
        if not self.session.viewer.unsaved:
            completion, grade = 1.0 if self.practice.is_complete else self._share_mastered(), self.grade()
            self.practice = replace(self.practice, graded=max(grade, self.practice.graded))
            self.session.publish("grade", {"value": grade, "max_value": 1.0, "only_if_higher": True})
            self.session.publish("completion", {"completion": completion})

    def grade(self) -> float:
        """The grade in [0, 1]: by mastery, or by the share of items solved where the author chose that."""
        if self.document.settings.get("grade") == "solved":
            items = self.document.items
            return len([item for item in self.practice.solved if item in items]) / len(items) if items else 0.0
        basis = {skill: (basis.prior, basis.threshold) for skill, basis in self.session.course.basis.items()}
        return progress.grade(self.bank.skills, self.session.states, basis, min_evidence(self.document))

    def _share_mastered(self) -> float:
        skills = self.bank.skills
        states = self.session.states
        return sum(skill in states and states[skill].mastered for skill in skills) / len(skills) if skills else 0.0
