"""The grammar of authors' expressions: from source text to a tree of nodes that work themselves out.

A Pratt parser (V. R. Pratt, "Top Down Operator Precedence", 1973) over, from loose to tight::

    a, b                      a list, at the outermost level only
    or    and    not
    =  ==  !=  <  <=  >  >=   chained: 0 < a < b
    2..5   2..10 step 2       the numbers from .. to
    + -    * /    unary -
    ^                         right-associative

Chains of one level become one node, so that the depth of a tree is the depth of nesting in the source.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from adaptive_xblocks.tutoring.expression_functions import FUNCTIONS
from adaptive_xblocks.tutoring.expression_nodes import (
    AND,
    COMPARE,
    COMPARISONS,
    CONSTANTS,
    NOT,
    OR,
    Call,
    Chain,
    List,
    Literal,
    Name,
    Negative,
    Node,
    Not,
    Range,
)
from adaptive_xblocks.tutoring.expression_values import MAX_STRING, NUMBER_TOO_LARGE, TEXT_TOO_LONG, ExpressionError
from adaptive_xblocks.tutoring.model import Message, _

MAX_SOURCE = 2_000
MAX_DEPTH = 60
_MAX_DIGITS = 60
_MAX_NAME = 64

RESERVED = frozenset({"and", "or", "not", "true", "false", "if", *FUNCTIONS})

_TOKEN = re.compile(
    r"""\s*(?:(?P<number>(?:[0-9]+(?:\.[0-9]+)?|\.[0-9]+))
    |(?P<name>[A-Za-z_][A-Za-z0-9_]*)
    |(?P<string>'[^']*'|"[^"]*")
    |(?P<sign>\.\.|<=|>=|!=|==|[-+*/^=<>()\[\],−–×·÷≤≥≠])
    |(?P<end>\Z)
    |(?P<other>.))""",
    re.VERBOSE | re.DOTALL,
)
_SAME = {"−": "-", "–": "-", "×": "*", "·": "*", "÷": "/", "≤": "<=", "≥": ">=", "≠": "!=", "==": "="}
_UNEXPECTED = _("%(found)s is not expected here.")
_FORGOTTEN_SIGN = _("%(found)s is not expected here; write %(left)s * %(right)s to multiply.")
_NOT_CLOSED = _("“%(closing)s” is expected here, not %(found)s.")
_FORGOTTEN_SIGN_INSIDE = _(
    "“%(closing)s” is expected here, not %(found)s; write %(left)s * %(right)s to multiply."
)
_OTHER_ARGUMENTS = _("%(function)s takes %(least)s arguments, not %(given)s.")
_MORE_ARGUMENTS = _("%(function)s takes %(least)s or more arguments, not %(given)s.")
_ARGUMENTS_BETWEEN = _("%(function)s takes %(least)s to %(most)s arguments, not %(given)s.")
_RANGE, _UNARY, _POWER = 5, 8, 9
_LEVELS: Mapping[str, int] = {
    "or": OR,
    "and": AND,
    **dict.fromkeys(COMPARISONS, COMPARE),
    "..": _RANGE,
    "+": 6,
    "-": 6,
    "*": 7,
    "/": 7,
    "^": _POWER,
}


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of the source: its kind (number, name, string, sign or end), text and 0-based position."""

    kind: str
    text: str
    position: int


def tokens_of(source: str) -> list[Token]:
    """The tokens of the source, the last of kind "end"; ExpressionError for a foreign character."""
    if len(source) > MAX_SOURCE:
        key = _("The expression is too long; it may have at most %(limit)s characters.")
        raise ExpressionError(Message(key, {"limit": f"{MAX_SOURCE:,}"}))
    tokens: list[Token] = []
    position = 0
    while not tokens or tokens[-1].kind != "end":
        found = _TOKEN.match(source, position)
        kind, text = found.lastgroup, found[found.lastgroup]
        token = Token(kind, _SAME.get(text, text), found.start(kind))
        _check_token(token)
        tokens.append(token)
        position = found.end()
    return tokens


def _check_token(token: Token) -> None:
    if token.kind == "number" and len(token.text) > _MAX_DIGITS:
        raise ExpressionError(NUMBER_TOO_LARGE, token.position)
    if token.kind == "name" and len(token.text) > _MAX_NAME:
        key = _("The name is too long; names have at most %(limit)s characters.")
        raise ExpressionError(Message(key, {"limit": _MAX_NAME}), token.position)
    if token.kind == "string" and len(token.text) > MAX_STRING + 2:
        raise ExpressionError(TEXT_TOO_LONG, token.position)
    if token.kind == "other" and token.text in "'\"":
        raise ExpressionError(_("The text has no closing quote."), token.position)
    if token.kind == "other":
        raise ExpressionError(Message(_("“%(sign)s” means nothing here."), {"sign": token.text}), token.position)


