"""Cutting typed maths into numbers, letters, functions and signs, for the letters that an answer may have."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache

from adaptive_xblocks.tutoring.algebra import sentences as say
from adaptive_xblocks.tutoring.algebra.sentences import Unreadable
from adaptive_xblocks.tutoring.algebra.words import CONSTANTS, FUNCTIONS, GREEK, LATEX, plain, spellings

MAX_LENGTH = 500
MAX_DIGITS = 40
NUMBER, UNKNOWN, CONSTANT, FUNCTION = "number", "unknown", "constant", "function"
HALF, SIGN, END = "half", "sign", "end"

_NAME_BEFORE = re.compile(r"[^\W\d_]\w{0,20}(?: ?\( ?\w{1,10} ?\))? ?= ?(?!=)")
_LETTERS = re.compile(r"([^\W\d_]+)(_?\d+|_\{?\w+\}?)?")
_DIGITS = re.compile(r"(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:,[0-9]+)?|,[0-9]+")
_SCIENTIFIC = re.compile(r"[0-9.]+[eE][-+]?[0-9]+")
_VULGAR = re.compile(r"⧸(\d{1,3})/(\d{1,3})⧹")
_LATEX_WORD = re.compile(r"\\([A-Za-z]+) ?|\\([()\[\],;:! ])")
_POINT = re.compile(r"\( ?[\d.]+,[\d.]+ ?\)")
_ASCII_DIGITS = frozenset("0123456789")
_KNOWN_SIGNS = frozenset("+-*/^()[]{}|,;√∛∜")


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of typed maths: its kind, how it was written, what it names; whether a space stands before it."""

    kind: str
    text: str
    name: str = ""
    value: Fraction = Fraction(0)
    is_spaced: bool = False
    is_latex: bool = False


class Vocabulary:
    """The words that can be read where the unknowns have these names: name wins over function, over constant."""

    def __init__(self, names: frozenset[str]) -> None:
        self.names = names
        self.words: dict[str, tuple[str, str]] = {word: (CONSTANT, name) for word, name in CONSTANTS.items()}
        self.words |= {word: (FUNCTION, name) for word, name in FUNCTIONS.items()}
        for name in sorted(names):
            for spelled in spellings(name):
                if spelled not in names or spelled == name:
                    self.words[spelled] = UNKNOWN, name
        self._longest = max(map(len, self.words))

    def find(self, text: str, start: int, end: int) -> Iterator[tuple[int, str, str]]:
        """The words that begin at `start`, the longest first: where each ends, its kind and name."""
        for stop in range(min(end, start + self._longest), start, -1):
            word = text[start:stop]
            found = self.words.get(word) or self.words.get(word.lower()) or self._upper(word)
            if found:
                yield stop, *found

    def _upper(self, word: str) -> tuple[str, str] | None:
        found = self.words.get(word.upper())
        return found if found and found[0] == UNKNOWN else None

    def split(self, text: str, letters: int) -> tuple[list[tuple[str, str, str]], int]:
        """`text` cut into words, as (word, kind, name), and how far that goes; at least the first `letters` signs of
        it must be words, the rest only is one if a name ends with it."""
        trail: list[tuple[int, Iterator[tuple[int, str, str]]]] = [(0, self.find(text, 0, len(text)))]
        chosen: list[tuple[str, str, str]] = []
        dead: set[int] = set()
        furthest = 0
        while trail:
            start, words = trail[-1]
            for stop, kind, name in words:
                if stop not in dead:
                    chosen.append((text[start:stop], kind, name))
                    if stop >= letters:
                        return chosen, stop
                    furthest = max(furthest, stop)
                    trail.append((stop, self.find(text, stop, len(text))))
                    break
            else:
                dead.add(start)
                trail.pop()
                if chosen:
                    chosen.pop()
        return [], furthest


@lru_cache(maxsize=256)
def vocabulary(names: frozenset[str]) -> Vocabulary:
    """The vocabulary for these unknowns (cached)."""
    return Vocabulary(names)


def plain_text(text: str) -> str:
    """Typed text in plain signs, without a name and an equals sign before it; Unreadable if too long or empty."""
    if len(text) > MAX_LENGTH:
        raise Unreadable(say.TOO_LONG, limit=MAX_LENGTH)
    shown = plain(text).strip("$ ").removesuffix(".")
    if not shown:
        raise Unreadable(say.EMPTY)
    if "=" in shown:
        shown = _NAME_BEFORE.sub("", shown, count=1) if _NAME_BEFORE.match(shown) else shown
    if _POINT.fullmatch(shown):
        raise Unreadable(say.SEVERAL)
    for sign in say.COMPARING:
        if sign in shown:
            raise Unreadable(say.NO_EQUATION, sign=sign)
    return shown


def tokens_of(text: str, names: frozenset[str]) -> list[Token]:
    """The tokens of the text, the last of kind END; Unreadable with a sentence on the first that is none."""
    shown, words = plain_text(text), vocabulary(names)
    tokens: list[Token] = []
    position, spaced = 0, False
    while position < len(shown):
        if shown[position] == " ":
            position, spaced = position + 1, True
            continue
        found, position = _next(shown, position, words, spaced)
        tokens += found
        spaced = not found
    return [*tokens, Token(END, "", is_spaced=True)]


