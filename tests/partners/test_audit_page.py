"""The audit log as a page and as a file."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client

from partners.audit_words import Change, changes_of, line_of, told
from partners.models import AuditEntry, Partner, Staff
from partners.permissions import Role
from partners.selectors.audit import Cursor, all_of, audit_entries, audit_page
from partners.services.audit import record
from tests.people import make_operator, make_partner, make_staff, signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def partner() -> Partner:
    return make_partner("north")


@pytest.fixture
def admin(partner: Partner) -> Staff:
    return make_staff(partner, Role.GLOBAL_ADMIN, email="ann@north.example")


def entry(actor: Staff | None, partner: Partner, action: str = "staff.roles", kind: str = "staff", **more: object):
    return record(
        actor=actor,
        partner=partner,
        kind=kind,
        action=action,
        **{"object_type": "staff", "object_id": "7"} | more,
    )


def listed(client: Client, query: str = "") -> list[int]:
    return [line.key for line in client.get(f"/audit/{query}").context["lines"]]


@pytest.mark.parametrize(
    ("role", "kinds"),
    [
        (Role.GLOBAL_ADMIN, {"staff", "customer", "settings"}),
        (Role.USER_ADMIN, {"staff"}),
        (Role.ADMIN_AGENT, {"customer"}),
    ],
)
def test_each_role_reads_its_kinds(partner: Partner, admin: Staff, role: Role, kinds: set[str]) -> None:
    entries = {kind: entry(admin, partner, kind=kind).pk for kind in AuditEntry.Kind.values}
    reader = make_staff(partner, role)
    assert set(listed(signed_in(reader))) == {entries[kind] for kind in kinds}


def test_a_sales_agent_is_turned_away(partner: Partner) -> None:
    reader = make_staff(partner, Role.SALES_AGENT)
    client = signed_in(reader)
    assert [client.get(path).status_code for path in ("/audit/", "/audit.csv")] == [403, 403]


def test_another_partners_entries_are_not_there(partner: Partner, admin: Staff) -> None:
    other = make_partner("south")
    stranger = make_staff(other, Role.GLOBAL_ADMIN, email="canary@south.example")
    entry(stranger, other, object_id="canary")
    client = signed_in(admin)
    assert listed(client) == []
    assert b"canary" not in client.get("/audit/?about=can").content.replace(b'value="can"', b"")
    assert b"canary" not in b"".join(client.get("/audit.csv").streaming_content)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ["second", "first"]),
        ("?kind=staff", ["first"]),
        ("?kind=settings", ["second"]),
        ("?who=ANN", ["second", "first"]),
        ("?who=bob", []),
        ("?action=staff.", ["first"]),
        ("?about=seven", ["first"]),
        ("?about=partner", ["second"]),
        ("?from=2100-01-01", []),
        ("?to=1999-12-31", []),
        ("?from=2000-01-01&to=9999-12-31", ["second", "first"]),
    ],
)
def test_filters(partner: Partner, admin: Staff, query: str, found: list[str]) -> None:
    keys = {
        entry(admin, partner, object_id="seven").pk: "first",
        entry(admin, partner, "settings.second_factor", "settings", object_type="partner").pk: "second",
    }
    assert [keys[key] for key in listed(signed_in(admin), query)] == found


@pytest.mark.parametrize("query", ["?kind=nothing", "?from=yesterday", "?to=2026-02-30", "?behind=7", "?behind=x-1"])
def test_what_cannot_be_read_is_400(admin: Staff, query: str) -> None:
    assert signed_in(admin).get(f"/audit/{query}").status_code == 400


def test_a_kind_of_another_role_is_no_filter(partner: Partner) -> None:
    reader = make_staff(partner, Role.ADMIN_AGENT)
    assert signed_in(reader).get("/audit/?kind=staff").status_code == 400


def test_pages_follow_each_other_without_loss(partner: Partner, admin: Staff) -> None:
    keys = [entry(admin, partner).pk for _ in range(7)]
    # Four of them at the very same moment: then the key decides.
    pages, behind = [], None
    for _ in range(4):
        page = audit_page(audit_entries(admin), behind=behind, size=2)
        pages.append([one.pk for one in page.entries])
        behind = page.following
    assert pages == [keys[:-3:-1], keys[-3:-5:-1], keys[-5:-7:-1], keys[:1]]
    assert behind is None


def test_a_cursor_reads_what_it_writes() -> None:
    cursor = Cursor(datetime(2026, 3, 1, 12, 30, 5, 17, tzinfo=UTC), 42)
    assert str(cursor) == "20260301T123005000017-42"
    assert Cursor.read(str(cursor)) == cursor
    assert Cursor.read(str(Cursor(cursor.at + timedelta(days=1), 1))).key == 1


@pytest.mark.parametrize("number", [1, 3])
def test_number_of_queries(partner: Partner, admin: Staff, number: int, django_assert_num_queries) -> None:
    for _ in range(number):
        entry(admin, partner, before={"a": 1}, after={"a": 2})
    client = signed_in(admin)
    client.get("/audit/")
    with django_assert_num_queries(3):
        client.get("/audit/")


def test_an_operator_goes_by_no_name(partner: Partner, admin: Staff) -> None:
    operator = make_operator(email="root@installation.example")
    entry(operator, partner)
    entry(None, partner)
    page = signed_in(admin).get("/audit/")
    assert [str(line.who) for line in page.context["lines"]] == ["a command", "the operator"]
    assert b"root@installation" not in page.content
    assert listed(signed_in(admin), "?who=root") == []


def test_changes_leave_out_what_stayed() -> None:
    before = {"name": "A", "roles": ["x"], "same": 1, "gone": None}
    after = {"name": "B", "roles": ["x", "y"], "same": 1, "new": {"k": True}}
    assert changes_of(before, after) == (
        Change("gone", "", None),
        Change("name", "A", "B"),
        Change("new", None, "yes"),
        Change("roles", "x", "x, y"),
    )
    assert changes_of(None, None) == ()


def test_the_file_has_a_line_per_change(partner: Partner, admin: Staff) -> None:
    made = entry(admin, partner, reason="=1+1", before={"a": 1, "b": 2}, after={"a": 3, "b": 4})
    entry(admin, partner, "staff.end_sessions", reason="left")
    client = signed_in(admin)
    lines = b"".join(client.get("/audit.csv").streaming_content).decode("utf-8-sig").splitlines()
    assert lines[0] == "at,who,action,kind,object_type,object_id,reason,undoes,name,before,after"
    assert [line.split(",", 1)[1] for line in lines[1:]] == [
        "ann@north.example,staff.end_sessions,staff,staff,7,left,,,,",
        "ann@north.example,staff.roles,staff,staff,7,'=1+1,,a,1,3",
        "ann@north.example,staff.roles,staff,staff,7,'=1+1,,b,2,4",
    ]
    filtered = b"".join(client.get("/audit.csv?action=staff.end").streaming_content).decode("utf-8-sig")
    assert len(filtered.splitlines()) == 2
    assert line_of(made).key == made.pk
    assert audit_entries(admin).count() == 2


def test_values_read_in_words() -> None:
    contacts = [{"id": 7, "name": "Ann", "position": "", "email": "ann@x"}, {"id": 8, "name": "Bob", "email": ""}]
    assert told(contacts) == "Ann, ann@x; Bob"
    assert [told(value) for value in (None, True, False, 0, [], ["a", "b"])] == ["", "yes", "no", "0", "", "a, b"]


def test_who_stated_something_goes_by_name(partner: Partner) -> None:
    guid = str(partner.partner_id)
    assert changes_of({"stated_by": guid}, {"stated_by": None}, partner) == (
        Change("stated_by", "North", "the operator"),
    )
    assert changes_of({"stated_by": guid}, None) == (Change("stated_by", guid, None),)


def test_values_are_called_in_words(partner: Partner, admin: Staff) -> None:
    entry(admin, partner, before={"second_factor_required": False}, after={"second_factor_required": True})
    page = signed_in(admin).get("/audit/").content.decode()
    assert "<dt>second factor required</dt><dd><del>no</del>" in page
    assert "second_factor_required" in b"".join(signed_in(admin).get("/audit.csv").streaming_content).decode()


def test_the_file_reads_a_part_at_a_time(partner: Partner, admin: Staff, django_assert_num_queries) -> None:
    keys = [entry(admin, partner).pk for _ in range(5)]
    with django_assert_num_queries(3):
        assert [one.pk for one in all_of(audit_entries(admin), at_once=2)] == keys[::-1]


def test_the_file_is_not_read_before_it_is_sent(partner: Partner, admin: Staff, django_assert_num_queries) -> None:
    entry(admin, partner)
    response = signed_in(admin).get("/audit.csv")
    with django_assert_num_queries(1):
        assert len(b"".join(response.streaming_content).decode().splitlines()) == 2


@pytest.mark.parametrize("query", ["?page=0", "?page=2", "?page=x"])
def test_a_page_of_staff_that_is_none_is_400(admin: Staff, query: str) -> None:
    assert signed_in(admin).get(f"/staff/{query}").status_code == 400
