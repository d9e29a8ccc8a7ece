# The few verbs of the project; each one sets itself up.
PYTHON ?= python3
BIN := .venv/bin
STAMP := .venv/.ready
SCANNERS := "pip-audit>=2.9,<3" "mcpscan-cli>=0.21,<0.22"
PIP := $(BIN)/python -m pip --disable-pip-version-check

.PHONY: help demo test lint check fuzz audit install bench constraints

help:  ## list the verbs
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | sort

$(STAMP): pyproject.toml constraints.txt
	$(PYTHON) -m venv .venv
	$(PIP) install --quiet --constraint constraints.txt --editable ".[test]"
	@touch $(STAMP)

demo: $(STAMP)  ## show every tool at work, offline
	@$(BIN)/qwen-mcp-tools demo

test: $(STAMP)  ## run all tests; STRICT=1 makes a skipped one fail
	$(BIN)/python -m pytest

lint: $(STAMP)  ## check format, style and types
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/pyright

check: lint  ## lint, and the quick tests
	$(BIN)/python -m pytest -m "not slow"

fuzz: $(STAMP)  ## try 5,000 examples of each thing that strangers write; some minutes
	HYPOTHESIS_PROFILE=fuzz $(BIN)/python -m pytest -m fuzz

AUDIT := .build/audit
audit: $(STAMP)  ## look for known holes in what is installed, and for poison in what is offered
	@test -x $(AUDIT)/bin/mcpscan || ( $(PYTHON) -m venv $(AUDIT) && \
	  $(AUDIT)/bin/python -m pip --disable-pip-version-check install --quiet $(SCANNERS) )
	@# The sandbox is left out: its keys open nothing, but look as if they did.
	@for each in tools serving commands content upstream web search github; do \
	  $(AUDIT)/bin/mcpscan --min-severity high "qwen_mcp_tools/$$each" || exit 1; done
	$(BIN)/python -m pytest -q tests/test_audit.py
	@$(AUDIT)/bin/pip-audit --strict --progress-spinner off --no-deps --disable-pip -r constraints.txt \
	  || ( echo "pip-audit found holes, or could not ask: it needs the network" >&2; exit 1 )

install: $(STAMP)  ## install into .venv and print the block to paste
	@$(BIN)/python -c 'import json, pathlib; \
	block = json.loads(pathlib.Path("mcp.json.example").read_text()); \
	block["mcpServers"]["qwen_mcp_tools"]["command"] = str(pathlib.Path("$(BIN)/qwen-mcp-tools").absolute()); \
	print(json.dumps(block, indent=2))'

bench: $(STAMP)  ## measure beside others, as ratios of one run; writes benchmarks/RESULTS.md
	$(BIN)/python benchmarks/run.py

constraints:  ## renew constraints.txt from a fresh environment
	rm -rf .build/fresh && $(PYTHON) -m venv .build/fresh
	.build/fresh/bin/python -m pip install --quiet ".[test]"
	( echo "# Exact versions of one set-up that passes the tests; renew with: make constraints"; \
	  .build/fresh/bin/python -m pip freeze --exclude qwen-mcp-tools ) > constraints.txt
