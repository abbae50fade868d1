# make run and make test each work alone from a clean clone: Python 3.11 or later, make and a package registry.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check
UV := $(BIN)/uv pip install --quiet --python $(BIN)/python
INSTALL = $(if $(wildcard $(BIN)/uv),$(UV),$(PIP))# uv, once it is there, takes a second
LOCK := --no-emit-index-url --no-emit-find-links --no-header --no-annotate --universal --python-version 3.11 --quiet

.PHONY: help run test check docs proof smoke editor page bench lock clean

help: ## what there is to make
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-8s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

$(BIN)/jonbar: requirements.txt pyproject.toml
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(INSTALL) -r requirements.txt
	$(INSTALL) --no-build-isolation --no-deps --editable .
	touch $@

$(VENV)/developed: requirements-dev.txt $(BIN)/jonbar
	$(INSTALL) -r requirements-dev.txt
	touch $@

run: $(BIN)/jonbar ## the Cuban what-if: the United States backs down
	$(BIN)/jonbar run cuba --if backed_down

test: $(VENV)/developed ## laws, oracles and goldens
	$(BIN)/python -m pytest --numprocesses auto --quiet

check: $(VENV)/developed ## the gate: format, lint, types, docs
	$(BIN)/ruff format --check
	$(BIN)/ruff check
	$(BIN)/mypy
	$(BIN)/sphinx-build --quiet --fail-on-warning --keep-going docs .cache/site

docs: $(VENV)/developed ## write what programs write of the pages, and build the site
	$(BIN)/python -m tools.pages
	$(BIN)/sphinx-build --fail-on-warning --keep-going docs site

proof: $(VENV)/developed ## the long statistical suites, the page of proof and twenty thousand damaged files
	$(BIN)/python -m pytest --numprocesses auto tests/proof/statistics
	$(BIN)/python -m tests.proof.page
	$(BIN)/python -m tests.proof.fuzz

smoke: $(VENV)/developed ## the built wheel, installed where nothing else is
	rm -rf .cache/smoke
	$(BIN)/uv build --quiet --wheel --no-build-isolation --python $(BIN)/python --out-dir .cache/smoke
	$(PYTHON) -m venv .cache/smoke/venv
	$(BIN)/uv pip install --quiet --python .cache/smoke/venv/bin/python --constraint requirements.txt .cache/smoke/*.whl
	cd .cache/smoke && venv/bin/jonbar --help && venv/bin/jonbar check cuba && venv/bin/jonbar new smoke && venv/bin/jonbar run smoke.jonbar.yaml --no-store

editor: $(VENV)/developed ## drive an unmodified YAML language server (needs Node 20)
	$(BIN)/python tests/editor/check_editor.py

page: $(VENV)/browsed ## drive the page and the report in Chromium (needs Chromium and Node 20)
	$(BIN)/python -m tests.browser.check_page

$(VENV)/browsed: requirements-browser.txt $(VENV)/developed
	$(INSTALL) -r requirements-browser.txt
	touch $@

bench: $(BIN)/jonbar ## measure beside other programs, in an environment of its own
	test -x benchmarks/.venv/bin/python || $(PYTHON) -m venv benchmarks/.venv
	benchmarks/.venv/bin/python -m pip install --quiet -r benchmarks/requirements.txt -r requirements.txt
	benchmarks/.venv/bin/python -m pip install --quiet --no-build-isolation --no-deps --editable .
	benchmarks/.venv/bin/python -m benchmarks

lock: $(VENV)/developed ## pin anew what is installed
	$(BIN)/uv pip compile $(LOCK) --group build --output-file requirements.txt pyproject.toml
	$(BIN)/uv pip compile $(LOCK) --all-extras --group build --group test --group check --group docs --output-file requirements-dev.txt pyproject.toml
	$(BIN)/uv pip compile $(LOCK) --group browser --output-file requirements-browser.txt pyproject.toml
	$(BIN)/uv pip compile $(LOCK) --output-file benchmarks/requirements.txt benchmarks/requirements.in

clean: ## remove what was made
	rm -rf $(VENV) benchmarks/.venv .cache site dist .mypy_cache .pytest_cache .ruff_cache
