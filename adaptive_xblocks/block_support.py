"""What all blocks of the suite share: their content, the learner's evidence and record, OLX, rendering, assets."""

from __future__ import annotations

import copy
import time
from collections.abc import Mapping
from functools import lru_cache
from importlib.resources import files
from types import SimpleNamespace
from typing import Any

from django.template import Engine
from django.template.context import Context
from lxml import etree
from xblock.core import XML_NAMESPACES
from xblock.fields import Integer, Scope, String, UserScope

from adaptive_xblocks.learner_record import LearnerRecord
from adaptive_xblocks.record_resets import Resets
from adaptive_xblocks.storage_fields import EvidenceLogField, LearnerRecordField, ResetsField
from adaptive_xblocks.template_tags import SERVICE, icon_of
from adaptive_xblocks.tutoring.model import Document, Fault, Message
from adaptive_xblocks.tutoring.parser import load

SCHEMA = 1
_OPTION = "{%s}" % XML_NAMESPACES["option"]
_PLATFORM_ATTRIBUTES = {"url_name", "xblock-family", "filename", "slug"}


def _(text: str) -> str:
    return text


@lru_cache(maxsize=1)
def _engine() -> Engine:
    """The blocks' own template engine: templates are compiled once a process and never found by the site's."""
    return Engine(
        dirs=[str(files("adaptive_xblocks") / "templates")],
        libraries={"i18n": "adaptive_xblocks.template_tags"},
        loaders=[("django.template.loaders.cached.Loader", ["django.template.loaders.filesystem.Loader"])],
    )


def _nested_content(node: etree._Element) -> str:
    """Hand-written OLX as the text of a document: without what only the platform reads."""
    root = copy.deepcopy(node)
    for name in _PLATFORM_ATTRIBUTES & set(root.keys()):
        del root.attrib[name]
    for child in list(root):
        if isinstance(child.tag, str) and child.tag.startswith(_OPTION):
            root.remove(child)
    return etree.tostring(root, encoding="unicode", with_tail=False)


class AdaptiveBlockMixin:
    """Fields and helpers of every block of the suite; each declares its own `content`, a working example by default.

    The three types never have children.
    """

    resources_dir = "static"
    public_dir = "public"
    #: The operator's settings for all blocks of the suite: XBLOCK_SETTINGS["adaptive_xblocks"].
    block_settings_key = "adaptive_xblocks"
    has_children = False
    #: Staff who view as a specific learner see the page; nothing is saved then (`platform_services.Viewer`).
    show_in_read_only_mode = True

    draft = String(
        display_name=_("Draft"),
        help=_("Text that could not go live yet because something in it cannot be read."),
        scope=Scope.content,
        default="",
    )
    schema = Integer(help=_("The version of the format of the stored content."), scope=Scope.settings, default=SCHEMA)
    evidence_log = EvidenceLogField(help=_("Evidence collected in this block."), scope=Scope.user_state, default=None)
    adaptive_xblocks_record = LearnerRecordField(
        help=_("What this learner's answers say, over all blocks and courses."),
        scope=Scope.user_info,
        default=LearnerRecord(),
    )
    adaptive_xblocks_resets = ResetsField(
        help=_("When this learner's record was last reset."), scope=Scope.user_info, default=Resets(),
    )

    @staticmethod
    def now() -> int:
        """The server's clock in ms since 1970."""
        return int(time.time() * 1000)

    @property
    def document(self) -> Document:
        """The parsed content; parsed once per text and process."""
        return load(self.content)

    @property
    def i18n(self) -> Any:
        """The translation service."""
        return self.runtime.service(self, "i18n")

    def translate(self, message: Message | str) -> str:
        """A message in the viewer's language."""
        if isinstance(message, str):
            return self.i18n.gettext(message) if message else ""
        text = self.i18n.gettext(message.key) if message.key else ""
        if not message.params:
            return text
        return text % {
            key: self.translate(value) if isinstance(value, Message) else value
            for key, value in message.params.items()
        }

    def fault_view(self, fault: Fault) -> dict[str, Any]:
        """A fault as plain data, its sentences in the viewer's language."""
        return {
            "level": fault.level, "line": fault.line, "element": fault.element, "item": fault.item,
            "problem": self.translate(fault.problem), "remedy": self.translate(fault.remedy),
        }

    def render_part(self, template: str, context: Mapping[str, Any]) -> str:
        """A template of the package, rendered with this block's translations."""
        service = self.i18n  # whose attributes the platform looks up one by one: once a page is enough
        catalogue = SimpleNamespace(gettext=service.gettext, ngettext=service.ngettext)
        values = {**context, SERVICE: catalogue}
        return _engine().get_template(template).render(Context(values, use_l10n=False))

    @staticmethod
    def icon(kind: str) -> str:
        """The picture of a kind, as `{% icon %}` gives it in a template."""
        return icon_of(_engine(), kind)

    @classmethod
    def parse_xml(cls, node, runtime, keys):
        """Read a block from OLX: the content as CDATA text (as we export it) or as nested elements (by hand).

        The platform's default would drop blank text and make child blocks of our elements.
        """
        options = [child for child in node if isinstance(child.tag, str) and child.tag.startswith(_OPTION)]
        nested = any(isinstance(child.tag, str) for child in node if child not in options)
        bare = etree.Element(node.tag, {key: value for key, value in node.items() if key in cls.fields})
        bare.extend(copy.deepcopy(options))
        block = super().parse_xml(bare, runtime, keys)
        text = _nested_content(node) if nested else node.text or ""
        if text.strip():
            block.content = text
        block.schema = SCHEMA
        return block

    def add_xml_to_node(self, node):
        """Write the block to OLX: settings as attributes, the content as CDATA, `schema` always, no learner's state
        (which the platform's own method writes when the block is a learner's)."""
        super().add_xml_to_node(node)
        for name, field in self.fields.items():
            if getattr(field.scope, "user", UserScope.NONE) is not UserScope.NONE:
                node.attrib.pop(name, None)
                for child in node.findall(_OPTION + name):
                    node.remove(child)
        node.set("schema", str(self.schema))

    def xml_text_content(self):
        """The content as CDATA, which keeps it byte for byte; text that CDATA cannot hold is escaped."""
        if not self.content:
            return None
        return self.content if "]]>" in self.content else etree.CDATA(self.content)
