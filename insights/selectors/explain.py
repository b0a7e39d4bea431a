"""The list behind a count of an insight row, exactly as long as the count (metrics.md, "Why it is above 100 %")."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from customers.clock import today
from customers.columns import day_of
from customers.lifecycle import Status, status_as_of
from customers.models import EntitlementPeriod, Family, Sku, Subscription, SubscriptionVersion, Workload
from customers.selectors.customers import VisibleCustomer, customer_of
from customers.selectors.people import delivered_names, names_for
from insights.engine.behind import NO_SUBSCRIPTION, Behind, RowKey, behind, chosen
from insights.engine.rows import ALL
from insights.metrics import ACTIVE
from insights.selectors.insight_rows import Question, Seller
from partners.models import Partner
from partners.tenancy import counting

LISTED = ("blocked", "assigned", "active", *ACTIVE, "idle", "users", "active_users", "measured_users")
"""The counts behind which a list of entitlements or people stands; the others are sums of quantities."""


class UnknownRowError(LookupError):
    """The row that was asked for doesn't exist; the message says what is unknown."""


@dataclass(frozen=True, slots=True)
class Row:
    """Which row of a customer is asked about: an SKU's, a family's, or that of all families."""

    sku: UUID | None = None
    family: str | None = None
    workload: str = "any"


@dataclass(frozen=True, slots=True)
class Entry:
    """An entitlement, or of class `unlicensed` a person, as one viewer may see it."""

    user: str
    """The user id, or a pseudonym."""
    entitlement_class: str
    sku_id: str | None
    subscription_id: str | None
    """Of the partner's own only, like the status."""
    status: str | None
    last_active: str | None
    sku: str | None
    named: bool
    """Whether `user` is a name."""
    allotted: bool = False
    """Whether the own subscription was found by allotment; no part of what files and the API show."""

    def shown(self) -> list[str | None]:
        """What a list shows of it, in the order of its columns."""
        return [self.user, self.entitlement_class, self.sku_id, self.subscription_id, self.status, self.last_active]


COLUMNS = ("user", "class", "sku_id", "subscription_id", "status", "last_active")


def explain(question: Question, *, customer_id: UUID, row: Row, count: str, named: bool) -> list[dict[str, Any]]:
    """`entries` as dictionaries of `COLUMNS`, in this order."""
    listed = entries(question, customer_id=customer_id, row=row, count=count, named=named)
    return [dict(zip(COLUMNS, entry.shown(), strict=True)) for entry in listed]


def entries(question: Question, *, customer_id: UUID, row: Row, count: str, named: bool) -> list[Entry]:
    """What makes up `count` (one of `LISTED`) of a customer's row: as many entries as it says.

    The subscription's id and status only where it is the partner's own, names only if the viewer may see them (`named`)
    and the partner delivered them. In the order of `COLUMNS`. Lists show where a confirmed relationship covers both the
    as-of date and today; elsewhere there is nothing. Raises UnknownRowError for an SKU, family or workload that isn't known.
    """
    customer = _visible(question, customer_id)
    if customer is None:
        return []
    key = _key(question, row)
    with counting():
        rows, measured = behind(customer=customer.id, day=question.day, key=key, left_out=question.left_out)
    return _described(question, customer, chosen(rows, count, measured=measured), named=named)


def _visible(question: Question, customer_id: UUID) -> VisibleCustomer | None:
    """The customer, where a confirmed relationship covers the as-of date and today."""
    then = customer_of(partner=question.partner, customer_id=customer_id, day=question.day)
    now = customer_of(partner=question.partner, customer_id=customer_id, day=today())
    return then if now else None


def _key(question: Question, row: Row) -> RowKey:
    sku = Sku.objects.filter(sku_id=row.sku).first() if row.sku else None
    if row.sku and sku is None:
        raise UnknownRowError(_("No SKU has the id %(id)s.") % {"id": row.sku})
    return RowKey(
        seller=question.partner.pk if question.seller is Seller.US else ALL,
        family=sku.family_id if sku else _by_code(Family, row.family),
        sku=sku.pk if sku else ALL,
        workload=_by_code(Workload, None if row.workload.casefold() == "any" else row.workload),
    )


def _by_code(model: type[Family] | type[Workload], code: str | None) -> int:
    if code is None:
        return ALL
    # PostgreSQL knows no text with a NUL in it.
    found = None if "\0" in code else model.objects.filter(key=code.casefold()).first()
    if found is None:
        message = _("No %(kind)s has the code %(code)r.")
        raise UnknownRowError(message % {"kind": model._meta.verbose_name, "code": code})
    return found.pk


def _described(question: Question, customer: VisibleCustomer, rows: list[Behind], *, named: bool) -> list[Entry]:
    people = {row.person for row in rows}
    names = names_for(partner=question.partner, customer=customer.id, people=people, named=False)
    known = delivered_names(partner=question.partner, customer=customer.id, people=people) if named else {}
    with counting():
        held = _Held(question.partner, question.day, {row.subscription for row in rows} - {NO_SUBSCRIPTION})
        allotted = held.allotted()
    listed = [
        Entry(
            user=known.get(row.person, names[row.person]),
            entitlement_class=row.entitlement_class,
            **held.of(row.subscription),
            last_active=day_of(row.last_active).isoformat() if row.last_active is not None else None,
            named=row.person in known,
            allotted=(row.subscription, row.person) in allotted,
        )
        for row in rows
    ]
    # By what is shown alone: any other order would tell which entries share somebody else's subscription.
    return sorted(listed, key=lambda entry: [value or "" for value in entry.shown()])


class _Held:
    """What may be said of the subscriptions in a list."""

    def __init__(self, partner: Partner, day: date, subscriptions: set[int]) -> None:
        self.partner, self.day = partner, day
        self.subscriptions = Subscription.objects.in_bulk(subscriptions)
        versions = SubscriptionVersion.objects.filter(
            subscription__in=subscriptions, aside=False, effective_on__lte=day
        )
        latest = versions.order_by("subscription", "-effective_on").distinct("subscription").select_related("sku")
        self.versions = {version.subscription_id: version for version in latest}

    def allotted(self) -> set[tuple[int, int]]:
        """The own subscriptions and people of whom only the SKU was named."""
        own = [key for key, subscription in self.subscriptions.items() if subscription.seller_id == self.partner.pk]
        of_customer = {subscription.customer_id for subscription in self.subscriptions.values()}
        periods = EntitlementPeriod.objects.filter(
            customer__in=of_customer, subscription__in=own, allotted=True, valid_from__lte=self.day
        )
        return set(periods.values_list("subscription", "person_number"))

    def of(self, subscription: int) -> dict[str, Any]:
        version = self.versions.get(subscription)
        own = version is not None and self.subscriptions[subscription].seller_id == self.partner.pk
        return {
            "sku_id": str(version.sku.sku_id) if version else None,
            "sku": version.sku.name if version else None,
            "subscription_id": self.subscriptions[subscription].subscription_id if own else None,
            "status": self._status(version) if version and own else None,
        }

    def _status(self, version: SubscriptionVersion) -> str:
        stated = Status(version.status)
        aged = status_as_of(stated=stated, term_end=version.term_end, auto_renew=version.auto_renew, day=self.day)
        return aged.value
