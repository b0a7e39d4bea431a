"""Locks that end with the process that holds them, however it ends."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from config.environment import give_to_owner_of


def open_lock(path: Path) -> int:
    """A file descriptor for locking; programs that are started later don't inherit it."""
    new = not path.exists()
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    if new:
        give_to_owner_of(path.parent, path)
    return descriptor


def take(descriptor: int, *, shared: bool = False, wait: bool = True) -> bool:
    """Takes the lock; False where somebody else has it and we don't wait."""
    kind = fcntl.LOCK_SH if shared else fcntl.LOCK_EX
    try:
        fcntl.flock(descriptor, kind if wait else kind | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def release(descriptor: int) -> None:
    """Gives the lock back and keeps the descriptor."""
    fcntl.flock(descriptor, fcntl.LOCK_UN)


@contextmanager
def held(path: Path) -> Iterator[None]:
    """Holds the exclusive lock of a file."""
    descriptor = open_lock(path)
    try:
        take(descriptor)
        yield
    finally:
        os.close(descriptor)


def is_held(path: Path) -> bool:
    """Whether some process holds the exclusive lock of a file."""
    if not path.exists():
        return False
    descriptor = open_lock(path)
    try:
        return not take(descriptor, shared=True, wait=False)
    finally:
        os.close(descriptor)
