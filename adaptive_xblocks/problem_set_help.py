"""What helps a learner in a problem set: hints and what is said of them, help that is offered at once, a person."""

from __future__ import annotations

from typing import Any

from adaptive_xblocks import platform_services
from adaptive_xblocks.tutoring import practising
from adaptive_xblocks.tutoring.bank import TUTOR
from adaptive_xblocks.tutoring.help import help_state
from adaptive_xblocks.tutoring.model import Step


def _(text: str) -> str:
    return text


class RunHelpMixin:
    """The part of `problem_set_run.Run` that helps."""

    def reveal(self, step: Step, submission: str = "") -> None:
        """Show the next piece of help on a step."""
        self.practice, state = practising.reveal(self.practice, step, submission)
        if state.next:
            self.publish(
                "hint.revealed", item=self.practice.item, step=step.id, serving=self.practice.serving,
                help=state.next.id, number=len(step.help) - state.n_left + 1, bottom_out=state.next_is_bottom_out)

    def rate_help(self, step: str, piece: str, helpful: bool) -> bool:
        """Keep and publish what the learner says of a piece of help on the item in hand; False if it was not shown."""
        practice = self.practice
        if not practice.item or piece not in practice.step(step).shown:
            return False
        key = practising.rating_key(step, piece)
        self._rate(key, helpful, item=practice.item, step=step, help=piece, serving=practice.serving, end="")
        return True

    def rate_end(self, end: str, helpful: bool) -> bool:
        """The same of the end that was reached; False if it is another one."""
        if not end or end != self.practice.end:
            return False
        key = practising.rating_key(end=end)
        self._rate(key, helpful, item="", step="", help="", serving=self.practice.serving, end=end)
        return True

    def _rate(self, key: str, helpful: bool, **values: Any) -> None:
        rated = practising.rate(self.practice, key, helpful)
        if rated is not self.practice:
            self.practice = rated
            self.publish("help.rated", round=rated.round, helpful=helpful, **values)

    def next_gives_answer(self, step: Step) -> bool:
        """True if the next piece of help on a step is its bottom-out."""
        return help_state(step, self.practice.step(step.id).shown).next_is_bottom_out

    @property
    def opens_help(self) -> bool:
        """True if help is to be offered at once: by policy, on a guided item, after a streak of failures, or on what a
        stuck skill opened."""
        requires = self.bank.requires.get(str(self.practice.choice.get("skill")), ())
        is_guided = self.document.items[self.practice.item].format == TUTOR
        return is_guided or bool(self.last_choice.reason.get("opens_help")) or not self.finished.isdisjoint(requires)

    def person(self) -> dict[str, str] | None:
        """How to reach a person: the author's link, else the operator's, else nothing."""
        link = self.document.settings.get("person") or platform_services.setting(self.block, "person", "")
        if not str(link).startswith(("https://", "http://", "mailto:", "/")):
            return None
        return {"text": self.block.translate(_("Ask a person")), "href": str(link)}
