"""Lets go of what undoing needs, once the loads can't be undone any more."""

from __future__ import annotations

from datetime import timedelta

from django.db import connection, transaction
from django.utils import timezone

from customers.services.undo.undoing import KEPT_DAYS

BATCH = 10_000

# All steps of a load that can still be undone come behind its first one: nothing from there on is let go. Where there is no
# such load, every step is older than the next one.
_FIRST_KEPT = """
    SELECT coalesce(min(s.id), nextval('customers_step'))
    FROM customers_loadstep s
    JOIN customers_load l ON l.id = s.load_id
    WHERE l.started_at >= %(limit)s
"""

_OLD_LOADS = "SELECT load_id FROM customers_loadstep WHERE id < %(first)s GROUP BY load_id"

_DELETE = """
    DELETE FROM {table} WHERE ctid IN (
        SELECT ctid FROM {table} WHERE {old} LIMIT %(batch)s
    )
"""
_OLD = {
    "customers_journalentry": "step < %(first)s",
    "customers_loadlines": "step_id < %(first)s",
    "customers_activitystatement": "load_id = ANY(%(loads)s)",
    "customers_coveragestatement": "load_id = ANY(%(loads)s)",
    "customers_removedbits": "load_id = ANY(%(loads)s)",
    "customers_loadstep": "id < %(first)s",
}
"""What is let go of, in this order: steps last, by which the rest is found."""


def purge() -> int:
    """Remove journal, lines, steps and statements of loads older than 90 days, some thousands at a time; how many rows.

    Each batch is a transaction of its own: a run that is broken off goes on with the next.
    """
    facts = {"limit": timezone.now() - timedelta(days=KEPT_DAYS), "batch": BATCH}
    with connection.cursor() as cursor:
        cursor.execute(_FIRST_KEPT, facts)
        facts["first"] = cursor.fetchone()[0]
        cursor.execute(_OLD_LOADS, facts)
        facts["loads"] = [load for (load,) in cursor.fetchall()]
    return sum(_purge_table(table, old, facts) for table, old in _OLD.items())


def _purge_table(table: str, old: str, facts: dict[str, object]) -> int:
    statement = _DELETE.format(table=table, old=old)
    purged = 0
    while True:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement, facts)
            removed = cursor.rowcount
        purged += removed
        if removed < BATCH:
            return purged
