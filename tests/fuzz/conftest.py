"""Fixtures of the block and browser tests, for attacks on whole pages."""

from tests.blocks.conftest import play
from tests.browser.conftest import browser, local_site

__all__ = ["browser", "local_site", "play"]
