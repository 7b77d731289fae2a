"""Content in and out: the stored text is the truth, and export and import do not change it."""

import pytest
from lxml import etree
from workbench.scenarios import add_xml_scenario, get_scenarios, remove_scenario
from xblock.field_data import DictFieldData
from xblock.fields import ScopeIds
from xblock.test.tools import TestRuntime

from adaptive_xblocks.problem_set import AdaptiveProblemSetBlock
from tests.blocks.conftest import problem_set

STRANGE = """<adaptive_problem_set schema="1"   display_name='Odd' future="kept">
  <!-- a comment   with  space -->
\t<skill id="s" name="ﬁrst &amp; last"/>
  <unknown a="1"><b/></unknown>
  <item id="i"><prompt><pre>
   two
     four </pre>{@1@} ]]&gt; é</prompt><step id="s1" skills="s"><numeric answer="1 &lt; 2"/></step></item>
</adaptive_problem_set>
"""


def exported(block):
    """A block's OLX file as the platform writes it."""
    node = etree.Element("unknown")
    block.add_xml_to_node(node)
    return etree.tostring(node, encoding="unicode")


def imported(olx):
    """A block read from an OLX file, as the platform reads it: blank text dropped."""
    runtime = TestRuntime(services={"field-data": DictFieldData({})})
    parser = etree.XMLParser(remove_blank_text=True, remove_comments=False)
    node = etree.fromstring(olx, parser)
    keys = ScopeIds("user", "adaptive_problem_set", "def", "usage")
    return AdaptiveProblemSetBlock.parse_xml(node, runtime, keys)


@pytest.mark.parametrize("content", [STRANGE, problem_set(), "<adaptive_problem_set/>", "broken <", " spaced \n\n "])
def test_three_cycles_of_export_and_import_change_nothing(content):
    """The text stays the same byte for byte, comments, order, unknown attributes and blank space included."""
    block = imported("<adaptive_problem_set/>")
    block.content = content
    first = exported(block)
    for _ in range(3):
        block = imported(exported(block))
        assert block.content == content
    assert exported(block) == first


def test_text_that_cdata_cannot_hold_is_kept_too():
    """Even the end mark of CDATA survives."""
    block = imported("<adaptive_problem_set/>")
    block.content = "<a>]]></a>"
    assert imported(exported(block)).content == "<a>]]></a>"


def test_hand_written_elements_are_the_content():
    """Nested elements become the text of the document, with its own attributes, and no child blocks."""
    block = imported(f'<adaptive_problem_set url_name="abc" threshold="0.9">{problem_set()[62:-25]}'
                     "</adaptive_problem_set>".replace("\n", ""))
    assert not block.has_children
    assert 'threshold="0.9"' in block.content
    assert "url_name" not in block.content


def test_settings_travel_as_attributes():
    """Weight, tries, title and draft come back; the schema is always written."""
    block = imported("<adaptive_problem_set/>")
    block.weight, block.max_attempts, block.display_name = 2.5, 3, "Título"
    block.draft = "<broken\n & draft"
    text = exported(block)
    again = imported(text)
    assert 'schema="1"' in text
    assert (again.weight, again.max_attempts, again.display_name) == (2.5, 3, "Título")
    assert again.draft == block.draft


def test_learner_state_is_never_exported(play):
    """An exported course holds nobody's answers."""
    player = play()
    player.open()
    player.finish_item()
    text = exported(player.block)
    assert "evidence_log" not in text and "adaptive_xblocks_record" not in text and "practice" not in text


def test_the_workbench_shows_the_packages_scenarios():
    """There is at least one scenario, and its text is the file's, not a rendered template."""
    scenarios = dict(AdaptiveProblemSetBlock.workbench_scenarios())
    assert "{@" in scenarios["Adding fractions"]


def test_a_freshly_dropped_block_works(client, learner):
    """A block without any content of its own shows a small working example."""
    get_scenarios()
    add_xml_scenario("fresh", f"fresh {learner}", "<adaptive_problem_set/>")
    try:
        page = client.get(f"/scenario/fresh/?student={learner}").content.decode()
    finally:
        remove_scenario("fresh")
    assert 'data-serving="1"' in page


def test_blocks_of_the_suite_have_no_children():
    """Studio's paste would turn our elements into child blocks."""
    assert AdaptiveProblemSetBlock.has_children is False
