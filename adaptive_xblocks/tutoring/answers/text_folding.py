"""Texts as they are compared: what nobody sees or means is folded away.

>>> fold("  “Don’t”  wait… ") == fold('"don\\'t" wait')
True
>>> without_accents("canté, كَتَبَ, が"), fold("3!"), without_calls(fold("¡Hola!"))
('cante, كتب, が', '3!', 'hola')
"""

from __future__ import annotations

import re
import unicodedata

_SIGNS = str.maketrans({
    **dict.fromkeys("‘’‚‛ʼʹ′`´＇", "'"),
    **dict.fromkeys("“”„‟«»″＂〝〞", '"'),
    **dict.fromkeys("‐‑‒–—―−﹣－", "-"),
    "ـ": "",  # the stroke that stretches Arabic words
})  # fmt: skip
_STROKES = str.maketrans("øØłŁđĐħĦŧŦ", "oOlLdDhHtT")
_FULL_STOP = re.compile(r"(?<=[^\W\d_]{2})(?<!\.\w\w)([\"')]*)\s*[.。।۔]+([\"')]*)$")
_CALLS = re.compile(r"^[¿¡\s]+|[\s!?؟]+$")
_LETTERS = re.compile(r"[^\W\d_]")


def fold(text: str, fold_case: bool = True) -> str:
    """NFKC, without invisible signs, white space in one kind, plain quotation marks and dashes; unless case counts
    also in small letters and without a full stop (or three dots) after the last word."""
    text = unicodedata.normalize("NFKC", text.translate(_SIGNS)).translate(_SIGNS)
    text = " ".join("".join(c for c in text if unicodedata.category(c) != "Cf").split())
    if fold_case:
        text = _FULL_STOP.sub(r"\1\2", text.casefold())
    return unicodedata.normalize("NFC", text)


def without_calls(text: str) -> str:
    """A folded text without the marks of a question or a call around it; they count where there are no words."""
    return _CALLS.sub("", text) if len(_LETTERS.findall(text)) > 1 else text


def without_accents(text: str) -> str:
    """A text without accents: marks above and below letters, vowel signs of Arabic and Hebrew, strokes as in ø.

    Marks that make another letter, as in Japanese and the scripts of India, stay.
    """
    if text.isascii():
        return text
    marked = unicodedata.normalize("NFD", text)
    return unicodedata.normalize("NFC", "".join(c for c in marked if not _is_accent(c)).translate(_STROKES))


def _is_accent(character: str) -> bool:
    kind = unicodedata.combining(character)
    return 10 <= kind <= 36 or kind >= 200
