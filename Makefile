# make run    install, ingest samples/, show the events found
# make test   install with test tools, run all tests
# make check  formatting, lint, types, import layers
# make clean  remove everything made here, the store of `make run` too

PYTHON ?= $(shell for name in python3.13 python3.12 python3.11 python3; do command -v $$name && break; done)
DATA ?= .procnews
BIN := .venv/bin
# Quiet: only errors. The versions are those of requirements.lock, so that every checkout runs the same.
INSTALL := PIP_DISABLE_PIP_VERSION_CHECK=1 $(BIN)/pip install -qq --constraint requirements.lock --editable

.PHONY: run test check clean

run: .venv/installed
	@$(BIN)/procnews ingest samples --data $(DATA)

test: .venv/installed-for-tests
	@$(BIN)/python -m pytest

check: .venv/installed-for-tests
	@$(BIN)/ruff format --check --quiet . || { echo "ruff format would change files; run $(BIN)/ruff format ."; exit 1; }
	@$(BIN)/ruff check --quiet .
	@$(BIN)/mypy --no-error-summary
	@$(BIN)/lint-imports --no-logo
	@echo "format, lint, types and import layers are fine"

clean:
	rm -rf .venv build dist *.egg-info .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis $(DATA)
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

.venv/bin/pip:
	@"$(PYTHON)" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "procnews needs Python 3.11 or later; name one with make PYTHON=..."; exit 1; }
	@"$(PYTHON)" -m venv .venv

.venv/installed: .venv/bin/pip pyproject.toml requirements.lock
	@echo "installing procnews into .venv (about a minute the first time)"
	@$(INSTALL) .
	@touch $@

.venv/installed-for-tests: .venv/bin/pip pyproject.toml requirements.lock
	@echo "installing procnews and its test tools into .venv (about a minute the first time)"
	@$(INSTALL) '.[test,dev]'
	@touch .venv/installed $@
