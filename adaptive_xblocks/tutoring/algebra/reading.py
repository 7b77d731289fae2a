"""Reading what a learner types as maths: from text to a tree, or a sentence on how to write it.

Read are numbers in every script (decimals with point or comma), the known letters, ``+ - * / ^ **``, roots, ``|x|``,
functions with and without brackets (``sin x``, ``sin^2 x``), π and e, products without a sign (``2x``, ``3(x+1)``,
``xy`` where x and y are both known), raised digits, vulgar fractions, simple LaTeX. From loose to tight::

    + -        * / and products without a sign        unary -        ^ (right-associative)

What people write and read in two ways is not guessed but asked about: ``1/2x``, ``e^2x``, ``x^1/2``, ``√2x``,
``sin x/2``, ``2e3``, ``1,234``. Nothing is evaluated; a text has at most 500 characters and 40 levels.
"""

from __future__ import annotations

from fractions import Fraction
from functools import lru_cache

from adaptive_xblocks.tutoring.algebra import sentences as say
from adaptive_xblocks.tutoring.algebra import tokens as kinds
from adaptive_xblocks.tutoring.algebra.sentences import Unreadable
from adaptive_xblocks.tutoring.algebra.tokens import Token, tokens_of
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
    whole,
)
from adaptive_xblocks.tutoring.algebra.words import INVERSE, ROOTS

MAX_DEPTH = 40
MAX_INDEX = 100
_CLOSING = {"(": ")", "[": "]", "{": "}"}
_ROOT_SIGNS = {"√": 2, "∛": 3, "∜": 4}
_LETTERS = (kinds.UNKNOWN, kinds.CONSTANT)


