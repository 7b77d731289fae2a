"""Requests from the browser: what is read of them, and the sentence that goes back where nothing can be.

Every handler is public: strangers call it with whatever they like. A handler here is a function from a parsed JSON
object to a reply; types, sizes and methods are dealt with before it runs.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from functools import partial, wraps
from typing import Any

from django.core.exceptions import RequestDataTooBig
from webob import Response
from xblock.core import XBlock

from adaptive_xblocks import platform_services
from adaptive_xblocks.tutoring.model import Message

#: The largest request that is read, in bytes; no answer type reads more than a fraction of it.
MOST_REQUEST = 64 * 1024
MOST_INPUTS = 50
MOST_SECONDS = 24 * 3600
MOST_ID = 200


def _(text: str) -> str:
    return text


UNREADABLE = _("The request could not be read. Please reload the page and try again.")


class Refused(Exception):
    """A request that is at fault: an HTTP status and a sentence for people."""

    def __init__(self, status: int, sentence: str, **params: Any) -> None:
        super().__init__(sentence)
        self.status, self.message = status, Message(sentence, params)


def learner_handler(method: Callable | None = None, *, most: int = MOST_REQUEST) -> Callable:
    """Make a method from JSON object to JSON object a handler of requests of at most `most` bytes.

    A Refused that it raises becomes a 4xx with a sentence for people.
    """
    if method is None:
        return partial(learner_handler, most=most)

    @XBlock.handler
    @wraps(method)
    def handler(self, request, suffix=""):  # pylint: disable=unused-argument
        try:
            data = read_request(request, most)
            with platform_services.learner_lock(self):
                reply, status = method(self, data), 200
        except Refused as refusal:
            reply, status = {"error": self.translate(refusal.message)}, refusal.status
        response = Response(json.dumps(reply), status=status, content_type="application/json", charset="utf-8")
        if status == 405:
            response.headers["Allow"] = "POST"
        return response
    return handler


def read_request(request: Any, most: int = MOST_REQUEST) -> dict[str, Any]:
    """The JSON object in a request. Raises Refused: 405 unless POST, 413 if too large, 400 if it is no object."""
    if request.method != "POST":
        raise Refused(405, _("This address takes answers (POST); it shows nothing by itself."))
    too_long = Refused(413, _("That is too long to read. Please shorten it and send it again."))
    try:
        if (request.content_length or 0) > most or len(request.body) > most:
            raise too_long
        data = json.loads(request.body)
        # Half of a surrogate pair is no character: stored, it would keep the page from ever being encoded again.
        data = json.loads(json.dumps(data, ensure_ascii=False).encode("utf-8", "replace"))
    except RequestDataTooBig as error:  # the site's own bound, met where the body is read
        raise too_long from error
    except (ValueError, RecursionError):
        data = None
    if not isinstance(data, dict):
        raise Refused(400, UNREADABLE)
    return data


def read_submission(data: dict) -> str:
    """The id that the client gave its submission: 8 to 64 printable ASCII characters. Else Refused."""
    value = data.get("submission")
    if not isinstance(value, str) or not 8 <= len(value) <= 64 or not value.isascii() or not value.isprintable():
        raise Refused(400, UNREADABLE)
    return value


def read_responses(data: dict) -> dict[str, str]:
    """What was typed, by input id. Refused unless it is texts, at most MOST_INPUTS of them."""
    value = data.get("responses")
    is_texts = isinstance(value, dict) and all(isinstance(one, str) for one in value.values())
    if not is_texts or len(value) > MOST_INPUTS:
        raise Refused(400, UNREADABLE)
    return value


def read_choice(data: dict, name: str, known: tuple[str, ...], default: str) -> str:
    """One of a few known words. Else Refused."""
    value = data.get(name, default)
    if not isinstance(value, str) or value not in known:
        raise Refused(400, UNREADABLE)
    return value


def read_flag(data: dict, name: str) -> bool:
    """True or false. Else Refused."""
    value = data.get(name)
    if not isinstance(value, bool):
        raise Refused(400, UNREADABLE)
    return value


def read_text(data: dict, name: str) -> str:
    """A text of the length of an id, empty where there is none. Else Refused."""
    value = data.get(name, "")
    if not isinstance(value, str) or len(value) > MOST_ID:
        raise Refused(400, UNREADABLE)
    return value


def read_seconds(data: dict) -> float:
    """The active time that the client claims, within a day; 0 for anything else."""
    value = data.get("seconds", 0)
    is_number = isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value)
    return float(min(max(value, 0), MOST_SECONDS)) if is_number else 0.0
