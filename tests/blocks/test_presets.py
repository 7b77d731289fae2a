"""The author's presets, each played through the handlers to a named end."""

import json

import pytest

from adaptive_xblocks.demo.player import right_responses
from adaptive_xblocks.evidence_log import EvidenceLog
from adaptive_xblocks.problem_set_run import Run
from adaptive_xblocks.tutoring.practice import Practice
from tests.blocks.conftest import COUNT, problem_set

EXAMPLE = """<item id="look" title="Look" format="worked-example"><prompt>Look: 1, 2, 3.</prompt>
  <step id="s1" skills="count"><prompt>What comes after 3?</prompt><numeric answer="4"/>
  <hint>Count.</hint><hint bottom_out="true">4</hint></step></item>"""
#: The first of these is just right for a newcomer; one is much easier, one much harder.
SPREAD = "".join(COUNT.format(n=n, difficulty=difficulty) for n, difficulty in ((7, -1.3), (8, -5), (9, 3)))
GUIDED = """<item id="guided" title="Step by step" format="tutor">
  <step id="s1" skills="count"><prompt>How many: 1?</prompt>
  <numeric answer="1"/><hint>GUIDE-ONE</hint><hint bottom_out="true">1</hint></step>
  <step id="s2" skills="count"><prompt>And 1, 2?</prompt><numeric answer="2"/><hint>GUIDE-TWO</hint>
  <hint bottom_out="true">2</hint></step></item>"""


def deep(n_skills=4, settings='policy="accelerate"', n_items=4):
    """A chain of skills, each with some problems that vary."""
    parts = []
    for number in range(n_skills):
        requires = f' requires="k{number - 1}"' if number else ""
        parts.append(f'<skill id="k{number}" name="Skill {number}"{requires}/>')
    for number in range(n_skills):
        for n in range(n_items):
            parts.append(
                f'<item id="k{number}-{n}" title="K{number} {n}" difficulty="{n / 10}">'
                f'<variable name="a" values="2..9"/>'
                f'<step id="s1" skills="k{number}"><prompt>Type {{@a@}}.</prompt><numeric answer="a"/>'
                f'<wrong answer="a + 1"><say>ONE-TOO-MANY</say></wrong><hint>H</hint>'
                f'<hint bottom_out="true">{{@a@}}</hint></step></item>')
    return f'<adaptive_problem_set schema="1" {settings}>{"".join(parts)}</adaptive_problem_set>'


def fail_item(player):
    """A wrong answer first, then the right one, on every step of the item in hand."""
    while (step := player.step) is not None and not player.practice.done:
        player.answer({one.id: "1000" for one in step.inputs})
        if not player.practice.done and player.step == step:
            player.answer(right_responses(player.variant, step))


def to_the_end(player, most=60):
    """Right answers until an end; the rules by which items came."""
    rules = []
    for _number in range(most):
        if player.practice.end:
            break
        rules.append(player.practice.choice["rule"])
        player.finish_item()
        player.next()
    return rules


def events(published, verb):
    """The payloads of one event, in order."""
    return [data for name, data in published if name == f"edx.adaptive_xblocks.{verb}"]


@pytest.mark.parametrize("policy, end", [
    ("support", "mastered"), ("standard", "mastered"), ("adaptive", "mastered"), ("accelerate", "mastered"),
    ("choice", "mastered"), ("fixed-order", "finished")])
def test_every_preset_leads_to_a_named_end(play, published, policy, end):
    """Whoever answers rightly comes to the end of each preset, with the full grade."""
    player = play(problem_set(settings=f'policy="{policy}"'))
    player.open()
    to_the_end(player)
    assert player.practice.end == end
    assert [data["value"] for name, data in published if name == "grade"][-1] == 1.0


def test_support_goes_by_small_steps_with_help_on_the_table(play):
    """The easier one of a pair comes first, help is offered before the first try, an example after one failure."""
    pair = COUNT.format(n=7, difficulty=-1).replace("<item ", '<item easier="count-8" ') + COUNT.format(
        n=8, difficulty=2)
    player = play(problem_set(n_count=0, n_sum=0, settings='policy="support"', extra=pair + EXAMPLE))
    player.open()
    assert (player.practice.item, player.practice.choice["rule"]) == ("count-8", "smaller-step")
    assert "Take a hint before you answer" in player.send("state")["html"]
    fail_item(player)
    player.next()
    assert (player.practice.item, player.practice.choice["rule"]) == ("look", "other-format")


def test_a_probe_places_who_knows_the_topic(play, published):
    """At most eight problems, each skill declared without the usual practice, told to the learner and to staff."""
    player = play(deep())
    player.open()
    assert "A few problems to find your place" in player.send("state")["html"]
    rules = to_the_end(player)
    n_probe = rules.count("probe")
    assert rules[:n_probe] == ["probe"] * n_probe and n_probe <= 8 and len(rules) <= 8
    assert player.practice.end == "mastered" and player.practice.placed
    assert {piece.kind.mode for piece in player.block.evidence_log.pieces[:n_probe]} == {"probe"}
    assert [data["skill"] for data in events(published, "skill.placed")] == ["k0", "k1", "k2", "k3"]
    assert events(published, "skill.mastered") == []
    assert [data["value"] for name, data in published if name == "grade"][-1] == 1.0
    course = Run(player.block).session.course
    assert course.placed() == {"k0", "k1", "k2", "k3"} == course.mastered()
    html = player.send("state")["html"]
    assert "Known from the start" in html and "Worth another look" not in html