class Parser:
    """Reads one source text; `names` collects the variables used. Use :func:`read`."""

    def __init__(self, source: str) -> None:
        self._tokens = tokens_of(source)
        self._index = 0
        self._depth = 0
        self.names: set[str] = set()

    @property
    def _next(self) -> Token:
        return self._tokens[self._index]

    def _take(self) -> Token:
        token = self._next
        self._index += 1
        return token

    def _skip(self, text: str) -> bool:
        found = self._next.text == text and self._next.kind in ("sign", "name")
        self._index += found
        return found

    def whole(self) -> Node:
        """The whole source: an expression, or a list if commas separate several."""
        if self._next.kind == "end":
            raise ExpressionError(_("The expression is empty."), 0)
        elements = [self.expression()]
        while self._skip(","):
            elements.append(self.expression())
        if self._next.kind != "end":
            raise ExpressionError(self._unexpected(), self._next.position)
        return elements[0] if len(elements) == 1 else List(0, tuple(elements))

    def _unexpected(self, closing: str = "") -> Message:
        """The sentence for a token that cannot follow, or that stands where `closing` is expected."""
        before, found = self._tokens[self._index - 1], self._next
        params = {"found": _shown(found), **({"closing": closing} if closing else {})}
        if before.kind in ("number", "name") and (found.kind in ("number", "name") or found.text == "("):
            params |= {"left": before.text, "right": found.text}
            return Message(_FORGOTTEN_SIGN_INSIDE if closing else _FORGOTTEN_SIGN, params)
        return Message(_NOT_CLOSED if closing else _UNEXPECTED, params)

    def expression(self, level: int = 0) -> Node:
        """An expression of operators that bind more tightly than `level`."""
        self._depth += 1
        if self._depth > MAX_DEPTH:
            key = _("Brackets are nested more than %(depth)s deep.")
            raise ExpressionError(Message(key, {"depth": MAX_DEPTH}), self._next.position)
        left = self._operand()
        while (found := self._operator_level()) > level:
            left = self._range(left) if found == _RANGE else self._chain(left, found)
        self._depth -= 1
        return left

    def _operator_level(self) -> int:
        return _LEVELS.get(self._next.text, 0) if self._next.kind in ("sign", "name") else 0

    def _chain(self, first: Node, level: int) -> Node:
        position, rest = self._next.position, []
        while self._operator_level() == level:
            operator = self._take().text
            # Right-associative: the right side of a power may be a power again.
            rest.append((operator, self.expression(_UNARY if level == _POWER else level)))
        return Chain(position, level, first, tuple(rest))

    def _range(self, first: Node) -> Node:
        position = self._take().position
        last = self.expression(_RANGE)
        return Range(position, first, last, self.expression(_RANGE) if self._skip("step") else None)

    def _operand(self) -> Node:
        token = self._take()
        if token.kind == "number":
            return Literal(token.position, Fraction(token.text))
        if token.kind == "string":
            return Literal(token.position, token.text[1:-1])
        if token.kind == "name":
            return self._named(token)
        if token.text == "-":
            return Negative(token.position, self.expression(_UNARY))
        if token.text == "+":
            return self.expression(_UNARY)
        if token.text == "(":
            inner = self.expression()
            self._close(")", token)
            return inner
        if token.text == "[":
            return List(token.position, self._list("]", token))
        key = _("A number or a name is expected here, not %(found)s.")
        raise ExpressionError(Message(key, {"found": _shown(token)}), token.position)

    def _named(self, token: Token) -> Node:
        if token.text == "not":
            return Not(token.position, self.expression(NOT))
        if token.text in ("and", "or"):
            key = _("A condition is missing before “%(word)s”.")
            raise ExpressionError(Message(key, {"word": token.text}), token.position)
        if self._next.text == "(" and self._next.kind == "sign":
            return self._call(token)
        if token.text not in CONSTANTS:
            self.names.add(token.text)
        return Name(token.position, token.text)

    def _call(self, token: Token) -> Node:
        self._take()
        arguments = self._list(")", token)
        if token.text == "if":
            least = most = 3
        elif token.text in FUNCTIONS:
            least, most = FUNCTIONS[token.text].least, FUNCTIONS[token.text].most
        else:
            raise ExpressionError(_no_function(token.text), token.position)
        if len(arguments) < least or (most is not None and len(arguments) > most):
            key = _OTHER_ARGUMENTS if least == most else _MORE_ARGUMENTS if most is None else _ARGUMENTS_BETWEEN
            params = {"function": token.text, "least": least, "most": most or "", "given": len(arguments)}
            raise ExpressionError(Message(key, params), token.position)
        return Call(token.position, token.text, arguments)

    def _list(self, closing: str, opened: Token) -> tuple[Node, ...]:
        elements: list[Node] = []
        if self._skip(closing):
            return ()
        while not elements or self._skip(","):
            elements.append(self.expression())
        self._close(closing, opened)
        return tuple(elements)

    def _close(self, closing: str, opened: Token) -> None:
        if not self._skip(closing):
            position = self._next.position if self._next.kind != "end" else opened.position
            raise ExpressionError(self._unexpected(closing), position)


def _shown(token: Token) -> Message:
    return Message(_("the end")) if token.kind == "end" else Message(_("“%(text)s”"), {"text": token.text[:20]})


def _no_function(name: str) -> Message:
    close = difflib.get_close_matches(name, [*FUNCTIONS, "if"], n=1)
    if close:
        params = {"name": name, "other": close[0]}
        return Message(_("There is no function “%(name)s”; did you mean “%(other)s”?"), params)
    return Message(_("There is no function “%(name)s”; to multiply, write %(name)s * ( … )."), {"name": name})


def read(source: str) -> tuple[Node, frozenset[str]]:
    """The tree of the source and the names of its variables; ExpressionError if it is not an expression."""
    parser = Parser(source)
    return parser.whole(), frozenset(parser.names)
