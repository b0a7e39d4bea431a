"""`/api/v1/customers/{id}/subscriptions/`: the partner's own, as of a day."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.test import Client

from customers.clock import today
from partners.permissions import Role
from tests.asking import asking, errors, problem, results
from tests.insights.world import LONG_AGO, World
from tests.people import make_staff

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    world = World()
    world.relationship(world.us)
    return world


@pytest.fixture
def client(world: World) -> Client:
    return asking(make_staff(world.us, Role.SALES_AGENT))


def address(world: World, query: str = "") -> str:
    return f"/api/v1/customers/{world.customer.tenant_id}/subscriptions/{query}"


def test_subscription_with_all_its_versions(world: World, client: Client) -> None:
    own = world.subscription(seller=world.us, quantity=6)
    world.version(
        own,
        effective_on=date(2026, 3, 1),
        quantity=8,
        term_end=date(2026, 3, 20),
        auto_renew=False,
        cancel_until=date(2026, 3, 7),
        unit_price="12.5",
        currency="SEK",
    )
    world.period(own, "ann")
    world.period(own, "bob", end=date(2026, 3, 31))
    first = {
        "effective_on": LONG_AGO.isoformat(),
        "sku_id": str(world.e3.sku_id),
        "part_number": "E3",
        "sku": "The E3",
        "family": "o365",
        "stated_status": "active",
        "quantity": 6,
        "is_trial": False,
        "term_end": None,
        "auto_renew": None,
        "cancel_until": None,
        "unit_price": None,
        "currency": "",
    }
    second = first | {
        "effective_on": "2026-03-01",
        "quantity": 8,
        "term_end": "2026-03-20",
        "auto_renew": False,
        "cancel_until": "2026-03-07",
        "unit_price": "12.5000",
        "currency": "SEK",
    }
    whose = {"subscription_id": own.subscription_id, "versions": [first, second]}
    assert client.get(address(world, "?date=2026-03-31")).json() == {
        "count": 1,
        "next": None,
        "previous": None,
        "results": [whose | {"status": "grace", "assigned": 1} | second],
    }
    (before,) = results(client.get(address(world, "?date=2026-02-28")))
    assert before == whose | {"status": "active", "assigned": 2} | first


def test_nobody_elses_subscription_is_shown(world: World, client: Client) -> None:
    own = world.subscription(seller=world.us)
    world.subscription(seller=world.them)
    world.subscription()
    other = world.a_customer("Other")
    world.relationship(world.us, other)
    world.subscription(seller=world.us, customer=other)
    assert [row["subscription_id"] for row in results(client.get(address(world)))] == [own.subscription_id]


def test_subscription_that_doesnt_exist_yet_isnt_there(world: World, client: Client) -> None:
    world.subscription(seller=world.us, effective_on=date(2026, 3, 2))
    assert len(results(client.get(address(world, "?date=2026-03-02")))) == 1
    assert results(client.get(address(world, "?date=2026-03-01"))) == []


def test_customer_has_to_be_served_today(world: World, client: Client) -> None:
    world.subscription(seller=world.us)
    stranger = asking(make_staff(world.them, Role.GLOBAL_ADMIN))
    foreign = problem(stranger.get(address(world)), 404)
    nothing = problem(stranger.get(f"/api/v1/customers/{world.guid()}/subscriptions/"), 404)
    assert foreign == nothing
    world.relationship(world.them, end=today())
    assert problem(stranger.get(address(world)), 404) == nothing
    assert problem(stranger.get(address(world, f"?date={today() - timedelta(days=1)}")), 404) == nothing


def test_subscriptions_come_in_pages_by_sku_and_id(world: World, client: Client) -> None:
    for part_number in ("B", "A", "C"):
        world.subscription(world.sku("EXO", part_number=part_number), seller=world.us)
    first = client.get(address(world, "?page_size=2")).json()
    assert (first["count"], [row["sku"] for row in first["results"]]) == (3, ["The A", "The B"])
    assert [row["sku"] for row in results(client.get(first["next"]))] == ["The C"]


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ("2026-02-30", "“2026-02-30” is no day; expected YYYY-MM-DD."),
        ("20260201", "“20260201” is no day; expected YYYY-MM-DD."),
        ("٢٠٢٦-٠٢-٠١", "“٢٠٢٦-٠٢-٠١” is no day; expected YYYY-MM-DD."),
        ("0001-01-01", "0001-01-01 is out of range; expected a day from 1970-01-01."),
        ("2999-01-01", f"2999-01-01 is still to come; expected a day up to {today().isoformat()}."),
    ],
)
def test_wrong_day_is_named(world: World, client: Client, given: str, sentence: str) -> None:
    assert errors(client.get(address(world, f"?date={given}"))) == {"date": [sentence]}


@pytest.mark.parametrize("rows", [1, 3])
def test_queries_dont_grow(world: World, client: Client, rows: int, django_assert_num_queries) -> None:
    for number in range(rows):
        own = world.subscription(world.sku("EXO", part_number=str(number)), seller=world.us)
        world.version(own, effective_on=date(2026, 3, 1))
        world.period(own, "ann")
    client.get(address(world))
    with django_assert_num_queries(4):
        assert len(results(client.get(address(world)))) == rows
