"""The problem set: what a learner does changes what comes next, and what is stored."""

import pytest

from adaptive_xblocks.demo.player import right_responses, wrong_responses
from adaptive_xblocks.problem_set_run import Run
from tests.blocks.conftest import post, problem_set
from tests.record.oracle import mastery_after


def known(player):
    """Mastery per skill as the block folds it."""
    return {skill: state.p_known for skill, state in Run(player.block).session.states.items()}


def finish_all(player, most=60):
    """Right answers until an end state."""
    for _ in range(most):
        if player.practice.end:
            return
        player.finish_item()
        player.next()


def test_the_first_view_serves_a_problem_in_reach(play):
    """A newcomer meets a problem of a skill without prerequisites, with nothing recorded yet."""
    player = play()
    player.open()
    assert player.variant.item.skills == ("count",)
    assert player.block.evidence_log.pieces == ()


def test_a_right_answer_is_evidence(play):
    """The first readable answer is one piece, in the block's log and in the shared record."""
    player = play()
    player.open()
    reply = player.answer(right_responses(player.variant, player.step))
    block = player.block
    piece, = block.evidence_log.pieces
    assert piece.kind.is_success
    assert piece in Run(block).session.course.pieces
    assert reply["state"]["done"]
    assert known(player)["count"] == pytest.approx(mastery_after(
        {}, [{"skills": ("count",), "credit": 1, "difficulty": player.variant.item.difficulty}])["count"], abs=1e-12)


def test_only_the_first_answer_on_a_step_counts(play):
    """A second try is no evidence."""
    player = play()
    player.open()
    player.answer({"answer": "100"})
    player.answer(right_responses(player.variant, player.step))
    piece, = player.block.evidence_log.pieces
    assert piece.kind.credit == (0, 1)


def test_an_answer_is_judged_once_in_a_request(play, monkeypatch):
    """The page and what is announced use the verdict that the answer got: judging some answers takes its time."""
    from adaptive_xblocks import problem_set_run
    from adaptive_xblocks.tutoring import judging, practising

    judged = []

    def judge(variant, step, responses):
        judged.append(step.id)
        return judging.judge_step(variant, step, responses)

    for module in (problem_set_run, practising):
        monkeypatch.setattr(module, "judge_step", judge)
    player = play()
    player.open()
    for typed in ("no number", "100"):
        player.answer({"answer": typed})
    assert judged == ["s1", "s1"]


def test_what_cannot_be_read_costs_nothing(play):
    """Unreadable input is no attempt and no evidence, and what was typed stays on the page."""
    player = play()
    player.open()
    reply = player.answer({"answer": "lots & lots"})
    assert player.block.evidence_log.pieces == ()
    assert player.practice.step("s1").attempts == 0
    assert "lots &amp; lots" in reply["html"]


def test_help_is_part_of_the_evidence(play):
    """A hint before the answer is recorded as the share of help seen, and the answer is no success."""
    player = play()
    player.open()
    player.hint()
    player.answer(right_responses(player.variant, player.step))
    piece, = player.block.evidence_log.pieces
    assert piece.kind.help == (1, 3)
    assert known(player)["count"] == pytest.approx(mastery_after({}, [{
        "skills": ("count",), "credit": 1, "help": 1 / 3, "difficulty": player.variant.item.difficulty,
    }])["count"], abs=1e-12)


def test_the_bottom_out_asks_first(play):
    """The hint that gives the answer is not shown without a confirmation."""
    player = play()
    player.open()
    for _ in range(3):
        reply = player.hint()
    assert "BOTTOM-OUT" not in reply["html"]
    assert len(player.practice.step("s1").shown) == 2
    reply = player.send("hint", serving=player.practice.serving, step="s1", confirm=True)
    assert "BOTTOM-OUT" in reply["html"]


def test_a_misconception_is_named_and_its_ladder_climbs(play):
    """The first time the first sentence, the next time, in another problem, the next."""
    player = play()
    player.open()
    reply = player.answer(wrong_responses(player.variant, player.step, "off-by-one"))
    assert "First say" in reply["html"]
    player.finish_item()
    player.next()
    assert player.practice.item == "count-3"  # the misconception's remediation comes next
    reply = player.answer(wrong_responses(player.variant, player.step, "off-by-one"))
    assert "Second say" in reply["html"]


def test_mastery_opens_what_depends_on_it(play):
    """The second skill's problems come once the first is mastered."""
    player = play()
    player.open()
    while not Run(player.block).session.states.get("count") or not Run(player.block).session.states["count"].mastered:
        assert player.variant.item.skills == ("count",)
        player.finish_item()
        player.next()
    assert player.variant.item.skills == ("sum",)


def test_the_set_ends_by_name_and_goes_on_if_wished(play, published):
    """Mastering everything ends the set, completes it and grades it 1; practice can go on."""
    player = play()
    player.open()
    finish_all(player)
    assert player.practice.end == "mastered"
    grades = [data for name, data in published if name == "grade"]
    assert grades[-1] == {"value": 1.0, "max_value": 1.0, "only_if_higher": True}
    assert [data for name, data in published if name == "completion"][-1] == {"completion": 1.0}
    n_done = player.practice.n_done
    player.next()
    assert player.practice.item and not player.practice.end
    player.finish_item()
    player.next()
    assert (player.practice.n_done, player.practice.end) == (n_done + 1, "")


