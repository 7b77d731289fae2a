"""The numbers that describe a skill."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from numbers import Real

_SPARE = 1e-12  # rounding that a sum of two decimals may carry without being a fault


Sentence = tuple[str, Mapping[str, str]]  # an English msgid and its named values


def _(text: str) -> str:
    return text


class ParameterError(ValueError):
    """Values that cannot be: `faults` holds a sentence for each, which a catalogue may translate."""

    def __init__(self, faults: list[Sentence]) -> None:
        super().__init__("; ".join(key % values for key, values in faults))
        self.faults = tuple(faults)


@dataclass(frozen=True, slots=True)
class BktParameters:
    """Parameters of one skill in Bayesian knowledge tracing (Corbett & Anderson 1995). All are probabilities.

    * `prior`: known before the first opportunity, P(L0);
    * `learn`: becomes known during an opportunity, P(T);
    * `guess`: right answer while not known; `slip`: wrong answer while known; together below 1, or a right
      answer would speak against knowing;
    * `forget`: is lost during an opportunity; with `learn` at most 1, or knowing now would speak against
      knowing next time;
    * `help_odds`: what the odds of knowing are multiplied by when all help was seen before the answer; in
      (0, 1], where 1 says that asking for help tells nothing.

    Raises one ParameterError (a ValueError) that names every fault: the value, its bound and what to do.
    """

    prior: float = 0.3
    learn: float = 0.1
    guess: float = 0.2
    slip: float = 0.1
    forget: float = 0.0
    help_odds: float = 0.5

    def __post_init__(self) -> None:
        faults = self._faults()
        if faults:
            raise ParameterError(faults)

    def differences(self) -> dict[str, float]:
        """The values that differ from the defaults; `BktParameters(**differences)` rebuilds them."""
        return {
            field.name: getattr(self, field.name)
            for field in fields(self)
            if getattr(self, field.name) != field.default
        }

    def _faults(self) -> list[Sentence]:
        """What is wrong with the values, as sentences; sums are only judged where their parts are sound."""
        faults = []
        unsound = set()
        for field in fields(self):
            fault = _fault(field.name, getattr(self, field.name))
            if fault:
                faults.append(fault)
                unsound.add(field.name)
        if not unsound & {"guess", "slip"} and self.guess + self.slip >= 1 - _SPARE:
            key = _("guess + slip must be below 1, got %(guess)s + %(slip)s: lower the guess or the slip")
            faults.append((key, {"guess": str(self.guess), "slip": str(self.slip)}))
        if not unsound & {"learn", "forget"} and self.learn + self.forget > 1 + _SPARE:
            key = _("learn + forget must be at most 1, got %(learn)s + %(forget)s: lower one of them")
            faults.append((key, {"learn": str(self.learn), "forget": str(self.forget)}))
        return faults


def _fault(name: str, value: object) -> Sentence | None:
    """The fault of a single value, or None."""
    if isinstance(value, bool) or not isinstance(value, Real):
        key = _("%(name)s must be a number between 0 and 1, got %(value)s: write it as e.g. 0.2")
        return key, {"name": name, "value": repr(value)}
    if not 0 <= value <= 1:
        key = _("%(name)s must be between 0 and 1, got %(value)s: write a probability such as 0.2")
        return key, {"name": name, "value": str(value)}
    if name == "help_odds" and value == 0:
        return _("help_odds must be above 0, got 0: write e.g. 0.5, or 0.01 to let help weigh much"), {}
    return None
