"""An installation with servers, database and data folder of its own, in which real workers run and are killed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest
import redis

from config.embedded.client import stop
from config.embedded.places import OWNER_ROLE, Places
from config.embedded.postgres import connect
from config.programs import celery

BASE = Path(__file__).resolve().parents[2]
PATIENCE = 60.0


class Installation:
    """Servers, database and data folder of their own."""

    def __init__(self, var: Path) -> None:
        self.places = Places(var)
        servers = ("DATABASE_URL", "DATABASE_OWNER_URL", "CELERY_BROKER_URL")
        kept = {name: value for name, value in os.environ.items() if name not in servers}
        self.environment = kept | {"SEATWISE_VAR": str(var)}
        self.workers: list[subprocess.Popen[bytes]] = []

    def run(self, world: str, action: str) -> None:
        """Run `action` of the module `world`; it has to succeed."""
        command = [sys.executable, "-m", world, action]
        environment = self.environment | {"DJANGO_SETTINGS_MODULE": "config.settings"}
        subprocess.run(command, cwd=BASE, env=environment, check=True)

    def start_worker(self) -> subprocess.Popen[bytes]:
        command = celery("worker", "--concurrency=1", "--loglevel=WARNING")
        self.workers.append(subprocess.Popen(command, cwd=BASE, env=self.environment, start_new_session=True))
        return self.workers[-1]

    def kill_workers(self) -> None:
        """Kill -9 each worker with its children."""
        for worker in self.workers:
            if worker.poll() is None:
                os.killpg(worker.pid, signal.SIGKILL)
                worker.wait()

    def empty_broker(self) -> None:
        address = str(self.places.valkey_socket)
        with redis.Redis(unix_socket_path=address, password=self.places.password("valkey")) as broker:
            broker.flushall()

    def database(self, role: str = OWNER_ROLE) -> psycopg.Connection:
        database = connect(self.places.database(role))
        database.autocommit = True
        return database


@pytest.fixture
def installation(tmp_path: Path) -> Iterator[Installation]:
    installation = Installation(tmp_path / "var")
    yield installation
    installation.kill_workers()
    stop(installation.places.var)


def wait_until(reached: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not reached():
        assert time.monotonic() < deadline
        time.sleep(0.02)
