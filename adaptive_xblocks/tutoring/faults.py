"""Collecting what an author should know, so that one fault never hides the next."""

from __future__ import annotations

from lxml import etree

from adaptive_xblocks.tutoring.model import ERROR, WARNING, Fault, Message, as_message

MAX_FAULTS = 1_000


class Faults:
    """A list of faults that grows while a document, or one item of it, is read."""

    def __init__(self, item: str | None = None):
        self.item = item
        self.found: list[Fault] = []
        self.has_errors = False

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
        self.has_errors = self.has_errors or level == ERROR
        if len(self.found) < MAX_FAULTS:
            self.found.append(Fault(level, line or 0, element, as_message(problem), as_message(remedy), self.item))

    def extend(self, faults: list[Fault] | tuple[Fault, ...]) -> None:
        """Take over the faults of a part, at most `MAX_FAULTS` of them in all."""
        self.has_errors = self.has_errors or any(fault.level == ERROR for fault in faults)
        self.found.extend(faults[: MAX_FAULTS - len(self.found)])
