"""Documents that mean harm end soon and small, in a clear fault or a working document, and reach nothing outside."""

import json
import re
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from adaptive_xblocks.tutoring import (
    document_settings,
    draws,
    expressions,
    faults,
    parser,
    parser_help,
    parser_items,
    parser_skills,
    parser_steps,
    patterns,
    rich_text,
    tex,
    variants,
    xml_source,
)
from adaptive_xblocks.tutoring.answers import numbers, text
from adaptive_xblocks.tutoring.parser import MOST_REMEMBERED, check_document, load, parse_document
from adaptive_xblocks.tutoring.remembering import remember
from tests.tutoring.hostile_documents import LARGE, SMALL, STEP, document, item

SECONDS, MEGABYTES = 6, 250  # of CPU time and memory; docs/security.md says what was measured
SECONDS_OF_LARGE, MEGABYTES_OF_LARGE = 25, 400


@pytest.fixture(scope="module")
def measured():
    """What reading each hostile document takes, each measured in a process of its own."""
    command = [sys.executable, "-m", "tests.tutoring.hostile_documents"]
    output = subprocess.run(command, capture_output=True, text=True, check=True, timeout=240).stdout
    return {found["name"]: found for found in map(json.loads, output.splitlines())}


@pytest.mark.parametrize("name", SMALL)
def test_reading_a_hostile_document_ends_soon_and_small(measured, name):
    """It takes seconds and less than 250 MB, and ends in a fault with a remedy or with the sound item alive."""
    found = measured[name]
    assert "died" not in found
    assert found["seconds"] < SECONDS
    assert found["megabytes"] < MEGABYTES
    assert found["sound"] or found["errors"]
    assert all(len(sentence) < 1_000 for sentence in found["errors"])


@pytest.mark.parametrize("name", LARGE)
def test_reading_the_largest_documents_ends(measured, name):
    """Whatever they are full of, they are read within seconds, and the items that are sound live."""
    found = measured[name]
    assert found["seconds"] < SECONDS_OF_LARGE
    assert found["megabytes"] < MEGABYTES_OF_LARGE
    assert found["sound"]


def test_a_bank_of_ten_thousand_problems_works(measured):
    """All of them live."""
    assert (measured["10,000 problems"]["items"], measured["10,000 problems"]["errors"]) == (10_001, [])


def test_a_hundred_thousand_problems_are_answered(measured):
    """The first twenty thousand live; the fault says how many there are, how many are read, and what to do."""
    found = measured["100,000 problems"]
    assert found["items"] == 20_000
    assert found["errors"][0] == "There are 100,001 items; 20,000 are read. Make several blocks."


@pytest.mark.parametrize("doctype", [
    '<!DOCTYPE a SYSTEM "{url}">',
    '<!DOCTYPE a PUBLIC "-//x//y" "{url}">',
    '<!DOCTYPE a [<!ENTITY x SYSTEM "{url}">]>',
    '<!DOCTYPE a [<!ENTITY % x SYSTEM "{url}"> %x;]>',
    '<!DOCTYPE a [<!NOTATION n SYSTEM "{url}"><!ENTITY x SYSTEM "{url}" NDATA n>]>',
    '<?xml version="1.0"?><!-- <!DOCTYPE b> --><?a?>\n<!DOCTYPE a SYSTEM "{url}">',
    '\ufeff<!DOCTYPE a SYSTEM "{url}">',
    '<?xml-stylesheet href="{url}"?>',
])  # fmt: skip
@pytest.mark.parametrize("body", [
    "&x;", '<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="{url}" parse="text"/>',
    '<xi:include xmlns:xi="http://www.w3.org/2003/XInclude" href="{url}"/>',
    '<a xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:schemaLocation="x {url}"/>',
])  # fmt: skip
def test_nothing_outside_is_read_or_called(tmp_path, doctype, body):
    """Document types, entities, includes, schemas and style sheets: no file is read, nobody is called."""
    secret = tmp_path / "secret"
    secret.write_text("TOP-SECRET")
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.05)
        for url in (secret.as_uri(), f"http://127.0.0.1:{server.getsockname()[1]}/x.dtd", str(secret)):
            text = doctype.replace("{url}", url) + document(item(f"<prompt>{body.replace('{url}', url)}</prompt>"))
            found = parse_document(text)
            assert found.errors or found.items
            assert "TOP-SECRET" not in repr(found)
        with pytest.raises(TimeoutError):
            server.accept()


@pytest.mark.parametrize("encoding", ["UTF-7", "UTF-16", "IBM037", "ISO-2022-JP", "evil", "utf-8\x00"])
def test_the_declared_encoding_does_not_matter(encoding):
    """The text is characters already: what its declaration says cannot make other ones of them."""
    declaration = f'<?xml version="1.0" encoding="{encoding}"?>'
    found = parse_document(declaration + document(item("<prompt>+ADw-b+AD4-</prompt>")))
    assert found.errors or "+ADw-b+AD4-" in found.items["bad"].prompt.source


def test_an_error_is_told_after_a_thousand_warnings():
    """What only warns cannot hide what keeps an item from going live."""
    found = parse_document(document("<zz/>" * 1500 + '<item id="bad"/>'))
    assert [left.id for left in found.left_out] == ["bad"]
    assert "has no <step>" in str(found.errors[0].problem)


def test_an_item_with_warnings_before_its_error_says_why_it_is_left_out():
    """The reason is among the item's faults, however many warnings come first."""
    bad = f'<item id="bad">{"<zz/>" * 1500}{STEP.replace("1", "1/0", 1)}</item>'
    (left,) = parse_document(document(bad)).left_out
    assert left.faults


