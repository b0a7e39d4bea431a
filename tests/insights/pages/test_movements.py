"""The analysis "Movements": what is new and gone in a day, 30 and 90 days, the list behind each number, and why."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client

from customers.clock import today
from insights.services.rollup import rollup
from partners.permissions import Role
from tests.insights.exports.reading import fetched, json_rows
from tests.insights.pages.conftest import Portfolio
from tests.insights.pages.reading import tables, text
from tests.insights.world import DAY, ago
from tests.statements import statements

PAGE = "/analysis/movements/"
LISTS = [f"{what}_{way}" for what in ("customers", "subscriptions", "licences") for way in ("new", "gone")]


def ahead(days: int) -> date:
    return DAY + timedelta(days=days)


@pytest.fixture
def moving(world: Portfolio) -> Portfolio:
    """Something of every kind that can happen to own subscriptions, in the last 90 days."""
    alfa, beta = world.serve("Alfa", country="SE"), world.serve("Beta", country="IT")
    e1 = world.sku("EXO", part_number="E1")
    off = world.sku("EXO", family="d365-off", part_number="OFF")
    sold = {"seller": world.us, "customer": alfa}
    steady = world.subscription(**sold, quantity=10)
    world.version(steady, effective_on=ago(50), quantity=15)
    world.version(steady, effective_on=ago(20), quantity=12)
    world.subscription(**sold, quantity=4, effective_on=DAY)
    tried = world.subscription(e1, **sold, quantity=25, is_trial=True)
    world.version(tried, e1, effective_on=ago(10), quantity=20)
    ended = world.subscription(seller=world.us, customer=beta, quantity=7, term_end=ago(6), auto_renew=False)
    again = world.subscription(seller=world.us, customer=beta, quantity=3)
    world.version(again, effective_on=ago(28), quantity=3, status="disabled")
    world.version(again, effective_on=ago(26), quantity=3)
    changed = world.subscription(seller=world.us, customer=beta, quantity=6)
    world.version(changed, off, effective_on=ago(15), quantity=6)
    assert ended.pk
    other = world.subscription(seller=world.them, customer=beta, quantity=1000)
    world.version(other, effective_on=ago(3), quantity=2000)
    fresh = world.a_customer("Fresh")
    world.relationship(world.us, fresh, begin=ago(2))
    world.subscription(seller=world.us, customer=fresh, quantity=9)
    left = world.a_customer("Left")
    world.relationship(world.us, left, end=ago(5))
    world.subscription(seller=world.us, customer=left, quantity=500)
    return world


def rows(client: Client, **query: Any) -> list[dict[str, str]]:
    asked = "&".join(f"{name}={value}" for name, value in {"date": DAY, **query}.items())
    return json_rows(fetched(client, f"{PAGE}list.json?{asked}"))


def figures(client: Client, **query: Any) -> dict[tuple[str, str], tuple[int, ...]]:
    asked = "&".join(f"{name}={value}" for name, value in {"date": DAY, **query}.items())
    found = json_rows(fetched(client, f"{PAGE}figures.json?{asked}"))
    names = ("begin", "new", "gone", "end")
    return {(row["what"], row["days"]): tuple(int(row[name]) for name in names) for row in found}


def test_figures_say_what_was_what_came_what_went_and_what_is(moving: Portfolio, browser: Client) -> None:
    assert figures(browser) == {
        ("customers", "1"): (3, 0, 0, 3),
        ("subscriptions", "1"): (4, 1, 0, 5),
        ("licences", "1"): (44, 4, 0, 48),
        ("customers", "30"): (3, 1, 1, 3),
        ("subscriptions", "30"): (4, 3, 2, 5),
        ("licences", "30"): (31, 36, 19, 48),
        ("customers", "90"): (0, 3, 0, 3),
        ("subscriptions", "90"): (0, 5, 0, 5),
        ("licences", "90"): (0, 67, 19, 48),
    }


def test_list_of_licences_says_each_change_and_why_the_latest_first(moving: Portfolio, browser: Client) -> None:
    names = ("customer", "why", "licences_change", "licences")
    gone = [tuple(row[name] for name in names) for row in rows(browser, list="licences_gone")]
    assert gone == [
        ("Beta", "grace", "-7", "0"),
        ("Beta", "other_sku", "-6", "0"),
        ("Alfa", "fewer", "-3", "12"),
        ("Beta", "disabled", "-3", "0"),
    ]
    new = [tuple(row[name] for name in names) for row in rows(browser, list="licences_new")]
    assert new == [
        ("Alfa", "bought", "4", "4"),
        ("Fresh", "served", "9", "9"),
        ("Alfa", "converted", "20", "20"),
        ("Beta", "active_again", "3", "3"),
    ]


@pytest.mark.parametrize("days", ["1", "30", "90"])
@pytest.mark.parametrize("listed", LISTS)
def test_list_is_as_long_as_its_number(moving: Portfolio, browser: Client, listed: str, days: str) -> None:
    what, way = listed.split("_")
    number = figures(browser)[what, days][1 if way == "new" else 2]
    found = rows(browser, list=listed, days=days)
    if what == "licences":
        assert sum(abs(int(row["licences_change"])) for row in found) == number
    else:
        assert len(found) == number
    page = browser.get(PAGE, {"date": DAY, "list": listed, "days": days})
    main = tables(page)[-1] if found else [[]]
    assert len(main) - 1 == len(found)


def test_customers_new_and_gone_are_named_with_their_day(moving: Portfolio, browser: Client) -> None:
    assert [(row["customer"], row["day"]) for row in rows(browser, list="customers_new")] == [
        ("Fresh", ago(2).isoformat())
    ]
    assert [(row["customer"], row["day"]) for row in rows(browser, list="customers_gone")] == [
        ("Left", ago(5).isoformat())
    ]


def test_licences_now_are_those_sold_by_us(moving: Portfolio, browser: Client) -> None:
    found = json_rows(fetched(browser, f"/portfolio.json?date={DAY}&seller=us"))
    assert sum(int(row["sold"]) for row in found) == figures(browser)["licences", "30"][3]


def test_filters_leave_what_they_mean(moving: Portfolio, browser: Client) -> None:
    assert figures(browser, country="IT")["licences", "30"] == (16, 3, 16, 3)
    sku = moving.e3.sku_id
    assert figures(browser, sku=sku)["licences", "30"] == (31, 16, 19, 28)
    assert {row["customer"] for row in rows(browser, country="IT", list="licences_new")} == {"Beta"}


def test_customer_who_is_not_served_today_shows_no_subscription(moving: Portfolio, browser: Client) -> None:
    customer = moving.a_customer("Past")
    moving.relationship(moving.us, customer, end=today())
    moving.subscription(seller=moving.us, customer=customer, quantity=300, effective_on=ago(3))
    assert "Past" not in {row["customer"] for row in rows(browser, list="licences_new")}
    assert figures(browser)["licences", "30"] == (31, 36, 19, 48)


def test_page_shows_the_numbers_as_links_to_their_lists(moving: Portfolio, browser: Client) -> None:
    answer = browser.get(PAGE, {"date": DAY})
    page = text(answer.content.decode().partition("<main")[2])
    assert "Licences 48 +17 since" in page
    assert "Together 19 licences." in page
    shown = answer.content.decode()
    found = figures(browser)
    for listed in LISTS:
        what, way = listed.split("_")
        is_there = found[what, "90"][1 if way == "new" else 2] > 0
        assert (f"days=90&amp;list={listed}#list" in shown) == is_there


def test_trend_is_that_of_licences_sold(moving: Portfolio, browser: Client) -> None:
    found = json_rows(fetched(browser, f"{PAGE}trend.json?date={DAY}&from={ago(30)}&to={DAY}"))
    assert [int(row["active"]) for row in (found[0], found[-1])] == [48, 31]
    assert len(found) == 31


@pytest.mark.parametrize("query", ["days=7", "list=all", "page=9", "date=never"])
def test_what_can_not_be_asked_for_is_said(moving: Portfolio, browser: Client, query: str) -> None:
    answer = browser.get(f"{PAGE}?{query}")
    assert (answer.status_code, query.partition("=")[0] in answer.content.decode()) == (400, True)


def test_empty_list_says_what_to_do(world: Portfolio, browser: Client) -> None:
    page = text(browser.get(PAGE).content.decode().partition("<main")[2])
    assert "Nothing moved" in page
    assert "Look 90 days back" in page


def test_only_who_exports_customers_has_the_file_of_the_list(moving: Portfolio, sign_in: Callable[..., Client]) -> None:
    agent = sign_in(Role.SALES_AGENT)
    assert agent.get(f"{PAGE}list.csv").status_code == 403
    assert agent.get(f"{PAGE}figures.csv").status_code == 200


def test_queries_do_not_grow_with_rows(world: Portfolio, browser: Client) -> None:
    def sent() -> int:
        rollup(first=DAY, last=DAY)
        with statements() as found:
            browser.get(PAGE, {"date": DAY, "list": "licences_new"})
        return len(found)

    world.licences(world.serve("Alfa"), sold=5, assigned=4, used=2, effective_on=ago(9))
    assert sent() == 9
    for name in ("Beta", "Gamma"):
        world.licences(world.serve(name), sold=5, assigned=4, used=2, effective_on=ago(9))
    assert sent() == 9
