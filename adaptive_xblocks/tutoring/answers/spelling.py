"""Slips of spelling that may be forgiven: few, in long words, and none that makes another answer of it.

>>> n_slips("denomiantor", "denominator", 1, True), n_slips("se", "sé", 1, True), n_slips("12345", "12354", 1, True)
(1, 2, 2)
"""

from __future__ import annotations

from functools import lru_cache

from adaptive_xblocks.tutoring.answers.text_folding import without_accents

ONE_SLIP, TWO_SLIPS = 5, 9  # letters from which on so many may be forgiven
FIRST_IDEOGRAPH, LAST_IDEOGRAPH = "\u2e80", "\ufaff"  # where a sign is a word or a syllable


@lru_cache(maxsize=4096)
def n_slips(typed: str, key: str, most: int, accents_count: bool) -> int:
    """How many letters were left out, added, exchanged or swapped; more than `most` where nothing is forgiven.

    That is: in answers of less than five letters (for two slips: nine), also as one word among others; in digits; in
    scripts where a sign is a word; and where accents count, in accents."""
    too_many = most + 1
    most = min(most, 0 if len(key) < ONE_SLIP else 1 if len(key) < TWO_SLIPS else 2)
    if not most or abs(len(typed) - len(key)) > most or _digits(typed) != _digits(key):
        return too_many
    if any(FIRST_IDEOGRAPH <= sign <= LAST_IDEOGRAPH for sign in key):
        return too_many
    from rapidfuzz.distance import OSA  # loaded by the first answer that may have a slip

    bare = without_accents(typed), without_accents(key)
    slips = OSA.distance(*bare, score_cutoff=most)
    if slips > most or accents_count and OSA.distance(typed, key, score_cutoff=most) != slips:
        return too_many
    words = bare[0].split(), bare[1].split()
    if len(words[0]) == len(words[1]) and any(
        one != other and len(other) < ONE_SLIP for one, other in zip(*words)
    ):
        return too_many
    return slips


def _digits(text: str) -> str:
    return "".join(sign for sign in text if sign.isdigit())
