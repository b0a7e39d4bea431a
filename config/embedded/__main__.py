"""`python -m config.embedded VAR`: starts the supervisor of the data folder VAR, apart from terminal and caller, and returns."""

import argparse
import os
import sys
import time
from pathlib import Path

from config.embedded.failures import EmbeddedError
from config.embedded.keeper import open_log
from config.embedded.locks import open_lock, take
from config.embedded.places import Places
from config.embedded.supervisor import IDLE_SECONDS, Supervisor

ATTEMPTS = 20
ATTEMPT_SECONDS = 0.02


def main() -> None:
    """Takes the supervisor's lock, and leaves it to a process of its own session."""
    parser = argparse.ArgumentParser(prog="python -m config.embedded")
    parser.add_argument("var", type=Path)
    parser.add_argument("--idle-seconds", type=float, default=IDLE_SECONDS)
    arguments = parser.parse_args()
    places = Places(arguments.var.absolute())
    try:
        places.prepare()
    except EmbeddedError as error:
        sys.exit(str(error))
    lock = open_lock(places.supervisor_lock)
    if take_soon(lock) and not os.fork():
        os.setsid()
        detach(open_log(places.log("supervisor")))
        Supervisor(places, lock, arguments.idle_seconds).run()


def take_soon(lock: int) -> bool:
    """Takes the supervisor's lock; a command that only looks whether it is held has it for an instant."""
    for _ in range(ATTEMPTS):
        if take(lock, wait=False):
            return True
        time.sleep(ATTEMPT_SECONDS)
    return False


def detach(log: int) -> None:
    """Lets go of the caller's terminal, pipes and folder."""
    os.chdir("/")
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.dup2(log, 1)
    os.dup2(log, 2)
    os.close(nothing)
    os.close(log)


if __name__ == "__main__":
    main()
