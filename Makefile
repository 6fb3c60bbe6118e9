# Two commands do everything: `make run` and `make test`. `make setup` leaves the command at .venv/bin/maillon.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
DEMO_DIR ?= var/demo

.PHONY: run stop setup test cover lint soak mutate lock clean FORCE

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

# What is there already is found at once, by the script.
$(VENV)/.run-ready $(VENV)/.dev-ready: FORCE
	@sh deploy/set-up.sh $(PYTHON) $(VENV) $(patsubst .%-ready,%,$(@F))

# Complete for every Python from 3.11 on. Versions stay as they are locked, unless pyproject.toml asks for others; delete
# the locks first to have the newest of everything. Needs `uv` on the PATH; writes no registry's host.
COMPILE := uv pip compile -q --universal --python-version 3.11 --no-strip-extras --generate-hashes \
	--no-emit-index-url --no-emit-find-links --no-header pyproject.toml
lock:
	$(COMPILE) -o requirements.lock
	$(COMPILE) --extra dev -c requirements.lock -o requirements-dev.lock

clean:
	rm -rf $(VENV) var build *.egg-info

# Would the tests notice a mistake? Exit status 1 when fewer than 90 % of a package's mutants are killed; docs/mutants.md.
mutate: $(VENV)/.dev-ready
	$(BIN)/python -m tests.mutation --record
