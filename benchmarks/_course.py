"""A generated bank and a learner who has worked in five blocks of its course: what bench_block.py measures on."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from adaptive_xblocks.course_record import Basis, CourseRecord, Declaration, Epoch
from adaptive_xblocks.evidence import Evidence, Kind, digest32, digest_key
from adaptive_xblocks.evidence_log import Detail, EvidenceLog
from adaptive_xblocks.learner_record import LearnerRecord
from adaptive_xblocks.mastery import meets_mastery
from adaptive_xblocks.tutoring.model import Document
from adaptive_xblocks.tutoring.practice import Practice

SKILLS = [f"s{number:02}" for number in range(20)]
#: What the learner has practised so far, and how often an answer on it was right at once.
PRACTISED = {skill: 0.9 if number % 5 < 2 else 0.45 for number, skill in enumerate(SKILLS) if number % 5 < 4}
MISCONCEPTIONS = 30
PIECES, BLOCKS = 1000, 5
DAY = 24 * 3600 * 1000

_ITEM = r"""
  <item id="i{number}" title="Loaves and baskets {number}" difficulty="{difficulty}" licence="CC BY 4.0">
    <variable name="a" values="2..60"/>
    <variable name="b" values="3..50"/>
    <variable name="n" is="a + b"/>
    <where>a != b and mod(a, 7) != 0</where>
    <prompt><p>Basket {number} holds {{@a@}} loaves and another one {{@b@}}, so
      \(\frac{{ {{@a@}} }}{{ {{@n@}} }}\) of all of them are in the first.</p></prompt>
    <step id="sum" skills="{skill}">
      <prompt><p>How many are there together? \({{@a@}} + {{@b@}} =\) [[input:n]]</p></prompt>
      <numeric id="n" label="number of loaves" answer="a + b"/>
      <wrong inputs="n" answer="a * b" misconception="m{misconception}"/>
      <wrong inputs="n" answer="a - b"><say>That is how many more than {{@b@}} the first one holds.</say></wrong>
      <hint>Put all of them into one basket and count.</hint>
      <hint>Start at {{@a@}} and count on: \({{@a@}} + 1\), \({{@a@}} + 2\) and so on.</hint>
      <hint bottom_out="true">Together there are \({{@a@}} + {{@b@}} = {{@n@}}\) loaves.</hint>
    </step>{second}
    <solution><p>All loaves: \({{@a@}} + {{@b@}} = {{@n@}}\). In the first basket: {{@a@}} of {{@n@}}.</p></solution>
  </item>"""
_SECOND = r"""
    <step id="share" skills="{other}">
      <prompt><p>Which part of them is in the second basket?</p></prompt>
      <choice>
        <option correct="true">\(\frac{{ {{@b@}} }}{{ {{@n@}} }}\)</option>
        <option misconception="m{misconception}">\(\frac{{ {{@b@}} }}{{ {{@a@}} }}\)</option>
        <option>\(\frac{{ {{@a@}} }}{{ {{@n@}} }}\)</option>
        <option>\(\frac{{ 1 }}{{ {{@n@}} }}\)</option>
      </choice>
      <hint>All loaves go below the line.</hint>
      <hint bottom_out="true">{{@b@}} of {{@n@}} are in the second basket.</hint>
    </step>"""


def bank(n_items: int) -> str:
    """The OLX of a problem set of so many items over 20 skills; every second item has two steps."""
    rng = random.Random(n_items)
    lines = ['<adaptive_problem_set schema="1" display_name="A generated bank">']
    for number, skill in enumerate(SKILLS):
        before = f' requires="{SKILLS[number - 1]}"' if number % 5 else ""
        prior = ' prior="0.4"' if number % 4 == 0 else ""
        lines.append(f'  <skill id="{skill}" name="Skill number {number}"{before}{prior}/>')
    for number in range(MISCONCEPTIONS):
        lines.append(f'  <misconception id="m{number}" name="Error {number}" skills="{SKILLS[number % 20]}">'
                     "<say>You multiplied. Together means that both are put into one.</say>"
                     '<say repeat="2">Multiplied again: draw both baskets and count.</say></misconception>')
    for number in range(n_items):
        names = {"number": number, "skill": SKILLS[number % 20], "other": SKILLS[(number + 1) % 20],
                 "misconception": number % MISCONCEPTIONS, "difficulty": round(rng.gauss(0, 0.8), 2)}
        second = _SECOND.format(**names) if number % 2 else ""
        lines.append(_ITEM.format(**names, second=second))
    return "\n".join([*lines, "</adaptive_problem_set>"])


def learner_state(document: Document, usage: str, course: str, now: int) -> dict[str, Any]:
    """The stored values of a learner with 1,000 pieces of evidence, a fifth of them in the block `usage`."""
    rng = random.Random(7)
    blocks = [digest_key(usage), *(digest_key(f"another block, {number}") for number in range(BLOCKS - 1))]
    items = [item.id for item in document.items.values() if item.skills[0] in PRACTISED]
    own, pieces, details = [], [], {}
    for number in range(PIECES):
        item = rng.choice(items)
        skill = document.items[item].skills[0]
        piece = Evidence(
            time=now - 60 * DAY + number * DAY // 20 + rng.randrange(DAY // 30), block=blocks[number % BLOCKS],
            submission=rng.getrandbits(32), serving=number // BLOCKS + 1, step=0, variant=rng.getrandbits(32),
            kind=Kind((skill,), (int(rng.random() < PRACTISED[skill]), 1), (rng.choice((0, 0, 0, 1)), 3),
                      rng.choice((0, 0, 4)), round(document.items[item].difficulty * 100)),
        )
        pieces.append(piece)
        if piece.block == blocks[0]:
            own.append(piece)
            details[piece.submission] = Detail(
                item, "sum", f"{rng.getrandbits(32):08x}", rng.getrandbits(31), "numeric",
                misconception=rng.choice(("", "", f"m{rng.randrange(MISCONCEPTIONS)}")),
                response_time=rng.randrange(90_000), policy="adaptive", propensity=0.25, parameters="0f3a77c1")
    record = CourseRecord(used=pieces[-1].time, epochs={block: Epoch(1, True) for block in blocks},
                          pieces=frozenset(pieces),
                          basis={skill: Basis(now - 60 * DAY, 0.3, 0.95) for skill in PRACTISED})
    record = replace(record, declarations=frozenset(
        Declaration(skill, now - DAY, 0.95, "0f3a77c1", blocks[0], 1)
        for skill, state in record.fold().items() if meets_mastery(state)))
    return {
        "evidence_log": EvidenceLog(1, tuple(sorted(own)), details).to_json(),
        "adaptive_xblocks_record": LearnerRecord().with_course(digest_key(course), record).to_json(),
        "practice": _practice(items, rng).to_json(),
    }


def _practice(items: list[str], rng: random.Random) -> Practice:
    n_done = PIECES // BLOCKS
    done = rng.sample(items, n_done)
    return Practice(
        serving=n_done, n_done=n_done, served={item: (1, number) for number, item in enumerate(done, 1)},
        solved=tuple(done[:150]), last_items=tuple(done[-8:]), last_skills=tuple(rng.sample(SKILLS, 8)),
        submissions=tuple(f"{rng.getrandbits(128):032x}" for _ in range(24)),
        misconceptions={f"m{number}": number % 4 + 1 for number in range(MISCONCEPTIONS)},
    )


def laid_aside(practice: Practice) -> dict[str, Any]:
    """The stored practice with nothing in the learner's hand."""
    return replace(practice, item="", steps={}, done=False, end="").to_json()


def in_hand(practice: Mapping[str, Any], document: Document, turn: int) -> dict[str, Any]:
    """The stored practice with another item, and other numbers, in the learner's hand at every turn."""
    item = document.items[f"i{turn * 7 % len(document.items)}"]
    seed = digest32(f"turn {turn}") >> 1
    choice = {"skill": item.skills[0], "rule": "largest-gain", "reason": {"p_known": 0.42}, "policy": "adaptive",
              "propensity": 0.25, "runners_up": ["i1", "i2", "i3"]}
    return replace(Practice.from_json(practice), item=item.id, item_version=item.version, seed=seed, choice=choice,
                   steps={}, done=False).to_json()
