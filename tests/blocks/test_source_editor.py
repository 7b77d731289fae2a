"""The Source editor: nothing an author typed is lost, and only what works goes live."""

import pytest

from tests.blocks.conftest import post, problem_set

BROKEN = "<adaptive_problem_set>\n  <skill id='a' name='A'>\n</adaptive_problem_set>"


@pytest.fixture
def author(play):
    """Course staff with a problem set."""
    return play(student="staff")


def save(author, content, **settings):
    """Save through the editor's handler."""
    return post(author, "save_source", {"content": content, "settings": settings})


def editor(author):
    """The editor's page."""
    return author.client.get(f"/scenario/{author.scenario_id}/studio_view/?student=staff").content.decode()


def test_a_sound_text_goes_live(author):
    """Learners get the new text at once."""
    reply = save(author, problem_set(3, 1)).json()
    assert reply["live"] and reply["saved"]
    assert [fault for fault in reply["faults"] if fault["level"] == "error"] == []
    assert author.block.content == problem_set(3, 1)


def test_a_broken_text_is_kept_as_a_draft(author):
    """Learners keep the last text that worked; the author finds the draft again, with its line."""
    live = author.block.content
    reply = save(author, BROKEN).json()
    assert not reply["live"]
    fault, = [one for one in reply["faults"] if one["level"] == "error"]
    assert fault["line"] == 3 and fault["remedy"]
    assert (author.block.content, author.block.draft) == (live, BROKEN)
    page = editor(author)
    assert "This is a draft" in page
    assert "skill id=&#x27;a&#x27;" in page


def test_a_mended_draft_goes_live(author):
    """The draft is gone once it works."""
    save(author, BROKEN)
    save(author, problem_set(4, 1))
    assert (author.block.content, author.block.draft) == (problem_set(4, 1), "")
    assert "This is a draft" not in editor(author)


def test_a_text_with_a_broken_problem_waits_as_a_draft(author):
    """An error in one problem stops the text from going live and is named."""
    text = problem_set(extra='<item id="bad"><step id="s1" skills="count"><numeric answer="1 +"/></step></item>')
    reply = save(author, text).json()
    assert not reply["live"]
    assert {fault["item"] for fault in reply["faults"]} == {"bad"}
    assert author.block.draft == text


def test_settings_are_saved(author):
    """Title, weight and tries."""
    save(author, problem_set(), display_name="Sums!", weight="2,5", max_attempts="3")
    block = author.block
    assert (block.display_name, block.weight, block.max_attempts) == ("Sums!", 2.5, 3)
    save(author, problem_set(), max_attempts="")
    assert author.block.max_attempts is None


@pytest.mark.parametrize("value", ["many", "-1", "nan", "1e99"])
def test_a_setting_that_is_no_number_is_named(author, value):
    """The sentence says which setting and what was typed; the text is saved all the same."""
    reply = save(author, problem_set(4, 1), weight=value).json()
    assert not reply["saved"]
    assert value in reply["message"] and "Weight" in reply["message"]
    assert author.block.content == problem_set(4, 1)


@pytest.mark.parametrize("body", [{}, {"content": None}, {"content": 7}, {"content": "", "settings": []}])
def test_a_save_of_the_wrong_shape_is_refused(author, body):
    """400 and a sentence; nothing changes."""
    live = author.block.content
    assert post(author, "save_source", body).status_code == 400
    assert author.block.content == live


def test_a_text_of_many_megabytes_is_refused(author):
    """The bound is the parser's."""
    assert save(author, "<a/>" + " " * 11_000_000).status_code == 413


@pytest.mark.parametrize("text", [
    '<!DOCTYPE a [<!ENTITY x "y">]><adaptive_problem_set>&x;</adaptive_problem_set>',
    '<!DOCTYPE a SYSTEM "file:///etc/passwd"><adaptive_problem_set/>', "", "\x00", "<adaptive_problem_set>" * 500,
    "<other/>", "<adaptive_problem_set xmlns:x='y' x:z='1'/>",
])
def test_hostile_texts_stay_drafts_or_are_harmless(author, text):
    """Entities, external files, empty and endless texts: a fault with what to do, or nothing at all."""
    reply = save(author, text).json()
    assert "passwd" not in str(reply["faults"]).replace("file:///etc/passwd", "")
    assert reply["live"] or any(fault["remedy"] for fault in reply["faults"])
    assert editor(author)
