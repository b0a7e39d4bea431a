"""A customer's insights: the figures of the selectors, the causes in words, the way to each list; and the file."""

from __future__ import annotations

import re
from uuid import uuid4

import pytest
from django.test import Client

from customers.models import Customer
from insights.selectors.insight_rows import INSIGHT_COLUMNS, By, Question, Seller, insight_rows
from insights.services.rollup import rollup
from partners.permissions import Role
from tests.insights.pages.conftest import Portfolio
from tests.insights.pages.reading import lines, tables, text
from tests.insights.world import DAY, ago
from tests.people import make_staff, signed_in
from tests.statements import statements

QUERIES = 14
DATE = f"date={DAY.isoformat()}"


@pytest.fixture
def fabrikam(world: Portfolio) -> Customer:
    """Every cause: ours are current and former, and one in grace; others sold a trial; zoe has no licence."""
    world.relationship(world.us)
    ours = world.subscription(seller=world.us, quantity=4)
    lapsed = world.subscription(seller=world.us, status="grace")
    trial = world.subscription(is_trial=True, seller=world.them)
    for user in ("ann", "bob"):
        world.period(ours, user, stated_by=world.us)
    world.period(ours, "cat", end=ago(5), stated_by=world.us)
    world.period(lapsed, "dan", stated_by=world.us)
    world.period(trial, "eve", stated_by=world.them)
    for user in ("ann", "cat", "dan", "eve"):
        world.activity(user, "EXO", ago(6))
    world.activity("zoe", "YAM", ago(6))
    return world.customer


def page(client: Client, customer: Customer, query: str = DATE) -> str:
    response = client.get(f"/customers/{customer.tenant_id}/insights/?{query}")
    assert response.status_code == 200
    return text(response.content.decode())


def test_four_causes_are_told_in_words(fabrikam: Customer, browser: Client) -> None:
    shown = page(browser, fabrikam)
    assert "Why usage is 125.0% and adjusted usage 25.0%" in shown
    assert "5 entitlements were used. Of these, 1 are current" in shown
    assert "Turnover 1 The licence ended for this person" in shown
    assert "Second subscription 1 A subscription in grace, disabled or deprovisioned was used" in shown
    assert "Trial 1 Trial use counts, trial licences don't." in shown
    assert "Use beyond the licence 1 People used the workload without a licence for it." in shown


def test_state_of_an_own_lapsed_subscription_is_said(fabrikam: Customer, browser: Client, sign_in) -> None:
    number = fabrikam.subscriptions.order_by("pk")[1].subscription_id
    assert f"The E3, your subscription {number}: grace" in page(browser, fabrikam)


def test_foreign_lapsed_subscription_is_not_named(world: Portfolio, fabrikam: Customer, sign_in) -> None:
    number = fabrikam.subscriptions.order_by("pk")[1].subscription_id
    world.relationship(world.them)
    shown = page(sign_in(partner=world.them), fabrikam)
    assert "It isn't one of yours." in shown
    assert f"subscription {number}" not in shown


def test_lapsed_subscription_alone_is_called_so(world: Portfolio, browser: Client) -> None:
    world.relationship(world.us)
    world.subscription(world.sku("EXO", part_number="P1"), quantity=3)
    world.period(world.subscription(seller=world.us, status="disabled"), "dan")
    world.activity("dan", "EXO", ago(2))
    shown = page(browser, world.customer)
    assert "Lapsed subscription in use 1" in shown
    assert "no active subscription of its SKU stands beside it" in shown
    assert "Second subscription" not in shown


def test_more_handed_out_than_bought_is_said(world: Portfolio, browser: Client) -> None:
    world.relationship(world.us)
    ours = world.subscription(seller=world.us, quantity=1)
    for user in ("ann", "bob"):
        world.period(ours, user)
        world.activity(user, "EXO", ago(2))
    assert "More handed out than bought 1" in page(browser, world.customer)


def test_nothing_to_explain_is_not_explained(world: Portfolio, browser: Client) -> None:
    world.relationship(world.us)
    world.subscription(seller=world.us, quantity=1)
    shown = page(browser, world.customer)
    assert "Why usage is 1" not in shown
    assert "entitlements were used" not in shown


