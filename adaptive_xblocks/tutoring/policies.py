"""How to choose, by name: the built-in policies and those that other packages add.

A package adds one through the entry point group "adaptive_xblocks.policies". The entry point is a `Policy`,
or a callable `(bank, record, history, rng) -> Choice` that changes none of its arguments. One that cannot be
loaded, or that raises while choosing, is replaced by "standard" and named in the choice's reason under
"policy_fault".
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from importlib.metadata import entry_points

log = logging.getLogger(__name__)

GROUP = "adaptive_xblocks.policies"


@dataclass(frozen=True, slots=True)
class Policy:
    """The numbers of a choice.

    * `band`: predicted success to aim at; `streak_band` after `streak` failed items in a row;
    * `near`: items of skills whose gain is at least this share of the largest are looked at;
    * `off_band`: what the preference falls to for a predicted success far from the band (a bounded
    preference);
    * `same_skill`: the factor for the skill practised last, so that skills alternate;
    * `fixed_order`: the author's order, whatever is known of the learner;
    * `small_steps`: before an item comes the one that its author named as `easier`, if it is fresh and open;
    * `opens_help`: help is offered from the start, on every item;
    * `formats_after`: failures of a skill after which another format is due (a worked example, a guided item);
    * `probe`: at most so many items place a newcomer first (`placement`);
    * `offers`: learners may choose another item that fits, before they begin one and after it.
    """

    name: str = "standard"
    band: tuple[float, float] = (0.6, 0.85)
    streak_band: tuple[float, float] = (0.8, 0.95)
    streak: int = 3
    near: float = 0.8
    off_band: float = 0.7
    same_skill: float = 0.9
    fixed_order: bool = False
    small_steps: bool = False
    opens_help: bool = False
    formats_after: int = 2
    probe: int = 0
    offers: bool = False


ADAPTIVE = Policy()
FIXED_ORDER = Policy(name="fixed-order", fixed_order=True)
#: What an author chooses from. `support` is for learners who lose heart: problems that mostly succeed, the easier one
#: of a pair first, help on the table, another format after the first failure and an easier band after the second.
#: `accelerate` is for those who know a good deal already: a probe finds their place, then problems are harder.
#: Older documents say "adaptive" for "standard".
BUILT_IN = {
    policy.name: policy
    for policy in (
        ADAPTIVE,
        Policy(name="support", band=(0.75, 0.92), streak=2, small_steps=True, opens_help=True, formats_after=1),
        Policy(name="accelerate", band=(0.45, 0.7), probe=8),
        Policy(name="choice", offers=True),
        FIXED_ORDER,
    )
} | {"adaptive": ADAPTIVE}


def policy_names() -> tuple[str, ...]:
    """Names an author can choose from, the built-in ones first. Loads nothing."""
    return (*BUILT_IN, *sorted({point.name for point in entry_points(group=GROUP)} - set(BUILT_IN)))


@lru_cache(maxsize=64)
def find_policy(name: str) -> tuple[Policy | Callable, str | None]:
    """The policy of that name and None, or the standard one and a sentence that says what is wrong."""
    if name in BUILT_IN:
        return BUILT_IN[name], None
    for point in entry_points(group=GROUP):
        if point.name == name:
            try:
                found = point.load()
            except Exception as error:  # whatever a foreign package raises on import
                log.warning("Policy %s cannot be loaded: %s", name, error)
                return ADAPTIVE, f"Policy {name} cannot be loaded ({error}): repair or remove its package."
            if isinstance(found, Policy) or callable(found):
                return found, None
            return (
                ADAPTIVE,
                f"Policy {name} is neither a Policy nor a function: repair or remove its package.",
            )
    return ADAPTIVE, f"There is no policy {name}: choose one of {', '.join(policy_names())}."
