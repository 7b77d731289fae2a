"""CPU time to judge one answer that nobody gave before, for every answer type, a usual and a dear kind of each.

Run: python benchmarks/bench_answers.py [--answers 500]. Bounds: expression 3 ms, any other 0.5 ms, each in the mean.
Each answer is judged as a request does, rules of the step included, and differs from all before it. Peers, in the same
run: for units what `pint` takes to read and convert one; for expressions, where SymPy is installed (it is no
dependency), what a checker built on it does: parse both, then simplify the difference.
"""

from __future__ import annotations

import argparse
import gc
import itertools
import random
import statistics
import time
from collections.abc import Callable, Iterator
from importlib.util import find_spec

from adaptive_xblocks.tutoring.algebra import programs, reading
from adaptive_xblocks.tutoring.answers import expression
from adaptive_xblocks.tutoring.judging import judge_step
from adaptive_xblocks.tutoring.model import Item
from adaptive_xblocks.tutoring.parser import parse_document
from adaptive_xblocks.tutoring.variants import make_variant

BOUND, EXPRESSION_BOUND = 0.5, 3.0
WARM_UP = 200  # answers, until what a process does once is done: loading libraries, looking up each unit
ROUNDS = 15  # of each expression
DOCUMENT = """<adaptive_problem_set><skill id="s" name="S"/><misconception id="m" name="M"/><item id="i">
<variable name="b" values="2..99"/><step id="t" skills="s">{step}<hint bottom_out="true">x</hint></step></item>
</adaptive_problem_set>"""
#: Author's answer and what is typed: usual ones, then the dearest of the corpus.
EXPRESSIONS = (
    ("2*x + 1", "1+2x"), ("(x + 1)^2", "x^2+2x+1"), ("(x+y)^3", "x^3+3x^2y+3xy^2+y^3"), ("sqrt(8)", "2sqrt(2)"),
    ("abs(x)", "sqrt(x^2)"), ("1", "sin(x)^2+cos(x)^2"), ("2*ln(x)", "ln(x^2)"), ("sin(2x)", "2tan(x)/(1+tan(x)^2)"),
    ("(e^x-e^(-x))/2", "(e^(2x)-1)/(2e^x)"), ("sqrt(1-x^2)", "|cos(asin(x))|"), ("x^2+1", "x^2+1+1/10^12"),
)  # fmt: skip
OF_EXPRESSIONS = (reading.read, programs.compiled, programs.rational, expression._prepared)  # what is remembered
UNITS = ("cm", "mm", "m", "km", "in", "ft", "yd", "mi", "kg", "m²", "km/h", "kg m/s^2", "metros", "см", "apples")
WORDS = "denominator numerator fraction reciprocal equivalent simplified multiple factor".split()
ACCEPTED = "".join(f"<accept>{word} number {n}</accept>" for n in range(12) for word in WORDS)
WRONGS = "".join(f'<wrong answer="b + {n}" misconception="m"/>' for n in range(20))
OPTIONS = "".join(f'<option misconception="m">{{@b + {n}@}}</option>' for n in range(1, 10))
LINES = "".join(f'<line indent="{n % 3}">step {{@b@}} of {n}</line>' for n in range(12))
PAIRS = "".join(f"<pair><left>{n} of {{@b@}}</left><right>{n}/{{@b@}}</right></pair>" for n in range(12))
SIX = "".join(f'<numeric id="{name}" answer="{n}"/>' for n, name in enumerate("abcdef", 1))

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


def sixes(rng: random.Random) -> Responses:
    """Six numbers."""
    for n in itertools.count():
        yield {name: str(rng.choice((n, 1, 2, 3, 4, 5, 6))) for name in "abcdef"}


def points(rng: random.Random) -> Responses:
    """Two numbers."""
    for n in itertools.count():
        yield {"a": str(n), "b2": str(n + rng.randrange(9))}


def handles(shape: str, count: int) -> Callable[[random.Random], Responses]:
    """So many handles in any order, each written as `shape` says with another one."""
    def responses(rng: random.Random) -> Responses:
        while True:
            ones, others = rng.sample(range(1, count + 1), count), rng.sample(range(1, count + 1), count)
            yield {"answer": " ".join(shape.format(one, other) for one, other in zip(ones, others))}
    return responses


