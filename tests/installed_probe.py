"""Run inside a clean environment: open the suite's scenarios in the workbench, print what was found as JSON."""

import json
import os
import re
import subprocess
import sys
import tempfile
from importlib.resources import files
from pathlib import Path

os.environ["ADAPTIVE_XBLOCKS_DEMO_DIR"] = tempfile.mkdtemp()
os.environ["DJANGO_SETTINGS_MODULE"] = "adaptive_xblocks.demo.settings"

import django

django.setup()

from django.core.management import call_command
from django.test import Client
from xblock.core import XBlock

from adaptive_xblocks.demo.views import our_scenarios

FOLDERS = ("templates", "static", "translations", "workbench_scenarios")
FORBIDDEN = (
    "templates/{template}", "workbench_scenarios/{scenario}", "static/../templates/{template}",
    "public/../../templates/{template}", "public/../../workbench_scenarios/{scenario}", "public/../../problem_set.py",
)


def data_files() -> list[str]:
    """Every data file as the installed package offers it, relative to the package."""
    found, waiting = [], [(name, files("adaptive_xblocks") / name) for name in FOLDERS]
    while waiting:
        name, entry = waiting.pop()
        if entry.is_dir():
            waiting.extend((f"{name}/{child.name}", child) for child in entry.iterdir())
        elif entry.is_file():
            found.append(name)
    return sorted(found)


def pages(client) -> dict:
    """The status and size of each scenario's page and of every asset that it names."""
    found = {}
    for scenario_id, title in our_scenarios():
        for address in (f"/learn/{scenario_id}/", f"/scenario/{scenario_id}/"):
            response = client.get(address, {"student": "probe"})
            text = response.content.decode()
            found[address] = {"status": response.status_code, "title": title, "text": text}
            for asset in re.findall(r"""(?:src|href)=['"](/(?:static|resource)/[^'"]+)""", text):
                found[asset] = {"status": client.get(asset).status_code}
    return found


def reachable_secrets(names: list[str]) -> list[str]:
    """Which of the private data files `open_local_resource` gives out."""
    template = next((name.partition("/")[2] for name in names if name.startswith("templates/")), "none")
    scenario = next((name.partition("/")[2] for name in names if name.startswith("workbench_scenarios/")), "none")
    block, reachable = XBlock.load_class("adaptive_problem_set"), []
    for pattern in FORBIDDEN:
        uri = pattern.format(template=template, scenario=scenario)
        try:
            block.open_local_resource(uri)
        except Exception:
            continue
        reachable.append(uri)
    return reachable


def commands() -> dict:
    """What the console script says, run as a program."""
    script, scenarios = Path(sys.executable).with_name("adaptive-xblocks"), files("adaptive_xblocks") / FOLDERS[-1]
    found = {}
    for arguments in (["--version"], ["check", str(scenarios)], ["doctor"]):
        run = subprocess.run([script, *arguments], capture_output=True, text=True, timeout=120, check=False)
        found[arguments[0]] = {"status": run.returncode, "text": run.stdout + run.stderr}
    return found


call_command("migrate", run_syncdb=True, verbosity=0)
names = data_files()
print(json.dumps({"files": names, "pages": pages(Client()), "secrets": reachable_secrets(names),
                  "commands": commands()}))