def test_restart_keeps_mastery(play):
    """A new round makes all problems fresh; what was mastered stays mastered and servings are numbered on."""
    player = play()
    player.open()
    finish_all(player)
    before, serving = known(player), player.practice.serving
    player.send("restart")
    assert (player.practice.round, player.practice.serving) == (2, serving + 1)
    assert known(player) == before


def test_every_answer_publishes_a_grade_that_grows_with_mastery(play, published):
    """A grade between 0 and 1 is published on every answer, for the higher one to count."""
    player = play()
    player.open()
    finish_all(player)
    grades = [data["value"] for name, data in published if name == "grade"]
    assert 0 < grades[0] < 0.5
    assert grades[-1] == 1.0
    assert all(0 <= grade <= 1 for grade in grades)


def test_looking_publishes_no_grade(play, published):
    """A learner who only looks has not been graded."""
    player = play()
    player.open()
    assert not [name for name, _ in published if name in ("grade", "completion")]


def test_a_learner_who_mastered_it_elsewhere_is_graded_at_the_first_view(play, published):
    """Two sets of one course share the record: the second finds its end at the first view, and grades it."""
    two = f"<vertical_demo>{problem_set()}{problem_set()}</vertical_demo>"
    first = play(two)
    first.usage_id = first.usage_id.replace("vertical_demo", "adaptive_problem_set")
    client, student = first.client, first.student_id
    client.get(f"/scenario/{first.scenario_id}/?student={student}")
    finish_all(first)
    published.clear()
    client.get(f"/scenario/{first.scenario_id}/?student={student}")
    second = type(first)(client, first.scenario_id, student)
    second.usage_id = first.usage_id.replace(".u0", ".u1").replace(".d0", ".d1")
    second.usage_id = second.usage_id.replace(".d1.u1", ".d1.u0")
    assert second.practice.end == "mastered"
    assert ("grade", {"value": 1.0, "max_value": 1.0, "only_if_higher": True}) in published


def test_skipping_is_not_punished(play):
    """A skipped problem leaves no evidence and the next one is another."""
    player = play()
    player.open()
    item = player.practice.item
    reply = player.send("skip", serving=1, reason="too-hard")
    assert player.practice.item != item
    assert player.block.evidence_log.pieces == ()
    assert reply["focus"].endswith("-problem")


def test_a_guesser_is_told_to_ask_a_person(play):
    """Someone who never gets anything right ends with a person, not in an endless loop."""
    player = play(problem_set(3, 2, settings='person="mailto:help@example.org"'))
    player.open()
    offers = []
    for _ in range(140):
        if player.practice.end:
            break
        while (step := player.step) is not None:
            player.answer({one.id: "100" for one in step.inputs})
            player.answer(right_responses(player.variant, step))
        player.next()
        offers.append("A person can help you" in player.send("state")["html"])
    assert player.practice.end == "needs_a_person"
    assert not offers[0] and any(offers)
    assert "mailto:help@example.org" in player.send("state")["html"]


def test_tries_are_limited_where_the_author_says_so(play):
    """After the last try the step ends, and the solution is there to learn from."""
    player = play(problem_set(settings='max_attempts="2"'))
    player.open()
    assert "1 try left" in player.answer({"answer": "100"})["html"]
    reply = player.answer({"answer": "101"})
    assert reply["state"]["done"]
    assert "SOLUTION-" in reply["html"]


def test_an_early_finish_of_the_last_step_only(play):
    """A later step does not open before the one before it is right."""
    player = play(problem_set(n_count=0))
    player.open()
    reply = post(player, "answer", {
        "submission": "too-early-1", "serving": 1, "step": "s2", "responses": {"x": "1", "y": "1"}}).json()
    assert "not open any more" in reply["announce"]
    assert player.block.evidence_log.pieces == ()


def test_partial_credit_is_kept_as_a_ratio(play):
    """One of two inputs right is half the credit and no success."""
    player = play(problem_set(n_count=0))
    player.open()
    player.answer(right_responses(player.variant, player.step))
    responses = right_responses(player.variant, player.step)
    player.answer({**responses, "y": "1000"})
    assert player.block.evidence_log.pieces[-1].kind.credit == (1, 2)


def test_the_same_learner_gets_the_same_numbers_again(play):
    """A reload shows the same problem with the same numbers."""
    player = play()
    player.open()
    seed, values = player.practice.seed, player.variant.values
    player.open()
    assert (player.practice.seed, player.variant.values) == (seed, values)


def test_two_learners_do_not_share_numbers_or_state(play):
    """Another learner has a problem and a seed of their own."""
    player = play()
    player.open()
    player.finish_item()
    other = type(player)(player.client, player.scenario_id, "someone-else-entirely")
    other.open()
    assert other.block.evidence_log.pieces == ()
    assert other.practice.seed != player.practice.seed


