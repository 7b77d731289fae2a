"""Fuzzing, at length: every parser by a coverage-guided fuzzer, every handler by strangers.

    python -m tools.fuzz [--executions 1000000] [--requests 100000] [--minutes 15] [--seed 1]

Prints a line for each target: executions, the slowest input, what went wrong. Inputs that crash a parser are kept under
var/fuzz. Exit 1 if anything raised, was answered with a server error, or took over a second. Without atheris (it needs
Linux) the parsers get random inputs. With `--minutes` it ends after about so long, whatever has been done by then.
"""

from __future__ import annotations

import argparse
import importlib.util
import logging
import random
import re
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

KEPT = Path("var/fuzz")
MOST_LENGTH = 12_000
MILLION = 1_000_000
MOST_SECONDS = 1.0  # of CPU time
REQUESTS_AT_ONCE = 500
_DONE = re.compile(r"Done (\d+) runs in (\d+) second")
_SLOWEST = re.compile(r"slowest ([\d.]+) s")


def fuzz_parser(name: str, n_runs: int, seed: int) -> str:
    """Fuzz one parser in this process; returns a line about it, or raises what the parser raised."""
    from tests.fuzz.parsers import TARGETS

    target, _share, corpus = TARGETS[name]
    rng, run = random.Random(f"{name} {seed}"), timed(target)
    for _run in range(n_runs):
        data = bytearray(rng.choice(corpus))
        for _change in range(rng.randrange(1, 8)):
            at = rng.randrange(len(data) + 1)
            data[at:at + rng.randrange(3)] = bytes(rng.randrange(256) for _byte in range(rng.randrange(4)))
        run(bytes(data[:MOST_LENGTH]))
    return f"Done {n_runs} runs in 0 second(s)"


class SlowInput(AssertionError):
    """An input that took more CPU time than any may."""


def timed(target: Callable[[bytes], None]) -> Callable[[bytes], None]:
    """The target, which prints the CPU time of each input that took clearly longer than all before; SlowInput for one
    that took over a second."""
    slowest = 0.0

    def run(data: bytes) -> None:
        nonlocal slowest
        begun = time.process_time()
        target(data)
        taken = time.process_time() - begun
        if taken > 1.1 * slowest:
            slowest = taken
            print(f"slowest {taken:.3f} s", flush=True)
        if taken > MOST_SECONDS:
            raise SlowInput(f"{taken:.1f} s of CPU time")

    return run


def guided(name: str, n_runs: int, seed: int, seconds: int) -> None:
    """Fuzz one parser guided by coverage, for at most so long (0: no limit); ends the process."""
    import logging

    import atheris

    logging.disable(logging.CRITICAL)  # what cannot be read is told at length

    with atheris.instrument_imports(include=["adaptive_xblocks"]):
        from tests.fuzz.parsers import TARGETS

    logging.disable(logging.CRITICAL)  # what cannot be read is told, every time
    target, _share, corpus = TARGETS[name]
    folder = KEPT / "corpus" / name.replace(" ", "-")
    folder.mkdir(parents=True, exist_ok=True)
    for number, data in enumerate(corpus):
        (folder / f"seed-{number}").write_bytes(data)
    atheris.Setup([
        sys.argv[0], f"-runs={n_runs}", f"-seed={seed}", "-timeout=30", f"-max_len={MOST_LENGTH}", "-rss_limit_mb=2048",
        f"-artifact_prefix={KEPT}/{folder.name}-", f"-max_total_time={seconds}", str(folder)], timed(target))
    atheris.Fuzz()


def run_parser(name: str, n_runs: int, seed: int, minutes: float) -> tuple[str, int, bool]:
    """Fuzz one parser in a process of its own: a line about it, how many runs, whether all went well."""
    command = [sys.executable, "-m", "tools.fuzz", "--parser", name, "--executions", str(n_runs), "--seed", str(seed),
               "--minutes", str(minutes)]
    begun = time.monotonic()
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603  our own program
    output = done.stdout + done.stderr
    found = _DONE.search(output)
    n_done, is_well = int(found[1]) if found else 0, done.returncode == 0 and found is not None
    taken = time.monotonic() - begun
    slowest = max(map(float, _SLOWEST.findall(output)), default=0.0)
    line = (f"{name:16} {n_done:>9,} executions in {taken:6.1f} s, slowest {slowest:.3f} s"
            f"{'' if is_well else ' FAILED'}")
    return line if is_well else f"{line}\n{output[-3000:]}", n_done, is_well


