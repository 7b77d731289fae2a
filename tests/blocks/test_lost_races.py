"""A late request writes what it read long ago over the learner's state: the learner must not notice."""

import pytest

from adaptive_xblocks.demo.player import right_responses, wrong_responses
from adaptive_xblocks.learner_record import LearnerRecord
from adaptive_xblocks.problem_set_run import Run
from tests.blocks.conftest import problem_set


def state_of(player):
    """The learner's place and log, as a slow request may have read them."""
    block = player.block
    return block.practice, block.evidence_log


def overwrite(player, practice=None, evidence_log=None):
    """What a slow request does when it ends at last."""
    block = player.block
    if practice is not None:
        block.practice = practice
    if evidence_log is not None:
        block.evidence_log = evidence_log
    block.save()


@pytest.fixture
def player(play):
    """A learner with the first problem in hand."""
    player = play(problem_set(n_count=6, n_sum=0))
    player.open()
    return player


def test_an_answered_problem_stays_answered(player):
    """The place went back before a right answer: the problem is still done, and its answer is shown."""
    practice, _log = state_of(player)
    player.finish_item()
    overwrite(player, practice)
    reply = player.send("state")
    assert reply["state"]["done"] and reply["state"]["n_done"] == 1
    assert "Next problem" in reply["html"] and "Yes, that is right" in reply["html"]


def test_a_spent_try_stays_spent(player):
    """The place went back before a wrong answer: the problem is open, and a right answer now is no evidence."""
    practice, _log = state_of(player)
    player.answer(wrong_responses(player.variant, player.step, "off-by-one"))
    overwrite(player, practice)
    player.answer(right_responses(player.variant, player.step))
    piece, = player.block.evidence_log.pieces
    assert piece.kind.credit == (0, 1)


def test_what_the_log_lost_comes_back_from_the_record(player):
    """The whole state went back before an answer, the shared record did not: nothing is missing."""
    before = state_of(player)
    player.finish_item()
    pieces = player.block.evidence_log.pieces
    overwrite(player, *before)
    assert player.send("state")["state"]["done"]
    assert player.block.evidence_log.pieces == pieces


def test_a_page_that_is_one_ahead_is_caught_up_with(player):
    """The place went back behind "next": the answer to the next problem counts, without a word about it."""
    player.finish_item()
    practice, _log = state_of(player)
    player.next()
    shown, responses = Run(player.block).shown, right_responses(player.variant, player.step)
    body = {"submission": "one-ahead-0001", "serving": 2, "shown": shown, "step": "s1", "responses": responses}
    overwrite(player, practice)
    reply = player.send("answer", **body)
    assert reply["announce"].startswith("Yes, that is right") and "ax-notice" not in reply["html"]
    assert [piece.serving for piece in player.block.evidence_log.pieces] == [1, 2]


@pytest.mark.parametrize("shown", ["count-99/00000000", "{item}/00000000", "{item}", 7])
def test_a_page_that_shows_another_problem_is_told(player, shown):
    """An answer is never judged against a problem, or numbers, that the page did not show."""
    shown = shown.format(item=player.practice.item) if isinstance(shown, str) else shown
    reply = player.send("answer", submission="elsewhere-0001", serving=1, shown=shown, step="s1",
                        responses={"answer": "4"})
    assert "not open any more" in reply["announce"]
    assert not player.block.evidence_log.pieces


def test_declared_mastery_survives_a_lost_record(play):
    """The log keeps what its block declared: mastery told to the learner stays, whatever happens to the record."""
    player = play(problem_set(n_count=6, n_sum=0))
    player.open()
    for _problem in range(5):
        player.finish_item()
        player.next()
    block = player.block
    declared = block.evidence_log.declarations
    assert declared
    block.adaptive_xblocks_record = LearnerRecord()
    block.save()
    player.open()
    session = Run(player.block).session
    assert session.states["count"].mastered and session.course.declarations == declared
    assert session.course.basis == session.log.basis


def test_a_resend_of_what_only_the_log_remembers_gets_its_receipt(player):
    """The place went back before an answer whose reply was lost: the resend is told so, and gets the receipt."""
    practice, _log = state_of(player)
    body = {"submission": "lost-reply-0001", "serving": 1, "step": "s1",
            "responses": right_responses(player.variant, player.step)}
    player.send("answer", **body)
    overwrite(player, practice)
    reply = player.send("answer", **body)
    assert [one["id"] for one in reply["receipts"]] == ["lost-reply-0001"]
    assert reply["announce"].startswith("Yes, that is right")
