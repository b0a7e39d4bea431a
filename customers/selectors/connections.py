"""A partner's connections, as its page shows them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils import timezone

from customers.connections import advice
from customers.connections.advice import ADVICE, Advice
from customers.connections.failures import Problem
from customers.models import Application, Connection, CustomerProfile, Pull

MOST_PULLS = 10


@dataclass(frozen=True, slots=True)
class ConnectionState:
    """One connection in words. `name` is the customer's, or its tenant id as long as it has none here."""

    connection: Connection
    name: str
    advice: Advice
    is_running: bool
    progress: tuple[int, int] | None
    """Files that are here, and files planned, while it is pulled."""
    pulls: list[Pull] = field(default_factory=list)

    @property
    def next_try(self) -> datetime | None:
        """When it goes on by itself, where that is put off."""
        later = self.connection.not_before
        return later if later is not None and later > timezone.now() else None


def application_of(user: Any) -> Application | None:
    """The application of the person's partner."""
    return Application.objects.visible_to(user).first()


def connections_of(user: Any) -> list[ConnectionState]:
    """All connections of the person's partner, by name; three queries."""
    found = list(Connection.objects.visible_to(user).order_by("kind", "pk"))
    names = _names(user, [connection.tenant_id for connection in found])
    running = {pull.connection_id: pull for pull in _running(user)}
    states = [_state(connection, names, running.get(connection.pk), []) for connection in found]
    return sorted(states, key=lambda state: (state.connection.kind, state.name.casefold()))


def connection_state(user: Any, connection: Connection) -> ConnectionState:
    """One of them with its last pulls; two queries."""
    pulls = list(Pull.objects.visible_to(user).filter(connection=connection).order_by("-pk")[:MOST_PULLS])
    running = next((pull for pull in pulls if pull.outcome == Pull.Outcome.RUNNING), None)
    return _state(connection, _names(user, [connection.tenant_id]), running, pulls)


def _state(connection: Connection, names: dict[UUID, str], running: Pull | None, pulls: list[Pull]) -> ConnectionState:
    is_claimed = connection.claimed_until is not None and connection.claimed_until > timezone.now()
    progress = (len(running.fetched), running.planned) if running is not None and running.planned else None
    is_own = connection.kind == Connection.Kind.PARTNER_CENTER
    name = str(connection.get_kind_display()) if is_own else names.get(connection.tenant_id, str(connection.tenant_id))
    return ConnectionState(connection, name, _advice(connection, is_claimed=is_claimed), is_claimed, progress, pulls)


def _advice(connection: Connection, *, is_claimed: bool) -> Advice:
    if is_claimed:
        return advice.RUNNING
    if connection.problem:
        return ADVICE[Problem(connection.problem)]
    if connection.asked_at is not None:
        return advice.ASKED
    return advice.WAITING if connection.verified_at is None else advice.WORKS


def _running(user: Any) -> list[Pull]:
    return list(Pull.objects.visible_to(user).filter(outcome=Pull.Outcome.RUNNING))


def _names(user: Any, tenants: list[UUID]) -> dict[UUID, str]:
    """What the partner itself, else the operator, calls these customers, as far as it may see them."""
    profiles = CustomerProfile.objects.filter(
        customer__tenant_id__in=tenants, stated_by_id__in=[user.partner_id]
    ) | CustomerProfile.objects.filter(customer__tenant_id__in=tenants, stated_by__isnull=True)
    found = profiles.order_by("stated_by").values_list("customer__tenant_id", "name", "stated_by")
    # The operator's first, so that the own name replaces it.
    return {tenant: name for tenant, name, _by in sorted(found, key=lambda row: row[2] is not None)}
