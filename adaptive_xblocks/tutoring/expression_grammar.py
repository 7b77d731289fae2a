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
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from adaptive_xblocks.tutoring import expression_values as values
from adaptive_xblocks.tutoring.expression_functions import FUNCTIONS
from adaptive_xblocks.tutoring.expression_values import Budget, ExpressionError, Value

MAX_SOURCE = 2_000
MAX_DEPTH = 60
_MAX_DIGITS = 60
_MAX_NAME = 64

CONSTANTS: Mapping[str, Value] = {"pi": 3.141592653589793, "true": True, "false": False}
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
_COMPARISONS: Mapping[str, Callable[[Value, Value], bool]] = {
    "=": values.equal,
    "!=": lambda left, right: not values.equal(left, right),
    "<": values.less,
    "<=": lambda left, right: values.equal(left, right) or values.less(left, right),
    ">": lambda left, right: values.less(right, left),
    ">=": lambda left, right: values.equal(left, right) or values.less(right, left),
}
_ARITHMETIC: Mapping[str, Callable[[Value, Value], Value]] = {
    "+": values.add,
    "-": values.subtract,
    "*": values.multiply,
    "/": values.divide,
    "^": values.power,
}
_NOT, _COMPARE, _RANGE, _UNARY, _POWER = 3, 4, 5, 8, 9
_LEVELS: Mapping[str, int] = {
    "or": 1,
    "and": 2,
    "..": _RANGE,
    "+": 6,
    "-": 6,
    "*": 7,
    "/": 7,
    "^": _POWER,
} | dict.fromkeys(_COMPARISONS, _COMPARE)


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of the source: its kind (number, name, string, sign or end), text and 0-based position."""

    kind: str
    text: str
    position: int


@dataclass(slots=True)
class Run:
    """One evaluation: the values of the variables and the budget."""

    names: Mapping[str, Value]
    budget: Budget


@dataclass(frozen=True, slots=True)
class Node:
    """A part of an expression. `position` is where an error in it is reported."""

    position: int

    def evaluate(self, run: Run) -> Value:
        """The node's value; ExpressionError with a position if there is none."""
        run.budget.spend(1)
        try:
            return self.work_out(run)
        except ExpressionError as error:
            if error.position is None:
                raise ExpressionError(error.message, self.position) from None
            raise

    def work_out(self, run: Run) -> Value:
        """The node's value; an ExpressionError may lack its position."""
        raise NotImplementedError


@dataclass(frozen=True, slots=True)
class Literal(Node):
    """A number or text as written."""

    value: Value

    def work_out(self, run: Run) -> Value:
        return self.value


@dataclass(frozen=True, slots=True)
class Name(Node):
    """A variable, or a constant where no variable has that name."""

    name: str

    def work_out(self, run: Run) -> Value:
        try:
            value = run.names[self.name] if self.name in run.names else CONSTANTS[self.name]
        except KeyError:
            close = difflib.get_close_matches(self.name, list(run.names)[:100], n=1)
            hint = (
                f"did you mean “{close[0]}”?" if close else "define it with <variable>, above its first use."
            )
            raise ExpressionError(f"There is no variable “{self.name}”; {hint}") from None
        return Fraction(value) if type(value) is int else value


@dataclass(frozen=True, slots=True)
class Negative(Node):
    """Unary minus."""

    operand: Node

    def work_out(self, run: Run) -> Value:
        return values.negate(self.operand.evaluate(run))


@dataclass(frozen=True, slots=True)
class Not(Node):
    """Logical not."""

    operand: Node

    def work_out(self, run: Run) -> Value:
        return not values.truth(self.operand.evaluate(run))


@dataclass(frozen=True, slots=True)
class Chain(Node):
    """Operands joined by operators of one level, e.g. a + b - c; worked out from the left."""

    level: int
    first: Node
    rest: tuple[tuple[str, Node], ...]

    def work_out(self, run: Run) -> Value:
        if self.level < _NOT:
            return self._logic(run)
        return self._comparison(run) if self.level == _COMPARE else self._arithmetic(run)

    def _arithmetic(self, run: Run) -> Value:
        value = self.first.evaluate(run)
        for operator, node in self.rest:
            value = _ARITHMETIC[operator](value, node.evaluate(run))
        return value

    def _logic(self, run: Run) -> bool:
        decided = self.rest[0][0] == "or"
        for node in (self.first, *(node for _, node in self.rest)):
            if values.truth(node.evaluate(run)) is decided:
                return decided
        return not decided

    def _comparison(self, run: Run) -> bool:
        left = self.first.evaluate(run)
        for operator, node in self.rest:
            right = node.evaluate(run)
            run.budget.spend(values.size(left))
            if not _COMPARISONS[operator](left, right):
                return False
            left = right
        return True


