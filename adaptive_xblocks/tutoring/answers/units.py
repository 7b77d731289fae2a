"""Units: what a learner wrote after a number, as a factor and a dimension, exactly.

`pint` knows what units are worth. It is loaded when a document first names a unit, once per process, and never sees
what a learner wrote: that is cut here by a small bounded grammar (words, `*`, `/`, "per", powers), whose words must be
known (see :mod:`~adaptive_xblocks.tutoring.answers.unit_words`) or the author's own.

>>> asked = author_unit("cm^2")
>>> read_unit("mm²", asked).to(asked, Fraction(500))
Fraction(5, 1)
>>> read_unit("square metres", asked).dimension == asked.dimension
True
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cache, lru_cache
from itertools import islice, product
from typing import Any

from adaptive_xblocks.tutoring.answers.unit_words import AFTER, BEFORE, PER, names_of
from adaptive_xblocks.tutoring.model import Message, _
from adaptive_xblocks.tutoring.typed_signs import RAISED

MAX_LENGTH = 60
MAX_WORDS = 6
MAX_READINGS = 16
MAX_POWER = 9

NOT_A_UNIT = _("“%(unit)s” is not a unit that is known here. Write for example cm, kg, m^2 or km/h.")
UNKNOWN = _("pint knows no unit of that name.")
NOT_PROPORTIONAL = _("Values in it are not proportional to others, e.g. decibels.")

Names = Callable[[str], tuple[str, ...]]  # of the units that a word may stand for

_SUPERSCRIPT = re.compile("[⁺⁻]?[⁰¹²³⁴-⁹]+")
_SIGNS = str.maketrans({"·": "*", "⋅": "*", "×": "*", "∙": "*", "•": "*", "÷": "/", "∕": "/", "⁄": "/", "−": "-",
                        "״": '"', "׳": "'"})  # fmt: skip
_ONE_OVER = re.compile(r"^1 ?/")
_NO_DIGIT = re.compile(r"[^\d-]")
_TEX = (
    (re.compile(r"\\(?:text|mathrm|textrm|operatorname|rm|mbox)\s*\{([^{}\\]*)\}"), r" \1 "),
    (re.compile(r"\^\s*\{?\\circ\}?|\\degree"), "°"),
    (re.compile(r"\^\s*\{([+-]?\d)\}"), r"^\1"),
    (re.compile(r"\\frac\s*\{(?!\s*[+-]?\d+\s*\})([^{}]*)\}\s*\{([^{}]*)\}"), r"(\1)/(\2)"),
    (re.compile(r"\\(?:cdot|times)(?![a-z])"), "*"),
    (re.compile(r"\\mu(?![a-z])\s*"), "μ"),
    (re.compile(r"\\Omega(?![a-z])\s*"), "Ω"),
)
_TOKEN = re.compile(
    r"\s*(?:(?P<power>(?:\^|\*\*)\s*[({]?\s*[+-]?\d\s*[)}]?)|(?P<sign>[*/()])"
    r"|(?P<word>[^\s\d*/^(){}\\+\-.,;:=<>&%$|#@!?\[\]]+\.?)(?P<tail>-?\d(?!\d))?|(?P<dot>\.))\s*"
)


class NotAUnit(ValueError):
    """What stands after a number is no unit; `message` says what to write."""

    def __init__(self, key: str, **params: str) -> None:
        super().__init__(key)
        self.message = self.sentence = Message(key, params)


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit as it was written: a value x in it is x * factor + offset in the units of `dimension`.

    `words` are the author's own words for units, with their names; learners may write them too.
    """

    source: str
    factor: Fraction
    offset: Fraction
    dimension: tuple[tuple[str, Fraction], ...]
    words: tuple[tuple[str, str], ...] = field(default=(), compare=False)

    def to(self, other: Unit, value: Fraction) -> Fraction:
        """The value in another unit of the same dimension."""
        return (value * self.factor + self.offset - other.offset) / other.factor


def strip_tex(text: str) -> str:
    """The text with what LaTeX writes units with as plain signs."""
    if "\\" in text:
        for sought, instead in _TEX:
            text = sought.sub(instead, text)
    return text


