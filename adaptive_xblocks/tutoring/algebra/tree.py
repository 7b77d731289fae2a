"""What a typed expression is made of: a tree that keeps how it was written, apart from its brackets."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction


@dataclass(frozen=True, slots=True)
class Node:
    """A part of an expression; two are equal if they are written alike, whatever the brackets and spaces."""

    @property
    def parts(self) -> tuple[Node, ...]:
        """The parts below it."""
        return ()


@dataclass(frozen=True, slots=True)
class Number(Node):
    """A number as written; `is_decimal` for 0.5, which is the same number as 1/2."""

    value: Fraction
    is_decimal: bool = False


@dataclass(frozen=True, slots=True)
class Constant(Node):
    """The number pi or e."""

    name: str


@dataclass(frozen=True, slots=True)
class Unknown(Node):
    """A letter, or a name, that stands for any number of the domain."""

    name: str


@dataclass(frozen=True, slots=True)
class Negative(Node):
    """Something with a minus sign before it."""

    operand: Node

    @property
    def parts(self) -> tuple[Node, ...]:
        """See :meth:`Node.parts`."""
        return (self.operand,)


@dataclass(frozen=True, slots=True)
class Sum(Node):
    """Two terms or more; what is subtracted is a Negative. A sum in brackets is a Sum among the terms."""

    terms: tuple[Node, ...]

    @property
    def parts(self) -> tuple[Node, ...]:
        """See :meth:`Node.parts`."""
        return self.terms


@dataclass(frozen=True, slots=True)
class Product(Node):
    """Two factors or more."""

    factors: tuple[Node, ...]

    @property
    def parts(self) -> tuple[Node, ...]:
        """See :meth:`Node.parts`."""
        return self.factors


@dataclass(frozen=True, slots=True)
class Quotient(Node):
    """What stands above the line, and below."""

    above: Node
    below: Node

    @property
    def parts(self) -> tuple[Node, ...]:
        """See :meth:`Node.parts`."""
        return self.above, self.below


@dataclass(frozen=True, slots=True)
class Power(Node):
    """Base and exponent."""

    base: Node
    exponent: Node

    @property
    def parts(self) -> tuple[Node, ...]:
        """See :meth:`Node.parts`."""
        return self.base, self.exponent


@dataclass(frozen=True, slots=True)
class Call(Node):
    """A function of the table in :mod:`~adaptive_xblocks.tutoring.algebra.words` and its argument.

    sqrt, cbrt and root(x, n) are Calls of "root" with `index` 2, 3, n; log to the base b is ln(x) / ln(b).
    """

    name: str
    argument: Node
    index: int = 0

    @property
    def parts(self) -> tuple[Node, ...]:
        """See :meth:`Node.parts`."""
        return (self.argument,)


def walk(node: Node) -> Iterator[Node]:
    """Every part of the tree, in no promised order; without recursion."""
    waiting = [node]
    while waiting:
        part = waiting.pop()
        yield part
        waiting.extend(part.parts)


def unknowns(node: Node) -> frozenset[str]:
    """The names of the unknowns in it."""
    return frozenset(part.name for part in walk(node) if isinstance(part, Unknown))


def negated(node: Node) -> Node:
    """The node with the other sign, written as people do: -3, not -(3) or --3."""
    if isinstance(node, Negative):
        return node.operand
    return Negative(node)


def whole(value: int) -> Number:
    """A whole number as a node (which may be negative; `read` gives none such)."""
    return Number(Fraction(value))
