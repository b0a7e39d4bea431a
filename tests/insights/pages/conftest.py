"""A partner with customers whose figures are known, and its staff."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from customers import models
from partners.models import Staff
from partners.permissions import Role
from tests.insights.world import World, ago
from tests.people import make_staff, signed_in


class Portfolio(World):
    """Two partners; customers are added one by one, each with its own facts."""

    def serve(self, name: str, *, country: str = "SE", segment: str = "") -> models.Customer:
        """A customer of ours, who can be seen from long ago on."""
        customer = self.a_customer(name)
        models.CustomerProfile.objects.filter(customer=customer).update(country=country, segment=segment)
        self.relationship(self.us, customer)
        return customer

    def licences(
        self, customer: models.Customer, *, sold: int, assigned: int, used: int, **version: object
    ) -> models.Subscription:
        """A subscription sold by us; `used` of its `assigned` people worked in Exchange the day before."""
        subscription = self.subscription(seller=self.us, quantity=sold, customer=customer, **version)
        for number in range(assigned):
            user = f"{customer.pk}-{subscription.pk}-{number}"
            self.period(subscription, user, stated_by=self.us)
            if number < used:
                self.activity(user, "EXO", ago(1), customer=customer)
        return subscription


@pytest.fixture
def world(db: None) -> Portfolio:
    return Portfolio()


@pytest.fixture
def sign_in(world: Portfolio) -> Callable[..., Client]:
    """A browser of somebody of ours (or of `partner`) with these roles."""

    def browser(*roles: Role, partner: object = None) -> Client:
        return signed_in(staff_of(world, *roles, partner=partner))

    return browser


def staff_of(world: Portfolio, *roles: Role, partner: object = None) -> Staff:
    return make_staff(partner or world.us, *(roles or (Role.GLOBAL_ADMIN,)))


@pytest.fixture
def browser(sign_in: Callable[..., Client]) -> Client:
    return sign_in()
