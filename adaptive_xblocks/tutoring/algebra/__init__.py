"""Algebra that learners type: read it, compare it with the author's, see its form, write it again.

Outsiders use what is named here.

>>> key = key_of(read("(x + 1)^2", frozenset("x")), frozenset("x"))
>>> is_equal(key, read("x² + 2x + 1", frozenset("x")))
True
"""

from adaptive_xblocks.tutoring.algebra.equality import Key, everywhere, is_equal, key_of
from adaptive_xblocks.tutoring.algebra.forms import FORMS, has_form
from adaptive_xblocks.tutoring.algebra.polynomials import as_tree, expanded
from adaptive_xblocks.tutoring.algebra.reading import read
from adaptive_xblocks.tutoring.algebra.sentences import Unreadable
from adaptive_xblocks.tutoring.algebra.tidying import with_values
from adaptive_xblocks.tutoring.algebra.tokens import MAX_LENGTH
from adaptive_xblocks.tutoring.algebra.tree import Node, unknowns
from adaptive_xblocks.tutoring.algebra.writing import tex, typed

__all__ = [
    "FORMS", "MAX_LENGTH", "Key", "Node", "Unreadable", "as_tree", "everywhere", "expanded", "has_form", "is_equal",
    "key_of", "read", "tex", "typed", "unknowns", "with_values",
]  # fmt: skip
