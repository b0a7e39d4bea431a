"""The page on which a partner changes what it keeps on a customer."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from customers.models import Account, Contact
from customers.selectors.accounts import AccountState, ContactState, account_state
from partners.models import AuditEntry
from partners.permissions import Role
from tests.insights.world import World
from tests.people import make_staff, signed_in
from tests.served import CANARY, another_customer, browser, text_of


def address(world: World) -> str:
    return reverse("customers:edit_account", args=[world.customer.tenant_id])


def state(world: World) -> AccountState:
    return account_state(partner=world.us, customer=world.customer.pk)


def typed(client: Client, world: World, *contacts: dict[str, Any], **fields: str) -> dict[str, str]:
    """What comes back from the form as it is shown now, with these changes; contacts as listed."""
    html = text_of(client.get(address(world)))
    seen = re.search(r'name="seen" value="(\w+)"', html).group(1)
    data = {"owner": "", "segment": "", "tags": "", "seen": seen} | fields
    data |= {"contacts-TOTAL_FORMS": str(len(contacts)), "contacts-INITIAL_FORMS": "0"}
    for number, contact in enumerate(contacts):
        data |= {f"contacts-{number}-{name}": str(value) for name, value in contact.items()}
    return data


@pytest.mark.parametrize(
    ("roles", "status"),
    [([Role.GLOBAL_ADMIN], 302), ([Role.ADMIN_AGENT], 302), ([Role.SALES_AGENT], 302), ([Role.USER_ADMIN], 403)],
)
def test_save_by_role(world: World, roles: list[Role], status: int) -> None:
    data = typed(browser(world.us, Role.GLOBAL_ADMIN), world, tags="vip")
    assert browser(world.us, *roles).post(address(world), data).status_code == status
    assert state(world).tags == (("vip",) if status == 302 else ())


def test_save_everything_and_audit_it(world: World) -> None:
    owner = make_staff(world.us, Role.SALES_AGENT, first_name="Ann", last_name="Lee")
    agent = make_staff(world.us, Role.ADMIN_AGENT)
    client = signed_in(agent)
    contact = {"name": "Eva", "position": "IT", "email": "eva@x.example", "phone": "1"}
    answer = client.post(
        address(world),
        typed(client, world, contact, {}, owner=str(owner.pk), segment=" Retail ", tags="vip, North , VIP,, "),
    )
    assert (answer.status_code, answer.url) == (302, f"/customers/{world.customer.tenant_id}/")
    eva = Contact.objects.get()
    after = {
        "owner": owner.pk,
        "segment": "Retail",
        "tags": ["North", "vip"],
        "contacts": [contact | {"id": eva.pk}],
    }
    stored = (eva.pk, "Eva", "IT", "eva@x.example", "1")
    assert state(world) == AccountState(owner.pk, "Retail", ("North", "vip"), (ContactState(*stored),))
    entry = AuditEntry.objects.get()
    assert (entry.actor, entry.partner, entry.kind, entry.action) == (agent, world.us, "customer", "account.edit")
    assert (entry.object_type, entry.object_id) == ("customer", str(world.customer.tenant_id))
    assert entry.before == {"owner": None, "segment": "", "tags": [], "contacts": []}
    assert entry.after == after | {"owner": owner.email}


def test_save_nothing_changed_writes_nothing(world: World) -> None:
    client = browser(world.us, Role.SALES_AGENT)
    assert client.post(address(world), typed(client, world)).status_code == 302
    assert AuditEntry.objects.count() == 0


def test_contacts_change_and_remove(world: World) -> None:
    account = Account.objects.create(partner=world.us, customer=world.customer)
    eva = Contact.objects.create(account=account, name="Eva")
    bob = Contact.objects.create(account=account, name="Bob")
    client = browser(world.us, Role.SALES_AGENT)
    lines = ({"id": eva.pk, "name": "Eva B."}, {"id": bob.pk, "name": "Bob", "remove": "on"}, {"name": "Zoe"})
    assert client.post(address(world), typed(client, world, *lines)).status_code == 302
    zoe = Contact.objects.get(name="Zoe")
    assert state(world).contacts == (ContactState(eva.pk, "Eva B."), ContactState(zoe.pk, "Zoe"))


def test_foreign_owner_is_refused_as_an_unknown_one(world: World) -> None:
    client = browser(world.us, Role.SALES_AGENT)
    theirs = make_staff(world.them, Role.SALES_AGENT, first_name=CANARY)
    gone = make_staff(world.us, Role.SALES_AGENT, is_active=False)
    answers = [
        client.post(address(world), typed(client, world, owner=key)) for key in (theirs.pk, gone.pk, 999999, "x")
    ]
    assert [answer.status_code for answer in answers] == [400] * 4
    for answer in answers:
        html = text_of(answer)
        assert html.count("Choose one of your colleagues: this one isn&#x27;t known.") == 1
        assert (CANARY in html, theirs.email in html) == (False, False)
    assert state(world) == AccountState()


def test_owner_who_has_left_stays_until_changed(world: World) -> None:
    gone = make_staff(world.us, Role.SALES_AGENT)
    Account.objects.create(partner=world.us, customer=world.customer, owner=gone)
    gone.is_active = False
    gone.save()
    client = browser(world.us, Role.SALES_AGENT)
    assert client.post(address(world), typed(client, world, owner=str(gone.pk), tags="a")).status_code == 302
    assert (state(world).owner, state(world).tags) == (gone.pk, ("a",))


def test_foreign_contact_is_refused_as_an_unknown_one(world: World) -> None:
    theirs = Account.objects.create(partner=world.them, customer=world.customer)
    foreign = Contact.objects.create(account=theirs, name=CANARY)
    client = browser(world.us, Role.SALES_AGENT)
    for key in (foreign.pk, 999999):
        answer = client.post(address(world), typed(client, world, {"id": key, "name": "Mine"}))
        assert answer.status_code == 400
        assert "One of the contacts isn&#x27;t known here any more." in text_of(answer)
        assert CANARY not in text_of(answer)
    foreign.refresh_from_db()
    assert (foreign.account, foreign.name, Contact.objects.count()) == (theirs, CANARY, 1)


@pytest.mark.parametrize(
    ("contacts", "fields", "message"),
    [
        ([], {"tags": "x" * 65}, "A tag has at most 64 characters"),
        ([], {"tags": ",".join(map(str, range(21)))}, "A customer has at most 20 tags; these are 21."),
        ([], {"segment": "x" * 257}, "at most 256 characters"),
        ([{"email": "eva@x.example"}], {}, "A contact needs a name."),
        ([{"name": "Eva", "email": "eva"}], {}, "Enter a valid email address."),
    ],
    ids=["long tag", "many tags", "segment", "no name", "address"],
)
def test_refused_with_a_sentence(world: World, contacts: list[dict], fields: dict[str, str], message: str) -> None:
    client = browser(world.us, Role.SALES_AGENT)
    answer = client.post(address(world), typed(client, world, *contacts, **fields))
    assert answer.status_code == 400
    assert text_of(answer).count(message) == 1
    assert state(world) == AccountState()


def test_changed_meanwhile_keeps_what_was_typed(world: World) -> None:
    first, second = browser(world.us, Role.SALES_AGENT), browser(world.us, Role.ADMIN_AGENT)
    late = typed(first, world, {"name": "Typed contact"}, tags="mine")
    assert second.post(address(world), typed(second, world, tags="theirs", segment="New")).status_code == 302
    answer = first.post(address(world), late)
    html = text_of(answer)
    assert answer.status_code == 409
    assert ('value="mine"' in html, 'value="Typed contact"' in html, "<dd>theirs</dd>" in html) == (True, True, True)
    assert state(world).tags == ("theirs",)
    again = late | {"seen": re.search(r'name="seen" value="(\w+)"', html).group(1)}
    assert first.post(address(world), again).status_code == 302
    assert (state(world).tags, state(world).segment) == (("mine",), "")


def test_foreign_customer_is_as_unknown(world: World) -> None:
    foreign = another_customer(world, "Foreign", world.them)
    client = browser(world.us, *Role)
    for key in (foreign.tenant_id, world.guid()):
        for method in (client.get, client.post):
            assert method(reverse("customers:edit_account", args=[key])).status_code == 404
    assert Account.objects.count() == 0


def test_form_shows_nothing_of_the_other_partner(world: World) -> None:
    owner = make_staff(world.them, Role.SALES_AGENT, first_name=CANARY)
    theirs = Account.objects.create(
        partner=world.them, customer=world.customer, owner=owner, segment=CANARY, tags=[CANARY]
    )
    Contact.objects.create(account=theirs, name=CANARY)
    client = browser(world.us, *Role)
    assert CANARY not in text_of(client.get(address(world)))


@pytest.mark.parametrize("number", [1, 3])
def test_form_number_of_queries(world: World, number: int, django_assert_num_queries) -> None:
    account = Account.objects.create(partner=world.us, customer=world.customer, tags=["a"] * number)
    for key in range(number):
        Contact.objects.create(account=account, name=f"Contact {key}")
        make_staff(world.us, Role.SALES_AGENT)
    client = browser(world.us, Role.SALES_AGENT)
    with django_assert_num_queries(6):
        client.get(address(world))
