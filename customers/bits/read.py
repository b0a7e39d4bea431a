"""Activity and coverage of a window of days, read as columns."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import numpy as np
from django.db import connection

from customers.bits.layout import BLOCK, BLOCK_SHIFT
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


PEOPLE_OF_SOURCE = """
    SELECT b.block * 64 + i
    FROM (
        SELECT block, bit_or(bits) AS bits FROM customers_activity
        WHERE customer_id = %(customer)s AND source = %(partner)s GROUP BY block
    ) b, generate_series(0, 63) i
    WHERE b.bits >> i & 1 = 1
"""
"""The people (numbers) of `customer` whose activity the partner with the key `partner` stated at any time."""


_COVERED = """
    SELECT customer_id, month + shift FROM customers_coverage, generate_series(0, 30) shift
    WHERE customer_id = ANY(%(customers)s) AND month BETWEEN date_trunc('month', %(first)s::date)::date AND %(last)s
      AND days >> shift & 1 = 1 AND month + shift BETWEEN %(first)s AND %(last)s
    UNION
    SELECT customer_id, day FROM customers_activity
    WHERE customer_id = ANY(%(customers)s) AND day BETWEEN %(first)s AND %(last)s
"""


def covered_days(*, customers: Sequence[int], first: date, last: date) -> Columns:
    """The days from `first` to `last` that are covered in some workload: customer, day; each once (metrics.md, "Facts")."""
    params = {"customers": list(customers), "first": first, "last": last}
    return read_columns(_COVERED, params, {"customer": "int4", "day": "date"})


_DAYS_OF_PERSON = """
    SELECT day FROM customers_activity
    WHERE customer_id = %(customer)s AND workload_id = %(workload)s AND block = %(block)s AND source = %(source)s
      AND day BETWEEN %(first)s AND %(last)s AND bits >> %(bit)s & 1 = 1
    ORDER BY day
"""


def days_of_person(*, customer: int, workload: int, person: int, source: int, first: date, last: date) -> list[date]:
    """The days from `first` to `last` on which this source (0: the operator) stated the person (number) as active."""
    facts = {"customer": customer, "workload": workload, "source": source, "first": first, "last": last}
    with connection.cursor() as cursor:
        cursor.execute(_DAYS_OF_PERSON, facts | {"block": person >> BLOCK_SHIFT, "bit": person & (BLOCK - 1)})
        return [day for (day,) in cursor.fetchall()]


_DAYS_COVERED = """
    SELECT month + shift FROM customers_coverage, generate_series(0, 30) shift
    WHERE customer_id = %(customer)s AND workload_id IS NOT DISTINCT FROM %(workload)s AND source = %(source)s
      AND month BETWEEN date_trunc('month', %(first)s::date)::date AND %(last)s
      AND days >> shift & 1 = 1 AND month + shift BETWEEN %(first)s AND %(last)s
    ORDER BY 1
"""


def days_covered_by(*, customer: int, workload: int | None, source: int, first: date, last: date) -> list[date]:
    """The days that this source (0: the operator) said it delivered; without a workload: those said of every one."""
    facts = {"customer": customer, "workload": workload, "source": source, "first": first, "last": last}
    with connection.cursor() as cursor:
        cursor.execute(_DAYS_COVERED, facts)
        return [day for (day,) in cursor.fetchall()]


_ACTIVE_ON = """
    SELECT workload_id, source, block * 64 + bit
    FROM customers_activity, generate_series(0, 63) bit
    WHERE customer_id = %(customer)s AND day = %(day)s AND bits >> bit & 1 = 1
      AND (%(source)s::int IS NULL OR source = %(source)s)
    ORDER BY workload_id, 3, source
    LIMIT %(most)s
