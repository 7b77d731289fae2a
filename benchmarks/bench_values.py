"""What it costs to judge numbers, units and texts that nobody gave before, in CPU milliseconds.

    python benchmarks/bench_values.py [--answers 2000]

The peer is `pint`'s own reading of a quantity, measured in the same run.
"""

from __future__ import annotations

import argparse
import itertools
import random
import time
from collections.abc import Callable, Iterator
from statistics import quantiles

from adaptive_xblocks.tutoring.judging import judge_step
from adaptive_xblocks.tutoring.model import Item
from adaptive_xblocks.tutoring.parser import parse_document
from adaptive_xblocks.tutoring.variants import make_variant

DOCUMENT = """<adaptive_problem_set><skill id="s" name="S"/><misconception id="m" name="M"/><item id="i">
<variable name="b" values="2..99"/><step id="t" skills="s">{step}<hint bottom_out="true">x</hint></step></item>
</adaptive_problem_set>"""
UNITS = ("cm", "mm", "m", "km", "in", "ft", "yd", "mi", "kg", "m²", "km/h", "kg m/s^2", "metros", "см", "apples")
WORDS = "denominator numerator fraction reciprocal equivalent simplified multiple factor".split()
ACCEPTED = "".join(f"<accept>{word} number {n}</accept>" for n in range(12) for word in WORDS)
WRONGS = "".join(f'<wrong answer="b + {n}" misconception="m"/>' for n in range(20))

Responses = Iterator[dict[str, str]]


def numbers(rng: random.Random) -> Responses:
    """Decimals, fractions, mixed numbers, in several hands."""
    shapes = "{a}.{b}", "{a},{b}", "{a}/{b}", "{a} {b}/{c}", "-{a}", "−{a}.{b}e-3", "\\frac{{{a}}}{{{b}}}", "{a}.{b}%"
    for n in itertools.count():
        shape = rng.choice(shapes)
        yield {"answer": shape.format(a=n, b=rng.randrange(1, 10**6), c=rng.randrange(1, 10**6))}


def measures(rng: random.Random) -> Responses:
    """Numbers with units, known and not."""
    for n in itertools.count():
        yield {"answer": f"{n}.{rng.randrange(10**6)} {rng.choice(UNITS)}"}


def compounds(rng: random.Random) -> Responses:
    """Units that nobody wrote before: products and powers."""
    for n in itertools.count():
        unit = " ".join(f"{rng.choice('m s kg cm mm A K N'.split())}^{rng.randrange(1, 9)}" for _ in range(4))
        yield {"answer": f"{n} {unit} / h^{rng.randrange(1, 9)}"}


def words(rng: random.Random) -> Responses:
    """Words with slips."""
    for n in itertools.count():
        word = list(rng.choice(WORDS))
        word[rng.randrange(len(word))] = chr(97 + n % 26)
        yield {"answer": f"{''.join(word)} numbér {n % 97}"}


def pairs(rng: random.Random) -> Responses:
    """Six numbers in any order."""
    for n in itertools.count():
        yield {name: str(rng.choice((n, 1, 2, 3, 4, 5, 6))) for name in "abcdef"}


SIX = "".join(f'<numeric id="{name}" answer="{n}"/>' for n, name in enumerate("abcdef", 1))
CASES: dict[str, tuple[str, Callable[[random.Random], Responses]]] = {
    "numeric, 20 wrong rules": (f'<numeric answer="b/7" percent="allow"/>{WRONGS}', numbers),
    "numeric between": ('<numeric between="[b, b + 1/2)"/>', numbers),
    "numeric with a unit": ('<numeric answer="b" unit="cm"/>', measures),
    "numeric with a new compound unit": ('<numeric answer="b" unit="kg*m/s^2"/>', compounds),
    "text, typos 2, 96 accepted": (f'<text answer="denominator" accents="warn" typos="2">{ACCEPTED}</text>', words),
    "text with a pattern": ('<text answer="denominator"><accept pattern="(the )?denominators?"/></text>', words),
    "six numbers in any order": (f'{SIX}<answer form="any-order" inputs="a b c d e f"/>', pairs),
    "six numbers in proportion": (f'{SIX}<answer form="proportional" inputs="a b c d e f"/>', pairs),
    "a condition on two numbers": (
        '<numeric id="a" answer="0"/><numeric id="b2" answer="1"/><answer where="b2 = 2*a + 1" inputs="a b2"/>',
        lambda rng: ({"a": str(n), "b2": str(n + rng.randrange(9))} for n in itertools.count())),
}  # fmt: skip


def item_of(step: str) -> Item:
    """The item with that step."""
    document = parse_document(DOCUMENT.format(step=step))
    if document.errors:
        raise SystemExit(f"The benchmark's own item cannot be used: {document.errors[0].problem}")
    return document.items["i"]


def times(run: Callable[[dict[str, str]], object], responses: Responses, n_answers: int) -> list[float]:
    """CPU milliseconds of each of so many answers, after a few that warm up."""
    for one in itertools.islice(responses, 200):
        run(one)
    found = []
    for one in itertools.islice(responses, n_answers):
        begun = time.process_time_ns()
        run(one)
        found.append((time.process_time_ns() - begun) / 1e6)
    return found


def main() -> None:
    """Print a line for each case."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--answers", type=int, default=2000)
    n_answers = parser.parse_args().answers
    for name, (step, responses) in CASES.items():
        item = item_of(step)
        variant = make_variant(item, 1)
        found = times(lambda one: judge_step(variant, item.steps[0], one), responses(random.Random(1)), n_answers)  # noqa: B023
        mean = sum(found) / len(found)
        late = quantiles(found, n=100)[98]
        print(f"{name:34} mean {mean:6.3f} ms, 99 % below {late:6.3f} ms, most {max(found):6.3f} ms")
    import pint

    ureg = pint.UnitRegistry()
    typed = ({"answer": f"{n}.5 kg*m/s^2"} for n in itertools.count())
    peer = times(lambda one: ureg.parse_expression(one["answer"]).to("N"), typed, n_answers)
    print(f"{'(pint reads and converts one)':34} mean {sum(peer) / len(peer):6.3f} ms")


if __name__ == "__main__":
    main()
