"""What a sound document becomes, and that no text whatever makes the parser raise."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adaptive_xblocks.tutoring.model import ERROR
from adaptive_xblocks.tutoring.parser import check_document, load, parse_document

FRACTIONS = r"""<adaptive_problem_set schema="1" display_name="Adding fractions" threshold="0.95">
  <skill id="denominator" name="Finding a common denominator" prior="0.3" threshold="0.9"/>
  <skill id="add" name="Adding fractions" requires="denominator"/>
  <misconception id="adds" name="Adds the denominators" skills="denominator" remediation="item:unlike-1">
    <say repeat="2">Again the sum.</say>
    <say>You added the denominators.</say>
  </misconception>
  <item id="unlike-1" title="Two unlike fractions" difficulty="0.404" licence="CC BY 4.0"
        source="https://example.org/1">
    <variable name="b" values="2..5"/> <variable name="d" values="3, 7, 11"/>
    <variable name="n" is="lcm(b, d)"/>
    <where>b &lt; d</where>
    <prompt><p>Work out \(\frac{1}{ {@b@} } + \frac{1}{ {@d@} }\).</p></prompt>
    <step id="lcd" skills="denominator">
      <prompt>What is the least common denominator?</prompt>
      <numeric answer="n"/>
      <wrong answer="b + d" misconception="adds"/>
      <hint id="h1" title="Multiples">Which numbers are multiples of both?<hint>List them.</hint></hint>
      <scaffold id="ask" after="h1"><prompt>Name a multiple.</prompt><numeric answer="n"/>
        <hint>It is {@n@}.</hint></scaffold>
      <hint bottom_out="true">It is {@n@}.</hint>
    </step>
    <step skills="add">
      <prompt>The sum is [[input:num]] over [[input:den]].</prompt>
      <numeric id="num" answer="b + d"/> <numeric id="den" answer="b * d" label="Denominator"/>
      <answer form="equivalent-ratio" inputs="num den"/>
      <wrong inputs="num den" answer="2, b + d" misconception="adds"/>
      <hint bottom_out="true">Both have {@b * d@} below.</hint>
    </step>
    <solution>First the denominator.</solution>
  </item>
</adaptive_problem_set>"""

STEP = '<step skills="s"><numeric answer="1"/><hint bottom_out="true">1</hint></step>'


def document_of(items: str, root: str = "adaptive_problem_set") -> str:
    """A document with one skill and the given items."""
    return f'<{root}><skill id="s" name="S"/>{items}</{root}>'


def item_of(content: str, attributes: str = "") -> str:
    """An item with a sound step after the given content."""
    return f'<item id="i" {attributes}>{content}{STEP}</item>'


def only_item(text: str):
    """The one live item of a document without errors."""
    document = parse_document(text)
    assert not document.errors, document.errors
    return next(iter(document.items.values()))


def test_the_documented_example_has_no_faults():
    """The example of the format has no error and no warning, also with fifty draws of its numbers."""
    assert check_document(FRACTIONS) == ()


def test_root_attributes_are_the_settings():
    """Every attribute of the root is kept as written."""
    settings = {"schema": "1", "display_name": "Adding fractions", "threshold": "0.95"}
    assert parse_document(FRACTIONS).settings == settings


def test_skills_hold_only_what_the_author_wrote():
    """Parameters that are not written stay out, so that defaults can change."""
    skill = parse_document(FRACTIONS).skills["denominator"]
    assert (skill.parameters, skill.threshold) == ({"prior": 0.3}, 0.9)


def test_the_message_ladder_is_in_order_of_repetition():
    """The rungs of a misconception are sorted by the repetition from which they are used."""
    says = parse_document(FRACTIONS).misconceptions["adds"].says
    assert [say.repeat for say in says] == [1, 2]


def test_an_item_knows_its_skills_and_rounded_difficulty():
    """An item's skills are the union over its steps; its difficulty has two places."""
    item = parse_document(FRACTIONS).items["unlike-1"]
    assert (item.skills, item.difficulty, item.source) == (
        ("denominator", "add"),
        0.4,
        "https://example.org/1",
    )


def test_steps_without_an_id_are_numbered():
    """The second step of the item is called s2."""
    assert [step.id for step in parse_document(FRACTIONS).items["unlike-1"].steps] == ["lcd", "s2"]


def test_a_bare_answer_element_is_one_input_after_the_prompt():
    """The shorthand's input is called answer and stands at the prompt's end."""
    step = parse_document(FRACTIONS).items["unlike-1"].step("lcd")
    assert step.prompt.source == "What is the least common denominator? [[input:answer]]"


def test_hints_inside_hints_come_after_them():
    """A nested hint is a piece of its own that waits for its parent; the parent's text does not hold it."""
    pieces = parse_document(FRACTIONS).items["unlike-1"].step("lcd").help
    assert [(piece.id, piece.after) for piece in pieces] == [
        ("h1", ()),
        ("h2", ("h1",)),
        ("ask", ("h1",)),
        ("h4", ()),
    ]
    assert pieces[0].text.source == "Which numbers are multiples of both?"
    assert pieces[0].title.source == "Multiples"


