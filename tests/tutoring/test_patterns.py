"""Patterns of authors say what an answer looks like; none can hold a worker up."""

import time

import pytest

from adaptive_xblocks.tutoring.answers import answer_type
from adaptive_xblocks.tutoring.judging import judge_step
from adaptive_xblocks.tutoring.model import ERROR, RIGHT, UNREAD, WARNING, WRONG
from adaptive_xblocks.tutoring.parser import check_document, parse_document
from adaptive_xblocks.tutoring.patterns import PatternError, compiled, fits, is_slow
from adaptive_xblocks.tutoring.variants import make_variant

LATE = 3  # seconds of CPU time: nothing hangs; a busy test run also collects garbage

CATASTROPHIC = [
    "(a+)+$", "(a|aa)+$", "(a|a?)+", "([a-z]+)*", "(.*a){20}", "(a*)*b", "(x+x+)+y", r"(\w+\s?)*$", r"(\d+)*x",
    "^(([a-z])+.)+[A-Z]([a-z])+$", "(a?){30}a{30}", r"(a)(\1)*(\1)*(\1)*(\1)*b", "(?=(a+)+b)a", "(.|.|.|.)*x",
    r"^([a-zA-Z0-9_.+-]+)+@([a-zA-Z0-9-]+\.)+[a-z]+$", "(?:(?:(?:a{1,20}){1,20}){1,20})", "((a*)*)*b", "(|a|b)*c",
    r"(.*?,){20}P", "(a|b|ab)*c", "(?i:ß|ss|ẞ){100}", ".*" * 99 + "b",
]  # fmt: skip
NASTY = ["a" * 499 + "!", "1" * 500, "x" * 500, "ab" * 250, "a " * 250, "ß" * 400, ",1" * 250, "." * 500]


def document(text, wrong="", misconceptions=""):
    """A document with one step that asks for a text."""
    return (
        f'<adaptive_problem_set><skill id="s" name="S"/>{misconceptions}<item id="i"><step id="q" skills="s">'
        f'{text}{wrong}<hint bottom_out="true">colour</hint></step></item></adaptive_problem_set>'
    )


def verdict_of(olx, answer):
    """How an answer to the one step is judged."""
    item = parse_document(olx).items["i"]
    return judge_step(make_variant(item, 1), item.steps[0], {"answer": answer})


COLOUR = '<text answer="colour"{more}><accept pattern="{pattern}"/></text>'


@pytest.mark.parametrize(("pattern", "answer", "kind"), [
    ("colou?rs?", "Colors", RIGHT), ("colou?rs?", "the colors", WRONG), ("colou?rs?", "colour", RIGHT),
    ("colou?rs?", "  COLORS ", RIGHT), (r"\d{4}-\d{2}-\d{2}", "2026-11-22", RIGHT), (r"\w+ \w+", "two  words", RIGHT),
    ("straße", "STRASSE", RIGHT), ("x|colors", "colors", RIGHT), ("", "anything", WRONG), ("x.*", "", UNREAD),
])  # fmt: skip
def test_a_pattern_is_about_the_whole_answer_as_it_is_compared(pattern, answer, kind):
    """Case, space and width are folded first; part of an answer does not count; nothing typed is not read."""
    assert verdict_of(document(COLOUR.format(pattern=pattern, more="")), answer).kind == kind


@pytest.mark.parametrize(("more", "pattern", "answer", "kind"), [
    (' case="exact"', "Colors", "colors", WRONG), (' case="exact"', "Colors", "Colors", RIGHT),
    (' accents="ignore"', "café|thé", "CAFE", RIGHT), ("", "café", "cafe", WRONG), ("", "cafe\u0301", "café", RIGHT),
])  # fmt: skip
def test_what_the_author_ignores_the_pattern_ignores_too(more, pattern, answer, kind):
    """Case and accents as in the other answers."""
    assert verdict_of(document(COLOUR.format(pattern=pattern, more=more)), answer).kind == kind


def test_a_wrong_answer_can_be_recognised_by_its_looks():
    """A pattern names a misconception and carries words of its own."""
    misconceptions = '<misconception id="m" name="M" skills="s"><say>Hm.</say></misconception>'
    wrong = '<wrong pattern=".*gr[ae]y.*" misconception="m">No colour.</wrong><wrong answer="blue">Blue.</wrong>'
    olx = document('<text answer="colour"/>', wrong, misconceptions)
    assert parse_document(olx).errors == ()
    found = verdict_of(olx, "a GREY one")
    assert (found.kind, found.misconception, found.say.source) == (WRONG, "m", "No colour.")
    assert verdict_of(olx, "Blue").say.source == "Blue."
    assert verdict_of(olx, "red").matched is None


def test_a_right_answer_stays_right_whatever_a_wrong_pattern_says():
    """A catch-all among the wrong answers is no fault and takes nothing from the right one."""
    olx = document('<text answer="colour"/>', '<wrong pattern=".*">Other.</wrong>')
    assert verdict_of(olx, "colour").kind == RIGHT
    assert [fault for fault in check_document(olx) if fault.level in (ERROR, WARNING)] == []


