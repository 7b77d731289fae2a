"""Having requests cross at a chosen place. Give one of these to `Lms.point`."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

from tests.platform.databases import in_threads


class Meeting:
    """Each of `n` requests waits at its first `where` until all are there; then they go on at once, for good."""

    def __init__(self, where: str, n: int = 2) -> None:
        self.where, self._barrier, self._met = where, threading.Barrier(n, timeout=20), threading.local()

    def __call__(self, where: str) -> None:
        """Wait, if this is the place."""
        if where == self.where and not getattr(self._met, "done", False):
            self._met.done = True
            self._barrier.wait()
            self.where = ""


class Between:
    """Something else happens, once, on a thread of its own, right before a request comes to `where` the `nth` time.

    `result` is what it returned.
    """

    def __init__(self, where: str, other: Callable[[], Any], nth: int = 1) -> None:
        self.where, self.other, self.left, self.result = where, other, nth, None

    def __call__(self, where: str) -> None:
        """Do it, if this is the place."""
        if where == self.where and self.left:
            self.left -= 1
            if not self.left:
                [self.result] = in_threads(self.other)
                if isinstance(self.result, BaseException):
                    raise self.result


class Death:
    """The process dies right before a request comes to `where` the `nth` time."""

    def __init__(self, where: str, nth: int = 1) -> None:
        self.where, self.left = where, nth

    def __call__(self, where: str) -> None:
        """Die, if this is the place."""
        if where == self.where:
            self.left -= 1
            if self.left == 0:
                raise Died(where)


class Died(BaseException):
    """The process ended here; no handler of exceptions may see it."""
