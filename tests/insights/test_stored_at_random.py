"""Days stored in any order, while facts change: whatever is fresh equals the computation, after each step."""

import random
from datetime import date, timedelta

import pytest

from customers.models import Customer
from insights.services.rollup import rollup
from tests.insights.storing import Row, computed, fresh, new_epoch, overlaps, shown, stored
from tests.insights.world import DAY, World, ago

DAYS = [ago(number) for number in range(8, -1, -1)]
USERS = ("ann", "bob", "cat")
WINDOW = timedelta(days=27)


class Life:
    """Random changes of facts, each with its stale days, as a load would state them."""

    def __init__(self, world: World, seed: int) -> None:
        self.world, self.dice = world, random.Random(seed)
        self.customers = [world.customer, world.a_customer()]
        self.subscriptions = [
            world.subscription(customer=customer, seller=seller)
            for customer in self.customers
            for seller in (world.us, None)
        ]
        self.held: set[tuple[int, str]] = set()
        self.computed: dict[date, list[Row]] = {}

    def step(self) -> None:
        changes = (self.activity, self.coverage, self.period, self.version, self.catalogue)
        if self.dice.random() < 0.4:
            self.computed.clear()
            self.dice.choice(changes)()
        else:
            first = self.dice.choice(DAYS)
            last = min(first + timedelta(days=self.dice.choice((0, 0, 0, 2))), DAY)
            rollup(first=first, last=last, customers=[c.pk for c in self.some(self.customers)])

    def some(self, customers: list[Customer]) -> list[Customer]:
        return self.dice.choice([customers[:1], customers[1:], customers])

    def activity(self) -> None:
        customer, day = self.dice.choice(self.customers), self.dice.choice(DAYS)
        self.world.activity(self.dice.choice(USERS), self.dice.choice(("EXO", "YAM")), day, customer=customer)
        self.world.changed(day, day + WINDOW, customer=customer)

    def coverage(self) -> None:
        customer, day = (
            self.dice.choice(self.customers),
            self.dice.choice(DAYS) - self.dice.choice((timedelta(0), WINDOW)),
        )
        self.world.coverage(self.dice.choice(("TEAMS", None)), day, customer=customer)
        self.world.changed(day, day + WINDOW, customer=customer)

    def period(self) -> None:
        subscription, user, day = self.dice.choice(self.subscriptions), self.dice.choice(USERS), self.dice.choice(DAYS)
        if (subscription.pk, user) not in self.held:
            self.held.add((subscription.pk, user))
            end = day + timedelta(days=self.dice.choice((1, 3)))
            self.world.period(subscription, user, day, self.dice.choice((None, end)))
            self.world.changed(day, customer=subscription.customer)

    def version(self) -> None:
        subscription, day = self.dice.choice(self.subscriptions), self.dice.choice(DAYS)
        if not subscription.versions.filter(effective_on=day).exists():
            status = self.dice.choice(("active", "grace"))
            self.world.version(subscription, effective_on=day, status=status, quantity=self.dice.randrange(9))
            self.world.changed(day, customer=subscription.customer)

    def catalogue(self) -> None:
        workload = self.world.workload("CRM")
        (self.world.e3.workloads.remove if self.dice.random() < 0.5 else self.world.e3.workloads.add)(workload)
        new_epoch()

    def check(self) -> int:
        """How many days of customers are fresh; each of them, and whatever is shown, is what is computed now."""
        number = 0
        for day in DAYS:
            right = self.computed.setdefault(day, computed(self.customers, day))
            state = fresh(self.customers, day)
            certain = [customer for customer, is_fresh in zip(self.customers, state, strict=True) if is_fresh]
            keys = {customer.pk for customer in certain}
            assert stored(certain, day) == [row for row in right if row[0] in keys]
            number += len(certain)
        day = self.dice.choice(DAYS)
        assert shown(self.customers, day) == self.computed[day]
        assert overlaps() == 0
        return number


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_whatever_is_fresh_equals_the_computation(world: World, seed: int) -> None:
    life, seen = Life(world, seed), set()
    for _ in range(40):
        life.step()
        seen.add(life.check())
    rollup(first=DAYS[0], last=DAYS[-1])
    assert life.check() == 2 * len(DAYS)
    assert len(seen) > 5
