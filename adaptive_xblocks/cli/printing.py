"""How the commands speak: aligned lines for a terminal of any width, JSON for programs."""

from __future__ import annotations

import json
import os
import shutil
import sys
import textwrap
from collections.abc import Iterable, Mapping
from typing import Any, TextIO

NARROWEST, WIDEST = 40, 120
_COLOURS = {"ok": "32", "warning": "33", "error": "31", "problem": "31", "unread": "31"}


def clean(text: str) -> str:
    """The text on one line, with everything that could steer a terminal written out: `\\x1b` and the like."""
    line = " ".join(str(text).split())
    return "".join(sign if sign.isprintable() else sign.encode("unicode_escape").decode("ascii") for sign in line)


def counted(number: int, one: str, many: str = "") -> str:
    """A number with its noun: `1 error`, `2 errors`."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


class Printer:
    """Writes to a stream; colours only words of severity, and only on a terminal that wants them."""

    def __init__(self, stream: TextIO | None = None, environ: Mapping[str, str] | None = None) -> None:
        self.stream = sys.stdout if stream is None else stream
        environ = os.environ if environ is None else environ
        is_terminal = self.stream.isatty()
        self.has_colour = is_terminal and not environ.get("NO_COLOR") and environ.get("TERM") != "dumb"
        self.width = max(NARROWEST, min(WIDEST, shutil.get_terminal_size().columns))

    def line(self, text: str = "") -> None:
        """One line, as it is but for signs that steer a terminal."""
        print(clean(text), file=self.stream)

    def json(self, data: Any) -> None:
        """Data for programs."""
        print(json.dumps(data, indent=2, ensure_ascii=True), file=self.stream)

    def row(self, columns: Iterable[tuple[str, int]], text: str, level: str = "", indent: int = 0) -> None:
        """A row of a table: short columns `(text, width)`, negative to align right, then text that is wrapped under
        itself. The column that says `level` is coloured."""
        head = shown = " " * indent
        for column, width in columns:
            cell = clean(column)
            padding = " " * max(0, abs(width) - len(cell))
            before, after = ("", padding) if width > 0 else (padding, "")
            head += f"{before}{cell}{after}  "
            shown += f"{before}{self._coloured(cell, level)}{after}  "
        lines = self._wrapped(text, len(head))
        print(f"{shown}{lines[0]}".rstrip(), file=self.stream)
        self._under(lines[1:], len(head))

    def under(self, text: str, indent: int) -> None:
        """Wrapped text below a row."""
        self._under(self._wrapped(text, indent), indent)

    def command(self, text: str, indent: int) -> None:
        """Something to type, on one line whatever its length, so that it can be copied."""
        print(f"{' ' * indent}$ {clean(text)}", file=self.stream)

    def _under(self, lines: list[str], indent: int) -> None:
        for line in lines:
            print(f"{' ' * indent}{line}", file=self.stream)

    def _wrapped(self, text: str, indent: int) -> list[str]:
        width = max(NARROWEST // 2, self.width - indent)
        return textwrap.wrap(clean(text), width, break_on_hyphens=False) or [""]

    def _coloured(self, word: str, level: str) -> str:
        if not self.has_colour or word != level or level not in _COLOURS:
            return word
        return f"\x1b[{_COLOURS[level]}m{word}\x1b[0m"
