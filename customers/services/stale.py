"""Marks the days whose stored figures a change of facts has made stale (design.md, decision 5)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.db.backends.utils import CursorWrapper
from psycopg import sql

WINDOW_DAYS = 28
StaleRange = tuple[int, date, date | None]

_MARK = """
    INSERT INTO customers_staledays AS s (customer_id, seq, days)
    SELECT customer_id, 1, range_agg(daterange(first, CASE WHEN past < DATE '9999-01-01' THEN past END))
    FROM ({ranges}) r
    GROUP BY customer_id
    ORDER BY customer_id
    ON CONFLICT (customer_id) DO UPDATE SET seq = s.seq + 1, days = s.days + excluded.days
"""


def mark_stale_from(cursor: CursorWrapper, query: str) -> None:
    """Mark the days that `query` yields: customer_id, first, past (the first day after; null: every later day).

    The customers' rows are locked in the order of their keys until the transaction ends: to be called at its end.
    """
    cursor.execute(sql.SQL(_MARK).format(ranges=sql.SQL(query)))


def mark_stale(cursor: CursorWrapper, ranges: Iterable[StaleRange]) -> None:
    """Mark days of customers, given as (customer's key, first day, first day after or nothing: every later day)."""
    rows = list(ranges)
    if rows:
        customers, firsts, pasts = (list(column) for column in zip(*rows, strict=True))
        cursor.execute(
            sql.SQL(_MARK).format(
                ranges=sql.SQL("SELECT * FROM unnest(%s::int[], %s::date[], %s::date[]) u (customer_id, first, past)")
            ),
            [customers, firsts, pasts],
        )