@pytest.mark.parametrize(("pattern", "words"), [
    ("(a", "At character 1: missing )"), ("a**", "At character 3: multiple repeat"), ("[z-a]", "bad character range"),
    ("x" * 201, "201 characters; at most 200"), ("(?R)", "At character 2"), ("(((a{1000}){1000}){1000})", "braces"),
    ("a{99999999999}", "braces"), ("(" * 99 + ")" * 99, ""), (r"\p{L}", "bad escape"), ("(foo){e<=9}x(", "missing )"),
])  # fmt: skip
def test_a_pattern_that_cannot_be_used_is_told(pattern, words):
    """With the line, the place and what to write; the item is left out. (Parentheses may be deep.)"""
    olx = document(COLOUR.format(pattern=pattern.replace("<", "&lt;"), more=""))
    found = parse_document(olx)
    if words:
        (fault,) = found.errors
        assert words in str(fault.problem)
        assert (fault.line, fault.element, "regular expression" in str(fault.remedy)) == (1, "accept", True)
        assert list(found.items) == []
    else:
        assert list(found.items) == ["i"]


@pytest.mark.parametrize("rule", [
    '<wrong pattern="a" answer="b">x</wrong>', '<wrong inputs="zz" pattern="a">x</wrong>',
    '<wrong inputs="answer zz" pattern="a">x</wrong>',
])  # fmt: skip
def test_a_wrong_pattern_needs_one_text_input(rule):
    """A pattern beside an answer, or about an input that is not there, is told."""
    found = parse_document(document('<text answer="colour"/>', rule))
    assert "needs one input that takes it" in str(found.errors[0].problem)


def test_patterns_are_for_texts():
    """A number has no looks: it is read."""
    found = parse_document(document('<numeric answer="1"/>', '<wrong pattern="1">x</wrong>'))
    assert "needs one input that takes it" in str(found.errors[0].problem)


def test_a_text_beside_a_pattern_is_told():
    """What stands inside an <accept> with a pattern does nothing."""
    olx = document('<text answer="colour"><accept pattern="a">b</accept></text>')
    assert any("not used" in str(fault.problem) for fault in parse_document(olx).faults)


def test_a_step_holds_a_bounded_number_of_patterns():
    """Eleven are too many, which says the bound."""
    accepts = "".join(f'<accept pattern="{n}"/>' for n in range(11))
    (fault,) = parse_document(document(f'<text answer="colour">{accepts}</text>')).errors
    assert ("11 patterns" in str(fault.problem), "10" in str(fault.remedy)) == (True, True)


@pytest.mark.parametrize("pattern", CATASTROPHIC)
def test_no_pattern_holds_a_worker_up(pattern):
    """The classics on nasty input end soon, matched or not, also when asked again."""
    for text in NASTY:
        begun = time.process_time()
        answer = fits(pattern, text)
        assert time.process_time() - begun < LATE
        begun = time.process_time()
        assert fits(pattern, text) == answer
        assert time.process_time() - begun < LATE


def test_a_judgement_with_ten_slow_patterns_ends():
    """The most patterns that a step can have, all catastrophic: they end."""
    accepts = "".join(f'<accept pattern="(a|aa)+{n}"/>' for n in range(10))
    item = parse_document(document(f'<text answer="colour">{accepts}</text>')).items["i"]
    begun = time.process_time()
    assert judge_step(make_variant(item, 1), item.steps[0], {"answer": "a" * 499 + "!"}).kind == WRONG
    assert time.process_time() - begun < LATE


def test_a_slow_pattern_is_told_when_it_is_written():
    """Authors read that it will not match some answers, and what to avoid."""
    olx = document('<text answer="colour"/>', '<wrong pattern="(a|aa)+b">x</wrong>')
    (fault,) = [fault for fault in check_document(olx) if fault.element == "wrong"]
    assert (fault.level, "takes too long" in str(fault.problem), "(a+)+" in str(fault.remedy)) == (WARNING, True, True)
    assert not is_slow("colou?rs?")


def test_a_pattern_that_gives_up_is_logged(caplog):
    """Operators find the pattern and the length of the answer in the log, never the answer."""
    assert not fits("(b|bb)+$", "b" * 300 + "!")
    assert "(b|bb)+$" in caplog.text and "301 characters" in caplog.text
    assert "bbbb" not in caplog.text


def test_an_answer_must_be_given_in_full_somewhere():
    """A pattern alone cannot be shown as the solution."""
    olx = document('<text><accept pattern="a"/></text>')
    assert "no answer" in str(parse_document(olx).errors[0].problem)


def test_only_texts_take_patterns():
    """The contract of answer types says which do."""
    taking = [tag for tag in ("choice", "numeric", "text") if "pattern" in answer_type(tag).wrong_attributes]
    assert taking == ["text"]


def test_a_compiled_pattern_is_kept():
    """Learners do not wait for a pattern to be read again."""
    assert compiled("abc+") is compiled("abc+")
    with pytest.raises(PatternError):
        compiled("(" + "a" * 200)
