"""Problem sets with an attack in every place that takes a text, played through to its end."""

from tests.tutoring.xss_vectors import as_text, as_xml

HINTS = 4


def places(name, *vectors, n_hints=HINTS):
    """An item with the attacks in every text and attribute, as markup, as text and as a value."""
    text, markup = as_text(" ".join(vectors)), "".join(map(as_xml, vectors))
    both = f"{markup}{text}"
    values = "".join(f'<variable name="v{at}" is="{_quoted(vector)}"/>' for at, vector in enumerate(vectors))
    shown = "".join(f"{{@v{at}@}}" for at in range(len(vectors)))
    alone = "".join(
        f'<img alt="{one}" src="x"/><a href="{one}" title="{one}">a</a><a href="{{@v{at}@}}">b</a>'
        for at, one in enumerate(map(as_text, vectors))
    )
    hints = "".join(
        f'<hint title="{one}" lang="{one}" dir="{one}">{both}{shown}</hint>' for one in map(as_text, vectors[:n_hints])
    )
    return f"""
<skill id="k{name}" name="{text}"/>
<misconception id="m{name}" name="{text}" skills="k{name}"><say lang="{text}" dir="{text}">{both}</say>
  <say repeat="2">{both}</say></misconception>
<item id="i{name}" title="{text[:500].rpartition("&")[0] or text[:500]}" lang="{as_text(vectors[0])}"
  dir="{as_text(vectors[-1])}" licence="{text}" attribution="{text}" source="{text}">{values}
  <prompt lang="{text}" dir="{text}">{both}<p title="{text}" class="{text}" id="{text}">{shown}</p>{alone}</prompt>
  <step id="s" skills="k{name}"><prompt dir="rtl">{both} [[input:c]] {shown} [[input:t]] {both}</prompt>
    <choice id="c" label="{text}"><option correct="true">right {both}</option>
      <option misconception="m{name}">wrong {both}{shown}<say lang="{text}">{both}</say></option></choice>
    <text id="t" label="{text}" answer="a" lang="{text}" dir="{text}">
      <accept>{text}</accept><accept pattern="(?s).*"/></text>
    <wrong inputs="t" answer="{text}" misconception="m{name}" name="{text}">{both}</wrong>{hints}
    <scaffold title="{text}"><prompt>{both}</prompt><numeric label="{text}" answer="1"/></scaffold>
    <hint bottom_out="true">{both}</hint></step>
  <solution lang="{text}">{both}{shown}</solution>
</item>"""


def _quoted(vector):
    """The vector as a text of the expression language, in an attribute; a text cannot hold both kinds of quotes."""
    quote = '"' if "'" in vector else "'"
    return as_text(f"{quote}{vector.replace(quote, '')}{quote}")


def problem_set(parts, vector=""):
    """A document of those parts, with the attack in its settings too."""
    text = as_text(vector)
    return (
        f'<adaptive_problem_set display_name="{text}" person="{text}" lang="{text}" dir="{text}" policy="{text}" '
        f'choice="true" threshold="{text}" edited="{text}" zz="{text}">{parts}</adaptive_problem_set>'
    )


def faulty_parts(vector):
    """Parts with faults that quote the attack to staff."""
    text = as_text(vector)
    return f"""
<zz a="{text}">{text}</zz>{text}<skill id="{text}" name="x" requires="{text}" prior="{text}"/>
<misconception id="bad" skills="{text}" remediation="{text}"/>
<item id="{text}"/><item id="bad1" skills="{text}" easier="{text}" difficulty="{text}" format="{text}"/>
<item id="bad2"><variable name="{text}" is="{text}"/><where>{text}</where><step skills="{text}"><numeric answer="{text}"
  tolerance="{text}" form="{text}"/><wrong answer="{text}" inputs="{text}" misconception="{text}"/>
  <text id="{text}"/><answer form="{text}" inputs="{text}"/><hint after="{text}" id="{text}">{{@{text}@}}</hint></step>
</item>
"""
