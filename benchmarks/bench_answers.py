"""CPU time to judge one answer, for every registered answer type, beside numeric and, where it is installed, SymPy.

Run: python benchmarks/bench_answers.py. Bounds: expression 3 ms, any other 0.5 ms. Each type judges its cases as a
request does, once each, with nothing cached. The peer of `expression` is what a SymPy answer checker does: parse
both, then simplify the difference; where SymPy is not installed (it is no dependency) numeric alone is the peer. A
type without cases here is judged on its contract test's example.
"""

from __future__ import annotations

import gc
import statistics
import sys
import time
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path

from lxml import etree

from adaptive_xblocks.tutoring.algebra import programs, reading
from adaptive_xblocks.tutoring.answers import answer_type, expression, known_tags, numbers
from adaptive_xblocks.tutoring.faults import Faults
from adaptive_xblocks.tutoring.model import Item, Text, Variable
from adaptive_xblocks.tutoring.reading import ReadContext
from adaptive_xblocks.tutoring.variants import make_variant

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from tests.tutoring.test_answers_contract import EXAMPLES

BOUNDS = {"expression": 3.0}
BOUND = 0.5
ROUNDS = 15
ITEM = Item("i", "", (), Text(""), variables=(Variable("b", values="2..5"),))
#: Author's answer and what is typed: usual ones, then the dearest of the corpus.
EXPRESSIONS = (
    ("2*x + 1", "1+2x"), ("(x + 1)^2", "x^2+2x+1"), ("(x+y)^3", "x^3+3x^2y+3xy^2+y^3"), ("sqrt(8)", "2sqrt(2)"),
    ("abs(x)", "sqrt(x^2)"), ("1", "sin(x)^2+cos(x)^2"), ("2*ln(x)", "ln(x^2)"), ("sin(2x)", "2tan(x)/(1+tan(x)^2)"),
    ("(e^x-e^(-x))/2", "(e^(2x)-1)/(2e^x)"), ("sqrt(1-x^2)", "|cos(asin(x))|"), ("x^2+1", "x^2+1+1/10^12"),
)  # fmt: skip
CACHED = (reading.read, programs.compiled, programs.rational, expression._prepared, numbers.read_number)


def judged(tag: str, source: str, raw: str | None) -> Callable[[], object]:
    """A call that judges one answer; its own solution where `raw` is None."""
    kind = answer_type(tag)
    spec = kind.read(etree.fromstring(source), ReadContext(Faults(), names={"b"}, path="i/s/answer"))
    variant = make_variant(ITEM, 1)
    answer = kind.solve(spec, variant) if raw is None else raw
    return lambda: kind.judge(spec, variant, answer)


def cases_of(tag: str) -> list[Callable[[], object]]:
    """What a type judges: expressions of several kinds, else the right answer and a wrong one."""
    if tag == "expression":
        return [judged(tag, f'<expression answer="{key}" variables="x y"/>', text) for key, text in EXPRESSIONS]
    source, _wrong = EXAMPLES[tag]
    return [judged(tag, source, None), judged(tag, source, "1")]


def sympy_cases() -> list[Callable[[], object]]:
    """The same expressions by SymPy, parsed and simplified anew."""
    import sympy
    from sympy.core.cache import clear_cache
    from sympy.parsing.sympy_parser import (
        convert_xor,
        implicit_multiplication_application,
        parse_expr,
        standard_transformations,
    )

    rules = (*standard_transformations, convert_xor, implicit_multiplication_application)
    names = {"x": sympy.Symbol("x", real=True), "y": sympy.Symbol("y", real=True), "ln": sympy.log, "e": sympy.E}

    def check(key: str, text: str) -> object:
        clear_cache()
        one, other = (
            parse_expr(part.replace("|cos(asin(x))|", "abs(cos(asin(x)))").replace("xy", "x*y"), names, rules)
            for part in (key, text)
        )
        return sympy.simplify(one - other) == 0

    return [lambda key=key, text=text: check(key, text) for key, text in EXPRESSIONS]


def times_ms(cases: list[Callable[[], object]]) -> list[float]:
    """The median CPU time of each case, with nothing cached, in ms."""
    found = []
    for case in cases:
        case()
        times = []
        for _round in range(ROUNDS):
            for cached in CACHED:
                cached.cache_clear()
            begun = time.process_time_ns()
            case()
            times.append((time.process_time_ns() - begun) / 1e6)
        found.append(statistics.median(times))
    return found


def main() -> None:
    """Print one line per type and peer."""
    gc.disable()
    numeric = statistics.mean(times_ms(cases_of("numeric")))
    print(f"{'type':12} {'mean':>9} {'dearest':>9} {'bound':>9}   beside numeric")
    rows = {tag: times_ms(cases_of(tag)) for tag in sorted(known_tags())}
    for tag, times in rows.items():
        bound = BOUNDS.get(tag, BOUND)
        mark = "" if max(times) <= bound else "  OVER"
        ratio = statistics.mean(times) / numeric
        print(f"{tag:12} {statistics.mean(times):6.3f} ms {max(times):6.3f} ms {bound:6.1f} ms   {ratio:7.1f}x{mark}")
    if find_spec("sympy"):
        peer = times_ms(sympy_cases())
        ratio = statistics.mean(peer) / statistics.mean(rows["expression"])
        print(f"{'SymPy':12} {statistics.mean(peer):6.1f} ms {max(peer):6.1f} ms   {ratio:.0f}x our expression")


if __name__ == "__main__":
    main()
