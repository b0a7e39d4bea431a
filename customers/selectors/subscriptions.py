"""A partner's own subscriptions: what they are as of a day, and what they were before (metrics.md, "Facts")."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import groupby, pairwise
from typing import Any

from django.db import connection
from django.db.models import Exists, OuterRef

from customers.columns import array_literal
from customers.lifecycle import PeriodState, Stage, Status, stages
from customers.models import Subscription, SubscriptionVersion
from partners.tenancy import counting


@dataclass(frozen=True, slots=True)
class Held:
    """What one version says, while it holds: from `first` on and before `past` (None: until further notice)."""

    version: SubscriptionVersion
    first: date
    past: date | None

    @property
    def stages(self) -> list[Stage]:
        """Its status on each of these days, aged."""
        return stages(
            stated=Status(self.version.status),
            term_end=self.version.term_end,
            auto_renew=self.version.auto_renew,
            first=self.first,
            past=self.past,
        )


@dataclass(frozen=True, slots=True)
class OwnSubscription:
    """A subscription that the partner sold, as of a day on which it exists."""

    id: int
    subscription_id: str
    customer: int
    """Key."""
    version: SubscriptionVersion
    """The version that holds."""
    status: Status
    """Aged."""
    holders: int
    """How many people have an entitled period that covers the day, whatever the status."""
    allotted: int
    """How many of them were allotted to it, since only the SKU was named."""
    history: list[Held]
    """All versions, the coming ones included, oldest first."""

    @property
    def price_decimals(self) -> int:
        """How many decimals the unit price has, at least two."""
        price = self.version.unit_price
        return 2 if price is None else max(2, len(f"{price:f}".partition(".")[2].rstrip("0")))

    @property
    def price_format(self) -> str:
        """For the template filter `floatformat`: so many decimals, thousands apart."""
        return f"{self.price_decimals}g"

    @property
    def price_text(self) -> str | None:
        """The unit price as the feed writes it, without needless digits; None: none was stated."""
        price = self.version.unit_price
        if price is None:
            return None
        whole, _point, decimals = f"{price:f}".partition(".")
        return f"{whole}.{decimals[: self.price_decimals].ljust(2, '0')}"


def own_subscriptions(
    *,
    user: Any,
    day: date,
    customer: int | None = None,
    customers: Collection[int] | None = None,
    with_holders: bool = True,
) -> list[OwnSubscription]:
    """The subscriptions that the person's partner sold and that exist as of `day`, of one customer (key), of some, or of all.

    Of customers with which a confirmed relationship covers today. By SKU, then id; two queries, or one without counting
    `holders` (then 0).
    """
    versions = _versions(user, customers if customer is None else [customer])
    found = [list(group) for _key, group in groupby(versions, key=lambda version: version.subscription_id)]
    existing = [group for group in found if group[0].effective_on <= day]
    customers = {group[0].subscription_id: group[0].subscription.customer_id for group in existing}
    holders = holders_of(customers, day) if with_holders else {}
    rows = [_as_of(day, group, *holders.get(group[0].subscription_id, (0, 0))) for group in existing]
    return sorted(rows, key=lambda row: (row.version.sku.name.casefold(), row.subscription_id))


def count_own_subscriptions(*, user: Any, day: date) -> int:
    """How many there are of all customers."""
    known = SubscriptionVersion.objects.filter(subscription=OuterRef("pk"), aside=False, effective_on__lte=day)
    return Subscription.objects.visible_to(user).filter(Exists(known)).count()


def _versions(user: Any, customers: Collection[int] | None) -> Iterable[SubscriptionVersion]:
    own = Subscription.objects.visible_to(user)
    if customers is not None:
        own = own.filter(customer__in=customers)
    return (
        SubscriptionVersion.objects.filter(subscription__in=own, aside=False)
        .select_related("subscription", "sku__family")
        .order_by("subscription", "effective_on")
    )


# A person has several identifiers, or is a mailbox that somebody left out: then it is none (docs/decisions/0015).
_HOLDERS = """
    SELECT e.subscription_id, count(DISTINCT coalesce(p.same_as, p.number)),
           count(DISTINCT coalesce(p.same_as, p.number)) FILTER (WHERE e.allotted)
    FROM unnest(%(customers)s::int[], %(subscriptions)s::bigint[]) AS asked (customer, subscription)
    JOIN customers_entitlementperiod e ON e.customer_id = asked.customer AND e.subscription_id = asked.subscription
    JOIN customers_person p ON p.customer_id = e.customer_id AND p.number = e.person_number
    WHERE e.state = %(entitled)s
      AND e.valid_from <= %(day)s AND (e.valid_to IS NULL OR e.valid_to > %(day)s)
      AND NOT EXISTS (
          SELECT FROM customers_leftoutperson o
          JOIN customers_person k ON k.customer_id = o.customer_id AND k.key = o.key
          WHERE o.customer_id = e.customer_id AND coalesce(k.same_as, k.number) = coalesce(p.same_as, p.number)
      )
    GROUP BY e.subscription_id
"""


def holders_of(customers: Mapping[int, int], day: date) -> dict[int, tuple[int, int]]:
    """By subscription (key) the people who hold a licence of it on the day, and those among them who were allotted to it.

    `customers`: by subscription the customer (keys).
    """
    params = {
        "customers": array_literal(list(customers.values())),
        "subscriptions": array_literal(list(customers)),
        "entitled": PeriodState.ENTITLED.value,
        "day": day,
    }
    with counting(), connection.cursor() as cursor:
        cursor.execute(_HOLDERS, params)
        return {subscription: (people, placed) for subscription, people, placed in cursor.fetchall()}


def _as_of(day: date, versions: list[SubscriptionVersion], holders: int, allotted: int) -> OwnSubscription:
    history = _history(versions)
    held = next(entry for entry in reversed(history) if entry.first <= day)
    status = next(stage.status for stage in reversed(held.stages) if stage.first <= day)
    subscription = held.version.subscription
    return OwnSubscription(
        id=subscription.pk,
        subscription_id=subscription.subscription_id,
        customer=subscription.customer_id,
        version=held.version,
        status=status,
        holders=holders,
        allotted=allotted,
        history=history,
    )


def _history(versions: list[SubscriptionVersion]) -> list[Held]:
    pairs = pairwise([*versions, None])
    return [Held(one, one.effective_on, then.effective_on if then else None) for one, then in pairs if one is not None]
