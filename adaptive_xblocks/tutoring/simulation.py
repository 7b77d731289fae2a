"""Simulated learners in a problem set: how practice would go, before anybody has practised.

A learner is a `Profile`: what such people know, how they learn, guess and slip, and how they use help. `simulate` sends
one through a `Topic` by the functions that serve real learners: `selection.select`, `practice.serve`, `reveal` and
`answer` with real response strings, `mastery.tally`, `meets_mastery`, `progress.stuck_skills`, `end_state` and
`grade`. Only storage and pages are left out.

    topic = Topic(load(text))
    outcomes = [simulate(topic, PROFILES["average"], Random(seed)) for seed in range(1000)]
    summary = summarised(topic, outcomes)
    summary.stuck, summary.declared, summary.items(0.5)

The model of the truth, which nothing of the product sees: each skill is known or not. A skill can be known only once
its prerequisites are; when they first are, it is known with the profile's `prior`. After the first answer on a step
each of its k skills that is not known, and whose prerequisites are, becomes so with probability
1 - (1 - learn) ** (1 / k).
Whoever knows all skills of a step slips with probability `slip`, whoever does not is lucky: at an answer type with n
equally likely answers once in n times, else with probability `luck`. Item difficulty shifts slip and luck as in
`mastery.tracing`. After a wrong answer learners look at all the help that is left and answer rightly, which is no
evidence any more.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from random import Random

from adaptive_xblocks.mastery import meets_mastery
from adaptive_xblocks.mastery.tally import Tallies
from adaptive_xblocks.mastery.tracing import guess_and_slip
from adaptive_xblocks.tutoring import practising, progress
from adaptive_xblocks.tutoring.document_settings import min_evidence
from adaptive_xblocks.tutoring.model import RIGHT, Document, Item, Step
from adaptive_xblocks.tutoring.practice import Practice
from adaptive_xblocks.tutoring.practising import Opportunity
from adaptive_xblocks.tutoring.selection import Bank, Choice, History, select
from adaptive_xblocks.tutoring.simulated_answers import Answers, answers_to
from adaptive_xblocks.tutoring.variants import Variant, VariantError, make_variant

MOST_ITEMS = 2_000  # a learner who is served more has found no end
VARIANTS = 8  # different numbers an item is played with
TRIED_SEEDS = 16  # for each of them

Record = Mapping[str, object]
Chooser = Callable[..., Choice]


@dataclass(frozen=True, slots=True)
class Profile:
    """A kind of learner; probabilities in [0, 1].

    * `prior`, `learn`, `luck`, `slip`: see the module's text;
    * `asks`: how likely a learner who does not know a step's skills looks at the next hint first, and then at another;
    * `copies`: looks at all help, bottom-out included, before every answer;
    * `lacks`: does not know, and cannot learn here, the first skill that another one requires.
    """

    name: str
    prior: float
    learn: float
    luck: float = 0.2
    slip: float = 0.1
    asks: float = 0.0
    copies: bool = False
    lacks: bool = False


#: "average" is whom the default parameters describe; "knower" knows everything and never slips.
PROFILES = {
    profile.name: profile
    for profile in (
        Profile("novice", prior=0.05, learn=0.08, slip=0.15, asks=0.3),
        Profile("average", prior=0.3, learn=0.1),
        Profile("strong", prior=0.7, learn=0.3, slip=0.05),
        Profile("knower", prior=1.0, learn=1.0, slip=0.0),
        Profile("missing-prerequisite", prior=0.3, learn=0.1, asks=0.2, lacks=True),
        Profile("guesser", prior=0.0, learn=0.0),
        Profile("copier", prior=0.0, learn=0.0, copies=True),
    )
}


@dataclass(frozen=True, slots=True)
class Prepared:
    """An item with numbers, and what can be answered to each of its steps."""

    variant: Variant
    answers: Mapping[str, Answers]


class Topic:
    """A document made ready for many simulated learners: its bank and, as they are met, its items' variants.

    `policy` stands in for the document's own; `choose` for `select`, with the same arguments.
    """

    def __init__(self, document: Document, policy: str | None = None, choose: Chooser = select) -> None:
        self.document, self.bank, self.choose = document, Bank.of(document), choose
        self.policy = policy or document.settings.get("policy", "adaptive")
        self.min_evidence = min_evidence(document)
        self._prepared: dict[tuple[str, int], Prepared | None] = {}

    def prepared(self, item: Item, number: int) -> Prepared | None:
        """The item's variant of that number, 0 to VARIANTS - 1; None where none can be made."""
        key = item.id, number
        if key not in self._prepared:
            self._prepared[key] = self._prepare(item, number)
        return self._prepared[key]

    def _prepare(self, item: Item, number: int) -> Prepared | None:
        for attempt in range(TRIED_SEEDS):
            try:
                variant = make_variant(item, number * TRIED_SEEDS + attempt)
            except VariantError:
                continue
            answers = {step.id: answers_to(variant, step) for step in item.steps}
            if all(answers.values()):
                return Prepared(variant, answers)
        return None


