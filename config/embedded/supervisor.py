"""The supervisor: keeps both servers running until it is told to stop or nobody has used them for a while."""

import contextlib
import os
import select
import shutil
import signal
import time
from collections.abc import Iterator
from types import FrameType

from config.embedded.account import account_for
from config.embedded.failures import EmbeddedError
from config.embedded.keeper import Keeper
from config.embedded.locks import open_lock, release, take
from config.embedded.places import Places
from config.embedded.postgres import Postgres
from config.embedded.state import FAILED, READY, STARTING, STOPPED, STOPPING, write_state
from config.embedded.valkey import Valkey

IDLE_SECONDS = 600.0
ROUND_SECONDS = 1.0
STARTING_ROUND_SECONDS = 0.05


class Supervisor:
    """Runs the servers of one data folder. `lock` is the descriptor of the supervisor's lock, held already."""

    def __init__(self, places: Places, lock: int, idle_seconds: float = IDLE_SECONDS) -> None:
        self.places = places
        self.lock = lock
        self.idle_seconds = idle_seconds
        self.lease = open_lock(places.lease)
        self.stopping = False
        self.phase = ""

    def run(self) -> None:
        """Keeps the servers until the end; whatever goes wrong is told in the state."""
        keepers: list[Keeper] = []
        try:
            self.say(STARTING)
            with woken_by_signals(self.stop) as descriptor:
                keepers += self.keepers()
                self.keep(keepers, descriptor)
            self.end(keepers, STOPPED)
        except (EmbeddedError, OSError) as error:
            self.end(keepers, FAILED, str(error))

    def keepers(self) -> list[Keeper]:
        """One keeper per server, for the account that they run as."""
        if self.places.sockets.parent == self.places.short_folder:
            self.places.prepare_short_folder()
        account = account_for(self.places)
        account.make(self.places.sockets)
        return [Keeper(Postgres(self.places, account)), Keeper(Valkey(self.places, account))]

    def keep(self, keepers: list[Keeper], descriptor: int) -> None:
        """Rounds, one a second or as soon as a signal comes, until told to stop, unused, or without a folder."""
        used = time.monotonic()
        while not self.stopping and os.fstat(self.lock).st_nlink:
            for keeper in keepers:
                keeper.tend()
            ready = all(keeper.ready for keeper in keepers)
            self.say(READY if ready else STARTING)
            pause(descriptor, ROUND_SECONDS if ready else STARTING_ROUND_SECONDS)
            if self.in_use() or not ready:
                used = time.monotonic()
            elif time.monotonic() - used >= self.idle_seconds and take(self.lease, wait=False):
                # The lease stays ours: a command that comes now waits until we are gone, and starts the next supervisor.
                return

    def in_use(self) -> bool:
        """Whether any process holds the lease."""
        if take(self.lease, wait=False):
            release(self.lease)
            return False
        return True

    def end(self, keepers: list[Keeper], phase: str, message: str = "") -> None:
        """Stops the servers, the broker first, and says how it ended."""
        self.say(STOPPING)
        for keeper in reversed(keepers):
            keeper.stop()
        # Without keepers the short folder may be somebody else's, and the reason why we end.
        if keepers and self.places.sockets.parent == self.places.short_folder:
            shutil.rmtree(self.places.short_folder, ignore_errors=True)
        self.say(phase, message)

    def say(self, phase: str, message: str = "") -> None:
        """Writes the state where it has changed; nobody reads it once the folder is gone."""
        if phase != self.phase:
            self.phase = phase
            with contextlib.suppress(FileNotFoundError):
                write_state(self.places.state, phase, message)

    def stop(self, _number: int, _frame: FrameType | None) -> None:
        """What a signal to end does."""
        self.stopping = True


@contextlib.contextmanager
def woken_by_signals(stop: signal.Handlers) -> Iterator[int]:
    """A descriptor that becomes readable when a signal comes: to end, or that a child has died."""
    readable, writable = os.pipe()
    os.set_blocking(readable, False)
    os.set_blocking(writable, False)
    signal.set_wakeup_fd(writable)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, stop)
    signal.signal(signal.SIGCHLD, lambda _number, _frame: None)
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        yield readable
    finally:
        signal.set_wakeup_fd(-1)
        os.close(readable)
        os.close(writable)


def pause(descriptor: int, seconds: float) -> None:
    """Waits for a signal, at most so long."""
    if select.select([descriptor], [], [], seconds)[0]:
        os.read(descriptor, 1000)
