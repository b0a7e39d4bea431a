"""The page "Subscriptions": a customer's subscriptions of one's own, their states, terms and time line."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
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
from customers.selectors.subscriptions import OwnSubscription, count_own_subscriptions, own_subscriptions
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
AT_ONCE = 100
"""Customers whose subscriptions are read together for a file: one plan for thousands takes long to be made good."""
STRETCH_NAMES = {
    Status.ACTIVE.value: STATUS_NAMES[Status.ACTIVE],
    "trial": _("trial"),
    Status.GRACE.value: STATUS_NAMES[Status.GRACE],
    Status.DISABLED.value: STATUS_NAMES[Status.DISABLED],
    Status.DEPROVISIONED.value: STATUS_NAMES[Status.DEPROVISIONED],
}
"""What stretches of the time line are called."""


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
    stretches: list[tuple[Stretch, str | Promise, Period]]
    """With the word for the state, and its days."""
    term_end: Mark | None
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
            "quarters": scale.quarters(),
            "on": scale.mark(day),
            "states": [(state, STRETCH_NAMES[state]) for state in STRETCH_NAMES],
            "shown": [_shown(row, scale) for row in page],
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
        lines = (_line(customer, row, day) for row in rows)
        found = _as_table(f"subscriptions-{customer.customer_id}-{day}", lines, len(rows), day)
        return replace(found, about={**found.about, "customer": customer.name})


class AllSubscriptionsExport(ExportDoor):
    """One's own subscriptions of all customers that are served today, as a file."""

    action: ClassVar[Action] = Action.EXPORT_CUSTOMERS

    def table(self) -> Table:
        """By customer; some customers at a time, so that the first rows are on their way at once."""
        day, user = asked_day(self.request), self.request.user
        customers = sorted(customers_of(partner=user.partner, day=today()), key=_by_name)
        rows = _lines_of(user, customers, day)
        return _as_table(f"subscriptions-{day}", rows, count_own_subscriptions(user=user, day=day), day)


def _lines_of(user: Any, customers: Sequence[VisibleCustomer], day: date) -> Iterator[Row]:
    for first in range(0, len(customers), AT_ONCE):
        some = {customer.id: customer for customer in customers[first : first + AT_ONCE]}
        own = own_subscriptions(user=user, day=day, customers=some.keys())
        yield from (
            _line(some[row.customer], row, day) for row in sorted(own, key=lambda row: _by_name(some[row.customer]))
        )


def _by_name(customer: VisibleCustomer) -> tuple[str, str]:
    return customer.name.casefold(), str(customer.customer_id)


def asked_day(request: HttpRequest) -> date:
    """`?date=YYYY-MM-DD`, else today: a subscription's state is known at once. Raises BadRequest with a sentence."""
    text = request.GET.get("date", "").strip()
    return day_from(text) if text else today()


def _scale(rows: Sequence[OwnSubscription], day: date) -> Scale:
    ends = [row.version.term_end for row in rows if row.version.term_end] + [row.history[-1].first for row in rows]
    return scale_of([row.history[0].first for row in rows], ends, day=day)


def _shown(row: OwnSubscription, scale: Scale) -> Shown:
    stages = [(entry, stage) for entry in row.history for stage in entry.stages]
    periods = [
        Period(stage.first, _day_before(stage.past), STATUS_NAMES[stage.status], stage.status.value, entry.version)
        for entry, stage in stages
    ]
    states = ["trial" if _tries(entry, stage) else stage.status.value for entry, stage in stages]
    stretches = [
        (scale.stretch(stage.first, stage.past, state), STRETCH_NAMES[state], period)
        for (_entry, stage), state, period in zip(stages, states, periods, strict=True)
    ]
    return Shown(
        subscription=row,
        status=STATUS_NAMES[row.status],
        stretches=[(stretch, name, period) for stretch, name, period in stretches if stretch is not None],
        term_end=scale.mark_within(row.version.term_end),
        periods=periods,
    )


def _tries(entry: Any, stage: Any) -> bool:
    return entry.version.is_trial and stage.status is Status.ACTIVE


def _day_before(past: date | None) -> date | None:
    return None if past is None else date.fromordinal(past.toordinal() - 1)


def _as_table(name: str, rows: Iterable[Row], size: int, day: date) -> Table:
    return Table(
        name=name,
        title=_("Subscriptions"),
        columns=COLUMNS,
        rows=rows,
        size=size,
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
