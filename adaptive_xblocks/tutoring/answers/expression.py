"""`<expression answer="(x + a)^2" variables="x" form="expanded" where="x &gt; 0"/>`: an algebraic expression.

Right is what has the author's value wherever the author's answer has one (:mod:`adaptive_xblocks.tutoring.algebra`).
The author's answer is read as a learner's would be, its item variables replaced by their values; what only the
expressions of items know stands in `{@lcm(a, b)@}`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from typing import Any

from lxml import etree

from adaptive_xblocks.tutoring import algebra, expressions
from adaptive_xblocks.tutoring.algebra import Node, Unreadable
from adaptive_xblocks.tutoring.answers.base import AnswerType, right, typed_of, unread, wrong
from adaptive_xblocks.tutoring.expressions import ExpressionError
from adaptive_xblocks.tutoring.model import InputVerdict, Message, _, sentence_of
from adaptive_xblocks.tutoring.reading import ReadContext, shorten
from adaptive_xblocks.tutoring.tex import tex_to_html
from adaptive_xblocks.tutoring.variants import Variant, VariantError, text_parts

MAX_UNKNOWNS = 8
MAX_SHOWN = 300  # characters of TeX that are typeset for a learner
WORK_OF_A_KEY = 400  # steps of a budget that reading and sampling an author's answer takes
LETTER = re.compile(r"[^\W\d_]")
NAME = re.compile(r"[^\W\d_](?:\w{0,19})")

FORM_MESSAGES = {
    "expanded": _("That is equal. Now multiply it out and put together what is alike, so that no brackets are left."),
    "factored": _("That is equal. Now write it as a product, with as many factors as it has."),
    "simplified": _("That is equal. Now write it as simply as you can."),
}
FORMS = ("", *FORM_MESSAGES)


@dataclass(frozen=True, slots=True)
class ExpressionSpec:
    """What the author wrote. `unknowns` are the learner's letters; `names` the item's variables known here."""

    answer: str
    unknowns: frozenset[str] = frozenset()
    names: frozenset[str] = frozenset()
    form: str = ""
    where: str = ""


@dataclass(frozen=True, slots=True)
class _Domain:
    """Where a condition holds, with an item's values."""

    where: str
    values: tuple[tuple[str, Fraction], ...]

    def __call__(self, point: Mapping[str, Fraction]) -> bool:
        try:
            return expressions.parse(self.where).evaluate({**dict(self.values), **point}) is True
        except ExpressionError:  # e.g. a division by zero just there
            return False


