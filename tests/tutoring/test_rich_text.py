"""Rich text: what authors may write survives, formulas are readable by eye and by ear."""

import re
import time

import lxml.html
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adaptive_xblocks.tutoring.rich_text import has_blocks, join_formulas, plain_text, render_html, split_formulas
from adaptive_xblocks.tutoring.tex import MAX_TEX, tex_to_html, tex_to_text


@pytest.mark.parametrize(
    "html",
    [
        "<p>One <strong>bold</strong> and <em>stressed</em> word, x<sup>2</sup>, H<sub>2</sub>O.</p>",
        "<ul><li>a</li></ul><ol start=\"3\"><li>b</li></ol>",
        "<table><caption>T</caption><thead><tr><th scope=\"col\">a</th></tr></thead>"
        "<tbody><tr><td colspan=\"2\">1</td></tr></tbody></table>",
        '<img src="/static/ruler.png" alt="A ruler" width="40">',
        '<img src="https://example.org/a.png" alt="">',
        '<figure><img src="a.png" alt="b"><figcaption>c</figcaption></figure>',
        '<span lang="ar" dir="rtl">مرحبا</span>',
        '<p class="ax-note">Mind the sign.</p>',
        "<pre>  for i in x:\n    y</pre>",
        "<code>a[[0]]</code>",
        "So the sum is [[input:num]] over [[input:den]].",
        "<blockquote>q</blockquote><dl><dt>t</dt><dd>d</dd></dl>",
        "a &lt; b &amp; c",
    ],
)  # fmt: skip
def test_what_authors_need_is_kept(html):
    """Text, lists, tables, pictures, languages and places of inputs come out as they went in."""
    assert render_html(html) == html


def test_links_keep_their_address_and_lose_their_opener():
    """A link within or outside the site stays, and the other page gets no hold of ours."""
    assert render_html('<a href="/jump_to_id/x">y</a>') == '<a href="/jump_to_id/x" rel="noopener noreferrer">y</a>'


def test_media_always_have_controls():
    """Sound and film never play by themselves and can always be stopped."""
    assert render_html('<video src="/a.mp4" autoplay loop></video>') == '<video src="/a.mp4" controls=""></video>'


def test_unknown_elements_leave_their_text():
    """An element outside the list is unwrapped, so that no sentence gets lost."""
    assert render_html("<article><center>Read <blink>this</blink></center></article>") == "Read this"


@pytest.mark.parametrize(
    ("tex", "line"),
    [
        (r"\frac{1}{3} + \frac{1}{4}", "1/3 + 1/4"),
        (r"1\frac{3}{4} \times 2 \div 3", "1 3/4 × 2 ÷ 3"),
        (r"\frac{a+b}{2}", "(a + b)/2"),
        (r"x^2 - x_1 \le -3", "x^2 − x_1 ≤ −3"),
        (r"2^{n+1}", "2^(n + 1)"),
        (r"\square + 3 = 5", "◻ + 3 = 5"),
        (r"\sqrt{2}", "√(2)"),
        (r"\sqrt[3]{x}", "root 3 of (x)"),
        (r"30^\circ", "30°"),
        (r"f'(x)", "f′(x)"),
        (r"\overline{AB}", "AB"),
        (r"\begin{pmatrix}1&2\\3&4\end{pmatrix}", "(1, 2; 3, 4)"),
        (r"5\,\text{cm per }t", "5 cm per t"),
        (r"50%", "50%"),
        ("a<b", "a < b"),
    ],
)
def test_formulas_read_as_a_line(tex, line):
    """A formula has a text to be spoken or shown where MathML is not."""
    assert tex_to_text(tex) == line
    assert lxml.html.fromstring(tex_to_html(tex)).xpath("string(.//math/@alttext)") == line


@pytest.mark.parametrize(
    ("tex", "element"),
    [
        (r"\frac{1}{2}", "mfrac"),
        (r"\sqrt{2}", "msqrt"),
        (r"x^2", "msup"),
        (r"x_1", "msub"),
        (r"\begin{matrix}1&2\end{matrix}", "mtable"),
        (r"\text{and}", "mtext"),
        (r"\times", "mo"),
        (r"\square", "mi"),
        (r"12", "mn"),
        (r"\sum_{i=1}^{n} i", "msubsup"),
    ],
)
def test_formulas_become_mathml(tex, element):
    """What school mathematics needs is converted to its MathML element."""
    assert lxml.html.fromstring(tex_to_html(tex)).xpath(f".//math//{element}")


def test_a_formula_carries_its_tex():
    """A page that typesets TeX itself finds it in data-tex."""
    span = lxml.html.fromstring(tex_to_html("a<b"))
    assert (span.get("class"), span.get("data-tex")) == ("ax-math", "a<b")


