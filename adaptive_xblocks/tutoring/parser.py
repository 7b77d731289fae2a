"""From an author's OLX to a :class:`Document`: every fault told, nothing raised, what is sound lives."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from lxml import etree

from adaptive_xblocks.tutoring.answer_checks import item_faults, lasting_faults
from adaptive_xblocks.tutoring.bank import WORKED_EXAMPLE
from adaptive_xblocks.tutoring.document_settings import check_settings
from adaptive_xblocks.tutoring.expressions import Budget
from adaptive_xblocks.tutoring.faults import Faults
from adaptive_xblocks.tutoring.model import ERROR, WARNING, Document, Fault, Item, LeftOut, Message, _
from adaptive_xblocks.tutoring.parser_items import read_item
from adaptive_xblocks.tutoring.parser_skills import read_misconceptions, read_skills
from adaptive_xblocks.tutoring.policies import BUILT_IN
from adaptive_xblocks.tutoring.reading import ReadContext, shorten, tag_list
from adaptive_xblocks.tutoring.remembering import remember
from adaptive_xblocks.tutoring.xml_source import SourceError, read_root

MAX_ITEMS = 20_000
CHECKED_VARIANTS = 5_000
#: Steps of evaluation for trying a document's items, when it is read and when it is checked: a few seconds each.
READING_WORK = 3_000_000
CHECKING_WORK = 5_000_000
#: Characters of the documents that a process keeps parsed; each takes up to forty bytes of memory.
MOST_REMEMBERED = 20_000_000
KINDS = ("adaptive_problem_set", "hint_tutor", "recommendation_panel")
PART_TAGS = ("skill", "misconception", "item", "resource")


@dataclass(slots=True)
class _Bank:
    """The items while they are read; `order` gives every id that the document has."""

    live: dict[str, Item] = field(default_factory=dict)
    left_out: list[LeftOut] = field(default_factory=list)
    elements: dict[str, etree._Element] = field(default_factory=dict)
    work: Budget = field(default_factory=lambda: Budget(READING_WORK))
    tells: bool = True  # that the work is spent, once

    def try_out(self, item: Item) -> list[Fault]:
        """What goes wrong with an item's numbers, as long as there is work left to find out."""
        if not self.work.is_spent:
            return lasting_faults(item, self.work)
        tells, self.tells = self.tells, False
        return [_not_tried(item)] if tells else []


def parse_document(text: str) -> Document:
    """The document that `text` says. Its faults are in `.faults`, the items with errors in `.left_out`.

    A text that cannot be read at all, or whose root is not ours, gives an empty document with one error.
    """
    try:
        root = read_root(text)
    except SourceError as error:
        return Document("", faults=(Fault(ERROR, error.line, "", error.problem, error.remedy),))
    if root.tag not in KINDS:
        tag = shorten(str(root.tag))
        problem = Message(_("The root element is <%(tag)s>."), {"tag": tag})
        remedy = Message(_("It must be one of %(known)s."), {"known": tag_list(KINDS)})
        return Document("", faults=(Fault(ERROR, root.sourceline or 1, tag, problem, remedy),))
    return _read_document(root)


@remember(MOST_REMEMBERED)
def load(text: str) -> Document:
    """`parse_document`, remembered by content: all learners of a block share one document."""
    return parse_document(text)


@remember(MOST_REMEMBERED)
def check_document(text: str) -> tuple[Fault, ...]:
    """Every fault of a text, those included that show only with numbers: for editors, not for pages.

    Remembered by content. Each live item is tried with 50 seeds; in a bank of more than 100 items with
    fewer, but at least 2.
    """
    return all_faults(load(text))


def read_element(root: etree._Element) -> Document:
    """The document that an element of a larger text says; `root` is one of KINDS. Lines are those of the text."""
    return _read_document(root)


