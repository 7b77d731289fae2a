"""Blocks for trying the platform's rules: naive ones, which do what a request tells them and guard against nothing."""

from __future__ import annotations

from typing import Any

from opaque_keys.edx.keys import UsageKey
from web_fragments.fragment import Fragment
from xblock.core import XBlock
from xblock.fields import Any as AnyField
from xblock.fields import Dict, Integer, List, Scope


class Scripted(XBlock):
    """Runs a list of steps, from a request or (in views) from its content; what it reads is its answer.

    Steps: ["set", field, value], ["add", field, n], ["get", field], ["drop", field], ["save"], ["swallow"] (save and
    ignore what comes of it), ["publish", name, data], ["other", usage, steps], ["raise"].
    """

    has_score = True
    script = List(scope=Scope.content, default=[])
    a = Integer(scope=Scope.user_state, default=0)
    b = Integer(scope=Scope.user_state, default=0)
    anything = AnyField(scope=Scope.user_state, default=None)
    shared = Integer(scope=Scope.user_info, default=0)
    liked = Integer(scope=Scope.preferences, default=0)
    counted = Integer(scope=Scope.user_state_summary, default=0)

    @XBlock.json_handler
    def do(self, data: Any, suffix: str = "") -> Any:
        """Run the steps of a request."""
        return self.run(data)

    def student_view(self, context: Any = None) -> Fragment:
        """Run the steps of the content."""
        return Fragment(f"<p>{self.run(self.script)}</p>")

    public_view = student_view

    def max_score(self) -> float:
        """As most blocks have it."""
        return 1.0

    def run(self, steps: list[Any]) -> list[Any]:
        """Run steps; the values of those that read."""
        found: list[Any] = []
        for name, *values in steps:
            getattr(self, f"_{name}")(found, *values)
        return found

    def _set(self, found: list[Any], field: str, value: Any) -> None:
        setattr(self, field, value)

    def _add(self, found: list[Any], field: str, n: int) -> None:
        setattr(self, field, getattr(self, field) + n)

    def _get(self, found: list[Any], field: str) -> None:
        found.append(getattr(self, field))

    def _drop(self, found: list[Any], field: str) -> None:
        self.fields[field].delete_from(self)

    def _save(self, found: list[Any]) -> None:
        self.save()

    def _swallow(self, found: list[Any]) -> None:
        try:
            self.save()
        except Exception as error:
            found.append(type(error).__name__)

    def _publish(self, found: list[Any], name: str, data: dict[str, Any]) -> None:
        self.runtime.publish(self, name, data)

    def _other(self, found: list[Any], usage: str, steps: list[Any]) -> None:
        other = self.runtime.get_block(UsageKey.from_string(usage))
        found += other.run(steps)
        other.save()

    def _raise(self, found: list[Any]) -> None:
        raise RuntimeError("a step of the script says so")


class Container(Scripted):
    """A block with children."""

    has_children = True


class Needing(Scripted):
    """A block that asks for other blocks' fields to be read with its own."""

    needed = List(scope=Scope.settings, default=[])

    def get_required_block_descriptors(self) -> list[Any]:
        """The blocks that it names."""
        return [self.runtime.get_block(UsageKey.from_string(usage)) for usage in self.needed]


class Clearing(Scripted):
    """A block that wants to be told when a learner's state is deleted."""

    cleared: list[dict[str, str]] = []

    def clear_student_state(self, **what: str) -> None:
        """Note what was deleted."""
        self.cleared.append(what)


class Null(XBlock):
    """The least that a block which keeps and grades answers can do: one field of each kind, one grade."""

    has_score = True
    kept = Dict(scope=Scope.user_state, default={})
    shared = Dict(scope=Scope.user_info, default={})

    @XBlock.json_handler
    def answer(self, data: Any, suffix: str = "") -> dict[str, Any]:
        """Count the answer."""
        n = self.kept.get("n", 0) + 1
        self.kept, self.shared = {"n": n}, {"n": n}
        self.save()
        self.runtime.publish(self, "grade", {"value": 1 - 1 / n, "max_value": 1.0, "only_if_higher": n > 1})
        return {}
