"""Sound documents changed in a few places, as a tree: well-formed, mostly alive, wrong where nobody looked."""

import copy
import random
from functools import cache
from importlib.resources import files

from lxml import etree

RICH = r"""<adaptive_problem_set schema="1" display_name="All" choice="true" threshold="0.9">
<skill id="a" name="A" prior="0.4"/><skill id="b" name="B" requires="a" threshold="0.8"/>
<misconception id="m" name="M" skills="a" remediation="item:i2"><say>One {{@</say><say repeat="2" lang="de">Two</say>
</misconception>
<item id="i1" title="First {@x@}" difficulty="-1" easier="i2" lang="en" dir="ltr" licence="CC0">
  <variable name="x" values="2..9"/><variable name="y" values="3, 7, 11"/><variable name="z" is="lcm(x, y) / x"/>
  <variable name="l" is="[x, y, 'w']"/><where>x &lt; y and z != 1</where>
  <prompt dir="rtl"><p>How {@x@} <b>much</b> \(\frac{{@x@}}{{@y@}}\)?</p><img src="x" alt="y"/></prompt>
  <step id="s1" skills="a b"><prompt>Is [[input:n]] or [[input:t]] or [[input:c]]?</prompt>
    <numeric id="n" label="number" answer="x / y" form="simplified" tolerance="1%"/>
    <text id="t" answer="word {@x@}" accents="ignore"><accept>other</accept><accept pattern="wo+rd( \d+)?"/></text>
    <choice id="c"><option correct="true">{@x@}</option><option misconception="m">{@y@}<say>No.</say></option></choice>
    <wrong inputs="n t" answer="y, nonsense" misconception="m" name="w"><say>Hm {@z@}.</say></wrong>
    <wrong inputs="t" pattern=".*x.*">Not x.</wrong>
    <hint id="h1">First <hint id="h2">inside</hint></hint>
    <scaffold id="q" after="h1" title="T"><prompt>1?</prompt><numeric answer="1"/><hint>x</hint></scaffold>
    <hint bottom_out="true" after="q">It is {@decimal(z, 2)@}.</hint></step>
  <step id="s2"><numeric id="p" answer="1"/><numeric id="r" answer="2"/>
    <answer form="equivalent-ratio" inputs="p r"/></step>
  <solution><p>So \({@frac(x / y)@}\).</p></solution></item>
<item id="i2" format="worked-example" skills="b"><prompt>Look.</prompt></item>
<item id="i3" skills="a"><step><choice keep_order="true"><option>a</option><option correct="true">b</option></choice>
</step></item>
<item id="i4" skills="a"><step id="s"><prompt>All.</prompt>
  <choices id="cs"><option id="p" correct="true">{@1@}<say>Yes</say></option><option>b</option></choices>
  <order id="or" code="true" indent="true"><line any="x">a</line><line any="x" indent="1">b</line><line>    c</line>
    <extra misconception="m">d<say>No</say></extra></order>
  <match id="ma"><pair id="p"><left>l</left><right>r</right></pair><pair><left>k</left><right>s</right></pair>
    <extra>t<say>No</say></extra></match>
  <match id="mg"><group id="g" name="G"><member>x</member></group><group name="H"><member>y</member></group></match>
  <wrong inputs="or" answer="l3 l1">Hm.</wrong><wrong inputs="ma" answer="l=s">Hm.</wrong></step></item>
<item id="i5" skills="a" format="tutor" easier="i4"><variable name="q" values="2..5"/><step id="s">
  <expression id="e" answer="(x + q)^2" variables="x" form="expanded" where="x &gt; 0"/>
  <expression id="f" answer="sin(y)"/>
  <numeric id="u" answer="5" unit="cm" units="optional" decimal="comma"/><numeric id="v" between="[q, 2*q)" label="v"/>
  <text id="w" answer="canté" accents="warn" typos="2"><accept>yo canté<say>Yes</say></accept></text>
  <wrong inputs="e" answer="x^2 + q^2" misconception="m"/><wrong inputs="v" between="[0, 1)">Hm.</wrong>
  <hint>x</hint></step></item>
<item id="i6" skills="b"><step id="s"><numeric id="x" answer="1"/><numeric id="y" answer="3"/>
  <numeric id="z" answer="5"/><numeric id="c" answer="7"/><numeric id="d" answer="8"/>
  <answer where="y = 2*x + 1" inputs="x y"/>
  <answer form="proportional" inputs="x y z"/><answer form="any-order" inputs="c d"/><hint>x</hint></step></item>
</adaptive_problem_set>"""
VALUES = (
    "", "a", "b", "i1", "zz", "a b", "1", "0", "-1", "0.5", "true", "x", "x / (x - 3)", "1..x", "1..1000", "[]", "'t'",
    "1/0", "sqrt(-x)", "a, b", "lang", "rtl", "item:i3", "s1", "fixed-order", "solved", "(a+)+$", "(", "[[input:n]]",
    "{@x@}", "{@", "{{@x@}}", r"\(\sqrt{2}\)", "<b>", "\u202e", "x" * 90, "accelerate", "support",
    "choice", "expanded", "simplified", "cm", "m**999", "kg*m^2/s^3", "[q, 2*q)", "(1, 1)", "9^9^9^9", "x^(10^10)",
    "any-order", "p=r", "l1 l2", "e1", "comma", "warn", "2", "9",
)  # fmt: skip


@cache
def roots():
    """The sound documents."""
    own = (files("adaptive_xblocks") / "templates" / "default_content.xml").read_text(encoding="utf-8")
    return tuple(etree.fromstring(text) for text in (RICH, own))


def changed_document(rng: random.Random, noise: str) -> str:
    """One of the sound documents with one to five changes, some of them by a piece of the noise."""
    root = copy.deepcopy(roots()[rng.random() < 0.1])
    for _change in range(rng.randrange(1, 6)):
        rng.choice(CHANGES)(rng, root, noise)
    return etree.tostring(root, encoding="unicode")


def _any(rng, root, below=False):
    found = list(root.iter(etree.Element))
    return rng.choice(found[1:] or found) if below else rng.choice(found)


def _value(rng, noise):
    at = rng.randrange(len(noise) + 1)
    piece = "".join(sign for sign in noise[at:at + rng.randrange(1, 40)] if " " <= sign < "\ufffe")
    return piece if rng.random() < 0.3 else rng.choice(VALUES)


def _set_attribute(rng, root, noise):
    element = _any(rng, root)
    names = list(element.attrib) or ["id", "lang", "answer", "zz"]
    element.set(rng.choice(names), _value(rng, noise))


def _drop_attribute(rng, root, _noise):
    element = _any(rng, root)
    if element.attrib:
        del element.attrib[rng.choice(list(element.attrib))]


def _set_text(rng, root, noise):
    element = _any(rng, root)
    element.text = (element.text or "") + _value(rng, noise) if rng.random() < 0.5 else _value(rng, noise)


def _drop(rng, root, _noise):
    element = _any(rng, root, below=True)
    if element is not root:
        element.getparent().remove(element)


def _copy_to(rng, root, _noise):
    parent, element = _any(rng, root), copy.deepcopy(_any(rng, root, below=True))
    if len(list(root.iter())) < 300:
        parent.insert(rng.randrange(len(parent) + 1), element)


def _rename(rng, root, _noise):
    _any(rng, root, below=True).tag = _any(rng, root, below=True).tag


CHANGES = (
    _set_attribute, _set_attribute, _set_attribute, _drop_attribute, _set_text, _set_text, _drop, _copy_to, _rename,
)
