"""The rules that the database itself keeps: each refuses its bad row, and has a sentence for whoever wrote it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import partial
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, models
from django.utils import timezone

from customers.models import (
    Account,
    Alias,
    CatalogueEpoch,
    Connection,
    Coverage,
    Customer,
    CustomerProfile,
    EntitlementPeriod,
    Holding,
    LeftOutPerson,
    LeftOutSku,
    Load,
    Person,
    Pull,
    PulledPart,
    Relationship,
    Reported,
    SatisfactionResponse,
    SeenList,
    SeenSubscription,
    Sku,
    SkuTotal,
    Subscription,
    SubscriptionVersion,
    SupportCase,
    TableColumns,
    Upload,
    UploadedFile,
)
from partners.models import Partner, Staff
from tests.refusals import constraints, refusal, twice

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

    def person(self, number: int = 0, user: str = "ann", **fields: object) -> None:
        Person.objects.create(**({"customer": self.customer, "number": number, "user_id": user, "key": user} | fields))

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

    def holding(self, begin: date = FIRST, end: date | None = None, **fields: object) -> None:
        defaults = {"customer": self.customer, "person_number": 0, "sku": Sku.objects.first(), "source": "stated"}
        Holding.objects.create(valid_from=begin, valid_to=end, **(defaults | {"state": "entitled"} | fields))

    def seen_list(self, **fields: object) -> None:
        SeenList.objects.create(**({"customer": self.customer, "day": FIRST, "source": "directory"} | fields))

    def seen_subscription(self) -> None:
        SeenSubscription.objects.create(customer=self.customer, key="s1", day=FIRST)

    def total(self, **fields: object) -> None:
        numbers = {"enabled": 1, "warning": 0, "suspended": 0, "consumed": 0}
        SkuTotal.objects.create(customer=self.customer, sku=Sku.objects.first(), day=FIRST, **(numbers | fields))

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

    def alias(self, **fields: object) -> None:
        Alias.objects.create(**({"customer": self.customer, "person_number": 0} | fields))

    def left_out(self) -> dict[str, object]:
        staff = Staff.objects.filter(email="ann@nordwind.example").first() or self.staff()
        return {"partner": self.partner, "reason": "reason", "left_out_by": staff, "left_out_at": timezone.now()}

    def left_out_person(self, **fields: object) -> None:
        said = {"customer": self.customer, "user_id": "info", "key": "info", "mailbox": "shared", **self.left_out()}
        LeftOutPerson.objects.create(**(said | fields))

    def left_out_sku(self) -> None:
        LeftOutSku.objects.create(sku=Sku.objects.first(), **self.left_out())

    def reported(self, **fields: object) -> None:
        said = {"customer": self.customer, "day": FIRST, "metric": "usage", "service": "o365"}
        Reported.objects.create(**(said | {"numerator": 1, "denominator": 2} | fields))

    def connection(self, **fields: object) -> Connection:
        known = {"partner": self.partner, "kind": "graph", "tenant_id": self.customer.tenant_id}
        return Connection.objects.create(**(known | fields))

    def part(self, pull: Pull) -> None:
        PulledPart.objects.create(pull=pull, file="users.json", number=0, content=b"content")

    def upload(self, **staff: Staff) -> Upload:
        return Upload.objects.create(**({"partner": self.partner, "sent_by": self.staff()} | staff))

    def file(self, upload: Upload) -> None:
        UploadedFile.objects.create(upload=upload, place=0, name="file", size=1)

    def columns(self, staff: Staff) -> None:
        TableColumns.objects.create(partner=self.partner, fingerprint="0" * 64, mapping={}, said_by=staff)

    def account(self, owner: Staff | None = None) -> None:
        Account.objects.create(partner=self.partner, customer=self.customer, owner=owner)

    def staff(self) -> Staff:
        return Staff.objects.create(email="ann@nordwind.example", partner=self.partner)

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
    "person_same_as_lower": [lambda f: f.person(1, "bob", same_as=1), lambda f: f.person(1, "bob", same_as=2)],
    "alias_unique": [
        lambda f: twice(f.alias),
        lambda f: twice(lambda: f.alias(name_number=1, stated_by=f.partner)),
    ],
    "alias_of_another": [lambda f: f.alias(name_number=0)],
    "left_out_person_once": [
        lambda f: twice(f.left_out_person),
        lambda f: twice(lambda: f.left_out_person(partner=None)),
    ],
    "left_out_sku_once": [lambda f: twice(f.left_out_sku)],
    "reported_unique": [
        lambda f: twice(f.reported),
        lambda f: twice(lambda: f.reported(sku_id=f.customer.tenant_id, stated_by=f.partner)),
    ],
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
    "period_allotted_by_nobody": [lambda f: f.period(allotted=True, stated_by=f.partner)],
    "holding_unique": [lambda f: twice(lambda: f.holding(source="directory"))],
    "holding_ends_after_start": [lambda f: f.holding(SECOND, SECOND)],
    "holding_state_known": [lambda f: f.holding(state="dozing")],
    "holding_source_known": [lambda f: f.holding(source="gossip")],
    "holding_no_overlap": [lambda f: [f.holding(FIRST), f.holding(SECOND)]],
    "holding_person_of_customer": [lambda f: f.holding(person_number=1)],
    "list_unique": [lambda f: twice(f.seen_list)],
    "list_source_known": [lambda f: f.seen_list(source="stated")],
    "sku_total_unique": [lambda f: twice(f.total)],
    "sku_total_from_0": [lambda f: f.total(enabled=-1), lambda f: f.total(locked_out=-1)],
    "subscription_seen_unique": [lambda f: twice(f.seen_subscription)],
    "coverage_unique": [lambda f: twice(f.coverage), lambda f: twice(lambda: f.coverage(workload=1))],
    "coverage_month_first": [lambda f: f.coverage(SECOND)],
    "support_case_unique": [lambda f: twice(f.case)],
    "support_case_kind_known": [lambda f: f.case(kind="question")],
    "satisfaction_unique": [lambda f: twice(f.answer)],
    "satisfaction_score_1_to_5": [lambda f: f.answer(0), lambda f: f.answer(6)],
    "account_unique": [lambda f: twice(f.account)],
    "account_owner_of_partner": [lambda f: f.account(f.stranger())],
    "upload_sent_by_of_partner": [lambda f: f.upload(sent_by=f.stranger())],
    "upload_applied_by_of_partner": [lambda f: f.upload(applied_by=f.stranger())],
    "upload_undone_by_of_partner": [lambda f: f.upload(undone_by=f.stranger())],
    "uploaded_file_once": [lambda f: twice(partial(f.file, f.upload()))],
    "table_columns_once": [lambda f: twice(partial(f.columns, f.staff()))],
    "connection_unique": [lambda f: twice(f.connection)],
    "connection_failures_from_0": [lambda f: f.connection(failures=-1)],
    "pull_one_at_a_time": [lambda f: twice(partial(Pull.objects.create, connection=f.connection(), day=FIRST))],
    "part_unique": [lambda f: twice(partial(f.part, Pull.objects.create(connection=f.connection(), day=FIRST)))],
    "catalogue_epoch_single": [lambda f: CatalogueEpoch.objects.create(id=2)],
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
    facts.person(1, "bob", same_as=0)
    facts.alias()
    facts.alias(name_number=1)
    facts.alias(stated_by=facts.partner)
    facts.left_out_person()
    facts.left_out_person(partner=None)
    facts.reported()
    facts.reported(product_name="product")
    facts.reported(stated_by=facts.partner)
    pulled = {"connection": facts.connection(), "day": FIRST}
    Pull.objects.create(**pulled, outcome="done")
    Pull.objects.create(**pulled, outcome="done")
    facts.part(Pull.objects.create(**pulled))
    facts.connection(kind="partner_center")
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


@pytest.mark.parametrize("app", ["partners", "customers", "insights"])
def test_every_constraint_has_a_sentence_of_its_own(app: str) -> None:
    plain = models.BaseConstraint.default_violation_error_message
    assert [c.name for c in constraints(app) if c.violation_error_message in (plain, "")] == []
    assert [c.name for c in constraints(app) if not str(c.violation_error_message).endswith(".")] == []


def test_every_constraint_of_customers_is_tested_here() -> None:
    assert {c.name for c in constraints("customers")} - set(REFUSED) == {
        "subscription_of_customer",
        "coverage_statement_unique",
    }
