"""People of a customer: licences, last activity, who stands out; names only for who may see them; page and file the same."""

from __future__ import annotations

from collections.abc import Callable
from uuid import uuid4

import pytest
from django.db import transaction
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from customers.models import Customer, LeftOutPerson, LeftOutSku, Person
from customers.selectors.customers import reach_of
from insights.selectors.explain import Row, entries
from insights.selectors.insight_rows import Question
from insights.selectors.roster import Order, People, Show, Somebody
from partners.models import AuditEntry
from partners.permissions import Role
from tests.insights.exports.reading import csv_rows, fetched, json_rows, xlsx_rows
from tests.insights.pages.conftest import Portfolio, staff_of
from tests.insights.pages.reading import lines, tables, text
from tests.insights.pages.test_customer_insights import fabrikam
from tests.insights.world import DAY, ago
from tests.people import make_staff, signed_in
from tests.statements import statements

__all__ = ["fabrikam"]

DATE = f"date={DAY.isoformat()}"
QUERIES = 14
SIGHT = frozenset({Role.GLOBAL_ADMIN, Role.ADMIN_AGENT})


def address(customer: Customer, query: str = "", path: str = "people/") -> str:
    return f"/customers/{customer.tenant_id}/{path}?{DATE}&{query}"


def rows(client: Client, customer: Customer, query: str = "") -> list[list[str]]:
    response = client.get(address(customer, query))
    assert response.status_code == 200
    found = tables(response)
    return found[0][1:] if found else []


def shown(client: Client, customer: Customer, query: str = "") -> str:
    return text(client.get(address(customer, query)).content.decode())


def users(client: Client, customer: Customer, query: str = "") -> list[str]:
    return [row[0] for row in rows(client, customer, query)]


def test_row_says_licences_and_last_activity(world: Portfolio, fabrikam: Customer, browser: Client) -> None:
    ours, lapsed, _trial = (s.subscription_id for s in fabrikam.subscriptions.order_by("pk"))
    world.activity("ann", "SPO", ago(40))
    found = {row[0]: row[1:] for row in rows(browser, fabrikam)}
    assert found["ann"] == [f"The E3 {ours}", "25 Mar 2026", "Exchange 25 Mar 2026 SharePoint 19 Feb 2026"]
    assert found["bob"] == [f"The E3 {ours} idle", "–", "–"]
    assert found["cat left"] == [f"The E3 {ours} former", "25 Mar 2026", "Exchange 25 Mar 2026"]
    assert found["dan"] == [f"The E3 {lapsed} lapsed", "25 Mar 2026", "Exchange 25 Mar 2026"]
    assert sorted(user for user in found if user.startswith("person-")) == sorted(
        user for user in found if user not in {"ann", "bob", "cat left", "dan"}
    )
    others = sorted(found[user] for user in found if user.startswith("person-"))
    assert others == [
        ["The E3 trial", "25 Mar 2026", "Exchange 25 Mar 2026"],
        ["none", "25 Mar 2026", "Yammer 25 Mar 2026 without a licence"],
    ]


def test_choices_count_what_they_show(fabrikam: Customer, browser: Client) -> None:
    page = shown(browser, fabrikam)
    assert "Everybody 6 Idle licence 1 Use without a licence 1 Left 1" in page
    assert users(browser, fabrikam, "show=idle") == ["bob"]
    assert len(users(browser, fabrikam, "show=unlicensed")) == 1
    assert users(browser, fabrikam, "show=left") == ["cat left"]


def test_idle_people_are_those_behind_the_figure(world: Portfolio, fabrikam: Customer, browser: Client) -> None:
    world.family("more", in_insights=True)
    crm = world.subscription(world.sku("CRM", family="more", part_number="CRM"), seller=world.us)
    for user in ("ann", "bob"):
        world.period(crm, user, stated_by=world.us)
    listed = entries(Question(world.us, DAY), customer_id=fabrikam.tenant_id, row=Row(), count="idle", named=True)
    assert set(users(browser, fabrikam, "show=idle")) == {entry.user for entry in listed} == {"ann", "bob"}


def test_without_any_coverage_nobody_is_idle(world: Portfolio, browser: Client) -> None:
    world.relationship(world.us)
    world.period(world.subscription(seller=world.us), "ann", stated_by=world.us)
    assert users(browser, world.customer) == ["ann"]
    assert users(browser, world.customer, "show=idle") == []
    world.coverage("EXO", ago(3))
    assert users(browser, world.customer, "show=idle") == ["ann"]


