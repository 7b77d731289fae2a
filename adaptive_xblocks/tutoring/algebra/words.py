"""The words of typed maths: functions, constants, Greek letters, signs of every hand, and what LaTeX calls them."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable

from adaptive_xblocks.tutoring.typed_signs import PLAIN_SIGNS

TRIGONOMETRIC = frozenset(("sin", "cos", "tan", "sec", "csc", "cot"))
#: Word -> function of a Call. `log` is to the base 10, as in authors' expressions.
FUNCTIONS = {
    **{name: name for name in (*TRIGONOMETRIC, "asin", "acos", "atan", "sinh", "cosh", "tanh")},
    "exp": "exp", "ln": "ln", "log": "log", "abs": "abs",
    "arcsin": "asin", "arccos": "acos", "arctan": "atan", "cosec": "csc", "tg": "tan", "arctg": "atan", "cotg": "cot",
    "lg": "log", "sqrt": "sqrt", "cbrt": "cbrt", "root": "root",
}  # fmt: skip
INVERSE = {"sin": "asin", "cos": "acos", "tan": "atan"}
ROOTS = {"sqrt": 2, "cbrt": 3}
CONSTANTS = {"pi": "pi", "π": "pi", "ϖ": "pi", "e": "e", "ℯ": "e"}
GREEK = {
    unicodedata.lookup(f"GREEK SMALL LETTER {'LAMDA' if name == 'lambda' else name.upper()}"): name
    for name in ("alpha", "beta", "gamma", "delta", "epsilon", "zeta", "eta", "theta", "iota", "kappa", "lambda",
                 "mu", "nu", "xi", "rho", "sigma", "tau", "upsilon", "phi", "chi", "psi", "omega")
}  # fmt: skip
VARIANTS = {"ϑ": "θ", "ϕ": "φ", "ϵ": "ε", "µ": "μ", "ς": "σ", "ϱ": "ρ"}
LATEX = {
    **dict.fromkeys(("frac", "dfrac", "tfrac"), "\\frac"),
    **{word: word for word in (*FUNCTIONS, "pi", *GREEK.values())},
    **dict.fromkeys(("cdot", "times", "ast"), "*"), "div": "/",
    **dict.fromkeys(("left", "right", "big", "Big", "bigl", "bigr", "displaystyle", "limits"), " "),
    **dict.fromkeys(("lvert", "rvert", "vert"), "|"), "lbrace": "(", "rbrace": ")",
    **dict.fromkeys(("quad", "qquad"), " "),
    "varepsilon": "epsilon", "vartheta": "theta", "varphi": "phi",
}  # fmt: skip

_SIGNS = {
    **PLAIN_SIGNS, **dict.fromkeys("\u2014\u207b\u208b", "-"), **dict.fromkeys("⁺₊", "+"),
    **dict.fromkeys("×·∙⋅•∗＊✕✖⨯⨉", "*"), **dict.fromkeys("÷:∶", "/"), "；": ";", "؛": ";",
    **dict.fromkeys("∣｜ǀ", "|"), **dict.fromkeys("（⁽₍", "("), **dict.fromkeys("）⁾₎", ")"),
    "［": "[", "］": "]", "｛": "{", "｝": "}", "＾": "^", "ˆ": "^", "↑": "^", "√": "√", "∛": "∛", "∜": "∜",
}  # fmt: skip
_RAISED = "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁽⁾ⁿˣʸ"
_RAISED_LETTERS = {"ⁿ": "n", "ˣ": "x", "ʸ": "y"}


def plain(text: str) -> str:
    """The text in plain signs: digits of every script, typographic signs, raised digits as ^(…), ½ as (1/2).

    What is invisible (marks of direction, joiners) is dropped; what is unknown stays as it is.
    """
    if text.isascii():
        return " ".join(text.split())
    out: list[str] = []
    raised = False
    for character in text:
        is_raised = character in _RAISED
        if is_raised is not raised:
            out.append("^(" if is_raised else ")")
            raised = is_raised
        out.append(_plain_sign(character))
    if raised:
        out.append(")")
    return " ".join("".join(out).split())


def _plain_sign(character: str) -> str:
    if character.isascii():
        return character
    if character in _SIGNS:
        return _SIGNS[character]
    if character in _RAISED_LETTERS:
        return _RAISED_LETTERS[character]
    digit = unicodedata.digit(character, None)
    if digit is not None and (unicodedata.decimal(character, None) is not None or character in _RAISED):
        return str(digit)
    if unicodedata.category(character) in ("Cf", "Cc", "Cn") or character in "\ufe0e\ufe0f\u200b":
        return ""
    decomposition = unicodedata.decomposition(character)
    if decomposition.startswith("<sub>") and digit is not None:
        return f"_{digit}"
    if decomposition.startswith("<fraction>"):
        return f"\u29f8{unicodedata.normalize('NFKC', character).replace(chr(0x2044), '/')}\u29f9"
    if decomposition.startswith(("<font>", "<wide>")):  # letters of formulas, letters in full width
        return unicodedata.normalize("NFKC", character)
    return VARIANTS.get(character, character)


def spellings(name: str) -> Iterable[str]:
    """How a known name may be typed: x_1 as x1, theta as θ; the name itself first."""
    yield name
    head, _line, tail = name.partition("_")
    if tail:
        yield head + tail
    else:
        stem = name.rstrip("0123456789")
        if stem and stem != name:
            yield f"{stem}_{name[len(stem):]}"
    for sign, word in GREEK.items():
        if name == word:
            yield sign
        elif name == sign:
            yield word
