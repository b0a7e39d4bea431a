"""The line that each request leaves in the log, its id, and the headers of every answer."""

import json
import logging
import sys
from types import ModuleType

import pytest
from django.contrib.auth.decorators import login_not_required
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import path
from pytest_django import Settings

from config import urls
from config.logs import JsonFormatter
from config.requests import LOGGER
from partners.permissions import Role
from tests.people import make_partner, make_staff, signed_in

POLICY = "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()"


def lines(caplog: pytest.LogCaptureFixture) -> list[dict[str, object]]:
    return [record.fields for record in caplog.records if record.name == LOGGER.name]


@pytest.fixture
def heard(caplog: pytest.LogCaptureFixture) -> pytest.LogCaptureFixture:
    caplog.set_level(logging.INFO, logger=LOGGER.name)
    return caplog


@pytest.mark.django_db
def test_request_is_logged_by_pattern_and_number(heard: pytest.LogCaptureFixture) -> None:
    staff = make_staff(make_partner(), Role.GLOBAL_ADMIN)
    signed_in(staff).get(f"/staff/{staff.pk}/", {"q": "canary"})
    (line,) = lines(heard)
    assert line.pop("ms") >= 0
    assert line == {
        "method": "GET",
        "route": "staff/<int:staff_id>/",
        "status": 200,
        "staff": staff.pk,
        "partner": staff.partner_id,
    }


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("path", "route", "status"),
    [("/profile/", "profile/", 302), ("/nowhere/canary/", None, 404), ("/account/login/", "account/login/", 200)],
)
def test_request_of_nobody_is_logged(
    client: Client, heard: pytest.LogCaptureFixture, path: str, route: str | None, status: int
) -> None:
    client.get(path)
    (line,) = lines(heard)
    assert (line["route"], line["status"], line["staff"], line["partner"]) == (route, status, None, None)


@pytest.mark.django_db
def test_health_is_not_logged(client: Client, heard: pytest.LogCaptureFixture) -> None:
    client.get("/healthz")
    client.get("/readyz")
    assert lines(heard) == []


@pytest.mark.django_db
def test_answers_carry_an_id_of_their_own(client: Client) -> None:
    ids = [client.get("/account/login/", headers={"x-request-id": "forged"})["X-Request-ID"] for _ in range(2)]
    assert [len(number) for number in ids] == [16, 16]
    assert ids[0] != ids[1]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("path", "host", "status"),
    [
        ("/account/login/", "localhost", 200),
        ("/nowhere/", "localhost", 404),
        ("/profile/", "localhost", 302),
        ("/", "evil.example", 400),
    ],
)
def test_every_answer_carries_the_headers(client: Client, path: str, host: str, status: int) -> None:
    answer = client.get(path, headers={"host": host})
    assert answer.status_code == status
    assert (answer["Permissions-Policy"], answer["X-Frame-Options"]) == (POLICY, "DENY")
    assert (answer["Referrer-Policy"], answer["X-Content-Type-Options"]) == ("same-origin", "nosniff")
    assert answer["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "no-store" in answer["Cache-Control"]
    assert "default-src 'none'" in answer["Content-Security-Policy"].split("; ")


CANARY = "greta.canarini"


@login_not_required
def refused_row(_request: HttpRequest, name: str) -> HttpResponse:
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMPORARY TABLE person (name text CONSTRAINT named CHECK (name = ''))")
        cursor.execute("INSERT INTO person VALUES (%s)", [name])
    return HttpResponse()


@pytest.mark.django_db
@pytest.mark.parametrize("prefix", ["", "api/"])
def test_error_is_logged_without_values_and_its_answer_has_the_id_of_the_line(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, heard: pytest.LogCaptureFixture, prefix: str
) -> None:
    module = ModuleType("failing_address")
    module.urlpatterns = [path(f"{prefix}<str:name>/", refused_row), *urls.urlpatterns]
    module.handler500 = urls.handler500
    monkeypatch.setitem(sys.modules, module.__name__, module)
    settings.ROOT_URLCONF = module.__name__
    monkeypatch.setattr(heard.handler, "formatter", JsonFormatter())
    written: list[str] = []
    monkeypatch.setattr(heard.handler, "emit", lambda record: written.append(heard.handler.format(record)))
    answer = Client(raise_request_exception=False).get(f"/{prefix}{CANARY}/", {"q": CANARY})
    assert answer.status_code == 500
    events = [json.loads(line) for line in written]
    assert [(event["logger"], event["message"]) for event in events] == [
        ("django.request", "Internal Server Error"),
        ("seatwise.web", "request"),
    ]
    assert {event["request"] for event in events} == {answer["X-Request-ID"]}
    assert "psycopg.errors.CheckViolation 23514 person named" in events[0]["error"]
    assert events[1]["route"] == f"{prefix}<str:name>/"
    assert CANARY not in "".join(written)
    assert answer["X-Request-ID"] in answer.content.decode()
    assert CANARY not in answer.content.decode()
