"""Which item comes next in a problem set, and its numbers: the first seed with which it can be shown and judged."""

from __future__ import annotations

import logging
import random
from dataclasses import replace

from adaptive_xblocks.learner_session import keyed_number
from adaptive_xblocks.problem_set_offers import taken
from adaptive_xblocks.tutoring import practising
from adaptive_xblocks.tutoring.answer_checks import is_playable
from adaptive_xblocks.tutoring.model import Item
from adaptive_xblocks.tutoring.policies import ADAPTIVE
from adaptive_xblocks.tutoring.selection import Choice, next_review, select
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


class RunServingMixin:
    """The part of `problem_set_run.Run` that chooses and serves."""

    def _choose(self, wanted: str | None, unservable: set[str]) -> Choice:
        states, history = self.session.states, self.history
        history = replace(history, skipped=history.skipped | unservable)
        rng = self._rng
        choice = select(self.bank, states, history, self.policy, rng)
        if choice.item_id is None and self.practice.continuing:
            choice = next_review(self.bank, states, history, rng)
        return taken(self, choice, wanted) if wanted else choice

    def serve(self, choice: Choice) -> bool:
        """Put the chosen item in the learner's hand; False if it cannot be shown with any numbers."""
        item = self.document.items[choice.item_id]
        policy = ADAPTIVE.name if "policy_fault" in choice.reason else self.policy
        seed = playable_seed(item, f"{self._seed_base}:{self.practice.serving + 1}")
        if seed is None:
            return False
        self.practice = practising.serve(self.practice, item, seed, choice, policy)
        state = self.session.states.get(choice.skill or "")
        self.publish(
            "item.served", item=item.id, item_version=item.version, seed=seed, serving=self.practice.serving,
            skill=choice.skill or "", rule=choice.rule, policy=policy, propensity=choice.propensity,
            p_known=state.p_known if state else None, runners_up=[runner[0] for runner in choice.runners_up])
        return True

    def runners_up(self) -> list[str]:
        """Items that could come next instead of the best one."""
        choice = self._choose(None, set())
        return [runner[0] for runner in choice.runners_up if runner[0] in self.document.items]

    @property
    def last_choice(self) -> Choice:
        """Why the item in hand was chosen, as it was stored when it was."""
        stored = self.practice.choice
        return Choice(item_id=self.practice.item, skill=stored.get("skill"), rule=str(stored.get("rule", "")),
                      reason=dict(stored.get("reason", {})), runners_up=(), propensity=1.0)

    @property
    def _rng(self) -> random.Random:
        """The generator of one choice: the same evidence leads to the same item."""
        return random.Random(f"{self._seed_base}:{self.practice.serving}")

    @property
    def _seed_base(self) -> str:
        ids = self.block.scope_ids
        return f"{ids.user_id}:{ids.usage_id}:{self.session.log.epoch}"
