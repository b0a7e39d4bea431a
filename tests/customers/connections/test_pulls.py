"""Pulls that go well: what is asked, in which form it is handed over, and what it means for the relationship."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from django.utils import timezone

from customers.clock import today
from customers.connections import due
from customers.models import Connection, Customer, CustomerProfile, Pull, PulledPart, Relationship
from partners.models import AuditEntry
from tests.customers.connections.conftest import Pulling
from tests.customers.connections.vendor import OTHER_TENANT, REPORT, SKUS, TENANT, Answer, customers, sample, users

S1, S2 = (f"11111111-0000-4000-8000-00000000000{number}" for number in (1, 2))
FILES = [
    "subscribedSkus.json",
    "directorySubscriptions.json",
    "users.json",
    "getOffice365ActiveUserDetail.csv",
    "getM365AppUserDetail.csv",
]


def test_pull_of_a_customer_hands_over_its_files(pulling: Pulling) -> None:
    connection = pulling.connection()
    assert pulling.work_off() == 1
    assert pulling.state(connection) == ("", "", 0)
    (files,) = pulling.taken.files
    assert list(files) == FILES
    assert files[f"{REPORT}.csv"] == sample(f"graph_reports/{REPORT}.csv")
    assert json.loads(files["subscribedSkus.json"]) == json.loads(SKUS)
    assert json.loads(files["users.json"]) == users(["ann", "bob"])


def test_pull_leaves_nothing_of_people_behind(pulling: Pulling) -> None:
    connection = pulling.connection()
    pulling.work_off()
    assert PulledPart.objects.count() == 0
    pull = Pull.objects.get()
    assert (pull.connection_id, pull.outcome, pull.day, pull.fetched) == (connection.pk, "done", today(), FILES)


def test_pull_confirms_the_relationship_of_an_unknown_customer(pulling: Pulling) -> None:
    connection = pulling.connection()
    pulling.work_off()
    assert pulling.confirmed() == [(TENANT, "confirmed")]
    relationship = Relationship.objects.get()
    assert (relationship.valid_from, relationship.valid_to, relationship.stated_by) == (today(), None, None)
    profile = CustomerProfile.objects.get()
    assert (profile.name, profile.domain, profile.country, profile.stated_by) == (
        "Fabrikam",
        "fabrikam.example",
        "SE",
        pulling.us,
    )
    entry = AuditEntry.objects.get(action="connection.confirm")
    assert (entry.actor, entry.partner, entry.object_id) == (None, pulling.us, str(TENANT))
    connection.refresh_from_db()
    assert connection.verified_at is not None


def test_pages_of_a_list_are_one_document(pulling: Pulling) -> None:
    graph = pulling.vendor.graph
    first = "/v1.0/users?$select=id,userPrincipalName,displayName,userType,accountEnabled,assignedLicenses,licenseAssignmentStates&$top=999"
    graph.routes[first] = Answer(users(["ann"], f"{graph.url}/v1.0/users?$skiptoken=2"))
    graph.routes["/v1.0/users?$skiptoken=2"] = Answer(users(["bob"], f"{graph.url}/v1.0/users?$skiptoken=3"))
    graph.routes["/v1.0/users?$skiptoken=3"] = Answer(b"\xef\xbb\xbf" + json.dumps(users(["cat"])).encode())
    pulling.connection()
    pulling.work_off()
    whole = json.loads(pulling.taken.files[0]["users.json"])
    assert [user["userPrincipalName"][:3] for user in whole["value"]] == ["ann", "bob", "cat"]


def test_report_is_fetched_without_the_token(pulling: Pulling) -> None:
    pulling.connection()
    pulling.work_off()
    for request in pulling.vendor.store.requests:
        assert "Authorization" not in request.headers
        assert "Cookie" not in request.headers
    assert len(pulling.vendor.store.requests) == 2


def test_report_that_is_answered_directly_is_taken(pulling: Pulling) -> None:
    body = sample(f"graph_reports/{REPORT}.csv")
    pulling.vendor.graph.routes[f"/v1.0/reports/{REPORT}(period='D30')"] = Answer(body, type="application/octet-stream")
    pulling.connection()
    pulling.work_off()
    assert pulling.taken.files[0][f"{REPORT}.csv"] == body


def test_one_token_serves_a_whole_pull(pulling: Pulling) -> None:
    pulling.connection()
    pulling.work_off()
    assert pulling.vendor.given == 1


def test_list_that_may_lack_is_left_out(pulling: Pulling) -> None:
    del pulling.vendor.graph.routes["/v1.0/directory/subscriptions"]
    pulling.connection()
    pulling.work_off()
    assert list(pulling.taken.files[0]) == [name for name in FILES if name != "directorySubscriptions.json"]
    assert Pull.objects.get().left_out == [
        "directorySubscriptions.json: The vendor answered /v1.0/directory/subscriptions with 404 ResourceNotFound."
    ]


def items(tenant: UUID, *ids: str, **more: object) -> Answer:
    """A customer's list of subscriptions."""
    found = [{"id": key, **more} for key in ids]
    return Answer({"totalCount": len(found), "items": found, "attributes": {"objectType": "Collection"}})


