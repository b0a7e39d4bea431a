"""Suggestions as lists: a partner's, cut down and in order; a customer's in short; and which rules were silent."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import F, Q, QuerySet

from insights.models import Silence, StepSettings, Suggestion
from partners.models import Partner

ORDERS = {
    "weight": (F("weight").desc(), F("due_on").asc(nulls_last=True), "pk"),
    "due": (F("due_on").asc(nulls_last=True), F("weight").desc(), "pk"),
    "newest": (F("raised_on").desc(), F("weight").desc(), "pk"),
}
"""By word of an address: the most licences or people first, the next date first, the newest first."""
LIVE = "live"
MOST_SHORT = 5


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which suggestions: empty or None is no matter what."""

    state: str = LIVE
    """One of the states, `live` (open, planned or put off), or `all`."""
    rule: str = ""
    owner: int | None = None
    """Key of who follows it; 0: nobody."""
    customers: frozenset[int] | None = None
    """Keys."""
    order: str = "weight"


def suggestions(user: Any, wanted: Wanted) -> QuerySet[Suggestion]:
    """The suggestions of the person's partner, in their order, with owners; of customers that it serves today."""
    found = Suggestion.objects.visible_to(user).filter(_states(wanted.state)).select_related("owner", "customer")
    if wanted.rule:
        found = found.filter(rule=wanted.rule)
    if wanted.owner is not None:
        found = found.filter(owner=wanted.owner or None)
    if wanted.customers is not None:
        found = found.filter(customer__in=wanted.customers)
    return found.order_by(*ORDERS[wanted.order])


def _states(state: str) -> Q:
    if state == "all":
        return Q()
    return Q(state__in=Suggestion.LIVE) if state == LIVE else Q(state=state)


def of_customer(user: Any, customer: int) -> list[Suggestion]:
    """The live suggestions on a customer (key), the worst first; one more than are shown says that there are more."""
    return list(suggestions(user, Wanted(customers=frozenset({customer})))[: MOST_SHORT + 1])


def silences(user: Any, customer: int) -> list[Silence]:
    """The rules that lacked data of a customer (key) when they last looked."""
    return list(Silence.objects.visible_to(user).filter(customer=customer).order_by("rule", "lack"))


def last_run(partner: Partner) -> date | None:
    """The as-of date on which the rules last looked at the partner's customers."""
    return StepSettings.objects.filter(partner=partner).values_list("last_run", flat=True).first()
