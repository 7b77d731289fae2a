r"""TeX formulas to safe MathML, and to a line of text that can be read aloud.

latex2mathml converts; it neither escapes `\text{<script>}` nor refuses `\href` and `\style`. So nothing of
its output is taken as markup: its element tree is written out anew, by an allow list of elements and
attributes, with every text escaped. The TeX itself travels in `data-tex`, for pages that typeset it with
MathJax; what MathJax would turn into links, styles or new commands is therefore refused as well.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from html import escape, unescape
from typing import Any

from latex2mathml.converter import convert_to_element

MAX_TEX = 2_000
MAX_DEPTH = 40

_ELEMENTS = frozenset(
    {
        "math", "menclose", "mfrac", "mi", "mmultiscripts", "mn", "mo", "mover", "mpadded", "mphantom",
        "mprescripts", "mroot", "mrow", "mspace", "msqrt", "mstyle", "msub", "msubsup", "msup", "mtable",
        "mtd", "mtext", "mtr", "munder", "munderover", "none",
    }
)  # fmt: skip
_ATTRIBUTES = frozenset(
    {
        "accent", "accentunder", "bevelled", "columnalign", "columnlines", "columnspacing", "depth",
        "display", "displaystyle", "fence", "form", "frame", "height", "largeop", "linethickness", "lspace",
        "mathbackground", "mathcolor", "mathsize", "mathvariant", "maxsize", "minsize", "movablelimits",
        "notation", "rowalign", "rowlines", "rowspacing", "rspace", "scriptlevel", "separator", "stretchy",
        "symmetric", "voffset", "width",
    }
)  # fmt: skip
_ATTRIBUTE_VALUE = re.compile(r"[A-Za-z0-9#.+% -]{1,60}")
_REFUSED = re.compile(
    r"\\(?:href|url|html\w*|class|style|cssId|data|bbox|require|unicode|mmlToken|tooltip|texttip|mathtip|toggle"
    r"|action\w*|e?def|gdef|xdef|let|csname|newcommand|renewcommand|providecommand|newenvironment"
    r"|renewenvironment|Declare\w*|include\w*|input|special|write|catcode|hyper\w*|verb|Newextarrow"
    r"|begingroup\w*|endgroup|label|ref|eqref)(?![A-Za-z])"
)
_SPACED = frozenset("+−-±×÷·⋅=≠<>≤≥≈∈→⇒⇔∪∩")


@lru_cache(maxsize=4096)
def tex_to_html(tex: str, display: bool = False) -> str:
    r"""A formula as HTML: `<span class="ax-math" data-tex="…"><math alttext="…">…</math></span>`.

    `alttext` is the formula as a line of text. TeX that cannot be shown as a formula (unknown commands,
    over 2,000 characters or 40 levels, links and styles) comes out as escaped text in `<code class="ax-math …">`.

    >>> tex_to_html("x<2").startswith('<span class="ax-math" data-tex="x&lt;2"><math display="inline"')
    True
    >>> tex_to_html(r"\href{javascript:alert(1)}{x}")
    '<code class="ax-math tex2jax_ignore mathjax_ignore">\\href{javascript:alert(1)}{x}</code>'
    """
    tree = _tree(tex, display)
    if tree is None:
        return tex_as_source(tex)
    class_ = "ax-math ax-math-display" if display else "ax-math"
    inner = "".join(map(_markup, tree))
    math = f'<math display="{"block" if display else "inline"}" alttext="{escape(_line(tree))}">{inner}</math>'
    return f'<span class="{class_}" data-tex="{escape(_normal(tex))}">{math}</span>'


def tex_as_source(tex: str) -> str:
    """A formula as the text it was written as, in HTML; MathJax 2 and 3 leave it alone too."""
    return f'<code class="ax-math tex2jax_ignore mathjax_ignore">{escape(tex)}</code>'


@lru_cache(maxsize=4096)
def tex_to_text(tex: str) -> str:
    r"""A formula as one line of text; the TeX itself where it cannot be converted.

    >>> tex_to_text(r"1\frac{3}{4} + \frac{a+b}{2} \le x^2")
    '1 3/4 + (a + b)/2 ≤ x^2'
    """
    tree = _tree(tex, False)
    return tex.strip() if tree is None else _line(tree)


def defuse(text: str) -> str:
    r"""Text between formulas, with no command in it that MathJax could turn into a link, style or command.

    MathJax looks for delimiters of its own, such as `[mathjaxinline]`, and across `<br>`. An invisible word
    joiner after the backslash ends the command.

    >>> defuse(r"a\b \href{x}{y}") == "a\\b \\\u2060href{x}{y}"
    True
    """
    return _REFUSED.sub(lambda command: f"\\\u2060{command[0][1:]}", text)


def _normal(tex: str) -> str:
    # "50%" is meant as a percentage on a web page, never as the start of a comment.
    return re.sub(r"(?<!\\)%", r"\\%", tex.replace("\xa0", " ").strip())


def _tree(tex: str, display: bool) -> Any | None:
    """The formula's MathML tree, None if it is refused or not understood."""
    if len(tex) > MAX_TEX or not tex.strip() or _REFUSED.search(tex):
        return None
    try:
        tree = convert_to_element(_normal(tex), display="block" if display else "inline")
    except Exception:  # whatever a third-party parser trips over is an unreadable formula
        return None
    for depth, element in _levels(tree):
        # A backslash that is left over is a command that the converter does not know.
        if depth > MAX_DEPTH or "\\" in _text(element):
            return None
    return tree


