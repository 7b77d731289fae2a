"""What a document's root element sets for the whole of it: read in one place, with one range and one default each."""

from __future__ import annotations

from lxml import etree

from adaptive_xblocks.tutoring.faults import Faults
from adaptive_xblocks.tutoring.model import Document, Message, _
from adaptive_xblocks.tutoring.policies import policy_names

#: Settings that are numbers: (least, most, default). `pause` is in minutes; 0, its default, is none.
NUMBERS = {"threshold": (0.5, 0.9999, 0.95), "min_evidence": (1, 20, 3), "pause": (1, 120, 0)}
#: Settings that are one of a few words, the default first.
WORDS = {"choice": ("false", "true"), "grade": ("mastery", "solved"), "progress": ("meters", "pictures")}
#: Settings that take any text, and what the platform writes beside them.
MAX_LENGTH = 2_000
TEXTS = ("schema", "display_name", "edited", "lang", "dir", "person", "policy", "weight", "max_attempts", "draft")


def number(document: Document, name: str) -> float:
    """A setting of NUMBERS; its default where the document says nothing readable (which the parser has told)."""
    default = NUMBERS[name][2]
    value = _read_number(name, document.settings.get(name, ""))
    return default if value is None else value


def threshold(document: Document, skill: str | None = None) -> float:
    """The probability at which a skill counts as mastered: the skill's own, else the document's, else 0.95."""
    own = document.skills.get(skill) if skill is not None else None
    return own.threshold if own is not None and own.threshold is not None else number(document, "threshold")


def min_evidence(document: Document) -> int:
    """How many unassisted successes on different variants mastery takes, else 3."""
    return int(number(document, "min_evidence"))


def check_settings(root: etree._Element, faults: Faults) -> dict[str, str]:
    """The settings as written. A warning for each that is not known or cannot be read: its default holds then; an
    error for one that is too long, which is left out."""
    settings = dict(root.attrib)
    for name, text in root.attrib.items():
        if len(text) > MAX_LENGTH:
            del settings[name]
            params = {"name": name[:40], "count": f"{len(text):,}", "limit": f"{MAX_LENGTH:,}"}
            problem = _('The setting "%(name)s" has %(count)s characters; at most %(limit)s are read.')
            faults.error(root, Message(problem, params), _("Shorten it."))
        elif name in NUMBERS and _read_number(name, text) is None:
            remedy = _("Write a number from %(least)s to %(most)s; until then %(default)s holds.")
            if name == "pause":
                remedy = _("Write a number of minutes from %(least)s to %(most)s; until then there is no pause.")
            params = dict(zip(("least", "most", "default"), map(str, NUMBERS[name])))
            faults.warning(root, _not_used(name, text), Message(remedy, params))
        elif name in WORDS and text not in WORDS[name]:
            first, second = WORDS[name]
            remedy = Message(_("Write %(first)s or %(second)s."), {"first": first, "second": second})
            faults.warning(root, _not_used(name, text), remedy)
        elif name == "policy" and text not in policy_names():
            problem = Message(_('policy="%(value)s" is not known here.'), {"value": text[:40]})
            remedy = _("Write one of %(known)s; until then standard holds.")
            faults.warning(root, problem, Message(remedy, {"known": ", ".join(policy_names())}))
        elif name not in NUMBERS and name not in WORDS and name not in TEXTS and not name.startswith("{"):
            problem = Message(_('The setting "%(name)s" is not known; it is kept.'), {"name": name[:40]})
            remedy = _("Look for a slip of the pen: there are %(known)s.")
            known = ", ".join((*NUMBERS, *WORDS, "policy", "person", "edited"))
            faults.warning(root, problem, Message(remedy, {"known": known}))
    return settings


def _not_used(name: str, text: str) -> Message:
    return Message(_('%(name)s="%(value)s" is not used.'), {"name": name, "value": text[:40]})


def _read_number(name: str, text: str) -> float | None:
    least, most, _default = NUMBERS[name]
    try:
        value = float(text)
    except ValueError:
        return None
    return value if least <= value <= most else None
