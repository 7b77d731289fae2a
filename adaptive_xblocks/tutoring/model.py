"""What an author's document says, as frozen values. Parsed once per content, shared by all learners.

Nothing here is rendered or evaluated: texts and expressions are kept as the author wrote them; a
:class:`~adaptive_xblocks.tutoring.variants.Variant` gives them values for one learner.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from typing import Any

ERROR = "error"
WARNING = "warning"

RIGHT = "right"
WRONG = "wrong"
UNREAD = "unread"  # "not read yet": no evidence, no attempt used


def _(text: str) -> str:
    return text


@dataclass(frozen=True, slots=True)
class Message:
    """A sentence for people, translated by the block layer: an English msgid and its named values.

    `str()` is the English sentence. A value may be a message itself; a `%` of a msgid with values is written `%%`.
    """

    key: str
    params: Mapping[str, str | int | Message] = field(default_factory=dict)

    def __str__(self) -> str:
        return self.key % self.params if self.params else self.key

    def __hash__(self) -> int:
        return hash((self.key, frozenset(self.params.items())))


def as_message(sentence: Message | str) -> Message:
    """The sentence as a message; a text is a msgid without values."""
    return sentence if isinstance(sentence, Message) else Message(sentence)


def sentence_of(error: Exception) -> Message:
    """What an error tells people: its `sentence` if it has one, else its text, which no catalogue knows."""
    return as_message(getattr(error, "sentence", None) or str(error))


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing an author should know: where it is (1-based line), what is wrong, what to do."""

    level: str
    line: int
    element: str
    problem: Message
    remedy: Message
    item: str | None = None


@dataclass(frozen=True, slots=True)
class Text:
    """Author's rich text: HTML source with `{@expression@}` in it; language and direction where given."""

    source: str
    lang: str | None = None
    direction: str | None = None

    def __bool__(self) -> bool:
        return bool(self.source.strip())


@dataclass(frozen=True, slots=True)
class Skill:
    """A skill of the document. `parameters` and `threshold` hold only what the author wrote."""

    id: str
    name: str
    requires: tuple[str, ...] = ()
    parameters: Mapping[str, float] = field(default_factory=dict)
    threshold: float | None = None
    line: int = 0


@dataclass(frozen=True, slots=True)
class Say:
    """One rung of a misconception's message ladder, used from the `repeat`-th time on (1-based)."""

    text: Text
    repeat: int = 1


@dataclass(frozen=True, slots=True)
class Misconception:
    """A belief that explains a wrong answer; `remediation` is e.g. `item:<id>`."""

    id: str
    name: str
    skills: tuple[str, ...] = ()
    remediation: str | None = None
    says: tuple[Say, ...] = ()
    line: int = 0


@dataclass(frozen=True, slots=True)
class Variable:
    """A variable of an item: drawn from `values` or computed by `formula` (exactly one is set), in order."""

    name: str
    values: str | None = None
    formula: str | None = None
    line: int = 0


@dataclass(frozen=True, slots=True)
class Input:
    """One place to answer. `spec` belongs to the answer type named by `type`."""

    id: str
    type: str
    spec: Any
    label: Text | None = None


@dataclass(frozen=True, slots=True)
class AnswerRule:
    """A rule over several inputs together, e.g. form `equivalent-ratio` over a numerator and a denominator.

    `where` is a condition on the inputs' values, the form is then "where"."""

    form: str
    inputs: tuple[str, ...]
    line: int = 0
    where: str = ""


@dataclass(frozen=True, slots=True)
class WrongRule:
    """A recognised wrong answer. `matchers` pairs each input id with its type's matcher; all must match."""

    matchers: tuple[tuple[str, Any], ...]
    misconception: str | None = None
    say: Text | None = None
    name: str = ""
    line: int = 0


@dataclass(frozen=True, slots=True)
class Help:
    """A piece of help. A hint tells; a scaffold asks (`step` is its question, with help of its own)."""

    id: str
    kind: str  # "hint" | "scaffold"
    text: Text
    after: tuple[str, ...] = ()
    bottom_out: bool = False
    step: Step | None = None
    title: Text | None = None
    line: int = 0


@dataclass(frozen=True, slots=True)
class Step:
    """An observable part of a solution, judged by itself. `prompt` places inputs by `[[input:id]]`."""

    id: str
    skills: tuple[str, ...]
    prompt: Text
    inputs: tuple[Input, ...]
    answers: tuple[AnswerRule, ...] = ()
    wrongs: tuple[WrongRule, ...] = ()
    help: tuple[Help, ...] = ()
    line: int = 0

    def input(self, input_id: str) -> Input:
        """The input with that id; KeyError if there is none."""
        for candidate in self.inputs:
            if candidate.id == input_id:
                return candidate
        raise KeyError(input_id)


@dataclass(frozen=True, slots=True)
class Item:
    """An authored problem. `version` is a digest of its source, `skills` the union over its steps."""

    id: str
    title: str
    steps: tuple[Step, ...]
    prompt: Text
    solution: Text | None = None
    difficulty: float = 0.0
    variables: tuple[Variable, ...] = ()
    where: tuple[str, ...] = ()
    skills: tuple[str, ...] = ()
    format: str = "problem"  # or "worked-example"
    easier: str | None = None  # an item that practises the same with less to do
    licence: str | None = None
    attribution: str | None = None
    source: str | None = None  # where it was taken from, e.g. a URL
    lang: str | None = None
    direction: str | None = None
    version: str = ""
    line: int = 0

    @property
    def is_drawn(self) -> bool:
        """Whether learners get different numbers."""
        return any(variable.formula is None for variable in self.variables)

    def step(self, step_id: str) -> Step:
        """The step with that id; KeyError if there is none."""
        for candidate in self.steps:
            if candidate.id == step_id:
                return candidate
        raise KeyError(step_id)


@dataclass(frozen=True, slots=True)
class LeftOut:
    """An item that learners do not get, with the faults that say why."""

    id: str
    line: int
    faults: tuple[Fault, ...]


@dataclass(frozen=True)
class Document:
    """The whole of a block's content. `settings` are the root's attributes as written."""

    kind: str
    settings: Mapping[str, str] = field(default_factory=dict)
    skills: Mapping[str, Skill] = field(default_factory=dict)
    misconceptions: Mapping[str, Misconception] = field(default_factory=dict)
    items: Mapping[str, Item] = field(default_factory=dict)
    left_out: tuple[LeftOut, ...] = ()
    faults: tuple[Fault, ...] = ()

    @property
    def errors(self) -> tuple[Fault, ...]:
        """The faults that keep something from going live."""
        return tuple(fault for fault in self.faults if fault.level == ERROR)

    @cached_property
    def skill_names(self) -> Mapping[str, str]:
        """What learners read of each skill, by id."""
        return {skill.id: skill.name for skill in self.skills.values()}

    def name_of(self, skill: str) -> str:
        """What learners read of a skill; its id where nothing here says more of it."""
        return self.skill_names.get(skill, skill)

    @cached_property
    def input_types(self) -> frozenset[str]:
        """The answer types on the steps of all items."""
        return frozenset(one.type for item in self.items.values() for step in item.steps for one in step.inputs)


@dataclass(frozen=True, slots=True)
class PartVerdict:
    """What is to be said of one part of an answer, e.g. of a chosen option; `kind` is right or wrong."""

    kind: str
    say: Text | None = None


@dataclass(frozen=True, slots=True)
class InputVerdict:
    """What is to be said of one input. `value` is the reading, at most 80 characters.

    `message` says what the learner should know of the reading (of an unread one: how to write it), `say` is the
    author's feedback on what was accepted; `parts` holds verdicts by the handles that the page knows.
    """

    kind: str
    credit: Fraction = Fraction(0)
    message: Message | None = None
    value: str = ""
    say: Text | None = None
    parts: Mapping[str, PartVerdict] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class StepVerdict:
    """One verdict per step, feedback per input. `matched` names the recognised wrong answer."""

    kind: str
    credit: Fraction
    inputs: Mapping[str, InputVerdict]
    misconception: str | None = None
    say: Text | None = None
    matched: str | None = None
