"""The list of next steps over all customers: worst first, filters and order in the address."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar
from uuid import UUID

from django.core.exceptions import BadRequest
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from customers.clock import today
from customers.selectors.accounts import possible_owners
from customers.selectors.customers import VisibleCustomer, customers_of
from customers.selectors.search import matching
from customers.views.customer import unknown_customer
from insights.models import Suggestion
from insights.selectors.steps.listing import LIVE, ORDERS, Wanted, last_run, suggestions
from insights.steps.rules import Rule
from insights.steps.words import PLAYBOOKS
from insights.views.customers import search_of
from insights.views.filtered import FilteredDoor
from partners.paging import page_of
from partners.permissions import Action

NOBODY = "none"
STATES = {
    LIVE: gettext_lazy("to do"),
    **{state.value: state.label for state in Suggestion.State},
    "all": gettext_lazy("all"),
}
ORDER_NAMES = {
    "weight": gettext_lazy("worst first"),
    "due": gettext_lazy("next date first"),
    "newest": gettext_lazy("newest first"),
}
_NUMBER = re.compile(r"[0-9]{1,9}")


@dataclass(frozen=True, slots=True)
class Found:
    """What the address of the list asks for."""

    wanted: Wanted
    suggestions: QuerySet[Suggestion]
    """In their order."""
    served: dict[int, VisibleCustomer]
    """By key the customers that are served today."""
    owners: dict[int, str]
    last_run: date | None


def found_steps(request: HttpRequest) -> Found:
    """The suggestions that an address asks for. Raises BadRequest with a sentence, and Http404 for a customer."""
    partner = request.user.partner
    served = {customer.id: customer for customer in customers_of(partner=partner, day=today())}
    owners = possible_owners(partner=partner)
    wanted = _wanted(request, served, owners)
    return Found(wanted, suggestions(request.user, wanted), served, owners, last_run(partner))


class Steps(FilteredDoor):
    """The list. `?q=`, `?customer=` (id), `?rule=`, `?state=`, `?owner=` (key or `none`), `?order=`, `?page=`."""

    action: ClassVar[Action] = Action.SEE_PORTFOLIO
    remembers: ClassVar[tuple[str, ...]] = ("q", "customer", "rule", "state", "owner", "order")

    def get(self, request: HttpRequest) -> HttpResponse:
        found = found_steps(request)
        page = page_of(request, found.suggestions)
        context: dict[str, Any] = {
            "page": page,
            "rows": [(one, found.served.get(one.customer_id)) for one in page.object_list],
            "wanted": found.wanted,
            "search": search_of(request.GET),
            "customer": request.GET.get("customer", ""),
            "filtered": any(request.GET.get(name) for name in ("q", "customer", "rule", "owner", "state")),
            "owners": found.owners.items(),
            "states": STATES.items(),
            "orders": ORDER_NAMES.items(),
            "rules": [(rule.value, PLAYBOOKS[rule].title) for rule in Rule],
            "last_run": found.last_run,
        }
        return render(request, "insights/steps/list.html", context)


def _wanted(request: HttpRequest, served: dict[int, VisibleCustomer], owners: dict[int, str]) -> Wanted:
    """What the address asks for. Raises BadRequest with a sentence that names the parameter, and Http404 for a customer."""
    return Wanted(
        state=_choice(request, "state", STATES, LIVE),
        rule=_choice(request, "rule", {"": "", **{rule.value: "" for rule in Rule}}, ""),
        owner=_owner(request.GET.get("owner", "").strip(), owners),
        customers=_customers(request, served),
        order=_choice(request, "order", ORDERS, "weight"),
    )


def _choice(request: HttpRequest, name: str, known: Any, default: str) -> str:
    text = request.GET.get(name, "").strip() or default
    if text not in known:
        message = _("%(name)s: “%(text)s” isn't known; expected one of %(known)s.")
        raise BadRequest(message % {"name": name, "text": text, "known": ", ".join(each for each in known if each)})
    return text


def _owner(text: str, owners: dict[int, str]) -> int | None:
    if not text:
        return None
    if text == NOBODY:
        return 0
    if not _NUMBER.fullmatch(text) or int(text) not in owners:
        message = _("owner: “%(text)s” is nobody of your staff; expected the number of a member of staff, or none.")
        raise BadRequest(message % {"text": text})
    return int(text)


def _customers(request: HttpRequest, served: dict[int, VisibleCustomer]) -> frozenset[int] | None:
    search, asked = search_of(request.GET), request.GET.get("customer", "").strip()
    if not search and not asked:
        return None
    found = list(served.values())
    if asked:
        found = [_of_id(asked, found)]
    return frozenset(each.id for each in matching(found, partner=request.user.partner, text=search))


def _of_id(text: str, served: list[VisibleCustomer]) -> VisibleCustomer:
    try:
        asked = UUID(text)
    except ValueError:
        raise BadRequest(_("customer: “%(text)s” is no customer id; expected a GUID.") % {"text": text}) from None
    found = next((customer for customer in served if customer.customer_id == asked), None)
    if found is None:
        raise unknown_customer()
    return found
