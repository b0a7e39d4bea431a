"""What a partner's own loads state of a customer that takes effect between two days: which load, of what kind, how much."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db import connection

from customers.models import Load
from partners.models import Partner


@dataclass(frozen=True, slots=True)
class Statement:
    """What one load states; days are those on which it takes effect, between the two that were asked for."""

    load: Load
    """Its key, name, kind and beginning."""
    numbers: dict[str, int]
    """Of versions, begun and ended licences; of activity and coverage the days. What there is none of is left out."""
    first: date
    last: date


# Of facts that stand there now: what a later load replaced or retracted counts no more. Row-level security leaves one's own.
_STATED = """
    WITH said AS (
        SELECT v.load_id, 'versions' AS what, count(*) AS number, min(v.effective_on) AS first, max(v.effective_on) AS last
        FROM customers_subscription s
        JOIN customers_subscriptionversion v ON v.subscription_id = s.id
        WHERE s.customer_id = %(customer)s AND v.stated_by_id = %(partner)s AND NOT v.aside
          AND v.effective_on > %(after)s AND v.effective_on <= %(last)s
        GROUP BY 1
        UNION ALL
        SELECT load_id, 'begun', count(*), min(valid_from), max(valid_from)
        FROM customers_entitlementperiod
        WHERE customer_id = %(customer)s AND stated_by_id = %(partner)s
          AND valid_from > %(after)s AND valid_from <= %(last)s
        GROUP BY 1
        UNION ALL
        SELECT load_id, 'ended', count(*), min(valid_to), max(valid_to)
        FROM customers_entitlementperiod
        WHERE customer_id = %(customer)s AND stated_by_id = %(partner)s
          AND valid_to > %(after)s AND valid_to <= %(last)s
        GROUP BY 1
        UNION ALL
        SELECT load_id, 'begun', count(*), min(valid_from), max(valid_from)
        FROM customers_holding
        WHERE customer_id = %(customer)s AND stated_by_id = %(partner)s
          AND valid_from > %(after)s AND valid_from <= %(last)s
        GROUP BY 1
        UNION ALL
        SELECT load_id, 'ended', count(*), min(valid_to), max(valid_to)
        FROM customers_holding
        WHERE customer_id = %(customer)s AND stated_by_id = %(partner)s
          AND valid_to > %(after)s AND valid_to <= %(last)s
        GROUP BY 1
        UNION ALL
        SELECT l.id, 'activity', a.*
        FROM customers_load l
        CROSS JOIN LATERAL (
            SELECT count(DISTINCT day), min(day), max(day) FROM customers_activitystatement
            WHERE load_id = l.id AND customer_id = %(customer)s AND day >= %(seen)s AND day <= %(last)s
              AND (added <> 0 OR removed <> 0)
        ) a
        WHERE l.stated_by_id = %(partner)s
        UNION ALL
        SELECT l.id, 'covered', c.*
        FROM customers_load l
        CROSS JOIN LATERAL (
            SELECT count(DISTINCT month + shift), min(month + shift), max(month + shift)
            FROM customers_coveragestatement, generate_series(0, 30) shift
            WHERE load_id = l.id AND customer_id = %(customer)s AND (added | removed) >> shift & 1 = 1
              AND month + shift >= %(seen)s AND month + shift <= %(last)s
        ) c
        WHERE l.stated_by_id = %(partner)s
    )
    SELECT l.id, l.kind, l.source, l.started_at, s.what, s.number, s.first, s.last
    FROM said s
    JOIN customers_load l ON l.id = s.load_id
    WHERE s.number > 0 AND l.undone_at IS NULL
    ORDER BY l.started_at DESC, l.id DESC, s.what
"""


def own_statements(*, partner: Partner, customer: int, after: date, last: date, seen: date) -> list[Statement]:
    """Of a customer (key) what the partner's loads state that takes effect after `after` and up to `last`, newest load first.

    Of activity and coverage the days from `seen` on, as far as what loads said of them is still kept (90 days). One query.
    """
    params = {"partner": partner.pk, "customer": customer, "after": after, "last": last, "seen": seen}
    with connection.cursor() as cursor:
        cursor.execute(_STATED, params)
        return _gathered(cursor.fetchall())


def _gathered(rows: Iterable[tuple[int, str, str, datetime, str, int, date, date]]) -> list[Statement]:
    found: dict[int, Statement] = {}
    for key, kind, source, started_at, what, number, first, last in rows:
        load = Load(pk=key, kind=kind, source=source, started_at=started_at)
        known = found.get(key) or Statement(load, {}, first, last)
        numbers = known.numbers | {what: known.numbers.get(what, 0) + number}
        found[key] = Statement(known.load, numbers, min(known.first, first), max(known.last, last))
    return list(found.values())
