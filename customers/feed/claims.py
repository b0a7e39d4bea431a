"""Claims of partners that wait for the operator, and where they end (feed.md, "A partner's feed")."""

from __future__ import annotations

from datetime import date

from django.db import connection

# A claim `r` waits until a confirmed relationship begins, in its time or around its first day.
WAITS = """
    r.status = 'claimed' AND r.valid_from <= %(today)s AND NOT EXISTS (
        SELECT FROM customers_relationship k
        WHERE k.partner_id = r.partner_id AND k.customer_id = r.customer_id AND k.status = 'confirmed'
          AND daterange(k.valid_from, k.valid_to) && daterange(r.valid_from, %(today)s::date, '[]')
    )
"""

END_CLAIMS = """
    UPDATE customers_relationship r
    SET valid_to = e.valid_to
    FROM (
        SELECT c.id, (
            SELECT min(k.valid_from) FROM customers_relationship k
            WHERE k.partner_id = c.partner_id AND k.customer_id = c.customer_id AND k.status = 'confirmed'
              AND k.valid_from > c.valid_from
        ) AS valid_to
        FROM customers_relationship c
        WHERE c.status = 'claimed'
          AND (c.partner_id, c.customer_id) IN (SELECT group_a, customer_id FROM feed_change)
    ) e
    WHERE e.id = r.id AND r.valid_to IS DISTINCT FROM e.valid_to
"""

_COUNT = f"SELECT count(*) FROM customers_relationship r WHERE {WAITS}"  # noqa: S608 - constants


def waiting_claims(today: date) -> int:
    """How many claims wait for the operator today."""
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, {"today": today})
        return int(cursor.fetchone()[0])
