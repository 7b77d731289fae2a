"""Values for an item's variables, drawn by a seed so that all conditions hold.

Each draw is a SHA-256 digest of item id, seed, draw and variable name: the same in every process and
Python version. Both ways of finding values, drawing and looking at every combination, are bounded in work (a step
takes about a microsecond), and the values in size.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from hashlib import sha256
from types import MappingProxyType
from typing import Any, NamedTuple

from adaptive_xblocks.tutoring.expression_values import size
from adaptive_xblocks.tutoring.expressions import (
    Budget,
    Expression,
    ExpressionError,
    TooMuchWorkError,
    Value,
    parse,
)
from adaptive_xblocks.tutoring.model import Message, Variable, _

MAX_DRAWS = 200
MAX_COMBINATIONS = 5_000
MAX_DRAWING = 20_000
MAX_LOOKING = 30_000
MAX_HELD = 2_000
_MAX_DEPTH = 60


_NO_COMBINATION = _("No combination of the variables' values satisfies the conditions.")
_NO_COMBINATION_FAILED = _(
    "No combination of the variables' values satisfies the conditions; the last one failed: %(failure)s"
)
_NO_DRAW = _("None of %(draws)s draws of the variables' values satisfies the conditions.")
_NO_DRAW_FAILED = _(
    "None of %(draws)s draws of the variables' values satisfies the conditions; the last one failed: %(failure)s"
)


class DrawError(ExpressionError):
    """A draw that has no value, such as a division by zero: the variable it was at and the values before it."""

    def __init__(self, error: ExpressionError, variable: str, values: Mapping[str, Value]) -> None:
        super().__init__(error.message, error.position)
        self.variable = variable
        self.values = values


class Drawn(NamedTuple):
    """The values of a seed, or why there are none; the steps that it took, and whether a draw on the way had no
    value."""

    values: Mapping[str, Value] | None
    fault: Message | None
    work: int
    has_failed: bool


def draw_values(
    item_id: str, variables: tuple[Variable, ...], where: tuple[str, ...], seed: int | str
) -> Mapping[str, Value]:
    """The values of that seed, in the variables' order; ExpressionError if there are none. Cached, read-only.

    An item without variables has the one empty set of values: there is nothing its conditions could choose.
    """
    drawn = drawing(item_id, variables, where, seed)
    if drawn.values is None:
        raise ExpressionError(drawn.fault)
    return drawn.values


@lru_cache(maxsize=4096)
def drawing(item_id: str, variables: tuple[Variable, ...], where: tuple[str, ...], seed: int | str) -> Drawn:
    """As `draw_values`, with what it took, and without raising."""
    try:
        plan = _Plan(variables, where, MAX_DRAWING)
    except ExpressionError as error:
        return Drawn(None, error.sentence, 0, False)
    failure = None
    for draw in range(MAX_DRAWS):
        try:
            values = plan.draw(f"{item_id}:{seed}:{draw}")
        except ExpressionError as error:
            failure = error
            continue
        if values is not None:
            return Drawn(MappingProxyType(values), None, plan.work, failure is not None)
    fitting, looked = _look(variables, where)
    if fitting:
        values = dict(fitting[_digest(f"{item_id}:{seed}:any") % len(fitting)])
        return Drawn(MappingProxyType(values), None, plan.work + looked, failure is not None)
    fault = _nothing_fits(was_counted=fitting is not None, failure=failure)
    return Drawn(None, fault, plan.work + looked, failure is not None)


def _nothing_fits(was_counted: bool, failure: ExpressionError | None) -> Message:
    params = {} if was_counted else {"draws": MAX_DRAWS}
    if failure is None:
        return Message(_NO_COMBINATION if was_counted else _NO_DRAW, params)
    params["failure"] = failure.sentence
    return Message(_NO_COMBINATION_FAILED if was_counted else _NO_DRAW_FAILED, params)


@lru_cache(maxsize=16)
def _look(
    variables: tuple[Variable, ...], where: tuple[str, ...]
) -> tuple[tuple[tuple[tuple[str, Value], ...], ...] | None, int]:
    """Every set of values that fits, each once, in a fixed order, None beyond 5,000 combinations; the steps taken."""
    plan = _Plan(variables, where, MAX_LOOKING)
    try:
        return tuple(dict.fromkeys(tuple(values.items()) for values in plan.every())), plan.work
    except TooMuchWorkError:
        return None, plan.work


@lru_cache(maxsize=4096)
def count_values(variables: tuple[Variable, ...], where: tuple[str, ...]) -> int | None:
    """How many sets of values fit; None beyond 5,000 combinations. Cached apart: the sets themselves are large."""
    fitting, _work = _look(variables, where)
    return None if fitting is None else len(fitting)


def failed_draws(
    item_id: str, variables: tuple[Variable, ...], where: tuple[str, ...], seed: int | str
) -> Iterator[DrawError]:
    """The draws of that seed that had no value, up to its first one that fits or the end of what may be spent."""
    plan = _Plan(variables, where, MAX_DRAWING)
    for draw in range(MAX_DRAWS if variables else 0):
        try:
            if plan.draw(f"{item_id}:{seed}:{draw}") is not None:
                return
        except DrawError as error:
            yield error
            if plan.is_spent:
                return


@lru_cache(maxsize=256)
def _constant_value(expression: Expression) -> Value:
    """The value of an expression without variables, such as 2..9, which stands in many items."""
    return expression.evaluate({})


class _Plan:
    """Variables in order, each with the conditions that can be decided once it has its value."""

    def __init__(self, variables: tuple[Variable, ...], where: tuple[str, ...], work: int) -> None:
        self.variables = [
            (variable.name, parse((variable.values if variable.formula is None else variable.formula) or ""),
             variable.formula is None)
            for variable in variables
        ]  # fmt: skip
        self._most, self._budget = work, Budget(work)
        self.conditions: list[list[Expression]] = [[] for _ in variables]
        order = {variable.name: index for index, variable in enumerate(variables)}
        for source in where if variables else ():
            condition = parse(source)
            last = max((order.get(name, len(variables) - 1) for name in condition.names), default=0)
            self.conditions[last].append(condition)

    @property
    def work(self) -> int:
        """The steps spent so far."""
        return self._most - self._budget.steps

    @property
    def is_spent(self) -> bool:
        """True once nothing more can be worked out."""
        return self._budget.is_spent

    def draw(self, key: str) -> dict[str, Value] | None:
        """Values drawn by the key, None if a condition fails; DrawError if something has no value."""
        values: dict[str, Value] = {}
        for index, (name, _expression, is_drawn) in enumerate(self.variables):
            try:
                choices = self._choices(index, values)
                values[name] = choices[_digest(f"{key}:{name}") % len(choices)] if is_drawn else choices[0]
                if not self._holds(index, values):
                    return None
            except ExpressionError as error:
                raise DrawError(error, name, values) from error
        return values

    def every(self) -> Iterator[dict[str, Value]]:
        """Every set of values that fits, depth first; TooMuchWorkError once 5,000 were looked at."""
        if len(self.variables) > _MAX_DEPTH:
            raise TooMuchWorkError(_("There are too many variables to look at each combination."))
        return self._extend({}, Budget(MAX_COMBINATIONS))

    def _extend(self, values: dict[str, Value], left: Budget) -> Iterator[dict[str, Value]]:
        index = len(values)
        if index == len(self.variables):
            yield values
            return
        for choice in self._fitting(lambda: self._choices(index, values)) or ():
            left.spend(1)
            extended = values | {self.variables[index][0]: choice}
            if self._fitting(lambda extended=extended: self._holds(index, extended)):
                yield from self._extend(extended, left)

    @staticmethod
    def _fitting(work_out: Callable[[], Any]) -> Any | None:
        """What it works out to; None if that has no value, because such a combination does not fit."""
        try:
            return work_out()
        except TooMuchWorkError:
            raise
        except ExpressionError:
            return None

    def _choices(self, index: int, values: Mapping[str, Value]) -> tuple[Value, ...]:
        name, expression, is_drawn = self.variables[index]
        value = expression.evaluate(values, self._budget) if expression.names else self._constant(expression)
        choices = value if is_drawn and isinstance(value, tuple) else (value,)
        if not choices:
            key = _("There is no value for “%(name)s”: “%(expression)s” is empty.")
            raise ExpressionError(Message(key, {"name": name, "expression": expression.source}))
        return choices

    def _constant(self, expression: Expression) -> Value:
        self._budget.spend(1)
        return _constant_value(expression)

    def _holds(self, index: int, values: Mapping[str, Value]) -> bool:
        _check_held(values, self.variables[index][0])
        for condition in self.conditions[index]:
            value = condition.evaluate(values, self._budget)
            if not isinstance(value, bool):
                key = _("“%(expression)s” is not a condition such as a < b.")
                raise ExpressionError(Message(key, {"expression": condition.source}))
            if not value:
                return False
        return True


def _check_held(values: Mapping[str, Value], newest: str) -> None:
    """ExpressionError once an item's lists hold more than is kept for each learner."""
    if isinstance(values[newest], tuple) and sum(map(size, values.values())) > MAX_HELD:
        key = _("The variables' lists have more than %(limit)s elements together.")
        raise ExpressionError(Message(key, {"limit": f"{MAX_HELD:,}"}))


def _digest(key: str) -> int:
    return int.from_bytes(sha256(key.encode()).digest()[:8], "big")
