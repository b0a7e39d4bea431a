"""A killed worker costs a delay: what is here isn't fetched again, and whoever was too slow writes nothing."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from config.celery import PULL_DUE, app
from customers.clock import today
from customers.connections import due
from customers.connections.failures import ClaimLostError
from customers.connections.pull import pull
from customers.models import Connection, Pull, PulledPart
from tests.customers.connections.conftest import Pulling
from tests.customers.connections.vendor import APPS, REPORT, Answer, users


class KilledError(BaseException):
    """As if the process had been killed: nothing that comes after is done."""


def kill(*_arguments: Any) -> Any:
    raise KilledError


def killed_at(pulling: Pulling, host: str, path: str) -> None:
    """Begin a pull whose worker is killed when it comes to `path`."""
    routes = getattr(pulling.vendor, host).routes
    before = routes[path]
    routes[path] = Answer("busy", 503)
    with pytest.raises(KilledError):
        pulling.work_off(sleep=kill)
    routes[path] = before


def test_killed_pull_goes_on_where_it_was(pulling: Pulling) -> None:
    connection = pulling.connection()
    killed_at(pulling, "store", f"/{REPORT}")
    assert pulling.work_off() == 0
    Connection.objects.update(claimed_until=timezone.now() - timedelta(seconds=1))
    assert pulling.work_off() == 1
    graph = pulling.vendor.graph
    assert [len(graph.asked(f"/v1.0/{name}")) for name in ("subscribedSkus", "directory/subscriptions", "users")] == [
        1
    ] * 3
    assert len(graph.asked(f"/v1.0/reports/{APPS}(period='D30')")) == 1
    assert (pulling.state(connection), Pull.objects.count()) == (("", "", 0), 1)
    assert len(pulling.taken.files[0]) == 5


def test_killed_list_goes_on_at_its_page(pulling: Pulling) -> None:
    graph = pulling.vendor.graph
    graph.routes["/v1.0/users"] = Answer(users(["ann"], f"{graph.url}/v1.0/users?$skiptoken=2"))
    graph.routes["/v1.0/users?$skiptoken=2"] = Answer(users(["bob"], f"{graph.url}/v1.0/users?$skiptoken=3"))
    graph.routes["/v1.0/users?$skiptoken=3"] = Answer(users(["cat"]))
    pulling.connection()
    killed_at(pulling, "graph", "/v1.0/users?$skiptoken=3")
    assert PulledPart.objects.filter(file="users.json").count() == 2
    Connection.objects.update(claimed_until=None)
    pulling.work_off()
    asked = [request.path.partition("skiptoken=")[2] for request in graph.asked("/v1.0/users")]
    assert asked == ["", "2", "3", "3"]
    whole = json.loads(pulling.taken.files[0]["users.json"])
    assert [user["userPrincipalName"][:3] for user in whole["value"]] == ["ann", "bob", "cat"]


def test_pull_that_was_put_off_goes_on_where_it_was(pulling: Pulling) -> None:
    pulling.vendor.graph.faults["/v1.0/users"] = [Answer("", 429, {"Retry-After": "300"})]
    pulling.connection()
    pulling.work_off()
    Connection.objects.update(not_before=timezone.now())
    assert pulling.work_off() == 1
    assert len(pulling.vendor.graph.asked("/v1.0/subscribedSkus")) == 1
    assert len(pulling.taken.files) == 1


def test_pull_of_another_day_begins_anew(pulling: Pulling) -> None:
    pulling.connection()
    killed_at(pulling, "store", f"/{REPORT}")
    Pull.objects.update(day=today() - timedelta(days=1))
    Connection.objects.update(claimed_until=None)
    pulling.work_off()
    assert list(Pull.objects.order_by("pk").values_list("outcome", "day")) == [
        ("given_up", today() - timedelta(days=1)),
        ("done", today()),
    ]
    assert len(pulling.vendor.graph.asked("/v1.0/subscribedSkus")) == 2
    assert PulledPart.objects.count() == 0


def test_old_pulls_are_forgotten(pulling: Pulling) -> None:
    connection = pulling.connection()
    for days in (90, 91):
        Pull.objects.create(connection=connection, day=today() - timedelta(days=days), outcome="done")
    pulling.work_off()
    days = Pull.objects.order_by("day").values_list("day", flat=True)
    assert list(days) == [today() - timedelta(days=90), today()]


def test_slow_worker_writes_nothing_any_more(pulling: Pulling) -> None:
    connection = pulling.connection()
    slow = due.claim_next(worker="slow")
    Connection.objects.update(claimed_until=None)
    quick = due.claim_next(worker="quick")
    pull(slow, hand_over=pulling.taken, patience=pulling.patience())
    assert pulling.taken.files == []
    connection.refresh_from_db()
    assert (connection.claimed_by, connection.pulled_on) == ("quick", None)
    pull(quick, hand_over=pulling.taken, patience=pulling.patience())
    connection.refresh_from_db()
    assert (connection.claimed_by, connection.pulled_on) == ("", today())


def test_claim_is_one_workers(pulling: Pulling) -> None:
    pulling.connection()
    assert due.claim_next(worker="one") is not None
    assert due.claim_next(worker="two") is None


def test_connection_that_is_gone_is_given_up(pulling: Pulling) -> None:
    pulling.connection()
    claimed = due.claim_next(worker="one")
    Connection.objects.all().delete()
    with pytest.raises(ClaimLostError):
        due.keep_claim(claimed)
    pull(claimed, hand_over=pulling.taken, patience=pulling.patience())
    assert pulling.taken.files == []


def test_work_ends_when_it_is_told_to(pulling: Pulling) -> None:
    from customers.connections.pull import work_off

    pulling.connection()
    assert work_off(host="test", hand_over=pulling.taken, until=lambda: True) == 0


def test_worker_knows_the_task_that_beat_sends(pulling: Pulling) -> None:
    app.loader.import_default_modules()
    assert app.tasks[PULL_DUE].name == PULL_DUE
    pulling.connection(asked_at=None)
    assert app.tasks[PULL_DUE]() == 0
