"""Tests on the shared real data: left out where it is absent, and named at the end."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).resolve().parents[2]
# This run may itself be one of several workers; the small one must not take itself for it.
ENVIRONMENT = {k: v for k, v in os.environ.items() if not k.startswith("PYTEST_XDIST")}
TEST_FILE = """
import pytest

@pytest.mark.shared_data
def test_on_real_data():
    raise AssertionError("it ran")

def test_other():
    pass
"""


def run_pytest(folder: Path, shared: Path, *more: str) -> tuple[int, list[str]]:
    """Run a small test file under our plugin; give exit code and lines of output."""
    (folder / "test_small.py").write_text(TEST_FILE)
    (folder / "pytest.ini").write_text("[pytest]\nmarkers =\n    shared_data: real data\n")
    answer = subprocess.run(
        [
            sys.executable,
            "-m",
            "pytest",
            "-q",
            "-p",
            "tests.shared_data",
            "-p",
            "no:django",
            *more,
            ".",
        ],
        cwd=folder,
        env={**ENVIRONMENT, "PYTHONPATH": str(CHECKOUT), "REDRESS_SHARED_DATA": str(shared)},
        capture_output=True,
        text=True,
        check=False,
    )
    return answer.returncode, answer.stdout.splitlines()


@pytest.mark.parametrize("more", [(), ("-n", "2")], ids=["one process", "two workers"])
def test_absent_data_leaves_tests_out_and_names_them(tmp_path: Path, more: tuple[str, ...]) -> None:
    code, lines = run_pytest(tmp_path, tmp_path / "absent", *more)

    assert code == 0
    assert "test_small.py::test_on_real_data" in lines[-4:]
    assert any("left out: the shared data is not on this machine" in line for line in lines[-4:])


def test_present_data_runs_them(tmp_path: Path) -> None:
    code, lines = run_pytest(tmp_path, tmp_path)

    assert code == 1
    assert any("it ran" in line for line in lines)
