"""Which days somebody has asked to have worked out, and aren't yet."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.db import connection

from customers.columns import array_literal

_WANTED = """
    SELECT DISTINCT day FROM unnest(%(days)s::date[]) day
    WHERE EXISTS (SELECT FROM insights_wanteddays w WHERE w.customer_id = ANY(%(customers)s) AND w.days @> day)
    ORDER BY day
"""


def days_wanted(*, customers: Sequence[int], days: Sequence[date]) -> list[date]:
    """Those of the days that are wanted for any of the customers (keys)."""
    if not days or not customers:
        return []
    with connection.cursor() as cursor:
        cursor.execute(_WANTED, {"customers": array_literal(customers), "days": list(days)})
        return [day for (day,) in cursor.fetchall()]
