"""What a text forgives: accents and slips as the author says, signs that nobody means always."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adaptive_xblocks.tutoring.answers import answer_type
from adaptive_xblocks.tutoring.answers.spelling import n_slips
from adaptive_xblocks.tutoring.answers.text import ACCENTED, LOOK_AT_ACCENTS, SPELLED
from adaptive_xblocks.tutoring.answers.text_folding import fold, without_accents
from adaptive_xblocks.tutoring.judging import judge_step
from adaptive_xblocks.tutoring.model import RIGHT, UNREAD, WRONG
from adaptive_xblocks.tutoring.parser import parse_document
from adaptive_xblocks.tutoring.variants import make_variant

TEXT = answer_type("text")


def document(text, more=""):
    """A document with one text step."""
    return parse_document(
        '<adaptive_problem_set><skill id="s" name="S"/><misconception id="m" name="M"/><item id="i">'
        f'<step id="t" skills="s">{text}{more}<hint bottom_out="true">x</hint></step></item></adaptive_problem_set>')


def verdict(found, raw):
    """The verdict of the step and of its input."""
    assert not found.errors, found.errors
    item = found.items["i"]
    step = judge_step(make_variant(item, 0), item.steps[0], {"answer": raw})
    return step, step.inputs["answer"]


def judged(text, raw, more=""):
    """Kind and message of an answer."""
    _step, one = verdict(document(text, more), raw)
    return one.kind, one.message and one.message.key


@pytest.mark.parametrize(("answer", "bare"), [
    ("canté", "cante"), ("Ñandú", "nandu"), ("Łódź", "Lodz"), ("smørrebrød", "smorrebrod"), ("كَتَبَ", "كتب"),
    ("שָׁלוֹם", "שלום"),
    ("Việt Nam", "Viet Nam"), ("ά", "α"), ("canté bien.", "cante bien"),
])  # fmt: skip
def test_accents_count_as_the_author_says(answer, bare):
    """Without them: wrong and told to look, right and told the spelling, or just right; with them right in silence."""
    assert judged(f'<text answer="{answer}"/>', bare) == (WRONG, LOOK_AT_ACCENTS)
    assert judged(f'<text answer="{answer}" accents="warn"/>', bare) == (RIGHT, ACCENTED)
    assert judged(f'<text answer="{answer}" accents="ignore"/>', bare) == (RIGHT, None)
    for accents in ("exact", "warn", "ignore"):
        assert judged(f'<text answer="{answer}" accents="{accents}"/>', answer) == (RIGHT, None)


def test_a_wrong_accent_is_one_that_is_missing():
    """A grave where an acute belongs is told alike."""
    assert judged('<text answer="canté"/>', "cantè") == (WRONG, LOOK_AT_ACCENTS)
    assert judged('<text answer="cante"/>', "canté") == (WRONG, LOOK_AT_ACCENTS)
    assert judged('<text answer="canté"/>', "comi") == (WRONG, None)


def test_the_accented_spelling_is_named():
    """The note shows the word as the author wrote it."""
    _step, one = verdict(document('<text answer="Canté" accents="warn"/>'), "cante")
    assert str(one.message) == "With its accents it is written “Canté”."


@pytest.mark.parametrize(("one", "other"), [("か", "が"), ("क", "क़"), ("कम", "कम्"), ("บ", "บ่")])
def test_marks_that_make_another_letter_are_no_accents(one, other):
    """Voicing in Japanese, signs of the scripts of India and Thailand stay."""
    assert without_accents(one) != without_accents(other)


@pytest.mark.parametrize(("typos", "answer", "raw", "kind"), [
    (0, "denominator", "denomiantor", WRONG), (1, "denominator", "denomiantor", RIGHT),
    (1, "denominator", "denominatr", RIGHT),
    (1, "denominator", "denominatorr", RIGHT), (1, "denominator", "dinominator", RIGHT),
    (1, "denominator", "dinomiator", WRONG),
    (2, "denominator", "dinomiator", RIGHT), (2, "denominator", "dinomiatr", WRONG),
    (1, "denominator", "DENOMINATER", RIGHT),
    (1, "ser", "sur", WRONG), (2, "half", "hlaf", WRONG), (1, "three", "theer", WRONG), (1, "three", "thre", RIGHT),
    (2, "three", "thre", RIGHT),
    (2, "seven", "even!", RIGHT), (2, "eleven", "elvn", WRONG), (2, "version 12", "version 21", WRONG),
    (1, "12345", "12354", WRONG),
    (1, "chapter 5", "chaptr 5", RIGHT), (1, "chapter 5", "chapter 6", WRONG), (1, "the house", "teh house", WRONG),
    (1, "the house", "the huose", RIGHT), (1, "x = y + z", "x = y + w", WRONG), (1, "ice cream", "icecream", RIGHT),
    (2, "東京都庁展望室です", "東京都庁展望台です", WRONG), (1, "كاتبون", "كاتبين", RIGHT),
])  # fmt: skip
def test_slips_are_forgiven_in_long_words_only(typos, answer, raw, kind):
    """So many letters as the author allows, never in short words, in digits or in signs that are words."""
    found = document(f'<text answer="{answer}" typos="{typos}"/>')
    _step, one = verdict(found, raw)
    assert one.kind == kind
    assert (one.message and one.message.key) == (SPELLED if kind == RIGHT else None)


@pytest.mark.parametrize(("accents", "raw", "expected"), [
    ("exact", "trabaje", (WRONG, LOOK_AT_ACCENTS)), ("exact", "travajé", (RIGHT, SPELLED)),
    ("exact", "travaje", (WRONG, None)),
    ("warn", "trabaje", (RIGHT, ACCENTED)), ("warn", "travaje", (RIGHT, SPELLED)),
    ("ignore", "travaje", (RIGHT, SPELLED)),
])  # fmt: skip
def test_an_accent_that_counts_is_no_slip(accents, raw, expected):
    """Typo tolerance never lets an accent through that the author wants."""
    assert judged(f'<text answer="trabajé" accents="{accents}" typos="1"/>', raw) == expected


def test_a_slip_into_a_recognised_wrong_answer_is_wrong():
    """The author's word on an answer goes before any leniency, in slips, accents and patterns."""
    known = '<text answer="affect" typos="1"/>'
    assert judged(known, "effect")[0] == RIGHT
    step, _one = verdict(document(known, '<wrong answer="effect" misconception="m"/>'), "effect")
    assert (step.kind, step.misconception) == (WRONG, "m")
    step, _one = verdict(document(known, '<wrong pattern="eff.*" misconception="m"/>'), "effect")
    assert (step.kind, step.misconception) == (WRONG, "m")
    assert judged(known, "afect", '<wrong answer="effect">x</wrong>') == (RIGHT, SPELLED)
    found = document('<text answer="canté" accents="warn"/>', '<wrong answer="cante" misconception="m"/>')
    step, _one = verdict(found, "cante")
    assert (step.kind, step.misconception) == (WRONG, "m")


