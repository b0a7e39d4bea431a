"""Which SKUs a partner leaves out of what its pages show, and which mailboxes aren't counted among a customer's people."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from django.db import connection
from django.db.models import Q

from customers.clock import today
from customers.models import LeftOutSku, Sku
from partners.models import Partner

_HOLDERS = """
    SELECT DISTINCT s.customer_id
    FROM customers_subscriptionversion v
    JOIN customers_subscription s ON s.id = v.subscription_id
    WHERE v.sku_id = ANY(%(skus)s) AND NOT v.aside AND NOT s.aside AND v.effective_on <= %(day)s
      AND s.customer_id = ANY(%(customers)s)
"""


def left_out_of(*, partner: Partner) -> list[LeftOutSku]:
    """What the partner leaves out today, and what it left out until a day that is over; by name."""
    found = LeftOutSku.objects.filter(partner=partner).select_related("sku__family", "left_out_by")
    return sorted(found, key=lambda each: (each.sku.name.casefold(), str(each.sku.sku_id)))


def skus_left_out(*, partner: Partner) -> frozenset[int]:
    """The SKUs (keys) that the partner leaves out today."""
    holds = Q(until__isnull=True) | Q(until__gte=today())
    return frozenset(LeftOutSku.objects.filter(holds, partner=partner).values_list("sku", flat=True))


def customers_with(*, skus: Iterable[int], customers: Sequence[int], day: date) -> set[int]:
    """Those of the customers (keys) that have, or had before `day`, a subscription of any of these SKUs (keys)."""
    with connection.cursor() as cursor:
        cursor.execute(_HOLDERS, {"skus": list(skus), "customers": list(customers), "day": day})
        return {customer for (customer,) in cursor.fetchall()}


def suggested_skus(*, held: Iterable[Sku], left_out: Iterable[int]) -> list[Sku]:
    """Those of the SKUs that are given away or that people sign up for by themselves, and that still count."""
    known = set(left_out)
    return [sku for sku in held if (sku.is_free or sku.is_viral) and sku.pk not in known]
