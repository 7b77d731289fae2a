"""The topic "Reading Python": what its pages say of a program is what the program does."""

from __future__ import annotations

import builtins
import keyword
import re
import sys
from collections.abc import Callable, Iterator
from html import unescape
from itertools import permutations, product
from typing import NamedTuple

import pytest

from adaptive_xblocks.tutoring.answers import answer_type
from adaptive_xblocks.tutoring.model import RIGHT, Item, Step
from adaptive_xblocks.tutoring.variants import Variant
from tests.content import playing

DOCUMENT = playing.document("workbench_scenarios/reading_python.xml")
SEEDS = range(40)
ALLOWED = ("int", "len", "list", "range", "str")
MOST_LINES = 2_000  # that a shown program may run through
PROGRAM = re.compile(r"<pre><code>(.*?)</code></pre>", re.DOTALL)
EXAMPLE = re.compile(r"<pre>(?!<code>)(.*?)</pre>", re.DOTALL)
SAMPLE = re.compile(r"<samp>(.*?)</samp>", re.DOTALL)


class Ran(NamedTuple):
    """What a program did: the lines that it printed, its names, and the error that stopped it."""

    lines: list[str]
    names: dict[str, object]
    error: str = ""

    @property
    def words(self) -> list[str]:
        """All that was printed, cut at spaces."""
        return " ".join(self.lines).split()


class EndlessProgram(RuntimeError):
    """A program that runs through too many lines."""


def run(program: str) -> Ran:
    """Run a program of ours with a handful of built-in functions."""
    lines: list[str] = []
    names: dict[str, object] = {"__builtins__": {name: getattr(builtins, name) for name in ALLOWED}}
    names["print"] = lambda *values: lines.append(" ".join(map(str, values)))
    budget = iter(range(MOST_LINES))

    def count(_frame: object, event: str, _argument: object) -> Callable:
        if event == "line" and next(budget, None) is None:
            raise EndlessProgram(program)
        return count

    before = sys.gettrace()
    sys.settrace(count)
    try:
        exec(compile(program, "shown", "exec"), names)
    except EndlessProgram:
        raise
    except Exception as error:
        return Ran(lines, names, type(error).__name__)
    finally:
        sys.settrace(before)
    return Ran(lines, names)


def plain_code(html: str) -> str:
    """Code as it is written, from HTML."""
    return unescape(re.sub(r"<[^>]*>", "", html))


def programs(item: Item, variant: Variant) -> list[str]:
    """The programs that an item shows."""
    texts = (item.prompt, *(step.prompt for step in item.steps))
    return [plain_code(code) for text in texts for code in PROGRAM.findall(variant.text(text))]


def example(item: Item, variant: Variant) -> str:
    """The code that an item shows without asking for what it does as a whole."""
    return next(plain_code(code) for text in (item.prompt, *(step.prompt for step in item.steps))
                for code in EXAMPLE.findall(variant.text(text)))


def keys(variant: Variant, step: Step) -> list[str]:
    """The right answers to a step as a learner would say them, options by what they say."""
    solved = playing.solved(variant, step)
    return [" ".join(options_chosen(variant, step, solved)) if part.type in ("choice", "choices") else solved[part.id]
            for part in step.inputs]


def options_chosen(variant: Variant, step: Step, solved: dict[str, str]) -> Iterator[str]:
    """What the right options of a step say."""
    for part in step.inputs:
        yield from (variant.plain(option.text) for option in part.spec.options if option.correct)


def prints(ran: Ran, answers: list[str]) -> bool:
    """The answers, in order, are all that is printed."""
    return not ran.error and " ".join(answers).split() == ran.words


def prints_together(ran: Ran, answers: list[str]) -> bool:
    """The answer is the one line that is printed, to the letter."""
    return not ran.error and answers == ran.lines


def last(ran: Ran, answers: list[str]) -> bool:
    """The answer is the last line that is printed."""
    return not ran.error and answers == ran.lines[-1:]


def counts(ran: Ran, answers: list[str]) -> bool:
    """The answer is the number of printed lines."""
    return not ran.error and answers == [str(len(ran.lines))]


def stops(ran: Ran, answers: list[str]) -> bool:
    """The answer names the error with which the program stops, before it prints anything."""
    return bool(ran.error) and not ran.lines and ran.error in answers[0]


def left_and_right(ran: Ran, answers: list[str]) -> bool:
    """The answers are the values of the names left and right."""
    return answers == [str(ran.names[name]) for name in ("left", "right")]


