"""The customer's consent: what comes back with it is believed by nobody, and what the tenant answers confirms the relationship."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit
from uuid import uuid4

import pytest
from django.core import signing
from django.test import Client
from django.utils import timezone

from customers.clock import today
from customers.models import Connection, Customer, CustomerProfile, Relationship
from customers.services.connections import LINK_DAYS, consent_link, state_of
from partners.models import AuditEntry, Partner
from partners.tenancy import signing_in
from tests.customers.connections.conftest import Pulling
from tests.customers.connections.vendor import CLIENT, OTHER_TENANT, TENANT, Answer

ADDRESS = "/connections/consent/"
REDIRECT = "http://testserver/connections/consent/"


def state_in_link(connection: Connection) -> str:
    """The state in the link that the partner gives away."""
    link = consent_link(connection=connection, redirect=REDIRECT)
    return parse_qs(urlsplit(link).query)["state"][0]


def signed(*parts: object, salt: str = "customers.connections.consent") -> str:
    return signing.Signer(salt=salt).sign_object(list(parts))


def come_back(connection: Connection, **query: str) -> Any:
    """An administrator of the customer comes back, whom nobody here knows."""
    said = {"admin_consent": "True", "tenant": str(connection.tenant_id), "state": state_in_link(connection)}
    with signing_in():
        return Client().get(ADDRESS, {**said, **query})


def waiting(pulling: Pulling, **fields: Any) -> Connection:
    return pulling.connection(**{"asked_at": None} | fields)


def test_link_leads_to_the_tenants_own_consent_page(pulling: Pulling) -> None:
    connection = waiting(pulling)
    link = urlsplit(consent_link(connection=connection, redirect=REDIRECT))
    query = parse_qs(link.query)
    assert f"{link.scheme}://{link.netloc}{link.path}" == f"{pulling.vendor.login.url}/{TENANT}/v2.0/adminconsent"
    assert query.pop("state")
    assert query == {
        "client_id": [str(CLIENT)],
        "scope": [f"{pulling.vendor.graph.url}/.default"],
        "redirect_uri": [REDIRECT],
    }


def test_return_only_wakes_the_check_up(pulling: Pulling) -> None:
    connection = waiting(pulling, problem="consent_refused", not_before=timezone.now() + timedelta(hours=1))
    response = come_back(connection)
    assert (response.status_code, "Thank you" in response.content.decode()) == (200, True)
    connection.refresh_from_db()
    assert (connection.problem, connection.not_before, connection.verified_at) == ("", None, None)
    assert connection.asked_at is not None
    assert pulling.confirmed() == []
    assert pulling.vendor.login.requests == []


def test_return_without_a_consent_confirms_nothing(pulling: Pulling) -> None:
    """The partner opens its own link's return by itself: the vendor gives no token, and that is that."""
    pulling.vendor.refusals[str(TENANT)] = (700016, "unauthorized_client")
    connection = waiting(pulling)
    come_back(connection)
    pulling.work_off()
    assert pulling.state(connection) == ("consent_missing", "AADSTS700016", 1)
    assert (pulling.confirmed(), Customer.objects.count(), connection.verified_at) == ([], 0, None)


def test_consent_to_less_than_everything_confirms_nothing(pulling: Pulling) -> None:
    path = "/v1.0/reports/getOffice365ActiveUserDetail(period='D30')"
    pulling.vendor.graph.routes[path] = Answer({"error": {"code": "S2SUnauthorized"}}, 403)
    connection = waiting(pulling)
    come_back(connection)
    pulling.work_off()
    assert pulling.state(connection) == ("consent_missing", f"The vendor refused {path}.", 1)
    assert (pulling.confirmed(), pulling.taken.files) == ([], [])


def test_answer_of_another_tenant_confirms_nothing(pulling: Pulling) -> None:
    said = {"value": [{"id": str(OTHER_TENANT), "displayName": "Other", "countryLetterCode": "SE"}]}
    pulling.vendor.graph.routes["/v1.0/organization"] = Answer(said)
    connection = waiting(pulling)
    come_back(connection)
    pulling.work_off()
    assert pulling.state(connection) == ("other_tenant", "", 1)
    assert pulling.confirmed() == []
    assert len(pulling.vendor.graph.requests) == 1


@pytest.mark.parametrize(
    ("query", "words", "problem"),
    [
        ({"tenant": str(OTHER_TENANT)}, "That was another organisation", ""),
        ({"tenant": ""}, "That was another organisation", ""),
        ({"admin_consent": "False"}, "No consent was given", "consent_refused"),
        ({"error": "access_denied", "error_description": "<b>canary</b>"}, "No consent was given", "consent_refused"),
    ],
)
def test_return_that_is_no_consent_starts_nothing(
    pulling: Pulling, query: dict[str, str], words: str, problem: str
) -> None:
    connection = waiting(pulling)
    response = come_back(connection, **query)
    body = response.content.decode()
    assert (response.status_code, words in body, "<b>canary" in body) == (200, True, False)
    assert pulling.state(connection) == (problem, "", 0)
    assert connection.asked_at is None


def test_refusal_doesnt_stop_a_connection_that_works(pulling: Pulling) -> None:
    connection = waiting(pulling, verified_at=timezone.now())
    come_back(connection, error="access_denied")
    assert pulling.state(connection) == ("", "", 0)


