# `make study` or `make test` is all a newcomer needs: each target sets up what it uses in .venv.
PYTHON ?= python3
VENV_PYTHON := .venv/bin/python
# A worker a core; one that runs out of tests takes some of another's. PARALLEL= runs them in one process.
PARALLEL ?= -n auto --maxprocesses 8 --dist worksteal

.PHONY: setup study region test quick postgres check serve bench

setup:
	@$(PYTHON) scripts/bootstrap.py

# The worked example: four towns in Franklin County, Massachusetts, consider a joint police department.
study: setup
	@$(VENV_PYTHON) -m interlocal study examples/franklin-police/case.yaml --out out/franklin-police --packet

# Who could share what with whom: the towns of Franklin County, or make region DATA=FOLDER for a folder of tables.
DATA ?= examples/franklin-region
region: setup
	@$(VENV_PYTHON) -m interlocal scan "$(DATA)" --out out/region

test: setup
	@$(VENV_PYTHON) -m pytest $(PARALLEL)

# Under a minute: everything but the tests marked slow or heavy.
quick: setup
	@$(VENV_PYTHON) -m pytest $(PARALLEL) -m "not slow and not heavy"

# The workbench's tests on PostgreSQL, which start a cluster of their own; with ONLY= the slow ones as well.
ONLY ?= -m "not slow"
postgres: setup
	@INTERLOCAL_TEST_DATABASE=postgresql $(VENV_PYTHON) -m pytest $(PARALLEL) tests/web $(ONLY)

check: setup
	@$(VENV_PYTHON) -m ruff check
	@$(VENV_PYTHON) -m ruff format --check
	@$(VENV_PYTHON) -m mypy

# The workbench in the browser, with the worked example; it prints the link for the first account.
serve: setup
	@$(VENV_PYTHON) -m interlocal serve --data out/workbench

# Runs every benchmarks/bench_*.py and writes benchmarks/RESULTS.md.
bench: setup
	@$(VENV_PYTHON) benchmarks/run.py
