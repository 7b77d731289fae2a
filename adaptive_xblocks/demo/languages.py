"""A language that Django does not ship: it takes a request in it only where it finds a catalogue of its own domain."""

import struct
from pathlib import Path

#: A compiled catalogue without strings: magic number, version, none of them, and where each (empty) table begins.
EMPTY_CATALOGUE = struct.pack("<7I", 0x950412DE, 0, 0, 28, 28, 0, 28)


def make_known_to_django(demo_dir: Path, locale: str = "rtl") -> None:
    """Put an empty catalogue for a locale where the demo's settings look for it."""
    path = demo_dir / "locale" / locale / "LC_MESSAGES" / "django.mo"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(EMPTY_CATALOGUE)