def link_of(tenant: UUID, subscription: str) -> dict[str, object]:
    return {"uri": f"/v1/customers/{tenant}/subscriptions/{subscription}", "method": "GET", "headers": []}


def test_partner_center_gives_customers_and_subscriptions(pulling: Pulling) -> None:
    center, links = pulling.vendor.center, {"self": {"uri": "/as/it/came"}, "offer": {"uri": "/offers/1"}}
    center.routes[f"/v1/customers/{TENANT}/subscriptions"] = items(TENANT, S1)
    center.routes[f"/v1/customers/{OTHER_TENANT}/subscriptions"] = items(OTHER_TENANT, S2, links=links)
    connection = pulling.connection(kind="partner_center")
    pulling.work_off()
    assert pulling.state(connection) == ("", "", 0)
    (files,) = pulling.taken.files
    assert list(files) == ["customers.json", "subscriptions.json"]
    assert [item["id"] for item in json.loads(files["customers.json"])["items"]] == [str(TENANT), str(OTHER_TENANT)]
    assert json.loads(files["subscriptions.json"]) == {
        "items": [{"id": S1, "links": {"self": link_of(TENANT, S1)}}, {"id": S2, "links": links}],
        "attributes": {"objectType": "Collection"},
    }
    assert pulling.confirmed() == []


def test_partner_center_goes_on_by_its_token(pulling: Pulling) -> None:
    center = pulling.vendor.center
    following = {
        "uri": "/customers?size=500&seekOperation=Next",
        "method": "GET",
        "headers": [{"key": "MS-ContinuationToken", "value": "go-on"}, {"key": "Host", "value": "elsewhere"}],
    }
    center.routes["/v1/customers?size=500"] = Answer(customers([TENANT], following))
    center.routes["/v1/customers?size=500&seekOperation=Next"] = Answer(customers([OTHER_TENANT, TENANT]))
    pulling.connection(kind="partner_center")
    pulling.work_off()
    found = [item["id"] for item in json.loads(pulling.taken.files[0]["customers.json"])["items"]]
    assert found == [str(TENANT), str(OTHER_TENANT), str(TENANT)]
    second = center.asked("/v1/customers")[1]
    assert (second.headers["MS-ContinuationToken"], second.headers["Host"]) == ("go-on", center.netloc)
    assert [len(center.asked(f"/v1/customers/{tenant}/subscriptions")) for tenant in (TENANT, OTHER_TENANT)] == [1, 1]


