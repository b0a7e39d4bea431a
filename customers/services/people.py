"""Keeps the record of who looked at people's names (design.md, "Who may do what": each view of names is logged)."""

from __future__ import annotations

from uuid import UUID

from partners.models import AuditEntry, Staff
from partners.services.audit import record


def record_names_seen(*, actor: Staff, customer_id: UUID, people: int, where: str) -> None:
    """Write down that `actor` was shown the names of `people` people of a customer, on the page or in the file `where`.

    Nothing is written where no name was shown.
    """
    if people:
        record(
            actor=actor,
            partner=actor.partner,
            kind=AuditEntry.Kind.CUSTOMER,
            action="people.view",
            object_type="customer",
            object_id=customer_id,
            after={"people": people, "where": where},
        )
