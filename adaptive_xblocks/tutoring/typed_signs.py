"""Signs that people type or paste for those of plain keys: what numbers, units and typed maths have in common."""

from __future__ import annotations

#: For every sign, whatever is read, the one of plain keys.
PLAIN_SIGNS = {
    **dict.fromkeys("\u2010\u2011\u2012\u2013\u2212\ufe63\uff0d", "-"),
    **dict.fromkeys("\u2044\u2215\uff0f", "/"),
    **dict.fromkeys("\u066b\uff0e", "."),
    **dict.fromkeys("\u060c\uff0c\u201a", ","),
    **dict.fromkeys("\u066a\uff05\ufe6a", "%"),
    "\uff0b": "+",
    "\uff1d": "=",
}
#: Raised digits and signs, as the translation into plain ones.
RAISED = str.maketrans("⁺⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "+-0123456789")
