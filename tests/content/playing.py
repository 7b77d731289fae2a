"""Playing an item of a document with many seeds: what a teacher would try by hand before a class meets it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from adaptive_xblocks.tutoring.answers import answer_type
from adaptive_xblocks.tutoring.judging import judge_step
from adaptive_xblocks.tutoring.model import RIGHT, WRONG, Document, Item, Step, StepVerdict, Text, WrongRule
from adaptive_xblocks.tutoring.parser import load
from adaptive_xblocks.tutoring.variants import Variant, make_variant

PACKAGE = Path(__file__).parents[2] / "adaptive_xblocks"
SEEDS = range(200)
RENDERED_SEEDS = range(25)  # rendering formulas is the slow part
UNFINISHED = re.compile(r"\{\s*@|@\s*\}|\\\(|\\\)|\[\[|<code class")
UNKIND = re.compile(r"\b(wrong|incorrect|easy|easily|obvious|simply|stupid|fail\w*)\b", re.IGNORECASE)


def read(name: str) -> str:
    """The source of a document of the package."""
    return (PACKAGE / name).read_text(encoding="utf-8")


def document(name: str) -> Document:
    """The parsed document."""
    return load(read(name))


def variants(item: Item, seeds: range) -> Iterator[Variant]:
    """The item's variants with different values."""
    seen = set()
    for seed in seeds:
        variant = make_variant(item, seed)
        if (values := tuple(variant.values.values())) not in seen:
            seen.add(values)
            yield variant


def texts(item: Item, document: Document) -> Iterator[Text]:
    """Every text that a learner may meet with the item, feedback included."""
    yield from (text for text in (item.prompt, item.solution) if text)
    for step in item.steps:
        yield step.prompt
        yield from (part.label for part in step.inputs if part.label)
        yield from (text for part in step.inputs for text in texts_of_parts(part.spec))
        yield from (piece.text for piece in step.help)
        for rule in step.wrongs:
            if rule.say:
                yield rule.say
            if rule.misconception:
                yield from (say.text for say in document.misconceptions[rule.misconception].says)


def texts_of_parts(spec: object) -> Iterator[Text]:
    """The options, lines or sides of an answer, and what is said of them."""
    for name in ("options", "lines", "extras", "rows", "rights"):
        for part in getattr(spec, name, ()):
            yield part.text
            if part.say:
                yield part.say


def solved(variant: Variant, step: Step) -> dict[str, str]:
    """The right responses to a step."""
    return {part.id: answer_type(part.type).solve(part.spec, variant) for part in step.inputs}


def mistaken(variant: Variant, step: Step, rule: WrongRule) -> dict[str, str]:
    """The responses of a learner who makes the mistake that the rule describes, and no other."""
    responses = solved(variant, step)
    for input_id, matcher in rule.matchers:
        part = step.input(input_id)
        responses[input_id] = answer_type(part.type).example(matcher, part.spec, variant)
    return responses


def unread_right_answers(item: Item) -> list[str]:
    """Where a right answer is not judged right; empty if all is well."""
    return [
        f"{item.id}/{step.id} {dict(variant.values)}"
        for variant in variants(item, SEEDS)
        for step in item.steps
        if judge_step(variant, step, solved(variant, step)).kind != RIGHT
    ]


def confused_mistakes(item: Item) -> list[str]:
    """Where a mistake is judged right or taken for another one; empty if all is well."""
    found = []
    for variant in variants(item, SEEDS):
        for step in item.steps:
            for rule in step.wrongs:
                verdict = judge_step(variant, step, mistaken(variant, step, rule))
                if not _recognised(verdict, rule):
                    found.append(f"{item.id}/{step.id} {rule.name} {dict(variant.values)}: {verdict}")
    return found


def _recognised(verdict: StepVerdict, rule: WrongRule) -> bool:
    return verdict.kind == WRONG and (verdict.misconception, verdict.say) == (rule.misconception, rule.say)


def badly_rendered(item: Item, document: Document) -> list[str]:
    """Texts in which a formula or an expression is left as it was written, or a word hurts."""
    found = []
    for variant in variants(item, RENDERED_SEEDS):
        for text in texts(item, document):
            html = re.sub(r'data-tex="[^"]*"', "", variant.text(text))
            places = re.sub(r"\[\[input:\w+\]\]", "", html)
            if UNFINISHED.search(places) or UNKIND.search(variant.plain(text)):
                found.append(f"{item.id} {dict(variant.values)}: {html}")
    return found
