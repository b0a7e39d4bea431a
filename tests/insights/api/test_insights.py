"""`/api/v1/insights/` and `/api/v1/portfolio/`: the rows of the commands, in pages, with filters."""

from __future__ import annotations

import json
from datetime import timedelta
from itertools import product

import pytest
from django.test import Client

from customers import models
from customers.clock import today
from insights.api.schemas import InsightRowSchema, PortfolioRowSchema
from insights.selectors import row_keys
from insights.selectors.insight_rows import By, Question, Seller, insight_rows, portfolio_rows
from insights.services.rollup import rollup
from partners.permissions import Role
from tests.asking import asking, errors, problem, results
from tests.insights.test_commands import KEYS
from tests.insights.world import DAY, World, ago
from tests.people import make_staff

pytestmark = pytest.mark.django_db

INSIGHTS = "/api/v1/insights/"
PORTFOLIO = "/api/v1/portfolio/"
BOTH = (INSIGHTS, PORTFOLIO)
ON = f"date={DAY.isoformat()}"
SORTS = list(product(By, Seller))
QUERIES = {(INSIGHTS, True): 11, (PORTFOLIO, True): 8, (INSIGHTS, False): 12, (PORTFOLIO, False): 9}
"""By address and whether the figures are stored."""


@pytest.fixture
def served(world: World) -> World:
    """Three customers that we serve, one of them by two SKUs, one by unlicensed use; and one that we don't."""
    world.relationship(world.us)
    world.period(world.subscription(seller=world.us), "ann")
    world.subscription(world.sku("CRM", family="crm", part_number="C1"))
    world.activity("ann", "EXO", ago(1))
    other = world.a_customer("ängby")
    models.CustomerProfile.objects.filter(customer=other).update(country="NO", segment="SMB")
    world.relationship(world.us, other)
    world.subscription(customer=other)
    third = world.a_customer("Contoso")
    world.relationship(world.us, third)
    world.activity("zoe", "YAM", ago(2), customer=third)
    world.subscription(customer=world.a_customer("Unserved"))
    return world


@pytest.fixture
def client(world: World) -> Client:
    return asking(make_staff(world.us, Role.SALES_AGENT))


def question(world: World, by: By = By.SKU, seller: Seller = Seller.ALL) -> Question:
    return Question(world.us, DAY, by, seller)


@pytest.mark.parametrize(("by", "seller"), SORTS)
@pytest.mark.parametrize("stored", ["stored", "computed", "both"])
def test_rows_are_those_of_the_command(served: World, client: Client, by: By, seller: Seller, stored: str) -> None:
    if stored != "computed":
        rollup(first=DAY, last=DAY, customers=[served.customer.pk] if stored == "both" else None)
    query = f"?{ON}&by={by}&seller={seller}"
    rows = insight_rows(question(served, by, seller))
    sums = portfolio_rows(question(served, by, seller))
    assert rows
    for address, expected in ((INSIGHTS, rows), (PORTFOLIO, sums)):
        told = client.get(address + query).json()
        assert told == {"count": len(expected), "next": None, "previous": None, "results": expected}


@pytest.mark.parametrize("size", [1, 2, 3, 4, 7, 1000])
@pytest.mark.parametrize("stored", ["stored", "computed", "both"])
def test_pages_together_are_the_whole(served: World, client: Client, size: int, stored: str) -> None:
    if stored != "computed":
        rollup(first=DAY, last=DAY, customers=[served.customer.pk] if stored == "both" else None)
    for address in BOTH:
        page, rows, counts = client.get(f"{address}?{ON}&by=all&page_size={size}").json(), [], set()
        while page:
            rows += page["results"]
            counts.add(page["count"])
            page = client.get(page["next"]).json() if page["next"] else None
        (whole,) = counts
        expected = {INSIGHTS: insight_rows, PORTFOLIO: portfolio_rows}[address](question(served, By.ALL))
        assert (whole, rows) == (len(expected), expected)


def test_stale_figures_that_are_stored_are_never_shown(served: World, client: Client) -> None:
    rollup(first=DAY, last=DAY)
    models.SubscriptionVersion.objects.update(quantity=77)
    for customer in models.Customer.objects.all():
        served.changed(DAY, customer=customer)
    sold = {row["sold"] for row in results(client.get(f"{INSIGHTS}?{ON}"))}
    assert sold == {77}