#: What the answer to an item's last step has to do with its program, where it is not simply what is printed.
CHECKS: dict[str, Callable[[Ran, list[str]], bool]] = {
    "names-which-way": left_and_right,
    "values-join": prints_together,
    "values-digits-in-quotes": prints_together,
    "values-repeat": prints_together,
    "values-slash": prints_together,
    "values-refused": stops,
    "lists-too-far": stops,
    "loops-how-often": counts,
    "loops-last-number": last,
    "loops-how-many-lines": counts,
    "loops-while-last": last,
    "loops-worked": last,
    "loops-two-loops": counts,
    "functions-silent": counts,
}
WITH_PROGRAM = [item for item in DOCUMENT.items.values() if PROGRAM.search(
    " ".join([item.prompt.source, *(step.prompt.source for step in item.steps)]))]
TO_BE_ORDERED = [item for item in DOCUMENT.items.values() if item.steps[0].inputs[0].type == "order"]
#: Items whose code is a part of a program or an expression, each with a test of its own below.
IN_PIECES = {
    "names-allowed", "names-can-it-be", "names-say-it", "values-kinds", "values-worked", "decisions-which-numbers",
    "decisions-worked", "lists-pairs", "functions-which-use",
}


def variants(item: Item) -> Iterator[Variant]:
    """The item with different numbers."""
    return playing.variants(item, SEEDS)


@pytest.mark.parametrize("item", WITH_PROGRAM, ids=lambda item: item.id)
def test_the_key_is_what_the_program_does(item):
    """Each program shown is run with many numbers, and does what the answer says."""
    check = CHECKS.get(item.id, prints)
    for variant in variants(item):
        (program,) = programs(item, variant)
        answers = keys(variant, item.steps[-1])
        assert check(run(program), answers), (dict(variant.values), program, answers)


@pytest.mark.parametrize("item", TO_BE_ORDERED, ids=lambda item: item.id)
def test_the_ordered_lines_do_what_is_promised(item):
    """The lines in their order, and in every other order that counts as right, print what the problem says."""
    spec = item.steps[0].inputs[0].spec
    blocks = [[line for line in spec.lines if line.block == block] for block in
              dict.fromkeys(line.block for line in spec.lines)]
    for variant in variants(item):
        promised = SAMPLE.search(variant.text(item.prompt))[1]
        for order in product(*(permutations(block) for block in blocks)):
            lines = ["    " * line.indent + unescape(variant.substituted(line.text.source))
                     for block in order for line in block]
            assert " ".join(run("\n".join(lines)).lines) == plain_code(promised), lines


def does(order: tuple, item: Item, variant: Variant) -> bool:
    """Whether lines in an order print what the problem promises for these numbers."""
    ran = run("\n".join("    " * line.indent + unescape(variant.substituted(line.text.source)) for line in order))
    return not ran.error and " ".join(ran.lines) == plain_code(SAMPLE.search(variant.text(item.prompt))[1])


@pytest.mark.parametrize("item", TO_BE_ORDERED, ids=lambda item: item.id)
def test_no_other_order_does_it_too(item):
    """Every order of the lines that does what the problem says, whatever the numbers, counts as right."""
    spec, some = item.steps[0].inputs[0].spec, list(variants(item))
    for order in permutations(spec.lines):
        if all(does(order, item, variant) for variant in some):
            response = answer_type("order").example(tuple(line.id for line in order), spec, some[0])
            assert answer_type("order").judge(spec, some[0], response).kind == RIGHT, order


def test_no_code_is_left_untried():
    """Every item shows a program that is run, has lines that are run, or has a test of its own."""
    tried = {item.id for item in (*WITH_PROGRAM, *TO_BE_ORDERED)}
    assert tried | IN_PIECES == set(DOCUMENT.items)
    assert not tried & IN_PIECES


def of(item_id: str) -> Iterator[tuple[Item, Variant]]:
    """An item with different numbers, beside them."""
    item = DOCUMENT.items[item_id]
    return ((item, variant) for variant in variants(item))


def test_names_are_those_that_python_takes():
    """What may be a name is asked of Python itself."""
    for item, variant in of("names-allowed"):
        for option in item.steps[0].inputs[0].spec.options:
            name = variant.plain(option.text)
            assert option.correct == (name.isidentifier() and not keyword.iskeyword(name)), name


def test_a_name_grows():
    """The line that looks like a false equation does what the hint says of it."""
    for item, variant in of("names-can-it-be"):
        name = variant.value("name")
        assert run(f"{name} = 10\n{example(item, variant)}").names[name] == 10 + variant.number("k")


