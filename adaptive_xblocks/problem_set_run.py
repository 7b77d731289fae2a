"""One request in a problem set: what the learner did, what it means, what comes next. Knows neither HTML nor HTTP."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import replace
from functools import cached_property
from typing import Any

from adaptive_xblocks import events, platform_services, problem_set_placement
from adaptive_xblocks.learner_session import LearnerSession
from adaptive_xblocks.problem_set_help import RunHelpMixin
from adaptive_xblocks.problem_set_offers import taken
from adaptive_xblocks.problem_set_serving import playable_seed
from adaptive_xblocks.tutoring import practising, progress
from adaptive_xblocks.tutoring.document_settings import min_evidence
from adaptive_xblocks.tutoring.history import History
from adaptive_xblocks.tutoring.judging import judge_step
from adaptive_xblocks.tutoring.model import Step, StepVerdict
from adaptive_xblocks.tutoring.policies import ADAPTIVE, FIXED_ORDER, Policy, find_policy
from adaptive_xblocks.tutoring.practice import Practice
from adaptive_xblocks.tutoring.recovery import Answered, recovered
from adaptive_xblocks.tutoring.selection import Bank, Choice, next_review, select
from adaptive_xblocks.tutoring.variants import Variant, make_variant

#: How many items are tried in one request when variants cannot be made; more means that the content is broken.
MOST_TRIES = 20
#: Ends that pass when the author adds problems, or when what was withheld is told.
PASSING_ENDS = ("exhausted", "empty", "finished")


def _(text: str) -> str:
    return text


PAST_DUE = _("This is past its due date. You can look at it, but answers are no longer taken.")


class Run(RunHelpMixin):
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
        self.policy = FIXED_ORDER.name if self.withheld else self.document.settings.get("policy", ADAPTIVE.name)
        self.bank = Bank.of(self.document)
        self._verdicts: dict[Any, StepVerdict] = {}

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
    def rules(self) -> Policy:
        """The numbers of the policy in force; those of the standard one where another package chooses by a function."""
        found, _fault = find_policy(self.policy)
        return found if isinstance(found, Policy) else ADAPTIVE

    @property
    def is_fixed_order(self) -> bool:
        """True if the author's order holds, whatever is known of the learner."""
        return self.rules.fixed_order

    @property
    def in_probe(self) -> bool:
        """True if the item in hand is one of those that find a newcomer's place."""
        return self.practice.choice.get("rule") == problem_set_placement.PROBE

    @property
    def most_attempts(self) -> int:
        """After so many answers a step ends (0: no limit); a probe takes one."""
        return 1 if self.in_probe else self.block.max_attempts or 0

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
            practice, self.variant, answered, withheld=self.withheld, most_attempts=self.most_attempts)
        if self.practice.done:
            self._move_meters()

    def answer(self, step: Step, responses: Mapping[str, str], submission: str, seconds: float) -> StepVerdict:
        """Judge an answer on the step in hand, learn from it, grade."""
        before = self.practice.step(step.id)
        self.practice, verdict, opportunity = practising.answer(
            self.practice, self.variant, step, responses, submission,
            withheld=self.withheld, most_attempts=self.most_attempts)
        self._verdicts[self.practice.serving, step.id, tuple(responses.items())] = verdict
        if opportunity:
            self.session.learn(opportunity, submission, seconds)
            self.refresh()
        self.publish(
            "answer.submitted", item=self.practice.item, step=step.id, serving=self.practice.serving,
            submission=submission, verdict=verdict.kind, credit=float(verdict.credit), attempt=before.attempts + 1,
            misconception=verdict.misconception or "", matched=verdict.matched or "", help_seen=len(before.shown),
            is_evidence=opportunity is not None, seconds=seconds)
        if self.practice.done:
            problem_set_placement.settle(self, submission)
        self._open_gates()
        if self.practice.done:
            self._move_meters()
            clean = all(self.practice.step(one.id).is_clean for one in self.variant.item.steps)
            self.publish("item.finished", item=self.practice.item, serving=self.practice.serving, clean=clean)
        self.publish_grade()
        return verdict

    def judged(self, step: Step, responses: Mapping[str, str]) -> StepVerdict:
        """The verdict on an answer to the item in hand, which was judged once in this request if it came with it."""
        key = self.practice.serving, step.id, tuple(responses.items())
        if key not in self._verdicts:
            self._verdicts[key] = judge_step(self.variant, step, responses)
        return self._verdicts[key]

    def skip(self, reason: str) -> None:
        """Lay the item in hand aside and go on."""
        self.publish("item.skipped", item=self.practice.item, serving=self.practice.serving, reason=reason)
        self.practice = practising.skip(self.practice, reason)
        self.advance()

    def restart(self) -> None:
        """Begin a new round."""
        self.practice = practising.restart(self.practice)
        self.publish("set.restarted", round=self.practice.round)
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
            choice = problem_set_placement.next_choice(self, self._rng, unservable) or self._choose(wanted, unservable)
            if choice.item_id is None or choice.item_id in unservable:
                break
            if self.serve(choice):
                return
            unservable.add(choice.item_id)
        self._set_end(self._end() or "exhausted")

    def runners_up(self) -> list[str]:
        """Items that could come next instead of the best one."""
        choice = self._choose(None, set())
        return [runner[0] for runner in choice.runners_up if runner[0] in self.document.items]

    @property
    def last_choice(self) -> Choice:
        """Why the item in hand was chosen, as it was stored when it was."""
        stored = self.practice.choice
        return Choice(item_id=self.practice.item, skill=stored.get("skill"), rule=str(stored.get("rule", "")),
                      reason=dict(stored.get("reason", {})), runners_up=(), propensity=1.0)

    @cached_property
    def skill_views(self) -> list[progress.SkillView]:
        """How each skill with items stands, for the page; made anew after an answer."""
        names = self.document.skill_names
        states, history, needed = self.session.states, self.history, min_evidence(self.document)
        placed = self.session.course.placed()
        return [
            progress.placed_view(skill) if skill in placed and progress.stands_as_placed(states[skill])
            else progress.skill_view(self.bank, skill, states, history, min_evidence=needed, names=names)
            for skill in self.bank.skills
        ]

    @cached_property
    def finished(self) -> frozenset[str]:
        """Skills that are stuck: they end without mastery, and open what depends on them."""
        return progress.stuck_skills(
            self.bank, self.session.states, self.session.parameters, min_evidence(self.document))

    def _choose(self, wanted: str | None, unservable: set[str]) -> Choice:
        states, history = self.session.states, self.history
        history = replace(history, skipped=history.skipped | unservable)
        rng = self._rng
        choice = select(self.bank, states, history, self.policy, rng)
        if choice.item_id is None and self.practice.continuing:
            choice = next_review(self.bank, states, history, rng)
        return taken(self, choice, wanted) if wanted else choice

    def serve(self, choice: Choice) -> bool:
        """Put the chosen item in the learner's hand; False if it cannot be shown with any numbers."""
        item = self.document.items[choice.item_id]
        policy = ADAPTIVE.name if "policy_fault" in choice.reason else self.policy
        seed = playable_seed(item, f"{self._seed_base}:{self.practice.serving + 1}")
        if seed is None:
            return False
        self.practice = practising.serve(self.practice, item, seed, choice, policy)
        state = self.session.states.get(choice.skill or "")
        self.publish(
            "item.served", item=item.id, item_version=item.version, seed=seed, serving=self.practice.serving,
            skill=choice.skill or "", rule=choice.rule, policy=policy, propensity=choice.propensity,
            p_known=state.p_known if state else None, runners_up=[runner[0] for runner in choice.runners_up])
        return True

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

    def refresh(self) -> None:
        """Work out anew what follows from the evidence, after more of it was taken in."""
        self._forget("finished", "skill_views")

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

    @property
    def _rng(self) -> random.Random:
        """The generator of one choice: the same evidence leads to the same item."""
        return random.Random(f"{self._seed_base}:{self.practice.serving}")

    def _set_end(self, end: str) -> None:
        self.practice = replace(self.practice, end=end, is_complete=True)
        self.publish("set.ended", end=end, round=self.practice.round, n_items=self.practice.n_done)
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
        """Skills that this request declared mastered after practice."""
        return self._declared("skill.mastered")

    @property
    def newly_placed(self) -> list[str]:
        """Skills that this request declared mastered after the probe."""
        return self._declared("skill.placed")

    def _declared(self, verb: str) -> list[str]:
        name = f"{events.PREFIX}.{verb}"
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

    def publish(self, verb: str, **values: Any) -> None:
        """Have an event published once everything is saved."""
        name = f"{events.PREFIX}.{verb}"
        self.session.publish(name, events.payload(name, **values))
