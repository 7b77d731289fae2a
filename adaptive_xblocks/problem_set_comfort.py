"""What makes the problem set comfortable, as plain data for its page: words to read aloud, a pause, "was it helpful?".

The browser does the rest (static/public/js/comfort.js); nothing here changes what is known of a learner.
"""

from __future__ import annotations

from typing import Any

from adaptive_xblocks.problem_set_run import Run
from adaptive_xblocks.tutoring.document_settings import number
from adaptive_xblocks.tutoring.practising import rating_key


def _(text: str) -> str:
    return text


#: How signs of a formula are said, and what else is said that is not written.
SPEECH_MESSAGES = {
    # Translators: read aloud between the numerator and the denominator of a fraction, "1 over 2".
    "/": _("over"),
    # Translators: read aloud in a mixed number, "1 and 3 over 4".
    "mixed": _("and"),
    # Translators: read aloud, "x to the power of 2".
    "^": _("to the power of"),
    # Translators: read aloud before what is under a root sign.
    "√": _("the square root of"),
    "+": _("plus"),
    "−": _("minus"),
    "×": _("times"),
    "÷": _("divided by"),
    "=": _("equals"),
    "≠": _("is not equal to"),
    "≈": _("is about"),
    "<": _("is less than"),
    ">": _("is greater than"),
    "≤": _("is at most"),
    "≥": _("is at least"),
    # Translators: read aloud where there is an empty place to fill in.
    "blank": _("blank"),
}
RATED = _("Thank you. That helps to make this better.")


def rating_id(prefix: str, step: str = "", piece: str = "", end: str = "") -> str:
    """What the ids of the two buttons begin with."""
    return f"{prefix}-end-rate" if end else f"{prefix}/{step}/help/{piece}/rate"


def rating(run: Run, step: str = "", piece: str = "", end: str = "") -> dict[str, Any] | None:
    """The question about a piece of help or an end, with the learner's answer (None before); None for viewers of
    whom nothing is kept."""
    if run.session.viewer.unsaved or run.closed or end == "empty":
        return None
    return {
        "at": rating_id(run.block.prefix, step, piece, end), "step": step, "help": piece, "end": end,
        "helpful": run.practice.rated.get(rating_key(step, piece, end)),
    }


def pause(run: Run) -> str:
    """After how many minutes of work a pause is offered; empty for never, and for viewers of whom nothing is kept."""
    minutes = number(run.document, "pause")
    return "" if run.session.viewer.unsaved or run.closed or not minutes else f"{minutes:g}"


def shows_pictures(run: Run) -> bool:
    """True if the author wants plants that grow in the place of meters and percentages."""
    return run.document.settings.get("progress") == "pictures"
