"""Time to choose the next item, beside a plain scan of all items in the same run.

Run: python benchmarks/bench_select.py. The peer does what OATutor's heuristic does: it multiplies the mastery
of each item's skills and takes the lowest product among the items not done, equals at random.
"""

import random
import statistics
import time
from functools import partial

from adaptive_xblocks.mastery import SkillState
from adaptive_xblocks.tutoring.bank import Bank
from adaptive_xblocks.tutoring.model import Document, Item, Skill, Text
from adaptive_xblocks.tutoring.selection import History, select

BANKS = (  # items, skills, most skills on one item, what it stands for
    (100, 5, 1, "a topic"),
    (1_000, 20, 2, "a course"),
    (10_000, 50, 2, "a library"),
    (10_000, 5, 1, "lopsided"),
    (10_000, 50, 3, "many combinations"),
)
LEARNERS = ("new", "half way", "after an error")
ROUNDS = 200


def document(n_items: int, n_skills: int, most_skills: int, rng: random.Random) -> Document:
    """A random bank: a tenth of the skills has a prerequisite, difficulties are spread by a logit."""
    names = [f"s{number}" for number in range(n_skills)]
    skills = {
        name: Skill(name, name, requires=(names[number - 1],) if number % 10 == 9 else ())
        for number, name in enumerate(names)
    }
    items = {}
    for number in range(n_items):
        needed = tuple(rng.sample(names, rng.randint(1, most_skills)))
        difficulty = round(rng.gauss(0, 1), 2)
        items[f"i{number}"] = Item(f"i{number}", "", (), Text(""), difficulty=difficulty, skills=needed)
    return Document("adaptive_problem_set", skills=skills, items=items)


def learner(kind: str, bank: Bank, rng: random.Random) -> tuple[dict[str, SkillState], History]:
    """A record and a history: nothing yet, or a third of the skills mastered and 200 items served."""
    if kind == "new":
        return {}, History()
    record = {skill: SkillState(rng.random() * 0.94, 5, 2) for skill in bank.skills}
    for skill in bank.skills[::3]:
        record[skill] = SkillState(0.98, 8, 5, mastered=True)
    served = {
        f"i{number}": (1, number + 1)
        for number in rng.sample(range(len(bank.items)), min(200, len(bank.items) // 2))
    }
    last = next(item for item in served if record[bank.items[item].skills[0]].mastered is False)
    failed = {"last_failed": last, "failures": 1, "failed_skills": bank.items[last].skills}
    return record, History(
        served, len(served), (last,), bank.items[last].skills, **(failed if "error" in kind else {})
    )


def plain_scan(bank: Bank, record: dict[str, SkillState], history: History, rng: random.Random) -> str:
    """The item with the lowest product of masteries among all not yet served."""
    lowest, found = 2.0, []
    for item_id, item in bank.items.items():
        if item_id in history.served:
            continue
        product = 1.0
        for skill in item.skills:
            state = record.get(skill)
            product *= state.p_known if state is not None else 0.3
        if product < lowest:
            lowest, found = product, [item_id]
        elif product == lowest:
            found.append(item_id)
    return rng.choice(found)


def median_us(call, rounds: int) -> float:
    """Median of single calls, in microseconds."""
    times = []
    for _ in range(rounds):
        start = time.perf_counter()
        call()
        times.append(time.perf_counter() - start)
    return statistics.median(times) * 1e6


def main() -> None:
    """Print one line per bank and learner."""
    print(f"{'bank':34} {'learner':15} {'select':>10} {'plain scan':>12} {'ratio':>8}")
    for n_items, n_skills, most_skills, name in BANKS:
        rng = random.Random(1)
        bank = Bank.of(kept := document(n_items, n_skills, most_skills, rng))
        for kind in LEARNERS:
            record, history = learner(kind, bank, rng)
            arguments = bank, record, history
            ours = median_us(partial(select, *arguments, "adaptive", rng), ROUNDS)
            peer = median_us(partial(plain_scan, *arguments, rng), ROUNDS // 4)
            title = f"{name}: {n_items} items, {n_skills} skills"
            print(f"{title:34} {kind:15} {ours:7.1f} us {peer:9.1f} us {peer / ours:7.1f}x")
        del kept


if __name__ == "__main__":
    main()
