"""XML from anybody: what is read, how texts leave it as HTML, and what makes a version."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree, html

from adaptive_xblocks.tutoring.xml_source import SourceError, digest, inner_html, read_root

WORDS = st.text(
    st.characters(blacklist_categories=("Cs", "Cc", "Cn"), blacklist_characters="\ufeff"), max_size=12
)


@st.composite
def texts(draw, depth: int = 3) -> str:
    """Well-formed content: escaped words, CDATA, comments and nested inline elements."""
    parts = []
    for _part in range(draw(st.integers(0, 3))):
        kind = draw(st.sampled_from(["words", "cdata", "comment", "element", "break"]))
        words = draw(WORDS)
        if kind == "element" and depth:
            tag = draw(st.sampled_from(["b", "em", "span", "pre"]))
            parts.append(f"<{tag}>{draw(texts(depth - 1))}</{tag}>")
        elif kind == "cdata":
            parts.append(f"<![CDATA[{words.replace(']]', '')}]]>")
        elif kind == "comment":
            parts.append(f"<!--{words.replace('-', '')}-->")
        elif kind == "break":
            parts.append("<br/>")
        else:
            parts.append(words.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;"))
    return "".join(parts)


@given(texts())
def test_html_says_what_the_xml_says(source):
    """The HTML of a text, read by a browser's rules, has the same characters as its XML."""
    root = read_root(f"<p>{source}</p>")
    etree.strip_tags(root, etree.Comment)
    as_html = html.fragment_fromstring(inner_html(root), create_parent="section")
    assert "".join(as_html.itertext()) == "".join(root.itertext())


@pytest.mark.parametrize(("source", "expected"), [
    ("<span/>", "<span></span>"), ("<br/>", "<br>"), ("<br></br>", "<br>"), ("a<!-- b -->c", "ac"),
    ("<![CDATA[<b>]]>", "&lt;b&gt;"), ("<pre> a\n\n b</pre>", "<pre> a\n\n b</pre>"),
    ('<a href="{@n@}&amp;b">x</a>', '<a href="{@n@}&amp;b">x</a>'), ("&#160;", "\u00a0"),
    ("a &amp;lt; b", "a &amp;lt; b"),
    ('<i xml:lang="la">ad</i>', '<i lang="la">ad</i>'), ("<?php echo 1 ?>x", "x"),
    ('<m xmlns="http://www.w3.org/1998/Math/MathML"><mi>x</mi></m>', "<m><mi>x</mi></m>"),
    ('<a xmlns:q="urn:q" q:onclick="x">y</a>', "<a>y</a>"), ("\n a \n", "\n a \n"),
])  # fmt: skip
def test_texts_leave_as_html(source, expected):
    """Every construct of XML becomes the HTML that means the same."""
    assert inner_html(read_root(f"<p>{source}</p>")) == expected


def test_some_children_may_be_left_out():
    """An element that is read by itself is no part of the text around it; what follows it is."""
    assert inner_html(read_root("<p>a<say>b</say>c<i>d</i></p>"), skip=("say",)) == "ac<i>d</i>"


@pytest.mark.parametrize("other", [
    '<i b="2" a="1">x<j/></i>', "<i a='1' b='2'>x<j></j></i>", '<i a="1" b="2"><!-- c -->x<j/></i>tail',
    '<i   a="1"\n b="2">&#120;<j/></i>',
    '<i a="1" b="2"><![CDATA[x]]><j/></i>',
])  # fmt: skip
def test_spelling_does_not_change_a_version(other):
    """Attribute order, comments, CDATA, short tags and what follows leave the version alone."""
    first = read_root('<i a="1" b="2">x<j/></i>')
    assert digest(read_root(f"<r>{other}</r>")[0]) == digest(first)


@pytest.mark.parametrize(
    "other", ['<i a="1">x</i>', '<i a="1" b="2">x </i>', '<i a="1" b="2">x<j/></i>', "<i/>"]
)
def test_content_changes_a_version(other):
    """An attribute, a space or an element more is another version."""
    assert digest(read_root(other)) != digest(read_root('<i a="1" b="2">x</i>'))


def test_a_version_leaves_the_document_as_it_was():
    """Computing a version changes nothing in the tree."""
    root = read_root("<r><i>x</i> tail<i/></r>")
    before = etree.tostring(root)
    digest(root[0])
    assert etree.tostring(root) == before


@pytest.mark.parametrize(("text", "line", "words"), [
    ("<a>\n<b>\n</a>", 3, "not well-formed"), ("<a>\n\n&eacute;</a>", 3, "eacute"),
    ("<a>\n<a b=c/></a>", 2, "AttValue"),
    ("<a/><b/>", 1, "not well-formed"), ("<!DOCTYPE a><a/>", 1, "DOCTYPE"), (" \n ", 1, "empty"),
    ("<a>\n1 < 2</a>", 2, ""),
])  # fmt: skip
def test_faults_name_their_line(text, line, words):
    """What cannot be read is told by line, with a reason and a remedy."""
    with pytest.raises(SourceError) as refusal:
        read_root(text)
    assert (refusal.value.line, words in str(refusal.value.problem), bool(str(refusal.value.remedy))) == (
        line,
        True,
        True,
    )


def test_entities_that_grow_are_not_expanded():
    """A billion laughs cost no memory and are refused."""
    entities = "".join(f'<!ENTITY e{n + 1} "{f"&e{n};" * 10}">' for n in range(9))
    with pytest.raises(SourceError):
        read_root(f'<!DOCTYPE a [<!ENTITY e0 "ha">{entities}]><a>&e9;</a>')
