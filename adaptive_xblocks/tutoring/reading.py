"""What every reader of a document's parts shares: checked attributes, children, texts and expressions."""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field, replace
from functools import lru_cache
from html import escape

from lxml import etree

from adaptive_xblocks.tutoring import expressions
from adaptive_xblocks.tutoring.faults import Faults
from adaptive_xblocks.tutoring.model import Message, Text, _, sentence_of
from adaptive_xblocks.tutoring.rich_text import MAX_FORMULAS, split_formulas
from adaptive_xblocks.tutoring.variants import text_parts
from adaptive_xblocks.tutoring.xml_source import XML_LANG, inner_html, oversize

IDENTIFIER = re.compile(r"[\w.:\-]{1,80}")
STRUCTURE_TAGS = frozenset(
    "skill misconception item variable where step answer wrong hint scaffold solution numeric choice choices "
    "expression order match".split()
)
TEXT_ATTRIBUTES = frozenset(("lang", "dir"))
AT_MOST = _("At most %(limit)s are read.")
SPLIT = _("Split it into several, or leave out what is not needed.")


@dataclass(slots=True)
class ReadContext:
    """Where the reader stands: the collector, what is defined so far, and the path of ids down to here."""

    faults: Faults
    names: set[str] = field(default_factory=set)  # variables defined so far
    skills: Collection[str] = ()
    misconceptions: Collection[str] = ()
    path: str = ""
    patterns: set[str] = field(default_factory=set)  # of the whole document

    def at(self, part: str) -> ReadContext:
        """The same context one level down, e.g. in step `part`."""
        return replace(self, path=f"{self.path}/{part}" if self.path else part)

    def error(self, element: etree._Element, problem: Message | str, remedy: Message | str) -> None:
        """See :meth:`Faults.error`."""
        self.faults.error(element, problem, remedy)

    def warning(self, element: etree._Element, problem: Message | str, remedy: Message | str) -> None:
        """See :meth:`Faults.warning`."""
        self.faults.warning(element, problem, remedy)

    def fits(self, part: etree._Element) -> bool:
        """Whether a part of the document is small enough to be read; an error if it is not."""
        problem = oversize(part)
        if problem:
            self.error(part, problem, SPLIT)
        return problem is None

    def attributes(self, element: etree._Element, known: Collection[str]) -> None:
        """Warn of attributes that nobody reads. Those of foreign namespaces are nobody's business."""
        for name in element.attrib:
            if name not in known and not name.startswith("{"):
                params = {"tag": element.tag, "name": name}
                self.warning(
                    element,
                    Message(_('<%(tag)s> has no attribute "%(name)s"; it is kept, but does nothing.'), params),
                    Message(_("Known are: %(known)s."), {"known": ", ".join(sorted(known))}) if known
                    else _("Remove it."),
                )

    def children(self, element: etree._Element, known: Collection[str]) -> Iterator[etree._Element]:
        """The child elements whose tag is in `known`; a warning for the others and for text between them."""
        stray = element.text or ""
        for child in element:
            stray += child.tail or ""
            if not isinstance(child.tag, str):
                continue
            if child.tag in known:
                yield child
            elif not self.faults.is_full:
                params = {"tag": child.tag, "parent": element.tag}
                self.warning(
                    child,
                    Message(_("<%(tag)s> is not known inside <%(parent)s>; it is kept, but not shown."), params),
                    Message(_("Known here are: %(known)s."), {"known": tag_list(known)}) if known else _("Remove it."),
                )
        if stray.strip():
            problem = _('The text "%(text)s" stands directly in <%(parent)s> and is not shown.')
            self.warning(
                element,
                Message(problem, {"text": shorten(stray), "parent": element.tag}),
                _("Put it into the element that it belongs to, e.g. <prompt>."),
            )

    def text(self, element: etree._Element, skip: Collection[str] = ()) -> Text:
        """The element's content as rich text, its expressions checked."""
        source = inner_html(element, skip)
        self.check_text(element, source)
        n_tex = sum(len(part) for kind, part in split_formulas(source) if kind != "text") if "\\" in source else 0
        if n_tex > MAX_FORMULAS:
            problem = _("The formulas of this text have %(count)s characters; above %(limit)s they are not typeset.")
            params = {"count": f"{n_tex:,}", "limit": f"{MAX_FORMULAS:,}"}
            self.warning(element, Message(problem, params), _("Make several texts of it, e.g. steps or hints."))
        for child in element:
            if child.tag not in skip:
                self._check_structure(element, child)
                self._check_pictures(child)
        return Text(source, *self.language(element))

    def _check_structure(self, element: etree._Element, part: etree._Element) -> None:
        for stranger in () if self.faults.is_full else part.iter(*STRUCTURE_TAGS):
            params = {"tag": stranger.tag, "parent": element.tag}
            self.warning(
                stranger,
                Message(_("<%(tag)s> stands inside the text of <%(parent)s> and does nothing there."), params),
                Message(_("Move it out of <%(parent)s>."), {"parent": element.tag}),
            )

    def _check_pictures(self, element: etree._Element) -> None:
        for picture in element.iter("img"):
            if picture.get("alt") is None:
                remedy = _('Write alt="what it shows", or alt="" where it only decorates.')
                self.warning(picture, _("A picture has no text for those who cannot see it."), remedy)

    def language(self, element: etree._Element) -> tuple[str | None, str | None]:
        """`lang` (or xml:lang) and `dir` of an element; a `dir` unknown to HTML is told and dropped."""
        direction = element.get("dir")
        if direction not in (None, "ltr", "rtl", "auto"):
            problem = Message(_('dir="%(direction)s" is no direction.'), {"direction": shorten(direction)})
            self.warning(element, problem, _("Use ltr, rtl or auto."))
            direction = None
        return element.get("lang") or element.get(XML_LANG), direction

    def literal(self, element: etree._Element, attribute: str) -> Text | None:
        """An attribute's plain text as Text, None if it is not there or blank."""
        return self.plain(element, element.get(attribute, ""))

    def plain(self, element: etree._Element, value: str) -> Text | None:
        """Plain text of an element's attribute as Text, None if it is blank."""
        if not value.strip():
            return None
        source = escape(value, quote=False)
        self.check_text(element, source)
        return Text(source)

    def check_text(self, element: etree._Element, source: str) -> None:
        """Fault every `{@expression@}` of a text that cannot be read."""
        if "{@" not in source:
            return
        try:
            parts = text_parts(source)
        except expressions.ExpressionError as error:
            params = {"text": shorten(source), "problem": sentence_of(error)}
            self.error(
                element,
                Message(_('In the text "%(text)s": %(problem)s'), params),
                _("Write {@expression@}; to show the signs {@ write {{@."),
            )
            return
        for part in parts:
            if isinstance(part, expressions.Expression):
                self.expression(element, part.source, "{@ @}")

    def expression(self, element: etree._Element, source: str, place: str) -> str:
        """`source` as it stands; a fault if it cannot be read or uses what is not defined yet."""
        try:
            names = _names(source)
        except expressions.ExpressionError as error:
            params = {"place": place, "expression": shorten(source), "problem": sentence_of(error)}
            problem = Message(_('%(place)s "%(expression)s": %(problem)s'), params)
            self.error(element, problem, _("Correct the expression."))
            return source
        for name in sorted(names - self.names):
            params = {"place": place, "expression": shorten(source), "name": name}
            problem = _('%(place)s "%(expression)s" uses "%(name)s", which no <variable> before it defines.')
            remedy = _('Define <variable name="%(name)s" …/> above, or correct the name.')
            self.error(element, Message(problem, params), Message(remedy, {"name": name}))
        return source

    def identifier(self, element: etree._Element, default: str) -> str:
        """The element's `id`; `default` (with a warning) where it is missing, an error where it is no id."""
        value = element.get("id", "").strip()
        if not value:
            problem = _('<%(tag)s> has no id and gets "%(default)s", which changes when elements move.')
            self.warning(
                element,
                Message(problem, {"tag": element.tag, "default": default}),
                _('Give it an id="…" of its own, so that answers stay with it.'),
            )
            return default
        self.check_identifier(element, value)
        return value

    def check_identifier(self, element: etree._Element, value: str) -> None:
        """An error if `value` cannot be an id."""
        if not IDENTIFIER.fullmatch(value):
            self.error(
                element,
                Message(_('"%(value)s" cannot be an id.'), {"value": shorten(value)}),
                _("Use letters, digits and . _ - : only, at most 80 of them."),
            )

    def number(self, element: etree._Element, attribute: str, low: float, high: float) -> float | None:
        """An attribute as a number within [low, high]; None (with an error if it is there) otherwise."""
        value = element.get(attribute)
        if value is None:
            return None
        try:
            number = float(value)
        except ValueError:
            number = math.nan
        if low <= number <= high:
            return number
        params = {"name": attribute, "value": shorten(value), "low": f"{low:g}", "high": f"{high:g}"}
        remedy = _('Write a number such as %(name)s="%(example)s", or leave %(name)s out.')
        self.error(
            element,
            Message(_('%(name)s="%(value)s" is not a number from %(low)s to %(high)s.'), params),
            Message(remedy, {"name": attribute, "example": f"{(low + high) / 2:g}"}),
        )
        return None

    def flag(self, element: etree._Element, attribute: str) -> bool:
        """An attribute that says true or false (false where it is missing)."""
        return self.choice(element, attribute, ("false", "true")) == "true"

    def choice(self, element: etree._Element, attribute: str, allowed: tuple[str, ...]) -> str:
        """An attribute with fixed values; the first of `allowed` where it is missing or (error) unknown."""
        value = element.get(attribute, allowed[0]).strip()
        if value in allowed:
            return value
        self.error(
            element,
            Message(_('%(name)s="%(value)s" is not known.'), {"name": attribute, "value": shorten(value)}),
            Message(_("Use one of: %(known)s."), {"known": ", ".join(word for word in allowed if word)}),
        )
        return allowed[0]

    def misconception(self, element: etree._Element) -> str | None:
        """The misconception that the element names. One of another block is possible, so only a warning."""
        name = element.get("misconception", "").strip() or None
        if name:
            self.check_identifier(element, name)
        if name and name not in self.misconceptions:
            params = {"name": shorten(name)}
            problem = Message(_('The misconception "%(name)s" is not defined in this document.'), params)
            remedy = Message(_('Define <misconception id="%(name)s" …> here, or correct the name.'), params)
            self.warning(element, problem, remedy)
        return name


