"""A customer's data page: what has been delivered, until when, by whom; and use outside every entitlement."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from customers.selectors.customers import Reach, reach_of
from customers.selectors.mailboxes import number_left_out
from customers.views.customer import unknown_customer
from insights.asof import asof
from insights.exported import about_day, columns
from insights.selectors.customer_data import CoveredWorkload, Sources, customer_data, own_deliveries
from insights.selectors.steps.listing import silences
from partners.doors import Door
from partners.export.doors import ExportDoor
from partners.export.table import Row, Table
from partners.models import Partner
from partners.permissions import Action

COLUMNS = ("customer_id", "customer", "date", "workload", "day", "covered", "delivered_by", "people_outside")
"""The columns of the file: one line a workload and day of the window."""

_WORDS: dict[Sources, tuple[str, str, Promise]] = {
    (True, False): ("own", "●", _("delivered by you")),
    (True, True): ("both", "◉", _("delivered by you and another source")),
    (False, True): ("other", "○", _("delivered by another source")),
    (False, False): ("none", "", _("not delivered")),
}
DELIVERED_BY: dict[Sources, str] = {
    (True, False): "us",
    (True, True): "us; another source",
    (False, True): "another source",
    (False, False): "",
}
"""In the file; another source is never named."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One day of one workload, as the grid shows it."""

    day: date
    kind: str
    mark: str
    words: Promise


class CustomerData(Door):
    """The page."""

    action: ClassVar[Action] = Action.SEE_PORTFOLIO

    def get(self, request: HttpRequest, customer_id: UUID) -> HttpResponse:
        day = asof(request)
        reach = _reach(request.user.partner, customer_id, day)
        context: dict[str, Any] = {"customer": reach.customer, "day": day, "tab": "data", "served": reach.on_today}
        if reach.on_today:
            context["deliveries"] = own_deliveries(user=request.user, customer=reach.customer.id)
            context["mailboxes"] = number_left_out(customer=reach.customer.id)
            context["silences"] = silences(request.user, reach.customer.id)
        if reach.on_day:
            data = customer_data(partner=request.user.partner, reach=reach, day=day)
            context |= {
                "data": data,
                "rows": [(row, _cells(row, data.days)) for row in data.workloads],
                "listed": data.listed,
                "may_export": request.user.may(Action.EXPORT_INSIGHTS),
            }
        return render(request, "insights/customer_data.html", context)


class CustomerDataExport(ExportDoor):
    """The same as a file, one line a workload and day."""

    action: ClassVar[Action] = Action.EXPORT_INSIGHTS

    def reachable(self, customer_id: UUID) -> None:
        """Raises Http404 for a customer that isn't there any more."""
        _reach(self.request.user.partner, customer_id, asof(self.request))

    def table(self, customer_id: UUID) -> Table:
        """What has been delivered in the window of the day."""
        day, partner = asof(self.request), self.request.user.partner
        reach = _reach(partner, customer_id, day)
        rows: list[Row] = []
        if reach.on_day:
            data = customer_data(partner=partner, reach=reach, day=day)
            rows = [
                [
                    str(reach.customer.customer_id),
                    reach.customer.name,
                    day,
                    row.code,
                    on,
                    any(sources),
                    DELIVERED_BY[sources],
                    row.people_outside,
                ]
                for row in data.workloads
                for on, sources in zip(data.days, row.days, strict=True)
            ]
        return Table(
            name=f"data-{reach.customer.customer_id}-{day}",
            title=_("Data"),
            columns=columns(COLUMNS),
            rows=rows,
            size=len(rows),
            about=about_day(day.isoformat()) | {"customer": reach.customer.name},
        )


def _reach(partner: Partner, customer_id: UUID, day: date) -> Reach:
    """Raises Http404 for a customer that isn't there, and for another partner's."""
    reach = reach_of(partner=partner, customer_id=customer_id, day=day)
    if reach is None:
        raise unknown_customer()
    return reach


def _cells(row: CoveredWorkload, days: list[date]) -> list[Cell]:
    return [Cell(day, *_WORDS[sources]) for day, sources in zip(days, row.days, strict=True)]
