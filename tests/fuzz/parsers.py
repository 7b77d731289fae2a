"""What reads text or stored values, as targets of a fuzzer: each takes bytes and must neither raise nor stall.

Texts come as the bytes are; stored values are valid ones in which the bytes replace parts.
"""

from __future__ import annotations

import contextlib
import copy
import json
import random
from collections.abc import Callable, Iterator
from html import escape
from importlib.resources import files
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from django.core import signing

from adaptive_xblocks import receipts
from adaptive_xblocks.course_record import CourseRecord
from adaptive_xblocks.evidence_log import EvidenceLog
from adaptive_xblocks.learner_record import LearnerRecord, reconcile
from adaptive_xblocks.record_resets import Resets
from adaptive_xblocks.tutoring import algebra
from adaptive_xblocks.tutoring.answer_checks import all_steps, is_playable
from adaptive_xblocks.tutoring.answers import answer_type
from adaptive_xblocks.tutoring.answers.decimal_signs import ASK, COMMA, COMMA_LANGUAGE, POINT
from adaptive_xblocks.tutoring.answers.numbers import NotRead, read_number
from adaptive_xblocks.tutoring.answers.units import NotAUnit, author_unit, read_unit
from adaptive_xblocks.tutoring.bank import Bank
from adaptive_xblocks.tutoring.expressions import ExpressionError, parse
from adaptive_xblocks.tutoring.history import History
from adaptive_xblocks.tutoring.judging import judge_step
from adaptive_xblocks.tutoring.model import Text
from adaptive_xblocks.tutoring.parser import check_document, parse_document
from adaptive_xblocks.tutoring.patterns import PatternError, fits
from adaptive_xblocks.tutoring.practice import Practice
from adaptive_xblocks.tutoring.rich_text import plain_text, render_html
from adaptive_xblocks.tutoring.selection import select
from adaptive_xblocks.tutoring.tex import tex_to_html, tex_to_text
from adaptive_xblocks.tutoring.variants import make_variant
from tests.fuzz.documents import RICH, changed_document

_STORED = Path(__file__).parent.parent / "record" / "stored" / "schema_1.json"
STORED = json.loads(_STORED.read_text(encoding="utf-8"))
DEFAULT = (files("adaptive_xblocks") / "templates" / "default_content.xml").read_text(encoding="utf-8")
JUDGED = parse_document("""<adaptive_problem_set schema="1"><skill id="a" name="A"/><item id="i">
<step id="s" skills="a"><prompt>[[input:n]] [[input:t]] [[input:c]] [[input:x]]</prompt>
<numeric id="n" answer="7/2" tolerance="0.1"/><text id="t"
answer="a word"/><choice id="c"><option correct="true">yes</option><option>no</option></choice>
<expression id="x" answer="(x+1)^2" form="factored"/><hint bottom_out="true">x</hint></step>
<step id="measures" skills="a"><numeric id="u" answer="7/2" unit="km/h" lang="fr"/>
<numeric id="v" between="[1, 2)" unit="m^2"
units="optional" decimal="comma"/><wrong inputs="u" between="[0, 1]">x</wrong>
<hint bottom_out="true">x</hint></step>
<step id="words" skills="a"><text id="w" answer="canté aquí" accents="warn" typos="2"><accept>
una canción<say>x</say></accept></text>
<text id="x" answer="canté otra vez" typos="1"/><wrong inputs="w" answer="comió">x</wrong>
<answer form="any-order" inputs="w x"/>
<hint bottom_out="true">x</hint></step>
<step id="rules" skills="a"><numeric id="p" answer="1"/><numeric id="q" answer="2"/>
<answer where="q = 2 * p^2 / p" inputs="p q"/>
<answer form="proportional" inputs="p q"/><hint bottom_out="true">x</hint></step></item>
</adaptive_problem_set>""").items["i"]
SIGNS = (ASK, POINT, COMMA, COMMA_LANGUAGE)
ASKED = author_unit("kg*m/s^2")
PRACTICE = Practice(serving=3, item="i", item_version="v", seed=5, served={"i": (1, 3)}, meters={"a": 4}).to_json()
LETTERS = frozenset("xy")
KEYS = [
    algebra.key_of(algebra.read(key, LETTERS), LETTERS, seed=key)
    for key in ("(x + y)^2", "sqrt(x^2 + 1) + |y|", "sin(2x)/ln(y)", "2sqrt(2)")
]
SCOPE_IDS = SimpleNamespace(user_id="ada", usage_id="block-v1:a+b+c+type@x+block@y")
VALUES = (None, True, -1, 0, 2**70, 0.5, float("nan"), float("inf"), "", "x", "é\ud800", [], {}, [[1]], {"a": {"b": 1}})


