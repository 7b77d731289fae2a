"""The parts of a read expression; each works itself out within a budget."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from adaptive_xblocks.tutoring import expression_values as values
from adaptive_xblocks.tutoring.expression_functions import FUNCTIONS
from adaptive_xblocks.tutoring.expression_values import Budget, ExpressionError, Value
from adaptive_xblocks.tutoring.model import Message, _

CONSTANTS: Mapping[str, Value] = {"pi": 3.141592653589793, "true": True, "false": False}
COMPARISONS: Mapping[str, Callable[[Value, Value], bool]] = {
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
OR, AND, NOT, COMPARE = 1, 2, 3, 4


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
            return self._work_out(run)
        except ExpressionError as error:
            if error.position is None:
                raise type(error)(error.message, self.position) from None
            raise

    def _work_out(self, run: Run) -> Value:
        """The node's value; an ExpressionError may lack its position."""
        raise NotImplementedError


@dataclass(frozen=True, slots=True)
class Literal(Node):
    """A number or text as written."""

    value: Value

    def _work_out(self, run: Run) -> Value:
        return self.value


@dataclass(frozen=True, slots=True)
class Name(Node):
    """A variable, or a constant where no variable has that name."""

    name: str

    def _work_out(self, run: Run) -> Value:
        try:
            value = run.names[self.name] if self.name in run.names else CONSTANTS[self.name]
        except KeyError:
            raise ExpressionError(_unknown(self.name, list(run.names)[:100])) from None
        return Fraction(value) if type(value) is int else value


def _unknown(name: str, known: list[str]) -> Message:
    close = difflib.get_close_matches(name, known, n=1)
    if close:
        params = {"name": name, "other": close[0]}
        return Message(_("There is no variable “%(name)s”; did you mean “%(other)s”?"), params)
    key = _("There is no variable “%(name)s”; define it with <variable>, above its first use.")
    return Message(key, {"name": name})


@dataclass(frozen=True, slots=True)
class Negative(Node):
    """Unary minus."""

    operand: Node

    def _work_out(self, run: Run) -> Value:
        return values.negate(self.operand.evaluate(run))


@dataclass(frozen=True, slots=True)
class Not(Node):
    """Logical not."""

    operand: Node

    def _work_out(self, run: Run) -> Value:
        return not values.truth(self.operand.evaluate(run))


@dataclass(frozen=True, slots=True)
class Chain(Node):
    """Operands joined by operators of one level, e.g. a + b - c, worked out from the left."""

    level: int
    first: Node
    rest: tuple[tuple[str, Node], ...]

    def _work_out(self, run: Run) -> Value:
        if self.level < NOT:
            return self._logic(run)
        return self._comparison(run) if self.level == COMPARE else self._arithmetic(run)

    def _arithmetic(self, run: Run) -> Value:
        value = self.first.evaluate(run)
        for operator, node in self.rest:
            value = _ARITHMETIC[operator](value, node.evaluate(run))
        return value

    def _logic(self, run: Run) -> bool:
        decided = self.rest[0][0] == "or"
        for node in (self.first, *(node for _operator, node in self.rest)):
            if values.truth(node.evaluate(run)) is decided:
                return decided
        return not decided

    def _comparison(self, run: Run) -> bool:
        left = self.first.evaluate(run)
        for operator, node in self.rest:
            right = node.evaluate(run)
            run.budget.spend(values.size(left))
            if not COMPARISONS[operator](left, right):
                return False
            left = right
        return True


@dataclass(frozen=True, slots=True)
class Range(Node):
    """The list of the numbers first..last, `step` apart (1 if None)."""

    first: Node
    last: Node
    step: Node | None

    def _work_out(self, run: Run) -> tuple:
        step = Fraction(1) if self.step is None else self.step.evaluate(run)
        return values.span(self.first.evaluate(run), self.last.evaluate(run), step, run.budget)


@dataclass(frozen=True, slots=True)
class List(Node):
    """A list; a range in it gives its numbers, not a list in the list."""

    elements: tuple[Node, ...]

    def _work_out(self, run: Run) -> tuple:
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

    def _work_out(self, run: Run) -> Value:
        if self.name == "if":
            condition, *branches = self.arguments
            return branches[not values.truth(condition.evaluate(run))].evaluate(run)
        arguments = []
        for node in self.arguments:
            value = node.evaluate(run)
            run.budget.spend(values.size(value))
            arguments.append(value)
        return FUNCTIONS[self.name].apply(*arguments)
