"""The best fresh item for a learner, found by bisection in groups of items that need the same skills.

Every item of the skills in contention scores weight * preference; the result is that of scoring them all.
Within a group predicted success falls as difficulty rises, so the target band is a range of positions, and
outside of it only the nearest items can be best. The band's ends are compared in difficulty, where they have
a closed form. An answer type's chance is left out: the band is about what the learner knows, not about luck.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from heapq import nlargest
from math import prod
from operator import itemgetter
from random import Random
from typing import Any, NamedTuple

from adaptive_xblocks.mastery import SkillState, predict_correct_jointly
from adaptive_xblocks.mastery.tracing import guess_and_slip
from adaptive_xblocks.tutoring.banding import (
    Band,
    band_positions,
    free_above,
    free_below,
    n_free,
    nth_free,
    preference,
)
from adaptive_xblocks.tutoring.bank import TUTOR, Bank, Group
from adaptive_xblocks.tutoring.history import Choice, History
from adaptive_xblocks.tutoring.model import Item
from adaptive_xblocks.tutoring.policies import Policy

SIMILAR = 0.1  # logits within which two items count as equally difficult
N_RUNNERS_UP = 3

Record = Mapping[str, SkillState]


class Learner(NamedTuple):
    """One request's view. `gains` holds the active skills in reach, in the author's order, `open` all skills
    in reach."""

    bank: Bank
    record: Record
    history: History
    policy: Policy
    gains: dict[str, float]
    open: frozenset[str]


class Found(NamedTuple):
    """What a group has to offer: its best score, the position ranges that share it and how many fresh items
    they hold.

    `fresh` counts the fresh items before the position `end`; `taken` are the other positions, sorted; `band`
    the positions in the band; `p_all` is P(all the group's skills known).
    """

    score: float
    weight: float
    group: Group
    skill: str
    ranges: tuple[tuple[int, int], ...]
    n: int
    fresh: int
    end: int
    taken: Sequence[int]
    band: tuple[int, int]
    p_all: float


def best_fresh(
    learner: Learner, rng: Random, rule: str, easier_than: Item | None = None, harder_than: Item | None = None
) -> Choice | None:
    """The best-scoring fresh item; with `easier_than` or `harder_than`, of items easier or harder than that one and
    sharing a skill with it.

    Skills are looked at by falling weight, and no further than one of them could still hold a better item.
    """
    policy = learner.policy
    band = policy.streak_band if learner.history.failures >= policy.streak else policy.band
    found: list[Found] = []
    n_candidates = 0
    best = enough = -1.0
    for skill, weight, groups in by_weight(learner):
        if found and (weight < enough or weight <= best):
            break
        offers = [_offer(learner, group, skill, weight, band, (harder_than, easier_than)) for group in groups]
        offers = [one for one in offers if one is not None]
        n_candidates += sum(one.fresh for one in offers)
        found += _best_offers(learner, offers, band)
        if found:
            best = max(one.score for one in found)
            enough = policy.near * weight if enough < 0.0 else enough
    return _pick(learner, found, best, rng, rule, band, n_candidates) if found else None


def by_weight(learner: Learner) -> Iterator[tuple[str, float, list[Group]]]:
    """Skills with their weight and groups in reach, heaviest first, equals in the author's order.

    A group comes once: with the heaviest of its skills.
    """
    last = learner.history.last_skills[-1:]
    weights = {
        skill: gain * learner.policy.same_skill if skill in last else gain
        for skill, gain in learner.gains.items()
    }
    groups, seen = learner.bank.groups, set()
    for skill in sorted(weights, key=weights.__getitem__, reverse=True):
        fit = []
        for index in learner.bank.groups_of[skill]:
            if index not in seen and learner.open.issuperset(groups[index].skills):
                seen.add(index)
                fit.append(groups[index])
        yield skill, weights[skill], fit


def _offer(
    learner: Learner, group: Group, skill: str, weight: float, band: Band, between: tuple[Item | None, Item | None]
) -> Found | None:
    """A group's fresh items in the band, maybe none; None if it has no fresh item `between` those two (harder than the
    first, easier than the second) at all."""
    if any(one and not set(one.skills).intersection(group.skills) for one in between):
        return None
    harder_than, easier_than = between
    end = bisect_left(group.difficulties, easier_than.difficulty) if easier_than else len(group.difficulties)
    taken = _taken(group, learner.history)
    if harder_than:
        taken = sorted({*taken, *range(bisect_right(group.difficulties, harder_than.difficulty))})
    fresh = end - bisect_left(taken, end) if taken else end
    if not fresh:
        return None
    p_knowns = [learner.bank.p_known(skill, learner.record) for skill in group.skills]
    p_all = p_knowns[0] if len(p_knowns) == 1 else prod(sorted(p_knowns))
    low, high = band_positions(group.difficulties, end, band, p_all, group.guess, group.slip)
    n = n_free(taken, low, high)
    return Found(weight, weight, group, skill, ((low, high),), n, fresh, end, taken, (low, high), p_all)


def _best_offers(learner: Learner, offers: list[Found], band: Band) -> list[Found]:
    """A skill's offers with their true scores; those outside the band cannot win against one inside."""
    inside = [one for one in offers if one.n]
    return inside or [_beside_band(learner, one, band) for one in offers]


