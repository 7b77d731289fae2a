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


def luck_after(before, p_knowns, answer, prior=0.3, learn=0.1, guess=0.2, slip=0.1, help_odds=0.5):
    """How likely the answers so far are, `answer` included, for a learner compared with somebody who only guesses.

    By skill (learnt by now, not learnt yet), after `before`; `p_knowns` says what was known before the answer. Any
    less than full credit is a failure; an easy item makes guessers luckier, a hard one never less lucky.
    """
    after = dict(before)
    skills, help, difficulty = answer["skills"], answer.get("help", 0), answer.get("difficulty", 0)
    luck = max(guess, answer.get("chance", 0), 0.05, _shift(guess, -difficulty))
    miss = min(_shift(slip, difficulty), 1 - luck)
    lucky = (1 - help) * luck + help * (1 - miss)
    for skill in skills:
        others = math.prod(p_knowns.get(one, prior) for one in skills if one != skill)
        knowing = others * (1 - miss) + (1 - others) * lucky
        learnt, not_yet = after.get(skill, (prior, 1 - prior))
        ratio = knowing / lucky if answer["credit"] == 1 else (1 - knowing) / (1 - lucky) if lucky < 1 else 1
        gain = 1 - (1 - learn) ** (1 / len(skills))
        after[skill] = min(1e9, learnt * help_odds**help * ratio + gain * not_yet), not_yet * (1 - gain)
    return after
