"""Authors' patterns (regular expressions) for texts, which cannot hang a worker whatever they are.

A pattern is one of Python's `re`, and is tried by the `regex` library, which stops when its time is over; a pattern
that has not matched by then does not match, which is logged. Its length, and what its counts such as {3} multiply to,
are bounded, because the library writes counts out in full.

>>> fits(r"colou?r(s|ed)?", "colours")
True
>>> fits("(a|aa)+", "a" * 300 + "!")
False
"""

from __future__ import annotations

import logging
import re
from functools import lru_cache
from math import prod

import regex

from adaptive_xblocks.tutoring.model import Message, _

log = logging.getLogger(__name__)

MAX_PATTERN = 200
#: Length times the product of its counts.
MAX_WRITTEN_OUT = 20_000
#: CPU time for one text.
SECONDS = 0.05
_COUNT = re.compile(r"\{(\d+)(?:,\d*)?\}")
_TRIED_LENGTH = 200
_TRIED_SIGNS = 6


class PatternError(ValueError):
    """A pattern that cannot be used; `sentence` says why."""

    def __init__(self, key: str, **params: str | int) -> None:
        self.sentence = Message(key, params)
        super().__init__(str(self.sentence))


@lru_cache(maxsize=1024)
def compiled(pattern: str, fold_case: bool = True) -> regex.Pattern:
    """The pattern ready to use (cached); PatternError if it is none, too long or too large.

    >>> try:
    ...     compiled("(a")
    ... except PatternError as error:
    ...     print(error)
    At character 1: missing ), unterminated subpattern.
    """
    if len(pattern) > MAX_PATTERN:
        raise PatternError(_("It has %(count)s characters; at most %(limit)s are read."),
                           count=len(pattern), limit=MAX_PATTERN)
    written_out = len(pattern) * prod(max(1, int(count)) for count in _COUNT.findall(pattern))
    if written_out > MAX_WRITTEN_OUT:
        raise PatternError(_("Its counts in braces multiply to too much: written out it has %(count)s characters, "
                             "at most %(limit)s are read."),
                           count=f"{min(written_out, 10**12):,}", limit=f"{MAX_WRITTEN_OUT:,}")
    try:
        re.compile(pattern)
        return regex.compile(pattern, regex.IGNORECASE | regex.FULLCASE if fold_case else 0)
    except (re.error, regex.error) as error:
        place = (getattr(error, "pos", None) or 0) + 1
        raise PatternError(_("At character %(place)s: %(reason)s."), place=place, reason=error.msg) from error
    except (RecursionError, OverflowError, MemoryError) as error:
        raise PatternError(_("It is nested too deeply or has too large counts.")) from error


@lru_cache(maxsize=4096)
def fits(pattern: str, text: str, fold_case: bool = True) -> bool:
    """Whether the whole text is as the pattern says; False for a pattern that does not decide in time. Cached."""
    return _decided(pattern, text, fold_case) or False


@lru_cache(maxsize=1024)
def is_slow(pattern: str, fold_case: bool = True) -> bool:
    """Whether the pattern does not decide in time about 200 signs of the kind that it looks for and one that it does
    not: what learners type when they lean on a key."""
    signs = list(dict.fromkeys([*filter(str.isalnum, pattern), "a", "0", " "]))[:_TRIED_SIGNS]
    return any(_decided(pattern, sign * _TRIED_LENGTH + "!", fold_case) is None for sign in signs)


def _decided(pattern: str, text: str, fold_case: bool) -> bool | None:
    try:
        return compiled(pattern, fold_case).fullmatch(text, timeout=SECONDS) is not None
    except (TimeoutError, MemoryError):
        log.warning("The pattern %r does not decide in %s s about a text of %s characters: it does not match.",
                    pattern, SECONDS, len(text))
        return None