CASES: dict[str, tuple[str, Callable[[random.Random], Responses]]] = {
    "choice of 10": (
        f'<choice><option correct="true">{{@b@}}</option>{OPTIONS}</choice>',
        lambda rng: ({"answer": str(rng.randrange(1, 11))} for _n in itertools.count())),
    "choices of 10": (f'<choices><option correct="true">{{@b@}}</option>{OPTIONS}</choices>', handles("{0}", 10)),
    "order of 12, indented": (
        f'<order indent="true">{LINES}<extra misconception="m">none of it</extra></order>', handles("{0}:1", 13)),
    "match of 12": (f"<match>{PAIRS}</match>", handles("{0}={1}", 12)),
    "numeric": ('<numeric answer="b"/>', numbers),
    "numeric, 20 wrong rules": (f'<numeric answer="b/7" percent="allow"/>{WRONGS}', numbers),
    "numeric between": ('<numeric between="[b, b + 1/2)"/>', numbers),
    "numeric with a unit": ('<numeric answer="b" unit="cm"/>', measures),
    "numeric with a new compound unit": ('<numeric answer="b" unit="kg*m/s^2"/>', compounds),
    "text": ('<text answer="denominator"/>', words),
    "text, typos 2, 96 accepted": (f'<text answer="denominator" accents="warn" typos="2">{ACCEPTED}</text>', words),
    "text with a pattern": ('<text answer="denominator"><accept pattern="(the )?denominators?"/></text>', words),
    "six numbers in any order": (f'{SIX}<answer form="any-order" inputs="a b c d e f"/>', sixes),
    "six numbers in proportion": (f'{SIX}<answer form="proportional" inputs="a b c d e f"/>', sixes),
    "a condition on two numbers": (
        '<numeric id="a" answer="0"/><numeric id="b2" answer="1"/><answer where="b2 = 2*a + 1" inputs="a b2"/>',
        points),
}  # fmt: skip


def item_of(step: str) -> Item:
    """The item with that step."""
    document = parse_document(DOCUMENT.format(step=step))
    if document.errors:
        raise SystemExit(f"The benchmark's own item cannot be used: {document.errors[0].problem}")
    return document.items["i"]


def judge(item: Item, responses: dict[str, str]) -> None:
    """What a request does."""
    judge_step(make_variant(item, 1), item.steps[0], responses)


def milliseconds(run: Callable[[], object]) -> float:
    """CPU time of one call."""
    begun = time.process_time_ns()
    run()
    return (time.process_time_ns() - begun) / 1e6


def times_of(run: Callable[[dict[str, str]], object], responses: Responses, n_answers: int) -> list[float]:
    """The time of each of so many answers, after some that warm up."""
    for one in itertools.islice(responses, WARM_UP):
        run(one)
    return [milliseconds(lambda one=one: run(one)) for one in itertools.islice(responses, n_answers)]


def times_of_expression(key: str, typed: str) -> list[float]:
    """The same, for the same expression again and again, of which nothing is remembered."""
    item, found = item_of(f'<expression answer="{key}" variables="x y"/>'), []
    judge(item, {"answer": typed})
    for _round in range(ROUNDS):
        for remembering in OF_EXPRESSIONS:
            remembering.cache_clear()
        found.append(milliseconds(lambda: judge(item, {"answer": typed})))
    return found


def pint_times(n_answers: int) -> list[float]:
    """What pint takes for a quantity that it has not read before."""
    import pint

    ureg = pint.UnitRegistry()
    typed = ({"answer": f"{n}.5 kg*m/s^2"} for n in itertools.count())
    return times_of(lambda one: ureg.parse_expression(one["answer"]).to("N"), typed, n_answers)


def sympy_times(key: str, typed: str) -> list[float]:
    """The same expression by SymPy, parsed and simplified anew."""
    import sympy
    from sympy.core.cache import clear_cache
    from sympy.parsing import sympy_parser as parser

    rules = (*parser.standard_transformations, parser.convert_xor, parser.implicit_multiplication_application)
    names = {"x": sympy.Symbol("x", real=True), "y": sympy.Symbol("y", real=True), "ln": sympy.log, "e": sympy.E}

    def check() -> object:
        clear_cache()
        one, other = (
            parser.parse_expr(part.replace("|cos(asin(x))|", "abs(cos(asin(x)))").replace("xy", "x*y"), names, rules)
            for part in (key, typed)
        )
        return sympy.simplify(one - other) == 0

    check()
    return [milliseconds(check) for _round in range(3)]


def show(name: str, times: list[float], bound: float | None = None) -> float:
    """One line of the table; gives the mean."""
    mean, most = statistics.mean(times), statistics.quantiles(times, n=100, method="inclusive")[98]
    verdict = "" if bound is None else f"<= {bound} ms   {'met' if mean <= bound else 'MISSED'}"
    print(f"{name:44} {mean:7.3f} ms {most:9.3f} ms   {verdict}".rstrip())
    return mean


def main() -> None:
    """Print a line for each case."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--answers", type=int, default=500)
    n_answers = parser.parse_args().answers
    print(f"{'one answer, CPU':44} {'mean':>10} {'99 % below':>12}   bound of the mean")
    for name, (step, responses) in CASES.items():
        item = item_of(step)
        gc.collect()
        gc.freeze()  # what lives as long as a server's process is not looked at again and again
        show(name, times_of(lambda one, item=item: judge(item, one), responses(random.Random(1)), n_answers), BOUND)
    show("(pint reads and converts a quantity)", pint_times(n_answers))
    ours = [show(f"expression {key} by {typed}", times_of_expression(key, typed), EXPRESSION_BOUND)
            for key, typed in EXPRESSIONS]
    if find_spec("sympy"):
        peer = [show(f"(SymPy: {key} by {typed})", sympy_times(key, typed)) for key, typed in EXPRESSIONS]
        print(f"SymPy takes {statistics.mean(peer) / statistics.mean(ours):.0f} x as long as our expressions")


if __name__ == "__main__":
    main()
