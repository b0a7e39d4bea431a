"""Mailboxes that are left out of a customer's people: the page, and what is written down."""

from __future__ import annotations

import pytest
from django.test import Client

from customers.models import Alias, LeftOutPerson, StaleDays
from partners.models import AuditEntry
from partners.permissions import Role
from partners.services.corrections import undo
from tests.insights.world import World, pick
from tests.people import make_staff, signed_in
from tests.served import CANARY, browser, text_of


@pytest.fixture
def staff(world: World) -> Client:
    return browser(world.us, Role.ADMIN_AGENT)


@pytest.fixture
def address(world: World) -> str:
    """Ann is a person, info@x.com a mailbox with a licence."""
    subscription = world.subscription(seller=world.us)
    for user in ("ann", "info@x.com"):
        world.period(subscription, user, stated_by=world.us)
    return f"/customers/{world.customer.tenant_id}/mailboxes/"


def leave_out(client: Client, address: str, **fields: str) -> int:
    plain = {"user_id": "info@x.com", "mailbox": "shared", "reason": "Nobody sits there"}
    return client.post(address, plain | fields).status_code


def test_mailbox_that_is_left_out_isnt_counted(world: World, staff: Client, address: str) -> None:
    assert pick(world.row(), "assigned users") == [2, 2]
    assert leave_out(staff, address, user_id=" INFO@x.com ") == 302
    assert pick(world.row(), "assigned users") == [1, 1]
    assert StaleDays.objects.get(customer=world.customer).seq == 1


def test_page_says_which_why_and_who(world: World, address: str) -> None:
    person = make_staff(world.us, Role.ADMIN_AGENT, email="agent@us.example")
    client = signed_in(person)
    leave_out(client, address)
    page = text_of(client.get(address))
    for told in ("info@x.com", "shared mailbox", "Nobody sits there", "agent@us.example"):
        assert told in page
    seen = AuditEntry.objects.filter(action="people.view").get()
    assert seen.after == {"people": 1, "where": "mailboxes, page"}


def test_counting_again_is_a_correction(world: World, staff: Client, address: str) -> None:
    leave_out(staff, address)
    assert staff.post(address, {"again": str(LeftOutPerson.objects.get().pk)}).status_code == 302
    assert pick(world.row(), "assigned") == [2]
    told = AuditEntry.objects.exclude(action="people.view").order_by("pk").values_list("action", "reason")
    assert list(told) == [
        ("left_out_mailbox.add", "Nobody sits there"),
        ("left_out_mailbox.remove", "counted again"),
    ]


def test_leaving_out_is_undone_from_the_audit_log(world: World, address: str) -> None:
    person = make_staff(world.us, Role.ADMIN_AGENT)
    leave_out(signed_in(person), address)
    undo(actor=person, entry=AuditEntry.objects.get(action="left_out_mailbox.add"), reason="A mistake")
    assert pick(world.row(), "assigned") == [2]


def test_another_partner_learns_how_many_and_not_why(world: World, address: str) -> None:
    leave_out(browser(world.them, Role.ADMIN_AGENT), address, reason=CANARY)
    page = text_of(browser(world.us, Role.ADMIN_AGENT).get(address))
    assert "1 more is left out by another source." in page
    assert CANARY not in page
    data = text_of(browser(world.us, Role.SALES_AGENT).get(address.replace("mailboxes", "data")))
    assert "1 mailbox is left out" in data
    assert "Leave mailboxes out" not in data


def test_another_partners_cant_be_counted_again(world: World, staff: Client, address: str) -> None:
    leave_out(browser(world.them, Role.ADMIN_AGENT), address)
    assert staff.post(address, {"again": str(LeftOutPerson.objects.get().pk)}).status_code == 404
    assert LeftOutPerson.objects.count() == 1


def test_what_own_lists_call_a_mailbox_is_suggested(world: World, staff: Client, address: str) -> None:
    number = world.person("info@x.com").number
    Alias.objects.create(customer=world.customer, person_number=number, mailbox="room", stated_by=world.us)
    assert "user_id=info%40x.com&amp;mailbox=room" in text_of(staff.get(address))
    leave_out(staff, address)
    assert "user_id=info%40x.com&amp;mailbox=room" not in text_of(staff.get(address))
    other = text_of(browser(world.them, Role.ADMIN_AGENT).get(address))
    assert "info@x.com" not in other


@pytest.mark.parametrize("fields", [{"user_id": "nobody"}, {"reason": ""}, {"mailbox": "user"}, {"user_id": ""}])
def test_bad_input_gets_a_sentence(world: World, staff: Client, address: str, fields: dict[str, str]) -> None:
    assert leave_out(staff, address, **fields) == 400
    assert LeftOutPerson.objects.count() == 0


def test_same_mailbox_twice_gets_a_sentence(world: World, staff: Client, address: str) -> None:
    leave_out(staff, address)
    assert leave_out(staff, address) == 400
    assert LeftOutPerson.objects.count() == 1


def test_sales_agents_dont_enter(world: World, address: str) -> None:
    assert browser(world.us, Role.SALES_AGENT).get(address).status_code == 403
