"""The page "Subscriptions" and its files: one's own alone, as of the day asked for."""

from __future__ import annotations

import re
from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from customers.models import Customer
from customers.views.subscriptions import COLUMNS
from partners.permissions import Role
from tests.insights.world import DAY, World
from tests.served import CANARY, another_customer, browser, lines_of, text_of

ON_DAY = {"date": DAY.isoformat()}
PRICED = {"unit_price": "20.6000", "currency": "EUR", "term_end": date(2026, 3, 20), "auto_renew": False}


def page(client: Client, customer: Customer, name: str = "customers:subscriptions", **query: str):
    return client.get(reverse(name, args=[customer.tenant_id]), query or ON_DAY)


def own(world: World, key: str = "OURS-1", **version: object):
    subscription = world.subscription(seller=world.us, **version)
    subscription.subscription_id = subscription.key = key
    subscription.save()
    return subscription


def cells(html: str) -> list[str]:
    """The texts of the table's first row."""
    row = re.search(r"<tbody>\s*<tr>(.*?)</tr>", html, re.DOTALL).group(1)
    texts = (re.sub(r"<[^>]+>", " ", cell) for cell in re.findall(r"<t[hd].*?</t[hd]>", row, re.DOTALL))
    return [" ".join(text.split()) for text in texts]


def test_page_own_subscription_as_of_the_day(world: World) -> None:
    subscription = own(world, **PRICED, quantity=25)
    world.period(subscription, "ann")
    world.period(subscription, "bob", end=date(2026, 3, 31))
    world.period(subscription, "cat", state="cancelled")
    html = text_of(page(browser(world.us, Role.SALES_AGENT), world.customer))
    assert cells(html)[:-1] == ["The E3 OURS-1", "grace", "25", "1", "20 Mar 2026 doesn't renew", "20.60 EUR"]
    assert "1 Jan 2026 to 20 Mar 2026: active, The E3, 25 licences" in " ".join(html.split())


def test_page_says_how_many_licences_are_allotted(world: World) -> None:
    subscription = own(world)
    for user in ("ann", "bob", "cat"):
        world.period(subscription, user)
    subscription.periods.exclude(person__key="ann").update(allotted=True, stated_by=None, load=None)
    html = text_of(page(browser(world.us, Role.SALES_AGENT), world.customer))
    assert cells(html)[3] == "3 2 allotted"
    assert 'href="/terms/#allotted" title="Only the SKU was named' in html


@pytest.mark.parametrize(
    ("day", "status"),
    [("2026-03-20", "active"), ("2026-04-19", "grace"), ("2026-04-20", "disabled"), ("2026-07-19", "deprovisioned")],
)
def test_page_status_ages(world: World, day: str, status: str) -> None:
    own(world, **PRICED)
    html = text_of(page(browser(world.us, Role.SALES_AGENT), world.customer, date=day))
    assert cells(html)[1] == status


def test_page_before_the_first_version_shows_nothing(world: World) -> None:
    own(world, effective_on=date(2026, 4, 1))
    html = text_of(page(browser(world.us, Role.SALES_AGENT), world.customer))
    assert "0 subscriptions as of 31 Mar 2026." in html
    assert "OURS-1" not in html


def test_page_shows_no_other_seller(world: World) -> None:
    own(world)
    for seller in (world.them, None):
        foreign = world.subscription(seller=seller, quantity=987)
        foreign.subscription_id = f"{CANARY}-{foreign.pk}"
        foreign.save()
    aside = world.subscription(quantity=987)
    aside.aside, aside.subscription_id = True, CANARY
    aside.save()
    html = text_of(page(browser(world.us, *Role), world.customer))
    assert "1 subscription as of 31 Mar 2026." in html
    assert (CANARY in html, "987" in html) == (False, False)


def test_page_unknown_and_foreign_customers_are_the_same(world: World) -> None:
    foreign = another_customer(world, "Foreign", world.them)
    claimed = world.a_customer("Claimed")
    world.relationship(world.us, claimed, status="claimed")
    left = world.a_customer("Left")
    world.relationship(world.us, left, end=date(2026, 11, 1))
    client = browser(world.us, *Role)
    unknown = Customer(tenant_id=world.guid())
    answers = [page(client, customer) for customer in (unknown, foreign, claimed, left)]
    assert [answer.status_code for answer in answers] == [404] * 4
    bodies = {
        text_of(answer).replace(str(customer.tenant_id), "")
        for answer, customer in zip(answers, (unknown, foreign, claimed, left), strict=True)
    }
    assert len({re.sub(r"(csrf\w*|x-csrftoken)[^>]*", "", body) for body in bodies}) == 1


