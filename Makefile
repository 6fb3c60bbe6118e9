# Two commands do everything: `make run` and `make test`. `make setup` leaves the command at .venv/bin/maillon.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
DEMO_DIR ?= var/demo
CATALOGUES := $(wildcard node/locales/*/LC_MESSAGES/maillon.po)

.PHONY: run stop setup test check lock bench clean

run: setup
	$(BIN)/maillon demo --dir $(DEMO_DIR)

stop:
	@if [ -x $(BIN)/maillon ]; then $(BIN)/maillon demo --stop --dir $(DEMO_DIR); else echo "nothing is running"; fi

setup: $(VENV)/.run-ready

test: $(VENV)/.dev-ready
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports
	$(BIN)/mypy
	$(BIN)/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder --cov --cov-report=term

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

# Complete for every Python from 3.11 on. Versions stay as they are locked, unless pyproject.toml asks for others; delete
# the locks first to have the newest of everything. Needs `uv` on the PATH; writes no registry's host.
COMPILE := uv pip compile -q --universal --python-version 3.11 --no-strip-extras --generate-hashes \
	--no-emit-index-url --no-emit-find-links --no-header pyproject.toml
lock:
	$(COMPILE) -o requirements.lock
	$(COMPILE) --extra dev -c requirements.lock -o requirements-dev.lock

clean:
	rm -rf $(VENV) var build *.egg-info
