# Two commands: `make run` and `make test`. Both set up what they need; a second start takes seconds.
PY ?= python3
VENV := .venv
BIN := $(VENV)/bin
# uv is quick; where it does not reach the registry that pip is set up for, pip does the same.
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes
STAMP := $(VENV)/.duban-$(shell cat requirements-dev.lock pyproject.toml | cksum | cut -d' ' -f1)

.PHONY: run test conformance prove setup frontend browser check format lock

run: setup frontend
	$(BIN)/duban serve --demo

test: setup frontend browser check
	$(BIN)/pytest -n 2 --dist loadgroup
	cd frontend && PATH="$(CURDIR)/$(BIN):$$PATH" $(CURDIR)/$(BIN)/python ../scripts/build_frontend.py --test

# The public DMN conformance kit, which is not part of this repository: one line a case, as the kit's own runners print.
conformance: setup
	test -n "$(KIT)" || { echo "Say where the kit is: make conformance KIT=folder" >&2; exit 2; }
	$(BIN)/python scripts/conformance.py $(KIT)

prove: setup frontend
	$(BIN)/pytest -n 2 --prove tests/prove

check:
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports --no-cache
	$(BIN)/mypy

setup: $(STAMP)

$(STAMP):
	test -x $(BIN)/python || $(PY) -m venv $(VENV)
	$(PIP) -r requirements-uv.lock
	$(BIN)/uv pip install --quiet --python $(BIN)/python --require-hashes -r requirements-dev.lock || $(PIP) -r requirements-dev.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	rm -f $(VENV)/.duban-* && touch $@

frontend: setup
	$(BIN)/python scripts/build_frontend.py

browser: setup
	$(BIN)/python scripts/find_browser.py

format: setup
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

lock: setup
	$(BIN)/uv pip compile --quiet --python-version 3.11 --generate-hashes --no-header requirements.in -o requirements.lock
	$(BIN)/uv pip compile --quiet --python-version 3.11 --generate-hashes --no-header requirements-dev.in -o requirements-dev.lock
