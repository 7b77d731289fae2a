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


HTML_VECTORS = [
    "<script>alert(1)</script>",
    "<SCRIPT SRC=//evil.example/x.js></SCRIPT>",
    "<scr<script>ipt>alert(1)</scr</script>ipt>",
    "<script\x00>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<img src=x oNeRrOr = 'alert(1)'>",
    "<img/src=x/onerror=alert(1)>",
    "<img src='x' alt='\"' onerror='alert(1)'>",
    '<img src="javascript:alert(1)">',
    '<img src="data:image/svg+xml;base64,PHN2ZyBvbmxvYWQ9YWxlcnQoMSk+">',
    '<img srcset="javascript:alert(1) 1x">',
    '<img src=x style="background:url(javascript:alert(1))">',
    '<img src=x lowsrc="javascript:alert(1)" dynsrc="javascript:alert(1)" longdesc="javascript:alert(1)">',
    '<a href="javascript:alert(1)">x</a>',
    '<a href="JaVaScRiPt:alert(1)">x</a>',
    '<a href=" javascript:alert(1)">x</a>',
    '<a href="java\tscript:alert(1)">x</a>',
    '<a href="java&#10;script:alert(1)">x</a>',
    '<a href="&#106;avascript&colon;alert(1)">x</a>',
    '<a href="\x01javascript:alert(1)">x</a>',
    '<a href="data:text/html,<script>alert(1)</script>">x</a>',
    '<a href="vbscript:msgbox(1)">x</a>',
    '<a href="blob:https://x/1">x</a>',
    '<a href="view-source:javascript:1">x</a>',
    '<a href="#" onclick="alert(1)" onmouseover=alert(1) id=x name=y target=_blank ping=//evil>x</a>',
    '<a xlink:href="javascript:alert(1)">x</a>',
    "<svg onload=alert(1)>",
    "<svg><script>alert(1)</script></svg>",
    "<svg><a xlink:href='javascript:alert(1)'><text>x</text></a></svg>",
    "<svg><animate onbegin=alert(1) attributeName=x></svg>",
    "<svg></p><style><a id=\"</style><img src=1 onerror=alert(1)>\">",
    "<svg><foreignObject><iframe onload=alert(1)></foreignObject></svg>",
    "<math><mtext><table><mglyph><style><!--</style><img title=\"--&gt;&lt;img src=1 onerror=alert(1)&gt;\">",
    "<math href='javascript:alert(1)'>x</math>",
    "<math><mi xlink:href='javascript:alert(1)'>x</mi></math>",
    "<math><annotation-xml encoding='text/html'><script>alert(1)</script></annotation-xml></math>",
    "<math><maction actiontype='statusline#http://evil' xlink:href='javascript:alert(1)'>x</maction></math>",
    "<form><math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>",
    "<noscript><p title=\"</noscript><img src=x onerror=alert(1)>\">",
    "<xmp><p title=\"</xmp><img src=x onerror=alert(1)>\">",
    "<textarea><p title=\"</textarea><img src=x onerror=alert(1)>\"></textarea>",
    "<title><img src=x onerror=alert(1)></title>",
    "<template><script>alert(1)</script></template>",
    "<select><template shadowrootmode=open><img src=x onerror=alert(1)></template></select>",
    "<iframe src=javascript:alert(1)></iframe>",
    "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
    "<object data='javascript:alert(1)'></object>",
    "<embed src='javascript:alert(1)'>",
    "<applet code=x></applet>",
    "<frameset onload=alert(1)><frame src='javascript:1'></frameset>",
    "<meta http-equiv=refresh content='0;url=javascript:alert(1)'>",
    "<base href='//evil.example/'>",
    "<link rel=stylesheet href='//evil.example/x.css'>",
    "<style>@import 'javascript:alert(1)'; body{display:none}</style>",
    "<p style='position:fixed;top:0'>x</p>",
    "<p style=\"width:expression(alert(1))\" class='modal btn sr-only'>x</p>",
    "<form action='javascript:alert(1)'><button formaction='javascript:alert(1)'>x</button></form>",
    "<input autofocus onfocus=alert(1)>",
    "<input type=image src=x onerror=alert(1)>",
    "<details open ontoggle=alert(1)>x</details>",
    "<video poster='javascript:alert(1)' src='javascript:alert(1)' autoplay onloadstart=alert(1)></video>",
    "<video><source onerror='alert(1)' src='data:text/html,x'></video>",
    "<audio src=x onerror=alert(1)><track src='javascript:alert(1)' onload=alert(1)></audio>",
    "<marquee onstart=alert(1)>x</marquee>",
    "<body onload=alert(1) background='javascript:alert(1)'>x",
    "<table background='javascript:alert(1)'><td background='javascript:alert(1)'>x</table>",
    "<blockquote cite='javascript:alert(1)'>x</blockquote><q cite='javascript:alert(1)'>y</q>",
    "<!--><img src=x onerror=alert(1)>-->",
    "<![CDATA[<img src=x onerror=alert(1)>]]>",
    "<?xml-stylesheet href='javascript:alert(1)'?>",
    "<x-widget onclick=alert(1) is=x contenteditable tabindex=0 accesskey=x>x</x-widget>",
    "<p data-tex='x' class='ax-math' aria-labelledby=x role=alert>x</p>",
    "<a href='//evil\\@javascript:alert(1)'>x</a>",
    "<br style=x onanimationstart=alert(1)>",
    "<p/onclick=alert(1)//",
    "<<img src=x onerror=alert(1)>>",
    "<img src=\"x` `<script>alert(1)</script>\"` `>",
    "<div><p title='`onmouseover=alert(1)'>x",
]  # fmt: skip