@lru_cache(maxsize=4096)
def read_unit(text: str, asked: Unit) -> Unit:
    """The unit that a learner wrote, of the asked dimension if it can be read so; NotAUnit if it is none."""
    text = _plain(text)
    shown = {"unit": text[:MAX_LENGTH]}
    if not 0 < len(text) <= MAX_LENGTH:
        raise NotAUnit(NOT_A_UNIT, **shown)
    first = None
    own = dict(asked.words)
    for factors in _readings(text, lambda word: names_of(word) or ((own[word],) if word in own else ())):
        found = _combined(text, factors)
        if found.dimension == asked.dimension:
            return found
        first = first or found
    if first is None:
        raise NotAUnit(NOT_A_UNIT, **shown)
    return first


@lru_cache(maxsize=1024)
def author_unit(source: str) -> Unit:
    """The unit that an author asks for; NotAUnit, with a sentence for the author, if it cannot be used."""
    text = _plain(source)
    own: dict[str, str] = {}

    def names(word: str) -> tuple[str, ...]:
        known = names_of(word) or _pint_names(word)
        own.update({word: known[0]} if known else {})
        return known

    factors = next(_readings(text, names), None) if 0 < len(text) <= MAX_LENGTH else None
    if factors is None:
        raise NotAUnit(UNKNOWN)
    unit = _combined(text, factors)
    return Unit(text, unit.factor, unit.offset, unit.dimension, tuple(own.items()))


def describe(unit: Unit) -> Message | None:
    """What the unit measures, e.g. "a length"; None where there is no word for it."""
    return _nouns().get(unit.dimension)


def _plain(text: str) -> str:
    raised = _SUPERSCRIPT.sub(lambda match: f"^{match[0].translate(RAISED)}", text.translate(_SIGNS))
    return " ".join(unicodedata.normalize("NFKC", raised).replace("÷", "/").split())


def _readings(text: str, names: Names) -> Iterator[tuple[tuple[str, int], ...]]:
    """Ways to read a unit, as names and powers: words may mean several, and in J/kg K the K may stand below."""
    for rest_below in (False, True):
        factors = _Reader(names, rest_below).read(text)
        if factors is None:
            return
        for chosen in islice(product(*(found for found, _power in factors)), MAX_READINGS):
            yield tuple(zip(chosen, (power for _found, power in factors), strict=True))
        if "/" not in text and not PER.intersection(text.split()):
            return


class _Reader:
    """Reads one unit. `rest_below`: what follows a stroke all stands below it."""

    def __init__(self, names: Names, rest_below: bool) -> None:
        self.names, self.rest_below = names, rest_below
        self.factors: list[tuple[tuple[str, ...], int]] = []
        self.sign = self.group = self.pending = 1  # of the next factor; of the brackets; raised by a word before it
        self.is_open = False

    def read(self, text: str) -> list[tuple[tuple[str, ...], int]] | None:
        """The factors as the names that each may have, and powers; None if the text is no unit."""
        text, place = _ONE_OVER.sub("/", text), 0
        while place < len(text):
            token = _TOKEN.match(text, place)
            if token is None or not self._take(token):
                return None
            place = token.end()
        is_whole = bool(self.factors) and self.pending == 1 and not self.is_open and not text.endswith(("/", "*"))
        return self.factors if is_whole and all(0 < abs(power) <= MAX_POWER for _, power in self.factors) else None

    def _take(self, token: re.Match) -> bool:
        word = (token["word"] or "").removesuffix(".")
        folded = word.casefold()
        if token["dot"] or token["sign"] == "*":
            return True
        if token["sign"] == "/" or folded in PER:
            self.sign = -1
            return True
        if token["sign"]:
            return self._bracket(token["sign"])
        if token["power"]:
            return self._raise(int(_NO_DIGIT.sub("", token["power"])))
        if folded in AFTER or folded.removesuffix("s") in AFTER:
            return self._raise(AFTER.get(folded) or AFTER[folded.removesuffix("s")])
        if folded in BEFORE:
            self.pending = BEFORE[folded]
            return True
        return self._add(word, int(token["tail"] or 1))

    def _bracket(self, sign: str) -> bool:
        if (sign == "(") == self.is_open:
            return False
        self.is_open, self.group, self.sign = sign == "(", self.sign if sign == "(" else 1, 1
        return True

    def _raise(self, power: int) -> bool:
        if not self.factors or abs(self.factors[-1][1]) != 1:
            return False
        found, sign = self.factors[-1]
        self.factors[-1] = found, sign * power
        return True

    def _add(self, word: str, power: int) -> bool:
        found, inner = _named(word, self.names)
        if not found or len(self.factors) == MAX_WORDS:
            return False
        self.factors.append((found, self.sign * self.group * self.pending * inner * power))
        self.sign, self.pending = self.sign if self.rest_below else 1, 1
        return True


