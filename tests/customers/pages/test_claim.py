"""The page on which a partner claims a customer: the answer tells nothing, and a claim that waits shows nothing."""

from __future__ import annotations

import threading
from datetime import date

import pytest
from django.db import connection
from django.urls import reverse
from django.utils.translation import override

from customers.clock import today
from customers.forms.claim import countries
from customers.models import Customer, CustomerProfile, Load, Relationship
from customers.services import claims
from partners.models import AuditEntry
from partners.permissions import Role
from tests.insights.world import World
from tests.people import make_partner, make_staff, signed_in
from tests.served import CANARY, browser, serve, text_of

CLAIM = reverse("customers:claim")


def typed(key: object, **fields: str) -> dict[str, str]:
    return {"customer_id": str(key), "name": "Mine", "domain": "mine.example", "country": "SE"} | fields


@pytest.mark.parametrize(
    ("roles", "status"),
    [([Role.GLOBAL_ADMIN], 302), ([Role.ADMIN_AGENT], 302), ([Role.SALES_AGENT], 403), ([Role.USER_ADMIN], 403)],
)
def test_claim_by_role(world: World, roles: list[Role], status: int) -> None:
    client = browser(world.us, *roles)
    assert client.get(CLAIM).status_code == (200 if status == 302 else 403)
    assert client.post(CLAIM, typed(world.guid())).status_code == status
    assert Relationship.objects.filter(status="claimed").count() == (status == 302)


def test_claim_of_an_unknown_customer_waits_and_is_audited(world: World) -> None:
    agent = make_staff(world.us, Role.ADMIN_AGENT)
    client = signed_in(agent)
    key = world.guid()
    answer = client.post(CLAIM, typed(f"{{{str(key).upper()}}}"), follow=True)
    assert answer.redirect_chain == [(CLAIM, 302)]
    html = text_of(answer)
    assert html.count("Your claim has been received.") == 1
    assert (html.count(str(key)), html.count('<th scope="row">Mine</th>')) == (1, 1)
    relationship = Relationship.objects.get(customer__tenant_id=key)
    assert (relationship.partner, relationship.status, relationship.stated_by) == (world.us, "claimed", world.us)
    assert (relationship.valid_from, relationship.valid_to) == (today(), None)
    entry = AuditEntry.objects.get()
    assert (entry.actor, entry.partner, entry.kind, entry.action) == (agent, world.us, "customer", "customer.claim")
    assert (entry.object_id, entry.after) == (str(key), typed(key))
    assert client.get(f"/customers/{key}/").status_code == 404


def test_claim_answers_the_same_whether_the_customer_is_known(world: World) -> None:
    known = world.a_customer(CANARY)
    world.relationship(world.them, known)
    client = browser(world.us, Role.ADMIN_AGENT)
    claimed, unknown = known.tenant_id, world.guid()
    texts = []
    for key in (claimed, unknown, claimed):
        answer = client.post(CLAIM, typed(key), follow=True)
        Relationship.objects.filter(customer__tenant_id=unknown).delete()
        assert (answer.status_code, CANARY in text_of(answer)) == (200, False)
        texts.append(text_of(answer).split("<table")[0].replace(str(key), ""))
    told = {text[text.index("Your claim has been") :].split("</div>")[0] for text in texts}
    assert len(told) == 1


def test_claim_of_ones_own_customer_says_the_same_and_claims_nothing(world: World) -> None:
    client = browser(world.us, Role.ADMIN_AGENT)
    answer = client.post(CLAIM, typed(world.customer.tenant_id), follow=True)
    assert "Your claim has been received." in text_of(answer)
    assert Relationship.objects.filter(customer=world.customer, partner=world.us).count() == 1


