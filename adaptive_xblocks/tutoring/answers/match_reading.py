"""Reading `<match>`: pairs or groups, and what an author should know of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from lxml import etree

from adaptive_xblocks.tutoring.answers.base import say_of
from adaptive_xblocks.tutoring.answers.parts import MAX_PARTS, check_ids, part_id
from adaptive_xblocks.tutoring.model import Message, Text, _
from adaptive_xblocks.tutoring.reading import TEXT_ATTRIBUTES, ReadContext, shorten


@dataclass(frozen=True, slots=True)
class Side:
    """A left side, with the id of the right one that it belongs to; or a right side, with what is said of an extra."""

    id: str
    text: Text
    right: str = ""
    misconception: str | None = None
    say: Text | None = None


@dataclass(frozen=True, slots=True)
class MatchSpec:
    """Left sides (members) and right sides (groups) as written; `path` makes the order shown this input's own."""

    rows: tuple[Side, ...]
    rights: tuple[Side, ...]
    grouped: bool
    keep_order: bool
    path: str


@dataclass(frozen=True, slots=True)
class Pairing:
    """A left side (None: any) with a right side, by ids."""

    row: str | None
    right: str


def read_match(element: etree._Element, context: ReadContext) -> MatchSpec:
    """The pairs or groups in an element; faults go to `context`."""
    found = list(context.children(element, ("pair", "extra", "group")))
    groups = [child for child in found if child.tag == "group"]
    if groups and len(groups) < len(found):
        context.error(element, _("<match> has groups and pairs."), _("Write either <group> or <pair> and <extra>."))
    if groups:
        rows, rights = _read_groups(groups, context)
    else:
        rows, rights = _read_pairs(found, context)
    keep_order = context.flag(element, "keep_order")
    spec = MatchSpec(tuple(rows[:MAX_PARTS]), tuple(rights[:MAX_PARTS]), bool(groups), keep_order, context.path)
    _check_counts(spec, len(rows), len(rights), element, context)
    _check_alike(spec, element, context)
    return spec


def read_pairing(source: str, element: etree._Element, spec: MatchSpec, context: ReadContext) -> Pairing | None:
    """`left=right` by ids or texts; an error if there is no such pair to recognise, or if it is right."""
    pieces = source.split("=")
    for at in range(1, len(pieces)):
        left = _find("=".join(pieces[:at]), spec.rows)
        right = _find("=".join(pieces[at:]), spec.rights)
        if left and right:
            break
    else:
        problem = Message(_('"%(pair)s" is no left side with a right side of this <match>.'), {"pair": shorten(source)})
        known = {"left": _names(spec.rows), "right": _names(spec.rights)}
        remedy = _("Write left=right; left are %(left)s, right are %(right)s.")
        context.error(element, problem, Message(remedy, known))
        return None
    texts = {one.id: one.text.source for one in spec.rights}
    if texts.get(left.right) == right.text.source:
        problem = Message(_('"%(pair)s" belongs together: it is right.'), {"pair": shorten(source)})
        context.error(element, problem, _("Name a pair that is wrong."))
    return Pairing(left.id, right.id)


def _find(name: str, sides: Sequence[Side]) -> Side | None:
    name = name.strip()
    by_id = next((side for side in sides if side.id == name), None)
    return by_id or next((side for side in sides if side.text.source == name), None)


def _names(sides: Sequence[Side]) -> str:
    return shorten(", ".join(side.id for side in sides), 200)


