"""Every pair of the corpus gets the verdict that is right: equal, nearly equal, in other words, on other domains."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from adaptive_xblocks.tutoring.answers import answer_type
from adaptive_xblocks.tutoring.answers.expression import ExpressionSpec
from adaptive_xblocks.tutoring.model import RIGHT, WRONG, Item, Text
from adaptive_xblocks.tutoring.variants import make_variant

CORPUS = Path(__file__).parent / "algebra_corpus.txt"
KEY = re.compile(r"(.+?) \[([\w ]+)\](?: where (.+))?")
VARIANT = make_variant(Item("i", "", (), Text("")), 0)


def blocks() -> Iterator[tuple[ExpressionSpec, list[tuple[str, str]]]]:
    """Each key with its pairs of a verdict and a text."""
    found: list[tuple[ExpressionSpec, list[tuple[str, str]]]] = []
    for line in CORPUS.read_text(encoding="utf-8").splitlines():
        if line.startswith("  "):
            verdict = RIGHT if line[2] == "=" else WRONG
            found[-1][1].extend((verdict, text) for text in line[4:].split(" ; "))
        elif line and not line.startswith("#"):
            answer, unknowns, where = KEY.fullmatch(line).groups()
            found.append((ExpressionSpec(answer, frozenset(unknowns.split()), where=where or ""), []))
    return iter(found)


@pytest.mark.parametrize(("spec", "pairs"), [
    pytest.param(spec, pairs, id=f"{spec.answer} {spec.where}") for spec, pairs in blocks()
])  # fmt: skip
def test_every_pair_gets_its_verdict(spec, pairs):
    """No right text is judged wrong or unread, no wrong one right."""
    kind = answer_type("expression")
    found = [(kind.judge(spec, VARIANT, text).kind, text) for _verdict, text in pairs]
    assert found == pairs


def test_the_corpus_is_large_and_even():
    """At least 600 pairs, of which neither verdict has less than a third."""
    verdicts = [verdict for _spec, pairs in blocks() for verdict, _text in pairs]
    assert len(verdicts) >= 600
    assert min(verdicts.count(RIGHT), verdicts.count(WRONG)) >= len(verdicts) / 3


def test_every_key_is_its_own_solution():
    """What `solve` gives for a key of the corpus is judged right."""
    kind = answer_type("expression")
    for spec, _pairs in blocks():
        assert kind.judge(spec, VARIANT, kind.solve(spec, VARIANT)).kind == RIGHT, spec.answer
