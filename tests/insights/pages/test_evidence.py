"""Vendor-reported percentages on the page of a customer's insights."""

from __future__ import annotations

from django.test import Client

from customers.models import Customer, Reported, Sku
from partners.models import Partner
from tests.insights.pages.conftest import Portfolio
from tests.insights.pages.reading import tables, text
from tests.insights.world import DAY, ago


def report(customer: Customer, partner: Partner | None, sku: Sku | None = None, **fields: object) -> None:
    """The vendor reported this of the customer, as the partner delivered it."""
    plain = {"day": DAY, "metric": "deployment", "service": "o365", "numerator": 3, "denominator": 5}
    plain |= {"sku_id": sku.sku_id} if sku else {}
    Reported.objects.create(customer=customer, stated_by=partner, **plain | fields)


def evidence(browser: Client, customer: Customer, **query: str) -> list[list[str]]:
    """The rows of the table of evidence; none where there is no such table."""
    page = browser.get(f"/customers/{customer.tenant_id}/insights/", {"date": DAY.isoformat()} | query)
    found = [table for table in tables(page) if table[0][0] == "Of what"]
    return found[0][1:] if found else []


def test_percentage_stands_beside_ours_with_difference_and_cause(world: Portfolio, browser: Client) -> None:
    customer = world.serve("Alfa")
    world.licences(customer, sold=5, assigned=4, used=2)
    report(customer, world.us, world.e3)
    report(customer, world.us, world.e3, metric="usage", workload="exo", numerator=2, denominator=4, day=ago(1))
    assert evidence(browser, customer) == [
        ["The E3", "deployment", "31 Mar 2026", "60.0% 3 of 5", "80.0% 4 of 5", "−20.0 points", "No cause is known: the vendor doesn't say how its numbers are made."],
        ["The E3, Exchange", "usage", "30 Mar 2026", "50.0% 2 of 4", "40.0% 2 of 5", "+10.0 points", "The vendor counts people; here entitlements count."],
    ]  # fmt: skip


def test_latest_of_each_kind_up_to_the_day_is_shown(world: Portfolio, browser: Client) -> None:
    customer = world.serve("Alfa")
    world.licences(customer, sold=5, assigned=4, used=2)
    for day, numerator in ((ago(200), 1), (ago(2), 2), (ago(1), 4), (ago(-1), 5)):
        report(customer, world.us, day=day, numerator=numerator)
    assert [row[:4] for row in evidence(browser, customer)] == [
        ["Office 365 and Microsoft 365", "deployment", "30 Mar 2026", "80.0% 4 of 5"]
    ]


def test_what_isnt_known_here_is_shown_without_comparison(world: Portfolio, browser: Client) -> None:
    customer = world.serve("Alfa")
    world.licences(customer, sold=5, assigned=4, used=2)
    report(customer, world.us, service="crm", product_name="DYNAMICS AX TASK", sku_id=world.guid())
    assert [row[0:1] + row[4:6] for row in evidence(browser, customer)] == [["DYNAMICS AX TASK", "–", "–"]]


def test_what_another_partner_delivered_isnt_shown(world: Portfolio, browser: Client) -> None:
    customer = world.serve("Alfa")
    world.licences(customer, sold=5, assigned=4, used=2)
    report(customer, world.them)
    report(customer, None)
    assert evidence(browser, customer) == []
    page = browser.get(f"/customers/{customer.tenant_id}/insights/", {"date": DAY.isoformat()})
    assert "What the vendor reported" not in text(page.content.decode())
