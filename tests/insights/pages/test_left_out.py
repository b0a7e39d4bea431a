"""SKUs that a partner leaves out: the page of its settings, and what its other pages then show."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client

from customers.clock import today
from customers.models import Customer, LeftOutSku, Sku
from insights.services.rollup import rollup
from partners.models import AuditEntry
from partners.permissions import Role
from tests.insights.pages.conftest import Portfolio, staff_of
from tests.insights.pages.reading import lines, tables, text
from tests.insights.world import DAY, ago

ADDRESS = "/settings/left-out-skus/"
DATE = {"date": DAY.isoformat()}


@pytest.fixture
def viral(world: Portfolio) -> Sku:
    return world.sku("EXO", "YAM", part_number="VIRAL")


@pytest.fixture
def customer(world: Portfolio, viral: Sku) -> Customer:
    """Alfa has 5 licences of E3, 4 handed out, and 10,000 of the viral one, 1 handed out to one of the four."""
    customer = world.serve("Alfa")
    subscription = world.licences(customer, sold=5, assigned=4, used=2)
    free = world.subscription(viral, seller=world.us, quantity=10_000, customer=customer)
    world.period(free, f"{customer.pk}-{subscription.pk}-0", stated_by=world.us)
    return customer


def leave_out(browser: Client, left_out: Sku, **fields: str) -> int:
    return browser.post(ADDRESS, {"sku": str(left_out.pk), "reason": "Free", "until": ""} | fields).status_code


def figures(browser: Client, **query: str) -> list[str]:
    """Customer, at stake, sold, assigned of each row of the portfolio."""
    (table,) = tables(browser.get("/", DATE | query))
    return [row[:4] for row in table[1:]]


def test_portfolio_is_without_the_sku_and_says_so(customer: Customer, viral: Sku, browser: Client) -> None:
    assert figures(browser) == [["Alfa", "10,002", "10,005", "5"]]
    assert leave_out(browser, viral) == 302
    assert figures(browser) == [["Alfa", "3", "5", "4"]]
    assert "1 SKU, 10,000 seats left out." in text(browser.get("/", DATE).content.decode())
    assert figures(browser, left_out="counted") == [["Alfa", "10,002", "10,005", "5"]]


def test_stored_figures_are_left_alone(customer: Customer, viral: Sku, browser: Client) -> None:
    rollup(first=DAY, last=DAY)
    leave_out(browser, viral)
    assert figures(browser) == [["Alfa", "3", "5", "4"]]
    assert figures(browser, left_out="counted") == [["Alfa", "10,002", "10,005", "5"]]


def test_facts_that_change_meanwhile_are_seen(
    world: Portfolio, customer: Customer, viral: Sku, browser: Client
) -> None:
    leave_out(browser, viral)
    assert figures(browser) == [["Alfa", "3", "5", "4"]]
    world.licences(customer, sold=7, assigned=1, used=1)
    world.changed(ago(100), customer=customer)
    assert figures(browser) == [["Alfa", "9", "12", "5"]]


def test_customers_pages_and_files_follow(customer: Customer, viral: Sku, browser: Client) -> None:
    leave_out(browser, viral)
    address = f"/customers/{customer.tenant_id}/"
    assert "4 assigned of 5 sold" in text(browser.get(address, DATE).content.decode())
    page = text(browser.get(f"{address}insights/", DATE).content.decode())
    assert "1 SKU, 10,000 seats left out." in page
    assert "VIRAL" not in page
    rows = lines(browser.get(f"{address}insights.csv", DATE))
    assert {row["part_number"] for row in rows} == {"", "E3"}
    assert len(lines(browser.get(f"{address}insights/list.csv", DATE | {"count": "assigned"}))) == 4
    (row,) = lines(browser.get("/customers.csv", DATE))
    assert row["sold"] == "5"


def test_another_partner_counts_it(
    world: Portfolio, customer: Customer, viral: Sku, browser: Client, sign_in: Callable[..., Client]
) -> None:
    world.relationship(world.them, customer)
    leave_out(browser, viral)
    other = sign_in(partner=world.them)
    assert figures(other) == [["Alfa", "10,002", "10,005", "5"]]
    assert "VIRAL" not in text(other.get(ADDRESS).content.decode()).split("Leave an SKU out")[0]


def test_api_counts_it(customer: Customer, viral: Sku, browser: Client) -> None:
    leave_out(browser, viral)
    (row,) = browser.get("/api/v1/insights/", DATE | {"by": "all", "workload": "any"}).json()["results"]
    assert row["sold"] == 10_005


def test_until_a_day_that_is_over_counts_again(customer: Customer, viral: Sku, browser: Client) -> None:
    leave_out(browser, viral, until=today().isoformat())
    assert figures(browser) == [["Alfa", "3", "5", "4"]]
    LeftOutSku.objects.update(until=today() - timedelta(days=1))
    assert figures(browser) == [["Alfa", "10,002", "10,005", "5"]]
    assert "over: it counts again" in text(browser.get(ADDRESS).content.decode())


def test_page_says_which_why_until_when_and_who(
    world: Portfolio, customer: Customer, viral: Sku, browser: Client
) -> None:
    leave_out(browser, viral, reason="Nobody can be given it")
    (table,) = tables(browser.get(ADDRESS))
    assert [row[:3] + row[4:5] for row in table[1:]] == [
        ["The VIRAL VIRAL", "Nobody can be given it", "for good", "10,000"]
    ]


def test_counting_again_is_written_down(customer: Customer, viral: Sku, browser: Client) -> None:
    leave_out(browser, viral)
    assert browser.post(ADDRESS, {"again": str(viral.pk)}).status_code == 302
    assert LeftOutSku.objects.count() == 0
    told = AuditEntry.objects.order_by("pk").values_list("action", "kind", "reason")
    assert list(told) == [("settings.leave_out_sku", "settings", "Free"), ("settings.count_sku", "settings", "")]
    assert browser.post(ADDRESS, {"again": str(viral.pk)}).status_code == 404


def test_free_and_viral_skus_are_suggested(world: Portfolio, customer: Customer, viral: Sku, browser: Client) -> None:
    Sku.objects.filter(pk=viral.pk).update(is_viral=True)
    assert "Perhaps these, too" in text(browser.get(ADDRESS).content.decode())
    leave_out(browser, viral)
    assert "Perhaps these, too" not in text(browser.get(ADDRESS).content.decode())


@pytest.mark.parametrize("fields", [{"reason": " "}, {"until": "2020-01-01"}, {"until": "soon"}, {"sku": "0"}])
def test_bad_input_gets_a_sentence(customer: Customer, viral: Sku, browser: Client, fields: dict[str, str]) -> None:
    assert leave_out(browser, viral, **fields) == 400
    assert LeftOutSku.objects.count() == 0


def test_sku_that_nobody_holds_cant_be_left_out(world: Portfolio, customer: Customer, browser: Client) -> None:
    assert leave_out(browser, world.sku("EXO", part_number="OTHER")) == 400


def test_only_partner_settings_open_the_page(world: Portfolio, sign_in: Callable[..., Client]) -> None:
    assert sign_in(Role.ADMIN_AGENT).get(ADDRESS).status_code == 403
    assert staff_of(world).may("partner_settings")