def test_link_that_isnt_ours_leads_nowhere(pulling: Pulling) -> None:
    connection = waiting(pulling)
    day, nonce = today().toordinal(), connection.nonce.hex
    foreign = [
        "",
        "x",
        state_in_link(connection) + "x",
        signed(connection.pk, nonce, day, salt="another"),
        signed(connection.pk, uuid4().hex, day),
        signed(connection.pk + 1, nonce, day),
        signed(connection.pk, nonce),
        signed("one", "two", "three"),
        signed(connection.pk, nonce, None),
        signed(10**30, nonce, day),
    ]
    answers = [come_back(connection, state=state) for state in foreign]
    assert {answer.status_code for answer in answers} == {404}
    connection.refresh_from_db()
    assert connection.asked_at is None


@pytest.mark.parametrize(("days", "status"), [(LINK_DAYS, 200), (LINK_DAYS + 1, 404)])
def test_link_grows_old(pulling: Pulling, days: int, status: int) -> None:
    connection = waiting(pulling)
    state = state_of(connection, today() - timedelta(days=days))
    assert come_back(connection, state=state).status_code == status


def test_link_is_used_up_by_the_consent(pulling: Pulling) -> None:
    connection = waiting(pulling)
    state = state_in_link(connection)
    come_back(connection)
    pulling.work_off()
    assert pulling.confirmed() == [(TENANT, "confirmed")]
    assert come_back(connection, state=state).status_code == 404


def claim(pulling: Pulling, *, days_ago: int) -> Customer:
    customer = Customer.objects.create(tenant_id=TENANT)
    CustomerProfile.objects.create(
        customer=customer, name="As we say", domain="own.example", country="NO", stated_by=pulling.us
    )
    Relationship.objects.create(
        partner=pulling.us,
        customer=customer,
        valid_from=today() - timedelta(days=days_ago),
        status="claimed",
        stated_by=pulling.us,
    )
    return customer


def relationships(partner: Partner) -> list[tuple[str, int, int | None]]:
    """Status, and how many days ago it began and ended."""
    found = Relationship.objects.filter(partner=partner).order_by("valid_from")
    return [
        (each.status, (today() - each.valid_from).days, each.valid_to and (today() - each.valid_to).days)
        for each in found
    ]


@pytest.mark.parametrize(
    ("days_ago", "after"),
    [(0, [("confirmed", 0, None)]), (30, [("claimed", 30, 0), ("confirmed", 0, None)])],
)
def test_claim_is_confirmed_from_today_on(
    pulling: Pulling, days_ago: int, after: list[tuple[str, int, int | None]]
) -> None:
    claim(pulling, days_ago=days_ago)
    connection = waiting(pulling)
    come_back(connection)
    pulling.work_off()
    assert pulling.state(connection) == ("", "", 0)
    assert relationships(pulling.us) == after
    assert CustomerProfile.objects.get().name == "As we say"


@pytest.mark.parametrize(("begin", "end"), [(90, 10), (-10, None)], ids=["has ended", "begins later"])
def test_what_the_operator_has_ended_a_consent_doesnt_open_again(pulling: Pulling, begin: int, end: int | None) -> None:
    customer = Customer.objects.create(tenant_id=TENANT)
    Relationship.objects.create(
        partner=pulling.us,
        customer=customer,
        valid_from=today() - timedelta(days=begin),
        valid_to=None if end is None else today() - timedelta(days=end),
        status="confirmed",
    )
    connection = waiting(pulling)
    come_back(connection)
    pulling.work_off()
    assert pulling.state(connection) == ("not_served", "", 1)
    assert len(Relationship.objects.all()) == 1
    assert [request.path.partition("?")[0] for request in pulling.vendor.graph.requests] == ["/v1.0/organization"]


def test_nothing_is_pulled_after_the_relationship_has_ended(pulling: Pulling) -> None:
    connection = waiting(pulling)
    come_back(connection)
    pulling.work_off()
    Relationship.objects.all().delete()
    Connection.objects.update(asked_at=timezone.now())
    pulling.vendor.graph.requests.clear()
    pulling.work_off()
    assert pulling.state(connection) == ("not_served", "", 1)
    assert [request.path.partition("?")[0] for request in pulling.vendor.graph.requests] == ["/v1.0/organization"]


def test_served_customer_is_pulled_and_stays_as_it_is(pulling: Pulling) -> None:
    customer = Customer.objects.create(tenant_id=TENANT)
    Relationship.objects.create(partner=pulling.us, customer=customer, valid_from=today(), status="confirmed")
    connection = waiting(pulling)
    come_back(connection)
    pulling.work_off()
    assert (pulling.state(connection), relationships(pulling.us)) == (("", "", 0), [("confirmed", 0, None)])
    assert not AuditEntry.objects.filter(action="connection.confirm").exists()


def test_consent_to_one_partner_confirms_no_other(pulling: Pulling) -> None:
    connection = waiting(pulling)
    come_back(connection)
    pulling.work_off()
    assert relationships(Partner.objects.get(slug="them")) == []


def test_tenant_without_a_country_needs_a_claim(pulling: Pulling) -> None:
    said = {"value": [{"id": str(TENANT), "displayName": "Fabrikam", "countryLetterCode": None, "verifiedDomains": []}]}
    pulling.vendor.graph.routes["/v1.0/organization"] = Answer(said)
    connection = waiting(pulling)
    come_back(connection)
    pulling.work_off()
    assert pulling.state(connection) == ("needs_claim", "", 1)
    assert (pulling.confirmed(), pulling.taken.files) == ([], [])
    claim(pulling, days_ago=0)
    Connection.objects.update(asked_at=timezone.now(), not_before=None)
    pulling.work_off()
    assert (pulling.state(connection), pulling.confirmed()) == (("", "", 0), [(TENANT, "confirmed")])
