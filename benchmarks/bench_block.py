"""What our block costs beside a block that only stores, beside drag-and-drop, and as its bank grows.

Run: python benchmarks/bench_block.py. Django's test client, SQLite; medians of interleaved rounds, in ms. README.md
says what each line means and which bounds hold.
"""

from __future__ import annotations

import gc
import gzip
import json
import time
from collections import defaultdict
from collections.abc import Iterable
from importlib.resources import files
from importlib.util import find_spec
from typing import Any

import _workbench as bench
from _course import bank, in_hand, laid_aside, learner_state
from django.test import Client
from workbench.scenarios import add_xml_scenario, get_scenarios
from xblock.runtime import Runtime

from adaptive_xblocks.problem_set_client import LINE_SCRIPT, SCRIPTS
from adaptive_xblocks.tutoring.model import Document
from adaptive_xblocks.tutoring.parser import load, parse_document
from adaptive_xblocks.tutoring.variants import make_variant

ITEMS = 500
ROUNDS = 40
CASES = ("answer, right", "answer, recognised error", "student_view", "student_view, next item chosen")
SUITE_FILES = ("css/adaptive_xblocks.css", *SCRIPTS)
FOREIGN = "drag_and_drop_v2"


class Learner:
    """One learner in front of a bank: the stored values and the request of a case, different at every turn."""

    def __init__(self, text: str, usage: str) -> None:
        self.document: Document = load(text)
        course = usage.split(".", maxsplit=1)[0]
        self.stored = learner_state(self.document, usage, course, int(time.time() * 1000))
        runtime, _stored = bench.memory_runtime("ours")
        bench.put(runtime, usage, {"content": text, **self.stored})
        runtime.get_block(usage).student_view({})  # what a first visit notes for good: grade, parameters, open gates
        block = runtime.get_block(usage)
        self.stored["adaptive_xblocks_record"] = block.adaptive_xblocks_record.to_json()
        self.stored["practice"] = laid_aside(block.practice)

    def values(self, case: str, turn: int) -> dict[str, Any]:
        """What is stored before the request."""
        practice = self.stored["practice"]
        return {**self.stored, "practice": practice if "chosen" in case else in_hand(practice, self.document, turn)}

    def data(self, case: str, turn: int) -> dict[str, Any]:
        """The body of an answer."""
        practice = self.values(case, turn)["practice"]
        drawn = make_variant(self.document.items[practice["item"]], practice["seed"]).values
        answer = drawn["a"] + drawn["b"] if "right" in case else drawn["a"] * drawn["b"]
        return {"submission": f"{turn:032x}", "serving": practice["serving"], "step": "sum",
                "responses": {"n": str(answer)}, "seconds": 12.5, "receipts": []}


def ask(client: Client, scenario: str, case: str, data: dict[str, Any], learner: str) -> tuple[float, Any]:
    """One request of the test client, timed."""
    if case.startswith("answer"):
        url = f"/handler/{get_scenarios()[scenario].usage_id}/answer/?student={learner}"
        took, response = bench.milliseconds(lambda: client.post(url, json.dumps(data), "application/json"))
    else:
        took, response = bench.milliseconds(lambda: client.get(f"/learn/{scenario}/?student={learner}"))
    assert response.status_code == 200, response.content[:500]
    assert learner != "ours" or b"data-ax" in response.content
    return took, response


