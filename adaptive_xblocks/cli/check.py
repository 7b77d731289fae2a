"""`adaptive-xblocks check`: the faults of documents, blocks and courses, each with file, line, element and remedy."""

from __future__ import annotations

import argparse
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from lxml import etree

from adaptive_xblocks import __version__
from adaptive_xblocks.cli.printing import Printer, counted
from adaptive_xblocks.cli.sources import Source, Unread, sources
from adaptive_xblocks.tutoring.model import ERROR, WARNING, Document, Fault, Message, Skill
from adaptive_xblocks.tutoring.parser import KINDS, all_faults, parse_document, read_element
from adaptive_xblocks.tutoring.xml_source import SourceError, read_root

#: What the platform writes on a block's element beside its settings; the block never sees them.
PLATFORM_ATTRIBUTES = ("url_name", "xblock-family", "filename", "slug")
_OPTION = "{http://code.edx.org/xblock/option}"
_OTHER_VALUES = "The skill “%(skill)s” has other values in %(file)s, line %(line)s; the block edited last counts."
_SAME_VALUES = "Write the same values in every block of the course that declares this skill."


@dataclass(frozen=True, slots=True)
class Block:
    """A document that was found in a file, from line `line` on."""

    kind: str
    line: int
    document: Document
    faults: tuple[Fault, ...]
    skills: tuple[Skill, ...]


@dataclass(frozen=True, slots=True)
class Checked:
    """A file, the blocks in it and every fault by line."""

    name: str
    course: str
    blocks: tuple[Block, ...]
    faults: tuple[Fault, ...]

    def count(self, level: str) -> int:
        """How many faults of a level there are."""
        return sum(fault.level == level for fault in self.faults)


def run(options: argparse.Namespace) -> int:
    """Check, print, and say by the status what came out."""
    found = check(options.files)
    (print_json if options.json else print_table)(found, Printer())
    return status(found, options.strict)


def check(arguments: Iterable[str]) -> list[Checked | Unread]:
    """What was found in everything that the arguments lead to, in their order."""
    found = [
        one if isinstance(one, Unread) else checked(one)
        for argument in dict.fromkeys(arguments) for one in sources(argument)
    ]
    return with_conflicts(found)


def status(found: Iterable[Checked | Unread], strict: bool = False) -> int:
    """2 if something could not be read, else 1 if there is an error (or, if strict, a warning), else 0."""
    found = list(found)
    if any(isinstance(one, Unread) for one in found):
        return 2
    fails = (ERROR, WARNING) if strict else (ERROR,)
    return int(any(one.count(level) for one in found for level in fails))


def checked(source: Source) -> Checked:
    """The blocks of one file and their faults; of a file without any, why it has none."""
    try:
        root = read_root(source.text)
    except SourceError as error:
        fault = Fault(ERROR, error.line, "", error.problem, error.remedy)
        return Checked(source.name, source.course, (), (fault,))
    elements = list(_own_elements(root))
    blocks = tuple(_block(element) for element in elements if element is root or not _is_pointer(element))
    faults = tuple(fault for block in blocks for fault in block.faults)
    if not elements:
        faults = parse_document(source.text).faults
    return Checked(source.name, source.course, blocks, faults)


def _own_elements(root: etree._Element) -> Iterable[etree._Element]:
    """The outermost elements of ours, in order."""
    if root.tag in KINDS:
        yield root
        return
    for child in root:
        if isinstance(child.tag, str):
            yield from _own_elements(child)


def _is_pointer(element: etree._Element) -> bool:
    """True for what only names a block that has a file of its own."""
    return "url_name" in element.attrib and not len(element) and not (element.text or "").strip()


def _block(element: etree._Element) -> Block:
    """The block that an element holds: its text if that is all it holds (an export), else the elements in it."""
    line = element.sourceline or 1
    children = [child for child in element if isinstance(child.tag, str) and not child.tag.startswith(_OPTION)]
    if not children and (element.text or "").strip():
        return _found(element, line, parse_document(element.text), line - 1)
    for name in PLATFORM_ATTRIBUTES:
        element.attrib.pop(name, None)
    for child in element.findall(f"{_OPTION}*"):
        element.remove(child)
    return _found(element, line, read_element(element), 0)


