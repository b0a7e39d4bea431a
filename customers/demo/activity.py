"""Who did what on which day: habits of invented people, drawn so that another today tells the same story shifted."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from customers.demo.calendars import is_weekend, presence
from customers.demo.catalogue import SKUS
from customers.demo.chance import seeded
from customers.demo.licences import DAYS, access, leavers, span, version_on
from customers.demo.specs import FIRST_DAY, Customer

# Share of the people who use a service at all, and how often on a day at work.
HABITS: dict[str, tuple[float, float]] = {
    "EXO": (0.96, 0.92),
    "TEAMS": (0.8, 0.8),
    "SPO": (0.62, 0.45),
    "PROPLUS": (0.75, 0.6),
    "CRM": (0.85, 0.75),
    "YAM": (0.12, 0.15),
    "SFB": (0.03, 0.1),
}
LAST_SIGN_OF_LIFE = -8  # the working day up to which everybody in a `Beyond` has used the service once


@dataclass(frozen=True)
class Office:
    """The customer's calendar: the days of the activity, and the chance to be at work on each."""

    days: list[date]
    open: list[float]


def activity(customer: Customer, *, today: date) -> Iterator[tuple[int, str, date]]:
    """(person, service, day), each once, of one customer; only what was delivered."""
    office = _office(customer, today)
    done = _worked(customer, office)
    for person, service, day in _certain(customer, office):
        done[person, service] = done.get((person, service), 0) | span(day, day + 1)
    for (person, service), bits in sorted(done.items()):
        yield from _delivered(customer, office, person, service, bits)


def delivered(customer: Customer, service: str) -> int:
    """The bits of the days on which that service of the customer was delivered."""
    delivery = customer.delivery
    if service in delivery.without:
        return 0
    missing = span(delivery.missing.start, delivery.missing.stop) if delivery.missing else 0
    return span(delivery.first, delivery.last + 1) & ~missing


def _office(customer: Customer, today: date) -> Office:
    days = [today + timedelta(FIRST_DAY + index) for index in range(DAYS)]
    return Office(days, presence(customer.country, customer.segment, days))


def _worked(customer: Customer, office: Office) -> dict[tuple[int, str], int]:
    done: dict[tuple[int, str], int] = {}
    for person, services in sorted(_reach(customer).items()):
        rng = seeded("habits", customer.code, person)
        at_work = _days_at_work(customer, office, rng)
        for service, allowed in sorted(services.items()):
            done[person, service] = _used(customer, service, rng, at_work & allowed)
    return done


def _reach(customer: Customer) -> dict[int, dict[str, int]]:
    """What people can use: by licence, or without one."""
    reach = access(customer.sales)
    for beyond in customer.beyond:
        for person in beyond.people:
            reach.setdefault(person, {})[beyond.service] = span(FIRST_DAY, None)
    return reach


def _days_at_work(customer: Customer, office: Office, rng: Random) -> int:
    """Bits of the days at work. Every draw is made whatever comes of it: the story doesn't depend on the calendar."""
    diligence = 0.01 if rng.random() < customer.sleepers else rng.uniform(0.6, 0.98)
    bits = 0
    for index, chance in enumerate(office.open):
        if rng.random() < diligence * chance:
            bits |= 1 << index
    return bits


def _used(customer: Customer, service: str, rng: Random, possible: int) -> int:
    share, frequency = HABITS[service]
    uses = rng.random() < share * customer.adoption
    begins = int(rng.random() * DAYS) if rng.random() < customer.growth else 0
    draws = [rng.random() for _ in range(DAYS)] if uses else []
    bits = 0
    for index, draw in enumerate(draws):
        if draw < frequency and index >= begins:
            bits |= 1 << index
    return bits & possible


def _certain(customer: Customer, office: Office) -> Iterator[tuple[int, str, int]]:
    """(person, service, day) that no chance may take away: a leaver's last day, and once for whoever has no licence."""
    for sale in customer.sales:
        for person, until in leavers(sale).items():
            day = _working_day(office, until - 1)
            version = version_on(sale, day)
            if version is not None:
                yield person, SKUS[version.sku].workloads[0], day
    for beyond in customer.beyond:
        for person in beyond.people:
            yield person, beyond.service, _working_day(office, LAST_SIGN_OF_LIFE - person % 10)


def _working_day(office: Office, day: int) -> int:
    while is_weekend(office.days[day - FIRST_DAY]):
        day -= 1
    return day


def _delivered(
    customer: Customer, office: Office, person: int, service: str, bits: int
) -> Iterator[tuple[int, str, date]]:
    told = "ODB" if service == "SPO" and customer.delivery.sites_as_onedrive else service
    bits &= delivered(customer, service)
    for index in range(DAYS):
        if bits >> index & 1:
            yield person, told, office.days[index]
