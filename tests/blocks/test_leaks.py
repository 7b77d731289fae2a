"""Twins: two problems that look the same and have other keys, rules and words; what is not earned is in no page.

For every answer type and every preset the page, its start values and the replies of all handlers are the same bytes for
both twins, until an answer tells them apart; and then what is told is about that answer only.
"""

import json
import re

import pytest

from adaptive_xblocks.evidence_log import EvidenceLog
from adaptive_xblocks.tutoring.answers.registry import BUILT_IN
from adaptive_xblocks.tutoring.history import Choice
from adaptive_xblocks.tutoring.policies import BUILT_IN as POLICIES
from adaptive_xblocks.tutoring.practice import Practice
from adaptive_xblocks.tutoring.practising import serve

LINES = "".join(f"<line>{one}</line>" for one in "ABCDE")
SAY, OTHER = "<say>SECRET-ONE</say>", "<say>SECRET-TWO</say>"
#: By kind: a problem, its twin with other keys, and an answer that is wrong for both in the same way (or none).
TWINS = {
    "numeric": (
        '<numeric answer="5" tolerance="1%"/><wrong answer="6" misconception="m">SECRET</wrong>',
        '<numeric answer="77"/><wrong answer="78">OTHER</wrong>', "1234"),
    "numeric with units": (
        '<numeric answer="5" unit="cm" units="optional"/><wrong between="[1, 2]">SECRET</wrong>',
        '<numeric answer="77" unit="inch" units="optional"/>', "1234"),
    "numeric in an interval": ('<numeric between="[2, 3)"/>', '<numeric between="(77, 99)"/>', "1234"),
    "text": (
        f'<text answer="canté" accents="warn" typos="2"><accept>yo canté{SAY}</accept></text>'
        '<wrong answer="x">S</wrong>',
        f'<text answer="comió aquí" accents="ignore" case="exact"><accept pattern="c.*">{OTHER}</accept></text>',
        "zz"),
    "expression": (
        '<expression answer="(x+1)^2" variables="x" form="expanded"/><wrong answer="x^2+1" misconception="m"/>',
        '<expression answer="sqrt(x)-7" variables="x" where="x &gt; 0"/>', "x^9"),
    "choice": (
        f'<choice><option correct="true">A{SAY}</option><option misconception="m">B{OTHER}</option>'
        "<option>C</option></choice>",
        f'<choice><option>A</option><option correct="true">B</option><option>C{SAY}</option></choice>', ""),
    "choice where another is told of": (
        f'<choice><option correct="true">A{SAY}</option><option misconception="m">B{OTHER}</option>'
        "<option>C</option></choice>",
        '<choice><option correct="true">A</option><option>B</option><option>C</option></choice>', "C"),
    "choices": (
        f'<choices><option correct="true">A{SAY}</option><option misconception="m">B{OTHER}</option>'
        "<option>C</option></choices>",
        f'<choices><option>A</option><option correct="true">B</option><option correct="true">C{SAY}</option></choices>',
        ""),
    "choices where another is told of": (
        f'<choices><option correct="true">A{SAY}</option><option misconception="m">B{OTHER}</option>'
        "<option>C</option></choices>",
        '<choices><option correct="true">A</option><option>B</option><option>C</option></choices>', "C"),
    "order": (
        f'<order>{LINES}<extra misconception="m">F{SAY}</extra></order>',
        '<order><line any="x">F</line><line any="x">B</line><line>E</line>'
        "<line>D</line><line>A</line>"
        f"<extra>C{OTHER}</extra></order>", ""),
    "order of code": (
        '<order code="true" indent="true"><line>A</line><line indent="1">B</line><line indent="2">C</line>'
        "<line>D</line><line>E</line></order>"
        '<wrong answer="l2 l1" misconception="m">SECRET</wrong>',
        '<order code="true" indent="true"><line>C</line><line>E</line><line>A</line><line>D</line>'
        '<line indent="3">B</line></order>', ""),
    "order where an extra is told of": (
        f'<order>{LINES}<extra misconception="m">F{SAY}</extra></order>',
        f"<order>{LINES}<extra>F</extra></order>", "C B A E D"),
    "match": (
        f"<match><pair><left>A</left><right>1</right></pair><pair><left>B</left><right>2</right></pair>"
        f'<extra misconception="m">3{SAY}</extra></match><wrong answer="A=2">SECRET</wrong>',
        f"<match><pair><left>B</left><right>3</right></pair><pair><left>A</left><right>2</right></pair>"
        f"<extra>1{OTHER}</extra></match>", ""),
    "match where an extra is told of": (
        f"<match><pair><left>A</left><right>1</right></pair><pair><left>B</left><right>2</right></pair>"
        f'<extra misconception="m">3{SAY}</extra></match><wrong answer="A=3">SECRET</wrong>',
        "<match><pair><left>A</left><right>1</right></pair><pair><left>B</left><right>2</right></pair>"
        "<extra>3</extra></match>", "A=2 B=1"),
    "groups": (
        '<match><group name="G"><member>A</member><member>B</member></group><group name="H"><member>C</member></group>'
        '</match><wrong answer="A=H" misconception="m">SECRET</wrong>',
        '<match><group name="G"><member>C</member></group><group name="H"><member>B</member><member>A</member></group>'
        "</match>", ""),
    "rules over inputs": (
        '<numeric id="a" answer="1"/><numeric id="b" answer="2"/><answer form="any-order" inputs="a b"/>',
        '<numeric id="a" answer="8"/><numeric id="b" answer="24"/><answer where="a * 3 = b" inputs="a b"/>', ""),
}  # fmt: skip
DOCUMENT = """<adaptive_problem_set schema="1" {settings}><skill id="s" name="S"/>
<misconception id="m" name="M" skills="s"><say>SECRET</say></misconception>
<item id="i" title="T"><prompt>P</prompt><step id="a" skills="s"><prompt>Q</prompt>{step}
<hint id="h1">{words} ONE</hint><hint bottom_out="true" id="h2">{words} TWO</hint></step>
<solution>{words} SOLUTION</solution></item>
<item id="j" title="U"><step id="a" skills="s"><numeric answer="1"/></step></item></adaptive_problem_set>"""


