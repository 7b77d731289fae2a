"""Receipts: what the browser holds brings back what storage lost, in whatever state the race left it."""

import pytest

from adaptive_xblocks.demo.player import right_responses
from adaptive_xblocks.learner_record import LearnerRecord
from adaptive_xblocks.problem_set_run import Run
from tests.blocks.conftest import problem_set
from tests.blocks.test_stored_state import delete_state, rewrite


def lose_the_record(player):
    """The shared record goes back to before the learner's first answer."""
    block = player.block
    block.adaptive_xblocks_record = LearnerRecord()
    block.save()


@pytest.fixture
def answered(play):
    """A learner with one answer, and its receipt."""
    player = play(problem_set(n_count=6, n_sum=0))
    player.open()
    receipt, = player.answer(right_responses(player.variant, player.step))["receipts"]
    return player, receipt


def test_a_receipt_brings_back_piece_and_facts(answered):
    """State and record are gone, and with them the epoch: the receipt alone brings the answer back."""
    player, receipt = answered
    log = player.block.evidence_log
    rewrite(player, evidence_log={"schema": 2, "epoch": 1})
    lose_the_record(player)
    reply = player.send("state", receipts=[receipt["token"]])
    assert player.block.evidence_log.pieces == log.pieces
    assert player.block.evidence_log.basis == log.basis == Run(player.block).session.course.basis
    assert reply["confirmed"] == []


def test_a_receipt_that_was_needed_is_given_out_again(answered):
    """What had to be put back is not safe yet: the client is told to hold its receipt for as long again."""
    player, receipt = answered
    rewrite(player, evidence_log={"schema": 2, "epoch": 1})
    lose_the_record(player)
    again = player.send("state", receipts=[receipt["token"]])["receipts"]
    assert [one["id"] for one in again] == [receipt["id"]]
    assert player.send("state", receipts=[again[0]["token"]])["confirmed"] == [receipt["id"]]


def test_a_receipt_of_a_later_epoch_wins(answered):
    """An answer given after a deletion survives a late request that writes the deleted state back."""
    player, _receipt = answered
    player.send("state")  # confirms the epoch
    block = player.block
    stale = block.evidence_log, block.practice, block.adaptive_xblocks_record
    delete_state(player)
    player.open()
    receipt, = player.answer(right_responses(player.variant, player.step))["receipts"]
    late = player.block
    late.evidence_log, late.practice, late.adaptive_xblocks_record = stale
    late.save()
    player.send("state", receipts=[receipt["token"]])
    log = player.block.evidence_log
    assert log.epoch == 2 and len(log.pieces) == 1
    assert Run(player.block).session.course.pieces == log.pieces


def test_a_receipt_of_before_a_deletion_is_gone(answered):
    """What an instructor deleted does not come back by a receipt; the client need not hold it."""
    player, receipt = answered
    player.send("state")
    delete_state(player)
    assert player.send("state", receipts=[receipt["token"]])["confirmed"] == [receipt["id"]]
    assert not player.block.evidence_log.pieces


def test_evidence_in_the_record_alone_is_not_confirmed(answered):
    """Confirmed is what the block's own state holds: a record may be overwritten by any other block."""
    player, receipt = answered
    rewrite(player, evidence_log={"schema": 2, "epoch": 1})
    assert player.send("state", receipts=[receipt["token"]])["confirmed"] == []
    assert player.send("state", receipts=[receipt["token"]])["confirmed"] == [receipt["id"]]


def test_a_receipt_brings_details_back_too(answered):
    """The log was lost, the record gave the piece back without its details: the receipt has them, but for the seed."""
    player, receipt = answered
    (submission, detail), = player.block.evidence_log.details.items()
    rewrite(player, evidence_log={"schema": 2, "epoch": 1})
    player.send("state", receipts=[receipt["token"]])
    assert player.block.evidence_log.details == {submission: detail._replace(seed=0)}
