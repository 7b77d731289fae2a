"""Problems that a learner may take instead of the one that was chosen: before it is begun, and after it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from adaptive_xblocks.tutoring import practising
from adaptive_xblocks.tutoring.history import Choice
from adaptive_xblocks.tutoring.ranking import N_RUNNERS_UP

if TYPE_CHECKING:
    from adaptive_xblocks.problem_set_run import Run

OWN_CHOICE = "own-choice"


def offers(run: Run) -> bool:
    """True where the author lets learners choose, and nothing stands against it now."""
    chosen = run.rules.offers or run.document.settings.get("choice") == "true"
    return chosen and not (run.withheld or run.in_probe or run.is_fixed_order or run.practice.end)


def offered(run: Run) -> list[str]:
    """The items that may be taken now instead of the one in hand, or of the next one once that is done."""
    practice = run.practice
    if not offers(run) or not practice.item:
        return []
    if practice.done:
        return run.runners_up()
    if practice.steps:
        return []
    fresh = run.document.items.keys() - practice.served.keys() - set(practice.skipped)
    known = practice.choice.get("runners_up", ())
    return [item_id for item_id in known if item_id in fresh][:N_RUNNERS_UP]


def swap(run: Run, wanted: str) -> None:
    """Serve an item that was offered instead of the one in hand, which goes back as fresh as it was."""
    practice = run.practice
    known = [] if practice.done else offered(run)
    if wanted not in known:
        return
    others = (practice.item, *(item_id for item_id in known if item_id != wanted))
    run.practice = practising.put_back(practice)
    reason = {"rule": OWN_CHOICE, "opens_help": run.rules.opens_help}
    skill = next(iter(run.document.items[wanted].skills), None)
    if run.serve(Choice(wanted, skill, OWN_CHOICE, reason, tuple((one, "", 0.0) for one in others[:N_RUNNERS_UP]))):
        run.publish("item.skipped", item=practice.item, serving=practice.serving, reason=OWN_CHOICE)
    else:
        run.practice = practice


def taken(run: Run, choice: Choice, wanted: str) -> Choice:
    """The choice with one of its runners-up in the first place, if that is what is wanted."""
    if wanted not in {runner[0] for runner in choice.runners_up}:
        return choice
    skill = next(iter(run.document.items[wanted].skills), None)
    others = (choice.item_id, *(runner[0] for runner in choice.runners_up if runner[0] != wanted))
    return replace(choice, item_id=wanted, rule=OWN_CHOICE, skill=skill, propensity=1.0,
                   runners_up=tuple((one, "", 0.0) for one in others))


def choice_rows(run: Run) -> list[dict[str, Any]]:
    """What the page shows of them: item, title, the name of its skill."""
    if run.session.viewer.unsaved or run.closed:
        return []
    shown = []
    for item_id in offered(run):
        item = run.document.items[item_id]
        skill = run.document.name_of(item.skills[0]) if item.skills else ""
        shown.append({"item": item_id, "title": item.title, "skill": skill})
    return shown
