"""`adaptive-xblocks doctor` says what works and what to type, changes nothing and shows no secret."""

import json
from collections import Counter
from importlib.metadata import EntryPoint
from pathlib import Path
from types import SimpleNamespace

import pytest

from adaptive_xblocks.cli import packages, site
from adaptive_xblocks.cli.doctor import examine
from adaptive_xblocks.cli.findings import OK, PROBLEM, WARNING, guarded, told, within
from adaptive_xblocks.cli.place import Place, find_place, platform_findings
from tests.cli.conftest import ROOT

DEMO = "adaptive_xblocks.demo.settings"
TUTOR_LMS = Place("lms", in_tutor=True)
PLAIN_LMS = Place("lms")
SECRET = "hunter2-never-shown"


def levels(found):
    """Subject to level."""
    return {one.subject: one.level for one in found}


def one_of(found, subject):
    """The finding about something."""
    return next(one for one in found if one.subject == subject)


def settings_of(**values):
    """Settings as the looks see them."""
    return SimpleNamespace(**{"DEBUG": False, "STATIC_ROOT": None, **values})


def test_without_settings_the_package_itself_is_examined(command):
    """No site, no settings: the package is looked at, the site is named as not looked at, and nothing fails."""
    run = command("doctor")
    assert (run.returncode, run.stderr) == (0, "")
    assert "No LMS, Studio or workbench is set up here" in run.stdout
    assert "problem " not in run.stdout
    assert run.stdout.splitlines()[-1].startswith(("Everything that was looked at works.", "0 problems, "))


def test_the_json_has_every_finding(command, tmp_path):
    """`--json` gives the place, the sums and each finding with what to type."""
    environ = {"DJANGO_SETTINGS_MODULE": DEMO, "ADAPTIVE_XBLOCKS_DEMO_DIR": str(tmp_path / "data")}
    run = command("doctor", "--json", environ=environ)
    data = json.loads(run.stdout)
    assert run.returncode == 0
    by_level = Counter(one["level"] for one in data["findings"])
    assert (data["platform"], data["problems"], data["warnings"]) == ("workbench", 0, by_level["warning"])
    assert all(set(one) == {"level", "subject", "says", "next"} for one in data["findings"])
    database = next(one for one in data["findings"] if one["subject"] == "Database")
    assert (database["level"], database["next"]) == ("warning", ["adaptive-xblocks demo"])


def test_nothing_is_changed(command, tmp_path):
    """Not even the folder or the database that the settings name comes into being."""
    environ = {"DJANGO_SETTINGS_MODULE": DEMO, "ADAPTIVE_XBLOCKS_DEMO_DIR": str(tmp_path / "data")}
    before = sorted(tmp_path.rglob("*"))
    command("doctor", environ=environ)
    assert sorted(tmp_path.rglob("*")) == before


def test_settings_that_cannot_be_imported_are_a_problem(command, tmp_path):
    """Settings that fail are told by the error's class, and so is a module that is missing."""
    (tmp_path / "broken.py").write_text(f"raise ValueError('{SECRET}')")
    for module, said in (("broken", "(ValueError)"), ("missing.settings", "No module named 'missing'")):
        environ = {"DJANGO_SETTINGS_MODULE": module, "PYTHONPATH": f"{ROOT}:{tmp_path}"}
        run = command("doctor", environ=environ | {"COLUMNS": "200"})
        assert run.returncode == 1
        assert said in run.stdout
        assert SECRET not in run.stdout + run.stderr


def test_no_secret_is_shown(command, tmp_path):
    """Passwords in the settings of cache and database and the secret key appear nowhere, whatever fails."""
    (tmp_path / "site_settings.py").write_text(f"""
print("{SECRET}")
SECRET_KEY = "{SECRET}"
STATIC_ROOT = "/nowhere"
XBLOCK_SETTINGS = {{"adaptive_xblocks": {{"person": "{SECRET}", "lock": "{SECRET}"}}}}
CACHES = {{"default": {{"BACKEND": "django.core.cache.backends.redis.RedisCache",
                       "LOCATION": "redis://:{SECRET}@127.0.0.1:1/0"}}}}
DATABASES = {{"default": {{"ENGINE": "django.db.backends.mysql", "NAME": "x", "USER": "u", "PASSWORD": "{SECRET}",
                          "HOST": "127.0.0.1", "PORT": 1}}}}
""")
    environ = {"DJANGO_SETTINGS_MODULE": "site_settings", "PYTHONPATH": f"{ROOT}:{tmp_path}"}
    run = command("doctor", "--json", environ=environ)
    found = {one["subject"]: one["level"] for one in json.loads(run.stdout)["findings"]}
    assert run.returncode == 1
    assert SECRET not in run.stdout
    assert {found[name] for name in ("Static files", "Database")} == {"problem"}
    assert {found[name] for name in ("person", "lock", "Cache")} == {"warning"}