def _found(element: etree._Element, line: int, document: Document, before: int) -> Block:
    """The block with the lines of its file, in which so many stand before the document's first."""
    faults = tuple(replace(fault, line=fault.line + before) for fault in all_faults(document))
    skills = tuple(replace(skill, line=skill.line + before) for skill in document.skills.values())
    return Block(document.kind or str(element.tag), line, document, faults, skills)


def with_conflicts(found: list[Checked | Unread]) -> list[Checked | Unread]:
    """The same, with a warning for each skill that blocks of one course give different parameters."""
    declared: dict[tuple[str, str], list[tuple[Checked, Skill]]] = defaultdict(list)
    for one in found:
        if isinstance(one, Checked) and one.course:
            for skill in (skill for block in one.blocks for skill in block.skills if skill.parameters):
                declared[one.course, skill.id].append((one, skill))
    warned: dict[str, list[Fault]] = defaultdict(list)
    for (first_file, first), *others in declared.values():
        for file, skill in others:
            if dict(skill.parameters) != dict(first.parameters):
                params = {"skill": skill.id, "file": first_file.name, "line": first.line}
                problem = Message(_OTHER_VALUES, params)
                warned[file.name].append(Fault(WARNING, skill.line, "skill", problem, Message(_SAME_VALUES)))
    return [
        replace(one, faults=tuple(sorted((*one.faults, *warned[one.name]), key=lambda fault: fault.line)))
        if isinstance(one, Checked) and one.name in warned else one for one in found
    ]


def print_table(found: list[Checked | Unread], printer: Printer) -> None:
    """What people read: a line per file, its faults below, the sum at the end."""
    for one in found:
        if isinstance(one, Unread):
            printer.row([("unread", 7)], one.name, level="unread")
            printer.under(f"{one.problem} {one.remedy}", 9)
            continue
        printer.line(f"{one.name}: {_held(one)}")
        width = max([len(str(fault.line)) for fault in one.faults], default=1)
        for fault in one.faults:
            place = f"<{fault.element}>" if fault.element else "text"
            where = f"{place} in “{fault.item}”: " if fault.item else f"{place}: "
            printer.row([(str(fault.line), -width), (fault.level, 7)], where + str(fault.problem),
                        level=fault.level, indent=2)
            printer.under(str(fault.remedy), width + 13)
    printer.line()
    printer.line(_sum(found))


def _held(one: Checked) -> str:
    """What is in a file: `20 problems, 5 skills`, block by block."""
    held = [
        f"{counted(len(block.document.items), 'problem')}, {counted(len(block.document.skills), 'skill')}"
        + (f", {len(block.document.left_out)} left out" if block.document.left_out else "")
        for block in one.blocks
    ]
    return "; ".join(held) or "no block"


def _sum(found: list[Checked | Unread]) -> str:
    files = [one for one in found if isinstance(one, Checked)]
    n_errors, n_warnings = (sum(one.count(level) for one in files) for level in (ERROR, WARNING))
    n_unread = len(found) - len(files)
    parts = [counted(n_errors, "error"), counted(n_warnings, "warning")] + (
        [f"{n_unread} could not be read"] if n_unread else [])
    return f"{counted(sum(len(one.blocks) for one in files), 'block')} checked: {', '.join(parts)}."


def print_json(found: list[Checked | Unread], printer: Printer) -> None:
    """What programs read."""
    files = [one for one in found if isinstance(one, Checked)]
    printer.json({
        "version": __version__,
        "errors": sum(one.count(ERROR) for one in files),
        "warnings": sum(one.count(WARNING) for one in files),
        "unread": len(found) - len(files),
        "files": [_unread_data(one) if isinstance(one, Unread) else _data(one) for one in found],
    })


def _unread_data(one: Unread) -> dict[str, Any]:
    return {"file": one.name, "read": False, "problem": one.problem, "remedy": one.remedy, "blocks": [], "faults": []}


def _data(one: Checked) -> dict[str, Any]:
    return {
        "file": one.name, "read": True, "problem": "", "remedy": "",
        "blocks": [
            {"kind": block.kind, "line": block.line, "title": block.document.settings.get("display_name", ""),
             "problems": len(block.document.items), "left_out": len(block.document.left_out),
             "skills": len(block.document.skills)}
            for block in one.blocks
        ],
        "faults": [
            {"level": fault.level, "line": fault.line, "element": fault.element, "item": fault.item,
             "problem": str(fault.problem), "remedy": str(fault.remedy)}
            for fault in one.faults
        ],
    }