def test_blocked_licence_is_marked_and_nobody_left(world: Portfolio, browser: Client) -> None:
    world.relationship(world.us)
    ours = world.subscription(seller=world.us)
    world.period(ours, "ann", end=ago(5), stated_by=world.us)
    world.period(ours, "ann", begin=ago(5), state="suspended_nonpayment", stated_by=world.us)
    ((user, licences, *_rest),) = rows(browser, world.customer)
    assert (user, licences.count("blocked"), licences.count("former")) == ("ann", 1, 1)
    assert users(browser, world.customer, "show=left") == []


def test_allotted_licence_is_marked(world: Portfolio, fabrikam: Customer, browser: Client) -> None:
    ours = fabrikam.subscriptions.order_by("pk")[0]
    ours.periods.filter(person__key="ann").update(allotted=True, stated_by=None, load=None)
    marked = {row[0] for row in rows(browser, fabrikam) if "allotted" in row[1]}
    assert len(marked) == 1
    assert {row["allotted"] for row in lines(browser.get(address(fabrikam, path="people.csv")))} == {"true", "false"}


def test_left_out_sku_still_is_a_licence(world: Portfolio, fabrikam: Customer, browser: Client) -> None:
    LeftOutSku.objects.create(
        partner=world.us, sku=world.e3, reason="free", left_out_by=staff_of(world), left_out_at="2026-01-01T00:00Z"
    )
    page = shown(browser, fabrikam)
    assert "Idle licence 0 Use without a licence 1 Left 1" in page
    assert "not counted" in page
    assert "Idle licence 1" in shown(browser, fabrikam, "left_out=counted")


def test_mailbox_that_is_left_out_is_nobody(world: Portfolio, fabrikam: Customer, browser: Client) -> None:
    LeftOutPerson.objects.create(
        customer=fabrikam, user_id="bob", key="bob", mailbox="shared", reason="x", left_out_by=staff_of(world),
        left_out_at="2026-01-01T00:00Z", partner=world.us,
    )  # fmt: skip
    assert "bob" not in users(browser, fabrikam)


def test_two_identifiers_are_one_person(world: Portfolio, fabrikam: Customer, browser: Client) -> None:
    world.activity("ann@x", "TEAMS", ago(2))
    world.activity("ann@x", "SPO", ago(50))
    Person.objects.filter(key="ann@x").update(same_as=Person.objects.get(key="ann").number)
    found = {row[0]: row for row in rows(browser, fabrikam)}
    assert len(found) == 6
    assert found["ann"][3] == "Teams 29 Mar 2026 Exchange 25 Mar 2026 SharePoint 9 Feb 2026"


def test_activity_before_the_relationship_is_not_shown(world: Portfolio, browser: Client) -> None:
    world.relationship(world.us, begin=ago(10))
    world.period(world.subscription(seller=world.us), "ann", stated_by=world.us)
    world.activity("ann", "EXO", ago(38))
    assert rows(browser, world.customer)[0][3] == "–"
    world.activity("ann", "EXO", ago(37))
    assert rows(browser, world.customer)[0][3] == "Exchange 22 Feb 2026"


@pytest.mark.parametrize("role", list(Role))
def test_names_are_for_who_may_see_them(
    world: Portfolio, fabrikam: Customer, sign_in: Callable[..., Client], role: Role
) -> None:
    client = sign_in(role)
    named = {user for user in users(client, fabrikam) if not user.startswith("person-")}
    assert named == ({"ann", "bob", "cat left", "dan"} if role in SIGHT else set())
    in_file = {row["user"] for row in lines(client.get(address(fabrikam, path="people.csv")))}
    assert {user for user in in_file if not user.startswith("person-")} == {
        user.removesuffix(" left") for user in named
    }


def test_name_that_one_may_not_see_is_not_found(fabrikam: Customer, sign_in: Callable[..., Client]) -> None:
    assert users(sign_in(Role.ADMIN_AGENT), fabrikam, "q=AN") == ["ann", "dan"]
    agent = sign_in(Role.SALES_AGENT)
    assert users(agent, fabrikam, "q=ann") == []
    (pseudonym, *_others) = users(agent, fabrikam)
    assert users(agent, fabrikam, f"q={pseudonym.split()[0]}") == [pseudonym]
    assert users(sign_in(Role.ADMIN_AGENT), fabrikam, "q=eve") == []


