"""When a person leaves: what the blocks share of them goes, and nothing of anybody else."""

import sys
import uuid

import pytest

from adaptive_xblocks.retirement import SHARED_FIELDS, remove_shared_record
from tests.platform.databases import READ_COMMITTED, SQLITE, use_database
from tests.platform.lms import Lms
from tests.platform.models import XModuleStudentInfoField

CONTENT = """<adaptive_problem_set><skill id="add" name="Adding"/><item id="a"><step id="s" skills="add">
  <prompt>1 + 1</prompt><numeric answer="2"/></step></item></adaptive_problem_set>"""


def answer(lms, user):
    """Give a wrong answer to the problem in hand."""
    serving = lms.handle(user, lms.set, "state").json["state"]["serving"]
    lms.handle(user, lms.set, "answer", {
        "submission": uuid.uuid4().hex, "serving": serving, "step": "s", "responses": {"answer": "3"}})


@pytest.fixture
def tables():
    """The LMS's tables can be imported for the length of a test."""
    yield Lms(lock=True)
    Lms(lock=False)


@pytest.fixture(params=[SQLITE, READ_COMMITTED])
def lms(request, tables):
    """A site on which two learners have answered, one of whom has reset their record and has another block's field."""
    with use_database(request.param):
        tables.set = tables.add("adaptive_problem_set", "set1", olx=CONTENT)
        ada, ben = tables.user("ada"), tables.user("ben")
        answer(tables, ada), answer(tables, ben)
        tables.handle(ada, tables.set, "record_reset", {"scope": "everywhere", "confirm": True})
        answer(tables, ada)
        XModuleStudentInfoField.objects.create(student=ada, field_name="seen", value='{"x": 1}')
        yield tables


def test_the_shared_record_goes(lms):
    """Both shared rows of the learner go, and are counted; a second time there is nothing left to do."""
    ada = lms.user("ada")
    assert set(SHARED_FIELDS) < set(lms.info(ada))
    assert remove_shared_record(ada.id) == len(SHARED_FIELDS) == 2
    assert remove_shared_record(ada.id) == 0


def test_nothing_else_goes(lms):
    """Another block's field, the learner's state and grade, and everybody else's rows stay as they were."""
    ada, ben = lms.user("ada"), lms.user("ben")
    before = lms.state(ada, lms.set), lms.grade(ada, lms.set), lms.info(ben), lms.state(ben, lms.set)
    assert before[2]
    remove_shared_record(ada.id)
    assert lms.info(ada) == {"seen": {"x": 1}}
    assert (lms.state(ada, lms.set), lms.grade(ada, lms.set), lms.info(ben), lms.state(ben, lms.set)) == before


def test_a_learner_without_a_record_is_no_error(lms):
    """Somebody who never answered, or who never was, has nothing to remove."""
    assert remove_shared_record(lms.user("chi").id) == remove_shared_record(10**9) == 0


@pytest.mark.parametrize("user_id", [None, "1", "", True, 1.0, [1]])
def test_only_a_number_is_a_user(lms, user_id):
    """What is no number is refused before any row is looked at."""
    with pytest.raises(TypeError, match="the user's number is needed"):
        remove_shared_record(user_id)
    assert lms.info(lms.user("ada")) and lms.info(lms.user("ben"))


def test_outside_the_lms_it_says_where_to_call_it():
    """In Studio, the workbench or a shell of one's own the error says what is missing."""
    assert "lms" not in sys.modules
    with pytest.raises(RuntimeError, match=r"call this in the LMS \(manage.py lms shell\)"):
        remove_shared_record(1)
