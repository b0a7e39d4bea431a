"""All versions of a partner's own subscriptions, through all of history, as columns: what analyses of them start from."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from django.db import connection

from customers.columns import Columns, array_literal, read_columns
from customers.models import Sku
from customers.terms import STATUSES
from partners.models import Partner

_VERSIONS = """
    SELECT s.customer_id, s.id, v.effective_on, v.sku_id,
        array_position(%(statuses)s::text[], v.status::text) - 1, v.quantity, v.is_trial,
        coalesce(v.term_end, 'infinity'::date), coalesce(v.cancel_until, 'infinity'::date),
        coalesce(v.auto_renew::int, -1)
    FROM customers_subscription s
    JOIN customers_subscriptionversion v ON v.subscription_id = s.id AND NOT v.aside
    WHERE s.seller_id = %(partner)s AND NOT s.aside AND s.customer_id = ANY(%(customers)s)
"""
_TYPES = {
    "customer": "int4",
    "subscription": "int8",
    "first": "date",
    "sku": "int4",
    "status": "int4",
    "quantity": "int4",
    "trial": "bool",
    "term_end": "date",
    "cancel_until": "date",
    "renews": "int4",
}
_NAMES = "SELECT id, key, subscription_id FROM customers_subscription WHERE id = ANY(%(subscriptions)s)"


def own_versions(*, partner: Partner, customers: Sequence[int]) -> Columns:
    """Every version of what the partner sold to these customers (keys), by subscription, then first day.

    Columns customer, subscription, first (its `effective_on`), sku, status (place in
    `customers.terms.STATUSES`), quantity, trial, term_end, cancel_until (`FOR_EVER`: none), renews (1, 0, -1 unknown). The
    caller answers for that a confirmed relationship with the customers covers today (metrics.md).
    """
    statuses = array_literal([status.value for status in STATUSES])  # type: ignore[misc]
    params = {"partner": partner.pk, "customers": array_literal(customers), "statuses": statuses}
    found = read_columns(_VERSIONS, params, _TYPES)
    order = np.lexsort((found["first"], found["subscription"]))
    return {name: column[order] for name, column in found.items()}


def names_of(subscriptions: Sequence[int]) -> dict[int, tuple[str, str]]:
    """By key of a subscription its id case folded, and its id as first written."""
    with connection.cursor() as cursor:
        cursor.execute(_NAMES, {"subscriptions": array_literal(subscriptions)})
        return {key: (folded, written) for key, folded, written in cursor.fetchall()}


def skus_of(keys: Sequence[int]) -> dict[int, Sku]:
    """The SKUs with these keys, with their families."""
    return {sku.pk: sku for sku in Sku.objects.filter(pk__in=list(keys)).select_related("family")}
