"""The demo stands in for the LMS: its services and its pages behave as the blocks will find them there."""

import re
from html import unescape
from types import SimpleNamespace

import pytest
from django.utils import translation
from workbench.scenarios import get_scenarios

from adaptive_xblocks.demo import services
from adaptive_xblocks.demo.__main__ import parse
from adaptive_xblocks.demo.people import PEOPLE
from tools.translations import mirrored


def user_named(name):
    """The user that the demo's service gives for `?student=name`."""
    service = services.DemoUserService()
    service.runtime = SimpleNamespace(user_id=name)
    return service.get_current_user()


@pytest.mark.parametrize("name, is_authenticated, is_staff, role", [
    ("ada", True, False, "student"),
    ("staff", True, True, "staff"),
    ("anonymous", False, False, "student"),
])
def test_the_address_says_who_is_there(name, is_authenticated, is_staff, role):
    """A name is a learner; `staff` is course staff and `anonymous` nobody in particular."""
    attributes = user_named(name).opt_attrs
    assert attributes["edx-platform.is_authenticated"] is is_authenticated
    assert attributes["edx-platform.user_is_staff"] is is_staff
    assert attributes["edx-platform.user_role"] == role


def test_a_visitor_has_no_name():
    """Nothing identifies somebody who is not signed in."""
    visitor = user_named("anonymous")
    assert visitor.full_name is None
    assert visitor.opt_attrs["edx-platform.user_id"] is None


def test_a_bundled_catalogue_translates(tmp_path, monkeypatch):
    """The i18n service answers from `translations/<locale>/LC_MESSAGES/text.mo` of the language in force."""
    from babel.messages.catalog import Catalog
    from babel.messages.mofile import write_mo

    folder = tmp_path / "translations" / "es_419" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    catalogue = Catalog("es")
    catalogue.add("Check", "Comprobar")
    with (folder / "text.mo").open("wb") as file:
        write_mo(file, catalogue)
    monkeypatch.setattr(services, "files", lambda package: tmp_path)
    services.bundled_catalogue.cache_clear()
    with translation.override("es-419"):
        translated = services.BundledI18nService().gettext("Check")
    services.bundled_catalogue.cache_clear()
    assert translated == "Comprobar"


def test_without_a_catalogue_the_english_stays():
    """A language that nobody translated yet shows the source text and breaks nothing."""
    with translation.override("fr"):
        service = services.BundledI18nService()
        assert service.ngettext("%d problem", "%d problems", 2) == "%d problems"


def test_the_i18n_service_offers_what_django_does():
    """Names that a catalogue lacks are Django's, as in the workbench."""
    with translation.override("ar"):
        assert services.BundledI18nService().get_language_bidi() is True


def test_the_index_names_everybody(client):
    """The index links each scenario for each person."""
    text = client.get("/").content.decode()
    assert all(f"?student={person.student_id}" in text for person in PEOPLE)


def test_the_index_says_what_to_try(client):
    """Its first list leads to a newcomer, to the learners with a past, to the tour and to the source of a topic."""
    ways = re.search(r"<ol.*?</ol>", client.get("/").content.decode(), re.DOTALL)[0]
    links = re.findall(r'href="([^"]*)"', ways)
    opened = [re.fullmatch(r"/learn/([\w.]+)/\?student=(\w+)(&view=studio_view)?", unescape(link)) for link in links]
    assert {one[1] for one in opened} <= set(get_scenarios())
    assert [one[2] for one in opened] == ["newcomer", "ben", "ada", "newcomer", "staff"] and opened[-1][3]


def test_an_unknown_scenario_is_not_found(client):
    """A wrong address answers 404, not an error page."""
    assert client.get("/learn/nothing.9/").status_code == 404


def test_a_language_stays_chosen(client, learner):
    """A language given once holds for the requests after it."""
    address = "/learn/adaptive_problem_set.0/"
    client.get(address, {"student": learner, "language": "ar"})
    assert '<html lang="ar" dir="rtl">' in client.get(address, {"student": learner}).content.decode()


def test_the_page_can_be_shown_right_to_left_in_no_language(client, learner):
    """`rtl`, the dummy that runs from right to left, turns the page and all sentences, in later requests too."""
    address = "/learn/adaptive_problem_set.0/"
    client.get(address, {"student": learner, "language": "rtl"})
    page = client.get(address, {"student": learner}).content.decode()
    assert '<html lang="ar" dir="rtl">' in page
    assert mirrored("Skip for now") in page and "Skip for now" not in page


def test_an_unknown_language_changes_nothing(client, learner):
    """A language that is not offered is ignored."""
    page = client.get("/learn/adaptive_problem_set.0/", {"student": learner, "language": "xx"}).content.decode()
    assert '<html lang="en" dir="ltr">' in page


def test_a_learner_id_cannot_break_out_of_the_page(client):
    """What stands in the address is escaped where the page repeats it."""
    page = client.get("/learn/adaptive_problem_set.0/", {"student": '";alert(1)//</script>'}).content.decode()
    line = next(line for line in page.splitlines() if "var studentId" in line)
    assert line.count('"') == 2
    assert "</script>" not in line


def test_the_command_line_has_defaults():
    """Without options the demo seeds and listens on 8000."""
    options = parse([])
    assert (options.port, options.no_seed, options.fresh) == (8000, False, False)