def _read_pairs(found: Sequence[etree._Element], context: ReadContext) -> tuple[list[Side], list[Side]]:
    rows: list[Side] = []
    rights: list[Side] = []
    extras: list[Side] = []
    for child in found:
        if child.tag == "extra":
            context.attributes(child, ("id", "misconception", "lang", "dir"))
            identifier = part_id(child, f"e{len(extras) + 1}", context)
            text = _text(child, context)
            extras.append(Side(identifier, text, "", context.misconception(child), say_of(child, context)))
            continue
        context.attributes(child, ("id",))
        identifier = part_id(child, f"p{len(rows) + 1}", context)
        sides = {"left": [], "right": []}
        for side in context.children(child, ("left", "right")):
            context.attributes(side, TEXT_ATTRIBUTES)
            sides[side.tag].append(_text(side, context))
        if len(sides["left"]) != 1 or len(sides["right"]) != 1:
            context.error(child, _("A <pair> needs one left and one right side."),
                          _("Write <left>…</left><right>…</right> into it."))
            continue
        rows.append(Side(identifier, sides["left"][0], identifier))
        rights.append(Side(identifier, sides["right"][0]))
    return rows, rights + extras


def _read_groups(groups: Sequence[etree._Element], context: ReadContext) -> tuple[list[Side], list[Side]]:
    rows: list[Side] = []
    rights: list[Side] = []
    for number, group in enumerate(groups, 1):
        context.attributes(group, ("id", "name", "lang", "dir"))
        identifier = part_id(group, f"g{number}", context)
        name = context.literal(group, "name")
        if name is None:
            context.error(group, _("A <group> has no name."), _('Write what learners read: name="…".'))
            name = Text("")
        rights.append(Side(identifier, Text(name.source, *context.language(group))))
        members = list(context.children(group, ("member",)))
        if not members:
            context.error(group, _("A <group> has no members."), _("Write <member> elements into it."))
        for member in members:
            context.attributes(member, ("id", "lang", "dir"))
            rows.append(Side(part_id(member, f"m{len(rows) + 1}", context), _text(member, context), identifier))
    return rows, rights


def _text(element: etree._Element, context: ReadContext) -> Text:
    text = context.text(element, skip=("say",))
    text = Text(text.source.strip(), text.lang, text.direction)
    if not text:
        context.error(element, Message(_("A <%(tag)s> is empty."), {"tag": element.tag}), _("Write what it says."))
    return text


def _check_counts(spec: MatchSpec, n_rows: int, n_rights: int, element: etree._Element, context: ReadContext) -> None:
    params = {"rows": n_rows, "rights": n_rights}
    limit = {"limit": MAX_PARTS}
    if spec.grouped and (not 2 <= n_rows <= MAX_PARTS or not 2 <= n_rights <= MAX_PARTS):
        problem = Message(_("<match> has %(rows)s members in %(rights)s groups."), params)
        context.error(element, problem, Message(_("Write 2 to %(limit)s of each."), limit))
    elif not spec.grouped and (not 2 <= n_rows <= MAX_PARTS or n_rights > MAX_PARTS):
        problem = Message(_("<match> has %(rows)s pairs and, with the extras, %(rights)s right sides."), params)
        context.error(element, problem, Message(_("Write 2 to %(limit)s of each."), limit))
    elif len({right.text.source for right in spec.rights}) == 1:
        context.error(element, _("There is only one right side to choose."), _("Add an <extra>, or change a pair."))


def _check_alike(spec: MatchSpec, element: etree._Element, context: ReadContext) -> None:
    check_ids([row.id for row in spec.rows], element, context)
    check_ids([right.id for right in spec.rights], element, context)
    if len({row.text.source for row in spec.rows}) < len(spec.rows):
        context.error(element, _("Two left sides have the same text, so nobody can tell them apart."),
                      _("Change or remove one."))
    used = {row.right for row in spec.rows}
    extra = {right.text.source for right in spec.rights if right.id not in used}
    if extra & {right.text.source for right in spec.rights if right.id in used}:
        problem = _("An extra has the same text as a right side; learners see it once, and it is right.")
        context.warning(element, problem, _("Change or remove it."))
    if spec.grouped and len({right.text.source for right in spec.rights}) < len(spec.rights):
        context.warning(element, _("Two groups have the same name; learners see it once."), _("Change one."))
