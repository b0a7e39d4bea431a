"""Which customers an undo takes together: those that the load touched, and those that share something with them.

Leaves `undo_customer` (customer_id) and `undo_shared` (relation, identity): what customers can share, such as a subscription's id.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.db.backends.utils import CursorWrapper
from psycopg import sql

_JOURNALLED = """
    SELECT tgrelid::regclass::text, tgargs
    FROM pg_trigger
    WHERE tgfoid = 'customers_journal_change()'::regprocedure AND tgname = 'journal_insert'
    ORDER BY 1
"""

_TOUCHED = """
    CREATE TEMP TABLE undo_customer ON COMMIT DROP AS
    SELECT DISTINCT customer_id FROM customers_journalentry WHERE step = ANY(%(steps)s)
"""

_SHARED = (
    "CREATE TEMP TABLE undo_shared (relation text, identity text, PRIMARY KEY (relation, identity)) ON COMMIT DROP"
)

# What a row was at any time since the first step, or is now.
_THINGS = """
    SELECT {relation} AS relation, concat_ws(':', {now}) AS identity, t.customer_id
    FROM {table} t
    UNION ALL
    SELECT j.relation, concat_ws(':', {then}), j.customer_id
    FROM customers_journalentry j
    CROSS JOIN LATERAL jsonb_array_elements(j.before) b
    WHERE j.relation = {relation} AND j.step >= %(first)s AND j.before IS NOT NULL
"""

_MORE_SHARED = """
    INSERT INTO undo_shared
    SELECT relation, identity FROM ({things}) t
    WHERE customer_id IN (SELECT customer_id FROM undo_customer)
    ON CONFLICT DO NOTHING
"""

_MORE_CUSTOMERS = """
    INSERT INTO undo_customer
    SELECT DISTINCT t.customer_id
    FROM ({things}) t
    JOIN undo_shared USING (relation, identity)
    WHERE t.customer_id NOT IN (SELECT customer_id FROM undo_customer)
"""


@dataclass(frozen=True)
class Journalled:
    """A table under the journal: the columns that say which fact a row is, and those that several customers may share."""

    table: str
    key: tuple[str, ...]
    shared: tuple[str, ...]


def journalled_tables(cursor: CursorWrapper) -> list[Journalled]:
    """All tables under the journal (customers/journalling.py), by name."""
    cursor.execute(_JOURNALLED)
    return [_journalled(table, bytes(words).decode().split("\0")) for table, words in cursor.fetchall()]


def _journalled(table: str, words: list[str]) -> Journalled:
    _customer, key, shared = words[:3]
    return Journalled(table, tuple(key.split(",")), tuple(shared.split(",")) if shared else ())


def reach(cursor: CursorWrapper, *, steps: list[int]) -> list[int]:
    """The customers (keys) that undoing a load concerns, whose steps are `steps`."""
    facts = {"steps": steps, "first": min(steps)}
    cursor.execute("DROP TABLE IF EXISTS pg_temp.undo_customer, pg_temp.undo_shared")
    cursor.execute(_TOUCHED, facts)
    cursor.execute(_SHARED)
    things = sql.SQL(" UNION ALL ").join(_things(table) for table in journalled_tables(cursor) if table.shared)
    is_growing = True
    while is_growing:
        cursor.execute(sql.SQL(_MORE_SHARED).format(things=things), facts)
        cursor.execute(sql.SQL(_MORE_CUSTOMERS).format(things=things), facts)
        is_growing = cursor.rowcount > 0
    cursor.execute("SELECT customer_id FROM undo_customer ORDER BY 1")
    return [customer for (customer,) in cursor.fetchall()]


def _things(journalled: Journalled) -> sql.Composable:
    comma = sql.SQL(", ")
    return sql.SQL(_THINGS).format(
        relation=sql.Literal(journalled.table),
        table=sql.Identifier(journalled.table),
        now=comma.join(sql.Identifier("t", column) for column in journalled.shared),
        then=comma.join(sql.SQL("b ->> {}").format(sql.Literal(column)) for column in journalled.shared),
    )
