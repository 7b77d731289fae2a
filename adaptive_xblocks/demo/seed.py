"""Give the demo's learners a past, by real requests to the block's handlers.

Every problem set of the demo that adapts is tried; one that has been answered already is left as it is.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

from django.test import Client

from adaptive_xblocks.demo.player import HandlerRefused, Player
from adaptive_xblocks.demo.views import adapts, our_scenarios

SEEDED_BLOCK = "adaptive_problem_set"
FAR_ALONG = 0.8  # share of the skills that Ada has mastered
ON_THE_WAY = 0.3  # share that Ben has mastered at least
MOST_ITEMS = 60
TIMES_SHOWN = 2  # how often Ben's misconception has been met


def seed() -> None:
    """Let Ada, Ben and Chi practise in every problem set that adapts, unless they have been there before."""
    topics = [(one, title) for one, title in our_scenarios() if one.rpartition(".")[0] == SEEDED_BLOCK and adapts(one)]
    if not topics:
        print("No problem set was found among the scenarios: nobody is seeded.")
    for scenario_id, title in topics:
        for student_id, practise in (("ada", far_along), ("ben", with_a_misconception), ("chi", just_started)):
            seed_learner(Player(Client(), scenario_id, student_id), practise, title)


def seed_learner(player: Player, practise: Callable[[Player], None], title: str) -> None:
    """Let one learner practise in one topic, and say how far that led."""
    if player.practice.serving:
        return
    name = f"{title}, {player.student_id.title()}"
    try:
        player.open()
        practise(player)
    except HandlerRefused as refused:
        print(f"{name}: could not be seeded: {refused}")
    else:
        print(f"{name}: problems done: {player.practice.n_done}, skills mastered: {player.share_mastered:.0%}")


def far_along(player: Player) -> None:
    """Right answers until most skills are mastered, with one hint on the way."""
    for number in range(MOST_ITEMS):
        if player.practice.end or player.share_mastered >= FAR_ALONG:
            return
        if number == 3:
            player.hint()
        player.finish_item()
        player.next()


def with_a_misconception(player: Player) -> None:
    """The document's most frequent misconception where steps recognise it, a few times; else right answers, until some
    skills are mastered."""
    misconception = most_recognised(player)
    for _number in range(MOST_ITEMS):
        is_shown = player.practice.misconceptions.get(misconception, 0) >= TIMES_SHOWN
        if player.practice.end or (is_shown and player.share_mastered >= ON_THE_WAY):
            return
        player.finish_item(None if is_shown else misconception)
        player.next()


def just_started(player: Player) -> None:
    """One problem done, a hint asked for on the second."""
    player.finish_item()
    player.next()
    player.hint()


def most_recognised(player: Player) -> str | None:
    """The misconception that most steps of the document recognise, None if there is none."""
    counts = Counter(
        rule.misconception
        for item in player.block.document.items.values() for step in item.steps for rule in step.wrongs
        if rule.misconception
    )
    return counts.most_common(1)[0][0] if counts else None
