"""The adaptive problem set: picks each next item by what the learner has mastered, until every skill is."""

from __future__ import annotations

import logging
from contextlib import suppress
from importlib.resources import files
from typing import Any

from web_fragments.fragment import Fragment
from xblock.completable import CompletableXBlockMixin
from xblock.core import XBlock
from xblock.fields import Float, Integer, Scope, String

from adaptive_xblocks import platform_services
from adaptive_xblocks.block_support import AdaptiveBlockMixin
from adaptive_xblocks.evidence import digest32
from adaptive_xblocks.handlers import (
    Refused,
    learner_handler,
    read_choice,
    read_flag,
    read_responses,
    read_seconds,
    read_submission,
    read_text,
)
from adaptive_xblocks.problem_set_client import client_settings, scripts_of
from adaptive_xblocks.problem_set_comfort import RATED, rating_id
from adaptive_xblocks.problem_set_item import announcement
from adaptive_xblocks.problem_set_offers import offers, swap
from adaptive_xblocks.problem_set_page import UNSAVED, focus_of, page_context
from adaptive_xblocks.problem_set_run import Run
from adaptive_xblocks.record_panel import RecordPanelMixin
from adaptive_xblocks.storage_fields import ContentField, PracticeField
from adaptive_xblocks.studio_source import SourceEditorMixin
from adaptive_xblocks.tutoring.model import UNREAD, Step
from adaptive_xblocks.tutoring.parser import load
from adaptive_xblocks.tutoring.practice import Practice
from adaptive_xblocks.tutoring.practising import SKIP_REASONS


def _(text: str) -> str:
    return text


log = logging.getLogger(__name__)


