"""Puts the rows of the customers in `undo_customer` back to what they were before a step.

Leaves `undo_person`, the people who are unknown again, with their numbers; `undo_hidden`, the customers who are; and
`undo_outside`, what others than loads changed since. The caller has switched the journal off.
"""

from __future__ import annotations

from django.db.backends.utils import CursorWrapper
from psycopg import sql

# What each row that changed since was before the first of the changes; nothing: it wasn't there.
_ROWS = """
    CREATE TEMP TABLE undo_row ON COMMIT DROP AS
    SELECT DISTINCT ON (relation, row_id) relation, row_id, before
    FROM (
        SELECT j.relation, j.id AS entry, i.row_id, NULL::jsonb AS before
        FROM customers_journalentry j
        JOIN undo_customer USING (customer_id)
        CROSS JOIN LATERAL unnest(j.ids) i (row_id)
        WHERE j.step >= %(first)s AND j.operation = 'INSERT'
        UNION ALL
        SELECT j.relation, j.id, (b ->> 'id')::bigint, b
        FROM customers_journalentry j
        JOIN undo_customer USING (customer_id)
        CROSS JOIN LATERAL jsonb_array_elements(j.before) b
        WHERE j.step >= %(first)s AND j.operation <> 'INSERT'
    ) changes
    ORDER BY relation, row_id, entry
"""

# By the id under which they were first known; since then it may have become somebody else's.
_PEOPLE = """
    CREATE TEMP TABLE undo_person ON COMMIT DROP AS
    SELECT p.customer_id, p.number, coalesce(f.before ->> 'user_id', p.user_id) AS user_id,
           coalesce(f.before ->> 'key', p.key) AS key,
           CASE WHEN f.before IS NULL THEN p.writer ELSE (f.before ->> 'writer')::int END AS writer
    FROM undo_row r
    JOIN customers_person p ON p.id = r.row_id
    LEFT JOIN LATERAL (
        SELECT b AS before
        FROM customers_journalentry j
        CROSS JOIN LATERAL jsonb_array_elements(j.before) b
        WHERE j.relation = 'customers_person' AND j.customer_id = p.customer_id AND j.operation = 'UPDATE'
          AND j.step >= %(first)s AND (b ->> 'id')::bigint = p.id
        ORDER BY j.id
        LIMIT 1
    ) f ON true
    WHERE r.relation = 'customers_person' AND r.before IS NULL
"""

_HIDDEN = """
    CREATE TEMP TABLE undo_hidden ON COMMIT DROP AS
    SELECT c.id AS customer_id, c.tenant_id
    FROM undo_row r
    JOIN customers_customer c ON c.id = r.row_id
    WHERE r.relation = 'customers_customer' AND r.before IS NULL AND NOT EXISTS (
        SELECT FROM customers_journalentry j
        WHERE j.relation = 'customers_customer' AND j.customer_id = c.id AND j.is_outside
    )
"""

# To the lines that are replayed they are unknown until one of them names them anew.
_HIDE = "UPDATE customers_customer c SET tenant_id = gen_random_uuid() FROM undo_hidden h WHERE h.customer_id = c.id"

_OUTSIDE = """
    CREATE TEMP TABLE undo_outside ON COMMIT DROP AS
    SELECT j.id, j.step, j.relation, j.operation, j.customer_id, j.before, j.after
    FROM customers_journalentry j
    JOIN undo_customer USING (customer_id)
    WHERE j.step >= %(first)s AND j.is_outside AND j.relation <> 'customers_customer'
"""

_FORGET = """
    DELETE FROM customers_journalentry j USING undo_customer c
    WHERE j.customer_id = c.customer_id AND j.step >= %(first)s
      AND NOT (j.relation = 'customers_customer' AND j.is_outside)
"""

_RELATIONS = """
    SELECT r.relation, array_agg(DISTINCT a.attname::text) FILTER (WHERE r.before ? a.attname)
    FROM (
        SELECT DISTINCT ON (relation) relation, before FROM undo_row
        WHERE relation <> 'customers_customer'
        ORDER BY relation, before IS NULL
    ) r
    JOIN pg_attribute a ON a.attrelid = r.relation::regclass AND a.attnum > 0 AND NOT a.attisdropped
    GROUP BY r.relation
"""

_REMOVE = "DELETE FROM {table} t USING undo_row r WHERE r.relation = {relation} AND r.row_id = t.id"

_PUT_BACK = """
    INSERT INTO {table} ({columns})
    SELECT {values}
    FROM undo_row r
    CROSS JOIN LATERAL jsonb_populate_record(NULL::{table}, r.before) b
    WHERE r.relation = {relation} AND r.before IS NOT NULL
"""

TABLES = ("undo_row", "undo_person", "undo_hidden", "undo_outside")


def rewind(cursor: CursorWrapper, *, first: int) -> None:
    """Put back what the rows were before the step `first`, and forget the journal from there on."""
    cursor.execute(sql.SQL("DROP TABLE IF EXISTS {}").format(sql.SQL(", ").join(map(_temporary, TABLES))))
    facts = {"first": first}
    for statement in (_ROWS, "ANALYZE undo_row", _PEOPLE, _HIDDEN, _OUTSIDE, _FORGET):
        cursor.execute(statement, facts)
    cursor.execute(_HIDE)
    cursor.execute(_RELATIONS)
    relations = cursor.fetchall()
    # First all are removed, so that none is in the way of another that comes back.
    for relation, _columns in relations:
        cursor.execute(
            sql.SQL(_REMOVE).format(table=sql.Identifier(relation), relation=sql.Literal(relation)),
        )
    for relation, columns in relations:
        if columns:
            _put_back(cursor, relation, columns)


def _put_back(cursor: CursorWrapper, relation: str, columns: list[str]) -> None:
    comma = sql.SQL(", ")
    cursor.execute(
        sql.SQL(_PUT_BACK).format(
            table=sql.Identifier(relation),
            relation=sql.Literal(relation),
            columns=comma.join(sql.Identifier(column) for column in columns),
            values=comma.join(sql.Identifier("b", column) for column in columns),
        )
    )


def _temporary(table: str) -> sql.Composable:
    return sql.Identifier("pg_temp", table)
