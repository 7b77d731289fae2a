"""Topics made by chance: skills that build on each other anyhow, typed problems and choices of every difficulty."""

from __future__ import annotations

from random import Random

_CHOICE = '<choice><option correct="true">{{@n@}}</option>{wrong}</choice>'
_ITEM = """
  <item id="{id}" title="{id}" difficulty="{difficulty}"><variable name="n" values="10..99"/>
    <prompt><p>Here is the number {{@n@}}.</p></prompt>
    <step id="s" skills="{skills}"><prompt>Which number is it?</prompt>{answer}
      <hint>Read it again.</hint><hint bottom_out="true">It is {{@n@}}.</hint></step></item>"""


def random_topic(seed: int) -> str:
    """The OLX of a problem set of four to twelve skills, each with none to two prerequisites among those before it and
    six to ten problems: three in ten are choices of three to five, one in ten needs another skill too."""
    rng = Random(f"topic {seed}")
    skills = [f"s{number:02}" for number in range(rng.randint(4, 12))]
    parts = []
    for place, skill in enumerate(skills):
        requires = rng.sample(skills[:place], min(place, rng.choice((0, 1, 1, 2))))
        rests = f' requires="{" ".join(requires)}"' if requires else ""
        parts.append(f'<skill id="{skill}" name="{skill}"{rests}/>')
    for skill in skills:
        for number in range(rng.randint(6, 10)):
            needed = {skill, *rng.sample(skills, rng.random() < 0.1)}
            answer = '<numeric answer="n"/>'
            if rng.random() < 0.3:
                wrong = "".join(f"<option>{{@n + {more}@}}</option>" for more in range(1, rng.randint(3, 5)))
                answer = _CHOICE.format(wrong=wrong)
            parts.append(_ITEM.format(id=f"{skill}-{number}", skills=" ".join(sorted(needed)), answer=answer,
                                      difficulty=round(rng.uniform(-1.5, 1.5), 1)))
    return f'<adaptive_problem_set schema="1">{"".join(parts)}</adaptive_problem_set>'
