"""What the help "How to type maths" shows beside inputs: the same for every item, so that no answer is in it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from adaptive_xblocks.tutoring.model import Message, _
from adaptive_xblocks.tutoring.tex import tex_to_html


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the help: what it is for, the keys that can be typed for it, and what they come to."""

    name: Message
    keys: tuple[str, ...]
    tex: str

    @property
    def html(self) -> str:
        """What the keys mean, as MathML."""
        return tex_to_html(self.tex)


_FRACTION = Row(Message(_("fraction")), ("3/4",), r"\frac{3}{4}")
ROWS = {
    "numeric": (
        _FRACTION,
        Row(Message(_("mixed number")), ("1 3/4",), r"1\frac{3}{4}"),
        Row(Message(_("decimal")), ("0.75", "0,75"), "0.75"),
        Row(Message(_("negative number")), ("-3",), "-3"),
    ),
    "expression": (
        _FRACTION,
        Row(Message(_("fraction of several parts")), ("(x+1)/(2x)",), r"\frac{x+1}{2x}"),
        Row(Message(_("product")), ("3*x", "3x"), "3x"),
        Row(Message(_("power")), ("x^2", "x**2"), "x^{2}"),
        Row(Message(_("longer exponent")), ("x^(n+1)",), "x^{n+1}"),
        Row(Message(_("root")), ("sqrt(2)",), r"\sqrt{2}"),
        Row(Message(_("third root")), ("root(x, 3)",), r"\sqrt[3]{x}"),
        Row(Message(_("absolute value")), ("|x|", "abs(x)"), r"\left|x\right|"),
        Row(Message(_("the number pi")), ("pi",), r"\pi"),
    ),
}  # fmt: skip


def rows_for(tags: Iterable[str]) -> tuple[Row, ...]:
    """The lines that fit inputs of these types, each once; a step with an expression also shows those for numbers."""
    return tuple(dict.fromkeys(row for tag in sorted(set(tags) & ROWS.keys(), reverse=True) for row in ROWS[tag]))
