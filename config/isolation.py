"""Goes through the doors of this installation as its own people, and looks for what is somebody else's; changes nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction
from django.test import Client
from django.urls import get_resolver

from config.doors import class_of, views
from partners.models import Partner, Staff
from partners.permissions import Role

MOST_TEXTS = 300
"""So many texts of other partners are looked for in each answer."""
NOT_ASKED = ("logout", "jsi18n", "account/")
"""Parts of addresses that say nothing about anybody, or end the session."""
_FOREIGN = """
    SELECT text FROM (
        SELECT name AS text FROM partners_partner WHERE id <> %(partner)s
        UNION ALL SELECT email FROM partners_staff WHERE partner_id IS DISTINCT FROM %(partner)s
        UNION ALL SELECT s.subscription_id FROM customers_subscription s
            WHERE s.seller_id IS DISTINCT FROM %(partner)s ORDER BY 1 LIMIT %(most)s
    ) t WHERE length(text) >= 8
"""
_UNSERVED = """
    SELECT c.id, c.tenant_id FROM customers_customer c
    WHERE NOT EXISTS (
        SELECT FROM customers_relationship r
        WHERE r.customer_id = c.id AND r.partner_id = %(partner)s AND r.status = 'confirmed'
    )
    ORDER BY c.id LIMIT 3
"""


@dataclass(frozen=True, slots=True)
class Address:
    """A door: its pattern, what kind of door it is, and whether it names an object."""

    pattern: str
    kind: str
    """pages, admin or API"""

    @property
    def names_customer(self) -> bool:
        """Whether a customer's id stands in it."""
        return "<uuid:customer_id>" in self.pattern

    def path(self, customer: object = None) -> str:
        """Where it is."""
        return "/" + self.pattern.replace("<uuid:customer_id>", str(customer))


@dataclass(slots=True)
class Matrix:
    """What came of it: by person and kind of door, how many opened, how many turned away, and every leak."""

    opened: Counter[tuple[str, str]] = field(default_factory=Counter)
    refused: Counter[tuple[str, str]] = field(default_factory=Counter)
    leaks: list[str] = field(default_factory=list)

    @property
    def rows(self) -> list[tuple[str, str, int, int]]:
        """Person, kind of door, opened, refused."""
        keys = sorted({*self.opened, *self.refused})
        return [(who, kind, self.opened[who, kind], self.refused[who, kind]) for who, kind in keys]


def addresses() -> list[Address]:
    """The doors that can be asked without an object, or about a customer."""
    found = [
        Address(route, _kind(route)) for route, view in views(get_resolver()) if class_of(view) or "admin" in route
    ]
    return [door for door in found if not _is_left_out(door)]


def prove() -> Matrix:
    """Ask at every door as one person per partner and role. All of it is undone, sessions and audit entries included."""
    matrix, doors = Matrix(), addresses()
    with transaction.atomic():
        for partner in Partner.objects.order_by("slug"):
            foreign, unserved = _foreign(partner), _unserved(partner)
            for role, staff in _people(partner):
                _Visitor(f"{partner.slug}, {role}", staff, foreign, unserved).go_round(doors, matrix)
        _Visitor("nobody", None, [], []).go_round(doors, matrix)
        transaction.set_rollback(True)
    return matrix


def _people(partner: Partner) -> Iterator[tuple[str, Staff]]:
    """One active member of staff for each role that somebody has."""
    for role in Role:
        staff = Staff.objects.filter(partner=partner, is_active=True, roles__contains=[role.value]).first()
        if staff is not None:
            yield role.value, staff


@dataclass(frozen=True, slots=True)
class _Visitor:
    """Somebody who looks in at every door."""

    who: str
    staff: Staff | None
    foreign: list[str]
    """Texts that mustn't occur in what this person is told."""
    unserved: list[UUID]
    """Customers that the person's partner doesn't serve."""

    def go_round(self, doors: Iterable[Address], matrix: Matrix) -> None:
        client = Client(raise_request_exception=False)
        if self.staff is not None:
            client.force_login(self.staff)
        for door in doors:
            for customer in self.unserved if door.names_customer else [None]:
                self._ask(client, door, customer, matrix)

    def _ask(self, client: Client, door: Address, customer: UUID | None, matrix: Matrix) -> None:
        response = client.get(door.path(customer), headers={"host": _host()}, secure=True)
        body = b"".join(response.streaming_content) if response.streaming else response.content
        opened = response.status_code == 200
        (matrix.opened if opened else matrix.refused)[self.who, door.kind] += 1
        asked, text = f"{self.who}: {door.path(customer)}", body.decode("utf-8", "replace")
        if opened and customer is not None:
            matrix.leaks.append(f"{asked} opens, and the customer isn't served")
        if response.status_code >= 500:
            matrix.leaks.append(f"{asked} fails with {response.status_code}")
        matrix.leaks += [f"{asked} tells {found!r}" for found in self.foreign if found in text]


def _foreign(partner: Partner) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(_FOREIGN, {"partner": partner.pk, "most": MOST_TEXTS})
        return [text for (text,) in cursor.fetchall()]


def _unserved(partner: Partner) -> list[UUID]:
    with connection.cursor() as cursor:
        cursor.execute(_UNSERVED, {"partner": partner.pk})
        return [tenant for _key, tenant in cursor.fetchall()]


def _host() -> str:
    """A name by which the installation may be called."""
    name = settings.ALLOWED_HOSTS[0]
    return "localhost" if name == "*" else name.lstrip(".")


def _kind(route: str) -> str:
    return "admin" if route.startswith("admin/") else "API" if route.startswith("api/") else "pages"


def _is_left_out(door: Address) -> bool:
    rest = door.pattern.replace("<uuid:customer_id>", "")
    return any(mark in rest for mark in ("<", "^", "(", *NOT_ASKED))