class Twin:
    """One of the two, with the problem in a learner's hand."""

    def __init__(self, play, step, words, settings, seed, rule="largest-gain"):
        self.player = play(DOCUMENT.format(step=step, words=words, settings=settings))
        block = self.player.block
        assert "i" in block.document.items, [str(fault.problem) for fault in block.document.errors]
        choice = Choice("i", "s", rule, {}, (("j", "", 0.0),), 1.0)
        block.practice = serve(Practice(), block.document.items["i"], seed, choice, "adaptive")
        block.evidence_log = EvidenceLog()
        block.save()

    def nameless(self, reply):
        """A page or a reply without what tells two scenarios apart."""
        text = reply if isinstance(reply, str) else json.dumps(reply)
        text = text.replace(self.player.block.prefix, "PREFIX").replace(self.player.usage_id, "USAGE")
        text = text.replace(self.player.scenario_id, "NAME")
        return re.sub(r'data-request-token="[^"]*"|xblock-\w{32}|"token": "[^"]*"|"id": "\w{32}"', "", text)

    def seen(self):
        """Page, start values and the reply to every request that earns nothing."""
        page = self.player.client.get(f"/learn/{self.player.scenario_id}/", {"student": self.player.student_id})
        page = page.content.decode()
        replies = [page[page.index("data-ax-root"):], self.player.send("state")]
        here = {"serving": 1, "step": "a"}
        for handler, more in (("rate", {"help": "h1", "helpful": True}), ("next", {}), ("hint", {"step": "b"}),
                              ("record", {}), ("state", {"shown": "i/0"})):
            replies.append(self.player.send(handler, **{**here, **more}))
        return [self.nameless(one) for one in replies]

    def response(self, texts):
        """A response that names parts by what they say, for types that are answered by handles."""
        html, handles = self.player.send("state")["html"], {}
        for pattern in (r'data-part="(\d+)".*?ax-line-text[^>]*>(?:<code>)?([A-F])<', r'value="(\d+)"[^>]*>([1-3GH])<',
                        r'value="(\d+)".*?Option \d+: </span><span[^>]*>([A-F])<',
                        r'//row(\d+)"><span[^>]*>([A-F])<'):
            handles.update({text: handle for handle, text in re.findall(pattern, html, re.DOTALL)})
        return re.sub(r"\b[A-H1-3]\b", lambda found: handles[found[0]], texts)


