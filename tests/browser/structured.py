"""A problem set with one item of each answer type that has parts, for the browser to play."""

SET = """<adaptive_problem_set schema="1" display_name="Parts"><skill id="s" name="Parts"/>
<misconception id="early" name="Leaves too early" skills="s"><say>Then the loop would end at once.</say></misconception>
{item}</adaptive_problem_set>"""
HELP = '<hint>Look again.</hint><hint bottom_out="true">That is all.</hint>'
ITEMS = {
    "choices": f"""<item id="i" title="Prime numbers"><prompt><p>A prime number has exactly two divisors.</p></prompt>
      <step id="s1" skills="s"><prompt>Which of these are prime?</prompt><choices>
        <option correct="true">2<say>The only even one.</say></option><option correct="true">13</option>
        <option>9<say>It is 3 times 3.</say></option>
        <option misconception="early">1<say>It has only one divisor: itself.</say></option>
        <option correct="true">\\(29\\)</option></choices>{HELP}</step></item>""",
    "match": f"""<item id="i" title="Past tense"><prompt><p>Spanish verbs in the first person.</p></prompt>
      <step id="s1" skills="s"><prompt>Which form belongs to which verb?</prompt><match>
        <pair><left><span lang="es">ser</span></left><right lang="es">fui</right></pair>
        <pair><left><span lang="es">tener</span></left><right lang="es">tuve</right></pair>
        <pair><left><span lang="es">hablar con alguien</span></left><right lang="es">hablé</right></pair>
        <extra>comí</extra></match>{HELP}</step></item>""",
    "groups": f"""<item id="i" title="Regular or not"><step id="s1" skills="s"><prompt>Which are regular?</prompt><match>
        <group name="Regular"><member>hablé</member><member>comí</member></group>
        <group name="Irregular"><member>fui</member><member>hice</member></group></match>{HELP}</step></item>""",
    "order": f"""<item id="i" title="A butterfly"><step id="s1" skills="s"><prompt>In which order does it live?</prompt>
      <order><line>The egg is laid on a leaf.</line><line>A caterpillar comes out and eats, day and night, until it
        has grown too large for its skin.</line><line>It turns into a pupa.</line><line>The butterfly flies away.</line>
      </order>{HELP}</step></item>""",
    "code": f"""<item id="i" title="A sum in Python"><prompt><p>The function adds up the numbers of a list.</p></prompt>
      <step id="s1" skills="s"><prompt>Put its lines in order, and indent them.</prompt><order indent="true" code="true">
        <line>def total(numbers):</line><line indent="1">result = 0</line><line indent="1">for number in numbers:</line>
        <line indent="2">result = result + number</line><line indent="1">return result</line>
        <extra misconception="early">return number if number &lt; len(numbers) else result  # and nothing else at all
        </extra></order>{HELP}</step></item>""",
}
#: Lines that run from right to left, indented by the learner.
ARABIC = f"""<item id="i" title="الفراشة" lang="ar" dir="rtl"><step id="s1" skills="s"><prompt>رتّب الأسطر.</prompt>
  <order indent="true"><line>البيضة</line><line indent="1">اليرقة</line><line>الفراشة</line></order>{HELP}</step></item>"""


def olx(kind: str) -> str:
    """The OLX of a problem set with the item of that kind."""
    return SET.format(item={**ITEMS, "arabic": ARABIC}[kind])
