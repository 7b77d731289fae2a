"""Torture of the learner record: `python -m tools.torture --seeds 1..500 --databases mariadb_rc,stand_in_sqlite`.

Plays seeded scenarios on the stand-in platform (decision 0009) and prints what breaks, shortened, with the command
that plays it again. `--seed 17 --verbose` plays one seed and tells every step. `--mutations` takes the guards of the
record away one by one: each has to be missed. Exit status 1 if a property broke, or a guard was not missed.
"""

from __future__ import annotations

import argparse
import multiprocessing
import sys
import time
from collections.abc import Iterable, Iterator
from functools import partial
from importlib import import_module

DATABASES = "stand_in_sqlite,mariadb_rc,mariadb_rr"


def main() -> int:
    """Parse the command line and play."""
    parser = argparse.ArgumentParser(prog="python -m tools.torture", description=__doc__.splitlines()[0])
    parser.add_argument("--seeds", default="1..100", help="A..B (default 1..100)")
    parser.add_argument("--seed", type=int, help="one seed, whose failure is told in full")
    parser.add_argument("--databases", "--database", default=DATABASES, help=f"of {DATABASES}, by commas")
    parser.add_argument("--minutes", type=float, default=24 * 60, help="stop after so long")
    parser.add_argument("--processes", type=int, default=1)
    parser.add_argument("--verbose", action="store_true", help="every turn of every request")
    parser.add_argument("--mutations", action="store_true", help="take the guards away, one by one")
    parser.add_argument("--guard", default="", help="only guards with this in their name")
    options = parser.parse_args()
    first, last = (options.seed,) * 2 if options.seed is not None else map(int, options.seeds.split(".."))
    databases = options.databases.split(",")
    if options.mutations:
        return mutations(range(first, last + 1), databases[0], options)
    parts = [(range(first + part, last + 1, options.processes), databases, options.minutes, options.verbose,
              options.seed is not None) for part in range(options.processes)]
    if options.processes == 1:
        return sum(map(run, parts)) > 0
    with multiprocessing.get_context("spawn").Pool(options.processes) as pool:
        return sum(pool.map(run, parts)) > 0


def run(part: tuple[Iterable[int], list[str], float, bool, bool]) -> int:
    """Play seeds; how many failed."""
    seeds, databases, minutes, is_verbose, is_told = part
    import_module("tests.conftest")  # the settings, before anything of Django's
    from tests.torture.play import play
    from tests.torture.report import shorten, tell
    from tests.torture.scenario import make_plan

    until, n_played, n_failed, begun = time.monotonic() + 60 * minutes, 0, 0, time.monotonic()
    for database, threads in _prepared(databases):
        for seed in seeds:
            if time.monotonic() > until:
                break
            outcome = play(make_plan(seed), database, threads)
            n_played += 1
            if outcome.violations:
                n_failed += 1
                if not is_verbose:
                    outcome = shorten(outcome, partial(play, database=database, threads=threads))
                print(tell(outcome, database, is_verbose), end="\n\n", flush=True)
            elif is_told and is_verbose:
                print(*outcome.lines, f"seed {seed} on {database}: everything held", sep="\n")
    print(f"{n_played} runs, {n_failed} failed, {time.monotonic() - begun:.0f} s", flush=True)
    return n_failed


def mutations(seeds: range, database: str, options: argparse.Namespace) -> int:
    """Take each guard away and print the first seed that misses it."""
    import_module("tests.conftest")
    from tests.torture.mutations import GUARDS, first_seed

    n_survivors = 0
    for _name, threads in _prepared([database]):
        for guard in GUARDS:
            if options.guard in guard.name:
                begun = time.monotonic()
                seed, violation = first_seed(guard, seeds, database, threads)
                n_survivors += seed is None
                found = "NOT MISSED" if seed is None else f"seed {seed:4}: {violation.property}"
                print(f"{guard.name:45} {found:60} {time.monotonic() - begun:6.1f} s", flush=True)
                if options.verbose and seed is not None:
                    print(f"    {violation.text}")
    print(f"{n_survivors} guards were not missed")
    return int(n_survivors > 0)


def _prepared(databases: list[str]) -> Iterator[tuple[str, object]]:
    """Each database with threads to play on it."""
    from tests.torture.scheduler import worker_threads

    for database in databases:
        with worker_threads() as threads:
            yield database, threads


if __name__ == "__main__":
    sys.exit(main())
