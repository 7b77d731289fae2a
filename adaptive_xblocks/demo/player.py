"""A scripted learner: answers as a person would, through the block's own handlers, in the same process.

It knows the right answers because it runs beside the server: it reads the item in hand and its numbers from the
block's stored state. A browser never can.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping
from typing import Any

from workbench.runtime import WorkbenchRuntime
from workbench.scenarios import get_scenarios

from adaptive_xblocks.problem_set_run import Run
from adaptive_xblocks.tutoring.answers.registry import answer_type
from adaptive_xblocks.tutoring.model import Step, WrongRule
from adaptive_xblocks.tutoring.practice import Practice
from adaptive_xblocks.tutoring.variants import Variant, make_variant


class HandlerRefused(RuntimeError):
    """A handler answered something else than 200."""


class Player:
    """One learner in one scenario. `client` is a `django.test.Client`."""

    def __init__(self, client: Any, scenario_id: str, student_id: str) -> None:
        self.client, self.scenario_id, self.student_id = client, scenario_id, student_id
        self.usage_id = get_scenarios()[scenario_id].usage_id

    @property
    def block(self) -> Any:
        """The block as it is stored now."""
        return WorkbenchRuntime(self.student_id).get_block(self.usage_id)

    @property
    def practice(self) -> Practice:
        """Where the learner is."""
        return self.block.practice

    @property
    def variant(self) -> Variant:
        """The item in hand with its numbers."""
        block = self.block
        return make_variant(block.document.items[block.practice.item], block.practice.seed)

    @property
    def step(self) -> Step | None:
        """The step in hand, None when the item is done."""
        block = self.block
        return block.practice.open_step(block.document.items[block.practice.item])

    @property
    def share_mastered(self) -> float:
        """The share of the document's skills that are mastered, 0 to 1."""
        block = self.block
        states = Run(block).session.states
        skills = block.document.skills
        return sum(skill in states and states[skill].mastered for skill in skills) / max(1, len(skills))

    def open(self) -> None:
        """Look at the page, which serves the first item."""
        response = self.client.get(f"/learn/{self.scenario_id}/", {"student": self.student_id})
        if response.status_code != 200:
            raise HandlerRefused(f"the page of {self.scenario_id} answered {response.status_code}")

    def send(self, handler: str, **data: Any) -> dict[str, Any]:
        """POST to a handler and return its JSON; HandlerRefused with its text unless it answers 200."""
        response = self.client.post(
            f"/handler/{self.usage_id}/{handler}/?student={self.student_id}", json.dumps(data), "application/json",
        )
        if response.status_code != 200:
            raise HandlerRefused(f"{handler} answered {response.status_code}: {response.content[:300]!r}")
        return response.json()

    def answer(self, responses: Mapping[str, str], seconds: float = 20) -> dict[str, Any]:
        """Answer the step in hand."""
        return self.send(
            "answer", submission=uuid.uuid4().hex, serving=self.practice.serving, step=self.step.id,
            responses=dict(responses), seconds=seconds,
        )

    def hint(self) -> dict[str, Any]:
        """Ask for the next piece of help on the step in hand."""
        return self.send("hint", submission=uuid.uuid4().hex, serving=self.practice.serving, step=self.step.id)

    def next(self) -> dict[str, Any]:
        """Go on to the next item."""
        return self.send("next", serving=self.practice.serving)

    def finish_item(self, misconception: str | None = None) -> None:
        """Work the item in hand to its end: right at once, or first as the misconception would have it."""
        while (step := self.step) is not None:
            mistake = wrong_responses(self.variant, step, misconception) if misconception else None
            if mistake and not self.practice.step(step.id).attempts:
                self.answer(mistake)
            else:
                self.answer(right_responses(self.variant, step))


def right_responses(variant: Variant, step: Step) -> dict[str, str]:
    """Responses, by input id, that are judged right."""
    return {one.id: answer_type(one.type).solve(one.spec, variant) for one in step.inputs}


def wrong_responses(variant: Variant, step: Step, misconception: str) -> dict[str, str] | None:
    """Responses that show the misconception, None where no rule of the step recognises it."""
    rule = next((rule for rule in step.wrongs if rule.misconception == misconception), None)
    return recognised(variant, step, rule) if rule else None


def recognised(variant: Variant, step: Step, rule: WrongRule) -> dict[str, str] | None:
    """Responses that the rule recognises, right in all other inputs; None where it cannot name one, as of a pattern."""
    responses = right_responses(variant, step)
    for input_id, matcher in rule.matchers:
        one = step.input(input_id)
        responses[input_id] = answer_type(one.type).example(matcher, one.spec, variant)
    return None if None in responses.values() else responses
