"""docker-compose.yml and Dockerfile agree with the settings and with `make run`."""

import re
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[2]
NOT_FOR_CONTAINERS = {
    "REDRESS_DEBUG",
    "REDRESS_DEMO",
    "REDRESS_FILES_ROOT",
    "REDRESS_MAIL_FOLDER",
    "REDRESS_TEST_DB",
}


def read(name: str) -> str:
    return (CHECKOUT / name).read_text(encoding="utf-8")


def test_compose_passes_every_setting_on() -> None:
    """A variable of .env reaches the containers; each new one is decided on."""
    told = set(re.findall(r"^#? ?([A-Z][A-Z_]+)=", read(".env.sample"), re.MULTILINE))
    compose = read("docker-compose.yml")
    passed = {name for name in told if re.search(rf"\b{name}\b", compose)}

    assert told - passed == NOT_FOR_CONTAINERS


def test_compose_runs_exactly_one_beat() -> None:
    compose = read("docker-compose.yml")

    assert compose.count("config, beat") == 1
    assert not re.search(r"worker.*(?:--beat|\s-B\b)", compose)


def test_image_installs_system_packages_as_make_run_does() -> None:
    dockerfile = read("Dockerfile")

    assert "install-system.sh run" in dockerfile
    assert "--require-hashes" in dockerfile
    assert not re.search(r"apt-get +install", dockerfile)
    assert re.search(r"^USER [1-9]\d*$", dockerfile, re.MULTILINE)


def test_image_leaves_out_what_is_private() -> None:
    left_out = set(read(".dockerignore").split())

    assert {".env", "var", ".git", ".venv"} <= left_out