def test_partner_center_is_asked_what_its_lists_lack(pulling: Pulling) -> None:
    center = pulling.vendor.center
    details = {"id": str(TENANT), "billingProfile": {"defaultAddress": {"country": "SE"}}}
    center.routes[f"/v1/customers/{TENANT}"] = Answer(details)
    center.routes[f"/v1/customers/{TENANT}/subscriptions"] = items(TENANT, S1, S2)
    status = {"skuId": "6FD2C87F-B296-42F0-B197-1E91E994B900", "status": "success", "quantity": 5}
    center.routes[f"/v1/customers/{TENANT}/subscriptions/{S1}/provisioningstatus"] = Answer(status)
    pulling.connection(kind="partner_center")
    pulling.work_off()
    (files,) = pulling.taken.files
    assert [item["id"] for item in json.loads(files["customers.json"])["items"]] == [str(OTHER_TENANT), str(TENANT)]
    assert json.loads(files["customers.json"])["items"][1] == details
    first, second = json.loads(files["subscriptions.json"])["items"]
    assert (first["provisioningStatus"], "provisioningStatus" in second) == (status, False)
    pull = Pull.objects.get()
    assert (pull.planned, len(pull.fetched)) == (7, 7)


def test_partner_center_isnt_asked_what_is_known(pulling: Pulling) -> None:
    known = Customer.objects.create(tenant_id=TENANT)
    CustomerProfile.objects.create(customer=known, name="X", domain="x.example", country="SE", stated_by=pulling.us)
    pulling.vendor.center.routes["/v1/customers"] = Answer(customers([TENANT]))
    pulling.connection(kind="partner_center")
    pulling.work_off()
    asked = [request.path for request in pulling.vendor.center.requests]
    assert asked == ["/v1/customers?size=500", f"/v1/customers/{TENANT}/subscriptions"]


@pytest.mark.parametrize("status", [400, 403, 404])
def test_partner_center_customer_that_is_gone_stops_no_other(pulling: Pulling, status: int) -> None:
    gone = Answer({"code": 60003, "description": "canary", "data": [], "source": "PartnerFD"}, status)
    path = f"/v1/customers/{TENANT}/subscriptions"
    pulling.vendor.center.routes[path] = gone
    connection = pulling.connection(kind="partner_center")
    pulling.work_off()
    assert (pulling.state(connection), len(pulling.taken.files)) == (("", "", 0), 1)
    told = f"The vendor refused {path}." if status == 403 else f"The vendor answered {path} with {status} 60003."
    assert [line for line in Pull.objects.get().left_out if line.startswith("subscriptions-")] == [
        f"subscriptions-{TENANT}.json: {told}"
    ]


def test_connection_is_pulled_once_a_night(pulling: Pulling) -> None:
    connection = pulling.connection()
    pulling.work_off()
    assert pulling.work_off() == 0
    Connection.objects.filter(pk=connection.pk).update(pulled_on=today() - timedelta(days=2))
    assert pulling.work_off() == 1
    assert pulling.work_off() == 0


def test_connection_without_consent_is_never_due(pulling: Pulling) -> None:
    pulling.connection(asked_at=None)
    assert pulling.work_off() == 0
    assert pulling.vendor.login.requests == []


@pytest.mark.parametrize(
    ("now", "day"),
    [
        (datetime(2026, 3, 10, 21, 59, 59, tzinfo=UTC), "2026-03-09"),
        (datetime(2026, 3, 10, 22, 0, 0, tzinfo=UTC), "2026-03-10"),
        (datetime(2026, 3, 11, 0, 0, 0, tzinfo=UTC), "2026-03-10"),
    ],
)
def test_night_begins_two_hours_before_the_day_ends(now: datetime, day: str) -> None:
    assert due.due_day(now).isoformat() == day


def test_who_waits_longest_is_first(pulling: Pulling) -> None:
    now = timezone.now()
    nightly = pulling.connection(OTHER_TENANT, asked_at=None, verified_at=now)
    late = pulling.connection(TENANT, asked_at=now)
    early = pulling.connection(OTHER_TENANT, kind="partner_center", asked_at=now - timedelta(minutes=1))
    order = [due.claim_next(worker=str(number)).pk for number in range(3)]
    assert order == [early.pk, late.pk, nightly.pk]
    assert due.claim_next(worker="last") is None