class ExpressionAnswer(AnswerType):
    """An expression that is algebraically equal, in the form that is asked for."""

    tag = "expression"
    template = "answers/expression.html"
    attributes = frozenset(("answer", "variables", "form", "where"))

    def read(self, element: etree._Element, context: ReadContext) -> ExpressionSpec:
        """See :meth:`AnswerType.read`."""
        answer = element.get("answer", "").strip()
        names = frozenset(context.names)
        if not answer:
            remedy = _('Write it, e.g. <expression answer="2*x + 1" variables="x"/>.')
            context.error(element, _("<expression> has no answer."), remedy)
            return ExpressionSpec("0")
        unknowns = _read_variables(element, answer, names, context)
        answer = _checked(answer, element, unknowns, names, context)
        where = element.get("where", "").strip()
        if where:
            _check_where(where, element, unknowns | names, context)
        return ExpressionSpec(answer, unknowns, names, context.choice(element, "form", FORMS), where)

    def read_wrong(self, source: str, element: etree._Element, spec: ExpressionSpec, context: ReadContext) -> str:
        """An expression in the same letters; every answer that is equal to it is recognised."""
        return _checked(source, element, spec.unknowns, spec.names, context)

    def key(self, spec: ExpressionSpec, variant: Variant) -> algebra.Key:
        """The author's expression with the variant's numbers, in the form that is asked for if that can be made."""
        return _key(spec.answer, spec, variant, spec.form)

    def view(self, spec: ExpressionSpec, variant: Variant) -> dict[str, Any]:
        """`letters`: the unknowns that may be typed."""
        return {"letters": ", ".join(sorted(spec.unknowns))}

    def judge(self, spec: ExpressionSpec, variant: Variant, raw: object) -> InputVerdict:
        """Right if equal; not read yet if it cannot be read, or is equal but not in the form asked for."""
        text = typed_of(raw)
        try:
            tree = algebra.read(text, spec.unknowns)
            key = self.key(spec, variant)
            is_equal = algebra.is_equal(key, tree)
        except Unreadable as reason:
            return unread(reason.message, text.strip())
        value = algebra.typed(tree)
        if not is_equal:
            return wrong(value)
        if not algebra.has_form(tree, spec.form, key.tree):
            return unread(Message(FORM_MESSAGES[spec.form]), value)
        return right(value)

    def matches(self, matcher: str, spec: ExpressionSpec, variant: Variant, raw: object) -> bool:
        """Whether the answer is equal to the author's wrong expression."""
        try:
            tree = algebra.read(typed_of(raw), spec.unknowns)
            return algebra.is_equal(_key(matcher, spec, variant), tree)
        except Unreadable:
            return False

    def solve(self, spec: ExpressionSpec, variant: Variant) -> str:
        """The author's expression as a learner would type it."""
        return algebra.typed(self.key(spec, variant).tree)

    def example(self, matcher: str, spec: ExpressionSpec, variant: Variant) -> str | None:
        """The author's wrong expression as a learner would type it."""
        return algebra.typed(_key(matcher, spec, variant).tree)

    def laid_out(self, view: dict[str, Any], raw: str) -> dict[str, Any]:
        """`reading`: what was read of the learner's answer as MathML, so that a slip of the keys is seen."""
        letters = frozenset(view.get("letters", "").replace(",", " ").split())
        return {**view, "reading": _shown(raw, letters)}

    def said(self, spec: ExpressionSpec, variant: Variant, raw: str) -> str:
        """What was read, as MathML."""
        return _shown(raw, spec.unknowns) or super().said(spec, variant, raw)


@lru_cache(maxsize=1024)
def _shown(raw: str, letters: frozenset[str]) -> str:
    try:
        source = algebra.tex(algebra.read(raw, letters))
    except Unreadable:
        return ""
    return tex_to_html(source, False) if len(source) <= MAX_SHOWN else ""


def _read_variables(
    element: etree._Element, answer: str, names: frozenset[str], context: ReadContext
) -> frozenset[str]:
    """The learner's unknowns: those named, else every letter of the answer that is no variable of the item."""
    written = element.get("variables")
    if written is None:
        try:
            return algebra.unknowns(algebra.read(_with_places(answer), names | _letters_of(answer))) - names
        except (Unreadable, ExpressionError):
            return _letters_of(answer) - names  # the fault is told by _checked
    unknowns = frozenset(written.replace(",", " ").split())
    unfit = sorted(name for name in unknowns if not NAME.fullmatch(name))
    if unfit or len(unknowns) > MAX_UNKNOWNS:
        problem = Message(_('variables="%(value)s" are no letters.'), {"value": shorten(written)})
        remedy = Message(_('Write up to %(limit)s letters, e.g. variables="x y".'), {"limit": MAX_UNKNOWNS})
        context.error(element, problem, remedy)
        return frozenset()
    for name in sorted(unknowns & names):
        problem = Message(_('"%(name)s" is both an unknown and a variable of the item.'), {"name": name})
        context.error(element, problem, _("Rename one of the two."))
    return unknowns - names


def _letters_of(answer: str) -> frozenset[str]:
    return frozenset(LETTER.findall(re.sub(r"\{@.*?@\}", " ", answer))) - {"e", "π"}


def _with_places(source: str, numbers: Iterable[str] | None = None) -> str:
    """The source with a number in brackets for each of its `{@expressions@}`."""
    values = iter(numbers or ())
    return "".join(
        part if isinstance(part, str) else f"({next(values, '2')})" for part in text_parts(source)
    )


