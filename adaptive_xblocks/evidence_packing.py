"""How a set of evidence is stored: columns of whole numbers, which can be searched and extended as they are.

Packed, a piece takes 10 to 14 bytes before base64: equal *kinds* (skills, credit, help, chance, difficulty, mode) are
stored once, everything as columns, each as wide as its numbers need, times and servings as differences, all of it
under zlib.
"""

from __future__ import annotations

import base64
import json
import struct
import sys
import zlib
from array import array
from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from itertools import accumulate, compress
from operator import eq, sub
from typing import Any, NamedTuple

from adaptive_xblocks.evidence import MODES, Evidence, Kind, StoredDataError

#: How many columns there are, in storage order: of a piece (as in Evidence) and of a kind (a place in the table of sets
#: of skills, both ratios, the rest as in Kind).
_PIECE, _KIND = 7, 8
#: Places of two columns of a piece.
SUBMISSION, VARIANT = 2, 5
#: Codes of arrays (1, 2, 4 and 8 bytes, without and with a sign): the first that holds a column's numbers is taken.
_CODES = "BbHhIiQq"
#: More than any log or record can hold (256 KB of JSON, zipped): a larger value is damage or an attack.
_MOST_BYTES = 4 * 1024 * 1024

# What _make does, without a Python call and a check of the length for each of a thousand rows.
_as_kind, _as_evidence = partial(tuple.__new__, Kind), partial(tuple.__new__, Evidence)