def text_of(data: bytes) -> str:
    """Bytes as the text that a browser could have sent."""
    return data.decode("utf-8", "replace")


def document(data: bytes) -> None:
    """The document parser, and a variant of every item that it let through."""
    for item in parse_document(text_of(data)).items.values():
        make_variant(item, 1)


def changed(data: bytes) -> None:
    """A sound document changed here and there: read, checked, chosen from, and every item that lives is taught."""
    source = changed_document(random.Random(data), text_of(data))
    found = parse_document(source)
    if not sum(data) % 16:  # it tries fifty seeds
        check_document(source)
    select(Bank.of(found), {}, History(), found.settings.get("policy", "adaptive"), random.Random(1))
    for item in found.items.values():
        if not is_playable(item, 1):
            continue
        variant = make_variant(item, 1)
        variant.plain(Text(escape(item.title)))
        for step in all_steps(item.steps):
            for typed in ("", "1", text_of(data[:60])):
                judge_step(variant, step, {one.id: typed for one in step.inputs})
            for text in (step.prompt, *(piece.text for piece in step.help)):
                variant.text(text)
            for one in step.inputs:
                answer_type(one.type).view(one.spec, variant)


def pattern(data: bytes) -> None:
    """A pattern of an author: it is compiled within bounds or refused, and decides in time."""
    source, _cut, typed = text_of(data).partition("\n")
    with contextlib.suppress(PatternError):
        fits(source, typed or "a" * 40 + "!")


def receipt(data: bytes) -> None:
    """A receipt that is rightly signed, whatever it holds."""
    who = receipts.signer(SCOPE_IDS)
    payload = mutated([who, "submission", STORED["evidence_log"]], data)
    for offered in (signing.dumps(payload, salt=receipts.SALT, compress=True), text_of(data), payload):
        list(receipts.read(SCOPE_IDS, [offered]))


def expression(data: bytes) -> None:
    """The expression parser and the evaluator."""
    with contextlib.suppress(ExpressionError):
        parse(text_of(data)).evaluate({"a": 3, "b": 0, "n": 12})


def rich_text(data: bytes) -> None:
    """HTML of authors: what is rendered can be rendered and read out again."""
    plain_text(render_html(text_of(data)))


def tex(data: bytes) -> None:
    """Formulas of authors."""
    tex_to_html(text_of(data))
    tex_to_text(text_of(data))


def number(data: bytes) -> None:
    """Numbers as learners type them."""
    with contextlib.suppress(NotRead):
        read_number(text_of(data), bool(data[:1] > b"m"), SIGNS[len(data) % len(SIGNS)])


def typed_maths(data: bytes) -> None:
    """Maths as learners type it: read, compared with keys that bend and that do not, its form, written again."""
    typed = text_of(data)
    with contextlib.suppress(algebra.Unreadable):
        tree = algebra.read(typed, LETTERS)
        algebra.tex(tree)
        algebra.read(algebra.typed(tree), LETTERS)
        for form in algebra.FORMS:
            algebra.has_form(tree, form, tree)
        algebra.is_equal(KEYS[sum(data) % len(KEYS)], tree)


def answer(data: bytes) -> None:
    """An answer in every type, judged."""
    typed = text_of(data)
    for step in JUDGED.steps:
        judge_step(make_variant(JUDGED, 1), step, {one.id: typed for one in step.inputs})


def unit(data: bytes) -> None:
    """Units as learners type them."""
    with contextlib.suppress(NotAUnit):
        read_unit(text_of(data), ASKED)


def evidence_log(data: bytes) -> None:
    """A block's log: whatever is stored, something is read that can be stored again."""
    log = EvidenceLog.from_json(mutated(STORED["evidence_log"], data))
    if log is not None:
        reconcile(CourseRecord(), log, "8f3a0c1122334455")
        json.dumps(log.to_json())


