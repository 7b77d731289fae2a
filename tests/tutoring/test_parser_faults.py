"""Every fault of a document has a line, an element, a problem and a remedy, and harms nothing beside it."""

import pytest

from adaptive_xblocks.tutoring import parser
from adaptive_xblocks.tutoring.model import ERROR, WARNING
from adaptive_xblocks.tutoring.parser import check_document, parse_document

SOUND = (
    '<item id="sound"><step skills="s"><numeric answer="1"/><hint bottom_out="true">1</hint></step></item>'
)
HINT = '<hint bottom_out="true">x</hint>'


def document(content: str) -> str:
    """A document with a skill, a sound item, and the content on line 3."""
    return f'<adaptive_problem_set><skill id="s" name="S"/>\n{SOUND}\n{content}</adaptive_problem_set>'


def step(content: str, before: str = "") -> str:
    """An item with one step of that content, help included."""
    return f'<item id="i">{before}<step skills="s">{content}{HINT}</step></item>'


LEAVES_OUT = {
    "step without answer": (step("<prompt>?</prompt>"), "step", "nothing to answer"),
    "item without step": ('<item id="i"/>', "item", "no <step>"),
    "skill not declared": (
        '<item id="i"><step skills="zz"><numeric answer="1"/></step></item>',
        "step",
        '"zz"',
    ),
    "duplicate id": (SOUND, "item", "already"),
    "id with a space": (f'<item id="a b">{SOUND[17:-7]}</item>', "item", "cannot be an id"),
    "input placed but not declared": (
        step("<prompt>[[input:x]]</prompt><numeric answer='1'/>"),
        "step",
        "[[input:x]]",
    ),
    "input placed twice": (
        step("<prompt>[[input:answer]] [[input:answer]]</prompt><numeric answer='1'/>"),
        "step",
        "2 times",
    ),
    "two inputs with one id": (
        step('<numeric id="a" answer="1"/><numeric id="a" answer="1"/>'),
        "numeric",
        "Two inputs",
    ),
    "expression syntax": (step('<numeric answer="2 +"/>'), "numeric", "2 +"),
    "division by zero": (step('<numeric answer="1/0"/>'), "numeric", "1/0"),
    "unknown variable": (step('<numeric answer="n"/>'), "numeric", '"n"'),
    "variable used before it is defined": (
        step('<numeric answer="b"/>', '<variable name="b" is="c"/><variable name="c" values="1"/>'),
        "variable",
        '"c"',
    ),
    "variable without values": (
        step('<numeric answer="1"/>', '<variable name="b"/>'),
        "variable",
        "needs either",
    ),
    "variable twice": (
        step('<numeric answer="1"/>', '<variable name="b" is="1"/><variable name="b" is="1"/>'),
        "variable",
        "twice",
    ),
    "variable named like a function": (
        step('<numeric answer="1"/>', '<variable name="gcd" is="1"/>'),
        "variable",
        "gcd",
    ),
    "conditions that nothing satisfies": (
        step('<numeric answer="b"/>', '<variable name="b" values="1..3"/><where>b &gt; 5</where>'),
        "item",
        "satisfies",
    ),
    "expression in a text": (step('<prompt>{@ 1 + @}</prompt><numeric answer="1"/>'), "prompt", "1 +"),
    "expression never closed": (step('<prompt>{@ 1</prompt><numeric answer="1"/>'), "prompt", "closing"),
    "bad difficulty": (f'<item id="i" difficulty="hard">{SOUND[17:-7]}</item>', "item", "difficulty"),
    "bad tolerance": (step('<numeric answer="1" tolerance="much"/>'), "numeric", "tolerance"),
    "unknown form of a number": (step('<numeric answer="1" form="roman"/>'), "numeric", "roman"),
    "answer in a form it cannot have": (
        step('<numeric answer="1/3" form="integer"/>'),
        "step",
        "not accepted",
    ),
    "answer that is no number": (step("<numeric answer=\"'abc'\"/>"), "step", "not a number"),
    "choice without a right option": (
        step("<choice><option>a</option><option>b</option></choice>"),
        "choice",
        "correct",
    ),
    "choice with one option": (
        step('<choice><option correct="true">a</option></choice>'),
        "choice",
        "1 options",
    ),
    "choice where all are right": (
        step('<choice><option correct="true">a</option><option correct="true">b</option></choice>'),
        "choice",
        "Every",
    ),
    "empty option": (step('<choice><option correct="true">a</option><option/></choice>'), "option", "empty"),
    "text without an answer": (step("<text/>"), "text", "no answer"),
    "wrong names no option": (
        step(
            '<choice><option correct="true">a</option><option>b</option></choice><wrong answer="o7">x</wrong>'
        ),
        "wrong",
        "o7",
    ),
    "wrong without an answer": (
        step('<numeric answer="1"/><wrong>x</wrong>'),
        "wrong",
        "one answer for each input",
    ),
    "wrong with too few answers": (
        step(
            '<numeric id="a" answer="1"/><numeric id="b" answer="1"/><wrong inputs="a b" answer="2">x</wrong>'
        ),
        "wrong",
        "one answer for each input",
    ),
    "unknown form of an answer": (
        step('<numeric answer="1"/><answer form="x" inputs="answer"/>'),
        "answer",
        '"x"',
    ),
    "form with the wrong inputs": (
        step('<numeric answer="1"/><answer form="equivalent-ratio" inputs="answer"/>'),
        "answer",
        "2 numeric inputs",
    ),
    "help that waits for itself": (
        step('<numeric answer="1"/><hint id="a" after="b">a</hint><hint id="b" after="a">b</hint>'),
        "hint",
        "a, b",
    ),
    "two pieces of help with one id": (
        step('<numeric answer="1"/><hint id="a">a</hint><hint id="a">b</hint>'),
        "hint",
        "Two pieces",
    ),
    "scaffolds nested too deep": (
        step('<numeric answer="1"/>' + '<scaffold><numeric answer="1"/>' * 5 + "</scaffold>" * 5),
        "scaffold",
        "nested",
    ),
}