def test_the_tests_own_site_works(workbench):
    """In the settings of the tests everything is in order, but that xblock-sdk brings a second web-fragments."""
    found = examine(Place("workbench"), {"DJANGO_SETTINGS_MODULE": "tests.settings"})
    assert [one for one in found if one.level != OK and one.subject != "web-fragments"] == []
    names = {"Python", "XBlock", "Django", "lxml", "numpy", "nh3", "adaptive_problem_set", "Database"}
    assert names <= set(levels(found))


def test_tutors_container_is_known_by_its_folder(tmp_path):
    """Below /openedx/edx-platform one is in Tutor's image; the settings say whether it is the LMS or Studio."""
    (tmp_path / "openedx" / "edx-platform").mkdir(parents=True)
    lms = find_place({"DJANGO_SETTINGS_MODULE": "lms.envs.tutor.production"}, tmp_path, tmp_path)
    studio = find_place({"DJANGO_SETTINGS_MODULE": "cms.envs.tutor.production"}, tmp_path, tmp_path)
    bare = find_place({"SERVICE_VARIANT": "cms"}, tmp_path, tmp_path)
    assert (lms.name, studio.name, bare.name) == ("tutor-lms", "tutor-cms", "tutor-cms")
    assert "tutor local run cms adaptive-xblocks doctor" in platform_findings(lms)[0].says
    (line,) = lms.again()
    assert line == "DJANGO_SETTINGS_MODULE=lms.envs.tutor.production SERVICE_VARIANT=lms adaptive-xblocks doctor"


def test_in_tutor_one_mends_with_tutors_commands():
    """What is missing goes into Tutor's image; elsewhere pip and manage.py do it."""
    assert TUTOR_LMS.install("lxml>=5") == (
        "tutor config save --append 'OPENEDX_EXTRA_PIP_REQUIREMENTS=lxml>=5'", "tutor images build openedx",
        "tutor local reboot -d")
    assert TUTOR_LMS.collect() == ("tutor images build openedx", "tutor local reboot -d")
    assert "openedx-common-settings" in TUTOR_LMS.set('X = "y"')[0]
    assert PLAIN_LMS.install()[0].endswith("-m pip install 'adaptive-xblocks'")
    assert PLAIN_LMS.collect() == ("./manage.py lms collectstatic --noinput",)


@pytest.mark.parametrize("config, level", [
    ("OPENEDX_EXTRA_PIP_REQUIREMENTS:\n- adaptive-xblocks\nX: 1\n", OK),
    ("OPENEDX_EXTRA_PIP_REQUIREMENTS:\n  - other\n  - git+https://example.org/Adaptive_XBlocks.git\n", OK),
    ("OPENEDX_EXTRA_PIP_REQUIREMENTS: [other, adaptive-xblocks==1]\n", OK),
    ("OPENEDX_EXTRA_PIP_REQUIREMENTS:\n- other\nNOTE: adaptive-xblocks\n", PROBLEM),
    ("OPENEDX_EXTRA_PIP_REQUIREMENTS:\n# - adaptive-xblocks\n- other # adaptive-xblocks\n", PROBLEM),
    ("", PROBLEM),
])
def test_the_machine_of_a_tutor_site_is_asked_for_its_image(command, tmp_path, config, level):
    """Beside Tutor the doctor looks whether the image is built with the package, and shows nothing of the file."""
    folder = tmp_path / "tutor"
    folder.mkdir()
    (folder / "config.yml").write_text(f"MYSQL_ROOT_PASSWORD: {SECRET}\n{config}")
    run = command("doctor", "--json", environ={"TUTOR_ROOT": str(folder)})
    data = json.loads(run.stdout)
    finding = data["findings"][0]
    assert (data["platform"], finding["level"], run.returncode) == ("tutor-host", level, int(level == PROBLEM))
    assert SECRET not in run.stdout
    assert finding["next"][0] == {
        OK: "tutor local run lms adaptive-xblocks doctor",
        PROBLEM: "tutor config save --append 'OPENEDX_EXTRA_PIP_REQUIREMENTS=adaptive-xblocks'"}[level]


@pytest.mark.parametrize("number, level", [
    ("3.10.14", PROBLEM), ("3.11.9", OK), ("3.12.0", OK), ("3.13.1", WARNING), ("3.9.1", PROBLEM)])
