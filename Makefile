# Everything of the workspace. From a clean clone, with git, make and Python 3.11 or newer:
#   make demo     try runas against a made-up AWS; nothing leaves this machine
#   make test     all the tests (ARGS="-k cache -x" goes to pytest)
#   make check    what CI runs: tests, lint, types, layers, docs, wheels

# A Python made by PYTHON=..., else the first of these that is new enough. Looked for only when .venv is made.
PYTHON ?= $(firstword $(foreach name,python3.13 python3.12 python3.11 python3 python,\
	$(shell $(name) -c 'import sys; sys.version_info >= (3, 11) and print("$(name)")' 2>/dev/null)))
VENV := .venv
BIN := $(VENV)/bin
PIP := -m pip --disable-pip-version-check --quiet
PACKAGES := core $(patsubst %/pyproject.toml,%,$(wildcard plugins/*/pyproject.toml))
EDITABLE := $(PACKAGES:%=--editable ./%)
SOURCES := $(wildcard $(PACKAGES:%=%/src))
CHECKS := conftest.py .ci $(wildcard $(PACKAGES:%=%/tests) tests benchmarks)
READY := $(VENV)/.ready
LOWEST := build/lowest
WHEELHOUSE := build/wheelhouse
LOCKER := build/locker

# Neither the user's settings for other Pythons nor a ban on .pyc files may reach in.
unexport PYTHONPATH PYTHONHOME PYTHONDONTWRITEBYTECODE

.PHONY: demo venv test lint format types layers docs wheels lowest mutants bench check reference lock clean

demo: $(READY)
	@$(BIN)/runas sandbox --demo

venv: $(READY)

# The lock first (every hash checked), then the packages of this checkout on top of it.
$(READY): requirements-dev.lock $(PACKAGES:%=%/pyproject.toml)
	@test -x $(BIN)/python || test -n "$(PYTHON)" || \
		{ echo "runas needs Python 3.11 or newer; name one: make PYTHON=/path/to/python" >&2; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@echo "installing the development lock into $(VENV)"
	@$(BIN)/python $(PIP) install --require-hashes -r requirements-dev.lock
	@$(BIN)/python $(PIP) install --no-index --no-deps --no-build-isolation $(EDITABLE)
	@touch $@

test: $(READY)
	$(BIN)/python -m pytest -n auto -m "not wheels and not timing" $(ARGS)
	$(BIN)/python -m pytest -m "timing and not wheels" $(ARGS) || test $$? -eq 5

lint: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

format: $(READY)
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

types: $(READY)
	$(BIN)/mypy $(SOURCES)
	$(BIN)/mypy --platform win32 $(SOURCES)
	$(BIN)/mypy --platform darwin $(SOURCES)
	$(BIN)/mypy --explicit-package-bases $$(find $(CHECKS) -name node_modules -prune -o -name '*.py' -print)

layers: $(READY)
	$(BIN)/python .ci/layers.py

# The pages as a site in build/site; a broken link is an error.
docs: $(READY)
	$(BIN)/mkdocs build --strict --quiet

# Every distribution as wheel and sdist in dist/, then installed and used in clean environments.
wheels: $(READY) $(WHEELHOUSE)/.ready
	@rm -rf dist
	for package in $(PACKAGES); do $(BIN)/python -m build --no-isolation --outdir dist $$package || exit 1; done
	$(BIN)/python -m pytest -m wheels tests/wheels $(ARGS)

# What the distributions need from others, for installing without a network.
$(WHEELHOUSE)/.ready: requirements-dev.lock $(VENV)/pyvenv.cfg
	@rm -rf $(WHEELHOUSE)
	@$(BIN)/python $(PIP) download --require-hashes --dest $(WHEELHOUSE) -r requirements-dev.lock
	@touch $@

# The packages' tests with the lowest version of every dependency that they allow; the tables of
# hostile answers are long and ask nothing of a dependency that the other tests do not.
lowest: $(READY) $(LOWEST)/.ready
	$(LOWEST)/bin/python -m pytest -n auto -p no:cacheprovider -m "not wheels and not timing" \
		-k "not hostile and not garbage" core/tests $(wildcard plugins/*/tests) $(ARGS)

$(LOWEST)/.ready: requirements-lowest.lock $(PACKAGES:%=%/pyproject.toml)
	@rm -rf $(LOWEST)
	@$(BIN)/python -m venv $(LOWEST)
	@$(LOWEST)/bin/python $(PIP) install --require-hashes -r requirements-lowest.lock
	@$(LOWEST)/bin/python $(PIP) install --no-index --no-deps --no-build-isolation $(EDITABLE)
	@touch $@

# Who notices when a plugin loses a line of its error handling: make mutants PLUGIN=plugins/saml_form
mutants: $(READY)
	$(BIN)/python .ci/mutants.py $(PLUGIN) $(ARGS)

bench: $(READY)
	$(BIN)/python benchmarks/run.py $(ARGS)

check: test lint types layers docs wheels

# The pages of docs/ that are made from the code.
reference: $(READY)
	for page in reference commands plugin_reference; do $(BIN)/python .ci/$$page.py || exit 1; done

# Both locks anew, with the newest versions that fit. Needs the network and nothing but pip.
lock: $(READY)
	@test -x $(LOCKER)/bin/uv || { $(BIN)/python -m venv $(LOCKER) && $(LOCKER)/bin/python $(PIP) install uv; }
	$(BIN)/python .ci/lock.py $(LOCKER)/bin/uv

clean:
	rm -rf $(VENV) build dist .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis
