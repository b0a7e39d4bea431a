"""The demo in the database: each part with its own rights, and what the partners keep on their customers."""

from datetime import date

import pytest

from customers.demo.accounts import ACCOUNTS
from customers.demo.catalogue import CIRROVENTO, HAVSMOLN
from customers.feed.claims import waiting_claims
from customers.models import Account, Contact, EntitlementPeriod, Load, Person, SubscriptionVersion
from customers.selectors.customers import customers_of
from customers.selectors.people import names_for
from customers.services.demo import demo_partners, is_loaded, keep_demo_accounts, load_demo
from partners.models import AuditEntry, Partner
from partners.services.demo_logins import make_demo_logins

TODAY = date(2026, 4, 1)


@pytest.mark.django_db
def test_demo_loaded_in_parts_each_with_its_own_rights_and_accounts_kept() -> None:
    assert (is_loaded(today=TODAY), load_demo(today=TODAY).refused, is_loaded(today=TODAY)) == (False, False, True)
    cirrovento, havsmoln = demo_partners()
    assert list(Load.objects.order_by("pk").values_list("source", "stated_by")) == [
        ("demo portfolio of 2026-04-01, operator", None),
        ("demo portfolio of 2026-04-01, cirrovento", cirrovento.pk),
        ("demo portfolio of 2026-04-01, havsmoln", havsmoln.pk),
    ]
    for partner, versions, periods in ((None, 9, 249), (cirrovento, 81, 3076), (havsmoln, 57, 2114)):
        assert SubscriptionVersion.objects.filter(stated_by=partner).count() == versions
        assert EntitlementPeriod.objects.filter(stated_by=partner).count() == periods
    assert waiting_claims(TODAY) == 1
    assert {partner.slug: named(partner) for partner in (cirrovento, havsmoln)} == {
        "cirrovento": (505, 860),
        "havsmoln": (325, 860),
    }
    accounts_are_kept(cirrovento, havsmoln)


def named(partner: Partner) -> tuple[int, int]:
    """How many people of the largest customer a global admin sees by name, of how many."""
    largest = next(found for found in customers_of(partner=partner, day=TODAY) if found.domain == "adriamar.example")
    people = list(Person.objects.filter(customer=largest.id).values_list("number", flat=True))
    names = names_for(partner=partner, customer=largest.id, people=people, named=True)
    return sum("@" in name for name in names.values()), len(names)


def accounts_are_kept(cirrovento: Partner, havsmoln: Partner) -> None:
    make_demo_logins(actor=None, partners=[cirrovento, havsmoln], password="a random password")
    keep_demo_accounts(today=TODAY)
    assert (Account.objects.count(), Contact.objects.count()) == (len(ACCOUNTS), 10)
    owned = {
        partner.slug: sum(customer.owner != "" for customer in customers_of(partner=partner, day=TODAY))
        for partner in (cirrovento, havsmoln)
    }
    assert owned == {CIRROVENTO: 6, HAVSMOLN: 5}
    Account.objects.filter(partner=cirrovento).update(tags=["ours"])
    keep_demo_accounts(today=TODAY)
    assert {tuple(account.tags) for account in Account.objects.filter(partner=cirrovento)} == {("ours",)}
    assert AuditEntry.objects.filter(action="account.edit").count() == len(ACCOUNTS)
