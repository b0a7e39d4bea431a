"""A customer's overview: headline figures, causes, own subscriptions, relationship, own data, service."""

from __future__ import annotations

from datetime import date
from typing import Any, ClassVar
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from customers.selectors.customers import Reach, reach_of
from customers.views.customer import unknown_customer
from customers.words import STATUS_NAMES
from insights.asof import asof
from insights.selectors.customer_overview import (
    OwnShort,
    contacts_of,
    headline,
    last_covered_day,
    own_in_short,
    service_in_short,
)
from insights.selectors.steps.listing import MOST_SHORT
from insights.selectors.steps.listing import of_customer as of_customer_steps
from insights.views.questions import LeftOut, left_out_of
from partners.doors import Door
from partners.permissions import Action


class Customer(Door):
    """Figures where a confirmed relationship covers the as-of date, one's own subscriptions where one covers today."""

    action: ClassVar[Action] = Action.SEE_PORTFOLIO

    def get(self, request: HttpRequest, customer_id: UUID) -> HttpResponse:
        day = asof(request)
        reach = reach_of(partner=request.user.partner, customer_id=customer_id, day=day)
        if reach is None:
            raise unknown_customer()
        left_out = left_out_of(request)
        context = {
            "customer": reach.customer,
            "left_out": left_out,
            "day": day,
            "tab": "overview",
            "contacts": contacts_of(partner=request.user.partner, customer=reach.customer.id),
        }
        return render(
            request, "insights/customer.html", context | _figures(reach, day, left_out) | self._own(reach, day)
        )

    def _own(self, reach: Reach, day: date) -> dict[str, Any]:
        if not reach.on_today:
            return {"served": False}
        of_customer = {"user": self.request.user, "customer": reach.customer.id, "day": day}
        own = own_in_short(**of_customer)
        steps = of_customer_steps(self.request.user, reach.customer.id)
        return {
            "served": True,
            "own": own,
            "statuses": _named(own),
            "service": service_in_short(**of_customer),
            "steps": steps[:MOST_SHORT],
            "more_steps": len(steps) > MOST_SHORT,
        }


def _figures(reach: Reach, day: date, left_out: LeftOut) -> dict[str, Any]:
    if not reach.on_day:
        return {"figures": None}
    found = headline(customer=reach.customer.id, day=day, left_out=left_out.skus)
    return {
        "figures": found.figures,
        "workloads": found.workloads,
        "last_covered": last_covered_day(customer=reach.customer.id, day=day),
    }


def _named(own: OwnShort) -> list[tuple[str, Any, int]]:
    """Statuses with their codes, names and counts."""
    return [(status.value, STATUS_NAMES[status], number) for status, number in own.by_status]
