r"""Writing a tree again: as a learner types it, or as TeX.

>>> from adaptive_xblocks.tutoring.algebra.reading import read
>>> tree = read("3x^2/4 - sqrt(2x)", frozenset("x"))
>>> typed(tree)
'3*x^2/4 - sqrt(2*x)'
>>> print(tex(tree))
\frac{3 x^{2}}{4} - \sqrt{2 x}
"""

from __future__ import annotations

from fractions import Fraction

from adaptive_xblocks.tutoring.algebra.tree import (
    Call,
    Constant,
    Negative,
    Node,
    Number,
    Power,
    Product,
    Quotient,
    Sum,
    Unknown,
)
from adaptive_xblocks.tutoring.algebra.words import GREEK

_SUM, _TERM, _FACTOR, _POWER, _ATOM = range(5)
_ROOTS = {2: "sqrt", 3: "cbrt"}
_TEX_NAMES = {"asin": "arcsin", "acos": "arccos", "atan": "arctan"}


def typed(tree: Node) -> str:
    """What `read` reads as this tree, or as one that is the same but for signs before numbers."""
    return _typed(tree, _SUM)


def _typed(node: Node, least: int) -> str:
    """The node, in brackets if it binds more loosely than `least`."""
    text, level = _parts_typed(node)
    return text if level >= least else f"({text})"


def _parts_typed(node: Node) -> tuple[str, int]:
    if isinstance(node, Number):
        return _number(node)
    if isinstance(node, Unknown | Constant):
        return node.name, _ATOM
    if isinstance(node, Call):
        name = _ROOTS.get(node.index, node.name)
        rest = f", {node.index}" if name == "root" else ""
        return f"{name}({_typed(node.argument, _SUM)}{rest})", _ATOM
    if isinstance(node, Power):
        exponent = node.exponent
        is_short = isinstance(exponent, Unknown | Constant) or (isinstance(exponent, Number) and _is_whole(exponent))
        return f"{_typed(node.base, _ATOM)}^{_typed(exponent, _ATOM if is_short else 5)}", _POWER
    if isinstance(node, Negative):
        return f"-{_typed(node.operand, _FACTOR)}" if not isinstance(node.operand, Product | Quotient) else (
            f"-{_typed(node.operand, _TERM)}"), _SUM
    if isinstance(node, Sum):
        return _joined(node, _typed), _SUM
    if isinstance(node, Product):
        return "*".join(_typed(factor, _FACTOR) for factor in node.factors), _TERM
    above = _typed(node.above, _TERM)
    return f"{above}/{_typed(node.below, _POWER)}", _TERM


def _joined(node: Sum, write: object) -> str:
    parts = []
    for number, term in enumerate(node.terms):
        minus = isinstance(term, Negative) and not isinstance(term.operand, Negative)
        inner = term.operand if minus else term
        sign = "-" if minus else "+"
        shown = write(inner, _TERM)
        parts.append(f" {sign} {shown}" if number else f"-{shown}" if minus else shown)
    return "".join(parts)


def _is_whole(number: Number) -> bool:
    return number.value.denominator == 1 and number.value >= 0


def _number(number: Number) -> tuple[str, int]:
    value = number.value
    sign = "-" if value < 0 else ""
    level = _SUM if sign else _ATOM
    if value.denominator == 1:
        return str(value), level
    if number.is_decimal:
        return sign + _decimal(abs(value)), level
    return str(value), _SUM if sign else _TERM


def _decimal(value: Fraction) -> str:
    places = next(places for places in range(60) if 10**places % value.denominator == 0)
    digits = str(value.numerator * 10**places // value.denominator).rjust(places + 1, "0")
    return f"{digits[:-places]}.{digits[-places:]}"


def tex(tree: Node) -> str:
    """The tree as TeX."""
    return _tex(tree, _SUM)


def _tex(node: Node, least: int) -> str:
    text, level = _parts_tex(node)
    return text if level >= least else rf"\left({text}\right)"


def _parts_tex(node: Node) -> tuple[str, int]:
    if isinstance(node, Number):
        text, level = _number(node)
        if node.value.denominator > 1 and not node.is_decimal:
            return rf"\frac{{{node.value.numerator}}}{{{node.value.denominator}}}", _FACTOR
        return text, level
    if isinstance(node, Constant):
        return r"\pi" if node.name == "pi" else "e", _ATOM
    if isinstance(node, Unknown):
        return _tex_name(node.name), _ATOM
    if isinstance(node, Call):
        return _tex_call(node), _ATOM
    if isinstance(node, Power):
        return f"{_tex(node.base, _ATOM)}^{{{_tex(node.exponent, _SUM)}}}", _POWER
    if isinstance(node, Negative):
        return f"-{_tex(node.operand, _TERM)}", _SUM
    if isinstance(node, Sum):
        return _joined(node, _tex), _SUM
    if isinstance(node, Product):
        return _tex_product(node), _TERM
    return rf"\frac{{{_tex(node.above, _SUM)}}}{{{_tex(node.below, _SUM)}}}", _FACTOR


def _tex_product(node: Product) -> str:
    shown = ""
    for number, factor in enumerate(node.factors):
        part = _tex(factor, _FACTOR)
        sign = r" \cdot " if part[:1].isdigit() or part.startswith(r"\frac") else " "
        shown += f"{sign}{part}" if number else part
    return shown


def _tex_name(name: str) -> str:
    head, _line, tail = name.partition("_")
    head = GREEK.get(head, head)
    if head in GREEK.values():
        head = rf"\{head}"
    elif len(head) > 1:
        head = rf"\mathrm{{{head}}}"
    return f"{head}_{{{tail}}}" if tail else head


def _tex_call(node: Call) -> str:
    argument = _tex(node.argument, _SUM)
    if node.name == "abs":
        return rf"\left|{argument}\right|"
    if node.name == "root":
        return rf"\sqrt{{{argument}}}" if node.index == 2 else rf"\sqrt[{node.index}]{{{argument}}}"
    return rf"\{_TEX_NAMES.get(node.name, node.name)}\left({argument}\right)"
