"""A customer's overview: what stands on it, for whom, and when."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from customers.clock import today
from customers.models import Account, Contact, Customer, SatisfactionResponse, SupportCase
from insights.services.rollup import rollup
from partners.models import Partner
from partners.permissions import Role
from tests.insights.world import DAY, World, ago
from tests.people import make_staff
from tests.served import CANARY, another_customer, browser, serve, text_of


@pytest.fixture
def world(db: None) -> World:
    return serve(World())


def page(client: Client, customer: Customer, **query: str):
    return client.get(reverse("insights:customer", args=[customer.tenant_id]), query or {"date": DAY.isoformat()})


def words(answer: object) -> str:
    """The page's text, without tags."""
    assert answer.status_code == 200
    return " ".join(re.sub(r"<[^>]+>", " ", text_of(answer).partition("<main")[2]).split())


def case(partner: Partner, customer: Customer, key: str, opened: date, kind: str, closed: date | None = None) -> None:
    fields = {"case_id": key, "key": key, "opened_on": opened, "kind": kind, "closed_on": closed}
    SupportCase.objects.create(partner=partner, customer=customer, **fields)


def response(partner: Partner, customer: Customer, key: str, on: date, score: int) -> None:
    fields = {"response_id": key, "key": key, "responded_on": on, "score": score}
    SatisfactionResponse.objects.create(partner=partner, customer=customer, **fields)


def test_headline_figures_of_all_sellers(world: World) -> None:
    ours = world.subscription(seller=world.us, quantity=4)
    theirs = world.subscription(seller=world.them, quantity=4)
    for subscription, user in ((ours, "ann"), (ours, "bob"), (theirs, "eve")):
        world.period(subscription, user)
    world.activity("ann", "EXO", DAY)
    text = words(page(browser(world.us, Role.SALES_AGENT), world.customer))
    assert "Deployment 37.5% 3 assigned of 8 sold" in text
    assert "Usage ≥ at least 12.5% 1 active, 8 measured entitlements" in text
    assert "Idle 2 handed out and unused" in text
    assert "Unassigned 5 bought and not handed out" in text
    assert "1 of 28 days covered" in text
    assert "Last covered day 31 Mar 2026" in text


def test_causes_in_short(world: World) -> None:
    subscription = world.subscription(quantity=1)
    for user, end in (("ann", None), ("bob", ago(5))):
        world.period(subscription, user, end=end)
        world.activity(user, "EXO", ago(7))
    text = words(page(browser(world.us, Role.SALES_AGENT), world.customer))
    assert "What lifts usage above current entitlements Turnover 1 The list behind each count" in text


def test_no_cause_no_section(world: World) -> None:
    world.period(world.subscription(), "ann")
    assert "What lifts usage" not in words(page(browser(world.us, Role.SALES_AGENT), world.customer))


def test_own_subscriptions_in_short(world: World) -> None:
    world.subscription(seller=world.us, term_end=ago(-40), auto_renew=False)
    world.subscription(seller=world.us, term_end=ago(-90), auto_renew=True)
    world.subscription(seller=world.us, term_end=ago(5), auto_renew=False)
    world.subscription(seller=world.them, term_end=ago(-1), status="disabled")
    text = words(page(browser(world.us, Role.SALES_AGENT), world.customer))
    assert "Subscriptions that you sold active 2 grace 1 Next term end: 10 May 2026, The E3 (doesn't renew)" in text
    assert "disabled" not in text


def test_own_data_and_relationship(world: World) -> None:
    owner = make_staff(world.us, Role.SALES_AGENT, first_name="Ann", last_name="Lee")
    account = Account.objects.create(
        partner=world.us, customer=world.customer, owner=owner, segment="Retail", tags=["vip"]
    )
    Contact.objects.create(account=account, name="Eva", position="IT", email="eva@x.example", phone="+46 1")
    text = words(page(browser(world.us, Role.USER_ADMIN), world.customer))
    for said in (
        "Yours since 1 Jan 2026",
        "Owner Ann Lee",
        "Segment Retail",
        "Tags vip",
        "Eva , IT eva@x.example +46 1",
    ):
        assert said in text


def test_service_of_the_own_partner(world: World) -> None:
    case(world.us, world.customer, "a", ago(0), "how_to")
    case(world.us, world.customer, "b", ago(27), "incident", closed=ago(1))
    case(world.us, world.customer, "c", ago(28), "how_to")
    case(world.us, world.customer, "d", ago(-1), "how_to")
    case(world.them, world.customer, "e", ago(0), "how_to")
    response(world.us, world.customer, "f", ago(10), 5)
    response(world.us, world.customer, "g", ago(20), 4)
    response(world.us, world.customer, "h", ago(400), 1)
    response(world.them, world.customer, "i", ago(0), 1)
    text = words(page(browser(world.us, Role.SALES_AGENT), world.customer))
    assert "Open support cases 2 Cases in these 28 days 2 how to do things: 1 incident: 1 Satisfaction" in text
    assert "Satisfaction, past year 2 responses, the last of 21 Mar 2026: too few for a mean" in text


