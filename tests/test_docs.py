"""What the documents promise holds: links lead somewhere, commands exist, names and versions are those of the code."""

import json
import re
import tomllib
from pathlib import Path

import pytest

import adaptive_xblocks
from adaptive_xblocks.tutoring import document_settings

ROOT = Path(__file__).resolve().parent.parent
DOCUMENTS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
DECISIONS = sorted((ROOT / "docs" / "decisions").glob("0*.md"))
LINK = re.compile(r"\]\(([^)#\s]+)(?:#[^)]*)?\)|src=\"([^\"]+)\"")
ANCHOR = re.compile(r"\]\(([^)#\s]*)#([^)\s]+)\)")
MAKE_TARGET = re.compile(r"^([a-z][a-z-]*):", re.MULTILINE)


def text_of(name):
    """A file of the checkout."""
    return (ROOT / name).read_text(encoding="utf-8")


def prose(document):
    """A document without its fenced examples."""
    return re.sub(r"```.*?```", "", document.read_text(encoding="utf-8"), flags=re.DOTALL)


def anchors_of(document):
    """The anchors of a document's headings, as a forge makes them."""
    headings = re.findall(r"^#+ (.+)$", prose(document), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}


def code_names(text):
    """Everything that stands in `code` in a text."""
    return set(re.findall(r"`([^`\n]+)`", text))


def block_class():
    """The block as the platform finds it."""
    from xblock.core import XBlock

    return XBlock.load_class("adaptive_problem_set")


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_links_lead_somewhere(document):
    """Every relative link of a document names a file or folder that exists."""
    found = LINK.findall(prose(document))
    links = {link for pair in found for link in pair if link and "://" not in link}
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


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_links_to_headings_find_them(document):
    """A link with an anchor names a heading of the document that it leads to."""
    missing = [
        f"{link}#{anchor}" for link, anchor in ANCHOR.findall(prose(document))
        if "://" not in link and anchor not in anchors_of(document.parent / link if link else document)
    ]
    assert not missing


def events_of_the_page():
    """Event name to (version, keys, keys of the example), as docs/events.md tells them."""
    page, found = text_of("docs/events.md"), {}
    for name, section in re.findall(r"^## `(edx\.[^`]+)`$(.*?)(?=^## |\Z)", page, re.MULTILINE | re.DOTALL):
        version = int(re.search(r"Schema version: (\d+)", section).group(1))
        example = json.loads(re.search(r"```json\n(.*?)```", section, re.DOTALL).group(1))
        found[name] = version, tuple(re.findall(r"^\| `(\w+)` \|", section, re.MULTILINE)), tuple(example)
    return found


def test_the_page_of_events_and_the_code_agree():
    """docs/events.md has every event of events.EVENTS with its version and keys in order, and no other."""
    from adaptive_xblocks.events import EVENTS

    assert {name: (version, keys) for name, (version, keys, _example) in events_of_the_page().items()} == EVENTS


def test_the_examples_of_events_are_payloads():
    """Each example on the page of events is what `events.payload` gives for its keys."""
    from adaptive_xblocks.events import payload

    for name, (_version, keys, example) in events_of_the_page().items():
        assert tuple(payload(name, **dict.fromkeys(keys))) == example


def test_the_page_of_events_names_every_rule_reason_and_end():
    """The values that a payload can take are those of the code: rules, reasons for skipping, ends."""
    from adaptive_xblocks.problem_set_page import _ENDS
    from adaptive_xblocks.tutoring.history import RULES
    from adaptive_xblocks.tutoring.practising import SKIP_REASONS

    without_item = {"mastered", "finished", "exhausted", "all-served", "empty"}
    assert {*_ENDS, *SKIP_REASONS, *set(RULES) - without_item, "own-choice"} <= code_names(text_of("docs/events.md"))


def test_every_handler_and_field_is_in_the_reference():
    """A handler or field that the block adds to XBlock's own is named in docs/reference.md."""
    from xblock.core import XBlock

    block = block_class()
    handlers = {name for name in dir(block) if getattr(getattr(block, name), "_is_xblock_handler", False)}
    assert handlers | set(block.fields) - set(XBlock.fields) <= code_names(text_of("docs/reference.md"))