@dataclass(frozen=True, slots=True)
class Outcome:
    """How practice went for one simulated learner.

    `end` names the end state; `answers` counts pieces of evidence; `declared` holds the skills declared mastered with
    what was true then (known or not), `answers_to_mastery` how many answers on each that took; `stuck` the skills that
    ended without mastery; `repeated` counts the items served again while a fresh one was fit, `rules` the choices by
    rule. `grades` are those after each answer that changed it, as (answers given, grade).
    """

    end: str
    items: int
    answers: int
    declared: Mapping[str, bool]
    stuck: frozenset[str]
    repeated: int
    grades: tuple[tuple[int, float], ...] = ((0, 0.0),)
    answers_to_mastery: Mapping[str, int] = field(default_factory=dict)
    rules: Mapping[str, int] = field(default_factory=dict)

    @property
    def grade(self) -> float:
        """The highest grade, which is what a grade book keeps."""
        return max(grade for _answers, grade in self.grades)


class Learner:
    """One simulated learner at work. `record`, `practice` and `finished` are what the product knows of them."""

    def __init__(self, topic: Topic, profile: Profile, rng: Random) -> None:
        self.topic, self.profile, self.rng = topic, profile, rng
        self.practice = Practice()
        self.tallies = Tallies(topic.bank.parameters.__getitem__)
        self.record: dict = {}
        self.declared: dict[str, bool] = {}
        self.answers_to_mastery: dict[str, int] = {}
        self.basis: dict[str, tuple[float, float]] = {}
        self.finished: frozenset[str] = frozenset()
        self.grades = [(0, 0.0)]
        self.n_answers = self.repeated = 0
        self.truth = _Truth(topic.document, topic.bank.skills, profile, rng)

    def go_on(self) -> str | None:
        """Be served the next item and work it through; the name of the end, once there is one."""
        self._open_gates()
        history = self.practice.history(self.finished)
        end = progress.end_state(self.topic.bank, self.record, history, self.topic.policy)
        if end:
            return end
        chosen, passed_over = None, frozenset()
        while chosen is None:
            choice = self.topic.choose(self.topic.bank, self.record, history, self.topic.policy, self.rng)
            if choice.item_id is None or choice.item_id in passed_over:
                return progress.end_state(self.topic.bank, self.record, history, self.topic.policy) or "exhausted"
            item = self.topic.document.items[choice.item_id]
            chosen = self.topic.prepared(item, self.rng.randrange(VARIANTS if item.variables else 1))
            if chosen is None:
                passed_over |= {choice.item_id}
                history = self.practice.history(self.finished | passed_over)
        self.repeated += self._is_needless(item, history)
        self.practice = practising.serve(self.practice, item, int(chosen.variant.seed), choice, self.topic.policy)
        for step in item.steps:
            self._work_on(chosen, step)
        return None

    def _work_on(self, prepared: Prepared, step: Step) -> None:
        """Answer a step until it is right, with help once the first answer was wrong."""
        answers = prepared.answers[step.id]
        knows = self.truth.knows(step.skills)
        while self.profile.copies or (not knows and self.rng.random() < self.profile.asks):
            if not self._reveal(step):
                break
        is_told = any(piece.bottom_out and piece.id in self.practice.step(step.id).shown for piece in step.help)
        responses = answers.right if is_told or self._is_right(prepared.variant.item, answers, knows) else (
            self._wrong(answers))
        verdict = self._answer(prepared.variant, step, responses)
        if verdict != RIGHT:
            while self._reveal(step):
                pass
            self._answer(prepared.variant, step, answers.right)

    def _wrong(self, answers: Answers) -> Mapping[str, str]:
        return answers.some_mistake(self.rng) if self.profile.learn else answers.some_guess(self.rng)

    def _is_right(self, item: Item, answers: Answers, knows: bool) -> bool:
        chance = 1 / answers.options if answers.options else 0.0
        if knows:
            _guess, slip = guess_and_slip(self.profile.luck, self.profile.slip, chance, item.difficulty)
            return self.rng.random() >= slip
        if chance or self.profile.learn == 0.0:
            return self.rng.random() < (chance or self.profile.luck)
        luck, _slip = guess_and_slip(self.profile.luck, self.profile.slip, 0.0, item.difficulty)
        return self.rng.random() < luck

    def _reveal(self, step: Step) -> bool:
        before = self.practice
        self.practice, _state = practising.reveal(before, step)
        return self.practice is not before

    def _answer(self, variant: Variant, step: Step, responses: Mapping[str, str]) -> str:
        practice, verdict, opportunity = practising.answer(self.practice, variant, step, responses, "")
        self.practice = practice
        if opportunity and opportunity.skills:
            self._learn(opportunity)
        return verdict.kind

    def _learn(self, opportunity: Opportunity) -> None:
        """Take in an opportunity as `LearnerSession.learn` does, then let the learner learn."""
        skills, (earned, possible), (shown, there) = opportunity.skills, opportunity.credit, opportunity.help
        is_success = earned == possible and not shown
        self.n_answers += 1
        self.tallies.count(
            skills, earned / possible, shown / there if there else 0.0,
            1 / opportunity.options if opportunity.options else 0.0, opportunity.difficulty / 100,
            self.practice.serving if is_success else None)
        bank = self.topic.bank
        for skill in skills:
            tally, threshold = self.tallies[skill], bank.thresholds.get(skill, 0.95)
            self.basis.setdefault(skill, (tally.parameters.prior, threshold))
            state = tally.freeze(skill in self.declared)
            if is_success and not state.mastered and meets_mastery(state, threshold, self.topic.min_evidence):
                self.declared[skill] = self.truth.knows((skill,))
                self.answers_to_mastery[skill] = state.opportunities
                state = tally.freeze(True)
            self.record[skill] = state
        self.finished = progress.stuck_skills(
            bank, self.record, lambda skill: self.tallies[skill].parameters, self.topic.min_evidence)
        grade = progress.grade(bank.skills, self.record, self.basis, self.topic.min_evidence)
        if grade != self.grades[-1][1]:
            self.grades.append((self.n_answers, grade))
        self.truth.practise(skills)
        self._open_gates()

    def _open_gates(self) -> None:
        opened = self.topic.bank.open_skills(self.record, self.practice.history(self.finished))
        if opened != frozenset(self.practice.opened):
            self.practice = _with_opened(self.practice, opened)

    def _is_needless(self, item: Item, history: History) -> bool:
        """Whether an item comes again while one that was never served would be fit: looked up one by one."""
        if item.id not in history.served or item.id in history.skipped:
            return False
        bank = self.topic.bank
        active = set(bank.active_skills(self.record, history))
        reach = bank.open_skills(self.record, history)
        return any(
            reach >= {*group.skills} and active & {*group.skills} and not history.served.keys() >= {*group.item_ids}
            for group in bank.groups
        )


