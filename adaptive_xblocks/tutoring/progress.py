"""How far a learner has come, in words and in figures: skills, the end of practice, the grade, the reason.

Nothing here changes anything: it reads the record and the history.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from adaptive_xblocks.mastery import BktParameters, SkillState, is_stuck, meets_mastery, observe
from adaptive_xblocks.mastery.luck import luck_and_slip, weigh
from adaptive_xblocks.mastery.skill_state import RECENT
from adaptive_xblocks.tutoring.bank import Bank
from adaptive_xblocks.tutoring.history import Choice, History
from adaptive_xblocks.tutoring.model import Message
from adaptive_xblocks.tutoring.policies import ADAPTIVE, Policy, find_policy
from adaptive_xblocks.tutoring.selection import is_exhausted

Record = Mapping[str, SkillState]

MASTERED = "mastered"
NEEDS_A_PERSON = "needs_a_person"
EXHAUSTED = "exhausted"

METER = 10  # parts of a full meter
MOST_IN_A_ROW = 12  # beyond that a number would only discourage


def _(text: str) -> str:
    """Marks a sentence for translation; the block layer translates."""
    return text


@dataclass(frozen=True, slots=True)
class SkillView:
    """What a learner reads of a skill.

    `state` is one of "waiting", "new", "started", "halfway", "almost", "mastered", "review"; `words` says it;
    `meter` is 0..10, scaled to the threshold, 0 until there is evidence; `next_words` says what is missing,
    None if nothing, or not yet, can be said.
    """

    skill: str
    state: str
    words: Message
    meter: int
    next_words: Message | None = None


def skill_view(
    bank: Bank,
    skill: str,
    record: Record,
    history: History,
    *,
    min_evidence: int = 3,
    names: Mapping[str, str] | None = None,
) -> SkillView:
    """The view of one skill of the bank. `names` gives skills' names for learners, their ids where it does
    not."""
    state = record.get(skill)
    waiting_for = None if state and (state.mastered or state.opportunities) else _waiting_for(
        bank, skill, record, history)
    if waiting_for:
        name = (names or {}).get(waiting_for, waiting_for)
        return SkillView(skill, "waiting", Message(_("After “%(skill)s”"), {"skill": name}), 0)
    view = state_view(skill, state, bank.thresholds[skill])
    if state is None or state.mastered or not state.opportunities:
        return view
    missing = in_a_row(
        state, bank.parameters[skill], bank.thresholds[skill], min_evidence, bank.chances.get(skill, 0.0))
    return SkillView(skill, view.state, view.words, view.meter, _next_words(missing))


def state_view(skill: str, state: SkillState | None, threshold: float) -> SkillView:
    """The view of a skill by itself: nothing of what it waits for, nor of what is still missing."""
    if state is not None and state.mastered:
        return _mastered_view(skill, state, threshold)
    if state is None or not state.opportunities:
        return SkillView(skill, "new", Message(_("Not started")), 0)
    meter = meter_of(state, threshold)
    return SkillView(skill, *_stage(meter), meter)


def placed_view(skill: str) -> SkillView:
    """The view of a skill that a probe has shown to be mastered."""
    return SkillView(skill, "mastered", Message(_("Known from the start")), METER)


def stands_as_placed(state: SkillState) -> bool:
    """False once practice has spoken against a placing: twice in a row not right without help."""
    return len(state.recent) < 2 or any(state.recent[-2:])


def meter_of(state: SkillState, threshold: float) -> int:
    """0..10: the share of the way to the threshold, 10 only once mastered, at least 1 with any evidence."""
    if not state.opportunities and not state.mastered:
        return 0
    if state.mastered:
        return METER
    share = min(1.0, state.p_known / threshold) if threshold > 0.0 else 1.0
    return max(1, min(METER - 1, int(share * METER)))


def in_a_row(
    state: SkillState, parameters: BktParameters, threshold: float = 0.95, min_evidence: int = 3, chance: float = 0.0
) -> int | None:
    """How many right answers without help, on new variants, lead to mastery from here: by counting them.

    They are taken to be of average difficulty and of an answer type with that chance. None if more than twelve are
    missing.
    """
    p_known, weights = state.p_known, (state.learnt, state.unlearnt)
    luck, slip = luck_and_slip(parameters.guess, parameters.slip, chance, 0.0)
    for n in range(1, MOST_IN_A_ROW + 1):
        p_known = observe(p_known, 1, parameters, chance=chance)
        weights = weigh(weights, True, luck, slip, parameters.learn)
        then = SkillState(p_known, state.opportunities + n, state.successes + n, (), False, *weights)
        if meets_mastery(then, threshold, min_evidence):
            return n
    return None


def end_state(
    bank: Bank,
    record: Record,
    history: History,
    policy: Policy | str = ADAPTIVE,
) -> str | None:
    """The end reached: "mastered", else "needs_a_person", else "exhausted"; None while there is something to
    do.

    A skill without items here plays no part. `history.finished` are the skills that need a person: practice
    goes on with the others first. In fixed order nothing ends before every item was served.
    """
    if not bank.skills:
        return EXHAUSTED
    if _is_fixed(policy) and not is_exhausted(bank, record, history, policy):
        return None
    active = bank.active_skills(record, history)
    is_stuck = any(skill in history.finished and not _is_mastered(record, skill) for skill in bank.skills)
    if not active:
        return NEEDS_A_PERSON if is_stuck else MASTERED
    if not is_exhausted(bank, record, history, policy):
        return None
    return NEEDS_A_PERSON if is_stuck else EXHAUSTED


def stuck_skills(
    bank: Bank, record: Record, parameters: Callable[[str], BktParameters], min_evidence: int = 3
) -> frozenset[str]:
    """The bank's skills that end without mastery; what rests on one of them is given up sooner (`mastery.is_stuck`).
    `parameters` gives those in force for a skill."""
    found: set[str] = set()
    started = {
        skill: state for skill, state in record.items() if skill in bank.groups_of and state.opportunities >= RECENT}
    n_found = -1
    while n_found < len(found):
        n_found = len(found)
        found |= {
            skill for skill, state in started.items() if skill not in found and is_stuck(
                state, parameters(skill), bank.thresholds[skill], min_evidence,
                not found.isdisjoint(bank.requires[skill]))
        }
    return frozenset(found)


def grade(
    skills: Iterable[str], record: Record, basis: Mapping[str, tuple[float, float]], min_evidence: int = 3
) -> float:
    """The score in [0, 1]: the mean over `skills` (those with items) of what each has earned; 0 without any.

    1 once mastered, else 0.5 * clamp((p - prior) / (threshold - prior)) * min(1, successes / min_evidence),
    with prior and threshold from `basis` (frozen at the first answer). Nothing is earned without a basis or
    with a prior at or above the threshold.
    """
    shares = [_earned(record.get(skill), basis.get(skill), min_evidence) for skill in dict.fromkeys(skills)]
    return min(1.0, sum(shares) / len(shares)) if shares else 0.0


def reason_sentence(choice: Choice, names: Mapping[str, str] | None = None) -> Message:
    """One honest sentence for "Why this problem?", without numbers of chance. `names` as in `skill_view`."""
    key = _SENTENCES.get(choice.rule, _("It is the next problem for you."))
    if choice.rule == "largest-gain" and choice.reason.get("relation") in ("easier", "harder"):
        key = _EASIER if choice.reason["relation"] == "easier" else _HARDER
    if "%(skill)s" not in key:
        return Message(key)
    if choice.skill is None:
        return Message(_("It is the next problem for you."))
    return Message(key, {"skill": (names or {}).get(choice.skill, choice.skill)})


_EASIER = _("You can still gain a lot in “%(skill)s”, and this problem is a little easier than the last one.")
_HARDER = _("You can still gain a lot in “%(skill)s”, and you are ready for something harder.")
_SENTENCES = {
    "largest-gain": _("This is where practice helps you most right now: “%(skill)s”."),
    "remediation": _("It looks closely at the idea behind your last answer."),
    "probe": _("It helps to find your place: where to begin, and what you can leave out."),
    "other-format": _("“%(skill)s” was hard, so here is another way to look at it."),
    "guided": _("It goes through “%(skill)s” in small steps, with help from the start."),
    "streak-easier": _(
        "The last problems were hard, so here is an easier one on “%(skill)s”, with help at hand."
    ),
    "easier-after-error": _("It practises the same as the last problem, with an easier start."),
    "easier-after-skip": _("You found the last problem too hard, so this one asks less."),
    "harder-after-skip": _("You found the last problem too easy, so this one asks more."),
    "smaller-step": _("It is a smaller step on the way to the next problem on “%(skill)s”."),
    "recycle": _("You have seen all problems on “%(skill)s”, so this one comes back."),
    "own-choice": _("You chose it yourself."),
    "review": _("It keeps “%(skill)s” fresh."),
    "fixed-order": _("Your course gives these problems in a fixed order."),
    "mastered": _("There is no next problem: you have mastered every skill here."),
    "finished": _("There is no next problem: what is left is best practised with a person."),
    "exhausted": _("There is no next problem: you have seen everything that can help you now."),
    "all-served": _("There is no next problem: you have seen them all."),
    "empty": _("There is no problem here yet."),
}
_STAGES = ((9, "almost", _("Almost there")), (5, "halfway", _("Getting there")), (0, "started", _("Started")))


def _mastered_view(skill: str, state: SkillState, threshold: float) -> SkillView:
    if state.p_known < threshold:
        return SkillView(skill, "review", Message(_("Worth another look")), METER)
    return SkillView(skill, "mastered", Message(_("Mastered")), METER)


def _waiting_for(bank: Bank, skill: str, record: Record, history: History) -> str | None:
    """The first prerequisite that keeps the skill closed; None if it is open."""
    if skill in bank.open_skills(record, history):
        return None
    done = history.finished
    return next(
        (one for one in bank.requires[skill] if one not in done and not _is_mastered(record, one)), None
    )


def _stage(meter: int) -> tuple[str, Message]:
    name, words = next((name, words) for least, name, words in _STAGES if meter >= least)
    return name, Message(words)


def _next_words(missing: int | None) -> Message | None:
    if missing is None:
        return None
    if missing == 1:
        return Message(_("One more like this"))
    return Message(_("%(n)d more in a row like this"), {"n": missing})


def _is_fixed(policy: Policy | str) -> bool:
    found = find_policy(policy)[0] if isinstance(policy, str) else policy
    return isinstance(found, Policy) and found.fixed_order


def _is_mastered(record: Record, skill: str) -> bool:
    state = record.get(skill)
    return state is not None and state.mastered


def _earned(state: SkillState | None, basis: tuple[float, float] | None, min_evidence: int) -> float:
    """What one skill adds to the grade, in [0, 1]."""
    if state is None:
        return 0.0
    if state.mastered:
        return 1.0
    if basis is None or basis[0] >= basis[1]:
        return 0.0
    prior, threshold = basis
    way = min(1.0, max(0.0, (state.p_known - prior) / (threshold - prior)))
    evidence = min(1.0, state.successes / min_evidence) if min_evidence > 0 else 1.0
    return 0.5 * way * evidence
