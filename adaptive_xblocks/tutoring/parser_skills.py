"""Reading skills and misconceptions, and untangling prerequisites that wait for each other."""

from __future__ import annotations

from dataclasses import fields, replace

from lxml import etree

from adaptive_xblocks.mastery import BktParameters, ParameterError
from adaptive_xblocks.tutoring.faults import Faults
from adaptive_xblocks.tutoring.model import Message, Misconception, Say, Skill, _
from adaptive_xblocks.tutoring.reading import AT_MOST, IDENTIFIER, TEXT_ATTRIBUTES, ReadContext, shorten, words

MAX_SKILLS = 2_000
MAX_MISCONCEPTIONS = 2_000
MAX_REQUIRED = 50
SHOWN_OF_A_CYCLE = 12
MAX_CYCLES = 20  # told one by one; what is tangled beyond that loses all its requirements at once
PARAMETERS = tuple(parameter.name for parameter in fields(BktParameters))
SKILL_ATTRIBUTES = frozenset(("id", "name", "requires", "threshold", *PARAMETERS))
MISCONCEPTION_ATTRIBUTES = frozenset(("id", "name", "skills", "remediation"))
MAX_REPEAT = 1_000


def read_skills(elements: list[etree._Element], context: ReadContext) -> dict[str, Skill]:
    """The skills by id, with prerequisites that exist and form no cycle."""
    skills: dict[str, Skill] = {}
    sources: dict[str, etree._Element] = {}
    remedy = _("Keep one <skill> for each id, and make several blocks of a large bank.")
    if len(elements) > MAX_SKILLS:
        params = {"count": f"{len(elements):,}", "limit": f"{MAX_SKILLS:,}"}
        problem = Message(_("There are %(count)s skills; %(limit)s are read."), params)
        context.error(elements[MAX_SKILLS], problem, remedy)
    for number, element in enumerate(elements[:MAX_SKILLS], 1):
        skill = _read_skill(element, f"skill-{number}", context)
        if skill.id in skills:
            problem = Message(_('There is a skill "%(skill)s" already.'), {"skill": shorten(skill.id)})
            context.error(element, problem, remedy)
        elif IDENTIFIER.fullmatch(skill.id):
            skills[skill.id], sources[skill.id] = skill, element
    for skill in list(skills.values()):
        for missing in (name for name in skill.requires if name not in skills):
            problem = _('The skill "%(skill)s" requires "%(missing)s", which is not declared: not used.')
            context.error(
                sources[skill.id],
                Message(problem, {"skill": skill.id, "missing": shorten(missing)}),
                Message(_('Add <skill id="%(skill)s" name="…"/>, or correct the name.'), {"skill": shorten(missing)}),
            )
        requires = tuple(name for name in skill.requires if name in skills)
        skills[skill.id] = replace(skill, requires=requires)
    return _without_cycles(skills, sources, context)


def _read_skill(element: etree._Element, default: str, context: ReadContext) -> Skill:
    context.attributes(element, SKILL_ATTRIBUTES)
    for _child in context.children(element, ()):
        pass
    skill_id = context.identifier(element, default)
    name = " ".join(element.get("name", "").split())
    if not name:
        problem = Message(_('The skill "%(skill)s" has no name; learners see its id.'), {"skill": shorten(skill_id)})
        context.warning(element, problem, _('Add name="…".'))
    threshold = context.number(element, "threshold", 0.5, 0.9999)
    requires = words(element.get("requires"))
    if len(requires) > MAX_REQUIRED:
        params = {"skill": shorten(skill_id), "count": len(requires)}
        problem = Message(_('The skill "%(skill)s" requires %(count)s skills.'), params)
        context.error(element, problem, Message(AT_MOST, {"limit": MAX_REQUIRED}))
    return Skill(
        skill_id,
        name or skill_id,
        requires[:MAX_REQUIRED],
        _read_parameters(element, context),
        threshold,
        element.sourceline or 0,
    )


def _read_parameters(element: etree._Element, context: ReadContext) -> dict[str, float]:
    """The parameters that the author wrote; none of them if together they make no sense."""
    values = {name: context.number(element, name, 0.0, 1.0) for name in PARAMETERS}
    parameters = {name: value for name, value in values.items() if value is not None}
    try:
        BktParameters(**parameters)
    except ParameterError as error:
        for key, params in error.faults:
            problem = Message(_("The skill's parameters cannot be used: %(reason)s."), {"reason": Message(key, params)})
            context.error(element, problem, _("Correct them or leave them out."))
        return {}
    return parameters


