"""Torture of the learner record: `python -m tools.torture --seeds 1..500 --databases mariadb_rc,stand_in_sqlite`.

Plays seeded scenarios on the stand-in platform (decision 0009) and prints what breaks, shortened, with the command
that plays it again. `--seed 17 --verbose` plays one seed and tells every turn. `--mutations` takes the guards of the
record away one by one: each has to be missed. Exit status 1 if a property broke, or a guard was not missed.
"""

from __future__ import annotations

import argparse
import atexit
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from functools import partial
from importlib import import_module
from typing import Any

DATABASES = "stand_in_sqlite,mariadb_rc,mariadb_rr"


def main() -> int:
    """Parse the command line and play."""
    parser = argparse.ArgumentParser(prog="python -m tools.torture", description=__doc__.splitlines()[0])
    parser.add_argument("--seeds", default="1..100", help="A..B (default 1..100)")
    parser.add_argument("--seed", type=int, help="one seed")
    parser.add_argument("--databases", "--database", default=DATABASES, help=f"by commas (default {DATABASES})")
    parser.add_argument("--minutes", type=float, default=24 * 60, help="stop after so long")
    parser.add_argument("--processes", type=int, default=1, help="share the seeds among so many")
    parser.add_argument("--verbose", action="store_true", help="tell every turn of every request that matters")
    parser.add_argument("--mutations", action="store_true", help="take the guards away, one by one (first database)")
    parser.add_argument("--guard", default="", help="only guards with this in their name")
    options = parser.parse_args()
    first, last = (options.seed,) * 2 if options.seed is not None else map(int, options.seeds.split(".."))
    if options.processes > 1:
        return _share(options, first, last)
    atexit.register(shutil.rmtree, import_module("tests.conftest").DEMO_DIR, ignore_errors=True)
    return int((mutations if options.mutations else torture)(range(first, last + 1), options) > 0)


def torture(seeds: range, options: argparse.Namespace) -> int:
    """Play seeds; how many failed."""
    from tests.torture.play import play
    from tests.torture.report import shorten, tell
    from tests.torture.scenario import make_plan

    databases, n_played, n_failed, begun = options.databases.split(","), 0, 0, time.monotonic()
    for number, (database, threads) in enumerate(_prepared(databases), 1):
        until = begun + 60 * options.minutes * number / len(databases)
        for seed in seeds:
            if time.monotonic() > until:
                break
            run = partial(play, database=database, threads=threads)
            outcome = run(make_plan(seed))
            n_played += 1
            if outcome.violations:
                n_failed += 1
                told = outcome if options.verbose else shorten(outcome, run)
                print(tell(told, database, options.verbose), end="\n\n", flush=True)
            elif options.verbose and len(seeds) == 1:
                print(*outcome.lines, f"seed {seed} on {database}: everything held", sep="\n")
    print(f"{n_played} runs, {n_failed} failed, {time.monotonic() - begun:.0f} s", flush=True)
    return n_failed


def mutations(seeds: range, options: argparse.Namespace) -> int:
    """Take each guard away and print the first seed that misses it; how many were not missed."""
    from tests.torture.mutations import GUARDS, first_seed

    n_survivors, guards = 0, [guard for guard in GUARDS if options.guard in guard.name]
    for database, threads in _prepared(options.databases.split(",")[:1]):
        for guard in guards:
            begun = time.monotonic()
            seed, violation = first_seed(guard, seeds, database, threads)
            n_survivors += seed is None
            found = "NOT MISSED" if seed is None else f"seed {seed:3}: {violation.property}"
            print(f"{guard.name:44} {found:60} {time.monotonic() - begun:5.1f} s", flush=True)
            if options.verbose and seed is not None:
                print(f"    {violation.text}")
    print(f"{len(guards)} guards taken away, {n_survivors} not missed")
    return n_survivors


def _prepared(databases: list[str]) -> Iterator[tuple[str, Any]]:
    """Each database with threads to play on it."""
    from tests.torture.scheduler import worker_threads

    for database in databases:
        with worker_threads() as threads:
            yield database, threads


def _share(options: argparse.Namespace, first: int, last: int) -> int:
    """Give each process its part of the seeds; 1 if one of them fails."""
    size = -(-(last - first + 1) // options.processes)
    flags = [*["--verbose"] * options.verbose, *["--mutations"] * options.mutations]
    processes = [
        subprocess.Popen([  # noqa: S603  # ourselves, with what was asked for
            sys.executable, "-m", "tools.torture", "--seeds", f"{start}..{min(last, start + size - 1)}",
            "--databases", options.databases, "--minutes", str(options.minutes), "--guard", options.guard, *flags])
        for start in range(first, last + 1, size)
    ]
    return max(process.wait() for process in processes)


if __name__ == "__main__":
    sys.exit(main())
