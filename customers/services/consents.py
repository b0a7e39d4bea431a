"""A customer's consent, as its own tenant proved it, confirms the relationship (docs/decisions/0014-connections.md)."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from enum import Enum
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import UUID

from django.db import transaction

from customers.clock import today
from customers.connections.failures import Problem, PullError
from customers.connections.graph import Organisation
from customers.models import Relationship
from customers.models.connection import Connection
from customers.services.feed import load_feed
from partners.models import AuditEntry, Partner
from partners.services.audit import record
from partners.tenancy import operating


class Standing(Enum):
    """How a partner stands with a customer today."""

    SERVED = "a confirmed relationship covers today"
    OPEN = "there is none, or a claim that waits: a consent confirms it"
    ENDED = "there was one, or there will be: that is for the operator to say"


def standing_of(*, partner: int, tenant: UUID) -> Standing:
    """How the partner (key) stands with the customer of this tenant, whether that is known or not."""
    with operating():
        if Relationship.objects.confirmed(partner, today()).filter(customer__tenant_id=tenant).exists():
            return Standing.SERVED
        confirmed = Relationship.objects.filter(partner=partner, customer__tenant_id=tenant, status="confirmed")
        return Standing.ENDED if confirmed.exists() else Standing.OPEN


def confirm_by_consent(*, claimed: Connection, organisation: Organisation) -> None:
    """Confirm the relationship from today on, and write that to the audit log.

    `organisation` is what the tenant itself answered. A partner that hasn't claimed the customer does so by the way. Raises
    PullError where its name, domain or country can't be had: then the partner has to claim it itself first.
    """
    partner = claimed.partner
    with operating(), transaction.atomic():
        if standing_of(partner=partner.pk, tenant=claimed.tenant_id) is not Standing.OPEN:
            return
        if not Relationship.objects.filter(partner=partner, customer__tenant_id=claimed.tenant_id).exists():
            _load_claim(partner, organisation)
        line = [partner.partner_id, claimed.tenant_id, today()]
        _load("relationships.csv", ["partner_id", "customer_id", "from"], line, stated_by=None)
        record(
            actor=None,
            partner=partner,
            kind=AuditEntry.Kind.CUSTOMER,
            action="connection.confirm",
            object_type="customer",
            object_id=claimed.tenant_id,
            after={"from": today().isoformat(), "connection": claimed.pk},
        )


def _load_claim(partner: Partner, organisation: Organisation) -> None:
    line = [organisation.tenant, organisation.name, organisation.domain, organisation.country]
    _load("customers.csv", ["customer_id", "name", "domain", "country"], line, stated_by=partner)


def _load(name: str, columns: Sequence[str], line: Sequence[object], *, stated_by: Partner | None) -> None:
    with TemporaryDirectory() as folder:
        source = Path(folder) / "consent"
        source.mkdir()
        with (source / name).open("w", encoding="utf-8", newline="") as stream:
            csv.writer(stream).writerows([columns, line])
        if load_feed(source=source, stated_by=stated_by).refused:
            raise PullError(Problem.NEEDS_CLAIM)
