"""Reading help: a graph of hints and scaffolds, each of which can be reached, with the bottom-out last."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from lxml import etree

from adaptive_xblocks.tutoring.model import Help, Message, Step, Text, _
from adaptive_xblocks.tutoring.reading import AT_MOST, ReadContext, shorten, words

MAX_PIECES = 100
HELP_TAGS = ("hint", "scaffold")
HELP_ATTRIBUTES = frozenset("id after bottom_out title lang dir".split())
ReadQuestion = Callable[[etree._Element, str], Step | None]


def read_help(
    elements: Sequence[etree._Element], context: ReadContext, read_question: ReadQuestion
) -> tuple[Help, ...]:
    """The pieces of help of a step in the order of release; `read_question` reads what a scaffold asks.

    A hint inside a hint comes after it. Faulty dependencies are told and dropped, so that every piece can be
    reached; a bottom-out that is not last is told and moved to the end.
    """
    pieces: dict[str, Help] = {}
    sources: dict[str, etree._Element] = {}
    found = list(_with_nested(elements, None))
    if len(found) > MAX_PIECES:
        problem = Message(_("There are %(count)s pieces of help."), {"count": len(found)})
        context.error(elements[0], problem, Message(AT_MOST, {"limit": MAX_PIECES}))
    for element, parent in found[:MAX_PIECES]:
        piece_id = element.get("id", "").strip() or f"h{len(sources) + 1}"
        if piece_id in pieces:
            problem = Message(_('Two pieces of help have the id "%(id)s".'), {"id": shorten(piece_id)})
            context.error(element, problem, _("Give each an id of its own."))
            continue
        sources[piece_id] = element
        after = (parent_id,) if parent is not None and (parent_id := _id_of(parent, sources)) else ()
        piece = _read_piece(element, piece_id, after, context, read_question)
        if piece is not None:
            pieces[piece_id] = piece
    return _bottom_out_last(_reachable(pieces, sources, context), sources, context)


def _with_nested(elements: Sequence[etree._Element], parent: etree._Element | None):
    """Pairs of element and the hint that it stands in, in document order."""
    for element in elements:
        yield element, parent
        if element.tag == "hint":
            yield from _with_nested([child for child in element if child.tag in HELP_TAGS], element)


def _id_of(element: etree._Element, sources: dict[str, etree._Element]) -> str | None:
    return next((piece_id for piece_id, source in sources.items() if source is element), None)


def _read_piece(
    element: etree._Element,
    piece_id: str,
    after: tuple[str, ...],
    context: ReadContext,
    read_question: ReadQuestion,
) -> Help | None:
    context.attributes(element, HELP_ATTRIBUTES)
    context.check_identifier(element, piece_id)
    step = read_question(element, piece_id) if element.tag == "scaffold" else None
    if element.tag == "scaffold" and step is None:
        return None
    text = step.prompt if step else context.text(element, skip=HELP_TAGS)
    if not text:
        context.warning(element, _("This hint is empty."), _("Write what it tells, or remove it."))
    if step:
        text = Text(text.source, *context.language(element)) if element.get("lang") else text
    return Help(
        id=piece_id,
        kind=str(element.tag),
        text=text,
        after=tuple(dict.fromkeys((*after, *words(element.get("after"))))),
        bottom_out=context.flag(element, "bottom_out"),
        step=step,
        title=context.literal(element, "title"),
        line=element.sourceline or 0,
    )


def _reachable(
    pieces: dict[str, Help], sources: dict[str, etree._Element], context: ReadContext
) -> dict[str, Help]:
    """The pieces without dependencies that can never be met."""
    for piece in list(pieces.values()):
        missing = [name for name in piece.after if name not in pieces]
        if missing:
            problem = _('after="%(ids)s" names no help of this step; it is not waited for.')
            params = {"ids": " ".join(missing)}
            context.warning(sources[piece.id], Message(problem, params), _("Correct the id or remove it."))
            pieces[piece.id] = replace(piece, after=tuple(name for name in piece.after if name in pieces))
    waiting = dict(pieces)
    while free := [
        name for name, piece in waiting.items() if not any(other in waiting for other in piece.after)
    ]:
        for name in free:
            del waiting[name]
    if waiting:
        problem = _("These pieces of help wait for each other and can never be shown: %(ids)s.")
        context.error(
            sources[next(iter(waiting))],
            Message(problem, {"ids": ", ".join(waiting)}),
            _("Remove one of their after=… so that a first one can be shown."),
        )
    return pieces


def _bottom_out_last(
    pieces: dict[str, Help], sources: dict[str, etree._Element], context: ReadContext
) -> tuple[Help, ...]:
    ordered = list(pieces.values())
    bottom = [piece for piece in ordered if piece.bottom_out]
    if len(bottom) > 1:
        problem = _("More than one piece of help is the bottom-out.")
        context.warning(sources[bottom[0].id], problem, _("Mark only the last one."))
    waiting = [piece for piece in ordered if bottom and bottom[-1].id in piece.after]
    if bottom and (ordered[-1] is not bottom[-1] or waiting):
        context.warning(
            sources[bottom[-1].id],
            _("The bottom-out tells the answer, but other help comes after it; it is shown last."),
            _("Move it to the end and let nothing wait for it."),
        )
    last = bottom[-1:]
    rest = [replace(piece, bottom_out=False) for piece in ordered if piece not in last]
    if last:
        rest = [
            replace(piece, after=tuple(name for name in piece.after if name != last[0].id)) for piece in rest
        ]
    return (*rest, *last)
