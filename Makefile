# The commands of the project. `make help` lists them.
PYTHON ?= python3
STUDY  ?= data
OUT    ?= site
# Folder of the stored source texts, one <source_id>.txt a source. They are not part of the project.
TEXTS  ?=

VENV := .venv
BIN  := $(VENV)/bin
READY := $(VENV)/.ready
WITH_TEXTS := $(if $(TEXTS),--texts $(TEXTS))

.DEFAULT_GOAL := help
.PHONY: help report test lab check verify notebooks lint mutants clean

help: ## list the commands
	@awk -F ':.*## ' '/^[a-z]+:.*## /{printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)
	@echo "  variables: STUDY=folder  OUT=folder  TEXTS=folder of source texts  PYTHON=python3.11"

$(READY): pyproject.toml uv.lock
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check "uv>=0.9,<1"
	$(BIN)/uv sync --quiet --locked --inexact --compile-bytecode --extra report --extra lab --extra exchange --extra big --extra test
	touch $@

report: $(READY) ## build the report of STUDY into OUT, then open OUT/index.html
	$(BIN)/positions report $(STUDY) --out $(OUT) $(WITH_TEXTS)

test: lint ## pass every test: code, data, documents, notebooks
	$(BIN)/python -m pytest -q -n 2 --dist loadfile
	JUPYTER_DEFAULT_PROVISIONER_NAME=positions $(BIN)/python -m pytest -q -n 2 --dist loadfile -p positions.site.late -p no:cacheprovider --nbval --nbval-current-env --nbval-cell-timeout 120 notebooks

lab: $(READY) ## open JupyterLab on the notebooks
	$(BIN)/jupyter lab notebooks

check: $(READY) ## check STUDY: every problem with its place and its fix
	$(BIN)/positions check $(STUDY)

verify: $(READY) ## compare every phrase of STUDY with the texts in TEXTS
	$(BIN)/positions verify $(STUDY) $(WITH_TEXTS)

notebooks: $(READY) ## run the notebooks afresh and accept their outputs
	$(BIN)/jupyter nbconvert --to notebook --execute --inplace --log-level ERROR notebooks/*.ipynb
	$(BIN)/python tests/tidy_notebooks.py notebooks/*.ipynb

lint: $(READY) ## style, types and the lock
	$(BIN)/uv lock --quiet --check
	$(BIN)/ruff check --quiet
	$(BIN)/ruff format --quiet --check
	$(BIN)/mypy

mutants: $(READY) ## change the reader in thousands of places and see which changes no test notices (hours)
	$(BIN)/uv sync --quiet --locked --inexact --extra mutants
	$(BIN)/mutmut run --max-children 2
	$(BIN)/mutmut results

clean: ## delete what the commands made
	rm -rf $(VENV) $(OUT) .pytest_cache .mypy_cache .ruff_cache .hypothesis
