"""Read the command line and hand it to a command: `adaptive-xblocks check|doctor|demo`.

Exit status: 0 if all is well, 1 if something has to be mended, 2 if something could not be read or asked.
"""

from __future__ import annotations

import argparse
import os
import platform
import sys
from collections.abc import Sequence
from importlib import import_module

from adaptive_xblocks import __version__

PROGRAM = "adaptive-xblocks"
COMMANDS = ("check", "doctor", "demo")
#: What a shell calls a program that was interrupted.
INTERRUPTED = 130
#: What can be told of a command before its module, and what that needs, is loaded.
HELP = {
    "check": "find the faults of documents, exported blocks and whole courses",
    "doctor": "say what of this installation works, what is missing and how to mend it",
    "demo": "serve a workbench with the scenarios and three seeded learners",
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit status."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):  # a terminal without UTF-8 shows what it cannot write as an escape
            stream.reconfigure(errors="backslashreplace")
    options = make_parser().parse_args(arguments)
    try:
        status = options.run(options)
        sys.stdout.flush()
    except BrokenPipeError:  # the reader has seen enough, e.g. `| head`; nothing more can be written
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except KeyboardInterrupt:
        return INTERRUPTED
    return status


def make_parser() -> argparse.ArgumentParser:
    """The whole command line."""
    parser = argparse.ArgumentParser(prog=PROGRAM, description="Adaptive blocks for Open edX: tools for authors and "
                                                               "operators.")
    version = f"{PROGRAM} {__version__} (Python {platform.python_version()})"
    parser.add_argument("--version", action="version", version=version)
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", required=True)
    add_check(commands.add_parser("check", help=HELP["check"], description=f"{_sentence('check')} Exit status: 1 if "
                                  "there is an error, 2 if something could not be read."))
    add_doctor(commands.add_parser("doctor", help=HELP["doctor"], description=f"{_sentence('doctor')} Changes "
                                   "nothing, shows no secrets. Exit status: 1 if there is a problem."))
    add_demo(commands.add_parser("demo", help=HELP["demo"], description=_sentence("demo")))
    return parser


def add_check(parser: argparse.ArgumentParser) -> None:
    """The arguments of `check`."""
    parser.add_argument("files", nargs="+", metavar="FILE", help="a document or exported block (.xml), a course's "
                        "folder or archive (.tar.gz); - reads standard input")
    parser.add_argument("--json", action="store_true", help="print the result as JSON")
    parser.add_argument("--strict", action="store_true", help="let warnings fail too")
    parser.set_defaults(run=_runner("check"))


def add_doctor(parser: argparse.ArgumentParser) -> None:
    """The arguments of `doctor`."""
    parser.add_argument("--json", action="store_true", help="print the findings as JSON")
    parser.set_defaults(run=_runner("doctor"))


def add_demo(parser: argparse.ArgumentParser) -> None:
    """The arguments of `demo`, which are those of `python -m adaptive_xblocks.demo`."""
    from adaptive_xblocks.demo.__main__ import add_options

    add_options(parser)
    parser.set_defaults(run=_runner("demo"))


def _sentence(command: str) -> str:
    return f"{HELP[command][0].upper()}{HELP[command][1:]}."


def _runner(command: str):
    def run(options: argparse.Namespace) -> int:
        try:
            module = import_module(f"adaptive_xblocks.cli.{command}")
        except ImportError as missing:
            print(f"{PROGRAM} {command} needs {missing.name or missing}, which cannot be imported here.\n"
                  f"Next: pip install {PROGRAM}\nThen: {PROGRAM} doctor", file=sys.stderr)
            return 2
        return module.run(options)

    return run


if __name__ == "__main__":
    sys.exit(main())
