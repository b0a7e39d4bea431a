"""Works off what is to be computed: yesterday's figures of every customer, and whatever is stale, newest day first.

What is to be done follows from the tables alone; a worker claims a range of customers in PostgreSQL, and whoever dies
loses its claim after a while (design.md, decision 5).
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.db import connection

from insights.selectors.ranges import ranges
from insights.services.rollup import rollup_day

CUSTOMERS_PER_RANGE = 1_000
CLAIM = timedelta(minutes=5)
DAYS_AT_ONCE = 7
"""After so many days of a range, the range with the newest day to be computed is next: a year that a change of the
catalogue has made stale doesn't keep other customers from yesterday's figures."""
MISSED_DAYS = 92
"""So far back from the last day, days that aren't stored are made up for: not all of history for one day stored by hand."""

# A customer's days to be computed: those that aren't stored from the first stored one on (or the last day alone, where
# none is); those stored that are stale, or were stored under an older epoch of the catalogue; and those that somebody wants,
# which are no beginning. It must not matter in which order they are worked off, for a worker may die between any two.
# Later days than `last` are nobody's business yet.
_TO_DO = """
    SELECT c.id AS customer_id, t.days * (
        datemultirange(daterange(
            greatest(coalesce(lower((d.days - coalesce(w.days, '{}')) * t.days), %(last)s), %(last)s::date - %(missed)s + 1), %(last)s, '[]'
        )) - coalesce(d.days, '{}')
        + coalesce(CASE WHEN d.epoch < e.number THEN d.days ELSE d.days * s.days END, '{}')
        + (coalesce(w.days, '{}') - coalesce(d.days, '{}'))
    ) AS days
    FROM customers_customer c
    CROSS JOIN (SELECT datemultirange(daterange(NULL, %(last)s, '[]')) AS days) t
    CROSS JOIN customers_catalogueepoch e
    LEFT JOIN insights_figuredays d ON d.customer_id = c.id
    LEFT JOIN customers_staledays s ON s.customer_id = c.id
    LEFT JOIN insights_wanteddays w ON w.customer_id = c.id
"""
_RANGES = """
    INSERT INTO insights_workrange (id, claimed_by)
    SELECT DISTINCT id / %(size)s, '' FROM customers_customer
    ON CONFLICT DO NOTHING
"""
_CLAIM = f"""
    UPDATE insights_workrange SET claimed_by = %(worker)s, claimed_until = now() + %(claim)s
    WHERE id = (
        SELECT r.id FROM insights_workrange r
        JOIN (
            SELECT customer_id / %(size)s AS id, max(upper(days)) AS past FROM ({_TO_DO}) c
            WHERE NOT isempty(days) GROUP BY 1
        ) t ON t.id = r.id
        WHERE (r.claimed_until IS NULL OR r.claimed_until < now()) AND r.id <> ALL(%(stuck)s)
        ORDER BY t.past DESC, r.id LIMIT 1 FOR UPDATE OF r SKIP LOCKED
    )
    RETURNING id
"""  # noqa: S608  our own query
_KEEP_CLAIM = """
    UPDATE insights_workrange SET claimed_until = now() + %(claim)s WHERE id = %(range)s AND claimed_by = %(worker)s
"""
_RELEASE = "UPDATE insights_workrange SET claimed_until = NULL WHERE id = %(range)s AND claimed_by = %(worker)s"
_DAYS = f"""
    SELECT day::date, array_agg(customer_id ORDER BY customer_id)
    FROM ({_TO_DO} WHERE c.id / %(size)s = %(range)s) t, unnest(days) r,
        generate_series(lower(r), upper(r) - 1, interval '1 day') day
    GROUP BY day ORDER BY day DESC LIMIT %(most)s
"""  # noqa: S608


def work_off(*, worker: str, last: date) -> int:
    """Compute and store what is to be done up to day `last`; returns of how many customers' days.

    Ranges that another worker has claimed are left to it. Any number of workers at once, any number of times.
    """
    stored, stuck = 0, set[int]()
    while (claimed := _claim(worker=worker, last=last, stuck=stuck)) is not None:
        of_range = _work_off_range(claimed, worker=worker, last=last)
        if not of_range:
            stuck.add(claimed)  # facts change under our hands: the next call finds them again
        stored += of_range
    return stored


def _claim(*, worker: str, last: date, stuck: set[int]) -> int | None:
    """The range with the newest day to be computed that nobody has claimed, now claimed; None if there is none."""
    params = _to_do(last=last) | {"worker": worker, "claim": CLAIM, "stuck": list(stuck)}
    with connection.cursor() as cursor:
        cursor.execute(_RANGES, params)
        cursor.execute(_CLAIM, params)
        row = cursor.fetchone()
    return row[0] if row else None


def _work_off_range(number: int, *, worker: str, last: date) -> int:
    """Work off some days of one range, unless somebody else takes it meanwhile."""
    stored = 0
    for day, customers in _days(number, last=last):
        for part in ranges(customers=customers):
            if not _keep_claim(number, worker=worker):
                return stored
            stored += rollup_day(customers=part, day=day)
    _change_claim(_RELEASE, number, worker=worker)
    return stored


def _days(number: int, *, last: date) -> list[tuple[date, list[int]]]:
    """What is to be done in a range: some days, newest first, with their customers."""
    with connection.cursor() as cursor:
        cursor.execute(_DAYS, _to_do(last=last) | {"range": number, "most": DAYS_AT_ONCE})
        return cursor.fetchall()


def _to_do(*, last: date) -> dict[str, Any]:
    """The parameters of `_TO_DO` and of ranges."""
    return {"last": last, "missed": MISSED_DAYS, "size": CUSTOMERS_PER_RANGE}


def _keep_claim(number: int, *, worker: str) -> bool:
    return _change_claim(_KEEP_CLAIM, number, worker=worker)


def _change_claim(statement: str, number: int, *, worker: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(statement, {"range": number, "worker": worker, "claim": CLAIM})
        return cursor.rowcount == 1
