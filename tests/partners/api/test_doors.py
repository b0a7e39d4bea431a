"""Doors of the API: who comes in, and how everybody else is turned away."""

from __future__ import annotations

import secrets
from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from django.core.exceptions import ImproperlyConfigured
from django.test import Client
from django.utils import timezone

from partners.api.doors import ApiDoor
from partners.api.limits import RequestLimit
from partners.models import ApiToken, Partner, Staff
from partners.permissions import Action, Role
from partners.services.tokens import create_token
from tests.asking import asking, problem
from tests.people import make_operator, make_partner, make_staff, signed_in

pytestmark = pytest.mark.django_db

ADDRESSES = [
    "/api/v1/me/",
    "/api/v1/insights/",
    "/api/v1/portfolio/",
    "/api/v1/customers/",
    "/api/v1/customers/00000000-0000-0000-0000-000000000000/",
    "/api/v1/customers/00000000-0000-0000-0000-000000000000/subscriptions/",
    "/api/v1/nothing/here/",
]
ASK = "Send a token (Authorization: Bearer TOKEN), or sign in."
INVALID = "This token isn't valid: unknown, revoked, expired, or its owner can't work."
NOT_YOURS = "There is nothing here that you may see."


@pytest.fixture
def ann() -> Staff:
    return make_staff(make_partner(), Role.SALES_AGENT)


def with_header(header: str) -> Client:
    return Client(headers={"Authorization": header})


@pytest.mark.parametrize("action", [None, "see_portfolio"], ids=["none", "a word"])
def test_class_without_an_action_cant_be_made(action) -> None:
    with pytest.raises(ImproperlyConfigured, match="names no action: a door opens by one"):
        type("Open", (ApiDoor,), {"action": action} if action else {})


def test_class_with_an_action_can_be_made() -> None:
    made = type("Closed", (ApiDoor,), {"action": Action.SEE_NAMES})
    assert made.opened_by() == {Action.SEE_NAMES}


@pytest.mark.parametrize("address", ADDRESSES)
def test_nobody_is_told_to_sign_in(address: str) -> None:
    response = Client().get(address)
    assert problem(response, 401) == {"title": "Unauthorized", "detail": ASK}
    assert response.headers["WWW-Authenticate"] == 'Bearer realm="Seatwise"'


@pytest.mark.parametrize("address", ADDRESSES)
@pytest.mark.parametrize("header", ["Bearer", "Bearer x", "bearer sw_000000000000_" + "A" * 43])
def test_invalid_token_is_refused(address: str, header: str) -> None:
    response = with_header(header).get(address)
    assert problem(response, 401) == {"title": "Unauthorized", "detail": INVALID}
    assert response.headers["WWW-Authenticate"] == 'Bearer realm="Seatwise", error="invalid_token"'


def test_invalid_token_is_refused_whatever_session_comes_with_it(ann: Staff) -> None:
    assert signed_in(ann).get("/api/v1/me/", headers={"Authorization": "Bearer x"}).status_code == 401


def test_header_of_another_scheme_is_no_token(ann: Staff) -> None:
    assert problem(with_header("Basic YTpi").get("/api/v1/me/"), 401)["detail"] == ASK
    assert signed_in(ann).get("/api/v1/me/", headers={"Authorization": "Basic YTpi"}).status_code == 200


def test_token_in_the_address_is_none(ann: Staff) -> None:
    plain = create_token(actor=ann, staff=ann, name="Reports").plain
    assert Client().get(f"/api/v1/me/?token={plain}&access_token={plain}").status_code == 401


@pytest.mark.parametrize(
    "end",
    [
        lambda token: ApiToken.objects.update(revoked_at=timezone.now()),
        lambda token: ApiToken.objects.update(expires_at=timezone.now() - timedelta(seconds=1)),
        lambda token: Staff.objects.update(is_active=False),
        lambda token: Staff.objects.update(partner=None, roles=[]),
        lambda token: Partner.objects.update(second_factor_required=True),
        lambda token: ApiToken.objects.all().delete(),
    ],
    ids=["revoked", "expired", "deactivated", "without partner", "second factor", "deleted"],
)
def test_token_that_ended_is_refused_like_an_unknown_one(ann: Staff, end) -> None:
    client = asking(ann)
    assert client.get("/api/v1/me/").status_code == 200
    end(ann)
    assert problem(client.get("/api/v1/me/"), 401)["detail"] == INVALID


def test_token_of_somebody_with_the_second_factor_works(ann: Staff) -> None:
    Partner.objects.update(second_factor_required=True)
    Authenticator.objects.create(user=ann, type=Authenticator.Type.RECOVERY_CODES, data={})
    assert asking(ann).get("/api/v1/me/").status_code == 401
    Authenticator.objects.create(user=ann, type=Authenticator.Type.TOTP, data={})
    assert asking(ann).get("/api/v1/me/").status_code == 200


def test_session_without_the_second_factor_is_refused(ann: Staff) -> None:
    client = signed_in(ann)
    Partner.objects.update(second_factor_required=True)
    detail = "Your partner demands a second factor: set one up in your profile."
    assert problem(client.get("/api/v1/me/"), 401)["detail"] == detail


