"""Content with faults: learners meet what is sound, staff read what is not and what to do."""

import pytest

from adaptive_xblocks.demo.player import right_responses
from tests.blocks.conftest import problem_set
from tests.blocks.test_viewers import view

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
