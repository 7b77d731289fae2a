"""What an examination finds: one line each, with what it means and what to type next."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

OK, WARNING, PROBLEM = "ok", "warning", "problem"


@dataclass(frozen=True, slots=True)
class Finding:
    """`level` is ok, warning or problem; `next` holds the lines to type, in order."""

    level: str
    subject: str
    says: str
    next: tuple[str, ...] = ()


def told(error: BaseException) -> str:
    """What can be shown of an error. Messages of imports name modules; any other may hold an address with a password
    in it, so that only its class and a number, such as a database's, are told."""
    name = type(error).__name__
    if isinstance(error, ImportError):
        return f"{name}: {error}"
    number = next((value for value in error.args[:1] if type(value) is int), None)
    return name if number is None else f"{name} {number}"


def guarded(subject: str, look: Callable[..., Iterable[Finding]], *arguments: Any) -> list[Finding]:
    """What a look finds; a warning if it fails itself, so that one failure never hides the next."""
    try:
        return list(look(*arguments))
    except Exception as error:  # whatever somebody else's module raises when it is looked at
        return [Finding(WARNING, subject, f"It could not be looked at ({told(error)}).")]


def within(seconds: float, call: Callable[[], Any]) -> Any:
    """What a call returns or raises; TimeoutError if it takes longer than that. The call is left behind then."""
    result: list[Any] = []
    errors: list[BaseException] = []

    def work() -> None:
        try:
            result.append(call())
        except Exception as error:
            errors.append(error)

    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    thread.join(seconds)
    if errors:
        raise errors[0]
    if not result:
        raise TimeoutError(f"no answer within {seconds:g} s")
    return result[0]
