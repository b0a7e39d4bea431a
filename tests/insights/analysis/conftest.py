"""A partner with customers whose figures are known, and its staff."""

from __future__ import annotations

import pytest
from django.test import Client

from partners.models import Staff
from partners.permissions import Role
from tests.insights.pages.conftest import Portfolio
from tests.people import make_staff, signed_in


@pytest.fixture
def world(db: None) -> Portfolio:
    return Portfolio()


@pytest.fixture
def three(world: Portfolio) -> Portfolio:
    """Alfa has 2 idle and 1 unassigned licences, Beta 1 and 5, Gamma none and is above 100 %; Delta has no licences."""
    world.licences(world.serve("Alfa", country="SE", segment="Retail"), sold=5, assigned=4, used=2)
    world.licences(world.serve("Beta", country="IT", segment="Public"), sold=8, assigned=3, used=2)
    gamma = world.serve("Gamma", country="SE")
    world.licences(gamma, sold=2, assigned=2, used=2)
    world.licences(gamma, sold=9, assigned=3, used=3, status="grace")
    world.serve("Delta", country="NL")
    return world


@pytest.fixture
def admin(world: Portfolio) -> Staff:
    return make_staff(world.us, Role.GLOBAL_ADMIN, email="ann@us.example")


@pytest.fixture
def browser(admin: Staff) -> Client:
    return signed_in(admin)
