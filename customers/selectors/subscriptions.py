"""A partner's own subscriptions: what they are as of a day, and what they were before (metrics.md, "Facts")."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby, pairwise
from typing import Any

from django.db.models import Count, Q

from customers.lifecycle import PeriodState, Stage, Status, stages
from customers.models import EntitlementPeriod, Subscription, SubscriptionVersion


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
    *, user: Any, day: date, customer: int | None = None, with_holders: bool = True
) -> list[OwnSubscription]:
    """The subscriptions that the person's partner sold and that exist as of `day`, of one customer (key) or of all.

    Of customers with which a confirmed relationship covers today. By SKU, then id; two queries, or one without counting
    `holders` (then 0).
    """
    versions = _versions(user, customer)
    found = [list(group) for _key, group in groupby(versions, key=lambda version: version.subscription_id)]
    existing = [group for group in found if group[0].effective_on <= day]
    holders = _holders([group[0].subscription_id for group in existing], day) if with_holders else {}
    rows = [_as_of(day, group, holders.get(group[0].subscription_id, 0)) for group in existing]
    return sorted(rows, key=lambda row: (row.version.sku.name.casefold(), row.subscription_id))


def _versions(user: Any, customer: int | None) -> Iterable[SubscriptionVersion]:
    own = Subscription.objects.visible_to(user)
    if customer is not None:
        own = own.filter(customer=customer)
    return (
        SubscriptionVersion.objects.filter(subscription__in=own, aside=False)
        .select_related("subscription", "sku__family")
        .order_by("subscription", "effective_on")
    )


def _holders(subscriptions: Sequence[int], day: date) -> dict[int, int]:
    """People by subscription (key)."""
    covers = Q(valid_from__lte=day) & (Q(valid_to__isnull=True) | Q(valid_to__gt=day))
    periods = EntitlementPeriod.objects.filter(covers, subscription__in=subscriptions, state=PeriodState.ENTITLED)
    # Periods of one subscription and user never overlap: so each that covers the day is a person.
    counted = periods.order_by().values_list("subscription").annotate(people=Count("pk"))
    return dict(counted)


def _as_of(day: date, versions: list[SubscriptionVersion], holders: int) -> OwnSubscription:
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
        history=history,
    )


def _history(versions: list[SubscriptionVersion]) -> list[Held]:
    pairs = pairwise([*versions, None])
    return [Held(one, one.effective_on, then.effective_on if then else None) for one, then in pairs if one is not None]
