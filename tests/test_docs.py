"""What the documents promise holds: links lead somewhere, commands exist, versions agree."""

import re
import tomllib
from pathlib import Path

import pytest

import adaptive_xblocks

ROOT = Path(__file__).resolve().parent.parent
DOCUMENTS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
LINK = re.compile(r"\]\(([^)#\s]+)(?:#[^)]*)?\)")
MAKE_TARGET = re.compile(r"^([a-z][a-z-]*):", re.MULTILINE)


def text_of(name):
    """A file of the checkout."""
    return (ROOT / name).read_text(encoding="utf-8")


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_links_lead_somewhere(document):
    """Every relative link of a document names a file or folder that exists."""
    links = {link for link in LINK.findall(document.read_text(encoding="utf-8")) if "://" not in link}
    missing = sorted(link for link in links if not (document.parent / link).exists())
    assert not missing


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_the_commands_that_documents_name_exist(document):
    """`make something` is only written where the Makefile has that target."""
    named = set(re.findall(r"(?:^|`)make ([a-z][a-z-]+)", document.read_text(encoding="utf-8"), re.MULTILINE))
    assert named <= set(MAKE_TARGET.findall(text_of("Makefile")))


def test_the_readme_fits_three_minutes():
    """A newcomer reads the README in three minutes: at most 900 words."""
    assert len(text_of("README.md").split()) <= 900


def test_the_readmes_bank_is_complete():
    """The bank in the README parses without a fault, and a learner gets its item."""
    from adaptive_xblocks.tutoring.parser import parse_document

    source = re.search(r"```xml\n(.*?)```", text_of("README.md"), re.DOTALL).group(1)
    document = parse_document(source)
    assert (document.faults, document.left_out, list(document.items)) == ((), (), ["sevenths"])


def test_every_folder_of_the_readme_exists():
    """The README's map of the repository names what is there."""
    rows = re.findall(r"^\| `([a-z_/]+)` \|", text_of("README.md"), re.MULTILINE)
    missing = [row for row in rows if "/" in row and not (ROOT / row).exists()]
    assert not missing


def test_the_changelog_knows_the_version():
    """The version in force has its heading, or is what "Unreleased" will become."""
    headings = re.findall(r"^## (.+)$", text_of("CHANGELOG.md"), re.MULTILINE)
    assert any(heading.startswith((adaptive_xblocks.__version__, "Unreleased")) for heading in headings)


def test_the_environments_of_tox_are_those_of_the_package():
    """tox tries the Python versions that the package announces, and ruff holds the oldest of them."""
    announced = set(re.findall(r"Python :: 3\.(\d+)", text_of("setup.py")))
    tried = set(re.findall(r"py3(\d+)", text_of("tox.ini")))
    target = tomllib.loads(text_of("pyproject.toml"))["tool"]["ruff"]["target-version"]
    assert announced == tried
    assert target == f"py3{min(announced)}"


def test_no_file_names_a_machine():
    """No lock file or document names a registry's host or a folder of somebody's machine."""
    lock = text_of("package-lock.json")
    assert "resolved" not in lock
    assert not re.search(r"(?m)(^|[\s\"'=])/(root|home|work)/", "".join(path.read_text() for path in DOCUMENTS) + lock)
