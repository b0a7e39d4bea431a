"""How long a step takes and how much memory its processes reach."""

from __future__ import annotations

import os
import resource
import subprocess
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg

from bench.database import BASE, connect
from config.environment import Database

PROC = Path("/proc")
ROUND_SECONDS = 0.05


class StepError(Exception):
    """A command of a measured step failed; the message is what it said."""


@dataclass(frozen=True)
class Step:
    """A measured step. CPU and megabytes are None where the system doesn't tell (no /proc, or a server elsewhere).

    `cpu_seconds`: processor time of the command and of the PostgreSQL backends (sampled), which other work on the machine
    doesn't lengthen as it does `seconds`.
    `process_mb`: the command's peak resident memory (VmHWM). `backend_mb`: the largest PostgreSQL backend's own memory
    (RssAnon, sampled: resident and private, so without shared buffers, which every backend shares).
    """

    seconds: float
    cpu_seconds: float | None
    process_mb: float | None
    backend_mb: float | None
    output: str = ""


class MemoryWatch(threading.Thread):
    """Samples the memory of the backends of one database, and of one command, until it is stopped."""

    def __init__(self, *, database: Database, pid: int | None = None) -> None:
        """Watch the backends of `database`, and the process `pid` if there is one."""
        super().__init__(daemon=True)
        self.pid = pid
        self.process_kb = 0
        self.backend_kb = 0
        self._cpu: dict[int, tuple[float, float]] = {}
        self._database = database
        self._before: set[int] = set()
        self._stopped = threading.Event()

    def run(self) -> None:
        """Sample until stopped."""
        with connect(self._database) as connection:
            self._before = set(self._backends(connection))
            self._sample(connection)
            while not self._stopped.wait(ROUND_SECONDS):
                self._sample(connection)
            self._sample(connection)

    def stop(self) -> None:
        """Sample no more."""
        self._stopped.set()
        self.join()

    def _sample(self, connection: psycopg.Connection[Any]) -> None:
        if self.pid is not None:
            self.process_kb = max(self.process_kb, kilobytes(pid=self.pid, field="VmHWM"))
        for pid in self._backends(connection):
            if is_backend(pid=pid):
                self.backend_kb = max(self.backend_kb, kilobytes(pid=pid, field="RssAnon"))
                now = cpu_of(pid=pid)
                first, last = self._cpu.get(pid, (now if pid in self._before else 0.0, now))
                self._cpu[pid] = (first, max(last, now))

    def _backends(self, connection: psycopg.Connection[Any]) -> list[int]:
        query = "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
        return [pid for (pid,) in connection.execute(query).fetchall()]

    def backend_cpu(self) -> float:
        """Seconds of processor time of the backends since the start."""
        return sum(last - first for first, last in self._cpu.values())


def kilobytes(*, pid: int, field: str) -> int:
    """A field of /proc/PID/status, 0 where there is none."""
    try:
        lines = (PROC / str(pid) / "status").read_text(encoding="ascii", errors="replace").splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith(f"{field}:")), 0)


def cpu_of(*, pid: int) -> float:
    """Seconds of processor time of a process so far, 0 where there is none."""
    try:
        fields = (PROC / str(pid) / "stat").read_text(encoding="ascii", errors="replace").rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def is_backend(*, pid: int) -> bool:
    """Whether the process of this number on this machine is a PostgreSQL one."""
    try:
        return (PROC / str(pid) / "cmdline").read_bytes().startswith(b"postgres")
    except OSError:
        return False


def run_command(*, words: Sequence[str | Path], environment: Mapping[str, str], database: Database) -> Step:
    """Run a command of the product and measure it from start to end, its start-up included. Raises StepError."""
    before = children_cpu()
    started = time.perf_counter()
    with subprocess.Popen(
        words, cwd=BASE, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        watch = MemoryWatch(database=database, pid=process.pid)
        watch.start()
        output, errors = process.communicate()
        seconds = time.perf_counter() - started
        watch.stop()
    if process.returncode:
        raise StepError(
            f"{' '.join(map(str, words))} ended with {process.returncode}: {(errors or output).strip()[-2000:]}"
        )
    return Step(
        seconds=seconds,
        cpu_seconds=round(children_cpu() - before + watch.backend_cpu(), 2),
        process_mb=_mb(watch.process_kb),
        backend_mb=_mb(watch.backend_kb),
        output=output,
    )


def run_here(*, work: Callable[[], object], database: Database) -> Step:
    """Run `work`, which speaks to the database, and measure it; the memory is that of the backends."""
    watch = MemoryWatch(database=database)
    watch.start()
    started = time.perf_counter()
    try:
        work()
        seconds = time.perf_counter() - started
    finally:
        watch.stop()
    cpu = watch.backend_cpu()
    return Step(seconds=seconds, cpu_seconds=round(cpu, 2) or None, process_mb=None, backend_mb=_mb(watch.backend_kb))


def children_cpu() -> float:
    """Seconds of processor time of the commands that have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _mb(kb: int) -> float | None:
    return round(kb / 1024, 1) if kb else None
