"""The direction of the imports: each house names what it may import, and nothing else passes.

Do not widen a row merely to mend a red build: a new arrow is a decision about the design.
"""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

PACKAGE = "adaptive_xblocks"
ROOT = Path(__file__).resolve().parent.parent / PACKAGE

PURE = {"mastery", "tutoring", "evidence", "course_record", "learner_record", "record_resets", "record_export",
        "events"}
SUPPORT = {"platform_services", "storage_fields", "receipts", "learner_session", "template_tags", "handlers",
           "block_support"}
FRAMEWORK = {"django", "xblock", "web_fragments", "opaque_keys", "webob"}

# house: (houses of ours, packages of others); the standard library is open to all.
ALLOWED = {
    # What is known. numpy only for whole columns, imported where it is used.
    "mastery": ({"mastery"}, {"numpy"}),
    # What is taught. It knows nothing of how evidence is stored. pint, mpmath and rapidfuzz are imported where used.
    "tutoring": (
        {"mastery", "tutoring"}, {"lxml", "nh3", "latex2mathml", "mpmath", "regex", "rapidfuzz", "pint"}),
    # One learner's evidence, its JSON, its merge.
    "evidence": ({"mastery", "evidence"}, set()),
    "course_record": ({"mastery", "evidence", "course_record"}, set()),
    "learner_record": ({"mastery", "evidence", "course_record", "learner_record"}, set()),
    "record_resets": ({"record_resets"}, set()),
    # What of it a learner takes home.
    "record_export": ({"mastery", "evidence", "course_record", "learner_record", "record_resets", "record_export"},
                      set()),
    # Names and payloads of what is published.
    "events": ({"events"}, set()),
    # The only module that touches optional services of the LMS, which it imports inside functions.
    "platform_services": (PURE | {"platform_services"}, FRAMEWORK | {"lms", "common", "openedx", "xmodule"}),
    # Parts that the blocks share: fields, one request's view of a learner, rendering.
    "storage_fields": (PURE | {"storage_fields"}, FRAMEWORK),
    "template_tags": ({"template_tags"}, {"django"}),
    "receipts": ({"evidence", "receipts"}, {"django"}),
    "learner_session": (
        PURE | {"platform_services", "storage_fields", "receipts", "handlers", "learner_session"}, FRAMEWORK),
    "handlers": (PURE | {"platform_services", "handlers"}, FRAMEWORK),
    "block_support": (PURE | SUPPORT, FRAMEWORK | {"lxml"}),
    # What an author edits in Studio, for every block.
    "studio_source": (PURE | SUPPORT | {"studio_source"}, FRAMEWORK),
    # What a learner sees of their record, on every block; and how an operator removes it.
    "record_panel": (PURE | SUPPORT | {"record_panel"}, FRAMEWORK),
    "retirement": ({"block_support", "retirement"}, FRAMEWORK | {"lms"}),
    # The blocks. None imports another, none imports the demo.
    "problem_set": (PURE | SUPPORT | {"studio_source", "record_panel", "problem_set"}, FRAMEWORK | {"lxml"}),
    # What is typed in a shell: reads documents and looks at an installation, of which anything may be missing.
    "cli": ({"tutoring", "demo", "cli"}, {"django", "web_fragments", "lxml"}),
    # The demo drives the blocks from outside.
    "demo": (PURE | SUPPORT | {"problem_set", "demo"}, FRAMEWORK | {"workbench"}),
    "__init__": (set(), set()),
}


def house_of(module: str) -> str:
    """The house of a dotted path below the package; `problem_set_page` belongs to the house `problem_set`."""
    first = module.split(".")[0]
    if first in ALLOWED:
        return first
    return max((house for house in ALLOWED if first.startswith(f"{house}_")), key=len, default=first)


def imported_modules(path: Path) -> set[str]:
    """Absolute dotted names of everything that a file imports, at any depth of nesting."""
    package = [PACKAGE, *path.relative_to(ROOT).parts[:-1]]
    names = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"), str(path))):
        if isinstance(node, ast.Import):
            names.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = package[:len(package) - node.level + 1] if node.level else []
            source = ".".join([*base, *([node.module] if node.module else [])])
            names.update(f"{source}.{alias.name}" if source == PACKAGE else source for alias in node.names)
    return names


def faults_of(path: Path) -> list[str]:
    """The imports of a file that its house does not allow, as sentences."""
    house = house_of(".".join(path.relative_to(ROOT).with_suffix("").parts))
    if house not in ALLOWED:
        return [f"{path.relative_to(ROOT)}: no row in the table; decide which house it belongs to"]
    ours, others = ALLOWED[house]
    faults = []
    for name in sorted(imported_modules(path)):
        top, _, rest = name.partition(".")
        if top == PACKAGE:
            is_allowed = not rest or house_of(rest) in ours or rest == "__version__"
        else:
            is_allowed = top in others or top in sys.stdlib_module_names
        if not is_allowed:
            faults.append(f"{path.relative_to(ROOT)}: {house} may not import {name}")
    return faults


def test_every_import_points_down():
    """No file imports a house that is not below its own."""
    faults = [fault for path in sorted(ROOT.rglob("*.py")) for fault in faults_of(path)]
    assert not faults, "\n".join(faults)


@pytest.mark.parametrize("source, name", [
    ("import django.utils", "django.utils"),
    ("from adaptive_xblocks import problem_set", "adaptive_xblocks.problem_set"),
    ("from .. import demo", "adaptive_xblocks.demo"),
    ("def late():\n    from ..block_support import render", "adaptive_xblocks.block_support"),
])
def test_the_check_sees_every_way_to_import(tmp_path, monkeypatch, source, name):
    """Plain, relative and nested imports are all found, and refused in a pure house."""
    monkeypatch.setitem(globals(), "ROOT", tmp_path)
    module = tmp_path / "tutoring" / "wrong.py"
    module.parent.mkdir()
    module.write_text(source, encoding="utf-8")
    assert faults_of(module) == [f"tutoring/wrong.py: tutoring may not import {name}"]


@pytest.mark.parametrize("house", ["", *sorted(PURE)])
def test_a_pure_house_loads_neither_xblock_nor_django(house):
    """Importing the package or one of its pure houses leaves both frameworks unloaded, numpy too."""
    module = f"{PACKAGE}.{house}".rstrip(".")
    code = f"import {module}, sys; print({{'django', 'xblock', 'numpy'}} & set(sys.modules))"
    command = [sys.executable, "-c", code]
    run = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert (run.returncode, run.stdout.strip(), run.stderr[-500:]) == (0, "set()", "")


def test_a_library_is_loaded_by_the_first_answer_that_needs_it():
    """Importing the block leaves unloaded what only some answers and staff's figures need."""
    libraries = {"mpmath", "numpy", "pint", "rapidfuzz"}
    code = f"import adaptive_xblocks.problem_set, sys; print({libraries!r} & set(sys.modules))"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False, timeout=60)
    assert (run.returncode, run.stdout.strip(), run.stderr[-500:]) == (0, "set()", "")
