"""Whether the nightly computation is late."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import connection

NIGHT_HOURS = 6
"""So long after midnight (UTC) the figures of the day before may take."""

_MISSING = """
    SELECT EXISTS (
        SELECT FROM customers_customer c LEFT JOIN insights_figuredays d ON d.customer_id = c.id
        WHERE d.days IS NULL OR NOT d.days @> %s::date
    )
"""


def nightly_overdue(*, now: datetime) -> bool:
    """Whether a customer lacks the figures that should be there by `now` (UTC). To be asked as the operator."""
    due = (now - timedelta(hours=NIGHT_HOURS)).date() - timedelta(days=1)
    with connection.cursor() as cursor:
        cursor.execute(_MISSING, [due])
        return bool(cursor.fetchone()[0])
