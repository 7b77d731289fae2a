"""The answer type expression: what authors write, what learners get, what faults are told."""

import pytest
from lxml import etree

from adaptive_xblocks.tutoring.answer_checks import answer_faults
from adaptive_xblocks.tutoring.answers import answer_type
from adaptive_xblocks.tutoring.answers.expression import FORM_MESSAGES
from adaptive_xblocks.tutoring.answers.typing_help import ROWS, rows_for
from adaptive_xblocks.tutoring.faults import Faults
from adaptive_xblocks.tutoring.judging import judge_step
from adaptive_xblocks.tutoring.model import RIGHT, UNREAD, WRONG, Item, Text, Variable
from adaptive_xblocks.tutoring.parser import check_document, parse_document
from adaptive_xblocks.tutoring.reading import ReadContext
from adaptive_xblocks.tutoring.variants import VariantError, make_variant

KIND = answer_type("expression")
VARIABLES = (Variable("a", values="3"), Variable("b", values="-2"), Variable("r", formula="sqrt(2)"))
VARIANT = make_variant(Item("i", "", (), Text(""), variables=VARIABLES), 0)


def spec_of(source: str):
    """The spec of an element in an item with a = 3, b = -2, r = sqrt(2), and its faults."""
    context = ReadContext(Faults(), names={"a", "b", "r"}, path="i/s/answer")
    return KIND.read(etree.fromstring(source), context), context.faults.found


def judged(source: str, raw: object):
    """The verdict of an answer to an element without faults."""
    spec, faults = spec_of(source)
    assert not faults
    return KIND.judge(spec, VARIANT, raw)


@pytest.mark.parametrize(("source", "raw", "kind"), [
    ('<expression answer="(x + a)^2" variables="x"/>', "x^2 + 6x + 9", RIGHT),
    ('<expression answer="(x + a)^2"/>', "x² + 6x + 9", RIGHT),
    ('<expression answer="(x + a)^2"/>', "(x + a)^2", UNREAD),
    ('<expression answer="(x + a)^2"/>', "x^2 + 9", WRONG),
    ('<expression answer="(x + a)^2"/>', ["(3+x)^2"], RIGHT), ('<expression answer="a*x^b"/>', "3/x^2", RIGHT),
    ('<expression answer="{@lcm(a, 4)@}*x"/>', "12x", RIGHT), ('<expression answer="lcm(a, 4)"/>', "12", RIGHT),
    ('<expression answer="lcm(a, 4)"/>', 12, RIGHT), ('<expression answer="b - a"/>', "-5", RIGHT),
    ('<expression answer="sqrt(x^2)" where="x &gt; 0"/>', "x", RIGHT),
    ('<expression answer="sqrt(x^2)"/>', "x", WRONG),
    ('<expression answer="sqrt((x - a)^2)" where="x &gt; a"/>', "x - 3", RIGHT),
    ('<expression answer="sqrt((x - a)^2)" where="x &lt; a"/>', "x - 3", WRONG),
    ('<expression answer="sqrt((x-y)^2)" where="x &gt; y and y &gt; 0"/>', "x - y", RIGHT),
    ('<expression answer="sqrt((1000-x)^2)" where="1000.001 &lt; x &lt; 1000.002"/>', "x - 1000", RIGHT),
    ('<expression answer="2*x" variables="x y"/>', "2x + y - y", RIGHT),
    ('<expression answer="5" variables="x"/>', "x", WRONG),
    ('<expression answer="m*c^2"/>', "mc²", RIGHT),
    ('<expression answer="speed/2" variables="speed"/>', "speed/2", RIGHT),
    ('<expression answer="x+1"/>', True, UNREAD), ('<expression answer="x+1"/>', 1.5, UNREAD),
])  # fmt: skip
def test_equal_algebra_is_right(source, raw, kind):
    """With the item's numbers, in the learner's letters, on the author's domain."""
    assert judged(source, raw).kind == kind


@pytest.mark.parametrize(("form", "answer", "accepted", "not_yet"), [
    ("expanded", "(x + a)^2", ["x^2 + 6x + 9", "9 + x² + 6x"], ["(x+3)^2", "x(x+6) + 9", "x^2 + 3x + 3x + 9"]),
    ("factored", "(x - a)*(x - b)", ["(x+2)(x-3)", "(3-x)(-x-2)"], ["x^2 - x - 6", "x(x-1) - 6"]),
    ("simplified", "x/a", ["x/3", "(1/3)x"], ["2x/6", "x/3 + 0", "x*x/(3x)"]),
])  # fmt: skip
def test_the_wrong_form_is_not_read_yet(form, answer, accepted, not_yet):
    """An equal answer in another form costs nothing and is told what to write; a wrong one is wrong in any form."""
    source = f'<expression answer="{answer}" form="{form}"/>'
    assert [judged(source, text).kind for text in accepted] == [RIGHT] * len(accepted)
    for text in not_yet:
        verdict = judged(source, text)
        assert (verdict.kind, verdict.message.key) == (UNREAD, FORM_MESSAGES[form])
    assert judged(source, f"{accepted[0]} + 1").kind == WRONG


