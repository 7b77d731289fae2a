"""The command line as a whole: what it offers, and what it says where something is missing."""

import argparse
import json
import re
import subprocess
import sys

import pytest

import adaptive_xblocks
from adaptive_xblocks.cli.__main__ import COMMANDS, HELP, make_parser
from adaptive_xblocks.cli.findings import OK, PROBLEM, WARNING
from adaptive_xblocks.demo.__main__ import port
from tests.cli.conftest import ROOT


def test_the_version_is_told(command):
    """`--version` names program, version and interpreter."""
    run = command("--version")
    assert (run.returncode, run.stderr) == (0, "")
    assert run.stdout.startswith(f"adaptive-xblocks {adaptive_xblocks.__version__} (Python {sys.version_info[0]}.")


@pytest.mark.parametrize("arguments", [[], ["nothing"], ["check"], ["demo", "--port", "0"], ["demo", "--port", "x"]])
def test_a_wrong_line_is_explained(command, arguments):
    """A missing or unknown word ends with status 2 and the usage, not a traceback."""
    run = command(*arguments)
    assert run.returncode == 2
    assert run.stderr.startswith("usage: adaptive-xblocks")


def test_the_reference_tells_every_command_option_and_key(command, tmp_path):
    """docs/reference.md has each command with its options and what it prints for programs, and no other."""
    section = (ROOT / "docs" / "reference.md").read_text(encoding="utf-8").split("## Command line")[1].split("\n## ")[0]
    names = set(re.findall(r"`([^`\n]+)`", section))
    options = {option for name in COMMANDS for option in re.findall(r"--[a-z-]+", command(name, "--help").stdout)}
    (tmp_path / "a.xml").write_text('<adaptive_problem_set a="1"/>')
    checked = json.loads(command("check", "--json", "a.xml").stdout)
    examined = json.loads(command("doctor", "--json").stdout)
    (file,) = checked["files"]
    keys = {*checked, *file, *file["blocks"][0], *file["faults"][0], *examined, *examined["findings"][0]}
    assert options - {"--help"} == {name for name in names if name.startswith("--")}
    assert keys | {OK, WARNING, PROBLEM} <= names
    assert all(any(name.startswith(f"adaptive-xblocks {one}") for name in names) for one in COMMANDS)


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_help(command, name):
    """`COMMAND --help` says what it does."""
    run = command(name, "--help")
    assert run.returncode == 0
    assert HELP[name].split()[0] in run.stdout.lower()


def test_nothing_is_imported_before_it_is_needed():
    """The command line itself runs where nothing but Python is there, so that `doctor` can say what is missing."""
    code = ("import sys; sys.path.insert(0, sys.argv[1]); sys.argv[1:] = ['--version']; "
            "from adaptive_xblocks.cli.__main__ import main; main()")
    run = subprocess.run([sys.executable, "-I", "-S", "-c", code, str(ROOT)], capture_output=True, text=True,
                         timeout=60, check=False)
    assert (run.returncode, run.stderr) == (0, "")


@pytest.mark.parametrize("arguments, status, said", [
    (["doctor"], 1, "lxml>=5 is needed"),
    (["check", "-"], 2, "adaptive-xblocks check needs lxml"),
    (["demo"], 1, "pip install 'adaptive-xblocks[demo]'"),
])
def test_without_any_package_each_command_says_what_it_needs(arguments, status, said):
    """On a bare interpreter `doctor` tells, and the others name what is missing and what to type."""
    code = ("import sys; sys.path.insert(0, sys.argv[1]); del sys.argv[1]; "
            "from adaptive_xblocks.cli.__main__ import main; sys.exit(main())")
    run = subprocess.run([sys.executable, "-I", "-S", "-c", code, str(ROOT), *arguments], capture_output=True,
                         text=True, timeout=60, check=False, input="<a/>", env={"COLUMNS": "200"})
    assert run.returncode == status, run.stderr
    assert said in run.stdout + run.stderr
    assert "Traceback" not in run.stderr


def test_the_demo_takes_the_options_of_its_module():
    """`adaptive-xblocks demo` and `python -m adaptive_xblocks.demo` read the same options."""
    options = make_parser().parse_args(["demo", "--port", "8081", "--no-seed", "--fresh"])
    assert (options.port, options.no_seed, options.fresh) == (8081, True, True)


@pytest.mark.parametrize("text", ["0", "65536", "-1", "８０００x", "1" * 5000])
def test_only_a_port_is_a_port(text):
    """A number outside 1 to 65535 is refused with the bound."""
    with pytest.raises(argparse.ArgumentTypeError, match="1 to 65535"):
        port(text)


def test_the_demo_never_uses_a_sites_settings(monkeypatch):
    """Whatever site the environment names, the demo runs on its own database."""
    from adaptive_xblocks.demo import __main__ as demo

    monkeypatch.setenv("DJANGO_SETTINGS_MODULE", "lms.envs.production")
    used = []
    monkeypatch.setattr(demo, "prepare", lambda options: used.append(demo.os.environ["DJANGO_SETTINGS_MODULE"]))
    monkeypatch.setattr("django.core.management.call_command", lambda *arguments, **options: None)
    demo.start(demo.parse([]))
    assert used == ["adaptive_xblocks.demo.settings"]
