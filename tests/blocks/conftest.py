"""A problem set of a test's own content, played through its handlers in the workbench."""

import itertools
import json
import random

import pytest

from adaptive_xblocks.demo.player import Player

_numbers = itertools.count()

#: Two skills, one after the other; a variable, two inputs, a choice, text, hints and a misconception.
CONTENT = """
<adaptive_problem_set schema="1" display_name="Sums" {settings}>
  <skill id="count" name="Counting"/>
  <skill id="sum" name="Adding up" requires="count"/>
  <misconception id="off-by-one" name="Counts one too many" skills="count" remediation="item:count-3">
    <say>First say: start at one.</say>
    <say repeat="2">Second say: start at one, again.</say>
  </misconception>
  {items}
</adaptive_problem_set>
"""
COUNT = """
  <item id="count-{n}" title="Count {n}" difficulty="{difficulty}">
    <variable name="a" values="2..9"/>
    <prompt><p>Here are {{@a@}} apples.</p></prompt>
    <step id="s1" skills="count">
      <prompt><p>How many apples?</p></prompt>
      <numeric answer="a"/>
      <wrong answer="a + 1" misconception="off-by-one"/>
      <hint id="h1">HINT-ONE-{n}</hint>
      <hint id="h2">HINT-TWO-{n}</hint>
      <hint id="h3" bottom_out="true">BOTTOM-OUT-{n}: {{@a@}}</hint>
    </step>
    <solution><p>SOLUTION-{n}</p></solution>
  </item>
"""
SUM = """
  <item id="sum-{n}" title="Sum {n}">
    <variable name="a" values="2..9"/><variable name="b" values="2..9"/>
    <prompt><p>Add.</p></prompt>
    <step id="s1" skills="sum"><prompt><p>What is {{@a@}} + {{@b@}}?</p></prompt>
      <numeric answer="a + b"/><hint>Count on.</hint><hint bottom_out="true">It is {{@a + b@}}.</hint></step>
    <step id="s2" skills="sum"><prompt>Twice that is [[input:x]], half of it [[input:y]].</prompt>
      <numeric id="x" answer="2*(a + b)"/><numeric id="y" answer="(a + b)/2"/>
      <hint>Double.</hint><hint bottom_out="true">{{@2*(a + b)@}} and {{@(a + b)/2@}}.</hint></step>
  </item>
"""


def problem_set(n_count=6, n_sum=4, settings="", extra=""):
    """OLX of a small problem set."""
    items = "".join(COUNT.format(n=n, difficulty=(n - 3) / 10) for n in range(1, n_count + 1))
    items += "".join(SUM.format(n=n) for n in range(1, n_sum + 1))
    return CONTENT.format(settings=settings, items=items + extra)


@pytest.fixture
def play(client, learner):
    """play(olx, student) puts a problem set into the workbench and gives a Player in it."""
    from workbench.scenarios import SCENARIOS, add_xml_scenario, get_scenarios

    get_scenarios()
    added = []

    def start(olx=None, student=learner):
        name = f"test_{next(_numbers)}"
        add_xml_scenario(name, f"{name} {random.random()}", olx or problem_set())
        added.append(name)
        return Player(client, name, student)

    yield start
    for name in added:
        del SCENARIOS[name]


@pytest.fixture
def published(monkeypatch):
    """Everything that blocks publish, as (name, data), in order."""
    from workbench.runtime import WorkbenchRuntime

    events = []

    def publish(self, block, name, data):
        events.append((name, json.loads(json.dumps(data))))

    monkeypatch.setattr(WorkbenchRuntime, "publish", publish)
    return events


def post(player, handler, body, student=None, method="post"):
    """A raw request to a handler: `body` is sent as it is if it is text, else as JSON."""
    url = f"/handler/{player.usage_id}/{handler}/?student={student or player.student_id}"
    content = body if isinstance(body, (str, bytes)) else json.dumps(body)
    return getattr(player.client, method)(url, content, content_type="application/json")
