"""One learner's evidence: what a first readable answer on a step said, as plain values, packed for storage.

A piece of evidence is one *opportunity*: the first readable answer that a learner gave on one step of one served
item. Pieces are values that sort in canonical order (time, block, submission id), so that a set of them always
folds to the same mastery. They hold no names, no e-mail addresses and no free text.

Packed, a piece takes 10 to 14 bytes before base64: equal *kinds* (skills, credit, help, chance, difficulty, mode) are
stored once, everything as columns of fixed width, times and servings as differences, all of it under zlib.
"""

from __future__ import annotations

import base64
import hashlib
import json
import struct
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial
from itertools import accumulate
from operator import sub
from typing import Any, NamedTuple

MODES = ("practice", "review", "probe", "worked-example")

#: Struct codes of the packed columns, in storage order: of a piece (as in Evidence) and of a kind (a place in the
#: table of sets of skills, both ratios, the rest as in Kind).
_PIECE = "QHIiBIH"
_KIND = "HIIIIIiB"
#: More than any log or record can hold (256 KB of JSON, zipped): a larger value is damage or an attack.
_MOST_BYTES = 4 * 1024 * 1024


class StoredDataError(ValueError):
    """Stored evidence cannot be read. The message says what is wrong with it."""


class Kind(NamedTuple):
    """What a piece says, apart from who, when and where; shared by many pieces.

    `credit` and `help` are exact ratios (earned, possible) and (help seen, help there was); `options` is the number of
    equally likely answers (0: no chance to speak of); `difficulty` is in hundredths of a logit.
    """

    skills: tuple[str, ...]
    credit: tuple[int, int]
    help: tuple[int, int] = (0, 1)
    options: int = 0
    difficulty: int = 0
    mode: str = "practice"

    @property
    def is_success(self) -> bool:
        """True for full credit without any help: the only thing that counts towards declaring mastery."""
        return self.credit[0] == self.credit[1] and self.help[0] == 0


class Evidence(NamedTuple):
    """One piece. `time` in ms since 1970 (server clock); `block` is the digest of the block's usage key.

    `submission` and `variant` are 32-bit digests (see `digest32`); `variant` is of the item and its seed, so equal
    variants are the same problem with the same numbers. `serving` counts the items served in the block's epoch.
    """

    time: int
    block: str
    submission: int
    serving: int
    step: int
    variant: int
    kind: Kind

    @property
    def opportunity(self) -> tuple[str, int, int, int]:
        """What must be counted once, however many tabs answered it."""
        return self.block, self.serving, self.variant, self.step

    @property
    def identity(self) -> tuple[str, int, int]:
        """What makes two pieces the same piece: block, submission and (the collision check) the variant."""
        return self.block, self.submission, self.variant


# What _make does, without a Python call and a check of the length for each of a thousand rows.
_as_kind, _as_evidence = partial(tuple.__new__, Kind), partial(tuple.__new__, Evidence)


def digest32(text: str) -> int:
    """A stable 32-bit digest of an id."""
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:4], "big")


def digest_key(text: str) -> str:
    """A stable short digest (16 hex digits) of a course or usage key: enough to tell apart, nothing to read."""
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def pack(pieces: Iterable[Evidence]) -> dict[str, Any]:
    """The JSON shape of a set of pieces: `{blocks, skills, pieces}`; `unpack` reverses it.

    Output depends on the set alone, not on the order it comes in.
    """
    columns = list(zip(*sorted(pieces))) or [()] * len(_PIECE)
    times, blocks = columns[0], sorted(set(columns[1]))
    block_at = {block: index for index, block in enumerate(blocks)}
    kind_at: dict[Kind, int] = {}
    columns[0] = list(map(sub, times, (0, *times)))
    columns[1] = list(map(block_at.__getitem__, columns[1]))
    columns[3] = _steps_within(columns[1], columns[3])
    columns[6] = [kind_at.setdefault(kind, len(kind_at)) for kind in columns[6]]
    skills, kinds = _pack_kinds(list(kind_at))
    raw = b"".join((*kinds, *_pack_columns(_PIECE, columns)))
    return {"blocks": blocks, "skills": skills, "pieces": base64.b64encode(zlib.compress(raw, 1)).decode("ascii")}


