"""What answer types of several parts share: how parts are shuffled and named, and what a browser may send of them.

The browser knows a part only by its handle, the position in which it is shown, so a handle says nothing of the answer.
A response names parts by handles with spaces between them.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Any

from lxml import etree

from adaptive_xblocks.tutoring.answers.base import response_of, right, wrong
from adaptive_xblocks.tutoring.model import InputVerdict, Message, PartVerdict, Text, _
from adaptive_xblocks.tutoring.reading import ReadContext, shorten
from adaptive_xblocks.tutoring.variants import Variant

#: Of one input; fifty handles with what is said of each fit into what is kept of a response.
MAX_PARTS = 50
#: A longer response is not read.
MAX_RESPONSE = 500
#: More equally likely answers are counted as so many: a chance below is no chance to speak of, and this is one byte.
MOST_ANSWERS = 255

SAME_ID = _('Two parts have the id "%(id)s".')
OWN_ID = _("Give each an id of its own, or none.")


def tokens_of(raw: object) -> list[str] | None:
    """The parts that a response names, an empty list for none; None if it is too long to be one."""
    text = response_of(raw)
    return text.split() if len(text) <= MAX_RESPONSE else None


def permutation(count: int, seed: int | str, path: str) -> list[int]:
    """Places in an order that digests draw, so that it stays the same in every version of Python."""
    salt = f"{seed}/{path}/".encode()
    return sorted(
        range(count), key=lambda place: hashlib.blake2b(salt + str(place).encode(), digest_size=8).digest())


def shuffled(parts: Sequence[Any], seed: int | str, path: str) -> list[Any]:
    """Parts with a `text`, in an order that depends on their texts and the seed, not on how the author wrote them."""
    alphabetic = sorted(parts, key=lambda part: part.text.source)
    return [alphabetic[place] for place in permutation(len(parts), seed, path)]


def by_handle(parts: Sequence[Any]) -> dict[str, Any]:
    """Parts by their handles, in the order in which they are shown."""
    return {str(position): part for position, part in enumerate(parts, 1)}


def shown_text(text: Text, variant: Variant) -> dict[str, Any]:
    """A part's text as a template needs it."""
    return {"html": variant.text(text), "lang": text.lang, "dir": text.direction}


def alike(parts: Iterable[Any], look: Callable[[Any], Any]) -> list[tuple[Any, ...]]:
    """Parts with the same look together, in the order of the first of each; they are shown once."""
    found: dict[Any, tuple[Any, ...]] = {}
    for part in parts:
        key = look(part)
        found[key] = (*found.get(key, ()), part)
    return list(found.values())


def check_says(parts: Sequence[Any], variant: Variant) -> None:
    """VariantError if what is said of a part has no value: that must be found before a learner meets it."""
    for part in parts:
        if part.say is not None:
            variant.substituted(part.say.source)


def judged(
    value: str, credit: Fraction, message: Message | None, parts: Mapping[str, PartVerdict]
) -> InputVerdict:
    """The verdict of an answer of several parts: right with full credit, else wrong with what is right of it."""
    found = right(value) if credit == 1 else wrong(value, message)
    return replace(found, credit=credit, parts=parts)


def part_id(element: etree._Element, default: str, context: ReadContext) -> str:
    """The element's id, `default` where it has none; an error if it cannot be one."""
    value = element.get("id", default)
    context.check_identifier(element, value)
    return value


def check_ids(ids: Collection[str], element: etree._Element, context: ReadContext) -> None:
    """An error if two parts have the same id."""
    seen: set[str] = set()
    for one in ids:
        if one in seen:
            context.error(element, Message(SAME_ID, {"id": shorten(one)}), OWN_ID)
            return
        seen.add(one)
