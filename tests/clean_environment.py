"""An environment with this suite's declared dependencies and nothing else, made in a second.

The distributions are linked from the environment that runs the tests: only those that the package's own metadata
asks for, so that an undeclared import fails, and the package itself only as it is installed by the test.
"""

import os
import subprocess
import sys
import venv
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path

from packaging.requirements import Requirement

PACKAGE = "adaptive-xblocks"


def declared_distributions(extras: frozenset[str]) -> dict[str, Distribution]:
    """The installed distributions that `adaptive-xblocks[extras]` needs, directly or not, by their names."""
    found, waiting = {}, [(PACKAGE, extras)]
    seen = set()
    while waiting:
        name, wanted = waiting.pop()
        if (name, wanted) in seen:
            continue
        seen.add((name, wanted))
        try:
            found[name] = distribution(name)
        except PackageNotFoundError as missing:
            raise AssertionError(f"{name} is declared but not installed: run `make test` once") from missing
        for text in found[name].requires or ():
            requirement = Requirement(text)
            if applies(requirement, wanted):
                waiting.append((requirement.name.lower(), frozenset(requirement.extras)))
    del found[PACKAGE]
    return found


def applies(requirement: Requirement, extras: frozenset[str]) -> bool:
    """Whether the requirement holds here when these extras are asked for."""
    marker = requirement.marker
    return marker is None or any(marker.evaluate({"extra": extra}) for extra in (extras or {""}) | {""})


class CleanEnvironment:
    """A virtual environment below `folder`; `python` is its interpreter."""

    def __init__(self, folder: Path, extras: frozenset[str] = frozenset({"demo"})):
        venv.create(folder / "env", with_pip=False, symlinks=True)
        self.folder = folder
        self.python = folder / "env" / "bin" / "python"
        self.site = next((folder / "env" / "lib").glob("python*/site-packages"))
        for dist in declared_distributions(extras).values():
            self._link(dist)

    def _link(self, dist: Distribution) -> None:
        for name in {file.parts[0] for file in dist.files or () if file.parts[0] not in ("..", "__pycache__")}:
            target = self.site / name
            if not target.is_symlink():
                target.symlink_to(Path(dist.locate_file(name)).resolve())

    def install(self, *arguments: str) -> None:
        """`pip install` into this environment, without looking anything up."""
        pip = [sys.executable, "-m", "pip", "--python", str(self.python), "install", "--no-deps", "--no-index"]
        self._run([*pip, "--no-build-isolation", "--quiet", *arguments])

    def run(self, code: str) -> str:
        """What the code prints when it runs here, with nothing of this checkout on the path."""
        return self._run([str(self.python), "-I", "-c", code])

    def _run(self, command: list[str]) -> str:
        empty = self.folder / "empty"
        empty.mkdir(exist_ok=True)
        environment = {"PATH": os.environ["PATH"], "HOME": str(empty), "PYTHONDONTWRITEBYTECODE": "1"}
        run = subprocess.run(
            command, cwd=empty, env=environment, capture_output=True, text=True, timeout=180, check=False,
        )
        assert run.returncode == 0, f"{command[:3]} failed:\n{run.stdout[-2000:]}\n{run.stderr[-4000:]}"
        return run.stdout
