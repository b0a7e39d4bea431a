"""What load balancers are told."""

import pytest
from django.db import connection, connections
from django.test import Client
from pytest_django import Settings

from config import health
from config.celery import app

READY = {"ready": True, "checks": {"database": "ok", "broker": "ok"}, "nightly": "ok"}


def test_alive_asks_no_database(client: Client) -> None:
    answer = client.get("/healthz", headers={"host": "10.0.0.7"})
    assert (answer.status_code, answer.content, answer["Content-Type"]) == (200, b"ok\n", "text/plain")


@pytest.mark.django_db
def test_ready_when_database_and_broker_answer(client: Client) -> None:
    answer = client.get("/readyz", headers={"host": "10.0.0.7"})
    assert (answer.status_code, answer.json()) == (200, READY)


@pytest.mark.django_db
def test_health_is_told_without_tls(settings: Settings) -> None:
    settings.SECURE_SSL_REDIRECT = True
    assert [Client().get(path).status_code for path in ("/healthz", "/readyz", "/profile/")] == [200, 200, 301]


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_health_is_asked_by_get_only(client: Client, path: str) -> None:
    assert [client.post(path).status_code, client.delete(path).status_code] == [405, 405]


@pytest.mark.django_db
def test_not_ready_while_migrations_are_missing(client: Client) -> None:
    health.shipped_migrations.cache_clear()
    shipped = health.shipped_migrations()
    assert ("partners", "0001_tables") in shipped
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL search_path = pg_temp")
        answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["checks"] == {
        "database": f"{len(shipped)} migrations are missing; run `manage.py migrate`",
        "broker": "ok",
    }


@pytest.mark.django_db(databases=["default", "owner"])
def test_not_ready_as_a_role_that_row_level_security_does_not_bind(
    monkeypatch: pytest.MonkeyPatch, client: Client
) -> None:
    monkeypatch.setattr(health, "connection", connections["owner"])
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()["ready"]) == (503, False)
    assert answer.json()["checks"]["database"] == (
        "row-level security doesn't bind this role; enter as one that owns nothing"
    )


@pytest.mark.django_db
def test_not_ready_without_broker_and_says_no_secret(
    client: Client, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(app.conf, "broker_write_url", "redis://:secret@127.0.0.1:1/0")
    with caplog.at_level("WARNING", logger="seatwise.health"):
        answer = client.get("/readyz")
    assert (answer.status_code, answer.json()["checks"]) == (503, {"database": "ok", "broker": "it can't be reached"})
    told = [entry.getMessage() for entry in caplog.records if entry.name == "seatwise.health"]
    assert told == ["broker_answer failed"]
    assert b"secret" not in answer.content


@pytest.mark.django_db
def test_not_ready_without_database(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "_BOUND", "SELECT 1/0")
    with connection.cursor() as cursor:
        cursor.execute("SAVEPOINT before")
        answer = client.get("/readyz")
        cursor.execute("ROLLBACK TO SAVEPOINT before")
    assert (answer.status_code, answer.json()) == (
        503,
        {
            "ready": False,
            "checks": {"database": "it can't be reached as the application's role", "broker": "ok"},
            "nightly": "it can't be told",
        },
    )
