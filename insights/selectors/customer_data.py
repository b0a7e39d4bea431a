"""What has been delivered about a customer: covered days, freshness, by whom; and who used what outside every entitlement."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Exists, OuterRef, Q

from customers.bits.read import delivered, last_covered
from customers.columns import Columns, day_number
from customers.models import ActivityStatement, CoverageStatement, Load, Workload
from customers.selectors.customers import Reach
from customers.selectors.lists import HoldingList, list_that_holds
from customers.selectors.loads import called_loads
from insights.engine.outside import Outside, outside
from insights.window import WINDOW_DAYS, first_day
from partners.models import Partner
from partners.tenancy import counting

MOST_LOADS = 20
_EVERY = 0
Sources = tuple[bool, bool]
"""Whether the partner itself, and whether anybody else, has delivered a day."""


@dataclass(frozen=True, slots=True)
class CoveredWorkload:
    """What was delivered of one workload in the window."""

    code: str
    name: str
    days: list[Sources]
    """One for each day of the window, the first first."""
    last_covered: date | None
    """As far back as the partner has served the customer."""
    people_outside: int | None
    """People with activity outside every entitlement; None: such use counts as use beyond the licence."""
    is_held: bool
    """Whether a subscription has the workload."""

    @property
    def covered_days(self) -> int:
        """`covered_days` of the customer's workload row."""
        return sum(own or other for own, other in self.days)


@dataclass(frozen=True, slots=True)
class CustomerData:
    """The window's days, its workloads by name, and how many people used any of them outside every entitlement."""

    days: list[date]
    workloads: list[CoveredWorkload]
    people_outside: int
    listed: HoldingList | None
    """From which lists it is known who holds what; None: from none."""


@dataclass(frozen=True, slots=True)
class OwnDelivery:
    """A load of one's own that said something of the customer's activity or coverage, in the last 90 days."""

    called: str
    at: datetime
    files: list[str]


def customer_data(*, partner: Partner, reach: Reach, day: date) -> CustomerData:
    """Coverage of a customer in the window that ends on `day`, for whoever works at `partner`.

    Of the workloads that a subscription has, of those with activity, and of those that can be used without a licence.
    """
    known = {workload.pk: workload for workload in Workload.objects.all()}
    first, customer = first_day(day), reach.customer.id
    with counting():
        found = outside(customer=customer, day=day, workloads=sorted(known))
        covered = delivered(customer=customer, source=partner.pk, first=first, last=day)
        shown = sorted(found.held | found.used | found.counted, key=lambda key: known[key].name.casefold())
        days = [first + timedelta(days=number) for number in range(WINDOW_DAYS)]
        by_day = _by_workload(covered)
        window = {key: [_sources(by_day, key, day_number(on)) for on in days] for key in shown}
        latest = {key: _latest(days, sources) for key, sources in window.items()}
        unknown = [key for key in shown if latest[key] is None]
        latest |= _earlier(reach, unknown, first)
        listed = list_that_holds(customer=customer, day=day)
    rows = [_row(known[key], window[key], latest[key], found) for key in shown]
    return CustomerData(days=days, workloads=rows, people_outside=found.everybody, listed=listed)


def _latest(days: list[date], sources: list[Sources]) -> date | None:
    """The last day of the window that anybody delivered: looking back beyond it takes longer, and is seldom needed."""
    return max((on for on, said in zip(days, sources, strict=True) if any(said)), default=None)


def _earlier(reach: Reach, workloads: list[int], last: date) -> dict[int, date | None]:
    """By workload the last covered day up to `last` that a page of the partner's could show.

    Such are the days of the windows of those days that its relationships cover.
    """
    found: dict[int, date | None] = dict.fromkeys(workloads)
    for served in sorted(reach.relationships, key=lambda one: one.since, reverse=True):
        ends = last if served.until is None else min(last, served.until - timedelta(days=1))
        wanted = [workload for workload, on in found.items() if on is None]
        if wanted:
            covered = last_covered(customer=served.id, workloads=wanted, last=ends)
            found |= {key: on for key, on in covered.items() if on is not None and on >= first_day(served.since)}
    return found


def _by_workload(covered: Columns) -> dict[tuple[int, int], Sources]:
    columns = (covered[name].tolist() for name in ("workload", "day", "own", "other"))
    return {(workload, day): (own, other) for workload, day, own, other in zip(*columns, strict=True)}


def _row(workload: Workload, days: list[Sources], last: date | None, found: Outside) -> CoveredWorkload:
    return CoveredWorkload(
        code=workload.code,
        name=workload.name,
        days=days,
        last_covered=last,
        people_outside=found.people.get(workload.pk),
        is_held=workload.pk in found.held,
    )


def _sources(by_day: dict[tuple[int, int], Sources], workload: int, day: int) -> Sources:
    """Said of the workload, or of every one."""
    said = [by_day.get((key, day), (False, False)) for key in (workload, _EVERY)]
    return any(own for own, _other in said), any(other for _own, other in said)


def own_deliveries(*, user: Any, customer: int) -> list[OwnDelivery]:
    """The latest loads of the person's partner about the customer (key), newest first. Three queries at most."""
    said = [
        Exists(statements.objects.filter(load=OuterRef("pk"), customer=customer))
        for statements in (ActivityStatement, CoverageStatement)
    ]
    loads = Load.objects.visible_to(user).filter(Q(said[0]) | Q(said[1])).order_by("-started_at", "-pk")
    shown = list(loads.prefetch_related("files")[:MOST_LOADS])
    names = called_loads(shown, user=user)
    return [
        OwnDelivery(names[load.pk], load.started_at, sorted(file.name for file in load.files.all())) for load in shown
    ]
