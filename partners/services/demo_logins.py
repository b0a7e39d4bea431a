"""Logins to try Seatwise with: one per role and partner of the demo portfolio, and an operator."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from django.db import transaction

from partners.models import AuditEntry, Partner, Staff
from partners.permissions import Role
from partners.services.audit import record

# A domain that can belong to nobody (RFC 2606): no mail to these logins ever reaches a person.
DOMAIN = "example"


@dataclass(frozen=True)
class DemoLogin:
    """Somebody to sign in as. Without partner and role: the operator of the installation."""

    email: str
    partner: Partner | None = None
    role: Role | None = None


def kept_password(path: Path) -> str:
    """The password of all demo logins of this installation: random, kept in `path`, which only its owner may read."""
    if not path.exists():
        path.touch(mode=0o600)
        path.write_text(f"{secrets.token_urlsafe(12)}\n", encoding="ascii")
    return path.read_text(encoding="ascii").strip()


def address_of(partner: Partner, role: Role) -> str:
    """The e-mail address of a partner's demo login."""
    return f"{role.value.replace('_', '.')}@{partner.slug}.{DOMAIN}"


def make_demo_logins(*, actor: Staff | None, partners: Iterable[Partner], password: str) -> list[DemoLogin]:
    """Sees to it that these logins are there and open with `password`, also where somebody has changed them meanwhile.

    `actor` is None for a command. A second factor that somebody has added stays.
    """
    logins = [DemoLogin(address_of(partner, role), partner, role) for partner in partners for role in Role]
    logins.append(DemoLogin(f"operator@seatwise.{DOMAIN}"))
    for login in logins:
        with transaction.atomic():
            _put_right(actor, login, password)
    return logins


def _put_right(actor: Staff | None, login: DemoLogin, password: str) -> None:
    staff = Staff.objects.filter(email__iexact=login.email).first() or Staff(email=login.email)
    before = _state(staff) if staff.pk else None
    opens = before is not None and staff.check_password(password)
    staff.partner = login.partner
    staff.roles = [login.role.value] if login.role else []
    staff.is_superuser = staff.is_staff = login.partner is None
    staff.is_active = True
    if opens and before == _state(staff):
        return
    if not opens:
        staff.set_password(password)
    staff.full_clean()
    staff.save()
    record(
        actor=actor,
        partner=login.partner,
        kind=AuditEntry.Kind.STAFF,
        action="staff.demo",
        object_type="staff",
        object_id=staff.pk,
        before=before,
        after=_state(staff),
    )


def _state(staff: Staff) -> dict[str, object]:
    """What of a login is put right, besides its password."""
    return {
        "email": staff.email,
        "partner": staff.partner_id,
        "roles": sorted(staff.roles),
        "active": staff.is_active,
        "operator": staff.is_superuser,
    }
