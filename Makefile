# Every door of the house. `make help` lists them.
.DEFAULT_GOAL := help
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
MAKEFLAGS += --no-print-directory

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STATE ?= .state
SEED ?= 1
TEACHER := .venv-training/bin/python
TAUGHT = --out build/plates/weights --threads $(THREADS) --workers $(WORKERS)
SHARDS ?= 220
MINUTES ?= 100
THREADS ?= 1
WORKERS ?= 1
export STATE
export PATH := $(CURDIR)/$(BIN):$(PATH)
export PYTHONPATH := $(CURDIR)
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.PHONY: help run audit story test test-slow check fmt bench setup setup-python setup-engines setup-web lock reset clean package synth month order mutate test-again train-plates

help: ## list the doors
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-12s %s\n", $$1, $$2}'

run: setup ## set up and run the whole system with its story (STORY=0 TRAFFIC=0 PORT=8000 STATE=.state)
	@exec $(BIN)/python -m local.supervisor

story: setup ## tell one truck's story on a running system or one of its own; fails unless every step was seen
	@$(BIN)/python -m local.story --own

test: setup ## every test but the slow ones (one run, ten slowest printed)
	@$(BIN)/python -m pytest -q -n 2 --dist loadgroup -m "not slow"

test-again: setup ## what the last run saw fail, once more, one test at a time (at most 40): a bug fails again, a busy machine does not
	@test "$$($(BIN)/python -c 'import json; print(len(json.load(open("build/pytest/v/cache/lastfailed"))))')" -le 40
	@$(BIN)/python -m pytest -q -n 1 --dist loadgroup -m "not slow" --last-failed --last-failed-no-failures none

test-slow: setup setup-browser ## browser, chaos, endurance, deployment
	@$(BIN)/python -m pytest -q -m slow

check: setup ## lint, strict types, the import law, dead code, pages, tidiness
	@echo "ruff";          $(BIN)/ruff check . && $(BIN)/ruff format --check .
	@echo "mypy --strict"; $(BIN)/mypy
	@echo "import law";    $(BIN)/lint-imports
	@echo "dead code";     $(BIN)/vulture
	@echo "pages";         cd web && npm run --silent check
	@echo "tidiness";      $(BIN)/python -m pytest -q tests/tidy

fmt: setup-python ## format and mend what can be mended
	@$(BIN)/ruff check --fix-only . ; $(BIN)/ruff format .

audit: setup ## add up all money of the local store anew, running or stopped; fails and names what differs (STATE=.state)
	@$(BIN)/python -m local.audit

bench: setup ## speeds and sizes, as ratios against something run beside them
	@$(BIN)/python -m bench

month: setup ## live a simulated month of a checkpoint and print what came of it (SEED=1, or several: SEEDS=1-5)
	@$(BIN)/python -m bench.month $(if $(SEEDS),--seeds $(SEEDS),--seed $(SEED))

order: setup ## write docs/order-707.md anew: paragraph, what it asks, where it lives, its tests
	@$(BIN)/python -m tests.order

mutate: setup ## change every line of the domain and list what no test noticed
	@$(BIN)/python -m tests.mutation.mutating

train-plates: setup-engines .venv-training/.ready ## teach the plate reader's networks anew, 4 hours on two cores (with a graphics card: MINUTES=10 WORKERS=16)
	@$(TEACHER) -m training.plates.gather --folder .cache/materials
	@$(TEACHER) -m training.plates.views --folder build/plates/views --materials .cache/materials --to $(SHARDS) --workers $(WORKERS)
	@$(TEACHER) -m training.plates.teach_reader $(TAUGHT) --views build/plates/views --minutes $(MINUTES)
	@$(TEACHER) -m training.plates.teach_corners $(TAUGHT) --views build/plates/views --minutes $$(( ($(MINUTES) * 4 + 9) / 10 ))
	@$(TEACHER) -m training.plates.teach_finder $(TAUGHT) --materials .cache/materials --scenes build/plates/scenes --minutes $$(( ($(MINUTES) * 7 + 9) / 10 ))
	@$(TEACHER) -m training.plates.export --weights build/plates/weights

package: setup ## what Lambda gets: chalice package of the API and the steps, into build/
	@$(BIN)/python -m infra.package

synth: setup ## synthesize the CDK app into build/cdk.out
	@$(BIN)/python -m infra.app

reset: ## forget the local state
	@rm -rf "$(STATE)" && echo "forgotten: $(STATE)"

clean: ## remove environments, caches and builds
	@rm -rf $(VENV) .venv-ministack .venv-training .cache build web/node_modules web/dist web/e2e/node_modules

setup: setup-python setup-engines setup-web ## environments, engines, pages (once; again when a lock changes)

setup-python: $(VENV)/.ready .venv-ministack/.ready

$(VENV)/.ready: requirements/dev.txt
	@echo "setting up Python packages (about a minute)"
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install -q --require-hashes --no-deps -r requirements/dev.txt
	@touch $@

.venv-training/.ready: requirements/training.in
	@echo "setting up PyTorch in an environment of its own"
	@test -x .venv-training/bin/python || $(PYTHON) -m venv .venv-training
	@.venv-training/bin/python -m pip install -q -r requirements/training.in
	@touch $@

.venv-ministack/.ready: requirements/ministack.txt
	@echo "setting up MiniStack in an environment of its own"
	@test -x .venv-ministack/bin/python || $(PYTHON) -m venv .venv-ministack
	@.venv-ministack/bin/python -m pip install -q --require-hashes --no-deps -r requirements/ministack.txt
	@touch $@

.PHONY: node
node: $(VENV)/.ready
	@command -v npm >/dev/null 2>&1 || test -x $(BIN)/npm || \
	  { echo "setting up Node.js"; $(BIN)/python -m pip install -q --require-hashes --no-deps -r requirements/node.txt; }

setup-engines: node
	@$(BIN)/python -m local.engines fetch >/dev/null

setup-web: node web/dist/.ready

web/dist/.ready: web/package-lock.json $(shell find web/src web/index.html web/public web/vite.config.* web/tsconfig*.json -type f 2>/dev/null)
	@echo "building the pages"
	@cd web && { test node_modules/.package-lock.json -nt package-lock.json || npm ci --no-audit --no-fund --loglevel=error; } && npm run --silent build -- --logLevel warn
	@touch $@

.PHONY: setup-browser
setup-browser: node
	@cd web/e2e && { test node_modules/.package-lock.json -nt package-lock.json || npm ci --no-audit --no-fund --loglevel=error; }

lock: setup-python ## compile the requirement locks anew; what is deployed follows what is tested
	@for pair in requirements/dev.txt:dev requirements.txt:runtime requirements/gateway.txt:gateway requirements/ministack.txt:ministack requirements/node.txt:node; do \
	  case $$pair in requirements.txt:*|*gateway.txt:*) pins="-c requirements/dev.txt";; *) pins="";; esac; \
	  $(BIN)/pip-compile -q --generate-hashes --allow-unsafe --strip-extras --no-header --no-emit-find-links --no-emit-index-url --no-emit-trusted-host \
	    $$pins -o $${pair%%:*} requirements/$${pair##*:}.in; done
