"""Bring the catalogues up to date with the code: `make translations`.

Every marked string of the package (`_("…")` in Python, `{% trans %}` and `{% blocktrans %}` in templates) goes to
`translations/en/LC_MESSAGES/text.po`, which translators start from; every other `<locale>/LC_MESSAGES/text.po` keeps
its translations, takes the new strings and is compiled to the `text.mo` that the platform reads. Two locales are
dummies, made anew from the source each time: `eo` marks each string, so that a page shows at a glance what does not go
through gettext; `rtl`, as the platform calls its own, writes each in letters that run from right to left.
"""

import re
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.conf import settings
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "adaptive_xblocks"
TRANSLATIONS = PACKAGE / "translations"
SOURCE = "en"
DOMAIN = "text"
NOT_SHOWN_TO_LEARNERS = ("demo",)
KEYWORDS = {
    "_": None, "gettext": None, "gettext_noop": None, "ngettext": (1, 2), "pgettext": ((1, "c"), 2),
}
# A catalogue says what the code says and nothing of when it was written: an unchanged string makes no diff.
NO_DATE = datetime(2026, 1, 1, tzinfo=UTC)
#: What `mirrored` leaves alone: placeholders, markup, addresses, code.
KEPT = re.compile(r"(%\(\w+\)[a-z]|%[a-z%]|\{\w*\}|<[^<>]*>|&#?\w+;|https?://\S+|`[^`]*`)")
_LATIN, _LETTERS = "abcdefghijklmnopqrstuvwxyz", "اةجدثبغحهيكلمىخفقرستعضوشطز"
_SIGNS = {",": "،", ";": "؛", "?": "؟"}
_ARABIC = str.maketrans({
    **dict(zip(_LATIN, _LETTERS, strict=True)), **dict(zip(_LATIN.upper(), _LETTERS, strict=True)), **_SIGNS})


def new_catalogue(locale: str) -> Catalog:
    """An empty catalogue of our domain."""
    return Catalog(
        locale, domain=DOMAIN, project="adaptive-xblocks", version="1", copyright_holder="the adaptive-xblocks authors",
        creation_date=NO_DATE, revision_date=NO_DATE, fuzzy=False, header_comment="# Texts of adaptive-xblocks.",
    )


def sources() -> list[tuple[str, bytes]]:
    """`(path, Python source)` of every file with texts; templates as Django turns them into Python."""
    found = []
    for path in sorted(PACKAGE.rglob("*")):
        name = path.relative_to(PACKAGE)
        if name.parts[0] in NOT_SHOWN_TO_LEARNERS or path.suffix not in (".py", ".html"):
            continue
        text = path.read_text(encoding="utf-8")
        found.append((name.as_posix(), (templatize(text) if path.suffix == ".html" else text).encode()))
    return found


def extracted() -> Catalog:
    """The source catalogue: every marked string with the files it stands in."""
    if not settings.configured:
        settings.configure()
    catalogue = new_catalogue(SOURCE)
    for name, source in sources():
        found = extract("python", BytesIO(source), KEYWORDS, ["Translators:"], {"encoding": "utf-8"})
        for _line, message, comments, context in found:
            catalogue.add(message, locations=[(name, 1)], auto_comments=comments, context=context)
    return catalogue


def translated(locale: str, source: Catalog) -> Catalog:
    """The catalogue of a locale with the strings of the source and the translations that it had."""
    path = catalogue_path(locale)
    catalogue = new_catalogue(locale)
    if path.exists():
        with path.open("rb") as file:
            catalogue = read_po(file, locale=locale, domain=DOMAIN)
    catalogue.update(source, no_fuzzy_matching=True, update_creation_date=False)
    catalogue.obsolete.clear()
    catalogue.creation_date = catalogue.revision_date = NO_DATE
    return catalogue


def bracketed(text: str) -> str:
    """A string between brackets that nobody writes."""
    return f"⟦{text}⟧"


def mirrored(text: str) -> str:
    """A string in Arabic letters, one for each Latin letter; what is filled in and markup stay as they are.

    >>> mirrored("Hint %(number)s of <b>{n}</b> 100%%")
    'حهىت %(number)s خب <b>{n}</b> 100%%'
    """
    return "".join(
        part if index % 2 else part.translate(_ARABIC) for index, part in enumerate(KEPT.split(text)))


DUMMY, RIGHT_TO_LEFT = "eo", "rtl"
#: Locales that nobody translates, and what is made of each string.
DUMMIES: dict[str, Callable[[str], str]] = {DUMMY: bracketed, RIGHT_TO_LEFT: mirrored}


def fill_dummy(catalogue: Catalog, make: Callable[[str], str]) -> None:
    """Fill a dummy catalogue: every string made of its English."""
    for message in catalogue:
        if message.id:
            is_plural = isinstance(message.id, tuple)
            message.string = tuple(map(make, message.id)) if is_plural else make(message.id)


def catalogue_path(locale: str) -> Path:
    """Where a locale's catalogue lies."""
    return TRANSLATIONS / locale / "LC_MESSAGES" / f"{DOMAIN}.po"


def write(locale: str, catalogue: Catalog) -> None:
    """Write `text.po`, and for everything but the source `text.mo`."""
    path = catalogue_path(locale)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        write_po(file, catalogue, width=110, sort_output=True, include_lineno=False)
    if locale != SOURCE:
        with path.with_suffix(".mo").open("wb") as file:
            write_mo(file, catalogue)


def main() -> None:
    """Update the source, the dummies and every locale that has a folder."""
    source = extracted()
    write(SOURCE, source)
    locales = {path.name for path in TRANSLATIONS.iterdir() if path.is_dir()} | set(DUMMIES)
    for locale in sorted(locales - {SOURCE}):
        catalogue = translated(locale, source)
        if locale in DUMMIES:
            fill_dummy(catalogue, DUMMIES[locale])
        write(locale, catalogue)
        missing = sum(1 for message in catalogue if message.id and not message.string)
        print(f"{locale}: {len(catalogue)} strings, {missing} not translated yet")
    if not len(source):
        sys.exit("No string was found; are the sources where they should be?")


if __name__ == "__main__":
    main()
