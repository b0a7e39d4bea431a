"""Whose facts: querysets that answer `visible_to(user)`, closed for whoever belongs to nobody (design.md, decision 3)."""

from __future__ import annotations

from typing import Any, Self

from django.db import models
from django.db.models import Q

from customers.clock import today
from partners.models import belongs


class OwnQuerySet(models.QuerySet[Any]):
    """Facts that belong to one partner, on a customer or not."""

    owned_by = "partner"
    """The field that names whose they are."""

    def visible_to(self, user: Any) -> Self:
        """The own partner's; none for whoever is anonymous, inactive or without a partner."""
        return self.filter(**{self.owned_by: user.partner_id}) if belongs(user) else self.none()


class ServedCustomerQuerySet(models.QuerySet[Any]):
    """Customers."""

    def visible_to(self, user: Any) -> Self:
        """Those with which a confirmed relationship of the person's partner covers today."""
        return self.filter(_served_by(user, customer="pk")) if belongs(user) else self.none()


class OwnOfServedQuerySet(models.QuerySet[Any]):
    """What belongs to one partner, on a customer that it has to serve in order to see it."""

    owned_by = "partner"

    def visible_to(self, user: Any) -> Self:
        """The own partner's, of customers with which a confirmed relationship covers today."""
        if not belongs(user):
            return self.none()
        return self.filter(_served_by(user, customer="customer"), **{self.owned_by: user.partner_id})


def _served_by(user: Any, *, customer: str) -> Q:
    """The customer that the field `customer` names has a confirmed relationship with the person's partner today."""
    from customers.models.customer import Relationship

    served = Relationship.objects.confirmed(user.partner_id, today()).values("customer")
    return Q(**{f"{customer}__in": served})
