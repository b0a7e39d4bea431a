"""Partners and people for any test: `make_partner()`, `make_staff(partner, Role.SALES_AGENT)`, `make_operator()`."""

from __future__ import annotations

from itertools import count
from uuid import uuid4

from django.contrib.auth.hashers import make_password
from django.test import Client

from partners.models import Partner, Staff
from partners.permissions import Role

PASSWORD = "correct horse battery"
_NUMBERS = count(1)
_HASHES: dict[str, str] = {}


def make_partner(slug: str = "", **fields: object) -> Partner:
    """A partner; without a slug one that no other has."""
    slug = slug or f"partner-{next(_NUMBERS)}"
    return Partner.objects.create(**{"partner_id": uuid4(), "name": slug.capitalize(), "slug": slug} | fields)


def make_staff(partner: Partner | None, *roles: Role, **fields: object) -> Staff:
    """A member of the partner's staff with these roles (none: none) and the password PASSWORD."""
    defaults = {"email": f"person-{next(_NUMBERS)}@{partner.slug if partner else 'nowhere'}.example"}
    return Staff.objects.create(
        **defaults | {"partner": partner, "roles": [role.value for role in roles], "password": _hash(PASSWORD)} | fields
    )


def make_operator(**fields: object) -> Staff:
    """An operator of the installation, with the password PASSWORD."""
    return make_staff(None, **{"is_staff": True, "is_superuser": True} | fields)


def signed_in(staff: Staff) -> Client:
    """A browser in which this person has signed in."""
    client = Client()
    client.force_login(staff)
    return client


def _hash(password: str) -> str:
    """Hashing is slow on purpose; once per run is enough."""
    return _HASHES.setdefault(password, make_password(password))
