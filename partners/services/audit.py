"""Writes the record of who changed what. The only place that does."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from partners.models import AuditEntry, Partner, Staff


def record(
    *,
    actor: Staff | None,
    partner: Partner | None,
    kind: str,
    action: str,
    object_type: str,
    object_id: object,
    reason: str = "",
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
    undoes: AuditEntry | None = None,
) -> AuditEntry:
    """Write down one act, within the transaction of the act itself.

    `actor` is None for a command; `partner` is whose staff may read it, None: only the operator. `kind` is one of
    AuditEntry.Kind and decides which roles read it (design.md, "Who may do what"). `action` is `thing.verb`, such as
    `staff.invite`. `before` and `after` hold values that JSON knows, never a password, a token or their digests.
    """
    return AuditEntry.objects.create(
        actor=actor,
        partner=partner,
        kind=AuditEntry.Kind(kind),
        action=action,
        object_type=object_type,
        object_id=str(object_id),
        reason=reason,
        before=None if before is None else dict(before),
        after=None if after is None else dict(after),
        undoes=undoes,
    )


def record_all(
    *, actor: Staff, kind: str, action: str, object_type: str, told: Mapping[str, Mapping[str, Any]]
) -> None:
    """The same of several objects at once: what is told of each, by its id. `actor`'s partner's staff may read it."""
    AuditEntry.objects.bulk_create(
        AuditEntry(
            actor=actor,
            partner=actor.partner,
            kind=AuditEntry.Kind(kind),
            action=action,
            object_type=object_type,
            object_id=object_id,
            after=dict(after),
        )
        for object_id, after in told.items()
    )