def _checked(
    source: str, element: etree._Element, unknowns: frozenset[str], names: frozenset[str], context: ReadContext
) -> str:
    """The author's expression as it is kept, its faults told; one that only items' expressions know in `{@ @}`."""
    context.check_text(element, source)
    try:
        algebra.read(_with_places(source), unknowns | names)
    except ExpressionError:
        return source  # told by check_text
    except Unreadable as reason:
        if _is_computed(source, names):
            return f"{{@{source}@}}"
        params = {"expression": shorten(source), "problem": reason.message}
        problem = Message(_('answer "%(expression)s": %(problem)s'), params)
        remedy = _("Write it as a learner would type it; what is to be worked out from the item's variables "
                   "in {@ @}, e.g. {@lcm(a, b)@}*x; other letters in variables.")
        context.error(element, problem, remedy)
    return source


def _is_computed(source: str, names: frozenset[str]) -> bool:
    try:
        found = expressions.parse(source).names
    except ExpressionError:
        return False
    return found <= names


def _check_where(where: str, element: etree._Element, known: frozenset[str], context: ReadContext) -> None:
    try:
        strangers = sorted(expressions.parse(where).names - known)
    except ExpressionError as error:
        problem = Message(_('where="%(where)s": %(problem)s'), {"where": shorten(where), "problem": sentence_of(error)})
        context.error(element, problem, _('Write a condition on the unknowns, e.g. where="x &gt; 0".'))
        return
    if strangers:
        params = {"where": shorten(where), "name": strangers[0]}
        problem = Message(_('where="%(where)s" uses "%(name)s", which the answer does not have.'), params)
        context.error(element, problem, _("Name it in variables, or define it with <variable>."))


def _key(source: str, spec: ExpressionSpec, variant: Variant, form: str = "") -> algebra.Key:
    try:
        if variant.budget is not None:
            variant.budget.spend(WORK_OF_A_KEY)
        computed = [part.source for part in text_parts(source) if not isinstance(part, str)]
        text = _with_places(source, [_exact(variant, part) for part in computed])
        used = sorted(spec.names & variant.values.keys())
        values = tuple((name, variant.values[name]) for name in used if _is_number(variant.values[name]))
        return _prepared(text, spec, values, form)
    except (Unreadable, ExpressionError) as reason:
        raise VariantError(variant.item.id, reason.sentence) from reason


def _is_number(value: object) -> bool:
    return isinstance(value, Fraction | int) and not isinstance(value, bool)


def _exact(variant: Variant, source: str) -> str:
    value = variant.value(source)
    if _is_number(value):
        return str(value)
    reason = Message(_('"%(expression)s" is not an exact number.'), {"expression": shorten(source)})
    raise VariantError(variant.item.id, reason)


@lru_cache(maxsize=1024)
def _prepared(
    text: str, spec: ExpressionSpec, values: tuple[tuple[str, Fraction], ...], form: str
) -> algebra.Key:
    """The key of an author's expression with an item's values (cached); Unreadable if it has none."""
    exact = {name: Fraction(value) for name, value in values}
    tree = algebra.with_values(algebra.read(text, spec.unknowns | spec.names), exact)
    stranger = sorted(algebra.unknowns(tree) - spec.unknowns)
    if stranger:
        raise Unreadable(_('"%(name)s" is not an exact number.'), name=stranger[0])
    if form == "expanded" and not algebra.has_form(tree, form, tree):
        tree = _multiplied_out(tree)
    domain, edges = algebra.everywhere, frozenset()
    if spec.where:
        domain = _Domain(spec.where, tuple(exact.items()))
        edges = frozenset(map(Fraction, re.findall(r"\d{1,9}(?:\.\d{1,9})?", spec.where)))
        edges |= {abs(value) for value in exact.values()}
    return algebra.key_of(tree, spec.unknowns, domain, text, edges)


def _multiplied_out(tree: Node) -> Node:
    names = sorted(algebra.unknowns(tree))
    polynomial = algebra.expanded(tree, names)
    return tree if polynomial is None else algebra.as_tree(polynomial, names)