@pytest.mark.parametrize(("content", "element", "words"), LEAVES_OUT.values(), ids=LEAVES_OUT.keys())
def test_a_faulty_item_is_left_out_and_its_neighbour_lives(content, element, words):
    """The item is named with its fault, line and remedy; the sound item stays."""
    found = parse_document(document(content))
    assert list(found.items) == ["sound"]
    [left_out] = found.left_out
    fault = next(fault for fault in left_out.faults if fault.element == element)
    assert words in str(fault.problem)
    assert (fault.level, fault.line, fault.item) == (ERROR, 3, left_out.id)
    assert str(fault.remedy)


WARNS = {
    "unknown element": (step('<numeric answer="1"/><video/>'), "video", "not known"),
    "unknown attribute": (step('<numeric answer="1" colour="red"/>'), "numeric", '"colour"'),
    "text outside": (step('<numeric answer="1"/>lost'), "step", '"lost"'),
    "answer inside a text": (
        step('<prompt><numeric answer="1"/></prompt><numeric answer="1"/>'),
        "numeric",
        "inside",
    ),
    "missing id": (f"<item>{SOUND[17:-7]}</item>", "item", "has no id"),
    "no skill": ('<item id="i"><step><numeric answer="1"/></step></item>', "step", "no skill"),
    "no help": ('<item id="i"><step skills="s"><numeric answer="1"/></step></item>', "step", "no help"),
    "misconception unknown": (
        step('<numeric answer="1"/><wrong answer="2" misconception="m"/>'),
        "wrong",
        '"m"',
    ),
    "wrong that says nothing": (step('<numeric answer="1"/><wrong answer="2"/>'), "wrong", "says nothing"),
    "help that waits for nothing known": (
        step('<numeric answer="1"/><hint after="zz">x</hint>'),
        "hint",
        "zz",
    ),
    "bottom-out not last": (
        f'<item id="i"><step skills="s"><numeric answer="1"/>{HINT}<hint>y</hint></step></item>',
        "hint",
        "shown last",
    ),
    "two bottom-outs": (
        f'<item id="i"><step skills="s"><numeric answer="1"/>{HINT}{HINT}</step></item>',
        "hint",
        "More",
    ),
    "empty hint": (step('<numeric answer="1"/><hint/>'), "hint", "empty"),
    "easier names nothing": (f'<item id="i" easier="zz">{SOUND[17:-7]}</item>', "item", "zz"),
    "two prompts": (step('<prompt>a</prompt><prompt>b</prompt><numeric answer="1"/>'), "prompt", "second"),
    "options alike": (
        step('<choice><option correct="true">a</option><option>b</option><option>b</option></choice>'),
        "choice",
        "same",
    ),
    "skill without items": ('<skill id="t" name="T"/>', "skill", '"t"'),
    "skill without a name": ('<skill id="t"/>', "skill", "no name"),
    "misconception on a right option": (
        step('<choice><option correct="true" misconception="m">a</option><option>b</option></choice>'),
        "option",
        "no misconception",
    ),
    "picture without alt": (
        step('<prompt><p><img src="a.png"/></p></prompt><numeric answer="1"/>'),
        "img",
        "cannot see",
    ),
    "input placed outside its step": (
        step('<numeric answer="1"/>', "<prompt>[[input:answer]]</prompt>"),
        "prompt",
        "places an input",
    ),
    "unknown direction": (step('<prompt dir="up">a</prompt><numeric answer="1"/>'), "prompt", "no direction"),
    "sometimes divided by zero": (
        step('<numeric answer="1/b"/>', '<variable name="b" values="0..1"/>'),
        "step",
        "cannot be computed",
    ),
}


