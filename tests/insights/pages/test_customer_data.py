"""A customer's data page: covered days, freshness, who delivered, and use outside every entitlement."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.formats import date_format

from customers.clock import today
from customers.models import Coverage, CoverageStatement, Customer, Load, LoadedFile, Relationship, SeenList
from customers.selectors.customers import reach_of
from insights.selectors.customer_data import customer_data
from insights.views.customer_data import COLUMNS
from partners.models import Partner
from partners.permissions import Role
from tests.insights.world import DAY, World, ago
from tests.people import make_operator, make_staff
from tests.served import CANARY, another_customer, browser, lines_of, serve, text_of

WINDOW = [ago(days) for days in range(27, -1, -1)]


@pytest.fixture
def world(db: None) -> World:
    return serve(World())


def page(client: Client, customer: Customer, name: str = "insights:customer_data", **query: str):
    return client.get(reverse(name, args=[customer.tenant_id]), query or {"date": DAY.isoformat()})


def data(world: World, day: date = DAY):
    reach = reach_of(partner=world.us, customer_id=world.customer.tenant_id, day=day)
    return customer_data(partner=world.us, reach=reach, day=day)


def by_code(world: World, day: date = DAY) -> dict:
    return {row.code: row for row in data(world, day).workloads}


def cover(world: World, workload: str | None, on: date, source: Partner | None) -> None:
    month = on.replace(day=1)
    of = {"customer": world.customer, "workload": world.workload(workload) if workload else None}
    said = Coverage.objects.get_or_create(**of, source=source.pk if source else 0, month=month, defaults={"days": 0})[0]
    said.days |= 1 << on.day - 1
    said.save()


def outside(world: World, day: date = DAY) -> dict[str, int | None]:
    return {row.code: row.people_outside for row in data(world, day).workloads}


def load_of(partner: Partner | None, customer: Customer, source: str, *files: str) -> None:
    load = Load.objects.create(kind="feed", stated_by=partner, source=source)
    for name in files:
        LoadedFile.objects.create(load=load, name=name, outcome="loaded")
    CoverageStatement.objects.create(load=load, customer=customer, month=date(2026, 3, 1), stated=1, retracted=0)


def test_days_by_source(world: World) -> None:
    world.subscription(world.sku("EXO", "TEAMS"))
    cover(world, "EXO", ago(27), world.us)
    cover(world, "EXO", ago(1), world.them)
    cover(world, "EXO", ago(28), world.us)
    cover(world, None, ago(0), None)
    world.activity("ann", "EXO", ago(5), source=world.us.pk)
    world.activity("ann", "EXO", ago(5), source=world.them.pk)
    rows = by_code(world)
    covered = {on: sources for on, sources in zip(WINDOW, rows["EXO"].days, strict=True) if any(sources)}
    assert covered == {
        ago(27): (True, False),
        ago(5): (True, True),
        ago(1): (False, True),
        ago(0): (False, True),
    }
    assert [sources for sources in rows["TEAMS"].days if any(sources)] == [(False, True)]
    assert (rows["EXO"].covered_days, rows["TEAMS"].covered_days) == (4, 1)


def test_covered_days_are_those_of_the_figures(world: World) -> None:
    subscription = world.subscription(world.sku("EXO", "SPO"))
    world.period(subscription, "ann")
    world.activity("ann", "EXO", ago(3), ago(30))
    world.coverage("SPO", ago(0), ago(9), ago(27), ago(28))
    world.coverage(None, ago(2))
    rows = by_code(world)
    for code in ("EXO", "SPO"):
        assert rows[code].covered_days == world.row(code)["covered_days"]


def test_last_covered_day_reaches_back_beyond_the_window(world: World) -> None:
    world.subscription(world.sku("EXO", "SPO", "TEAMS"))
    world.activity("ann", "EXO", ago(60))
    world.coverage("SPO", ago(40))
    rows = by_code(world)
    assert [rows[code].last_covered for code in ("EXO", "SPO", "TEAMS")] == [ago(60), ago(40), None]
    assert [row.covered_days for row in rows.values()] == [0] * len(rows)


def test_workloads_are_those_held_used_or_free_to_use(world: World) -> None:
    world.subscription(world.sku("EXO"))
    world.activity("ann", "CRM", DAY)
    world.coverage("SFB", DAY)
    rows = by_code(world)
    assert {code: row.is_held for code, row in rows.items()} == {"EXO": True, "CRM": False, "YAM": False}


def test_people_outside_every_entitlement(world: World) -> None:
    held = world.subscription(world.sku("EXO", "SPO"))
    world.period(held, "ann", begin=ago(10), end=ago(5))
    world.activity("ann", "EXO", ago(10), ago(6))
    world.activity("bob", "EXO", ago(27))
    world.activity("cat", "EXO", ago(28))
    world.activity("ann", "TEAMS", ago(7))
    world.activity("bob", "TEAMS", ago(7))
    world.activity("bob", "YAM", ago(7))
    assert outside(world) == {"EXO": 1, "SPO": 0, "TEAMS": 2, "YAM": None}
    assert data(world).people_outside == 2
    world.activity("ann", "EXO", ago(5))
    assert (outside(world)["EXO"], data(world).people_outside) == (2, 2)


@pytest.mark.parametrize(
    "version", [{"status": "disabled"}, {"is_trial": True}, {"seller": "them"}], ids=["lapsed", "trial", "other seller"]
)
def test_any_subscription_that_exists_licenses(world: World, version: dict) -> None:
    seller = world.them if version.pop("seller", None) else None
    world.period(world.subscription(world.sku("EXO"), seller=seller, **version), "ann")
    world.activity("ann", "EXO", DAY)
    assert outside(world)["EXO"] == 0


def test_subscription_that_does_not_exist_yet_licenses_nothing(world: World) -> None:
    world.period(world.subscription(world.sku("EXO"), effective_on=ago(-1)), "ann")
    world.activity("ann", "EXO", DAY)
    assert outside(world) == {"EXO": 1, "YAM": None}


def test_blocked_period_licenses_nothing(world: World) -> None:
    world.period(world.subscription(world.sku("EXO")), "ann", state="cancelled")
    world.activity("ann", "EXO", DAY)
    assert outside(world)["EXO"] == 1


def test_flagged_workload_of_a_family_that_is_off_is_counted_here(world: World) -> None:
    world.family("o365").__class__.objects.filter(key="o365").update(in_insights=False)
    world.activity("ann", "YAM", DAY)
    assert (outside(world), data(world).people_outside) == ({"YAM": 1}, 1)


def test_people_of_many_blocks(world: World) -> None:
    names = world.people(130)
    for name in (names[0], names[64], names[129]):
        world.activity(name, "EXO", DAY)
    assert outside(world)["EXO"] == 3


def test_page_names_no_other_source(world: World) -> None:
    Partner.objects.filter(pk=world.them.pk).update(name=CANARY)
    world.subscription(world.sku("EXO"))
    cover(world, "EXO", DAY, world.them)
    load_of(world.them, world.customer, CANARY, "coverage.csv")
    load_of(None, world.customer, CANARY, "coverage.csv")
    load_of(world.us, another_customer(world, "Other"), "of another customer", "coverage.csv")
    load_of(world.us, world.customer, "ours.zip", "coverage.csv", "activity.csv")
    html = text_of(page(browser(world.us, *Role), world.customer))
    assert (CANARY in html, "of another customer" in html) == (False, False)
    assert re.search(r'<th scope="row">ours.zip</th><td>activity.csv, coverage.csv</td>', html)
    assert html.count("sw-cell-other") == 1 + 1  # one day, and the key to the colours
    assert html.count(">delivered by another source<") == 1


@pytest.mark.parametrize(
    ("sources", "said"),
    [
        ({"directory": DAY}, "Known from lists of the customer's directory, the last of 31 Mar 2026."),
        ({"report": ago(3)}, "Known from usage reports, the last of 28 Mar 2026; nobody has delivered a list"),
        ({"directory": ago(9), "report_concealed": ago(3)}, "in which the customer conceals names, the last of 28 Mar"),
    ],
)
def test_page_says_from_which_lists_holders_are_known(world: World, sources: dict[str, date], said: str) -> None:
    assert said not in text_of(page(browser(world.us, Role.SALES_AGENT), world.customer))
    for source, day in sources.items():
        SeenList.objects.create(customer=world.customer, source=source, day=day, stated_by=world.them)
    html = text_of(page(browser(world.us, Role.SALES_AGENT), world.customer))
    assert said in html.replace("&#x27;", "'")


def test_page_open_to_every_role_with_its_file(world: World) -> None:
    for role in Role:
        client = browser(world.us, role)
        assert page(client, world.customer).status_code == 200
        assert page(client, world.customer, "insights:customer_data_csv").status_code == 200


def test_csv_one_line_a_workload_and_day(world: World) -> None:
    world.subscription(world.sku("EXO"))
    cover(world, "EXO", DAY, world.us)
    world.activity("ann", "EXO", ago(1), source=world.them.pk)
    lines = lines_of(page(browser(world.us, Role.SALES_AGENT), world.customer, "insights:customer_data_csv"))
    assert (lines[0], len(lines)) == (list(COLUMNS), 1 + 2 * 28)
    start = [str(world.customer.tenant_id), "Fabrikam", "2026-03-31", "EXO"]
    assert lines[26:29] == [
        [*start, "2026-03-29", "false", "", "1"],
        [*start, "2026-03-30", "true", "another source", "1"],
        [*start, "2026-03-31", "true", "us", "1"],
    ]


def test_foreign_customers_are_not_found(world: World) -> None:
    foreign = another_customer(world, "Foreign", world.them)
    client = browser(world.us, *Role)
    for name in ("insights:customer_data", "insights:customer_data_csv"):
        for customer in (foreign, Customer(tenant_id=world.guid())):
            assert page(client, customer, name).status_code == 404


def test_served_on_the_day_or_today_only(world: World) -> None:
    past, new = world.a_customer("Past"), world.a_customer("New")
    world.relationship(world.us, past, end=today() - timedelta(days=1))
    world.relationship(world.us, new, begin=ago(-1))
    client = browser(world.us, *Role)
    for customer, shown in ((past, (True, False)), (new, (False, True))):
        html = text_of(page(client, customer))
        assert ("Covered days" in html, "Your deliveries" in html) == shown
    assert lines_of(page(client, new, "insights:customer_data_csv")) == [list(COLUMNS)]


@pytest.mark.parametrize("number", [1, 3])
def test_number_of_queries(world: World, number: int, django_assert_num_queries) -> None:
    for key, code in zip(range(number), ("EXO", "SPO", "TEAMS"), strict=False):
        world.period(world.subscription(world.sku(code)), f"user{key}")
        world.activity(f"user{key}", code, DAY)
        load_of(world.us, world.customer, f"delivery-{key}", "coverage.csv")
    client = browser(world.us, Role.GLOBAL_ADMIN)
    with django_assert_num_queries(10):
        assert text_of(page(client, world.customer)).count("delivery-") == number


def test_last_covered_day_reaches_back_as_far_as_the_partner_served(world: World) -> None:
    world.subscription(world.sku("EXO"))
    cover(world, "EXO", ago(100), world.them)
    assert by_code(world)["EXO"].last_covered == ago(100)
    Relationship.objects.filter(partner=world.us).update(valid_from=ago(50))
    assert by_code(world)["EXO"].last_covered is None
    cover(world, "EXO", ago(77), world.them)
    assert by_code(world)["EXO"].last_covered == ago(77)
    world.relationship(world.us, begin=ago(300), end=ago(90))
    cover(world, "EXO", ago(90), world.them)
    assert by_code(world)["EXO"].last_covered == ago(77)


def test_an_earlier_relationship_shows_its_own_days(world: World) -> None:
    world.subscription(world.sku("EXO"))
    cover(world, "EXO", ago(100), world.them)
    Relationship.objects.filter(partner=world.us).update(valid_from=ago(50))
    world.relationship(world.us, begin=ago(300), end=ago(90))
    assert by_code(world)["EXO"].last_covered == ago(100)


def test_a_correction_goes_by_who_made_it_and_by_the_rights_of_the_reader(world: World) -> None:
    ann = make_staff(world.us, Role.ADMIN_AGENT, first_name="Ann", last_name="Lee")
    stranger = make_operator(email="root@installation.example")
    for maker in (ann, stranger):
        load_of(world.us, world.customer, f"correction by staff {maker.pk}", "coverage.csv")
    on = date_format(today(), "DATE_FORMAT")
    html = text_of(page(browser(world.us, Role.ADMIN_AGENT), world.customer))
    assert f"correction by Ann Lee on {on}" in html
    assert f"correction by the operator on {on}" in html
    html = text_of(page(browser(world.us, Role.SALES_AGENT), world.customer))
    assert (html.count(f">correction on {on}<"), "Ann Lee" in html, "by staff" in html) == (2, False, False)