def twins(play, kind, seed, settings="", **more):
    """Both."""
    first, second, _wrong = TWINS[kind]
    return Twin(play, first, "SECRET", settings, seed, **more), Twin(play, second, "OTHER", settings, seed, **more)


def test_every_answer_type_has_a_twin():
    """A new type joins the list above."""
    assert {re.match(r"<(\w+)", first)[1] for first, _other, _wrong in TWINS.values()} == set(BUILT_IN)


@pytest.mark.parametrize("kind", TWINS)
def test_what_is_not_earned_is_in_no_page(play, kind):
    """Keys, rules, help, words and misconceptions leave no trace before an answer."""
    for seed in (1, 2):  # with which no lines would be shown in their right order, which they never are
        one, other = twins(play, kind, seed)
        assert one.seen() == other.seen()
        assert not any("SECRET" in text or "misconception" in text for text in one.seen())


@pytest.mark.parametrize("policy", sorted(POLICIES))
def test_no_preset_shows_more(play, policy):
    """Under every preset the pages of all types say nothing of their keys."""
    for kind in ("choices", "match", "expression"):
        one, other = twins(play, kind, 7, f'policy="{policy}"', rule="probe" if policy == "accelerate" else "review")
        assert one.seen() == other.seen()


@pytest.mark.parametrize("kind", [kind for kind, (_one, _other, wrong) in TWINS.items() if wrong])
def test_a_wrong_answer_is_told_about_itself_only(play, kind):
    """Verdict, announcement and page are the same, whatever is said of parts that were not chosen."""
    replies = []
    for one in twins(play, kind, 3):
        wrong = TWINS[kind][2]
        wrong = one.response(wrong) if "told of" in kind else wrong
        replies.append([one.nameless(one.player.answer({"answer": wrong})), *one.seen()])
    assert replies[0] == replies[1]
    assert "SECRET" not in "".join(replies[0])


@pytest.mark.parametrize(("kind", "wrong"), [
    ("numeric", "6"), ("text", "x"), ("expression", "x^2+1"), ("choice", "B"), ("choices", "A B"), ("order", "F A"),
    ("order of code", "B C A E D"), ("match", "A=3 B=2"), ("match", "A=2 B=3"), ("groups", "A=H B=G C=G"),
])  # fmt: skip
def test_a_probe_does_not_tell_what_is_wrong(play, kind, wrong):
    """Neither page nor announcement says of a missed answer of a probe more than thanks: no part, no rule, no word."""
    one, _other = twins(play, kind, 3, 'policy="accelerate"', rule="probe")
    block = one.player.block
    block.practice = Practice.from_json({**block.practice.to_json(), "probed": 1})
    block.save()
    reply = one.player.answer({"answer": wrong if kind in ("numeric", "text", "expression") else one.response(wrong)})
    assert reply["state"]["done"]
    assert reply["announce"].startswith("Thank you. We will come back to this")
    assert reply["announce"].partition(" Your place is found")[0].rstrip(".") == "Thank you. We will come back to this"
    told = re.sub(r"See a worked solution.*?</details>", "", reply["html"], flags=re.DOTALL)
    assert "SECRET" not in told and "data-verdict=\"wrong" not in told
