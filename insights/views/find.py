"""Finds customers and pages by a part of their names: a page of its own, and the list of the command menu."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers

from customers.clock import today
from customers.selectors.customers import VisibleCustomer, customers_of
from customers.selectors.search import matching
from insights.selectors.saved_views import saved_views
from insights.views.customers import search_of
from insights.views.filtered import opens
from partners.doors import Door
from partners.navigation import Link, places_found
from partners.permissions import Action

MOST = 10
"""Customers that are shown."""


class Find(Door):
    """Customers that the person may see (`?q=`, as in their list), and pages that he or she may open. Without `q` all pages."""

    action: ClassVar[Action] = Action.SEE_PORTFOLIO

    def get(self, request: HttpRequest) -> HttpResponse:
        text = search_of(request.GET)
        customers = _customers(request, text) if text else []
        context: dict[str, Any] = {
            "text": text,
            "customers": customers[:MOST],
            "in_all": len(customers),
            "places": places_found(request, text),
            "views": _views(request, text) if text else [],
        }
        name = "insights/find/options.html" if request.headers.get("HX-Request") else "insights/find/page.html"
        response = render(request, name, context)
        patch_vary_headers(response, ["HX-Request"])
        return response


def _customers(request: HttpRequest, text: str) -> list[VisibleCustomer]:
    """Those whose name begins so before those in which a word does, before all others that are found; then by name."""
    partner = request.user.partner
    found = matching(customers_of(partner=partner, day=today()), partner=partner, text=text)
    wanted = text.casefold()
    return sorted(found, key=lambda customer: (_place(customer.name.casefold(), wanted), customer.name.casefold()))


def _place(name: str, wanted: str) -> int:
    if name.startswith(wanted):
        return 0
    return 1 if f" {wanted}" in name else 2


def _views(request: HttpRequest, text: str) -> Sequence[Link]:
    """Views of that name, of pages that are there and open to the person."""
    views = saved_views(request.user).filter(name__icontains=text)[:MOST]
    return [Link(view.address, view.name, current=False) for view in views if opens(view, request.user)]
