"""Keeps the external subscriptions that follow from tenants' totals (customers.external) in step with the facts."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Q

from customers.columns import array_literal, day_number, day_of
from customers.external import PREFIX, Rest, Total, external_id, rest, versions
from customers.held import FOR_EVER
from customers.lifecycle import Status
from customers.models import EntitlementPeriod, Subscription, SubscriptionVersion
from customers.selectors.sold import SoldSubscription, sold_to
from customers.services.stale import StaleRange, mark_stale

# Of two sources on the same day the operator's total holds, then that of the partner who came first.
_TOTALS = """
    SELECT DISTINCT ON (t.customer_id, t.sku_id, t.day)
        t.customer_id, c.tenant_id, t.sku_id, k.sku_id, t.day, t.enabled, t.warning, t.suspended
    FROM customers_skutotal t
    JOIN customers_customer c ON c.id = t.customer_id
    JOIN customers_sku k ON k.id = t.sku_id
    WHERE t.customer_id = ANY(%s)
    ORDER BY t.customer_id, t.sku_id, t.day, t.stated_by_id NULLS FIRST
"""


@dataclass(frozen=True, slots=True)
class External:
    """An external subscription as it is to be."""

    customer: int
    sku: int
    key: str
    rests: tuple[Rest, ...]


def keep_external(customers: Sequence[int]) -> None:
    """Make the external subscriptions of these customers (keys) what their totals leave; mark what gets stale."""
    totals = _totals(customers)
    stored = _stored(customers)
    if not totals and not stored:
        return
    wanted = {external.key: external for external in _wanted(totals, sold_to(customers))}
    stale: list[StaleRange] = []
    for key in sorted({*wanted, *stored}):
        stale += _keep(wanted.get(key), stored.get(key))
    with connection.cursor() as cursor:
        mark_stale(cursor, stale)


_Key = tuple[int, UUID, int, UUID]


def _totals(customers: Sequence[int]) -> dict[_Key, list[Total]]:
    """By customer (key, tenant id) and SKU (key, id) its totals, by day."""
    found: dict[_Key, list[Total]] = defaultdict(list)
    with connection.cursor() as cursor:
        cursor.execute(_TOTALS, [array_literal(customers)])
        for *key, day, enabled, warning, suspended in cursor.fetchall():
            found[tuple(key)].append(Total(day_number(day), enabled, warning, suspended))
    return found


def _stored(customers: Sequence[int]) -> dict[str, Subscription]:
    """The external subscriptions that are there, by key."""
    found = Subscription.objects.filter(
        customer__in=customers, seller__isnull=True, aside=False, key__startswith=f"{PREFIX}:"
    ).select_related("customer")
    return {one.key: one for one in found if one.key.startswith(external_id(one.customer.tenant_id, ""))}


def _wanted(totals: dict[_Key, list[Total]], sold: dict[int, list[SoldSubscription]]) -> Iterator[External]:
    for (customer, tenant, sku, sku_id), of_days in totals.items():
        key = external_id(tenant, sku_id)
        others = [one for one in sold.get(customer, ()) if one.key != key]
        rests = versions(rest(total, _stated(others, sku, total.day)) for total in of_days)
        if rests:
            yield External(customer, sku, key, tuple(rests))


def _stated(subscriptions: Collection[SoldSubscription], sku: int, day: int) -> Counter[Status]:
    """The licences of an SKU on a day, by status."""
    counted: Counter[Status] = Counter()
    for subscription in subscriptions:
        for term in subscription.terms:
            if term.sku == sku and term.first <= day < term.past:
                counted[term.status] += term.quantity
    return counted


def _keep(wanted: External | None, stored: Subscription | None) -> Iterator[StaleRange]:
    """Write one subscription; the days on which it became another."""
    before = {} if stored is None else {day_number(v.effective_on): v for v in stored.versions.all()}
    after = {} if wanted is None else {rest.day: rest for rest in wanted.rests}
    was = {day: (version.sku_id, version.status, version.quantity) for day, version in before.items()}
    is_now = {day: (wanted.sku, str(rest.status), rest.quantity) for day, rest in after.items()} if wanted else {}
    if was == is_now:
        return
    customer = stored.customer_id if wanted is None else wanted.customer
    if wanted is None:
        _remove(stored)
    else:
        _write(stored or _begin(wanted), was, is_now)
    yield from ((customer, day_of(first), past) for first, past in _differing(was, is_now))


def _begin(wanted: External) -> Subscription:
    return Subscription.objects.create(subscription_id=wanted.key, key=wanted.key, customer_id=wanted.customer)


def _remove(stored: Subscription | None) -> None:
    EntitlementPeriod.objects.filter(subscription=stored).delete()
    SubscriptionVersion.objects.filter(subscription=stored).delete()
    Subscription.objects.filter(pk=stored.pk if stored else None).delete()


def _write(subscription: Subscription, was: dict[int, Any], is_now: dict[int, Any]) -> None:
    gone = [day_of(day) for day in was if was[day] != is_now.get(day)]
    SubscriptionVersion.objects.filter(Q(effective_on__in=gone), subscription=subscription).delete()
    SubscriptionVersion.objects.bulk_create(
        SubscriptionVersion(
            subscription=subscription,
            effective_on=day_of(day),
            sku_id=sku,
            status=status,
            quantity=quantity,
            is_trial=False,
        )
        for day, (sku, status, quantity) in sorted(is_now.items())
        if was.get(day) != (sku, status, quantity)
    )


def _differing(was: dict[int, Any], is_now: dict[int, Any]) -> Iterator[tuple[int, Any]]:
    """The stretches of days on which the version that holds is another."""
    days = sorted({*was, *is_now})
    held_before = held_now = None
    for first, past in pairwise([*days, FOR_EVER]):
        held_before, held_now = was.get(first, held_before), is_now.get(first, held_now)
        if held_before != held_now:
            yield first, None if past == FOR_EVER else day_of(past)