@pytest.mark.parametrize(("content", "element", "words"), WARNS.values(), ids=WARNS.keys())
def test_what_may_be_a_mistake_is_told_and_nothing_is_left_out(content, element, words):
    """A warning names line and remedy and leaves every item alive."""
    found = parse_document(document(content))
    assert not found.left_out
    fault = next(fault for fault in found.faults if fault.element == element and words in str(fault.problem))
    assert (fault.level, fault.line) == (WARNING, 3)
    assert str(fault.remedy)


PARTS = {
    "requires unknown": ('<skill id="t" name="T" requires="zz"/>', "skill", '"zz"'),
    "duplicate skill": ('<skill id="s" name="S"/>', "skill", "already"),
    "bad parameter": ('<skill id="t" name="T" guess="often"/>', "skill", "guess"),
    "impossible parameters": ('<skill id="t" name="T" guess="0.6" slip="0.5"/>', "skill", "guess"),
    "bad threshold": ('<skill id="t" name="T" threshold="2"/>', "skill", "threshold"),
    "duplicate misconception": ('<misconception id="m"/><misconception id="m"/>', "misconception", "already"),
    "remediation without item": ('<misconception id="m" remediation="item:zz"/>', "misconception", "item:zz"),
}


@pytest.mark.parametrize(("content", "element", "words"), PARTS.values(), ids=PARTS.keys())
def test_a_faulty_part_of_the_document_leaves_items_alone(content, element, words):
    """Skills and misconceptions with faults are told as errors that belong to no item."""
    found = parse_document(document(content))
    assert list(found.items) == ["sound"]
    fault = next(fault for fault in found.errors if fault.element == element)
    assert words in str(fault.problem)
    assert (fault.line, fault.item) == (3, None)


def test_a_cycle_of_prerequisites_is_named_and_opened():
    """Skills that require each other lose these requirements, so that nobody is stranded; no others do."""
    text = document(
        '<skill id="a" name="A" requires="c s"/><skill id="b" name="B" requires="a"/>'
        '<skill id="c" name="C" requires="b"/><skill id="d" name="D" requires="c"/>'
    )
    found = parse_document(text)
    assert "a → c → b → a" in str(found.errors[0].problem)
    assert {name: skill.requires for name, skill in found.skills.items()} == {
        "s": (), "a": ("s",), "b": (), "c": (), "d": ("c",),
    }  # fmt: skip


def test_a_rung_that_cannot_be_shown_is_left_out_of_the_ladder():
    """A misconception's message with an item's variable in it is an error and is not used."""
    found = parse_document(
        document('<misconception id="m"><say>{@b@}</say><say repeat="2">x</say></misconception>')
    )
    assert [say.repeat for say in found.misconceptions["m"].says] == [2]
    assert '"b"' in str(found.errors[0].problem)


def test_faulty_parameters_are_not_used():
    """Parameters that cannot be are left out, so that the defaults are in force."""
    assert (
        parse_document(document('<skill id="t" name="T" guess="0.6" slip="0.5"/>')).skills["t"].parameters
        == {}
    )


