"""Settings of the whole document: one range, one default, and a word with the author about slips."""

import pytest

from adaptive_xblocks.tutoring.bank import Bank
from adaptive_xblocks.tutoring.document_settings import min_evidence, threshold
from adaptive_xblocks.tutoring.parser import parse_document

TEXT = """<adaptive_problem_set {}><skill id="a" name="A"/><skill id="b" name="B" threshold="0.8"/>
<item id="i"><step skills="a b"><numeric answer="1"/></step></item></adaptive_problem_set>"""


def test_defaults_hold_where_nothing_is_set():
    """0.95 and three successes."""
    document = parse_document(TEXT.format(""))
    assert (threshold(document, "a"), threshold(document, "b"), min_evidence(document)) == (0.95, 0.8, 3)


def test_what_the_author_sets_holds_everywhere():
    """Choosing and declaring use the same threshold."""
    document = parse_document(TEXT.format('threshold="0.9" min_evidence="2"'))
    assert (threshold(document, "a"), min_evidence(document)) == (0.9, 2)
    assert Bank.of(document).thresholds == {"a": 0.9, "b": 0.8}


@pytest.mark.parametrize("setting", [
    'threshold="0.3"', 'threshold="x"', 'min_evidence="0"', 'min_evidence="nan"', 'policy="nonsense"', 'choice="maybe"',
    'grade="best"', 'treshold="0.9"', 'progress="stars"', 'pause="0"', 'pause="121"', 'pause="soon"', 'pause="nan"',
    'pause=""',
])
def test_a_setting_that_is_not_used_is_told(setting):
    """A slip of the pen is a warning with what to write, and the default holds."""
    document = parse_document(TEXT.format(setting))
    fault, = [fault for fault in document.faults if fault.element == "adaptive_problem_set"]
    assert fault.level == "warning" and str(fault.remedy)
    assert (threshold(document, "a"), min_evidence(document)) == (0.95, 3)


@pytest.mark.parametrize("name", ["standard", "adaptive", "support", "accelerate", "choice", "fixed-order"])
def test_every_preset_can_be_written(name):
    """Each preset, and the older name of the standard one, is taken without a word."""
    faults = parse_document(TEXT.format(f'policy="{name}"')).faults
    assert [fault for fault in faults if fault.element == "adaptive_problem_set"] == []


def test_an_unknown_policy_is_told_with_what_there_is():
    """The warning names the line, the value and every policy, and says what holds until then."""
    faults = parse_document("<!-- a line -->\n" + TEXT.format('policy="sporty"')).faults
    fault, = [fault for fault in faults if fault.element == "adaptive_problem_set"]
    assert (fault.line, "sporty" in str(fault.problem)) == (2, True)
    assert all(word in str(fault.remedy) for word in ("support", "accelerate", "choice", "until then standard"))


def test_a_probe_without_problems_is_told():
    """`accelerate` on worked examples alone, or on items without skills, has nothing to find a place with."""
    shown = TEXT.replace('<item id="i"', '<item id="i" format="worked-example"')
    for text, n_told in ((shown, 1), (TEXT.replace('skills="a b"', ""), 1), (TEXT, 0)):
        found = parse_document(text.format('policy="accelerate"')).faults
        assert sum("find a learner" in str(fault.problem) for fault in found) == n_told
    assert not any("find a learner" in str(fault.problem) for fault in parse_document(shown.format("")).faults)
