"""Works off what is to be computed: yesterday's figures of every customer, and whatever is stale, newest day first.

What is to be done follows from the tables alone; a worker claims a range of customers in PostgreSQL, and whoever dies
loses its claim after a while (design.md, decision 5).
"""

from __future__ import annotations

from datetime import date, timedelta

from django.db import connection

from insights.selectors.ranges import ranges
from insights.services.rollup import rollup_day

CUSTOMERS_PER_RANGE = 1_000
CLAIM = timedelta(minutes=5)
DAYS_AT_ONCE = 31
"""So many days of a range are looked up, and worked off, before it is asked again what is to be done."""

# A customer's days to be computed: the last day and those since the one stored last, unless they are stored; and those
# stored that are stale, or were stored under an older epoch of the catalogue.
_TO_DO = """
    SELECT c.id AS customer_id, datemultirange(daterange(NULL, %(last)s, '[]')) * (
        CASE WHEN upper(d.days) <= %(last)s THEN datemultirange(daterange(upper(d.days), %(last)s, '[]'))
            WHEN d.days @> %(last)s::date THEN '{}'
            ELSE datemultirange(daterange(%(last)s, %(last)s, '[]')) END
        + CASE WHEN d.customer_id IS NULL THEN '{}' WHEN d.epoch < e.number THEN d.days ELSE d.days * s.days END
    ) AS days
    FROM customers_customer c
    CROSS JOIN customers_catalogueepoch e
    LEFT JOIN insights_figuredays d ON d.customer_id = c.id
    LEFT JOIN customers_staledays s ON s.customer_id = c.id
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
        WHERE (r.claimed_until IS NULL OR r.claimed_until < now()) AND r.id <> ALL(%(done)s) AND r.id IN (
            SELECT customer_id / %(size)s FROM ({_TO_DO}) t WHERE NOT isempty(days)
        )
        ORDER BY r.id LIMIT 1 FOR UPDATE SKIP LOCKED
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
    stored, done = 0, set[int]()
    while (claimed := _claim(worker=worker, last=last, done=done)) is not None:
        stored += _work_off_range(claimed, worker=worker, last=last)
        done.add(claimed)
    return stored


def _claim(*, worker: str, last: date, done: set[int]) -> int | None:
    """The next range with something to do that nobody has claimed, now claimed; None if there is none."""
    params = {"worker": worker, "claim": CLAIM, "size": CUSTOMERS_PER_RANGE, "last": last, "done": list(done)}
    with connection.cursor() as cursor:
        cursor.execute(_RANGES, params)
        cursor.execute(_CLAIM, params)
        row = cursor.fetchone()
    return row[0] if row else None


def _work_off_range(number: int, *, worker: str, last: date) -> int:
    """Work off one range until nothing is left of it, or somebody else has it."""
    stored = 0
    while days := _days(number, last=last):
        before = stored
        for day, customers in days:
            for part in ranges(customers=customers):
                if not _keep_claim(number, worker=worker):
                    return stored
                stored += rollup_day(customers=part, day=day)
        if stored == before:
            break  # facts change under our hands: the next call finds them again
    _change_claim(_RELEASE, number, worker=worker)
    return stored


def _days(number: int, *, last: date) -> list[tuple[date, list[int]]]:
    """What is to be done in a range: some days, newest first, with their customers."""
    params = {"size": CUSTOMERS_PER_RANGE, "range": number, "last": last, "most": DAYS_AT_ONCE}
    with connection.cursor() as cursor:
        cursor.execute(_DAYS, params)
        return cursor.fetchall()


def _keep_claim(number: int, *, worker: str) -> bool:
    return _change_claim(_KEEP_CLAIM, number, worker=worker)


def _change_claim(statement: str, number: int, *, worker: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(statement, {"range": number, "worker": worker, "claim": CLAIM})
        return cursor.rowcount == 1
