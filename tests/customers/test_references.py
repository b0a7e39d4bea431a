"""Licences refer to people and subscriptions: checked with each statement, and in an undo as a whole."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import IntegrityError, connection, transaction

from customers.models import EntitlementPeriod, Holding, Person, Subscription
from customers.references import CHECK_CUSTOMERS
from customers.services.finishing import book_on
from partners.tenancy import operating
from tests.customers.test_constraints import Facts
from tests.refusals import refusal

pytestmark = pytest.mark.django_db


@pytest.fixture
def facts() -> Facts:
    facts = Facts()
    facts.period()
    facts.holding()
    return facts


def people(facts: Facts) -> object:
    return Person.objects.filter(customer=facts.customer)


@pytest.mark.parametrize(
    ("name", "act"),
    [
        ("holding_person_of_customer", lambda f: Holding.objects.update(person_number=1)),
        ("period_person_of_customer", lambda f: EntitlementPeriod.objects.update(person_number=1)),
        ("period_subscription_of_customer", lambda f: EntitlementPeriod.objects.update(subscription=f.sold("S2", customer=f.other))),
        ("period_subscription_of_customer", lambda f: Subscription.objects.all()._raw_delete("default")),
        ("holding_person_of_customer", lambda f: people(f)._raw_delete("default")),
        ("holding_person_of_customer", lambda f: people(f).update(number=1)),
        ("holding_person_of_customer", lambda f: people(f).update(customer=f.other, number=1, key="bob")),
    ],
)  # fmt: skip
def test_reference_to_nothing_is_refused(facts: Facts, name: str, act: Callable[[Facts], object]) -> None:
    assert refusal(lambda: act(facts)) == name


def test_what_nobody_refers_to_may_go(facts: Facts) -> None:
    Person.objects.exclude(customer=facts.customer).update(number=7)
    Person.objects.exclude(customer=facts.customer)._raw_delete("default")
    Holding.objects.all().delete()
    EntitlementPeriod.objects.all().delete()
    people(facts)._raw_delete("default")
    Subscription.objects.all()._raw_delete("default")
    assert (Person.objects.count(), Subscription.objects.count()) == (0, 0)


def check(facts: Facts) -> None:
    with connection.cursor() as cursor:
        cursor.execute(CHECK_CUSTOMERS, {"customers": [facts.customer.pk]})


def test_undo_is_checked_as_a_whole(facts: Facts) -> None:
    """While an undo is at work nothing is refused; at its end what refers to nothing is, and what has come back isn't."""
    with operating(), transaction.atomic():
        book_on("off")
        people(facts).update(number=1)
        with pytest.raises(IntegrityError) as error, transaction.atomic():
            check(facts)
        assert error.value.__cause__.diag.constraint_name in ("holding_person_of_customer", "period_person_of_customer")
        people(facts).update(number=0)
        check(facts)
        book_on("")
