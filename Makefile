# `make demo` and `make test` work on a fresh machine with Python 3.11 or newer.
PYTHON ?= python3
RUN = .venv/bin
PIP = $(RUN)/python -m pip install --quiet --disable-pip-version-check
# One more than the cores of the smallest machine: whoever waits for a browser lets others work.
JOBS ?= 3
# What Python compiles is kept, whatever the shell says: a test starts many a command.
unexport PYTHONDONTWRITEBYTECODE
PROMISES = $(filter-out __init__ conditions,$(basename $(notdir $(wildcard benchmarks/*.py))))
# A module stays in one process: what its tests share is made once. The longest begin first.
SPREAD = --numprocesses $(JOBS) --dist loadfile --no-loadscope-reorder
PYTEST = $(RUN)/python -m pytest
# Where a test may use the database: the others need not be gathered again (tests/conftest.py holds it).
STORING = $(addprefix tests/,clinic exchange faults server test_databases.py)

LONG = HYPOTHESIS_PROFILE=long LYSGLIMT_LONG=true

.PHONY: help demo test fuzz test-long check gates fix bench lock lock-check draw draw-check screenshot pictures
.PHONY: style layers types templates migrations messages secure

help:                      ## these lines
	@sed -n 's/^\([a-z-]*\):[^#]*## /\1|/p' $(MAKEFILE_LIST) | column -t -s '|'

.venv/bin/python:
	$(PYTHON) tools/machine.py venv
	$(PYTHON) -m venv .venv

.venv/product: requirements.lock | .venv/bin/python
	$(PIP) --require-hashes --requirement requirements.lock
	$(PIP) --no-deps --no-build-isolation --editable .
	touch $@

.venv/workshop: requirements-dev.lock | .venv/bin/python
	$(PIP) --require-hashes --requirement requirements-dev.lock
	$(PIP) --no-deps --no-build-isolation --editable .
	touch $@ .venv/product

.venv/long: requirements-long.lock .venv/workshop
	$(PIP) --require-hashes --requirement requirements-long.lock
	touch $@

demo: .venv/product        ## a clinic with made-up patients, in the browser
	$(RUN)/lysglimt demo

test: .venv/workshop       ## the whole test suite, storage on SQLite and on PostgreSQL
	$(RUN)/python tools/machine.py
	$(PYTEST) -p tests.counting $(SPREAD) -m "not fuzz"
	LYSGLIMT_TEST_DATABASE=postgresql $(PYTEST) -p tests.asked $(SPREAD) $(STORING) -m "storage and not anywhere and not journey and not fuzz"
	$(RUN)/python -m tools.covered

fuzz: .venv/workshop       ## a hundred hostile requests to each address, every door knocked at, five kills under 2,000 entries
	$(PYTEST) --numprocesses $(JOBS) --dist worksteal -m fuzz tests/faults

test-long: .venv/long       ## the second ring: the same, with far more examples for every property
	$(RUN)/python tools/machine.py
	$(LONG) $(PYTEST) --numprocesses $(JOBS) --dist worksteal
	LYSGLIMT_TEST_DATABASE=postgresql $(LONG) $(PYTEST) $(SPREAD) $(STORING) -m "storage and not anywhere and not journey and not fuzz"

check: gates test fuzz     ## everything CI checks, quickest first

gates: style layers lock-check types templates migrations draw-check secure

style: .venv/workshop
	$(RUN)/ruff format --check .
	$(RUN)/ruff check .

layers: .venv/workshop
	$(RUN)/lint-imports

types: .venv/workshop
	$(RUN)/mypy

templates: .venv/workshop
	$(RUN)/djlint src --check --lint --quiet

migrations: .venv/workshop # every change of a model has its migration
	LYSGLIMT_DATABASE=sqlite://:memory: $(RUN)/python -m django makemigrations --check --dry-run \
	  --settings=tests.settings

fix: .venv/workshop        ## what a tool can put right
	$(RUN)/ruff check --fix .
	$(RUN)/ruff format .
	$(RUN)/python -m tools.glossary
	$(RUN)/djlint src --reformat --quiet

bench: .venv/workshop      ## every promise about speed, beside its peer or limit
	for promise in $(PROMISES); do $(RUN)/python -m benchmarks.$$promise || exit 1; done

draw: .venv/workshop       ## docs/drawn, the OpenAPI, the bill of materials, from the code
	$(RUN)/python -m tools.draw

draw-check: .venv/workshop
	$(RUN)/python -m tools.draw --check

secure: .venv/workshop     # no known-dangerous call, no licence that may not be here
	$(RUN)/bandit --quiet --recursive src --severity-level medium
	$(RUN)/python -m tools.packages

messages: .venv/workshop   ## the catalogues of the screens' texts, and their compiled form
	$(RUN)/python -m tools.messages

screenshot: .venv/workshop ## retake the picture in the README from the demo
	$(RUN)/python -m tools.screenshot docs/screenshot.png

pictures: .venv/workshop   ## retake the pictures of the handbook from the demo
	$(RUN)/python -m tools.pictures docs/handbook/pictures

lock: .venv/workshop       ## choose versions anew, within pyproject.toml, and write their hashes
	$(PIP) uv
	$(RUN)/python -m tools.lock

lock-check: .venv/workshop # the lock belongs to this pyproject.toml
	$(RUN)/python -m tools.lock --check
