.DEFAULT_GOAL := help
.PHONY: help check format test test-slow

help:  ## say what there is to make
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "%-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

check:  ## lint, formatting and types
	ruff check .
	ruff format --check .
	pyright

format:  ## put the code into shape
	ruff check --fix .
	ruff format .

test:  ## the fast suite, the embedded model included
	pytest -n auto --dist loadscope

test-slow:  ## the suites that take minutes
	pytest -m slow
