"""Remembering what was made of a text, for as many texts as memory allows."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable
from functools import wraps
from typing import TypeVar

Made = TypeVar("Made")


def remember(most_characters: int) -> Callable[[Callable[[str], Made]], Callable[[str], Made]]:
    """Keep what a function makes of a text, the latest used first, as long as the texts have no more than so many
    characters together; the last one is always kept. Safe in threads, of which two may make the same once each.

    >>> @remember(6)
    ... def shouted(text):
    ...     print("working")
    ...     return text.upper()
    >>> [shouted("one"), shouted("one"), shouted("two"), shouted("four"), shouted("two")]
    working
    working
    working
    working
    ['ONE', 'ONE', 'TWO', 'FOUR', 'TWO']
    """

    def decorate(make: Callable[[str], Made]) -> Callable[[str], Made]:
        kept: OrderedDict[str, Made] = OrderedDict()
        lock = threading.Lock()

        @wraps(make)
        def remembered(text: str) -> Made:
            with lock:
                if text in kept:
                    kept.move_to_end(text)
                    return kept[text]
            made = make(text)
            with lock:
                kept[text] = made
                while len(kept) > 1 and sum(map(len, kept)) > most_characters:
                    kept.popitem(last=False)
            return made

        return remembered

    return decorate
