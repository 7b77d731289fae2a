"""Time to take one answer into account, beside the same arithmetic in NumPy on one element.

Run: python benchmarks/bench_observe.py. Medians of interleaved rounds; per call, in microseconds.
"""

import statistics
import timeit

import numpy as np

from adaptive_xblocks.mastery import BktParameters, observe, observe_jointly

SKILL = BktParameters()
THREE = (SKILL, SKILL, SKILL)
CALLS = 20_000
ROUNDS = 9


def observe_in_numpy(p_known: np.ndarray, correct: np.ndarray, skill: BktParameters) -> np.ndarray:
    """A right or wrong answer without help, written for arrays."""
    likelihood_known = np.where(correct == 1, 1 - skill.slip, skill.slip)
    likelihood_unknown = np.where(correct == 1, skill.guess, 1 - skill.guess)
    known = p_known * likelihood_known
    posterior = known / (known + (1 - p_known) * likelihood_unknown)
    return posterior * (1 - skill.forget) + (1 - posterior) * skill.learn


def main() -> None:
    """Print one line per kind of call and its ratio to the NumPy version."""
    p_array, right_array = np.array([0.3]), np.array([1])
    calls = {
        "NumPy, one element": lambda: observe_in_numpy(p_array, right_array, SKILL),
        "observe, right": lambda: observe(0.3, 1, SKILL),
        "observe, wrong": lambda: observe(0.3, 0, SKILL),
        "observe, partial credit": lambda: observe(0.3, 0.5, SKILL),
        "observe, half of the help": lambda: observe(0.3, 1, SKILL, 0.5),
        "observe, a choice of four": lambda: observe(0.3, 1, SKILL, 0.0, 0.25),
        "observe, a difficult item": lambda: observe(0.3, 1, SKILL, 0.0, 0.0, 0.4),
        "observe_jointly, three skills": lambda: observe_jointly((0.3, 0.6, 0.5), 1, THREE),
    }
    times: dict[str, list[float]] = {name: [] for name in calls}
    for _ in range(ROUNDS):
        for name, call in calls.items():
            times[name].append(timeit.timeit(call, number=CALLS) / CALLS * 1e6)
    peer = statistics.median(times["NumPy, one element"])
    for name, measured in times.items():
        middle = statistics.median(measured)
        print(f"{name:32} {middle:7.3f} us {peer / middle:7.1f}x faster than NumPy on one element")


if __name__ == "__main__":
    main()
