"""A few long-running programs as children of one process: started together, restarted when they die, ended together."""

import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from types import FrameType

import psutil

from config.embedded.supervisor import pause, woken_by_signals
from config.programs import Command

GRACE_SECONDS = 30.0
PAUSE_SECONDS = 1.0


class ProcessTree:
    """The programs by name, each with its command line. `say` tells a person what happens to them; `watch` is called about
    once a second.
    """

    def __init__(
        self,
        commands: Mapping[str, Command],
        *,
        folder: Path,
        say: Callable[[str], object],
        watch: Callable[[], object] = lambda: None,
    ) -> None:
        self.commands = commands
        self.folder = folder
        self.say = say
        self.watch = watch
        self.children: dict[str, subprocess.Popen[bytes]] = {}
        self.stopping = False

    def run(self) -> None:
        """Ends what a killed tree left, keeps all of them running until SIGINT or SIGTERM, then ends them."""
        self.clear()
        with woken_by_signals(self.stop) as descriptor:
            while not self.stopping:
                for name in self.commands:
                    self.tend(name)
                self.watch()
                pause(descriptor, PAUSE_SECONDS)
            end_politely([psutil.Process(child.pid) for child in self.children.values() if child.poll() is None])
        for child in self.children.values():
            child.wait()

    def clear(self) -> None:
        """Ends what a tree of the same programs has left when it was killed."""
        end_politely(leftovers(self.commands.values()))

    def tend(self, name: str) -> None:
        """Starts a program that isn't running."""
        child = self.children.get(name)
        if child is not None and child.poll() is None:
            return
        if child is not None:
            self.say(f"{name} ended with status {child.returncode} and is started again")
            end_group(child.pid)
            time.sleep(PAUSE_SECONDS)
        # A session of its own keeps Ctrl-C from reaching it twice, once by the terminal and once by us.
        self.children[name] = subprocess.Popen(
            self.commands[name], cwd=self.folder, stdin=subprocess.DEVNULL, start_new_session=True
        )

    def stop(self, _number: int, _frame: FrameType | None) -> None:
        """What a signal to end does."""
        self.stopping = True


def end_group(leader: int) -> None:
    """Ends the processes that a dead program has left: they would keep its port, or its work."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(leader, signal.SIGKILL)


def leftovers(commands: Iterable[Command]) -> list[psutil.Process]:
    """Living processes with exactly one of these command lines: what a tree that was killed has left."""
    wanted = [list(command) for command in commands]
    return [process for process in psutil.process_iter(["cmdline"]) if process.info["cmdline"] in wanted]


def end_politely(processes: list[psutil.Process]) -> None:
    """Asks processes to end, waits for them, and ends by force those that don't."""
    for send in (psutil.Process.terminate, psutil.Process.kill):
        for process in processes:
            try:
                send(process)
            except psutil.NoSuchProcess:
                continue
        _, processes = psutil.wait_procs(processes, timeout=GRACE_SECONDS)
        if not processes:
            return
