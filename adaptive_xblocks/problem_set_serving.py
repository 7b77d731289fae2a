"""Numbers for an item about to be served: the first seed with which it can be shown and judged."""

from __future__ import annotations

import logging

from adaptive_xblocks.learner_session import keyed_number
from adaptive_xblocks.tutoring.answer_checks import is_playable
from adaptive_xblocks.tutoring.model import Item
from adaptive_xblocks.tutoring.variants import VariantError, make_variant

log = logging.getLogger(__name__)

#: How many seeds are tried for an item some of whose numbers cannot be computed (6 / d with d = 0).
MOST_SEEDS = 16


def playable_seed(item: Item, base: str) -> int | None:
    """The first seed of those that follow from `base` with which the item works; None if none does."""
    for attempt in range(MOST_SEEDS):
        seed = keyed_number("seed", f"{base}:{attempt}") >> 1
        try:
            make_variant(item, seed)
        except VariantError as error:
            log.warning("An item was passed over: %s", error)
            continue
        if is_playable(item, seed):
            return seed
        log.warning("Item %s was passed over: it cannot be judged with seed %s", item.id, seed)
    return None
