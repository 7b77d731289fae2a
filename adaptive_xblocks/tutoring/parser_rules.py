"""Reading the rules of a step: `<answer>` over several inputs, and `<wrong>` for recognised wrong answers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from lxml import etree

from adaptive_xblocks.tutoring.answer_rules import ANY_ORDER, FORM_INPUTS, WHERE
from adaptive_xblocks.tutoring.answers import answer_type
from adaptive_xblocks.tutoring.expressions import is_variable_name
from adaptive_xblocks.tutoring.model import AnswerRule, Input, Message, WrongRule, _
from adaptive_xblocks.tutoring.reading import ReadContext, id_list, shorten, split_list, words

MAX_NAME = 80
WRONG_ATTRIBUTES = frozenset("inputs misconception name lang dir".split())

Inputs = dict[str, Input]


def read_rules(elements: Sequence[etree._Element], inputs: Inputs, context: ReadContext) -> tuple[AnswerRule, ...]:
    """The rules over several inputs that can be used."""
    found = []
    for element in elements:
        rule = _read_rule(element, inputs, context)
        if rule is None:
            continue
        others = [one for one in found if ANY_ORDER in (one.form, rule.form)]
        taken = [name for name in rule.inputs if any(name in one.inputs for one in others)]
        if taken:
            problem = Message(_('The input "%(id)s" is under two rules of which one is for any order.'),
                              {"id": taken[0]})
            context.error(element, problem, _("Name each input in one of them."))
            continue
        found.append(rule)
    return tuple(found)


def _read_rule(element: etree._Element, inputs: Inputs, context: ReadContext) -> AnswerRule | None:
    context.attributes(element, ("form", "inputs", "where"))
    condition = element.get("where")
    form = element.get("form", "" if condition is None else WHERE)
    names = words(element.get("inputs"))
    if form not in FORM_INPUTS or condition is None and form == WHERE:
        problem = Message(_('There is no form "%(form)s".'), {"form": shorten(form)})
        known = ", ".join(sorted(FORM_INPUTS.keys() - {WHERE}))
        context.error(element, problem, Message(_('Known are: %(known)s; or write where="…".'), {"known": known}))
        return None
    if condition is not None and form != WHERE:
        context.error(element, _("An <answer> has a form and a condition."), _("Write two <answer> elements."))
        return None
    if not _are_usable(names, form, element, inputs, context):
        return None
    if form == WHERE and not _is_condition(condition, names, element, context):
        return None
    return AnswerRule(form, names, element.sourceline or 0, condition if form == WHERE else "")


def _are_usable(
    names: Sequence[str], form: str, element: etree._Element, inputs: Inputs, context: ReadContext
) -> bool:
    """Whether so many inputs of the right kind are named; an error if not."""
    least, most = FORM_INPUTS[form]
    types = [inputs[name].type for name in names if name in inputs]
    count = str(least) if least == most else f"{least}–{most}"
    params = {"form": form, "count": count, "names": shorten(" ".join(names))}
    fits = least <= len(names) <= most and len(types) == len(names)
    if form == ANY_ORDER:
        is_sound = fits and len(set(types)) == 1
        problem = _('The form "%(form)s" needs %(count)s inputs of one type, got "%(names)s".')
    else:
        is_sound = fits and all(answer_type(name).has_quantity for name in types)
        problem = _('The form "%(form)s" needs %(count)s numeric inputs, got "%(names)s".')
    if not is_sound:
        remedy = _('Write inputs="…" with their ids; here are: %(ids)s.')
        context.error(element, Message(problem, params), Message(remedy, {"ids": id_list(inputs)}))
    return is_sound


def _is_condition(condition: str, names: Sequence[str], element: etree._Element, context: ReadContext) -> bool:
    """Whether a condition on inputs can be read: their ids are names in it, beside the item's variables."""
    unfit = [name for name in names if not is_variable_name(name) or name in context.names]
    if unfit:
        problem = Message(_('The input "%(id)s" cannot stand in a condition.'), {"id": unfit[0]})
        context.error(element, problem, _("Give it an id of letters that is no variable of the item, e.g. x."))
        return False
    n_faults = len(context.faults.found)
    replace(context, names=context.names | set(names)).expression(element, condition, "where")
    return len(context.faults.found) == n_faults


