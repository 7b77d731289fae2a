r"""Authors' expressions: `parse` them once, `evaluate` them for each learner's values.

An own small language without `eval`: exact numbers, texts, lists, variables, a fixed table of functions.
Nothing in it can run long, grow large or reach outside: the source has at most 2,000 characters and 60
levels of nesting, numbers 60 digits, lists and texts 1,000 elements, an evaluation 10,000 steps.

>>> parse("lcm(b, d) / 2").evaluate({"b": 4, "d": 6})
Fraction(6, 1)
>>> parse("0.1 + 0.2 = 0.3").evaluate({})
True
>>> format_value(parse("2..4, 10").evaluate({}))
'2, 3, 4, 10'
>>> print(format_value(parse("mixed(7/4)").evaluate({})))
1\frac{3}{4}

Floats (roots, sines) count as equal within a relative 1e-9. `and`, `or` and `if(c, a, b)` look only at
what they need: `if(d = 0, 0, 1/d)` never divides by zero.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from adaptive_xblocks.tutoring.expression_functions import FUNCTIONS, Function
from adaptive_xblocks.tutoring.expression_grammar import MAX_SOURCE, RESERVED, read
from adaptive_xblocks.tutoring.expression_nodes import Node, Run
from adaptive_xblocks.tutoring.expression_values import Budget, ExpressionError, TooMuchWorkError, Value, format_value

__all__ = [
    "FUNCTIONS",
    "MAX_SOURCE",
    "RESERVED",
    "Budget",
    "Expression",
    "ExpressionError",
    "Function",
    "TooMuchWorkError",
    "Value",
    "format_value",
    "is_variable_name",
    "parse",
]


@dataclass(frozen=True, slots=True)
class Expression:
    """A read expression; equal to another with the same source. `names` are the variables used in it."""

    source: str
    names: frozenset[str] = field(compare=False)
    _root: Node = field(compare=False, repr=False)

    def evaluate(self, values: Mapping[str, Value], budget: Budget | None = None) -> Value:
        """The value, given the variables' (int is taken as exact); ExpressionError if it has none.

        `budget` is for several evaluations that share one; else this one may take 10,000 steps.
        """
        return self._root.evaluate(Run(values, budget or Budget()))

    def __reduce__(self) -> tuple:
        return parse, (self.source,)


@lru_cache(maxsize=4096)
def parse(source: str) -> Expression:
    """The expression that the source says (cached); ExpressionError with its position if it says none.

    >>> sorted(parse("b < d and d != 2 * b").names)
    ['b', 'd']
    >>> try:
    ...     parse("2 +")
    ... except ExpressionError as error:
    ...     print(error)
    At character 4: A number or a name is expected here, not the end.
    """
    root, names = read(source)
    return Expression(source, names, root)


def is_variable_name(name: str) -> bool:
    """Whether a variable may be called so: letters, digits and _, not a function or a word of the grammar.

    >>> [is_variable_name(name) for name in ("b", "n_2", "2b", "sqrt", "and", "a b")]
    [True, True, False, False, False, False]
    """
    return name.isascii() and name.isidentifier() and len(name) <= 64 and name not in RESERVED
