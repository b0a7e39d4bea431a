"""From a sale to its versions, its periods, and the days on which each person could use each service."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cache

from customers.demo.catalogue import SKUS
from customers.demo.specs import FIRST_DAY, LAST_DAY, Block, Change, Sale
from customers.lifecycle import PeriodState, Status, status_as_of

YEAR = 365
CANCEL_DAYS = 7
DAYS = LAST_DAY - FIRST_DAY + 1
_ANCHOR = date(2000, 1, 1)  # ageing looks at distances only: any day may stand for today


@dataclass(frozen=True)
class Version:
    """One line of subscriptions.csv, its days counted from today."""

    on: int
    sku: str
    status: Status
    quantity: int
    trial: bool
    term_end: int
    auto_renew: bool | None
    cancel_until: int


@dataclass(frozen=True)
class Period:
    """One line of entitlements.csv: from `since` until the day before `until`."""

    person: int
    state: PeriodState
    since: int
    until: int | None


@cache
def versions(sale: Sale) -> tuple[Version, ...]:
    """The versions of a subscription, oldest first, with its yearly renewals."""
    term_end = sale.since + YEAR - 1 if sale.term_end is None else sale.term_end
    first = Version(
        on=sale.since,
        sku=sale.sku,
        status=Status.ACTIVE,
        quantity=sale.quantity,
        trial=sale.trial,
        term_end=term_end,
        auto_renew=sale.auto_renew,
        cancel_until=sale.since + CANCEL_DAYS,
    )
    found = [first]
    for change in sorted((*_renewals(sale), *sale.later), key=lambda change: change.on):
        latest = _changed(found[-1], change)
        found = [*(version for version in found if version.on < change.on), latest]
    return tuple(found)


def _renewals(sale: Sale) -> Iterator[Change]:
    if sale.term_end is not None or not sale.auto_renew:
        return
    for start in range(sale.since + YEAR, 1, YEAR):
        yield Change(start, term_end=start + YEAR - 1)


def _changed(before: Version, change: Change) -> Version:
    given = {name: value for name, value in vars(change).items() if value is not None}
    if "term_end" in given:
        given["cancel_until"] = change.on + CANCEL_DAYS
    return replace(before, **given)


def periods(sale: Sale) -> list[Period]:
    """The periods of a subscription's licences, in the order of its holders; leavers' and newcomers' included."""
    ends = _leaving_days(sale)
    begins = _starting_days(sale)
    blocks = {person: block for block in sale.blocks for person in block.people}
    people = sorted({*sale.holders, *begins})
    return [period for person in people for period in _periods_of(person, begins[person], ends, blocks.get(person))]


def _periods_of(person: int, since: int, ends: dict[int, int], block: Block | None) -> Iterator[Period]:
    until = ends.get(person)
    if block is None:
        yield Period(person, PeriodState.ENTITLED, since, until)
        return
    yield Period(person, PeriodState.ENTITLED, since, block.since)
    yield Period(person, block.state, block.since, until)


def _handover_days(sale: Sale) -> list[int]:
    """The day on which each leaver's licence moves on, spread evenly."""
    if sale.turnover is None:
        return []
    moves = sale.turnover
    steps = max(len(moves.leavers) - 1, 1)
    return [moves.first + (moves.last - moves.first) * step // steps for step in range(len(moves.leavers))]


def leavers(sale: Sale) -> dict[int, int]:
    """Person -> first day without the licence, of those whose licence moved on."""
    return dict(zip(sale.turnover.leavers, _handover_days(sale), strict=True)) if sale.turnover else {}


def _leaving_days(sale: Sale) -> dict[int, int]:
    everybody = {} if sale.ends is None else dict.fromkeys(_starting_days(sale), sale.ends)
    return everybody | leavers(sale)


def _starting_days(sale: Sale) -> dict[int, int]:
    """Person -> first day with the licence."""
    count = max(len(sale.holders), 1)
    days = {person: sale.since + sale.rollout * place // count for place, person in enumerate(sale.holders)}
    newcomers = sale.turnover.newcomers if sale.turnover else range(0)
    return days | dict(zip(newcomers, _handover_days(sale), strict=False))


def access(sales: tuple[Sale, ...]) -> dict[int, dict[str, int]]:
    """Person -> service -> bits of the 120 days (bit 0 the oldest) on which a licence let the person use it."""
    allowed: dict[int, dict[str, int]] = {}
    for sale in sales:
        open_days = _open_days(sale)
        for period in periods(sale):
            if period.state is PeriodState.ENTITLED:
                _allow(allowed.setdefault(period.person, {}), open_days, span(period.since, period.until))
    return allowed


def _allow(services: dict[str, int], open_days: dict[str, int], held: int) -> None:
    for service, days in open_days.items():
        services[service] = services.get(service, 0) | (days & held)


def _open_days(sale: Sale) -> dict[str, int]:
    """Service -> bits of the days on which the subscription worked. In grace it does, as at the vendor; later not."""
    found: dict[str, int] = {}
    for day in range(FIRST_DAY, LAST_DAY + 1):
        version = version_on(sale, day)
        if version is None or status_on(version, day) not in {Status.ACTIVE, Status.GRACE}:
            continue
        for service in SKUS[version.sku].workloads:
            found[service] = found.get(service, 0) | span(day, day + 1)
    return found


def version_on(sale: Sale, day: int) -> Version | None:
    """The version that holds on `day`; none before the first."""
    return next((version for version in reversed(versions(sale)) if version.on <= day), None)


def status_on(version: Version, day: int) -> Status:
    """The status on `day`, aged."""
    return status_as_of(
        stated=version.status, term_end=_date(version.term_end), auto_renew=version.auto_renew, day=_date(day)
    )


def _date(day: int) -> date:
    return _ANCHOR + timedelta(day)


def span(since: int, until: int | None) -> int:
    """The bits of the days from `since` until the day before `until`, as far as they lie in the 120 days."""
    low = min(max(since - FIRST_DAY, 0), DAYS)
    high = DAYS if until is None else min(max(until - FIRST_DAY, 0), DAYS)
    return ((1 << high) - 1) & ~((1 << low) - 1)
