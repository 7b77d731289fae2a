"""A short run of what `make fuzz` does at length."""

import logging

import pytest

from tests.fuzz import strangers
from tests.fuzz.parsers import TARGETS
from tests.fuzz.strangers import Site, Stranger, block_types, handlers_of
from tools.fuzz import fuzz_parser


@pytest.fixture(autouse=True)
def quiet():
    """What cannot be read is told in the log, at length."""
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)


@pytest.mark.parametrize("name", TARGETS)
def test_no_bytes_stop_a_parser(name):
    """Texts and stored values changed at random: something is read, or refused in the parser's own words."""
    assert "Done" in fuzz_parser(name, {"document": 60, "changed document": 120}.get(name, 400), seed=1)


@pytest.mark.parametrize("block_type", sorted(block_types()))
def test_no_stranger_breaks_a_block(block_type, monkeypatch):
    """Hostile requests to every handler: no server error, nothing hangs, every page opens, the content stays."""
    monkeypatch.setattr(strangers, "SLOW", 5)  # a busy test run also collects garbage; `make fuzz` is strict
    site = Site(block_type, block_types()[block_type])
    before = site.contents()
    stranger = Stranger(site, seed=2)
    assert list(stranger.requests(1500)) == []
    assert stranger.receipts and site.contents() == before


def test_every_handler_is_called():
    """Handlers are found on the class: the strangers know all that the problem set has."""
    assert {"answer", "hint", "record_reset", "save_source"} <= set(handlers_of(block_types()["adaptive_problem_set"]))
