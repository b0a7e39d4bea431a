"""Reads what is stored, for the tests of loading."""

from __future__ import annotations

from datetime import date

from django.db import connection

from customers.models import (
    Activity,
    Coverage,
    EntitlementPeriod,
    Person,
    Relationship,
    StaleDays,
    Subscription,
    SubscriptionVersion,
)


def activity() -> set[tuple[str, str, str, int]]:
    """Who was active: (user as it compares, workload, day, source)."""
    people = {(person.customer_id, person.number): person.key for person in Person.objects.all()}
    return {
        (people[row.customer_id, row.block * 64 + bit], row.workload.code, row.day.isoformat(), row.source)
        for row in Activity.objects.select_related("workload")
        for bit in range(64)
        if row.bits >> bit & 1
    }


def coverage() -> set[tuple[str, str, int]]:
    """What was delivered: (workload or *, day, source)."""
    return {
        (row.workload.code if row.workload else "*", row.month.replace(day=bit + 1).isoformat(), row.source)
        for row in Coverage.objects.select_related("workload")
        for bit in range(31)
        if row.days >> bit & 1
    }


def periods() -> list[tuple[str, str, str, str, str | None]]:
    """Entitlement periods: subscription, user, state, from, to; in order."""
    people = {(person.customer_id, person.number): person.key for person in Person.objects.all()}
    return sorted(
        (
            row.subscription.key,
            people[row.customer_id, row.person_number],
            row.state,
            row.valid_from.isoformat(),
            row.valid_to.isoformat() if row.valid_to else None,
        )
        for row in EntitlementPeriod.objects.select_related("subscription")
    )


def relationships() -> list[tuple[str, str, str, str | None, str]]:
    """Relationships: slug, customer's last digit, from, to, status; in order."""
    return sorted(
        (
            row.partner.slug,
            str(row.customer.tenant_id)[-1],
            row.valid_from.isoformat(),
            row.valid_to.isoformat() if row.valid_to else None,
            row.status,
        )
        for row in Relationship.objects.select_related("partner", "customer")
    )


def subscriptions() -> list[tuple[str, str, str, bool]]:
    """Subscriptions: key, customer's last digit, seller's slug or external, aside; in order."""
    return sorted(
        (row.key, str(row.customer.tenant_id)[-1], row.seller.slug if row.seller else "external", row.aside)
        for row in Subscription.objects.select_related("customer", "seller")
    )


def versions() -> list[tuple[str, str, str, int, str, bool]]:
    """Versions: key, effective on, seller's slug or external, quantity, who stated it, aside; in order."""
    return sorted(
        (
            row.subscription.key,
            row.effective_on.isoformat(),
            row.seller.slug if row.seller else "external",
            row.quantity,
            row.stated_by.slug if row.stated_by else "operator",
            row.aside,
        )
        for row in SubscriptionVersion.objects.select_related("subscription", "seller", "stated_by")
    )


def stale() -> dict[str, tuple[int, str]]:
    """The stale days of each customer that has some: its last digit, how often marked, the days."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT right(c.tenant_id::text, 1), s.seq, s.days::text FROM customers_staledays s "
            "JOIN customers_customer c ON c.id = s.customer_id WHERE s.seq > 0"
        )
        return {customer: (seq, days) for customer, seq, days in cursor.fetchall()}


def forget_stale() -> None:
    """As if everything had been computed."""
    StaleDays.objects.update(seq=0)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE customers_staledays SET days = '{}'")


def day(text: str) -> date:
    return date.fromisoformat(text)
