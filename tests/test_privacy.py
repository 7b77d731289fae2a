"""docs/privacy.md is the truth: every field, every key of the file, every event, every number in it is the code's."""

import json
import re
from dataclasses import fields
from importlib.metadata import entry_points
from pathlib import Path

import pytest
from xblock.fields import UserScope

from adaptive_xblocks import events, evidence_log, learner_record, retirement
from adaptive_xblocks.course_record import CourseRecord, Definition, Epoch, Folded, Override
from adaptive_xblocks.evidence import MODES, Evidence, Kind, digest_key
from adaptive_xblocks.evidence_facts import Basis, Declaration
from adaptive_xblocks.evidence_log import Detail, EvidenceLog
from adaptive_xblocks.learner_record import LearnerRecord
from adaptive_xblocks.record_export import Stored, export
from adaptive_xblocks.record_resets import Resets
from adaptive_xblocks.tutoring import practising
from adaptive_xblocks.tutoring.practice import Practice, StepWork

ROOT = Path(__file__).resolve().parent.parent
PAGE = (ROOT / "docs" / "privacy.md").read_text(encoding="utf-8")
CLASSES = [one.load() for one in entry_points(group="xblock.v1") if one.value.startswith("adaptive_xblocks.")]
#: Under these keys come ids that people made up, not keys of the format.
BY_ID = {"steps", "responses", "served", "misconceptions", "meters", "rated", "parameters", "reason"}


def section(title):
    """The text below a heading, up to the next one of its level or above."""
    level, start = re.search(rf"^(#+) {re.escape(title)}$", PAGE, re.MULTILINE).group(1), PAGE.index(f"# {title}\n")
    rest = PAGE[start + len(title) + 3:]
    end = re.search(rf"^#{{1,{len(level)}}} ", rest, re.MULTILINE)
    return rest[:end.start()] if end else rest


def learners_fields(block_class):
    """Name and scope of the fields of a block that hold something of a learner."""
    return {
        (name, field.scope.name) for name, field in block_class.fields.items()
        if getattr(field.scope, "user", UserScope.NONE) is not UserScope.NONE
    }


def keys_of(value):
    """Every key of the format in a value."""
    if isinstance(value, list):
        return set().union(*map(keys_of, value))
    if not isinstance(value, dict):
        return set()
    inner = set().union(*(keys_of(one) for key, one in value.items() if key not in BY_ID), set())
    steps = [work for work in value.get("steps", {}).values() if isinstance(work, dict)]
    return {*value, *inner}.union(*(set(work) for work in steps))


def everything():
    """A file in which every key stands: each stored value differs from what it begins with."""
    piece = Evidence(5, digest_key("block"), 1, 1, 0, 1, Kind(("add",), (1, 1)))
    fact, basis = Declaration("add", 5, 0.95, "v", piece.block, 1), {"add": Basis(5, 0.3, 0.95)}
    course = CourseRecord(
        used=5, epochs={piece.block: Epoch()}, pieces=[piece], declarations=frozenset([fact]), basis=basis,
        overrides=frozenset([Override(6, "1", "add", "exempt")]),
        definitions={"add": Definition("2026", "b", (("prior", 0.4),))}, folded=Folded(1, (("sub", 0.5, 2, 1, "v"),)))
    log = EvidenceLog(1, [piece], {1: Detail("i", "s", "v", 7, "numeric")}, frozenset([fact]), basis)
    work = {one.name: "" for one in fields(StepWork)}
    place = {**{one.name: "" for one in fields(Practice)}, "schema": 1, "done": True, "steps": {"s": work}}
    place["choice"] = dict.fromkeys(("skill", "rule", "reason", "policy", "propensity", "runners_up"))
    record = LearnerRecord().with_course(digest_key("course"), course)
    return export(Stored("course", "block", record, Resets(), log, place, {}), 9)


def test_the_blocks_are_found():
    """There is at least the problem set; other tests of this file go over all of them."""
    assert "AdaptiveProblemSetBlock" in [one.__name__ for one in CLASSES]


@pytest.mark.parametrize("block_class", CLASSES, ids=lambda one: one.__name__)
def test_every_field_of_a_learner_is_in_the_inventory(block_class):
    """A field that holds something of a learner has its row, with its scope and all seven columns filled in."""
    rows = [
        [cell.strip() for cell in row.strip("|").split("|")]
        for row in re.findall(r"^\| `.*$", section("What is stored"), re.MULTILINE)
    ]
    assert all(len(row) == 7 and all(row) for row in rows)
    told = {(row[0].strip("`"), row[1]) for row in rows}
    assert learners_fields(block_class) <= told


def test_the_inventory_tells_of_nothing_that_is_not_there():
    """Each row of the inventory is a field of a block."""
    told = set(re.findall(r"^\| `(\w+)` \|", section("What is stored"), re.MULTILINE))
    assert told == {name for block_class in CLASSES for name, _scope in learners_fields(block_class)}


def test_every_key_of_the_file_is_explained():
    """No key of the file goes without a word, and none is explained that is not there."""
    told = section("The file")
    names = set(re.findall(r"`([a-z_]+)`", told))
    keys = keys_of(json.loads(json.dumps(everything())))
    assert keys <= names
    first_cells = "".join(re.findall(r"^\| (`[^|]+) \|", told, re.MULTILINE))
    assert set(re.findall(r"`([a-z_]+)`", first_cells)) <= keys


def test_every_event_is_in_the_table():
    """The table of events names exactly those that are published."""
    assert set(re.findall(r"^\| `(edx[\w.]+)` \|", section("Events"), re.MULTILINE)) == set(events.EVENTS)


def test_the_numbers_are_those_of_the_code():
    """Bounds and times on the page are those in force."""
    outbox = (ROOT / "adaptive_xblocks" / "static" / "public" / "js" / "outbox.js").read_text(encoding="utf-8")
    assert f"at most {evidence_log.MOST_CHARACTERS // 1024} KB" in PAGE
    assert f"above {learner_record.MOST_CHARACTERS // 1024} KB" in PAGE
    assert f"cut at {practising.MOST_KEPT} characters" in PAGE
    assert f"ids of the last {practising.RECENT_SUBMISSIONS} answers" in PAGE
    assert practising.RECENT_ITEMS == 8 and "the last eight of each" in PAGE
    assert evidence_log.MOST_RESPONSE_TIME == 30 * 60 * 1000 and "at most 30\nminutes" in PAGE
    assert re.search(r"MAX_RECEIPTS = (\d+)", outbox).group(1) == "50" and "at most 50 **receipts**" in PAGE
    assert re.search(r"HOLD = (\d+)", outbox).group(1) == "120000" and "two\nminutes after it" in PAGE
    assert {f"`{mode}`" for mode in MODES} <= set(re.findall(r"`[\w-]+`", section("Evidence")))


def test_what_removes_a_record_is_named():
    """The page names the function, and the fields that it removes are the shared ones."""
    shared = {name for one in CLASSES for name, scope in learners_fields(one) if scope == "user_info"}
    assert set(retirement.SHARED_FIELDS) == shared
    assert "adaptive_xblocks.retirement.remove_shared_record" in section("When a person leaves")
    types = {one.name for one in entry_points(group="xblock.v1") if one.load() in CLASSES}
    assert types <= set(re.findall(r'"(\w+)"', section("When a person leaves")))
