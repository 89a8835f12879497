# `make` lists the recipes. What each variable means stands in README.md.
PYTHON ?= python3
UV_VERSION := 0.13.9
ARGS ?=
PY := .venv/bin/python
UV := .venv/bin/uv
INSTALL := $(UV) pip install --python $(PY) --require-hashes
LOCK := $(UV) pip compile --quiet --python-version 3.11 --universal --no-emit-index-url --no-header --generate-hashes

# A shell that forbids writing bytecode makes every start twice as long.
export PYTHONDONTWRITEBYTECODE =

# What an installation would say; for checks that read the settings and need no server.
PRODUCTION := env -u DEBUG -u DEMONSTRATION -u BUSINESS_DAY SECURE=1 ALLOWED_HOSTS=treatment.example \
	DATABASE_URL=postgres://serving@localhost/treatment REDIS_URL=redis://localhost:6379 \
	SECRET_KEY=$$(od -An -tx1 -N32 /dev/urandom | tr -d ' \n') CLIENT_KEY=of-no-client

.DEFAULT_GOAL := help
.PHONY: help demo test check types style templates settings tests nightly bench run shell serve \
	format assets lock clean

help: ## List the recipes
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-9s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

demo: .venv/.runtime ## Serve the demonstration until Ctrl-C (PORT, DEMO_PASSWORD, DEMO_SCALE)
	@exec $(PY) -m config.local demo

test: check tests ## The whole gate: format, lint, layers, types, templates, settings, tests

check: .venv/.dev ## The gate without the tests
	@$(MAKE) --no-print-directory --jobs=2 types style templates settings

types: .venv/.dev ## Check the types
	@echo '== types' && $(PRODUCTION) $(PY) -m mypy .

style: .venv/.dev
	@echo '== format' && $(PY) -m ruff format --check
	@echo '== lint' && $(PY) -m ruff check
	@echo '== layers' && .venv/bin/lint-imports --no-logo

templates: .venv/.dev
	@echo '== templates' && git ls-files -z '*.html' | xargs -0 .venv/bin/djade --check --target-version 5.2
	@.venv/bin/djlint --lint --quiet templates

settings: .venv/.dev
	@echo '== migrations' && $(PRODUCTION) $(PY) -W 'ignore:Got an error checking' manage.py makemigrations --check --dry-run
	@echo '== production settings' && $(PRODUCTION) $(PY) manage.py check --deploy --fail-level WARNING

tests: .venv/.dev ## The tests, on a PostgreSQL and a Valkey of their own (ARGS='-k word')
	@echo '== tests' && $(PY) -m pytest -q -n 2 --dist worksteal $(ARGS)

nightly: .venv/.dev ## The tests too slow for every push
	$(PY) -m pytest -q -n 2 -m nightly -o faulthandler_timeout=1800 $(ARGS)

bench: .venv/.bench ## Measure the speed that is promised, into benchmarks/RESULTS.md
	$(PY) -m config.local run -- python -m benchmarks $(ARGS)

run: .venv/.runtime ## Run a command with the servers up (CMD='python manage.py ...')
	@exec $(PY) -m config.local run -- $(CMD)

shell: .venv/.runtime ## A Python shell on the local system
	@exec $(PY) -m config.local run -- python manage.py shell

serve: .venv/.runtime ## A web server for development that reloads (PORT)
	@DEBUG=1 exec $(PY) -m config.local run -- python manage.py runserver $${PORT:-8000}

format: .venv/.dev ## Format code and templates, mend what lint can
	$(PY) -m ruff format
	$(PY) -m ruff check --fix
	-git ls-files -z '*.html' | xargs -0 .venv/bin/djade --target-version 5.2

assets: ## Build the style sheet and the scripts that are committed (needs Node)
	cd config/assets && npm ci && npm run build

lock: .venv/.uv ## Lock the dependencies again
	$(LOCK) $(ARGS) pyproject.toml -o requirements.txt
	$(LOCK) $(ARGS) --group dev -c requirements.txt -o requirements-dev.txt
	$(LOCK) $(ARGS) benchmarks/requirements.in -c requirements.txt -o benchmarks/requirements.txt

clean: ## Forget the local system: its data, its keys, its caches
	rm -rf var .pytest_cache .ruff_cache .mypy_cache .import_linter_cache .hypothesis

.venv/.uv:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo 'Python 3.11 or later is needed: name one, as in PYTHON=python3.12 make demo.' >&2; exit 1; }
	@echo 'Making .venv ...'
	@$(PYTHON) -m venv .venv || \
		{ echo 'This Python makes no virtual environments: install its venv package (python3-venv).' >&2; exit 1; }
	@.venv/bin/pip install --quiet --disable-pip-version-check uv==$(UV_VERSION)
	@touch $@

.venv/.runtime: requirements.txt | .venv/.uv
	@echo 'Installing the dependencies ...'
	@$(INSTALL) -r requirements.txt
	@touch $@

.venv/.dev: requirements-dev.txt | .venv/.runtime
	@echo 'Installing what the checks and tests need ...'
	@$(INSTALL) -r requirements-dev.txt
	@touch $@

.venv/.bench: benchmarks/requirements.txt | .venv/.runtime
	@echo 'Installing what the benchmarks need ...'
	@$(INSTALL) -r benchmarks/requirements.txt
	@touch $@
