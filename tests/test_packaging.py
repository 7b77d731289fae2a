"""What an operator installs is what was tested: wheel, sdist, `pip install .` and `-e .` carry every file."""

import json
import shutil
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

from tests.clean_environment import CleanEnvironment

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "adaptive_xblocks"
LINKED = ("static", "translations", "workbench_scenarios")
FOLDERS = ("templates", *LINKED)
NOT_SOURCE = shutil.ignore_patterns(
    ".git", ".venv*", ".tox", "node_modules", "var", "build", "dist", "*.egg-info", "__pycache__", "*.pyc",
    ".*_cache", ".hypothesis", "test-results",
)
LIST_FILES = """
from importlib.resources import files
root = files("adaptive_xblocks")
found = (path for name in {folders} for path in (root / name).rglob("*") if path.is_file())
print(*sorted(str(path.relative_to(root)) for path in found), sep="\\n")
"""


def data_files() -> list[str]:
    """Every data file of the checkout, relative to the package."""
    found = (path for name in FOLDERS for path in (PACKAGE / name).rglob("*"))
    return sorted(path.relative_to(PACKAGE).as_posix() for path in found if path.is_file())


@pytest.fixture(scope="module")
def checkout(tmp_path_factory) -> Path:
    """A copy of the checkout without anything that git ignores."""
    copy = tmp_path_factory.mktemp("checkout") / "source"
    shutil.copytree(ROOT, copy, symlinks=True, ignore=NOT_SOURCE)
    return copy


@pytest.fixture(scope="module")
def distributions(checkout, tmp_path_factory) -> dict[str, Path]:
    """The sdist, and the wheel built from it."""
    folder = tmp_path_factory.mktemp("dist")
    command = [sys.executable, "-m", "build", "--no-isolation", "--outdir", str(folder), str(checkout)]
    run = subprocess.run(command, capture_output=True, text=True, timeout=240, check=False)
    assert run.returncode == 0, run.stdout[-2000:] + run.stderr[-2000:]
    return {"wheel": next(folder.glob("*.whl")), "sdist": next(folder.glob("*.tar.gz"))}


@pytest.fixture(scope="module")
def installed(distributions, tmp_path_factory) -> dict:
    """What the probe found in an environment that holds the wheel and its declared dependencies only."""
    environment = CleanEnvironment(tmp_path_factory.mktemp("wheel"))
    environment.install(str(distributions["wheel"]))
    probe = Path(__file__).with_name("installed_probe.py").read_text(encoding="utf-8")
    return json.loads(environment.run(probe).splitlines()[-1])


def test_the_wheel_carries_every_data_file(installed):
    """Every template, asset, catalogue and scenario has its twin in the installed package."""
    assert installed["files"] == data_files()


@pytest.mark.parametrize("folder", LINKED)
def test_the_top_level_folders_are_links_into_the_package(folder):
    """The folders that people look for at the top are the package's own, not copies."""
    assert (ROOT / folder).is_symlink()
    assert (ROOT / folder).resolve() == (PACKAGE / folder).resolve()


def test_the_wheel_opens_its_scenarios(installed):
    """In a clean environment each scenario's page answers 200 and shows the block."""
    pages = {address: page for address, page in installed["pages"].items() if "text" in page}
    assert pages, "no scenario was found"
    assert {page["status"] for page in pages.values()} == {200}
    assert all("data-block-type='adaptive_problem_set'" in page["text"] for page in pages.values())


def test_every_asset_of_a_page_is_served(installed):
    """Each script and style sheet that a page names answers 200, our own among them."""
    assets = {address: page["status"] for address, page in installed["pages"].items() if "text" not in page}
    assert set(assets.values()) == {200}, assets
    assert any(address.startswith("/resource/adaptive_problem_set/public/") for address in assets)


def test_nothing_private_is_published(installed):
    """Templates, scenarios and code, which hold answer keys, are out of reach of `open_local_resource`."""
    assert installed["secrets"] == []


def test_the_command_line_is_installed(installed):
    """The console script runs from the wheel: it knows its version, checks the scenarios, and finds all in order."""
    commands = installed["commands"]
    assert {name: run["status"] for name, run in commands.items()} == dict.fromkeys(commands, 0), commands
    assert commands["--version"]["text"].startswith("adaptive-xblocks ")


def test_only_public_assets_lie_where_the_lms_collects_them():
    """The LMS publishes the whole of `resources_dir`: it holds browser assets and nothing else."""
    from adaptive_xblocks.problem_set import AdaptiveProblemSetBlock

    assert (AdaptiveProblemSetBlock.resources_dir, AdaptiveProblemSetBlock.public_dir) == ("static", "public")
    assert [path.name for path in (PACKAGE / "static").iterdir()] == ["public"]


def test_the_wheel_holds_the_package_and_no_tests(distributions):
    """Nothing but the package and its metadata lands in site-packages."""
    with zipfile.ZipFile(distributions["wheel"]) as wheel:
        tops = {name.split("/")[0] for name in wheel.namelist()}
    assert {top for top in tops if not top.endswith(".dist-info")} == {"adaptive_xblocks"}


def test_the_sdist_is_enough_to_test_from(distributions):
    """The sdist carries tests, licence, changelog and documentation beside the package."""
    with tarfile.open(distributions["sdist"]) as sdist:
        names = {name.partition("/")[2] for name in sdist.getnames()}
    wanted = {"LICENSE", "README.md", "CHANGELOG.md", "setup.py", "tests/test_packaging.py"}
    assert wanted | {f"adaptive_xblocks/{name}" for name in data_files()} <= names


@pytest.mark.parametrize("options", [[], ["--editable"]], ids=["plain", "editable"])
def test_an_install_from_the_checkout_carries_every_data_file(checkout, tmp_path, options):
    """`pip install .` and `pip install -e .` offer the same files."""
    source = tmp_path / "source"
    shutil.copytree(checkout, source, symlinks=True)
    environment = CleanEnvironment(tmp_path)
    environment.install(*options, str(source))
    assert environment.run(LIST_FILES.format(folders=FOLDERS)).split() == data_files()
