"""Adaptive learning and tutoring blocks for Open edX.

Importing the package loads neither XBlock nor Django: the pure houses (`mastery`, `tutoring`, `evidence`,
`learner_record`) can be used by themselves.
"""

__version__ = "0.1.0"