class _Truth:
    """What a simulated learner really knows."""

    def __init__(self, document: Document, skills: Sequence[str], profile: Profile, rng: Random) -> None:
        self._profile, self._rng = profile, rng
        self._requires = {
            skill: [one for one in document.skills[skill].requires if one in skills and one != skill]
            if skill in document.skills else []
            for skill in skills
        }
        required = [one for skill in skills for one in self._requires[skill]]
        self._lacks = next((skill for skill in skills if skill in required), None) if profile.lacks else None
        self._drawn: set[str] = set()
        self._known: set[str] = set()
        self._draw()

    def knows(self, skills: Collection[str]) -> bool:
        """Whether all these skills are known."""
        return self._known.issuperset(skills)

    def practise(self, skills: Sequence[str]) -> None:
        """An answer was given on a step with these skills."""
        learn = 1.0 - (1.0 - self._profile.learn) ** (1.0 / len(skills))
        learnt = {skill for skill in skills if self._can_learn(skill) and self._rng.random() < learn}
        if learnt:
            self._known |= learnt
            self._draw()

    def _can_learn(self, skill: str) -> bool:
        is_within_reach = self._known.issuperset(self._requires.get(skill, ()))
        return skill not in self._known and skill != self._lacks and is_within_reach

    def _draw(self) -> None:
        """Decide on skills whose prerequisites have just become known, until there are none."""
        while ready := [skill for skill in self._requires if skill not in self._drawn and self._can_learn(skill)]:
            self._drawn.update(ready)
            self._known.update(skill for skill in ready if self._rng.random() < self._profile.prior)


