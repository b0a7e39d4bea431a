"""Members of staff: how they come to be."""

from __future__ import annotations

from collections.abc import Iterable

from django.contrib.auth.password_validation import validate_password
from django.db import transaction

from partners.models import AuditEntry, Partner, Staff
from partners.permissions import Role


def create_staff(*, actor: Staff | None, partner: Partner, email: str, roles: Iterable[Role], password: str) -> Staff:
    """A new member of a partner's staff with these roles, written to the audit log.

    `actor` is None for a command. Raises ValidationError for an e-mail address that is none or is known already, and for
    a password that is too weak.
    """
    codes = sorted({role.value for role in roles})
    with transaction.atomic():
        staff = Staff(email=Staff.objects.normalize_email(email), partner=partner, roles=codes)
        staff.set_password(password)
        staff.full_clean()
        validate_password(password, staff)
        staff.save()
        AuditEntry.objects.create(
            actor=actor,
            partner=partner,
            kind=AuditEntry.Kind.STAFF,
            action="staff.create",
            object_type="staff",
            object_id=str(staff.pk),
            after={"email": staff.email, "roles": codes},
        )
    return staff
