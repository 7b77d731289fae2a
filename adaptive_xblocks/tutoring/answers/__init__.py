"""Answer types: how one kind of answer is written by authors, shown, read and judged.

Outsiders use :func:`answer_type`, :func:`known_tags` and the base class :class:`AnswerType`.
"""

from adaptive_xblocks.tutoring.answers.base import AnswerType
from adaptive_xblocks.tutoring.answers.registry import BrokenAnswerType, answer_type, known_tags

__all__ = ["AnswerType", "BrokenAnswerType", "answer_type", "known_tags"]
