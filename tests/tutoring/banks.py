"""Small documents for tests of choosing and of progress, and a slow way to choose."""

from hypothesis import strategies as st

from adaptive_xblocks.mastery import SkillState, predict_correct_jointly
from adaptive_xblocks.tutoring.banding import difficulty_at, preference
from adaptive_xblocks.tutoring.model import Document, Item, Misconception, Skill, Text, Variable

MASTERED = SkillState(0.98, 8, 5, (1.0,) * 8, mastered=True)


def item(item_id, *skills, difficulty=0.0, **more):
    """An item without steps: choosing looks only at skills, difficulty, format and variables."""
    return Item(item_id, item_id.title(), (), Text(""), difficulty=difficulty, skills=skills, **more)


def document(items, skills=(), misconceptions=(), settings=None):
    """A document of these items; skills that are not given are named by the items alone."""
    return Document(
        "adaptive_problem_set",
        settings=settings or {},
        skills={skill.id: skill for skill in skills},
        misconceptions={one.id: one for one in misconceptions},
        items={one.id: one for one in items},
    )


def skill(skill_id, *requires, **parameters):
    """A skill with prerequisites and the parameters an author wrote."""
    return Skill(skill_id, skill_id.title(), requires=requires, parameters=parameters)


def misconception(remediation):
    """A misconception that names its remedy."""
    return Misconception("adds", "Adds the denominators", remediation=remediation)


masteries = st.sampled_from([0.05, 0.3, 0.5, 0.9, 0.97])
NUMBERS = (Variable("n", values="1..9"),)
names = ("a", "b", "c", "d")


@st.composite
def situations(draw):
    """A random bank, record and history."""
    skills = [
        skill(name, *draw(st.sets(st.sampled_from(names[:number]), max_size=1)) if number else ())
        for number, name in enumerate(names)
    ]
    needed = st.lists(st.sampled_from(names), min_size=1, max_size=3, unique=True)
    difficulties = st.sampled_from([-3.0, -1.5, -0.5, 0.0, 0.25, 0.5, 2.0])
    items = [
        item(f"i{number}", *draw(needed), difficulty=draw(difficulties))
        for number in range(draw(st.integers(1, 25)))
    ]
    record = {
        name: SkillState(
            draw(st.sampled_from([0.05, 0.3, 0.5, 0.9, 0.97])), 4, 2, mastered=draw(st.booleans())
        )
        for name in draw(st.sets(st.sampled_from(names)))
    }
    served = draw(st.lists(st.sampled_from([one.id for one in items]), unique=True))
    return document(items, skills), record, {one: (1, number + 1) for number, one in enumerate(served)}


def scan(bank, record, history, policy):
    """Every item scored one by one: best score, items that share it, their skill; None without any."""
    mastered = {name for name, state in record.items() if state.mastered}
    needs = [name for name in bank.skills if name not in mastered | history.finished]
    reach = {
        name
        for name in bank.skills
        if name in history.opened or mastered | history.finished >= {*bank.requires[name]}
    }
    if not any(reach >= {*one.skills} for one in bank.items.values() if {*one.skills} & {*needs}):
        reach = set(bank.skills)
    weights = {
        name: (1 - bank.p_known(name, record)) * (bank.parameters[name].learn + 0.1) / 2
        for name in needs if name in reach
    }  # fmt: skip
    for name in history.last_skills[-1:]:
        if name in weights:
            weights[name] *= policy.same_skill
    order = {name: -number for number, name in enumerate(bank.skills)}
    scored = {}
    for one in bank.items.values():
        fit = [name for name in one.skills if name in weights]
        if fit and reach >= {*one.skills} and one.id not in history.served and one.id not in history.skipped:
            name = max(fit, key=lambda each: (weights[each], order[each]))
            scored[one.id] = (
                weights[name] * _preference(bank, record, one, policy),
                weights[name],
                order[name],
                name,
            )
    enough = policy.near * max((weight for _, weight, _, _ in scored.values()), default=0)
    scored = {item_id: found for item_id, found in scored.items() if found[1] >= enough}
    if not scored:
        return None
    best = max(scored.values())
    return best[0], {item_id for item_id, found in scored.items() if found == best}, best[3]


def _preference(bank, record, one, policy):
    """1 in the band, measured in difficulty; else by the distance of the prediction."""
    p_knowns = [bank.p_known(name, record) for name in sorted(one.skills)]
    skills = [bank.parameters[name] for name in sorted(one.skills)]
    p_all = 1.0
    for p_known in sorted(p_knowns):
        p_all *= p_known
    guess, slip = min(each.guess for each in skills), max(each.slip for each in skills)
    easiest, hardest = (difficulty_at(success, p_all, guess, slip) for success in reversed(policy.band))
    if easiest <= one.difficulty <= hardest:
        return 1.0
    predicted = predict_correct_jointly(p_knowns, skills, difficulty=one.difficulty)
    return preference(predicted, policy.band, policy.off_band)
