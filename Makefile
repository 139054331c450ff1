# make run    install, ingest samples/, show the events found
# make test   install with test tools, run all tests
# make check  formatting, lint, types, import layers
# make clean  remove everything made here, the store of `make run` too

# The first interpreter that really runs and is one of those procnews is made for; name another with make PYTHON=...
FITS := import ensurepip, sys, venv; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))
PYTHON ?= $(shell for name in python3 python3.13 python3.12 python3.11; do $$name -c '$(FITS)' 2>/dev/null && echo $$name && break; done)
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
	@$(BIN)/ruff format --check --quiet --output-format concise . || { echo "ruff format would change files; run $(BIN)/ruff format ." >&2; exit 1; }
	@$(BIN)/ruff check --quiet .
	@$(BIN)/mypy --no-error-summary
	@$(BIN)/lint-imports --no-logo
	@echo "format, lint, types and import layers are fine"

clean:
	rm -rf .venv build dist *.egg-info .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis $(DATA)
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

.venv/bin/pip:
	@test -n "$(PYTHON)" || { echo "no Python 3.11, 3.12 or 3.13 with venv found; name one with make PYTHON=..." >&2; exit 1; }
	@"$(PYTHON)" -m venv .venv

.venv/installed: .venv/bin/pip pyproject.toml requirements.lock
	@echo "installing procnews into .venv (about a minute the first time)"
	@$(INSTALL) .
	@touch $@

.venv/installed-for-tests: .venv/bin/pip pyproject.toml requirements.lock
	@echo "installing procnews and its test tools into .venv (about a minute the first time)"
	@$(INSTALL) '.[test,dev]'
	@touch .venv/installed $@
