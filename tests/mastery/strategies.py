"""Random parameters and probabilities, degenerate ones included."""

from hypothesis import strategies as st

from adaptive_xblocks.mastery import BktParameters

TOLERANCE = 1e-9

probabilities = st.one_of(st.sampled_from([0.0, 1.0, 1e-12, 1 - 1e-12, 0.5, 0.95]), st.floats(0, 1))
chances = st.sampled_from([0.0, 0.1, 0.25, 0.5, 1.0])
difficulties = st.one_of(st.sampled_from([0.0, 40.0, -40.0, 1000.0, -1000.0]), st.floats(-6, 6))


@st.composite
def parameters(draw) -> BktParameters:
    """Any valid parameters; guess, slip, learn and forget of exactly 0 come up often."""
    guess = draw(st.one_of(st.just(0.0), st.floats(0, 0.98)))
    slip = draw(st.one_of(st.just(0.0), st.floats(0, 0.99 - guess)))
    learn = draw(st.one_of(st.just(0.0), st.just(1.0), st.floats(0, 1)))
    forget = draw(st.one_of(st.just(0.0), st.floats(0, 1 - learn)))
    return BktParameters(draw(probabilities), learn, guess, slip, forget, draw(st.floats(1e-6, 1)))
