"""One request in a problem set: what the learner did, what it means, what comes next. Knows neither HTML nor HTTP."""

from __future__ import annotations

import logging
import random
from collections.abc import Mapping
from dataclasses import replace
from functools import cached_property
from typing import Any

from adaptive_xblocks import events, platform_services
from adaptive_xblocks.learner_session import LearnerSession, keyed_number
from adaptive_xblocks.mastery import is_stuck
from adaptive_xblocks.tutoring import practice as practising
from adaptive_xblocks.tutoring import progress
from adaptive_xblocks.tutoring.answer_checks import is_playable
from adaptive_xblocks.tutoring.document_settings import min_evidence
from adaptive_xblocks.tutoring.help import help_state
from adaptive_xblocks.tutoring.history import History
from adaptive_xblocks.tutoring.model import Step, StepVerdict
from adaptive_xblocks.tutoring.policies import FIXED_ORDER, Policy, find_policy
from adaptive_xblocks.tutoring.practice import Practice
from adaptive_xblocks.tutoring.recovery import Answered, recovered
from adaptive_xblocks.tutoring.selection import Bank, Choice, next_review, select
from adaptive_xblocks.tutoring.variants import Variant, VariantError, make_variant

log = logging.getLogger(__name__)

#: How many items are tried in one request when variants cannot be made; more means that the content is broken.
MOST_TRIES = 20
#: How many seeds are tried for an item some of whose numbers cannot be computed (6 / d with d = 0).
MOST_SEEDS = 16
#: Ends that pass when the author adds problems, or when what was withheld is told.
PASSING_ENDS = ("exhausted", "empty", "finished")


def _(text: str) -> str:
    return text


PAST_DUE = _("This is past its due date. You can look at it, but answers are no longer taken.")


