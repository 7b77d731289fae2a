"""What authors and staff are told: in their language, and also what another block of the course says otherwise."""

from gettext import GNUTranslations

import pytest

from adaptive_xblocks.problem_set import AdaptiveProblemSetBlock
from tests.blocks.conftest import post, problem_set
from tools import translations

BROKEN_ITEM = (
    '<item id="bad"><step id="s1" skills="count" colour="red"><numeric answer="1 + zz + gcd(2 3)"/></step></item>'
    '<item id="worse"><variable name="b" values="0..1"/><step id="s1" skills="sum">'
    '<prompt>{@1/b@}</prompt><numeric answer="1/b" form="roman"/><numeric id="two" answer="\'x\'"/></step></item>'
)
CONFLICT = "Another block of this course gives “count” other values; the one edited last counts."


@pytest.fixture
def dummy_language(monkeypatch):
    """Every block speaks the dummy language, which puts each sentence of the catalogue between ⟦ and ⟧."""
    with translations.catalogue_path(translations.DUMMY).with_suffix(".mo").open("rb") as file:
        catalogue = GNUTranslations(file)
    monkeypatch.setattr(AdaptiveProblemSetBlock, "i18n", catalogue)


def is_translated(sentence):
    """Whether the whole sentence comes from the catalogue."""
    return sentence.startswith("⟦") and sentence.endswith("⟧")


def staff_page(player):
    """The scenario's page as staff see it."""
    return player.client.get(f"/scenario/{player.scenario_id}/?student={player.student_id}").content.decode()


def two_blocks(play, first, second, student="staff"):
    """A player in a course of two problem sets, whose skill "count" has these attributes and these edition dates."""
    olx = "".join(
        problem_set(settings=f'edited="{edited}"').replace('id="count"', f'id="count" {attributes}')
        for edited, attributes in (first, second)
    )
    return play(f"<vertical_demo>{olx}</vertical_demo>", student=student)


def test_the_reply_of_the_editor_is_in_the_viewers_language(play, dummy_language):
    """Every problem and every remedy that a save reports is translated, as plain text."""
    author = play(student="staff")
    faults = post(author, "save_source", {"content": problem_set(extra=BROKEN_ITEM)}).json()["faults"]
    assert len(faults) >= 6
    sentences = [fault[name] for fault in faults for name in ("problem", "remedy")]
    assert [sentence for sentence in sentences if not is_translated(sentence)] == []


def test_a_sentence_inside_a_sentence_is_translated_too(play, dummy_language):
    """What an expression's error says inside a fault is in the viewer's language, too."""
    author = play(student="staff")
    faults = post(author, "save_source", {"content": problem_set(extra=BROKEN_ITEM)}).json()["faults"]
    inner, = {fault["problem"] for fault in faults if "gcd" in fault["problem"]}
    assert inner.count("⟦") == inner.count("⟧") > 2


def test_the_editors_page_is_in_the_viewers_language(play, dummy_language):
    """The list of faults that the editor opens with."""
    author = play(student="staff")
    post(author, "save_source", {"content": problem_set(extra=BROKEN_ITEM)})
    page = author.client.get(f"/scenario/{author.scenario_id}/studio_view/?student=staff").content.decode()
    assert "⟦&lt;step&gt; has no attribute &quot;colour&quot;; it is kept, but does nothing.⟧" in page


def test_the_staffs_part_is_in_the_viewers_language(play, dummy_language):
    """What was left out, and what is worth a look."""
    page = staff_page(play(problem_set(extra=BROKEN_ITEM), student="staff"))
    assert "⟦&lt;step&gt; has no attribute &quot;colour&quot;; it is kept, but does nothing.⟧" in page
    assert "⟦Use one of: simplified, fraction, decimal, integer, mixed.⟧" in page


def test_staff_are_told_of_a_skill_that_another_block_defines_otherwise(play):
    """The block whose values do not count says so, in one row; the block edited last says nothing."""
    player = two_blocks(play, ("2026-01-01", 'prior="0.2"'), ("2026-01-02", 'prior="0.6"'))
    assert CONFLICT not in staff_page(player)  # the second block has not been looked at before
    page = staff_page(player)
    assert page.count(CONFLICT) == 1
    assert "Write the same values in every block" in page
    first, second = page.split('<section class="ax ')[1:3]
    assert CONFLICT in first and CONFLICT not in second


@pytest.mark.parametrize("attributes", ["", 'prior="0.2" learn="0.3"'])
def test_blocks_that_agree_are_no_conflict(play, attributes):
    """The same values in both blocks, or none in either, are nothing to tell."""
    player = two_blocks(play, ("2026-01-01", attributes), ("2026-01-02", attributes))
    staff_page(player)
    assert "Another block" not in staff_page(player)


def test_learners_are_not_told_of_conflicts(play, learner):
    """Only staff can do something about it."""
    player = two_blocks(play, ("2026-01-01", 'prior="0.2"'), ("2026-01-02", 'prior="0.6"'), student=learner)
    staff_page(player)
    assert "Another block" not in staff_page(player)
