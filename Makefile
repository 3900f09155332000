# The commands of the project: shorthands, which `make help` lists. README.md says how to do without.
PYTHON ?= python3
STUDY  ?= data
OUT    ?= site
# Folder of the stored source texts, one <source_id>.txt a source. They are not part of the project.
TEXTS  ?=

VENV := .venv
BIN  := $(VENV)/bin
WITH_TEXTS := $(if $(TEXTS),--texts $(TEXTS))
# Code, data, documents and, by nbval, notebooks in one run: two workers share them out evenly.
PYTEST := $(BIN)/python -m pytest -q -n 2 --dist loadfile
# What each command installs, and nothing else.
EXTRAS_report := report
EXTRAS_lab    := report lab
EXTRAS_test   := report lab exchange reading test

.DEFAULT_GOAL := help
.PHONY: help report test test-all lab check verify notebooks api lint types mutants clean

help: ## list the commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)
	@echo "  variables: STUDY=folder  OUT=folder  TEXTS=folder of source texts  PYTHON=python3.11"

$(VENV)/.uv:
	@echo "Making $(VENV) (once, seconds) ..."
	@$(PYTHON) -c 'import sys; sys.exit("make: Python 3.11 or newer is needed: make report PYTHON=python3.11" if sys.version_info < (3, 11) else 0)'
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check "uv>=0.9,<1"
	@touch $@

.PRECIOUS: $(VENV)/.%
$(VENV)/.%: pyproject.toml uv.lock | $(VENV)/.uv
	@echo "Installing what 'make $*' needs into $(VENV) (once, about a minute) ..."
	@$(BIN)/uv sync --locked --inexact --compile-bytecode $(addprefix --extra ,$(EXTRAS_$*))
	@touch $@

report: $(VENV)/.report ## build the report of STUDY into OUT, and say how to open it
	@$(BIN)/positions report $(STUDY) --out $(OUT) $(WITH_TEXTS)

test: lint ## pass the tests: code, data, documents, notebooks (under three minutes on two free cores)
	$(PYTEST)

test-all: lint types ## pass every test, the slow ones too, and the types of three systems (twenty minutes)
	$(PYTEST) -m "not exhaustive"

lab: $(VENV)/.lab ## open JupyterLab on the notebooks
	$(BIN)/jupyter lab --config lab/jupyter_lab_config.py

check: $(VENV)/.report ## check STUDY: every problem with its place and its fix
	@$(BIN)/positions check $(STUDY)

verify: $(VENV)/.report ## compare every phrase of STUDY with the texts in TEXTS
	@$(BIN)/positions verify $(STUDY) $(WITH_TEXTS)

notebooks: $(VENV)/.test ## run the notebooks afresh and accept their outputs
	$(BIN)/jupyter nbconvert --to notebook --execute --inplace --log-level ERROR notebooks/*.ipynb
	$(BIN)/python lab/tidy.py notebooks/*.ipynb

api: $(VENV)/.test ## write docs/api.md from the docstrings
	$(BIN)/python docs/make_api.py

lint: $(VENV)/.test ## style and the lock
	$(BIN)/uv lock --quiet --check
	$(BIN)/ruff check --quiet
	$(BIN)/ruff format --quiet --check

types: $(VENV)/.test ## types, for Linux, macOS and Windows
	set -e; for system in linux darwin win32; do $(BIN)/mypy --platform $$system --cache-dir .mypy_cache/$$system; done

mutants: $(VENV)/.test ## change the reader in thousands of places and see which changes no test notices (hours)
	$(BIN)/uv sync --quiet --locked --inexact --extra mutants
	$(BIN)/mutmut run --max-children 2
	$(BIN)/mutmut results

clean: ## delete what the commands made
	rm -rf $(VENV) $(OUT) .pytest_cache .mypy_cache .ruff_cache .hypothesis
