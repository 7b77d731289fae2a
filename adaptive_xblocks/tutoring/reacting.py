"""What answers the item just done or laid aside: a remedy, another format, something easier or harder.

After a failure, where fresh and open: the misconception's remediation; once a skill has failed twice (`formats_after`)
another format, a worked example first, then a guided item, and so on in turn, never one a second time; the item that
the author named as easier; any easier item that shares a skill. After "too easy" something harder of the same skills,
after "too hard" something easier.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from random import Random

from adaptive_xblocks.tutoring.history import Choice
from adaptive_xblocks.tutoring.model import Item
from adaptive_xblocks.tutoring.ranking import Learner, best_fresh, by_weight, make_choice

#: An item names an easier one, which names an easier one: how far that is followed.
MOST_SMALLER_STEPS = 5


def after_error(learner: Learner, rng: Random) -> Choice | None:
    """What helps after a failed item, if there is anything fresh and open for it."""
    history, policy = learner.history, learner.policy
    failed = learner.bank.items.get(history.last_failed or "")
    if failed is None:
        return None
    remedy = _remediation(learner)
    if remedy is not None:
        return _named(learner, remedy, "remediation")
    for skill in failed.skills:
        if history.failed_skills.count(skill) >= policy.formats_after:
            other = _other_format(learner, skill)
            if other is not None:
                return other
    if history.failures >= policy.streak:
        return None
    return _easier(learner, failed, rng, "easier-after-error")


def after_skip(learner: Learner, rng: Random) -> Choice | None:
    """What a learner gets who laid an item aside as too easy or too hard, if there is anything fresh and open."""
    item_id, reason = learner.history.just_skipped
    skipped = learner.bank.items.get(item_id)
    if skipped is None:
        return None
    if reason == "too-hard":
        return _easier(learner, skipped, rng, "easier-after-skip")
    return best_fresh(learner, rng, "harder-after-skip", harder_than=skipped) if reason == "too-easy" else None


def smaller_step(learner: Learner, choice: Choice) -> Choice:
    """The choice, or before it the easier item that its author named, where the policy goes by small steps."""
    if not learner.policy.small_steps:
        return choice
    found = choice.item_id
    for _step in range(MOST_SMALLER_STEPS):
        easier = learner.bank.items[found].easier
        if not easier or not is_fresh_and_open(learner, easier):
            break
        found = easier
    if found == choice.item_id or not learner.gains.keys() & set(learner.bank.items[found].skills):
        return choice
    first = _named(learner, found, "smaller-step")
    return replace(first, runners_up=tuple(one for one in choice.runners_up if one[0] != found),
                   propensity=choice.propensity)


def fresh_guided(learner: Learner) -> Choice | None:
    """A guided item for a skill that has no other fresh item left."""
    for skill, _weight, _groups in by_weight(learner):
        for item_id in learner.bank.guided.get(skill, ()):
            if is_fresh_and_open(learner, item_id):
                return _named(learner, item_id, "guided", skill)
    return None


def is_fresh_and_open(learner: Learner, item_id: str) -> bool:
    """In the bank, never served, and every skill that has problems here is open."""
    item = learner.bank.items.get(item_id)
    if item is None or item_id in learner.history.served or item_id in learner.history.skipped:
        return False
    return all(skill in learner.open or skill not in learner.bank.groups_of for skill in item.skills)


def _easier(learner: Learner, than: Item, rng: Random, rule: str) -> Choice | None:
    if not learner.gains.keys() & set(than.skills):
        return None
    if than.easier and is_fresh_and_open(learner, than.easier):
        return _named(learner, than.easier, rule)
    return best_fresh(learner, rng, rule, easier_than=than)


def _other_format(learner: Learner, skill: str) -> Choice | None:
    """A worked example or a guided item, the one that did not come last time first."""
    formats = [(learner.bank.examples.get(skill, ()), "other-format"), (learner.bank.guided.get(skill, ()), "guided")]
    formats.sort(key=lambda one: _last_served(learner, one[0]))
    for items, rule in formats:
        for item_id in items:
            if is_fresh_and_open(learner, item_id):
                return _named(learner, item_id, rule, skill)
    return None


def _last_served(learner: Learner, items: Sequence[str]) -> int:
    return max((learner.history.served.get(item_id, (0, 0))[1] for item_id in items), default=0)


def _remediation(learner: Learner) -> str | None:
    """The item that the author gave for the misconception just shown, if it can be served now."""
    misconception = learner.bank.misconceptions.get(learner.history.misconception or "")
    if misconception is None or not (misconception.remediation or "").startswith("item:"):
        return None
    item_id = misconception.remediation.removeprefix("item:")
    return item_id if is_fresh_and_open(learner, item_id) else None


def _named(learner: Learner, item_id: str, rule: str, skill: str | None = None) -> Choice:
    """A choice of one item by rule, for the skill with the largest gain among its own."""
    skills = learner.bank.items[item_id].skills
    skill = skill or max(skills, key=lambda each: learner.gains.get(each, 0.0), default=None)
    return make_choice(learner, item_id, skill, rule, 1)
