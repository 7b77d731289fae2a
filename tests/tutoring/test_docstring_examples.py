"""The examples in docstrings of texts and expressions are true."""

import doctest
import importlib

import pytest


@pytest.mark.parametrize("name", ["expression_values", "expressions", "remembering", "rich_text", "tex", "variants"])
def test_examples_give_what_they_show(name):
    """Each module has examples, and each gives what is written below it."""
    result = doctest.testmod(importlib.import_module(f"adaptive_xblocks.tutoring.{name}"))
    assert result.attempted
    assert not result.failed