def test_a_slip_into_another_accepted_word_is_that_word():
    """The feedback is that of the word that was written."""
    found = document('<text answer="stationary" typos="1"><accept>stationery<say>Paper!</say></accept></text>')
    _step, one = verdict(found, "stationery")
    assert (one.kind, one.message, one.say.source) == (RIGHT, None, "Paper!")
    _step, one = verdict(found, "stationry")
    assert (one.kind, one.say) == (RIGHT, None)  # as near to both


def test_an_accepted_variant_has_its_feedback():
    """By text, by pattern, and with a slip."""
    found = document('<text answer="canté" typos="1"><accept>yo canté<say>No need for yo.</say></accept>'
                     '<accept pattern="he cantado|cantaba"><say>Another tense.</say></accept></text>')
    said = [verdict(found, raw)[1].say for raw in ("canté", "Yo canté", "yo camté", "cantaba")]
    assert [say and say.source for say in said] == [None, "No need for yo.", "No need for yo.", "Another tense."]
    assert not found.faults


@pytest.mark.parametrize("raw", [
    "don't stop", "don’t stop", "don‘t stop", "don`t stop", "don´t stop", "donʼt stop", "Don't stop.",
    "Don't stop…", "Don't stop...",
    "don't stop!", "¡don't stop!", "don't stop?", "\u200fdon't\u00a0stop\u200e", "don't\tstop", "DON'T  STOP",
    "ｄｏｎ＇ｔ ｓｔｏｐ",
])  # fmt: skip
def test_signs_that_nobody_means_are_folded(raw):
    """Quotation marks, dashes, a final mark, spaces, full width and invisible signs."""
    assert judged('<text answer="don\'t stop"/>', raw) == (RIGHT, None)


