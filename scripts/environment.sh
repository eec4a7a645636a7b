#!/bin/sh
# Makes .venv and installs a lock into it, only when the lock has changed:
#     scripts/environment.sh run|dev
# What is in the lock is verified by its hashes; `dev` holds everything that `run` does.
set -eu

lock="requirements/$1.txt"
python="${PYTHON:-python3}"
here=.venv/bin/python

# A virtual environment does not survive its Python or a move of the folder.
if ! "$here" -c 'import pip' 2>/dev/null || [ "$(cat .venv/made-in 2>/dev/null)" != "$PWD" ]; then
    if [ ! -e .venv/made-in ] && "$here" -c 'import pip' 2>/dev/null; then
        : # made by hand: keep it
    else
        echo "Making the virtual environment …"
        rm -rf .venv
        "$python" -m venv .venv
    fi
    echo "$PWD" >.venv/made-in
fi

for installed in "$1" dev; do
    cmp -s "requirements/$installed.txt" ".venv/installed-$installed.txt" && exit 0
done

echo "Installing what $lock names …"
rm -f ".venv/installed-$1.txt"
"$here" -m pip install --quiet --quiet --disable-pip-version-check --no-input --no-deps --require-hashes \
    --requirement "$lock"
cp "$lock" ".venv/installed-$1.txt"