def test_the_interpreter_is_one_that_is_tried(number, level):
    """Older than the tests run on does not work, newer was not tried."""
    assert packages.python_finding(PLAIN_LMS, number).level == level


@pytest.mark.parametrize("found, clauses, level", [
    ("5.2.1", ">=4.2", OK), ("4.1", ">=4.2", PROBLEM), ("4.2", ">=4.2", OK), ("5.10", ">=5.9", OK),
    ("6.0rc1", ">=4.2", WARNING), ("80.9", ">=70.1,<81", OK), ("81", ">=70.1,<81", PROBLEM), (None, ">=4.2", PROBLEM)])
def test_versions_are_measured_by_what_is_supported(monkeypatch, found, clauses, level):
    """A version below the bound or a missing package is a problem, one above what was tried a warning."""
    def version(name):
        if found is None:
            raise packages.PackageNotFoundError(name)
        return found

    monkeypatch.setattr(packages, "version", version)
    if clauses.endswith("81"):
        monkeypatch.setattr(packages, "NOT_TRIED", {})
    finding = packages.requirement_finding(TUTOR_LMS, "Django", clauses)
    assert finding.level == level
    assert bool(finding.next) is (level != OK)


def test_what_is_supported_is_what_is_tested():
    """The interpreters are those of tox, the bounds above those of setup.py where it has any."""
    tox, setup = (ROOT / "tox.ini").read_text(), (ROOT / "setup.py").read_text()
    assert all(f"py{major}{minor}" in tox for major, minor in packages.PYTHONS)
    assert f"XBlock[django]>=6,<{packages.NOT_TRIED['XBlock']}" in tox
    assert f'"Django>=4.2,<{packages.NOT_TRIED["Django"]}"' in setup


def announce(monkeypatch, *points):
    """Have these entry points `(name, value, group)` be all that are installed."""
    made = [EntryPoint(*point) for point in points]
    monkeypatch.setattr(packages, "entry_points", lambda group: [one for one in made if one.group == group])


def test_a_block_is_found_alone_and_importable(monkeypatch):
    """A block that is not announced, is announced twice, or cannot be imported is a problem with a remedy."""
    ours = ("adaptive_problem_set", "adaptive_xblocks.problem_set:AdaptiveProblemSetBlock", "xblock.v1")
    cases = {
        OK: [ours], PROBLEM: [], "rival": [ours, ("adaptive_problem_set", "other.block:Block", "xblock.v1")],
        "broken": [("adaptive_problem_set", "adaptive_xblocks.nothing:Block", "xblock.v1")],
    }
    for case, points in cases.items():
        announce(monkeypatch, *points)
        (finding,) = packages.block_findings(PLAIN_LMS)
        assert (finding.level == OK, bool(finding.next)) == (case == OK, case != OK)


def test_answer_types_and_policies_of_others_are_loaded(monkeypatch):
    """A plug-in that cannot be loaded is a problem that names it."""
    from adaptive_xblocks.tutoring.answers import BrokenAnswerType

    announce(monkeypatch, ("drawing", "other:Drawing", packages.ANSWER_TYPES), ("odd", "other:odd", packages.POLICIES))

    def broken(tag):
        raise BrokenAnswerType("The answer type cannot be loaded.") from ImportError("No module named 'other'")

    monkeypatch.setattr("adaptive_xblocks.tutoring.answers.answer_type", broken)
    (kind,), (policy,) = packages.answer_type_findings(), packages.policy_findings()
    assert (kind.level, policy.level) == (PROBLEM, PROBLEM)
    assert "No module named 'other'" in kind.says


def test_two_owners_of_web_fragments_are_told(monkeypatch):
    """Where XBlock contains web_fragments, a package of that name beside it is a warning with the way out."""
    monkeypatch.setattr(packages, "version", lambda name: {"web-fragments": "4.0.0", "XBlock": "6.3.0"}[name])
    monkeypatch.setattr(packages, "_files_of", lambda name: [Path("web_fragments/fragment.py")])
    (finding,) = packages.web_fragments_findings()
    assert finding.level == WARNING
    assert finding.next[0].endswith("pip uninstall -y web-fragments")


def test_missing_files_and_catalogues_are_told(monkeypatch, tmp_path):
    """A package without its data does not work; a catalogue without its compiled form is not shown."""
    catalogue = tmp_path / "translations" / "fr" / "LC_MESSAGES" / "text.po"
    catalogue.parent.mkdir(parents=True)
    catalogue.touch()
    monkeypatch.setattr(packages, "files", lambda package: tmp_path)
    (data,), (translations,) = packages.data_findings(PLAIN_LMS), packages.translation_findings(PLAIN_LMS)
    assert (data.level, translations.level) == (PROBLEM, WARNING)
    assert "default_content.xml" in data.says
    assert "fr" in translations.says