def test_order_of_who_sees_no_names_is_that_of_pseudonyms(fabrikam: Customer, sign_in: Callable[..., Client]) -> None:
    found = [user.split()[0] for user in users(sign_in(Role.SALES_AGENT), fabrikam)]
    assert found == sorted(found)
    assert [user.split()[0] for user in users(sign_in(Role.SALES_AGENT), fabrikam, "sort=-user")] == found[::-1]


def test_order_by_last_activity(world: Portfolio, fabrikam: Customer, browser: Client) -> None:
    world.activity("dan", "EXO", ago(1))
    assert users(browser, fabrikam, "sort=-last_active")[0] == "dan"
    assert users(browser, fabrikam, "sort=last_active")[0] == "bob"


def test_each_view_of_names_is_written_down(fabrikam: Customer, sign_in: Callable[..., Client]) -> None:
    rows(sign_in(Role.SALES_AGENT), fabrikam)
    assert AuditEntry.objects.filter(action="people.view").count() == 0
    client = sign_in(Role.ADMIN_AGENT)
    rows(client, fabrikam, "show=idle")
    lines(client.get(address(fabrikam, path="people.csv")))
    seen = AuditEntry.objects.filter(action="people.view").order_by("pk")
    assert [entry.after for entry in seen] == [
        {"people": 1, "where": "people, page"},
        {"people": 4, "where": "people, file"},
    ]


def test_partner_that_sold_nothing_sees_no_subscription(
    world: Portfolio, fabrikam: Customer, sign_in: Callable[..., Client]
) -> None:
    world.relationship(world.them)
    found = rows(sign_in(partner=world.them), fabrikam)
    trial = fabrikam.subscriptions.order_by("pk")[2].subscription_id
    assert {row[0] for row in found if not row[0].startswith("person-")} == {"eve"}
    assert sorted(row[1] for row in found if "trial" in row[1]) == [f"The E3 {trial} trial"]
    assert {row[1] for row in found if "trial" not in row[1]} == {
        "The E3", "The E3 idle", "The E3 former", "The E3 lapsed", "none",
    }  # fmt: skip


@pytest.mark.parametrize(
    "query", ["", "show=idle", "show=unlicensed", "show=left", "q=a", "sort=-last_active", "sort=-user"]
)
def test_every_form_says_the_same(fabrikam: Customer, browser: Client, query: str) -> None:
    as_csv, as_json, as_xlsx = (
        fetched(browser, address(fabrikam, query, f"people.{form}")) for form in ("csv", "json", "xlsx")
    )
    found = json_rows(as_json)
    assert xlsx_rows(as_xlsx) == found == csv_rows(as_csv)
    assert [row["user"] for row in found] == [user.removesuffix(" left") for user in users(browser, fabrikam, query)]
    assert [row["left"] for row in found] == [
        str(user.endswith(" left")).lower() for user in users(browser, fabrikam, query)
    ]


def test_pages_of_fifty(world: Portfolio, browser: Client) -> None:
    world.relationship(world.us)
    ours = world.subscription(seller=world.us, quantity=70)
    for number in range(70):
        world.period(ours, f"user{number:02}", stated_by=world.us)
    assert users(browser, world.customer) == [f"user{number:02}" for number in range(50)]
    assert users(browser, world.customer, "page=2") == [f"user{number:02}" for number in range(50, 70)]
    assert len(lines(browser.get(address(world.customer, path="people.csv")))) == 70


def test_people_are_seen_only_where_the_customer_is_served_today(world: Portfolio, browser: Client) -> None:
    world.relationship(world.us, end=ago(-1))
    world.period(world.subscription(seller=world.us), "ann")
    for path in ("people/", "people.csv", "people.json"):
        assert browser.get(address(world.customer, path=path)).status_code == 404
    assert browser.get(f"/customers/{uuid4()}/people/").status_code == 404


def test_doors_are_for_staff(world: Portfolio, fabrikam: Customer) -> None:
    for path in ("people/", "people.csv"):
        assert Client().get(address(fabrikam, path=path)).status_code == 302
        assert signed_in(make_staff(world.us)).get(address(fabrikam, path=path)).status_code == 403


def test_nobody_known_says_what_to_do(world: Portfolio, browser: Client) -> None:
    world.relationship(world.us)
    assert "Nobody is known on this day" in shown(browser, world.customer)
    assert "What was delivered" in shown(browser, world.customer)