def test_a_missed_answer_in_a_probe_is_no_failure(play):
    """One answer ends a step of the probe, is not called wrong, and brings neither remedy nor an easier problem."""
    player = play(deep())
    player.open()
    html = player.answer({"answer": "1000"})["html"]
    assert player.practice.done and "Not yet" not in html and "We will come back to this." in html
    practice = player.practice
    assert (practice.failures, practice.last_failed, practice.failed_skills) == (0, "", ())
    player.next()
    assert player.practice.choice["rule"] == "probe"


def test_who_knows_nothing_is_placed_at_the_start(play):
    """Wrong answers end the probe early, declare nothing, and practice begins with the first skill."""
    player = play(deep())
    player.open()
    while not player.practice.placed:
        assert player.practice.probed <= 8
        fail_item(player)
        player.next()
    assert Run(player.block).session.course.declarations == frozenset()
    assert player.practice.choice["skill"] == "k0" and player.practice.choice["rule"] == "largest-gain"


def test_a_helped_answer_in_a_probe_says_nothing(play):
    """Who takes a hint in every problem of the probe is placed nowhere, right as the answers are."""
    player = play(deep())
    player.open()
    for _number in range(8):
        assert player.practice.choice["rule"] == "probe"
        player.hint()
        player.finish_item()
        player.next()
    assert player.practice.placed and Run(player.block).session.course.mastered() == set()


def test_what_is_too_hard_in_a_probe_is_not_asked_again(play):
    """Skipped as too hard, a skill and what builds on it are left out of the probe, without any evidence."""
    player = play(deep())
    player.open()
    hard = player.practice.choice["skill"]
    player.send("skip", serving=player.practice.serving, reason="too-hard")
    while player.practice.choice["rule"] == "probe":
        assert player.practice.choice["skill"] < hard
        player.finish_item()
        player.next()
    assert all(piece.kind.skills[0] < hard for piece in player.block.evidence_log.pieces)


def test_a_learner_under_way_is_not_probed(play):
    """An author who turns to `accelerate` later sends nobody back to a probe."""
    player = play(deep(settings=""))
    player.open()
    player.finish_item()
    block = player.block
    block.content = deep()
    block.save()
    player.next()
    assert player.practice.choice["rule"] != "probe" and not player.practice.probed


def test_placing_is_made_up_for_when_it_was_lost(play):
    """Where another request has set the place back to the last problem of the probe, what was declared is again."""
    player = play(deep())
    player.open()
    before = None
    while not player.practice.placed:
        before = player.practice, player.block.evidence_log
        player.finish_item()
        if not player.practice.placed:
            player.next()
    block = player.block
    declared = {fact.skill for fact in block.evidence_log.declarations}
    assert declared
    block.practice, block.evidence_log = before
    block.save()
    player.send("state")
    assert {fact.skill for fact in player.block.evidence_log.declarations} == declared
    player.next()
    assert player.practice.placed and Run(player.block).session.course.placed() == declared


def test_the_receipt_of_the_last_answer_carries_the_placing(play):
    """A learner whose record and state were both overwritten is placed by the receipt that the browser kept."""
    player = play(deep())
    player.open()
    while not player.practice.placed:
        before = player.block.practice, player.block.evidence_log, player.block.adaptive_xblocks_record
        reply = player.answer(right_responses(player.variant, player.step))
        if not player.practice.placed:
            player.next()
    block = player.block
    declared = block.evidence_log.declarations
    block.practice, block.evidence_log, block.adaptive_xblocks_record = before
    block.save()
    assert not player.block.evidence_log.declarations
    player.send("state", receipts=[one["token"] for one in reply["receipts"]])
    assert player.block.evidence_log.declarations == declared


def test_placing_is_stored_beside_practised_mastery():
    """A placed declaration keeps its mark in storage; others are stored as they always were."""
    from adaptive_xblocks.evidence_facts import Declaration

    plain, placed = Declaration("a", 1, 0.95, "v", "b", 1), Declaration("c", 1, 0.95, "v", "b", 1, placed=True)
    stored = json.loads(json.dumps(EvidenceLog(declarations=frozenset([plain, placed])).to_json()))
    assert stored["declared"] == [["a", 1, 0.95, "v", "b", 1], ["c", 1, 0.95, "v", "b", 1, True]]
    assert EvidenceLog.from_json(stored).declarations == {plain, placed}