class Reader:
    """Reads one text. Use :func:`read`."""

    def __init__(self, tokens: list[Token]) -> None:
        self._tokens = tokens
        self._index = 0
        self._depth = 0
        self._bars: list[int] = []  # depths at which a | is open

    @property
    def _next(self) -> Token:
        return self._tokens[self._index]

    @property
    def _before(self) -> Token:
        return self._tokens[self._index - 1]

    def _take(self) -> Token:
        token = self._next
        self._index += 1
        return token

    def _is(self, *signs: str) -> bool:
        return self._next.kind == kinds.SIGN and self._next.text in signs

    def whole(self) -> Node:
        """The tree of the whole text."""
        tree = self._sum()
        if self._next.kind == kinds.END:
            return tree
        if self._is(",", ";"):
            raise Unreadable(say.SEVERAL)
        raise Unreadable(say.NOT_OPENED, bracket=self._next.text)

    def _sum(self) -> Node:
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise Unreadable(say.TOO_DEEP)
        terms = [self._signed_term()]
        while self._is("+", "-"):
            minus = self._take().text == "-"
            term = self._signed_term()
            terms.append(Negative(term) if minus else term)
        self._depth -= 1
        return terms[0] if len(terms) == 1 else Sum(tuple(terms))

    def _signed_term(self) -> Node:
        minus = self._signs()
        term = self._term()
        return Negative(term) if minus else term

    def _signs(self) -> bool:
        """Takes the signs before an operand; whether they come to a minus."""
        minus = False
        while self._is("+", "-"):
            minus ^= self._take().text == "-"
        return minus

    def _term(self) -> Node:
        factors = [self._power()]
        while True:
            if self._is("*"):
                self._take()
                minus = self._signs()
                factors.append(Negative(self._power()) if minus else self._power())
            elif self._is("/"):
                factors = [Quotient(_product(factors), self._below())]
            elif self._starts_operand():
                self._check_unsigned(factors[-1])
                factors.append(self._power())
            else:
                return _product(factors)

    def _below(self) -> Node:
        self._take()
        minus = self._signs()
        below = self._power()
        if self._starts_operand():
            if self._next.kind == kinds.NUMBER:
                raise self._stray_number()
            raise Unreadable(say.AMBIGUOUS_LINE)
        return Negative(below) if minus else below

    def _starts_operand(self) -> bool:
        token = self._next
        if token.kind == kinds.SIGN:
            return token.text in "([{√∛∜" or (token.text == "|" and self._depth not in self._bars[-1:])
        return token.kind != kinds.END

    def _check_unsigned(self, before: Node) -> None:
        """Refuse a product without a sign that can be read in two ways, or not at all."""
        if self._next.kind in (kinds.NUMBER, kinds.HALF):
            raise self._stray_number()
        if not isinstance(before, Power) or self._next.kind not in _LETTERS or self._next.is_spaced:
            return
        is_bare = self._before.kind in (kinds.NUMBER, *_LETTERS)
        of_a_letter = isinstance(before.base, Unknown) and self._before.kind == kinds.NUMBER
        if is_bare and not of_a_letter:
            raise Unreadable(say.AMBIGUOUS_POWER)

    def _stray_number(self) -> Unreadable:
        before = self._before
        if before.kind in (kinds.NUMBER, kinds.HALF):
            return Unreadable(say.TWO_NUMBERS)
        return Unreadable(say.NUMBER_AFTER, before=before.text[:20])

    def _power(self) -> Node:
        base = self._operand()
        if not self._is("^"):
            return base
        self._take()
        exponent = self._exponent()
        if self._is("/") and exponent == whole(1) and self._before.kind == kinds.NUMBER:
            raise Unreadable(say.AMBIGUOUS_POWER)
        return Power(base, exponent)

    def _exponent(self) -> Node:
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise Unreadable(say.TOO_DEEP)
        minus = self._signs()
        exponent = self._power()
        self._depth -= 1
        return Negative(exponent) if minus else exponent

    def _operand(self) -> Node:
        token = self._take()
        if token.kind == kinds.NUMBER:
            number = Number(token.value, token.name == "decimal")
            if self._next.kind == kinds.HALF and not token.name:  # 1½
                return Sum((number, _fraction(self._take().value)))
            return number
        if token.kind == kinds.HALF:
            return _fraction(token.value)
        if token.kind == kinds.UNKNOWN:
            return Unknown(token.name)
        if token.kind == kinds.CONSTANT:
            return Constant(token.name)
        if token.kind == kinds.FUNCTION:
            return self._function(token)
        if token.kind == kinds.SIGN and token.text in _CLOSING:
            return self._brackets(token)
        if token.text == "|":
            return self._bar()
        if token.text in _ROOT_SIGNS:
            return self._root_sign(_ROOT_SIGNS[token.text])
        raise self._missing(token)

    def _missing(self, token: Token) -> Unreadable:
        before = self._tokens[self._index - 2] if self._index > 1 else None
        if token.kind == kinds.END:
            return Unreadable(say.ENDS, sign=before.text) if before else Unreadable(say.EMPTY)
        if token.text in ")]}" and before is not None and before.text in _CLOSING:
            return Unreadable(say.EMPTY_BRACKETS)
        if token.text in ")]}" and before is not None and before.kind == kinds.SIGN:
            return Unreadable(say.ENDS, sign=before.text)
        if token.text in ")]}":
            return Unreadable(say.NOT_OPENED, bracket=token.text)
        if token.text == "_":
            return Unreadable(say.UNKNOWN_SIGN, sign="_")
        return Unreadable(say.MISSING, sign=token.text)

    def _brackets(self, opening: Token) -> Node:
        inner = self._sum()
        self._close(opening)
        return inner

    def _close(self, opening: Token) -> None:
        closing = _CLOSING[opening.text]
        if self._is(closing):
            self._take()
            return
        if self._is(",", ";"):
            raise Unreadable(say.SEVERAL)
        raise Unreadable(say.NOT_CLOSED, bracket=opening.text, closing=closing)

    def _bar(self) -> Node:
        self._bars.append(self._depth + 1)
        inner = self._sum()
        self._bars.pop()
        if not self._is("|"):
            raise Unreadable(say.BAR_NOT_CLOSED)
        self._take()
        return Call("abs", inner)

    def _root_sign(self, index: int) -> Node:
        if self._next.kind in (kinds.NUMBER, *_LETTERS):
            return Call("root", self._short_root(), index)
        self._deeper()
        inner = self._operand()
        self._depth -= 1
        return Call("root", inner, index)

    def _short_root(self) -> Node:
        """One number or letter under a root without brackets; refused if more could be meant."""
        inner = self._operand()
        if self._is("^") or (self._next.kind in _LETTERS and not self._next.is_spaced):
            raise Unreadable(say.AMBIGUOUS_ROOT)
        return inner

    def _deeper(self) -> None:
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise Unreadable(say.TOO_DEEP)

    def _function(self, token: Token) -> Node:
        if token.name == "\\frac":
            return Quotient(self._latex_part(), self._latex_part())
        self._deeper()
        result = self._root_word(token) if token.name in ("root", *ROOTS) else self._applied(token)
        self._depth -= 1
        return result

    def _applied(self, token: Token) -> Node:
        exponent = base = None
        if self._is("_"):
            base = self._log_base()
        if self._is("^"):
            self._take()
            exponent = self._exponent_of_function()
        name = token.name
        if exponent == Negative(whole(1)) and name in INVERSE:
            name, exponent = INVERSE[name], None
        argument = self._argument(token)
        call: Node = Call(name, argument)
        if base is not None:
            call = Quotient(Call("ln", argument), Call("ln", base))
        return call if exponent is None else Power(call, exponent)

    def _exponent_of_function(self) -> Node:
        """The 2 of sin^2 x: a number with its sign, a letter, or something in brackets."""
        minus = self._signs()
        if self._next.kind == kinds.FUNCTION:
            raise Unreadable(say.AMBIGUOUS_POWER)
        exponent = self._operand()
        return Negative(exponent) if minus else exponent

    def _log_base(self) -> Node:
        self._take()
        opening = self._next
        base = self._operand() if opening.kind == kinds.NUMBER or self._is("{", "(") else None
        if not isinstance(base, Number):
            raise Unreadable(say.LOG_BASE)
        return base

    def _argument(self, token: Token) -> Node:
        if self._is("(", "[", "{"):
            opening = self._take()
            inner = self._sum()
            if self._is(",", ";"):
                raise Unreadable(say.ONE_ARGUMENT, function=token.text)
            self._close(opening)
            return inner
        if self._is("|"):
            self._take()
            return self._bar()
        if self._next.kind == kinds.FUNCTION or self._is(*_ROOT_SIGNS):
            return self._power()
        return self._short_argument(token)

    def _short_argument(self, token: Token) -> Node:
        """The 2x of sin 2x: a number and letters, which may have exponents; refused if more could be meant."""
        factors: list[Node] = []
        while self._next.kind in _LETTERS or (not factors and self._next.kind in (kinds.NUMBER, kinds.HALF)):
            if factors:
                self._check_unsigned(factors[-1])
            factors.append(self._power())
        if not factors or token.name == "abs":
            raise Unreadable(say.NEEDS_ARGUMENT, function=token.text)
        is_open = self._starts_operand() and self._next.kind != kinds.FUNCTION
        if self._is("*"):
            is_open = self._tokens[self._index + 1].kind != kinds.FUNCTION
        if is_open or self._is("/"):
            raise Unreadable(say.AMBIGUOUS_ARGUMENT, function=token.text)
        return _product(factors)

    def _root_word(self, token: Token) -> Node:
        index = ROOTS.get(token.name, 0)
        if token.is_latex and self._is("["):
            opening = self._take()
            index = _index_of(self._sum())
            self._close(opening)
        if index and self._next.kind in (kinds.NUMBER, *_LETTERS):
            return Call("root", self._short_root(), index)
        if not self._is(*_CLOSING):
            raise Unreadable(say.NEEDS_ARGUMENT, function=token.text) if index else _no_root()
        opening = self._take()
        inner = self._sum()
        if self._is(",", ";"):
            self._take()
            if index:
                raise Unreadable(say.ONE_ARGUMENT, function=token.text)
            index = _index_of(self._sum())
        self._close(opening)
        if not index:
            raise _no_root()
        return Call("root", inner, index)

    def _latex_part(self) -> Node:
        """The {…} after \\frac, or one digit of \\frac12."""
        if self._is("{"):
            self._deeper()
            inner = self._brackets(self._take())
            self._depth -= 1
            return inner
        token = self._next
        if token.kind == kinds.NUMBER and token.text.isdecimal() and len(token.text) <= 2:
            first, rest = token.text[0], token.text[1:]
            if rest:
                self._tokens[self._index] = Token(kinds.NUMBER, rest, value=Fraction(int(rest)))
            else:
                self._take()
            return whole(int(first))
        raise Unreadable(say.NO_LATEX)


def _no_root() -> Unreadable:
    return Unreadable(say.ROOT_ARGUMENTS, limit=MAX_INDEX)


def _index_of(node: Node) -> int:
    if isinstance(node, Number) and node.value.denominator == 1 and 2 <= node.value <= MAX_INDEX:
        return int(node.value)
    raise _no_root()


def _fraction(value: Fraction) -> Node:
    return Quotient(whole(value.numerator), whole(value.denominator))


def _product(factors: list[Node]) -> Node:
    return factors[0] if len(factors) == 1 else Product(tuple(factors))


@lru_cache(maxsize=2048)
def read(text: str, names: frozenset[str]) -> Node:
    """The tree that the text says, with these names as unknowns (cached); Unreadable with a sentence if none.

    >>> read("2x", frozenset("x"))
    Product(factors=(Number(value=Fraction(2, 1), is_decimal=False), Unknown(name='x')))
    >>> try:
    ...     read("2x + y", frozenset("x"))
    ... except Unreadable as reason:
    ...     print(reason.message)
    There is no y here; use x.
    """
    return Reader(tokens_of(text, names)).whole()
