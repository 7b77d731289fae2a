"""Reading a number as people write it, in any script: exact, or a sentence on how to write it.

Read are integers, decimals with point or comma, fractions, mixed numbers and percentages, with the digits
of every script, typographic minus signs, vulgar fractions, e-notation, 3 × 10⁸, simple LaTeX fractions, and "x = 3".
What could mean two things ("1,234") is not guessed, unless the author or the language says which sign is the decimal
one (see :mod:`~adaptive_xblocks.tutoring.answers.decimal_signs`); then digits may also be grouped by the other one.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache

from adaptive_xblocks.tutoring.answers.decimal_signs import ASK, COMMA, COMMA_LANGUAGE, POINT
from adaptive_xblocks.tutoring.model import Message, _
from adaptive_xblocks.tutoring.typed_signs import PLAIN_SIGNS, RAISED

MAX_LENGTH = 200
MAX_EXPONENT = 60


EMPTY = _("Write your answer first.")
TOO_LONG = _("That is longer than %(limit)s characters. Write only the number.")
NOT_A_NUMBER = _("Not a number yet: write it with digits, for example 7, 3/4 or 0.5.")
ONE_NUMBER = _("That looks like several numbers. Write one number here.")
AMBIGUOUS_COMMA = _("The comma can be read in two ways. Write %(whole)s or %(decimal)s.")
AMBIGUOUS_POINT = _("The point can be read in two ways. Write %(whole)s or %(decimal)s.")
NO_GROUPS = _("Write the number without separators between the thousands, for example 1234567.")
NO_ZERO_BELOW = _("A fraction cannot have 0 below the line.")
NO_PERCENT = _("Write the number without the percent sign.")
NO_LATEX = _("Write the number with plain keys, for example 3/4 for three quarters.")
TOO_LARGE = _("That exponent is too large to read. Write the number in full.")

SIGNS = {**PLAIN_SIGNS, **dict.fromkeys("\u066c\u2019\u02bc", "'")}
DECIMAL = r"(?:\d+(?:[.,]\d*)?|[.,]\d+)"
PLAIN = re.compile(rf"([+-]?) ?({DECIMAL})(?:[eE]([+-]?\d{{1,6}}))?")
QUOTIENT = re.compile(rf"([+-]?) ?({DECIMAL}) ?/ ?([+-]?) ?({DECIMAL})")
MIXED = re.compile(r"([+-]?) ?(\d+)(?: \+ ?| )(\d+) ?/ ?(\d+)")
LATEX_FRACTION = re.compile(r"\\[dt]?frac ?\{ ?([+-]?\d+) ?\} ?\{ ?([+-]?\d+) ?\}|\\[dt]?frac ?(\d) ?(\d)")
LATEX_SIGNS = (
    (re.compile(r"\\[()\[\]]|\$|\\[,:;! ]|~"), " "),
    (re.compile(r"\{([.,])\}"), r"\1"),
    (re.compile(r"\\(?:times|cdot)(?![a-z])"), "*"),
    (re.compile(r"\\%"), "%"),
    (re.compile(r"\^\{ ?([+-]?\d{1,3}) ?\}"), r"^\1"),
)
TEN_TO = re.compile(r"(?<=[\d.,]) ?[*×·⋅∙xX] ?10(?:\^([+-]?\d{1,3})|([⁺⁻]?[⁰¹²³⁴-⁹]{1,3}))(?!\d)")
THOUSANDS = re.compile(r"[1-9]\d{0,2},\d{3}")
GROUPED = re.compile(r"[+-]?\d{1,3}(?:[,.' ]\d{3})+(?:[.,]\d*)?|[+-]?\d[\d']*'\d{3}.*")
SEVERAL = re.compile(r"[-+\d.,;/ ]*[,;][-+\d.,;/ ]*")
#: Of texts whose decimal sign is known: groups of three that leave nothing open, and what still could be a group.
COMMA_GROUPS = re.compile(r"(?<![.,\d])[1-9]\d{0,2}(?:,\d{3})+(?![,\d])")
POINT_GROUPS = re.compile(r"(?<![.,\d])[1-9]\d{0,2}(?:\.\d{3})+(?![.\d])")
ONE_POINT_GROUP = re.compile(r"(?<![.,\d])[1-9]\d{0,2}\.\d{3}(?![.,\d])")
SPACED = re.compile(r"(?<![.,'\d])[1-9]\d{0,2}(?:([ '])\d{3})(?:\1\d{3})*(?!['\d])")
DECIMAL_COMMA = re.compile(r"(?<![.,\d])(\d*),(\d+)(?![.,\d])")
NAME = re.compile(r"^[^\W\d_] ?= ?")


class NotRead(ValueError):
    """Text that is no number yet; `message` tells the learner how to write it."""

    def __init__(self, key: str, **params: str | int):
        super().__init__(key)
        self.message = Message(key, params)


@dataclass(frozen=True, slots=True)
class Reading:
    """A number and how it was written: integer, decimal, fraction, mixed or quotient (of decimals).

    `numerator` and `denominator` are the written ones (of a mixed number, of its fraction part).
    """

    value: Fraction
    written: str
    numerator: int = 0
    denominator: int = 1
    percent: bool = False


@lru_cache(maxsize=4096)
def read_number(text: str, percent: bool = False, decimal: str = ASK) -> Reading:
    """The number that `text` says; NotRead if there is none, or if it has a percent sign and may not.

    `decimal` says what is known of the decimal sign, as in `decimal_signs`.
    """
    if len(text) > MAX_LENGTH:
        raise NotRead(TOO_LONG, limit=MAX_LENGTH)
    plain = _without_groups(plain_signs(text, decimal), decimal)
    if not plain:
        raise NotRead(EMPTY)
    if "\\" in plain:
        raise NotRead(NO_LATEX)
    if not plain.endswith("%"):
        return _read_signs(plain)
    if not percent:
        raise NotRead(NO_PERCENT)
    reading = _read_signs(plain[:-1].rstrip())
    return Reading(reading.value / 100, reading.written, reading.numerator, reading.denominator, True)


def plain_signs(text: str, decimal: str = ASK) -> str:
    """`text` in ASCII digits and signs, white space folded, invisible characters and simple LaTeX dropped."""
    if decimal in (COMMA, COMMA_LANGUAGE):
        text = text.replace("\u066b", ",")
    text = "".join(map(_plain_sign, text))
    if "\\" in text or "$" in text or "{" in text:
        for sought, instead in LATEX_SIGNS:
            text = sought.sub(instead, text)
        text = LATEX_FRACTION.sub(_plain_fraction, text)
    text = " ".join(text.split())
    text = TEN_TO.sub(lambda match: f"e{match[1] or match[2].translate(RAISED)}", text)
    return NAME.sub("", text, count=1) if "=" in text else text


def _plain_fraction(match: re.Match) -> str:
    return f" {match[1] or match[3]}/{match[2] or match[4]} "


def _without_groups(text: str, decimal: str) -> str:
    """`text` without signs between thousands, and with a decimal point, where the decimal sign is known."""
    if decimal == ASK or not any(sign in text for sign in "., '"):
        return text
    if "/" not in text:  # 1 234/5 is a mixed number
        text = SPACED.sub(lambda match: match[0].replace(match[1], ""), text)
    if decimal == POINT:
        return COMMA_GROUPS.sub(lambda match: match[0].replace(",", ""), text)
    if decimal == COMMA_LANGUAGE and (match := ONE_POINT_GROUP.search(text)):
        raise NotRead(AMBIGUOUS_POINT, whole=match[0].replace(".", ""), decimal=match[0].replace(".", ","))
    text = POINT_GROUPS.sub(lambda match: match[0].replace(".", ""), text)
    return DECIMAL_COMMA.sub(r"\1.\2", text)


def _plain_sign(character: str) -> str:
    if character.isascii():
        return character
    digit = unicodedata.decimal(character, None)
    if digit is not None:
        return str(digit)
    if character in SIGNS:
        return SIGNS[character]
    if unicodedata.category(character) == "Cf":
        return ""
    if unicodedata.decomposition(character).startswith("<fraction>"):
        return f" {unicodedata.normalize('NFKC', character).replace(chr(0x2044), '/')} "
    return character


def _read_signs(text: str) -> Reading:
    if match := PLAIN.fullmatch(text):
        return _plain_number(*match.groups())
    if match := QUOTIENT.fullmatch(text):
        return _quotient(*match.groups())
    if match := MIXED.fullmatch(text):
        sign, whole, above, below = match.groups()
        value = int(whole) + _divide(Fraction(int(above)), Fraction(int(below)))
        return Reading(-value if sign == "-" else value, "mixed", int(above), int(below))
    if GROUPED.fullmatch(text):
        raise NotRead(NO_GROUPS)
    if SEVERAL.fullmatch(text):
        raise NotRead(ONE_NUMBER)
    raise NotRead(NOT_A_NUMBER)


def _plain_number(sign: str, digits: str, exponent: str | None) -> Reading:
    if exponent and abs(int(exponent)) > MAX_EXPONENT:
        raise NotRead(TOO_LARGE)
    value = _decimal(digits) * Fraction(10) ** int(exponent or 0)
    written = "integer" if digits.isdecimal() and not exponent else "decimal"
    value = -value if sign == "-" else value
    return Reading(value, written, value.numerator, value.denominator)


def _quotient(sign: str, above: str, sign_below: str, below: str) -> Reading:
    value = _divide(_decimal(above), _decimal(below))
    if (sign == "-") != (sign_below == "-"):
        value = -value
    if above.isdecimal() and below.isdecimal():
        return Reading(value, "fraction", int(above), int(below))
    return Reading(value, "quotient")


def _decimal(digits: str) -> Fraction:
    if THOUSANDS.fullmatch(digits):
        raise NotRead(AMBIGUOUS_COMMA, whole=digits.replace(",", ""), decimal=digits.replace(",", "."))
    return Fraction(f"0{digits}".replace(",", ".").rstrip("."))


def _divide(above: Fraction, below: Fraction) -> Fraction:
    if not below:
        raise NotRead(NO_ZERO_BELOW)
    return above / below
