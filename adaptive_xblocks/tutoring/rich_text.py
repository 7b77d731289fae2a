r"""Rich text from authors to a page: sanitised HTML, then formulas.

HTML goes through nh3 with the allow lists below: text, lists, tables, pictures, sound and film with
controls, links to http, https and mailto or within the site. No scripts, styles, forms, frames, SVG or
`id`s, and of classes only those named here. After that, `\( \)` and `\[ \]` in text (never in attributes,
never in `<pre>` and `<code>`) become MathML (see :mod:`~adaptive_xblocks.tutoring.tex`); nothing is
inserted afterwards, and what is inserted is built from escaped parts only.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import lru_cache
from html import unescape
from html.parser import HTMLParser

import nh3

from adaptive_xblocks.tutoring.tex import defuse, tex_as_source, tex_to_html

_BLOCK_TAGS = frozenset(
    {
        "audio", "blockquote", "caption", "dd", "div", "dl", "dt", "figcaption", "figure", "h3", "h4", "h5",
        "h6", "hr", "li", "ol", "p", "pre", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "ul",
        "video",
    }
)  # fmt: skip
_INLINE_TAGS = frozenset(
    {
        "a", "abbr", "b", "bdi", "bdo", "br", "cite", "code", "col", "colgroup", "del", "dfn", "em", "i",
        "img", "ins", "kbd", "mark", "q", "rp", "rt", "ruby", "s", "samp", "small", "source", "span",
        "strong", "sub", "sup", "time", "track", "u", "var", "wbr",
    }
)  # fmt: skip
ALLOWED_TAGS = _BLOCK_TAGS | _INLINE_TAGS
ALLOWED_ATTRIBUTES = {
    "*": {"lang", "dir", "aria-label"},
    "a": {"href", "hreflang", "title"},
    "abbr": {"title"},
    "audio": {"src"},
    "col": {"span"},
    "colgroup": {"span"},
    "img": {"alt", "height", "src", "title", "width"},
    "li": {"value"},
    "ol": {"reversed", "start"},
    "source": {"src", "type"},
    "td": {"colspan", "rowspan"},
    "th": {"abbr", "colspan", "rowspan", "scope"},
    "time": {"datetime"},
    "track": {"default", "kind", "label", "src", "srclang"},
    "video": {"height", "poster", "src", "width"},
}
ALLOWED_CLASSES = frozenset({"sr-only", "ax-note", "ax-example"})
#: TeX in one text, in characters; a hundred take a millisecond. In a text with more, all is shown as it was written.
MAX_FORMULAS = 10_000
# Longer texts are rare, and the cache must not hold a whole document many times over.
_MAX_CACHED = 20_000
URL_SCHEMES = frozenset({"http", "https", "mailto"})
# Dropped with what is in them; any other unknown element leaves its text behind.
_DROPPED = frozenset(
    {
        "applet", "embed", "frame", "frameset", "iframe", "math", "noembed", "noframes", "noscript",
        "object", "script", "select", "style", "svg", "template", "textarea", "title", "xmp",
    }
)  # fmt: skip
_VERBATIM = frozenset({"code", "pre", "kbd", "samp"})
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_OPENING = re.compile(r"(?<!\\)\\[(\[]")
# The sanitiser writes every "<" of text as &lt; and every attribute in double quotes.
_CLOSING = re.compile(r"[.,;:!?)\]’”]+")
_TAG = re.compile(r'<(/?)([a-z][a-z0-9]*)(?:[^"<>]|"[^"]*")*>')

_CLEANER = nh3.Cleaner(
    tags=set(ALLOWED_TAGS),
    clean_content_tags=set(_DROPPED),
    attributes=ALLOWED_ATTRIBUTES,
    allowed_classes={tag: set(ALLOWED_CLASSES) for tag in ("div", "figure", "p", "span", "table")},
    set_tag_attribute_values={"audio": {"controls": ""}, "video": {"controls": ""}},
    url_schemes=set(URL_SCHEMES),
    link_rel="noopener noreferrer",
)


def render_html(source: str) -> str:
    r"""Safe HTML from an author's HTML, formulas as MathML. Cached; the same source gives the same text.

    >>> render_html('<p onclick="x()">So <b>b &lt; d</b><script>alert(1)</script></p>')
    '<p>So <b>b &lt; d</b></p>'
    >>> 'alttext="1/3 + 1/4"' in render_html(r"<p>\(\frac{1}{3} + \frac{1}{4}\)</p>")
    True
    """
    return _render_cached(source) if len(source) <= _MAX_CACHED else _render(source)


def _render(source: str) -> str:
    cleaned = _CLEANER.clean(_protect_formulas(_CONTROL.sub("", source)))
    if "\\" not in cleaned:
        return cleaned
    n_tex = sum(len(part) for kind, part in split_formulas(cleaned) if kind != "text")
    return _with_formulas(cleaned, tex_to_html if n_tex <= MAX_FORMULAS else lambda tex, _display: tex_as_source(tex))


_render_cached = lru_cache(maxsize=2048)(_render)


def split_formulas(text: str) -> Iterator[tuple[str, str]]:
    r"""The parts of a text in order: ("text" | "inline" | "display", part), the delimiters left out.

    >>> list(split_formulas(r"Half: \(\frac12\)."))
    [('text', 'Half: '), ('inline', '\\frac12'), ('text', '.')]
    """
    position, missing = 0, set()
    for opening in _OPENING.finditer(text):
        closing = r"\)" if opening[0] == r"\(" else r"\]"
        if opening.start() < position or closing in missing:
            continue
        end = text.find(closing, opening.end())
        if end < 0:
            missing.add(closing)
            continue
        if opening.start() > position:
            yield "text", text[position : opening.start()]
        yield ("inline" if closing == r"\)" else "display"), text[opening.end() : end]
        position = end + 2
    if position < len(text):
        yield "text", text[position:]


def join_formulas(parts: Iterator[tuple[str, str]]) -> str:
    """The text whose `split_formulas` are these parts."""
    around = {"text": "{}", "inline": r"\({}\)", "display": r"\[{}\]"}
    return "".join(around[kind].replace("{}", part) for kind, part in parts)


def _protect_formulas(source: str) -> str:
    """A `<` within a formula as &lt;, lest the sanitiser take `a<b` for a tag (CDATA lets it through)."""
    if not _OPENING.search(source):
        return source
    return join_formulas(
        (kind, part.replace("<", "&lt;") if kind != "text" and not re.search("</|/>|<br", part) else part)
        for kind, part in split_formulas(source)
    )


def _with_formulas(cleaned: str, show: Callable[[str, bool], str]) -> str:
    result: list[str] = []
    position = verbatim = 0
    for tag in _TAG.finditer(cleaned):
        text = cleaned[position : tag.start()]
        result.append(text if verbatim else _formulas_of(text, show))
        result.append(tag[0])
        if tag[2] in _VERBATIM:
            verbatim += -1 if tag[1] else 1
        position = tag.end()
    result.append(cleaned[position:] if verbatim else _formulas_of(cleaned[position:], show))
    return "".join(result)


def _formulas_of(text: str, show: Callable[[str, bool], str]) -> str:
    if "\\" not in text:
        return text
    result: list[str] = []
    for kind, part in split_formulas(text):
        if kind != "text":
            result.append(show(unescape(part), kind == "display"))
            continue
        closing = _CLOSING.match(part)
        if closing and result:
            # A browser may break a line between a formula and the comma after it.
            result[-1] = f'<span class="ax-together">{result[-1]}{closing[0]}</span>'
            part = part[closing.end() :]
        result.append(defuse(part))
    return "".join(result)


def has_blocks(html: str) -> bool:
    """Whether sanitised HTML holds block elements, so that it needs a `<div>`, not a `<span>`, around it."""
    return any(tag[2] in _BLOCK_TAGS for tag in _TAG.finditer(html))


class _PlainText(HTMLParser):
    """Collects the text of rendered HTML; formulas and pictures by their alternatives."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self._formula = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "math":
            self._formula += 1
            self.parts.append(dict(attrs).get("alttext") or "")
        elif tag == "img":
            self.parts.append(f" {dict(attrs).get('alt') or ''} ")
        elif tag in _BLOCK_TAGS or tag == "br":
            self.parts.append(" ")

    def handle_endtag(self, tag: str) -> None:
        if tag == "math":
            self._formula = max(0, self._formula - 1)
        elif tag in _BLOCK_TAGS:
            self.parts.append(" ")

    def handle_data(self, data: str) -> None:
        if not self._formula:
            self.parts.append(data)


def plain_text(html: str) -> str:
    r"""The words of HTML that :func:`render_html` gave, on one line, formulas as text. Escape it in a page.

    >>> plain_text(render_html(r"<p>Is \(\frac{1}{2}\) &lt; 1?</p><p>Say why.</p>"))
    'Is 1/2 < 1? Say why.'
    """
    return _plain_cached(html) if len(html) <= _MAX_CACHED else _plain(html)


def _plain(html: str) -> str:
    parser = _PlainText()
    parser.feed(html)
    parser.close()
    return re.sub(r"\s+", " ", "".join(parser.parts)).strip()


_plain_cached = lru_cache(maxsize=1024)(_plain)