def _named(word: str, names: Names) -> tuple[tuple[str, ...], int]:
    """The names that a word stands for, and the power that the word itself says (Quadratmeter)."""
    found = names(word)
    if found:
        return found, 1
    folded = word.casefold()
    for start, power in BEFORE.items():
        if folded.startswith(start) and (found := names(folded[len(start) :])):
            return found, power
    return (), 1


def _combined(source: str, factors: tuple[tuple[str, int], ...]) -> Unit:
    """The unit that the factors make together; one that is shifted, such as °C, is so only alone."""
    value, offset, powers = Fraction(1), Fraction(0), dict[str, Fraction]()
    for name, power in factors:
        size, shift, dimension = _root(name)
        value *= size**power
        offset = shift if factors == ((name, 1),) else offset
        for base, exponent in dimension:
            powers[base] = powers.get(base, Fraction(0)) + exponent * power
    dimension = tuple(sorted((base, exponent) for base, exponent in powers.items() if exponent))
    return Unit(source, value, offset, dimension)


@cache
def _registry() -> Any:
    """pint's own units, with exact numbers; loading them takes about a third of a second."""
    import pint

    return pint.UnitRegistry(non_int_type=Fraction)


@lru_cache(maxsize=1024)
def _root(name: str) -> tuple[Fraction, Fraction, tuple[tuple[str, Fraction], ...]]:
    """Factor, offset and base units of a unit that pint knows by that name; NotAUnit if it is no such multiple."""
    ureg = _registry()
    try:
        zero, one, two = (ureg.Quantity(Fraction(n), name).to_root_units() for n in range(3))
        values = [Fraction(quantity.magnitude) for quantity in (zero, one, two)]
    except Exception as error:  # pint's many kinds: logarithmic units, units without a root
        raise NotAUnit(NOT_PROPORTIONAL) from error
    if values[2] - values[1] != values[1] - values[0] or values[1] == values[0]:
        raise NotAUnit(NOT_PROPORTIONAL)
    dimension = tuple(sorted((str(base), Fraction(power)) for base, power in one.unit_items()))
    return values[1] - values[0], values[0], dimension


def _pint_names(word: str) -> tuple[str, ...]:
    """Names that pint has for an author's word, which is one word of letters."""
    if not re.fullmatch(r"[^\W\d]{1,40}", word):
        return ()
    return tuple(prefix + name for prefix, name, _suffix in _registry().parse_unit_name(word))


_NOUNS: Mapping[str, str] = {
    "meter": _("a length"),
    "meter^2": _("an area"),
    "meter^3": _("a volume"),
    "gram": _("a mass"),
    "second": _("a time"),
    "meter/second": _("a speed"),
    "meter/second^2": _("an acceleration"),
    "newton": _("a force"),
    "joule": _("an energy"),
    "watt": _("a power"),
    "pascal": _("a pressure"),
    "gram/meter^3": _("a density"),
    "kelvin": _("a temperature"),
    "radian": _("an angle"),
    "hertz": _("a frequency"),
    "ampere": _("an electric current"),
    "volt": _("a voltage"),
    "ohm": _("an electric resistance"),
    "coulomb": _("an electric charge"),
    "mol": _("an amount of substance"),
    "mol/liter": _("a concentration"),
    "candela": _("a luminous intensity"),
    "bit": _("an amount of data"),
}


@cache
def _nouns() -> dict[tuple[tuple[str, Fraction], ...], Message]:
    return {author_unit(source).dimension: Message(noun) for source, noun in _NOUNS.items()}
