"""Reading steps: prompt, inputs, rules over them, recognised wrong answers, and the help beside them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from lxml import etree

from adaptive_xblocks.tutoring.answers import BrokenAnswerType, answer_type, known_tags
from adaptive_xblocks.tutoring.judging import FORM_INPUTS, FORMS
from adaptive_xblocks.tutoring.model import AnswerRule, Input, Message, Step, Text, WrongRule, _, sentence_of
from adaptive_xblocks.tutoring.parser_help import read_help
from adaptive_xblocks.tutoring.reading import AT_MOST, TEXT_ATTRIBUTES, ReadContext, id_list, shorten, tag_list, words

MAX_INPUTS = 50
MAX_RULES = 100  # of each kind, <wrong> and <answer>
MAX_NAME = 80
MAX_PATTERNS = 10  # each may take 50 ms of an answer's time
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
    wrongs = [
        _read_wrong(child, number, by_id, context)
        for number, child in enumerate(_at_most(MAX_RULES, _of(children, "wrong"), context), 1)
    ]
    return Step(
        id=step_id,
        skills=skills,
        prompt=_read_prompt(_of(children, "prompt"), element, inputs, context),
        inputs=inputs,
        answers=tuple(
            rule
            for child in _at_most(MAX_RULES, _of(children, "answer"), context)
            if (rule := _read_rule(child, by_id, context))
        ),
        wrongs=(*(rule for rule in wrongs if rule), *_own_wrongs(inputs)),
        help=read_help(
            [child for child in children if child.tag in ("hint", "scaffold")],
            context,
            lambda child, piece_id: _read_question(child, piece_id, skills, context, depth + 1),
        ),
        line=element.sourceline or 0,
    )


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


def _read_rule(element: etree._Element, inputs: dict[str, Input], context: ReadContext) -> AnswerRule | None:
    context.attributes(element, ("form", "inputs"))
    form = element.get("form", "")
    names = words(element.get("inputs"))
    if form not in FORMS:
        problem = Message(_('There is no form "%(form)s".'), {"form": shorten(form)})
        context.error(element, problem, Message(_("Known are: %(known)s."), {"known": ", ".join(sorted(FORMS))}))
        return None
    usable = [name for name in names if name in inputs and answer_type(inputs[name].type).has_quantity]
    if len(names) != FORM_INPUTS[form] or len(usable) != len(names):
        params = {"form": form, "count": FORM_INPUTS[form], "names": shorten(" ".join(names))}
        context.error(
            element,
            Message(_('The form "%(form)s" needs %(count)s numeric inputs, got "%(names)s".'), params),
            Message(_('Write inputs="…" with their ids; here are: %(ids)s.'), {"ids": id_list(inputs)}),
        )
        return None
    return AnswerRule(form, names, element.sourceline or 0)


def _read_wrong(
    element: etree._Element, number: int, inputs: dict[str, Input], context: ReadContext
) -> WrongRule | None:
    context.attributes(element, ("answer", "pattern", "inputs", "misconception", "name", "lang", "dir"))
    misconception = context.misconception(element)
    say = context.text(element)
    if not say and not misconception:
        context.warning(
            element,
            _("This <wrong> says nothing to the learner."),
            _("Write a feedback text into it, or name a misconception."),
        )
    matchers = _read_matchers(element, inputs, context)
    if not matchers:
        return None
    name = shorten(element.get("name", ""), MAX_NAME) or misconception or f"wrong{number}"
    return WrongRule(matchers, misconception, say or None, name, element.sourceline or 0)


def _read_matchers(element: etree._Element, inputs: dict[str, Input], context: ReadContext) -> tuple:
    """Pairs of input and matcher: one answer for each input that the rule names."""
    names = words(element.get("inputs")) or (tuple(inputs) if len(inputs) == 1 else ())
    answer = element.get("answer", "").strip()
    if element.get("pattern") is not None:
        return _read_pattern(element, names, inputs, context)
    sources = [answer] if len(names) == 1 else split_list(answer)
    if not names or not answer or len(names) != len(sources) or any(name not in inputs for name in names):
        problem = _(
            'This <wrong> needs one answer for each input, got inputs="%(names)s" and answer="%(answer)s".'
        )
        remedy = _('Write e.g. inputs="num den" answer="b + d, b * d"; here are: %(ids)s.')
        params = {"names": shorten(" ".join(names)), "answer": shorten(answer)}
        context.error(element, Message(problem, params), Message(remedy, {"ids": id_list(inputs)}))
        return ()
    return tuple(
        (name, answer_type(inputs[name].type).read_wrong(source, element, inputs[name].spec, context))
        for name, source in zip(names, sources, strict=True)
    )


def _read_pattern(
    element: etree._Element, names: tuple[str, ...], inputs: dict[str, Input], context: ReadContext
) -> tuple:
    """The pair of a rule that says how a wrong answer to one input looks."""
    usable = [name for name in names if name in inputs and answer_type(inputs[name].type).takes_patterns]
    if len(names) != 1 or usable != list(names) or element.get("answer"):
        problem = _("A <wrong> with a pattern needs one <text> input and no answer.")
        remedy = _('Write e.g. inputs="%(ids)s" pattern="…", or answer="…" instead.')
        texts = [one for one in inputs if answer_type(inputs[one].type).takes_patterns]
        context.error(element, problem, Message(remedy, {"ids": id_list(texts[:1])}))
        return ()
    kind = answer_type(inputs[names[0]].type)
    matcher = kind.read_wrong("", element, inputs[names[0]].spec, context)
    return ((names[0], matcher),) if matcher else ()


def split_list(source: str) -> list[str]:
    """The parts of a list between commas that stand outside brackets and quotation marks.

    >>> split_list("gcd(a, b), [1, 2]")
    ['gcd(a, b)', '[1, 2]']
    """
    parts, start, depth, quote = [], 0, 0, ""
    for place, sign in enumerate(source):
        if quote:
            quote = "" if sign == quote else quote
        elif sign in "'\"":
            quote = sign
        depth += 0 if quote else (sign in "([") - (sign in ")]")
        if sign == "," and not depth and not quote:
            parts.append(source[start:place].strip())
            start = place + 1
    return [*parts, source[start:].strip()]


def _own_wrongs(inputs: Sequence[Input]) -> list[WrongRule]:
    """The recognised wrong answers that the answer elements hold themselves, e.g. options with feedback."""
    return [
        WrongRule(((part.id, matcher),), misconception, say, name)
        for part in inputs
        for matcher, misconception, say, name in answer_type(part.type).own_wrongs(part.spec)
    ]
