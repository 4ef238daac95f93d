# isek-portal. On a fresh machine with Python 3.11+ (with venv), git and make, two commands do everything:
#   make demo    and    make test
PYTHON ?= python3
CITY   ?= musterstadt
PORT   ?= 8050
ROWS   ?=
# One more than cores: tests often wait for servers, browsers and runs they started.
TESTERS ?= $(shell $(PYTHON) -c 'import os; print(min(4, 1 + (os.cpu_count() or 1)))')
VIEWERS ?= 200
BENCH_CITY ?= var/bench-city
OUT    ?= var/pictures
VENV   := .venv
BIN    := $(VENV)/bin
STAMP  := $(VENV)/.ready

.DEFAULT_GOAL := help
.PHONY: help setup demo test faults bench-ingest bench-serve figures check fmt picture pictures clean

help: ## show this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 16

setup: $(STAMP) ## create .venv and install the pinned versions (quick when nothing changed)

$(STAMP): pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed; name it with: make $(MAKECMDGOALS) PYTHON=python3.11"; exit 2; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { echo "Python has no venv; on Debian: apt install python3-venv"; exit 2; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@echo "Installing the pinned versions into $(VENV) (once, about a minute) ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev]'
	@touch $(STAMP)

demo: setup ## write the example city, refresh it, serve it on localhost (PORT=8050, CITY=musterstadt)
	@exec $(BIN)/isek demo $(CITY) --port $(PORT)

test: setup ## run all tests (browser and database tests where Chromium, PostgreSQL and MariaDB are present)
	@$(BIN)/python -m pytest -n $(TESTERS) --dist loadgroup --no-loadscope-reorder \
		-o faulthandler_timeout=1500 -o faulthandler_exit_on_timeout=true

faults: setup ## run the long fault tests of the night tier (kills, 50 of 250 broken sources); takes hours
	@$(BIN)/python -m pytest -m night

bench-ingest: setup ## measure loading against COPY, pandas and DuckDB (needs PostgreSQL; ROWS=5000000)
	@$(BIN)/python -m tests.bench.ingest --rows $(or $(ROWS),5000000)

bench-serve: setup ## measure serving many people (ROWS=50000000, VIEWERS=200; keeps its city in BENCH_CITY)
	@$(BIN)/python -m tests.bench.serve --rows $(or $(ROWS),50000000) --viewers $(VIEWERS) --folder $(BENCH_CITY)

figures: setup ## write docs/figures.md from a fresh example city
	@$(BIN)/python -m tests.shown_figures docs/figures.md

check: setup ## lint, formatting, types and import contracts
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports

fmt: setup ## format the code and sort the imports
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

picture: setup ## make docs/start.png for the README from a fresh example city (needs Chromium)
	@$(BIN)/python -m tests.browser.picture docs/start.png

pictures: setup ## make a picture of every page, wide, dark, tablet, phone and printed (OUT=var/pictures)
	@$(BIN)/python -m tests.browser.pictures $(OUT)

clean: ## remove the environment and caches, never a city folder
	@rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis build *.egg-info
