"""Keeps one server running: starts it as a direct child or adopts one that lives already, and starts it again when it dies."""

import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

import psutil

from config.embedded.account import Account
from config.embedded.failures import EmbeddedError
from config.embedded.places import Places
from config.embedded.processes import end_all, head_of, processes_in
from config.environment import give_to_owner_of

MOST_DEATHS_IN_A_ROW = 5
PAUSE_SECONDS = 0.5
GRACE_SECONDS = 60.0
LARGEST_LOG = 10_000_000


class Server(Protocol):
    """What a keeper needs to know about a server."""

    name: str
    graceful_signal: str
    folder: Path
    places: Places
    account: Account

    def prepare(self) -> None:
        """Makes everything that a start needs."""

    def command(self) -> Sequence[str | Path]:
        """What starts it in the foreground."""

    def answers(self) -> bool:
        """Whether it takes commands."""

    def make_ready(self) -> None:
        """What is to be done once it takes commands."""


class Keeper:
    """One server and its process."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self.child: subprocess.Popen[bytes] | None = None
        self.adopted: psutil.Process | None = head_of(self.leftovers())
        self.ready = False
        self.deaths = 0
        self.not_before = 0.0

    def leftovers(self) -> list[psutil.Process]:
        """All living processes of this server, whoever started them."""
        return processes_in(self.server.folder, self.server.name)

    def lives(self) -> bool:
        """Whether the server's process lives; a dead child is reaped by asking."""
        if self.child is not None:
            return self.child.poll() is None
        return self.adopted is not None and self.adopted.is_running() and self.adopted.status() != psutil.STATUS_ZOMBIE

    def tend(self) -> None:
        """One round: start what doesn't live, find out whether what lives answers. EmbeddedError where it dies again and again."""
        if not self.lives():
            self.ready = False
            if time.monotonic() >= self.not_before:
                self.start()
        elif not self.ready and self.server.answers():
            self.server.make_ready()
            self.ready = True
            self.deaths = 0

    def start(self) -> None:
        """Starts the server, after ending whatever is left of the one before."""
        log = self.server.places.log(self.server.name)
        if self.deaths >= MOST_DEATHS_IN_A_ROW:
            raise EmbeddedError(f"{self.server.name} doesn't start; its last words are at the end of {log}")
        end_all(self.leftovers())
        self.adopted = None
        self.server.prepare()
        descriptor = open_log(log)
        try:
            self.child = self.server.account.start(self.server.command(), descriptor)
        finally:
            os.close(descriptor)
        self.deaths += 1
        self.not_before = time.monotonic() + PAUSE_SECONDS

    def stop(self) -> None:
        """Asks the server to end, waits for it, and ends it by force where it doesn't."""
        process = self.child or self.adopted
        if process is not None and self.lives():
            process.send_signal(signal.Signals[self.server.graceful_signal])
            with contextlib.suppress(subprocess.TimeoutExpired, psutil.TimeoutExpired):
                process.wait(GRACE_SECONDS)
        end_all(self.leftovers())


def open_log(path: Path) -> int:
    """A log to append to; one that has grown large is put aside, and the one put aside before is forgotten."""
    if path.exists() and path.stat().st_size > LARGEST_LOG:
        path.replace(path.with_suffix(".log.1"))
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    give_to_owner_of(path.parent, path)
    return descriptor