def test_the_line_that_is_asked_for():
    """The written assignment gives the one name the value of the other."""
    for item, variant in of("names-say-it"):
        (line,) = keys(variant, item.steps[0])
        target, source = variant.value("t"), variant.value("p")
        assert run(f"{target} = 1\n{source} = 2\n{line}").names[target] == 2


def test_kinds_of_values():
    """An expression stands in the group of its kind."""
    kinds = {"number": int, "text": str}
    for item, variant in of("values-kinds"):
        for row in item.steps[0].inputs[0].spec.rows:
            value = run(f"value = {variant.plain(row.text)}").names["value"]
            assert type(value) is kinds[row.right]


def test_seconds_to_minutes():
    """The quotient and the remainder of the worked example are Python's."""
    for item, variant in of("values-worked"):
        ran = run(f"t = {variant.number('t')}\nprint(t // 60)\nprint(t % 60)")
        assert prints(ran, keys(variant, item.steps[0]))


def test_which_numbers_get_through():
    """The condition is true for the right options and for no other."""
    for item, variant in of("decisions-which-numbers"):
        for option in item.steps[0].inputs[0].spec.options:
            ran = run(f"n = {variant.plain(option.text)}\n{example(item, variant)}")
            assert option.correct == (ran.lines == ["through"])


def test_the_chain_of_the_worked_example():
    """The chain gives what is told for the first temperature, and what is asked for the second."""
    for item, variant in of("decisions-worked"):
        chain = example(item, variant)
        assert run(f"t = 12\n{chain}").lines == ["soup"]
        assert prints(run(f"t = {variant.number('t')}\n{chain}"), keys(variant, item.steps[0]))


def test_positions_and_values():
    """Each expression has the value that it belongs to."""
    for item, variant in of("lists-pairs"):
        spec = item.steps[0].inputs[0].spec
        values = {right.id: variant.plain(right.text) for right in spec.rights}
        for row in spec.rows:
            ran = run(f"{example(item, variant)}\nprint({variant.plain(row.text)})")
            assert ran.lines == [values[row.right]]


def test_what_becomes_of_a_value():
    """The value is kept or shown by the right options only."""
    for item, variant in of("functions-which-use"):
        definition = example(item, variant)
        for option in item.steps[0].inputs[0].spec.options:
            line = variant.plain(option.text)
            ran = run(f"{definition}\n{line}") if "def" not in line else Ran([], {})
            assert option.correct == bool(ran.lines or "x" in ran.names)


def test_the_examples_that_are_explained():
    """What the worked examples tell of their own programs is so."""
    loop, functions = (next(of(item_id)) for item_id in ("loops-worked", "functions-worked"))
    table = loop[1].text(loop[0].prompt)
    assert run(example(*loop)).lines == re.findall(r"<td>yes</td><td>\d+</td><td>(\d+)</td>", table)
    assert run(example(*functions)).lines == ["13"]
    assert (200 // 60, 200 % 60) == (3, 20)


def test_the_small_steps_of_the_tutor():
    """The totals on the way are those of the program with a shorter list."""
    for item, variant in of("loops-tutor"):
        (program,) = programs(item, variant)
        assert keys(variant, item.step("first")) == [re.search(r"\[(\d+),", program)[1]]
        assert keys(variant, item.step("passes")) == [str(program.count(",") + 1)]
        for step, length in (("total1", 1), ("total2", 2)):
            shorter = re.sub(r"\[(.*)\]", lambda found: f"[{','.join(found[1].split(',')[:length])}]", program)  # noqa: B023
            assert prints(run(shorter), keys(variant, item.step(step)))


def test_an_endless_program_is_noticed():
    """A program of ours that would not stop is a failure, not a hanging test."""
    with pytest.raises(EndlessProgram):
        run("while 1:\n    n = 1")


def test_kinds_of_items():
    """Choice, choices, text, numbers, order with indentation and matching occur; examples and a tutor are there."""
    kinds = {part.type for item in DOCUMENT.items.values() for step in item.steps for part in step.inputs}
    assert kinds == {"choice", "choices", "match", "numeric", "order", "text"}
    assert sum(item.steps[0].inputs[0].spec.indent for item in TO_BE_ORDERED) >= 3
    formats = [item.format for item in DOCUMENT.items.values()]
    assert formats.count("worked-example") >= 4
    assert formats.count("tutor") == 1
