"""What is installed: versions, the blocks' entry points, the package's files, what other packages add."""

from __future__ import annotations

import platform
import re
import sys
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, PackagePath, distribution, entry_points, version
from importlib.resources import files

import adaptive_xblocks
from adaptive_xblocks.cli.findings import OK, PROBLEM, WARNING, Finding, guarded, told
from adaptive_xblocks.cli.place import PACKAGE, Place

#: The Python versions that the tests run on, and the first major or minor version of a package that they do not.
PYTHONS = ((3, 11), (3, 12))
NOT_TRIED = {"Django": "6", "XBlock": "7", "lxml": "7", "numpy": "3", "nh3": "1"}
BLOCKS, ANSWER_TYPES, POLICIES = "xblock.v1", "adaptive_xblocks.answer_types", "adaptive_xblocks.policies"
MODULE = "adaptive_xblocks"
#: What the package cannot do without, beside its modules: one file of each kind.
NEEDED = ("templates/default_content.xml", "templates/problem_set/page.html", "static/public/js/adaptive_xblocks.js",
          "static/public/css/adaptive_xblocks.css", "translations/en/LC_MESSAGES/text.po",
          "workbench_scenarios/adding_fractions.xml")
_REQUIREMENT = re.compile(r"^([\w.-]+)\s*(?:\[[^]]*\])?\s*\(?([^;)]*)\)?\s*(;.*)?$")
_CLAUSE = re.compile(r"(>=|<)\s*([\w.]+)")


def package_findings(place: Place) -> list[Finding]:
    """Everything about what is installed, the interpreter first."""
    return [
        python_finding(place),
        *guarded("Version", version_findings, place),
        *guarded("Requirements", requirement_findings, place),
        *guarded("web-fragments", web_fragments_findings),
        *guarded("Blocks", block_findings, place),
        *guarded("Package files", data_findings, place),
        *guarded("Translations", translation_findings, place),
        *guarded("Answer types", answer_type_findings),
        *guarded("Policies", policy_findings),
    ]


def python_finding(place: Place, number: str = platform.python_version()) -> Finding:
    """Is the interpreter one of those that the tests run on?"""
    running = _numbers(number)[:2]
    known = " and ".join(".".join(map(str, one)) for one in PYTHONS)
    if running in PYTHONS:
        return Finding(OK, "Python", f"{number}; {known} are supported.")
    if running < PYTHONS[0]:
        return Finding(PROBLEM, "Python", f"{number} is too old: {known} are supported.",
                       ("tutor images build openedx",) if place.in_tutor else ("python3.12 -m venv venv",))
    return Finding(WARNING, "Python", f"{number} is newer than what was tried: {known} are supported.")


def version_findings(place: Place) -> Iterator[Finding]:
    """Is the code that runs the package that is installed?"""
    try:
        installed = version(PACKAGE)
    except PackageNotFoundError:
        yield Finding(PROBLEM, PACKAGE, "It can be imported but is not installed, so that no platform finds its "
                      "blocks.", place.install())
        return
    running = adaptive_xblocks.__version__
    if installed != running:
        yield Finding(WARNING, PACKAGE, f"Version {running} runs, but {installed} is what was installed: another copy "
                      "lies before it on the path, or an upgrade is half done.", place.install())
    else:
        yield Finding(OK, PACKAGE, f"Version {running} is installed.")


def requirement_findings(place: Place) -> Iterator[Finding]:
    """Each package that ours requires: is it there, and in a version that fits?"""
    try:
        requires = distribution(PACKAGE).requires or []
    except PackageNotFoundError:
        return
    for text in sorted(requires, key=str.lower):
        match = _REQUIREMENT.match(text)
        if match and not match.group(3):  # what holds only sometimes is looked at by itself
            yield requirement_finding(place, match.group(1), match.group(2))


def requirement_finding(place: Place, name: str, clauses: str) -> Finding:
    """One required package, e.g. `requirement_finding(place, "lxml", ">=5")`."""
    wanted = f"{name}{clauses.replace(' ', '')}"
    try:
        found = version(name)
    except PackageNotFoundError:
        return Finding(PROBLEM, name, f"It is missing; {wanted} is needed.", place.install(wanted))
    bounds = _CLAUSE.findall(clauses)
    if not all(_fits(found, sign, bound) for sign, bound in bounds):
        return Finding(PROBLEM, name, f"{found} does not fit; {wanted} is needed.", place.install(wanted))
    newest = NOT_TRIED.get(name)
    if newest and not _fits(found, "<", newest):
        return Finding(WARNING, name, f"{found} is newer than what was tried (below {newest}).",
                       place.install(f"{wanted},<{newest}"))
    return Finding(OK, name, f"{found} fits{f' ({wanted})' if bounds else ''}.")


def _fits(found: str, sign: str, bound: str) -> bool:
    have, limit = _numbers(found), _numbers(bound)
    size = max(len(have), len(limit))
    have, limit = have + (0,) * (size - len(have)), limit + (0,) * (size - len(limit))
    return have >= limit if sign == ">=" else have < limit


def _numbers(text: str) -> tuple[int, ...]:
    """The release in a version: `5.2.1rc1+local` as (5, 2, 1)."""
    return tuple(map(int, re.match(r"[\d.]*", text).group().strip(".").split("."))) if text[:1].isdigit() else (0,)