def test_choice_offers_others_before_and_after(play, published):
    """Under `choice` up to three other problems are offered before the first try and after the problem."""
    player = play(problem_set(settings='policy="choice"'))
    player.open()
    html = player.send("state")["html"]
    assert html.count('data-ax-act="choose"') == 3 and "Pick one for me" not in html
    first, wanted = player.practice.item, player.practice.choice["runners_up"][1]
    player.send("next", serving=player.practice.serving, item=wanted)
    practice = player.practice
    assert (practice.item, practice.choice["rule"], practice.serving) == (wanted, "own-choice", 2)
    assert first not in practice.served and first in practice.choice["runners_up"]
    assert events(published, "item.skipped")[-1]["reason"] == "own-choice"
    assert player.block.evidence_log.pieces == ()
    player.send("next", serving=2, item=first)
    assert player.practice.item == first
    player.finish_item()
    html = player.send("state")["html"]
    assert 1 <= html.count('data-ax-act="choose"') <= 3 and "Pick one for me" in html and "<details open>" in html


def test_only_what_is_offered_can_be_chosen(play):
    """An item that is not among the runners-up, or that comes after the first try, is not served."""
    player = play(problem_set(settings='policy="choice"'))
    player.open()
    in_hand = player.practice.item
    for wanted in ("sum-1", in_hand, "nothing", 7, ["count-1"], None):
        player.send("next", serving=player.practice.serving, item=wanted)
        assert (player.practice.item, player.practice.serving) == (in_hand, 1)
    player.answer({"answer": "1000"})
    assert 'data-ax-act="choose"' not in player.send("state")["html"]
    player.send("next", serving=1, item=player.practice.choice["runners_up"][0])
    assert player.practice.item == in_hand


@pytest.mark.parametrize("settings", ["", 'policy="fixed-order" choice="true"'])
def test_without_the_authors_leave_nothing_is_offered(play, settings):
    """Neither by default nor in fixed order can a learner choose."""
    player = play(problem_set(settings=settings))
    player.open()
    assert 'data-ax-act="choose"' not in player.send("state")["html"]
    wanted = next(iter(player.practice.choice["runners_up"]), "count-2")
    player.send("next", serving=1, item=wanted)
    assert player.practice.serving == 1


def test_the_older_attribute_still_lets_learners_choose(play):
    """`choice="true"` offers the same beside any other policy."""
    player = play(problem_set(settings='choice="true" policy="support"'))
    player.open()
    assert player.send("state")["html"].count('data-ax-act="choose"') == 3


def test_repeated_failure_brings_other_formats(play):
    """A second failure brings the worked example, a further one the guided problem, whose help is open at once."""
    player = play(problem_set(extra=EXAMPLE + GUIDED + SPREAD, settings='min_evidence="5"'))
    player.open()
    seen = []
    for _number in range(5):
        fail_item(player)
        player.next()
        seen.append((player.practice.item, player.practice.choice["rule"]))
        if seen[-1][0] == "look":
            player.finish_item()
            player.next()
        if seen[-1][0] == "guided":
            assert "Take a hint before you answer" in player.send("state")["html"]
            break
    rules = [rule for _item, rule in seen]
    assert rules[0] == "easier-after-error" and rules[1] == "other-format" and rules[-1] == "guided"
    assert seen[-1][0] == "guided" and len(seen) == 3


@pytest.mark.parametrize("reason, relation", [("too-easy", "harder"), ("too-hard", "easier")])
def test_a_skip_says_where_to_go(play, published, reason, relation):
    """Too easy brings something harder of the same skill, too hard something easier; neither is evidence."""
    player = play(problem_set(extra=SPREAD))
    player.open()
    item = player.block.document.items[player.practice.item]
    player.send("skip", serving=1, reason=reason)
    after = player.block.document.items[player.practice.item]
    assert player.practice.choice["rule"] == f"{relation}-after-skip"
    assert (after.difficulty > item.difficulty) == (relation == "harder") and after.skills == item.skills
    assert player.block.evidence_log.pieces == () and player.practice.failures == 0
    assert events(published, "item.skipped")[-1]["reason"] == reason


def test_staff_hear_of_a_broken_problem(play, published):
    """The reason "broken" goes out with the item's id, and says nothing about the learner's next problem."""
    player = play(problem_set())
    player.open()
    item = player.practice.item
    player.send("skip", serving=1, reason="broken")
    assert events(published, "item.skipped") == [
        {"schema_version": 1, "item": item, "serving": 1, "reason": "broken"}]
    assert player.practice.choice["rule"] == "largest-gain"


def test_a_place_from_before_the_presets_is_read():
    """A stored place without the newer fields loads with their defaults; broken newer fields start anew."""
    old = {"schema": 1, "serving": 3, "item": "count-1", "item_version": "x", "seed": 4, "skipped": ["count-2"]}
    practice = Practice.from_json(old)
    assert (practice.serving, practice.skip_reason, practice.too_hard, practice.probed, practice.placed) == (
        3, "", (), 0, False)
    broken = Practice.from_json({**old, "probed": -1, "placed": "yes", "skip_reason": 5, "too_hard": 7})
    assert broken == practice
