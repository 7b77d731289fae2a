"""What a learner knows: Bayesian knowledge tracing in plain floats. Pure: standard library only.

NumPy is imported inside :func:`trace` alone, so that answering a problem never loads it.
"""

from adaptive_xblocks.mastery.parameters import BktParameters, ParameterError
from adaptive_xblocks.mastery.skill_state import SkillState
from adaptive_xblocks.mastery.stopping import is_stuck, meets_mastery, percentile_of_opportunities
from adaptive_xblocks.mastery.tracing import (
    observe,
    observe_jointly,
    predict_correct,
    predict_correct_jointly,
    recall,
    trace,
)

__all__ = [
    "BktParameters",
    "ParameterError",
    "SkillState",
    "is_stuck",
    "meets_mastery",
    "observe",
    "observe_jointly",
    "percentile_of_opportunities",
    "predict_correct",
    "predict_correct_jointly",
    "recall",
    "trace",
]
