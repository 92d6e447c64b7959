# Two commands on a fresh machine: `make run` and `make test` do all the set-up and all the work.
SHELL := /bin/bash
.DEFAULT_GOAL := help
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP_INSTALL := $(BIN)/pip install --quiet --disable-pip-version-check --require-hashes --no-deps -r

export DAGSTER_DISABLE_TELEMETRY := yes
export DBT_SEND_ANONYMOUS_USAGE_STATS := false
export DO_NOT_TRACK := 1
export GX_ANALYTICS_ENABLED := false

.PHONY: help
help: ## show the commands
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

.PHONY: run
run: $(VENV)/.installed ## set up, build the demo workspace end to end, and say what came out
	$(BIN)/python -m demo.generate --if-absent
	@# Status 1 is right for the demo: its planted errors were held back, and all else was published.
	$(BIN)/outturn --workspace demo run || test $$? -eq 1

.PHONY: test
test: $(VENV)/.installed-dev ## set up, then run every test
	$(BIN)/python -m pytest tests -n auto --dist loadfile

.PHONY: lint
lint: $(VENV)/.installed-dev ## style of Python and SQL
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/sqlfluff lint dbt_project/models --processes 2

.PHONY: types
types: $(VENV)/.installed-dev ## type check
	$(BIN)/mypy

.PHONY: dev
dev: $(VENV)/.installed ## the Dagster UI over the demo workspace, on loopback
	$(BIN)/outturn --workspace demo dev

.PHONY: lock
lock: ## resolve the dependencies anew (needs uv)
	uv pip compile pyproject.toml --group build --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header -q -o requirements.lock
	uv pip compile pyproject.toml --group build --group dev -c requirements.lock --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header -q -o requirements-dev.lock

.PHONY: clean
clean: ## remove everything that was built, but no landed file
	rm -rf $(VENV) dbt_project/target demo/.outturn/warehouse

$(VENV)/bin/python:
	$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' \
	  || { echo "Outturn needs Python 3.11, 3.12 or 3.13; call: make PYTHON=/path/to/python3.11 ..." >&2; exit 2; }
	$(PYTHON) -m venv $(VENV)

# pip writes the byte code while it installs: without it, every later start would pay for it.
$(VENV)/.installed: requirements.lock pyproject.toml | $(VENV)/bin/python
	@echo "Setting up (once, about a minute) …"
	$(PIP_INSTALL) requirements.lock
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.installed-dev: requirements-dev.lock pyproject.toml | $(VENV)/bin/python
	@echo "Setting up with the tools for tests (once, about a minute) …"
	$(PIP_INSTALL) requirements-dev.lock
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@ $(VENV)/.installed
