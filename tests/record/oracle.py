"""Mastery by arithmetic of its own: nothing of the package's folding or tracing is used here.

Follows design decisions in words: asking multiplies the odds, the answer counts with the effective guess, difficulty
shifts guess and slip, chance is a floor of the guess, several skills share a noisy-AND, then learning.
"""

import math


def _shift(p, logits):
    return p if p in (0, 1) else 1 / (1 + math.exp(-(math.log(p / (1 - p)) + logits)))


def mastery_after(p_known, answers, prior=0.3, learn=0.1, guess=0.2, slip=0.1, help_odds=0.5):
    """Fold `answers`, dicts of skills, credit, help, chance, difficulty, over default parameters; p_known by skill."""
    known = dict(p_known)
    for answer in answers:
        skills = answer["skills"]
        ps = []
        for skill in skills:
            p = known.get(skill, prior)
            odds = help_odds ** answer.get("help", 0)
            ps.append(p * odds / (p * odds + 1 - p))
        g = max(_shift(guess, -answer.get("difficulty", 0)), answer.get("chance", 0))
        s = min(_shift(slip, answer.get("difficulty", 0)), 1 - g)
        g += answer.get("help", 0) * (1 - s - g)
        everything = math.prod(ps)
        p_right = everything * (1 - s) + (1 - everything) * g
        for skill, p in zip(skills, ps):
            right = (everything * (1 - s) + (p - everything) * g) / p_right
            wrong = (everything * s + (p - everything) * (1 - g)) / (1 - p_right)
            posterior = answer["credit"] * right + (1 - answer["credit"]) * wrong
            gain = 1 - (1 - learn) ** (1 / len(skills))
            known[skill] = posterior + (1 - posterior) * gain
    return known
