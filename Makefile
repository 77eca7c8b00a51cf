# make check   the main job: check datasets/ and compare with the findings expected there
# make test    everything that tests, in .venv
# make help    all targets

PYTHON ?= $(shell command -v python3.11 || command -v python3)
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
EXTRAS := $(VENV)/.extras

# Installs what a target needs beside the project, unless `make extras` has installed all of it.
extra = test $(EXTRAS) -nt pyproject.toml || $(BIN)/python -m pip install --quiet --disable-pip-version-check \
  --constraint constraints.txt --editable '.[dev,$(1)]'

# The engine benchmark: rows of each size, pairs of each peer, and the interpreter that has the peers.
PEERS := .venv-bench
BENCH_ROWS ?= 100000 1000000
BENCH_RUNS ?= 5
BENCH_PYTHON ?= $(firstword $(wildcard $(PEERS)/bin/python) $(BIN)/python)

.DEFAULT_GOAL := help
.PHONY: help check test adapters html site spark lint docs pictures bench exam extras peers postgres wheel expected clean

help: ## Show the targets
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 12

$(READY): pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "heshu needs Python 3.11 or newer; set PYTHON=/path/to/python3.11"; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@echo "Installing into $(VENV) …"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[dev]'
	@touch $@

check: $(READY) ## Check the datasets; succeeds if the findings are those expected
	@$(BIN)/python datasets/verify.py

test: $(READY) ## Lint, type-check and run all tests
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/python -m pytest -q -n auto --dist worksteal

extras: $(READY) ## Install what the targets below need, so that they can run beside each other
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt \
	  --editable '.[dev,adapters,browser,docs,postgres,spark]'
	@touch $(EXTRAS)

spark: $(READY) ## Test the Spark engine, on this machine; needs Java 17 or newer
	@bash ci/java.sh
	@$(call extra,spark)
	HESHU_SPARK=1 $(BIN)/python -m pytest -q tests/spark

adapters: $(READY) ## Test the adapters on the real libraries: Great Expectations, SDMX, Frictionless
	@$(call extra,adapters)
	HESHU_ADAPTERS=1 $(BIN)/python -m pytest -q -p no:xdist tests/adapters/gx tests/adapters/sdmx tests/adapters/frictionless

html: $(READY) ## Test the HTML report in Chromium, with axe; needs Debian's chromium-driver, and npm for axe
	@bash ci/chromium.sh
	@$(call extra,browser)
	axe=$$(bash ci/axe.sh) && HESHU_HTML=1 HESHU_AXE=$$axe $(BIN)/python -m pytest -q -p no:xdist tests/html

site: $(READY) ## Build the documentation as a site into build/site, every link checked, and look through it
	@$(call extra,docs)
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --quiet --strict --config-file docs/site/mkdocs.yml
	HESHU_SITE=1 $(BIN)/python -m pytest -q -p no:xdist tests/site

lint: $(READY) ## Format and lint in place
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .
	$(BIN)/mypy

docs: $(READY) ## Write what is generated: schemas, unit table, reference
	$(BIN)/python -m heshu.units.compile
	$(BIN)/python docs/generate.py

pictures: $(READY) ## Draw the pictures of the guides anew; needs Debian's chromium
	$(BIN)/python docs/pictures.py

expected: $(READY) ## Write the expected findings of datasets/ anew (review the diff)
	$(BIN)/python datasets/verify.py --update

bench: $(READY) ## Measure start-up, reading and the engine beside its peers (BENCH_ROWS=10000000 for the large size)
	$(BIN)/python benchmarks/startup.py
	$(BIN)/python benchmarks/reading.py
	$(BIN)/python benchmarks/engine/run.py --rows $(BENCH_ROWS) --runs $(BENCH_RUNS) --python $(BENCH_PYTHON)

exam: $(READY) ## Spoil every figure of the datasets and count what the rules find; writes docs/exam.md
	$(BIN)/python benchmarks/exam.py

peers: ## Install what `make bench` compares with into .venv-bench
	@test -x $(PEERS)/bin/python || $(PYTHON) -m venv $(PEERS)
	$(PEERS)/bin/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt \
	  --requirement benchmarks/engine/requirements.txt

postgres: $(READY) ## Install the driver for PostgreSQL and test it against a server of its own (needs initdb)
	@$(call extra,postgres)
	HESHU_POSTGRES=1 $(BIN)/python -m pytest -q -p no:xdist tests/postgres

wheel: $(READY) ## Build the wheel, install it in a clean environment, run the tests outside the checkout
	bash ci/wheel.sh

clean: ## Remove the environments and caches
	rm -rf $(VENV) $(PEERS) dist build .pytest_cache .mypy_cache .ruff_cache .hypothesis
