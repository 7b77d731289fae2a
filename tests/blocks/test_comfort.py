"""Was it helpful? Plants in the place of meters, a pause: what of it the server keeps, and to whom it shows it."""

import json

import pytest
from workbench.models import XBlockState
from workbench.runtime import WorkbenchRuntime

from adaptive_xblocks import platform_services
from adaptive_xblocks.platform_services import Viewer
from adaptive_xblocks.tutoring.practice import Practice
from tests.blocks.conftest import post, problem_set

RATED = "edx.adaptive_xblocks.help.rated"


@pytest.fixture
def helped(play):
    """A learner who has taken the first hint."""
    player = play()
    player.open()
    player.hint()
    return player


def rate(player, helpful=True, **changes):
    """What the page sends for the hint that was taken, changed; the raw response."""
    return post(player, "rate", {"serving": 1, "step": "s1", "help": "h1", "helpful": helpful, **changes})


def page_of(player):
    """The whole page of the learner."""
    return player.client.get(f"/learn/{player.scenario_id}/", {"student": player.student_id}).content.decode()


def ratings(published):
    """What was published of ratings."""
    return [data for name, data in published if name == RATED]


def play_to_the_end(player):
    """Right answers until an end."""
    player.open()
    while not player.practice.end:
        player.finish_item()
        player.next()


def test_a_hint_is_rated(helped, published):
    """The answer is published with the piece it is about, and the page says thank you from then on."""
    assert "Was this helpful?" in page_of(helped)
    reply = rate(helped).json()
    data, = ratings(published)
    assert data == {"schema_version": 1, "item": helped.practice.item, "step": "s1", "help": "h1", "serving": 1,
                    "end": "", "round": 1, "helpful": True}
    assert reply["announce"] == "Thank you. That helps to make this better."
    assert f'id="{reply["focus"]}"' in reply["html"] and reply["focus"].endswith("/yes")
    assert "Thank you." in page_of(helped)


def test_a_rating_can_be_changed_and_is_counted_once(helped, published):
    """The same answer again says nothing new; the other one does, and is what is kept."""
    for helpful in (True, True, False, False):
        rate(helped, helpful)
    assert [data["helpful"] for data in ratings(published)] == [True, False]
    assert helped.practice.rated == {"s1/h1": False}


def test_a_rating_is_no_evidence(helped, published):
    """Evidence, grade, and what the learner sees of their skills are as before."""
    before = helped.practice
    rate(helped)
    assert helped.block.evidence_log.pieces == ()
    assert {name for name, _data in published} == {RATED}
    after = helped.practice
    assert {name: getattr(after, name) for name in before.__dataclass_fields__ if name != "rated"} == {
        name: getattr(before, name) for name in before.__dataclass_fields__ if name != "rated"}


def test_the_next_problem_begins_without_ratings(helped):
    """There is one answer for a piece of help and serving."""
    rate(helped)
    helped.finish_item()
    helped.next()
    assert helped.practice.rated == {}


@pytest.mark.parametrize("changes", [
    {"help": "h2"}, {"help": "h3"}, {"help": ""}, {"help": "nothing"}, {"step": "s2"}, {"step": ""}, {"serving": 2},
    {"serving": None}, {"serving": "1"}, {"end": "mastered"}, {"end": "\u202e"}, {"help": "h1\x00"},
])
def test_only_what_was_shown_can_be_rated(helped, published, changes):
    """Help that was not shown yet, another problem, an end that was not reached: nothing is kept or published."""
    assert rate(helped, **changes).status_code == 200
    assert helped.practice.rated == {}
    assert ratings(published) == []


@pytest.mark.parametrize("changes", [
    {"helpful": None}, {"helpful": 1}, {"helpful": "true"}, {"helpful": []}, {"step": 7}, {"step": None},
    {"help": ["h1"]}, {"help": {}}, {"end": 1}, {"end": "x" * 201}, {"help": "x" * 60_000},
])
def test_what_is_no_rating_is_refused(helped, changes):
    """Values of another type or size are refused with a sentence."""
    response = rate(helped, **changes)
    assert response.status_code == 400
    assert response.json()["error"].endswith(".")
    assert helped.practice.rated == {}