@pytest.mark.parametrize(("answer", "raw", "kind"), [
    ("“Yes”", '"yes"', RIGHT), ("well-known", "well–known", RIGHT), ("10−2", "10-2", RIGHT), ("3!", "3", WRONG),
    ("3", "3!", WRONG), ("n!", "n", WRONG),
    ("n", "n!", WRONG), ("¿Cómo estás?", "¿cómo estás?", RIGHT), ("¿Cómo estás?", "cómo estás", WRONG),
    ("Hola.", "hola", RIGHT),
    ("p.m.", "p.m.", RIGHT), ("etc.", "etc", RIGHT), ("日本。", "日本", RIGHT), ("كَتَب ـــ", "كَتَب", RIGHT),
    ("C#", "C", WRONG), ("a, b", "a b", WRONG),
])  # fmt: skip
def test_signs_that_somebody_means_count(answer, raw, kind):
    """Marks that the author wrote, and those after digits or single letters, are part of the answer."""
    assert judged(f'<text answer="{answer}"/>', raw)[0] == kind


def test_where_case_counts_a_full_stop_does():
    """Code and names are compared as they stand, but for what keyboards do to quotation marks."""
    exact = '<text answer="print(\'a\');" case="exact"/>'
    kinds = [judged(exact, raw)[0] for raw in ("print('a');", "print(’a’);", "Print('a');", "print('a')")]
    assert kinds == [RIGHT, RIGHT, WRONG, WRONG]
    assert judged('<text answer="Berlin" case="exact"/>', "Berlin.")[0] == WRONG


@pytest.mark.parametrize("accents", ["warn", "ignore"])
def test_wrong_answers_are_recognised_without_accents_where_they_matter_little(accents):
    """A learner who leaves accents out still gets the feedback."""
    found = document(f'<text answer="canté" accents="{accents}"/>', '<wrong answer="comió" misconception="m"/>')
    assert verdict(found, "comio")[0].misconception == "m"
    found = document('<text answer="canté"/>', '<wrong answer="comió" misconception="m"/>')
    assert verdict(found, "comio")[0].misconception is None


@pytest.mark.parametrize(("text", "said"), [
    ('<text answer="ser" typos="1"/>', "long enough"),
    ('<text answer="a"><accept pattern="b">c<say>d</say></accept></text>', "not used"),
    ('<text answer="a"><accept><say>d</say></accept></text>', "is empty"),
    ('<text answer="a" typos="3"/>', "not known"),
    ('<text answer="a" accents="maybe"/>', "not known"),
])  # fmt: skip
def test_authors_are_told(text, said):
    """Typos in short words, text beside a pattern, feedback to nothing, unknown values."""
    assert any(said in str(fault.problem) for fault in document(text).faults)


HOSTILE = ["", " ", "\u200f", "\t\n", "\u0301", "…", ".", "!", "a" * 10_000, "é" * 500, "\u202e" + "tnac",
"١٢٣", r"\text{canté}", "\ud800",
           "a\tb\tc", "x" * 499 + "!", "\u0301" * 499, "ﷺ" * 27, "<b>canté</b>", "{@1@}", "%s%n", "‮" * 400]  # fmt: skip


@pytest.mark.parametrize("raw", HOSTILE)
@pytest.mark.parametrize("accents", ["exact", "warn", "ignore"])
def test_hostile_texts_are_judged_at_once(raw, accents):
    """Whatever is typed has a verdict, soon."""
    found = document(f'<text answer="canté la canción" accents="{accents}" typos="2"><accept pattern="a+b"/></text>',
                     '<wrong answer="comió">x</wrong><wrong pattern="(a|b)c">y</wrong>')
    begun = time.process_time()
    step, _one = verdict(found, raw)
    assert step.kind in (WRONG, UNREAD)
    assert time.process_time() - begun < 0.5


@given(text=st.text(max_size=60))
def test_folding_twice_is_folding_once(text):
    """What is folded stays."""
    for case in (True, False):
        assert fold(fold(text, case), case) == fold(text, case)


@given(one=st.text("abcé1 ", max_size=14), other=st.text("abcé1 ", max_size=14), most=st.integers(1, 2))
def test_slips_are_bounded(one, other, most):
    """At most one more than allowed; none between equals in long words; none across digits."""
    slips = n_slips(one, other, most, True)
    assert 0 <= slips <= most + 1
    if slips <= most:
        assert [sign for sign in one if sign.isdigit()] == [sign for sign in other if sign.isdigit()]
        assert len(other) >= 5
