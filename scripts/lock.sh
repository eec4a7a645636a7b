#!/bin/sh
# Writes requirements/run.txt and dev.txt from pyproject.toml: pinned, hashed, without addresses.
# Versions stay as they are unless pyproject.toml asks otherwise; arguments (for example --upgrade)
# go to uv.
set -eu

compile() {
    .venv/bin/uv pip compile pyproject.toml --quiet --universal --python-version 3.11 \
        --generate-hashes --no-emit-index-url --no-emit-find-links --no-header "$@"
}
compile --output-file requirements/run.txt "$@"
compile --extra dev --constraint requirements/run.txt --output-file requirements/dev.txt "$@"