def test_claim_of_a_single_partner_is_confirmed_at_once(db: None) -> None:
    world = World()
    world.them.delete()
    key = world.guid()
    client = browser(world.us, Role.ADMIN_AGENT)
    answer = client.post(CLAIM, typed(key), follow=True)
    assert answer.redirect_chain == [("/customers/", 302)]
    assert Relationship.objects.get().status == "confirmed"
    assert client.get(f"/customers/{key}/").status_code == 200


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"customer_id": "7"}, "This is no customer id: expected 32 hexadecimal digits, with or without hyphens."),
        ({"name": " "}, "This field is required."),
        ({"name": "x" * 257}, "at most 256 characters"),
        ({"country": "XX"}, "Select a valid choice."),
        ({"domain": ""}, "This field is required."),
    ],
)
def test_claim_refused_with_a_sentence(world: World, fields: dict[str, str], message: str) -> None:
    before = (Customer.objects.count(), Load.objects.count())
    answer = browser(world.us, Role.ADMIN_AGENT).post(CLAIM, typed(world.guid(), **fields))
    assert answer.status_code == 400
    assert text_of(answer).count(message) == 1
    assert (Customer.objects.count(), Load.objects.count()) == before


def test_claims_that_wait_are_ones_own(world: World) -> None:
    theirs, ended = world.a_customer(CANARY), world.a_customer("Served meanwhile")
    world.relationship(world.them, theirs, status="claimed")
    world.relationship(world.us, ended, status="claimed")
    world.relationship(world.us, ended, begin=date(2026, 2, 1))
    html = text_of(browser(world.us, Role.ADMIN_AGENT).get(CLAIM))
    assert (CANARY in html, str(theirs.tenant_id) in html, str(ended.tenant_id) in html) == (False, False, False)


def test_claim_that_waits_shows_only_what_was_typed(world: World) -> None:
    known = world.a_customer(CANARY)
    world.relationship(world.us, known, status="claimed")
    CustomerProfile.objects.create(customer=known, name="Typed", domain="d", country="SE", stated_by=world.us)
    html = text_of(browser(world.us, Role.ADMIN_AGENT).get(CLAIM))
    assert ('<th scope="row">Typed</th>' in html, CANARY in html) == (True, False)


@pytest.mark.parametrize("number", [1, 3])
def test_claim_page_number_of_queries(world: World, number: int, django_assert_num_queries) -> None:
    for _claim in range(number):
        world.relationship(world.us, world.a_customer(), status="claimed", begin=today())
    client = browser(world.us, Role.ADMIN_AGENT)
    with django_assert_num_queries(4):
        assert text_of(client.get(CLAIM)).count('<th scope="row">') == number


@pytest.mark.django_db(transaction=True)
def test_claim_while_a_delivery_loads_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    world = serve(World())
    monkeypatch.setattr(claims, "PATIENCE", "100ms")
    client = browser(world.us, Role.ADMIN_AGENT)
    loading, answered = threading.Event(), threading.Event()
    thread = threading.Thread(target=hold_the_lock, args=(loading, answered))
    thread.start()
    loading.wait(10)
    answer = client.post(CLAIM, typed(world.guid()))
    answered.set()
    thread.join()
    assert answer.status_code == 409
    assert "A delivery is being loaded at the moment. Please try again in a few minutes." in text_of(answer)
    assert (AuditEntry.objects.count(), Load.objects.count()) == (0, 0)


def hold_the_lock(loading: threading.Event, answered: threading.Event) -> None:
    from django.db import transaction

    from customers.services.lock import hold_loading

    with transaction.atomic():
        hold_loading()
        loading.set()
        answered.wait(10)
    connection.close()


def test_page_speaks_of_confirmation_only_where_it_is_needed(world: World) -> None:
    client = browser(world.us, Role.ADMIN_AGENT)
    assert "Until the operator of this installation has confirmed it" in text_of(client.get(CLAIM))


def test_page_of_a_single_partner_speaks_of_no_confirmation(db: None) -> None:
    html = text_of(browser(make_partner("alone"), Role.ADMIN_AGENT).get(CLAIM))
    assert ("the customer is in your list at once" in html, "operator" in html, "that wait" in html) == (
        True,
        False,
        False,
    )


def test_countries_are_named_in_the_persons_language() -> None:
    with override("de"):
        german = dict(countries())
    assert (german["DE"], dict(countries())["DE"]) == ("Deutschland", "Germany")
