"""Handlers are called by strangers: whatever comes in, a sentence goes out, and nothing is lost or counted twice."""

import json

import pytest
from django.core import signing
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from adaptive_xblocks import receipts as receipt_tokens
from adaptive_xblocks.demo.player import right_responses
from adaptive_xblocks.evidence import Evidence, Kind
from adaptive_xblocks.evidence_log import Detail, EvidenceLog
from tests.blocks.conftest import post, problem_set

HANDLERS = ("answer", "hint", "next", "skip", "rate", "restart", "state")
RECORD_HANDLERS = ("record", "record_reset")
#: Every handler that takes JSON, with who may call it.
CALLERS = [*((handler, None) for handler in (*HANDLERS, *RECORD_HANDLERS)), ("save_source", "staff")]


def a_body(player, **changes):
    """A sound answer, changed."""
    return {
        "submission": "submission-1", "serving": player.practice.serving, "step": player.step.id,
        "responses": right_responses(player.variant, player.step), "seconds": 5, **changes,
    }


def is_a_sentence(reply):
    """An error for people."""
    text = reply.json()["error"]
    return text[0].isupper() and text.endswith(".") and "{" not in text and "Traceback" not in text


@pytest.mark.parametrize("method", ["get", "put", "delete", "patch", "options", "head"])
@pytest.mark.parametrize(("handler", "student"), CALLERS)
def test_other_methods_than_post_are_refused(play, handler, student, method):
    """A handler shows nothing to a GET, takes nothing by PUT, and says what it is for."""
    reply = post(play(), handler, "", student=student, method=method)
    assert reply.status_code == 405
    assert reply["Allow"] == "POST"
    assert method == "head" or is_a_sentence(reply)


@pytest.mark.parametrize(("handler", "student"), CALLERS)
@pytest.mark.parametrize(
    "body", ["", "{", "[]", "null", "7", '"text"', "\xff\xfe", "[" * 5000, "1" * 5000, '{"a": ' * 900])
def test_a_body_that_is_no_object_is_refused(play, handler, student, body):
    """No body, half a body, other JSON, no JSON: 400 and a sentence."""
    reply = post(play(), handler, body, student=student)
    assert reply.status_code == 400
    assert is_a_sentence(reply)


def test_an_answer_of_a_megabyte_is_refused(play):
    """What is far too long is not read, and the learner goes on where they were."""
    player = play()
    player.open()
    reply = post(player, "answer", a_body(player, responses={"answer": "1" * 1_000_000}))
    assert reply.status_code == 413
    assert is_a_sentence(reply)
    assert player.block.evidence_log.pieces == ()
    player.finish_item()
    assert player.practice.done


@pytest.mark.parametrize("changes", [
    {"submission": None}, {"submission": 7}, {"submission": ""}, {"submission": "x" * 1000}, {"submission": "ä" * 9},
    {"responses": None}, {"responses": []}, {"responses": {"answer": 3}}, {"responses": {"answer": None}},
    {"responses": {str(number): "" for number in range(100)}}, {"responses": {"answer": ["1"]}},
])
def test_an_answer_of_the_wrong_shape_is_refused(play, changes):
    """Fields of the wrong type or size: 400 and a sentence, no evidence."""
    player = play()
    player.open()
    reply = post(player, "answer", a_body(player, **changes))
    assert reply.status_code == 400
    assert is_a_sentence(reply)
    assert player.block.evidence_log.pieces == ()


@pytest.mark.parametrize("seconds", [None, "x", -5, 1e300, True, [1], float("nan"), float("inf")])
def test_a_strange_duration_does_not_matter(play, seconds):
    """The time a client claims is capped or ignored; the answer counts."""
    player = play()
    player.open()
    reply = post(player, "answer", json.dumps(a_body(player, seconds=seconds)))
    assert reply.status_code == 200
    detail, = player.block.evidence_log.details.values()
    assert 0 <= detail.response_time <= 30 * 60 * 1000


@pytest.mark.parametrize("changes", [
    {"serving": 99}, {"serving": None}, {"serving": "1"}, {"step": "nope"}, {"step": None}, {"step": {}},
])
def test_an_answer_to_what_is_not_open_is_told_so(play, changes):
    """A stale or invented problem: the current state and a message, not an error page, and no evidence."""
    player = play()
    player.open()
    reply = post(player, "answer", a_body(player, **changes))
    assert reply.status_code == 200
    assert "not open any more" in reply.json()["announce"]
    assert "not open any more" in reply.json()["html"]
    assert player.block.evidence_log.pieces == ()


