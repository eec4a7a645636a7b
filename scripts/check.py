"""All checks that are not tests: lint, types, contracts, migrations, containers.

Every check runs, also after one has failed; exits with 1 if any did. Nothing is skipped: a tool
that is not there is a failed check that says so.
"""

import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from launcher.places import places
from launcher.services import start_services

CHECKOUT = Path(__file__).resolve().parent.parent
TOOLS = Path(sys.executable).parent


@dataclass(frozen=True)
class Check:
    """A named command; a failure's output is shown, a success's is not."""

    name: str
    tool: str
    arguments: tuple[str, ...]


CHECKS = [
    Check("types (mypy)", "mypy", ()),
    Check("lint (ruff)", "ruff", ("check", "--quiet", ".")),
    Check("format (ruff)", "ruff", ("format", "--check", "--quiet", ".")),
    Check("templates (djlint)", "djlint", ("--lint", "--quiet", "templates")),
    Check("import contracts", "lint-imports", ()),
    Check("migrations", "python", ("manage.py", "makemigrations", "--check", "--dry-run")),
    Check("system checks", "python", ("manage.py", "check", "--fail-level", "WARNING")),
    Check("docker-compose.yml", "docker-compose", ("-f", "docker-compose.yml", "config", "-q")),
    Check("Dockerfile (hadolint)", "hadolint", ("Dockerfile",)),
]

# Compose refuses to be read without the secrets of its .env; these stand in for the validation.
COMPOSE_SECRETS = ("SECRET_KEY", "FIELD_KEYS", "INDEX_KEY")
COMPOSE_VALUES = {f"REDRESS_{name}": "check" for name in COMPOSE_SECRETS}
COMPOSE_VALUES["POSTGRES_PASSWORD"] = "check"


def run(check: Check) -> tuple[Check, str | None, float]:
    """Run one check; give its output if it failed."""
    tool = TOOLS / check.tool
    started = time.monotonic()
    if not tool.exists():
        return check, f"{check.tool} is missing from .venv: run `make dev`.", 0.0
    environment = {**os.environ, "REDRESS_ENV": "test", "PYTHONPATH": str(CHECKOUT)}
    if check.tool == "docker-compose":
        environment |= COMPOSE_VALUES
    answer = subprocess.run(
        [tool, *check.arguments],
        cwd=CHECKOUT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    failed = answer.returncode != 0
    return check, (answer.stdout + answer.stderr if failed else None), time.monotonic() - started


def main() -> int:
    """Run all checks, two at a time, and print the result of each."""
    start_services(places("test"))
    failures = 0
    with ThreadPoolExecutor(max_workers=2) as pool:
        for check, output, seconds in pool.map(run, CHECKS):
            print(f"{'FAILED' if output is not None else 'ok':7}{check.name} ({seconds:.1f} s)")
            if output is not None:
                failures += 1
                print(output, flush=True)
    if failures:
        print(f"{failures} of {len(CHECKS)} checks failed.")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
