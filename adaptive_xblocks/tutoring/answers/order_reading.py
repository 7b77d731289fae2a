"""Reading `<order>`: lines, extras, their indentation, and what an author should know of them."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass, replace

from lxml import etree

from adaptive_xblocks.tutoring.answers.base import say_of
from adaptive_xblocks.tutoring.answers.parts import MAX_PARTS, check_ids, part_id
from adaptive_xblocks.tutoring.model import Message, Text, _
from adaptive_xblocks.tutoring.reading import ReadContext, shorten, words

MAX_INDENT = 8
#: Spaces of a level, where the author writes a line of code with its own white space.
INDENT_WIDTH = 4
EXTRA = -1


@dataclass(frozen=True, slots=True)
class Line:
    """A line. Lines of one `block` may stand in any order among themselves; `say` answers who uses an extra."""

    id: str
    text: Text
    indent: int = 0
    block: int = EXTRA
    misconception: str | None = None
    say: Text | None = None


@dataclass(frozen=True, slots=True)
class OrderSpec:
    """The lines in the right order and what must be left out; `path` makes the order shown this input's own."""

    lines: tuple[Line, ...]
    extras: tuple[Line, ...]
    indent: bool
    code: bool
    path: str


def read_order(element: etree._Element, context: ReadContext) -> OrderSpec:
    """The lines in an element; faults go to `context`."""
    code = context.flag(element, "code")
    found = list(context.children(element, ("line", "extra")))
    lines: list[Line] = []
    extras: list[Line] = []
    names: list[str] = []
    for child in found[:MAX_PARTS]:
        if child.tag == "extra":
            extras.append(_read_part(child, f"e{len(extras) + 1}", code, context))
            continue
        any_order = child.get("any", "").strip()
        line = _read_part(child, f"l{len(lines) + 1}", code, context)
        lines.append(replace(line, block=_block_of(any_order, names, lines)))
        names.append(any_order)
    spec = OrderSpec(tuple(lines), tuple(extras), context.flag(element, "indent"), code, context.path)
    _check_count(spec, sum(child.tag == "line" for child in found), len(found), element, context)
    _check(spec, names, element, context)
    return spec


def read_named(source: str, element: etree._Element, spec: OrderSpec, context: ReadContext) -> tuple[str, ...]:
    """Ids of lines and extras; an error for those that are not there, and for lines named as they are right."""
    known = [line.id for line in (*spec.lines, *spec.extras)]
    named = words(source)
    for name in named:
        if name not in known:
            problem = Message(_('There is no line "%(line)s" to recognise.'), {"line": shorten(name)})
            context.error(element, problem, Message(_("Name some of: %(known)s."), {"known": ", ".join(known)}))
            return ()
    if list(named) == [line.id for line in spec.lines if line.id in named]:
        problem = Message(_('The lines "%(lines)s" stand in this order in the right answer too.'),
                          {"lines": shorten(source)})
        context.error(element, problem, _("Name an <extra>, or lines in an order that is wrong."))
    return named


def _block_of(name: str, names: Sequence[str], lines: Sequence[Line]) -> int:
    if not lines:
        return 0
    return lines[-1].block if name and name == names[-1] else lines[-1].block + 1


def _read_part(element: etree._Element, default: str, code: bool, context: ReadContext) -> Line:
    is_extra = element.tag == "extra"
    known = ("id", "indent", "lang", "dir", *(("misconception",) if is_extra else ("any",)))
    context.attributes(element, known)
    identifier = part_id(element, default, context)
    text = context.text(element, skip=("say",))
    level = context.number(element, "indent", 0, MAX_INDENT)
    indent = round(level or 0)
    if level is not None and level != indent:
        context.error(element, Message(_('indent="%(indent)s" is not a whole number.'), {"indent": f"{level:g}"}),
                      _('Write the levels of indentation, e.g. indent="1".'))
    if code:
        source, levels = _code_of(text.source, element, context)
        text, indent = replace(text, source=source), indent if level is not None else levels
    else:
        text = replace(text, source=text.source.strip())
    if not text:
        context.error(element, Message(_("A <%(tag)s> is empty."), {"tag": element.tag}), _("Write what it says."))
    misconception = context.misconception(element) if is_extra else None
    return Line(identifier, text, indent, EXTRA, misconception, say_of(element, context) if is_extra else None)


def _code_of(source: str, element: etree._Element, context: ReadContext) -> tuple[str, int]:
    """Code without the white space around it, and the levels of indentation that it began with."""
    if "\t" in source.strip("\r\n"):
        problem = Message(_("A tab in code is read as %(width)s spaces."), {"width": INDENT_WIDTH})
        context.warning(element, problem, _('Write spaces; for the indentation of a line write indent="1".'))
    lines = source.expandtabs(INDENT_WIDTH).strip("\r\n").rstrip().split("\n")
    first = next((line for line in lines if line.strip()), "")
    width = len(first) - len(first.lstrip(" "))
    levels, rest = divmod(width, INDENT_WIDTH)
    if rest or levels > MAX_INDENT:
        params = {"count": width, "width": INDENT_WIDTH, "limit": MAX_INDENT}
        problem = _("The line begins with %(count)s spaces: no whole levels of %(width)s, at most %(limit)s of them.")
        context.warning(element, Message(problem, params), _('Write its indentation as an attribute: indent="1".'))
    return textwrap.dedent("\n".join(lines)).strip("\n"), min(levels, MAX_INDENT)


def _check_count(
    spec: OrderSpec, n_lines: int, count: int, element: etree._Element, context: ReadContext
) -> None:
    if n_lines < 2 or not 3 <= count <= MAX_PARTS:
        params = {"lines": n_lines, "count": count}
        remedy = Message(_("Write at least 2 <line> elements, 3 to %(limit)s with the extras."), {"limit": MAX_PARTS})
        context.error(element, Message(_("<order> has %(lines)s lines, %(count)s with the extras."), params), remedy)
    elif len({line.block for line in spec.lines}) == 1 or len({line.text.source for line in spec.lines}) == 1:
        context.error(element, _("Every order of these lines is right."),
                      _('Take any="…" from some, or change their texts.'))


def _check(spec: OrderSpec, names: Sequence[str], element: etree._Element, context: ReadContext) -> None:
    check_ids([line.id for line in (*spec.lines, *spec.extras)], element, context)
    blocks: dict[str, set[int]] = {}
    for name, line in zip(names, spec.lines):
        blocks.setdefault(name, set()).add(line.block)
    for name, places in blocks.items():
        if name and len(places) > 1:
            problem = Message(_('The lines with any="%(name)s" do not stand together.'), {"name": shorten(name)})
            context.error(element, problem, _("Write them one after the other, or give them different names."))
    if {line.text.source for line in spec.lines} & {line.text.source for line in spec.extras}:
        context.warning(element, _("An extra has the same text as a line; either may be left out."),
                        _("Change its text, or remove it."))
    if spec.indent and not any(line.indent for line in spec.lines):
        context.warning(element, _("Learners can indent these lines, but none is to be indented."),
                        _('Write indent="1" on the lines that are, or take indent="true" away.'))