def run_strangers(block_type: str, n_requests: int, seed: int, minutes: float) -> tuple[str, bool]:
    """Have strangers call the handlers of one block: a line about it, whether all went well."""
    from tests.fuzz.strangers import Site, Stranger, block_types

    logging.disable(logging.CRITICAL)
    site = Site(block_type, block_types()[block_type])
    before = site.contents()
    stranger, begun, n_made, faults = Stranger(site, seed), time.monotonic(), 0, []
    while n_made < n_requests and (not minutes or time.monotonic() - begun < 60 * minutes):
        portion = min(REQUESTS_AT_ONCE, n_requests - n_made)
        faults += stranger.requests(portion)
        n_made += portion
    if site.contents() != before:
        faults.append("a stranger changed the content")
    line = (f"{block_type} ({seed}): {n_made:,} requests in {time.monotonic() - begun:.1f} s, "
            f"slowest {stranger.slowest:.3f} s, {len(faults)} faults")
    return "\n".join([line, *faults[:10]]), not faults


def main() -> int:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--executions", type=int, default=MILLION, help="of the parsers, over all of them")
    parser.add_argument("--requests", type=int, default=100_000, help="to each block")
    parser.add_argument("--minutes", type=float, default=0.0, help="the most time for everything; 0: no limit")
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(1, 2**31))
    parser.add_argument("--parser", help="one parser only, in this process")
    parser.add_argument("--block", help="one block only, in this process")
    chosen = parser.parse_args()
    KEPT.mkdir(parents=True, exist_ok=True)
    if chosen.parser and importlib.util.find_spec("atheris"):
        guided(chosen.parser, chosen.executions, chosen.seed, round(60 * chosen.minutes))
    if chosen.parser:
        print(fuzz_parser(chosen.parser, chosen.executions, chosen.seed))
        return 0
    if chosen.block:
        line, is_well = run_strangers(chosen.block, chosen.requests, chosen.seed, chosen.minutes)
        print(line)
        return 0 if is_well else 1
    return run_all(chosen.executions, chosen.requests, chosen.seed, chosen.minutes)


def run_all(n_executions: int, n_requests: int, seed: int, minutes: float) -> int:
    """Everything, two processes at a time."""
    from tests.fuzz.parsers import TARGETS
    from tests.fuzz.strangers import block_types

    print(f"seed {seed}" + ("" if importlib.util.find_spec("atheris") else "; atheris is not installed"), flush=True)
    minutes_each = 2 * minutes / (len(TARGETS) + 2 * len(block_types()))
    shares = sum(share for _target, share, _corpus in TARGETS.values())
    n_all, all_well = 0, True
    with ThreadPoolExecutor(2) as pool:
        jobs = [pool.submit(run_parser, name, -(-n_executions * share // shares), seed, minutes_each)
                for name, (_target, share, _corpus) in TARGETS.items()]
        halves = [pool.submit(_block_process, name, -(-n_requests // 2), seed + half, minutes_each)
                  for name in block_types() for half in range(2)]
        for job in jobs:
            line, n_done, is_well = job.result()
            n_all, all_well = n_all + n_done, all_well and is_well
            print(line, flush=True)
        print(f"{n_all:,} executions of parsers", flush=True)
        for half in halves:
            line, is_well = half.result()
            all_well = all_well and is_well
            print(line, flush=True)
    return 0 if all_well else 1


def _block_process(name: str, n_requests: int, seed: int, minutes: float) -> tuple[str, bool]:
    command = [sys.executable, "-m", "tools.fuzz", "--block", name, "--requests", str(n_requests), "--seed", str(seed),
               "--minutes", str(minutes)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603  our own program
    return (done.stdout + done.stderr[-2000:]).strip(), done.returncode == 0


if __name__ == "__main__":
    import tests.conftest  # noqa: F401  Django's settings, in a folder of their own

    sys.exit(main())
