"""The examples in docstrings of texts and expressions are true."""

import doctest
import importlib

import pytest

MODULES = ["expression_values", "expressions", "patterns", "reading", "remembering", "rich_text", "tex", "variants"]
ANSWERS = ["decimal_signs", "measures", "spelling", "text_folding", "unit_words", "units"]


@pytest.mark.parametrize("name", [*MODULES, *(f"answers.{name}" for name in ANSWERS)])
def test_examples_give_what_they_show(name):
    """Each module has examples, and each gives what is written below it."""
    result = doctest.testmod(importlib.import_module(f"adaptive_xblocks.tutoring.{name}"))
    assert result.attempted
    assert not result.failed
