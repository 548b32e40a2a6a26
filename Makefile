# `make demo` and `make test` work on a fresh machine with Python 3.11 or newer.
PYTHON ?= python3
RUN = .venv/bin
PIP = $(RUN)/python -m pip install --quiet --disable-pip-version-check

.PHONY: demo test check fix bench draw lock style layers types templates messages

.venv/bin/python:
	$(PYTHON) -m venv .venv

.venv/product: requirements.lock | .venv/bin/python
	$(PIP) --require-hashes --requirement requirements.lock
	$(PIP) --no-deps --no-build-isolation --editable .
	touch $@

.venv/workshop: requirements-dev.lock | .venv/bin/python
	$(PIP) --require-hashes --requirement requirements-dev.lock
	$(PIP) --no-deps --no-build-isolation --editable .
	touch $@ .venv/product

demo: .venv/product        ## a clinic with made-up patients, in the browser
	$(RUN)/lysglimt demo

test: .venv/workshop        ## the whole test suite
	$(RUN)/coverage run -m pytest
	$(RUN)/coverage report
	$(RUN)/coverage report --include='*/knowledge/*' --fail-under=100

check: style layers types templates test   ## everything CI checks, quickest first

style: .venv/workshop
	$(RUN)/ruff format --check .
	$(RUN)/ruff check .

layers: .venv/workshop
	$(RUN)/lint-imports

types: .venv/workshop
	$(RUN)/mypy

templates: .venv/workshop
	$(RUN)/djlint src --check --lint --quiet

fix: .venv/workshop
	$(RUN)/ruff check --fix .
	$(RUN)/ruff format .
	$(RUN)/djlint src --reformat --quiet
