"""One item or one answer that means harm takes little time and memory, whatever it is made of."""

import time
import tracemalloc

import pytest

from adaptive_xblocks.tutoring.answer_checks import is_playable, lasting_faults
from adaptive_xblocks.tutoring.answers.registry import BUILT_IN
from adaptive_xblocks.tutoring.expressions import Budget
from adaptive_xblocks.tutoring.judging import judge_step
from adaptive_xblocks.tutoring.model import RIGHT, UNREAD, WRONG, Item, Text, Variable
from adaptive_xblocks.tutoring.parser import parse_document
from adaptive_xblocks.tutoring.rich_text import MAX_FORMULAS, render_html
from adaptive_xblocks.tutoring.tex import tex_to_html, tex_to_text
from adaptive_xblocks.tutoring.variants import MAX_TEXT, VariantError, count_variants, make_variant

LATE = 4  # seconds of CPU time: nothing hangs; a busy test run also collects garbage
MOST_BYTES = 50_000_000
UP_TO = 'values="1..'
LONG_SUM = "+".join(["sqrt(a)"] * 200)

ITEMS = {
    "never true": f'<variable name="a" {UP_TO}1000"/><variable name="b" {UP_TO}1000"/><where>a + b &lt; 0</where>',
    "nearly never true": f'<variable name="a" {UP_TO}70"/><variable name="b" {UP_TO}70"/><where>a * b = 4761</where>',
    "slow and never true": f'<variable name="a" values="1..999"/><where>{LONG_SUM} &lt; 0</where>',
    "a hundred slow conditions": f'<variable name="a" values="1..999"/>{f"<where>{LONG_SUM} > 0</where>" * 60}',
    "a hundred variables": "".join(f'<variable name="v{n}" values="1..1000"/>' for n in range(100)),
    "a chain of variables": '<variable name="v0" values="2..9"/>' + "".join(
        f'<variable name="v{n + 1}" is="v{n} * v{n}"/>' for n in range(99)),
    "nested ranges": '<variable name="a" values="1..1000"/>' + "".join(
        f'<variable name="v{n}" values="1..a"/>' for n in range(90)),
    "long lists": "".join(f'<variable name="v{n}" is="1..1000"/>' for n in range(100)),
    "lists of lists": '<variable name="l" is="[1..30]"/><variable name="m" is="[l,l,l,l,l,l,l,l,l,l]"/>'
                      '<variable name="n" is="[m,m,m,m]"/>',
    "texts that repeat": f"""<variable name="t" is="'{"x" * 900}'"/><prompt>{"{@t@}" * 9_000}</prompt>""",
    "lists that repeat": '<variable name="l" is="1..900"/><prompt>' + "{@l@}" * 9_000 + "</prompt>",
    "slow placeholders": '<variable name="a" values="1..999"/><prompt>' + ("{@" + LONG_SUM + "@}") * 50 + "</prompt>",
    "many placeholders": '<variable name="a" values="1..9"/><prompt>' + "{@a@}" * 15_000 + "</prompt>",
    "huge powers": '<variable name="a" values="2..9"/><variable name="b" is="a ^ (10 ^ 50)"/>',
    "towers": '<variable name="a" values="2..9"/><variable name="b" is="' + "a ^ " * 50 + 'a"/>',
    "factorials": f'<variable name="a" {UP_TO}47"/><variable name="b" is="{" * ".join(["factorial(a)"] * 99)}"/>',
    "1e308": '<variable name="a" is="10 ^ 308"/><variable name="b" is="exp(709) * exp(709)"/>',
    "a million digits": f'<variable name="a" is="{"9" * 90_000}"/>',
    "deep brackets": f'<variable name="a" is="{"(" * 900}1{")" * 900}"/>',
    "many signs": f'<variable name="a" is="{"-" * 1_900}1"/>',
    "slow answers": '<variable name="a" values="1..999"/>' + f'<step><numeric answer="{LONG_SUM}"/></step>' * 30,
    "many inputs": "<step>" + "".join(f'<numeric id="n{n}" answer="{n}"/>' for n in range(50)) + "</step>",
    "many rules": '<step><numeric id="a" answer="1"/><numeric id="b" answer="1"/>'
                  + '<answer form="equivalent-ratio" inputs="a b"/>' * 100 + "</step>",
    "many wrong answers": '<step><numeric answer="1"/>' + "".join(
        f'<wrong answer="{n + 2}">x</wrong>' for n in range(100)) + "</step>",
    "many formulas to choose from": '<step><choice><option correct="true">1</option>' + "".join(
        rf"<option>\({'x+' * 800}{n}\)</option>" for n in range(49)) + "</choice></step>",
    "many formulas to accept": '<step><text answer="1">' + "".join(
        rf"<accept>\({'x+' * 450}{n}\)</accept>" for n in range(99)) + "</text></step>",
    "many wrong expressions": '<step><expression answer="(x+1)^9+sqrt(x^2+1)"/>' + "".join(
        f'<wrong answer="(x+{n})^{n % 7 + 2}+sqrt(x^2+{n})">x</wrong>' for n in range(100)) + "</step>",
    "long products of units": f'<step><numeric answer="1" unit="{"*".join(["kg"] * 500)}"/></step>',
    "huge powers of units": '<step><numeric answer="1" unit="m**999999"/></step>',
    "towers in an answer": '<step><expression answer="9^9^9^9" variables="x"/></step>',
    "great exponents in an answer": '<step><expression answer="(x+1)^(10^10)" form="expanded"/></step>',
    "many factors": f'<step><expression answer="{"*".join("abcdfghjklmnopqrstuvwxyz" * 8)}" form="factored"/></step>',
    "many terms": '<step><expression answer="(a+b+c+d+f+g)^40" form="expanded"/></step>',
    "towers in a condition": '<step><expression answer="x" where="x^9^9^9 &gt; 0"/></step>',
    "towers in an interval": '<step><numeric between="[1, 9^9^9^9)"/></step>',
    "a slow condition on answers": '<step><numeric id="a" answer="1"/><numeric id="b" answer="2"/>'
                                   f'<answer where="{"*".join(["(a+b/7)^99"] * 100)} = b" inputs="a b"/></step>',
    "many lines": "<step><order>" + "".join(f"<line>{n}</line>" for n in range(2_900)) + "</order></step>",
    "many pairs": "<step><match>" + "".join(
        f"<pair><left>{n}</left><right>{n}</right></pair>" for n in range(900)) + "</match></step>",
    "lines of formulas": "<step><order>" + "".join(
        rf"<line>\({'x+' * 800}{n}\)</line>" for n in range(49)) + "</order></step>",
}  # fmt: skip
#: Eight expressions in any order, and a hundred answers to all of them that are wrong.
ANY_ORDER = "".join(f'<expression id="e{n}" answer="(x+{n})^9" variables="x"/>' for n in range(8)) + (
    f'<answer form="any-order" inputs="{" ".join(f"e{n}" for n in range(8))}"/>')