def test_a_resend_counts_once_and_gets_the_same_result(play):
    """The same submission again, however often, changes nothing and shows the first verdict."""
    player = play()
    player.open()
    body = a_body(player, responses={"answer": "100"})
    first = post(player, "answer", body).json()
    stored = player.block.evidence_log
    for _ in range(3):
        again = post(player, "answer", body).json()
        assert again["html"] == first["html"]
    assert player.block.evidence_log == stored
    assert player.practice.step("s1").attempts == 1


def test_a_resend_with_another_answer_does_not_replace_the_first(play):
    """A submission id says one thing once."""
    player = play()
    player.open()
    post(player, "answer", a_body(player, responses={"answer": "100"}))
    post(player, "answer", a_body(player))
    piece, = player.block.evidence_log.pieces
    assert piece.kind.credit == (0, 1)
    assert not player.practice.done


def test_a_late_resend_is_answered_with_the_present(play):
    """A submission for a problem that is done and gone is told where the learner is."""
    player = play()
    player.open()
    body = a_body(player)
    post(player, "answer", body)
    player.next()
    reply = post(player, "answer", body).json()
    assert reply["state"]["serving"] == 2
    assert len(player.block.evidence_log.pieces) == 1


def test_a_receipt_brings_back_what_another_tab_overwrote(play):
    """Evidence that a whole-field write of another tab lost comes back with its receipt, once."""
    player = play()
    player.open()
    block = player.block
    before = block.evidence_log, block.practice
    token = player.answer({"answer": "100"})["receipts"][0]["token"]
    block = player.block
    kept = block.evidence_log.pieces
    block.evidence_log, block.practice = before
    block.save()
    assert player.block.evidence_log.pieces == ()
    for _ in range(2):
        player.send("state", receipts=[token])
    assert player.block.evidence_log.pieces == kept


def test_a_receipt_is_confirmed_once_it_is_read_back(play):
    """The client may forget a receipt when a later request has found the evidence in storage."""
    player = play()
    player.open()
    reply = player.answer({"answer": "100"})
    receipt, = reply["receipts"]
    assert reply["confirmed"] == []
    assert player.send("state", receipts=[receipt["token"]])["confirmed"] == [receipt["id"]]


def signed(payload):
    """A receipt signed with the site's own key: what an attacker cannot make."""
    return signing.dumps(payload, salt=receipt_tokens.SALT, compress=True)


def test_a_receipt_of_someone_else_is_ignored(play):
    """A receipt counts only for the learner and the block it was given to."""
    player = play()
    player.open()
    token = player.answer(right_responses(player.variant, player.step))["receipts"][0]["token"]
    other = type(player)(player.client, player.scenario_id, "thief")
    other.open()
    reply = other.send("state", receipts=[token])
    assert other.block.evidence_log.pieces == ()
    assert reply["confirmed"] == []


@pytest.mark.parametrize("receipts", [
    "x", 7, {}, [None], [7], ["x"], ["a:b:c"], ["x" * 10_000], [[]] * 1000, [""] * 60,
])
def test_a_forged_receipt_is_ignored(play, receipts):
    """What is not ours does not count and does no harm."""
    player = play()
    player.open()
    reply = post(player, "state", {"receipts": receipts})
    assert reply.status_code == 200
    assert player.block.evidence_log.pieces == ()


@pytest.mark.parametrize("payload", [None, 7, [], ["a"], ["a", "b", 1, [], []], {"a": 1}])
def test_a_signed_receipt_of_another_shape_is_ignored(play, payload):
    """Even our own signature on a shape of another version is survived."""
    player = play()
    player.open()
    assert post(player, "state", {"receipts": [signed(payload)]}).status_code == 200


def test_a_signed_receipt_for_this_learner_but_of_another_shape_is_ignored(play):
    """An older version's receipt, rightly signed for this learner, is survived."""
    player = play()
    player.open()
    block = player.block
    signer = receipt_tokens.signer(block.scope_ids)
    stranger = EvidenceLog().add(Evidence(5, "b9", 1, 1, 0, 1, Kind(("count",), (1, 1))), Detail("i", "s", "", 1, ""))
    for stored in (None, 7, [], {}, {"epoch": 1, "pieces": "x"}, {"epoch": 1, "details": 7}, stranger.to_json()):
        assert post(player, "state", {"receipts": [signed([signer, "submission", stored])]}).status_code == 200
    assert player.block.evidence_log.pieces == ()


