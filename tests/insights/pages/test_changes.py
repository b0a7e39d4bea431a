"""What changed at a customer between two days, and why: figures that add up, causes of one's own, nothing of others."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from unittest import mock
from uuid import uuid4

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from customers.models import Customer, Load, Subscription
from insights.selectors.changes.figures import ADDED_UP, FIGURES, compared
from insights.selectors.insight_rows import By, Question, Seller, insight_rows
from insights.services.rollup import rollup
from partners.models import AuditEntry
from partners.permissions import Role
from partners.services.audit import record
from tests.insights.exports.reading import csv_rows, fetched, json_rows, xlsx_rows
from tests.insights.pages.conftest import Portfolio
from tests.insights.pages.reading import tables, text
from tests.insights.world import DAY, ago
from tests.people import make_staff, signed_in
from tests.statements import statements

DATE = f"date={DAY.isoformat()}"
QUERIES = 13
EVENTS = frozenset({Role.GLOBAL_ADMIN, Role.ADMIN_AGENT})


@pytest.fixture
def fabrikam(world: Portfolio) -> Customer:
    """Ours grew from 4 to 6 ten days ago and ann left; others sold two more five days ago."""
    world.relationship(world.us)
    load = Load.objects.create(kind="import", stated_by=world.us, source="march.zip")
    stated = {"stated_by": world.us, "load": load}
    ours = world.subscription(seller=world.us, quantity=4, **stated)
    world.version(ours, effective_on=ago(10), quantity=6, **stated)
    world.period(ours, "ann", end=ago(3), stated_by=world.us)
    world.period(ours, "bob", stated_by=world.us)
    ours.periods.update(load=load)
    theirs = world.subscription(seller=world.them, quantity=1)
    world.version(theirs, effective_on=ago(5), quantity=3)
    for user in ("ann", "bob"):
        world.activity(user, "EXO", ago(6))
    world.activity("bob", "EXO", ago(40))
    return world.customer


def address(customer: Customer, query: str = "", path: str = "changes/") -> str:
    return f"/customers/{customer.tenant_id}/{path}?{DATE}&{query}"


def shown(client: Client, customer: Customer, query: str = "") -> str:
    response = client.get(address(customer, query))
    assert response.status_code == 200
    return text(response.content.decode())


def found_in(client: Client, customer: Customer, query: str = "") -> list[list[list[str]]]:
    return tables(client.get(address(customer, query)))


def test_figures_stand_side_by_side(fabrikam: Customer, browser: Client) -> None:
    figures, parts, _causes = found_in(browser, fabrikam)
    by_name = {row[0]: row[1:] for row in figures[1:]}
    assert figures[0][1:4] == ["3 Mar 2026", "31 Mar 2026", "Change"]
    assert by_name["Sold"] == ["5", "9", "+4", "+2", "+2"]
    assert by_name["Assigned"] == ["2", "1", "−1", "−1", "±0"]
    assert by_name["Deployment"] == ["40.0%", "11.1%", "−28.9 points", "–", "–"]
    assert by_name["Turnover"] == ["0", "1", "+1", "+1", "±0"]
    assert by_name["Idle"] == ["1", "0", "−1", "–", "–"]
    assert [row[0] for row in parts[1:]] == [
        "The E3 SKU",
        "Exchange workload",
        "SharePoint workload",
        "Teams workload",
        "Yammer workload",
    ]
    assert parts[1][1:] == ["40.0% → 11.1%", "20.0% → 22.2%", "+4", "−1", "+1", "−1"]


def test_causes_say_who_stated_what_and_when(fabrikam: Customer, browser: Client) -> None:
    ours = fabrikam.subscriptions.order_by("pk")[0].subscription_id
    *_others, causes = found_in(browser, fabrikam)
    another, *own = causes[1:]
    assert another[:2] == [
        "between the days",
        "Another source Facts of another source changed Sold: +2 Entitled: +2 Unassigned: +2",
    ]
    assert own[0][0] == "21 Mar 2026"
    assert own[0][1] == f"Your subscription The E3, subscription {ours} quantity: 4 → 6"
    assert own[0][2].startswith("march.zip ")
    assert own[1][:2] == [
        "21 Mar 2026 – 28 Mar 2026",
        "Delivery Facts were delivered 1 version of a subscription 1 licence taken away",
    ]
    assert len(own) == 2


def test_a_subscription_that_ages_is_a_cause_without_a_load(world: Portfolio, browser: Client) -> None:
    world.relationship(world.us)
    world.subscription(seller=world.us, term_end=ago(11), auto_renew=False)
    *_others, causes = found_in(browser, world.customer)
    (event,) = causes[1:]
    assert event[0] == "21 Mar 2026"
    assert event[1].endswith("status: active → grace")
    assert event[2:] == [
        "nobody: it ages",
        "The term ended on 20 Mar 2026 and wasn't renewed: the state follows from that.",
    ]


def test_a_subscription_that_begins_says_with_what(world: Portfolio, browser: Client) -> None:
    world.relationship(world.us)
    world.subscription(seller=world.us, effective_on=ago(3), quantity=7)
    *_others, causes = found_in(browser, world.customer)
    assert "quantity: 7" in causes[1][1]
    assert causes[1][2] == "the operator"


def test_activity_and_coverage_are_deliveries(world: Portfolio, fabrikam: Customer, browser: Client) -> None:
    load = Load.objects.create(kind="feed", stated_by=world.us, source="activity.zip")
    state_days(world, load, fabrikam)
    page = shown(browser, fabrikam)
    assert "activity on 2 days" in page
    assert "2 covered days" in page
    load.undone_at = load.started_at
    load.save()
    assert "activity.zip" not in shown(browser, fabrikam)


def state_days(world: Portfolio, load: Load, customer: Customer) -> None:
    """Two days in the window of the first day or later, and one before it, of which nothing shows."""
    from customers.models import ActivityStatement, CoverageStatement

    exchange = world.workload("EXO")
    for block, day in ((0, ago(6)), (1, ago(6)), (0, ago(55)), (0, ago(56))):
        ActivityStatement.objects.create(
            load=load, customer=customer, workload=exchange, block=block, day=day, stated=1, retracted=0, added=1
        )
    CoverageStatement.objects.create(
        load=load, customer=customer, workload=None, month=DAY.replace(day=1), stated=3, retracted=0, added=3
    )


@pytest.mark.parametrize("role", list(Role))
def test_corrections_are_for_who_may_read_them(
    world: Portfolio, fabrikam: Customer, sign_in: Callable[..., Client], role: Role
) -> None:
    correction(world, fabrikam)
    page = shown(sign_in(role), fabrikam)
    assert ("Subscription version corrected" in page) is (role in EVENTS)
    assert ("the invoice said 6" in page) is (role in EVENTS)
    assert ("Your role doesn't include the corrections" in page) is (role not in EVENTS)


def correction(world: Portfolio, customer: Customer, **cells: object) -> AuditEntry:
    about = {"customer_id": str(customer.tenant_id), "stated_by": str(world.us.partner_id)} | cells
    agent = make_staff(world.us, Role.ADMIN_AGENT)
    with mock.patch("django.utils.timezone.now", return_value=datetime(2026, 3, 29, 10, tzinfo=UTC)):
        return record(
            actor=agent,
            partner=world.us,
            kind="customer",
            action="subscription_version.change",
            object_type="subscription_version",
            object_id="1",
            reason="the invoice said 6",
            before=about | {"quantity": "5"},
            after=about | {"quantity": "6"},
        )


def test_correction_says_who_and_why(world: Portfolio, fabrikam: Customer, browser: Client) -> None:
    entry = correction(world, fabrikam)
    *_others, causes = found_in(browser, fabrikam)
    assert causes[2] == [
        "29 Mar 2026",
        "Correction Subscription version corrected quantity: 5 → 6",
        f"{entry.actor.email} 29 Mar 2026, 10:00 UTC",
        "the invoice said 6",
    ]


def test_corrections_of_other_customers_and_before_the_days_are_left_out(
    world: Portfolio, fabrikam: Customer, browser: Client
) -> None:
    entry = correction(world, world.serve("Other"))
    assert "the invoice said 6" not in shown(browser, fabrikam)
    later = f"with={ago(1)}"
    assert entry.reason not in shown(browser, world.customer, later)


def test_correction_of_a_period_is_found_by_its_subscription_without_the_name(
    world: Portfolio, fabrikam: Customer, browser: Client
) -> None:
    ours = fabrikam.subscriptions.order_by("pk")[0].subscription_id
    for number, subscription in enumerate((ours, "unknown")):
        record(
            actor=None,
            partner=world.us,
            kind="customer",
            action="entitlement_period.remove",
            object_type="entitlement_period",
            object_id=f"{subscription} / ann / 2026-01-01",
            reason=f"reason {number}",
            before={
                "subscription_id": subscription,
                "user_id": "ann",
                "from": "2026-01-01",
                "to": "",
                "state": "entitled",
            },
        )
    page = shown(browser, fabrikam)
    assert ("reason 0" in page, "reason 1" in page, "(name not shown)" in page, " ann " in page) == (
        True,
        False,
        True,
        False,
    )
    assert AuditEntry.objects.filter(action="people.view").count() == 0


def test_others_are_never_named(world: Portfolio, fabrikam: Customer, sign_in: Callable[..., Client]) -> None:
    world.relationship(world.them)
    load = Load.objects.create(kind="import", stated_by=world.them, source="SECRET.zip")
    theirs = Subscription.objects.get(seller=world.them)
    theirs.versions.update(stated_by=world.them, load=load)
    correction_of_them = record(
        actor=make_staff(world.them, Role.ADMIN_AGENT, email="secret@them.example"), partner=world.them, kind="customer",
        action="subscription_version.change", object_type="subscription_version", object_id="1", reason="SECRET",
        after={"customer_id": str(fabrikam.tenant_id), "quantity": "3"},
    )  # fmt: skip
    assert correction_of_them.partner == world.them
    ours = sign_in()
    bodies = [
        ours.get(address(fabrikam)).content.decode(),
        fetched(ours, address(fabrikam, path="changes/causes.csv")).decode("utf-8-sig"),
    ]
    for body in bodies:
        assert ("SECRET" in body, "secret@" in body, f"subscription {theirs.subscription_id}" in body) == (False,) * 3
    page = shown(sign_in(partner=world.them), fabrikam)
    assert "SECRET.zip" in page
    assert "march.zip" not in page


def test_change_of_own_that_nobody_of_us_stated_is_of_another_source(world: Portfolio, browser: Client) -> None:
    world.relationship(world.us)
    ours = world.subscription(seller=world.us, quantity=2)
    world.period(ours, "ann", begin=ago(4))
    *_others, causes = found_in(browser, world.customer)
    assert [row[:2] for row in causes[1:]] == [
        [
            "between the days",
            "Another source Facts of another source changed Assigned: +1 Unassigned: −1 People: +1",
        ]
    ]


def test_nothing_changed_says_so(world: Portfolio, browser: Client) -> None:
    world.relationship(world.us)
    world.subscription(seller=world.us, quantity=2)
    page = shown(browser, world.customer)
    assert "No cause is known between these days" in page
    assert "Where it changed" not in page


def test_no_figures_on_either_day_says_so(world: Portfolio, browser: Client) -> None:
    world.relationship(world.us)
    assert "No figures on either day" in shown(browser, world.customer)


def test_first_day_is_within_the_relationship(world: Portfolio, browser: Client) -> None:
    world.relationship(world.us, begin=ago(9))
    world.subscription(seller=world.us)
    assert "What changed between 22 Mar 2026 and 31 Mar 2026" in shown(browser, world.customer)
    page = shown(browser, world.customer, f"with={ago(10)}")
    assert "The first of the two days isn't yours to see" in page
    assert "Choose a day from 22 Mar 2026 on." in page
    assert csv_rows(fetched(browser, address(world.customer, f"with={ago(10)}", "changes.csv"))) == []


def test_causes_are_for_who_serves_the_customer_today(world: Portfolio, fabrikam: Customer, browser: Client) -> None:
    world.customer.relationships.update(valid_to=ago(-1))
    page = shown(browser, fabrikam)
    assert "Deployment 40.0% 11.1%" in page
    assert "what caused the change isn't shown" in page
    assert "march.zip" not in page
    assert csv_rows(fetched(browser, address(fabrikam, path="changes/causes.csv"))) == []


@pytest.mark.parametrize("path", ["changes", "changes/parts", "changes/causes"])
@pytest.mark.parametrize("query", ["", f"with={ago(5)}", f"with={ago(1)}"])
def test_every_form_says_the_same(world: Portfolio, fabrikam: Customer, browser: Client, path: str, query: str) -> None:
    correction(world, fabrikam)
    as_csv, as_json, as_xlsx = (
        fetched(browser, address(fabrikam, query, f"{path}.{form}")) for form in ("csv", "json", "xlsx")
    )
    rows = json_rows(as_json)
    for row in rows:
        row.pop("at", None)  # a moment, which Excel has as a number of days
    assert [{name: said for name, said in row.items() if name != "at"} for row in xlsx_rows(as_xlsx)] == rows
    plain = [{name: said.removeprefix("'") for name, said in row.items() if name != "at"} for row in csv_rows(as_csv)]
    assert plain == rows
    page = found_in(browser, fabrikam, query)
    on_page = {
        "changes": page[0],
        "changes/parts": page[1] if len(page) == 3 else [[]],
        "changes/causes": page[-1] if len(page) > 1 else [[]],
    }
    assert len(rows) == len(on_page[path]) - 1


@settings(max_examples=25, suppress_health_check=[*HealthCheck])
@given(st.data())
def test_changes_are_the_difference_of_two_days_and_add_up(
    fabrikam: Customer, world: Portfolio, data: st.DataObject
) -> None:
    before, day = sorted(data.draw(st.lists(st.integers(0, 60), min_size=2, max_size=2, unique=True)), reverse=True)
    found = compared(Question(world.us, ago(day)), customer=fabrikam.pk, before=ago(before))
    rows = {
        (back, seller): {row["workload"]: row for row in insight_rows(Question(world.us, ago(back), By.ALL, seller))}[
            "any"
        ]
        for back in (before, day)
        for seller in Seller
    }
    for change in found.whole:
        pair = [rows[back, Seller.ALL][change.name] for back in (before, day)]
        if rows[before, Seller.ALL]["covered_days"] and rows[day, Seller.ALL]["covered_days"]:
            assert [change.before, change.after] == pair
        if change.name in ADDED_UP and change.change is not None:
            own = rows[day, Seller.US][change.name] - rows[before, Seller.US][change.name]
            assert (change.own, change.own + change.others) == (own, change.change)
    assert [change.name for change in found.whole] == list(FIGURES)


def test_unknown_and_foreign_customers_are_alike(world: Portfolio, browser: Client) -> None:
    foreign = world.a_customer("Foreign")
    world.relationship(world.them, foreign)
    for customer_id in (uuid4(), foreign.tenant_id):
        for path in ("changes/", "changes.csv", "changes/parts.json", "changes/causes.xlsx"):
            assert browser.get(f"/customers/{customer_id}/{path}?{DATE}").status_code == 404


def test_doors_are_for_staff(world: Portfolio, fabrikam: Customer) -> None:
    for path in ("changes/", "changes.csv", "changes/parts.csv", "changes/causes.csv"):
        assert Client().get(address(fabrikam, path=path)).status_code == 302
        assert signed_in(make_staff(world.us)).get(address(fabrikam, path=path)).status_code == 403


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("with=x", "with: “x” is no day; expected YYYY-MM-DD."),
        (f"with={DAY}", f"with: {DAY} isn't earlier than {DAY}; expected a day before it."),
        (f"with={DAY + timedelta(days=1)}", f"with: {DAY + timedelta(days=1)} isn't earlier than {DAY}"),
    ],
)
def test_wrong_parameter_is_named(fabrikam: Customer, browser: Client, query: str, message: str) -> None:
    response = browser.get(address(fabrikam, query))
    assert response.status_code == 400
    assert message in text(response.content.decode())


def test_queries_do_not_grow_with_causes(world: Portfolio, fabrikam: Customer, browser: Client) -> None:
    for day in (ago(28), DAY):
        rollup(first=day, last=day)
    browser.get(address(fabrikam))
    with statements() as sent:
        browser.get(address(fabrikam))
    assert len(sent) == QUERIES
    for number in range(2):
        load = Load.objects.create(kind="feed", stated_by=world.us, source=f"more-{number}.zip")
        sku = world.sku("EXO", "CRM", part_number=f"P{number}")
        world.subscription(sku, seller=world.us, effective_on=ago(2), stated_by=world.us, load=load)
    world.changed(ago(60))
    for day in (ago(28), DAY):
        rollup(first=day, last=day)
    with statements() as sent:
        browser.get(address(fabrikam))
    assert len(sent) == QUERIES