def test_every_key_of_a_reply_is_in_the_reference(client, learner):
    """What a handler answers is described: the keys of the reply and those of its state."""
    from adaptive_xblocks.demo.player import Player
    from adaptive_xblocks.demo.views import our_scenarios

    scenario = next(one for one, _title in our_scenarios() if one.startswith("adaptive_problem_set"))
    reply = Player(client, scenario, learner).send("state")
    assert {*reply, *reply["state"]} <= code_names(text_of("docs/reference.md"))


def test_every_setting_of_the_document_and_of_the_operator_is_in_the_reference():
    """What the code reads from the root element or from the operator's settings is described."""
    package = ROOT / "adaptive_xblocks"
    code = "".join(path.read_text(encoding="utf-8") for path in package.rglob("*.py"))
    read = set(re.findall(r"\bsettings\.get\(\s*\"(\w+)\"", code.replace("self.document.settings", "settings")))
    read |= {*document_settings.NUMBERS, *document_settings.WORDS}
    read |= set(re.findall(r"platform_services\.setting\([\w.]+, \"(\w+)\"", code))
    page = text_of("docs/reference.md")
    block = block_class()
    assert {"threshold", "policy", "person"} <= read <= code_names(page)
    assert f'"{getattr(block, "block_settings_key", block.__name__)}"' in page


def test_every_decision_is_in_the_index():
    """The index lists each decision once, in order, under its own title."""
    rows = re.findall(r"\[(\d{4}: [^\]]+)\]\((\d{4}-[\w-]+\.md)\)", text_of("docs/decisions/README.md"))
    titles = [path.read_text(encoding="utf-8").splitlines()[0].removeprefix("# ") for path in DECISIONS]
    assert rows == list(zip(titles, [path.name for path in DECISIONS]))


@pytest.mark.parametrize("document", DECISIONS, ids=lambda path: path.name)
def test_a_decision_tells_what_was_turned_down(document):
    """A decision has its status and date, the context, what was rejected and what follows, on about a page."""
    text = document.read_text(encoding="utf-8")
    parts = ["Context", "Decision", "Rejected alternatives", "Consequences"]
    assert re.findall(r"^## (.+)$", text, re.MULTILINE) == parts
    assert re.search(r"^Status: \w+, \d{4}-\d\d-\d\d$", text, re.MULTILINE)
    assert len(text.splitlines()) <= 110


def test_the_modules_that_documents_name_exist():
    """A Python file that a document names is in the repository, from its top, its package or below `tutoring`."""
    roots = [ROOT, ROOT / "adaptive_xblocks", ROOT / "adaptive_xblocks" / "tutoring"]
    named = {name for document in DOCUMENTS for name in re.findall(r"`([\w/]+\.py)`", prose(document))}
    missing = sorted(name for name in named if not any((root / name).exists() for root in roots))
    assert not missing


def test_the_first_problem_of_the_author_guide_has_no_fault():
    """The guide's example goes live as it stands, with every seed that an editor tries, and practises each skill."""
    from adaptive_xblocks.tutoring.parser import check_document, parse_document

    source = re.search(r"```xml\n(.*?)```", text_of("docs/author-guide.md"), re.DOTALL).group(1)
    document = parse_document(source)
    assert (check_document(source), document.left_out) == ((), ())
    assert {skill for item in document.items.values() for skill in item.skills} == set(document.skills)


def test_the_author_guide_names_every_function():
    """Each function of the expression language is in the guide, in the form that its help gives."""
    from adaptive_xblocks.tutoring.expression_functions import FUNCTIONS

    forms = {function.help.partition(": ")[0] for function in FUNCTIONS.values()}
    assert forms <= code_names(text_of("docs/author-guide.md"))


def test_the_author_guide_names_every_answer_type_and_policy():
    """What an author can choose from is in the guide: answer types with their attributes, policies."""
    from adaptive_xblocks.tutoring.answers.registry import BUILT_IN
    from adaptive_xblocks.tutoring.parser_items import ITEM_ATTRIBUTES
    from adaptive_xblocks.tutoring.parser_skills import PARAMETERS
    from adaptive_xblocks.tutoring.policies import BUILT_IN as POLICIES

    guide = text_of("docs/author-guide.md")
    words = {word for kind in BUILT_IN.values() for word in (kind.tag, *kind.attributes)}
    words |= ITEM_ATTRIBUTES | set(PARAMETERS) | set(POLICIES) - {"adaptive"}
    assert sorted(word for word in words if not re.search(rf"\b{word}\b", guide)) == []
