"""The Source editor in Studio: the document's OLX as text, its faults by line, the block's settings beside it.

What an author typed is never lost: a text with errors is kept as a draft while learners get the last one that worked.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import wraps
from typing import Any

from web_fragments.fragment import Fragment
from webob import Response
from xblock.core import XBlock

from adaptive_xblocks import platform_services
from adaptive_xblocks.handlers import UNREADABLE, Refused, learner_handler
from adaptive_xblocks.tutoring.model import ERROR, Message
from adaptive_xblocks.tutoring.parser import check_document, load
from adaptive_xblocks.tutoring.xml_source import MAX_BYTES


def _(text: str) -> str:
    return text


#: The largest request to save, in bytes: any text that the parser reads, however JSON spells its quotes and lines.
MOST_REQUEST = 2 * MAX_BYTES + 64 * 1024
EDITOR_MESSAGES = {
    "saving": _("Saving…"),
    "save": _("Save"),
    "saved_draft": _("Saved as a draft. Learners still get the last version that worked."),
    "not_saved": _("Not saved: the site could not be reached or refused. Your text is still here; try again."),
    "line": _("Line {line}"),
    "stops": _("Stops it"),
    "look": _("Worth a look"),
}
_SAVED = _("Saved. Learners get this version now.")
_TOO_LONG = _("The text has %(bytes)s bytes; at most %(limit)s can be saved. It is kept here in the editor only: "
              "move some of its problems to another block, then save again.")
_NOT_A_NUMBER = _("“%(label)s” must be a number of at least 0, or empty; “%(value)s” was not saved.")


def author_handler(method: Callable) -> Callable:
    """A handler for those who may edit the course; what others send is not even read, however large it is."""
    handle = learner_handler(method, most=MOST_REQUEST)

    @XBlock.handler
    @wraps(method)
    def handler(self, request, suffix=""):
        if platform_services.can_author(self):
            return handle(self, request, suffix)
        reply = {"error": self.translate(_("Only people who may edit this course can change this."))}
        return Response(json.dumps(reply), status=403, content_type="application/json", charset="utf-8")

    return handler


class SourceEditorMixin:
    """`studio_view` and `save_source` of a block. `number_settings` names fields that hold numbers."""

    number_settings: tuple[str, ...] = ()

    def studio_view(self, context: Any = None) -> Fragment:
        """The editor, with the draft if there is one."""
        source = self.draft or self.content
        fragment = Fragment(self.render_part("studio/source.html", {
            "prefix": f"{self.prefix}-edit",
            "display_name": self.display_name,
            "content": source,
            "draft": bool(self.draft),
            "faults": [self.fault_view(fault) for fault in check_document(source)],
            "settings": [
                {
                    "name": name, "type": "number", "value": getattr(self, name),
                    "label": self.translate(self.fields[name].display_name),
                    "help": self.translate(self.fields[name].help or ""),
                }
                for name in self.number_settings
            ],
        }))
        fragment.add_css_url(self.runtime.local_resource_url(self, "public/css/adaptive_xblocks.css"))
        for path in ("outbox.js", "adaptive_xblocks.js", "source_editor.js"):
            fragment.add_javascript_url(self.runtime.local_resource_url(self, f"public/js/{path}"))
        fragment.initialize_js("AdaptiveSourceEditor", {
            "prefix": f"{self.prefix}-edit",
            "messages": {name: self.translate(text) for name, text in EDITOR_MESSAGES.items()},
        })
        return fragment

    @author_handler
    def save_source(self, data: dict) -> dict:
        """Take `{content, settings}`: live if it has no errors, else a draft. Says which, and every fault."""
        source, settings = data.get("content"), data.get("settings", {})
        if not isinstance(source, str) or not isinstance(settings, dict):
            raise Refused(400, UNREADABLE)
        if (n_bytes := len(source.encode("utf-8", "replace"))) > MAX_BYTES:
            raise Refused(413, _TOO_LONG, bytes=f"{n_bytes:,}", limit=f"{MAX_BYTES:,}")
        refused = self._set_settings(settings)
        is_live = not load(source).errors
        if is_live:
            self.content, self.draft = source, ""
        elif source != self.content:
            self.draft = source
        self.save()
        message = refused or Message(_SAVED if is_live else EDITOR_MESSAGES["saved_draft"])
        return {
            "saved": refused is None,
            "live": is_live,
            "message": self.translate(message),
            "faults": [self.fault_view(fault) for fault in check_document(source)],
            "n_errors": sum(fault.level == ERROR for fault in check_document(source)),
        }

    def _set_settings(self, settings: dict[str, Any]) -> Message | None:
        """Set what can be read; the first that cannot is named."""
        name = settings.get("display_name")
        title = "".join(filter(str.isprintable, name)).strip() if isinstance(name, str) else ""
        if title and title != self.display_name:
            self.display_name = title[:255]
        for key in self.number_settings:
            if key not in settings:
                continue
            text = "" if settings[key] is None else str(settings[key]).strip().replace(",", ".")
            try:
                value = float(text) if text else None
                if value is not None and not 0 <= value < 1e6:
                    raise ValueError(text)
            except ValueError:
                return Message(_NOT_A_NUMBER, {
                    "label": self.translate(self.fields[key].display_name), "value": text[:40]})
            if value is None:
                self.fields[key].delete_from(self)
            else:
                setattr(self, key, type(self.fields[key]).from_json(self.fields[key], value))
        return None