def _levels(tree: Any) -> Iterator[tuple[int, Any]]:
    """Every element with its depth, without recursion: a formula may be nested more deeply than Python's stack."""
    todo = [(1, tree)]
    while todo:
        depth, element = todo.pop()
        yield depth, element
        todo += ((depth + 1, child) for child in element)


def _text(element: Any) -> str:
    # The converter writes symbols as character references.
    return unescape(element.text or "").replace("\x00", "")


def _markup(element: Any) -> str:
    inner = escape(_text(element)) + "".join(map(_markup, element))
    if element.tag not in _ELEMENTS:
        return f"<mrow>{inner}</mrow>"
    attributes = "".join(
        f' {name}="{value}"'
        for name, value in element.attrib.items()
        if name in _ATTRIBUTES and _ATTRIBUTE_VALUE.fullmatch(value)
    )
    return f"<{element.tag}{attributes}>{inner}</{element.tag}>"


def _line(element: Any) -> str:
    return re.sub(r"\s+", " ", _read(element)).strip()


def _read(element: Any) -> str:
    tag, parts = element.tag, list(element)
    if tag == "mspace":
        return " "
    if tag == "mo" and _text(element) in _SPACED:
        return f" {_text(element)} "
    if tag == "mfrac" and len(parts) == 2:
        return f"{_grouped(parts[0])}/{_grouped(parts[1])}"
    if tag == "msqrt":
        return f"√({_read_row(parts)})"
    if tag == "mroot" and len(parts) == 2:
        return f"root {_line(parts[1])} of ({_read(parts[0])})"
    if tag in ("msup", "mover", "msub", "munder", "msubsup", "munderover") and parts:
        return _read_scripts(tag, parts)
    if tag == "mtable":
        return "; ".join(", ".join(map(_line, row)) for row in parts)
    return _text(element) + _read_row(parts)


def _read_row(parts: list) -> str:
    shown = ""
    for part in parts:
        read = _read(part)
        if part.tag == "mo" and (not shown or shown[-1] in " (["):
            read = read.strip()  # a sign, not an operation
        # A mixed number: 1 3/4, not 13/4.
        shown += f" {read}" if part.tag == "mfrac" and shown[-1:].isdigit() else read
    return shown


def _read_scripts(tag: str, parts: list) -> str:
    base, *scripts = parts
    signs = {"msup": "^", "mover": "^", "msub": "_", "munder": "_"}.get(tag, "_^")
    shown = _read(base)
    for sign, script in zip(signs, scripts, strict=False):
        text = _grouped(script)
        if text in ("∘", "°"):
            shown += "°"
        elif text and set(text) <= set("′″‴"):
            shown += text
        elif not (tag == "mover" and script.tag == "mo"):  # an overline or arrow says nothing in a line
            shown += sign + text
    return shown


def _grouped(element: Any) -> str:
    text = _line(element)
    return text if len(text) <= 1 or re.fullmatch(r"[\w.]+", text) else f"({text})"