def _without_cycles(
    skills: dict[str, Skill], sources: dict[str, etree._Element], context: ReadContext
) -> dict[str, Skill]:
    """The skills, with the requirements inside each cycle dropped so that nobody is stranded before it."""
    for _cycle in range(MAX_CYCLES):
        cycle = _find_cycle(skills)
        if not cycle:
            return skills
        problem = _("Skills require each other: %(circle)s. These requirements are not used.")
        shown = " → ".join((*cycle[:SHOWN_OF_A_CYCLE], "…", cycle[0]) if len(cycle) > SHOWN_OF_A_CYCLE
                           else (*cycle, cycle[0]))
        remedy = _("Remove one requires=… of the circle.")
        context.error(sources[cycle[0]], Message(problem, {"circle": shown}), remedy)
        for name in cycle:
            requires = tuple(other for other in skills[name].requires if other not in cycle)
            skills[name] = replace(skills[name], requires=requires)
    for name in _waiting(skills):
        skills[name] = replace(skills[name], requires=())
    return skills


def _waiting(skills: dict[str, Skill]) -> dict[str, tuple[str, ...]]:
    """What the skills that are in a cycle, or wait for one that is, require of each other (Kahn's algorithm)."""
    n_needed = {name: len(set(skill.requires)) for name, skill in skills.items()}
    needed_by: dict[str, list[str]] = {}
    for name, skill in skills.items():
        for other in set(skill.requires):
            needed_by.setdefault(other, []).append(name)
    free = [name for name, n in n_needed.items() if not n]
    while free:
        name = free.pop()
        del n_needed[name]
        for other in needed_by.get(name, ()):
            n_needed[other] -= 1
            if not n_needed[other]:
                free.append(other)
    return {name: tuple(other for other in skills[name].requires if other in n_needed) for name in n_needed}


def _find_cycle(skills: dict[str, Skill]) -> list[str]:
    """The skills of one cycle, each requiring the next; empty if there is none."""
    waiting = _waiting(skills)
    if not waiting:
        return []
    path = dict.fromkeys([next(iter(waiting))])
    while True:
        following = waiting[next(reversed(path))][0]
        if following in path:
            names = list(path)
            return names[names.index(following) :]
        path[following] = None


def read_misconceptions(elements: list[etree._Element], context: ReadContext) -> dict[str, Misconception]:
    """The misconceptions by id."""
    found: dict[str, Misconception] = {}
    if len(elements) > MAX_MISCONCEPTIONS:
        params = {"count": f"{len(elements):,}", "limit": f"{MAX_MISCONCEPTIONS:,}"}
        problem = Message(_("There are %(count)s misconceptions; %(limit)s are read."), params)
        context.error(elements[MAX_MISCONCEPTIONS], problem, _("Make several blocks."))
    for number, element in enumerate(elements[:MAX_MISCONCEPTIONS], 1):
        context.attributes(element, MISCONCEPTION_ATTRIBUTES)
        misconception_id = context.identifier(element, f"misconception-{number}")
        if misconception_id in found:
            context.error(
                element,
                Message(_('There is a misconception "%(id)s" already.'), {"id": shorten(misconception_id)}),
                _("Give each misconception an id of its own."),
            )
            continue
        if not IDENTIFIER.fullmatch(misconception_id):
            continue
        found[misconception_id] = Misconception(
            id=misconception_id,
            name=" ".join(element.get("name", misconception_id).split()),
            skills=_known_skills(element, context),
            remediation=element.get("remediation") or None,
            says=_read_says(element, context),
            line=element.sourceline or 0,
        )
    return found


def _known_skills(element: etree._Element, context: ReadContext) -> tuple[str, ...]:
    names = words(element.get("skills"))
    for name in names:
        if name not in context.skills:
            problem = Message(_('The skill "%(skill)s" is not declared.'), {"skill": shorten(name)})
            context.warning(element, problem, _("Declare it or correct the name."))
    return tuple(name for name in names if name in context.skills)


def _read_says(element: etree._Element, context: ReadContext) -> tuple[Say, ...]:
    """The ladder of messages, by the repetition from which each is used."""
    says = []
    for say in context.children(element, ("say",)):
        context.attributes(say, TEXT_ATTRIBUTES | {"repeat"})
        repeat = context.number(say, "repeat", 1, MAX_REPEAT)
        own = Faults()
        text = replace(context, faults=own).text(say)
        context.faults.extend(own.found)
        if not own.has_errors:
            says.append(Say(text, int(repeat or 1)))
    return tuple(sorted(says, key=lambda say: say.repeat))
