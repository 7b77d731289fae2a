"""What the problem set's scripts are given: which of them a page loads, and what they say by themselves."""

from __future__ import annotations

from typing import Any

from adaptive_xblocks.evidence import digest32
from adaptive_xblocks.problem_set_comfort import SPEECH_MESSAGES
from adaptive_xblocks.tutoring.model import Document

LINE_SCRIPT = "js/answer_parts.js"  # only where there are lines to move
#: comfort.js comes first, so that a chosen size of type is in force as early as can be.
SCRIPTS = ("js/comfort.js", "js/outbox.js", "js/adaptive_xblocks.js", LINE_SCRIPT, "js/record_panel.js",
           "js/problem_set.js")


def _(text: str) -> str:
    return text


#: What the client says by itself, with the names it knows them by (static/public/js/problem_set.js).
CLIENT_MESSAGES = {
    "checking": _("Checking…"),
    "loading": _("One moment…"),
    "retrying": _("The connection is slow or cut. What you typed is kept; trying again in {seconds} s."),
    "gave_up": _("We could not reach the site. What you typed is kept and nothing was counted twice."),
    "signed_out": _("You seem to be signed out. Sign in again in another tab, then try again. What you typed is kept."),
    "refused": _("That did not work. What you typed is kept; try again, or reload the page."),
    "empty": _("Type or choose an answer first."),
    "elsewhere": _("You went on in another tab or on another device. Here is where you are now."),
    "had_typed": _("What you had typed: {answer}"),
}
#: What static/public/js/answer_parts.js says of lines that move; sent where a document has such.
LINE_MESSAGES = {
    "line_at": _("Line {place} of {count}"),
    "line_level": _("Line {place} of {count}, indented {level}"),
    "line_out": _("Left out"),
    "line_up": _("Move “{line}” up, to line {place}"),
    "line_down": _("Move “{line}” down, to line {place}"),
    "line_in": _("Indent “{line}” to level {level}"),
    "line_back": _("Outdent “{line}” to level {level}"),
    "line_leave": _("Leave “{line}” out"),
    "line_use": _("Put “{line}” back, as line {place}"),
}


def scripts_of(document: Document) -> list[str]:
    """The scripts of a page, in the order in which they load."""
    return [path for path in SCRIPTS if path != LINE_SCRIPT or _moves_lines(document)]


def client_settings(block: Any) -> dict[str, Any]:
    """What problem_set.js is begun with."""
    messages = {**CLIENT_MESSAGES, **(LINE_MESSAGES if _moves_lines(block.document) else {})}
    return {
        "prefix": block.prefix,
        "learner": f"{digest32(str(block.scope_ids.user_id)):08x}",
        "messages": {name: block.translate(text) for name, text in messages.items()},
        "speech": {name: block.translate(text) for name, text in SPEECH_MESSAGES.items()},
    }


def _moves_lines(document: Document) -> bool:
    return "order" in document.input_types
