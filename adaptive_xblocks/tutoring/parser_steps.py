"""Reading steps: prompt, inputs, rules over them, recognised wrong answers, and the help beside them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from lxml import etree

from adaptive_xblocks.tutoring.answer_rules import ANY_ORDER
from adaptive_xblocks.tutoring.answers import BrokenAnswerType, answer_type, known_tags
from adaptive_xblocks.tutoring.model import AnswerRule, Input, Message, Step, Text, WrongRule, _, sentence_of
from adaptive_xblocks.tutoring.parser_help import read_help
from adaptive_xblocks.tutoring.parser_rules import read_rules, read_wrongs
from adaptive_xblocks.tutoring.reading import AT_MOST, TEXT_ATTRIBUTES, ReadContext, shorten, tag_list

MAX_INPUTS = 50
MAX_RULES = 100  # of each kind, <wrong> and <answer>
MAX_PATTERNS = 10  # each may take 50 ms of an answer's time
MAX_COMPARED = 1000  # times that one answer is compared with wrong ones
MAX_SCAFFOLDS = 3  # levels of scaffolds inside scaffolds
PLACE = re.compile(r"\[\[input:([^\]\s]+)\]\]")
STEP_TAGS = frozenset("prompt answer wrong hint scaffold".split())
STEP_ATTRIBUTES = frozenset("id skills".split())
DEFAULT_INPUT = "answer"


def read_step(
    element: etree._Element, step_id: str, skills: tuple[str, ...], context: ReadContext, depth: int = 0
) -> Step:
    """The step (or the question of a scaffold, `depth` levels down) that the element holds."""
    context = context.at(step_id)
    tags = STEP_TAGS | known_tags()
    patterns = [one for one in element.iter("accept", "wrong") if one.get("pattern") is not None]
    if len(patterns) > MAX_PATTERNS:
        problem = Message(_("The step has %(count)s patterns."), {"count": len(patterns)})
        context.error(patterns[MAX_PATTERNS], problem, Message(AT_MOST, {"limit": MAX_PATTERNS}))
    children = list(context.children(element, tags))
    inputs = _read_inputs([child for child in children if child.tag in known_tags()], element, context)
    by_id = {part.id: part for part in inputs}
    wrongs = read_wrongs(_at_most(MAX_RULES, _of(children, "wrong"), context), by_id, context)
    rules = read_rules(_at_most(MAX_RULES, _of(children, "answer"), context), by_id, context)
    _check_work(wrongs, rules, element, context)
    return Step(
        id=step_id,
        skills=skills,
        prompt=_read_prompt(_of(children, "prompt"), element, inputs, context),
        inputs=inputs,
        answers=rules,
        wrongs=(*wrongs, *_own_wrongs(inputs)),
        help=read_help(
            [child for child in children if child.tag in ("hint", "scaffold")],
            context,
            lambda child, piece_id: _read_question(child, piece_id, skills, context, depth + 1),
        ),
        line=element.sourceline or 0,
    )


def _check_work(
    wrongs: Sequence[WrongRule], rules: Sequence[AnswerRule], element: etree._Element, context: ReadContext
) -> None:
    """An error if judging one answer takes too many comparisons; in any order each is compared with each."""
    alike = {one: len(rule.inputs) for rule in rules if rule.form == ANY_ORDER for one in rule.inputs}
    count = sum(alike.get(named, 1) for wrong in wrongs for named, _matcher in wrong.matchers)
    if count > MAX_COMPARED:
        problem = Message(_("An answer to this step is compared %(count)s times with wrong ones."), {"count": count})
        context.error(element, problem, Message(AT_MOST, {"limit": MAX_COMPARED}))


def _read_question(
    element: etree._Element, piece_id: str, skills: tuple[str, ...], context: ReadContext, depth: int
) -> Step | None:
    if depth <= MAX_SCAFFOLDS:
        return read_step(element, piece_id, skills, context, depth)
    context.error(
        element,
        Message(_("Scaffolds are nested more than %(levels)s levels deep."), {"levels": MAX_SCAFFOLDS}),
        _("Make a step of its own out of the inner question."),
    )
    return None


def _of(children: Sequence[etree._Element], tag: str) -> list[etree._Element]:
    return [child for child in children if child.tag == tag]


def _at_most(limit: int, elements: list[etree._Element], context: ReadContext) -> list[etree._Element]:
    """The first so many elements; an error where there are more."""
    if len(elements) > limit:
        params = {"tag": elements[0].tag, "count": len(elements)}
        context.error(elements[limit], Message(_("There are %(count)s <%(tag)s>."), params),
                      Message(AT_MOST, {"limit": limit}))
    return elements[:limit]


def _read_inputs(
    elements: Sequence[etree._Element], owner: etree._Element, context: ReadContext
) -> tuple[Input, ...]:
    if not elements:
        problem = Message(_("<%(tag)s> has nothing to answer."), {"tag": owner.tag})
        remedy = Message(_("Add an answer element: %(known)s."), {"known": tag_list(known_tags())})
        context.error(owner, problem, remedy)
    if len(elements) > MAX_INPUTS:
        problem = Message(_("<%(tag)s> has %(count)s inputs."), {"tag": owner.tag, "count": len(elements)})
        context.error(owner, problem, Message(AT_MOST, {"limit": MAX_INPUTS}))
    inputs: dict[str, Input] = {}
    for number, element in enumerate(elements[:MAX_INPUTS], 1):
        default = DEFAULT_INPUT if number == 1 else f"{DEFAULT_INPUT}{number}"
        input_id = (
            default if len(elements) == 1 and not element.get("id") else context.identifier(element, default)
        )
        if input_id in inputs:
            problem = Message(_('Two inputs have the id "%(id)s".'), {"id": input_id})
            context.error(element, problem, _("Give each input an id of its own."))
        part = _read_input(element, input_id, context)
        if part is not None:
            inputs[input_id] = part
    return tuple(inputs.values())


def _read_input(element: etree._Element, input_id: str, context: ReadContext) -> Input | None:
    tag = str(element.tag)
    try:
        kind = answer_type(tag)
        context.attributes(element, kind.attributes | {"id", "label", "lang", "dir"})
        label = context.literal(element, "label")
        if label is not None:
            label = Text(label.source, *context.language(element))
        return Input(input_id, tag, kind.read(element, context.at(input_id)), label)
    except BrokenAnswerType as error:
        context.error(element, sentence_of(error), _("Install or repair the package, or use another answer type."))
    except Exception as error:  # another package's reader: its crash is a fault of this element, not of the page
        problem = Message(_("<%(tag)s> cannot be read: %(error)s."), {"tag": tag, "error": repr(error)})
        context.error(element, problem, _("Correct it or use another answer type."))
    return None


def _read_prompt(
    prompts: Sequence[etree._Element], owner: etree._Element, inputs: Sequence[Input], context: ReadContext
) -> Text:
    """The prompt, with a place for every input: those that it does not place itself come after it."""
    if len(prompts) > 1:
        problem = Message(_("There is a second <%(tag)s>; it is not shown."), {"tag": "prompt"})
        context.warning(prompts[1], problem, Message(_("Write one <%(tag)s>."), {"tag": "prompt"}))
    prompt = Text("")
    for element in prompts[:1]:
        context.attributes(element, TEXT_ATTRIBUTES)
        prompt = context.text(element)
    placed = Counter(PLACE.findall(prompt.source))
    for input_id, times in placed.items():
        if input_id not in {part.id for part in inputs}:
            params = {"id": shorten(input_id)}
            context.error(
                owner,
                Message(_("The prompt places [[input:%(id)s]], but there is no such input."), params),
                Message(_('Add an answer element with id="%(id)s", or correct the name.'), params),
            )
        if times > 1:
            params = {"id": shorten(input_id), "count": times}
            problem = Message(_("The prompt places [[input:%(id)s]] %(count)s times."), params)
            context.error(owner, problem, _("Place it once."))
    rest = "".join(f" [[input:{part.id}]]" for part in inputs if part.id not in placed)
    return Text(prompt.source + rest, prompt.lang, prompt.direction)


def _own_wrongs(inputs: Sequence[Input]) -> list[WrongRule]:
    """The recognised wrong answers that the answer elements hold themselves, e.g. options with feedback."""
    return [
        WrongRule(((part.id, matcher),), misconception, say, name)
        for part in inputs
        for matcher, misconception, say, name in answer_type(part.type).own_wrongs(part.spec)
    ]
