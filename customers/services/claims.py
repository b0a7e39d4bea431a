"""A partner claims a customer: the same act as a line of its own in customers.csv (feed.md, "A partner's feed")."""

from __future__ import annotations

import csv
from dataclasses import asdict, dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import UUID

from django.core.exceptions import ValidationError

from customers.selectors.claims import confirmed_at_once
from customers.services.feed import load_feed
from customers.services.lock import LoadingError, waiting_at_most
from partners.models import AuditEntry, Staff
from partners.services.audit import record
from partners.tenancy import operating

PATIENCE = "5s"

__all__ = ["Claim", "LoadingError", "claim_customer"]


@dataclass(frozen=True, slots=True)
class Claim:
    """Which customer is meant, and what the partner calls it."""

    customer_id: UUID
    name: str
    domain: str
    country: str
    """ISO 3166-1 alpha-2."""


def claim_customer(*, actor: Staff, claim: Claim) -> bool:
    """Claim the customer for the actor's partner from today on, written to the audit log. Whether it is confirmed at once.

    It is where the installation has a single partner; else the operator confirms it. Nothing that comes of it tells
    whether the customer was known. Raises ValidationError for values that a feed couldn't have, and LoadingError while a delivery
    is being loaded.
    """
    with waiting_at_most(PATIENCE):
        _load(actor, claim)
        record(
            actor=actor,
            partner=actor.partner,
            kind=AuditEntry.Kind.CUSTOMER,
            action="customer.claim",
            object_type="customer",
            object_id=claim.customer_id,
            after={name: str(value) for name, value in asdict(claim).items()},
        )
    return confirmed_at_once()


def _load(actor: Staff, claim: Claim) -> None:
    """Load the line as the operator's machinery: to the partner a customer that it merely claims doesn't exist."""
    with TemporaryDirectory() as folder:
        source = Path(folder) / "claim"
        source.mkdir()
        with (source / "customers.csv").open("w", encoding="utf-8", newline="") as stream:
            csv.writer(stream).writerows([list(asdict(claim)), [str(value) for value in asdict(claim).values()]])
        with operating():
            report = load_feed(source=source, stated_by=actor.partner)
    if report.refused:
        raise ValidationError(list(report.faults()))
