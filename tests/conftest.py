"""What every test shares: Django's settings in a folder of their own, and repeatable hypothesis runs."""

import os
import shutil
import tempfile
import uuid
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

DEMO_DIR = tempfile.mkdtemp(prefix="adaptive-xblocks-tests-")
os.environ["ADAPTIVE_XBLOCKS_DEMO_DIR"] = DEMO_DIR
os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
# Playwright keeps an event loop running in this thread, where Django would refuse its database.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

import django  # noqa: E402

from adaptive_xblocks.demo.languages import make_known_to_django  # noqa: E402

make_known_to_django(Path(DEMO_DIR))
django.setup()
# A demo that a test starts in a process of its own is the demo that people start.
os.environ["DJANGO_SETTINGS_MODULE"] = "adaptive_xblocks.demo.settings"

settings.register_profile(
    "repeatable", deadline=None, derandomize=True, database=None, suppress_health_check=[HealthCheck.too_slow],
)
settings.register_profile("searching", deadline=None, max_examples=1000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "repeatable"))


def pytest_unconfigure():
    """Remove the folder of this run."""
    shutil.rmtree(DEMO_DIR, ignore_errors=True)


def missing_part(reason: str):
    """Skip with a reason, or fail where every real part has to be there (`REQUIRE_ALL_PARTS`, set by CI)."""
    if os.environ.get("REQUIRE_ALL_PARTS"):
        pytest.fail(f"REQUIRE_ALL_PARTS is set, but {reason}")
    pytest.skip(reason)


@pytest.fixture(scope="session")
def workbench():
    """The workbench's tables in an empty database; the same for all tests of a run."""
    from django.core.management import call_command

    call_command("migrate", run_syncdb=True, verbosity=0)


@pytest.fixture
def client(workbench):
    """Django's test client against the demo's addresses."""
    from django.test import Client

    return Client()


@pytest.fixture
def learner() -> str:
    """The id of a learner whom nobody has met yet."""
    return f"learner-{uuid.uuid4().hex[:12]}"
