"""The page "Subscriptions": a customer's subscriptions of one's own, their states, terms and time line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, ClassVar
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from customers.asked_day import day_from
from customers.clock import today
from customers.lifecycle import Status
from customers.selectors.customers import VisibleCustomer, customers_of
from customers.selectors.subscriptions import OwnSubscription, own_subscriptions
from customers.timeline import Mark, Scale, Stretch, scale_of
from customers.views.customer import CustomerDoor
from customers.words import STATUS_NAMES
from partners.export.doors import ExportDoor
from partners.export.table import Column, Kind, Row, Table
from partners.paging import page_of
from partners.permissions import Action

COLUMNS = (
    Column("customer_id", _("Customer id")),
    Column("customer", _("Customer")),
    Column("subscription_id", _("Subscription id")),
    Column("part_number", _("Part number")),
    Column("sku", _("SKU")),
    Column("family", _("Product family")),
    Column("date", _("As-of date"), Kind.DAY),
    Column("status", _("Status")),
    Column("is_trial", _("Trial"), Kind.FLAG),
    Column("quantity", _("Quantity"), Kind.INTEGER),
    Column("people_with_a_licence", _("People with a licence"), Kind.INTEGER),
    Column("term_end", _("Term end"), Kind.DAY),
    Column("auto_renew", _("Renews by itself"), Kind.FLAG),
    Column("cancel_until", _("Can be cancelled until"), Kind.DAY),
    Column("unit_price", _("Unit price"), Kind.DECIMAL),
    Column("currency", _("Currency")),
)
"""The columns of the files; the words are those of the feed (feed.md)."""


@dataclass(frozen=True, slots=True)
class Period:
    """Some days of a subscription in words: from `first` up to and including `last` (None: until further notice)."""

    first: date
    last: date | None
    status: Promise
    state: str
    entry: Any


@dataclass(frozen=True, slots=True)
class Shown:
    """A subscription as the page shows it."""

    subscription: OwnSubscription
    status: Promise
    stretches: list[Stretch]
    today: Mark
    periods: list[Period]


class Subscriptions(CustomerDoor):
    """One's own subscriptions of a customer that is served today."""

    action: ClassVar[Action] = Action.SEE_PORTFOLIO

    def get(self, request: HttpRequest, customer_id: UUID) -> HttpResponse:
        customer = self.customer(customer_id)
        day = asked_day(request)
        rows = own_subscriptions(user=request.user, customer=customer.id, day=day)
        page = page_of(request, rows)
        scale = _scale(page.object_list, day)
        context = {
            "customer": customer,
            "day": day,
            "page": page,
            "years": scale.years(),
            "shown": [_shown(row, scale, day) for row in page],
            "priced": any(row.version.unit_price is not None for row in page),
            "may_export": request.user.may(Action.EXPORT_CUSTOMERS),
            "tab": "subscriptions",
        }
        return render(request, "customers/subscriptions.html", context)


class SubscriptionsExport(ExportDoor, CustomerDoor):
    """The same as a file, whole."""

    action: ClassVar[Action] = Action.EXPORT_CUSTOMERS

    def reachable(self, customer_id: UUID) -> None:
        """Raises Http404 for a customer that isn't served any more."""
        self.customer(customer_id)

    def table(self, customer_id: UUID) -> Table:
        """All of them."""
        customer = self.customer(customer_id)
        day = asked_day(self.request)
        rows = own_subscriptions(user=self.request.user, customer=customer.id, day=day)
        found = _table(f"subscriptions-{customer.customer_id}-{day}", [customer], rows, day)
        return replace(found, about={**found.about, "customer": customer.name})


class AllSubscriptionsExport(ExportDoor):
    """One's own subscriptions of all customers that are served today, as a file."""

    action: ClassVar[Action] = Action.EXPORT_CUSTOMERS

    def table(self) -> Table:
        """By customer."""
        day, user = asked_day(self.request), self.request.user
        customers = customers_of(partner=user.partner, day=today())
        return _table(f"subscriptions-{day}", customers, own_subscriptions(user=user, day=day), day)


def asked_day(request: HttpRequest) -> date:
    """`?date=YYYY-MM-DD`, else today: a subscription's state is known at once. Raises BadRequest with a sentence."""
    text = request.GET.get("date", "").strip()
    return day_from(text) if text else today()


def _scale(rows: Sequence[OwnSubscription], day: date) -> Scale:
    ends = [row.version.term_end for row in rows if row.version.term_end] + [row.history[-1].first for row in rows]
    return scale_of([row.history[0].first for row in rows], ends, day=day)


def _shown(row: OwnSubscription, scale: Scale, day: date) -> Shown:
    stages = [(entry, stage) for entry in row.history for stage in entry.stages]
    stretches = [
        scale.stretch(stage.first, stage.past, "trial" if _tries(entry, stage) else stage.status)
        for entry, stage in stages
    ]
    return Shown(
        subscription=row,
        status=STATUS_NAMES[row.status],
        stretches=[stretch for stretch in stretches if stretch is not None],
        today=scale.mark(day),
        periods=[
            Period(stage.first, _day_before(stage.past), STATUS_NAMES[stage.status], stage.status.value, entry.version)
            for entry, stage in stages
        ],
    )


def _tries(entry: Any, stage: Any) -> bool:
    return entry.version.is_trial and stage.status is Status.ACTIVE


def _day_before(past: date | None) -> date | None:
    return None if past is None else date.fromordinal(past.toordinal() - 1)


def _table(name: str, customers: Sequence[VisibleCustomer], rows: list[OwnSubscription], day: date) -> Table:
    by_key = {customer.id: customer for customer in customers}
    known = [(by_key[row.customer], row) for row in rows if row.customer in by_key]
    known.sort(key=lambda pair: (pair[0].name.casefold(), str(pair[0].customer_id)))
    return Table(
        name=name,
        title=_("Subscriptions"),
        columns=COLUMNS,
        rows=(_line(customer, row, day) for customer, row in known),
        size=len(known),
        about={"as_of": day.isoformat()},
    )


def _line(customer: VisibleCustomer, row: OwnSubscription, day: date) -> Row:
    version = row.version
    return [
        str(customer.customer_id),
        customer.name,
        row.subscription_id,
        version.sku.part_number,
        version.sku.name,
        version.sku.family.code,
        day,
        row.status.value,
        version.is_trial,
        version.quantity,
        row.holders,
        version.term_end,
        version.auto_renew,
        version.cancel_until,
        row.price_text,
        version.currency,
    ]
