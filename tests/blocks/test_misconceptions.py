"""A misconception is recognised across problems: its words climb, and its remedy comes next."""

import pytest

from adaptive_xblocks.demo.player import right_responses, wrong_responses

WRONGS = (
    '<numeric answer="a + b"/><wrong answer="a * b" misconception="multiplies"/>',
    '<numeric answer="a + b"/><wrong between="[a * b, a * b + 1/2)" misconception="multiplies">Not {@a * b@}.</wrong>',
    '<text answer="sum"/><wrong pattern="products?" misconception="multiplies"/>',
)
ITEMS = "".join(
    f"""<item id="plain-{number}"><variable name="a" values="3..9"/><variable name="b" values="3..9"/>
    <step id="s" skills="add"><prompt>Put {{@a@}} and {{@b@}} together.</prompt>{answer}
    <hint bottom_out="true">Add.</hint></step></item>"""
    for number, answer in enumerate(WRONGS)
)
REMEDY = """<item id="remedy" difficulty="3">{variable}<step id="s" skills="add"><prompt>Count on from {{@c@}}.</prompt>
<numeric answer="c + 1"/><hint bottom_out="true">One more.</hint></step></item>"""
OLX = """<adaptive_problem_set schema="1" min_evidence="9"><skill id="add" name="Adding"/>
<misconception id="multiplies" name="Multiplies" skills="add" remediation="item:remedy">
<say>FIRST</say><say repeat="2">SECOND</say><say repeat="3">THIRD</say></misconception>{items}</adaptive_problem_set>"""
DRAWN = '<variable name="c" values="1..50"/>'


def mistaken(player):
    """The reply to the planted mistake; the problem is then finished."""
    step = player.step
    reply = player.answer(wrong_responses(player.variant, step, "multiplies") or {step.inputs[0].id: "product"})
    player.answer(right_responses(player.variant, player.step))
    return reply["html"]


def through_three(player):
    """What three problems with the mistake said, and what came after each."""
    said, came = [], []
    player.open()
    while len(said) < 3:
        if player.practice.item == "remedy":
            player.finish_item()
        else:
            said.append(mistaken(player))
            player.next()
            came.append(player.practice.item)
            continue
        player.next()
    return said, came


def test_the_second_and_third_time_say_more(play):
    """In three different problems, recognised by value, interval and pattern, the words climb the ladder."""
    player = play(OLX.format(items=ITEMS + REMEDY.format(variable=DRAWN)))
    said, _came = through_three(player)
    for words, html in zip(("FIRST", "SECOND", "THIRD"), said):
        assert [one for one in ("FIRST", "SECOND", "THIRD") if one in html] in ([words], [])
    assert "SECOND" in said[1] and "THIRD" in said[2]
    assert player.practice.misconceptions == {"multiplies": 3}


@pytest.mark.parametrize("variable", [DRAWN, '<variable name="c" is="5"/>'])
def test_the_remedy_comes_next_once(play, variable):
    """It follows the first of the three mistakes; no problem is asked again while there are fresh ones."""
    player = play(OLX.format(items=ITEMS + REMEDY.format(variable=variable)))
    _said, came = through_three(player)
    assert came[0] == "remedy" and came.count("remedy") == 1


def test_an_error_without_a_misconception_brings_no_remedy(play):
    """The misconception of an earlier problem is not held against the learner in the next."""
    player = play(OLX.format(items=ITEMS + REMEDY.format(variable=DRAWN)))
    player.open()
    mistaken(player)
    player.next()
    player.finish_item()
    player.next()
    first = player.step.inputs[0]
    player.answer({first.id: "999" if first.type == "numeric" else "nothing"})
    player.answer(right_responses(player.variant, player.step))
    player.next()
    assert player.practice.item != "remedy"
