"""What is said of typed maths that cannot be read yet: each sentence tells how to write it."""

from __future__ import annotations

from adaptive_xblocks.tutoring.model import Message, _

EMPTY = _("Write your answer first.")
TOO_LONG = _("That is longer than %(limit)s characters. Write it more shortly.")
TOO_DEEP = _("There are too many brackets inside brackets. Write it more simply.")
TOO_LARGE = _("The exponent %(number)s is too large to read here; at most %(limit)s is.")
TOO_MANY_DIGITS = _("A number here may have at most %(limit)s digits. Write it more shortly.")
TOO_MUCH = _("That is too complicated to be checked. Write it more simply.")
UNKNOWN_LETTER = _("There is no %(letter)s here; use %(known)s.")
NO_LETTERS = _("There are no letters in this answer, but you wrote %(letter)s. Write it with numbers only.")
UNKNOWN_SIGN = _("The sign “%(sign)s” cannot be read here. Write the answer with + - * / ^ and brackets.")
NOT_OPENED = _("The bracket “%(bracket)s” was never opened. Remove it, or open one before it.")
NOT_CLOSED = _("The bracket “%(bracket)s” is not closed. Write “%(closing)s” where it ends.")
BAR_NOT_CLOSED = _("The bar | is not closed. Write |x| or abs(x).")
EMPTY_BRACKETS = _("There is nothing in the brackets. Write something into them, or remove them.")
ENDS = _("Something is missing after “%(sign)s”. Write on, or remove it.")
MISSING = _("Something is missing before “%(sign)s”. Write it, or remove the sign.")
NO_EQUATION = _("Write only the expression, without “%(sign)s”.")
TWO_NUMBERS = _("Write a sign between the numbers, for example 1 + 3/4 or 2*3.")
NUMBER_AFTER = _("A number cannot stand right after “%(before)s”. Write x^2 for a power, or 2*x for a product.")
AMBIGUOUS_COMMA = _("The comma can be read in two ways. Write %(whole)s or %(decimal)s.")
SEVERAL = _("That looks like several answers. Write one expression here, and decimals with a point.")
AMBIGUOUS_E = _("“%(text)s” can be read in two ways. Write a power of ten as 10^3, or a product as 2*e.")
AMBIGUOUS_LINE = _("What is below the line? Write (a/b)*c or a/(b*c), with brackets.")
AMBIGUOUS_POWER = _("Where does the exponent end? Write it in brackets, for example e^(2x) or x^(1/2).")
AMBIGUOUS_ROOT = _("Where does the root end? Write it with brackets, for example sqrt(2x).")
AMBIGUOUS_ARGUMENT = _("What does %(function)s belong to? Write it with brackets, for example %(function)s(2x).")
NEEDS_ARGUMENT = _("Write %(function)s with brackets, for example %(function)s(x).")
ONE_ARGUMENT = _("%(function)s takes one thing in its brackets: write %(function)s(x).")
ROOT_ARGUMENTS = _("Write root(x, 3) for the third root of x; the number is a whole one from 2 to %(limit)s.")
LOG_BASE = _("Write the base of a logarithm as a number, for example log_2(x).")
NO_PERCENT = _("Write it without the percent sign.")
NO_FACTORIAL = _("Factorials are not read here. Write the product.")
NO_DEGREES = _("Write angles without the degree sign, in radians, for example pi/4.")
ONE_OF_TWO = _("Write one expression; ± stands for two.")
NO_LATEX = _("Write it with plain keys, for example 3/4 for a fraction, sqrt(2) for a root, x^2 for a power.")
NO_WORDS = _("Write it as maths, with signs and numbers, not in words.")
DIVIDES_BY_ZERO = _("You divide by 0 there. Write it without.")
NO_VALUE = _("That has no value as a real number, such as the root of a negative one. Look at it again.")

#: Signs with a sentence of their own.
SIGNS = {"!": NO_FACTORIAL, "%": NO_PERCENT, "°": NO_DEGREES, "±": ONE_OF_TWO, "∓": ONE_OF_TWO}
COMPARING = "=<>≤≥≠≈"


class Unreadable(ValueError):
    """Text that cannot be read as maths yet; `message` tells the learner how to write it."""

    def __init__(self, key: str, **params: str | int | Message) -> None:
        super().__init__(key)
        self.message = Message(key, params)

    @property
    def sentence(self) -> Message:
        """The same, by the name that authors' errors have."""
        return self.message
