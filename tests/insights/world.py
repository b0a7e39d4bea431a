"""A small world of facts, put straight into the tables: so that each rule of the figures can be tested alone."""

from __future__ import annotations

import itertools
from datetime import date, timedelta
from functools import cached_property
from uuid import UUID, uuid5

import numpy as np
from django.db import connection

from customers import models
from customers.services.stale import mark_stale
from insights.engine.compute import figures
from insights.metrics import percentages, with_measured
from partners.models import Partner

DAY = date(2026, 3, 31)
LONG_AGO = date(2026, 1, 1)
_NAMES = UUID("4a2f1d3c-7a35-4c3e-9d0e-3a5a6f7b8c9d")


def ago(days: int, day: date = DAY) -> date:
    """So many days before the as-of date."""
    return day - timedelta(days=days)


def pick(row: dict | None, names: str) -> list:
    """The values of some columns of a row that is there."""
    assert row is not None
    return [row[name] for name in names.split()]


class World:
    """One customer, unless more are made. Workloads and families are those of a fresh installation."""

    def __init__(self) -> None:
        self.numbers = itertools.count(1)
        self.customer = self.a_customer()
        self.us = self.a_partner("us")
        self.them = self.a_partner("them")

    def guid(self) -> UUID:
        return uuid5(_NAMES, str(next(self.numbers)))

    def a_partner(self, slug: str) -> Partner:
        return Partner.objects.create(partner_id=self.guid(), name=slug.title(), slug=slug)

    def a_customer(self, name: str = "Fabrikam", **fields) -> models.Customer:
        customer = models.Customer.objects.create(**({"tenant_id": self.guid()} | fields))
        models.CustomerProfile.objects.create(customer=customer, name=name, domain="fabrikam.example", country="SE")
        return customer

    def relationship(
        self,
        partner: Partner,
        customer: models.Customer | None = None,
        begin: date = LONG_AGO,
        end: date | None = None,
        status: str = "confirmed",
    ) -> None:
        models.Relationship.objects.create(
            partner=partner, customer=customer or self.customer, valid_from=begin, valid_to=end, status=status
        )

    def family(self, code: str, *, in_insights: bool = True) -> models.Family:
        return models.Family.objects.get_or_create(
            key=code.casefold(), defaults={"code": code, "name": code, "in_insights": in_insights}
        )[0]

    @cached_property
    def e3(self) -> models.Sku:
        return self.sku("EXO", "SPO", "TEAMS", "YAM", part_number="E3")

    def sku(self, *workloads: str, family: str = "o365", part_number: str = "PART") -> models.Sku:
        """An SKU; a family or workload that is new is made: the family switched off."""
        sku = models.Sku.objects.create(
            sku_id=self.guid(),
            part_number=part_number,
            name=f"The {part_number}",
            family=self.family(family, in_insights=False),
        )
        sku.workloads.set([self.workload(code) for code in workloads])
        return sku

    def workload(self, code: str) -> models.Workload:
        return models.Workload.objects.get_or_create(key=code.casefold(), defaults={"code": code, "name": code})[0]

    def subscription(
        self, sku: models.Sku | None = None, *, seller: Partner | None = None, **version
    ) -> models.Subscription:
        """A subscription with one version since long ago; external unless told `seller`."""
        number = str(next(self.numbers))
        subscription = models.Subscription.objects.create(
            subscription_id=number, key=number, customer=version.pop("customer", self.customer), seller=seller
        )
        self.version(subscription, sku or self.e3, **version)
        return subscription

    def version(self, subscription: models.Subscription, sku: models.Sku | None = None, **fields) -> None:
        defaults = {"effective_on": LONG_AGO, "status": "active", "quantity": 10, "is_trial": False}
        defaults |= {"seller": subscription.seller, "sku": sku or self.e3}
        models.SubscriptionVersion.objects.create(subscription=subscription, **(defaults | fields))

    def person(self, user: str, customer: models.Customer | None = None) -> models.Person:
        customer = customer or self.customer
        person = models.Person.objects.filter(customer=customer, key=user).first()
        if person is None:
            customer.refresh_from_db()
            person = models.Person.objects.create(
                customer=customer, key=user, user_id=user, number=customer.next_person_number
            )
            customer.next_person_number += 1
            customer.save()
        return person

    def period(
        self,
        subscription: models.Subscription,
        user: str,
        begin: date = LONG_AGO,
        end: date | None = None,
        state: str = "entitled",
        stated_by: Partner | None = None,
    ) -> None:
        person = self.person(user, subscription.customer)
        models.EntitlementPeriod.objects.create(
            customer=subscription.customer,
            subscription=subscription,
            person_number=person.number,
            state=state,
            valid_from=begin,
            valid_to=end,
            stated_by=stated_by,
        )

    def activity(
        self, user: str, workload: str, *days: date, customer: models.Customer | None = None, source: int = 0
    ) -> None:
        person = self.person(user, customer)
        bit = 1 << person.number % 64
        signed = bit - (1 << 64) if bit >> 63 else bit
        with connection.cursor() as cursor:
            for day in days:
                cursor.execute("SELECT customers_ensure_activity_month(%s)", [day])
                cursor.execute(
                    "INSERT INTO customers_activity AS a (customer_id, workload_id, block, day, source, bits)"
                    " VALUES (%s, %s, %s, %s, %s, %s) ON CONFLICT (customer_id, workload_id, block, day, source)"
                    " DO UPDATE SET bits = a.bits | excluded.bits",
                    [person.customer_id, self.workload(workload).pk, person.number // 64, day, source, signed],
                )

    def coverage(self, workload: str | None, *days: date, customer: models.Customer | None = None) -> None:
        """Each day of a month stated by a source of its own; without workload: of every one."""
        for day in days:
            models.Coverage.objects.update_or_create(
                customer=customer or self.customer,
                workload=self.workload(workload) if workload else None,
                source=day.day,
                month=day.replace(day=1),
                defaults={"days": 1 << day.day - 1},
            )

    def people(self, number: int) -> list[str]:
        """So many people of the customer, numbered from the next one on."""
        names = [f"user{next(self.numbers)}" for _ in range(number)]
        for name in names:
            self.person(name)
        return names

    def changed(self, first: date, last: date | None = None, *, customer: models.Customer | None = None) -> None:
        """The facts of the customer have changed, and with them the figures from `first` to `last` (none: and later)."""
        past = last + timedelta(days=1) if last else None
        with connection.cursor() as cursor:
            mark_stale(cursor, [((customer or self.customer).pk, first, past)])

    def table(self, *, customers: list[models.Customer], day: date = DAY) -> np.ndarray:
        return figures(customers=[customer.pk for customer in customers], day=day)

    def keys(self, *, day: date = DAY, customer: models.Customer | None = None) -> set[tuple[str, str, str]]:
        """Which rows there are: (seller, SKU or family or all, workload), keys as slugs and codes."""
        table = figures(customers=[(customer or self.customer).pk], day=day)
        sellers = {0: "all"} | dict(Partner.objects.values_list("id", "slug"))
        skus = dict(models.Sku.objects.values_list("id", "part_number"))
        families = {0: "all"} | dict(models.Family.objects.values_list("id", "code"))
        workloads = {0: "any"} | dict(models.Workload.objects.values_list("id", "code"))
        rows = [
            (sellers[row["seller"]], skus.get(row["sku"]) or families[row["family"]], workloads[row["workload"]])
            for row in table
        ]
        assert len(set(rows)) == len(rows)
        return set(rows)

    def row(
        self,
        workload: str = "any",
        *,
        sku: models.Sku | None = None,
        family: str | None = None,
        seller: Partner | None = None,
        day: date = DAY,
        customer: models.Customer | None = None,
    ) -> dict | None:
        """The counts and percentages of one row; None where there is no such row."""
        table = figures(customers=[(customer or self.customer).pk], day=day)
        key = {
            "seller": seller.pk if seller else 0,
            "family": sku.family_id if sku else self.family(family).pk if family else 0,
            "sku": sku.pk if sku else 0,
            "workload": 0 if workload == "any" else self.workload(workload).pk,
        }
        for name, value in key.items():
            table = table[table[name] == value]
        if not len(table):
            return None
        (row,) = table
        counts = {name: int(row[name]) for name in table.dtype.names if name not in (*key, "customer")}
        counts = with_measured(counts, covered_days=counts["covered_days"])
        return counts | percentages(counts)