def test_static_files_are_compared_with_the_package(tmp_path):
    """Files that were never collected, or before an upgrade, are a problem; with DEBUG none are needed."""
    settings = settings_of(STATIC_ROOT=str(tmp_path))
    (never,) = site.static_findings(TUTOR_LMS, settings)
    for name, content in site.public_files():
        path = tmp_path / site.COLLECTED / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    (all_there,) = site.static_findings(TUTOR_LMS, settings)
    path.write_bytes(b"old")
    (older,) = site.static_findings(TUTOR_LMS, settings)
    assert (never.level, all_there.level, older.level) == (PROBLEM, OK, PROBLEM)
    assert never.next == TUTOR_LMS.collect()
    (debugging,) = site.static_findings(TUTOR_LMS, settings_of(STATIC_ROOT="/nowhere", DEBUG=True))
    assert debugging.level == OK


@pytest.mark.parametrize("bucket, expected", [
    ({}, {"person": OK}),
    ({"person": "https://example.org"}, {"person": OK}),
    ({"person": "example.org"}, {"person": WARNING}),
    ({"person": "javascript:alert(1)"}, {"person": WARNING}),
    ({"lock": False}, {"person": OK, "lock": OK}),
    ({"lock": "no"}, {"person": OK, "lock": WARNING}),
    ({"persn": 1}, {"Operator settings": WARNING, "person": OK}),
    ([], {"Operator settings": PROBLEM}),
])
def test_the_operators_settings_are_sane(bucket, expected):
    """A setting that would not be used is told, its value is not."""
    found = list(site.bucket_findings(PLAIN_LMS, settings_of(XBLOCK_SETTINGS={"adaptive_xblocks": bucket})))
    assert levels(found) == expected


def test_settings_that_are_no_dictionary_are_told():
    """XBLOCK_SETTINGS itself may be wrong, or missing, which is fine."""
    assert levels(site.bucket_findings(PLAIN_LMS, settings_of(XBLOCK_SETTINGS=None))) == {"Operator settings": PROBLEM}
    assert levels(site.bucket_findings(PLAIN_LMS, settings_of())) == {"person": OK}


@pytest.mark.parametrize("backend, service, level", [
    ("django.core.cache.backends.locmem.LocMemCache", "lms", WARNING),
    ("django.core.cache.backends.dummy.DummyCache", "lms", WARNING),
    ("django_redis.cache.RedisCache", "lms", OK),
    ("django.core.cache.backends.locmem.LocMemCache", "cms", OK),
])
def test_only_a_shared_cache_can_hold_the_lock(backend, service, level):
    """On the LMS a cache of one process is told; elsewhere the lock is not used."""
    settings = settings_of(CACHES={"default": {"BACKEND": backend}})
    assert [one.level for one in site.cache_findings(Place(service), settings)] == [level]


def test_a_cache_that_fails_is_told(monkeypatch):
    """An error of the cache's server is a problem where the lock is used."""
    class Broken:
        def get(self, key):
            raise ConnectionError(f"redis://:{SECRET}@cache")

    monkeypatch.setattr("django.core.cache.cache", Broken())
    settings = settings_of(CACHES={"default": {"BACKEND": "x.RedisCache"}})
    (finding,) = site.cache_findings(TUTOR_LMS, settings)
    assert (finding.level, SECRET in finding.says) == (PROBLEM, False)


def test_a_look_that_fails_hides_no_other():
    """An error of a look is a warning in its place."""
    def look():
        raise RuntimeError(SECRET)

    (finding,) = guarded("Something", look)
    assert (finding.level, finding.says) == (WARNING, "It could not be looked at (RuntimeError).")


@pytest.mark.parametrize("error, expected", [
    (ValueError(SECRET), "ValueError"), (OSError(2002, SECRET), "OSError 2002"),
    (ImportError("No module named 'x'"), "ImportError: No module named 'x'")])
def test_only_imports_are_quoted(error, expected):
    """Of an error its class and number are told; what it says may hold a password."""
    assert told(error) == expected


def test_an_answer_is_not_waited_for_without_end():
    """What does not answer in time is an error."""
    import threading

    with pytest.raises(TimeoutError):
        within(0.05, threading.Event().wait)
    assert within(5, lambda: 7) == 7
