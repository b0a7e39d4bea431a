"""Facts of an installation of its own, and whether its stored figures are right; run by `test_nightly_faults.py`."""

from __future__ import annotations

import sys
from datetime import UTC, date, datetime, timedelta

DAYS = 40
CUSTOMERS = 30


def days() -> list[date]:
    yesterday = datetime.now(UTC).date() - timedelta(days=1)
    return [yesterday - timedelta(days=number) for number in range(DAYS)]


def fill() -> None:
    """Customers whose figures differ from day to day; only those of the first day are stored."""
    from insights.services.rollup import rollup
    from tests.insights.world import World

    world = World()
    for number in range(CUSTOMERS):
        customer = world.a_customer(f"Customer {number}")
        subscription = world.subscription(customer=customer, effective_on=days()[-1])
        for user in ("ann", "bob", "cat"):
            world.period(subscription, user, days()[number])
        world.activity("ann", "EXO", days()[number], customer=customer)
        world.activity("zoe", "YAM", days()[number // 2], customer=customer)
    rollup(first=days()[-1], last=days()[-1])


def check() -> None:
    """Ends with status 1 unless every day of every customer is fresh, and what is computed now."""
    from customers.models import Customer
    from tests.insights.storing import computed, fresh, stored

    customers = list(Customer.objects.order_by("pk"))
    wrong = [
        day for day in days() if not all(fresh(customers, day)) or stored(customers, day) != computed(customers, day)
    ]
    sys.exit(f"{len(customers)} customers, wrong: {wrong}" if wrong or len(customers) != CUSTOMERS + 1 else 0)


if __name__ == "__main__":
    import django

    from config.start import start_servers

    start_servers()
    django.setup()

    from partners.tenancy import operating

    with operating():
        {"fill": fill, "check": check}[sys.argv[1]]()
