"""The private instances: start, reuse, restart after a kill, and the user they run as."""

import os
import signal
import stat
import subprocess
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from launcher.accounts import others_reach
from launcher.errors import LaunchError
from launcher.places import Places, places
from launcher.postgres import Postgres
from launcher.processes import wait_until
from launcher.services import adopt, private_services, run_mark, start_services, stop_services
from launcher.valkey import Valkey

pytestmark = pytest.mark.slow


def one_value(place: Places, sql: str) -> str:
    """Ask the private PostgreSQL for one value."""
    address = ["-h", str(place.sockets), "-U", "redress", "-d", "redress"]
    command = [Postgres.of(place).programs / "psql", *address, "-Atc", sql]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()


def test_start_serves_on_private_sockets_only(fresh_places: Places) -> None:
    """Nothing listens beyond a folder that only its owner can enter; data is UTF-8."""
    started = start_services(fresh_places)

    assert [service.name for service in started] == ["PostgreSQL", "Valkey"]
    assert stat.S_IMODE(fresh_places.sockets.stat().st_mode) == 0o700
    assert one_value(fresh_places, "SHOW listen_addresses") == ""
    assert one_value(fresh_places, "SHOW server_encoding") == "UTF8"
    assert one_value(fresh_places, "SELECT '投诉' ~ '^\\w+$'") == "t"
    assert Valkey.of(fresh_places).answers()


def test_start_reuses_what_runs(fresh_places: Places) -> None:
    """A second start, also at the same moment, starts nothing."""
    with ThreadPoolExecutor(2) as pool:
        first, second = pool.map(start_services, [fresh_places, fresh_places])
    third = start_services(fresh_places)

    assert len(first) + len(second) == 2
    assert third == []


def test_start_after_kill_keeps_data(fresh_places: Places) -> None:
    """A killed server is started again with what it had committed."""
    start_services(fresh_places)
    one_value(fresh_places, "CREATE TABLE kept AS SELECT 42 AS answer")
    for service in private_services(fresh_places):
        os.kill(service.process_id() or 0, signal.SIGKILL)
        assert wait_until(lambda it=service: not it.answers(), seconds=10)

    started = start_services(fresh_places)

    assert len(started) == 2
    assert one_value(fresh_places, "SELECT answer FROM kept") == "42"


def test_start_replaces_an_instance_that_lost_its_socket(fresh_places: Places) -> None:
    """Cleaners of the temporary folder remove sockets; two servers on one folder must not be."""
    start_services(fresh_places)
    before = [service.process_id() for service in private_services(fresh_places)]
    for path in fresh_places.sockets.iterdir():
        path.unlink()

    start_services(fresh_places)

    after = [service.process_id() for service in private_services(fresh_places)]
    assert not set(before) & set(after)
    assert all(service.answers() for service in private_services(fresh_places))


def test_stop_leaves_no_process(fresh_places: Places) -> None:
    """What was stopped no longer runs, and stopping again does nothing."""
    start_services(fresh_places)

    stopped = stop_services(private_services(fresh_places), fresh_places)

    assert len(stopped) == 2
    assert [service.process_id() for service in private_services(fresh_places)] == [None, None]
    assert stop_services(private_services(fresh_places), fresh_places) == []


def test_services_never_run_as_root(fresh_places: Places) -> None:
    """Root hands the servers to an unprivileged user; a user keeps them."""
    start_services(fresh_places)

    for service in private_services(fresh_places):
        owner = service.data.stat().st_uid
        assert owner != 0
        assert owner == service.account.user_id


def test_run_adopts_what_a_killed_run_left(fresh_places: Places) -> None:
    """Instances that `run` started end with the next run, those of `up` stay."""
    ours: list[Postgres | Valkey] = []
    start_services(fresh_places, started=ours)
    assert adopt(fresh_places) == ours

    stop_services(ours, fresh_places)
    start_services(fresh_places)

    assert adopt(fresh_places) == []
    assert not any(run_mark(fresh_places, service).exists() for service in ours)


def test_socket_path_is_a_pure_function_of_the_checkout(tmp_path: Path) -> None:
    """Settings name the sockets before anything runs; each checkout and kind has its own."""
    long_path = tmp_path / ("长" * 30) / ("x" * 200)

    assert places("test", long_path) == places("test", long_path)
    assert len(os.fsencode(places("test", long_path).sockets / ".s.PGSQL.5432")) < 107
    folders = {places(k, p).sockets for k in ("test", "development") for p in (tmp_path, long_path)}
    assert len(folders) == 4
    assert not long_path.exists()


def test_outside_services_replace_private_ones(
    fresh_places: Places, monkeypatch: pytest.MonkeyPatch
) -> None:
    """DATABASE_URL and REDIS_URL each stand for one instance."""
    monkeypatch.setenv("DATABASE_URL", "postgres://redress@db/redress")

    assert [service.name for service in private_services(fresh_places)] == ["Valkey"]


def test_foreign_socket_folder_is_refused(fresh_places: Places) -> None:
    """Another user may not lay out our folder of sockets in advance."""
    fresh_places.sockets.write_text("in the way")
    try:
        with pytest.raises(LaunchError, match="is not a folder"):
            Valkey.of(fresh_places).start()
    finally:
        fresh_places.sockets.unlink()


def test_others_reach_asks_every_parent(tmp_path: Path) -> None:
    """A folder below a closed home cannot be reached, whatever its own mode."""
    closed = tmp_path / "home"
    inside = closed / "redress"
    inside.mkdir(parents=True)
    closed.chmod(0o700)
    inside.chmod(0o755)

    assert not others_reach(inside)
    assert not others_reach(inside / "var" / "later")
