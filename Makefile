# Two commands matter: make app and make test. Both need only python3, make and a package index.

PYTHON ?= python3
python := .venv/bin/python
install := $(python) -m pip install --disable-pip-version-check --no-input -c constraints.txt

.DELETE_ON_ERROR:
.PHONY: help app test lint format eval bench audit clean browser

help:  ## say what there is to make
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/make \1	\2/p' Makefile

app: .venv/.app  ## install, take in the filings in seeds/ and open the page on http://localhost:8501
	.venv/bin/footnote ingest seeds
	.venv/bin/footnote serve

test: browser lint .venv/.litellm  ## install the test tools, check style and types, run every test
	$(python) -m pytest

lint: .venv/.dev  ## check style, layout and types
	$(python) -m ruff check .
	$(python) -m ruff format --check .
	$(python) -m mypy

format: .venv/.dev  ## lay the code out, and mend what ruff can mend by itself
	$(python) -m ruff check --fix .
	$(python) -m ruff format .

eval: .venv/.app  ## measure how good the answers are
	.venv/bin/footnote eval

bench: .venv/.app  ## measure how fast they come
	.venv/bin/footnote bench

audit: .venv/.made  ## ask PyPI for known weaknesses of all that is pinned; where it does not answer, say so
	$(python) -m scripts.audit

clean:  ## remove .venv and every cache; the library of filings stays
	rm -rf .venv build dist *.egg-info .mypy_cache .pytest_cache .ruff_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

browser:
	@sh scripts/browser_for_tests.sh

# Stamps inside .venv say what is installed there. Each follows the one before it, so that make -j never runs two pips.

.venv/.litellm: .venv/.dev scripts/litellm.txt scripts/litellm_for_tests.sh
	@sh scripts/litellm_for_tests.sh

.venv/.dev: .venv/.app
	$(install) -e '.[dev]'
	@touch $@

.venv/.app: .venv/.made pyproject.toml constraints.txt
	@echo "Installing Footnote into .venv; the first time takes some minutes."
	$(install) -e .
	@touch $@

.venv/.made:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo "Footnote needs Python 3.11 or newer; $(PYTHON) is `$(PYTHON) --version 2>&1`." \
			"Name a newer one: make app PYTHON=python3.11" >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { \
		echo "$(PYTHON) cannot make an environment: its venv module is missing." \
			"On Debian and Ubuntu: apt install python3-venv" >&2; exit 1; }
	$(PYTHON) -m venv .venv
	@pwd > $@

# A folder that was moved or copied keeps its old path inside .venv, and would run the code that lies there.
ifneq "$(shell cat .venv/.made 2>/dev/null)" "$(shell pwd)"
.PHONY: .venv/.made
endif
