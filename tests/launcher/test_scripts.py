"""The shell scripts behind `make run` and `make test`, with stand-ins for what they call."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).resolve().parents[2]
INSTALL = CHECKOUT / "scripts/install-system.sh"
ENVIRONMENT = CHECKOUT / "scripts/environment.sh"


def stand_in(folder: Path, name: str, script: str) -> None:
    """Put a program of that name into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)


def run(*command: str | Path, path: Path | None = None, cwd: Path = CHECKOUT, **variables: str):
    search = f"{path}:{os.environ['PATH']}" if path else os.environ["PATH"]
    return subprocess.run(
        ["sh", *command],
        cwd=cwd,
        env={**os.environ, **variables, "PATH": search},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture
def bare_machine(tmp_path: Path) -> Path:
    """Stand-ins for a Debian machine without fonts, used by somebody who may not install."""
    stand_in(tmp_path, "id", "echo 1000")
    stand_in(tmp_path, "sudo", "exit 1")
    stand_in(tmp_path, "fc-list", "exit 0")
    stand_in(tmp_path, "apt-get", f"echo \"$@\" >>'{tmp_path}/calls'")
    return tmp_path


@pytest.mark.parametrize("purpose", ["run", "test"])
def test_nothing_missing_needs_no_rights(tmp_path: Path, purpose: str) -> None:
    """On a machine that has everything the script is silent and calls neither apt nor sudo."""
    for name in ("apt-get", "sudo", "brew"):
        stand_in(tmp_path, name, f"touch '{tmp_path}/called'; exit 1")

    answer = run(INSTALL, purpose, path=tmp_path)

    assert (answer.returncode, answer.stdout, answer.stderr) == (0, "", "")
    assert not (tmp_path / "called").exists()


def test_without_rights_one_command_is_printed(bare_machine: Path) -> None:
    answer = run(INSTALL, "run", path=bare_machine)

    commands = [line for line in answer.stderr.splitlines() if line.startswith("    ")]
    assert answer.returncode == 1
    assert "Chinese characters" in answer.stdout
    assert len(commands) == 1
    assert "sudo sh -c 'apt-get" in commands[0]
    assert "fonts-noto-cjk" in commands[0]
    assert not (bare_machine / "calls").exists()


def test_root_installs_what_is_missing(bare_machine: Path) -> None:
    stand_in(bare_machine, "id", "echo 0")

    answer = run(INSTALL, "run", path=bare_machine)

    calls = (bare_machine / "calls").read_text().splitlines()
    assert answer.returncode == 0
    assert "DPkg::Lock::Timeout" in calls[0] and calls[0].endswith("update -qq")
    assert calls[1].endswith("fonts-noto-cjk")


def test_sudo_without_password_installs(bare_machine: Path) -> None:
    stand_in(bare_machine, "sudo", 'shift; [ "$1" = true ] || env "$@"')

    answer = run(INSTALL, "run", path=bare_machine)

    assert answer.returncode == 0
    assert len((bare_machine / "calls").read_text().splitlines()) == 2


def test_old_python_is_named(tmp_path: Path) -> None:
    stand_in(tmp_path, "python3", "case $2 in *platform*) echo 3.9.2;; *) exit 1;; esac")

    answer = run(INSTALL, "run", path=tmp_path, PYTHON="python3")

    assert answer.returncode == 1
    assert "needs Python 3.11" in answer.stderr
    assert "3.9.2" in answer.stderr


def test_lock_is_installed_only_when_it_changed(tmp_path: Path) -> None:
    calls = tmp_path / "calls"
    stand_in(tmp_path / ".venv/bin", "python", f'[ "$1" = -c ] || echo "$@" >>\'{calls}\'')
    (tmp_path / "requirements").mkdir()
    for name in ("run", "dev"):
        (tmp_path / f"requirements/{name}.txt").write_text(f"{name} 1")

    def install(name: str) -> int:
        assert run(ENVIRONMENT, name, cwd=tmp_path).returncode == 0
        return len(calls.read_text().splitlines())

    assert [install("run"), install("run")] == [1, 1]
    (tmp_path / "requirements/run.txt").write_text("run 2")
    assert [install("run"), install("dev"), install("run")] == [2, 3, 3]
    assert "--require-hashes" in calls.read_text()


def test_moved_folder_gets_a_new_environment(tmp_path: Path) -> None:
    """A virtual environment names its folder: one that was moved or copied is made anew."""
    stand_in(tmp_path / ".venv/bin", "python", "exit 0")
    (tmp_path / ".venv/made-in").write_text("elsewhere\n")
    stand_in(
        tmp_path / "bin", "python3", f"mkdir -p .venv/bin; cp '{tmp_path}/stub' .venv/bin/python"
    )
    stand_in(tmp_path, "stub", "exit 0")
    (tmp_path / "requirements").mkdir()
    (tmp_path / "requirements/run.txt").write_text("run 1")

    answer = run(ENVIRONMENT, "run", path=tmp_path / "bin", cwd=tmp_path, PYTHON="python3")

    assert answer.returncode == 0, answer.stderr
    assert "Making the virtual environment" in answer.stdout
    assert (tmp_path / ".venv/made-in").read_text().strip() == str(tmp_path)


def test_make_tells_its_targets() -> None:
    answer = subprocess.run(
        [shutil.which("make") or "make", "help"],
        cwd=CHECKOUT,
        capture_output=True,
        text=True,
        check=True,
    )

    for target in ("run", "test", "test-long", "check", "fix", "bench"):
        assert f"make {target} " in answer.stdout


def test_ci_runs_what_developers_run() -> None:
    assert "make test" in (CHECKOUT / ".ci/run").read_text()
    assert os.access(CHECKOUT / ".ci/run", os.X_OK)