def learner_record(data: bytes) -> None:
    """The record: whatever is stored, every course can be folded and stored again."""
    record = LearnerRecord.from_json(mutated(STORED["record"], data))
    for key in list(record.courses):
        course = record.course(key)
        course.fold()
        json.dumps(record.with_course(key, course).to_json())


def practice(data: bytes) -> None:
    """The learner's place, and the resets."""
    json.dumps(Practice.from_json(mutated(PRACTICE, data)).to_json())
    Resets.from_json(mutated({"everywhere": 5, "courses": {"c": 7}}, data)).to_json()


#: Name -> (target, how many runs of a million it gets, what it begins with).
TARGETS: dict[str, tuple[Callable[[bytes], None], int, list[bytes]]] = {
    "document": (document, 40_000, [
        DEFAULT.encode(), RICH.encode(), b'<adaptive_problem_set><item id="i"/></adaptive_problem_set>']),
    "changed document": (changed, 3_000, [b"\0", b"x + 1 <b> {@x@}", b"abcdefgh" * 4]),
    "pattern": (pattern, 40_000, [b"colou?rs?\ncolors", b"(a|aa)+$", b"[a-z]{2,3}(?=x)|\\d+\nab"]),
    "receipt": (receipt, 20_000, [b"\0", b"abcdefgh" * 4]),
    "expression": (expression, 240_000, [b"gcd(a, b) + 2 * n^2", b'if(a < b, "x", [1, 2])', b"len([1..5])"]),
    "rich text": (rich_text, 120_000, [b"<p>a \\(x\\) <b>b</b></p>", b'<a href="https://x">y</a><img alt="z">']),
    "tex": (tex, 60_000, [b"\\frac{1}{2}", b"\\sqrt[3]{x^2} \\le \\sum_{i=1}^n i"]),
    "number": (number, 300_000, [b"3 1/2", b"1.234,5", b"-7e3", b"50 %", b"\\frac{1}{3}"]),
    "answer": (answer, 100_000, [b"3.5", b"a word", b"1", "é\u202e½".encode(), b"3,5 km/h", "canté".encode()]),
    "unit": (unit, 60_000, [b"kg m/s^2", "km²·h⁻¹".encode(), b"square metres per hour", b"J/(kg K)"]),
    "typed maths": (typed_maths, 300_000, [
        b"(x+1)^2/(x-y)", b"sqrt(x^2)-|y|", b"sin^2 x+cos^2 x", b"\\frac{x}{2}\\sqrt[3]{y}", b"ln(x)e^(-x)+root(y,5)",
        "½x²−√2·π".encode(), b"asin(x)/tan(y)^3", b"2^(x^y)-(x-y)^(1/3)", b"x y 3.5 - 1,5"]),
    "evidence log": (evidence_log, 60_000, [b"\0", b"abcdefgh" * 4]),
    "learner record": (learner_record, 40_000, [b"\0", b"abcdefgh" * 4]),
    "practice": (practice, 60_000, [b"\0", b"abcdefgh" * 4]),
}


def mutated(value: Any, data: bytes) -> Any:
    """A copy of a stored value in which up to three parts are others; the same for the same bytes."""
    rng = random.Random(data)
    value = copy.deepcopy(value)
    for _part in range(rng.randrange(4)):
        places = list(_places(value))
        if not places:
            return copy.deepcopy(rng.choice(VALUES))
        holder, key = rng.choice(places)
        holder[key] = _other(rng, holder[key], data)
    return value


def _places(value: Any) -> Iterator[tuple[Any, Any]]:
    pairs = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, one in pairs:
        yield value, key
        yield from _places(one)


def _other(rng: random.Random, value: Any, data: bytes) -> Any:
    choice = rng.randrange(4)
    if choice == 0 and isinstance(value, str) and value:
        at = rng.randrange(len(value))
        return value[:at] + text_of(data[:3]) + value[at + rng.randrange(3):]
    if choice == 1 and type(value) is int:
        return value + rng.choice((-1, 1, 2**31, -(2**63)))
    if choice == 2:
        return text_of(data)
    return copy.deepcopy(rng.choice(VALUES))
