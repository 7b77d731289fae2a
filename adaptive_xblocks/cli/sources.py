"""Where documents come from: files, standard input, folders, archives. Read within bounds, never written anywhere.

What is named may be a stranger's: an archive is read in passing and never unpacked to disk, links in it are not
followed, and neither a small file that unpacks to a huge one nor a huge one takes more than a bounded amount of memory.
"""

from __future__ import annotations

import codecs
import gzip
import os
import re
import sys
import tarfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from adaptive_xblocks.tutoring.parser import KINDS
from adaptive_xblocks.tutoring.xml_source import MAX_BYTES

STANDARD_INPUT = "-"
#: What an archive may unpack to, how many entries it may have, and how large one of its own headers may be.
MOST_UNPACKED = 2_000_000_000
MOST_ENTRIES = 200_000
MOST_AT_ONCE = MAX_BYTES
_STEP = 1 << 16
_OURS = re.compile(rf"<(?:{'|'.join(KINDS)})\b")
_ENCODING = re.compile(rb"""\A<\?xml[^>]{0,200}?encoding=["']([\w.-]{1,40})["']""")
# Python knows many more, some of which unpack what they read or take very long.
_TEXT_ENCODINGS = re.compile(
    r"utf-(?:8|8-sig|16|16-le|16-be|32)|ascii|iso8859-\d+|cp\d+|koi8-\w|gbk?\d*|big5|euc_\w+|shift_jis")
_GZIP, _ZIP, _TAR_AT = b"\x1f\x8b", b"PK\x03\x04", slice(257, 262)
_BAD_ARCHIVE = (OSError, EOFError, zlib.error, tarfile.TarError, ValueError, OverflowError, RecursionError)


@dataclass(frozen=True, slots=True)
class Source:
    """The text of one file. `course` names what was given on the command line if it holds several files."""

    name: str
    text: str
    course: str = ""


@dataclass(frozen=True, slots=True)
class Unread:
    """Something that could not be read: what, why, and what to do."""

    name: str
    problem: str
    remedy: str


class Unreadable(Exception):
    """A problem and its remedy, for an `Unread`."""

    def __init__(self, problem: str, remedy: str) -> None:
        super().__init__(problem)
        self.problem, self.remedy = problem, remedy


def sources(argument: str) -> Iterator[Source | Unread]:
    """What one argument of the command line leads to; something that cannot be read is told and never raised.

    A file is given whatever is in it; of a folder or an archive those .xml files that hold a block of this suite.
    """
    n_found = 0
    try:
        found = _from_folder(Path(argument)) if os.path.isdir(argument) else _from_file(argument)
        for one in found:
            n_found += 1
            yield one
    except OSError as error:
        yield Unread(argument, f"It cannot be read: {error.strerror or type(error).__name__}.",
                     "Check the name and the permissions.")
    except Unreadable as error:
        yield Unread(argument, error.problem, error.remedy)
    else:
        if not n_found:
            yield Unread(argument, f"It holds no block of this suite ({', '.join(KINDS)}).",
                         "Name the folder or archive of a whole course, or a block's own .xml file.")


def _from_file(argument: str) -> Iterator[Source | Unread]:
    if argument == STANDARD_INPUT:
        data = sys.stdin.buffer.read(MAX_BYTES + 1)
        if _is_archive(data):
            raise Unreadable("This is an archive.", "Write it to a file and name that.")
        yield Source("standard input", decoded(data))
        return
    with open(argument, "rb") as file:
        data = file.read(MAX_BYTES + 1)
        if not _is_archive(data):
            yield Source(argument, decoded(data))
            return
        file.seek(0)
        yield from _from_archive(argument, gzip.GzipFile(fileobj=file) if data.startswith(_GZIP) else file)


def _from_folder(folder: Path) -> Iterator[Source | Unread]:
    denied: list[Unread] = []

    def deny(error: OSError) -> None:
        denied.append(Unread(str(error.filename), f"It cannot be read: {error.strerror}.", "Check the permissions."))

    for parent, folders, names in os.walk(folder, onerror=deny):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(name for name in names if name.endswith(".xml")):
            path = Path(parent, name)
            try:
                if not path.is_file():
                    continue
                with open(path, "rb") as file:
                    source = _if_ours(str(path), file.read(MAX_BYTES + 1), str(folder))
            except OSError as error:
                deny(error)
            else:
                if source:
                    yield source
    yield from denied


