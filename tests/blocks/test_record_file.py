"""The file of a learner's record: everything that is stored of them, of nobody else, and nothing to be earned."""

import json
from dataclasses import replace

import pytest

from adaptive_xblocks.evidence import digest_key
from adaptive_xblocks.platform_services import course_key
from tests.blocks.conftest import post, problem_set
from tests.blocks.records import fetch, practised, seen

#: A problem of two steps; what must be earned is easy to find.
SECRET = """
  <item id="secret-1" title="A secret">
    <variable name="a" values="7907"/>
    <prompt><p>Which prime?</p></prompt>
    <step id="s1" skills="count"><prompt>First part?</prompt><numeric answer="a"/>
      <hint>HINT-SECRET</hint><hint bottom_out="true">BOTTOM-SECRET</hint></step>
    <step id="s2" skills="count"><prompt>Which one?</prompt>
      <choice><option correct="true">RIGHT-OPTION</option><option>WRONG-OPTION</option></choice>
      <hint>HINT-TWO</hint><hint bottom_out="true">BOTTOM-TWO</hint></step>
    <solution><p>SOLUTION-SECRET</p></solution>
  </item>
"""


def test_the_file_is_a_download_that_nobody_keeps(play):
    """JSON, as an attachment whose name says nothing of the person, and not to be stored on the way."""
    reply = fetch(practised(play))
    assert reply.status_code == 200
    assert reply["Content-Type"].startswith("application/json")
    assert reply["Content-Disposition"] == 'attachment; filename="learning-record.json"'
    assert reply["Cache-Control"] == "no-store"


def test_the_file_holds_what_is_stored(play):
    """Every piece of the block's log and of the record is in the file, with the learner's own last response."""
    player = practised(play)
    player.answer({"answer": "98"})
    file, block = fetch(player).json(), player.block
    record = block.adaptive_xblocks_record.course(digest_key(str(course_key(block))))
    submissions = sorted(piece.submission for piece in block.evidence_log.pieces)
    assert len(submissions) == 3
    assert sorted(row["submission"] for row in file["block"]["evidence"]) == submissions
    assert sorted(row["submission"] for row in file["courses"][0]["evidence"]) == sorted(
        piece.submission for piece in record.pieces) == submissions
    assert all(row["detail"]["item"] for row in file["block"]["evidence"])
    assert file["block"]["practice"]["steps"]["s1"]["responses"] == {"answer": "98"}
    assert file["courses"][0]["course"] == str(course_key(block))
    assert file["block"]["block"] == player.usage_id


def test_the_file_holds_nobody_elses_data(play, client):
    """Another learner's answers in the same block change nothing but the time in the file."""
    player = practised(play)
    before = fetch(player).json()
    other = type(player)(client, player.scenario_id, f"{player.student_id}-other")
    other.open()
    other.answer({"answer": "4711"})
    after = fetch(player).json()
    assert {**after, "made_at": ""} == {**before, "made_at": ""}
    assert "4711" not in json.dumps(after) and other.student_id not in json.dumps(after)


def test_the_file_holds_no_name(play):
    """Neither the learner's id nor what the platform calls them is in it."""
    player = practised(play)
    text = fetch(player).content.decode()
    assert player.student_id not in text and player.student_id.title() not in text


def test_the_file_tells_no_key_hint_or_solution(play):
    """In the middle of a problem: no right answer, no option's text, no unearned help, no seed."""
    player = play(problem_set(0, 0, extra=SECRET))
    player.open()
    player.answer({"answer": "3"})
    text = fetch(player).content.decode()
    for secret in ("7907", "HINT-", "BOTTOM-", "SOLUTION-", "OPTION", str(player.practice.seed), '"seed": 1'):
        assert secret not in text
    assert '"answer": "3"' in text
    player.answer({"answer": "7907"})
    text = fetch(player).content.decode()
    assert text.count("7907") == 1 and "OPTION" not in text and str(player.practice.seed) not in text


def test_half_a_character_does_not_break_the_file(play):
    """What was stored before requests were cleaned may hold half of a pair: the file is JSON in UTF-8 all the same."""
    player = play()
    player.open()
    player.answer({"answer": "3"})
    block = player.block
    step = replace(block.practice.step("s1"), responses={"answer": "\ud83d ½"})
    block.practice = replace(block.practice, steps={"s1": step})
    block.save()
    responses = fetch(player).json()["block"]["practice"]["steps"]["s1"]["responses"]
    assert responses == {"answer": "\ud83d ½"}


def test_looking_and_downloading_change_nothing(play, published):
    """Neither the panel nor the file stores or publishes anything."""
    player = practised(play)
    block = player.block
    before = block.evidence_log, block.practice, json.dumps(block.adaptive_xblocks_record.to_json())
    published.clear()
    seen(player), fetch(player), post(player, "record_reset", {"scope": "everywhere"})
    block = player.block
    assert (block.evidence_log, block.practice, json.dumps(block.adaptive_xblocks_record.to_json())) == before
    assert published == []


@pytest.mark.parametrize("method", ["post", "put", "delete", "patch", "options"])
def test_the_file_takes_nothing(play, method):
    """Only a GET gets it."""
    reply = fetch(play(), method)
    assert (reply.status_code, reply["Allow"]) == (405, "GET")


def test_withheld_correctness_is_not_in_the_file(play, monkeypatch):
    """While the course does not tell what was right, the file has no credit and no class of error."""
    monkeypatch.setattr("adaptive_xblocks.platform_services.correctness_available", lambda block, staff, now: staff)
    player = play()
    player.open()
    player.answer({"answer": "100"})
    file = fetch(player).json()
    (row,) = file["block"]["evidence"]
    assert file["withheld"] and row["credit"] is None and row["detail"]["error"] is None
    assert "credit" not in file["block"]["practice"]["steps"]["s1"]