def read_wrongs(elements: Sequence[etree._Element], inputs: Inputs, context: ReadContext) -> tuple[WrongRule, ...]:
    """The recognised wrong answers, those that an earlier one takes away told."""
    found: dict[tuple, WrongRule] = {}
    for number, element in enumerate(elements, 1):
        rule = _read_wrong(element, number, inputs, context)
        if rule is None:
            continue
        earlier = found.setdefault(rule.matchers, rule)
        if earlier is not rule:
            problem = Message(_("The <wrong> in line %(line)s recognises the same and comes first; this one never "
                                "counts."), {"line": earlier.line})
            context.warning(element, problem, _("Remove one of them, or make their answers differ."))
    return tuple(found.values())


def _read_wrong(element: etree._Element, number: int, inputs: Inputs, context: ReadContext) -> WrongRule | None:
    names = words(element.get("inputs")) or (tuple(inputs) if len(inputs) == 1 else ())
    ways = frozenset().union(*(answer_type(part.type).wrong_attributes for part in inputs.values()), ("answer",))
    context.attributes(element, WRONG_ATTRIBUTES | ways)
    misconception = context.misconception(element)
    say = context.text(element)
    if not say and not misconception:
        context.warning(
            element,
            _("This <wrong> says nothing to the learner."),
            _("Write a feedback text into it, or name a misconception."),
        )
    matchers = _read_matchers(element, names, inputs, context)
    if not matchers:
        return None
    name = shorten(element.get("name", ""), MAX_NAME) or misconception or f"wrong{number}"
    return WrongRule(matchers, misconception, say or None, name, element.sourceline or 0)


def _read_matchers(
    element: etree._Element, names: tuple[str, ...], inputs: Inputs, context: ReadContext
) -> tuple[tuple[str, object], ...]:
    """Pairs of input and matcher: one answer for each input that the rule names, or one input in another way."""
    special = [way for way in ("pattern", "between") if element.get(way) is not None]
    special += [way for way in _other_ways(inputs) if element.get(way) is not None]
    if special:
        return _read_in_one_way(element, special, names, inputs, context)
    answer = element.get("answer", "").strip()
    sources = [answer] if len(names) == 1 else split_list(answer)
    if not names or not answer or len(names) != len(sources) or any(name not in inputs for name in names):
        problem = _(
            'This <wrong> needs one answer for each input, got inputs="%(names)s" and answer="%(answer)s".'
        )
        remedy = _('Write e.g. inputs="num den" answer="b + d, b * d"; here are: %(ids)s.')
        params = {"names": shorten(" ".join(names)), "answer": shorten(answer)}
        context.error(element, Message(problem, params), Message(remedy, {"ids": id_list(inputs)}))
        return ()
    found = [(name, _read_matcher(source, element, inputs[name], context))
             for name, source in zip(names, sources, strict=True)]
    return tuple(found) if all(matcher is not None for _name, matcher in found) else ()


def _read_matcher(source: str, element: etree._Element, part: Input, context: ReadContext) -> object:
    return answer_type(part.type).read_wrong(source, element, part.spec, context)


def _other_ways(inputs: Inputs) -> list[str]:
    """What the types of these inputs read beside an answer, a pattern and an interval."""
    ways = frozenset().union(*(answer_type(part.type).wrong_attributes for part in inputs.values()))
    return sorted(ways - {"answer", "pattern", "between"})


def _read_in_one_way(
    element: etree._Element, ways: list[str], names: tuple[str, ...], inputs: Inputs, context: ReadContext
) -> tuple[tuple[str, object], ...]:
    """The pair of a rule that says by a pattern or an interval which answers to one input are wrong."""
    way = ways[0]
    able = [name for name, part in inputs.items() if way in answer_type(part.type).wrong_attributes]
    if len(names) != 1 or len(ways) > 1 or names[0] not in able or element.get("answer"):
        problem = Message(_('A <wrong> with %(way)s="…" needs one input that takes it, and no answer.'), {"way": way})
        remedy = Message(_('Write e.g. inputs="%(ids)s" %(way)s="…", or answer="…" instead.'),
                         {"ids": id_list(able[:1]), "way": way})
        context.error(element, problem, remedy)
        return ()
    matcher = _read_matcher(element.get(way, ""), element, inputs[names[0]], context)
    return ((names[0], matcher),) if matcher is not None else ()
