"""Where a command runs: in Tutor's containers, beside Tutor, in an LMS or Studio, in a workbench, or in none of them;
and what one types there."""

from __future__ import annotations

import re
import shlex
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from adaptive_xblocks.cli.findings import OK, PROBLEM, WARNING, Finding

PACKAGE = "adaptive-xblocks"
SETTINGS = "DJANGO_SETTINGS_MODULE"
LMS, STUDIO, WORKBENCH = "lms", "cms", "workbench"
SUBJECT = "Platform"
_WORKBENCH_SETTINGS = ("adaptive_xblocks.demo.settings", "workbench.settings")
_REQUIREMENTS = re.compile(r"^OPENEDX_EXTRA_PIP_REQUIREMENTS:(.*(?:\n(?:[ \t]+.*|-.*|#.*|))*)", re.MULTILINE)
_OURS = re.compile(r"adaptive[-_]xblocks", re.IGNORECASE)
_APPEND = "tutor config save --append 'OPENEDX_EXTRA_PIP_REQUIREMENTS={}'"
_PLUGIN = ("name: adaptive_xblocks", "version: 1.0.0", "patches:", "  openedx-common-settings: |")
_BUILD = ("tutor images build openedx", "tutor local reboot -d")


@dataclass(frozen=True, slots=True)
class Place:
    """`service` is lms, cms, workbench or "" for none; `in_tutor`: inside a container of Tutor's; `tutor_config`: the
    configuration of the Tutor that is on this machine, if there is one."""

    service: str = ""
    in_tutor: bool = False
    tutor_config: Path | None = None

    @property
    def name(self) -> str:
        """The place in one word, for programs."""
        if self.in_tutor:
            return f"tutor-{self.service or LMS}"
        return self.service or ("tutor-host" if self.tutor_config else "none")

    @property
    def is_site(self) -> bool:
        """True where learners or authors are served: in an LMS or in Studio."""
        return self.service in (LMS, STUDIO)

    def install(self, requirement: str = PACKAGE) -> tuple[str, ...]:
        """How to install a requirement here: into Tutor's image, else into this environment."""
        if self.in_tutor:
            return (_APPEND.format(requirement), *_BUILD)
        return (f"{sys.executable} -m pip install '{requirement}'",)

    def collect(self) -> tuple[str, ...]:
        """How to collect the static files."""
        return _BUILD if self.in_tutor else (f"./manage.py {self.service or LMS} collectstatic --noinput",)

    def set(self, setting: str) -> tuple[str, ...]:
        """How to put a line into the settings: a plugin of Tutor's, or the line itself."""
        if not self.in_tutor:
            return (f"{setting}  # in the settings of the LMS and of Studio",)
        lines = " ".join(map(shlex.quote, (*_PLUGIN, f"    {setting}")))
        return (f"printf '%s\\n' {lines} > \"$(tutor plugins printroot)/adaptive_xblocks.yml\"",
                "tutor plugins enable adaptive_xblocks", "tutor local reboot -d")

    def again(self) -> tuple[str, ...]:
        """How to ask again where the answer counts."""
        service = self.service or LMS
        module = f"{service}.envs.{'tutor.' if self.in_tutor else ''}production"
        return (f"{SETTINGS}={module} SERVICE_VARIANT={service} {PACKAGE} doctor",)


def find_place(environ: Mapping[str, str], root: Path = Path("/"), home: Path | None = None) -> Place:
    """Where this process runs, as its environment and a few well-known folders say."""
    module = environ.get(SETTINGS, "")
    service = next((one for one in (LMS, STUDIO) if module.startswith(f"{one}.")), "")
    if module in _WORKBENCH_SETTINGS:
        service = WORKBENCH
    in_tutor = (root / "openedx" / "edx-platform").is_dir()
    if not service and not module and (in_tutor or _is_importable("lms")):
        variant = environ.get("SERVICE_VARIANT", LMS)
        service = variant if variant in (LMS, STUDIO) else LMS
    return Place(service, in_tutor, None if in_tutor else _tutor_config(environ, home or Path.home()))


def _is_importable(module: str) -> bool:
    try:
        spec = find_spec(module)
    except (ImportError, ValueError):
        return False
    return spec is not None and spec.origin is not None  # a mere folder of that name is none


def _tutor_config(environ: Mapping[str, str], home: Path) -> Path | None:
    folders = [home / ".local" / "share" / "tutor", home / "Library" / "Application Support" / "tutor"]
    if environ.get("TUTOR_ROOT"):
        folders = [Path(environ["TUTOR_ROOT"])]
    return next((one / "config.yml" for one in folders if (one / "config.yml").is_file()), None)


def platform_findings(place: Place) -> list[Finding]:
    """Where this is, and where else one has to look."""
    if place.in_tutor:
        other = STUDIO if place.service == LMS else LMS
        return [Finding(OK, SUBJECT, f"Tutor's container of {_title(place.service)}. That of {_title(other)} is "
                        f"another: tutor local run {other} {PACKAGE} doctor")]
    if place.is_site:
        return [Finding(OK, SUBJECT, f"{'Studio' if place.service == STUDIO else 'An LMS'}, without Tutor.")]
    if place.service == WORKBENCH:
        return [Finding(OK, SUBJECT, "xblock-sdk's workbench.")]
    if place.tutor_config:
        return [_tutor_host(place.tutor_config)]
    return [Finding(OK, SUBJECT, "No LMS, Studio or workbench is set up here.")]


def _tutor_host(config: Path) -> Finding:
    """The machine on which Tutor runs: is the package among what its image is built with? Nothing else of the file,
    which holds passwords, is looked at."""
    try:
        listed = _REQUIREMENTS.search(config.read_text(encoding="utf-8", errors="replace"))
    except OSError as error:
        return Finding(WARNING, SUBJECT, f"Tutor's config.yml cannot be read ({told_os(error)}).",
                       ("tutor config printvalue OPENEDX_EXTRA_PIP_REQUIREMENTS",))
    lines = [line.partition(" #")[0] for line in listed.group(1).splitlines()] if listed else []
    if not any(_OURS.search(line) for line in lines if not line.lstrip().startswith("#")):
        return Finding(PROBLEM, SUBJECT, "The machine of a Tutor site, whose image is built without "
                       f"{PACKAGE}: OPENEDX_EXTRA_PIP_REQUIREMENTS does not name it.",
                       (_APPEND.format(PACKAGE), *_BUILD))
    return Finding(OK, SUBJECT, f"The machine of a Tutor site, whose image is built with {PACKAGE}. What learners "
                   "meet is in its containers: ask there.",
                   tuple(f"tutor local run {service} {PACKAGE} doctor" for service in (LMS, STUDIO)))


def told_os(error: OSError) -> str:
    """Why a file could not be used."""
    return error.strerror or type(error).__name__


def _title(service: str) -> str:
    return "Studio" if service == STUDIO else "the LMS"