def test_inline_and_display_formulas_differ():
    r"""`\( \)` stays within its line, `\[ \]` stands by itself."""
    maths = lxml.html.fromstring(render_html(r"<p>a \(x\) b \[y\] c</p>")).xpath("//math/@display")
    assert maths == ["inline", "block"]


@pytest.mark.parametrize("tex", ["", " ", r"\frac{", r"\foo{1}", r"\left(", "{", r"\href{a}{b}", "x" * (MAX_TEX + 1)])
def test_tex_that_cannot_be_shown_stays_readable(tex):
    """An unreadable formula is shown as it was typed, and MathJax is told to leave it."""
    assert lxml.html.fromstring(tex_to_html(tex)).text_content() == tex
    assert tex_to_html(tex).startswith('<code class="ax-math tex2jax_ignore mathjax_ignore">')


@pytest.mark.parametrize(
    "html",
    [
        r'<img src="a.png" alt="\(x\)">',
        r"<code>\(x\)</code>",
        r"<pre>\[x\]</pre>",
        r"\\(x\\)",
        r"\(x",
        r"x\)",
        r"\(<b>x</b>\)",
    ],
)
def test_where_formulas_are_not_looked_for(html):
    """Attributes, code, escaped and unclosed delimiters and formulas across elements are left alone."""
    assert render_html(html) == html


def test_a_formula_may_hold_less_than_from_cdata():
    """`a<b` in a formula is no tag, however the author's file wrote it."""
    assert render_html(r"\(a<b\)") == render_html(r"\(a&lt;b\)")


def test_row_ends_with_a_distance_do_not_open_a_formula():
    r"""The `\\[` of a matrix is not the beginning of a displayed formula."""
    assert list(split_formulas(r"\[a\\[2pt]b\]c")) == [("display", r"a\\[2pt]b"), ("text", "c")]


@given(st.lists(st.sampled_from([r"\(", r"\)", r"\[", r"\]", "\\", "x", "{@", " "]), max_size=30).map("".join))
def test_splitting_formulas_loses_nothing(text):
    """Joined again, the parts are the text."""
    assert join_formulas(split_formulas(text)) == text


@pytest.mark.parametrize(
    ("html", "text"),
    [
        (r"<p>Is \(\frac{1}{2}\) &lt; 1?</p><p>Say why.</p>", "Is 1/2 < 1? Say why."),
        ("<ul><li>a</li><li>b</li></ul>", "a b"),
        ('See <img src="a.png" alt="a ruler">here', "See a ruler here"),
        ("a<br>b<b>c</b>d", "a bcd"),
        (r"\(\foo\)", r"\foo"),
        ("&amp;lt;b&amp;gt;", "&lt;b&gt;"),
    ],
)
def test_plain_text(html, text):
    """Plain text is one line of words with the alternatives of formulas and pictures."""
    assert plain_text(render_html(html)) == text


def test_blocks_are_told_from_inline_text():
    """Only text with block elements needs a block around it."""
    assert has_blocks("<p>a</p>")
    assert not has_blocks("a <b>b</b> <br>")


TEX_PARTS = st.sampled_from(
    r"""\frac \sqrt { } [ ] ^ _ & \\ \left( \right) \begin{matrix} \end{matrix} \begin{cases} \end{cases} \text{ x 1
    ' " < > % $ \over \binom \limits \sum \color{ \mathbb \hspace \, \substack \prime \operatorname \left. \middle|
    \href \style \overline \underbrace \int \lim \mathrm{ \not \cancel \phantom \begin{align} \hline""".split()
)


@settings(max_examples=1000, deadline=None)
@given(st.one_of(st.text(max_size=80), st.lists(TEX_PARTS, max_size=40).map("".join)))
def test_any_tex_gives_well_formed_html_in_time(tex):
    """Whatever stands between the delimiters, the output is one balanced element."""
    begin = time.process_time()
    html = tex_to_html(tex)
    assert time.process_time() - begin < 4
    depth = 0
    for closing in re.findall(r'<(/?)[a-z]+(?: [a-z-]+="[^"<]*")*>', html):
        depth += -1 if closing else 1
        assert depth >= 0
    assert depth == 0
    assert html.count("<") == len(re.findall(r"</?[a-z]", html))


@pytest.mark.parametrize(
    "source", [r"\(" * 50_000, r"\(x\)" * 5_000, "<b>" * 5_000, "{" * 1_999, r"\(" + "{" * 1_900 + r"\)"]
)
def test_long_texts_take_time_in_proportion(source):
    """No text makes the renderer run away."""
    begin = time.process_time()
    render_html(source)
    assert time.process_time() - begin < 20


def test_a_formula_keeps_the_comma_after_it():
    """Punctuation does not start a line of its own on a narrow page."""
    html = render_html(r"<p>\(\frac{1}{2}\), then \(x\) and more.</p>")
    assert '</span>,</span> then <span class="ax-math"' in html
    assert html.count("ax-together") == 1
