"""What a vendor's file calls things, looked up in what is stored (customers.imports.reading.Catalogue)."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from functools import cached_property
from uuid import UUID

from django.db.models import Case, Q, QuerySet, When

from customers.clock import today
from customers.models import CustomerProfile, Relationship, Sku, SubscriptionVersion
from partners.models import Partner


class StoredCatalogue:
    """The catalogue as it is stored, and subscriptions as far as whoever imports may know them (None: the operator)."""

    def __init__(self, stated_by: Partner | None) -> None:
        self._stated_by = stated_by
        self._known: dict[tuple[UUID, str], UUID | None] = {}

    @cached_property
    def _named(self) -> Mapping[str, Collection[UUID]]:
        named: dict[str, set[UUID]] = {}
        for sku_id, part_number, name in Sku.objects.values_list("sku_id", "part_number", "name"):
            for written in (part_number, name):
                named.setdefault(_key(written), set()).add(sku_id)
        return named

    def skus_named(self, name: str) -> Collection[UUID]:
        """The SKUs that have this product name or part number; compared without regard to case."""
        return self._named.get(_key(name), frozenset())

    def sku_of(self, *, customer: UUID, subscription_id: str) -> UUID | None:
        """The SKU of a subscription's latest version, if whoever imports sold it, or stated it."""
        key = (customer, subscription_id.casefold())
        if key not in self._known:
            self._known[key] = self._latest_sku(*key)
        return self._known[key]

    def knows(self, sku: UUID) -> bool:
        """Whether this SKU is in the catalogue."""
        return sku in self._all

    @cached_property
    def _all(self) -> frozenset[UUID]:
        return frozenset(Sku.objects.values_list("sku_id", flat=True))

    def skus_of(self, customer: UUID) -> Collection[UUID]:
        """The SKUs of a customer's subscriptions, if whoever imports sold them, or stated them."""
        versions = self._versions().filter(subscription__customer__tenant_id=customer)
        return frozenset(versions.values_list("sku__sku_id", flat=True))

    def is_partner(self, partner: UUID) -> bool:
        """Whether this GUID is a partner's here; asked for the operator's imports only."""
        return Partner.objects.filter(partner_id=partner).exists()

    def country_of(self, customer: UUID) -> str:
        """The country that whoever imports has stated of a customer.

        Of one with which a confirmed relationship covers today, else what the operator, or else the first, has (feed.md).
        """
        profiles = CustomerProfile.objects.filter(customer__tenant_id=customer)
        mine = Q(stated_by=self._stated_by)
        if self._stated_by is not None:
            confirmed = Relationship.objects.confirmed(self._stated_by.pk, today()).values("customer")
            profiles = profiles.filter(mine | Q(customer__in=confirmed))
        rank = Case(When(mine, then=0), When(stated_by=None, then=1), default=2)
        return profiles.order_by(rank, "pk").values_list("country", flat=True).first() or ""

    def _latest_sku(self, customer: UUID, key: str) -> UUID | None:
        versions = self._versions().filter(subscription__key=key, subscription__customer__tenant_id=customer)
        return versions.order_by("-effective_on", "-pk").values_list("sku__sku_id", flat=True).first()

    def _versions(self) -> QuerySet[SubscriptionVersion]:
        versions = SubscriptionVersion.objects.all()
        if self._stated_by is None:
            return versions
        return versions.filter(Q(stated_by=self._stated_by) | Q(subscription__seller=self._stated_by))


def _key(name: str) -> str:
    return " ".join(name.split()).casefold()