class Columns(NamedTuple):
    """A set of pieces, in canonical order, as it is stored.

    `sets` are the sets of skills that kinds name, as places in `skills`; `kinds` and `rows` are the columns of the
    kinds and of the pieces, in which times are less the one before, servings less the one before in the same block.
    """

    blocks: list[str]
    skills: list[str]
    sets: list[list[int]]
    kinds: Sequence[array]
    rows: Sequence[array]

    @classmethod
    def of(cls, pieces: Iterable[Evidence]) -> Columns:
        """The columns of a set of pieces; they depend on the set alone, not on the order it comes in."""
        columns = list(zip(*sorted(pieces))) or [()] * _PIECE
        times, blocks = columns[0], sorted(set(columns[1]))
        block_at = {block: index for index, block in enumerate(blocks)}
        kind_at: dict[Kind, int] = {}
        columns[0] = list(map(sub, times, (0, *times)))
        columns[1] = list(map(block_at.__getitem__, columns[1]))
        columns[3] = _steps_within(columns[1], columns[3])
        columns[6] = [kind_at.setdefault(kind, len(kind_at)) for kind in columns[6]]
        return cls(blocks, *_kind_columns(list(kind_at)), list(map(_column, columns)))

    @classmethod
    def read(cls, stored: Mapping[str, Any]) -> Columns:
        """The columns in a packed set. Raises StoredDataError for what cannot be one."""
        try:
            blocks, skills = _texts(stored["blocks"]), _texts(stored["skills"])
            raw = unzip(base64.b64decode(stored["pieces"], validate=True))
            start = 4 + struct.unpack_from("<I", raw)[0]
            kinds, at = _read_columns(_KIND, raw, start)
            rows, at = _read_columns(_PIECE, raw, at)
            if at != len(raw):
                raise StoredDataError(f"packed evidence has {len(raw)} bytes where {at} are said")
            return cls(blocks, skills, json.loads(raw[4:start]), kinds, rows)
        except _UNREADABLE as error:
            raise _unreadable(error) from error

    def pack(self) -> dict[str, Any]:
        """The JSON shape, `{blocks, skills, pieces}`: the sets of skills as JSON, its length before it, the columns."""
        table = json.dumps(self.sets, separators=(",", ":")).encode()
        raw = struct.pack("<I", len(table)) + table + _pack_columns(self.kinds) + _pack_columns(self.rows)
        packed = base64.b64encode(zlib.compress(raw, 1)).decode("ascii")
        return {"blocks": self.blocks, "skills": self.skills, "pieces": packed}

    def pieces(self) -> tuple[Evidence, ...]:
        """All pieces. Raises StoredDataError for columns that no set of pieces has."""
        try:
            kinds, columns = self._all_kinds(), self.rows
            times, servings = accumulate(columns[0]), _sums_within(columns[1], columns[3])
            return tuple(map(_as_evidence, zip(
                times, map(self.blocks.__getitem__, columns[1]), columns[2], servings, columns[4], columns[5],
                map(kinds.__getitem__, columns[6]))))
        except _UNREADABLE as error:
            raise _unreadable(error) from error

    def piece(self, place: int) -> Evidence:
        """One piece by its place in the order."""
        blocks, kind = self.rows[1], [column[self.rows[6][place]] for column in self.kinds]
        serving = sum(step for block, step in zip(blocks[:place + 1], self.rows[3]) if block == blocks[place])
        return Evidence(
            sum(self.rows[0][:place + 1]), self.blocks[blocks[place]], self.rows[2][place], serving,
            self.rows[4][place], self.rows[5][place],
            Kind(tuple(self.skills[at] for at in self.sets[kind[0]]), (kind[1], kind[2]), (kind[3], kind[4]), kind[5],
                 kind[6], MODES[kind[7]]))

    def where(self, column: int, number: int) -> list[Evidence]:
        """The pieces with that number in a column (SUBMISSION or VARIANT)."""
        if number not in self.rows[column]:
            return []
        return [self.piece(place) for place, one in enumerate(self.rows[column]) if one == number]

    def with_later(self, piece: Evidence) -> Columns:
        """The columns with one more piece, later than all: those of the set with it (`of`), but none is unpacked."""
        blocks, skills, sets, kinds, rows = self._with_names(piece)
        named, block = [skills.index(skill) for skill in piece.kind.skills], blocks.index(piece.block)
        if named not in sets:
            sets = [*sets, named]
        kind, n_kinds = _numbers(piece.kind, sets.index(named)), len(kinds[0])
        alike = (place for place, number in enumerate(kinds[6]) if number == kind[6])
        place = next((place for place in alike if all(map(eq, kind, (column[place] for column in kinds)))), n_kinds)
        serving = sum(compress(rows[3], map(block.__eq__, rows[1])))
        row = (piece.time - sum(rows[0]), block, piece.submission, piece.serving - serving, piece.step,
               piece.variant, place)
        return Columns(blocks, skills, sets, kinds if place < n_kinds else _extended(kinds, kind), _extended(rows, row))

    def _with_names(self, piece: Evidence) -> Columns:
        """The columns with the block and the skills of a piece in the tables, all places moved accordingly."""
        blocks, skills = sorted({*self.blocks, piece.block}), sorted({*self.skills, *piece.kind.skills})
        sets, rows = self.sets, self.rows
        if skills != self.skills:
            sets = [[skills.index(self.skills[at]) for at in named] for named in sets]
        if blocks != self.blocks:
            moved = [blocks.index(block) for block in self.blocks]
            rows = [rows[0], _column([moved[at] for at in rows[1]]), *rows[2:]]
        return Columns(blocks, skills, sets, self.kinds, rows)

    def _all_kinds(self) -> list[Kind]:
        sets = [tuple(self.skills[at] for at in named) for named in self.sets]
        named, earned, possible, shown, there, options, difficulty, modes = self.kinds
        if not all(sets):
            raise StoredDataError("a kind names no skill")
        _check_ratios("credit", earned, possible)
        _check_ratios("help", shown, there)
        return list(map(_as_kind, zip(
            map(sets.__getitem__, named), zip(earned, possible), zip(shown, there), options, difficulty,
            map(MODES.__getitem__, modes))))


def pack(pieces: Iterable[Evidence]) -> dict[str, Any]:
    """The JSON shape of a set of pieces; `unpack` reverses it. It depends on the set alone."""
    return Columns.of(pieces).pack()


def unpack(stored: Mapping[str, Any]) -> tuple[Evidence, ...]:
    """The pieces of a packed set, in canonical order. Raises StoredDataError for anything that `pack` did not write."""
    return Columns.read(stored).pieces()


_UNREADABLE = (KeyError, IndexError, TypeError, ValueError, AttributeError, struct.error, zlib.error)


def _unreadable(error: Exception) -> StoredDataError:
    if isinstance(error, StoredDataError):
        return error
    return StoredDataError(f"packed evidence cannot be read: {type(error).__name__}: {error}")