def test_an_end_is_rated(play, published):
    """The end that was reached can be rated too; another one cannot."""
    player = play(problem_set(3, 0))
    play_to_the_end(player)
    end = player.practice.end
    assert "Was this helpful?" in page_of(player)
    published.clear()
    rate(player, False, end="needs_a_person" if end == "mastered" else "mastered")
    assert ratings(published) == []
    reply = rate(player, False, end=end).json()
    data, = ratings(published)
    assert (data["end"], data["round"], data["help"], data["helpful"]) == (end, 1, "", False)
    assert f'id="{reply["focus"]}"' in reply["html"]
    assert "Thank you." in page_of(player)
    assert player.practice.end == end


@pytest.mark.parametrize("unsaved", ["anonymous", "masquerade", "preview", "crawler"])
def test_who_leaves_nothing_behind_is_not_asked(helped, published, monkeypatch, unsaved):
    """Visitors, the preview, staff who look on: no question on the page, no pause, and a rating is not kept."""
    stored = [(row.scope_id, row.state) for row in XBlockState.objects.filter(user_id=helped.student_id)]
    monkeypatch.setattr(platform_services, "viewer", lambda block: Viewer(unsaved=unsaved))
    rate(helped)
    assert ratings(published) == []
    assert [(row.scope_id, row.state) for row in XBlockState.objects.filter(user_id=helped.student_id)] == stored
    assert "Was this helpful?" not in page_of(helped)


def test_ratings_of_any_age_load():
    """What is stored otherwise, or not at all, is a practice without ratings."""
    for stored in ({}, {"rated": None}, {"rated": {"a/b": 1}}, {"rated": [True]}, {"rated": {"a/b": "yes"}}):
        assert Practice.from_json({"schema": 1, **stored}).rated == {}
    kept = Practice.from_json(json.loads(json.dumps(Practice(rated={"a/b": False}).to_json())))
    assert kept.rated == {"a/b": False}


def test_plants_take_the_place_of_meters(play):
    """With `progress="pictures"` each skill has a plant and its words; there are no meters and no percentages."""
    player = play(problem_set(settings='progress="pictures"'))
    player.open()
    assert page_of(player).count('class="ax-plants"') == 2
    player.finish_item()
    page = page_of(player)
    assert page.count('class="ax-plants"') == 2 and "ax-p-stem" in page
    assert "ax-meter" not in page and "In numbers" not in page
    assert "Not started" in page or "After “" in page


def test_a_plant_grows_in_five_stages(play):
    """Seed without evidence, flower once mastered, three stages between, in the order of the meter."""
    from adaptive_xblocks.problem_set_skills import plants

    drawn = plants(play().block)
    assert len(drawn) == 11
    assert list(dict.fromkeys(drawn)) == [drawn[0], drawn[1], drawn[4], drawn[7], drawn[10]]
    assert drawn[1:4] == [drawn[1]] * 3 and drawn[4:7] == [drawn[4]] * 3 and drawn[7:10] == [drawn[7]] * 3


@pytest.mark.parametrize("settings, minutes", [
    ("", None), ('pause="15"', "15"), ('pause="0.5"', None), ('pause="121"', None), ('pause="never"', None),
    ('pause="1e1"', "10"),
])
def test_a_pause_is_on_the_page_only_where_the_author_wants_one(play, settings, minutes):
    """Its minutes are those of the author; without them, or with nonsense, there is none."""
    player = play(problem_set(settings=settings))
    page = page_of(player)
    assert ("data-ax-pause" in page) is (minutes is not None)
    assert minutes is None or f'data-ax-pause="{minutes}"' in page


def test_a_pause_is_not_for_the_preview(play, monkeypatch):
    """An author who looks at the block in Studio is not sent away from it."""
    player = play(problem_set(settings='pause="15"'))
    monkeypatch.setattr(WorkbenchRuntime, "is_author_mode", True, raising=False)
    assert "data-ax-pause" not in page_of(player)
