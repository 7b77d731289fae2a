"""No author's text, value or formula brings anything that runs, loads or redirects into a page."""

import re
from fractions import Fraction

import lxml.html
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adaptive_xblocks.tutoring.model import Item, Text, Variable
from adaptive_xblocks.tutoring.rich_text import (
    ALLOWED_ATTRIBUTES,
    ALLOWED_CLASSES,
    ALLOWED_TAGS,
    URL_SCHEMES,
    plain_text,
    render_html,
)
from adaptive_xblocks.tutoring.tex import _ATTRIBUTES, _ELEMENTS, tex_to_html
from adaptive_xblocks.tutoring.variants import make_variant
from tests.tutoring.xss_vectors import ALL, HTML_VECTORS, MORE_HTML_VECTORS, TEX_VECTORS

URL_ATTRIBUTES = {"href", "src", "poster", "action", "formaction", "cite", "data", "longdesc", "background", "srcset"}
OWN_CLASSES = {"ax-math", "ax-math-display", "tex2jax_ignore", "mathjax_ignore"}
MATH_ATTRIBUTES = _ATTRIBUTES | {"alttext"}


def faults_of(html):
    """Everything in a piece of HTML that the documented lists do not allow."""
    faults = []
    for element in lxml.html.fragment_fromstring(html, create_parent="main").iterdescendants():
        if not isinstance(element.tag, str):
            faults.append("comment or instruction")
            continue
        faults += [f"<{element.tag}>"] * (element.tag not in ALLOWED_TAGS | _ELEMENTS)
        for name, value in element.attrib.items():
            faults += faults_of_attribute(element.tag, name, value)
    return faults


def faults_of_attribute(tag, name, value):
    """What is wrong with one attribute: its name for that element, its class or its scheme."""
    allowed = ALLOWED_ATTRIBUTES["*"] | ALLOWED_ATTRIBUTES.get(tag, set()) | {"controls", "rel", "class", "data-tex"}
    if name not in (MATH_ATTRIBUTES if tag in _ELEMENTS else allowed):
        return [f"{tag} {name}"]
    if name == "class":
        return [f"class {word}" for word in value.split() if word not in ALLOWED_CLASSES | OWN_CLASSES]
    if name in URL_ATTRIBUTES:
        scheme = re.match(r"[a-z][a-z0-9+.-]*:", re.sub(r"[\x00-\x20]", "", value).lower())
        return [f"{name} {value}"] if scheme and scheme[0][:-1] not in URL_SCHEMES else []
    return []


VALUES = [vector for vector in ALL if "'" not in vector or '"' not in vector]


def quoted(value):
    """The value as a text literal of the expression language."""
    return f'"{value}"' if "'" in value else f"'{value}'"


def variant_of(value):
    """A variant whose only variable `v` is that text."""
    return make_variant(
        Item(id="x", title="x", steps=(), prompt=Text(""), variables=(Variable("v", quoted(value)),)), 1
    )


def test_there_are_more_than_two_hundred_attacks():
    """Each is one of a kind."""
    assert len({*ALL}) == len(ALL) >= 200


@pytest.mark.parametrize("vector", [*HTML_VECTORS, *MORE_HTML_VECTORS])
@pytest.mark.parametrize(
    "around", ["{}", "<p>{}</p>", r"\(x\) {} \(y\)", "<ul><li>{}", r"\({}\)", "<b title='{}'>x</b>"]
)
def test_html_keeps_only_what_is_allowed(vector, around):
    """Elements, attributes, classes and schemes outside the lists are gone, wherever they were written."""
    assert faults_of(render_html(around.replace("{}", vector))) == []


@pytest.mark.parametrize("vector", [*HTML_VECTORS, *MORE_HTML_VECTORS])
def test_rendering_what_was_rendered_changes_nothing_dangerous(vector):
    """Parsed and written again, as browsers do, the result is still clean (no mutation)."""
    once = render_html(vector)
    again = lxml.html.tostring(lxml.html.fragment_fromstring(once, create_parent="div"), encoding="unicode")
    assert faults_of(again) == []


@pytest.mark.parametrize("tex", TEX_VECTORS)
@pytest.mark.parametrize("around", [r"\({}\)", r"\[{}\]", r"<p>a \(\frac{{}}{2}\) b</p>", r"<img alt='\({}\)' src=x>"])
def test_formulas_are_never_markup(tex, around):
    """Neither text in a formula nor a command of TeX becomes an element, a link or a style."""
    for source in (tex, tex.replace("&", "&amp;").replace("<", "&lt;")):
        assert faults_of(render_html(around.replace("{}", source))) == []


