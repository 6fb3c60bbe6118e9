# Two commands do everything: `make run` and `make test`. `make setup` leaves the command at .venv/bin/maillon.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
DEMO_DIR ?= var/demo
CATALOGUES := $(wildcard node/locales/*/LC_MESSAGES/maillon.po)

.PHONY: run stop setup test cover lint soak lock clean

run: setup
	$(BIN)/maillon demo --dir $(DEMO_DIR)

stop:
	@if [ -x $(BIN)/maillon ]; then $(BIN)/maillon demo --stop --dir $(DEMO_DIR); else echo "nothing is running"; fi

setup: $(VENV)/.run-ready

# One process for each processor of a small machine; who has no more takes over from the other.
# Without bytecode kept, every process that a test starts would compile all of Maillon again.
unexport PYTHONDONTWRITEBYTECODE
PYTEST := $(BIN)/python -m pytest -n 2 --dist worksteal

test: lint
	$(PYTEST)

lint: $(VENV)/.dev-ready
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports
	$(BIN)/mypy

# The same tests, telling which lines and branches they reach: half as long again.
cover: $(VENV)/.dev-ready
	$(PYTEST) --cov --cov-report=term

# What takes too long for every day, its result in docs/soak.md.
soak: $(VENV)/.dev-ready
	$(BIN)/python -m tests.soak

$(VENV)/.venv-ready:
	sh deploy/ensure-venv.sh $(PYTHON) $(VENV)
	touch $@

$(VENV)/.run-ready: $(VENV)/.venv-ready requirements.lock pyproject.toml $(CATALOGUES)
	$(BIN)/pip install --quiet --require-hashes --no-deps -r requirements.lock
	$(BIN)/pip install --quiet --no-deps --no-build-isolation -e .
	$(BIN)/pybabel -q compile -d node/locales -D maillon --statistics
	$(BIN)/pip --quiet check
	touch $@

$(VENV)/.dev-ready: $(VENV)/.run-ready requirements-dev.lock
	$(BIN)/pip install --quiet --require-hashes --no-deps -r requirements-dev.lock
	$(BIN)/pip --quiet check
	touch $@

# Needs `uv` on the PATH; writes no registry's host.
lock:
	uv pip compile -q --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links --no-header pyproject.toml -o requirements.lock
	uv pip compile -q --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links --no-header --extra dev -c requirements.lock pyproject.toml -o requirements-dev.lock

clean:
	rm -rf $(VENV) var build *.egg-info