def simulate(topic: Topic, profile: Profile, rng: Random, most_items: int = MOST_ITEMS) -> Outcome:
    """One learner's practice from the first item to its end. The same generator state gives the same outcome.

    `end` is "" if none was found within `most_items`. Whatever goes wrong is raised.
    """
    learner = Learner(topic, profile, rng)
    end = None
    rules: Counter[str] = Counter()
    while end is None and learner.practice.serving < most_items:
        end = learner.go_on()
        if end is None:
            rules[str(learner.practice.choice.get("rule"))] += 1
    return Outcome(
        end=end or "", items=learner.practice.serving, answers=learner.n_answers, declared=learner.declared,
        stuck=learner.finished, repeated=learner.repeated, grades=tuple(learner.grades),
        answers_to_mastery=learner.answers_to_mastery, rules=rules,
    )


@dataclass(frozen=True)
class Summary:
    """Figures of many outcomes of one profile in one topic. Shares are of learners unless said otherwise."""

    outcomes: tuple[Outcome, ...]
    n_skills: int

    @property
    def ends(self) -> Counter[str]:
        """How often each end was reached."""
        return Counter(outcome.end for outcome in self.outcomes)

    @property
    def stuck(self) -> float:
        """Who ended in need of a person."""
        return self._share(lambda one: one.end == progress.NEEDS_A_PERSON)

    @property
    def declared(self) -> float:
        """Of all skills of all learners, those declared mastered."""
        return sum(len(one.declared) for one in self.outcomes) / (len(self.outcomes) * self.n_skills)

    @property
    def any_declared(self) -> float:
        """Who was declared to have mastered at least one skill."""
        return self._share(lambda one: bool(one.declared))

    @property
    def all_declared(self) -> float:
        """Who was declared to have mastered every skill."""
        return self._share(lambda one: len(one.declared) == self.n_skills)

    @property
    def falsely_declared(self) -> float:
        """Of the declarations, those of skills that were not known."""
        truths = [truth for one in self.outcomes for truth in one.declared.values()]
        return truths.count(False) / len(truths) if truths else 0.0

    @property
    def repeated(self) -> int:
        """Items served again while a fresh one was fit."""
        return sum(one.repeated for one in self.outcomes)

    def items(self, quantile: float) -> int:
        """Items to the end."""
        return quantile_of([one.items for one in self.outcomes], quantile)

    def grades(self, quantile: float) -> float:
        """The highest grades that were reached."""
        return quantile_of([one.grade for one in self.outcomes], quantile)

    def mastered_within(self, answers: int) -> float:
        """Who mastered every skill, each with at most so many answers on it: the grade is 1 then."""
        return self._share(lambda one: len(one.declared) == self.n_skills and (
            max(one.answers_to_mastery.values()) <= answers))

    def _share(self, holds: Callable[[Outcome], bool]) -> float:
        return sum(map(holds, self.outcomes)) / len(self.outcomes)


def summarised(topic: Topic, outcomes: Sequence[Outcome]) -> Summary:
    """The figures of these outcomes, at least one."""
    return Summary(tuple(outcomes), max(1, len(topic.bank.skills)))


def quantile_of(values: Sequence, quantile: float):
    """The value below which that share of the values lies."""
    return sorted(values)[min(len(values) - 1, int(quantile * len(values)))]


def _with_opened(practice: Practice, opened: Collection[str]) -> Practice:
    return replace(practice, opened=tuple(sorted(opened)))
