"""Who can be met in the demo."""

from typing import NamedTuple


class Person(NamedTuple):
    """A name for `?student=`, and what the index says of it."""

    student_id: str
    name: str
    about: str


PEOPLE = (
    Person("ada", "Ada", "far along: most skills are mastered"),
    Person("ben", "Ben", "in the middle, and keeps making the same mistake"),
    Person("chi", "Chi", "has just started"),
    Person("newcomer", "A newcomer", "nothing is known yet"),
    Person("staff", "Course staff", "sees what was left out of the bank, and why"),
    Person("anonymous", "A visitor", "not signed in"),
)