def test_a_scaffold_asks_with_help_of_its_own():
    """A scaffold holds a step with the same skills, its own input and its own help."""
    scaffold = parse_document(FRACTIONS).items["unlike-1"].step("lcd").help[2]
    assert (scaffold.kind, scaffold.step.skills, len(scaffold.step.help)) == ("scaffold", ("denominator",), 1)


def test_white_space_and_cdata_are_kept():
    """Text in <pre> and in CDATA stays as it is; comments go."""
    prompt = "<prompt><pre>a\n  b </pre><![CDATA[1 < 2 & 3]]><!-- not me --> c</prompt>"
    assert only_item(document_of(item_of(prompt))).prompt.source == "<pre>a\n  b </pre>1 &lt; 2 &amp; 3 c"


def test_empty_elements_become_html():
    """What XML may shorten HTML may not: an empty paragraph gets an end tag, a line break none."""
    item = only_item(document_of(item_of('<prompt><p/>x<br/><img src="a.png" alt="a"/></prompt>')))
    assert item.prompt.source == '<p></p>x<br><img src="a.png" alt="a">'


def test_texts_carry_language_and_direction():
    """`lang` and `dir` on a text are kept with it."""
    prompt = only_item(document_of(item_of('<prompt lang="ar" dir="rtl">٣</prompt>'))).prompt
    assert (prompt.lang, prompt.direction) == ("ar", "rtl")


def test_the_version_changes_with_the_content_alone():
    """Comments, attribute order and neighbours leave an item's version alone; a changed word does not."""
    first = only_item(document_of(item_of("<prompt>a</prompt>", 'title="t" format="problem"')))
    same = only_item(
        document_of(item_of("<!-- c --><prompt>a</prompt>", 'format="problem" title="t"') + "\n\n")
    )
    other = only_item(document_of(item_of("<prompt>b</prompt>", 'title="t" format="problem"')))
    assert first.version == same.version != other.version
    assert len(first.version) == 8


def test_choice_options_bring_their_own_rules():
    """Wrong options with feedback or a misconception become recognised wrong answers after the step's own."""
    choice = (
        '<choice><option correct="true">a</option><option misconception="m">b<say>No.</say></option>'
        "<option>c</option></choice>"
    )
    step = f'<step skills="s">{choice}<wrong answer="o3">Hm.</wrong></step>'
    text = f'<misconception id="m" name="M"/><item id="i">{step}</item>'
    rules = only_item(document_of(text)).steps[0].wrongs
    assert [(rule.name, rule.misconception) for rule in rules] == [("wrong1", None), ("option:o2", "m")]


def test_a_worked_example_needs_no_step():
    """An item that only shows takes its skills from its own attribute."""
    item = only_item(
        document_of('<item id="i" format="worked-example" skills="s"><solution>So.</solution></item>')
    )
    assert (item.format, item.skills) == ("worked-example", ("s",))


def test_load_remembers_by_content():
    """The same text gives the same document object."""
    assert load(FRACTIONS) is load("" + FRACTIONS[:])


def test_a_condition_is_its_text_alone():
    """Comments inside a condition are no part of it."""
    content = '<variable name="b" values="1..5"/><where>b &gt; <!-- not b --> 2</where>'
    assert only_item(document_of(item_of(content))).where == ("b >  2",)


def test_an_encoding_declaration_is_no_obstacle():
    """A text that says which encoding it once had is read like any other."""
    text = '<?xml version="1.0" encoding="latin-1"?>' + document_of(item_of("<prompt>é</prompt>"))
    assert only_item(text).prompt.source == "é"


@given(st.data())
def test_mutated_documents_never_raise(data):
    """Whatever is cut out of or put into a document, a document comes back."""
    start = data.draw(st.integers(0, len(FRACTIONS)))
    end = data.draw(st.integers(start, min(len(FRACTIONS), start + 30)))
    text = FRACTIONS[:start] + data.draw(st.text(max_size=10)) + FRACTIONS[end:]
    document = parse_document(text)
    assert document.items or document.faults


@given(
    st.lists(
        st.sampled_from(
            [
                "item",
                "step",
                "numeric",
                "choice",
                "option",
                "hint",
                "scaffold",
                "skill",
                "where",
                "variable",
                "answer",
                "wrong",
                "text",
                "accept",
                "say",
                "prompt",
                "b",
            ]
        ),
        max_size=12,
    )
)
def test_elements_in_the_wrong_places_never_raise(tags):
    """Known elements nested at random give faults, not crashes."""
    text = "".join(f'<{tag} id="x" answer="1" skills="s">' for tag in tags)
    text += "".join(f"</{tag}>" for tag in reversed(tags))
    document = parse_document(document_of(text))
    assert all(str(fault.problem) and str(fault.remedy) for fault in document.faults)


@pytest.mark.parametrize(
    "text", ["", "   ", "\ufeff", "x", "<a", "<adaptive_problem_set", "\x00", "<\ud800/>"]
)
def test_what_is_no_xml_gives_one_error(text):
    """A text that cannot be read gives an empty document with one error that names a line."""
    document = parse_document(text)
    assert [fault.level for fault in document.faults] == [ERROR]
    assert document.faults[0].line >= 1
    assert not document.items