class Run:
    """The learner's session, the document and the choice of items, for one request.

    `practice` is the session's. Methods change the session only; the caller saves it.
    """

    def __init__(self, block: Any, receipts: Any = ()) -> None:
        self.block, self.document, self.now = block, block.document, block.now()
        self.session = LearnerSession(block, self.document, self.now, receipts)
        viewer = self.session.viewer
        self.withheld = not platform_services.correctness_available(block, viewer.is_staff, self.now)
        is_late = platform_services.is_past_due(block, self.now) and not viewer.is_staff
        self.closed, self.was_changed = PAST_DUE if is_late else "", False
        self.policy = FIXED_ORDER.name if self.withheld else self.document.settings.get("policy", "adaptive")
        self.bank = Bank.of(self.document)

    @property
    def practice(self) -> Practice:
        """Where the learner is."""
        return self.session.practice

    @practice.setter
    def practice(self, practice: Practice) -> None:
        self.session.practice = practice

    @property
    def can_answer(self) -> bool:
        """May this viewer answer now?"""
        return not self.closed and self.session.viewer.unsaved in ("", "preview")

    @property
    def is_fixed_order(self) -> bool:
        """True if the author's order holds, whatever is known of the learner."""
        found, _fault = find_policy(self.policy)
        return isinstance(found, Policy) and found.fixed_order

    @property
    def history(self) -> History:
        """What the choice of the next item looks at."""
        return self.practice.history(self.finished)

    @property
    def variant(self) -> Variant:
        """The item in hand with its numbers."""
        return make_variant(self.document.items[self.practice.item], self.practice.seed)

    def begin(self) -> bool:
        """Have an item in hand or an end state named. True if the author changed the item in hand meanwhile."""
        if self.session.owes_grade:
            self.practice = replace(self.practice, owes_grade=False)
            self.publish_grade()
        self.was_changed = practising.is_changed(self.practice, self.document) and not self.practice.done
        if self.practice.item and (self.was_changed or self.practice.item not in self.document.items):
            self.practice = replace(self.practice, item="", steps={}, done=False, end="")
        self._recover()
        if self.practice.end in PASSING_ENDS and self._end() != self.practice.end:
            self.practice = replace(self.practice, item="", done=False, end="")
        if not self.practice.item and not self.practice.end:
            self.advance()
        elif not self.practice.end and (self.practice.done or self._is_overtaken()):
            self._note_end()
        return self.was_changed

    @property
    def shown(self) -> str:
        """What the page calls the item in hand with its numbers: the same item with others is another problem."""
        return f"{self.practice.item}/{self.session.variant:08x}"

    def catch_up(self, serving: Any, shown: Any) -> None:
        """Go on to the problem that the page shows, where a late request has set the learner back to the one before.

        The same evidence leads to the same choice; if it does not any more, the page is told where the learner is.
        """
        practice = self.practice
        is_ahead = serving == practice.serving + 1 and isinstance(shown, str)
        if practice.done and not practice.end and is_ahead and self.can_answer:
            self.advance(shown.rpartition("/")[0])

    def _recover(self) -> None:
        """Take up what was answered on the problem in hand and is in the evidence only."""
        practice = self.practice
        if not practice.item or practice.done or practice.end:
            return
        answered = {
            piece.step: Answered(piece.kind.credit, piece.kind.help) for piece in reversed(self.session.in_hand())
        }
        if not answered:
            return
        self.practice = recovered(
            practice, self.variant, answered, withheld=self.withheld, most_attempts=self.block.max_attempts or 0)
        if self.practice.done:
            self._move_meters()

    def answer(self, step: Step, responses: Mapping[str, str], submission: str, seconds: float) -> StepVerdict:
        """Judge an answer on the step in hand, learn from it, grade."""
        before = self.practice.step(step.id)
        self.practice, verdict, opportunity = practising.answer(
            self.practice, self.variant, step, responses, submission,
            withheld=self.withheld, most_attempts=self.block.max_attempts or 0)
        if opportunity:
            self.session.learn(opportunity, submission, seconds)
            self._forget("finished", "skill_views")
        self._publish(
            "answer.submitted", item=self.practice.item, step=step.id, serving=self.practice.serving,
            submission=submission, verdict=verdict.kind, credit=float(verdict.credit), attempt=before.attempts + 1,
            misconception=verdict.misconception or "", matched=verdict.matched or "", help_seen=len(before.shown),
            is_evidence=opportunity is not None, seconds=seconds)
        self._open_gates()
        if self.practice.done:
            self._move_meters()
            clean = all(self.practice.step(one.id).is_clean for one in self.variant.item.steps)
            self._publish("item.finished", item=self.practice.item, serving=self.practice.serving, clean=clean)
        self.publish_grade()
        return verdict

    def reveal(self, step: Step, submission: str = "") -> None:
        """Show the next piece of help on a step."""
        self.practice, state = practising.reveal(self.practice, step, submission)
        if state.next:
            self._publish(
                "hint.revealed", item=self.practice.item, step=step.id, serving=self.practice.serving,
                help=state.next.id, number=len(step.help) - state.n_left + 1, bottom_out=state.next_is_bottom_out)

    def next_gives_answer(self, step: Step) -> bool:
        """True if the next piece of help on a step is its bottom-out."""
        return help_state(step, self.practice.step(step.id).shown).next_is_bottom_out

    def skip(self, reason: str) -> None:
        """Lay the item in hand aside and go on."""
        self._publish("item.skipped", item=self.practice.item, serving=self.practice.serving, reason=reason)
        self.practice = practising.skip(self.practice)
        self.advance()

    def restart(self) -> None:
        """Begin a new round."""
        self.practice = practising.restart(self.practice)
        self._publish("set.restarted", round=self.practice.round)
        self.advance()

    def advance(self, wanted: str | None = None) -> None:
        """Serve the next item, `wanted` if it is one of the runners-up, or name the end state."""
        if self.practice.end and self.practice.end not in ("finished", "empty"):
            self.practice = replace(self.practice, continuing=self.practice.end, end="")
        self._open_gates()
        if self._note_end():
            return
        unservable: set[str] = set()
        for _try in range(MOST_TRIES):
            choice = self._choose(wanted, unservable)
            if choice.item_id is None or choice.item_id in unservable:
                break
            if self._serve(choice):
                return
            unservable.add(choice.item_id)
        self._set_end(self._end() or "exhausted")

    def runners_up(self) -> list[str]:
        """Items that could come next instead of the best one."""
        choice = self._choose(None, set())
        return [runner[0] for runner in choice.runners_up if runner[0] in self.document.items]

    @property
    def opens_help(self) -> bool:
        """True if help is to be offered at once: after a streak of failures, or on what a stuck skill opened."""
        requires = self.bank.requires.get(str(self.practice.choice.get("skill")), ())
        return bool(self.last_choice.reason.get("opens_help")) or not self.finished.isdisjoint(requires)

    @property
    def last_choice(self) -> Choice:
        """Why the item in hand was chosen, as it was stored when it was."""
        stored = self.practice.choice
        return Choice(item_id=self.practice.item, skill=stored.get("skill"), rule=str(stored.get("rule", "")),
                      reason=dict(stored.get("reason", {})), runners_up=(), propensity=1.0)

    @cached_property
    def skill_views(self) -> list[progress.SkillView]:
        """How each skill with items stands, for the page; made anew after an answer."""
        names = {skill.id: skill.name for skill in self.document.skills.values()}
        states, history, needed = self.session.states, self.history, min_evidence(self.document)
        return [
            progress.skill_view(self.bank, skill, states, history, min_evidence=needed, names=names)
            for skill in self.bank.skills
        ]

    def person(self) -> dict[str, str] | None:
        """How to reach a person: the author's link, else the operator's, else nothing."""
        link = self.document.settings.get("person") or platform_services.setting(self.block, "person", "")
        if not str(link).startswith(("https://", "http://", "mailto:", "/")):
            return None
        return {"text": self.block.translate(_("Ask a person")), "href": str(link)}

    @cached_property
    def finished(self) -> frozenset[str]:
        """Skills that are stuck: they end without mastery, and open what depends on them."""
        return frozenset(
            skill for skill, state in self.session.states.items()
            if skill in self.bank.groups_of and not state.mastered and is_stuck(
                state, self.session.parameters(skill), self.session.threshold(skill), min_evidence(self.document))
        )

    def _choose(self, wanted: str | None, unservable: set[str]) -> Choice:
        states, history = self.session.states, self.history
        history = replace(history, skipped=history.skipped | unservable)
        rng = random.Random(f"{self._seed_base}:{self.practice.serving}")
        choice = select(self.bank, states, history, self.policy, rng)
        if choice.item_id is None and self.practice.continuing:
            choice = next_review(self.bank, states, history, rng)
        if wanted and wanted in {runner[0] for runner in choice.runners_up}:
            skills = self.document.items[wanted].skills
            choice = replace(
                choice, item_id=wanted, rule="own-choice", skill=skills[0] if skills else None, propensity=1.0)
        return choice

    def _serve(self, choice: Choice) -> bool:
        item = self.document.items[choice.item_id]
        policy = "adaptive" if "policy_fault" in choice.reason else self.policy
        for attempt in range(MOST_SEEDS):
            seed = keyed_number("seed", f"{self._seed_base}:{self.practice.serving + 1}:{attempt}") >> 1
            try:
                make_variant(item, seed)
            except VariantError as error:
                log.warning("An item was passed over: %s", error)
                continue
            if not is_playable(item, seed):
                log.warning("Item %s was passed over: it cannot be judged with seed %s", item.id, seed)
                continue
            self.practice = practising.serve(self.practice, item, seed, choice, policy)
            state = self.session.states.get(choice.skill or "")
            self._publish(
                "item.served", item=item.id, item_version=item.version, seed=seed, serving=self.practice.serving,
                skill=choice.skill or "", rule=choice.rule, policy=policy, propensity=choice.propensity,
                p_known=state.p_known if state else None, runners_up=[runner[0] for runner in choice.runners_up])
            return True
        return False

    def _move_meters(self) -> None:
        """Meters move when a problem ends, and never visibly backwards."""
        shown = dict(self.practice.meters)
        for view in self.skill_views:
            shown[view.skill] = max(view.meter, shown.get(view.skill, 0))
        self.practice = replace(self.practice, meters={skill: level for skill, level in shown.items() if level})

    def _open_gates(self) -> None:
        """Prerequisites that are met, or ended for good, stay met for this learner."""
        opened = self.bank.open_skills(self.session.states, self.history)
        if opened != frozenset(self.practice.opened):
            self.practice = replace(self.practice, opened=tuple(sorted(opened)))
            self._forget("skill_views")

    def _forget(self, *names: str) -> None:
        """Drop what was worked out before the learner went on."""
        for name in names:
            self.__dict__.pop(name, None)

    def _end(self) -> str:
        if not self.document.items:
            return "empty"
        if self.is_fixed_order:
            is_through = all(item in self.practice.served for item in self.document.items)
            return "finished" if is_through and (self.practice.done or not self.practice.item) else ""
        return progress.end_state(self.bank, self.session.states, self.history) or ""

    def _is_overtaken(self) -> bool:
        """True if nothing was done on the item in hand and elsewhere everything was that is to do here."""
        is_begun = bool(self.practice.steps) or self.is_fixed_order
        return not is_begun and not self.bank.active_skills(self.session.states, self.history)

    def _note_end(self) -> bool:
        """Name the end state if there is one that the learner did not go on after."""
        end = self._end()
        is_new = bool(end) and end != self.practice.continuing
        if is_new:
            self._set_end(end)
        return is_new

    def _set_end(self, end: str) -> None:
        self.practice = replace(self.practice, end=end, is_complete=True)
        self._publish("set.ended", end=end, round=self.practice.round, n_items=self.practice.n_done)
        self.publish_grade()
        self.practice = replace(self.practice, owes_grade=True)  # no answer follows that would send it again

    def publish_grade(self) -> None:
        """Publish grade and completion: on every answer, and where an end is found."""
        if not self.session.viewer.unsaved:
            completion, grade = 1.0 if self.practice.is_complete else self._share_mastered(), self.grade()
            self.practice = replace(self.practice, graded=max(grade, self.practice.graded))
            self.session.publish("grade", {"value": grade, "max_value": 1.0, "only_if_higher": True})
            self.session.publish("completion", {"completion": completion})

    @property
    def newly_mastered(self) -> list[str]:
        """Skills that this request declared mastered."""
        name = f"{events.PREFIX}.skill.mastered"
        return [data["skill"] for event, data in self.session.events if event == name]

    def grade(self) -> float:
        """The grade in [0, 1]: by mastery, or by the share of items solved where the author chose that."""
        if self.document.settings.get("grade") == "solved":
            items = self.document.items
            return len([item for item in self.practice.solved if item in items]) / len(items) if items else 0.0
        basis = {skill: (basis.prior, basis.threshold) for skill, basis in self.session.course.basis.items()}
        return progress.grade(self.bank.skills, self.session.states, basis, min_evidence(self.document))

    def _share_mastered(self) -> float:
        skills = self.bank.skills
        states = self.session.states
        return sum(skill in states and states[skill].mastered for skill in skills) / len(skills) if skills else 0.0

    @property
    def _seed_base(self) -> str:
        ids = self.block.scope_ids
        return f"{ids.user_id}:{ids.usage_id}:{self.session.log.epoch}"

    def _publish(self, verb: str, **values: Any) -> None:
        name = f"{events.PREFIX}.{verb}"
        self.session.publish(name, events.payload(name, **values))
