"""Your learning record: on every block learners can see what is known of them, take it with them, and start over.

PURPOSE: the handlers and the page part of it. What a record says is `record_export`; what a reset does is
`LearnerSession.reset`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from webob import Response
from xblock.core import XBlock

from adaptive_xblocks import events, platform_services, record_export
from adaptive_xblocks.handlers import Refused, learner_handler, read_choice
from adaptive_xblocks.learner_session import LearnerSession
from adaptive_xblocks.mastery import SkillState
from adaptive_xblocks.tutoring import progress
from adaptive_xblocks.tutoring.document_settings import threshold

SCOPES = ("course", "everywhere")
FILE_NAME = "learning-record.json"
_EVENT = f"{events.PREFIX}.record.reset"


def _(text: str) -> str:
    return text


_NOT_YOURS = _("A learning record is shown to the learner whose it is, signed in and on their own page.")
_GET_ONLY = _("This address gives out your learning record (GET); it takes nothing.")
_DIPPED = _("Worth another look")
_QUESTIONS = {
    "course": _("Start over in this course?"),
    "everywhere": _("Start over in all your courses on this site?"),
}
_DONE = {
    "course": _("Your learning record in this course starts anew now."),
    "everywhere": _("Your learning record in all your courses starts anew now."),
}


class RecordPanelMixin:
    """The learner's record on a block with `AdaptiveBlockMixin`, `practice` and `prefix`."""

    @property
    def record_panel(self) -> dict[str, str] | None:
        """The context of `record/panel.html`; None for viewers whose record cannot be shown here."""
        if platform_services.viewer(self).unsaved:
            return None
        return {name: self.runtime.handler_url(self, f"record{suffix}")
                for name, suffix in (("view", ""), ("file", "_file"), ("reset", "_reset"))}

    @learner_handler
    def record(self, data: dict) -> dict:  # pylint: disable=unused-argument
        """What is known of the learner in this course, as a page part."""
        self._check_viewer()
        return self._record_reply()

    @XBlock.handler
    def record_file(self, request: Any, suffix: str = "") -> Response:  # pylint: disable=unused-argument
        """Everything that is stored of the learner, as a file of JSON; a GET, so that a plain link gets it."""
        try:
            if request.method not in ("GET", "HEAD"):
                raise Refused(405, _GET_ONLY)
            self._check_viewer()
            reply, status = record_export.export(self._stored, self.now(), self._is_withheld), 200
        except Refused as refusal:
            reply, status = {"error": self.translate(refusal.message)}, refusal.status
        text = json.dumps(reply, ensure_ascii=False, indent=1)
        # What a learner typed may hold half a character; as an escape it is JSON all the same.
        response = Response(text.encode("utf-8", "backslashreplace"), status=status, content_type="application/json",
                            charset="utf-8")
        response.headers.update({"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"})
        if status == 200:
            response.headers["Content-Disposition"] = f'attachment; filename="{FILE_NAME}"'
        elif status == 405:
            response.headers["Allow"] = "GET"
        return response

    @learner_handler
    def record_reset(self, data: dict) -> dict:
        """Begin the learner's record anew, in the course or everywhere: `{scope, confirm}`. Without `confirm` it asks
        first and says what follows."""
        self._check_viewer()
        scope = read_choice(data, "scope", SCOPES, default="")
        if data.get("confirm") is not True:
            question = {"scope": scope, "text": self.translate(_QUESTIONS[scope])}
            return self._record_reply(question=question, focus=f"{self.prefix}-record-ask")
        session = LearnerSession(self, self.document, self.now())
        session.reset(everywhere=scope == "everywhere")
        session.publish(_EVENT, events.payload(_EVENT, scope=scope))
        session.save()
        return self._record_reply(done=self.translate(_DONE[scope]), focus=f"{self.prefix}-record")

    def _check_viewer(self) -> None:
        if platform_services.viewer(self).unsaved:
            raise Refused(403, _NOT_YOURS)

    def _record_reply(self, question: dict | None = None, done: str = "", focus: str = "") -> dict:
        context = {"prefix": self.prefix, "record": self.record_panel, "known": self._known(), "question": question,
                   "done": done, "withheld": self._is_withheld}
        return {"html": self.render_part("record/body.html", context), "focus": focus, "announce": done}

    def _known(self) -> list[dict[str, Any]]:
        """A row a skill for people: those of this block in its order, then the course's others."""
        order = {skill: place for place, skill in enumerate(self.document.skills)}
        rows = record_export.skills(self._stored, self._is_withheld)
        return [
            {"name": row["name"] or row["skill"], "n": row["opportunities"], **self._in_words(row)}
            for row in sorted(rows, key=lambda row: order.get(row["skill"], len(order)))
        ]

    def _in_words(self, row: Mapping[str, Any]) -> dict[str, str]:
        """How a skill stands, in the words of the learner's page."""
        if row["p_known"] is None:
            return {}
        skill = row["skill"]
        state = SkillState(row["p_known"], row["opportunities"], row["successes"], mastered=row["mastered"])
        view = progress.state_view(skill, state, threshold(self.document, skill))
        has_dipped = view.meter < self.practice.meters.get(skill, 0)
        return {"state": view.state, "words": self.translate(_DIPPED if has_dipped else view.words)}

    @property
    def _is_withheld(self) -> bool:
        is_staff = platform_services.viewer(self).is_staff
        return not platform_services.correctness_available(self, is_staff, self.now())

    @property
    def _stored(self) -> record_export.Stored:
        return record_export.Stored(
            course=str(platform_services.course_key(self)),
            block=str(self.scope_ids.usage_id),
            record=self.adaptive_xblocks_record,
            resets=self.adaptive_xblocks_resets,
            log=self.evidence_log,
            practice=self.practice.to_json(),
            names=self.document.skill_names,
        )
