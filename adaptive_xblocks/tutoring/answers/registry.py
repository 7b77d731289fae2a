"""Which answer types there are: the built-in ones and those that other packages bring.

A package adds a type with an entry point in the group `adaptive_xblocks.answer_types`, whose name is the
type's tag and whose object is an :class:`AnswerType` class. It is loaded when a document first uses the tag.
"""

from __future__ import annotations

from functools import cache
from importlib.metadata import EntryPoint, entry_points

from adaptive_xblocks.tutoring.answers.base import AnswerType
from adaptive_xblocks.tutoring.answers.choice import ChoiceAnswer
from adaptive_xblocks.tutoring.answers.choices import ChoicesAnswer
from adaptive_xblocks.tutoring.answers.expression import ExpressionAnswer
from adaptive_xblocks.tutoring.answers.match import MatchAnswer
from adaptive_xblocks.tutoring.answers.numeric import NumericAnswer
from adaptive_xblocks.tutoring.answers.order import OrderAnswer
from adaptive_xblocks.tutoring.answers.text import TextAnswer
from adaptive_xblocks.tutoring.model import Message, _

ENTRY_POINT_GROUP = "adaptive_xblocks.answer_types"
BUILT_IN: dict[str, AnswerType] = {
    answer.tag: answer
    for answer in (ChoiceAnswer(), ChoicesAnswer(), ExpressionAnswer(), MatchAnswer(), NumericAnswer(), OrderAnswer(),
                   TextAnswer())
}


class BrokenAnswerType(LookupError):
    """An answer type that another package announces and that cannot be used; `sentence` says why."""

    def __init__(self, key: str, **params: str) -> None:
        self.sentence = Message(key, params)
        super().__init__(str(self.sentence))


@cache
def _plugins() -> dict[str, EntryPoint]:
    return {
        point.name: point for point in entry_points(group=ENTRY_POINT_GROUP) if point.name not in BUILT_IN
    }


@cache
def known_tags() -> frozenset[str]:
    """The tags of all answer types, those not loaded yet included."""
    return frozenset(BUILT_IN) | frozenset(_plugins())


def answer_type(tag: str) -> AnswerType:
    """The answer type with that tag; BrokenAnswerType if it is unknown or cannot be loaded."""
    return BUILT_IN.get(tag) or _load(tag)


@cache
def _load(tag: str) -> AnswerType:
    point = _plugins().get(tag)
    if point is None:
        key = _("There is no answer type <%(tag)s>; known are %(known)s.")
        raise BrokenAnswerType(key, tag=tag, known=", ".join(sorted(known_tags())))
    try:
        plugin = point.load()()
    except Exception as error:  # somebody else's code: whatever it raises is a fault of that package
        key = _("The answer type <%(tag)s> of %(package)s cannot be loaded: %(error)s.")
        raise BrokenAnswerType(key, tag=tag, package=point.value, error=repr(error)) from error
    if not isinstance(plugin, AnswerType):
        raise BrokenAnswerType(_("%(package)s is not an AnswerType class."), package=point.value)
    return plugin
