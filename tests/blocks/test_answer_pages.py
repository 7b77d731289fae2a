"""What learners read of numbers, texts and several inputs: notes, feedback, tables with inputs in their cells."""

from lxml import html as lxml_html

from adaptive_xblocks.demo.player import right_responses

OLX = """<adaptive_problem_set schema="1"><skill id="a" name="A"/><item id="i" title="T"><step id="s" skills="a">{step}
<hint bottom_out="true">x</hint></step></item></adaptive_problem_set>"""


def answered(play, step, **responses):
    """The reply to an answer on that step."""
    player = play(OLX.format(step=step))
    player.open()
    return player.answer(responses)


def text_of(reply):
    """The words of a reply's page part."""
    return " ".join(lxml_html.fromstring(reply["html"]).text_content().split())


def test_feedback_on_a_right_variant_is_shown_and_announced(play):
    """What the author says to an accepted answer stands beside the verdict, and a screen reader hears it once."""
    step = '<text answer="canté"><accept>yo canté<say>No need for <em>yo</em>.</say></accept></text>'
    reply = answered(play, step, answer="yo canté")
    assert "No need for <em>yo</em>." in reply["html"]
    assert reply["announce"].count("No need for yo") == 1
    assert reply["state"]["done"]


def test_a_note_on_a_right_answer_is_shown_and_announced(play):
    """The accented spelling is read where the step is done, escaped, and announced once."""
    reply = answered(play, '<text answer="caf&#233; &amp; t&#233;" accents="warn"/>', answer="cafe & te")
    assert "With its accents it is written “café &amp; té”." in reply["html"]
    assert reply["announce"].count("it is written") == 1


def test_a_wrong_dimension_is_told_beside_the_input(play):
    """The step stays open, with the sentence in the input's note and nothing that gives the answer."""
    reply = answered(play, '<numeric answer="31" unit="m^2"/>', answer="31 m")
    assert "That is a length; the question asks for an area." in text_of(reply)
    assert not reply["state"]["done"]
    assert "31 m^2" not in reply["html"]


def test_a_missing_unit_costs_nothing(play):
    """It is not read yet."""
    player = play(OLX.format(step='<numeric answer="5" unit="cm"/>'))
    player.open()
    reply = player.answer({"answer": "5"})
    assert "Write the unit too" in text_of(reply)
    assert player.practice.step("s").attempts == 0


MATRIX = """<prompt><p>Multiply by 2.</p><table><caption>The product</caption>
<tr><td>[[input:a]]</td><td>[[input:b]]</td></tr><tr><td>[[input:c]]</td><td>[[input:d]]</td></tr></table></prompt>
<numeric id="a" label="row 1, column 1" answer="2"/><numeric id="b" label="row 1, column 2" answer="4"/>
<numeric id="c" label="row 2, column 1" answer="6"/><numeric id="d" label="row 2, column 2" answer="8"/>"""


def test_a_matrix_is_a_table_with_inputs_in_its_cells(play):
    """Each cell has its input, each input its label, and the table is whole."""
    player = play(OLX.format(step=MATRIX))
    player.open()
    page = lxml_html.fromstring(player.answer({"a": "2", "b": "4", "c": "7", "d": "8"})["html"])
    cells = page.xpath("//form//table[not(ancestor::details)]//td")
    assert [cell.xpath(".//input/@data-ax-input") for cell in cells] == [["a"], ["b"], ["c"], ["d"]]
    assert [cell.xpath(".//input/@value") for cell in cells] == [["2"], ["4"], ["7"], ["8"]]
    assert [cell.xpath(".//input/@data-verdict") for cell in cells] == [["right"], ["right"], ["wrong"], ["right"]]
    labels = [" ".join(label.text_content().split()) for label in page.xpath("//form//table//label")]
    assert labels == [f"row {row}, column {column}" for row in (1, 2) for column in (1, 2)]
    assert page.xpath("//form//button[@type='submit'][not(ancestor::table)]")


def test_a_finished_matrix_keeps_its_table(play):
    """Once done, the answers are listed below it."""
    player = play(OLX.format(step=MATRIX))
    player.open()
    page = lxml_html.fromstring(player.answer(right_responses(player.variant, player.step))["html"])
    assert len(page.xpath("//table//td")) == 4
    assert "2, 4, 6, 8" in page.text_content()


def test_a_cloze_stands_in_its_sentence(play):
    """Texts and a choice are where the author put them, in reading order."""
    step = """<prompt><p>Ayer [[input:v]] con [[input:w]] al [[input:p]].</p></prompt>
    <text id="v" label="verb" answer="fui"/>
    <choice id="w" label="pronoun"><option correct="true">ella</option><option>la</option></choice>
    <text id="p" label="place" answer="cine"/>"""
    player = play(OLX.format(step=step))
    player.open()
    page = lxml_html.fromstring(player.answer({"v": "fui", "w": "", "p": "cine"})["html"])
    found = page.xpath("//form//*[@data-ax-input]/@data-ax-input")
    assert found == ["v", "w", "p"]
    words = " ".join(page.xpath("//form")[0].text_content().split())
    assert words.index("Ayer") < words.index("con") < words.index(" al ")


def test_a_point_in_any_order_is_told_input_by_input(play):
    """The same root twice is right once, and the other says why."""
    step = """<prompt>x is [[input:a]] or [[input:b]].</prompt><numeric id="a" answer="-2"/><numeric id="b" answer="3"/>
    <answer form="any-order" inputs="a b"/>"""
    reply = answered(play, step, a="3", b="3")
    assert "You have that one already" in text_of(reply)
    assert "Part of it is right" not in text_of(reply)
