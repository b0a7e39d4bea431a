"""What customers hold as of a day, read as columns: subscriptions, licence periods, and the catalogue behind them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from customers.columns import Columns, read_columns
from customers.lifecycle import PeriodState, Status
from customers.models import Sku

_SUBSCRIPTIONS = """
    SELECT DISTINCT ON (s.id)
        s.customer_id, s.id, coalesce(s.seller_id, 0), v.sku_id, k.family_id, f.in_insights, v.is_trial, v.quantity,
        v.status = %(active)s
            AND (v.auto_renew IS NOT FALSE OR v.term_end IS NULL OR v.term_end >= %(day)s)
    FROM customers_subscription s
    JOIN customers_subscriptionversion v ON v.subscription_id = s.id AND NOT v.aside AND v.effective_on <= %(day)s
    JOIN customers_sku k ON k.id = v.sku_id
    JOIN customers_family f ON f.id = k.family_id
    WHERE s.customer_id = ANY(%(customers)s) AND NOT s.aside
    ORDER BY s.id, v.effective_on DESC
"""

_PERIODS = """
    SELECT p.subscription_id, p.person_number, p.state = %(entitled)s, p.valid_from,
        coalesce(p.valid_to, 'infinity'::date)
    FROM customers_entitlementperiod p
    WHERE p.customer_id = ANY(%(customers)s) AND p.valid_from <= %(last)s
      AND (p.valid_to IS NULL OR p.valid_to > %(first)s)
"""

_CATALOGUE = """
    SELECT sku_id, workload_id, 0::int2 FROM customers_sku_workload WHERE sku_id = ANY(%(skus)s)
    UNION ALL
    SELECT 0, w.id, coalesce(f.id, 0::int2)
    FROM customers_workload w
    LEFT JOIN customers_family f ON f.id = w.unlicensed_family_id AND f.in_insights
"""


def subscriptions(*, customers: Sequence[int], day: date) -> Columns:
    """The subscriptions that exist as of `day`, one row each, by id.

    customer, subscription, seller (0: external), sku, family, in_insights, trial, quantity, and active: whether the
    status as of `day` is `active` (metrics.md, "Ageing"; `customers.lifecycle` is the rule in Python).
    """
    params = {"customers": list(customers), "day": day, "active": Status.ACTIVE.value}
    types = {"customer": "int4", "subscription": "int8", "seller": "int4", "sku": "int4", "family": "int2"}
    flags = {"in_insights": "bool", "trial": "bool", "quantity": "int4", "active": "bool"}
    return read_columns(_SUBSCRIPTIONS, params, types | flags)


def periods(*, customers: Sequence[int], first: date, last: date) -> Columns:
    """The licence periods that cover any of the days: subscription, person, entitled, valid_from, valid_to."""
    params = {"customers": list(customers), "first": first, "last": last, "entitled": PeriodState.ENTITLED.value}
    types = {"subscription": "int8", "person": "int4", "entitled": "bool", "valid_from": "date", "valid_to": "date"}
    return read_columns(_PERIODS, params, types)


def catalogue(*, skus: Sequence[int]) -> Columns:
    """Which workloads the SKUs contain, and which there are at all: sku (0: of none), workload, family.

    `family` is that of a workload that can be used without a licence, where it is switched on; else 0, and of SKUs always.
    """
    return read_columns(_CATALOGUE, {"skus": list(skus)}, {"sku": "int4", "workload": "int2", "family": "int2"})


_SKUS_HELD = """
    SELECT k.* FROM customers_sku k JOIN customers_family f ON f.id = k.family_id AND f.in_insights
    WHERE k.id IN (
        SELECT DISTINCT ON (s.id) v.sku_id FROM customers_subscription s
        JOIN customers_subscriptionversion v ON v.subscription_id = s.id AND NOT v.aside AND v.effective_on <= %(day)s
        WHERE s.customer_id = ANY(%(customers)s) AND NOT s.aside
        ORDER BY s.id, v.effective_on DESC
    )
"""


def skus_held(*, customers: Sequence[int], day: date) -> list[Sku]:
    """The SKUs, of families that are switched on, of which the customers have a subscription as of `day`; by name.

    Of that day only: what others sold before and after it, where no relationship may cover it, is nobody's business.
    """
    found = Sku.objects.raw(_SKUS_HELD, {"customers": list(customers), "day": day})
    return sorted(found, key=lambda sku: (sku.name.casefold(), sku.part_number.casefold(), str(sku.sku_id)))
