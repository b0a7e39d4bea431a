"""How errors become answers."""

from __future__ import annotations

import pytest
from django.core.exceptions import BadRequest, PermissionDenied, SuspiciousOperation
from django.http import Http404, HttpResponse
from django.test import Client, RequestFactory

from config.errors import WrongStateMiddleware, bad_request, forbidden, not_found, server_error, untrusted_form
from partners.failures import WrongStateError
from partners.permissions import Role
from tests.people import make_partner, make_staff, signed_in

PAGE, API = RequestFactory().get("/customers/"), RequestFactory().get("/api/v1/customers/")


@pytest.mark.parametrize(
    ("answer", "status", "said"),
    [
        (bad_request(PAGE, BadRequest("date: 31 is no day.")), 400, "date: 31 is no day."),
        (forbidden(PAGE, PermissionDenied("Not for you.")), 403, "Not for you."),
        (not_found(PAGE, Http404("customer 7")), 404, "There is no such page, or it isn&#x27;t yours to see."),
        (untrusted_form(PAGE), 403, "Load the page anew and send it again."),
    ],
)
def test_a_page_says_what_is_wrong(answer: HttpResponse, status: int, said: str) -> None:
    assert answer.status_code == status
    assert answer.content.decode().count(said) == 1


def test_what_nobody_wrote_for_people_is_not_shown() -> None:
    assert b"secret" not in bad_request(PAGE, SuspiciousOperation("secret")).content
    assert b"secret" not in not_found(PAGE, Http404("secret")).content


def test_under_the_api_errors_are_problem_documents() -> None:
    answer = bad_request(API, BadRequest("date: 31 is no day."))
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.status_code == 400
    assert server_error(API).headers["Content-Type"] == "application/problem+json"


def test_a_wrong_state_is_409() -> None:
    middleware = WrongStateMiddleware(lambda _request: HttpResponse())
    answer = middleware.process_exception(PAGE, WrongStateError("It is over."))
    assert (answer.status_code, answer.content.decode().count("It is over.")) == (409, 1)
    assert middleware.process_exception(PAGE, ValueError("else")) is None


def test_the_page_for_our_own_faults_needs_no_database() -> None:
    answer = server_error(PAGE)
    assert answer.status_code == 500
    assert b"That was our fault, not yours." in answer.content


@pytest.mark.django_db
def test_every_error_page_keeps_the_navigation() -> None:
    client = signed_in(make_staff(make_partner(), Role.SALES_AGENT))
    for path, status in (("/nothing/", 404), ("/audit/", 403), ("/customers/?sort=nothing", 400)):
        answer = client.get(path)
        top = answer.content.partition(b"</header>")[0]
        assert (answer.status_code, top.count(b'href="/customers/"')) == (status, 1)


@pytest.mark.django_db
def test_a_form_without_its_token_is_told_what_to_do() -> None:
    answer = Client(enforce_csrf_checks=True).post("/language/", {"language": "en"})
    assert answer.status_code == 403
    assert b"This form is too old" in answer.content


@pytest.mark.django_db
def test_nothing_inside_a_page_may_run_or_style() -> None:
    policy = Client().get("/account/login/").headers["Content-Security-Policy"]
    assert dict(part.strip().split(" ", 1) for part in policy.split(";")) == {
        "default-src": "'none'",
        "script-src": "'self'",
        "style-src": "'self'",
        "img-src": "'self' data:",
        "font-src": "'self'",
        "connect-src": "'self'",
        "form-action": "'self'",
        "frame-ancestors": "'none'",
        "base-uri": "'none'",
    }


def test_the_page_for_our_own_faults_needs_no_collected_files(settings, tmp_path) -> None:
    settings.STATIC_ROOT = tmp_path
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"}
    }
    answer = server_error(PAGE)
    assert (answer.status_code, b"/static/seatwise/seatwise.css" in answer.content) == (500, True)