@pytest.mark.parametrize("title", ["{@zz@}", "{@1 +@}", "{@1/0@}", "x" * 501])
def test_a_title_that_cannot_be_shown_keeps_its_item_out(title):
    """A title is a text like others: what it cannot say is told before a learner meets it."""
    found = parse_document(document(f'<item id="bad" title="{title}">{STEP}</item>'))
    assert [left.id for left in found.left_out] == ["bad"]


def test_a_hint_title_that_cannot_be_shown_keeps_its_item_out():
    """The title of a piece of help too."""
    hint = '<step skills="s"><numeric answer="1"/><hint title="{@1/0@}">x</hint></step>'
    assert [left.id for left in parse_document(document(f'<item id="bad">{hint}</item>')).left_out] == ["bad"]


@pytest.mark.parametrize(("part", "words"), [
    ('<skill id="a b" name="x"/>', "a b"), ('<misconception id="a b"/>', "a b"),
    (f'<skill id="{"x" * 81}" name="x"/>', "80"), (f'<misconception id="{"x" * 81}"/>', "80"),
])  # fmt: skip
def test_an_id_that_is_none_is_not_used(part, words):
    """A skill or misconception with such an id is told and left out: evidence would carry it."""
    found = parse_document(document(part))
    assert (list(found.skills), list(found.misconceptions)) == (["s"], [])
    assert words in f"{found.errors[0].problem} {found.errors[0].remedy}"


def test_a_setting_that_is_too_long_is_not_used():
    """It is told by its name, its length and the bound; the rest of the document lives."""
    found = parse_document(document("", f'person="{"a" * 3_000}" lang="de"'))
    assert found.settings == {"lang": "de"}
    assert "3,000 characters; at most 2,000" in str(found.errors[0].problem)


def test_trying_out_ends_where_the_work_does(monkeypatch):
    """Items that come after too much work live untried, which is told once; the check tells it too."""
    monkeypatch.setattr(parser, "READING_WORK", 10_000)
    monkeypatch.setattr(parser, "CHECKING_WORK", 20_000)
    slow = "".join(
        f'<item id="i{n}"><variable name="a" values="1..999"/><where>{"+".join(["sqrt(a)"] * 200)} &gt; 0</where>{STEP}'
        "</item>" for n in range(30)
    )
    text = document(slow + '<item id="last"><step skills="s"><numeric answer="1/0"/></step></item>')
    found = parse_document(text)
    (told,) = [fault for fault in found.faults if "not tried out in advance" in str(fault.problem)]
    assert told.item in found.items
    assert len([fault for fault in check_document(text) if "not tried out" in str(fault.problem)]) == 2


def test_memory_holds_as_many_documents_as_there_is_room_for():
    """Small documents stay parsed, large ones push others out; the last one is always there."""
    made = []

    @remember(10)
    def make(text):
        made.append(text)
        return text

    for one in ("aaa", "bbb", "aaa", "x" * 50, "x" * 50, "bbb", "ccc", "bbb"):
        assert make(one) == one
    assert made == ["aaa", "bbb", "x" * 50, "bbb", "ccc"]
    assert load(document("")) is load(document(""))
    assert MOST_REMEMBERED >= 2 * 8_000_000


def test_the_bounds_on_the_page_about_security_are_those_of_the_code():
    """Each figure of docs/security.md that a constant holds stands there as the constant has it."""
    page = (Path(__file__).parent.parent.parent / "docs" / "security.md").read_text(encoding="utf-8")
    rows = dict(re.findall(r"^\| ([^|]+?) \| ([^|]+?) \|", page, re.MULTILINE))
    figures = {
        "a document": [xml_source.MAX_BYTES],
        "the root element": [xml_source.MAX_ATTRIBUTES, document_settings.MAX_LENGTH],
        "an item, skill or misconception": [
            xml_source.MAX_PART, xml_source.MAX_ELEMENTS, xml_source.MAX_ATTRIBUTES],
        "items": [parser.MAX_ITEMS],
        "skills, misconceptions": [
            parser_skills.MAX_SKILLS, parser_skills.MAX_MISCONCEPTIONS, parser_skills.MAX_REQUIRED],
        "in an item": [parser_items.MAX_STEPS, parser_items.MAX_VARIABLES, parser_items.MAX_CONDITIONS,
                       parser_items.MAX_TITLE],
        "in a step": [parser_items.MAX_SKILLS, parser_steps.MAX_INPUTS, parser_steps.MAX_RULES, parser_help.MAX_PIECES,
                      parser_steps.MAX_PATTERNS],
        "a text": [variants.MAX_TEXT, rich_text.MAX_FORMULAS],
        "a formula": [tex.MAX_TEX, tex.MAX_DEPTH],
        "faults": [faults.MAX_FAULTS],
        "trying out items": [parser.READING_WORK // 10**6, parser.CHECKING_WORK // 10**6],
        "documents kept parsed in a process": [parser.MOST_REMEMBERED // 10**6],
        "what is read of one": [numbers.MAX_LENGTH, text.MAX_LENGTH],
    }
    for row, bounds in figures.items():
        assert {f"{bound:,}" for bound in bounds} <= set(re.findall(r"\d[\d,]*\d|\d", rows[row])), row
    for bound in (expressions.MAX_SOURCE, variants.TRYING_WORK, draws.MAX_DRAWING, draws.MAX_LOOKING, draws.MAX_HELD,
                  patterns.MAX_PATTERN, patterns.MAX_WRITTEN_OUT):
        assert f"{bound:,}" in page