def test_session_works_as_a_token_does(ann: Staff) -> None:
    by_session, by_token = (client.get("/api/v1/me/").json() for client in (signed_in(ann), asking(ann)))
    assert (by_session.pop("token"), by_token.pop("token")["name"]) == (None, "Test")
    assert by_session == by_token


@pytest.mark.parametrize("address", ADDRESSES)
@pytest.mark.parametrize("whose", ["no role", "operator"])
def test_role_is_judged_before_anything_is_looked_up(address: str, whose: str) -> None:
    nobody = make_staff(make_partner()) if whose == "no role" else make_operator()
    detail = "Your role doesn't include this address."
    assert problem(signed_in(nobody).get(address), 403) == {"title": "Forbidden", "detail": detail}


@pytest.mark.parametrize("address", ADDRESSES)
def test_role_is_judged_before_parameters(address: str) -> None:
    assert signed_in(make_staff(make_partner())).get(f"{address}?nonsense=1").status_code == 403


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("address", ADDRESSES[:4])
def test_every_role_reads_figures_and_customers(role: Role, address: str) -> None:
    assert asking(make_staff(make_partner(), role)).get(address).status_code == 200


@pytest.mark.parametrize("address", ADDRESSES[4:])
def test_what_isnt_there_is_a_problem_like_any_other(ann: Staff, address: str) -> None:
    assert problem(asking(ann).get(address), 404) == {"title": "Not Found", "detail": NOT_YOURS}


def test_address_without_its_last_slash_leads_there(ann: Staff) -> None:
    response = asking(ann).get("/api/v1/me")
    assert (response.status_code, response.headers["Location"]) == (301, "/api/v1/me/")


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete", "options", "trace"])
@pytest.mark.parametrize("address", ADDRESSES)
def test_api_is_read_only(ann: Staff, method: str, address: str) -> None:
    response = getattr(asking(ann), method)(address)
    assert problem(response, 405) == {
        "title": "Method Not Allowed",
        "detail": f'Method "{method.upper()}" not allowed.',
    }
    assert response.headers["Allow"] == "GET, HEAD"


def test_head_says_what_get_would(ann: Staff) -> None:
    response = asking(ann).head("/api/v1/me/")
    assert (response.status_code, response.content) == (200, b"")


@pytest.mark.parametrize("accept", ["text/csv", "application/xml"])
def test_answers_are_json_only(ann: Staff, accept: str) -> None:
    assert problem(asking(ann).get("/api/v1/me/", headers={"Accept": accept}), 406)["title"] == "Not Acceptable"


@pytest.mark.parametrize("accept", ["", "*/*", "application/json", "text/html,*/*;q=0.8", "application/problem+json"])
def test_who_takes_json_gets_it(ann: Staff, accept: str) -> None:
    assert asking(ann).get("/api/v1/me/", headers={"Accept": accept} if accept else {}).status_code == 200


def test_answers_are_kept_nowhere_and_for_no_other_site(ann: Staff) -> None:
    response = asking(ann).get("/api/v1/me/", headers={"Origin": "https://elsewhere.example"})
    kept = {word.strip() for word in response.headers["Cache-Control"].split(",")}
    assert kept == {"private", "no-store"}
    assert not [name for name in response.headers if name.lower().startswith("access-control")]


def test_too_many_requests_are_told_when_to_come_back(ann: Staff, monkeypatch: pytest.MonkeyPatch) -> None:
    minute = 60.0 * secrets.randbelow(10**8)
    monkeypatch.setattr(RequestLimit, "requests", 2)
    monkeypatch.setattr("partners.api.limits.time", lambda: minute + 20)
    client, other = asking(ann), asking(make_staff(ann.partner, Role.SALES_AGENT))
    assert [client.get("/api/v1/me/").status_code for _ in range(2)] == [200, 200]
    response = client.get("/api/v1/me/")
    assert problem(response, 429)["title"] == "Too Many Requests"
    assert response.headers["Retry-After"] == "40"
    assert other.get("/api/v1/me/").status_code == 200
    monkeypatch.setattr("partners.api.limits.time", lambda: minute + 60)
    assert client.get("/api/v1/me/").status_code == 200


@pytest.mark.urls("tests.partners.api.broken")
def test_error_of_ours_is_a_problem_that_is_logged(ann: Staff, caplog: pytest.LogCaptureFixture) -> None:
    client = asking(ann)
    client.raise_request_exception = False
    response = client.get("/broken/")
    detail = "The fault is ours, and is noted."
    assert problem(response, 500) == {"title": "Internal Server Error", "detail": detail}
    logged = [record for record in caplog.records if record.name == "django.request"]
    assert [record.exc_info[0] for record in logged] == [ZeroDivisionError]


@pytest.mark.urls("tests.partners.api.broken")
def test_error_of_ours_reaches_who_tests(ann: Staff) -> None:
    with pytest.raises(ZeroDivisionError):
        asking(ann).get("/broken/")


@pytest.mark.parametrize("address", ADDRESSES[:4])
def test_requests_by_token_need_15_queries_at_most(ann: Staff, address: str, django_assert_max_num_queries) -> None:
    client = asking(ann)
    client.get(address)
    with django_assert_max_num_queries(15):
        assert client.get(address).status_code == 200
