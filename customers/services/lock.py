"""One load at a time: whoever writes facts from a delivery holds this lock until its transaction ends."""

from __future__ import annotations

from django.db import connection

LOADING = 7_328_001


def hold_loading() -> None:
    """Wait for the load that is running; then keep others waiting. Only inside a transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOADING])