@dataclass(frozen=True, slots=True)
class Range(Node):
    """The list of the numbers first..last, `step` apart (1 if None)."""

    first: Node
    last: Node
    step: Node | None

    def work_out(self, run: Run) -> tuple:
        step = Fraction(1) if self.step is None else self.step.evaluate(run)
        return values.span(self.first.evaluate(run), self.last.evaluate(run), step, run.budget)


@dataclass(frozen=True, slots=True)
class List(Node):
    """A list; a range in it gives its numbers, not a list in the list."""

    elements: tuple[Node, ...]

    def work_out(self, run: Run) -> tuple:
        result: list[Value] = []
        for node in self.elements:
            value = node.evaluate(run)
            result.extend(value) if isinstance(node, Range) else result.append(value)
        result_tuple = values.checked(tuple(result))
        run.budget.spend(values.size(result_tuple))
        return result_tuple


@dataclass(frozen=True, slots=True)
class Call(Node):
    """A function of the table and its arguments."""

    name: str
    arguments: tuple[Node, ...]

    def work_out(self, run: Run) -> Value:
        if self.name == "if":
            condition, *branches = self.arguments
            return branches[not values.truth(condition.evaluate(run))].evaluate(run)
        arguments = []
        for node in self.arguments:
            value = node.evaluate(run)
            run.budget.spend(values.size(value))
            arguments.append(value)
        return FUNCTIONS[self.name].apply(*arguments)


def tokens_of(source: str) -> list[Token]:
    """The tokens of the source, the last of kind "end"; ExpressionError for a character outside the grammar."""
    if len(source) > MAX_SOURCE:
        raise ExpressionError(f"The expression is too long; it may have at most {MAX_SOURCE:,} characters.")
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
        raise ExpressionError("The number is too large; numbers have at most 60 digits.", token.position)
    if token.kind == "name" and len(token.text) > _MAX_NAME:
        raise ExpressionError(
            f"The name is too long; names have at most {_MAX_NAME} characters.", token.position
        )
    if token.kind == "string" and len(token.text) > values.MAX_STRING + 2:
        raise ExpressionError(
            f"The text is too long; texts have at most {values.MAX_STRING} characters.", token.position
        )
    if token.kind == "other":
        problem = (
            "The text has no closing quote." if token.text in "'\"" else f"“{token.text}” means nothing here."
        )
        raise ExpressionError(problem, token.position)


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
            raise ExpressionError("The expression is empty.", 0)
        elements = [self.expression()]
        while self._skip(","):
            elements.append(self.expression())
        if self._next.kind != "end":
            raise ExpressionError(
                f"{_shown(self._next)} is not expected here{self._advice()}.", self._next.position
            )
        return elements[0] if len(elements) == 1 else List(0, tuple(elements))

    def _advice(self) -> str:
        before = self._tokens[self._index - 1]
        if before.kind in ("number", "name") and (
            self._next.kind in ("number", "name") or self._next.text == "("
        ):
            return f"; write {before.text} * {self._next.text} to multiply"
        return ""

    def expression(self, level: int = 0) -> Node:
        """An expression of operators that bind more tightly than `level`."""
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise ExpressionError(f"Brackets are nested more than {MAX_DEPTH} deep.", self._next.position)
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
        raise ExpressionError(f"A number or a name is expected here, not {_shown(token)}.", token.position)

    def _named(self, token: Token) -> Node:
        if token.text == "not":
            return Not(token.position, self.expression(_NOT))
        if token.text in ("and", "or"):
            raise ExpressionError(f"A condition is missing before “{token.text}”.", token.position)
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
            close = difflib.get_close_matches(token.text, [*FUNCTIONS, "if"], n=1)
            hint = f"did you mean “{close[0]}”?" if close else f"to multiply, write {token.text} * ( … )."
            raise ExpressionError(f"There is no function “{token.text}”; {hint}", token.position)
        if len(arguments) < least or (most is not None and len(arguments) > most):
            wanted = (
                f"{least}" if least == most else f"{least} or more" if most is None else f"{least} to {most}"
            )
            raise ExpressionError(
                f"{token.text} takes {wanted} arguments, not {len(arguments)}.", token.position
            )
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
            message = f"“{closing}” is expected here, not {_shown(self._next)}{self._advice()}."
            raise ExpressionError(
                message, self._next.position if self._next.kind != "end" else opened.position
            )


def _shown(token: Token) -> str:
    return "the end" if token.kind == "end" else f"“{token.text[:20]}”"


def read(source: str) -> tuple[Node, frozenset[str]]:
    """The tree of the source and the names of the variables in it; ExpressionError if it is not an expression."""
    parser = Parser(source)
    return parser.whole(), frozenset(parser.names)