@pytest.mark.parametrize("seller", ["all", "us"])
def test_tables_say_what_the_selectors_say(world: Portfolio, fabrikam: Customer, browser: Client, seller: str) -> None:
    response = browser.get(f"/customers/{fabrikam.tenant_id}/insights/?{DATE}&seller={seller}")
    trend, *fall, deployment, overall = tables(response)[:-1]
    by_sku = tables(response)[-1:]
    assert len(fall) == 1
    rows = {by: insight_rows(Question(world.us, DAY, by, Seller(seller))) for by in By}
    whole = next(row for row in rows[By.SKU] if row["workload"] == "any")
    assert deployment[1][2:6] == [str(whole[name]) for name in ("sold", "blocked", "entitlements", "assigned")]
    assert len(trend) == 1 + 28
    assert [line[1:3] for line in overall[1:]] == [
        [str(row["entitlements"]), str(row["active"]) if row["covered_days"] else "–"] for row in rows[By.ALL]
    ]
    assert [len(table) - 1 for table in by_sku] == [len(rows[By.SKU])]


def test_waterfall_leads_from_adjusted_to_headline_usage(fabrikam: Customer, browser: Client) -> None:
    response = browser.get(f"/customers/{fabrikam.tenant_id}/insights/?{DATE}")
    _trend, fall, *_others = tables(response)
    assert fall[1:] == [
        ["Current entitlements", "1", "1", "25.0%", "–"],
        ["Turnover", "1", "2", "50.0%", "+25.0 points"],
        ["Second subscription", "1", "3", "75.0%", "+25.0 points"],
        ["Trial", "1", "4", "100.0%", "+25.0 points"],
        ["Use beyond the licence", "1", "5", "125.0%", "+25.0 points"],
        ["All active entitlements", "5", "5", "125.0%", "–"],
    ]
    html = response.content.decode()
    links = re.findall(r'<span class="sw-fall-name"><a href="([^"]*)"', html)
    assert len(links) == 6
    for link, row in zip(links, fall[1:], strict=True):
        assert len(tables(browser.get(link.replace("&amp;", "&")))[0]) - 1 == int(row[1])


def test_no_waterfall_where_nothing_lifts_usage(world: Portfolio, browser: Client) -> None:
    world.relationship(world.us)
    world.period(world.subscription(seller=world.us, quantity=1), "ann")
    assert "sw-fall" not in browser.get(f"/customers/{world.customer.tenant_id}/insights/?{DATE}").content.decode()


def test_small_trends_show_stored_days(world: Portfolio, fabrikam: Customer, browser: Client) -> None:
    rollup(first=ago(8), last=DAY)
    shown = page(browser, fabrikam)
    # ann, bob and cat until five days ago
    assert "Deployment: from 75.0% on 23 Mar 2026 to 50.0% on 31 Mar 2026" in shown_titles(browser, fabrikam)
    assert "Usage: from" in shown_titles(browser, fabrikam)
    assert "−25.0 points since 23 Mar 2026; lowest 50.0%, highest 75.0%" in shown


def test_change_of_the_headline_leads_to_what_caused_it(world: Portfolio, fabrikam: Customer, browser: Client) -> None:
    assert "sw-tile-change" not in browser.get(f"/customers/{fabrikam.tenant_id}/insights/?{DATE}").content.decode()
    rollup(first=ago(28), last=ago(28))
    html = browser.get(f"/customers/{fabrikam.tenant_id}/insights/?{DATE}").content.decode()
    assert (
        f'/customers/{fabrikam.tenant_id}/changes/?with=2026-03-03&amp;{DATE}">−25.0 points since 3 Mar 2026<' in html
    )


def shown_titles(client: Client, customer: Customer) -> str:
    html = client.get(f"/customers/{customer.tenant_id}/insights/?{DATE}").content.decode()
    return " ".join(re.findall(r'<small title="([^"]*)"', html))


def test_file_has_every_row(world: Portfolio, fabrikam: Customer, browser: Client) -> None:
    response = browser.get(f"/customers/{fabrikam.tenant_id}/insights.csv?{DATE}")
    expected = [row for by in (By.ALL, By.FAMILY, By.SKU) for row in insight_rows(Question(world.us, DAY, by))]
    assert [list(row.values()) for row in lines(response)] == [
        ["" if row[name] is None else str(row[name]) for name in INSIGHT_COLUMNS] for row in expected
    ]


def test_trend_shows_stored_days(world: Portfolio, fabrikam: Customer, browser: Client) -> None:
    rollup(first=ago(2), last=DAY)
    (trend, *_others) = tables(browser.get(f"/customers/{fabrikam.tenant_id}/insights/?{DATE}"))
    assert [row[1] for row in trend[1:5]] == ["≥ 125.0%", "≥ 125.0%", "≥ 125.0%", "–"]


