# Everything a developer or a newcomer runs. `make` alone lists it.
# Needs git, make and Python 3.11 or newer with venv; nothing else.

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
.PHONY: help env demo test test-all mutate check docs lock bench bench-page

PYTHON ?= $(shell command -v python3.11 || command -v python3)
BIN := .venv/bin
STAMP := .venv/allelake-environment

help:  ## what can be made
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

env: $(STAMP)  ## the environment in .venv: pinned dependencies, and allelake from this checkout

$(STAMP): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; v = sys.version_info; sys.exit(0 if v >= (3, 11) else f"allelake needs Python 3.11 or newer; $(PYTHON) is {v.major}.{v.minor}. Try: make PYTHON=/path/to/python3.11")'
	$(PYTHON) -m venv --clear .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $(STAMP)

demo: $(STAMP)  ## simulate 1,000 people, ingest them, ask some questions (REBUILD=yes: again)
	@$(BIN)/python -m allelake.demo demo $(if $(REBUILD),--rebuild)

# The last line is pytest's own summary.
test: $(STAMP)  ## the tests, without the slow ones
	@$(BIN)/python -m pytest -q -n 2 --dist loadfile -m "not slow"

test-all: $(STAMP)  ## every test, the slow ones too
	@$(BIN)/python -m pytest -q -n 2 --dist loadfile

mutate: $(STAMP)  ## change the SQL one token at a time, list what no spec notices (long; ONLY=carriers)
	@$(BIN)/python tests/mutate.py $(ONLY)

check: $(STAMP)  ## format, lint, types, and the limits on the length of files and functions
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/python tests/layout/limits.py

docs: $(STAMP)  ## write docs/reference again from the tables, the macros and the commands
	$(BIN)/python docs/generate.py

lock:  ## write requirements.lock again (needs uv)
	uv pip compile --quiet --universal --python-version 3.11 --extra test --generate-hashes \
	  --no-emit-index-url --no-header --no-annotate --output-file requirements.lock pyproject.toml
	uv pip compile --quiet --universal --python-version 3.11 --constraint requirements.lock --generate-hashes \
	  --no-emit-index-url --no-header --no-annotate --output-file benchmarks/requirements.lock benchmarks/requirements.in

bench: .venv/allelake-benchmarks  ## time allelake beside its peers, write docs/benchmarks.md (QUICK=yes: small)
	@$(BIN)/python benchmarks/make_peers.py
	@$(BIN)/python benchmarks/bench.py $(if $(QUICK),--quick)

bench-page: $(STAMP)  ## write docs/benchmarks.md again from its JSON
	@$(BIN)/python benchmarks/report.py

.venv/allelake-benchmarks: $(STAMP) benchmarks/requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r benchmarks/requirements.lock
	@touch $@
