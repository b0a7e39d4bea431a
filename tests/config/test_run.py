"""`manage.py run` and what it runs: a real process tree on servers of its own."""

import os
import re
import signal
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from config.gunicorn import graceful_timeout
from config.processtree import GRACE_SECONDS
from tests.config.embedded.conftest import end_at_once
from tests.config.embedded.test_recovery import wait_until

ROOT = Path(__file__).parents[2]
START_SECONDS = 120.0


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Running:
    """One `manage.py run`."""

    def __init__(self, var: Path) -> None:
        self.var, self.port, self.log = var, free_port(), var / "run.log"
        with self.log.open("w") as log:
            self.process = subprocess.Popen(
                [sys.executable, "manage.py", "run", f"--port={self.port}"],
                cwd=ROOT,
                env=os.environ | {"SEATWISE_VAR": str(var), "LOG_FORMAT": "json"},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
            )

    def told(self, text: str) -> bool:
        assert self.process.poll() is None, self.log.read_text()
        return text in self.log.read_text()

    def ask(self, path: str) -> tuple[int, str]:
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=10) as answer:
            return answer.status, answer.read().decode()

    def answers(self) -> bool:
        try:
            return self.ask("/healthz") == (200, "ok\n")
        except OSError:
            return False

    def children(self) -> dict[str, psutil.Process]:
        """web, worker and beat, by name."""
        found = psutil.Process(self.process.pid).children()
        names = {"gunicorn": "web", "worker": "worker", "beat": "beat"}
        return {names[word]: child for child in found for word in child.cmdline() if word in names}


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    tree = Running(tmp_path_factory.mktemp("run"))
    yield tree
    if tree.process.poll() is None:
        tree.process.kill()
    end_at_once(tree.var)


@pytest.fixture(scope="module")
def up(running: Running) -> Running:
    wait_until(lambda: running.told("Seatwise answers at"), START_SECONDS)
    return running


def test_run_tells_the_address_once_it_answers(up: Running) -> None:
    lines = up.log.read_text().splitlines()
    assert lines[:2] == [
        "Web server, worker and beat are starting. Ctrl-C ends.",
        f"Seatwise answers at http://localhost:{up.port}/",
    ]
    assert up.ask("/readyz")[0] == 200
    assert sorted(up.children()) == ["beat", "web", "worker"]


def test_run_serves_pages_with_their_static_files(up: Running) -> None:
    status, page = up.ask("/account/login/")
    assert status == 200
    sheets = re.findall(r'href="(/static/[^"]+\.css)"', page)
    assert len(sheets) >= 2
    for sheet in sheets:
        assert re.search(r"\.[0-9a-f]{12}\.css$", sheet)
        assert up.ask(sheet)[0] == 200


def test_run_is_refused_where_the_port_is_taken(up: Running, tmp_path: Path) -> None:
    environment = os.environ | {
        "SEATWISE_VAR": str(tmp_path),
        "DATABASE_URL": "postgres://app:x@h/n",
        "SECRET_KEY": "x",
    }
    environment |= {"CELERY_BROKER_URL": "redis://h/0"}
    command = [sys.executable, "manage.py", "run", "--skip-checks", f"--port={up.port}"]
    result = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert (result.returncode, result.stdout) == (1, "")
    assert result.stderr == f"CommandError: port {up.port}: Address already in use; name another one with --port\n"


def test_killed_web_server_is_started_again(up: Running) -> None:
    killed = up.children()["web"]
    killed.kill()
    wait_until(lambda: up.told("web ended with status -9 and is started again"), START_SECONDS)
    wait_until(up.answers, START_SECONDS)
    assert up.children()["web"].pid != killed.pid


def test_ctrl_c_ends_all(up: Running) -> None:
    everything = psutil.Process(up.process.pid).children(recursive=True)
    up.process.send_signal(signal.SIGINT)
    assert up.process.wait(timeout=60) == 0
    assert up.log.read_text().splitlines()[-1] == "Ended."
    assert [process for process in everything if process.is_running()] == []
    assert not up.answers()


def test_web_server_ends_before_it_is_ended() -> None:
    assert graceful_timeout < GRACE_SECONDS


@pytest.mark.parametrize("port", ["65536", "-1"])
def test_impossible_port_is_told(tmp_path: Path, port: str) -> None:
    environment = os.environ | {
        "SEATWISE_VAR": str(tmp_path),
        "DATABASE_URL": "postgres://app:x@h/n",
        "SECRET_KEY": "x",
    }
    environment |= {"CELERY_BROKER_URL": "redis://h/0"}
    command = [sys.executable, "manage.py", "run", "--skip-checks", f"--port={port}"]
    result = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert (result.returncode, result.stderr) == (
        1,
        f"CommandError: port {port}: a port is a number from 1 to 65535; name another one with --port\n",
    )
