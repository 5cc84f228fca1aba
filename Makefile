# Two commands for a new user: `make demo` and `make test`. Each makes what it needs.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin

.PHONY: help demo test lint docs picture model real-scores eval baselines learning-curve clean

help:
	@echo "make demo         install into $(VENV), flag the sample articles, score the sample archive"
	@echo "make test         run all tests, the notebooks among them"
	@echo "make lint         ruff and mypy"
	@echo "make docs         this documentation as a site, into docs/_build/html"
	@echo "make picture      the terminal of the README, drawn from a real run"
	@echo "make model        train models/default.zip from data/ again"
	@echo "make real-scores  measure on ../shared/real, for operating points (where it is present)"
	@echo "make eval         quality: challenge set, left-out folds, ../shared/real where present"
	@echo "make learning-curve  what more texts bring, into docs/learning-curve.md"
	@echo "make baselines    other scorers on the same texts, into benchmarks/quality.md"

$(VENV)/.package: pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade "pip>=25.1"
	$(BIN)/pip install --quiet --editable .
	touch $@

$(VENV)/.test: $(VENV)/.package
	$(BIN)/pip install --quiet --group test
	touch $@

$(VENV)/.lint: $(VENV)/.package
	$(BIN)/pip install --quiet --group lint
	touch $@

$(VENV)/.docs: $(VENV)/.package
	$(BIN)/pip install --quiet --group docs
	touch $@

demo: $(VENV)/.package
	@echo; echo "Four articles: one on arms for Russia, and three that are not to be flagged"
	$(BIN)/sanctions-clf predict samples/*.txt --format table
	@echo; echo "The hits of a small archive in many languages"
	$(BIN)/sanctions-clf score samples/archive.jsonl.gz --format table

test: $(VENV)/.test
	$(BIN)/python -m pytest

lint: $(VENV)/.lint
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy

# SPHINX="-D nb_execution_mode=off" leaves the notebooks without outputs.
docs: $(VENV)/.docs
	$(BIN)/sphinx-build --quiet --fail-on-warning --keep-going $(SPHINX) docs docs/_build/html

picture: $(VENV)/.package
	$(BIN)/python scripts/terminal_picture.py

model: $(VENV)/.package
	$(BIN)/python scripts/shipped_model.py model

real-scores: $(VENV)/.package
	$(BIN)/python scripts/shipped_model.py real-scores

eval: $(VENV)/.package
	$(BIN)/python scripts/evaluate.py
	$(BIN)/python scripts/filing.py

baselines: $(VENV)/.package
	$(BIN)/pip install --quiet --group baselines
	$(BIN)/python scripts/baselines.py

learning-curve: $(VENV)/.package
	$(BIN)/python scripts/learning_curve.py

clean:
	rm -rf $(VENV) build dist docs/_build docs/notebooks .pytest_cache .mypy_cache .ruff_cache .hypothesis
