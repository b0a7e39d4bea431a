"""The page "Subscriptions": a customer's subscriptions of one's own, their states, terms and time line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar
from uuid import UUID

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
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
from partners.csv_export import csv_response
from partners.doors import Door
from partners.paging import page_of
from partners.permissions import Action

STATUS_NAMES: dict[Status, Promise] = {
    Status.ACTIVE: _("active"),
    Status.GRACE: _("grace"),
    Status.DISABLED: _("disabled"),
    Status.DEPROVISIONED: _("deprovisioned"),
}
"""What a status is called on a page."""

COLUMNS = (
    "customer_id",
    "customer",
    "subscription_id",
    "part_number",
    "sku",
    "family",
    "date",
    "status",
    "is_trial",
    "quantity",
    "people_with_a_licence",
    "term_end",
    "auto_renew",
    "cancel_until",
    "unit_price",
    "currency",
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


class SubscriptionsCsv(CustomerDoor):
    """The same as a file, whole."""

    action: ClassVar[Action] = Action.EXPORT_CUSTOMERS

    def get(self, request: HttpRequest, customer_id: UUID) -> StreamingHttpResponse:
        customer = self.customer(customer_id)
        day = asked_day(request)
        rows = own_subscriptions(user=request.user, customer=customer.id, day=day)
        return _csv(f"subscriptions-{customer.customer_id}-{day}.csv", [customer], rows, day)


class AllSubscriptionsCsv(Door):
    """One's own subscriptions of all customers that are served today, as a file."""

    action: ClassVar[Action] = Action.EXPORT_CUSTOMERS

    def get(self, request: HttpRequest) -> StreamingHttpResponse:
        day = asked_day(request)
        customers = customers_of(partner=request.user.partner, day=today())
        return _csv(f"subscriptions-{day}.csv", customers, own_subscriptions(user=request.user, day=day), day)


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


def _csv(
    filename: str, customers: Sequence[VisibleCustomer], rows: list[OwnSubscription], day: date
) -> StreamingHttpResponse:
    by_key = {customer.id: customer for customer in customers}
    known = [(by_key[row.customer], row) for row in rows if row.customer in by_key]
    known.sort(key=lambda pair: (pair[0].name.casefold(), str(pair[0].customer_id)))
    return csv_response(filename, COLUMNS, [_line(customer, row, day) for customer, row in known])


def _line(customer: VisibleCustomer, row: OwnSubscription, day: date) -> list[object]:
    version = row.version
    return [
        customer.customer_id,
        customer.name,
        row.subscription_id,
        version.sku.part_number,
        version.sku.name,
        version.sku.family.code,
        day,
        row.status.value,
        _flag(version.is_trial),
        version.quantity,
        row.holders,
        version.term_end,
        _flag(version.auto_renew),
        version.cancel_until,
        row.price_text,
        version.currency,
    ]


def _flag(value: bool | None) -> str | None:  # noqa: FBT001  a fact, no switch
    """As the feed writes it."""
    return None if value is None else str(value).lower()
