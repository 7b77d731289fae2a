"""What the tests of the command line share: running it as people do."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def command(tmp_path):
    """Run `adaptive-xblocks …` in a process of its own, in an empty folder, without a site's settings."""
    def run(*arguments, environ=None, **options):
        base = {key: value for key, value in os.environ.items()
                if key not in ("DJANGO_SETTINGS_MODULE", "SERVICE_VARIANT", "TUTOR_ROOT", "NO_COLOR", "COLUMNS")}
        base |= {"PYTHONPATH": str(ROOT), "HOME": str(tmp_path / "home"), "PYTHONDONTWRITEBYTECODE": "1"}
        return subprocess.run(
            [sys.executable, "-m", "adaptive_xblocks.cli", *map(str, arguments)], cwd=tmp_path, timeout=120,
            env=base | (environ or {}), check=False, text=True,
            **{"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, **options})

    return run
