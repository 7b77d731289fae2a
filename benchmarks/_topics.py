"""The package's documents that adapt: its topics and the example of a new block."""

from pathlib import Path

PACKAGE = Path(__file__).parents[1] / "adaptive_xblocks"


def topics() -> list[Path]:
    """The topics among the scenarios; one in an order of its author's has nothing to choose or to declare."""
    return sorted(path for path in (PACKAGE / "workbench_scenarios").glob("*.xml")
                  if 'policy="fixed-order"' not in path.read_text(encoding="utf-8"))


def documents() -> list[Path]:
    """The example of a new block, and the topics."""
    return [PACKAGE / "templates" / "default_content.xml", *topics()]
