"""Content with faults: learners meet what is sound, staff read what is not and what to do."""

import time

import pytest

from adaptive_xblocks.demo.player import right_responses
from adaptive_xblocks.tutoring.xml_source import MAX_BYTES
from tests.blocks.conftest import post, problem_set
from tests.blocks.test_viewers import view
from tests.tutoring.hostile_documents import LARGE, SMALL, document

MOST_PAGE = 2_000_000  # bytes, for staff of a course full of faults

DIVIDES = """<item id="quotient" title="Quotient"><variable name="d" values="0..3"/>
  <step id="s1" skills="count"><prompt>Six over {@d@}</prompt><numeric answer="6 / d"/>
  <hint>It is {@6 / d@}.</hint></step></item>"""
ALWAYS_DIVIDES_BY_ZERO = DIVIDES.replace("0..3", "0").replace('"quotient"', '"hopeless"')


def staff_part(play, olx):
    """What staff read below the page."""
    page = view(play(olx, student="staff"))
    return page[page.index("For course staff"):]


def test_xml_that_is_broken_is_survived(play):
    """Learners read that there is nothing yet; staff read the line and what to do."""
    broken = problem_set().replace('"', "&quot;").replace("<", "&lt;") + "&lt;item&gt;"
    olx = f"<adaptive_problem_set>{broken}</adaptive_problem_set>"
    assert "Nothing to practise here yet" in view(play(olx))
    assert "line" in staff_part(play, olx).lower()


def test_unknown_elements_are_kept_and_told(play):
    """An element of a later version or a slip of the pen: a warning for staff, no harm for learners."""
    olx = problem_set(extra='<widget a="1"/>')
    player = play(olx)
    player.open()
    assert player.answer(right_responses(player.variant, player.step))["state"]["done"]
    assert "widget" in player.block.content
    assert "widget" in staff_part(play, olx)


def test_a_cycle_of_prerequisites_strands_nobody(play):
    """Skills that require each other are practised all the same, and staff read the cycle."""
    olx = problem_set().replace('<skill id="count"', '<skill id="count" requires="sum"')
    player = play(olx)
    player.open()
    assert player.answer(right_responses(player.variant, player.step))["state"]
    assert "require each other" in staff_part(play, olx) or "cycle" in staff_part(play, olx)


def test_a_skill_without_problems_only_advises(play):
    """What requires it is in reach, and staff read that it has no problems."""
    olx = problem_set(n_count=3).replace(
        '<skill id="count"', '<skill id="empty" name="Empty"/><skill id="count" requires="empty"')
    player = play(olx)
    player.open()
    assert player.variant.item.skills == ("count",)
    assert "empty" in staff_part(play, olx)


def test_a_division_by_zero_in_one_variant_hits_nobody(play):
    """Numbers that cannot be computed are never drawn; the others are."""
    olx = problem_set(0, 0, extra=DIVIDES).replace("remediation=\"item:count-3\"", "")
    for number in range(12):
        player = play(olx, student=f"divider-{number}")
        player.open()
        assert player.variant.values["d"] != 0
        assert player.answer(right_responses(player.variant, player.step))["state"]["done"]


def test_a_problem_that_never_works_is_left_out(play):
    """With a division by zero in every variant the problem is left out, and the rest lives."""
    olx = problem_set(extra=ALWAYS_DIVIDES_BY_ZERO)
    player = play(olx)
    player.open()
    assert "hopeless" not in player.block.document.items
    assert "hopeless" in staff_part(play, olx)


@pytest.mark.parametrize("bad", [
    "<item/>", "<item id='x'><step/></item>", "<item id='x'><step><numeric/></step></item>", "<skill/>",
    "<misconception/>", "<item id='count-1'/>",
])
def test_an_unfinished_part_does_not_break_the_page(play, bad):
    """Half-written elements are told; the other problems are served."""
    olx = problem_set(extra=bad)
    player = play(olx)
    player.open()
    assert player.practice.item
    assert staff_part(play, olx)


@pytest.mark.parametrize("name", SMALL)
def test_a_hostile_document_does_not_break_a_page(play, name):
    """However it came into the course: learners get a page, staff read what is wrong, the editor opens."""
    player = play(student="staff")
    block = player.block
    block.content = SMALL[name].encode("utf-8", "replace").decode()
    block.save()
    for view_name in ("student_view", "studio_view", "author_view", "public_view"):
        html = getattr(player.block, view_name)(None).content
        assert "cannot be shown" not in html
        html.encode("utf-8")
        assert view_name == "studio_view" or len(html) < MOST_PAGE
    assert post(player, "state", {}).status_code == 200


@pytest.mark.parametrize("name", ["billion laughs", "deep", "a value that grows", "NUL", "never closed"])
def test_a_hostile_document_is_kept_as_a_draft(play, name):
    """The editor's handler answers with the fault, and what was typed is there when the editor opens again."""
    player = play(student="staff")
    live = player.block.content
    reply = post(player, "save_source", {"content": SMALL[name]})
    assert reply.status_code == 200
    assert not reply.json()["live"] and reply.json()["n_errors"]
    assert player.block.content == live
    assert player.block.draft == SMALL[name].replace("\x00", "")


def test_a_hundred_thousand_problems_are_answered_in_the_editor(play):
    """The reply says how many there are, how many are read and what to do; the text is kept as a draft."""
    player = play(student="staff")
    begun = time.process_time()
    reply = post(player, "save_source", {"content": LARGE["100,000 problems"]}).json()
    assert time.process_time() - begun < 90
    fault = next(fault for fault in reply["faults"] if "100,001 items" in fault["problem"])
    assert ("20,000 are read" in fault["problem"], fault["remedy"]) == (True, "Make several blocks.")
    assert len(player.block.draft) == len(LARGE["100,000 problems"])


def test_a_bank_of_ten_thousand_problems_is_served(play):
    """It goes live from the editor; once it is read, requests are short."""
    author = play(student="staff")
    assert post(author, "save_source", {"content": LARGE["10,000 problems"]}).json()["live"]
    player = type(author)(author.client, author.scenario_id, "learner-of-many")
    player.open()
    begun = time.process_time()
    assert player.answer(right_responses(player.variant, player.step))["state"]["done"]
    player.next()
    assert time.process_time() - begun < 10


def test_a_text_too_long_to_be_stored_is_refused_with_the_figures(play):
    """The sentence says how long it is, what the bound is, that it is kept, and what to do; nothing changes."""
    player = play(student="staff")
    live = player.block.content
    reply = post(player, "save_source", {"content": "x" * (MAX_BYTES + 1)})
    assert reply.status_code == 413
    assert all(part in reply.json()["error"] for part in ("8,000,001", "8,000,000", "kept", "another block"))
    assert (player.block.content, player.block.draft) == (live, "")


def test_quotes_and_lines_do_not_make_a_text_too_long(play):
    """A text of the greatest length is read however many of its characters JSON writes with a backslash."""
    player = play(student="staff")
    text = document('"\n' * ((MAX_BYTES - 1_000) // 2))
    reply = post(player, "save_source", {"content": text})
    assert reply.status_code == 200
    assert reply.json()["live"]