@lru_cache(maxsize=4096)
def _names(source: str) -> frozenset[str]:
    """The variables of an expression; ExpressionError if it cannot be read or is a constant without value."""
    parsed = expressions.parse(source)
    if not parsed.names:
        parsed.evaluate({})
    return parsed.names


def words(value: str | None) -> tuple[str, ...]:
    """A list written with spaces or commas, without repetitions."""
    return tuple(dict.fromkeys((value or "").replace(",", " ").split()))


def split_list(source: str) -> list[str]:
    """The parts of a list between commas that stand outside brackets and quotation marks.

    >>> split_list("gcd(a, b), [1, 2]")
    ['gcd(a, b)', '[1, 2]']
    """
    parts, start, depth, quote = [], 0, 0, ""
    for place, sign in enumerate(source):
        if quote:
            quote = "" if sign == quote else quote
        elif sign in "'\"":
            quote = sign
        depth += 0 if quote else (sign in "([") - (sign in ")]")
        if sign == "," and not depth and not quote:
            parts.append(source[start:place].strip())
            start = place + 1
    return [*parts, source[start:].strip()]


def tag_list(tags: Collection[str]) -> str:
    """Tags as an author writes them, in order: `<choice>, <numeric>`."""
    return ", ".join(f"<{tag}>" for tag in sorted(tags))


def id_list(ids: Collection[str]) -> str | Message:
    """Ids in their order, for a fault's sentence; "none" where there are none."""
    return ", ".join(ids) or Message(_("none"))


def shorten(text: str, length: int = 60) -> str:
    """Text in one line, cut to `length` characters, for a fault's sentence."""
    line = " ".join(text.split())
    return line if len(line) <= length else f"{line[: length - 1]}…"