def test_why_this_problem_is_told_after_the_answer(play):
    """The reason is one honest sentence, and comes when the problem is done."""
    player = play()
    player.open()
    assert "Why this problem?" not in player.send("state")["html"]
    player.finish_item()
    assert "Why this problem?" in player.send("state")["html"]


def test_learners_may_choose_where_the_author_allows_it(play):
    """The runners-up are offered and one of them can be had; anything else cannot."""
    player = play(problem_set(settings='choice="true"'))
    player.open()
    player.finish_item()
    offered = Run(player.block).runners_up()
    assert offered
    player.send("next", serving=player.practice.serving, item="sum-1")
    assert player.practice.item != "sum-1"
    player.finish_item()
    offered = Run(player.block).runners_up()
    player.send("next", serving=player.practice.serving, item=offered[-1])
    assert player.practice.item == offered[-1]


FIXED = """<adaptive_problem_set {settings}><skill id="s" name="S"/>
  <item id="a"><step id="s1" skills="s"><prompt>One?</prompt><numeric answer="1"/></step></item>
  <item id="b"><step id="s1" skills="s"><prompt>Two?</prompt><numeric answer="2"/>{help}</step></item>
  {extra}</adaptive_problem_set>"""


def test_the_last_fresh_problem_can_be_answered(play):
    """A problem without variables that is in hand is not used up before it is answered."""
    player = play(FIXED.format(settings="", extra="", help=""))
    player.open()
    player.finish_item()
    player.next()
    assert player.answer(right_responses(player.variant, player.step))["state"]["done"]
    assert len(player.block.evidence_log.pieces) == 2
    player.next()
    assert player.practice.end == "exhausted"


def test_practice_that_goes_on_after_exhaustion_can_still_be_mastered(play):
    """Keeping on practising ends again once there is more to say."""
    player = play(FIXED.format(settings="min_evidence=\"2\"", extra="", help=""))
    player.open()
    player.answer({"answer": "9"})
    for _ in range(12):
        if player.practice.end == "mastered":
            break
        if player.practice.end:
            player.next()
        player.finish_item()
        player.next()
    assert player.practice.end == "mastered"


def test_a_grade_by_problems_solved_counts_right_answers_only(play, published):
    """Where the author grades by problems solved, a problem given up does not count."""
    player = play(FIXED.format(settings='grade="solved" policy="fixed-order"', extra="", help=""))
    player.open()
    player.finish_item()
    player.next()
    player.send("skip", serving=2, reason="not-now")
    grades = [data["value"] for name, data in published if name == "grade"]
    assert grades[-1] == 0.5
    assert player.practice.end == "finished"


def test_an_example_without_a_question_can_be_left(play):
    """A worked example that asks nothing is read, and the next problem comes."""
    example = '<item id="c" format="worked-example"><prompt>Look.</prompt><solution>So.</solution></item>'
    player = play(FIXED.format(settings='policy="fixed-order"', extra=example, help=""))
    player.open()
    while player.practice.item != "c":
        player.finish_item()
        reply = player.next()
    assert "Look." in reply["html"] and "Next problem" in reply["html"]
    player.next()
    assert player.practice.end == "finished"


def test_a_scaffold_shows_no_place_of_an_input(play):
    """Until scaffolds can be answered here, their question reads as a sentence."""
    scaffold = '<scaffold id="k"><prompt>Half of [[input:x]]?</prompt><numeric id="x" answer="1"/></scaffold>'
    player = play(FIXED.format(settings='policy="fixed-order"', extra="", help=scaffold))
    player.open()
    player.finish_item()
    player.next()
    html = player.hint()["html"]
    assert "Half of …?" in html and "[[input" not in html


def test_a_lost_reply_is_given_again_with_its_receipt(play):
    """A client whose first reply never arrived gets the same result, message and receipt."""
    player = play()
    player.open()
    body = {"submission": "submission-1", "serving": 1, "step": "s1", "responses": {"answer": "100"}}
    first, again = (post(player, "answer", body).json() for _ in range(2))
    assert again["announce"] == first["announce"]
    assert [one["id"] for one in again["receipts"]] == ["submission-1"]
    assert again["html"] == first["html"]


def test_a_review_is_recorded_as_one(play):
    """Practice after mastery says so in its evidence."""
    player = play()
    player.open()
    finish_all(player)
    player.next()
    player.finish_item()
    assert player.block.evidence_log.pieces[-1].kind.mode == "review"


def test_meters_never_go_back(play):
    """An error after a success leaves the meter where it was and asks for another look."""
    player = play()
    player.open()
    player.finish_item()
    high = player.practice.meters["count"]
    player.next()
    player.answer({"answer": "100"})
    player.finish_item()
    assert player.practice.meters["count"] == high
    assert "Worth another look" in player.send("state")["html"]


def test_help_is_offered_after_a_streak_of_failures(play):
    """After three problems in a row that went wrong the next one is easier to enter: help is offered at once."""
    player = play()
    player.open()
    offered = []
    for _ in range(4):
        offered.append("This one may take some help" in player.send("state")["html"])
        player.answer({"answer": "100"})
        player.finish_item()
        player.next()
    assert offered == [False, False, False, True]
