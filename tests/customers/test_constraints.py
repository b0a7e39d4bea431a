"""The rules that the database itself keeps: each refuses its bad row, and has a sentence for whoever wrote it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from uuid import uuid4

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, models, transaction

from customers.models import (
    Account,
    CatalogueEpoch,
    Coverage,
    Customer,
    CustomerProfile,
    EntitlementPeriod,
    Load,
    Person,
    Relationship,
    SatisfactionResponse,
    Sku,
    Subscription,
    SubscriptionVersion,
    SupportCase,
)
from insights.metrics import COUNTS
from insights.models import Figure
from partners.models import Partner, Staff

pytestmark = pytest.mark.django_db

FIRST, SECOND, THIRD, FOURTH = (date(2026, 1, day) for day in (1, 2, 3, 4))


class Facts:
    """Good rows, and ways to write one more that may be bad."""

    def __init__(self) -> None:
        self.partner = Partner.objects.create(partner_id=uuid4(), name="Nordwind", slug="nordwind")
        self.customer, self.other = (Customer.objects.create(tenant_id=uuid4()) for _ in range(2))
        self.subscription = self.sold("S1")
        for customer in (self.customer, self.other):
            self.person(customer=customer)

    def profile(self, **fields: object) -> None:
        defaults = {"customer": self.customer, "name": "Fabrikam", "domain": "fabrikam.example", "country": "SE"}
        CustomerProfile.objects.create(**(defaults | fields))

    def relationship(self, begin: date, end: date | None = None, status: str = "confirmed") -> None:
        Relationship.objects.create(
            partner=self.partner, customer=self.customer, valid_from=begin, valid_to=end, status=status
        )

    def person(self, number: int = 0, user: str = "ann", customer: Customer | None = None) -> None:
        Person.objects.create(customer=customer or self.customer, number=number, user_id=user, key=user)

    def sold(self, key: str, **fields: object) -> Subscription:
        defaults = {"subscription_id": key, "key": key, "customer": self.customer}
        return Subscription.objects.create(**(defaults | fields))

    def version(self, **fields: object) -> None:
        defaults = {
            "subscription": self.subscription,
            "effective_on": FIRST,
            "sku": Sku.objects.first(),
            "status": "active",
            "quantity": 1,
            "is_trial": False,
        }
        SubscriptionVersion.objects.create(**(defaults | fields))

    def period(self, begin: date = FIRST, end: date | None = None, **fields: object) -> None:
        defaults = {
            "customer": self.customer,
            "subscription": self.subscription,
            "person_number": 0,
            "state": "entitled",
        }
        EntitlementPeriod.objects.create(valid_from=begin, valid_to=end, **(defaults | fields))

    def coverage(self, month: date = FIRST, workload: int | None = None) -> None:
        Coverage.objects.create(customer=self.customer, workload_id=workload, source=0, month=month, days=1)

    def case(self, **fields: object) -> None:
        defaults = {"partner": self.partner, "case_id": "C", "key": "c", "customer": self.customer, "opened_on": FIRST}
        SupportCase.objects.create(**(defaults | {"kind": "how_to"} | fields))

    def answer(self, score: int = 5) -> None:
        SatisfactionResponse.objects.create(
            partner=self.partner, response_id="R", key="r", customer=self.customer, responded_on=FIRST, score=score
        )

    def figure(self, begin: date, end: date | None) -> None:
        counts = dict.fromkeys((*COUNTS, "covered_days"), 0)
        key = {"seller": 0, "family": 0, "sku": 0, "workload": 0}
        Figure.objects.create(customer=self.customer, valid_from=begin, valid_to=end, **key, **counts)

    def account(self, owner: Staff | None = None) -> None:
        Account.objects.create(partner=self.partner, customer=self.customer, owner=owner)

    def stranger(self) -> Staff:
        partner = Partner.objects.create(partner_id=uuid4(), name="Sud", slug="sud")
        return Staff.objects.create(email="eve@sud.example", partner=partner)

    def bits(self, bits: int = 1, block: int = 0) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT customers_ensure_activity_month(%s)", [FIRST])
            cursor.execute(
                "INSERT INTO customers_activity SELECT %s, min(id), %s, %s, 0, %s FROM customers_workload",
                [self.customer.pk, block, FIRST, bits],
            )


@pytest.fixture
def facts() -> Facts:
    return Facts()


def twice(act: Callable[[], object]) -> None:
    act()
    act()


@transaction.atomic
def committed(act: Callable[[], object]) -> None:
    """Do it, with the checks that wait for the end of a transaction."""
    act()
    connection.check_constraints()


def refusal(act: Callable[[], object]) -> str:
    """The name of the constraint that refuses it."""
    with pytest.raises(IntegrityError) as error:
        committed(act)
    return error.value.__cause__.diag.constraint_name


REFUSED: dict[str, list[Callable[[Facts], object]]] = {
    "profile_once_per_source": [
        lambda f: twice(f.profile),
        lambda f: twice(lambda: f.profile(stated_by=f.partner)),
    ],
    "profile_country_code": [
        lambda f: f.profile(country="se"),
        lambda f: f.profile(country="S"),
        lambda f: f.profile(country=""),
    ],
    "relationship_unique": [lambda f: (f.relationship(FIRST, SECOND), f.relationship(FIRST, THIRD, "claimed"))],
    "relationship_ends_after_start": [
        lambda f: f.relationship(SECOND, SECOND),
        lambda f: f.relationship(SECOND, FIRST),
    ],
    "relationship_no_overlap": [
        lambda f: (f.relationship(FIRST), f.relationship(THIRD)),
        lambda f: (f.relationship(FIRST, THIRD), f.relationship(SECOND, FOURTH)),
    ],
    "person_number_unique": [lambda f: f.person(0, "bob")],
    "person_user_unique": [lambda f: f.person(1, "ann")],
    "person_number_from_0": [lambda f: f.person(-1, "bob")],
    "subscription_unique": [lambda f: f.sold("S1", customer=f.other)],
    "subscription_once_per_customer": [lambda f: f.sold("S1", aside=True)],
    "subscription_aside_is_external": [lambda f: f.sold("S2", aside=True, seller=f.partner)],
    "version_unique": [lambda f: twice(f.version)],
    "version_aside_unique": [lambda f: twice(lambda: f.version(aside=True))],
    "version_aside_is_external": [lambda f: f.version(aside=True, seller=f.partner)],
    "version_quantity_from_0": [lambda f: f.version(quantity=-1)],
    "version_status_known": [lambda f: f.version(status="Active"), lambda f: f.version(status="")],
    "version_currency_code": [lambda f: f.version(currency="eur"), lambda f: f.version(currency="EU")],
    "version_price_from_0": [lambda f: f.version(unit_price=-1)],
    "period_unique": [lambda f: (f.period(FIRST, SECOND), f.period(FIRST, THIRD))],
    "period_ends_after_start": [lambda f: f.period(SECOND, SECOND), lambda f: f.period(SECOND, FIRST)],
    "period_state_known": [lambda f: f.period(state="suspended")],
    "period_no_overlap": [
        lambda f: (f.period(FIRST), f.period(THIRD)),
        lambda f: (f.period(SECOND, FOURTH, state="upgraded"), f.period(FIRST, THIRD)),
    ],
    "period_subscription_of_customer": [lambda f: f.period(customer=f.other)],
    "period_person_of_customer": [lambda f: f.period(person_number=1)],
    "coverage_unique": [lambda f: twice(f.coverage), lambda f: twice(lambda: f.coverage(workload=1))],
    "coverage_month_first": [lambda f: f.coverage(SECOND)],
    "support_case_unique": [lambda f: twice(f.case)],
    "support_case_kind_known": [lambda f: f.case(kind="question")],
    "satisfaction_unique": [lambda f: twice(f.answer)],
    "satisfaction_score_1_to_5": [lambda f: f.answer(0), lambda f: f.answer(6)],
    "account_unique": [lambda f: twice(f.account)],
    "account_owner_of_partner": [lambda f: f.account(f.stranger())],
    "catalogue_epoch_single": [lambda f: CatalogueEpoch.objects.create(id=2)],
    "figure_ends_after_start": [lambda f: f.figure(SECOND, SECOND), lambda f: f.figure(SECOND, FIRST)],
    "customers_activity_bits_check": [lambda f: f.bits(bits=0)],
    "customers_activity_block_check": [lambda f: f.bits(block=-1)],
}


@pytest.mark.parametrize(
    ("constraint", "write"), [(constraint, write) for constraint, writes in REFUSED.items() for write in writes]
)
def test_database_refuses(facts: Facts, constraint: str, write: Callable[[Facts], object]) -> None:
    assert refusal(lambda: write(facts)) == constraint


def test_good_neighbours_are_accepted(facts: Facts) -> None:
    facts.relationship(FIRST, SECOND)
    facts.relationship(SECOND, THIRD)
    facts.relationship(THIRD, status="claimed")
    facts.relationship(FOURTH, status="claimed")
    facts.period(FIRST, SECOND)
    facts.period(SECOND, state="cancelled")
    facts.version(quantity=0, unit_price=0, currency="EUR")
    facts.version(aside=True)
    facts.version(effective_on=SECOND)
    facts.sold("S1", customer=facts.other, aside=True)
    facts.profile()
    facts.profile(stated_by=facts.partner)
    facts.coverage()
    facts.coverage(workload=1)
    facts.bits(bits=-(2**63))
    connection.check_constraints()


def test_deferred_periods_may_cross_within_a_transaction(facts: Facts) -> None:
    facts.period(FIRST)
    facts.period(THIRD)
    EntitlementPeriod.objects.filter(valid_from=FIRST).update(valid_to=THIRD)
    connection.check_constraints()


def test_subscription_with_licences_keeps_its_customer(facts: Facts) -> None:
    facts.period()
    mine = Subscription.objects.filter(pk=facts.subscription.pk)
    assert refusal(lambda: mine.update(customer=facts.other)) == "period_subscription_of_customer"


def test_load_that_stated_something_stays(facts: Facts) -> None:
    load = Load.objects.create(kind="feed", source="feed")
    facts.profile(load=load)
    with pytest.raises(IntegrityError, match="protected"):
        load.delete()


def constraints() -> list[models.BaseConstraint]:
    ours = [apps.get_app_config(label) for label in ("partners", "customers", "insights")]
    return [constraint for app in ours for model in app.get_models() for constraint in model._meta.constraints]


def test_every_constraint_has_a_sentence_of_its_own() -> None:
    plain = models.BaseConstraint.default_violation_error_message
    assert [c.name for c in constraints() if c.violation_error_message in (plain, "")] == []
    assert [c.name for c in constraints() if not str(c.violation_error_message).endswith(".")] == []


def test_every_constraint_of_customers_and_insights_is_tested_here() -> None:
    names = {c.name for c in constraints() if not c.name.startswith(("partner_", "staff_", "token_", "invitation_"))}
    assert names - set(REFUSED) == {"subscription_of_customer", "coverage_statement_unique"}
