"""`trans` and `blocktrans` for the blocks' templates, through the XBlock i18n service of the render context; `icon`.

xblock.utils has such tags too; they merge the whole catalogue into Django's for each tag, which takes longer than all
the rest of a page and changes process-wide state while other threads render.
"""

from __future__ import annotations

from functools import lru_cache

from django.template import Context, Engine, Library, Node
from django.template.base import render_value_in_context
from django.templatetags.i18n import BlockTranslateNode, do_block_translate
from django.utils.safestring import mark_safe

register = Library()

SERVICE = "i18n_service"


class ServiceBlockTranslateNode(Node):
    """`{% blocktrans %}` as Django parses it, translated by the service."""

    def __init__(self, parsed: BlockTranslateNode) -> None:
        self.parsed = parsed

    def render(self, context):
        """The translated block with its values, escaped like any template variable."""
        node, service = self.parsed, context[SERVICE]
        with context.push(**{name: value.resolve(context) for name, value in node.extra_context.items()}):
            singular, names = node.render_token_list(node.singular)
            if node.plural and node.countervar and node.counter:
                count = node.counter.resolve(context)
                context[node.countervar] = count
                plural, plural_names = node.render_token_list(node.plural)
                text, names = service.ngettext(singular, plural, count), [*names, *plural_names]
            else:
                text = service.gettext(singular)
            return text % {name: render_value_in_context(context.get(name, ""), context) for name in names}


@register.simple_tag(takes_context=True, name="trans")
def translate(context, message: str) -> str:
    """`{% trans "Check" %}` or `{% trans "Check" as label %}`."""
    return mark_safe(context[SERVICE].gettext(message))  # noqa: S308  our own catalogue, like Django's trans


@register.simple_tag(takes_context=True)
def icon(context, kind: str) -> str:
    """`{% icon "hint" %}`: the picture of that kind, which is the same on every page."""
    return _icon(context.template.engine, kind)


@lru_cache(maxsize=32)
def _icon(engine: Engine, kind: str) -> str:
    return engine.get_template("problem_set/icon.html").render(Context({"kind": kind}))


@register.tag("blocktrans")
def block_translate(parser, token) -> ServiceBlockTranslateNode:
    """`{% blocktrans %}` with `with`, `count`/`plural` and `trimmed`."""
    return ServiceBlockTranslateNode(do_block_translate(parser, token))