def measured(work):
    """What the work gives; an assertion unless it ends soon, and in little memory the second time."""
    begun = time.process_time()
    result = work()
    assert time.process_time() - begun < LATE
    tracemalloc.start()
    try:
        work()
        assert tracemalloc.get_traced_memory()[1] < MOST_BYTES
    finally:
        tracemalloc.stop()
    return result


def document_of(content):
    """A document of one item with that content and a plain step."""
    plain = '<step skills="s"><numeric answer="1"/></step>'
    return f'<adaptive_problem_set><skill id="s" name="S"/><item id="i">{content}{plain}</item></adaptive_problem_set>'


@pytest.mark.parametrize("name", ITEMS)
def test_one_item_takes_little_to_read_and_to_try(name):
    """Reading it, drawing its values, working out its texts and answers ends in a fault or in the item, in bounds."""
    found = measured(lambda: parse_document(document_of(ITEMS[name])))
    assert found.items or found.errors
    for item in found.items.values():
        assert measured(lambda item=item: is_playable(item, 7)) in (True, False)
        measured(lambda item=item: lasting_faults(item, Budget(10**6)))
        measured(lambda item=item: count_variants(item))


def test_an_answer_is_compared_with_so_many_wrong_ones_and_no_more():
    """In any order each answer is compared with each: a thousand comparisons are read, of more authors are told."""
    def rules(count):
        names = " ".join(f"e{n}" for n in range(8))
        answers = (", ".join(f"(x+{n + number})^8" for n in range(8)) for number in range(count))
        return ANY_ORDER + "".join(f'<wrong inputs="{names}" answer="{answer}">x</wrong>' for answer in answers)

    found = parse_document(document_of(f'<step skills="s">{rules(15)}</step>'))
    item = found.items["i"]
    typed = {f"e{n}": f"(x+{n + 1})^7+ln(x^2+1)" for n in range(8)}
    variant = make_variant(item, 1)
    assert measured(lambda: judge_step(variant, item.steps[0], typed)).kind == WRONG
    found = parse_document(document_of(f'<step skills="s">{rules(16)}</step>'))
    assert "i" not in found.items
    assert str(found.errors[0].problem) == "An answer to this step is compared 1024 times with wrong ones."