TEX_VECTORS = [
    r"\text{<script>alert(1)</script>}",
    r"\text{<img src=x onerror=alert(1)>}",
    r"\text{&lt;script&gt;alert(1)&lt;/script&gt;}",
    r"\text{&amp;lt;script&amp;gt;}",
    r"\text{&#60;img src=x onerror=alert(1)&#62;}",
    r"\text{</mtext></math><script>alert(1)</script>}",
    r"\mathrm{<script>}",
    r"\operatorname{<img src=x onerror=alert(1)>}",
    r"\href{javascript:alert(1)}{x}",
    r"\href {data:text/html,x} {x}",
    r"\url{javascript:alert(1)}",
    r"\style{background:url(//evil)}{x}",
    r"\style{position:fixed;top:0}{x}",
    r"\class{modal}{x}",
    r"\cssId{main}{x}",
    r"\htmlData{onclick=alert(1)}{x}",
    r"\includegraphics{javascript:alert(1)}",
    r"\require{html}\href{javascript:alert(1)}{x}",
    r"\def\x{\href{javascript:alert(1)}{x}}\x",
    r"\newcommand{\x}{1}\x",
    r"\let\h=\href \h{javascript:alert(1)}{x}",
    r"\mmlToken{mi}[href='javascript:alert(1)']{x}",
    r"\bbox[border:1px solid red;background:url(//evil)]{x}",
    r"\unicode[x onclick=alert(1)]{x263a}",
    r"\color{red\" onclick=\"alert(1)}{x}",
    r"\color{url(javascript:alert(1))}{x}",
    r"\textcolor{expression(alert(1))}{x}",
    r"\hspace{1cm\" onload=\"alert(1)}x",
    r"\tooltip{<img onerror=alert(1)>}{x}",
    r"\text{\href{javascript:alert(1)}{x}}",
    r"\begin{array}{c\" onclick=\"alert(1)}1\end{array}",
    r"x\" onmouseover=\"alert(1)",
    r"x' onmouseover='alert(1)",
    r"]]><script>alert(1)</script>",
    r"<!-- --><script>alert(1)</script>",
    r"\verb|<script>|",
    r"\text{$\href{javascript:alert(1)}{x}$}",
    "\\text{\x00<script\x00>}",
]

VALUES = [vector for vector in [*HTML_VECTORS, *TEX_VECTORS] if "'" not in vector or '"' not in vector]


def quoted(value):
    """The value as a text literal of the expression language."""
    return f'"{value}"' if "'" in value else f"'{value}'"


def variant_of(value):
    """A variant whose only variable `v` is that text."""
    return make_variant(
        Item(id="x", title="x", steps=(), prompt=Text(""), variables=(Variable("v", quoted(value)),)), 1
    )


@pytest.mark.parametrize("vector", HTML_VECTORS)
@pytest.mark.parametrize(
    "around", ["{}", "<p>{}</p>", r"\(x\) {} \(y\)", "<ul><li>{}", r"\({}\)", "<b title='{}'>x</b>"]
)
def test_html_keeps_only_what_is_allowed(vector, around):
    """Elements, attributes, classes and schemes outside the lists are gone, wherever they were written."""
    assert faults_of(render_html(around.replace("{}", vector))) == []


@pytest.mark.parametrize("vector", HTML_VECTORS)
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
