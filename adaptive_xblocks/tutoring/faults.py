"""Collecting what an author should know, so that one fault never hides the next."""

from __future__ import annotations

from collections.abc import Iterable

from lxml import etree

from adaptive_xblocks.tutoring.model import ERROR, WARNING, Fault, Message, as_message

#: Of each level: a thousand warnings must not hide the error after them.
MAX_FAULTS = 1_000


class Faults:
    """A list of faults that grows while a document, or one item of it, is read."""

    def __init__(self, item: str | None = None):
        self.item = item
        self.found: list[Fault] = []
        self.has_errors = False
        self._left = {ERROR: MAX_FAULTS, WARNING: MAX_FAULTS}

    @property
    def is_full(self) -> bool:
        """True once no more warnings are kept, so that none need be worked out."""
        return not self._left[WARNING]

    def error(self, element: etree._Element, problem: Message | str, remedy: Message | str) -> None:
        """Note a fault that keeps the item, or this part of the document, from going live."""
        self.add(ERROR, element.sourceline, str(element.tag), problem, remedy)

    def warning(self, element: etree._Element, problem: Message | str, remedy: Message | str) -> None:
        """Note something that works, but probably not as the author meant it."""
        self.add(WARNING, element.sourceline, str(element.tag), problem, remedy)

    def add(
        self, level: str, line: int | None, element: str, problem: Message | str, remedy: Message | str
    ) -> None:
        """Note a fault by its line (1-based; 0 where there is none). A sentence given as text has no values."""
        self._keep(Fault(level, line or 0, element, as_message(problem), as_message(remedy), self.item))

    def extend(self, faults: Iterable[Fault]) -> None:
        """Take over the faults of a part, as far as there is room."""
        for fault in faults:
            self._keep(fault)

    def _keep(self, fault: Fault) -> None:
        self.has_errors = self.has_errors or fault.level == ERROR
        if self._left[fault.level]:
            self._left[fault.level] -= 1
            self.found.append(fault)