def _steps_within(blocks: Sequence[int], servings: Sequence[int]) -> list[int]:
    """Each serving number less the one before it in the same block: mostly 0 and 1, which zlib makes nothing of."""
    last: dict[int, int] = {}
    steps = []
    for block, serving in zip(blocks, servings):
        steps.append(serving - last.get(block, 0))
        last[block] = serving
    return steps


def _sums_within(blocks: Sequence[int], steps: Sequence[int]) -> list[int]:
    last: dict[int, int] = {}
    servings = []
    for block, step in zip(blocks, steps):
        last[block] = serving = last.get(block, 0) + step
        servings.append(serving)
    return servings


def unzip(zipped: bytes) -> bytes:
    """What was compressed; raises zlib.error for what was not, StoredDataError for more than a record can hold."""
    reader = zlib.decompressobj()
    raw = reader.decompress(zipped, _MOST_BYTES)
    if reader.unconsumed_tail or not reader.eof:
        raise StoredDataError("packed evidence is cut short, or more than a record can hold")
    return raw


def _column(numbers: Sequence[int]) -> array:
    """A column as narrow as its numbers allow."""
    for code in _CODES:
        try:
            return array(code, numbers)
        except OverflowError:
            continue
    raise StoredDataError("evidence with a number of more than 64 bits cannot be packed")


def _extended(columns: Sequence[array], row: Sequence[int]) -> list[array]:
    """The columns with one more row, as wide as `_column` would make them."""
    extended = []
    for column, number in zip(columns, row):
        longer = column[:]
        try:
            longer.append(number)
        except OverflowError:
            longer = _column([*column, number])
        extended.append(longer)
    return extended


def _pack_columns(columns: Sequence[array]) -> bytes:
    """How many rows, the code of each column, the columns."""
    head = struct.pack("<I", len(columns[0])) + "".join(column.typecode for column in columns).encode()
    return head + b"".join(_in_stored_order(column).tobytes() for column in columns)


def _read_columns(n_columns: int, raw: bytes, at: int) -> tuple[list[array], int]:
    """The columns that begin at a place in `raw`, and where they end."""
    n_rows, columns = struct.unpack_from("<I", raw, at)[0], []
    codes, at = raw[at + 4:at + 4 + n_columns].decode(), at + 4 + n_columns
    if len(codes) != n_columns or not {*codes} <= {*_CODES}:
        raise StoredDataError("packed evidence has columns of an unknown width")
    for code in codes:
        column = array(code)
        end = at + n_rows * column.itemsize
        column.frombytes(raw[at:end])
        if len(column) != n_rows:
            raise StoredDataError("packed evidence is shorter than said")
        columns.append(_in_stored_order(column))
        at = end
    return columns, at


def _in_stored_order(column: array) -> array:
    """A column in the byte order of storage, which is the machine's own nearly everywhere."""
    if sys.byteorder != "little":
        column = column[:]
        column.byteswap()
    return column


def _texts(values: Any) -> list[str]:
    if not isinstance(values, list) or not all(isinstance(value, str) for value in values):
        raise StoredDataError("a list of ids is not one of texts")
    return values


def _kind_columns(kinds: list[Kind]) -> tuple[list[str], list[list[int]], list[array]]:
    """The skills in the kinds, the sets of them, and the columns of the kinds."""
    sets = {names: index for index, names in enumerate(dict.fromkeys(kind.skills for kind in kinds))}
    skills = sorted({skill for names in sets for skill in names})
    rows = [_numbers(kind, sets[kind.skills]) for kind in kinds]
    columns = list(zip(*rows)) or [()] * _KIND
    return skills, [[skills.index(skill) for skill in names] for names in sets], list(map(_column, columns))


def _numbers(kind: Kind, named: int) -> tuple[int, ...]:
    """A row of the columns of kinds; `named` is the place of its set of skills."""
    return named, *kind.credit, *kind.help, kind.options, kind.difficulty, MODES.index(kind.mode)


def _check_ratios(name: str, parts: Sequence[int], wholes: Sequence[int]) -> None:
    for part, whole in zip(parts, wholes):
        if part > whole or not whole:
            raise StoredDataError(f"a kind has {name} {part}/{whole}")
