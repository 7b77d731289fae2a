"""Threads that all tests of a module share, with their connections."""

import pytest

from tests.torture.scheduler import worker_threads


@pytest.fixture(scope="module")
def threads():
    """Threads for requests."""
    with worker_threads() as made:
        yield made
