"""A month of daily lists gives the figures of the same facts stated by entitlements.csv, whatever the order of the lists."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from uuid import UUID

import pytest

from customers.models import Customer, EntitlementPeriod
from insights.engine.compute import figures
from tests.customers.feed.conftest import ALPHA, Feeds
from tests.customers.feed.importing import imported

FIRST = date(2026, 10, 1)
MONTH = [FIRST + timedelta(days=number) for number in range(31)]
SKUS = [str(UUID(int=0xE0 + number)) for number in range(2)]
CUSTOMERS = 6
Held = dict[tuple[int, int, int], list[date]]
"""By number of customer, person and SKU the days."""


def tenant(kind: int, number: int) -> str:
    """The id of a customer: kind 0 is stated by feed, kind 1 by lists."""
    return str(UUID(int=0xC0000 + kind * 0x1000 + number))


def generated(chance: random.Random) -> Held:
    """Who holds what on which days of the month: stretches that begin and end at any time."""
    held: Held = {}
    for customer in range(CUSTOMERS):
        for person in range(chance.randint(1, 9)):
            for sku in range(2):
                turns = sorted(chance.sample(range(40), 4))
                held[customer, person, sku] = [
                    day
                    for place, day in enumerate(MONTH)
                    if turns[0] <= place < turns[1] or turns[2] <= place < turns[3]
                ]
    return held


def stretches(days: list[date]) -> Iterator[tuple[date, date | None]]:
    """First day, and first day after if that is in the month."""
    for day in days:
        if day - timedelta(days=1) not in days:
            past = next(after for after in (day + timedelta(days=number) for number in range(40)) if after not in days)
            yield day, past if past in MONTH else None


def world(held: Held, chance: random.Random) -> dict[str, str]:
    """What both kinds of customers have in common, and the periods of the first."""
    pairs = [(kind, number) for kind in range(2) for number in range(CUSTOMERS)]
    sold = {(number, sku): chance.randint(1, 9) for number in range(CUSTOMERS) for sku in range(2)}
    used = [key for key in held if chance.random() < 0.7]
    lines = {
        "partners.csv": ["partner_id,name,slug", f"{ALPHA},Alpha,alpha"],
        "customers.csv": ["customer_id,name,domain,country", *(f"{tenant(*pair)},Name,x.example,SE" for pair in pairs)],
        "skus.csv": [
            "sku_id,part_number,name,family,workloads",
            f"{SKUS[0]},E3,E3,o365,EXO;SPO;YAM",
            f"{SKUS[1]},E1,E1,o365,EXO",
        ],
        "subscriptions.csv": [
            "subscription_id,effective_on,customer_id,seller,sku_id,status,quantity,is_trial",
            *(
                f"S{kind}-{number}-{sku},2026-01-01,{tenant(kind, number)},{ALPHA},{SKUS[sku]},active,{quantity},false"
                for (number, sku), quantity in sold.items()
                for kind in range(2)
            ),
        ],
        "entitlements.csv": [
            "subscription_id,user_id,from,to,state",
            *(
                f"S0-{number}-{sku},user{person},{first},{past or ''},entitled"
                for (number, person, sku), days in held.items()
                for first, past in stretches(days)
            ),
        ],
        "activity.csv": [
            "customer_id,user_id,service,day",
            *(
                f"{tenant(kind, number)},user{person},{service},{day}"
                for number, person, _sku in used
                for service, day in [(chance.choice(["EXO", "SPO", "YAM"]), chance.choice(MONTH))]
                for kind in range(2)
            ),
        ],
    }
    return {name: "\n".join(rows) + "\n" for name, rows in lines.items()}


def lists(held: Held, days: list[date]) -> dict[str, str]:
    """The lists of some days of all customers of the second kind."""
    seen = [f"{tenant(1, number)},{day},directory" for day in days for number in range(CUSTOMERS)]
    holders = [
        f"{tenant(1, number)},{day},directory,user{person},{SKUS[sku]}"
        for (number, person, sku), on in held.items()
        for day in days
        if day in on
    ]
    return {
        "lists.csv": "\n".join(["customer_id,day,source", *seen]) + "\n",
        "holders.csv": "\n".join(["customer_id,day,source,user_id,sku_id", *holders]) + "\n",
    }


def rows(kind: int, number: int, day: date) -> list[tuple[int, ...]]:
    """The figures of a customer, without its key."""
    key = Customer.objects.get(tenant_id=tenant(kind, number)).pk
    found = figures(customers=[key], day=day)
    return [row.tolist()[1:] for row in found]


@pytest.mark.django_db
def test_figures_of_lists_are_those_of_stated_periods(tmp_path: Path) -> None:
    chance = random.Random(17)
    held = generated(chance)
    report = Feeds(tmp_path).load(world(held, chance))
    assert not report.refused, list(report.lines())
    late = MONTH.copy()
    chance.shuffle(late)
    for part in range(4):
        imported(lists(held, late[part::4]))
    assert set(EntitlementPeriod.objects.values_list("subscription__key", flat=True)) > {"s0-0-0", "s1-0-0"}
    days = [*MONTH[::3], MONTH[-1] + timedelta(days=9)]
    for number in range(CUSTOMERS):
        for day in days:
            stated = rows(0, number, day)
            assert rows(1, number, day) == stated
            assert stated
