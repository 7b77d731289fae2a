"""What a request knows: the fields of the blocks that it was addressed to, as they were when it began."""

from tests.platform.interleaving import Between
from tests.platform.scripted import Container, Needing, Scripted


def test_a_handler_reads_each_scope_once_before_it_runs(lms, scripted, run):
    """Four scopes, four queries, all at the beginning; reading fields asks the database nothing more."""
    reply = run(lms, lms.user("ada"), scripted, *[["get", name] for name in ("a", "b", "shared", "liked", "counted")])
    assert reply.json == [0, 0, 0, 0, 0]
    assert sorted(reply.queries) == ["read preferences", "read user_info", "read user_state", "read user_state_summary"]


def test_what_others_store_meanwhile_is_not_seen(everywhere, run):
    """A request goes on with what it read when it began."""
    usage, ada = everywhere.add(Scripted, "block"), everywhere.user("ada")
    run(everywhere, ada, usage, ["set", "a", 1], ["set", "shared", 1])
    everywhere.point = Between("write user_state", lambda: run(everywhere, ada, usage, ["add", "shared", 5]))
    late = run(everywhere, ada, usage, ["set", "b", 1], ["save"], ["get", "shared"])
    assert late.json == [1]
    assert everywhere.info(ada) == {"shared": 6}


def test_children_are_read_with_their_parent(lms, run):
    """In a container's handler its children's state is there."""
    child = lms.add(Scripted, "child")
    parent, ada = lms.add(Container, "parent", children=(child,)), lms.user("ada")
    run(lms, ada, child, ["set", "a", 3])
    assert run(lms, ada, parent, ["other", str(child), [["get", "a"]]]).json == [3]


def test_in_a_childs_handler_the_parents_state_looks_empty(lms, run):
    """Nothing was read for the parent: its fields have their defaults, silently."""
    child = lms.add(Scripted, "child")
    parent, ada = lms.add(Container, "parent", children=(child,)), lms.user("ada")
    run(lms, ada, parent, ["set", "a", 3])
    assert run(lms, ada, child, ["other", str(parent), [["get", "a"]]]).json == [0]


def test_writing_a_sibling_counts_from_its_defaults(lms, scripted, run):
    """What a handler adds to a block that was not read starts at the default: the stored sum is lost."""
    other, ada = lms.add(Scripted, "other"), lms.user("ada")
    run(lms, ada, other, ["set", "a", 10], ["set", "b", 20])
    run(lms, ada, scripted, ["other", str(other), [["add", "a", 1]]])
    assert lms.state(ada, other) == {"a": 1, "b": 20}


def test_blocks_that_are_required_are_read_too(lms, scripted, run):
    """A block that names others has their state, though they are not its children."""
    ada, needing = lms.user("ada"), lms.add(Needing, "needing", fields={"needed": [str(scripted)]})
    run(lms, ada, scripted, ["set", "a", 4])
    assert run(lms, ada, needing, ["other", str(scripted), [["get", "a"]]]).json == [4]


def test_blocks_on_a_page_share_what_was_read(lms, scripted):
    """Of `user_info`, what one block of a page saves the next one sees."""
    lms.author(scripted, script=[["add", "shared", 1]])
    second = lms.add(Scripted, "second", fields={"script": [["get", "shared"]]})
    page = lms.render(lms.user("ada"), scripted, second)
    assert "[1]" in page.html
    assert page.queries.count("read user_info") == 1


def test_user_info_is_shared_over_courses_and_block_types(lms, scripted, run):
    """The bare name of the field is the key."""
    ada, other = lms.user("ada"), lms.rerun("course-v1:Demo+Adaptive+2027")
    run(lms, ada, scripted, ["set", "shared", 7])
    assert run(other, ada, other.add(Container, "elsewhere"), ["get", "shared"]).json == [7]


def test_preferences_are_shared_over_courses_within_a_block_type(lms, scripted, run):
    """Another type of block has its own."""
    ada, other = lms.user("ada"), lms.rerun("course-v1:Demo+Adaptive+2027")
    run(lms, ada, scripted, ["set", "liked", 7])
    assert run(other, ada, other.add(Scripted, "elsewhere"), ["get", "liked"]).json == [7]
    assert run(other, ada, other.add(Container, "container"), ["get", "liked"]).json == [0]


def test_the_summary_is_shared_by_all_learners_of_a_block(lms, scripted, run):
    """One value for the class."""
    run(lms, lms.user("ada"), scripted, ["add", "counted", 1])
    run(lms, lms.user("ben"), scripted, ["add", "counted", 1])
    assert run(lms, lms.user("chi"), scripted, ["get", "counted"]).json == [2]


def test_user_state_is_nobody_elses(lms, scripted, run):
    """One learner, one block, one course."""
    run(lms, lms.user("ada"), scripted, ["set", "a", 1])
    assert lms.state(lms.user("ben"), scripted) is None
    assert lms.state(lms.user("ada"), lms.add(Scripted, "other")) is None