@pytest.mark.parametrize("stored", [True, False])
def test_figures_of_what_another_partner_sold_alone_are_whole(world: World, client: Client, stored: bool) -> None:
    world.relationship(world.us)
    world.subscription(seller=world.them, quantity=7)
    if stored:
        rollup(first=DAY, last=DAY)
    for address in BOTH:
        assert {row["sold"] for row in results(client.get(f"{address}?{ON}"))} == {7}
        assert results(client.get(f"{address}?{ON}&seller=us")) == []


def test_numbers_are_json_numbers_with_one_decimal_or_null(served: World, client: Client) -> None:
    body = client.get(f"{INSIGHTS}?{ON}").content.decode()
    rows = json.loads(body, parse_float=lambda text: ("float", text))["results"]
    assert {list(row) == KEYS for row in rows} == {True}
    figures = {row[name] for row in rows for name in KEYS if name.endswith("_pct")}
    assert figures == {None, ("float", "10.0"), ("float", "0.0"), ("float", "100.0")}


def test_rows_are_as_described(served: World, client: Client) -> None:
    assert list(InsightRowSchema().fields) == KEYS
    assert list(PortfolioRowSchema().fields) == [*KEYS, "customers", "customers_measured"]
    assert list(results(client.get(f"{PORTFOLIO}?{ON}"))[0]) == list(PortfolioRowSchema().fields)


def told(client: Client, query: str) -> set[tuple]:
    return {(row["customer"], row["part_number"], row["workload"]) for row in results(client.get(f"{INSIGHTS}{query}"))}


@pytest.mark.parametrize(
    ("query", "meant"),
    [
        ("", lambda row: True),
        ("&family=O365", lambda row: row[1] == "E3"),
        ("&family=crm", lambda row: row[1] == "C1"),
        ("&workload=any", lambda row: row[2] == "any"),
        ("&workload=exo", lambda row: row[2] == "EXO"),
        ("&country=no", lambda row: row[0] == "ängby"),
        ("&country=FI", lambda row: False),
        ("&segment=smb", lambda row: row[0] == "ängby"),
        ("&segment=smb&workload=Any", lambda row: row[0] == "ängby" and row[2] == "any"),
        ("&family=&segment=", lambda row: True),
    ],
)
def test_filters(served: World, client: Client, query: str, meant) -> None:
    whole = told(client, f"?{ON}")
    assert told(client, f"?{ON}{query}") == {row for row in whole if meant(row)}
    rollup(first=DAY, last=DAY)
    assert told(client, f"?{ON}{query}") == {row for row in whole if meant(row)}
    sums = {(row["part_number"], row["workload"]) for row in results(client.get(f"{PORTFOLIO}?{ON}{query}"))}
    assert sums == {row[1:] for row in whole if meant(row)}


def test_filter_by_sku_and_customer(served: World, client: Client) -> None:
    assert told(client, f"?{ON}&sku={served.e3.sku_id}") == {row for row in told(client, f"?{ON}") if row[1] == "E3"}
    one = told(client, f"?{ON}&customer={served.customer.tenant_id}")
    assert one == {row for row in told(client, f"?{ON}") if row[0] == "Fabrikam"}
    assert told(client, f"?{ON}&customer={served.customer.tenant_id}&country=NO") == set()


def test_customer_of_others_and_one_that_isnt_have_no_rows(served: World, client: Client) -> None:
    foreign = models.Customer.objects.get(profiles__name="Unserved").tenant_id
    answers = [client.get(f"{INSIGHTS}?{ON}&customer={which}").json() for which in (foreign, served.guid())]
    assert answers == [{"count": 0, "next": None, "previous": None, "results": []}] * 2


def test_portfolio_isnt_asked_for_a_customer(served: World, client: Client) -> None:
    assert list(errors(client.get(f"{PORTFOLIO}?{ON}&customer={served.customer.tenant_id}"))) == ["customer"]


