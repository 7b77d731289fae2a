"""Reading items: variables, prompt, steps, solution. A faulty item is left out, its neighbours live."""

from __future__ import annotations

from lxml import etree

from adaptive_xblocks.tutoring import expressions
from adaptive_xblocks.tutoring.model import Item, Message, Step, Text, Variable, _
from adaptive_xblocks.tutoring.parser_steps import read_step
from adaptive_xblocks.tutoring.reading import AT_MOST, TEXT_ATTRIBUTES, ReadContext, shorten, words
from adaptive_xblocks.tutoring.xml_source import digest

MAX_STEPS = 100
MAX_VARIABLES = 100
MAX_CONDITIONS = 100
MAX_SKILLS = 20  # of one step
MAX_TITLE = 500
MAX_DIFFICULTY = 6.0
ITEM_TAGS = frozenset("variable where prompt step solution".split())
ITEM_ATTRIBUTES = frozenset(
    "id title difficulty licence attribution source format easier skills lang dir".split()
)
FORMATS = ("problem", "worked-example", "tutor")


def read_item(element: etree._Element, item_id: str, context: ReadContext) -> Item:
    """The item; its faults are in `context`, whose `has_errors` says whether it can live."""
    context.attributes(element, ITEM_ATTRIBUTES)
    context.check_identifier(element, item_id)
    children = list(context.children(element, ITEM_TAGS))
    variables = _read_variables([child for child in children if child.tag == "variable"], context)
    where = _read_conditions([child for child in children if child.tag == "where"], context)
    skills = _read_skills(element, context)
    form = context.choice(element, "format", FORMATS)
    steps = _read_steps([child for child in children if child.tag == "step"], element, skills, form, context)
    lang, direction = context.language(element)
    return Item(
        id=item_id,
        title=_read_title(element, context),
        steps=steps,
        prompt=_single_text(children, "prompt", context) or Text(""),
        solution=_single_text(children, "solution", context),
        difficulty=round(context.number(element, "difficulty", -MAX_DIFFICULTY, MAX_DIFFICULTY) or 0.0, 2),
        variables=variables,
        where=where,
        skills=tuple(dict.fromkeys(skill for step in steps for skill in step.skills)) or skills,
        format=form,
        easier=element.get("easier") or None,
        licence=element.get("licence") or None,
        attribution=element.get("attribution") or None,
        source=element.get("source") or None,
        lang=lang,
        direction=direction,
        version=digest(element),
        line=element.sourceline or 0,
    )


def _read_variables(elements: list[etree._Element], context: ReadContext) -> tuple[Variable, ...]:
    variables = []
    if len(elements) > MAX_VARIABLES:
        problem = Message(_("There are %(count)s variables."), {"count": len(elements)})
        context.error(elements[0], problem, Message(AT_MOST, {"limit": MAX_VARIABLES}))
    for element in elements[:MAX_VARIABLES]:
        context.attributes(element, ("name", "values", "is"))
        name = element.get("name", "").strip()
        if not expressions.is_variable_name(name):
            context.error(
                element,
                Message(_('"%(name)s" cannot be the name of a variable.'), {"name": shorten(name)}),
                _("Use letters, digits and _, and no word of the expression language such as gcd or and."),
            )
        elif name in context.names:
            problem = Message(_('The variable "%(name)s" is defined twice.'), {"name": name})
            context.error(element, problem, _("Give it another name."))
        values, formula = element.get("values"), element.get("is")
        if (values is None) == (formula is None):
            context.error(
                element,
                Message(_('The variable "%(name)s" needs either values="…" or is="…".'), {"name": shorten(name)}),
                _('Write values="2..9" to draw a value, or is="b + d" to compute it.'),
            )
        context.expression(
            element, (values if formula is None else formula) or "", "values" if values else "is"
        )
        context.names.add(name)
        variables.append(
            Variable(name, values, None if values is not None else formula, element.sourceline or 0)
        )
    return tuple(variables)


