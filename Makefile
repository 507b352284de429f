# Every task of the project. `make` lists them. A task sets up what it needs: a machine with Python 3.11, pip and make is
# enough. PYTHON chooses another interpreter, for example `make test PYTHON=python3.12`.

PYTHON ?= python3
PEOPLE ?= 10000
JSON ?=
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
MEMBERS := proto server simulators clients/python
NODE_CLIENTS := tests/simulators/node

.DEFAULT_GOAL := help
.PHONY: help demo up test check generate bench lock setup release-contract clean

help: ## list the tasks
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-18s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

demo: $(READY) ## run the whole flow on the simulators and show what each system holds (PEOPLE=10000 JSON=1)
	@PYTHONPATH=tests $(BIN)/python -m demo.demo --people $(PEOPLE) $(if $(JSON),--json)

up: $(READY) ## leave simulators and server running and print the addresses and a token (PEOPLE=10000)
	@PYTHONPATH=tests $(BIN)/python -m demo.up --people $(PEOPLE)

test: $(READY) $(NODE_CLIENTS)/node_modules/.package-lock.json ## run every test, with coverage
	@$(BIN)/python -m pytest --cov --cov-report=term

check: $(READY) ## lint, types, layers, contract, generated code, compose file
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy server/src simulators/src clients/python/src tests proto/generate.py
	$(BIN)/lint-imports
	$(BIN)/buf lint proto
	$(BIN)/buf format --diff --exit-code proto
	$(BIN)/buf breaking proto --against proto/released/actionsync.binpb || echo "(reported only, until the first release)"
	$(BIN)/python proto/generate.py --check
	$(BIN)/python .ci/check_lock.py
	$(BIN)/python .ci/check_compose.py

generate: $(READY) ## write the Python stubs from the contract
	$(BIN)/buf format -w proto
	$(BIN)/python proto/generate.py

bench: $(READY) ## measure and print medians with the machine they were measured on
	@PYTHONPATH=tests $(BIN)/python -m bench.bench

lock: $(READY) ## resolve the dependencies anew and export them with hashes
	$(BIN)/uv lock --upgrade
	$(BIN)/uv export --locked --all-packages --all-groups --no-emit-workspace --no-header -q -o requirements.lock
	$(BIN)/uv export --locked --package actionsync-server --no-default-groups --no-emit-workspace --no-header -q -o server/requirements.lock
	$(BIN)/uv export --locked --package actionsync-simulators --no-default-groups --no-emit-workspace --no-header -q -o simulators/requirements.lock

release-contract: $(READY) ## make the present contract the one that changes are compared with
	$(BIN)/buf build proto -o proto/released/actionsync.binpb

setup: $(READY) ## only set up

# The members are installed in place; a changed lock or member definition sets up anew.
$(READY): requirements.lock .ci/requirements-uv.txt $(addsuffix /pyproject.toml,$(MEMBERS))
	@echo "setting up $(VENV) …"
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r .ci/requirements-uv.txt
	@VIRTUAL_ENV=$(VENV) $(BIN)/uv pip install --quiet --require-hashes -r requirements.lock
	@VIRTUAL_ENV=$(VENV) $(BIN)/uv pip install --quiet --no-deps --no-build-isolation $(foreach m,$(MEMBERS),-e ./$(m))
	@touch $@

# Third-party clients from npm, for `make test` only. Without Node their tests are skipped and say so.
$(NODE_CLIENTS)/node_modules/.package-lock.json: $(NODE_CLIENTS)/package-lock.json
	@if command -v npm >/dev/null; then npm ci --prefix $(NODE_CLIENTS) --silent --no-audit --no-fund --ignore-scripts; fi

clean: ## remove what the tasks made
	rm -rf $(VENV) .coverage .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