def _beside_band(learner: Learner, one: Found, band: Band) -> Found:
    """The offer of a group without fresh items in the band: the nearest on either side."""
    difficulties, taken, (low, high) = one.group.difficulties, one.taken, one.band
    sides = []
    for position in (free_below(taken, low), free_above(taken, high, one.end)):
        if position is not None:
            difficulty = difficulties[position]
            run = bisect_left(difficulties, difficulty), bisect_right(difficulties, difficulty, hi=one.end)
            sides.append((one.weight * _preference_at(learner, one, position, band), run))
    score = max(score for score, _ in sides)
    ranges = tuple(run for each, run in sides if each == score)
    return one._replace(score=score, ranges=ranges, n=sum(n_free(taken, *run) for run in ranges))


def _taken(group: Group, history: History) -> Sequence[int]:
    """Sorted positions of the group's items that are not fresh."""
    ids = group.positions.keys() & history.served.keys()
    if history.skipped:
        ids |= group.positions.keys() & history.skipped
    return sorted(map(group.positions.__getitem__, ids)) if ids else ()


def _pick(
    learner: Learner, found: list[Found], best: float, rng: Random, rule: str, band: Band, n_candidates: int
) -> Choice:
    """One of the items that share the best score and skill, each with the same probability."""
    # The first: at equal scores the heavier skill, then the one the author put first.
    practised = next(one.skill for one in found if one.score == best)
    equals = [one for one in found if one.score == best and one.skill == practised]
    n = sum(one.n for one in equals)
    number = rng.randrange(n) if n > 1 else 0
    for one in equals:
        if number < one.n:
            break
        number -= one.n
    item_id = one.group.item_ids[nth_free(one.taken, one.ranges, number)]
    runners_up = _runners_up(learner, item_id, found, band)
    return make_choice(learner, item_id, one.skill, rule, n_candidates, 1 / n, band, runners_up)


def _runners_up(
    learner: Learner, chosen: str, found: list[Found], band: Band
) -> tuple[tuple[str, str, float], ...]:
    """The next best of the groups that could win; equal scores: other groups before more of the same."""
    scored = []
    # The best four items are all in the four groups with the best items.
    for one in nlargest(N_RUNNERS_UP + 1, found, key=itemgetter(0)):
        rank = 0
        for position, factor in _best_first(learner, one, band):
            item_id = one.group.item_ids[position]
            if item_id != chosen:
                scored.append((-one.weight * factor, rank, len(scored), item_id, one.skill))
                rank += 1
                if rank == N_RUNNERS_UP:
                    break
    return tuple((item_id, skill, -score) for score, _, _, item_id, skill in sorted(scored)[:N_RUNNERS_UP])


def _best_first(learner: Learner, one: Found, band: Band) -> Iterator[tuple[int, float]]:
    """Free positions of a group with their preference, best first."""
    taken, (low, high) = one.taken, one.band
    position = free_above(taken, low, high)
    while position is not None:
        yield position, 1.0
        position = free_above(taken, position + 1, high)
    sides = [free_below(taken, low), free_above(taken, high, one.end)]
    while sides != [None, None]:
        factors = [-1.0 if each is None else _preference_at(learner, one, each, band) for each in sides]
        side = 0 if factors[0] >= factors[1] else 1
        yield sides[side], factors[side]
        if side == 0:
            sides[0] = free_below(taken, sides[0])
        else:
            sides[1] = free_above(taken, sides[1] + 1, one.end)


def _preference_at(learner: Learner, one: Found, position: int, band: Band) -> float:
    group = one.group
    guess, slip = guess_and_slip(group.guess, group.slip, 0.0, group.difficulties[position])
    predicted = one.p_all * (1.0 - slip) + (1.0 - one.p_all) * guess
    return preference(predicted, band, learner.policy.off_band)


def make_choice(
    learner: Learner,
    item_id: str,
    skill: str | None,
    rule: str,
    n: int,
    propensity: float = 1.0,
    band: Band | None = None,
    runners_up: tuple[tuple[str, str, float], ...] = (),
) -> Choice:
    """The choice with its reason: skill, p_known, predicted success, band, relation to the last item,
    candidates."""
    bank, item = learner.bank, learner.bank.items[item_id]
    reason: dict[str, Any] = {
        "skill": skill,
        "p_known": bank.p_known(skill, learner.record) if skill in bank.parameters else None,
        "predicted": predicted_success(learner, item.skills, item.difficulty) if item.skills else None,
        "band": list(band or learner.policy.band),
        "rule": rule,
        "relation": _relation(learner, item_id),
        "n_candidates": n,
        "opens_help": rule == "streak-easier" or learner.policy.opens_help or item.format == TUTOR,
    }
    return Choice(item_id, skill, rule, reason, runners_up, propensity)


def predicted_success(learner: Learner, skills: Sequence[str], difficulty: float) -> float:
    """P(right without help) on an item that needs these skills."""
    bank = learner.bank
    p_knowns = [bank.p_known(skill, learner.record) for skill in skills]
    return predict_correct_jointly(
        p_knowns, [bank.parameters[skill] for skill in skills], difficulty=difficulty
    )


def _relation(learner: Learner, item_id: str) -> str | None:
    """Whether the item is easier or harder than the last one, or similar; None without a last one."""
    last = learner.bank.items.get(next(iter(learner.history.last_items[-1:]), ""))
    if last is None:
        return None
    difference = learner.bank.items[item_id].difficulty - last.difficulty
    if abs(difference) < SIMILAR:
        return "similar"
    return "harder" if difference > 0 else "easier"
