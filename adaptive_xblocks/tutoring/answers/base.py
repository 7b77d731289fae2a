"""What every answer type must be able to do. The contract test in tests/tutoring runs against each."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from fractions import Fraction
from html import escape
from typing import Any, ClassVar

from lxml import etree

from adaptive_xblocks.tutoring.model import RIGHT, UNREAD, WRONG, InputVerdict, Message, Text
from adaptive_xblocks.tutoring.reading import ReadContext
from adaptive_xblocks.tutoring.variants import Variant

MAX_VALUE = 80

OwnWrong = tuple[Any, str | None, Text | None, str]  # matcher, misconception, say, name


class AnswerType(ABC):
    """One kind of answer, without state: all that an author wrote is in the spec that `read` returns.

    `attributes` are those an author may write besides id, label, lang and dir; `template` shows the
    input; `has_quantity` says that `quantity` gives numbers; `wrong_attributes` are those of a `<wrong>` of which one
    says the wrong answer, e.g. "pattern".
    """

    tag: ClassVar[str]
    template: ClassVar[str]
    attributes: ClassVar[frozenset[str]] = frozenset()
    has_quantity: ClassVar[bool] = False
    wrong_attributes: ClassVar[frozenset[str]] = frozenset(("answer",))

    @abstractmethod
    def read(self, element: etree._Element, context: ReadContext) -> Any:
        """The author's element as an immutable spec; faults go to `context`, nothing is raised."""

    @abstractmethod
    def read_wrong(self, source: str, element: etree._Element, spec: Any, context: ReadContext) -> Any:
        """What recognises the wrong answer `source` of a `<wrong answer="…">`; None where it is none (a fault).

        `source` is the value of the one attribute of `wrong_attributes` that the element has; of an answer to several
        inputs it is the part for this input.
        """

    def own_wrongs(self, spec: Any) -> Sequence[OwnWrong]:
        """Recognised wrong answers that the type's own element holds, e.g. options with feedback."""
        return ()

    def chance(self, spec: Any) -> int:
        """Among how many equally likely answers a guess picks (chance 1 / n); 0 if guessing is no use."""
        return 0

    @abstractmethod
    def key(self, spec: Any, variant: Variant) -> Any:
        """The right answer for this variant. It must never leave the server."""

    @abstractmethod
    def view(self, spec: Any, variant: Variant) -> dict[str, Any]:
        """What the template needs. Nothing in it may depend on which answer is right."""

    @abstractmethod
    def judge(self, spec: Any, variant: Variant, raw: object) -> InputVerdict:
        """The verdict of what the browser sent, whatever that is."""

    @abstractmethod
    def matches(self, matcher: Any, spec: Any, variant: Variant, raw: object) -> bool:
        """Whether a readable answer is the wrong answer that `matcher` describes."""

    @abstractmethod
    def solve(self, spec: Any, variant: Variant) -> str:
        """A response that `judge` finds right; for checks and simulated learners, never for a page."""

    def strict(self, spec: Any) -> Any:
        """The spec without what is forgiven with a message, e.g. a slip in spelling: a forgiven answer that is also a
        recognised wrong one is judged by it."""
        return spec

    def example(self, matcher: Any, spec: Any, variant: Variant) -> str | None:
        """A response that `matches` the matcher, None if the type cannot give one."""
        return None

    def laid_out(self, view: dict[str, Any], raw: str) -> dict[str, Any]:
        """The view with what the learner answered in its place, e.g. options marked as chosen."""
        return view

    def said(self, spec: Any, variant: Variant, raw: str) -> str:
        """What the learner answered, as HTML for the finished step."""
        return f'<span dir="auto">{escape(raw)}</span>'

    def silent(self, spec: Any) -> Any:
        """The spec without what `said` tells of the answer beside the answer itself."""
        return spec

    def quantity(self, spec: Any, variant: Variant, raw: object) -> Fraction | float | None:
        """The number that a response says, for rules over several inputs; None where it says none."""
        return None


def right(value: str, message: Message | None = None, say: Text | None = None) -> InputVerdict:
    """The verdict of a right answer; `value` is what was read."""
    return InputVerdict(RIGHT, Fraction(1), message, value[:MAX_VALUE], say)


def wrong(value: str, message: Message | None = None) -> InputVerdict:
    """The verdict of a wrong answer."""
    return InputVerdict(WRONG, Fraction(0), message, value[:MAX_VALUE])


def unread(message: Message, value: str = "") -> InputVerdict:
    """Not read yet: no evidence, no attempt used; `message` says what to write."""
    return InputVerdict(UNREAD, Fraction(0), message, value[:MAX_VALUE])
