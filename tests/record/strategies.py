"""Random evidence and course records for property tests."""

from hypothesis import strategies as st

from adaptive_xblocks.course_record import Basis, CourseRecord, Declaration, Definition, Epoch, Folded, Override
from adaptive_xblocks.evidence import MODES, Evidence, Kind

SKILLS = ("add", "equivalent", "ﬁnd ½", "mixed")
BLOCKS = ("b1", "b2", "b3")

ratios = st.integers(1, 6).flatmap(lambda total: st.tuples(st.integers(0, total), st.just(total)))
kinds = st.builds(
    Kind,
    skills=st.lists(st.sampled_from(SKILLS), min_size=1, max_size=3, unique=True).map(tuple),
    credit=ratios,
    help=ratios,
    options=st.sampled_from((0, 2, 4)),
    difficulty=st.integers(-300, 300),
    mode=st.sampled_from(MODES),
)
pieces = st.builds(
    Evidence,
    time=st.integers(1, 2**44),
    block=st.sampled_from(BLOCKS),
    submission=st.integers(0, 2**32 - 1),
    serving=st.integers(0, 2**31 - 1),
    step=st.integers(0, 255),
    variant=st.integers(0, 2**32 - 1),
    kind=kinds,
)
times = st.integers(0, 2**44)
probabilities = st.floats(0, 1)
words = st.text(max_size=6)


def by(keys, values):
    """Small dictionaries."""
    return st.dictionaries(st.sampled_from(keys), values, max_size=3)


#: Records as requests make them: a block's pieces belong to the epoch that the same record names.
records = st.builds(
    CourseRecord,
    used=times,
    floor=st.one_of(st.just(0), times),
    epochs=st.fixed_dictionaries({block: st.builds(Epoch, st.integers(1, 3), st.booleans()) for block in BLOCKS}),
    pieces=st.frozensets(pieces, max_size=8),
    declarations=st.frozensets(
        st.builds(Declaration, st.sampled_from(SKILLS), times, st.just(0.95), words, st.sampled_from(BLOCKS),
                  st.integers(1, 3)), max_size=4),
    basis=by(SKILLS, st.builds(Basis, times, probabilities, probabilities)),
    overrides=st.frozensets(
        st.builds(Override, times, words, st.sampled_from(SKILLS), st.sampled_from(("undo-mastery", "exempt"))),
        max_size=3),
    definitions=by(SKILLS, st.builds(
        Definition, words, st.sampled_from(BLOCKS), st.just((("learn", 0.2), ("prior", 0.4))))),
    folded=st.one_of(st.just(Folded()), st.builds(Folded, times, st.just((("add", 0.5, 4, 2, "0f3a77c1"),)))),
).map(lambda record: record.merge(CourseRecord()))
