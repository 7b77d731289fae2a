"""Who can be met in the demo."""

from typing import NamedTuple


class Person(NamedTuple):
    """A name for `?student=`, what the index says of it, and whether there is a past only where one was made up."""

    student_id: str
    name: str
    about: str
    has_past: bool = False


PEOPLE = (
    Person("ada", "Ada", "far along: most skills are mastered", True),
    Person("ben", "Ben", "in the middle, and keeps making the same mistake", True),
    Person("chi", "Chi", "has just started", True),
    Person("newcomer", "A newcomer", "nothing is known yet"),
    Person("staff", "Course staff", "sees what was left out of the bank, and why"),
    Person("anonymous", "A visitor", "not signed in"),
)
