"""What stands on a customer's overview: its figures, and what the partner itself knows of it, in short."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Avg, Count, Max, Q

from customers.bits.read import covered_days
from customers.columns import day_of
from customers.lifecycle import Status
from customers.models import Contact, SatisfactionResponse, SupportCase, Workload
from customers.selectors.subscriptions import OwnSubscription, own_subscriptions
from insights.engine.rows import ALL
from insights.grain import By, Grain
from insights.selectors.customer_list import Figures, figures_of_row
from insights.selectors.figures import figures_of_grain
from insights.window import first_day
from partners.models import Partner
from partners.tenancy import counting

SATISFACTION_DAYS = 365
"""So far back a customer's satisfaction is asked for."""
FEWEST_ANSWERS = 5
"""A mean of fewer answers would tell who said what."""


@dataclass(frozen=True, slots=True)
class OwnShort:
    """One's own subscriptions in short."""

    number: int
    by_status: list[tuple[Status, int]]
    next_end: OwnSubscription | None
    """Of those that are active the one whose term ends first, on the as-of date or later."""


@dataclass(frozen=True, slots=True)
class ServiceShort:
    """Support cases and satisfaction that the partner delivered, in short."""

    open_cases: int
    window_cases: int
    """Opened in the window."""
    by_kind: list[tuple[str, int]]
    """Kinds (by what they are called) of the cases opened in the window, with their numbers; those without left out."""
    responses: int
    """In the year up to the as-of date."""
    mean_score: float | None
    """None: fewer than `FEWEST_ANSWERS`."""
    last_response: date | None


@dataclass(frozen=True, slots=True)
class WorkloadFigures:
    """The row of one workload over all families."""

    name: str
    figures: Figures


@dataclass(frozen=True, slots=True)
class Headline:
    """The figures over everything, and those of each workload."""

    figures: Figures | None
    workloads: list[WorkloadFigures]


def headline(*, customer: int, day: date, left_out: frozenset[int] = frozenset()) -> Headline:
    """The rows over all families of a customer (key) as of `day`, without SKUs that are `left_out` (keys).

    Workloads by name.
    """
    rows = figures_of_grain(customers=[customer], day=day, seller=ALL, grain=Grain(By.ALL), left_out=left_out)
    by_workload = {int(row["workload"]): figures_of_row(row) for row in rows}
    names = dict(Workload.objects.filter(pk__in=by_workload).values_list("pk", "name"))
    workloads = [WorkloadFigures(names[key], figures) for key, figures in by_workload.items() if key in names]
    return Headline(by_workload.get(ALL), sorted(workloads, key=lambda row: row.name.casefold()))


def own_in_short(*, user: Any, customer: int, day: date) -> OwnShort:
    """The person's partner's own subscriptions of a customer (key) as of `day`."""
    rows = own_subscriptions(user=user, customer=customer, day=day, with_holders=False)
    statuses = Counter(row.status for row in rows)
    ending = [row for row in rows if row.status is Status.ACTIVE and _ends(row, day)]
    return OwnShort(
        number=len(rows),
        by_status=[(status, statuses[status]) for status in Status if statuses[status]],
        next_end=min(ending, key=lambda row: row.version.term_end, default=None),
    )


def _ends(row: OwnSubscription, day: date) -> bool:
    return row.version.term_end is not None and row.version.term_end >= day


def contacts_of(*, partner: Partner, customer: int) -> list[Contact]:
    """The partner's contacts at a customer (key), by name."""
    contacts = Contact.objects.filter(account__partner=partner, account__customer=customer)
    return sorted(contacts, key=lambda contact: (contact.name.casefold(), contact.pk))


def service_in_short(*, user: Any, customer: int, day: date) -> ServiceShort:
    """What the person's partner delivered about a customer (key), as of `day`."""
    opened = Q(opened_on__lte=day)
    in_window = opened & Q(opened_on__gte=first_day(day))
    cases = SupportCase.objects.visible_to(user).filter(customer=customer)
    counted = cases.aggregate(
        open=Count("pk", filter=opened & (Q(closed_on__isnull=True) | Q(closed_on__gt=day))),
        **{kind.value: Count("pk", filter=in_window & Q(kind=kind)) for kind in SupportCase.Kind},
    )
    by_kind = [(str(kind.label), counted[kind.value]) for kind in SupportCase.Kind if counted[kind.value]]
    since = date.fromordinal(max(day.toordinal() - SATISFACTION_DAYS + 1, 1))
    responses = SatisfactionResponse.objects.visible_to(user).filter(customer=customer)
    heard = responses.filter(responded_on__range=(since, day)).aggregate(
        number=Count("pk"), mean=Avg("score"), last=Max("responded_on")
    )
    mean = float(heard["mean"]) if heard["number"] >= FEWEST_ANSWERS else None
    opened_now = sum(number for _kind, number in by_kind)
    return ServiceShort(counted["open"], opened_now, by_kind, heard["number"], mean, heard["last"])


def last_covered_day(*, customer: int, day: date) -> date | None:
    """The last day of the window on which anything of the customer (key) has been delivered; None: nothing was."""
    with counting():
        covered = covered_days(customers=[customer], first=first_day(day), last=day)
    return day_of(int(covered["day"].max())) if len(covered["day"]) else None
