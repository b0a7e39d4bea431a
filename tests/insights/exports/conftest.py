"""A partner with three customers, whose figures are known, and its staff."""

from __future__ import annotations

import pytest

from customers.models import Account, Contact
from partners.models import Staff
from partners.permissions import Role
from tests.insights.pages.conftest import Portfolio
from tests.people import make_staff


@pytest.fixture
def world(db: None) -> Portfolio:
    return Portfolio()


@pytest.fixture
def three(world: Portfolio) -> Portfolio:
    world.licences(world.serve("=Alfa", country="SE", segment="Retail"), sold=5, assigned=4, used=2)
    world.licences(world.serve("Beta", country="IT", segment="Public"), sold=8, assigned=3, used=2)
    gamma = world.serve("Gamma", country="SE", segment="Public")
    world.licences(gamma, sold=2, assigned=2, used=2)
    world.licences(gamma, sold=9, assigned=3, used=3, status="grace")
    return world


@pytest.fixture
def admin(world: Portfolio) -> Staff:
    return make_staff(world.us, Role.GLOBAL_ADMIN, email="ann@us.example")


@pytest.fixture
def agent(world: Portfolio) -> Staff:
    return make_staff(world.us, Role.SALES_AGENT, email="bob@us.example")


@pytest.fixture
def contact(world: Portfolio) -> Contact:
    """Somebody at Fabrikam, which is served."""
    world.relationship(world.us)
    world.licences(world.customer, sold=5, assigned=4, used=2)
    account = Account.objects.create(partner=world.us, customer=world.customer)
    return Contact.objects.create(account=account, name="Carla", email="carla@fabrikam.example")