def test_a_text_may_not_grow_without_end():
    """The bound is said with the text; up to it a text is shown."""
    item = Item("i", "", (), Text(""), variables=(Variable("t", formula="'" + "x" * 1_000 + "'"),))
    assert len(make_variant(item, 1).text(Text("{@t@}" * (MAX_TEXT // 1_000)))) == MAX_TEXT
    with pytest.raises(VariantError, match="at most 50,000 characters"):
        make_variant(item, 1).text(Text("{@t@}" * (MAX_TEXT // 1_000 + 1)))


def test_the_lists_of_one_item_are_bounded():
    """What is kept for each learner is small; the sentence says the bound."""
    variables = tuple(Variable(f"v{n}", formula="1..1000") for n in range(3))
    with pytest.raises(VariantError, match="more than 2,000 elements together"):
        make_variant(Item("i", "", (), Text(""), variables=variables), 1)


DEEP = [r"\sqrt{" * 300 + "x" + "}" * 300, r"\frac{" * 280 + "1" + "}{2}" * 140, "x^{" * 600 + "y" + "}" * 600,
        "{" * 990 + "x" + "}" * 990, r"\left(" * 120 + r"\right)" * 120, r"\begin{matrix}" * 60 + r"\end{matrix}" * 60,
        r"\hat" * 480 + "x", r"\over" * 390, "_{^{" * 400]  # fmt: skip


@pytest.mark.parametrize("tex", DEEP)
def test_deep_formulas_are_shown_as_they_were_written(tex):
    """Nesting beyond forty levels, closed or not, is no formula: it is text, and soon."""
    tex = tex[:2_000]
    html = measured(lambda: tex_to_html.__wrapped__(tex))
    assert "<math" not in html or html.count("<m") < 3_000
    assert measured(lambda: tex_to_text.__wrapped__(tex))
    assert measured(lambda: render_html(rf"\({tex}\)"))


def test_a_text_full_of_formulas_is_shown_untypeset():
    """Beyond ten thousand characters of TeX all of it is shown as it was written, and authors are told."""
    enough, too_much = r"\(x+1\) " * (MAX_FORMULAS // 3), r"\(x+1\) " * (MAX_FORMULAS // 3 + 1)
    assert "<math" in render_html(enough)
    assert "<math" not in measured(lambda: render_html(too_much))
    found = parse_document(document_of(f"<prompt>{too_much}</prompt>"))
    assert any("they are not typeset" in str(fault.problem) for fault in found.faults)


ANSWERS = {
    "100,000 digits": "9" * 100_000, "200 digits": "9" * 200, "a fraction of digits": "9" * 99 + "/" + "7" * 99,
    "a great exponent": "1e999999", "a small exponent": "1e-60", "many exponents": "1e1e1e1",
    "Arabic digits": "٣" * 199, "Bengali digits": "৩", "mathematical digits": "𝟛𝟜", "circled digits": "③",
    "superscripts": "³", "vulgar fractions": "½" * 100, "a roman numeral": "Ⅳ", "Chinese numerals": "三",
    "combining marks": "3" + "\u0301\u0323" * 30_000, "Zalgo": "3" + "\u0301\u0323" * 90,
    "right to left": "\u202e3\u202c", "isolates": "\u2066\u2067\u20683\u2069" * 40, "zero width": "\u200b3\u200d\ufeff",
    "variation selectors": "3\ufe0f\u20e3", "tags": "3\U000e0041", "NUL": "3\x00", "only NUL": "\x00" * 200,
    "half a pair": "3\ud800", "other half": "\udfff3", "private use": "\ue000" * 500, "unassigned": "\U0003ffff",
    "ligatures": "ﷺ" * 500, "brackets": "(" * 60_000, "slashes": "/" * 60_000, "spaces": " " * 60_000,
    "backslashes": "\\" * 199, "dollars": "$" * 199, "TeX": r"\frac{" * 30, "minus signs": "-" * 199,
    "points": "." * 199,
    "commas": "1," * 99, "handles": "1 2 " * 9_000, "indents": "1:1 2:8:8 3:-1", "pairs": "1=2=1 2=1 1=1",
    "all handles": " ".join(map(str, range(99))), "handles and signs": "\u200f1 2\u2066 3",
    "apostrophes": "1'" * 99, "percents": "%" * 199, "equals": "=" * 199, "nothing": "",
    "markup": "<script>alert(1)</script>", "infinity": "inf", "not a number": "nan", "hexadecimal": "0x10",
    "underscores": "1_000", "a list": ["3"], "a long list": ["3"] * 10_000, "an object": {"a": 1}, "true": True,
    "a number": 3, "a float": float("nan"), "an infinite float": float("inf"), "none": None, "bytes": b"3",
}  # fmt: skip
STEPS = {
    "numeric": '<numeric answer="3"/><wrong answer="4">x</wrong>',
    "numeric with a form": '<numeric answer="3/4" form="mixed" percent="allow" tolerance="1%"/>'
                           '<wrong answer="4">x</wrong>',
    "text": '<text answer="3" accents="ignore"><accept pattern="[3-5]+"/></text><wrong pattern="(a|aa)+">x</wrong>',
    "exact text": '<text answer="drei" case="exact"/><wrong answer="3">x</wrong>',
    "choice": '<choice><option correct="true">3</option><option>4</option></choice>',
    "choices": '<choices><option correct="true">3</option><option>4<say>x</say></option></choices>'
               '<wrong answer="o2">x</wrong>',
    "order": '<order indent="true" code="true"><line>3</line><line indent="1">4</line><extra>5</extra></order>'
             '<wrong answer="e1">x</wrong>',
    "match": '<match><pair><left>3</left><right>4</right></pair><pair><left>4</left><right>5</right></pair></match>'
             '<wrong answer="p1=p2">x</wrong>',
    "match with groups": '<match><group name="3"><member>4</member></group><group name="5"><member>6</member></group>'
                         '</match>',
    "expression": '<expression answer="(x+1)^2" variables="x" form="factored"/><wrong answer="x^2+1">x</wrong>',
    "numeric with units": '<numeric answer="3" unit="kg*m/s^2" units="optional"/><wrong between="[1, 2]">x</wrong>',
    "text with slips": '<text answer="tres veces" accents="warn" typos="2"><accept>3</accept></text>'
                       '<wrong answer="dos">x</wrong>',
    "two numbers": '<numeric id="answer" answer="3"/><numeric id="b" answer="4"/>'
                   '<answer form="equivalent-ratio" inputs="answer b"/>',
}  # fmt: skip


@pytest.mark.parametrize("kind", STEPS)
@pytest.mark.parametrize("name", ANSWERS)
def test_one_answer_takes_little_to_judge(kind, name):
    """Whatever is typed is right, wrong or not read, soon; what is kept of it for staff is at most 80 characters."""
    item = parse_document(document_of(f'<step skills="s">{STEPS[kind]}</step>')).items["i"]
    variant = make_variant(item, 1)
    verdict = measured(lambda: judge_step(variant, item.steps[0], {"answer": ANSWERS[name], "b": "4"}))
    assert verdict.kind in (RIGHT, WRONG, UNREAD)
    assert all(len(one.value) <= 80 for one in verdict.inputs.values())


def test_the_answer_types_are_those_that_were_tried_here():
    """A new built-in type joins the steps above."""
    assert {kind.split()[0] for kind in STEPS} - {"exact", "two"} == set(BUILT_IN)
