"""Activity and coverage of a window of days, read as columns."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.db import connection

from customers.columns import Columns, read_columns

_ACTIVITY = """
    SELECT customer_id, workload_id, block, day, bits
    FROM customers_activity
    WHERE customer_id = ANY(%(customers)s) AND workload_id = ANY(%(workloads)s)
      AND day BETWEEN %(first)s AND %(last)s
"""

_COVERAGE = """
    SELECT customer_id, coalesce(workload_id, 0::int2), month, days
    FROM customers_coverage
    WHERE customer_id = ANY(%(customers)s) AND month BETWEEN date_trunc('month', %(first)s::date)::date AND %(last)s
"""


def activity(*, customers: Sequence[int], workloads: Sequence[int], first: date, last: date) -> Columns:
    """Who was active on the days from `first` to `last`: customer, workload, block, day, bits (as signed 64).

    Several sources may have stated the same block and day: their bits are to be OR-ed.
    """
    params = {"customers": list(customers), "workloads": list(workloads), "first": first, "last": last}
    types = {"customer": "int4", "workload": "int2", "block": "int4", "day": "date", "bits": "int8"}
    return read_columns(_ACTIVITY, params, types)


def coverage(*, customers: Sequence[int], first: date, last: date) -> Columns:
    """What was delivered in the months of these days: customer, workload (0: every one), month, days (bit d - 1)."""
    params = {"customers": list(customers), "first": first, "last": last}
    return read_columns(_COVERAGE, params, {"customer": "int4", "workload": "int2", "month": "date", "days": "int4"})


_PEOPLE_OF_SOURCE = """
    SELECT b.block * 64 + i
    FROM (
        SELECT block, bit_or(bits) AS bits FROM customers_activity
        WHERE customer_id = %(customer)s AND source = %(source)s GROUP BY block
    ) b, generate_series(0, 63) i
    WHERE b.bits >> i & 1 = 1
"""


def people_of_source(*, customer: int, source: int) -> set[int]:
    """The people of the customer (numbers) whose activity this source stated at any time."""
    with connection.cursor() as cursor:
        cursor.execute(_PEOPLE_OF_SOURCE, {"customer": customer, "source": source})
        return {number for (number,) in cursor.fetchall()}
