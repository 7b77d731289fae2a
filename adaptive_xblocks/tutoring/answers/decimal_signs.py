"""Which sign parts whole from tenths where a language is written: the table is that of Unicode CLDR.

>>> [decimal_sign(lang) for lang in ("de", "de-CH", "es_419", "en", None)]
['comma-language', '', '', '', '']
"""

from __future__ import annotations

from functools import lru_cache

#: Nothing is known: what could mean two things is asked.
ASK = ""
#: What an author says in so many words: the other sign only groups digits.
POINT, COMMA = "point", "comma"
#: The language writes a comma, but people who write it also type points: a point before three digits is asked.
COMMA_LANGUAGE = "comma-language"

#: Languages whose default numbers have a comma (or ٫, which is typed as one) in CLDR 45.
_COMMA = frozenset(
    """
    ady af agq ar ast az ba bas be bg bgn blo br bs bua ca ckb cs cv da de dsb dua dyo el eo es et eu ewo fa ff fi fo
    fr fy gl hr hsb ht hu hy ia id ie is it jgo jv ka kab kbd kea kgp kk kkj kl ks ksf ku ky lb lij lld ln lo lrc lt
    lu lv mgh mk mua mzn nb nl nmg nn nnh no nr pl pms ps pt rm rn ro ru rw sah sc scn sd sdh se seh sg shi sk sl smn
    sq sr ss su sv tg tk tok tr ts tt tzm uk uz ve vec vi wo yav yrl zgh
    """.split()
)
#: Of those languages, the regions that write a point, and the other way round.
_POINT_IN = {
    "ar": frozenset(("ae",)),
    "de": frozenset(("ch", "li")),
    "es": frozenset("419 br bz cu do gt hn mx ni pa pe pr sv us".split()),
    "fr": frozenset(("rw",)),
    "it": frozenset(("ch",)),
}
_COMMA_IN = {"en": frozenset(("za",)), "ms": frozenset(("bn", "id")), "sw": frozenset(("cd",))}


@lru_cache(maxsize=1024)
def decimal_sign(lang: str | None) -> str:
    """COMMA_LANGUAGE for a language tag such as `fr` or `es-AR` that writes a comma, else ASK."""
    language, *others = (lang or "").strip().lower().replace("_", "-").split("-")
    if language in _COMMA and _POINT_IN.get(language, frozenset()).isdisjoint(others):
        return COMMA_LANGUAGE
    return ASK if _COMMA_IN.get(language, frozenset()).isdisjoint(others) else COMMA_LANGUAGE
