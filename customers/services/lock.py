"""One load at a time: whoever writes facts from a delivery holds this lock until its transaction ends."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import OperationalError, connection, transaction
from psycopg.errors import LockNotAvailable

LOADING = 7_328_001


class LoadingError(Exception):
    """A delivery is being loaded; what was asked for has to wait until it is through."""


def hold_loading() -> None:
    """Wait for the load that is running; then keep others waiting. Only inside a transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOADING])


@contextmanager
def waiting_at_most(patience: str) -> Iterator[None]:
    """A transaction that waits for a load that is running no longer than `patience` ("5s"). Raises LoadingError: it would."""
    try:
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SELECT set_config('lock_timeout', %s, true)", [patience])
            yield
    except OperationalError as error:
        if isinstance(error.__cause__, LockNotAvailable):
            raise LoadingError from None
        raise
