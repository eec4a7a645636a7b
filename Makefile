# One vocabulary for laptop, hook and CI. `make` alone tells what there is.
SHELL := /bin/sh
PYTHON ?= python3
PORT ?= 8000
VENV := .venv/bin
export PYTHON PORT

.DEFAULT_GOAL := help
.PHONY: help run test test-long faults check fix bench lock messages down clean system-run system-test dev

help:
	@echo "make run         start Redress on http://127.0.0.1:$(PORT)/ (PORT=8001 for another port)"
	@echo "make test        all checks and tests"
	@echo "make test-long   the tests that take longer"
	@echo "make faults      kill, stop and skew everything around the clocks, and print what came of it"
	@echo "make check       lint, types and contracts only"
	@echo "make fix         mend what lint can mend"
	@echo "make bench       measure"
	@echo "make messages    collect new texts for the English catalogue"
	@echo "make lock        write the hash-locked requirements anew"
	@echo "make down        end private PostgreSQL and Valkey that were left running"

system-run:
	@scripts/install-system.sh run
	@scripts/environment.sh run

system-test:
	@scripts/install-system.sh test
	@scripts/environment.sh dev

dev: system-test

run: system-run
	@$(VENV)/python -m launcher run

test: system-test
	@$(VENV)/python -m scripts.check
	@scripts/pytest.sh -m "not long"

test-long: system-test
	@scripts/pytest.sh -m "long"

faults: system-test
	@$(VENV)/python -m tests.faults

check: system-test
	@$(VENV)/python -m scripts.check

fix: system-test
	@$(VENV)/ruff check --fix .
	@$(VENV)/ruff format .
	@$(VENV)/djlint --reformat --quiet templates

bench: system-test
	@$(VENV)/python -m benchmarks

messages: system-test
	@$(VENV)/python -m scripts.messages

lock: system-test
	@scripts/lock.sh

down:
	@$(VENV)/python -m launcher down --kind development
	@$(VENV)/python -m launcher down --kind test
	@$(VENV)/python -m launcher down --kind faults
