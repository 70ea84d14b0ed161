# Throughline: `make help` lists what there is. Settings are environment variables: see the table in README.md.
SHELL := /bin/bash
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

PYTHON ?= python3
PY := .venv/bin/python
export DO_NOT_TRACK := 1
export DAGSTER_DISABLE_TELEMETRY := 1
export DAGSTER_HOME := $(abspath $(or $(DATA_DIR),data))/dagster
export PYTHONUNBUFFERED := 1

.PHONY: help
help: ## list the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-15s %s\n", $$1, $$2}'

.venv/bin/python:
	@$(PYTHON) -c 'import sys; v = sys.version_info[:2]; sys.exit(0 if (3, 11) <= v <= (3, 13) else \
		f"Python 3.11, 3.12 or 3.13 is needed, this is {v[0]}.{v[1]}: set PYTHON=python3.11, say")'
	$(PYTHON) -m venv .venv

.venv/.installed: requirements.lock | .venv/bin/python
	@echo "Installing the Python packages of requirements.lock"
	@$(PY) -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r $<
	@touch $@

.venv/.installed-dev: requirements-dev.lock .venv/.installed
	@echo "Installing the Python packages of lint and tests"
	@$(PY) -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r $<
	@touch $@

.venv/.installed-sql: requirements-sql.lock .venv/.installed
	@echo "Installing the Python packages of the extraction from a database"
	@$(PY) -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r $<
	@touch $@

.venv/.installed-spark: requirements-spark.lock .venv/.installed-dev
	@echo "Installing Spark"
	@$(PY) -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r $<
	@touch $@

reports/node_modules/.installed: reports/package-lock.json $(wildcard reports/patches/*.patch)
	@echo "Installing the packages of the report"
	@cd reports && npm ci --no-audit --no-fund --loglevel=error
	@touch $@

.PHONY: setup setup-test
# Without a site nothing of Node is needed; without a source database nothing of SQL.
setup: .venv/.installed $(if $(SOURCE_URL),.venv/.installed-sql) $(if $(filter 0,$(SITE)),,reports/node_modules/.installed) ## install what a refresh needs

setup-test: .venv/.installed-spark reports/node_modules/.installed # ... and what the tests need
	@command -v chromium > /dev/null || { \
		if [ "$$(id -u)" = 0 ]; then apt-get update -qq && apt-get install -y -qq --no-install-recommends chromium; \
		else echo "The browser test needs chromium: install it (Debian: apt-get install chromium)"; exit 1; fi; }
	@command -v nginx /usr/sbin/nginx > /dev/null || { \
		if [ "$$(id -u)" = 0 ]; then apt-get update -qq && apt-get install -y -qq --no-install-recommends nginx openssl; \
		else echo "The tests of the hosting need nginx: install it (Debian: apt-get install nginx openssl)"; exit 1; fi; }
	@ls /usr/lib/postgresql/*/bin/initdb > /dev/null 2>&1 || command -v initdb > /dev/null || { \
		if [ "$$(id -u)" = 0 ]; then apt-get update -qq && apt-get install -y -qq --no-install-recommends postgresql; \
		else echo "The extraction's tests need PostgreSQL: install it (Debian: apt-get install postgresql)"; exit 1; fi; }

.PHONY: demo
demo: ## install, make the demo tenant, refresh, and say where to look
	@$(MAKE) --no-print-directory -j2 setup
	@$(PY) -m sample_data --out "$(or $(LANDING_DIR),landing)"
	@$(PY) -m orchestration.refresh
	@echo "The release: $$(readlink -f "$(or $(RELEASES_DIR),releases)/latest")"
	@echo "Read it:     make serve"

.PHONY: extract
extract: .venv/.installed-sql ## land what is new in the database of SOURCE_URL
	@$(PY) -m orchestration.extract

.PHONY: refresh
refresh: setup ## load what has landed, build, test, publish a release
	@$(PY) -m orchestration.refresh

.PHONY: check-landing
check-landing: .venv/.installed ## check the landing folder without loading it, and say what to mend
	@$(PY) -m orchestration.check_landing

.PHONY: serve
serve: setup ## serve the releases' reports on 127.0.0.1, the latest first
	@$(PY) -m orchestration.serve

.PHONY: verify-release
verify-release: .venv/.installed ## find what was touched in a release: the latest, or RELEASE=<id>
	@$(PY) -m orchestration.verify_release

.PHONY: rollback
rollback: .venv/.installed ## give readers another release: make rollback RELEASE=<id>
	@$(PY) -m orchestration.rollback

.PHONY: hand-over
hand-over: .venv/.installed ## record that an account got its bundle: make hand-over RELEASE=<id> ACCOUNT=<id>
	@$(PY) -m orchestration.hand_over

.PHONY: prune-releases
prune-releases: .venv/.installed ## say which old releases go and why the others stay; APPLY=1 removes them
	@$(PY) -m orchestration.retention

.PHONY: dagster
dagster: setup ## open Dagster: assets, checks, runs, the nightly schedule
	@mkdir -p "$(DAGSTER_HOME)" && cp dagster.yaml "$(DAGSTER_HOME)/dagster.yaml"
	@.venv/bin/dagster dev --host 127.0.0.1 -m orchestration.definitions

.PHONY: oulad
oulad: setup ## land, refresh and publish the Open University data: make oulad OULAD_DIR=<folder>
	@test -n "$(OULAD_DIR)" || { echo "Say where the seven files are: make oulad OULAD_DIR=<folder>"; exit 1; }
	@$(PY) -m examples.oulad "$(OULAD_DIR)" oulad/landing
	@LANDING_DIR=oulad/landing DATA_DIR=oulad/data RELEASES_DIR=oulad/releases $(PY) -m orchestration.refresh
	@echo "Read it:     RELEASES_DIR=oulad/releases make serve"

.PHONY: itsm
itsm: setup ## the same with a real incident log: make itsm ITSM_DIR=<folder>
	@test -n "$(ITSM_DIR)" || { echo "Say where the incident log is: make itsm ITSM_DIR=<folder>"; exit 1; }
	@$(PY) -m examples.itsm "$(ITSM_DIR)" itsm/landing
	@LANDING_DIR=itsm/landing DATA_DIR=itsm/data RELEASES_DIR=itsm/releases $(PY) -m orchestration.refresh
	@echo "Read it:     RELEASES_DIR=itsm/releases make serve"

.PHONY: spark
spark: .venv/.installed-spark ## build the same models on Spark and compare every public table
	@$(PY) -m orchestration.spark

.PHONY: lint
lint: .venv/.installed-dev ## check the style of Python, SQL, YAML and documents
	@.venv/bin/ruff check .
	@.venv/bin/ruff format --check .
	@.venv/bin/yamllint --strict .
	@$(PY) -m tests.check_docs
	@$(PY) -m orchestration.lint_sql

.PHONY: test
test: setup-test lint ## run every test
	@$(PY) -m pytest --collect-only --quiet --quiet --disable-warnings # a test file that cannot be read is told of at once
	@$(PY) -m pytest -n 2 --dist loadfile --no-loadscope-reorder --durations 20

.PHONY: clean
clean: ## remove what was installed and built; landing, data and releases stay
	rm -rf .venv reports/node_modules target logs .pytest_cache .ruff_cache .hypothesis
