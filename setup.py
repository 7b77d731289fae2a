"""Packaging of the adaptive XBlocks.

The data folders lie inside the package and are linked at the top level, so that every kind of install carries
them: `pip install .`, `-e .`, wheel, sdist and a plain checkout.
"""

import re
from pathlib import Path

from setuptools import find_packages, setup

HERE = Path(__file__).parent
PACKAGE = "adaptive_xblocks"
DATA = ("templates/**/*", "static/**/*", "translations/**/*", "workbench_scenarios/**/*")

# fs, a dependency of XBlock's Django extra, still imports pkg_resources, which setuptools 81 began to drop.
# Django as Open edX has it: the workbench and the tests run on what the platform runs on.
DEMO = ["Django>=4.2,<6", "XBlock[django]>=5.1", "xblock-sdk>=0.14", "setuptools>=70.1,<81"]
TRANSLATIONS = ["Babel>=2.14"]
# PyMySQL stands in for mysqlclient, which needs a compiler.
TEST = [*DEMO, *TRANSLATIONS, "pytest>=8", "hypothesis>=6.100", "playwright>=1.45", "build>=1.2", "PyMySQL>=1.1"]
LINT = ["ruff>=0.6"]
FUZZ = ["atheris>=3; sys_platform == 'linux'"]


def version():
    """The version, read without importing the package (its dependencies may not be installed yet)."""
    source = (HERE / PACKAGE / "__init__.py").read_text(encoding="utf-8")
    return re.search(r'^__version__ = "([^"]+)"', source, re.MULTILINE).group(1)


setup(
    name="adaptive-xblocks",
    version=version(),
    description="Adaptive problem sets, hint tutoring and recommendations for Open edX.",
    long_description=(HERE / "README.md").read_text(encoding="utf-8"),
    long_description_content_type="text/markdown",
    license="Apache-2.0",
    license_files=["LICENSE"],
    keywords=["Open edX", "XBlock", "adaptive learning", "knowledge tracing", "intelligent tutoring"],
    classifiers=[
        "Environment :: Web Environment",
        "Framework :: Django",
        "Framework :: Django :: 4.2",
        "Framework :: Django :: 5.2",
        "Intended Audience :: Education",
        "Programming Language :: Python :: 3.11",
        "Programming Language :: Python :: 3.12",
    ],
    python_requires=">=3.11",
    install_requires=[
        "Django>=4.2",
        "XBlock>=5.1",
        "edx-opaque-keys",
        "latex2mathml>=3.77",
        "lxml>=5",
        "mpmath>=1.3",
        "nh3>=0.2.15",
        "numpy>=1.26",
        "pint>=0.23",
        "rapidfuzz>=3",
        "regex>=2024.5",
        # From 6.2 on (Python >= 3.12) XBlock contains web_fragments: with both installed, two owners of one file.
        'web-fragments; python_version < "3.12"',
    ],
    extras_require={
        "demo": DEMO,
        "test": TEST,
        "lint": LINT,
        "fuzz": FUZZ,
        "translations": TRANSLATIONS,
        "dev": [*TEST, *LINT],
    },
    packages=find_packages(include=[PACKAGE, f"{PACKAGE}.*"]),
    package_data={PACKAGE: list(DATA), f"{PACKAGE}.demo": ["templates/**/*"]},
    entry_points={
        "xblock.v1": [
            f"adaptive_problem_set = {PACKAGE}.problem_set:AdaptiveProblemSetBlock",
        ],
        "console_scripts": [
            f"adaptive-xblocks = {PACKAGE}.cli.__main__:main",
        ],
    },
    zip_safe=False,
)