@pytest.mark.parametrize("tex", TEX_VECTORS)
def test_refused_commands_do_not_reach_mathjax(tex):
    """Where TeX is passed on to be typeset, it holds no command that makes links, styles or commands."""
    passed_on = lxml.html.fromstring(f"<p>{tex_to_html(tex)}</p>").xpath("string(.//@data-tex)")
    assert not re.search(
        r"\\(href|url|style|class|cssId|html|require|def|newcommand|let|mmlToken|bbox|unicode)", passed_on
    )


@pytest.mark.parametrize(
    "source", [r"[mathjaxinline]{}[/mathjaxinline]", r"\({}<br>\)", "$${}$$", r"\begin{a}{}\end{a}"]
)
def test_text_holds_no_commands_for_mathjax(source):
    """Delimiters that only MathJax knows do not bring a link in."""
    html = render_html(source.replace("{}", r"\href{javascript:alert(1)}{x}"))
    assert "\\\u2060href" in html
    assert r"\href" not in html


@pytest.mark.parametrize("value", VALUES)
def test_values_are_text_and_nothing_else(value):
    """A text value with markup shows as it is written: it adds no element anywhere."""
    variant = variant_of(value)
    html = variant.text(Text("<p>{@v@}</p>"))
    assert faults_of(html) == []
    assert {element.tag for element in lxml.html.fromstring(html).iter()} <= {"p", "code", "span"} | _ELEMENTS


PLACES = [
    "<a href='{@v@}'>x</a>",
    '<img src="{@v@}" alt="{@v@}">',
    "<a href={@v@}>x</a>",
    r"\(x = {@v@}\)",
    r"\(\text{{@v@}}\)",
    "<p {@v@}>x</p>",
    "<{@v@}>",
    "<a href='java{@v@}'>x</a>",
]


@pytest.mark.parametrize("value", VALUES)
@pytest.mark.parametrize("source", PLACES)
def test_values_are_harmless_in_attributes_and_formulas(value, source):
    """A value placed in an attribute, a tag or a formula opens nothing."""
    assert faults_of(variant_of(value).text(Text(source))) == []


@pytest.mark.parametrize("url", ["javascript:alert(1)", "data:text/html,x", " JAVASCRIPT:1", "vbscript:x"])
def test_a_value_cannot_become_a_script_address(url):
    """A scheme that comes by substitution is judged like one that was written."""
    html = variant_of(url).text(Text('<a href="{@v@}">x</a><img src="{@v@}">'))
    assert lxml.html.fromstring(f"<p>{html}</p>").xpath(".//@href | .//@src") == []


def test_language_and_direction_cannot_break_out():
    """A language or direction that is none is left out."""
    variant = variant_of("x")
    assert variant.text(Text("x", lang='en" onclick="alert(1)', direction='"><script>')) == "x"


def test_plain_text_is_not_parsed_again():
    """Plain text may show angle brackets, but only such as the author wrote as text."""
    assert plain_text(render_html("&lt;b&gt;<script>x</script>")) == "<b>"


MARKUP = st.sampled_from(
    """< > </ /> " ' = & &lt; &#60; ` \\( \\) \\[ \\]
    script img src= onerror= href= javascript: data: style <p> </p> <a
    <svg <math> <mtext> <style> </style> <!-- --> <table> <code> </code>
    \\text{ \\href{ } {@v@} x alert(1) <![CDATA[ ]]>
    <noscript> <title> <xmp> <select> <form> <template> <b title=""".split()
)


@settings(max_examples=600, deadline=None)
@given(st.lists(MARKUP, max_size=25), st.sampled_from(["", " "]), st.sampled_from(VALUES))
def test_no_mixture_of_markup_gets_through(parts, glue, value):
    """Random mixtures of tags, quotes, formulas and values come out clean, at first and parsed again."""
    html = variant_of(value).text(Text(glue.join(parts)))
    assert faults_of(html) == []
    assert faults_of(render_html(html)) == []


def test_numbers_need_no_escaping():
    """Ordinary values are written as they are."""
    assert variant_of("a & b").text(Text("{@v@}")) == "a &amp; b"
    assert make_variant(Item(id="x", title="", steps=(), prompt=Text("")), 1).value("1/2") == Fraction(1, 2)