def _next(text: str, at: int, words: Vocabulary, spaced: bool) -> tuple[list[Token], int]:
    character = text[at]
    if character in _ASCII_DIGITS or (character in ".," and _begins_decimal(text, at)):
        return _number(text, at, spaced)
    if character == "\\":
        return _latex(text, at, words)
    if character == "⧸" and (vulgar := _VULGAR.match(text, at)):
        if not int(vulgar[2]):
            raise Unreadable(say.DIVIDES_BY_ZERO)
        value = Fraction(int(vulgar[1]), int(vulgar[2]))
        return [Token(HALF, vulgar[0][1:-1], value=value, is_spaced=spaced)], vulgar.end()
    if character.isalpha():
        return _letters(text, at, words, spaced)
    if text.startswith("**", at):
        return [Token(SIGN, "^", is_spaced=spaced)], at + 2
    if character in say.SIGNS:
        raise Unreadable(say.SIGNS[character])
    if character == ":":
        character = "/"
    if character not in _KNOWN_SIGNS:
        raise Unreadable(say.UNKNOWN_SIGN, sign=character)
    return [Token(SIGN, character, is_spaced=spaced)], at + 1


def _begins_decimal(text: str, at: int) -> bool:
    """Whether the point or comma begins a number such as .5, rather than parting two things."""
    before = text[at - 1 : at]
    return text[at + 1 : at + 2] in _ASCII_DIGITS and not (before.isalnum() or before in (")", "|", "]"))


def _number(text: str, at: int, spaced: bool) -> tuple[list[Token], int]:
    if scientific := _SCIENTIFIC.match(text, at):
        raise Unreadable(say.AMBIGUOUS_E, text=scientific[0][:40])
    found = _DIGITS.match(text, at)
    written, end = found[0], found.end()
    whole, _comma, part = written.partition(",")
    if _comma and not whole and _in_arguments(text, at):
        return [Token(SIGN, ",")], at + 1
    if _comma and ("." in whole or _in_arguments(text, at)):
        written, end = whole, at + len(whole)  # a comma that separates
    elif _comma and len(part) == 3 and len(whole) in (1, 2, 3) and whole != "0":
        raise Unreadable(say.AMBIGUOUS_COMMA, whole=whole + part, decimal=f"{whole}.{part}")
    if len(written) > MAX_DIGITS:
        raise Unreadable(say.TOO_MANY_DIGITS, limit=MAX_DIGITS)
    value = Fraction(f"0{written.replace(',', '.')}".rstrip("."))
    name = "" if written.isdecimal() else "decimal"
    return [Token(NUMBER, written, name, value, spaced)], end


def _in_arguments(text: str, at: int) -> bool:
    """Whether the place is in the brackets of root( … ), where a comma separates."""
    depth = 0
    for place in range(at - 1, -1, -1):
        if text[place] == ")":
            depth += 1
        elif text[place] == "(":
            if not depth:
                return text[max(0, place - 5) : place].rstrip().lower().endswith("root")
            depth -= 1
    return False


def _letters(text: str, at: int, words: Vocabulary, spaced: bool) -> tuple[list[Token], int]:
    found = _LETTERS.match(text, at)
    if found is None:  # a letter to Python, not to the pattern
        raise Unreadable(say.UNKNOWN_SIGN, sign=text[at])
    run = found[1] + (found[2] or "").replace("{", "").replace("}", "")
    chosen, stop = words.split(run, len(found[1]))
    if not chosen:
        raise _unknown(run[stop:len(found[1])] or run, words)
    tokens = [
        Token(kind, word, name, is_spaced=spaced and not number)
        for number, (word, kind, name) in enumerate(chosen)
    ]
    if stop == len(run):
        return tokens, found.end()
    if found[2].startswith("_"):
        if tokens[-1].name == "log":
            return [*tokens, Token(SIGN, "_")], at + len(found[1]) + 1
        raise _unknown(run[stop - len(chosen[-1][0]):], words)
    return tokens, at + len(found[1])


def _unknown(letter: str, words: Vocabulary) -> Unreadable:
    letter = letter[:20]
    if len(letter) > 3 and letter.isalpha():
        return Unreadable(say.NO_WORDS)
    if not words.names:
        return Unreadable(say.NO_LETTERS, letter=letter)
    return Unreadable(say.UNKNOWN_LETTER, letter=letter, known=", ".join(sorted(words.names)))


def _latex(text: str, at: int, words: Vocabulary) -> tuple[list[Token], int]:
    found = _LATEX_WORD.match(text, at)
    meaning = LATEX.get(found[1]) if found and found[1] else None
    if found and found[2]:
        return [], found.end()
    if meaning is None:
        raise Unreadable(say.NO_LATEX)
    if meaning == " ":
        return [], found.end()
    if meaning == "\\frac":
        return [Token(FUNCTION, "\\frac", "\\frac", is_spaced=True)], found.end()
    if not meaning.isalpha():
        return [Token(SIGN, meaning, is_spaced=True)], found.end()
    kind, name = words.words.get(meaning) or words.words.get(_greek_sign(meaning)) or ("", "")
    if not kind:
        raise _unknown(_greek_sign(meaning) or meaning, words)
    return [Token(kind, meaning, name, is_spaced=True, is_latex=True)], found.end()


def _greek_sign(word: str) -> str:
    return next((sign for sign, name in GREEK.items() if name == word), "")
