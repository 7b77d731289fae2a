"""The demo in a process of its own, and Chromium driven against it.

A test asks for `open_page` (and `learner`, `width`, `axe` as it needs them); any error on the browser's console
fails it unless it was announced in `expected_errors`.
"""

import re
import urllib.request
from pathlib import Path
from urllib.parse import urlencode

import pytest

from tests.browser.answer_keys import AnswerKeys
from tests.browser.serving import CHROMIUM_FLAGS, chromium_path, served_demo, served_here
from tests.browser.stored import check_counted_once
from tests.conftest import missing_part

ROOT = Path(__file__).resolve().parent.parent.parent
AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
AXE_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
SCENARIO = "adaptive_problem_set.0"


@pytest.fixture(scope="session")
def demo_folder(tmp_path_factory):
    """Where the demo keeps its database and its log."""
    return tmp_path_factory.mktemp("demo")


@pytest.fixture(scope="session")
def demo_url(demo_folder):
    """The address of a demo without seeded learners, on a database of its own."""
    with served_demo(demo_folder) as url:
        yield url


@pytest.fixture(scope="session")
def browser():
    """One Chromium for all tests; each page lives in a context of its own."""
    path = chromium_path()
    if path is None:
        missing_part("no Chromium was found (apt-get install chromium, or set CHROMIUM)")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=path, args=CHROMIUM_FLAGS, ignore_default_args=["--disable-back-forward-cache"])
        yield browser
        browser.close()


@pytest.fixture
def answer_keys(demo_folder, demo_url):
    """What the server has in a learner's hand and how it is answered; see `answer_keys.py`."""
    return AnswerKeys(demo_folder / "demo.sqlite3")


@pytest.fixture
def counted_once(answer_keys, learner):
    """`counted_once(*pages)`: fail unless every acknowledged answer of this test's learner counts once; how many."""
    return lambda *pages: check_counted_once(answer_keys, learner, *pages)


@pytest.fixture(params=[1200, 375])
def width(request) -> int:
    """The page's width in px: a desktop and a phone."""
    return request.param


@pytest.fixture
def expected_errors() -> list[str]:
    """Regular expressions of console errors that the test provokes on purpose; append to it."""
    return []


@pytest.fixture
def page_address(demo_url, learner):
    """`page_address(student=…, language=…, view=…)`: a scenario's page, by default for this test's own learner."""
    def address(scenario: str = SCENARIO, **query) -> str:
        return f"{demo_url}/learn/{scenario}/?{urlencode({'student': learner, **query})}"

    return address


@pytest.fixture
def open_page(browser, page_address, watched):
    """`open_page(width=1200, address=None, context={…}, prepare=…, **query)`: a page in a new context, closed after
    the test; `prepare(page)` is called before it goes to its address."""
    contexts = []

    def open_page(width: int = 1200, address: str | None = None, context: dict | None = None,
                  prepare=lambda page: None, **query):
        options = {"viewport": {"width": width, "height": 900}, "reduced_motion": "reduce", **(context or {})}
        contexts.append(browser.new_context(**options))
        page = watched(contexts[-1])
        prepare(page)
        page.goto(address or page_address(**query))
        return page

    yield open_page
    for context in contexts:
        context.close()


@pytest.fixture
def watched(expected_errors):
    """`watched(context)`: a new page of a context; an error on its console fails the test."""
    errors = []

    def watched(context):
        page = context.new_page()
        page.set_default_timeout(10_000)
        page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: errors.append(str(error)))
        return page

    yield watched
    unexpected = [text for text in errors if not any(re.search(known, text) for known in expected_errors)]
    assert not unexpected, "errors on the browser's console:\n" + "\n".join(unexpected)


@pytest.fixture
def another_tab(watched):
    """`another_tab(page)`: the same address in a new tab of the same browser."""
    def another_tab(page):
        tab = watched(page.context)
        tab.goto(page.url)
        return tab

    return another_tab


@pytest.fixture
def open_at(open_page, answer_keys, page_address, learner):
    """`open_at(item, width=1200, …)`: this test's learner with that item in hand; otherwise as `open_page`."""
    def open_at(item: str, width: int = 1200, **options):
        urllib.request.urlopen(page_address(), timeout=20).close()
        answer_keys.put_in_hand(learner, item)
        return open_page(width, **options)

    return open_at


@pytest.fixture
def local_site(workbench):
    """`local_site(name, title, olx)`: the address of a scenario of the test's own, served from this process."""
    from workbench.scenarios import add_xml_scenario, remove_scenario

    with served_here() as url:
        names = []

        def local_site(name: str, title: str, olx: str) -> str:
            add_xml_scenario(name, title, olx)
            names.append(name)
            return f"{url}/learn/{name}/?student=local"

        yield local_site
        for name in names:
            remove_scenario(name)


@pytest.fixture
def axe():
    """`axe(page)`: fail with rule, element and remedy for every breach of WCAG 2.2 A and AA in the page."""
    if not AXE.exists():
        missing_part("axe-core is not installed (npm ci)")
    source = AXE.read_text(encoding="utf-8")

    def check(page, context: str = "document") -> None:
        if not page.evaluate("() => Boolean(window.axe)"):
            page.evaluate(source)
        options = {"runOnly": {"type": "tag", "values": AXE_TAGS}, "resultTypes": ["violations"]}
        found = page.evaluate(f"options => axe.run({context}, options)", options)["violations"]
        assert not found, "\n\n".join(map(describe_violation, found))

    return check


def describe_violation(violation: dict) -> str:
    """An axe rule that was broken, where, and what axe says to do."""
    nodes = (f"  {node['html'][:200]}\n    {node['failureSummary']}" for node in violation["nodes"])
    return f"{violation['id']} ({violation['impact']}): {violation['help']}\n" + "\n".join(nodes)