def beside_null(store: bench.NotingStore, text: str) -> dict[str, tuple[list[float], list[float], str]]:
    """Each case through the test client: our times, the null block's times, what is read and stored."""
    usages = {name: get_scenarios()[name].usage_id for name in ("measured", "null")}
    runtimes = {"measured": bench.workbench_runtime.WorkbenchRuntime("ours"),
                "null": bench.workbench_runtime.WorkbenchRuntime("null")}
    for name in usages:
        bench.put(runtimes[name], usages[name], {"content": text})
    learner, client, found = Learner(text, usages["measured"]), Client(), {}
    bench.put(runtimes["measured"], usages["measured"], learner.values("", 0))
    fragment = runtimes["measured"].get_block(usages["measured"]).render("student_view", {}).to_dict()
    for case in CASES:
        ours, null = [], []
        for turn in range(ROUNDS):
            for name in usages:
                bench.put(runtimes[name], usages[name], learner.values(case, turn))
            data = learner.data(case, turn) if case.startswith("answer") else {}
            store.forget()
            took, response = ask(client, "measured", case, data, "ours")
            ours.append(took)
            reads, writes = tuple(store.reads), list(store.writes)
            bench.NullBlock.script = bench.Script(reads, writes, response.content, fragment)
            store.forget()
            took, other = ask(client, "null", case, data, "null")
            null.append(took)
            assert len(store.writes) == len(writes) and set(reads) <= set(store.reads), (store.writes, writes)
            assert abs(len(other.content) - len(response.content)) < 3000
        found[case] = ours, null, f"{len(reads)} read, {len(writes)} stored, {len(response.content) / 1024:.0f} KB"
    return found


def in_memory(texts: dict[str, str], fresh: bool = False) -> dict[str, dict[str, list[float]]]:
    """Our own CPU time per case and bank: handler and view alone, all storage a dictionary.

    `fresh`: the content is a new string at every request, as from a store that keeps nothing.
    """
    usage = get_scenarios()["measured"].usage_id
    learners = {name: Learner(text, usage) for name, text in texts.items()}
    times: dict[str, dict[str, list[float]]] = defaultdict(lambda: defaultdict(list))
    for turn in range(ROUNDS):
        for case in CASES:
            for name, learner in learners.items():
                runtime, _stored = bench.memory_runtime("ours")
                text = (" " + texts[name])[1:] if fresh else texts[name]
                bench.put(runtime, usage, {"content": text, **learner.values(case, turn)})
                times[name][case].append(own_time(runtime, usage, learner, case, turn))
    return times


def own_time(runtime: Runtime, usage: str, learner: Learner, case: str, turn: int) -> float:
    """CPU time of one handler call or view, in ms, up to the storing of what it changed."""
    block = runtime.get_block(usage)
    if case.startswith("answer"):
        request = bench.request_for(learner.data(case, turn))
        took, response = bench.milliseconds(
            lambda: Runtime.handle(runtime, block, "answer", request), time.process_time)
        assert response.status_code == 200, response.body
        return took
    took, fragment = bench.milliseconds(lambda: block.student_view({}), time.process_time)
    assert "data-ax-form" in fragment.content, fragment.content
    return took


def drag_and_drop() -> dict[str, list[float]]:
    """xblock-drag-and-drop-v2 with its own example: a right drop, and its page."""
    add_xml_scenario("foreign", "Foreign", "<drag-and-drop-v2/>")
    usage, client = get_scenarios()["foreign"].usage_id, Client()
    runtime = bench.workbench_runtime.WorkbenchRuntime("ours")
    block, times = runtime.get_block(usage), defaultdict(list)
    item = next(item for item in block.data["items"] if item["zones"])
    drop = json.dumps({"val": item["id"], "zone": item["zones"][0]})
    for _turn in range(ROUNDS):
        bench.put(runtime, usage, {"item_state": {}})
        took, response = bench.milliseconds(
            lambda: client.post(f"/handler/{usage}/drop_item/?student=ours", drop, "application/json"))
        assert response.json()["correct"], response.content
        times["drop_item"].append(took)
        took, response = bench.milliseconds(lambda: client.get("/learn/foreign/?student=ours"))
        assert response.status_code == 200
        times["student_view"].append(took)
    return times


def zipped_kb(names: Iterable[str]) -> float:
    """KB of our files, gzipped."""
    public = files("adaptive_xblocks") / "static" / "public"
    return sum(len(gzip.compress((public / name).read_bytes())) for name in names) / 1024


