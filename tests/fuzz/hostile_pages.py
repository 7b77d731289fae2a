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


def structured(name, vector):
    """Items with the attack in every text of the answer types that have parts, forgiving feedback or a typeset reading.

    Inputs are in one step each, so that a page shows one after the other."""
    text, markup = as_text(vector), as_xml(vector)
    both, say = f"{markup}{text}", f'<say lang="{text}" dir="{text}">{markup}</say>'
    return f"""
<item id="p{name}" skills="k{name}" title="p"><variable name="v" is="{_quoted(vector[:900])}"/>
  <step id="choices"><prompt>a</prompt><choices id="c" label="{text}"><option correct="true">right {both}{say}</option>
    <option misconception="m{name}" lang="{text}">wrong {both}{{@v@}}{say}</option></choices></step>
  <step id="order"><prompt>b</prompt><order id="c" label="{text}" code="true" indent="true">
    <line lang="{text}">1 {both}</line><line>2 {text}</line><line>3 {{@v@}}</line>
    <extra misconception="m{name}">4 {text}{say}</extra></order></step>
  <step id="plain"><prompt>b</prompt><order id="c" label="{text}"><line>1 {markup}</line><line>2 {text}</line>
    <line>3 {{@v@}}</line></order></step>
  <step id="match"><prompt>c</prompt><match id="c" label="{text}"><pair><left>1 {markup}</left>
    <right>1 {text}</right></pair><pair><left lang="{text}" dir="{text}">2 {text}{{@v@}}</left>
    <right lang="{text}" dir="{text}">2 {{@v@}}</right></pair>
    <extra>3 {text}{say}</extra></match></step>
  <step id="groups"><prompt>d</prompt><match id="c"><group name="1 {text}" lang="{text}" dir="{text}">
    <member>1 {markup}</member></group><group name="2 {{@v@}}"><member>2 {text}{{@v@}}</member></group></match></step>
  <step id="text"><prompt>e</prompt><text id="c" answer="right" label="{text}" typos="2" accents="warn">
    <accept>{text} aquí está{say}</accept><accept pattern="[a-z]+ly">{say}</accept></text></step>
  <step id="numbers"><prompt>f</prompt><numeric id="c" answer="5" unit="cm" label="{text}"/>
    <wrong answer="6" misconception="m{name}">{both}</wrong></step>
  <step id="expression"><prompt>g</prompt><expression id="c" answer="x+1" variables="x" label="{text}"/>
    <wrong answer="x" misconception="m{name}">{both}</wrong></step>
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
