# Everything a contributor runs. `make help` lists the targets; PYTHON chooses the interpreter.
SHELL := /bin/bash
.DEFAULT_GOAL := help

PYTHON ?= python3
PORT ?= 8000
PY_VERSION := $(shell $(PYTHON) -c 'import sys; print("%d.%d" % sys.version_info[:2])' 2>/dev/null)
VENV := .venv-$(PY_VERSION)
BIN := $(VENV)/bin
PYTEST := $(BIN)/python -m pytest
JS_TESTS = $(sort $(shell find tests/js -name '*.test.js' -o -name '*.test.mjs' 2>/dev/null))
# A hung suite must end by itself: `$(call within,SECONDS)` where the system has coreutils' timeout.
within = $(if $(shell command -v timeout),timeout --kill-after=10 $(1))

export PIP_DISABLE_PIP_VERSION_CHECK := 1
export PYTHONDONTWRITEBYTECODE := 1

ifeq ($(PY_VERSION),)
ifneq ($(MAKECMDGOALS),help)
$(error PYTHON=$(PYTHON) does not run. Install Python 3.11 or 3.12, or name one that you have: make test PYTHON=/path/to/python3.12)
endif
endif

.PHONY: help
help: ## list the targets
	@grep -E '^[a-z-]+:.*## ' $(firstword $(MAKEFILE_LIST)) | sed -E 's/:.*## /\t/' | expand -t 20
	@echo; echo "Variables: PYTHON=$(PYTHON) (now $(PY_VERSION)), PORT=$(PORT) (demo)"

.PHONY: install
install: $(VENV)/installed ## make the virtual environment and install everything into it

.PHONY: demo
demo: $(VENV)/installed ## serve the demo topic with three seeded learners
	$(BIN)/python -m adaptive_xblocks.demo --port $(PORT)

.PHONY: test
test: lint test-js test-python test-packaging test-browser ## everything, as CI runs it
	@echo "All suites passed on Python $(PY_VERSION)."

.PHONY: lint
lint: $(VENV)/installed ## ruff
	@echo "== lint"
	$(BIN)/ruff check .

.PHONY: test-python
test-python: $(VENV)/installed ## the Python tests, without browser and packaging
	@echo "== Python tests on Python $(PY_VERSION)"
	$(call within,1500) $(PYTEST) tests --ignore=tests/browser --ignore=tests/test_packaging.py -q $(ARGS)

.PHONY: test-js
test-js: ## the browser logic under Node
	@echo "== JavaScript tests"
	@if ! command -v node >/dev/null; then \
		echo "SKIPPED: the JavaScript tests need Node 20 or newer: https://nodejs.org"; \
		[ -z "$$REQUIRE_ALL_PARTS" ]; \
	elif [ -z "$(JS_TESTS)" ]; then echo "no tests/js/*.test.js yet"; \
	else $(call within,120) node --test --test-reporter=spec $(JS_TESTS); fi

.PHONY: test-packaging
test-packaging: $(VENV)/installed ## build wheel and sdist, install the wheel elsewhere, open a scenario
	@echo "== packaging"
	$(call within,420) $(PYTEST) tests/test_packaging.py -q $(ARGS)

.PHONY: test-browser
test-browser: $(VENV)/installed node_modules/installed chromium ## whole lessons in Chromium, with axe
	@echo "== browser"
	$(call within,1500) $(PYTEST) tests/browser -q $(ARGS)

.PHONY: torture
torture: $(VENV)/installed ## 500 seeds of the storage torture, every guard switched off once, a crowd on real threads
	$(PYTEST) tests/torture -q
	$(BIN)/python -m tools.torture --seeds 1..500
	$(BIN)/python -m tools.torture --mutations
	for database in mariadb_rc mariadb_rr stand_in_sqlite; do \
		$(BIN)/python -m tools.crowd --database $$database || exit 1; \
		$(BIN)/python -m tools.crowd --database $$database --no-lock || exit 1; done

.PHONY: fuzz
fuzz: $(VENV)/installed ## a million runs of the parsers and 100,000 requests per block, all hostile
	@$(BIN)/python -m pip install -qq --editable '.[dev,fuzz]' || echo "atheris cannot be installed here: hypothesis alone"
	$(BIN)/python -m tools.fuzz

.PHONY: benchmark
benchmark: $(VENV)/installed ## print the ratios of benchmarks/ beside their peers (not part of the tests)
	@$(BIN)/python -m pip install -qq 'xblock-drag-and-drop-v2>=5' || echo "xblock-drag-and-drop-v2 cannot be installed here"
	@for program in benchmarks/bench_*.py; do \
		echo "== $$program"; $(BIN)/python "$$program" || exit 1; done

.PHONY: simulate
simulate: $(VENV)/installed ## let simulated learners work through every topic and check how they end (minutes)
	@for program in benchmarks/simulate_*.py; do \
		echo "== $$program"; $(BIN)/python "$$program" || exit 1; done

.PHONY: screenshots
screenshots: $(VENV)/installed chromium ## take docs/images again
	$(BIN)/python -m docs.take_screenshots

.PHONY: translations
translations: $(VENV)/installed ## extract the strings, update and compile every catalogue
	$(BIN)/python -m tools.translations

.PHONY: clean
clean: ## remove what the other targets made, the demo's data included
	rm -rf .venv-* .tox node_modules var build dist *.egg-info .pytest_cache .ruff_cache .hypothesis test-results
	find adaptive_xblocks tests -name __pycache__ -type d -prune -exec rm -rf {} +

# Removed first when its interpreter has gone, so that a moved checkout or an upgraded Python mends itself.
$(VENV)/installed: setup.py
	@echo "== installing adaptive-xblocks and its test tools into $(VENV)"
	@$(BIN)/python -c '' 2>/dev/null || rm -rf $(VENV)
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install -qq --editable '.[dev]'
	@touch $@

node_modules/installed: package-lock.json
	@if command -v npm >/dev/null; then echo "== installing axe-core"; npm ci --silent && touch $@; \
	else echo "SKIPPED: axe-core needs npm (https://nodejs.org); the accessibility checks will be skipped"; fi

.PHONY: chromium
chromium:
	@if [ -n "$$CHROMIUM" ] || command -v chromium chromium-browser google-chrome >/dev/null; then :; \
	elif [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
		echo "== installing Chromium"; \
		apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq chromium >/dev/null; \
	else echo "The browser suite needs Chromium: apt-get install chromium, or name yours: CHROMIUM=/path/to/chrome"; fi
