"""Names and payloads of everything the blocks publish to the platform's event log; docs/events.md describes them.

Names read `edx.adaptive_xblocks.<subject>.<verb>`. Payloads are small, JSON-serialisable, carry `schema_version`, and
hold no answers in the learner's words, no names and no e-mail addresses.
"""

from __future__ import annotations

from typing import Any

PREFIX = "edx.adaptive_xblocks"

#: Event name -> (version of its payload, the payload's keys beside schema_version).
EVENTS: dict[str, tuple[int, tuple[str, ...]]] = {
    f"{PREFIX}.item.served": (1, ("item", "item_version", "seed", "serving", "skill", "rule", "policy", "propensity",
                                  "p_known", "runners_up")),
    f"{PREFIX}.item.finished": (1, ("item", "serving", "clean")),
    f"{PREFIX}.item.skipped": (1, ("item", "serving", "reason")),
    f"{PREFIX}.answer.submitted": (1, ("item", "step", "serving", "submission", "verdict", "credit", "attempt",
                                       "misconception", "matched", "help_seen", "is_evidence", "seconds")),
    f"{PREFIX}.hint.revealed": (1, ("item", "step", "serving", "help", "number", "bottom_out")),
    f"{PREFIX}.help.rated": (1, ("item", "step", "help", "serving", "end", "round", "helpful")),
    f"{PREFIX}.skill.mastered": (1, ("skill", "threshold", "opportunities")),
    f"{PREFIX}.skill.placed": (1, ("skill", "threshold", "opportunities")),
    f"{PREFIX}.set.ended": (1, ("end", "round", "n_items")),
    f"{PREFIX}.set.restarted": (1, ("round",)),
    f"{PREFIX}.record.reset": (1, ("scope",)),
}


def payload(name: str, **values: Any) -> dict[str, Any]:
    """The payload of an event. Raises KeyError for an unknown event, ValueError for keys that are not declared."""
    version, keys = EVENTS[name]
    if set(values) != set(keys):
        raise ValueError(f"{name} takes {sorted(keys)}, got {sorted(values)}: declare the change in events.EVENTS")
    return {"schema_version": version, **values}
