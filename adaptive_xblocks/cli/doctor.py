"""`adaptive-xblocks doctor`: what of an installation works, what is missing, and what to type to mend it."""

from __future__ import annotations

import argparse
import os
import platform
from collections.abc import Iterable, Mapping

from adaptive_xblocks import __version__
from adaptive_xblocks.cli.findings import OK, PROBLEM, WARNING, Finding, guarded
from adaptive_xblocks.cli.packages import package_findings
from adaptive_xblocks.cli.place import Place, find_place, platform_findings
from adaptive_xblocks.cli.printing import Printer, counted
from adaptive_xblocks.cli.site import site_findings


def run(options: argparse.Namespace) -> int:
    """Examine, print, and say by the status whether something has to be mended."""
    place = find_place(os.environ)
    found = examine(place, os.environ)
    (print_json if options.json else print_table)(place, found, Printer())
    return int(any(one.level == PROBLEM for one in found))


def examine(place: Place, environ: Mapping[str, str]) -> list[Finding]:
    """Everything there is to say, from the outside in. Nothing is changed."""
    return [
        *guarded("Platform", platform_findings, place),
        *package_findings(place),
        *guarded("Site", site_findings, place, environ),
    ]


def print_table(place: Place, found: list[Finding], printer: Printer) -> None:
    """What people read: a line per finding, below it what to type, the sum at the end."""
    printer.line(f"adaptive-xblocks {__version__} on Python {platform.python_version()}")
    printer.line()
    width = max(len(one.subject) for one in found)
    for one in found:
        printer.row([(one.level, 7), (one.subject, width)], one.says, level=one.level)
        for command in one.next:
            printer.command(command, 9)
    printer.line()
    printer.line(_sum(found))


def print_json(place: Place, found: list[Finding], printer: Printer) -> None:
    """What programs read."""
    printer.json({
        "version": __version__,
        "python": platform.python_version(),
        "platform": place.name,
        "problems": _count(found, PROBLEM),
        "warnings": _count(found, WARNING),
        "findings": [
            {"level": one.level, "subject": one.subject, "says": one.says, "next": list(one.next)} for one in found
        ],
    })


def _count(found: Iterable[Finding], level: str) -> int:
    return sum(one.level == level for one in found)


def _sum(found: list[Finding]) -> str:
    n_problems, n_warnings = _count(found, PROBLEM), _count(found, WARNING)
    if n_problems or n_warnings:
        return f"{counted(n_problems, 'problem')}, {counted(n_warnings, 'warning')}, {_count(found, OK)} ok."
    return "Everything that was looked at works."