def all_faults(document: Document) -> tuple[Fault, ...]:
    """The faults of a document and those that show only with numbers, by line (as `check_document`)."""
    found = list(document.faults)
    seeds = range(max(2, min(50, CHECKED_VARIANTS // max(1, len(document.items)))))
    work = Budget(CHECKING_WORK)
    for item in document.items.values():
        if work.is_spent:
            found.append(_not_tried(item))
            break
        found += item_faults(item, seeds if item.is_drawn else (0,), work)
    return tuple(sorted(dict.fromkeys(found), key=lambda fault: fault.line))


def _not_tried(item: Item) -> Fault:
    remedy = _("Use fewer or shorter lists, ranges and conditions in the problems before it, or make several blocks.")
    problem = _("From here on problems are not tried out in advance: those before took too much work.")
    return Fault(WARNING, item.line, "item", Message(problem), Message(remedy), item.id)


def _read_document(root: etree._Element) -> Document:
    faults = Faults()
    context = ReadContext(faults)
    settings = check_settings(root, faults)
    parts: dict[str, list[etree._Element]] = {tag: [] for tag in PART_TAGS}
    for child in context.children(root, PART_TAGS):
        if child.tag == "item" or context.fits(child):
            parts[str(child.tag)].append(child)
    skills = read_skills(parts["skill"], context)
    context.skills = skills
    misconceptions = read_misconceptions(parts["misconception"], context)
    context.misconceptions = misconceptions
    bank = _read_items(parts["item"], faults, context)
    _check_references(bank, faults)
    sources = {element.get("id", "").strip(): element for element in parts["misconception"]}
    for misconception in misconceptions.values():
        kind, _colon, target = (misconception.remediation or "").partition(":")
        if kind == "item" and target not in bank.live:
            problem = _('remediation="%(value)s" names no item that can be used.')
            faults.error(
                sources.get(misconception.id, root),
                Message(problem, {"value": shorten(misconception.remediation)}),
                _('Name an item of this document, e.g. remediation="item:<id>".'),
            )
            misconceptions[misconception.id] = replace(misconception, remediation=None)
    _check_whole(root, skills, parts["skill"], bank, faults)
    _check_probe(root, settings, bank, faults)
    return Document(
        kind=str(root.tag),
        settings=settings,
        skills=skills,
        misconceptions=misconceptions,
        items=bank.live,
        left_out=tuple(bank.left_out),
        faults=tuple(sorted(faults.found, key=lambda fault: fault.line)),
    )


def _read_items(elements: list[etree._Element], faults: Faults, context: ReadContext) -> _Bank:
    bank = _Bank()
    if len(elements) > MAX_ITEMS:
        params = {"count": f"{len(elements):,}", "limit": f"{MAX_ITEMS:,}"}
        problem = Message(_("There are %(count)s items; %(limit)s are read."), params)
        faults.error(elements[MAX_ITEMS], problem, _("Make several blocks."))
    for number, element in enumerate(elements[:MAX_ITEMS], 1):
        own = Faults()
        here = replace(context, faults=own, names=set())
        item_id = here.identifier(element, f"item-{number}")
        own.item = item_id
        own.found = [replace(fault, item=item_id) for fault in own.found]
        if item_id in bank.elements:
            problem = Message(_('There is an item "%(id)s" already.'), {"id": shorten(item_id)})
            own.error(element, problem, _("Give each item an id of its own."))
        item = read_item(element, item_id, here.at(item_id)) if here.fits(element) else None
        if not own.has_errors:
            own.extend(bank.try_out(item))
        bank.elements.setdefault(item_id, element)
        faults.extend(own.found)
        if own.has_errors:
            errors = tuple(fault for fault in own.found if fault.level == ERROR)
            bank.left_out.append(LeftOut(item_id, element.sourceline or 0, errors))
        else:
            bank.live[item_id] = item
    return bank


def _check_references(bank: _Bank, faults: Faults) -> None:
    for item in list(bank.live.values()):
        if item.easier and (item.easier not in bank.live or item.easier == item.id):
            faults.warning(
                bank.elements[item.id],
                Message(_('easier="%(id)s" names no other item that can be used.'), {"id": shorten(item.easier)}),
                _("Correct the id or remove it."),
            )
            bank.live[item.id] = replace(item, easier=None)


def _check_probe(root: etree._Element, settings: dict[str, str], bank: _Bank, faults: Faults) -> None:
    """A policy that begins with a probe needs problems that tell of a skill; worked examples do not."""
    policy = BUILT_IN.get(settings.get("policy", ""))
    can_probe = any(item.skills and item.format != WORKED_EXAMPLE for item in bank.live.values())
    if policy and policy.probe and bank.live and not can_probe:
        problem = Message(
            _('policy="%(value)s" begins with problems that find a learner\'s place, and there are none.'),
            {"value": shorten(settings["policy"])})
        faults.warning(root, problem, _('Write problems whose steps name skills, or choose another policy.'))


def _check_whole(
    root: etree._Element, skills: dict, elements: list[etree._Element], bank: _Bank, faults: Faults
) -> None:
    """What only the whole document shows: skills that nothing practises, a tutor without its one item."""
    if root.tag == "hint_tutor" and len(bank.elements) != 1:
        problem = Message(_("<hint_tutor> has %(count)s items."), {"count": len(bank.elements)})
        faults.error(root, problem, _("Write exactly one <item>."))
    if root.tag != "adaptive_problem_set":
        return
    if not bank.elements:
        faults.warning(root, _("There is nothing to practise yet."), _("Add an <item>."))
    practised = {skill for item in bank.live.values() for skill in item.skills}
    for element in elements:
        skill_id = element.get("id", "").strip()
        if skill_id in skills and skill_id not in practised:
            faults.warning(
                element,
                Message(_('No usable item practises the skill "%(skill)s".'), {"skill": shorten(skill_id)}),
                _('Write an item with a step whose skills="…" name it, or remove the skill.'),
            )
    for item in bank.live.values():
        if not item.skills:
            faults.warning(
                bank.elements[item.id],
                _("The item practises no skill and is never chosen."),
                _('Write skills="…" on its steps.'),
            )