def test_entities_are_refused():
    """A document type is refused with a sentence; nothing is expanded."""
    text = '<!DOCTYPE a [<!ENTITY x "boom">]><adaptive_problem_set>&x;</adaptive_problem_set>'
    [fault] = parse_document(text).faults
    assert "DOCTYPE" in str(fault.problem)


def test_an_html_entity_is_explained():
    """An entity that HTML knows and XML does not gets the line and a remedy of its own."""
    [fault] = parse_document("<adaptive_problem_set>\n\n&nbsp;</adaptive_problem_set>").faults
    assert (fault.line, "&#160;" in str(fault.remedy)) == (3, True)


def test_a_control_character_is_explained():
    """A character that no XML may hold gets its line and a remedy of its own."""
    [fault] = parse_document("<adaptive_problem_set>\n\x08</adaptive_problem_set>").faults
    assert (fault.line, "control character" in str(fault.remedy)) == (2, True)


def test_external_entities_are_not_read(tmp_path):
    """No file is opened for a document."""
    secret = tmp_path / "secret"
    secret.write_text("secret")
    doctype = f'<!DOCTYPE a [<!ENTITY x SYSTEM "{secret.as_uri()}">]>'
    text = f"{doctype}<adaptive_problem_set>&x;</adaptive_problem_set>"
    assert "secret</" not in str(parse_document(text))


def test_a_text_beyond_the_bound_is_refused():
    """Eight megabytes are the most that is read."""
    [fault] = parse_document("<adaptive_problem_set>" + " " * 8_000_000 + "</adaptive_problem_set>").faults
    assert "8,000,000" in str(fault.problem)


def test_deep_nesting_is_refused():
    """Elements nested thousands of levels deep are an error, not a crash."""
    text = "<adaptive_problem_set>" + "<b>" * 5000 + "</b>" * 5000 + "</adaptive_problem_set>"
    assert parse_document(text).errors


def test_deep_nesting_in_a_text_is_read():
    """What the XML reader still takes the texts take too."""
    text = document(step("<prompt>" + "<b>" * 240 + "</b>" * 240 + '</prompt><numeric answer="1"/>'))
    assert "i" in parse_document(text).items


def test_faults_are_counted_up_to_a_bound():
    """A document full of faults tells the first thousand and still knows which items are sound."""
    text = document("".join(f'<item id="x{number}"/>' for number in range(1500)))
    found = parse_document(text)
    assert (len(found.faults), len(found.left_out), list(found.items)) == (1000, 1500, ["sound"])


def test_items_beyond_the_bound_are_told(monkeypatch):
    """The number of items is bounded, and the bound is said."""
    monkeypatch.setattr(parser, "MAX_ITEMS", 1)
    found = parse_document(document(step('<numeric answer="1"/>')))
    assert list(found.items) == ["sound"]
    assert "1 are read" in str(found.errors[0].problem)


def test_another_root_is_refused():
    """A platform problem that was pasted in is told apart from ours."""
    [fault] = parse_document("<problem>x</problem>").faults
    assert "<problem>" in str(fault.problem)


@pytest.mark.parametrize("items", ["", SOUND + SOUND.replace("sound", "second")])
def test_a_tutor_holds_exactly_one_item(items):
    """No item or two are an error of the tutor."""
    found = parse_document(f'<hint_tutor><skill id="s" name="S"/>{items}</hint_tutor>')
    assert "items" in str(found.errors[0].problem)


def test_a_wrong_rule_that_is_sometimes_right_is_told_by_the_check():
    """The editor's check finds the numbers with which a wrong answer is the right one."""
    item = step(
        '<numeric answer="2 * b"/><wrong answer="b ^ 2">Twice.</wrong>', '<variable name="b" values="1..3"/>'
    )
    [fault] = [fault for fault in check_document(document(item)) if fault.element == "wrong"]
    assert "when b = 2" in str(fault.problem)


def test_an_answer_that_sometimes_has_no_value_is_told_by_the_check():
    """The editor's check finds the numbers with which the answer divides by zero."""
    item = step('<numeric answer="6 / (b - 7)"/>', '<variable name="b" values="1..9"/>')
    fault = next(fault for fault in check_document(document(item)) if fault.element == "step")
    assert "b = 7" in str(fault.problem)
