"""Evidence is packed without loss, and what is not evidence is refused."""

import base64
import json
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adaptive_xblocks.evidence import Evidence, Kind, StoredDataError, digest32, digest_key
from adaptive_xblocks.evidence_packing import pack, unpack
from tests.record.strategies import pieces

ONE = Evidence(1_700_000_000_000, "b1", 7, 1, 0, 9, Kind(("add",), (1, 1)))


@given(st.sets(pieces, max_size=30))
def test_packing_loses_nothing(some):
    """What was packed comes back, in canonical order, through JSON."""
    assert unpack(json.loads(json.dumps(pack(some)))) == tuple(sorted(some))


@given(st.lists(pieces, max_size=12, unique=True), st.randoms())
def test_packing_depends_on_the_set_alone(some, chance):
    """The order in which pieces come does not show in what is stored."""
    mixed = list(some)
    chance.shuffle(mixed)
    assert pack(mixed) == pack(some)


@pytest.mark.parametrize("key", ["blocks", "skills", "pieces"])
@pytest.mark.parametrize("value", [None, 3, "!", [[]], {"a": 1}, [None], [], "AAAA"])
def test_what_is_not_packed_evidence_is_refused(key, value):
    """Any part of the wrong shape gives one kind of error and no piece."""
    with pytest.raises(StoredDataError):
        unpack({**pack([ONE]), key: value})


def test_a_bomb_is_not_unpacked():
    """A stored value that would unpack to gigabytes is refused before it does."""
    bomb = base64.b64encode(zlib.compress(bytes(200_000_000))).decode()
    with pytest.raises(StoredDataError):
        unpack({**pack([ONE]), "pieces": bomb})


def test_a_cut_value_is_refused():
    """Half a stored value is an error, not half of the evidence."""
    packed = pack([ONE, ONE._replace(time=ONE.time + 5, submission=8)])
    with pytest.raises(StoredDataError):
        unpack({**packed, "pieces": packed["pieces"][:20]})


def test_a_kind_with_impossible_credit_is_refused():
    """Credit above what was possible is damage, not evidence."""
    with pytest.raises(StoredDataError, match="credit 5/1"):
        unpack(pack([ONE._replace(kind=Kind(("add",), (5, 1)))]))


def test_only_unassisted_full_credit_is_a_success():
    """Help or partial credit never counts towards declaring mastery."""
    assert Kind(("add",), (2, 2)).is_success
    assert not Kind(("add",), (1, 2)).is_success
    assert not Kind(("add",), (1, 1), (1, 3)).is_success


def test_digests_are_the_same_everywhere():
    """Stored digests must not change with the Python version or the process."""
    assert digest32("fractions") == 0x4b7d2bf5
    assert digest_key("course-v1:a+b+c") == "3b7f6e2308e26f14"
