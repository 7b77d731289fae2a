"""Answer types of several parts, read from their OLX for a test."""

from functools import cache

from lxml import etree

from adaptive_xblocks.tutoring.answers import answer_type
from adaptive_xblocks.tutoring.faults import Faults
from adaptive_xblocks.tutoring.model import Item, Text, Variable
from adaptive_xblocks.tutoring.reading import ReadContext
from adaptive_xblocks.tutoring.variants import make_variant


def variant(seed=0, b=3):
    """A variant with a value for `b`."""
    return make_variant(Item("i", "", (), Text(""), variables=(Variable("b", values=str(b)),)), seed)


VARIANT = variant()


def read_with_faults(source):
    """The spec that an element's source means, and the faults of it."""
    element = etree.fromstring(source)
    context = ReadContext(Faults(), names={"b"}, misconceptions={"one", "m"}, path="i/s/answer")
    return answer_type(element.tag).read(element, context), context.faults.found


@cache
def read(source):
    """The spec of a source without a fault."""
    spec, faults = read_with_faults(source)
    assert not faults, [str(fault.problem) for fault in faults]
    return spec


def faults_of(source):
    """The faults of a source."""
    return read_with_faults(source)[1]


def wrong_with_faults(source, answer):
    """The matcher of `<wrong answer="…">` on a source, and the faults of it."""
    element = etree.fromstring(source)
    spec = read(source)
    context = ReadContext(Faults(), names={"b"}, path="i/s/answer")
    matcher = answer_type(element.tag).read_wrong(answer, etree.Element("wrong"), spec, context)
    return matcher, context.faults.found