def html_kb() -> float:
    """KB of the HTML that the server renders for "Adding fractions"."""
    usage = next(one.usage_id for one in get_scenarios().values() if one.description == "Adding fractions")
    runtime = bench.workbench_runtime.WorkbenchRuntime("newcomer")
    fragment = runtime.get_block(usage).render("student_view", {})
    assert "data-ax-form" in fragment.content, fragment.content
    return len(fragment.body_html().encode()) / 1024


def line(name: str, value: str, bound: str = "", met: bool | None = None) -> None:
    """One line of the table."""
    print(f"{name:62} {value:30} {bound:10} {'' if met is None else 'met' if met else 'MISSED'}".rstrip())


def print_beside_null(found: dict[str, tuple[list[float], list[float], str]]) -> None:
    """Our requests beside the null block's; the ratio is the median of neighbours', so that other load cancels out."""
    for case, (ours, null, amount) in found.items():
        ratio = bench.median([one / other for one, other in zip(ours, null)])
        figures = f"{bench.median(ours):6.2f} / {bench.median(null):6.2f} ms {ratio:6.2f} x"
        line(f"{case} ({amount})", figures, "<= 1.3 x", ratio <= 1.3)


def print_own(small: dict, large: dict, fresh: dict) -> None:
    """Our own CPU time, and how it grows with the bank."""
    for case in CASES:
        one, ten, new = bench.median(small[case]), bench.median(large[case]), bench.median(fresh[case])
        line(f"{case}, own CPU", f"{one:6.2f} ms", "<= 5 ms", one <= 5)
        line(f"{case}, 10 x the bank", f"{ten:6.2f} ms {ten / one:15.2f} x", "<= 1.5 x", ten / one <= 1.5)
        line(f"{case}, 10 x, content as a new string", f"{new:6.2f} ms {new / one:15.2f} x")


def print_others(texts: Iterable[str]) -> None:
    """What stands beside the bounds: parsing, the first view, drag-and-drop."""
    for text in texts:
        took, document = bench.milliseconds(lambda text=text: parse_document(text))
        line(f"parsing {len(document.items)} items, once per content", f"{took:6.0f} ms for {len(text) / 1024:.0f} KB")
    html = html_kb()
    for what, names in (("", set(SUITE_FILES) - {LINE_SCRIPT}), (" with lines to put in order", SUITE_FILES)):
        zipped = zipped_kb(names)
        line(f"first view{what}: JS and CSS, gzipped", f"{zipped:6.1f} KB", "<= 30 KB", zipped <= 30)
    line("first view: HTML of Adding fractions", f"{html:6.1f} KB", "<= 40 KB", html <= 40)
    if find_spec(FOREIGN) is None:
        line("xblock-drag-and-drop-v2", "not installed: pip install xblock-drag-and-drop-v2")
        return
    for name, times in drag_and_drop().items():
        line(f"xblock-drag-and-drop-v2, {name}", f"{bench.median(times):6.2f} ms")


def run() -> None:
    """Everything, with the null block installed."""
    store = bench.prepare()
    get_scenarios()
    texts = {"small": bank(ITEMS), "large": bank(10 * ITEMS)}
    for text in texts.values():
        load(text)
    add_xml_scenario("measured", "Measured", '<adaptive_problem_set schema="1"/>')
    add_xml_scenario("null", "Null", "<null_block/>")
    gc.collect()
    gc.freeze()  # what lives as long as a server's process is not looked at again and again
    line("what", "ours / null block", "bound")
    print_beside_null(beside_null(store, texts["small"]))
    times, fresh = in_memory(texts), in_memory({"large": texts["large"]}, fresh=True)
    print_own(times["small"], times["large"], fresh["large"])
    print_others(texts.values())


if __name__ == "__main__":
    bench.with_null_block(run)
