"""How practice ends for simulated learners: the ends, what is declared, and whether the bounds of honest ends hold.

Run: python benchmarks/simulate_learners.py [--learners 10000] [--seed 1] [--processes 2] [--topic FILE …] [--choices].
Without a topic the package's own are played; with --choices also a made one that has nothing but choices. The learners
of a topic are shared out among the profiles of `tutoring.simulation`. Exit code 1, and the figure, where one is broken.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Iterator
from multiprocessing import Pool
from pathlib import Path
from random import Random

from _choices import choices_only
from _topics import documents

from adaptive_xblocks.tutoring.parser import load
from adaptive_xblocks.tutoring.simulation import PROFILES, Outcome, Summary, Topic, simulate, summarised

NAMED_ENDS = {"mastered", "needs_a_person", "exhausted"}
CHUNK = 100

_topics: dict[str, Topic] = {}


def topic_of(source: str) -> Topic:
    """The topic of an OLX text, made ready once per process."""
    if source not in _topics:
        _topics[source] = Topic(load(source))
    return _topics[source]


def play(task: tuple[str, str, list[str]]) -> tuple[list[Outcome], list[str], float]:
    """The outcomes of some learners of one profile, what went wrong, and the CPU seconds that it took."""
    source, profile, seeds = task
    topic, outcomes, errors = topic_of(source), [], []
    start = time.process_time()
    for seed in seeds:
        try:
            outcomes.append(simulate(topic, PROFILES[profile], Random(seed)))
        except Exception as error:  # counted, and told
            errors.append(f"{profile} {seed}: {type(error).__name__}: {error}")
    return outcomes, errors, time.process_time() - start


def broken_bounds(profile: str, found: Summary, errors: list[str], with_luck: float = 0.05) -> Iterator[str]:
    """The figures of a profile that are beyond their bounds, as sentences."""
    checks = [
        (not errors, f"{len(errors)} errors, the first: {errors[:1]}"),
        (found.repeated == 0, f"{found.repeated} items came again while a fresh one was fit"),
        (found.ends.keys() <= NAMED_ENDS, f"ends are {dict(found.ends)}"),
    ]
    if profile in ("average", "strong"):
        checks.append((found.stuck <= 0.02, f"{found.stuck:.2%} stuck, at most 2 % may be"))
    if profile == "guesser":
        checks += [
            (found.stuck >= 0.9, f"{found.stuck:.2%} stuck, at least 90 % must be"),
            (found.any_declared <= with_luck, f"{found.any_declared:.2%} declared mastered, at most {with_luck:.0%}"),
            (found.grades(1 - with_luck) < 0.5, f"a grade of {found.grades(1 - with_luck):.2f}, not below 0.5"),
        ]
    if profile == "copier":
        checks.append((found.any_declared == 0, f"{found.any_declared:.2%} declared mastered, none may be"))
    if profile == "knower":
        checks.append((found.mastered_within(6) >= 0.99,
                       f"only {found.mastered_within(6):.2%} have mastered all with 6 answers on each skill"))
    for holds, sentence in checks:
        if not holds:
            yield f"{profile}: {sentence}"


def line_of(profile: str, found: Summary, errors: list[str]) -> str:
    """A row of the table."""
    ends = " ".join(f"{end or 'none'} {n}" for end, n in sorted(found.ends.items()))
    shares = found.stuck, found.declared, found.any_declared, found.all_declared, found.falsely_declared
    counts = f"{found.items(0.5):5} {found.items(0.95):5} {found.repeated:4} {len(errors):4}"
    grades = " ".join(f"{found.grades(quantile):5.2f}" for quantile in (0.05, 0.5, 0.95, 1))
    return (f"{profile:20} {' '.join(f'{share:7.2%}' for share in shares)} {counts} {grades} "
            f"{found.mastered_within(6):7.2%}  {ends}")


HEADING = ("profile                stuck  skills     any     all   false items   p95  rep  err  gr.5   p50   p95   max"
           "  6 each  ends")


def main() -> int:
    """Print a table per topic; 1 if a bound is broken."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--topic", nargs="*", type=Path, help="OLX files; the package's own topics if left out")
    parser.add_argument("--choices", action="store_true", help="also a document with nothing but choices")
    parser.add_argument("--learners", type=int, default=10_000, help="for each topic, all profiles together")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--processes", type=int, default=2)
    options = parser.parse_args()
    files = options.topic or documents()
    sources = {str(file): file.read_text(encoding="utf-8") for file in files}
    if options.choices:
        sources |= {f"choices of {n}": choices_only(n) for n in (2, 3, 4, 5)}
    each, broken = max(1, options.learners // len(PROFILES)), []
    with Pool(options.processes) as pool:
        for name, source in sources.items():
            topic = topic_of(source)
            if not topic.bank.skills:
                continue
            n_skills, n_items = len(topic.bank.skills), len(topic.bank.items)
            print(f"\n{name}: {n_skills} skills, {n_items} items, {each} learners a profile")
            print(HEADING)
            cpu = 0.0
            for profile in PROFILES:
                seeds = [f"{options.seed}:{profile}:{number}" for number in range(each)]
                tasks = [(source, profile, seeds[start:start + CHUNK]) for start in range(0, each, CHUNK)]
                played = pool.map(play, tasks, chunksize=1)
                found = summarised(topic, [outcome for outcomes, _errors, _cpu in played for outcome in outcomes])
                errors = [error for _outcomes, some, _cpu in played for error in some]
                cpu += sum(seconds for _outcomes, _errors, seconds in played)
                print(line_of(profile, found, errors), flush=True)
                broken += [f"{name}: {sentence}" for sentence in broken_bounds(profile, found, errors)]
            print(f"{cpu:.0f} s of CPU")
    print("\n" + ("\n".join(["Broken bounds:", *broken]) if broken else "All bounds hold."))
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
