"""`prove_isolation`: the matrix of an installation, and that it notices a leak and leaves nothing behind."""

from __future__ import annotations

from io import StringIO
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.core.management import CommandError, call_command

from config.isolation import addresses, prove
from customers.models.visibility import OwnOfServedQuerySet
from customers.selectors import customers
from partners.models import AuditEntry
from partners.permissions import Role
from tests.config.tenants import fill
from tests.people import make_staff

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def installation() -> None:
    tenants = fill()
    for role in Role:
        make_staff(tenants.us, role)
    make_staff(tenants.them, Role.ADMIN_AGENT)


def test_nobody_learns_what_is_anothers() -> None:
    out = StringIO()
    call_command("prove_isolation", stdout=out)
    assert out.getvalue().splitlines()[-1] == "No leaks."


def test_matrix_says_who_was_let_in() -> None:
    rows = {(who, kind): (opened, refused) for who, kind, opened, refused in prove().rows}
    people = {who for who, _kind in rows}
    assert people == {*(f"us, {role.value}" for role in Role), "them, global_admin", "them, admin_agent", "nobody"}
    assert rows["us, sales_agent", "admin"][0] == 0
    assert rows["us, admin_agent", "admin"][0] > 0
    assert rows["nobody", "pages"][0] == len([door for door in addresses() if door.pattern in {"healthz", "readyz"}])


def test_leak_is_told_and_ends_with_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    def forgets(self: Any, _user: Any) -> Any:
        return self.all()

    monkeypatch.setattr(
        "config.middleware.scope_of", lambda _user: __import__("partners.tenancy").tenancy.Scope(everything=True)
    )
    monkeypatch.setattr(OwnOfServedQuerySet, "visible_to", forgets)
    monkeypatch.setattr(
        customers, "_ONE_OF_PARTNER", customers._ONE_OF_PARTNER.replace("r.partner_id = %(partner)s AND", "true AND")
    )
    with pytest.raises(CommandError, match="leaks:"):
        call_command("prove_isolation", stdout=StringIO())


def test_nothing_is_left_behind() -> None:
    before = Session.objects.count(), AuditEntry.objects.count()
    prove()
    assert (Session.objects.count(), AuditEntry.objects.count()) == before
