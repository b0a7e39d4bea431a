"""A partner with an application, a customer's tenant that has consented, and pulls that wait for nothing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
from pytest_django import Settings

from customers.connections.hand_over import Handed, HandOver
from customers.connections.pull import work_off
from customers.connections.secrets import seal
from customers.connections.waiting import Patience
from customers.models import Application, Connection, Relationship
from partners.models import Partner, Staff
from partners.permissions import Role
from tests.customers.connections.vendor import CLIENT, DIRECTORY, SECRET, TENANT, Vendor, running
from tests.people import make_partner, make_staff

KEY = "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE="


@dataclass
class Taken:
    """Takes what pulls hand over, and remembers it."""

    files: list[dict[str, bytes]] = field(default_factory=list)

    def __call__(self, handed: Handed) -> list[str]:
        with handed.files() as files:
            self.files.append({path.name: path.read_bytes() for path in files})
        return []


@dataclass
class Pulling:
    """The partner `us` and everything with which it pulls."""

    vendor: Vendor
    us: Partner
    admin: Staff
    slept: list[float] = field(default_factory=list)
    taken: Taken = field(default_factory=Taken)

    def patience(self, **more: Any) -> Patience:
        """Waits without waiting, and without chance."""
        return Patience(**{"sleep": self.slept.append, "chance": lambda: 1.0, "reading": 0.5} | more)

    def connection(self, tenant: UUID = TENANT, **fields: Any) -> Connection:
        """For which somebody waits."""
        asked = {"kind": "graph", "asked_at": datetime.now(UTC)}
        return Connection.objects.create(partner=self.us, tenant_id=tenant, **asked | fields)

    def work_off(self, hand_over: HandOver | None = None, **patience: Any) -> int:
        return work_off(host="test", hand_over=hand_over or self.taken, patience=self.patience(**patience))

    def state(self, connection: Connection) -> tuple[str, str, int]:
        """Problem, detail and number of failures."""
        connection.refresh_from_db()
        return connection.problem, connection.detail, connection.failures

    def confirmed(self) -> list[tuple[UUID, str]]:
        """The partner's relationships: customer and status."""
        found = Relationship.objects.filter(partner=self.us).order_by("pk")
        return list(found.values_list("customer__tenant_id", "status"))


@pytest.fixture
def vendor(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[Vendor]:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    settings.SEATWISE_KEYS = [KEY]
    with running() as vendor:
        for name, value in vendor.settings.items():
            setattr(settings, name, value)
        yield vendor


@pytest.fixture
def pulling(db: None, vendor: Vendor) -> Pulling:
    us = make_partner("us")
    make_partner("them")
    Application.objects.create(partner=us, directory_id=DIRECTORY, client_id=CLIENT, sealed_secret=seal(SECRET))
    return Pulling(vendor, us, make_staff(us, Role.GLOBAL_ADMIN))
