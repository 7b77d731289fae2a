"""Choosing the next item.

The rule, for the policy "standard" (design section 6):

* In reach are items all of whose skills are open. A skill's gain is (1 - p_known) * learn, with learn shrunk
  half way to the default, because a badly known parameter should not steer the order; a skill practised last
  weighs 0.9 of its gain, so that skills alternate.
* Fit are items in reach that practise a skill neither mastered nor finished; fresh are those never served. Among
  the skills that have fresh fit items those within 20 % of the heaviest are looked at, and each of their
  items scores weight * preference: 1 inside the target band of predicted success, falling to 0.7 away from
  it. The best score wins; equal scores go to the heavier skill, then to the author's order of skills, and
  among the items of that skill to the generator.
* After an error or a skip what answers it comes first, where it is fresh and open (`reacting`). After three failures
  in a row the band moves up instead, and help is to be offered.
* Without fresh items guided ones come, then those with variables again with new numbers, and those laid aside, least
  recently seen first; without such the choice is empty.

See `ranking` for how the best item is found without looking at all of them, `policies` for what other policies change,
`placement` for the probe that may come first.
"""

from __future__ import annotations

import logging
from random import Random

from adaptive_xblocks.mastery import BktParameters
from adaptive_xblocks.tutoring.bank import Bank
from adaptive_xblocks.tutoring.history import RULES, Choice, History
from adaptive_xblocks.tutoring.policies import ADAPTIVE, Policy, find_policy
from adaptive_xblocks.tutoring.ranking import Learner, Record, best_fresh, by_weight, make_choice
from adaptive_xblocks.tutoring.reacting import after_error, after_skip, fresh_guided, smaller_step

__all__ = ["RULES", "Bank", "Choice", "History", "Policy", "is_exhausted", "next_review", "select"]

log = logging.getLogger(__name__)

DEFAULT_LEARN = BktParameters().learn


def select(
    bank: Bank, record: Record, history: History, policy: Policy | str = ADAPTIVE, rng: Random | None = None
) -> Choice:
    """The next item for a learner. The same arguments and generator state give the same choice.

    `record` holds a SkillState per skill met so far; `policy` is a Policy or a registered name. Never raises
    for a policy of another package: the standard one steps in, and the reason says so. Without an item the
    rule says why: "mastered", "finished" (some skills ended without mastery), "exhausted", "all-served"
    (fixed order) or "empty".
    """
    rng = rng or Random(history.serving)
    fault = None
    if isinstance(policy, str):
        policy, fault = find_policy(policy)
    if not isinstance(policy, Policy):
        try:
            choice = policy(bank, record, history, rng)
            if isinstance(choice, Choice) and (choice.item_id is None or choice.item_id in bank.items):
                return choice
            fault = f"The policy returned {choice!r:.80}, which is no choice from this bank."
        except Exception as error:  # whatever a foreign package raises
            fault = f"The policy failed: {error}"
        log.warning(fault)
        policy = ADAPTIVE
    choice = (
        _fixed_order(bank, history) if policy.fixed_order else _adaptive(bank, record, history, policy, rng)
    )
    if fault is None:
        return choice
    return Choice(
        choice.item_id, choice.skill, choice.rule, {**choice.reason, "policy_fault": fault},
        choice.runners_up, choice.propensity,
    )  # fmt: skip


def next_review(bank: Bank, record: Record, history: History, rng: Random | None = None) -> Choice:
    """An item to keep practising with, whatever has ended: of the least known skill, least recently seen.

    Give a record faded by `mastery.recall` to review what may have been forgotten. None only for an empty
    bank.
    """
    rng = rng or Random(history.serving)
    if not bank.skills:
        return _fixed_order(bank, History()) if bank.items else Choice(None, rule="empty")
    reach = bank.open_skills(record, history)
    groups = [group for group in bank.groups if reach.issuperset(group.skills)] or list(bank.groups)
    last = history.last_items[-1:] if len(bank.items) > 1 else ()
    weakest = {
        item_id: min(group.skills, key=lambda skill: (bank.p_known(skill, record), skill))
        for group in groups
        for item_id in group.item_ids
        if item_id not in last
    } or {
        item_id: group.skills[0] for group in bank.groups for item_id in group.item_ids if item_id not in last
    }

    def key(item_id: str) -> tuple:
        seen_at = history.served.get(item_id, (0, 0))[1]
        skill = weakest[item_id]
        return (skill in history.last_skills[-1:], bank.p_known(skill, record), seen_at)

    best = min(map(key, weakest))
    equals = [item_id for item_id in weakest if key(item_id) == best]
    item_id = rng.choice(equals)
    learner = Learner(bank, record, history, ADAPTIVE, {}, reach)
    return make_choice(learner, item_id, weakest[item_id], "review", len(weakest), propensity=1 / len(equals))