@pytest.mark.parametrize("address", BOTH)
@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("?by=workload", {"by": ["“workload” is unknown; expected one of: sku, family, all."]}),
        ("?by=SKU", {"by": ["“SKU” is unknown; expected one of: sku, family, all."]}),
        ("?seller=them", {"seller": ["“them” is unknown; expected one of: all, us."]}),
        ("?date=yesterday", {"date": ["“yesterday” is no day; expected YYYY-MM-DD."]}),
        ("?sku=1", {"sku": ["“1” is no SKU id; expected a GUID."]}),
        ("?by=family&sku=4a2f1d3c-7a35-4c3e-9d0e-3a5a6f7b8c9d", {"sku": ["goes with by=sku only."]}),
        ("?by=all&sku=4a2f1d3c-7a35-4c3e-9d0e-3a5a6f7b8c9d", {"sku": ["goes with by=sku only."]}),
        ("?by=all&family=o365", {"family": ["goes with by=family or by=sku only."]}),
        (
            "?country=Sweden",
            {"country": ["“Sweden” is no country; expected a two-letter code of ISO 3166-1, such as SE."]},
        ),
        ("?seller=x&by=x", None),
    ],
)
def test_wrong_parameters_are_named(client: Client, address: str, query: str, expected: dict | None) -> None:
    told = errors(client.get(address + query))
    assert told == expected if expected else set(told) == {"seller", "by"}


@pytest.mark.parametrize("address", BOTH)
@pytest.mark.parametrize("name", ["family", "workload"])
def test_unknown_codes_are_named(client: Client, address: str, name: str) -> None:
    assert list(errors(client.get(f"{address}?{ON}&{name}=nothing"))) == [name]


@pytest.mark.parametrize("address", BOTH)
def test_page_past_the_last_isnt_there(client: Client, address: str) -> None:
    assert (
        problem(client.get(f"{address}?{ON}&page=2"), 404)["detail"] == "page: there is no page 2, the last one is 1."
    )


@pytest.mark.parametrize("address", BOTH)
def test_default_day_is_the_latest_complete_one(served: World, client: Client, address: str) -> None:
    yesterday = today() - timedelta(days=1)
    assert {row["date"] for row in results(client.get(address))} == {yesterday.isoformat()}
    covered = today() - timedelta(days=3)
    for customer in models.Customer.objects.all():
        served.coverage("EXO", covered, customer=customer)
        served.changed(covered, customer=customer)
    assert {row["date"] for row in results(client.get(address))} == {covered.isoformat()}


@pytest.mark.parametrize(
    ("begin", "end", "status", "seen"),
    [
        (ago(0), None, "confirmed", True),
        (ago(-1), None, "confirmed", False),
        (ago(9), ago(0), "confirmed", False),
        (ago(9), ago(-1), "confirmed", True),
        (ago(9), None, "claimed", False),
    ],
)
def test_relationship_must_cover_the_day(world: World, client: Client, begin, end, status: str, seen: bool) -> None:
    world.subscription()
    world.relationship(world.us, begin=begin, end=end, status=status)
    for address in BOTH:
        assert bool(client.get(f"{address}?{ON}").json()["count"]) is seen


@pytest.mark.parametrize("address", BOTH)
@pytest.mark.parametrize("rows", [1, 3])
@pytest.mark.parametrize("stored", [True, False], ids=["stored", "computed"])
def test_queries_dont_grow(
    world: World, client: Client, address: str, rows: int, stored: bool, django_assert_num_queries
) -> None:
    sku = world.sku("EXO")
    for _ in range(rows):
        customer = world.a_customer()
        world.relationship(world.us, customer)
        world.subscription(sku, customer=customer)
    if stored:
        rollup(first=DAY, last=DAY)
    client.get(f"{address}?{ON}")
    with django_assert_num_queries(QUERIES[address, stored]):
        assert len(results(client.get(f"{address}?{ON}&workload=any"))) == (rows if address == INSIGHTS else 1)


def test_rows_of_an_asked_page_follow_the_facts(world: World, client: Client) -> None:
    customer = world.a_customer()
    world.relationship(world.us, customer)
    world.subscription(customer=customer)
    address = f"{INSIGHTS}?{ON}&workload=any"
    assert client.get(address).json()["count"] == 1
    world.subscription(world.sku("CRM", family="crm", part_number="C1"), customer=customer)
    world.changed(DAY, customer=customer)
    assert [row["part_number"] for row in results(client.get(address))] == ["C1", "E3"]
    rollup(first=DAY, last=DAY)
    assert [row["part_number"] for row in results(client.get(address))] == ["C1", "E3"]


def test_rows_that_are_kept_are_those_asked_for_last(
    world: World, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.relationship(world.us)
    world.subscription()
    monkeypatch.setattr(row_keys, "MOST_KEPT", 1)
    for seller in Seller:
        client.get(f"{INSIGHTS}?{ON}&seller={seller.value}")
    assert [seller for _day, seller, _customers in row_keys._KEPT] == [world.us.pk]
