"""Processes of a server that outlived the supervisor that started them: found by name and working folder, and ended."""

import signal
from pathlib import Path

import psutil

LET_GO_SECONDS = 30.0


def processes_in(folder: Path, name: str) -> list[psutil.Process]:
    """The living processes of the program `name` that work in `folder`; both servers make their data folder their working one."""
    return [
        process
        for process in psutil.process_iter(["name"])
        if process.info["name"] == name and works_in(process, folder)
    ]


def works_in(process: psutil.Process, folder: Path) -> bool:
    """Whether a process lives and works in the folder."""
    try:
        return process.status() != psutil.STATUS_ZOMBIE and Path(process.cwd()) == folder.resolve()
    except psutil.Error:
        return False


def head_of(processes: list[psutil.Process]) -> psutil.Process | None:
    """The process that the others come from, where there is exactly one such."""
    numbers = {process.pid for process in processes}
    heads = [process for process in processes if parent_of(process) not in numbers]
    return heads[0] if len(heads) == 1 else None


def parent_of(process: psutil.Process) -> int | None:
    """The number of a process's parent."""
    try:
        return process.ppid()
    except psutil.Error:
        return None


def end_all(processes: list[psutil.Process]) -> None:
    """Ends processes at once (SIGQUIT: PostgreSQL's immediate shutdown, which recovers at the next start), by force if need be."""
    for number in (signal.SIGQUIT, signal.SIGKILL):
        for process in processes:
            send(process, number)
        _, processes = psutil.wait_procs(processes, timeout=LET_GO_SECONDS / 6)
        if not processes:
            return


def send(process: psutil.Process, number: signal.Signals) -> None:
    """Sends a signal; a process that is gone needs none."""
    try:
        process.send_signal(number)
    except psutil.NoSuchProcess:
        return
