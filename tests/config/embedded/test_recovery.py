"""`kill -9` of anything, followed by a command: it works, and what was committed is there."""

import os
import signal
import socket
import time
from collections.abc import Callable, Iterator

import psutil
import pytest

from config.embedded.client import ensure_running, status, stop
from config.embedded.places import OWNER_ROLE, Places
from config.embedded.postgres import connect
from config.embedded.processes import processes_in
from tests.config.embedded.conftest import end_at_once

WAIT_SECONDS = 20.0


def write_row(places: Places) -> None:
    with connect(places.database(OWNER_ROLE)) as connection:
        connection.execute("DROP TABLE IF EXISTS kept")
        connection.execute("CREATE TABLE kept (at timestamptz DEFAULT clock_timestamp())")
        connection.execute("INSERT INTO kept DEFAULT VALUES")


def rows(places: Places) -> int:
    with connect(places.database(OWNER_ROLE)) as connection:
        return connection.execute("SELECT count(*) FROM kept").fetchone()[0]


def ask_valkey(places: Places, command: str) -> str:
    with socket.socket(socket.AF_UNIX) as connection:
        connection.connect(os.fsencode(places.valkey_socket))
        connection.sendall(f"AUTH {places.password('valkey')}\r\n{command}\r\n".encode())
        received = b""
        while received.count(b"\r\n") < 2:
            received += connection.recv(1000)
    return received.decode().split("\r\n")[1]


def postmaster(places: Places) -> int:
    return int((places.postgres / "postmaster.pid").read_text().split("\n")[0])


def valkey(places: Places) -> int:
    return processes_in(places.valkey, "valkey-server")[0].pid


def supervisor(places: Places) -> int:
    return status(places.var).pid


def backend(places: Places) -> int:
    return psutil.Process(postmaster(places)).children()[0].pid


def wait_until(condition: Callable[[], object], seconds: float = WAIT_SECONDS) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it took too long"
        time.sleep(0.02)


def kill(numbers: list[int]) -> None:
    """kill -9, all at once, and waits until they are gone: a signal takes its time."""
    processes = [psutil.Process(number) for number in numbers]
    for process in processes:
        process.send_signal(signal.SIGKILL)
    wait_until(
        lambda: not any(process.is_running() and process.status() != psutil.STATUS_ZOMBIE for process in processes)
    )


@pytest.fixture(scope="module")
def places(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Places]:
    """Servers for this module."""
    var = tmp_path_factory.mktemp("recovery")
    yield Places(var)
    end_at_once(var)


@pytest.fixture
def running(places: Places) -> Places:
    """Servers with one committed row and one queued word."""
    ensure_running(places.var, migrate_empty=False)
    write_row(places)
    assert ask_valkey(places, "DEL queue") in {":0", ":1"}
    assert ask_valkey(places, "RPUSH queue word") == ":1"
    return places


def check_all_there(places: Places) -> None:
    ensure_running(places.var, migrate_empty=False)
    assert rows(places) == 1
    assert ask_valkey(places, "LLEN queue") == ":1"
    assert status(places.var).phase == "ready"


@pytest.mark.parametrize(
    "victims",
    [[postmaster], [valkey], [backend], [supervisor], [postmaster, valkey], [supervisor, postmaster, valkey]],
    ids=lambda victims: "+".join(victim.__name__ for victim in victims),
)
def test_kill_9_loses_nothing(running: Places, victims: list[Callable[[Places], int]]) -> None:
    kill([victim(running) for victim in victims])
    check_all_there(running)


def test_servers_of_a_killed_supervisor_are_adopted(running: Places) -> None:
    before = (postmaster(running), valkey(running))
    killed = supervisor(running)
    kill([killed])
    check_all_there(running)
    assert (postmaster(running), valkey(running)) == before
    assert supervisor(running) != killed

    # Adopted servers are nobody's children here, and still are missed when they die.
    kill([before[0]])
    check_all_there(running)
    assert postmaster(running) != before[0]


def test_stop_reaches_the_servers_of_a_killed_supervisor(running: Places) -> None:
    kill([supervisor(running)])
    assert stop(running.var) is True
    assert processes_in(running.postgres, "postgres") + processes_in(running.valkey, "valkey-server") == []
    assert stop(running.var) is False


def test_pid_file_naming_a_living_stranger_does_not_hinder(running: Places) -> None:
    stop(running.var)
    (running.postgres / "postmaster.pid").write_text(
        f"{os.getpid()}\n{running.postgres}\n0\n5432\n{running.sockets}\n\n\n"
    )
    check_all_there(running)