def web_fragments_findings() -> Iterator[Finding]:
    """From 6.2 on XBlock brings web_fragments itself: a package of that name beside it owns the same files."""
    try:
        single = version("web-fragments")
    except PackageNotFoundError:
        yield from _fragments_of_xblock()
        return
    if any(path.parts[0] == "web_fragments" for path in _files_of("XBlock")):
        number = version("XBlock")
        yield Finding(WARNING, "web-fragments", f"web-fragments {single} and XBlock {number} own the same files: "
                      "removing or upgrading one breaks the other.",
                      (f"{sys.executable} -m pip uninstall -y web-fragments",
                       f"{sys.executable} -m pip install --force-reinstall --no-deps 'XBlock=={number}'"))
    else:
        yield Finding(OK, "web-fragments", f"{single}; this XBlock needs it.")


def _fragments_of_xblock() -> Iterator[Finding]:
    try:
        import web_fragments.fragment  # noqa: F401
    except ImportError:
        yield Finding(PROBLEM, "web-fragments", "It is missing, and this XBlock does not contain it.",
                      (f"{sys.executable} -m pip install web-fragments",))
    else:
        yield Finding(OK, "web-fragments", "XBlock brings it.")


def block_findings(place: Place) -> Iterator[Finding]:
    """Are our blocks announced to the platform, alone under their names, and can each be imported?"""
    announced = list(entry_points(group=BLOCKS))
    ours = sorted({point for point in announced if point.module.split(".")[0] == MODULE}, key=lambda one: one.name)
    if not ours:
        yield Finding(PROBLEM, "Blocks", "No block of this suite is announced, so that no platform finds one.",
                      place.install())
    for point in ours:
        rivals = sorted({one.value for one in announced if one.name == point.name} - {point.value})
        if rivals:
            yield Finding(PROBLEM, point.name, f"Another package brings a block of that name ({', '.join(rivals)}): "
                          "the platform loads neither.", ("pip list | grep -i xblock",))
            continue
        try:
            block = point.load()
        except Exception as error:  # whatever its dependencies raise when they are imported
            yield Finding(PROBLEM, point.name, f"The block cannot be imported ({told(error)}).", place.install())
        else:
            yield Finding(OK, point.name, f"The block is found and can be imported ({block.__name__}).")


def data_findings(place: Place) -> Iterator[Finding]:
    """Are the files there that the package brings beside its modules?"""
    root = files(MODULE)
    missing = [name for name in NEEDED if not (root / name).is_file()]
    listed = [path for path in _files_of(PACKAGE) if path.parts[0] == MODULE]
    missing += [path.as_posix() for path in listed if path.suffix != ".pyc" and not path.locate().is_file()]
    if missing:
        shown = ", ".join(missing[:3]) + (" and others" if len(missing) > 3 else "")
        yield Finding(PROBLEM, "Package files", f"{len(missing)} missing: {shown}.",
                      place.install() if place.in_tutor else
                      (f"{sys.executable} -m pip install --force-reinstall --no-deps {PACKAGE}",))
    else:
        yield Finding(OK, "Package files", "Templates, static files, translations and scenarios are there.")


def _files_of(name: str) -> list[PackagePath]:
    """The files of a distribution; none if it is not installed or does not say."""
    try:
        return distribution(name).files or []
    except PackageNotFoundError:
        return []


def translation_findings(place: Place) -> Iterator[Finding]:
    """Has every catalogue its compiled form, which is what the platform reads?"""
    source, languages, bare = "en", [], []
    for folder in sorted((files(MODULE) / "translations").iterdir(), key=lambda one: one.name):
        catalogue = folder / "LC_MESSAGES" / "text.po"
        if folder.is_dir() and folder.name != source and catalogue.is_file():
            (languages if (folder / "LC_MESSAGES" / "text.mo").is_file() else bare).append(folder.name)
    if bare:
        yield Finding(WARNING, "Translations", f"Not compiled, so that English is shown: {', '.join(bare)}.",
                      place.install())
    else:
        yield Finding(OK, "Translations", f"Compiled: {', '.join(languages) or 'none but English'}.")


def answer_type_findings() -> Iterator[Finding]:
    """Can the answer types be loaded that other packages add?"""
    from adaptive_xblocks.tutoring.answers import BrokenAnswerType, answer_type

    names = sorted({point.name for point in entry_points(group=ANSWER_TYPES)})
    for name in names:
        try:
            answer_type(name)
        except BrokenAnswerType as error:
            cause = told(error.__cause__) if error.__cause__ else "it is no AnswerType"
            yield Finding(PROBLEM, f"<{name}>", f"The answer type cannot be used ({cause}): items with it are left "
                          "out. Repair or remove its package.", ("pip list",))
        else:
            yield Finding(OK, f"<{name}>", "The answer type of another package can be loaded.")
    if not names:
        yield Finding(OK, "Answer types", "Those of this package; no other package adds one.")


def policy_findings() -> Iterator[Finding]:
    """Can the policies be loaded that other packages add?"""
    from adaptive_xblocks.tutoring.policies import BUILT_IN, find_policy

    names = sorted({point.name for point in entry_points(group=POLICIES)} - set(BUILT_IN))
    for name in names:
        _policy, fault = find_policy(name)
        if fault:
            yield Finding(PROBLEM, name, "The policy cannot be loaded: sets that name it choose adaptively instead. "
                          "Repair or remove its package.", ("pip list",))
        else:
            yield Finding(OK, name, "The policy of another package can be loaded.")
    if not names:
        yield Finding(OK, "Policies", "Those of this package; no other package adds one.")