def _if_ours(name: str, data: bytes, course: str) -> Source | Unread | None:
    """The file if a block of ours is in it."""
    if not _OURS.search(data.decode("utf-8", "replace")):
        return None
    try:
        return Source(name, decoded(data), course)
    except Unreadable as error:
        return Unread(name, error.problem, error.remedy)


def decoded(data: bytes) -> str:
    """The text of a file: UTF-8, or what its XML declaration or byte order mark says. Raises Unreadable."""
    if len(data) > MAX_BYTES:
        raise Unreadable(f"It has more than {MAX_BYTES:,} bytes, which is the most that is read.",
                         "Split it over several blocks.")
    if data.startswith(_ZIP):
        raise Unreadable("This is a zip archive.", "Unpack it and name the folder.")
    declared = _ENCODING.match(data.removeprefix(codecs.BOM_UTF8))
    encoding = declared.group(1).decode("ascii") if declared else "utf-8-sig"
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        encoding = "utf-16"
    try:
        if not _TEXT_ENCODINGS.fullmatch(codecs.lookup(encoding).name):
            raise LookupError(encoding)
        text = data.decode(encoding)
    except LookupError as error:
        raise Unreadable(f"Its encoding, {encoding}, is not known.", "Save it as UTF-8.") from error
    except ValueError as error:
        line = data[:getattr(error, "start", 0)].count(b"\n") + 1
        name = encoding.removesuffix("-sig").upper()
        raise Unreadable(f"Line {line} is not {name}.", "Save it as UTF-8.") from error
    return text.removeprefix("\ufeff")


def _is_archive(data: bytes) -> bool:
    return data.startswith(_GZIP) or data[_TAR_AT] == b"ustar"


class _Passing:
    """The unpacked bytes of an archive, forwards only and within bounds, as far as tarfile asks for them."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream, self._at = stream, 0

    def tell(self) -> int:
        """How many bytes have gone by."""
        return self._at

    def read(self, size: int) -> bytes:
        """The next bytes."""
        if not 0 <= size <= MOST_AT_ONCE:
            raise Unreadable(f"One of its headers claims {size:,} bytes.", "Make the archive again.")
        data = self._stream.read(size)
        self._at += len(data)
        if self._at > MOST_UNPACKED:
            raise Unreadable(f"It unpacks to more than {MOST_UNPACKED:,} bytes.",
                             "Unpack it yourself and name the folder.")
        return data

    def seek(self, position: int) -> int:
        """Pass over what comes before a position."""
        if position < self._at:
            raise tarfile.ReadError("an entry lies before its own header")
        while self._at < position and self.read(min(_STEP, position - self._at)):
            pass
        return self._at


def _from_archive(name: str, stream: BinaryIO) -> Iterator[Source | Unread]:
    passing, n_entries = _Passing(stream), 0
    try:
        archive = tarfile.TarFile(fileobj=passing)
        while entry := archive.next():
            archive.members.clear()  # else it remembers every one
            n_entries += 1
            if n_entries > MOST_ENTRIES:
                raise Unreadable(f"It has more than {MOST_ENTRIES:,} entries.",
                                 "Unpack it yourself and name the folder.")
            path = PurePosixPath(entry.name)
            if path.is_absolute() or ".." in path.parts:
                raise Unreadable(f"The name of an entry leads out of it: {entry.name[:80]}.",
                                 "Do not unpack it; have the course exported again.")
            if entry.isreg() and not entry.issparse() and path.suffix == ".xml":
                passing.seek(entry.offset_data)
                data = passing.read(min(entry.size, MAX_BYTES))
                padding = b" " if entry.size > MAX_BYTES else b""  # one byte too many is enough to say so
                if source := _if_ours(f"{name}/{path}", data + padding, name):
                    yield source
    except _BAD_ARCHIVE as error:
        raise Unreadable(f"The archive is damaged or cut short ({type(error).__name__}).",
                         "Export the course again.") from error
