"""`trans` and `blocktrans` for the blocks' templates, through the XBlock i18n service of the render context; `icon`.

xblock.utils has such tags too; they merge the whole catalogue into Django's for each tag, which takes longer than all
the rest of a page and changes process-wide state while other threads render.
"""

from __future__ import annotations

from functools import lru_cache

from django.template import Context, Engine, Library, Node, TemplateSyntaxError
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


class ServiceTranslateNode(Node):
    """`{% trans "Check" %}` or `{% trans "Check" as label %}`, translated by the service. A page has dozens: their
    message stands in the template, so that nothing but the catalogue is looked up when one is rendered."""

    def __init__(self, message: str, name: str = "") -> None:
        self.message, self.name = message, name

    def render(self, context):
        """The translation, which is our own catalogue's: safe, as Django's own tag takes it."""
        text = mark_safe(context[SERVICE].gettext(self.message))  # noqa: S308
        if not self.name:
            return text
        context[self.name] = text
        return ""


@register.tag("trans")
def translate(parser, token) -> ServiceTranslateNode:
    """`{% trans "Check" %}` or `{% trans "Check" as label %}`."""
    match token.split_contents():
        case [_tag, quoted] if _is_quoted(quoted):
            return ServiceTranslateNode(quoted[1:-1])
        case [_tag, quoted, "as", name] if _is_quoted(quoted):
            return ServiceTranslateNode(quoted[1:-1], name)
    raise TemplateSyntaxError(f'write {{% trans "…" %}} or {{% trans "…" as name %}}, not {token.contents!r}')


def _is_quoted(text: str) -> bool:
    return len(text) > 1 and text[0] == text[-1] and text[0] in "'\""


@register.simple_tag(takes_context=True)
def icon(context, kind: str) -> str:
    """`{% icon "hint" %}`: the picture of that kind, which is the same on every page."""
    return icon_of(context.template.engine, kind)


@lru_cache(maxsize=32)
def icon_of(engine: Engine, kind: str) -> str:
    """The picture of a kind, rendered once a process."""
    return engine.get_template("problem_set/icon.html").render(Context({"kind": kind}))


@register.tag("blocktrans")
def block_translate(parser, token) -> ServiceBlockTranslateNode:
    """`{% blocktrans %}` with `with`, `count`/`plural` and `trimmed`."""
    return ServiceBlockTranslateNode(do_block_translate(parser, token))
