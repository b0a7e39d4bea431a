"""A partner's claims that wait for the operator. They show nothing of the customer (metrics.md)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db import connection

from customers.clock import today
from customers.feed.claims import WAITS
from partners.models import Partner
from partners.tenancy import operating

_OWN = f"""
    SELECT c.tenant_id, coalesce(p.name, ''), r.valid_from
    FROM customers_relationship r
    JOIN customers_customer c ON c.id = r.customer_id
    LEFT JOIN customers_customerprofile p ON p.customer_id = c.id AND p.stated_by_id = r.partner_id
    WHERE r.partner_id = %(partner)s AND {WAITS}
    ORDER BY r.valid_from DESC, c.tenant_id
"""  # noqa: S608 - constants

_ALONE = "SELECT count(*) = 1 FROM partners_partner"


@dataclass(frozen=True, slots=True)
class WaitingClaim:
    """What the partner itself said when it claimed."""

    customer_id: UUID
    name: str
    since: date


def waiting_claims_of(*, partner: Partner) -> list[WaitingClaim]:
    """The partner's own claims that wait, newest first.

    As the operator: to the partner a customer that it merely claims doesn't exist.
    """
    with operating(), connection.cursor() as cursor:
        cursor.execute(_OWN, {"partner": partner.pk, "today": today()})
        return [WaitingClaim(*row) for row in cursor.fetchall()]


def confirmed_at_once() -> bool:
    """Whether claims need nobody's confirmation: the installation has a single partner."""
    with operating(), connection.cursor() as cursor:
        cursor.execute(_ALONE)
        return bool(cursor.fetchone()[0])
