"""Writes to the audit log what people do to their own second factor."""

from __future__ import annotations

from typing import Any

from allauth.mfa.models import Authenticator

from partners.models import AuditEntry, Staff
from partners.services.audit import record


def second_factor_added(*, user: Staff, authenticator: Authenticator, **_signal: Any) -> None:
    """A second factor, or recovery codes for one, were set up."""
    _record(user, "staff.set_up_second_factor", authenticator)


def second_factor_removed(*, user: Staff, authenticator: Authenticator, **_signal: Any) -> None:
    """A second factor was removed, and with it the recovery codes."""
    _record(user, "staff.remove_own_second_factor", authenticator)


def _record(staff: Staff, action: str, authenticator: Authenticator) -> None:
    if authenticator.type == Authenticator.Type.RECOVERY_CODES:
        return
    record(
        actor=staff,
        partner=staff.partner,
        kind=AuditEntry.Kind.STAFF,
        action=action,
        object_type="staff",
        object_id=staff.pk,
    )