"""


def active_on(*, customer: int, day: date, source: int | None, most: int) -> list[tuple[int, int, int]]:
    """Who was active on a day: (workload, source, person's number), at most so many; as one source or as all stated it."""
    with connection.cursor() as cursor:
        cursor.execute(_ACTIVE_ON, {"customer": customer, "day": day, "source": source, "most": most})
        return cursor.fetchall()


_DELIVERED = """
    SELECT workload, day, bool_or(own), bool_or(NOT own)
    FROM (
        SELECT coalesce(workload_id, 0::int2) AS workload, month + shift AS day, source = %(source)s AS own
        FROM customers_coverage, generate_series(0, 30) shift
        WHERE customer_id = %(customer)s AND month BETWEEN date_trunc('month', %(first)s::date)::date AND %(last)s
          AND days >> shift & 1 = 1 AND month + shift BETWEEN %(first)s AND %(last)s
        UNION ALL
        SELECT DISTINCT workload_id, day, source = %(source)s
        FROM customers_activity
        WHERE customer_id = %(customer)s AND day BETWEEN %(first)s AND %(last)s
    ) d
    GROUP BY workload, day
"""


def delivered(*, customer: int, source: int, first: date, last: date) -> Columns:
    """The covered days of one customer, and by whom: workload (0: every one), day, by `source` (own), by another (other)."""
    params = {"customer": customer, "source": source, "first": first, "last": last}
    return read_columns(_DELIVERED, params, {"workload": "int2", "day": "date", "own": "bool", "other": "bool"})


_LAST_COVERED = """
    SELECT w.id, greatest(
        (SELECT max(day) FROM customers_activity
         WHERE customer_id = %(customer)s AND workload_id = w.id AND day <= %(last)s),
        (SELECT max(month + shift) FROM customers_coverage, generate_series(0, 30) shift
         WHERE customer_id = %(customer)s AND (workload_id = w.id OR workload_id IS NULL)
           AND days >> shift & 1 = 1 AND month + shift <= %(last)s)
    )
    FROM unnest(%(workloads)s::int2[]) w (id)
"""


def last_covered(*, customer: int, workloads: Sequence[int], last: date) -> dict[int, date | None]:
    """By workload the last day up to `last` that is covered for the customer; None where none is, as far as is kept."""
    with connection.cursor() as cursor:
        cursor.execute(_LAST_COVERED, {"customer": customer, "workloads": list(workloads), "last": last})
        return dict(cursor.fetchall())


_OF_PEOPLE = """
    SELECT a.workload_id, a.block, a.day, bit_or(a.bits & m.mask)
    FROM unnest(%(blocks)s::int[], %(masks)s::bigint[]) m (block, mask)
    JOIN customers_activity a ON a.customer_id = %(customer)s AND a.block = m.block
    WHERE a.workload_id = ANY(%(workloads)s) AND a.day BETWEEN %(first)s AND %(last)s AND a.bits & m.mask <> 0
      AND EXISTS (
          SELECT FROM unnest(%(firsts)s::date[], %(lasts)s::date[]) s (first, last) WHERE a.day BETWEEN s.first AND s.last
      )
    GROUP BY 1, 2, 3
"""


def last_active(
    *, customer: int, people: np.ndarray, workloads: Sequence[int], spans: Sequence[tuple[date, date]]
) -> Columns:
    """On which day of the spans (first, last) each of these people (numbers) was last active: person, workload, day.

    Nothing of whom was active on none of them.
    """
    blocks, place = np.unique(people >> BLOCK_SHIFT, return_inverse=True)
    masks = np.zeros(len(blocks), dtype=np.uint64)
    np.bitwise_or.at(masks, place, np.uint64(1) << (people & (BLOCK - 1)).astype(np.uint64))
    if not (len(blocks) and spans):
        return {name: np.zeros(0, dtype=np.int64) for name in ("person", "workload", "day")}
    firsts, lasts = (list(ends) for ends in zip(*spans, strict=True))
    params = {
        "customer": customer,
        "workloads": list(workloads),
        "blocks": blocks.tolist(),
        "masks": masks.view(np.int64).tolist(),
        "first": min(firsts),
        "last": max(lasts),
        "firsts": firsts,
        "lasts": lasts,
    }
    types = {"workload": "int2", "block": "int4", "day": "date", "bits": "int8"}
    return _last_of(read_columns(_OF_PEOPLE, params, types), np.asarray(workloads, dtype=np.int64), blocks)


def _last_of(active: Columns, workloads: np.ndarray, blocks: np.ndarray) -> Columns:
    """The last day of each bit: a later one overwrites an earlier one."""
    order = np.argsort(active["day"], kind="stable")
    active = {name: column[order] for name, column in active.items()}
    keys = np.sort(workloads)
    last = np.zeros((len(keys), len(blocks), BLOCK), dtype=np.int64)
    index = np.searchsorted(keys, active["workload"]), np.searchsorted(blocks, active["block"])
    words, shifts = active["bits"].view(np.uint64), np.arange(BLOCK, dtype=np.uint64)
    starts = np.flatnonzero(np.diff(active["day"], prepend=-1, append=-1))
    for begin, end in zip(starts[:-1].tolist(), starts[1:].tolist(), strict=True):
        rows = index[0][begin:end], index[1][begin:end]
        seen = (words[begin:end, None] >> shifts) & np.uint64(1) == 1
        last[rows] = np.where(seen, active["day"][begin], last[rows])
    workload, block, bit = np.nonzero(last)
    person = (blocks[block] << BLOCK_SHIFT) | bit
    return {"person": person, "workload": keys[workload], "day": last[workload, block, bit]}
