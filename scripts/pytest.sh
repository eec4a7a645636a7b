#!/bin/sh
# Runs pytest on private instances and ends them afterwards, whatever happens.
set -u
.venv/bin/python -m pytest --numprocesses 3 --dist worksteal "$@"
result=$?
.venv/bin/python -m launcher down --kind test >/dev/null
exit $result
