# Everything needs Python 3.11 or newer, pip and make; `make` alone lists what there is.
PYTHON ?= python3
BIN := .venv/bin
PACKAGES := adapters application domain entrypoints training
TORCH := $(shell sed -n 's/^torch==//p' constraints.txt)
SETUPTOOLS := $(shell sed -n -E '/^(setuptools|wheel)==/p' constraints.txt)
PROMPT ?= a red circle on a blue background

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help demo test check sync format docs clean always

help: ## List the targets
	@sed -n -E 's/^([a-z]+):.*## (.*)/make \1	\2/p' Makefile | expand -t 14

demo: .venv/.synced ## Convert the pocket model into demo/ and draw a picture with it
	@$(BIN)/coreml-sd convert pocket -o demo
	@$(BIN)/coreml-sd generate "$(PROMPT)" -m demo --runtime reference --seed 1 -o demo/picture.png

test: check ## The same as check

# Threads of one worker that spin while they wait would take the cores from the other.
check: .venv/.synced ## Run the whole gate: format, lint, layers, types, tests and documented examples
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/lint-imports
	$(BIN)/mypy -p coreml_stable_diffusion
	$(BIN)/mypy tests benchmarks
	OMP_WAIT_POLICY=PASSIVE $(BIN)/pytest -q -n 2 --dist loadfile

sync: .venv/.synced ## Make .venv, or bring it up to date with pyproject.toml and the list of files

format: .venv/.synced ## Format the code and mend what ruff can mend
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

docs: .venv/.synced ## Write docs/reference anew from the help, the docstrings and the operations
	$(BIN)/python -m coreml_stable_diffusion.entrypoints.cli.manual docs/reference/command-line.md
	$(BIN)/python -m coreml_stable_diffusion.entrypoints.python_manual docs/reference/python.md
	$(BIN)/python -m coreml_stable_diffusion.adapters.reference.ops.manual docs/reference/ops.md

clean: ## Remove .venv, build products, caches and the demo
	rm -rf .venv build dist demo *.egg-info
	rm -rf .mypy_cache .pytest_cache .ruff_cache .hypothesis .import_linter_cache

# torch comes first, so that nothing else asks for its CUDA build where a CPU build is offered.
.venv/.torch: constraints.txt
	$(PYTHON) -m venv .venv
	@echo "installing torch $(TORCH) (200 MB; CPU-only where that is offered)"
	@$(BIN)/pip install --quiet "torch==$(TORCH)+cpu" -c constraints.txt 2>/dev/null \
		|| $(BIN)/pip install "torch==$(TORCH)" -c constraints.txt
	@$(BIN)/pip install --quiet $(SETUPTOOLS)
	@touch $@

# A strict editable install links file by file: it is made anew when the list of files changes.
.venv/.synced: .venv/.torch .venv/.files pyproject.toml
	@echo "installing the package and what it needs"
	@$(BIN)/pip install --quiet -c constraints.txt --no-build-isolation \
		--config-settings editable_mode=strict -e '.[dev]'
	@touch $@

.venv/.files: .venv/.torch always
	@find $(PACKAGES) *.py py.typed -type f ! -path '*/__pycache__/*' | LC_ALL=C sort > $@.new
	@cmp -s $@.new $@ && rm $@.new || mv $@.new $@
