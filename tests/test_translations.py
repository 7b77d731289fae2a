"""Every sentence that people read goes through gettext, and the catalogues know it."""

import re

import pytest
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po

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
