"""Who runs next: requests on real threads with real connections, of which exactly one runs at a time.

A request gives the baton back at every point of the stand-in platform (before each read and write); whoever holds the
random generator says who goes on. So the same seed gives the same interleaving, on every database.
"""

from __future__ import annotations

import queue
import random
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connections

#: A request that does not come to its next point in so many seconds never will: two of them wait for each other.
LONGEST_SLICE = 60
SLOW = 0.002


class Killed(BaseException):
    """The process died here: no handler of exceptions may see it."""


class Stuck(RuntimeError):
    """A request neither ended nor came to a point."""


class Task:
    """One request: `work` runs on a thread of its own; `where` is the point it stands at. From its point
    number `slow_from` on a task gets hardly a turn while others are there. `refusal`: the database refuses its next
    statement that is named so."""

    def __init__(self, label: str, work: Callable[[], Any], begun: int = 0, slow_from: int | None = None) -> None:
        self.label, self.work, self.begun, self.slow_from = label, work, begun, slow_from
        self.where, self.is_over, self.is_asleep, self.is_doomed = "sent", False, False, False
        self.points: list[str] = []
        self.refusal: tuple[str, type[Exception]] | None = None
        self.result: Any = None
        self.error: BaseException | None = None
        self.go = threading.Semaphore(0)

    @property
    def name(self) -> str:
        """The first word of its label."""
        return self.label.split()[0]

    @property
    def pace(self) -> float:
        """Of two tasks the one with the higher pace gets more turns."""
        return SLOW if self.slow_from is not None and len(self.points) >= self.slow_from else 1.0


class Scheduler:
    """Tasks in flight and the baton; everything but `point` and `sleep` is called on the main thread."""

    def __init__(self, threads: Threads, rng: random.Random, on_sleep: Callable[[float], None]) -> None:
        self.threads, self.rng, self.on_sleep = threads, rng, on_sleep
        self.in_flight: list[Task] = []
        self.current: Task | None = None
        self._back = threading.Semaphore(0)

    def start(self, task: Task) -> Task:
        """Put a task in flight; it does nothing until it is resumed."""
        self.in_flight.append(task)
        self.threads.hand(lambda: self._run(task))
        return task

    def pick(self) -> Task:
        """Whose turn it is: anybody's who is awake; a sleeper's only if all sleep."""
        awake = [task for task in self.in_flight if not task.is_asleep] or self.in_flight
        return self.rng.choices(awake, [task.pace for task in awake])[0]

    def resume(self, task: Task) -> None:
        """Let a task run to its next point or its end."""
        self.current, task.is_asleep = task, False
        task.go.release()
        if not self._back.acquire(timeout=LONGEST_SLICE):
            raise Stuck(f"{task.label} did not come back from {task.where!r}")
        self.current = None
        if task.is_over:
            self.in_flight.remove(task)

    def point(self, where: str) -> None:
        """Called by the platform on the task's thread: wait for the next turn, or die."""
        task = self.current
        if task is None:
            return
        task.where = where
        task.points.append(where)
        self._back.release()
        task.go.acquire()
        if task.is_doomed:
            raise Killed(where)
        if task.refusal and where.startswith(task.refusal[0]):
            (_where, error), task.refusal = task.refusal, None
            task.points.append("refused")
            raise error("refused")

    def sleep(self, seconds: float) -> None:
        """Stands in for sleeping: the others go on first."""
        if self.current is not None:
            self.on_sleep(seconds)
            self.current.is_asleep = True
            self.point("sleep")

    def _run(self, task: Task) -> None:
        task.go.acquire()
        try:
            if task.is_doomed:
                raise Killed(task.where)
            task.result = task.work()
        except BaseException as error:  # a task's end, whatever it is, is told and never lost
            task.error = error
        task.is_over = True
        self._back.release()


class Threads:
    """Threads that keep their database connections from one run to the next."""

    def __init__(self) -> None:
        self._jobs: queue.SimpleQueue[Callable[[], None] | None] = queue.SimpleQueue()
        self._threads: list[threading.Thread] = []
        self._n_busy, self._count = 0, threading.Lock()

    def hand(self, job: Callable[[], None]) -> None:
        """Have a job done by a thread that is free, a new one if none is."""
        with self._count:
            self._n_busy += 1
            is_short = self._n_busy > len(self._threads)
        if is_short:
            self._threads.append(threading.Thread(target=self._serve, daemon=True))
            self._threads[-1].start()
        self._jobs.put(job)

    def close(self) -> None:
        """End the threads and their connections."""
        for _thread in self._threads:
            self._jobs.put(None)
        for thread in self._threads:
            thread.join(LONGEST_SLICE)

    def _serve(self) -> None:
        while (job := self._jobs.get()) is not None:
            job()
            with self._count:
                self._n_busy -= 1
        connections.close_all()


@contextmanager
def worker_threads() -> Iterator[Threads]:
    """Threads for as many runs as one likes."""
    threads = Threads()
    try:
        yield threads
    finally:
        threads.close()