def test_mean_score_of_five_answers(world: World) -> None:
    for key, score in enumerate((5, 4, 4, 4)):
        response(world.us, world.customer, str(key), ago(10), score)
    client = browser(world.us, Role.SALES_AGENT)
    assert "4 responses, the last of 21 Mar 2026: too few for a mean" in words(page(client, world.customer))
    response(world.us, world.customer, "one more", ago(20), 5)
    assert "4.4 of 5 from 5 responses, the last of 21 Mar 2026" in words(page(client, world.customer))


def test_cases_for_100_active_people(world: World) -> None:
    subscription = world.subscription(quantity=10)
    for number in range(8):
        world.period(subscription, f"user{number}")
        world.activity(f"user{number}", "EXO", DAY)
    for key in range(3):
        case(world.us, world.customer, str(key), DAY, "how_to")
    client = browser(world.us, Role.SALES_AGENT)
    assert "how to do things: 3 Satisfaction" in words(page(client, world.customer))
    world.coverage(None, *(ago(days) for days in range(28)))
    assert "how to do things: 3 37.5 for 100 active people" in words(page(client, world.customer))


def test_nothing_of_the_other_partner(world: World) -> None:
    owner = make_staff(world.them, Role.SALES_AGENT, first_name=CANARY)
    theirs = Account.objects.create(
        partner=world.them, customer=world.customer, owner=owner, segment=CANARY, tags=[CANARY]
    )
    Contact.objects.create(account=theirs, name=CANARY)
    case(world.them, world.customer, CANARY, DAY, "other")
    html = text_of(page(browser(world.us, *Role), world.customer))
    assert (CANARY in html, "canary.example" in html, owner.email in html) == (False, False, False)


@pytest.mark.parametrize(
    ("role", "offered"),
    [(Role.GLOBAL_ADMIN, True), (Role.ADMIN_AGENT, True), (Role.SALES_AGENT, True), (Role.USER_ADMIN, False)],
)
def test_edit_is_offered_to_whom_it_is_open(world: World, role: Role, offered: bool) -> None:
    html = text_of(page(browser(world.us, role), world.customer))
    assert (reverse("customers:edit_account", args=[world.customer.tenant_id]) in html) is offered


def test_unknown_and_foreign_customers_are_not_found(world: World) -> None:
    foreign = another_customer(world, "Foreign", world.them)
    claimed = world.a_customer("Claimed")
    world.relationship(world.us, claimed, status="claimed")
    client = browser(world.us, *Role)
    customers = (foreign, claimed, Customer(tenant_id=world.guid()))
    assert [page(client, customer).status_code for customer in customers] == [404, 404, 404]


def test_served_in_the_past_shows_figures_and_nothing_of_today(world: World) -> None:
    past = world.a_customer("Past")
    world.relationship(world.us, past, end=today() - timedelta(days=1))
    world.subscription(seller=world.us, customer=past, quantity=3)
    case(world.us, past, "a", DAY, "how_to")
    client = browser(world.us, *Role)
    text = words(page(client, past))
    assert "0 assigned of 3 sold" in text
    assert "You don't serve this customer any more." in text
    assert [said in text for said in ("Subscriptions that you sold", "Service", "Edit owner")] == [False] * 3
    assert page(client, past, date=today().isoformat()).status_code == 404


def test_served_since_later_shows_no_figures(world: World) -> None:
    new = world.a_customer("New")
    world.relationship(world.us, new, begin=ago(-1))
    world.subscription(seller=world.us, customer=new, quantity=3)
    text = words(page(browser(world.us, *Role), new))
    assert "There are no figures of this customer as of this day" in text
    assert "Subscriptions that you sold active 1" in text


@pytest.mark.parametrize("number", [1, 3])
def test_number_of_queries(world: World, number: int, django_assert_num_queries) -> None:
    account = Account.objects.create(partner=world.us, customer=world.customer)
    for key in range(number):
        subscription = world.subscription(world.sku("EXO", "SPO"), seller=world.us, term_end=ago(-9))
        world.period(subscription, f"user{key}")
        world.activity(f"user{key}", "EXO", DAY)
        Contact.objects.create(account=account, name=f"Contact {key}")
        case(world.us, world.customer, str(key), DAY, "other")
        response(world.us, world.customer, str(key), DAY, 3)
    rollup(first=DAY, last=DAY)
    client = browser(world.us, Role.GLOBAL_ADMIN)
    with django_assert_num_queries(13):
        assert text_of(page(client, world.customer)).count("Contact ") == number
