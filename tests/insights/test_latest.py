"""The latest complete day: covered for customers with 90 % of the entitlements."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from customers import models
from customers.clock import today
from insights.selectors.latest import latest_complete_day
from insights.services.rollup import rollup
from partners.tenancy import acting_for
from tests.insights.storing import new_epoch
from tests.insights.world import World, ago

YESTERDAY = timedelta(days=1)


def customer(world: World, quantity: int, **relationship: object) -> models.Customer:
    made = world.a_customer(f"Customer {quantity}")
    world.relationship(world.us, made, **relationship)
    world.subscription(customer=made, seller=world.them, quantity=quantity)
    return made


def latest(world: World) -> date:
    """As the partner's own staff are told."""
    with acting_for(world.us.pk):
        return latest_complete_day(world.us)


def test_without_any_delivery_it_is_yesterday(world: World) -> None:
    customer(world, 10)
    assert latest(world) == today() - YESTERDAY
    assert latest_complete_day(world.them) == today() - YESTERDAY


def test_customers_without_entitlements_complete_nothing(world: World) -> None:
    world.coverage("EXO", ago(3, today()), customer=customer(world, 0))
    assert latest(world) == today() - YESTERDAY


@pytest.mark.parametrize("days", [0, 1, 2, 9, 40, 300])
def test_day_is_found_however_long_ago(world: World, days: int) -> None:
    when = ago(days, today())
    covered = customer(world, 10)
    world.version(models.Subscription.objects.get(customer=covered), effective_on=ago(400, today()), quantity=10)
    models.Relationship.objects.update(valid_from=ago(400, today()))
    world.coverage("EXO", when, customer=covered)
    assert latest(world) == when


@pytest.mark.parametrize(("large", "expected"), [(90, 2), (89, 5)])
def test_ninety_per_cent_of_the_entitlements_must_be_covered(world: World, large: int, expected: int) -> None:
    most, rest = customer(world, large), customer(world, 100 - large)
    world.coverage("EXO", ago(2, today()), ago(5, today()), customer=most)
    world.coverage("EXO", ago(5, today()), customer=rest)
    assert latest(world) == ago(expected, today())


def test_activity_and_every_workload_cover(world: World) -> None:
    first, second = customer(world, 10), customer(world, 10)
    world.activity("ann", "CRM", ago(3, today()), customer=first)
    world.coverage(None, ago(3, today()), customer=second)
    assert latest(world) == ago(3, today())


def test_only_customers_that_are_seen_on_the_day_count(world: World) -> None:
    ours = customer(world, 10)
    customer(world, 1000, status="claimed")
    customer(world, 1000, end=ago(3, today()))
    customer(world, 1000, begin=ago(1, today()))
    world.coverage("EXO", ago(3, today()), ago(1, today()), customer=ours)
    assert latest(world) == ago(3, today())


def test_entitlements_are_those_of_the_day(world: World) -> None:
    growing, steady = customer(world, 1), customer(world, 10)
    world.version(models.Subscription.objects.get(customer=growing), effective_on=ago(2, today()), quantity=1000)
    for day in (1, 4):
        world.coverage("EXO", ago(day, today()), customer=steady)
    assert latest(world) == ago(4, today())


def test_stored_and_computed_figures_give_the_same_day(world: World) -> None:
    most, rest = customer(world, 90), customer(world, 10)
    world.coverage("EXO", ago(2, today()), ago(5, today()), customer=most)
    world.coverage("EXO", ago(5, today()), customer=rest)
    rollup(first=ago(6, today()), last=ago(1, today()))
    assert latest(world) == ago(2, today())
    world.version(models.Subscription.objects.get(customer=most), effective_on=ago(4, today()), quantity=1)
    world.changed(ago(4, today()), customer=most)
    assert latest(world) == ago(5, today())


def test_answer_changes_with_the_facts(world: World) -> None:
    ours = customer(world, 10)
    world.coverage("EXO", ago(3, today()), customer=ours)
    assert latest(world) == ago(3, today())
    world.coverage("EXO", ago(1, today()), customer=ours)
    world.changed(ago(1, today()), customer=ours)
    assert latest(world) == ago(1, today())
    models.Family.objects.update(in_insights=False)
    new_epoch()
    assert latest(world) == today() - YESTERDAY
    models.Family.objects.update(in_insights=True)
    new_epoch()
    models.Relationship.objects.update(valid_to=ago(2, today()))
    assert latest(world) == ago(3, today())
