"""The analysis "Lifecycle": which own subscriptions are at stake, what happens next, and that nothing else is told."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from customers.clock import today
from customers.models import Customer, LeftOutSku
from insights.services.rollup import rollup
from partners.permissions import Role
from tests.insights.exports.reading import fetched, json_rows
from tests.insights.pages.conftest import Portfolio, staff_of
from tests.insights.pages.reading import tables, text
from tests.insights.steps.suggesting import suggest
from tests.insights.world import DAY, ago
from tests.statements import statements

PAGE = "/analysis/lifecycle/"


def ahead(days: int) -> date:
    return DAY + timedelta(days=days)


@pytest.fixture
def cycle(world: Portfolio) -> Portfolio:
    """Own subscriptions in every state, and others that must not count."""
    alfa = world.serve("Alfa", country="SE", segment="Retail")
    beta = world.serve("Beta", country="IT", segment="Public")
    gamma = world.serve("Gamma", country="SE", segment="Public")
    e1 = world.sku("EXO", part_number="E1")
    ends = {"term_end": ahead(20), "auto_renew": False}
    world.licences(alfa, sold=10, assigned=4, used=2, **ends)
    renews = {"term_end": ahead(25), "auto_renew": True, "cancel_until": ahead(5)}
    world.subscription(e1, seller=world.us, customer=alfa, quantity=3, **renews)
    world.licences(beta, sold=7, assigned=5, used=1, term_end=ago(10), auto_renew=False)
    world.subscription(e1, seller=world.us, customer=beta, quantity=6, term_end=ago(50), auto_renew=False)
    world.subscription(seller=world.us, customer=gamma, quantity=5, status="grace", term_end=ago(3))
    world.subscription(e1, seller=world.us, customer=gamma, quantity=2, term_end=ago(200), auto_renew=False)
    world.subscription(seller=world.us, customer=gamma, quantity=8, term_end=ahead(85))
    world.subscription(seller=world.us, customer=gamma, quantity=50)
    world.subscription(seller=world.us, customer=gamma, quantity=60, term_end=ahead(91), auto_renew=False)
    for other in ({"seller": world.them}, {"seller": None}, {"seller": world.us, "is_trial": True}):
        world.subscription(customer=alfa, quantity=1000, term_end=ahead(9), auto_renew=False, **other)
    off = world.sku("EXO", family="d365-off", part_number="OFF")
    world.subscription(off, seller=world.us, customer=alfa, quantity=1000, **ends)
    world.subscription(seller=world.us, quantity=1000, **ends)
    return world


def rows(client: Client, **query: Any) -> list[dict[str, str]]:
    asked = "&".join(f"{name}={value}" for name, value in {"date": DAY, **query}.items())
    return json_rows(fetched(client, f"{PAGE}subscriptions.json?{asked}"))


def told(client: Client, **query: Any) -> list[tuple[str, ...]]:
    names = ("customer", "licences", "in_use", "status", "next", "next_day", "days_left")
    return [tuple(row[name] for name in names) for row in rows(client, **query)]


def test_everything_at_stake_stands_with_what_happens_next_the_soonest_first(cycle: Portfolio, browser: Client) -> None:
    assert told(browser) == [
        ("Alfa", "3", "0", "active", "cancel_until", "2026-04-05", "5"),
        ("Alfa", "10", "2", "active", "ends", "2026-04-20", "20"),
        ("Beta", "7", "1", "grace", "disabled", "2026-04-21", "21"),
        ("Beta", "6", "0", "disabled", "deprovisioned", "2026-06-10", "71"),
        ("Gamma", "8", "", "active", "term_ends", "2026-06-24", "85"),
        ("Gamma", "5", "", "grace", "nothing", "", ""),
    ]


@pytest.mark.parametrize(
    ("query", "licences"),
    [
        ({"state": "ending"}, ["10", "8"]),
        ({"state": "ending", "within": "30"}, ["10"]),
        ({"state": "decide"}, ["3"]),
        ({"state": "grace"}, ["7", "5"]),
        ({"state": "disabled"}, ["6"]),
        ({"state": "deprovisioned"}, ["2"]),
        ({"country": "IT"}, ["7", "6"]),
        ({"segment": "public", "state": "grace"}, ["7", "5"]),
        ({"sort": "-licences"}, ["10", "8", "7", "6", "5", "3"]),
        ({"sort": "customer"}, ["3", "10", "7", "6", "8", "5"]),
        ({"sort": "-in_use"}, ["10", "7", "3", "6", "8", "5"]),
        ({"sort": "status_name"}, ["3", "10", "8", "7", "5", "6"]),
        ({"date": "2026-04-21", "state": "grace"}, ["10", "5"]),
    ],
)
def test_each_list_holds_what_it_says(
    cycle: Portfolio, browser: Client, query: dict[str, str], licences: list[str]
) -> None:
    assert [row["licences"] for row in rows(browser, **query)] == licences


def test_numbers_of_the_page_lead_to_lists_as_long(cycle: Portfolio, browser: Client) -> None:
    page = text(browser.get(PAGE, {"date": DAY}).content.decode().partition("<main")[2])
    for said in (
        "Ending within 30 days 1 10 licences, 2 in use",
        "Ending within 60 days 1 10 licences, 2 in use",
        "Ending within 90 days 2 18 licences, 2 in use",
        "In grace 2 12 licences, 1 in use",
        "Disabled 1 6 licences",
        "Deprovisioned 1 2 licences",
    ):
        assert said in page
    assert len(rows(browser, state="ending", within="90")) == 2
    assert len(rows(browser, state="grace")) == 2


def test_a_subscription_that_a_later_version_lets_go_on_does_not_end(cycle: Portfolio, browser: Client) -> None:
    delta = cycle.serve("Delta")
    renewed = cycle.subscription(seller=cycle.us, customer=delta, quantity=4, term_end=ahead(9), auto_renew=False)
    cycle.version(renewed, effective_on=ahead(8), quantity=4, term_end=ahead(400), auto_renew=False)
    assert "Delta" not in {row["customer"] for row in rows(browser)}


def test_several_subscriptions_of_an_sku_share_their_use_and_sums_count_it_once(
    cycle: Portfolio, browser: Client
) -> None:
    alfa = Customer.objects.get(profiles__name="Alfa")
    cycle.licences(alfa, sold=4, assigned=1, used=1, term_end=ahead(30), auto_renew=False)
    found = rows(browser, state="ending", within="30")
    assert [(row["in_use"], row["in_use_of_subscriptions"]) for row in found] == [("3", "2"), ("3", "2")]
    page = text(browser.get(PAGE, {"date": DAY}).content.decode())
    assert "Ending within 30 days 2 14 licences, 3 in use" in page
    assert "they share that number" in page


def test_left_out_skus_are_left_out_unless_they_are_asked_for(cycle: Portfolio, browser: Client) -> None:
    staff = staff_of(cycle)
    LeftOutSku.objects.create(
        partner=cycle.us, sku=cycle.e3, reason="free", left_out_by=staff, left_out_at=timezone.now()
    )
    assert [row["licences"] for row in rows(browser)] == ["3", "6"]
    assert len(rows(browser, left_out="counted")) == 6


def test_customers_who_are_not_served_today_or_on_the_day_are_not_there(cycle: Portfolio, browser: Client) -> None:
    for name, begin, end in (("Once", ago(60), today()), ("Later", ahead(1), None)):
        customer = cycle.a_customer(name)
        cycle.relationship(cycle.us, customer, begin=begin, end=end)
        cycle.subscription(seller=cycle.us, customer=customer, quantity=9, status="grace")
    assert {row["customer"] for row in rows(browser)} == {"Alfa", "Beta", "Gamma"}


def test_open_next_step_stands_beside_its_subscription(cycle: Portfolio, browser: Client) -> None:
    row = rows(browser)[1]
    customer = Customer.objects.get(profiles__name="Alfa")
    step = suggest(cycle.us, customer, rule="renew", subject=row["subscription_id"].casefold())
    suggest(cycle.them, customer, rule="renew", subject=row["subscription_id"].casefold())
    assert [row["next_step"] for row in rows(browser)][:3] == ["", "Renew what is in use", ""]
    assert f'href="/next-steps/{step.pk}/"' in browser.get(PAGE, {"date": DAY}).content.decode()


def test_trend_says_the_licences_of_every_month_as_the_page_of_that_day_does(cycle: Portfolio, browser: Client) -> None:
    query = f"date={DAY}&from=2026-01-31&to=2026-06-30"
    found = json_rows(fetched(browser, f"{PAGE}trend.json?{query}"))
    assert [row["day"] for row in found][:1] == ["2026-06-30"]
    for row in found:
        for state in ("grace", "disabled", "deprovisioned"):
            licences = sum(int(one["licences"]) for one in rows(browser, date=row["day"], state=state))
            assert (row["day"], state, int(row[state])) == (row["day"], state, licences)


def test_groups_add_up_to_the_list(cycle: Portfolio, browser: Client) -> None:
    listed = sum(int(row["licences"]) for row in rows(browser))
    for part, names in (("by-sku", ["The E3", "The E1"]), ("by-country", ["SE", "IT"]), ("by-segment", None)):
        found = json_rows(fetched(browser, f"{PAGE}{part}.json?date={DAY}"))
        assert sum(int(row["licences"]) for row in found) == listed
        if names:
            assert [next(iter(row.values())) for row in found] == names
    assert browser.get(f"{PAGE}by-colour.json").status_code == 404


@pytest.mark.parametrize("query", ["state=lost", "within=7", "sort=owner", "page=9", "date=never", "from=2020-01-01"])
def test_what_can_not_be_asked_for_is_said(cycle: Portfolio, browser: Client, query: str) -> None:
    answer = browser.get(f"{PAGE}?{query}")
    assert (answer.status_code, query.partition("=")[0] in answer.content.decode()) == (400, True)


def test_empty_list_says_what_to_do(world: Portfolio, browser: Client) -> None:
    page = text(browser.get(PAGE).content.decode().partition("<main")[2])
    assert "Nothing is at stake" in page
    assert "Show deprovisioned subscriptions" in page


def test_page_and_file_have_the_same_rows(cycle: Portfolio, browser: Client) -> None:
    answer = browser.get(PAGE, {"date": DAY})
    main = next(table for table in tables(answer) if "What happens next" in table[0])
    assert [(row[0], row[3]) for row in main[1:]] == [(row["customer"], row["licences"]) for row in rows(browser)]


def test_only_who_exports_customers_has_the_file_of_subscriptions(
    cycle: Portfolio, sign_in: Callable[..., Client]
) -> None:
    agent = sign_in(Role.SALES_AGENT)
    page = agent.get(PAGE, {"date": DAY}).content.decode()
    assert "/analysis/lifecycle/subscriptions.csv" not in page
    assert "/analysis/lifecycle/by-sku.csv" in page
    assert agent.get(f"{PAGE}subscriptions.csv").status_code == 403
    assert agent.get(f"{PAGE}by-sku.csv").status_code == 200


@pytest.mark.parametrize(("query", "number"), [("", 11), ("state=grace&sku={sku}&owner=none", 12)])
def test_queries_do_not_grow_with_rows(world: Portfolio, browser: Client, query: str, number: int) -> None:
    address = f"{PAGE}?date={DAY}&" + query.format(sku=world.e3.sku_id)

    def sent() -> int:
        rollup(first=DAY, last=DAY)
        with statements() as found:
            browser.get(address)
        return len(found)

    lapsed = {"term_end": ago(5), "auto_renew": False}
    world.licences(world.serve("Alfa"), sold=5, assigned=4, used=2, **lapsed)
    assert sent() == number
    for name in ("Beta", "Gamma"):
        world.licences(world.serve(name), sold=5, assigned=4, used=2, **lapsed)
    assert sent() == number