@XBlock.needs("i18n")
@XBlock.wants("user", "completion", "settings", "replace_urls", "studio_user_permissions")
class AdaptiveProblemSetBlock(
    AdaptiveBlockMixin, SourceEditorMixin, RecordPanelMixin, CompletableXBlockMixin, XBlock
):
    """A bank of items, one learner's way through it, and its grade."""

    has_score = True
    has_author_view = True
    has_custom_completion = True
    icon_class = "problem"
    number_settings = ("weight", "max_attempts")

    content = ContentField(
        display_name=_("Content"),
        help=_("The problems and skills as OLX text. The text is kept exactly as written."),
        scope=Scope.content,
        default=(files("adaptive_xblocks") / "templates" / "default_content.xml").read_text(encoding="utf-8"),
    )
    display_name = String(display_name=_("Title"), scope=Scope.settings, default=_("Adaptive problem set"))
    weight = Float(display_name=_("Weight in the grade"), scope=Scope.settings, default=1.0)
    max_attempts = Integer(
        display_name=_("Tries per step"),
        help=_("After so many answers a step ends. Empty or 0: no limit."),
        scope=Scope.settings,
        default=None,
    )
    practice = PracticeField(help=_("Where the learner is in the set."), scope=Scope.user_state, default=Practice())

    @property
    def prefix(self) -> str:
        """What every id on the page begins with: several blocks share a page."""
        return f"ax{digest32(str(self.scope_ids.usage_id)):08x}"

    @property
    def title(self) -> str:
        """The title set in Studio, else the one in the content."""
        is_set = self.fields["display_name"].is_set_on(self)
        return self.display_name if is_set else self.document.settings.get("display_name") or self.display_name

    def max_score(self) -> float:
        """The grade runs from 0 to 1; `weight` scales it in the course."""
        return 1.0

    @classmethod
    def workbench_scenarios(cls) -> list[tuple[str, str]]:
        """Every scenario file of the package under its own title, as it is (no template: the content has braces)."""
        folder = files("adaptive_xblocks") / "workbench_scenarios"
        return [
            (load(text).settings.get("display_name") or name.removesuffix(".xml"), text)
            for name, text in sorted((one.name, one.read_text(encoding="utf-8")) for one in folder.iterdir()
                                     if one.name.endswith(".xml"))
        ]

    # Views

    @XBlock.supports("multi_device")
    def student_view(self, context: Any = None) -> Fragment:
        """The learner's page part; complete and readable before any script loads. Never raises: what an exception
        here leaves of the rest of a unit is up to the platform."""
        try:
            with platform_services.learner_lock(self):
                run = Run(self)
                was_changed = run.begin()
                with suppress(Refused):  # nothing was promised yet; the page's first request tries again
                    run.session.save()
            context = page_context(run, self.translate(_CHANGED) if was_changed else "")
            html = self.render_part("problem_set/page.html", {**context, "record": self.record_panel})
        except Exception:  # whatever it is, the unit around us must live
            log.exception("The problem set %s cannot be shown", self.scope_ids.usage_id)
            return Fragment(self.render_part("problem_set/sorry.html", {}))
        fragment = Fragment(html)
        fragment.add_css_url(self.runtime.local_resource_url(self, "public/css/adaptive_xblocks.css"))
        for path in scripts_of(self.document):
            fragment.add_javascript_url(self.runtime.local_resource_url(self, f"public/{path}"))
        fragment.initialize_js("AdaptiveProblemSet", client_settings(self))
        return fragment

    def author_view(self, context: Any = None) -> Fragment:
        """What Studio shows: the learner's page with the part for staff; nothing is saved there."""
        return self.student_view(context)

    def public_view(self, context: Any = None) -> Fragment:
        """What visitors who are not signed in see: the first item, to read."""
        return self.student_view(context)

    # Handlers

    @learner_handler
    def answer(self, data: dict) -> dict:
        """Judge `{submission, serving, step, responses, seconds}`; a resend gets the first answer's result."""
        run = self._open_run(data)
        submission, responses = read_submission(data), read_responses(data)
        if submission in run.practice.submissions or run.session.knows(submission):
            return self._repeat(run, data, submission)
        step = self._step_in_hand(run, data)
        if step is None:
            return self._reply(run, notice=self._not_current(run))
        verdict = run.answer(step, responses, submission, read_seconds(data))
        reply = self._reply(run, focus=focus_of(run, step if verdict.kind == UNREAD else None))
        return {**reply, "announce": announcement(run, step)}

    @learner_handler
    def hint(self, data: dict) -> dict:
        """Show the next piece of help on `{serving, step}`; the one that gives the answer away asks for `confirm`."""
        run = self._open_run(data)
        step = self._step_in_hand(run, data)
        if step is None or run.withheld:
            return self._reply(run, notice=self._not_current(run))
        submission = read_submission(data) if "submission" in data else ""
        shown = run.practice.step(step.id).shown
        if submission in run.practice.submissions:  # its reply was lost: the same help again, no more
            return self._reply(run, focus=f"{self.prefix}/{step.id}/help/{shown[-1]}" if shown else "")
        if run.next_gives_answer(step) and data.get("confirm") is not True:
            return self._reply(run, focus=f"{self.prefix}/{step.id}//hint")
        run.reveal(step, submission)
        new = [piece for piece in run.practice.step(step.id).shown if piece not in shown]
        return self._reply(run, focus=f"{self.prefix}/{step.id}/help/{new[0]}" if new else "")

    @learner_handler
    def next(self, data: dict) -> dict:
        """Go on from a finished item or from an end; `{serving, item}` may choose one of the runners-up, also instead
        of an item that was not begun."""
        run = self._open_run(data)
        if data.get("serving") not in (None, run.practice.serving):
            return self._reply(run, notice=self._not_current(run))
        if run.practice.end and isinstance(data.get("shown"), str):  # asked from a problem: the end was not seen yet
            return self._reply(run, focus=focus_of(run))
        wanted = data["item"] if isinstance(data.get("item"), str) else None
        is_news = run.practice.end and not run.session.stored_practice.end
        if (run.practice.done or run.practice.end) and not is_news:
            run.advance(wanted if offers(run) else None)
        elif wanted is not None and not is_news:
            swap(run, wanted)
        return self._reply(run, focus=focus_of(run, start=True))

    @learner_handler
    def skip(self, data: dict) -> dict:
        """Lay the item in hand aside: `{serving, reason}`."""
        run = self._open_run(data)
        reason = read_choice(data, "reason", SKIP_REASONS, "not-now")
        if data.get("serving") != run.practice.serving or run.practice.done or run.practice.end:
            return self._reply(run, notice=self._not_current(run))
        run.skip(reason)
        return self._reply(run, focus=focus_of(run, start=True))

    @learner_handler
    def rate(self, data: dict) -> dict:
        """Was it helpful? `{serving, step, help, helpful}` of a piece of help that was shown, `{end, helpful}` of the
        end that was reached. Can be changed; counts for nothing but the authors' knowledge."""
        run = self._open_run(data)
        helpful, end = read_flag(data, "helpful"), read_text(data, "end")
        step, piece = read_text(data, "step"), read_text(data, "help")
        if end:
            is_rated = run.rate_end(end, helpful)
        else:
            is_rated = data.get("serving") == run.practice.serving and run.rate_help(step, piece, helpful)
        if not is_rated:
            return self._reply(run, notice=self._not_current(run))
        button = rating_id(self.prefix, step, piece, end)
        reply = self._reply(run, focus=f"{button}/{'yes' if helpful else 'no'}")
        return {**reply, "announce": self.translate(RATED)}

    @learner_handler
    def restart(self, data: dict) -> dict:
        """Begin a new round from an end state; what was mastered stays mastered."""
        run = self._open_run(data)
        if run.practice.end:
            run.restart()
        return self._reply(run, focus=focus_of(run, start=True))

    @learner_handler
    def state(self, data: dict) -> dict:
        """Where the learner is; takes in receipts that the client still holds."""
        run = Run(self, data.get("receipts"))
        was_changed = run.begin()
        run.catch_up(data.get("serving"), data.get("shown"))
        return self._reply(run, notice=self.translate(_CHANGED) if was_changed else "")

    # What handlers share

    def _open_run(self, data: dict) -> Run:
        run = Run(self, data.get("receipts"))
        unsaved = run.session.viewer.unsaved
        if unsaved == "anonymous":
            raise Refused(403, _("Sign in to answer. Then what you do here counts and is kept."))
        if unsaved == "masquerade":
            raise Refused(403, UNSAVED[unsaved])
        if run.closed:
            raise Refused(403, run.closed)
        run.begin()
        run.catch_up(data.get("serving"), data.get("shown"))
        return run

    def _repeat(self, run: Run, data: dict, submission: str) -> dict:
        """The reply to a resend: the first answer's result and receipt, nothing counted again."""
        run.session.renew_receipt(submission)
        run.publish_grade()  # in case the first request ended before it could
        reply = self._reply(run, focus=focus_of(run))
        if data.get("serving") == run.practice.serving and run.practice.item:
            step = next((one for one in run.variant.item.steps if one.id == data.get("step")), None)
            if step is not None:
                reply["announce"] = announcement(run, step)
        return reply

    def _not_current(self, run: Run) -> str:
        """Why what the request means is not in hand."""
        return self.translate(_CHANGED if run.was_changed else _NOT_CURRENT)

    def _step_in_hand(self, run: Run, data: dict) -> Step | None:
        """The step that the request means, if it is the one in hand."""
        practice = run.practice
        is_shown = data.get("serving") == practice.serving and data.get("shown") in (None, run.shown)
        if not practice.item or practice.end or not is_shown:
            return None
        step = practice.open_step(run.variant.item)
        return step if step and step.id == data.get("step") else None

    def _reply(self, run: Run, focus: str = "", notice: str = "") -> dict:
        run.session.save()
        practice = run.practice
        return {
            "state": {
                "serving": practice.serving, "item": practice.item, "done": practice.done, "end": practice.end,
                "round": practice.round, "n_done": practice.n_done,
            },
            "html": self.render_part("problem_set/part.html", page_context(run, notice)),
            "focus": f"{self.prefix}-notice" if notice else focus,
            "announce": notice,
            "receipts": run.session.receipts,
            "confirmed": run.session.confirmed,
        }


_CHANGED = _("The author has changed this problem since you began it. Here it is anew; what you did before is kept.")
_NOT_CURRENT = _("That problem is not open any more, perhaps because of another tab. Here is where you are now; "
                 "nothing was lost and nothing was counted twice.")