@pytest.mark.parametrize(("source", "solution"), [
    ('<expression answer="(x + a)^2" form="expanded"/>', "x^2 + 6*x + 9"),
    ('<expression answer="(x - a)(x - b)" form="factored"/>', "(x - 3)*(x + 2)"),
    ('<expression answer="b x + {@a^2@}"/>', "-2*x + 9"),
    ('<expression answer="(x^a)/b" form="simplified"/>', "-x^3/2"),
])  # fmt: skip
def test_the_solution_is_typed_in_the_form(source, solution):
    """What simulated learners type is what a person would, multiplied out where that is asked for."""
    spec, _faults = spec_of(source)
    assert KIND.solve(spec, VARIANT) == solution
    assert KIND.judge(spec, VARIANT, solution).kind == RIGHT


@pytest.mark.parametrize(("source", "part"), [
    ("<expression/>", "has no answer"), ('<expression answer="2x +"/>', "missing after"),
    ('<expression answer="1/2x"/>', "below the line"),
    ('<expression answer="{@zz@} x"/>', "zz"), ('<expression answer="{@x"/>', "{@"),
    ('<expression answer="x" variables="2 y"/>', "no letters"),
    ('<expression answer="a" variables="a"/>', "both an unknown"),
    ('<expression answer="y" variables="x"/>', "no y here"),
    ('<expression answer="x" form="short"/>', "short"), ('<expression answer="x" where="x &gt;"/>', "where="),
    ('<expression answer="x" where="z &gt; 0"/>', "does not have"), ('<expression answer="gcd(a, x)"/>', "gcd"),
    ('<expression answer="x" tolerance="1"/>', "")
])  # fmt: skip
def test_faults_of_authors_are_told(source, part):
    """Each with what to do; an unknown attribute is told by the reader of inputs."""
    _spec, faults = spec_of(source)
    assert not part or any(part in str(fault.problem) for fault in faults)
    assert all(str(fault.remedy) for fault in faults)


@pytest.mark.parametrize("source", [
    '<expression answer="sqrt(-1-x^2)"/>', '<expression answer="1/(a-3)"/>', '<expression answer="r*x"/>',
    '<expression answer="x" where="x &gt; x"/>', '<expression answer="{@r@}*x"/>',
    '<expression answer="x^{@10^9@}"/>',
])  # fmt: skip
def test_an_answer_without_value_is_the_authors_fault(source):
    """No point of the domain, a division by zero, a number that is not exact: told when the item is tried."""
    spec, faults = spec_of(source)
    assert not faults
    with pytest.raises(VariantError) as error:
        KIND.solve(spec, VARIANT)
    assert str(error.value.sentence)


DOCUMENT = """<adaptive_problem_set schema="1"><skill id="s" name="S"/>
<misconception id="square-of-sum" name="Squares each"><say>Think of (x + a)(x + a).</say></misconception>
<item id="i"><variable name="a" values="2..9"/><step id="s" skills="s"><prompt>Multiply out.</prompt>
<expression answer="(x + a)^2" variables="x" form="{form}"/>
<wrong answer="x^2 + a^2" misconception="square-of-sum"/>
<hint bottom_out="true">x</hint></step></item></adaptive_problem_set>"""


@pytest.mark.parametrize("typed", ["x^2 + {b}", "{b} + x*x", "(x^3 + {b}x)/x"])
def test_a_wrong_answer_is_recognised_however_it_is_written(typed):
    """Every answer that is equal to the author's wrong expression shows the misconception."""
    item = parse_document(DOCUMENT.format(form="expanded")).items["i"]
    variant = make_variant(item, 1)
    answer = typed.format(b=int(variant.values["a"]) ** 2)
    assert judge_step(variant, item.steps[0], {"answer": answer}).misconception == "square-of-sum"


def test_a_sound_document_has_no_faults():
    """What the guide shows goes live with every number."""
    assert check_document(DOCUMENT.format(form="expanded")) == ()


def test_an_answer_that_lacks_its_own_form_is_told():
    """A product is asked for and the author's answer is none: the item does not go live, and the author reads why."""
    document = parse_document(DOCUMENT.format(form="factored").replace('answer="(x + a)^2"', 'answer="x^2 + a"'))
    faults = answer_faults(document.items["i"], [1]) if document.items else document.faults
    assert any("as a product" in str(fault.problem) for fault in faults)


def test_the_page_shows_what_was_read():
    """A readable answer is shown as a formula, what cannot be read as nothing, on a finished step as it was typed."""
    spec, _faults = spec_of('<expression answer="x/2"/>')
    view = KIND.view(spec, VARIANT)
    assert "<mfrac>" in KIND.laid_out(view, "x/2")["reading"]
    assert KIND.laid_out(view, "x/")["reading"] == ""
    assert "<mfrac>" in KIND.said(spec, VARIANT, "x/2")
    assert KIND.said(spec, VARIANT, "<b>") == '<span dir="auto">&lt;b&gt;</span>'


def test_the_help_shows_rows_that_fit():
    """A step of texts has no help, numbers and expressions each their rows, a mixed step each row once."""
    assert rows_for(["text", "choice"]) == ()
    assert rows_for(["numeric", "numeric"]) == ROWS["numeric"]
    both = rows_for(["expression", "numeric"])
    assert len(both) == len(set(both)) == len(ROWS["numeric"]) + len(ROWS["expression"]) - 1
    assert all("<math" in row.html for row in both)