def test_nobody_found_leads_back(fabrikam: Customer, browser: Client) -> None:
    assert "Nobody is called like that" in shown(browser, fabrikam, "q=nobody-at-all")
    html = browser.get(address(fabrikam, "q=nobody-at-all")).content.decode()
    assert f'href="/customers/{fabrikam.tenant_id}/people/?{DATE}"' in html


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("show=x", "show: “x” isn't known; expected one of all, idle, unlicensed, left."),
        ("sort=name", "sort: “name” isn't known; expected one of user, -user, last_active, -last_active."),
        (f"q={'a' * 257}", "q: expected at most 256 characters."),
        ("page=9", "page: “9” is no page of this table; expected a number from 1 to 1."),
    ],
)
def test_wrong_parameter_is_named(fabrikam: Customer, browser: Client, query: str, message: str) -> None:
    response = browser.get(address(fabrikam, query))
    assert response.status_code == 400
    assert message in text(response.content.decode())


def test_queries_do_not_grow_with_people(world: Portfolio, fabrikam: Customer, browser: Client) -> None:
    browser.get(address(fabrikam))
    with statements() as sent:
        browser.get(address(fabrikam))
    assert len(sent) == QUERIES
    more = world.subscription(world.sku("EXO", "CRM", part_number="P2"), seller=world.us)
    for user in ("ann", "fay", "gil"):
        world.period(more, user, stated_by=world.us)
        world.activity(user, "CRM", ago(3))
    with statements() as sent:
        browser.get(address(fabrikam))
    assert len(sent) == QUERIES


USERS = [f"user{number}" for number in range(5)]
WORKLOADS = ("EXO", "YAM", "CRM")


@settings(max_examples=30, suppress_health_check=[*HealthCheck])
@given(data=st.data())
def test_who_stands_out_is_who_stands_in_the_lists_behind_the_figures(world: Portfolio, data: st.DataObject) -> None:
    with transaction.atomic():
        world.relationship(world.us)
        some_facts(world, data)
        question, everybody = Question(world.us, DAY), {"customer_id": world.customer.tenant_id, "named": True}
        idle = entries(question, row=Row(), count="idle", **everybody)
        beyond = entries(question, row=Row(), count="active_unlicensed", **everybody)
        used = entries(question, row=Row(), count="active", **everybody)
        reach = reach_of(partner=world.us, customer_id=world.customer.tenant_id, day=DAY)
        assert reach is not None
        people = People(question, reach, named=True)
        known = {show: described(people, show) for show in Show}
        transaction.set_rollback(True)
    assert set(known[Show.IDLE]) == {entry.user for entry in idle}
    assert {entry.user for entry in beyond} <= set(known[Show.UNLICENSED])
    assert {entry.user for entry in used} <= set(known[Show.ALL])
    assert {show: len(found) for show, found in known.items()} == people.counts
    for one in known[Show.ALL].values():
        assert one.left == (bool(one.licences) and all(licence.ended for licence in one.licences))
        assert one.idle == any(licence.idle for licence in one.licences)
    last = {entry.user: entry.last_active for entry in used}
    assert all(one.last_active.isoformat() >= last[user] for user, one in known[Show.ALL].items() if user in last)


def described(people: People, show: Show) -> dict[str, Somebody]:
    return {one.user: one for one in people.described(people.chosen(show, "", Order.USER))}


def some_facts(world: Portfolio, data: st.DataObject) -> None:
    """Licences of one product with and one without the others' workload, and activity in and before the window."""
    skus = [world.e3, world.sku("CRM", part_number="CRM")]
    for number in range(data.draw(st.integers(0, 3))):
        status = data.draw(st.sampled_from(["active", "active", "grace"]))
        subscription = world.subscription(
            skus[number % 2], seller=world.us, status=status, is_trial=data.draw(st.booleans())
        )
        for user in data.draw(st.sets(st.sampled_from(USERS))):
            begin = data.draw(st.integers(0, 40))
            end = data.draw(st.one_of(st.none(), st.integers(-5, begin - 1)))
            state = data.draw(st.sampled_from(["entitled", "entitled", "cancelled"]))
            world.period(
                subscription, user, begin=ago(begin), end=None if end is None else ago(end), state=state,
                stated_by=world.us,
            )  # fmt: skip
    for _ in range(data.draw(st.integers(0, 6))):
        day = ago(data.draw(st.integers(0, 40)))
        world.activity(
            data.draw(st.sampled_from(USERS)), data.draw(st.sampled_from(WORKLOADS)), day, source=world.us.pk
        )