@pytest.mark.parametrize("reason", ["", None, 7, "because", []])
def test_a_skip_without_a_known_reason_is_refused(play, reason):
    """Reasons are a fixed list."""
    player = play()
    player.open()
    assert post(player, "skip", {"serving": 1, "reason": reason}).status_code == 400
    assert player.practice.serving == 1


def test_next_before_the_problem_is_done_changes_nothing(play):
    """A learner cannot click past a problem other than by skipping it."""
    player = play()
    player.open()
    for serving in (1, None, 7):
        assert post(player, "next", {"serving": serving}).status_code == 200
    assert player.practice.serving == 1


def test_restart_before_an_end_changes_nothing(play):
    """A round can only be begun anew from an end."""
    player = play()
    player.open()
    player.send("restart")
    assert (player.practice.round, player.practice.serving) == (1, 1)


def test_hints_of_another_step_or_problem_are_not_given(play):
    """Help comes for the step in hand only, one piece at a time."""
    player = play(problem_set(n_count=0))
    player.open()
    for body in ({"serving": 1, "step": "s2"}, {"serving": 2, "step": "s1"}, {"serving": 1}, {}):
        assert "Count on." not in post(player, "hint", body).json()["html"]
    assert player.practice.step("s1").shown == ()


def test_a_visitor_who_is_not_signed_in_is_asked_to(play):
    """Anonymous visitors see the first problem and cannot write anything."""
    player = play(student="anonymous")
    page = player.client.get(f"/scenario/{player.scenario_id}/public_view/?student=anonymous").content.decode()
    assert "apples" in page and "Sign in to answer" in page
    for handler in HANDLERS[:-1]:
        reply = post(player, handler, {"serving": 1, "step": "s1", "submission": "submission-1", "responses": {}})
        assert reply.status_code == 403
        assert is_a_sentence(reply)
    assert not player.block.fields["practice"].is_set_on(player.block)


@pytest.mark.parametrize("typed", ["\ud800", "4\udfff", "\udfff\ud800" * 50, "a\x00b", "\u202e\ufffe", "\U0001f600"])
@pytest.mark.parametrize("answer", ['<numeric answer="1"/>', '<text answer="b"/>'])
def test_what_is_typed_can_always_be_shown_again(play, answer, typed):
    """Half a character, NUL, signs that turn the direction: the page is shown, with what of it is text."""
    player = play(problem_set(0, 0, extra=f'<item id="i"><step id="s1" skills="count">{answer}</step></item>'))
    player.open()
    reply = post(player, "answer", json.dumps(a_body(player, responses={"answer": typed})))
    assert reply.status_code == 200
    page = player.client.get(f"/learn/{player.scenario_id}/", {"student": player.student_id})
    assert page.status_code == 200
    assert "cannot be shown" not in page.content.decode()
    assert post(player, "record_file", "", method="get").json()


def test_an_author_may_paste_half_a_character(play):
    """A draft with half of a surrogate pair in it is kept and can be edited."""
    player = play(student="staff")
    reply = post(player, "save_source", '{"content": "<adaptive_problem_set>\\ud800"}')
    assert (reply.status_code, reply.json()["live"]) == (200, False)
    assert player.client.get(f"/scenario/{player.scenario_id}/studio_view/?student=staff").status_code == 200


def test_what_strangers_send_to_the_author_is_not_even_read(play):
    """Megabytes for a handler that they may not call are refused before they are parsed."""
    player = play()
    reply = post(player, "save_source", '{"content": [' + "[]," * 3_000_000)
    assert reply.status_code == 403
    assert is_a_sentence(reply)


def test_a_learner_may_not_change_the_content(play):
    """The author's handler is closed to learners."""
    player = play()
    content = player.block.content
    reply = post(player, "save_source", {"content": "<adaptive_problem_set/>", "settings": {}})
    assert reply.status_code == 403
    assert is_a_sentence(reply)
    assert player.block.content == content


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(
        ["submission", "serving", "step", "responses", "receipts", "answer", "reason", "item", "confirm"]), inner),
    max_leaves=12,
)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(st.sampled_from(HANDLERS), st.dictionaries(
    st.sampled_from(["submission", "serving", "step", "responses", "receipts", "reason", "item", "confirm", "help",
                     "end", "helpful"]),
    json_values))
def test_no_request_ends_in_a_server_error(play, handler, body):
    """Whatever JSON object comes, the answer is a page part or a sentence."""
    player = play()
    player.open()
    reply = post(player, handler, body)
    assert reply.status_code in (200, 400, 403, 413)
    assert "html" in reply.json() or is_a_sentence(reply)
    assert player.block.evidence_log.pieces == ()
