"""The vendor's limits per tenant are kept before it says a word."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from customers.connections.failures import LaterError
from customers.connections.limits import take_turn
from customers.models import Connection, VendorRequest
from tests.customers.connections.conftest import Pulling
from tests.customers.connections.vendor import CLIENT, OTHER_TENANT, REPORT, TENANT

pytestmark = pytest.mark.django_db


def ask(what: str, times: int, tenant: object = TENANT, application: object = CLIENT) -> None:
    for _time in range(times):
        take_turn(tenant=tenant, application=application, what=what)


def test_fifteenth_request_of_a_report_waits() -> None:
    ask("report:a", 14)
    with pytest.raises(LaterError) as later:
        ask("report:a", 1)
    assert later.value.problem == "throttled"
    assert 595 < later.value.seconds <= 600
    assert VendorRequest.objects.count() == 14


def test_limit_of_a_report_is_of_one_application_and_tenant() -> None:
    ask("report:a", 14)
    ask("report:a", 14, application=uuid4())
    ask("report:a", 14, tenant=OTHER_TENANT)
    ask("report:b", 12)
    with pytest.raises(LaterError):
        ask("report:b", 1)
    assert VendorRequest.objects.filter(tenant_id=TENANT).count() == 40


def test_there_is_room_again_when_the_oldest_is_old_enough() -> None:
    ask("report:a", 14)
    oldest = VendorRequest.objects.order_by("at")[0]
    VendorRequest.objects.filter(pk=oldest.pk).update(at=timezone.now() - timedelta(minutes=10))
    ask("report:a", 1)
    with pytest.raises(LaterError):
        ask("report:a", 1)


def test_partner_center_has_a_limit_a_minute() -> None:
    now = timezone.now()
    VendorRequest.objects.bulk_create(
        VendorRequest(tenant_id=TENANT, application=CLIENT, what="partner_center", at=now) for _each in range(400)
    )
    with pytest.raises(LaterError) as later:
        ask("partner_center", 1)
    assert 50 < later.value.seconds <= 60


def test_old_requests_are_forgotten() -> None:
    VendorRequest.objects.create(
        tenant_id=TENANT, application=CLIENT, what="report:a", at=timezone.now() - timedelta(hours=2)
    )
    ask("report:a", 1)
    assert VendorRequest.objects.count() == 1


def test_pull_waits_for_its_turn(pulling: Pulling) -> None:
    ask(f"report:{REPORT}", 14)
    connection = pulling.connection()
    pulling.work_off()
    assert pulling.state(connection) == ("throttled", "", 1)
    assert timedelta(minutes=9) < connection.not_before - timezone.now() <= timedelta(minutes=10)
    assert pulling.vendor.graph.asked(f"/v1.0/reports/{REPORT}(period='D30')") == []
    VendorRequest.objects.all().delete()
    Connection.objects.update(not_before=None)
    pulling.work_off()
    assert pulling.state(connection) == ("", "", 0)
