"""A small crowd on real threads: `make torture` plays a large one."""

import pytest

from tests.platform.databases import ALIASES
from tools.crowd import run


@pytest.mark.parametrize("has_lock", [True, False], ids=["locked", "unlocked"])
@pytest.mark.parametrize("database", ALIASES)
def test_a_crowd_loses_nothing(database, has_lock):
    """Few learners in few blocks, so that they meet themselves all the time: every answer is there, and counts once."""
    crowd, faults = run(database, n_threads=4, n_learners=3, n_blocks=2, n_answers=60, has_lock=has_lock)
    assert not faults and set(crowd.statuses) <= {200, 503}
    assert len(crowd.acknowledged) >= 60


def test_a_crowd_without_receipts_and_lock_is_missed():
    """The check can fail: without both guards some answer of a crowd is lost."""
    _crowd, faults = run("stand_in_sqlite", n_threads=6, n_learners=1, n_blocks=1, n_answers=120, has_lock=False,
                         keeps_receipts=False)
    assert faults
