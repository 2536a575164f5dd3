# What people, CI and a first visitor run. Needs Python 3.11 or newer and GNU make; everything else goes into .venv.
.DEFAULT_GOAL := help
.PHONY: help run test check bench docs screenshots texts setup lock clean

VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check install --quiet --quiet
RUNTIME := $(VENV)/runtime-installed
DEVELOPMENT := $(VENV)/development-installed

help: ## show this list
	@sed -n 's/^\([a-z]*\):[^#]*## \(.*\)/  make \1\t\2/p' Makefile | expand -t 20

run: $(RUNTIME) ## load the demo month, start everything and print the address
	@ASSAY_HOME="$${ASSAY_HOME:-$(CURDIR)/.demo}" $(BIN)/assay demo

test: setup ## all tests, on SQLite and on a real PostgreSQL; ARGS="-k gate" goes to pytest
	@$(BIN)/python tests/run.py $(ARGS)

check: setup ## style, types, architecture and security
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	ASSAY_HOME=$(VENV)/home $(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/bandit --quiet --configfile pyproject.toml --recursive src

bench: setup ## measure what bench/ describes; QUICK=1 takes under two minutes
	QUICK=$(QUICK) $(BIN)/python -m bench

docs: setup ## write the pictures and schemas of docs/ from the code
	$(BIN)/python docs/draw_ladder.py
	$(BIN)/python docs/write_events.py

texts: setup ## collect the texts of the pages for translation and compile them
	$(BIN)/python -m assay.desk.texts

screenshots: setup ## take docs/screenshots/ of every page; ARGS="inbox lead" only those
	$(BIN)/python docs/take_screenshots.py $(ARGS)

setup: $(DEVELOPMENT) ## the environment with tests and checks, from the lock files

# Runs with what PATH has when there is no environment yet.
UV := $(or $(wildcard $(BIN)/uv),uv)
COMPILE := $(UV) pip compile --quiet --no-config --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-emit-find-links --custom-compile-command "make lock" $(ARGS)

lock: ## write the lock files anew; ARGS=--upgrade takes newer versions
	$(COMPILE) requirements.in requirements-build.in --output-file requirements.lock
	$(COMPILE) requirements-dev.in --output-file requirements-dev.lock

clean: ## remove the environment and every cache
	rm -rf $(VENV) .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache build dist
	find bench docs src tests -name __pycache__ -type d -prune -exec rm -rf {} +

$(DEVELOPMENT): $(RUNTIME) requirements-dev.lock
	@echo "Installing what tests and checks need ..."
	@$(PIP) --require-hashes --requirement requirements-dev.lock
	@touch $@

$(RUNTIME): requirements.lock pyproject.toml | $(BIN)/pip
	@echo "Installing Assay into $(VENV) ..."
	@$(PIP) --require-hashes --requirement requirements.lock
	@$(PIP) --no-deps --no-build-isolation --editable .
	@touch $@

$(BIN)/pip:
	@python=$$(for name in $(PYTHON) python3 python3.13 python3.12 python3.11; do \
	    "$$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo "$$name" && break; \
	done); \
	if [ -z "$$python" ]; then \
	    echo "Assay needs Python 3.11 or newer: install it, or name yours with make PYTHON=/path/to/python3." >&2; exit 1; \
	fi; \
	if ! "$$python" -c 'import ensurepip, venv' 2>/dev/null; then \
	    echo "This Python cannot create environments: install its venv package (Debian, Ubuntu: apt install python3-venv)." >&2; exit 1; \
	fi; \
	"$$python" -m venv $(VENV)
