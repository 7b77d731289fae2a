"""What comes after a failure or a skip, and by small steps."""

import pytest

from adaptive_xblocks.mastery import SkillState
from adaptive_xblocks.tutoring.bank import Bank
from adaptive_xblocks.tutoring.history import History
from adaptive_xblocks.tutoring.selection import is_exhausted, select
from tests.tutoring.banks import NUMBERS, document, item
from tests.tutoring.test_selection import choose

OTHERS = [item("i1", "a"), item("i2", "a", difficulty=-0.5), item("i3", "a", difficulty=0.5)]
EXAMPLES = [item(f"shown-{n}", "a", format="worked-example") for n in (1, 2)]
GUIDED = [item(f"guided-{n}", "a", format="tutor") for n in (1, 2)]


def after_failing(items, served, n_failures, **more):
    """The choice after the last of `served` was failed, with so many failures of its skill in the row."""
    times = {item_id: (1, number + 1) for number, item_id in enumerate(served)}
    more = {"failures": min(n_failures, 2), **more}
    return choose(items, served=times, serving=len(served), last_items=(served[-1],), last_failed=served[-1],
                  failed_skills=("a",) * n_failures, **more)


def test_formats_take_turns():
    """A worked example after the second failure, then a guided item, the next example, the next guided item."""
    served, rules = ["i1", "i2"], []
    for n_failures in range(2, 6):
        choice = after_failing([*OTHERS, *EXAMPLES, *GUIDED], served, n_failures)
        served.append(choice.item_id)
        rules.append(choice.rule)
    assert served[2:] == ["shown-1", "guided-1", "shown-2", "guided-2"]
    assert rules == ["other-format", "guided", "other-format", "guided"]


def test_a_format_that_is_used_up_is_not_repeated():
    """Without a fresh example or guided item the usual rules go on."""
    served = ["i1", "i2", "shown-1", "shown-2", "guided-1", "guided-2"]
    assert after_failing([*OTHERS, *EXAMPLES, *GUIDED], served, 4).rule not in ("other-format", "guided")


def test_without_examples_a_guided_item_comes_at_once():
    """A second failure brings whatever other format there is; help is offered in it from the start."""
    choice = after_failing([*OTHERS, *GUIDED], ["i1", "i2"], 2)
    assert (choice.item_id, choice.rule, choice.reason["opens_help"]) == ("guided-1", "guided", True)
    assert after_failing([*OTHERS, *GUIDED], ["i1"], 1).rule == "easier-after-error"


def test_support_changes_the_format_after_one_failure():
    """By the policy `support` a first failure is enough."""
    choice = after_failing([*OTHERS, *EXAMPLES], ["i1"], 1, policy="support")
    assert choice.rule == "other-format"


def test_guided_items_do_not_come_by_gain_while_there_are_others():
    """They are kept for those who need them, come before anything is repeated, and are no dead end."""
    items = [item("i1", "a", variables=NUMBERS), *GUIDED]
    assert choose(items).item_id == "i1"
    served = {"i1": (1, 1)}
    assert (choose(items, served=served).item_id, choose(items, served=served).rule) == ("guided-1", "guided")
    bank = Bank.of(content := document([item("i1", "a"), *GUIDED]))
    assert not is_exhausted(bank, {}, History(served))
    assert is_exhausted(bank, {}, History(dict.fromkeys(content.items, (1, 1))))


def test_guided_items_practise_what_nothing_else_does():
    """A skill with guided items alone has problems all the same."""
    assert choose(GUIDED).rule == "largest-gain"


@pytest.mark.parametrize("reason, expected, rule", [
    ("too-easy", "i3", "harder-after-skip"), ("too-hard", "i2", "easier-after-skip"),
    ("not-now", None, "largest-gain"), ("broken", None, "largest-gain")])
def test_a_skip_leads_where_its_reason_says(reason, expected, rule):
    """Too easy: something harder of the skill; too hard: something easier; else the usual rule."""
    items = [*OTHERS, item("i4", "b")]
    choice = choose(items, {"b": SkillState(0.1)}, served={"i1": (1, 1)}, skipped=frozenset({"i1"}),
                    just_skipped=("i1", reason))
    assert choice.rule == rule and (expected is None or choice.item_id == expected)


def test_a_skip_without_such_an_item_changes_nothing():
    """Where nothing fresh is harder (or easier) the usual rule goes on."""
    for skipped, reason in (("i3", "too-easy"), ("i2", "too-hard")):
        choice = choose(OTHERS, served={skipped: (1, 1)}, skipped=frozenset({skipped}), just_skipped=(skipped, reason))
        assert choice.rule == "largest-gain" and choice.item_id != skipped


def test_the_authors_easier_item_comes_after_too_hard():
    """The item named as easier is preferred to any other easier one."""
    items = [item("i1", "a", easier="simple"), item("i2", "a", difficulty=-1.0), item("simple", "a", difficulty=1.0)]
    choice = choose(items, served={"i1": (1, 1)}, skipped=frozenset({"i1"}), just_skipped=("i1", "too-hard"))
    assert (choice.item_id, choice.rule) == ("simple", "easier-after-skip")


def test_small_steps_begin_with_the_easiest_of_a_line():
    """By `support` the easier item of the easier item comes first, then the next; by `standard` none is put before."""
    items = [item("hard", "a", easier="middle"), item("middle", "a", difficulty=8.0, easier="simple"),
             item("simple", "a", difficulty=9.0)]
    first = choose(items, policy="support")
    assert (first.item_id, first.rule, first.reason["opens_help"]) == ("simple", "smaller-step", True)
    assert choose(items, policy="support", served={"simple": (1, 1)}).item_id == "middle"
    served = {"simple": (1, 1), "middle": (1, 2)}
    assert choose(items, policy="support", served=served).rule == "largest-gain"
    assert choose(items).item_id == "hard"


def test_easier_items_in_a_circle_are_no_trap():
    """Items that name each other as easier end after a few steps."""
    items = [item("i1", "a", easier="i2"), item("i2", "a", easier="i1")]
    assert select(Bank.of(document(items)), {}, History(), "support").item_id in ("i1", "i2")