def test_trend_has_no_day_that_no_relationship_covers(world: Portfolio, browser: Client) -> None:
    world.relationship(world.us, begin=ago(9), end=ago(5))
    world.relationship(world.us, begin=ago(1))
    world.period(world.subscription(), "ann")
    world.activity("ann", "EXO", ago(12))
    rollup(first=ago(12), last=DAY)
    (trend, *_others) = tables(browser.get(f"/customers/{world.customer.tenant_id}/insights/?{DATE}"))
    assert [place for place, row in enumerate(trend[1:]) if row[1] != "–"] == [0, 1, 6, 7, 8, 9]


def test_lists_are_linked_where_they_are_seen_today_only(world: Portfolio, browser: Client) -> None:
    world.relationship(world.us, end=ago(-1))
    world.period(world.subscription(seller=world.us), "ann")
    response = browser.get(f"/customers/{world.customer.tenant_id}/insights/?{DATE}")
    assert response.status_code == 200
    assert "insights/list/" not in response.content.decode()


@pytest.mark.parametrize("path", ["insights/", "insights.csv", "insights/list/", "insights/list.csv"])
def test_unknown_and_foreign_customers_are_alike(world: Portfolio, browser: Client, path: str) -> None:
    waiting, ended = world.a_customer("Waiting"), world.a_customer("Ended")
    world.relationship(world.us, waiting, status="claimed")
    world.relationship(world.us, ended, end=ago(1))
    for customer_id in (uuid4(), world.customer.tenant_id, waiting.tenant_id, ended.tenant_id):
        response = browser.get(f"/customers/{customer_id}/{path}?{DATE}&count=idle")
        assert response.status_code == 404


@pytest.mark.parametrize("path", ["insights/", "insights.csv", "insights/list/", "insights/list.csv"])
def test_doors_are_for_staff(world: Portfolio, path: str) -> None:
    world.relationship(world.us)
    address = f"/customers/{world.customer.tenant_id}/{path}?{DATE}&count=idle"
    assert Client().get(address).status_code == 302
    assert signed_in(make_staff(None)).get(address).status_code == 403
    assert signed_in(make_staff(world.us)).get(address).status_code == 403
    for role in Role:
        assert signed_in(make_staff(world.us, role)).get(address).status_code == 200


def test_customer_without_rows_says_so(world: Portfolio, browser: Client) -> None:
    world.relationship(world.us)
    assert "No figures on this day" in page(browser, world.customer)


@pytest.mark.parametrize(
    ("query", "message"),
    [("seller=me", "seller: “me” isn't known"), ("date=x", "date: “x” is no day; expected YYYY-MM-DD.")],
)
def test_wrong_parameter_is_named(fabrikam: Customer, browser: Client, query: str, message: str) -> None:
    response = browser.get(f"/customers/{fabrikam.tenant_id}/insights/?{query}")
    assert response.status_code == 400
    assert message in text(response.content.decode())


def test_queries_do_not_grow_with_rows(world: Portfolio, fabrikam: Customer, browser: Client) -> None:
    address = f"/customers/{fabrikam.tenant_id}/insights/?{DATE}"
    rollup(first=DAY, last=DAY)
    browser.get(address)
    with statements() as sent:
        browser.get(address)
    assert len(sent) == QUERIES
    for number in range(2):
        sku = world.sku("EXO", "CRM", part_number=f"P{number}")
        world.period(world.subscription(sku, seller=world.us, status="grace"), "ann")
    world.changed(DAY)
    rollup(first=DAY, last=DAY)
    with statements() as sent:
        browser.get(address)
    assert len(sent) == QUERIES


def test_trend_of_a_customer_that_another_partner_sold_everything_to(world: Portfolio, browser: Client) -> None:
    world.relationship(world.us)
    world.period(world.subscription(seller=world.them, quantity=2), "ann", stated_by=world.them)
    world.activity("ann", "EXO", ago(6), source=world.them.pk)
    rollup(first=ago(2), last=DAY)
    (trend, *_others) = tables(browser.get(f"/customers/{world.customer.tenant_id}/insights/?{DATE}"))
    assert [row[1] for row in trend[1:5]] == ["≥ 50.0%", "≥ 50.0%", "≥ 50.0%", "–"]
    response = browser.get(f"/customers/{world.customer.tenant_id}/insights/?{DATE}&seller=us")
    assert (response.status_code, "50.0%" in text(response.content.decode())) == (200, False)
