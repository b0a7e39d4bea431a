"""What the rules look at, for all customers of a partner at once: a few statements, whatever their number."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any, NamedTuple

import numpy as np
from django.db import connection

from customers.clock import today
from customers.columns import array_literal
from customers.lifecycle import Status, status_as_of
from customers.selectors.customers import customers_of
from customers.selectors.left_out import skus_left_out
from insights.engine.rows import ALL
from insights.engine.subscriptions import use_of_subscriptions
from insights.grain import By, Grain
from insights.selectors.figures import figures_of_grain
from insights.selectors.ranges import ranges
from insights.selectors.stored import snapshot
from insights.steps.figures import Counts, CustomerFigures, OwnSubscription, SubscriptionUse
from insights.steps.rules import can_shrink, lies_unused, needs_use
from insights.steps.thresholds import Thresholds
from insights.window import WINDOW_DAYS, first_day
from partners.models import Partner
from partners.tenancy import counting

HEADLINE = Grain(By.ALL, workload=ALL)
COUNTS = tuple(Counts.__dataclass_fields__)
_NO_USE = SubscriptionUse(0, 0, 0, 0, 0, 0)

# Own subscriptions alone, of families that are switched on. What a coming version says of the term, the present one needn't.
_OWN = """
    SELECT s.customer_id, s.id, s.key, s.subscription_id, k.name, v.sku_id, v.status, v.is_trial, v.term_end,
        v.cancel_until, v.auto_renew, EXISTS (
            SELECT FROM customers_subscriptionversion n
            WHERE n.subscription_id = s.id AND NOT n.aside AND n.effective_on > %(day)s AND n.status = 'active'
              AND (n.term_end > v.term_end OR n.auto_renew)
        )
    FROM customers_subscription s
    CROSS JOIN LATERAL (
        SELECT * FROM customers_subscriptionversion v
        WHERE v.subscription_id = s.id AND NOT v.aside AND v.effective_on <= %(day)s
        ORDER BY v.effective_on DESC LIMIT 1
    ) v
    JOIN customers_sku k ON k.id = v.sku_id
    JOIN customers_family f ON f.id = k.family_id AND f.in_insights
    WHERE s.seller_id = %(partner)s AND NOT s.aside AND s.customer_id = ANY(%(customers)s)
    ORDER BY s.key
"""
_CASES = """
    SELECT customer_id, count(*) FILTER (
        WHERE kind = 'how_to' AND opened_on BETWEEN %(first)s AND %(day)s
    )
    FROM customers_supportcase WHERE partner_id = %(partner)s GROUP BY customer_id
"""


class _Own(NamedTuple):
    customer: int
    id: int
    sku: int
    subscription: OwnSubscription


def gathered(*, partner: Partner, day: date, limits: Thresholds) -> dict[int, CustomerFigures]:
    """By customer (key) what the rules ask of it as of `day`: of those with which a confirmed relationship covers it.

    Totals of all sellers, without SKUs that the partner leaves out of its pages; one's own subscriptions only where a
    relationship covers today, too (metrics.md, "Whose figures a partner sees").
    """
    customers = [customer.id for customer in customers_of(partner=partner, day=day)]
    served = {customer.id for customer in customers_of(partner=partner, day=today())}
    left_out = skus_left_out(partner=partner)
    counts = headline_counts(customers=customers, day=day, left_out=left_out)
    cases = _how_to(partner, day)
    own = _own(partner, [customer for customer in customers if customer in served], day, left_out)
    used = _with_use(own, day, limits)
    return {
        customer: CustomerFigures(
            day=day,
            counts=counts.get(customer),
            how_to=None if cases is None else cases.get(customer, 0),
            own=tuple(used.get(customer, ())),
        )
        for customer in customers
    }


def headline_counts(*, customers: Sequence[int], day: date, left_out: frozenset[int]) -> dict[int, Counts]:
    """By customer (key) the counts of its row over everything; one without a row isn't named."""
    rows = figures_of_grain(customers=customers, day=day, seller=ALL, grain=HEADLINE, left_out=left_out)
    return {int(row["customer"]): Counts(**{name: int(row[name]) for name in COUNTS}) for row in rows}


def _how_to(partner: Partner, day: date) -> dict[int, int] | None:
    """How-to cases of the window by customer (key); None: the partner has never delivered any case."""
    with connection.cursor() as cursor:
        cursor.execute(_CASES, {"partner": partner.pk, "first": first_day(day), "day": day})
        return dict(cursor.fetchall()) or None


def _own(partner: Partner, customers: Sequence[int], day: date, left_out: frozenset[int]) -> list[_Own]:
    with connection.cursor() as cursor:
        cursor.execute(_OWN, {"partner": partner.pk, "customers": array_literal(customers), "day": day})
        found = [_read(row, day) for row in cursor.fetchall()]
    return [each for each in found if each.sku not in left_out]


def _read(row: tuple[Any, ...], day: date) -> _Own:
    customer, pk, key, subscription_id, name, sku, status, trial, term_end, cancel_until, renews, renewed = row
    aged = status_as_of(stated=Status(status), term_end=term_end, auto_renew=renews, day=day)
    one = OwnSubscription(key, subscription_id, name, aged, trial, term_end, cancel_until, renews, renewed)
    return _Own(customer, pk, sku, one)


def _with_use(own: Iterable[_Own], day: date, limits: Thresholds) -> dict[int, list[OwnSubscription]]:
    """By customer, those whose use is asked for, with it; 28 days before only where licences lie unused now."""
    asked = [each for each in own if needs_use(each.subscription, day, limits)]
    now = _use(asked, day)
    asked = [_used(each, now.get(each.id, _NO_USE)) for each in asked]
    unused = [each for each in asked if _may_shrink(each.subscription, day, limits)]
    before = _use(unused, day - timedelta(days=WINDOW_DAYS))
    found: dict[int, list[OwnSubscription]] = defaultdict(list)
    for each in asked:
        found[each.customer].append(replace(each.subscription, before=before.get(each.id)))
    return found


def _used(each: _Own, use: SubscriptionUse) -> _Own:
    return each._replace(subscription=replace(each.subscription, use=use))


def _may_shrink(one: OwnSubscription, day: date, limits: Thresholds) -> bool:
    return one.use is not None and can_shrink(one, day, limits) and lies_unused(one.use, one.use.at_stake, limits)


def _use(asked: Sequence[_Own], day: date) -> dict[int, SubscriptionUse]:
    """By subscription (key) its use, of those that exist as of the day."""
    wanted = {each.id for each in asked}
    found: dict[int, SubscriptionUse] = {}
    for part in ranges(customers=sorted({each.customer for each in asked})) if asked else ():
        with counting(), snapshot():
            columns = use_of_subscriptions(customers=part, day=day)
        keys = columns.pop("subscription")
        for place in np.flatnonzero(np.isin(keys, list(wanted))):
            found[int(keys[place])] = SubscriptionUse(**{name: int(values[place]) for name, values in columns.items()})
    return found
