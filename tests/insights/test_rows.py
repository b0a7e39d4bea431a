"""Which rows there are (interfaces.md, "An insight row")."""

import pytest

from customers.models import Family
from tests.insights.world import DAY, World, ago, pick

WORKLOADS = ("any", "EXO", "SPO", "TEAMS", "YAM")


def of(seller: str, *wholes: str, workloads: tuple[str, ...] = WORKLOADS) -> set[tuple[str, str, str]]:
    return {(seller, whole, workload) for whole in wholes for workload in workloads}


def test_customer_without_anything_has_no_rows(world: World) -> None:
    assert world.keys() == set()
    world.activity("zoe", "EXO", DAY)
    world.coverage(None, DAY)
    assert world.keys() == set()


@pytest.mark.parametrize("version", [{}, {"status": "deprovisioned"}, {"is_trial": True}, {"quantity": 0}])
def test_subscription_in_any_status_makes_the_rows_of_its_sku_family_and_all(world: World, version: dict) -> None:
    world.subscription(**version)
    assert world.keys() == of("all", "E3", "o365", "all")


def test_partner_has_rows_of_what_it_sold_itself(world: World) -> None:
    world.subscription(seller=world.us, quantity=3)
    world.subscription(world.sku("EXO", part_number="P1"), seller=world.them, quantity=4)
    world.subscription(world.sku("CRM", family="crm", part_number="CRM1"), quantity=5)
    assert world.keys() == (
        of("all", "E3", "o365")
        | of("all", "P1", workloads=("any", "EXO"))
        | of("all", "CRM1", "crm", workloads=("any", "CRM"))
        | of("all", "all", workloads=(*WORKLOADS, "CRM"))
        | of("us", "E3", "o365", "all")
        | of("them", "P1", "o365", "all", workloads=("any", "EXO"))
    )
    assert [world.row(seller=seller)["sold"] for seller in (None, world.us, world.them)] == [12, 3, 4]
    assert [world.row("EXO", seller=seller)["sold"] for seller in (None, world.us, world.them)] == [7, 3, 4]
    assert [world.row(family=family)["sold"] for family in ("o365", "crm")] == [7, 5]


def test_workload_rows_are_those_of_the_skus_that_have_it(world: World) -> None:
    world.subscription(world.sku("EXO", part_number="P1"), quantity=3)
    world.subscription(quantity=4)
    assert [world.row(workload)["sold"] for workload in ("any", "EXO", "TEAMS")] == [7, 7, 4]


def test_family_switched_off_is_in_no_row(world: World) -> None:
    visio = world.sku("EXO", family="visio", part_number="V1")
    world.period(world.subscription(visio), "ann")
    world.activity("ann", "EXO", ago(1))
    assert world.keys() == set()
    world.subscription()
    assert world.keys() == of("all", "E3", "o365", "all")
    assert pick(world.row("EXO"), "sold assigned active users") == [10, 0, 0, 0]
    Family.objects.filter(key="visio").update(in_insights=True)
    assert world.keys() == of("all", "E3", "o365", "all") | of("all", "V1", "visio", workloads=("any", "EXO"))
    assert pick(world.row("EXO"), "sold assigned active users") == [20, 1, 1, 1]


def test_subscription_that_does_not_exist_yet_is_in_no_row(world: World) -> None:
    world.subscription(effective_on=ago(-1))
    assert world.keys() == set()
    assert world.keys(day=ago(-1)) == of("all", "E3", "o365", "all")


def test_catalogue_as_it_is_now_applies_to_every_day(world: World) -> None:
    world.period(world.subscription(), "ann")
    world.activity("ann", "EXO", ago(40))
    assert world.row("EXO", day=ago(40))["active_current"] == 1
    world.e3.workloads.set([world.workload("TEAMS")])
    assert world.keys(day=ago(40)) == of("all", "E3", "o365", "all", workloads=("any", "TEAMS"))
    assert world.row("any", day=ago(40))["active_current"] == 0


def test_every_row_of_a_family_and_all_is_the_sum_of_its_skus(world: World) -> None:
    plan = world.sku("EXO", "TEAMS", part_number="P1")
    for sku, user in ((world.e3, "ann"), (plan, "bob"), (plan, "ann")):
        for seller in (world.us, None):
            subscription = world.subscription(sku, seller=seller, quantity=3)
            world.period(subscription, user)
    world.activity("ann", "EXO", ago(1))
    world.activity("bob", "TEAMS", ago(2))
    summed = "sold blocked entitlements assigned active_current active_former unassigned overassigned"
    for workload in ("EXO", "TEAMS", "any"):
        parts = [pick(world.row(workload, sku=sku), summed) for sku in (world.e3, plan)]
        total = [sum(values) for values in zip(*parts, strict=True)]
        assert pick(world.row(workload, family="o365"), summed) == total
        assert pick(world.row(workload), summed) == total
