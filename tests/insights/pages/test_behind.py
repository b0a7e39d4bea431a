"""The list behind a count: as many rows as the count, names only for who may see them, and who looked is written down."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.test import Client

from customers.models import Customer
from insights.selectors.explain import COLUMNS
from partners.models import AuditEntry
from partners.permissions import Role
from tests.insights.pages.conftest import Portfolio
from tests.insights.pages.reading import lines, tables, text
from tests.insights.pages.test_customer_insights import fabrikam
from tests.insights.world import DAY, ago

__all__ = ["fabrikam"]

DATE = f"date={DAY.isoformat()}"
SIGHT = frozenset({Role.GLOBAL_ADMIN, Role.ADMIN_AGENT})


def address(customer: Customer, query: str, path: str = "list/") -> str:
    return f"/customers/{customer.tenant_id}/insights/{path}?{DATE}&{query}"


def rows(client: Client, customer: Customer, query: str) -> list[list[str]]:
    response = client.get(address(customer, query))
    assert response.status_code == 200
    found = tables(response)
    return found[0][1:] if found else []


def test_each_linked_count_has_as_many_rows(world: Portfolio, fabrikam: Customer, browser: Client) -> None:
    page = browser.get(f"/customers/{fabrikam.tenant_id}/insights/?{DATE}").content.decode()
    links = re.findall(r'<a href="(/customers/[^"]*/insights/list/[^"]*)">([0-9]+)</a>', page)
    assert len(links) > 20
    for link, number in set(links):
        response = browser.get(link.replace("&amp;", "&"))
        assert len(tables(response)[0]) - 1 == int(number)
        assert f": {number}" in text(response.content.decode())


def test_row_says_person_class_and_own_subscription(world: Portfolio, fabrikam: Customer, browser: Client) -> None:
    ours, lapsed, _trial = (s.subscription_id for s in fabrikam.subscriptions.order_by("pk"))
    assert rows(browser, fabrikam, "count=active&seller=us") == [
        ["ann", "current", "The E3", ours, "active", "25 Mar 2026"],
        ["cat", "former", "The E3", ours, "active", "25 Mar 2026"],
        ["dan", "lapsed", "The E3", lapsed, "grace", "25 Mar 2026"],
    ]
    (trial,) = rows(browser, fabrikam, "count=active_trial")
    assert trial[1:] == ["trial", "The E3", "–", "–", "25 Mar 2026"]


def test_row_says_that_a_licence_is_allotted(world: Portfolio, fabrikam: Customer, browser: Client) -> None:
    ours = fabrikam.subscriptions.order_by("pk")[0]
    ours.periods.filter(person__key="ann").update(allotted=True, stated_by=None, load=None)
    said = {row[3] for row in rows(browser, fabrikam, "count=assigned&seller=us")}
    assert said == {ours.subscription_id, f"{ours.subscription_id} allotted"}


@pytest.mark.parametrize("role", list(Role))
def test_names_are_for_who_may_see_them(
    world: Portfolio, fabrikam: Customer, sign_in: Callable[..., Client], role: Role
) -> None:
    users = {row[0] for row in rows(sign_in(role), fabrikam, "count=assigned")}
    named = {user for user in users if not user.startswith("person-")}
    assert named == ({"ann", "bob"} if role in SIGHT else set())
    found = lines(sign_in(role).get(address(fabrikam, "count=assigned", "list.csv")))
    assert {row["user"] for row in found} == users


def test_partner_that_did_not_deliver_a_person_sees_a_pseudonym(
    world: Portfolio, fabrikam: Customer, sign_in: Callable[..., Client]
) -> None:
    world.relationship(world.them)
    theirs = sign_in(partner=world.them)
    users = {row[0] for row in rows(theirs, fabrikam, "count=active")}
    assert {user for user in users if not user.startswith("person-")} == {"eve"}
    assert {row[3] for row in rows(theirs, fabrikam, "count=active_current")} == {"–"}


def test_each_view_of_names_is_written_down(
    world: Portfolio, fabrikam: Customer, sign_in: Callable[..., Client]
) -> None:
    rows(sign_in(Role.SALES_AGENT), fabrikam, "count=assigned")
    assert AuditEntry.objects.filter(action="people.view").count() == 0
    client = sign_in(Role.ADMIN_AGENT)
    rows(client, fabrikam, "count=assigned")
    lines(client.get(address(fabrikam, "count=idle", "list.csv")))
    rows(client, fabrikam, "count=active_unlicensed")
    seen = AuditEntry.objects.filter(action="people.view").order_by("pk")
    assert [(entry.after, entry.kind, entry.object_id, entry.partner) for entry in seen] == [
        ({"people": 2, "where": "assigned, page"}, "customer", str(fabrikam.tenant_id), world.us),
        ({"people": 1, "where": "idle, file"}, "customer", str(fabrikam.tenant_id), world.us),
    ]


def test_file_has_the_columns_of_the_command(fabrikam: Customer, browser: Client) -> None:
    found = lines(browser.get(address(fabrikam, "count=active_lapsed", "list.csv")))
    assert [list(row) for row in found] == [list(COLUMNS)]
    assert [found[0]["user"], found[0]["status"]] == ["dan", "grace"]


def test_list_is_seen_only_where_the_customer_is_served_today(world: Portfolio, browser: Client) -> None:
    world.relationship(world.us, end=ago(-1))
    world.period(world.subscription(seller=world.us), "ann")
    for path in ("list/", "list.csv"):
        assert browser.get(address(world.customer, "count=assigned", path)).status_code == 404


@pytest.mark.parametrize("name", ["family", "workload"])
def test_code_that_is_no_text_is_400(world: Portfolio, fabrikam: Customer, browser: Client, name: str) -> None:
    assert browser.get(address(fabrikam, f"count=active&{name}=%00")).status_code == 400


def test_pages_of_fifty(world: Portfolio, browser: Client) -> None:
    world.relationship(world.us)
    ours = world.subscription(seller=world.us, quantity=60)
    for number in range(51):
        world.period(ours, f"user{number:02}", stated_by=world.us)
    assert len(rows(browser, world.customer, "count=assigned")) == 50
    assert [row[0] for row in rows(browser, world.customer, "count=assigned&page=2")] == ["user50"]


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("", "count: “” has no list behind it; expected one of blocked, assigned, active, "),
        ("count=sold", "count: “sold” has no list behind it; expected one of blocked, assigned, active, "),
        ("count=idle&sku=x", "sku: “x” is no SKU id; expected a GUID."),
        ("count=idle&workload=NOPE", "No workload has the code 'NOPE'."),
        ("count=idle&family=NOPE", "No family has the code 'NOPE'."),
        ("count=idle&page=9", "page: “9” is no page of this table; expected a number from 1 to 1."),
    ],
)
def test_wrong_parameter_is_named(fabrikam: Customer, browser: Client, query: str, message: str) -> None:
    response = browser.get(address(fabrikam, query))
    assert response.status_code == 400
    assert message in text(response.content.decode())