def is_exhausted(bank: Bank, record: Record, history: History, policy: Policy | str = ADAPTIVE) -> bool:
    """Whether `select` has no item left for a learner with something left to master (or, in fixed order, at
    all)."""
    if isinstance(policy, str):
        policy, _ = find_policy(policy)
    if isinstance(policy, Policy) and policy.fixed_order:
        return history.served.keys() >= bank.items.keys()
    learner = _view(bank, record, history, ADAPTIVE, bank.active_skills(record, history))
    return not fresh_guided(learner) and not any(
        group.recyclable or group.positions.keys() - (history.served.keys() - history.skipped)
        for _, _, groups in by_weight(learner)
        for group in groups
    )


def _adaptive(bank: Bank, record: Record, history: History, policy: Policy, rng: Random) -> Choice:
    active = bank.active_skills(record, history)
    if not active:
        return _nothing_active(bank, history)
    learner = _view(bank, record, history, policy, active)
    choice = after_skip(learner, rng) or after_error(learner, rng)
    if choice is not None:
        return choice
    rule = "streak-easier" if history.failures >= policy.streak else "largest-gain"
    choice = best_fresh(learner, rng, rule)
    return smaller_step(learner, choice) if choice else fresh_guided(learner) or _recycled(learner)


def _nothing_active(bank: Bank, history: History) -> Choice:
    if not bank.skills:
        return Choice(None, rule="empty")
    unfinished = [skill for skill in bank.skills if skill in history.finished]
    return Choice(None, rule="finished" if unfinished else "mastered", reason={"skills": unfinished})


def _view(bank: Bank, record: Record, history: History, policy: Policy, active: list[str]) -> Learner:
    reach = bank.open_skills(record, history)
    if not any(
        reach.issuperset(bank.groups[index].skills) for skill in active for index in bank.groups_of[skill]
    ):
        # Prerequisites in a circle, or items that join what is closed: nobody is left standing before a gate.
        reach = frozenset(bank.skills)
    gains = {
        skill: (1.0 - bank.p_known(skill, record)) * (bank.parameters[skill].learn + DEFAULT_LEARN) / 2.0
        for skill in active
        if skill in reach
    }
    return Learner(bank, record, history, policy, gains, reach)


def _recycled(learner: Learner) -> Choice:
    """Without fresh items: what can come with new numbers or was laid aside, least recently seen first."""
    history = learner.history
    again = {}
    for skill, _, groups in by_weight(learner):
        for group in groups:
            laid_aside = group.positions.keys() & history.skipped
            again.update(dict.fromkeys(sorted(laid_aside.union(group.recyclable)), skill))
    if not again:
        return Choice(None, rule="exhausted", reason={"skills": list(learner.gains)})
    if len(again) > 1:
        for item_id in history.last_items[-1:]:
            again.pop(item_id, None)
    enough = learner.policy.near * max(learner.gains[skill] for skill in again.values())
    near = [item_id for item_id, skill in again.items() if learner.gains[skill] >= enough]
    item_id = min(near, key=lambda each: history.served.get(each, (0, 0))[1])
    return make_choice(learner, item_id, again[item_id], "recycle", len(near))


def _fixed_order(bank: Bank, history: History) -> Choice:
    """The first item in the author's order that was not served; nothing known of the learner enters."""
    for item_id, item in bank.items.items():
        if item_id not in history.served:
            return Choice(item_id, next(iter(item.skills), None), "fixed-order", {"rule": "fixed-order"})
    return Choice(None, rule="all-served" if bank.items else "empty")
