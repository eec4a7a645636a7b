"""`python -m launcher run|up|down|status|translations|psql`."""

import argparse
import os
import sys

from environ import Env

from launcher.errors import LaunchError
from launcher.places import Places, places
from launcher.postgres import psql
from launcher.run import run
from launcher.services import private_services, start_services, stop_services
from launcher.translations import compile_translations


def up(place: Places) -> int:
    """Start the private instances and leave them running."""
    started = {service.name for service in start_services(place)}
    for service in private_services(place):
        print(f"{service.name}: {'started' if service.name in started else 'was running'}")
    return 0


def down(place: Places) -> int:
    """End the private instances; their data stays."""
    stopped = {service.name for service in stop_services(private_services(place), place)}
    for service in private_services(place):
        print(f"{service.name}: {'stopped' if service.name in stopped else 'was not running'}")
    return 0


def status(place: Places) -> int:
    """Say what runs; exit with 1 unless everything does."""
    services = private_services(place)
    for service in services:
        print(f"{service.name}: {'running' if service.answers() else 'not running'}")
    return 0 if all(service.answers() for service in services) else 1


def prompt(place: Places) -> int:
    """Open a prompt on the private PostgreSQL."""
    command = psql(place)
    os.execv(command[0], command)


def translations(place: Places) -> int:
    """Compile the translation catalogues that have changed."""
    for path in compile_translations(place.checkout / "locale"):
        print(f"compiled {path.relative_to(place.checkout)}")
    return 0


COMMANDS = {
    "run": run,
    "up": up,
    "down": down,
    "status": status,
    "translations": translations,
    "psql": prompt,
}


def main() -> int:
    """Run one command; a LaunchError becomes a message and exit code 1."""
    parser = argparse.ArgumentParser(prog="python -m launcher", description=__doc__)
    parser.add_argument("command", choices=sorted(COMMANDS))
    parser.add_argument("--kind", choices=("development", "test", "faults"), default="development")
    arguments = parser.parse_args()
    place = places(arguments.kind)
    if place.kind == "development" and (place.checkout / ".env").is_file():
        Env.read_env(place.checkout / ".env")
    try:
        return COMMANDS[arguments.command](place)
    except LaunchError as error:
        print(f"\n{error}\n", file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
