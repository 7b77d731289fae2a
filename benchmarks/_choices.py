"""A topic that has nothing but choices: where luck has the best chances."""

_ITEM = """
  <item id="{id}" title="{id}" difficulty="{difficulty}"><variable name="n" values="10..99"/>
    <prompt><p>Here is the number {{@n@}}.</p></prompt>
    <step id="s" skills="{skill}"><prompt>Which number is it?</prompt>
      <choice><option correct="true">{{@n@}}</option>{wrong}</choice>
      <hint>Read it again.</hint><hint bottom_out="true">It is {{@n@}}.</hint></step></item>"""


def choices_only(n_options: int, n_skills: int = 3, n_items: int = 12) -> str:
    """The OLX of a problem set with so many options in every choice; the skills rest on each other."""
    skills = [f"s{number}" for number in range(n_skills)]
    parts = [
        f'<skill id="{skill}" name="{skill}"' + (f' requires="{skills[place - 1]}"/>' if place else "/>")
        for place, skill in enumerate(skills)
    ]
    wrong = "".join(f"<option>{{@n + {number}@}}</option>" for number in range(1, n_options))
    for skill in skills:
        for number in range(n_items):
            parts.append(_ITEM.format(id=f"{skill}-{number}", skill=skill, wrong=wrong,
                                      difficulty=round(number / n_items - 0.5, 2)))
    return f'<adaptive_problem_set schema="1">{"".join(parts)}</adaptive_problem_set>'