def _read_title(element: etree._Element, context: ReadContext) -> str:
    title = " ".join(element.get("title", "").split())
    context.literal(element, "title")  # for its faults: a title may hold expressions
    if len(title) > MAX_TITLE:
        problem = Message(_("The title has %(count)s characters."), {"count": f"{len(title):,}"})
        context.error(element, problem, Message(AT_MOST, {"limit": MAX_TITLE}))
    return title


def _read_conditions(elements: list[etree._Element], context: ReadContext) -> tuple[str, ...]:
    if len(elements) > MAX_CONDITIONS:
        problem = Message(_("There are %(count)s conditions."), {"count": len(elements)})
        context.error(elements[0], problem, Message(AT_MOST, {"limit": MAX_CONDITIONS}))
    sources = [_read_where(element, context) for element in elements[:MAX_CONDITIONS]]
    return tuple(source for source in sources if source)


def _read_where(element: etree._Element, context: ReadContext) -> str:
    context.attributes(element, ())
    source = "".join(element.itertext(with_tail=True)).strip()
    return context.expression(element, source, "where")


def _read_skills(element: etree._Element, context: ReadContext) -> tuple[str, ...]:
    skills = words(element.get("skills"))
    for skill in skills[:MAX_SKILLS]:
        if skill not in context.skills:
            remedy = _('Add <skill id="%(skill)s" name="…"/> to the document, or correct the name.')
            context.error(
                element,
                Message(_('The skill "%(skill)s" is not declared.'), {"skill": shorten(skill)}),
                Message(remedy, {"skill": shorten(skill)}),
            )
    if len(skills) > MAX_SKILLS:
        problem = Message(_("<%(tag)s> names %(count)s skills."), {"tag": element.tag, "count": len(skills)})
        context.error(element, problem, Message(AT_MOST, {"limit": MAX_SKILLS}))
    return skills


def _read_steps(
    elements: list[etree._Element],
    owner: etree._Element,
    skills: tuple[str, ...],
    form: str,
    context: ReadContext,
) -> tuple[Step, ...]:
    if not elements and form == "problem":
        remedy = _("Add a <step> with a question and an answer element.")
        context.error(owner, _("The item has no <step>."), remedy)
    if len(elements) > MAX_STEPS:
        problem = Message(_("The item has %(count)s steps."), {"count": len(elements)})
        context.error(owner, problem, Message(AT_MOST, {"limit": MAX_STEPS}))
    steps: dict[str, Step] = {}
    for number, element in enumerate(elements[:MAX_STEPS], 1):
        context.attributes(element, ("id", "skills"))
        step_id = element.get("id", "").strip() or f"s{number}"
        context.check_identifier(element, step_id)
        if step_id in steps:
            problem = Message(_('Two steps have the id "%(id)s".'), {"id": step_id})
            context.error(element, problem, _("Give each step an id of its own."))
        step = read_step(element, step_id, _read_skills(element, context) or skills, context)
        _advise(element, step, context)
        steps[step_id] = step
    return tuple(steps.values())


def _advise(element: etree._Element, step: Step, context: ReadContext) -> None:
    if not step.skills:
        problem = _('The step "%(step)s" names no skill, so its answers say nothing about mastery.')
        remedy = _('Write skills="…" on the step or on the item.')
        context.warning(element, Message(problem, {"step": step.id}), remedy)
    if not step.help:
        context.warning(
            element,
            Message(_('The step "%(step)s" has no help.'), {"step": step.id}),
            _('Add a <hint>, and a last one that tells the answer: <hint bottom_out="true">.'),
        )


def _single_text(children: list[etree._Element], tag: str, context: ReadContext) -> Text | None:
    found = [child for child in children if child.tag == tag]
    if len(found) > 1:
        problem = Message(_("There is a second <%(tag)s>; it is not shown."), {"tag": tag})
        context.warning(found[1], problem, Message(_("Write one <%(tag)s>."), {"tag": tag}))
    for element in found[:1]:
        context.attributes(element, TEXT_ATTRIBUTES)
        text = context.text(element)
        if "[[input:" in text.source:
            problem = Message(_("The item's <%(tag)s> places an input, which it cannot."), {"tag": tag})
            context.warning(element, problem, _("Place inputs in the <prompt> of their <step>."))
        return text
    return None
