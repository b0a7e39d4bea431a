"""What a command does with the embedded servers: starts them if need be, uses them, asks for them, stops them."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psycopg

from config.embedded.failures import EmbeddedError
from config.embedded.locks import held, is_held, open_lock, take
from config.embedded.places import APPLICATION_ROLE, Places
from config.embedded.postgres import connect
from config.embedded.processes import processes_in
from config.embedded.state import FAILED, READY, STARTING, STOPPED, State, read_state
from config.embedded.valkey import answers

BASE = Path(__file__).resolve().parents[2]
START_SECONDS = 120.0
STOP_SECONDS = 150.0
ROUND_SECONDS = 0.03

# One descriptor per data folder, kept open until the process ends: as long as it lives, the servers are in use.
_leases: dict[Path, int] = {}


def ensure_running(var: Path, *, migrate_empty: bool = True) -> None:
    """Returns once both servers of the data folder take commands, and an empty database has been migrated.

    EmbeddedError, with the place of the log, where that can't be had.
    """
    places = Places(var)
    places.prepare()
    hold_lease(places)
    if not is_ready(places):
        start(places)
    if migrate_empty and not places.migrated.exists():
        with held(places.start_lock):
            if not places.migrated.exists():
                migrate(places)


def hold_lease(places: Places) -> None:
    """Says, for the lifetime of this process, that the servers are in use."""
    if places.lease not in _leases:
        descriptor = open_lock(places.lease)
        take(descriptor, shared=True)
        _leases[places.lease] = descriptor


def is_ready(places: Places) -> bool:
    """Whether a living supervisor says so and both servers answer."""
    return (
        is_held(places.supervisor_lock)
        and read_state(places.state).phase == READY
        and answers(places)
        and database_answers(places)
    )


def database_answers(places: Places) -> bool:
    """Whether PostgreSQL lets the application in."""
    try:
        connect(places.database(APPLICATION_ROLE)).close()
    except psycopg.OperationalError:
        return False
    return True


def start(places: Places) -> None:
    """Starts a supervisor where none lives, and waits until it is ready; of two commands, one starts and both wait."""
    with held(places.start_lock):
        deadline = time.monotonic() + START_SECONDS
        started = False
        while not is_ready(places):
            if not is_held(places.supervisor_lock):
                if started:
                    raise failure(places, read_state(places.state))
                start_supervisor(places)
                started = True
            if time.monotonic() > deadline:
                raise failure(places, read_state(places.state))
            time.sleep(ROUND_SECONDS)


def start_supervisor(places: Places) -> None:
    """Starts the supervisor, which goes on by itself."""
    result = subprocess.run(
        [sys.executable, "-m", "config.embedded", places.var],
        cwd=BASE,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    if result.returncode:
        raise EmbeddedError(f"the embedded servers don't start: {result.stderr.strip()[-1000:]}")


def failure(places: Places, state: State) -> EmbeddedError:
    """Why the servers aren't there."""
    if state.phase == FAILED:
        return EmbeddedError(f"the embedded servers don't start: {state.message}")
    return EmbeddedError(
        f"the embedded servers don't start ({state.phase}); see {places.log('supervisor')} and {places.log('postgres')}"
    )


def migrate(places: Places) -> None:
    """Migrates the new database in a process of its own."""
    result = subprocess.run(
        [sys.executable, BASE / "manage.py", "migrate", "--verbosity", "1"],
        cwd=BASE,
        env={**os.environ, "SEATWISE_VAR": str(places.var), "DATABASE_URL": "", "DATABASE_OWNER_URL": ""},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    if result.returncode:
        log = places.log("migrate")
        log.write_text(result.stdout + result.stderr, encoding="utf-8")
        raise EmbeddedError(f"the new database could not be migrated; see {log}")
    places.migrated.touch()


def status(var: Path) -> State:
    """What the supervisor of a data folder says, or that there is none."""
    places = Places(var)
    return read_state(places.state) if is_held(places.supervisor_lock) else State(phase=STOPPED)


def orphans(places: Places) -> bool:
    """Whether servers of this data folder live without a supervisor."""
    return bool(processes_in(places.postgres, "postgres") or processes_in(places.valkey, "valkey-server"))


def stop(var: Path) -> bool:
    """Stops the servers, whoever uses them; False where there were none."""
    places = Places(var)
    if not is_held(places.supervisor_lock):
        if not orphans(places):
            return False
        # What a killed supervisor has left is stopped by a new one, which adopts it first.
        start(places)
    deadline = time.monotonic() + STOP_SECONDS
    while is_held(places.supervisor_lock):
        ask_to_stop(places)
        if time.monotonic() > deadline:
            raise EmbeddedError(f"the embedded servers don't stop; see {places.log('supervisor')}")
        time.sleep(ROUND_SECONDS)
    return True


def ask_to_stop(places: Places) -> None:
    """Asks the supervisor that the state names to end; until a new one has written its own, the state may name a dead one."""
    state = read_state(places.state)
    if state.phase in {STARTING, READY}:
        try:
            os.kill(state.pid, signal.SIGTERM)
        except ProcessLookupError:
            return
        except PermissionError as error:
            raise EmbeddedError(
                f"the embedded servers were started by another user (process {state.pid}); stop them as that user"
            ) from error
