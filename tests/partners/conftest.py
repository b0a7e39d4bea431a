"""A partner with one person for each role, and a second partner."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from partners.models import Partner, Staff
from partners.permissions import Role
from tests.people import make_partner, make_staff


@dataclass(frozen=True, slots=True)
class House:
    """A partner and its people."""

    partner: Partner
    global_admin: Staff
    user_admin: Staff
    admin_agent: Staff
    sales_agent: Staff

    def of(self, role: Role) -> Staff:
        """The person with that role alone."""
        return getattr(self, role.value)


def make_house(slug: str) -> House:
    """A partner with one person a role, whose address says which."""
    partner = make_partner(slug)
    people = {role.value: make_staff(partner, role, email=f"{role.value}@{slug}.example") for role in Role}
    return House(partner=partner, **people)


@pytest.fixture
def house(db: None) -> House:
    return make_house("nordwind")


@pytest.fixture
def neighbours(db: None) -> House:
    return make_house("sud")