def test_page_wrong_date_says_so(world: World) -> None:
    answer = page(browser(world.us, Role.SALES_AGENT), world.customer, date="31.3.2026")
    assert answer.status_code == 400
    assert "“31.3.2026” is no day; expected YYYY-MM-DD." in text_of(answer)


@pytest.mark.parametrize(
    ("roles", "status"),
    [
        ([Role.GLOBAL_ADMIN], 200),
        ([Role.ADMIN_AGENT], 200),
        ([Role.USER_ADMIN], 403),
        ([Role.SALES_AGENT], 403),
        ([Role.USER_ADMIN, Role.SALES_AGENT], 403),
        ([Role.SALES_AGENT, Role.ADMIN_AGENT], 200),
    ],
)
@pytest.mark.parametrize("name", ["customers:subscriptions_csv", "customers:all_subscriptions_csv"])
def test_csv_for_those_who_may_export(world: World, name: str, roles: list[Role], status: int) -> None:
    args = [world.customer.tenant_id] if name == "customers:subscriptions_csv" else []
    client = browser(world.us, *roles)
    assert client.get(reverse(name, args=args), ON_DAY).status_code == status
    shown = text_of(page(client, world.customer))
    assert (reverse("customers:subscriptions_csv", args=[world.customer.tenant_id]) in shown) == (status == 200)


def test_csv_of_one_customer_whole(world: World) -> None:
    subscription = own(world, "=OURS", **PRICED, is_trial=True)
    world.period(subscription, "ann")
    world.subscription(seller=world.them)
    answer = page(browser(world.us, Role.ADMIN_AGENT), world.customer, "customers:subscriptions_csv")
    e3 = world.e3
    expected = [
        str(world.customer.tenant_id), "Fabrikam", "'=OURS", e3.part_number, e3.name, "o365", "2026-03-31", "grace",
        "true", "10", "1", "2026-03-20", "false", "", "20.60", "EUR",
    ]  # fmt: skip
    assert lines_of(answer) == [[column.name for column in COLUMNS], expected]
    name = f"subscriptions-{world.customer.tenant_id}-2026-03-31.csv"
    assert answer["Content-Disposition"] == f'attachment; filename="{name}"'


def test_csv_of_all_by_customer_of_today_only(world: World) -> None:
    adatum, left = another_customer(world, "adatum"), world.a_customer("Left")
    world.relationship(world.us, left, end=date(2026, 11, 1))
    for customer in (world.customer, adatum, left, another_customer(world, "Theirs", world.them)):
        world.subscription(seller=world.us, customer=customer)
    lines = lines_of(browser(world.us, Role.ADMIN_AGENT).get(reverse("customers:all_subscriptions_csv"), ON_DAY))
    assert [line[1] for line in lines] == ["customer", "adatum", "Fabrikam"]


@pytest.mark.parametrize("number", [1, 3])
def test_page_number_of_queries(world: World, number: int, django_assert_num_queries) -> None:
    for key in range(number):
        subscription = own(world, f"OURS-{key}")
        world.version(subscription, world.sku("EXO"), effective_on=date(2026, 2, 1))
        world.period(subscription, "ann")
    client = browser(world.us, Role.GLOBAL_ADMIN)
    with django_assert_num_queries(5):
        assert text_of(page(client, world.customer)).count("OURS-") == 2 * number


def test_page_is_paginated(world: World) -> None:
    for key in range(51):
        own(world, f"OURS-{key:02}")
    client = browser(world.us, Role.SALES_AGENT)
    assert "OURS-50" not in text_of(page(client, world.customer))
    assert "OURS-50" in text_of(page(client, world.customer, page="2", **ON_DAY))
    wrong = page(client, world.customer, page="3", **ON_DAY)
    assert wrong.status_code == 400
    assert "page: “3” is no page of this table; expected a number from 1 to 2." in text_of(wrong)
