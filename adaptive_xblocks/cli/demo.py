"""`adaptive-xblocks demo`: the workbench with our scenarios, as `python -m adaptive_xblocks.demo` starts it."""

from __future__ import annotations

import argparse

from adaptive_xblocks.demo.__main__ import start


def run(options: argparse.Namespace) -> int:
    """Serve until interrupted."""
    start(options)
    return 0
