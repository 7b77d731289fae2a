"""What bounds the search for a certain value: the work that is left, and why there may be no value."""

from __future__ import annotations


class NoValueError(ArithmeticError):
    """There is no real value at this point."""


class UndecidedError(ArithmeticError):
    """The precision does not show whether there is a value, or what it is."""


class SpentError(ArithmeticError):
    """The work allowed is done."""


class Work:
    """How much work is left; a unit is about a microsecond or two."""

    def __init__(self, units: int) -> None:
        self.units = units

    def spend(self, units: int) -> None:
        """Take units; SpentError once there are none left."""
        self.units -= units
        if self.units < 0:
            raise SpentError
