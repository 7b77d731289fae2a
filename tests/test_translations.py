"""Every sentence that people read goes through gettext, and the catalogues know it."""

import ast
import re

import pytest
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po

from adaptive_xblocks.tutoring.model import Message
from adaptive_xblocks.tutoring.parser import check_document
from tests.tutoring import test_expressions, test_parser_faults
from tools import translations

LOCALES = sorted(path.name for path in translations.TRANSLATIONS.iterdir() if path.is_dir())
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|\{\w+\}")


def catalogue(locale):
    """The catalogue of a locale as it is stored."""
    with translations.catalogue_path(locale).open("rb") as file:
        return read_po(file, locale=locale)


def frozen(text):
    """A string as it is, its plural forms as a tuple."""
    return tuple(text) if isinstance(text, list | tuple) else text


def ids(messages):
    """The strings of a catalogue, without its header."""
    return {frozen(message.id) for message in messages if message.id}


def pairs(messages):
    """What a catalogue translates: English to the other language."""
    return {frozen(message.id): frozen(message.string) for message in messages if message.id and message.string}


@pytest.mark.parametrize("locale", LOCALES)
def test_every_catalogue_has_every_string(locale):
    """No string was added or changed without `make translations`."""
    assert ids(catalogue(locale)) == ids(translations.extracted()), "run `make translations`"


@pytest.mark.parametrize("locale", sorted(set(LOCALES) - {translations.SOURCE}))
def test_every_catalogue_is_compiled(locale):
    """The `text.mo` that the platform reads says what `text.po` says."""
    with translations.catalogue_path(locale).with_suffix(".mo").open("rb") as file:
        compiled = pairs(read_mo(file))
    assert compiled == pairs(catalogue(locale)), "run `make translations`"


@pytest.mark.parametrize("locale", sorted(set(LOCALES) - {translations.SOURCE}))
def test_translations_keep_their_placeholders(locale):
    """A translation fills in the same names as the English, or a page would break in that language only."""
    for message in catalogue(locale):
        for one in (message.string if isinstance(message.string, tuple) else (message.string,)):
            english = message.id if isinstance(message.id, str) else message.id[-1]
            if message.id and one:
                assert set(PLACEHOLDER.findall(one)) <= set(PLACEHOLDER.findall(english)), one


@pytest.mark.parametrize("text", [
    "Hint %(number)s of %(of)s", "Trying again in {seconds} s.", "100%% of <b>it</b>", "See &amp; “https://a.org/b c”",
])
def test_the_dummies_keep_what_is_filled_in(text):
    """Both dummies change the words of a string and nothing of its placeholders, markup and addresses."""
    kept = re.findall(r"%\(\w+\)s|\{\w+\}|%%|</?b>|&amp;|https://\S+", text)
    for make in translations.DUMMIES.values():
        assert make(text) != text
        assert re.findall(r"%\(\w+\)s|\{\w+\}|%%|</?b>|&amp;|https://\S+", make(text)) == kept
    assert not re.search("[a-z]", re.sub(translations.KEPT, "", translations.mirrored(text)))


FAULTY = {**test_parser_faults.LEAVES_OUT, **test_parser_faults.WARNS, **test_parser_faults.PARTS}


def msgids(message):
    """The msgids of a message and of the messages in it."""
    yield message.key
    for value in message.params.values():
        if isinstance(value, Message):
            yield from msgids(value)


@pytest.fixture(scope="module")
def known():
    """Every string of the source catalogue."""
    return ids(catalogue(translations.SOURCE))


@pytest.mark.parametrize("content", [content for content, _, _ in FAULTY.values()], ids=FAULTY.keys())
def test_the_catalogue_holds_every_sentence_of_a_fault(content, known):
    """Problem and remedy, and the sentences inside them, are strings of the catalogue: no text made by the way."""
    faults = check_document(test_parser_faults.document(content))
    told = {one for fault in faults for message in (fault.problem, fault.remedy) for one in msgids(message)}
    assert told and told <= known


@pytest.mark.parametrize(
    "source", ["2b", "a(3)", "(2 + 3", "mod(3)", "min(", "1 + s", "sqrt(-4)", "zz", "1 $ 2", "pick(l, 3)"])
def test_the_catalogue_holds_what_an_expression_is_refused_with(source, known):
    """An expression's error, its place included."""
    assert set(msgids(test_expressions.error_of(source).sentence)) <= known


#: What takes sentences for people in the pure modules, by name, and where they stand among the arguments.
SENTENCES = {
    "error": slice(1, 3), "warning": slice(1, 3), "Fault": slice(3, 5), "Message": slice(0, 1),
    "SourceError": slice(1, 3), "VariantError": slice(1, 2), "ExpressionError": slice(0, 1),
    "TooMuchWorkError": slice(0, 1), "BrokenAnswerType": slice(0, 1),
}


def made_by_the_way(tree):
    """The lines of sentences that are put together in their call or stand there without their mark `_()`."""
    for call in (node for node in ast.walk(tree) if isinstance(node, ast.Call)):
        is_method = isinstance(call.func, ast.Attribute)
        name = call.func.attr if is_method else getattr(call.func, "id", "")
        if name not in SENTENCES or (is_method and getattr(call.func.value, "id", "") == "log"):
            continue
        for one in call.args[SENTENCES[name]]:
            if isinstance(one, ast.JoinedStr | ast.BinOp) or isinstance(getattr(one, "value", None), str):
                yield one.lineno


def test_no_sentence_for_authors_is_made_by_the_way():
    """What authors are told is marked, its values are params: an English sentence of another make stays English."""
    paths = sorted((translations.PACKAGE / "tutoring").rglob("*.py"))
    found = [f"{path.name}:{line}" for path in paths for line in made_by_the_way(ast.parse(path.read_text("utf-8")))]
    assert found == []


def test_the_guard_against_english_only_sentences_sees_them():
    """An f-string and an unmarked text in a call are both found; a marked one is not."""
    tree = ast.parse('context.error(e, f"No {x}.", "Write it.")\nraise ExpressionError(_("Too long."))')
    assert list(made_by_the_way(tree)) == [1, 1]