def unpack(stored: Mapping[str, Any]) -> tuple[Evidence, ...]:
    """The pieces of a packed set, in canonical order. Raises StoredDataError for anything that `pack` did not write."""
    try:
        blocks, skills = _texts(stored["blocks"]), _texts(stored["skills"])
        raw = _unzip(stored["pieces"])
        kinds, at = _read_kinds(raw, skills)
        columns, at = _read_columns(_PIECE, raw, at)
        if at != len(raw):
            raise StoredDataError(f"packed evidence has {len(raw)} bytes where {at} are said")
        times, servings = accumulate(columns[0]), _sums_within(columns[1], columns[3])
        return tuple(map(_as_evidence, zip(
            times, map(blocks.__getitem__, columns[1]), columns[2], servings, columns[4], columns[5],
            map(kinds.__getitem__, columns[6]))))
    except StoredDataError:
        raise
    except (KeyError, IndexError, TypeError, ValueError, AttributeError, struct.error, zlib.error) as error:
        raise StoredDataError(f"packed evidence cannot be read: {type(error).__name__}: {error}") from error


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


def _unzip(encoded: str) -> bytes:
    unzip = zlib.decompressobj()
    raw = unzip.decompress(base64.b64decode(encoded, validate=True), _MOST_BYTES)
    if unzip.unconsumed_tail or not unzip.eof:
        raise StoredDataError("packed evidence is cut short, or more than a record can hold")
    return raw


def _pack_columns(codes: str, columns: Sequence[Sequence[int]]) -> Iterator[bytes]:
    n_rows = len(columns[0])
    yield struct.pack("<I", n_rows)
    for code, column in zip(codes, columns):
        yield struct.pack(f"<{n_rows}{code}", *column)


def _read_columns(codes: str, raw: bytes, at: int) -> tuple[list[tuple[int, ...]], int]:
    """The columns that begin at a place in `raw`, and where they end."""
    n_rows, columns = struct.unpack_from("<I", raw, at)[0], []
    at += 4
    for code in codes:
        columns.append(struct.unpack_from(f"<{n_rows}{code}", raw, at))
        at += struct.calcsize(f"<{n_rows}{code}")
    return columns, at


def _texts(values: Any) -> list[str]:
    if not isinstance(values, list) or not all(isinstance(value, str) for value in values):
        raise StoredDataError("a list of ids is not one of texts")
    return values


def _pack_kinds(kinds: list[Kind]) -> tuple[list[str], list[bytes]]:
    """The skills in the kinds, and the bytes: the sets of skills as JSON, its length before it, then the columns."""
    named, credit, shown, options, difficulty, modes = zip(*kinds) if kinds else [()] * len(Kind._fields)
    sets = {names: index for index, names in enumerate(dict.fromkeys(named))}
    skills = sorted({skill for names in sets for skill in names})
    table = json.dumps([[skills.index(skill) for skill in names] for names in sets], separators=(",", ":")).encode()
    columns = (list(map(sets.__getitem__, named)), *_unzipped(credit), *_unzipped(shown), options, difficulty,
               list(map(MODES.index, modes)))
    return skills, [struct.pack("<I", len(table)), table, *_pack_columns(_KIND, columns)]


def _unzipped(pairs: Sequence[tuple[int, int]]) -> tuple[Sequence[int], Sequence[int]]:
    parts, wholes = zip(*pairs) if pairs else ((), ())
    return parts, wholes


def _read_kinds(raw: bytes, skills: list[str]) -> tuple[list[Kind], int]:
    start = 4 + struct.unpack_from("<I", raw)[0]
    sets = [tuple(skills[at] for at in named) for named in json.loads(raw[4:start])]
    (named, earned, possible, shown, there, options, difficulty, modes), end = _read_columns(_KIND, raw, start)
    if not all(sets):
        raise StoredDataError("a kind names no skill")
    _check_ratios("credit", earned, possible)
    _check_ratios("help", shown, there)
    kinds = map(_as_kind, zip(
        map(sets.__getitem__, named), zip(earned, possible), zip(shown, there), options, difficulty,
        map(MODES.__getitem__, modes)))
    return list(kinds), end


def _check_ratios(name: str, parts: Sequence[int], wholes: Sequence[int]) -> None:
    for part, whole in zip(parts, wholes):
        if part > whole or not whole:
            raise StoredDataError(f"a kind has {name} {part}/{whole}")
