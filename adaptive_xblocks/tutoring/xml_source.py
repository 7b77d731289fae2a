"""Reading XML that anybody may have written: no entities, no network, no surprises, nothing without a bound."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection
from html import escape

from lxml import etree

from adaptive_xblocks.tutoring.model import Message, _, as_message

#: The live text and a draft beside it lie in one document of MongoDB in Studio, which holds 16 MB.
MAX_BYTES = 8_000_000
#: Of one part of a document, such as an item: bytes, elements, attributes of one of them.
MAX_PART = 100_000
MAX_ELEMENTS = 3_000
MAX_ATTRIBUTES = 50
XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
VOID_ELEMENTS = frozenset("area base br col embed hr img input link meta param source track wbr".split())
# Looked for before anything is parsed. Possessive, so that no text can make it try twice.
_DOCTYPE = re.compile(r"(?>\s+|<\?.*?\?>|<!--.*?-->)*+<!DOCTYPE", re.DOTALL)
_SMALL_PART = 10_000


class SourceError(ValueError):
    """A text that cannot be read at all: `line` (1-based), `problem` and `remedy` are sentences."""

    def __init__(self, line: int, problem: Message | str, remedy: Message | str):
        super().__init__(f"line {line}: {problem} {remedy}")
        self.line, self.problem, self.remedy = line, as_message(problem), as_message(remedy)


def read_root(text: str) -> etree._Element:
    """The root element of `text`; SourceError if it is too large, malformed or defines entities."""
    source = text.lstrip("\ufeff").encode("utf-8", "surrogatepass")
    if len(source) > MAX_BYTES:
        params = {"bytes": f"{len(source):,}", "limit": f"{MAX_BYTES:,}"}
        problem = Message(_("The text has %(bytes)s bytes; at most %(limit)s are read."), params)
        raise SourceError(1, problem, _("Split it over several blocks."))
    if not source.strip():
        raise SourceError(1, _("The text is empty."), _("Write one root element, e.g. <adaptive_problem_set>."))
    if _DOCTYPE.match(text.lstrip("\ufeff")):
        raise _with_doctype()
    parser = etree.XMLParser(
        encoding="utf-8",
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_pis=True,
    )
    try:
        root = etree.fromstring(source, parser)
    except etree.XMLSyntaxError as error:
        raise _malformed(error) from error
    if root.getroottree().docinfo.doctype:
        raise _with_doctype()
    if (count := len(root.attrib) + len(root.nsmap)) > MAX_ATTRIBUTES:
        params = {"count": f"{count:,}", "limit": MAX_ATTRIBUTES}
        problem = Message(_("The root element has %(count)s attributes; at most %(limit)s are read."), params)
        raise SourceError(root.sourceline or 1, problem, _("Remove those that are not needed."))
    return root


def _with_doctype() -> SourceError:
    return SourceError(
        1,
        _("The text has a document type (<!DOCTYPE …>), which could define entities."),
        _("Remove the DOCTYPE line; write special characters themselves or by number, e.g. &#160;."),
    )


def oversize(part: etree._Element) -> Message | None:
    """What of a part of a document is too much for one part, with the bound; None for any sensible part."""
    source = etree.tostring(part, encoding="utf-8", with_tail=False)
    too_much = _("<%(tag)s> has %(count)s %(things)s; at most %(limit)s are read in one.")

    def fault(count: int, things: str, limit: int) -> Message:
        params = {"tag": part.tag, "count": f"{count:,}", "things": Message(things), "limit": f"{limit:,}"}
        return Message(too_much, params)

    if len(source) > MAX_PART:
        return fault(len(source), _("bytes"), MAX_PART)
    if len(source) < _SMALL_PART:
        return None
    counts = [len(element.attrib) for element in part.iter(etree.Element)]
    if len(counts) > MAX_ELEMENTS:
        return fault(len(counts), _("elements"), MAX_ELEMENTS)
    if max(counts) > MAX_ATTRIBUTES:
        return fault(max(counts), _("attributes in one element"), MAX_ATTRIBUTES)
    return None


def _malformed(error: etree.XMLSyntaxError) -> SourceError:
    reason = (error.msg or "not well-formed").split(", line ")[0].strip()
    line = max(error.lineno or 1, 1)
    if reason.startswith("Excessive depth"):
        return SourceError(line, _("Elements are nested more than 256 deep."), _("Check that every element is closed."))
    remedy = _("Check that every element is closed and that < and & in texts are written &lt; and &amp;.")
    if reason.startswith("Entity "):
        remedy = _("XML knows only &lt; &gt; &amp; &quot; &apos;: write others as they are, or as e.g. &#160;.")
    if any(sign in reason for sign in ("invalid Char", "Invalid character", "Invalid bytes", "not proper UTF-8")):
        remedy = _("Remove the invisible control character from that line, e.g. by typing the line again.")
    problem = Message(_("This is not well-formed XML: %(reason)s."), {"reason": reason})
    return SourceError(line, problem, remedy)


def inner_html(element: etree._Element, skip: Collection[str] = ()) -> str:
    """What stands inside `element`, as HTML with every space kept.

    Comments are dropped, CDATA becomes the text it stands for, empty elements get an end tag (`<p></p>`,
    which HTML needs), and child elements whose tag is in `skip` are left out.
    """
    parts = [escape(element.text or "", quote=False)]
    for child in element:
        if isinstance(child.tag, str) and child.tag not in skip:
            parts.append(_outer_html(child))
        parts.append(escape(child.tail or "", quote=False))
    return "".join(parts)


def _outer_html(element: etree._Element) -> str:
    tag = etree.QName(element).localname
    attributes = "".join(
        f' {"lang" if name == XML_LANG else name}="{escape(value)}"'
        for name, value in element.attrib.items()
        if name == XML_LANG or not name.startswith("{")
    )
    if tag in VOID_ELEMENTS:
        return f"<{tag}{attributes}>"
    return f"<{tag}{attributes}>{inner_html(element)}</{tag}>"


def digest(element: etree._Element) -> str:
    """Eight hex digits that change whenever the canonical source (C14N, comments aside) of `element` does; where it
    has namespaces, for which C14N takes very long or has no form, whenever its source does."""
    canonical = etree.tostring(element, with_tail=False)
    if b"xmlns" not in canonical:
        tail, element.tail = element.tail, None
        try:
            canonical = etree.tostring(element, method="c14n", with_comments=False)
        finally:
            element.tail = tail
    return hashlib.sha256(canonical).hexdigest()[:8]
