"""Which customers' figures a transaction changes: compared with what it found when it began."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from django.db import connection

from customers.selectors.customers import customers_of
from partners.models import Partner

# The number goes up with each change of a customer's facts, whoever writes them (customers.services.stale).
_NOTE = """
    DROP TABLE IF EXISTS pg_temp.seq_before;
    CREATE TEMP TABLE seq_before ON COMMIT DROP AS SELECT customer_id, seq FROM customers_staledays
"""
# A customer of whom nothing but the name was said has no figures, whether others had named it before or not.
_TOUCHED = """
    SELECT s.customer_id FROM customers_staledays s
    LEFT JOIN seq_before b ON b.customer_id = s.customer_id
    WHERE coalesce(b.seq, 0) <> s.seq
"""
_NAMED = """
    SELECT DISTINCT ON (c.id) c.id, c.tenant_id::text, p.name
    FROM customers_customer c
    JOIN customers_customerprofile p ON p.customer_id = c.id
    WHERE c.id = ANY(%s)
    ORDER BY c.id, p.stated_by_id IS NULL DESC, p.id
"""


class NamedCustomer(NamedTuple):
    """A customer (key, tenant id) as whoever asks calls it."""

    id: int
    customer_id: str
    name: str


def note_state() -> None:
    """Remember, until the transaction ends, how often each customer's facts had changed until now."""
    with connection.cursor() as cursor:
        cursor.execute(_NOTE)


def touched_customers() -> list[int]:
    """The customers (keys) whose facts have changed since, in this transaction."""
    with connection.cursor() as cursor:
        cursor.execute(_TOUCHED)
        return [row[0] for row in cursor.fetchall()]


def named_for(*, partner: Partner | None, customers: Sequence[int], day: date) -> list[NamedCustomer]:
    """Those of the customers (keys) whose figures as of `day` the partner may see (None: the operator, who sees all)."""
    if partner is None:
        with connection.cursor() as cursor:
            cursor.execute(_NAMED, [list(customers)])
            return list(map(NamedCustomer._make, cursor.fetchall()))
    wanted = set(customers)
    visible = customers_of(partner=partner, day=day)
    return [NamedCustomer(each.id, str(each.customer_id), each.name) for each in visible if each.id in wanted]
