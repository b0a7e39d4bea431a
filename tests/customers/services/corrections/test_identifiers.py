"""Corrections find what was stated by another identifier of the same person."""

from __future__ import annotations

from datetime import date

from customers.models import EntitlementPeriod, Person
from customers.services.corrections.days import ACTIVITY_FACT, correct_days
from customers.services.corrections.records import PERIOD
from partners.services.corrections import correct
from tests.customers.feed.conftest import ALPHA, FABRIKAM
from tests.customers.installation import Installation

BY_NAME = {"subscription_id": "S1", "user_id": "ann@x.com", "from": "2026-01-01", "stated_by": ALPHA}
DAY = date(2026, 11, 3)


def join(installation: Installation) -> None:
    """Whoever holds S1 as ann is ann@x.com, too."""
    ann = Person.objects.get(key="ann", customer__tenant_id=FABRIKAM)
    number = ann.customer.next_person_number
    Person.objects.create(
        customer=ann.customer, number=number, user_id="ann@x.com", key="ann@x.com", same_as=ann.number
    )


def test_period_is_corrected_by_any_identifier(installation: Installation) -> None:
    assert PERIOD.read(BY_NAME) is None
    join(installation)
    before = PERIOD.read(BY_NAME)
    assert before["user_id"] == "ann"
    correct(actor=installation.agent, fact=PERIOD, before=before, after=None, reason="Never was")
    assert not EntitlementPeriod.objects.filter(person__key="ann", subscription__key="s1").exists()


def test_activity_is_retracted_by_any_identifier(installation: Installation) -> None:
    told = {"customer_id": FABRIKAM, "service": "EXO"}
    days = {"first": DAY, "last": DAY, "source": installation.agent.partner, "reason": "Told by phone"}
    correct_days(actor=installation.agent, fact=ACTIVITY_FACT, cells=told | {"user_id": "ann"}, add=True, **days)
    join(installation)
    correct_days(actor=installation.agent, fact=ACTIVITY_FACT, cells=told | {"user_id": "ann@x.com"}, add=False, **days)
    cells = told | {"user_id": "ann", "days": [DAY.isoformat()], "stated_by": ALPHA}
    assert ACTIVITY_FACT.read(cells) is None
